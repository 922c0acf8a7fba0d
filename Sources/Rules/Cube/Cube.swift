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
    /// Per position and kind of staff, how many distinct people fill posts there.
    private var staff: [Int32] = []
    /// By how many records each training is known.
    private(set) var trainings: [Tally.Training: Int32] = [:]
    /// Of each vacancy rule, by organisation, when its post was filled.
    private(set) var spans: [[Int32: [Tally.Span]]] = []

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
    /// then what people count elsewhere, which may stand in any unit.
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
        let tallies = (0..<parts).map { _ in PartTally() }
        own.withUnsafeMutableBufferPointer { buffer in
            // Each part writes the rows of its own units only.
            guard let base = buffer.baseAddress else { return }
            nonisolated(unsafe) let cells = base
            let starts = bounds
            DispatchQueue.concurrentPerform(iterations: parts) { part in
                let sums = Slab<Int64>(count: 32, repeating: 0)
                if lens.personGroups != 0 {
                    for unit in starts[part]..<max(starts[part], starts[part + 1]) {
                        let row = cells + unit * width
                        for index in Int(order.starts[unit])..<Int(order.starts[unit + 1]) {
                            let person = Int(order.people[index])
                            lens.countHead(
                                unit: Int32(truncatingIfNeeded: unit), what: roster.what[person], columns.baseRows(of: person),
                                since: columns.rowsSince(of: person), sums.base) { _, slot, value in row[slot] += value }
                        }
                    }
                }
                guard assessment.hasTallies else { return }
                for person in people * part / parts..<people * (part + 1) / parts {
                    assessment.tally(person, columns, roster.tree, lens, sums.base, into: &tallies[part].tally)
                }
            }
        }
        staff = [Int32](repeating: 0, count: units * assessment.beyond.staff.count)
        trainings = [:]
        spans = assessment.beyond.vacancies.map { _ in [:] }
        for tally in tallies.map(\.tally) {
            for (place, value) in tally.cells { own[place] += value }
            take(tally, times: 1)
        }
        for training in trainings.keys { own[training.host * width + assessment.lines[training.line].slot] += 1 }
        subtree = own
        handUp(assessment.isKept.indices.filter { !assessment.isKept[$0] })
        judgeUnits()
    }

    /// Unchecked because one thread writes it, and it is read after all have ended.
    private final class PartTally: @unchecked Sendable {
        var tally = Tally()
    }

    /// Adds the sums of every unit to those above it.
    private mutating func handUp(_ slots: [Int]) {
        let (tree, width) = (roster.tree, self.width), isWhole = slots.count == width
        subtree.withUnsafeMutableBufferPointer { sums in
            for unit in stride(from: tree.count - 1, through: 0, by: -1) {
                let parent = Int(tree.parent[unit])
                guard parent >= 0 else { continue }
                if isWhole {
                    for slot in 0..<width { sums[parent * width + slot] += sums[unit * width + slot] }
                } else {
                    for slot in slots { sums[parent * width + slot] += sums[unit * width + slot] }
                }
            }
        }
    }

    /// Takes over posts, trainings and spans of a tally, or takes them away; returns the trainings that came or went.
    @discardableResult
    private mutating func take(_ tally: Tally, times: Int32) -> [(Tally.Training, Int64)] {
        for place in tally.staff { staff[place] += times }
        var changes: [(Tally.Training, Int64)] = []
        for (training, records) in tally.trainings {
            let before = trainings[training] ?? 0, after = before + records * times
            trainings[training] = after > 0 ? after : nil
            if (before > 0) != (after > 0) { changes.append((training, after > 0 ? 1 : -1)) }
        }
        for span in tally.spans {
            if times > 0 {
                spans[span.rule][span.organization, default: []].append(span)
            } else if let index = spans[span.rule][span.organization]?.firstIndex(of: span) {
                spans[span.rule][span.organization]?.remove(at: index)
            }
        }
        return changes
    }

    /// Takes over later columns: subtracts what the changed people counted and adds what they count now, up to the root.
    ///
    /// `people` are all those whose entries, appointments or holdings differ from the cube's columns. A new organisation
    /// chart computes the cube anew.
    package mutating func follow(_ later: Columns, people: some Sequence<Int32>) {
        guard later.chart == columns.chart else {
            self = Cube(policy, year: year, day: day, columns: later)
            return
        }
        let sums = Slab<Int64>(count: 32, repeating: 0)
        let changed = Set(people)
        var movesPosts = false
        for person in changed where person < columns.peopleCount { movesPosts = add(Int(person), times: -1, sums.base) || movesPosts }
        columns = later
        assessment.extend(later, roster.tree)
        for person in changed {
            roster.place(Int(person), later)
            movesPosts = add(Int(person), times: 1, sums.base) || movesPosts
        }
        if movesPosts { judgeUnits() }
    }

    /// Adds what a person counts up to the root; returns whether posts of units or vacancies may have changed.
    private mutating func add(_ person: Int, times: Int64, _ sums: UnsafeMutablePointer<Int64>) -> Bool {
        var changes: [(unit: Int, slot: Int, value: Int64)] = []
        let lens = assessment.lens, unit = roster.unit[person]
        if unit >= 0 {
            lens.countHead(unit: unit, what: roster.what[person], columns.baseRows(of: person), since: columns.rowsSince(of: person), sums) {
                changes.append(($0, $1, $2 * times))
            }
        }
        var tally = Tally()
        if assessment.hasTallies {
            assessment.tally(person, columns, roster.tree, lens, sums, into: &tally)
            changes += tally.cells.map { ($0 / width, $0 % width, $1 * times) }
            changes += take(tally, times: times > 0 ? 1 : -1).map { ($0.host, assessment.lines[$0.line].slot, $1) }
        }
        for change in changes {
            var unit = change.unit
            while unit >= 0 {
                subtree[unit * width + change.slot] += change.value
                unit = assessment.isKept[change.slot] ? -1 : Int(roster.tree.parent[unit])
            }
        }
        return !tally.staff.isEmpty || !tally.spans.isEmpty
    }

    // MARK: Units

    /// Judges every unit by its norms and vacancies: quick against counting people, so it is done for all at once.
    private mutating func judgeUnits() {
        guard assessment.beyond.judgesUnits else { return }
        let norms = assessment.beyond.norms, vacancies = assessment.beyond.vacancies
        let slots = norms.flatMap { Array($0.slot..<$0.slot + 5) } + vacancies.flatMap { [$0.slot, $0.slot + 1] }
        for unit in 0..<roster.tree.count { for slot in slots { subtree[unit * width + slot] = 0 } }
        for norm in norms {
            for unit in 0..<roster.tree.count {
                guard let judged = judge(norm, at: unit) else { continue }
                let row = unit * width + norm.slot
                subtree[row] = 1
                if judged.verdict == .met { subtree[row + 1] = 1 }
                if judged.verdict == .unknown { subtree[row + 2] = 1 }
                if judged.isOver { subtree[row + 3] = 1 }
                subtree[row + 4] = max(0, (judged.required ?? 0) - judged.filled)
            }
        }
        for vacancy in vacancies {
            for one in self.vacancies(vacancy, in: 0..<Int32(truncatingIfNeeded: roster.tree.count)) where one.isCounted {
                let row = Int(one.unit) * width + vacancy.slot
                subtree[row] += 1
                if one.isFilledInTime { subtree[row + 1] += 1 }
            }
        }
        handUp(slots)
    }

    func judge(_ norm: Beyond.NormLine, at unit: Int) -> Beyond.Judged? {
        let kinds = assessment.beyond.staff.count
        return assessment.beyond.judge(norm, at: unit, roster.tree) { Int64(staff[$0 * kinds + $1]) }
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
        cells(unit, subtree: isSubtree).heads(group)
    }

    /// The slots of a unit, alone or with its subtree.
    private struct Cells {
        let headSlots: Slab<Int>
        let sums: ArraySlice<Int64>
        let kind: String
        let isSubtree: Bool

        subscript(_ slot: Int) -> Int64 { sums[sums.startIndex + slot] }
        func heads(_ group: Int) -> Int64 { self[headSlots[group]] }
    }

    private func cells(_ unit: Int32, subtree isSubtree: Bool) -> Cells {
        let tree = roster.tree, here = Int(tree.position[Int(unit)])
        let whole = subtree[here * width..<(here + 1) * width]
        func cells(_ sums: ArraySlice<Int64>) -> Cells {
            Cells(headSlots: assessment.headSlots, sums: sums, kind: tree.kind[here], isSubtree: isSubtree)
        }
        guard !isSubtree, Int(tree.end[here]) > here + 1 else { return cells(whole) }
        var own = Array(whole), child = here + 1
        while child < Int(tree.end[here]) {
            for slot in 0..<width where !assessment.isKept[slot] { own[slot] -= subtree[child * width + slot] }
            child = Int(tree.end[child])
        }
        return cells(own[...])
    }

    private func finding(_ index: Int, _ cells: Cells, displayed: Bool) -> Finding {
        let line = assessment.lines[index], text = policy.lines[index], isOfTerms = assessment.termGroups & 1 << UInt64(truncatingIfNeeded: line.group) != 0
        let sum = cells[line.slot]
        var had: Ratio, needed = line.needed, lacking = Finding.Shortfall(hours: 0, people: 0), isApplicable = true
        // Whether what is missing may still come, or is not known.
        var open: Verdict? = assessment.mayStillBeMet(index) ? .pending : nil, over: Int64?
        let unit: Finding.Unit
        switch text.shape {
        case .mean, .total, .share:
            let count = cells.heads(line.group)
            isApplicable = count > 0
            unit = line.shape != .share ? .hours : isOfTerms ? .terms : .persons
            had = line.shape == .total ? Ratio(sum, 1) : Ratio(sum, count)
            // Of shares hours, of means and totals heads.
            var missing = cells[line.slot + 1]
            if case .headcountTimes(let id) = text.needed, let means = policy.rule(id) {
                needed = Ratio(means.lines.reduce(0) { $0 + cells.heads(assessment.lines[$1].group) * (assessment.lines[$1].needed?.numerator ?? 0) }, 1)
                missing = means.lines.reduce(0) { $0 + cells[assessment.lines[$1].slot + 1] }
            }
            if isOfTerms, line.shape == .share { open = cells[line.slot + 2] == 0 ? .pending : nil }
            lacking = Finding.Shortfall(hours: missing, people: missing)
        case .times: (unit, had) = (.records, Ratio(cells[line.slot + (cells.isSubtree ? 1 : 0)], 1))
        case .hosted(_, let below):
            let handedUp = cells.isSubtree ? cells[line.slot + 1] : 0, isHandedUp = cells.isSubtree && below.contains(cells.kind)
            (unit, had) = (.records, Ratio(handedUp + (isHandedUp ? 0 : sum), 1))
        case .trainings: (unit, had) = (.count, Ratio(sum, 1))
        case .norm(let norm):
            (unit, had, isApplicable) = (.units, Ratio(cells[line.slot + 1], sum), sum > 0)
            // Could still be met if all that is unknown were well.
            let failed = sum - cells[line.slot + 1] - cells[line.slot + 2]
            open = needed.map { (sum - failed) * $0.denominator >= $0.numerator * sum } ?? false ? .unknown : nil
            over = norm.most == nil ? nil : cells[line.slot + 3]
            lacking = Finding.Shortfall(hours: 0, people: cells[line.slot + 4])
        case .vacancy: (unit, had, isApplicable) = (.terms, Ratio(cells[line.slot + 1], sum), sum > 0)
        }
        if let asked = text.asked, !asked.kinds.contains(cells.kind) || asked.isWithSubtreeOnly && !cells.isSubtree { needed = nil }
        let verdict = needed.map { !isApplicable ? Verdict.notApplicable : Cube.isReached(had, $0, text.isAtLeast) ? .met : open ?? .unmet }
        let isMissed = verdict.map { [.unmet, .pending, .unknown].contains($0) } ?? false
        return Finding(
            line: index, rule: policy.rules[text.rule].id, category: text.category, had: had, needed: needed, unit: unit, verdict: verdict,
            clause: line.clause, shortfall: isMissed && text.isAtLeast ? needed.map { shortfall(line, had, $0, lacking) } : nil, over: over,
            display: displayed ? display(had, policy.rules[text.rule].display, missing: isMissed && text.isAtLeast ? needed : nil) : "")
    }

    private static func isReached(_ had: Ratio, _ needed: Ratio, _ isAtLeast: Bool) -> Bool {
        let left = had.numerator * needed.denominator, right = needed.numerator * had.denominator
        return isAtLeast ? left >= right : left <= right
    }

    /// What a missed finding lacks: heads' lines give what their heads lack, norms the posts that are empty.
    private func shortfall(_ line: Assessment.Line, _ had: Ratio, _ needed: Ratio, _ lacking: Finding.Shortfall) -> Finding.Shortfall {
        let left = had.numerator * needed.denominator, right = needed.numerator * had.denominator
        let wanted = (right + needed.denominator - 1) / needed.denominator
        switch line.shape {
        case .mean, .total: return Finding.Shortfall(hours: right - left, people: lacking.people)
        case .share: return Finding.Shortfall(hours: lacking.hours, people: wanted - had.numerator)
        case .norm: return lacking
        case .times, .hosted, .trainings, .vacancy: return Finding.Shortfall(hours: 0, people: wanted - had.numerator)
        }
    }

    private func display(_ had: Ratio, _ form: Policy.Display, missing: Ratio?) -> String {
        switch form {
        case .meanHours: Figure.meanHours(had, missing: missing)
        case .hours: Figure.hours(had.numerator)
        case .rate: had.denominator == 0 ? "" : Figure.percent(had, missing: missing) + " %"
        case .persons, .count: had.denominator == 0 ? "" : String(had.numerator)
        }
    }
}

extension Assessment {
    /// Whether anybody may count anything beyond the primary post.
    var hasTallies: Bool { clockGroups != 0 || termGroups != 0 || beyond.hasTallies }

    /// Whether what is missing may still come: the period of the line's facts has not ended (reading 9).
    /// Anniversaries, norms and vacancies judge only what is over or is so on the day.
    func mayStillBeMet(_ index: Int) -> Bool {
        let line = lines[index]
        if line.shape == .norm || line.shape == .vacancy || clockGroups & (1 << UInt64(truncatingIfNeeded: line.group)) != 0 { return false }
        return day < deadline(index)
    }

    /// The last day on which training can count for a line: the year's, or the period's where a fact runs over it.
    func deadline(_ index: Int) -> Int32 {
        facts(ofLine: index).contains { policy.facts[$0].window == .period } ? policy.periodEnd : yearEnd
    }
}
