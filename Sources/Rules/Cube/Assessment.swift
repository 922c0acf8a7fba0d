/// A policy made ready to judge one year on one day: groups and facts as bit masks over the columns' dictionaries.
struct Assessment: Sendable {
    struct Test: Sendable {
        let fact: Int
        let isAtLeast: Bool
        let amount: Int64
        let isHours: Bool
        let endsAlternative: Bool
    }

    enum Shape: Sendable { case mean, total, share }

    struct Line: Sendable {
        let group: Int
        let shape: Shape
        /// Of means and totals.
        let fact: Int
        let tests: Range<Int>
        let needed: Ratio?
        let clause: String
        /// Where its sum stands among the slots of a unit; what it lacks stands next.
        let slot: Int
        /// Below this a head counts as lacking; only of means.
        let quota: Int64
    }

    let policy: Policy
    let year: Int
    let day: Int32
    /// Training counts up to here: a day beyond the year's end moves the roster only (reading 5).
    let lastDay: Int32
    let yearStart: Int32
    let yearEnd: Int32

    let lines: [Line]
    private let bareLines: Slab<Lens.Line>
    let tests: Slab<Test>
    let headSlots: Slab<Int>
    let slotCount: Int
    /// Facts each group's lines ask for.
    let groupFacts: Slab<UInt32>
    let policyFactCount: Int
    let personGroups: UInt64
    let clockGroups: UInt64
    private let firstOnlyGroups: UInt64
    private let isHours: UInt32
    private let isRecords: UInt32
    private let ofYear: UInt32
    private let starts: Slab<Int32>
    private let ends: Slab<Int32>
    private let earliest: Int32
    private let dayHours: Int64
    private let halfDayHours: Int64

    /// By kind: the lower half holds the facts it counts for, the upper half those that ask the host to be above.
    private(set) var kindFacts: Slab<UInt64>
    /// By kind: the interval of positions of the host's subtree; empty without a host.
    private var kindHost: Slab<Int32>
    private var kindHostEnd: Slab<Int32>
    private(set) var descriptionGroups: Slab<UInt64>
    let unitGroups: Slab<UInt64>

    init(_ policy: Policy, year: Int, day: Int32, columns: Columns, tree: Tree) {
        self.policy = policy
        self.year = year
        self.day = day
        yearStart = CivilDate.day(year, 1, 1)
        yearEnd = CivilDate.day(year, 12, 31)
        lastDay = min(day, yearEnd)
        let slots = Assessment.slots(of: policy)
        headSlots = slots.heads
        slotCount = slots.count

        let made = Assessment.lines(of: policy, on: min(max(yearEnd, policy.periodStart), policy.periodEnd), slots: slots.lines)
        let lines = made.lines
        self.lines = lines
        bareLines = Slab(lines.map {
            Lens.Line(group: 1 << UInt64(truncatingIfNeeded: $0.group), isShare: $0.shape == .share, fact: $0.fact, firstTest: $0.tests.lowerBound,
                endTest: $0.tests.upperBound, quota: $0.quota, slot: $0.slot)
        })
        tests = Slab(made.tests)
        groupFacts = made.groupFacts
        let clockGroups: UInt64 = policy.groups.enumerated().reduce(0) { $1.element.anniversaryYears != nil ? $0 | 1 << UInt64(truncatingIfNeeded: $1.offset) : $0 }
        self.clockGroups = clockGroups
        firstOnlyGroups = policy.groups.enumerated().reduce(0) { $1.element.isFirstOnly ? $0 | 1 << UInt64(truncatingIfNeeded: $1.offset) : $0 }
        policyFactCount = policy.facts.count
        personGroups = ~clockGroups

        var isHours: UInt32 = 0, isRecords: UInt32 = 0, ofYear: UInt32 = 0
        starts = Slab(count: 32, repeating: 0)
        ends = Slab(count: 32, repeating: 0)
        for (index, fact) in policy.facts.enumerated() {
            let bit: UInt32 = 1 << UInt32(truncatingIfNeeded: index)
            if fact.measure == .hours { isHours |= bit }
            if fact.measure == .records { isRecords |= bit }
            if fact.window == .year { ofYear |= bit }
            starts[index] = fact.window == .year ? yearStart : policy.periodStart
            ends[index] = fact.window == .year ? lastDay : min(lastDay, policy.periodEnd)
        }
        self.isHours = isHours
        self.isRecords = isRecords
        self.ofYear = ofYear
        earliest = min(yearStart, policy.periodStart)
        dayHours = policy.conversion?.dayHours ?? 0
        halfDayHours = policy.conversion?.halfDayHours ?? 0

        unitGroups = Slab(count: tree.count, repeating: 0)
        for (index, group) in policy.groups.enumerated() {
            let kinds = group.kinds.map(Set.init)
            for position in 0..<tree.count where kinds?.contains(tree.kind[position]) ?? true { unitGroups[position] |= 1 << UInt64(truncatingIfNeeded: index) }
        }
        kindFacts = Slab([])
        kindHost = Slab([])
        kindHostEnd = Slab([])
        descriptionGroups = Slab([])
        extend(columns, tree)
    }

