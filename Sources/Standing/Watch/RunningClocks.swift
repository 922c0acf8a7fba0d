import Access
import Figures
import Kit
import Rules

/// Clocks that run out soon: people new to a post who must be trained within a time (A14, C10) and have not been yet, and posts
/// that have been empty so long that the policy warns of it (C2). How soon and how long, the policy says.
package struct RunningClocks: Sendable {
    package struct Clock: Sendable, Hashable {
        package let personID: Int64
        package let unitID: Int64
        package let due: Day
        /// The rule's title.
        package let rule: String
        /// How many days ahead the policy has it told.
        package let daysAhead: Int
        /// The list of names behind the figure.
        package let link: String
    }

    /// A post that nobody has held for so many days that the policy warns of it.
    package struct Vacancy: Sendable, Hashable {
        package let unitID: Int64
        package let from: Day
        /// The last day for filling it; it may be over.
        package let due: Day
        package let rule: String
        /// The days after which it is warned of, as many as have passed.
        package let passed: Int
        /// The list of vacancies behind the figure.
        package let link: String
    }

    /// By the day they run out.
    package let clocks: [Clock]
    package let vacancies: [Vacancy]

    /// In the units and everything below them, of each person under the policies that bind the unit of the post today.
    package static func read(_ units: [Int64], _ view: Facts.View, today: Day) -> RunningClocks {
        let tree = view.tree(on: today)
        var found: [Clock] = [], empty: [Vacancy] = [], bound: [Int64: Set<String>] = [:]
        func binds(_ policy: Policy, _ unit: Int64) -> Bool {
            let ids = bound[unit] ?? Set(view.bindings.policies(at: unit, on: today).map(\.id))
            bound[unit] = ids
            return ids.contains(policy.id)
        }
        for unit in units {
            guard let number = view.number(ofOrganization: unit) else { continue }
            for policy in view.bindings.policies(inSubtreeOf: unit, on: today, tree) where policy.years.contains(today.year) {
                let told = policy.lines.indices.filter { policy.groups[policy.lines[$0].group].remindDaysBefore != nil }
                let posts = policy.lines.indices.compactMap { line -> (Int, Policy.Vacancy)? in
                    if case .vacancy(let rule) = policy.lines[line].shape, !rule.warnings.isEmpty { (line, rule) } else { nil }
                }
                guard !told.isEmpty || !posts.isEmpty else { continue }
                let cube = view.cube(policy, year: today.year, day: today), links = FigureAddress(policy: policy, unit: unit, year: today.year)
                for line in told {
                    let daysAhead = policy.groups[policy.lines[line].group].remindDaysBefore ?? 0
                    for head in cube.explain(line, unit: number, subtree: true).running where !head.isMet {
                        let place = view.organizationID(head.organization)
                        guard let due = head.due, due >= today.number, due <= today.number + Int32(clamping: daysAhead), binds(policy, place) else { continue }
                        found.append(Clock(
                            personID: view.personID(head.person), unitID: place, due: Day(number: due), rule: policy.rules[policy.lines[line].rule].title,
                            daysAhead: daysAhead, link: links.names(line)))
                    }
                }
                for (line, rule) in posts {
                    for one in cube.explain(line, unit: number, subtree: true).vacancies where one.filled == nil {
                        let place = view.organizationID(one.organization), days = Int(today.number - one.from)
                        guard let passed = rule.warnings.filter({ $0 <= days }).max(), binds(policy, place) else { continue }
                        empty.append(Vacancy(
                            unitID: place, from: Day(number: one.from), due: Day(number: one.due), rule: policy.rules[policy.lines[line].rule].title,
                            passed: passed, link: links.names(line)))
                    }
                }
            }
        }
        return RunningClocks(
            clocks: found.sorted { ($0.due, $0.personID, $0.rule) < ($1.due, $1.personID, $1.rule) },
            vacancies: empty.sorted { ($0.due, $0.unitID, $0.rule) < ($1.due, $1.unitID, $1.rule) })
    }

    /// One for each rule, the first to run out before the others.
    func tasks(on today: Day) -> [DayTask] {
        Dictionary(grouping: vacancies, by: \.rule).sorted { ($0.value[0].due, $0.key) < ($1.value[0].due, $1.key) }.map { rule, vacancies in
            let over = vacancies.count { $0.due < today }, next = vacancies.first { $0.due >= today }, longest = vacancies.map { today - $0.from }.max() ?? 0
            let notes = [over == 0 ? "" : over == vacancies.count ? "都已过期限" : "其中 \(over) 处已过期限", next.map { $0.due == today ? "最近的今天到期" : "最近的还有 \($0.due - today) 天" } ?? ""]
            return DayTask(
                count: Numbers.count(vacancies.count), words: "处空缺还没有补上（“\(rule)”），空得最久的已有 \(longest) 天", link: vacancies[0].link,
                note: notes.filter { !$0.isEmpty }.joined(separator: "，"))
        } + Dictionary(grouping: clocks, by: \.rule).sorted { ($0.value[0].due, $0.key) < ($1.value[0].due, $1.key) }.map { rule, clocks in
            let days = clocks[0].due - today, daysAhead = clocks.map(\.daysAhead).max() ?? 0
            return DayTask(
                count: Numbers.count(clocks.count), words: "人的“\(rule)”将在 \(daysAhead) 天内到期", link: clocks[0].link,
                note: days == 0 ? "最早的今天到期" : "最早的还有 \(days) 天")
        }
    }
}
