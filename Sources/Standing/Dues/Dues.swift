import Access
import Figures
import Kit
import Register
import Rules

/// What one person is asked to learn by the policies, how far it is done and by when: every line that asks something of
/// everybody in its group (`at-least: all`), as the same engine judges it that judges the units.
package struct Dues: Sendable {
    /// What runs out when.
    package enum Span: Hashable, Sendable {
        case year, period
        /// A clock that began when the person took office in a unit.
        case clock(from: Day, organization: Int64)
    }

    package struct Item: Sendable {
        package let rule: String
        package let title: String
        package let clause: String
        package let quote: String
        package let span: Span
        /// Met, unmet or pending.
        package let verdict: Verdict
        /// The last day on which training counts.
        package let deadline: Day
        /// Any of them suffices; the nearest to being met first.
        package let alternatives: [[Need]]
    }

    /// One bound and how far the person is; hours in hundredths, calendar days or records.
    package struct Need: Hashable, Sendable {
        /// Key of the policy's fact.
        package let fact: String
        /// What it is hours or records of: 脱产培训.
        package let account: String
        package let measure: Policy.Measure
        package let had: Int
        package let needed: Int
        package var lacking: Int { max(0, needed - had) }
    }

    /// An account of hours of the year: what was done, and what is asked of the person or of the unit per head.
    package struct Account: Sendable {
        package let fact: String
        package let word: String
        package let had: Int
        package let item: Item?
        /// What the unit is to reach per head, where the person alone owes nothing.
        package let mean: Int?
    }

    /// One policy in one year.
    package struct Section: Sendable {
        package enum Stage: Sendable { case before, running, over }
        package let policy: Policy
        package let year: Int
        /// Training counts up to here.
        package let asOf: Day
        /// Whether the year is still to come, runs or is over.
        package let stage: Stage
        package let accounts: [Account]
        package let items: [Item]

        package var periodEnd: Day { Day(number: policy.periodEnd) }
        /// Items of the year that are not the target of an account of hours.
        package var others: [Item] {
            let shown = Set(accounts.compactMap(\.item?.rule))
            return items.filter { $0.span == .year && !shown.contains($0.rule) }
        }
    }

    package let sections: [Section]
    package let today: Day
    /// Years that can be asked for, the latest first.
    package let years: [Int]

    package var items: [Item] { sections.flatMap(\.items) }
    package var clocks: [Item] { items.filter { if case .clock = $0.span { true } else { false } } }

    /// The dues of a person of a unit, by the policies that bind it. `year` asks for another year than today's; each policy answers for the
    /// nearest it speaks of, and one that has a successor is silent.
    package init(of person: Int32, at unit: Int64?, _ view: Facts.View, year: Int?, today: Day) {
        self.today = today
        let wanted = year ?? today.year, bound = view.bindings.nearest(at: unit, on: .lastDay(of: wanted)).filter { !$0.lines.isEmpty }
        years = Self.spoken(by: bound.first, at: unit, view.bindings, today)
        sections = bound.map { policy in
            let year = min(max(wanted, policy.years.lowerBound), policy.years.upperBound)
            let asOf = Day(number: policy.referenceDay(year: year, today: today.number))
            let cube = view.cube(policy, year: year, day: asOf)
            func need(_ need: Cube.Need) -> Need { Need(need, policy) }
            // A clock that still ran when the policy ended is judged by nobody.
            let owed = cube.standing(of: person).filter { $0.isOwed && !($0.verdict == .pending && $0.deadline < today.number) }
            let items = owed.map { standing in
                let line = policy.lines[standing.line], windows = Set(standing.facts.map { policy.facts[$0].window })
                let span: Span = windows.contains(.clock)
                    ? .clock(from: Day(number: standing.head.from), organization: view.organizationID(standing.head.organization))
                    : windows.contains(.period) ? .period : .year
                return Item(
                    rule: policy.rules[line.rule].id, title: policy.rules[line.rule].title, clause: line.clause, quote: line.quote, span: span,
                    verdict: standing.verdict, deadline: Day(number: standing.deadline),
                    alternatives: Self.nearestFirst(cube.needs(of: standing).map { $0.map(need) }))
            }
            let means = cube.means(of: person).map(need)
            let accounts = policy.facts.indices.filter { policy.facts[$0].measure == .hours && policy.facts[$0].window == .year && policy.facts[$0].forms != nil }
                .map { index -> Account in
                    let fact = policy.facts[index]
                    let item = items.first { item in item.span == .year && item.alternatives.allSatisfy { $0.allSatisfy { $0.fact == fact.key } } }
                    return Account(
                        fact: fact.key, word: fact.account, had: Int(cube.amount(fact: index, of: person)), item: item,
                        mean: item == nil ? means.first { $0.fact == fact.key }?.needed : nil)
                }
            let stage: Section.Stage = Day.firstDay(of: year) > today ? .before : Day.lastDay(of: year) < today ? .over : .running
            // What the accounts show comes first and in their order, so that sentence and lines agree.
            let order = accounts.compactMap(\.item?.rule)
            let sorted = items.enumerated().sorted { (order.firstIndex(of: $0.element.rule) ?? .max, $0.offset) < (order.firstIndex(of: $1.element.rule) ?? .max, $1.offset) }.map(\.element)
            return Section(policy: policy, year: year, asOf: asOf, stage: stage, accounts: accounts, items: sorted)
        }
    }

    /// The last few years in which a policy of the first subject bound the unit, the latest first; where none has yet, the first in which one will.
    private static func spoken(by first: Policy?, at unit: Int64?, _ bindings: Bindings, _ today: Day) -> [Int] {
        guard let first else { return [] }
        let spoken = bindings.years(of: first.subject, at: unit)
        return spoken.filter { $0 <= max(today.year, spoken.first ?? today.year) }.suffix(5).reversed()
    }

    /// The alternative that lacks the smallest part of what it asks comes first: it is what one is told to do.
    static func nearestFirst(_ alternatives: [[Need]]) -> [[Need]] {
        // Parts in a thousand, rounded up, so that something lacking is never nothing.
        func lacking(_ needs: [Need]) -> Int { needs.map { ($0.lacking * 1000 + $0.needed - 1) / max(1, $0.needed) }.max() ?? 0 }
        return alternatives.enumerated().sorted { (lacking($0.element), $0.element.first?.needed ?? 0, $0.offset) < (lacking($1.element), $1.element.first?.needed ?? 0, $1.offset) }
            .map(\.element)
    }
}

extension Dues.Need {
    init(_ need: Cube.Need, _ policy: Policy) {
        let fact = policy.facts[need.fact]
        self.init(fact: fact.key, account: fact.account, measure: fact.measure, had: Int(need.had), needed: Int(need.needed))
    }

    /// An amount of this need's measure: `26 学时`, `12 天`, `1 次`.
    func words(_ amount: Int) -> String {
        switch measure {
        case .hours: "\(Numbers.hours(amount)) 学时"
        case .calendarDays: "\(Numbers.count(amount)) 天"
        case .records, .trainings: "\(Numbers.count(amount)) 次"
        }
    }
}

extension Dues {
    /// What is still to be done, by the shortest way: `26 学时脱产培训`.
    static func lackingInWords(_ alternatives: [[Need]]) -> String {
        (alternatives.first ?? []).filter { $0.lacking > 0 }.map { "\($0.words($0.lacking))\($0.account)" }.joined(separator: "和")
    }
}

extension Dues.Item {
    var lackingInWords: String { Dues.lackingInWords(alternatives) }
}