    /// Where the sums of heads and of lines stand among the slots of a unit, and how many slots there are.
    private static func slots(of policy: Policy) -> (heads: Slab<Int>, lines: [Int], count: Int) {
        // The slots of one group stand together: a head touches few places of a unit's row.
        var lineSlots = [Int](repeating: 0, count: policy.lines.count), slots = 0
        let headSlots = Slab<Int>(count: policy.groups.count, repeating: 0)
        for group in policy.groups.indices {
            headSlots[group] = slots
            slots += 1
            for (index, line) in policy.lines.enumerated() where line.group == group {
                lineSlots[index] = slots
                slots += 2
            }
        }
        return (headSlots, lineSlots, slots)
    }

    /// The lines of a policy with the values in force on a day, the tests of their shares, and the facts that each group's lines ask for.
    private static func lines(of policy: Policy, on valueDay: Int32, slots: [Int]) -> (lines: [Line], tests: [Test], groupFacts: Slab<UInt32>) {
        var lines: [Line] = [], tests: [Test] = []
        let groupFacts = Slab<UInt32>(count: policy.groups.count, repeating: 0)
        for (index, line) in policy.lines.enumerated() {
            var needed: Ratio?, clause = line.clause
            if case .value(let values) = line.needed, let value = values.inForce(on: valueDay) {
                needed = value.value
                clause = value.clause ?? clause
            }
            let first = tests.count
            let shape: Shape, fact: Int
            switch line.shape {
            case .mean(let number): (shape, fact) = (.mean, number)
            case .total(let number): (shape, fact) = (.total, number)
            case .share(let condition):
                (shape, fact) = (.share, 0)
                for alternative in condition.alternatives {
                    for (number, test) in alternative.enumerated() {
                        tests.append(Test(
                            fact: test.fact, isAtLeast: test.isAtLeast, amount: test.amount.inForce(on: valueDay) ?? .max,
                            isHours: policy.facts[test.fact].measure == .hours, endsAlternative: number == alternative.count - 1))
                        groupFacts[line.group] |= 1 << UInt32(truncatingIfNeeded: test.fact)
                    }
                }
            }
            if shape != .share { groupFacts[line.group] |= 1 << UInt32(truncatingIfNeeded: fact) }
            lines.append(Line(
                group: line.group, shape: shape, fact: fact, tests: first..<tests.count, needed: needed, clause: clause,
                slot: slots[index], quota: shape == .mean && line.isAtLeast ? needed?.numerator ?? 0 : 0))
        }
        return (lines, tests, groupFacts)
    }

