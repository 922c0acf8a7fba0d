/// The people behind one finding: the same facts and groups without the adding up.
package struct Explanation: Sendable {
    /// Someone with an amount in the numerator.
    package struct Share: Sendable, Equatable {
        package let person: Int32
        /// Hours in hundredths for means and totals, 1 for shares; these add up to the finding's numerator.
        package let amount: Int64
        /// The contributing entries, as numbers in the person's order of entries; reversed ones and their reversals are left out.
        package let entries: [Int32]
        /// For lines of anniversaries: the appointment that began the clock, as number in the person's order.
        package let appointment: Int32?
    }

    /// Someone in the denominator.
    package struct Head: Sendable, Equatable {
        package let person: Int32
        /// The appointment counted: the primary one, or the one that began the clock.
        package let appointment: Int32
        /// Organisation index of that appointment.
        package let organization: Int32
        /// Took office within the year asked: comes first in the lists of A11 and A13.
        package let isNew: Bool
        /// Meets the condition; of means: reaches the quota alone.
        package let isMet: Bool
        /// What each fact of the line adds up to for this head, in the order of `facts`.
        package let amounts: [Int64]
        /// Hours (hundredths) this head still lacks; 0 where hours do not help.
        package let hoursLacking: Int64
        /// The anniversary, for lines of anniversaries; for terms of office the day on which they should end.
        package let due: Int32?
        /// First day of the appointment or the term.
        package let from: Int32
    }

    /// A unit that a norm asks something of.
    package struct Unit: Sendable, Equatable {
        package let organization: Int32
        package let filled: Int64
        /// Nil where the number that decides it is not recorded.
        package let required: Int64?
        package let most: Int64?
        /// Met, unmet or unknown.
        package let verdict: Verdict
        package let isOver: Bool
    }

    /// A post that nobody held from a day on.
    package struct Vacancy: Sendable, Equatable {
        package let organization: Int32
        package let from: Int32
        /// The last day for filling it.
        package let due: Int32
        /// When it was filled; nil while it is not.
        package let filled: Int32?
        /// Falls due in the year, not after the day.
        package let isCounted: Bool
        package var isFilledInTime: Bool { filled.map { $0 <= due } ?? false }
        let unit: Int32
    }

    /// One training, however many took part.
    package struct Training: Sendable, Equatable {
        package let title: String
        package let from: Int32
        package let to: Int32
        /// Records that make it known.
        package let records: Int
    }

    package enum Reason: String, Sendable {
        /// In post here on the day, but the primary post carries no category.
        case noCategory
        /// In post here on the day, primary post elsewhere or none.
        case secondaryPost
        /// Left the unit within the year, before the day.
        case left
        /// Takes office here after the day, within the year.
        case notYetInPost
        /// Left office before the anniversary.
        case endedBeforeAnniversary
    }

    /// Someone near the unit who is not counted, and why.
    package struct Outside: Sendable, Equatable {
        package let person: Int32
        package let appointment: Int32
        package let reason: Reason
    }

    package let finding: Finding
    /// Indexes into the policy's facts that `Head.amounts` follow.
    package let facts: [Int]
    package let numerator: [Share]
    package let denominator: [Head]
    package let outside: [Outside]
    /// Clocks that still run on the day, outside the fraction (reading 14).
    package let running: [Head]
    /// Of norms, in the order of the tree.
    package var units: [Unit] = []
    /// Of vacancies: those counted and those that run, in the order of their due days.
    package var vacancies: [Vacancy] = []
    package var trainings: [Training] = []

    /// What the list adds up to: the finding's numerator.
    package var sum: Int64 {
        numerator.reduce(0) { $0 + $1.amount } + Int64(units.count { $0.verdict == .met } + vacancies.count { $0.isCounted && $0.isFilledInTime } + trainings.count)
    }
}

