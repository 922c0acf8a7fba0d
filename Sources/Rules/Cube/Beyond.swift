/// What a policy counts beyond the heads of primary posts, made ready for one year and day: terms of office,
/// person-times, records by their host, trainings, posts of units and vacancies.
struct Beyond: Sendable {
    /// Whose posts are counted, and where.
    struct Staff: Hashable, Sendable {
        let posts: Int
        /// Group of the units whose posts count, for each unit of `above` over them; nil counts them where they are.
        let within: Int?
        let above: Int?
    }
    struct Counted: Sendable {
        let line: Int
        let group: Int
        let fact: Int
        let slot: Int
        /// Kinds of units below whose records count for those above.
        let below: Set<String>
        let isForCategories: Bool
    }
    struct NormLine: Sendable {
        let line: Int
        let slot: Int
        let units: Int
        let staff: Int
        let holding: Int?
        let least: Policy.Amount
        let most: Policy.Amount?
    }
    struct VacancyLine: Sendable {
        let line: Int
        let slot: Int
        let units: Int
        let vacancy: Policy.Vacancy
    }

    private(set) var times: [Counted] = []
    private(set) var hosted: [Counted] = []
    private(set) var trainings: [Counted] = []
    private(set) var staff: [Staff] = []
    private(set) var norms: [NormLine] = []
    private(set) var vacancies: [VacancyLine] = []
    /// The facts of all records that are counted without asking who is a head.
    private(set) var facts: UInt32 = 0
    /// By position: the groups of units a unit is of, whether it exists on the day or not; its numbers are asked apart.
    let unitSets: Slab<UInt64>
    /// By group of units: how many existing ones stand before a position.
    private var before: [Int: Slab<Int32>] = [:]
    private let unitGroups: [Policy.UnitGroup]

    init(_ policy: Policy, _ lines: [Assessment.Line], on valueDay: Int32, _ tree: Tree) {
        unitGroups = policy.units
        unitSets = Beyond.sets(policy.units, tree)
        for (index, line) in policy.lines.enumerated() {
            let slot = lines[index].slot
            func counted(_ fact: Int, below: [String] = []) -> Counted {
                facts |= 1 << UInt32(truncatingIfNeeded: fact)
                return Counted(
                    line: index, group: line.group, fact: fact, slot: slot, below: Set(below), isForCategories: policy.facts[fact].isForCategories)
            }
            switch line.shape {
            case .mean, .total, .share: break
            case .times(let fact): times.append(counted(fact))
            case .hosted(let fact, let below): hosted.append(counted(fact, below: below))
            case .trainings(let fact): trainings.append(counted(fact))
            case .norm(let norm):
                guard let units = line.units, let least = norm.least.inForce(on: valueDay) else { continue }
                let holding = policy.units[units].holding.map { number(of: Staff(posts: $0, within: nil, above: nil)) }
                let most = norm.most?.inForce(on: valueDay)
                norms.append(NormLine(
                    line: index, slot: slot, units: units,
                    staff: number(of: Staff(posts: norm.posts, within: norm.within, above: norm.within.map { _ in units })), holding: holding,
                    least: least, most: most))
                for case .ofUnitsBelow(let group, _) in [least, most ?? least] where before[group] == nil {
                    before[group] = count(group, tree)
                }
            case .vacancy(let vacancy):
                if let units = line.units { vacancies.append(VacancyLine(line: index, slot: slot, units: units, vacancy: vacancy)) }
            }
        }
    }

    private mutating func number(of staff: Staff) -> Int {
        if let known = self.staff.firstIndex(of: staff) { return known }
        self.staff.append(staff)
        return self.staff.count - 1
    }

    private func count(_ group: Int, _ tree: Tree) -> Slab<Int32> {
        let sums = Slab<Int32>(count: tree.count + 1, repeating: 0)
        for here in 0..<tree.count { sums[here + 1] = sums[here] + (tree.exists[here] && isOf(group, here) ? 1 : 0) }
        return sums
    }