    /// The bare pointers of this assessment; they hold as long as it does.
    var lens: Lens {
        Lens(
            lines: bareLines.base, lineCount: bareLines.count, tests: tests.base, groupFacts: groupFacts.base, headSlots: headSlots.base, starts: starts.base, ends: ends.base,
            kindFacts: kindFacts.base, kindHost: kindHost.base, kindHostEnd: kindHostEnd.base, descriptionGroups: descriptionGroups.base,
            unitGroups: unitGroups.base, personGroups: personGroups, clockGroups: clockGroups, factCount: policyFactCount, isHours: isHours,
            isRecords: isRecords, ofYear: ofYear, earliest: earliest, yearStart: yearStart, lastDay: lastDay, dayHours: dayHours,
            halfDayHours: halfDayHours)
    }

    /// Learns the kinds and descriptions that came into the columns since.
    mutating func extend(_ columns: Columns, _ tree: Tree) {
        if kindFacts.count < columns.kinds.count {
            let kinds = columns.kinds
            let facts = Slab<UInt64>(count: kinds.count, repeating: 0)
            let hosts = Slab<Int32>(count: facts.count, repeating: 0), ends = Slab<Int32>(count: facts.count, repeating: 0)
            for index in 0..<kindFacts.count { (facts[index], hosts[index], ends[index]) = (kindFacts[index], kindHost[index], kindHostEnd[index]) }
            let profiles = kinds.profileValues.map { Assessment.facts(of: $0, policy) }
            let (anyHost, hosted) = Assessment.hosts(policy, tree)
            for index in kindFacts.count..<facts.count {
                let profile = profiles[Int(kinds.profiles[index])], host = kinds.hosts[index]
                facts[index] = UInt64(truncatingIfNeeded: profile & anyHost)
                if host >= 0 {
                    hosts[index] = tree.position[Int(host)]
                    ends[index] = tree.end[Int(hosts[index])]
                    facts[index] |= hosted[Int(hosts[index])] & (UInt64(truncatingIfNeeded: profile) << 32 | UInt64(truncatingIfNeeded: profile))
                }
            }
            (kindFacts, kindHost, kindHostEnd) = (facts, hosts, ends)
        }
        if descriptionGroups.count < columns.descriptions.values.count {
            let groups = Slab<UInt64>(count: columns.descriptions.values.count, repeating: 0)
            for index in 0..<descriptionGroups.count { groups[index] = descriptionGroups[index] }
            for index in descriptionGroups.count..<groups.count {
                groups[index] = Assessment.groups(of: columns.descriptions.values[index], policy)
            }
            descriptionGroups = groups
        }
    }

    /// The facts a kind of training counts for, as a set of bits; whoever hosts it is asked apart.
    private static func facts(of kind: Columns.Kind, _ policy: Policy) -> UInt32 {
        var mask: UInt32 = 0
        for (index, fact) in policy.facts.enumerated() {
            guard fact.forms?.contains(kind.form) ?? true, fact.isSelected.map({ $0 == kind.isSelected }) ?? true,
                fact.purposes?.contains(kind.purpose) ?? true, fact.contents?.contains(kind.content) ?? true,
                fact.isCompleted.map({ $0 == kind.isCompleted }) ?? true,
                !fact.asksRecognisedInstitution || kind.institution == .recognised
            else { continue }
            mask |= 1 << UInt32(truncatingIfNeeded: index)
        }
        return mask
    }