extension Cube {
    /// The people behind a line of a unit, or of its subtree, in order of their index.
    package func explain(_ index: Int, unit: Int32, subtree isSubtree: Bool) -> Explanation {
        let line = assessment.lines[index]
        let span = roster.tree.span(unit, subtree: isSubtree)
        if !line.shape.isOfHeads { return explainBeyond(index, unit: unit, span, subtree: isSubtree) }
        if assessment.termGroups & 1 << UInt64(truncatingIfNeeded: line.group) != 0 { return explainTerms(index, unit: unit, span, subtree: isSubtree) }
        let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: line.group)
        let isClock = assessment.clockGroups & bit != 0
        let facts = assessment.facts(ofLine: index)
        let asked = facts.reduce(UInt32(0)) { $0 | 1 << UInt32(truncatingIfNeeded: $1) }
        let sums = Slab<Int64>(count: 32, repeating: 0)
        var numerator: [Explanation.Share] = [], denominator: [Explanation.Head] = [], running: [Explanation.Head] = []
        var outside: [Explanation.Outside] = []

        func add(_ person: Int, _ head: Explanation.Head, entries: () -> [Int32]) {
            denominator.append(head)
            let amount = line.shape == .share ? (head.isMet ? 1 : 0) : sums[line.fact]
            if amount != 0 {
                numerator.append(Explanation.Share(
                    person: Int32(truncatingIfNeeded: person), amount: amount, entries: entries(), appointment: isClock ? head.appointment : nil))
            }
        }

