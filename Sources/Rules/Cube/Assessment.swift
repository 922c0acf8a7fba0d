/// A policy made ready to judge one year on one day: groups and facts as bit masks over the columns' dictionaries.
struct Assessment: Sendable {
    struct Test: Sendable {
        let fact: Int
        let isAtLeast: Bool
        let amount: Int64
        let isHours: Bool
        let endsAlternative: Bool
    }

    enum Shape: Sendable {
        case mean, total, share, times, hosted, trainings, norm, vacancy
        /// Asks of each head what it has, and counts heads.
        var isOfHeads: Bool { [.mean, .total, .share].contains(self) }
    }

    struct Line: Sendable {
        let group: Int
        let shape: Shape
        /// Of what is neither a share nor about units.
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
    /// Slots that a unit does not hand up to those above it.
    let isKept: [Bool]
    let beyond: Beyond
    /// Facts each group's lines ask for.
    let groupFacts: Slab<UInt32>
    let policyFactCount: Int
    let personGroups: UInt64
    let clockGroups: UInt64
    let termGroups: UInt64
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
        let slots = Slots(policy)
        headSlots = slots.heads
        slotCount = slots.isKept.count
        isKept = slots.isKept

        let valueDay = min(max(yearEnd, policy.periodStart), policy.periodEnd)
        let made = Assessment.lines(of: policy, on: valueDay, slots: slots.lines)
        let lines = made.lines
        self.lines = lines
        bareLines = Slab(lines.map {
            Lens.Line(group: $0.shape.isOfHeads ? 1 << UInt64(truncatingIfNeeded: $0.group) : 0, isShare: $0.shape == .share, fact: $0.fact, firstTest: $0.tests.lowerBound,
                endTest: $0.tests.upperBound, quota: $0.quota, slot: $0.slot)
        })
        tests = Slab(made.tests)
        groupFacts = made.groupFacts
        let clockGroups: UInt64 = policy.groups.enumerated().reduce(0) { $1.element.anniversaryYears != nil ? $0 | 1 << UInt64(truncatingIfNeeded: $1.offset) : $0 }
        self.clockGroups = clockGroups
        firstOnlyGroups = policy.groups.enumerated().reduce(0) { $1.element.isFirstOnly ? $0 | 1 << UInt64(truncatingIfNeeded: $1.offset) : $0 }
        policyFactCount = policy.facts.count
        termGroups = policy.groups.enumerated().reduce(0) { $1.element.terms != nil ? $0 | 1 << UInt64(truncatingIfNeeded: $1.offset) : $0 }
        // Only groups of which some line asks what each head has.
        personGroups = lines.reduce(0) { $1.shape.isOfHeads ? $0 | 1 << UInt64(truncatingIfNeeded: $1.group) : $0 } & ~clockGroups & ~termGroups
        beyond = Beyond(policy, lines, on: valueDay, tree)

        var isHours: UInt32 = 0, isRecords: UInt32 = 0, ofYear: UInt32 = 0
        starts = Slab(count: 32, repeating: 0)
        ends = Slab(count: 32, repeating: 0)
        for (index, fact) in policy.facts.enumerated() {
            let bit: UInt32 = 1 << UInt32(truncatingIfNeeded: index)
            if fact.measure == .hours { isHours |= bit }
            if fact.measure == .records || fact.measure == .trainings { isRecords |= bit }
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
            case .times(let number): (shape, fact) = (.times, number)
            case .hosted(let number, _): (shape, fact) = (.hosted, number)
            case .trainings(let number): (shape, fact) = (.trainings, number)
            case .norm: (shape, fact) = (.norm, 0)
            case .vacancy: (shape, fact) = (.vacancy, 0)
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
            if shape == .mean || shape == .total { groupFacts[line.group] |= 1 << UInt32(truncatingIfNeeded: fact) }
            lines.append(Line(
                group: line.group, shape: shape, fact: fact, tests: first..<tests.count, needed: needed, clause: clause,
                slot: slots[index], quota: shape == .mean && line.isAtLeast ? needed?.numerator ?? 0 : 0))
        }
        return (lines, tests, groupFacts)
    }

    /// Whether a record's host is known, and its position.
    func host(of row: Columns.Row) -> Int? {
        let kind = Int(row.kind)
        return kindHostEnd[kind] > 0 ? Int(kindHost[kind]) : nil
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
        let words = policy.titles.read(what.title)
        for (index, group) in policy.groups.enumerated() {
            guard group.terms == nil, group.categories?.contains(what.category) ?? true, group.workforces?.contains(what.workforce) ?? true,
                group.engagements?.contains(what.engagement) ?? true, group.isLeadership.map({ $0 == what.isLeadership }) ?? true,
                group.titles.map({ !words.isDisjoint(with: $0) }) ?? true
            else { continue }
            mask |= 1 << UInt64(truncatingIfNeeded: index)
        }
        return mask
    }

    /// First and last day on which training counts for a fact of persons.
    func window(of fact: Int) -> ClosedRange<Int32>? {
        starts[fact] <= ends[fact] ? starts[fact]...ends[fact] : nil
    }

    // MARK: Clocks

    /// The posts of a person in a group of anniversaries, one for each unit and 职务 without a gap of more than a day
    /// (reading 14), the earliest first.
    func terms(of person: Int, in group: Int, _ columns: Columns, _ tree: Tree) -> [Term] {
        let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: group)
        let posts = columns.posts(of: person).enumerated()
            .filter { unitGroups[Int(tree.position[Int($1.organization)])] & descriptionGroups[$1.description] & bit != 0 }
            .sorted { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }
        var terms: [Term] = []
        for (index, post) in posts {
            let title = columns.descriptions.values[post.description].title
            if let last = terms.lastIndex(where: { $0.organization == post.organization && $0.title == title && post.from - $0.to <= 1 }) {
                terms[last].to = max(terms[last].to, post.to)
            } else {
                terms.append(Term(appointment: index, organization: post.organization, title: title, from: post.from, to: post.to))
            }
        }
        return terms
    }

    struct Term {
        /// The appointment that began it, in the person's order.
        let appointment: Int
        let organization: Int32
        let title: String
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
        var heads: [Head] = [], groups = clockGroups
        while groups != 0 {
            let group = groups.trailingZeroBitCount, isFirstOnly = firstOnlyGroups & groups & (0 &- groups) != 0
            groups &= groups - 1
            let terms = terms(of: person, in: group, columns, tree)
            for term in isFirstOnly ? terms.prefix(1) : terms[...] {
                let due = CivilDate.anniversary(of: term.from, years: policy.groups[group].anniversaryYears ?? 0)
                let isHead = running
                    ? term.from <= lastDay && lastDay < due && lastDay < term.to : yearStart <= due && due <= lastDay && due < term.to
                if isHead { heads.append(Head(term: term, group: group, unit: tree.position[Int(term.organization)], due: due)) }
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