    /// The facts that ask for no host; and by position of the host the facts it may host for anybody (low bits), for
    /// those below it only (high bits).
    private static func hosts(_ policy: Policy, _ tree: Tree) -> (anyHost: UInt32, hosted: [UInt64]) {
        var anyHost: UInt32 = 0, ofKind: [String: UInt64] = [:]
        for (index, fact) in policy.facts.enumerated() where fact.hosts == nil { anyHost |= 1 << UInt32(truncatingIfNeeded: index) }
        let hosted = (0..<tree.count).map { position -> UInt64 in
            let kind = tree.kind[position]
            if let known = ofKind[kind] { return known }
            var mask: UInt64 = 0
            for (index, fact) in policy.facts.enumerated() {
                for host in fact.hosts ?? [] where host.kinds?.contains(kind) ?? true {
                    mask |= 1 << UInt64(truncatingIfNeeded: host.isAbove ? index + 32 : index)
                }
            }
            ofKind[kind] = mask
            return mask
        }
        return (anyHost, hosted)
    }

    private static func groups(of what: Columns.Description, _ policy: Policy) -> UInt64 {
        var mask: UInt64 = 0
        let words = Set(Assessment.words(ofTitle: what.title))
        for (index, group) in policy.groups.enumerated() {
            guard group.categories?.contains(what.category) ?? true, group.workforces?.contains(what.workforce) ?? true,
                group.engagements?.contains(what.engagement) ?? true, group.isLeadership.map({ $0 == what.isLeadership }) ?? true,
                group.titles.map({ !words.isDisjoint(with: $0) }) ?? true
            else { continue }
            mask |= 1 << UInt64(truncatingIfNeeded: index)
        }
        return mask
    }

    /// The whole words of a 职务, between 、 ， / and the like (reading 12).
    static func words(ofTitle title: String) -> [String] {
        title.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// First and last day on which training counts for a fact of persons.
    func window(of fact: Int) -> ClosedRange<Int32>? {
        starts[fact] <= ends[fact] ? starts[fact]...ends[fact] : nil
    }

    // MARK: Clocks

    /// Terms of office of a person, one for each unit and 职务 without a gap of more than a day (reading 14).
    func terms(of person: Int, _ columns: Columns) -> [Term] {
        struct Post { let index: Int, post: Columns.Post, title: String }
        let posts = columns.posts(of: person).enumerated()
            .map { Post(index: $0, post: $1, title: columns.descriptions.values[$1.description].title) }
            .sorted { ($0.post.from, $0.index) < ($1.post.from, $1.index) }
        var terms: [Term] = []
        for item in posts {
            if let index = terms.lastIndex(where: { $0.organization == item.post.organization && $0.title == item.title && item.post.from - $0.to <= 1 }) {
                terms[index].to = max(terms[index].to, item.post.to)
            } else {
                terms.append(Term(
                    appointment: item.index, organization: item.post.organization, title: item.title,
                    description: item.post.description, from: item.post.from, to: item.post.to))
            }
        }
        return terms
    }

    struct Term {
        /// The appointment that began it, in the person's order.
        let appointment: Int
        let organization: Int32
        let title: String
        let description: Int
        let from: Int32
        var to: Int32
    }

    struct Head {
        let term: Term
        let group: Int
        let unit: Int32
        let due: Int32
    }

    /// The person's terms of office in the groups of anniversaries: those whose anniversary is judged this year,
    /// or, asked for `running`, those still to come on the last day.
    func clocks(of person: Int, _ columns: Columns, _ tree: Tree, running: Bool = false) -> [Head] {
        guard mayHaveClocks(person, columns, tree, lens) else { return [] }
        var heads: [Head] = [], held: UInt64 = 0
        for term in terms(of: person, columns) {
            let unit = tree.position[Int(term.organization)]
            var groups = unitGroups[Int(unit)] & descriptionGroups[term.description] & clockGroups
            let earlier = held
            held |= groups
            groups &= ~(earlier & firstOnlyGroups)
            while groups != 0 {
                let group = groups.trailingZeroBitCount
                groups &= groups - 1
                let due = CivilDate.anniversary(of: term.from, years: policy.groups[group].anniversaryYears ?? 0)
                if running {
                    if term.from <= lastDay, lastDay < due, lastDay < term.to {
                        heads.append(Head(term: term, group: group, unit: unit, due: due))
                    }
                } else if yearStart <= due, due <= lastDay, due < term.to {
                    heads.append(Head(term: term, group: group, unit: unit, due: due))
                }
            }
        }
        return heads
    }

    /// Adds up the facts of a term of office, from its first day to its anniversary, both included.
    func gather(_ head: Head, of person: Int, _ columns: Columns, into sums: UnsafeMutablePointer<Int64>) {
        let asked = groupFacts[head.group]
        columns.forEachRow(of: person) { row in
            var facts = facts(of: row, unit: head.unit, asked: asked)
            while facts != 0 {
                let fact = facts.trailingZeroBitCount
                sums[fact] += value(of: row, fact: fact, from: clockStart(fact, head.term), to: min(head.due, lastDay))
                facts &= facts - 1
            }
        }
    }

    /// The first day on which training counts for a term of office.
    func clockStart(_ fact: Int, _ term: Term) -> Int32 {
        let years = policy.facts[fact].yearsBefore
        return years == 0 ? term.from : CivilDate.anniversary(of: term.from, years: -years)
    }
}

extension Assessment {
    /// Tells everything one person counts: position, slot and value.
    @inline(__always) func count(
        _ person: Int, _ columns: Columns, _ roster: Roster, _ lens: Lens, _ sums: UnsafeMutablePointer<Int64>, _ tell: (Int, Int, Int64) -> Void
    ) {
        let unit = roster.unit[person]
        if unit >= 0 {
            lens.countHead(unit: unit, what: roster.what[person], columns.baseRows(of: person), since: columns.rowsSince(of: person), sums, tell)
        }
        countClocks(person, columns, roster, lens, sums, tell)
    }