        for person in 0..<columns.peopleCount {
            if isClock {
                for clock in assessment.clocks(of: person, columns, roster.tree) where clock.group == line.group && span.contains(clock.unit) {
                    for fact in facts { sums[fact] = 0 }
                    assessment.gather(clock, of: person, columns, into: sums.base)
                    add(person, head(person, clock, index, facts, sums)) {
                        entries(of: person, unit: clock.unit, asked: asked) { (assessment.clockStart($0, clock.term), min(clock.due, assessment.lastDay)) }
                    }
                }
                for clock in assessment.clocks(of: person, columns, roster.tree, running: true)
                where clock.group == line.group && span.contains(clock.unit) {
                    for fact in facts { sums[fact] = 0 }
                    assessment.gather(clock, of: person, columns, into: sums.base)
                    running.append(head(person, clock, index, facts, sums))
                }
            } else if span.contains(roster.unit[person]), assessment.groups(unit: roster.unit[person], what: roster.what[person]) & bit != 0 {
                let unit = roster.unit[person]
                for fact in facts { sums[fact] = 0 }
                columns.forEachRow(of: person) { assessment.gather($0, unit: unit, asked: asked, into: sums.base) }
                guard let (number, post) = primaryPost(of: person) else { continue }
                add(person, Explanation.Head(
                    person: Int32(truncatingIfNeeded: person), appointment: number, organization: post.organization,
                    isNew: assessment.yearStart <= post.from && post.from <= assessment.yearEnd, isMet: isMet(index, sums),
                    amounts: facts.map { sums[$0] }, hoursLacking: hoursLacking(index, sums), due: nil, from: post.from)) {
                    entries(of: person, unit: unit, asked: asked) { assessment.window(of: $0).map { ($0.lowerBound, $0.upperBound) } }
                }
                continue
            }
            if let why = reason(person, line.group, span, isClock) { outside.append(why) }
        }
        return Explanation(
            finding: finding(index, unit: unit, subtree: isSubtree), facts: facts, numerator: numerator, denominator: denominator,
            outside: outside, running: running)
    }

    func isMet(_ index: Int, _ sums: Slab<Int64>) -> Bool {
        let line = assessment.lines[index]
        return line.shape == .share ? assessment.isMet(index, sums.base) : sums[line.fact] >= line.quota
    }

    func hoursLacking(_ index: Int, _ sums: Slab<Int64>) -> Int64 {
        let line = assessment.lines[index]
        if line.shape == .share { return assessment.isMet(index, sums.base) ? 0 : assessment.hoursLacking(index, sums.base) }
        return max(0, line.quota - sums[line.fact])
    }

    private func head(_ person: Int, _ clock: Assessment.Head, _ index: Int, _ facts: [Int], _ sums: Slab<Int64>) -> Explanation.Head {
        Explanation.Head(
            person: Int32(truncatingIfNeeded: person), appointment: Int32(truncatingIfNeeded: clock.term.appointment), organization: clock.term.organization,
            isNew: assessment.yearStart <= clock.term.from && clock.term.from <= assessment.yearEnd, isMet: isMet(index, sums),
            amounts: facts.map { sums[$0] }, hoursLacking: hoursLacking(index, sums), due: clock.due, from: clock.term.from)
    }

    private func primaryPost(of person: Int) -> (Int32, Columns.Post)? {
        columns.posts(of: person).enumerated().last { $1.isPrimary && $1.from <= day && day < $1.to }.map { (Int32(truncatingIfNeeded: $0), $1) }
    }

    /// The entries that count for any of the facts, without those a reversal took back and the reversals themselves.
    func entries(of person: Int, unit: Int32, asked: UInt32, window: (Int) -> (Int32, Int32)?) -> [Int32] {
        entries(of: person) { row in
            var facts = assessment.facts(of: row, unit: unit, asked: asked), counts = false
            while facts != 0 {
                let fact = facts.trailingZeroBitCount
                facts &= facts - 1
                if let (from, to) = window(fact), assessment.value(of: row, fact: fact, from: from, to: to) != 0 { counts = true }
            }
            return counts
        }
    }

    func entries(of person: Int, _ counts: (Columns.Row) -> Bool) -> [Int32] {
        var kept: [(number: Int32, row: Columns.Row)] = []
        for (number, row) in columns.rows(of: person).enumerated() where counts(row) {
            let taken = row.isReversal ? kept.lastIndex {
                !$0.row.isReversal && $0.row.from == row.from && $0.row.to == row.to && $0.row.kind == row.kind
                    && $0.row.amount == row.amount & ~Columns.Row.reversalBit
            } : nil
            if let taken { kept.remove(at: taken) } else { kept.append((Int32(truncatingIfNeeded: number), row)) }
        }
        return kept.map(\.number)
    }

    private func reason(_ person: Int, _ group: Int, _ span: Range<Int32>, _ isClock: Bool) -> Explanation.Outside? {
        let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: group)
        let asksCategory = policy.groups[group].categories != nil
        for (number, post) in columns.posts(of: person).enumerated() {
            let unit = roster.tree.position[Int(post.organization)]
            guard span.contains(unit) else { continue }
            let fits = assessment.unitGroups[Int(unit)] & assessment.descriptionGroups[post.description] & bit != 0
            func outside(_ reason: Explanation.Reason) -> Explanation.Outside {
                Explanation.Outside(person: Int32(truncatingIfNeeded: person), appointment: Int32(truncatingIfNeeded: number), reason: reason)
            }
            if isClock {
                let due = CivilDate.anniversary(of: post.from, years: policy.groups[group].anniversaryYears ?? 0)
                let goesOn = assessment.terms(of: person, in: group, columns, roster.tree).contains {
                    $0.organization == post.organization && $0.from <= post.from && post.to < $0.to
                }
                if fits, !goesOn, assessment.yearStart <= due, due <= assessment.lastDay, post.to <= due {
                    return outside(.endedBeforeAnniversary)
                }
            } else if post.from <= day, day < post.to {
                if post.isPrimary {
                    if asksCategory, columns.descriptions.values[post.description].category.isEmpty { return outside(.noCategory) }
                } else if fits {
                    return outside(.secondaryPost)
                }
            } else if fits, post.isPrimary, !span.contains(roster.unit[person]) {
                if post.to <= day, post.to > assessment.yearStart { return outside(.left) }
                if post.from > day, post.from <= assessment.yearEnd { return outside(.notYetInPost) }
            }
        }
        return nil
    }

    // MARK: One person

    /// How one person stands on a line that judges heads one by one.
    package struct PersonalStanding: Sendable {
        /// Index into the policy's lines.
        package let line: Int
        package let facts: [Int]
        package let head: Explanation.Head
        /// Met, unmet or pending.
        package let verdict: Verdict
        /// The last day on which training can still count.
        package let deadline: Int32
        /// Everyone of the group has to meet it (`all`): then it is owed by the person.
        package let isOwed: Bool
        package let entries: [Int32]
    }

    /// How a person stands on every share of heads the person counts in, in the order of the policy;
    /// what is owed are those with `isOwed` and a verdict other than met. Running clocks are included as pending.
    package func standing(of person: Int32) -> [PersonalStanding] {
        let person = Int(person), sums = Slab<Int64>(count: 32, repeating: 0)
        guard person < roster.unit.count else { return [] }
        let unit = roster.unit[person]
        let groups = unit < 0 ? 0 : assessment.groups(unit: unit, what: roster.what[person])
        var result: [PersonalStanding] = []
        for (index, line) in assessment.lines.enumerated() where line.shape == .share && line.needed != nil {
            let facts = assessment.facts(ofLine: index)
            let asked = facts.reduce(UInt32(0)) { $0 | 1 << UInt32(truncatingIfNeeded: $1) }
            let isOwed = line.needed.map { $0.numerator == $0.denominator } ?? false
            if assessment.termGroups & (1 << UInt64(truncatingIfNeeded: line.group)) != 0 {
                for term in assessment.termHeads(of: person, columns, roster.tree) where term.group == line.group {
                    let head = termHead(person, term, index, facts, sums)
                    result.append(PersonalStanding(
                        line: index, facts: facts, head: head, verdict: head.isMet ? .met : term.isOver ? .unmet : .pending,
                        deadline: min(term.held.due, term.held.to - 1), isOwed: isOwed, entries: entries(of: person, term, asked)))
                }
            } else if assessment.clockGroups & (1 << UInt64(truncatingIfNeeded: line.group)) != 0 {
                for isRunning in [false, true] {
                    for clock in assessment.clocks(of: person, columns, roster.tree, running: isRunning) where clock.group == line.group {
                        for fact in facts { sums[fact] = 0 }
                        assessment.gather(clock, of: person, columns, into: sums.base)
                        let head = head(person, clock, index, facts, sums)
                        result.append(PersonalStanding(
                            line: index, facts: facts, head: head, verdict: head.isMet ? .met : isRunning ? .pending : .unmet,
                            deadline: clock.due, isOwed: isOwed,
                            entries: entries(of: person, unit: clock.unit, asked: asked) { (assessment.clockStart($0, clock.term), min(clock.due, assessment.lastDay)) }))
                    }
                }
            } else if groups & (1 << UInt64(truncatingIfNeeded: line.group)) != 0 {
                for fact in facts { sums[fact] = 0 }
                columns.forEachRow(of: person) { assessment.gather($0, unit: unit, asked: asked, into: sums.base) }
                guard let (number, post) = primaryPost(of: person) else { continue }
                let isMet = assessment.isMet(index, sums.base)
                result.append(PersonalStanding(
                    line: index, facts: facts,
                    head: Explanation.Head(
                        person: Int32(truncatingIfNeeded: person), appointment: number, organization: post.organization,
                        isNew: assessment.yearStart <= post.from && post.from <= assessment.yearEnd, isMet: isMet,
                        amounts: facts.map { sums[$0] }, hoursLacking: hoursLacking(index, sums), due: nil, from: post.from),
                    verdict: isMet ? .met : assessment.mayStillBeMet(index) ? .pending : .unmet,
                    deadline: assessment.deadline(index), isOwed: isOwed,
                    entries: entries(of: person, unit: unit, asked: asked) { assessment.window(of: $0).map { ($0.lowerBound, $0.upperBound) } }))
            }
        }
        return result
    }

    /// What a fact adds up to for one person, whatever groups the person is in: hours in hundredths, days or records.
    /// Facts of anniversaries and of terms are 0 here.
    package func amount(fact: Int, of person: Int32) -> Int64 {
        guard [.year, .period].contains(policy.facts[fact].window), Int(person) < roster.unit.count else { return 0 }
        let sums = Slab<Int64>(count: 32, repeating: 0)
        let unit = roster.unit[Int(person)]
        columns.forEachRow(of: Int(person)) { assessment.gather($0, unit: unit, asked: 1 << UInt32(truncatingIfNeeded: fact), into: sums.base) }
        return sums[fact]
    }
}

extension Assessment {
    /// The facts a line adds up, in the order of the policy.
    func facts(ofLine index: Int) -> [Int] {
        let line = lines[index]
        switch line.shape {
        case .share: return Set(line.tests.map { tests[$0].fact }).sorted()
        case .norm, .vacancy: return []
        default: return [line.fact]
        }
    }
}
