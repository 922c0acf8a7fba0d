import Dispatch
import Foundation

/// Every finding of every unit under one policy, year and day, alone and with its subtree.
///
/// A value: `var plan = cube; plan.follow(columnsWithPlannedEntries)` judges a plan by the same engine and leaves the
/// year's figures alone. Reading a unit takes microseconds; following new entries touches only the people they belong to.
package struct Cube: Sendable {
    package private(set) var columns: Columns
    package private(set) var roster: Roster
    var assessment: Assessment
    /// Per position, with its subtree, the slots of the assessment: heads of each group, and for each line its sum and
    /// what it lacks. What a unit has of its own is what its children leave over.
    private var subtree: [Int64]
    private let width: Int

    package var policy: Policy { assessment.policy }
    package var year: Int { assessment.year }
    package var day: Int32 { assessment.day }

    /// Computes all findings as of `day`, normally `policy.referenceDay(year:today:)`.
    ///
    /// A roster of the same columns and day is taken over where the caller keeps one.
    package init(_ policy: Policy, year: Int, day: Int32, columns: Columns, roster: Roster? = nil) {
        self.columns = columns
        // A roster of another day, or older than the columns, is none.
        let roster = roster.flatMap { $0.day == day && $0.unit.count >= columns.peopleCount ? $0 : nil } ?? Roster(columns, day: day)
        self.roster = roster
        assessment = Assessment(policy, year: year, day: day, columns: columns, tree: roster.tree)
        width = assessment.slotCount
        subtree = []
        compute()
    }

    // MARK: Computing

    /// Two passes: primary posts unit by unit, so that each thread owns the sums it writes and they stay in its cache;
    /// then the few terms of office, which may stand in any unit.
    private mutating func compute() {
        let units = roster.tree.count, width = self.width
        let people = columns.peopleCount
        let (columns, roster, assessment) = (self.columns, self.roster, self.assessment)
        let lens = assessment.lens, order = roster.order
        let parts = max(1, min(ProcessInfo.processInfo.activeProcessorCount * 4, people / 4096))
        // The unit where each part begins: about as many people in each.
        var bounds = [Int](repeating: units, count: parts + 1), at = 0
        for part in 0..<parts {
            while at < units, Int(order.starts[at]) < order.people.count * part / parts { at += 1 }
            bounds[part] = part == 0 ? 0 : at
        }
        var own = [Int64](repeating: 0, count: units * width)
        let clocks = (0..<parts).map { _ in ClockTells() }
        own.withUnsafeMutableBufferPointer { buffer in
            // Each part writes the rows of its own units only.
            guard let base = buffer.baseAddress else { return }
            nonisolated(unsafe) let cells = base
            let starts = bounds
            DispatchQueue.concurrentPerform(iterations: parts) { part in
                let sums = Slab<Int64>(count: 32, repeating: 0)
                for unit in starts[part]..<max(starts[part], starts[part + 1]) {
                    let row = cells + unit * width
                    for index in Int(order.starts[unit])..<Int(order.starts[unit + 1]) {
                        let person = Int(order.people[index])
                        lens.countHead(
                            unit: Int32(truncatingIfNeeded: unit), what: roster.what[person], columns.baseRows(of: person),
                            since: columns.rowsSince(of: person), sums.base) { _, slot, value in row[slot] += value }
                    }
                }
                guard lens.clockGroups != 0 else { return }
                for person in people * part / parts..<people * (part + 1) / parts {
                    assessment.countClocks(person, columns, roster, lens, sums.base) { clocks[part].tells.append(($0, $1, $2)) }
                }
            }
        }
        for part in clocks { for (unit, slot, value) in part.tells { own[unit * width + slot] += value } }
        own.withUnsafeMutableBufferPointer { sums in
            for unit in stride(from: units - 1, through: 0, by: -1) {
                let parent = Int(roster.tree.parent[unit])
                guard parent >= 0 else { continue }
                for slot in 0..<width { sums[parent * width + slot] += sums[unit * width + slot] }
            }
        }
        subtree = own
    }

    /// What one part tells of terms of office; unchecked because one thread writes it, and it is read after all have ended.
    private final class ClockTells: @unchecked Sendable {
        var tells: [(unit: Int, slot: Int, value: Int64)] = []
    }

    /// Takes over later columns: subtracts what the changed people counted and adds what they count now, up to the root.
    ///
    /// `people` are all those whose entries or appointments differ from the cube's columns. A new organisation
    /// chart computes the cube anew.
    package mutating func follow(_ later: Columns, people: some Sequence<Int32>) {
        guard later.chart == columns.chart else {
            self = Cube(policy, year: year, day: day, columns: later)
            return
        }
        let sums = Slab<Int64>(count: 32, repeating: 0)
        let changed = Set(people)
        for person in changed where person < columns.peopleCount { add(Int(person), times: -1, sums.base) }
        columns = later
        assessment.extend(later, roster.tree)
        for person in changed {
            roster.place(Int(person), later)
            add(Int(person), times: 1, sums.base)
        }
    }

    private mutating func add(_ person: Int, times: Int64, _ sums: UnsafeMutablePointer<Int64>) {
        var changes: [(unit: Int, slot: Int, value: Int64)] = []
        assessment.count(person, columns, roster, assessment.lens, sums) { changes.append(($0, $1, $2 * times)) }
        for change in changes {
            var unit = change.unit
            while unit >= 0 {
                subtree[unit * width + change.slot] += change.value
                unit = Int(roster.tree.parent[unit])
            }
        }
    }

    // MARK: Findings

    /// A unit's findings in the order of the policy; `unit` is an organisation index of the columns.
    package func findings(unit: Int32, subtree isSubtree: Bool) -> [Finding] {
        let cells = cells(unit, subtree: isSubtree)
        return policy.lines.indices.map { finding($0, cells, displayed: true) }
    }

    /// One line of a unit. Whoever only counts or draws many of them leaves out the text of `display`.
    package func finding(_ index: Int, unit: Int32, subtree isSubtree: Bool, displayed: Bool = true) -> Finding {
        finding(index, cells(unit, subtree: isSubtree), displayed: displayed)
    }

    /// Heads of a group of the policy in a unit.
    package func heads(group: Int, unit: Int32, subtree isSubtree: Bool) -> Int64 {
        let cells = cells(unit, subtree: isSubtree)
        return cells[cells.startIndex + assessment.headSlots[group]]
    }

    /// The slots of a unit.
    private func cells(_ unit: Int32, subtree isSubtree: Bool) -> ArraySlice<Int64> {
        let tree = roster.tree, here = Int(tree.position[Int(unit)])
        let whole = subtree[here * width..<(here + 1) * width]
        guard !isSubtree, Int(tree.end[here]) > here + 1 else { return whole }
        var own = Array(whole), child = here + 1
        while child < Int(tree.end[here]) {
            for slot in 0..<width { own[slot] -= subtree[child * width + slot] }
            child = Int(tree.end[child])
        }
        return own[...]
    }

    private func finding(_ index: Int, _ cells: ArraySlice<Int64>, displayed: Bool) -> Finding {
        let here = cells.startIndex
        let line = assessment.lines[index], text = policy.lines[index]
        func heads(_ group: Int) -> Int64 { cells[here + assessment.headSlots[group]] }
        let sum = cells[here + line.slot], lacking = cells[here + line.slot + 1], count = heads(line.group)
        var had = Ratio(sum, count), needed = line.needed, people: Int64 = lacking
        if line.shape == .total { had = Ratio(sum, 1) }
        if case .headcountTimes(let id) = text.needed, let means = policy.rule(id) {
            needed = Ratio(means.lines.reduce(0) { $0 + heads(assessment.lines[$1].group) * (assessment.lines[$1].needed?.numerator ?? 0) }, 1)
            people = means.lines.reduce(0) { $0 + cells[here + assessment.lines[$1].slot + 1] }
        }
        var verdict: Verdict?, shortfall: Finding.Shortfall?
        if let needed {
            let left = had.numerator * needed.denominator, right = needed.numerator * had.denominator
            if count == 0 {
                verdict = .notApplicable
            } else if text.isAtLeast ? left >= right : left <= right {
                verdict = .met
            } else {
                verdict = assessment.mayStillBeMet(index) ? .pending : .unmet
                if text.isAtLeast, line.shape == .share {
                    let wanted = (right + needed.denominator - 1) / needed.denominator
                    shortfall = Finding.Shortfall(hours: lacking, people: wanted - sum)
                } else if text.isAtLeast {
                    shortfall = Finding.Shortfall(hours: right - left, people: people)
                }
            }
        }
        let missed = verdict == .unmet || verdict == .pending
        return Finding(
            line: index, rule: policy.rules[text.rule].id, category: text.category, had: had, needed: needed,
            unit: line.shape == .share ? .persons : .hours, verdict: verdict, clause: line.clause, shortfall: shortfall,
            display: displayed ? display(had, policy.rules[text.rule].display, missing: missed && text.isAtLeast ? needed : nil) : "")
    }

    private func display(_ had: Ratio, _ form: Policy.Display, missing: Ratio?) -> String {
        switch form {
        case .meanHours: Figure.meanHours(had, missing: missing)
        case .hours: Figure.hours(had.numerator)
        case .rate: had.denominator == 0 ? "" : Figure.percent(had, missing: missing) + " %"
        case .persons: had.denominator == 0 ? "" : String(had.numerator)
        }
    }
}

extension Assessment {
    /// Whether what is missing may still come: the period of the line's facts has not ended (reading 9).
    /// A line of anniversaries judges only what is over.
    func mayStillBeMet(_ index: Int) -> Bool {
        let line = lines[index]
        if clockGroups & (1 << UInt64(truncatingIfNeeded: line.group)) != 0 { return false }
        return day < deadline(index)
    }

    /// The last day on which training can count for a line: the year's, or the period's where a fact runs over it.
    func deadline(_ index: Int) -> Int32 {
        let line = lines[index]
        let facts = line.shape == .share ? line.tests.map { tests[$0].fact } : [line.fact]
        return facts.contains { policy.facts[$0].window == .period } ? policy.periodEnd : yearEnd
    }
}