    /// Tells what a person's terms of office count, each in its own unit.
    @inline(__always) func countClocks(
        _ person: Int, _ columns: Columns, _ roster: Roster, _ lens: Lens, _ sums: UnsafeMutablePointer<Int64>, _ tell: (Int, Int, Int64) -> Void
    ) {
        if lens.clockGroups != 0, mayHaveClocks(person, columns, roster.tree, lens) {
            for head in clocks(of: person, columns, roster.tree) {
                for fact in 0..<lens.factCount { sums[fact] = 0 }
                gather(head, of: person, columns, into: sums)
                lens.tellHead(1 << UInt64(truncatingIfNeeded: head.group), Int(head.unit), sums, tell)
            }
        }
    }

    /// Whether any post of the person is of a group of anniversaries; most are not.
    @inline(__always) func mayHaveClocks(_ person: Int, _ columns: Columns, _ tree: Tree, _ lens: Lens) -> Bool {
        var may = false
        columns.forEachPost(of: person) { post in
            if lens.unitGroups[Int(tree.position[Int(post.organization)])] & lens.descriptionGroups[post.description] & lens.clockGroups != 0 { may = true }
        }
        return may
    }
}

extension Assessment {
    // What is told of a person elsewhere than in the loop: the same definitions, read through the lens.

    func facts(of row: Columns.Row, unit: Int32, asked: UInt32) -> UInt32 { lens.facts(of: row, unit: unit, asked: asked) }

    func value(of row: Columns.Row, fact: Int, from start: Int32, to end: Int32) -> Int64 { lens.value(of: row, fact: fact, from: start, to: end) }

    func gather(_ row: Columns.Row, unit: Int32, asked: UInt32, into sums: UnsafeMutablePointer<Int64>) {
        lens.gather(row, unit: unit, asked: asked, into: sums)
    }

    func groups(unit: Int32, what: Int32) -> UInt64 { lens.groups(unit: unit, what: what) }

    func isMet(_ line: Int, _ sums: UnsafePointer<Int64>) -> Bool { lens.isMet(bareLines[line], sums) }

    func hoursLacking(_ line: Int, _ sums: UnsafePointer<Int64>) -> Int64 { lens.hoursLacking(bareLines[line], sums) }
}