    private static func sets(_ groups: [Policy.UnitGroup], _ tree: Tree) -> Slab<UInt64> {
        let sets = Slab<UInt64>(count: tree.count, repeating: 0)
        for (index, group) in groups.enumerated() {
            let kinds = group.kinds.map(Set.init), under = group.under.map(Set.init), above = group.above.map(Set.init)
            // How many units of the kinds asked below stand before a position.
            var before: [Int32] = [0]
            if let above { for here in 0..<tree.count { before.append(before[here] + (tree.exists[here] && above.contains(tree.kind[here]) ? 1 : 0)) } }
            for here in 0..<tree.count where kinds?.contains(tree.kind[here]) ?? true {
                let parent = Int(tree.parent[here])
                if let under, parent < 0 || !under.contains(tree.kind[parent]) { continue }
                if above != nil, before[Int(tree.end[here])] == before[here + 1] { continue }
                sets[here] |= 1 << UInt64(truncatingIfNeeded: index)
            }
        }
        return sets
    }

    /// Whether the unit at a position is of a group, its numbers and posts apart.
    func isOf(_ group: Int, _ here: Int) -> Bool { unitSets[here] & 1 << UInt64(truncatingIfNeeded: group) != 0 }

    var hasTallies: Bool { facts != 0 || !staff.isEmpty || !vacancies.isEmpty }
    var judgesUnits: Bool { !norms.isEmpty || !vacancies.isEmpty }

    // MARK: Norms

    /// How one unit stands against a norm.
    struct Judged: Sendable, Equatable {
        let filled: Int64
        /// Nil where the number that decides it is not recorded.
        let required: Int64?
        let most: Int64?
        var verdict: Verdict { required.map { filled >= $0 ? .met : .unmet } ?? .unknown }
        var isOver: Bool { verdict == .met && most.map { filled > $0 } ?? false }
    }

    /// Nil for a unit that the norm does not ask anything of.
    func judge(_ norm: NormLine, at here: Int, _ tree: Tree, staff filled: (Int, Int) -> Int64) -> Judged? {
        guard tree.exists[here], isOf(norm.units, here) else { return nil }
        if let holding = norm.holding, filled(here, holding) == 0 { return nil }
        let own = filled(here, norm.staff)
        if let asked = unitGroups[norm.units].atLeast {
            guard let number = tree.number(asked.count, at: here) else { return Judged(filled: own, required: nil, most: nil) }
            if number < asked.least { return nil }
        }
        return Judged(filled: own, required: amount(norm.least, at: here, tree), most: norm.most.flatMap { amount($0, at: here, tree) })
    }

    private func amount(_ amount: Policy.Amount, at here: Int, _ tree: Tree) -> Int64? {
        func part(_ number: Int64, _ share: Ratio) -> Int64 { (number * share.numerator + share.denominator - 1) / share.denominator }
        switch amount {
        case .fixed(let posts): return posts
        case .brackets(let count, let brackets):
            return tree.number(count, at: here).flatMap { number in brackets.last { $0.from <= number }?.posts }
        case .ofCount(let count, let share): return tree.number(count, at: here).map { part($0, share) }
        case .ofUnitsBelow(let group, let share):
            return before[group].map { part(Int64($0[Int(tree.end[here])] - $0[here + 1]), share) }
        }
    }
}

/// What one person counts beyond the primary post, or some people together.
struct Tally: Sendable {
    struct Training: Hashable, Sendable {
        let line: Int
        /// Position of the host.
        let host: Int
        let title: String
        let from: Int32
        let to: Int32
    }
    /// A stretch of days on which a post of a vacancy rule was filled.
    struct Span: Hashable, Sendable {
        let rule: Int
        let organization: Int32
        let person: Int32
        let from: Int32
        let to: Int32
    }

    /// By place in the table of sums: unit × width + slot.
    var cells: [Int: Int64] = [:]
    /// Places in the table of posts: unit × kinds of staff + kind.
    var staff: [Int] = []
    var trainings: [Training: Int32] = [:]
    var spans: [Span] = []
}

extension Assessment {
    /// Adds what a person counts beyond the primary post.
    func tally(
        _ person: Int, _ columns: Columns, _ tree: Tree, _ lens: Lens, _ sums: UnsafeMutablePointer<Int64>, into tally: inout Tally
    ) {
        let width = slotCount
        func add(_ head: UInt64, at unit: Int, _ cells: inout [Int: Int64]) {
            lens.tellHead(head, unit, sums) { cells[$0 * width + $1, default: 0] += $2 }
        }
        if clockGroups != 0 {
            for head in clocks(of: person, columns, tree) {
                for fact in 0..<policyFactCount { sums[fact] = 0 }
                gather(head, of: person, columns, into: sums)
                add(1 << UInt64(truncatingIfNeeded: head.group), at: Int(head.unit), &tally.cells)
            }
        }
        if termGroups != 0 {
            for head in termHeads(of: person, columns, tree) {
                gather(head, of: person, columns, into: sums)
                add(1 << UInt64(truncatingIfNeeded: head.group), at: Int(head.unit), &tally.cells)
                if head.isOver {
                    for (index, line) in lines.enumerated() where line.group == head.group && line.shape == .share && !isMet(index, sums) {
                        tally.cells[Int(head.unit) * width + line.slot + 2, default: 0] += 1
                    }
                }
            }
        }
        if beyond.facts != 0 { tallyRecords(person, columns, tree, lens, into: &tally) }
        if !beyond.staff.isEmpty || !beyond.vacancies.isEmpty { tallyPosts(person, columns, tree, into: &tally) }
    }

    private func tallyRecords(_ person: Int, _ columns: Columns, _ tree: Tree, _ lens: Lens, into tally: inout Tally) {
        let width = slotCount, holdings = beyond.times.isEmpty ? [] : columns.holdings(of: person)
        columns.forEachRow(of: person) { row in
            let facts = lens.facts(of: row, unit: -1, asked: beyond.facts)
            if facts == 0 { return }
            let sign: Int64 = row.isReversal ? -1 : 1
            func counts(_ counted: Beyond.Counted) -> Bool {
                facts & 1 << UInt32(truncatingIfNeeded: counted.fact) != 0 && window(of: counted.fact)?.contains(row.to) ?? false
            }
            for counted in beyond.times where !holdings.isEmpty && counts(counted) {
                let units = unitsInTerm(counted.group, holdings, on: row.to, columns, tree)
                for unit in units { tally.cells[Int(unit) * width + counted.slot, default: 0] += sign }
                for unit in Set(units.flatMap { tree.upwards(from: $0) }) { tally.cells[Int(unit) * width + counted.slot + 1, default: 0] += sign }
            }
            guard let host = host(of: row) else { return }
            for counted in beyond.hosted where counts(counted) {
                tally.cells[host * width + counted.slot, default: 0] += sign
                if counted.below.contains(tree.kind[host]) { tally.cells[host * width + counted.slot + 1, default: 0] += sign }
            }
            for counted in beyond.trainings where counts(counted) && (!counted.isForCategories || hasCategory(person, on: row.to, columns)) {
                tally.trainings[training(row, host, counted.line, columns), default: 0] += row.isReversal ? -1 : 1
            }
        }
    }

    func training(_ row: Columns.Row, _ host: Int, _ line: Int, _ columns: Columns) -> Tally.Training {
        let title = columns.kinds.profileValues[Int(columns.kinds.profiles[Int(row.kind)])].title
        return Tally.Training(line: line, host: host, title: title, from: row.from, to: row.to)
    }

    /// Whether somebody held a post with a 人员类别 on a day, of whichever policy.
    func hasCategory(_ person: Int, on day: Int32, _ columns: Columns) -> Bool {
        var has = false
        columns.forEachPost(of: person) { post in
            if post.from <= day, day < post.to, !columns.descriptions.values[post.description].category.isEmpty { has = true }
        }
        return has
    }

    /// The distinct units in which somebody is in a term of a group on a day.
    func unitsInTerm(_ group: Int, _ holdings: [Columns.Held], on day: Int32, _ columns: Columns, _ tree: Tree) -> Set<Int32> {
        let terms = policy.groups[group].terms ?? []
        return Set(holdings.filter { $0.from <= day && day < $0.to && terms.contains(columns.holdingKeys.values[Int($0.key)]) }
            .map { tree.position[Int($0.organization)] })
    }

    private func tallyPosts(_ person: Int, _ columns: Columns, _ tree: Tree, into tally: inout Tally) {
        var places: [Int] = []
        columns.forEachPost(of: person) { post in
            let groups = descriptionGroups[post.description]
            for (rule, vacancy) in beyond.vacancies.enumerated() where groups & 1 << UInt64(truncatingIfNeeded: vacancy.vacancy.posts) != 0 {
                tally.spans.append(Tally.Span(
                    rule: rule, organization: post.organization, person: Int32(truncatingIfNeeded: person), from: post.from, to: post.to))
            }
            guard post.from <= day, day < post.to else { return }
            for (number, staff) in beyond.staff.enumerated() where groups & 1 << UInt64(truncatingIfNeeded: staff.posts) != 0 {
                places += units(of: staff, for: tree.position[Int(post.organization)], tree).map { Int($0) * beyond.staff.count + number }
            }
        }
        // Distinct people: two posts of one person in a unit fill one place.
        tally.staff += places.count < 2 ? places : Array(Set(places))
    }

    /// The units for which a post in a unit counts.
    func units(of staff: Beyond.Staff, for unit: Int32, _ tree: Tree) -> [Int32] {
        guard let within = staff.within, let above = staff.above else { return [unit] }
        guard tree.exists[Int(unit)], beyond.isOf(within, Int(unit)) else { return [] }
        return tree.upwards(from: unit).dropFirst().filter { beyond.isOf(above, Int($0)) }
    }

    // MARK: Terms of office

    struct TermHead {
        /// The holding, as number in the person's order.
        let number: Int
        let held: Columns.Held
        let group: Int
        let unit: Int32
        /// Not in office any more, or past the day on which it should have ended: what is unmet stays so.
        let isOver: Bool
    }

    /// The person's terms in the groups of terms that are counted this year (rules.md B, reading 3).
    func termHeads(of person: Int, _ columns: Columns, _ tree: Tree) -> [TermHead] {
        var heads: [TermHead] = []
        for (number, held) in columns.holdings(of: person).enumerated() {
            guard held.from <= day, held.to > yearStart, !(held.isLeftEarly && held.to <= day) else { continue }
            let unit = tree.position[Int(held.organization)], key = columns.holdingKeys.values[Int(held.key)]
            var groups = termGroups & unitGroups[Int(unit)]
            while groups != 0 {
                let group = groups.trailingZeroBitCount
                groups &= groups - 1
                guard policy.groups[group].terms?.contains(key) == true else { continue }
                heads.append(TermHead(number: number, held: held, group: group, unit: unit, isOver: held.to <= day || held.due <= day))
            }
        }
        return heads
    }

    /// The days of a term on which training counts; nil where there are none yet.
    func window(of held: Columns.Held) -> ClosedRange<Int32>? {
        let last = min(held.to - 1, lastDay)
        return held.from <= last ? held.from...last : nil
    }

    /// What the facts of a term add up to.
    func gather(_ head: TermHead, of person: Int, _ columns: Columns, into sums: UnsafeMutablePointer<Int64>) {
        for fact in 0..<policyFactCount { sums[fact] = 0 }
        guard let window = window(of: head.held) else { return }
        let asked = groupFacts[head.group]
        columns.forEachRow(of: person) { row in
            var facts = facts(of: row, unit: head.unit, asked: asked)
            while facts != 0 {
                let fact = facts.trailingZeroBitCount
                sums[fact] += value(of: row, fact: fact, from: window.lowerBound, to: window.upperBound)
                facts &= facts - 1
            }
        }
    }
}
