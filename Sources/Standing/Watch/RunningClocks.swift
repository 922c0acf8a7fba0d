import Access
import Figures
import Kit
import Rules

/// Clocks that run out soon: people new to a post who must be trained within a time (A14, C10) and have not been yet.
package struct RunningClocks: Sendable {
    package struct Clock: Sendable, Hashable {
        package let personID: Int64
        package let unitID: Int64
        package let due: Day
        /// The rule's title.
        package let rule: String
        /// The list of names behind the figure.
        package let link: String
    }

    /// By the day they run out.
    package let clocks: [Clock]

    /// How many days ahead are looked at.
    package static let daysAhead: Int32 = 90

    /// Under every policy in force today, in the units and everything below them.
    package static func read(_ units: [Int64], _ view: Facts.View, _ library: PolicyLibrary, today: Day) -> RunningClocks {
        var found: [Clock] = []
        for policy in library.policies where policy.periodStart <= today.number && today.number <= policy.periodEnd {
            let lines = policy.lines.indices.filter { policy.groups[policy.lines[$0].group].anniversaryYears != nil }
            guard !lines.isEmpty else { continue }
            let cube = view.cube(policy, year: today.year, day: today)
            for unit in units {
                guard let number = view.number(ofOrganization: unit) else { continue }
                for line in lines {
                    let rule = policy.rules[policy.lines[line].rule]
                    let query = [("year", String(today.year)), ("policy", policy.id)] + (policy.lines[line].category.map { [("category", $0)] } ?? [])
                    for head in cube.explain(line, unit: number, subtree: true).running where !head.isMet {
                        guard let due = head.due, due >= today.number, due <= today.number + daysAhead else { continue }
                        found.append(Clock(
                            personID: view.personID(head.person), unitID: view.organizationID(head.organization), due: Day(number: due), rule: rule.title,
                            link: "/figures/\(unit)/\(rule.id)?\(Fields(query).encoded)"))
                    }
                }
            }
        }
        return RunningClocks(clocks: found.sorted { ($0.due, $0.personID, $0.rule) < ($1.due, $1.personID, $1.rule) })
    }

    /// One for each rule, the first to run out before the others.
    func tasks(on today: Day) -> [DayTask] {
        Dictionary(grouping: clocks, by: \.rule).sorted { ($0.value[0].due, $0.key) < ($1.value[0].due, $1.key) }.map { rule, clocks in
            let days = clocks[0].due.number - today.number
            return DayTask(
                count: Numbers.count(clocks.count), words: "人的“\(rule)”将在 \(Self.daysAhead) 天内到期", link: clocks[0].link,
                note: days == 0 ? "最早的今天到期" : "最早的还有 \(days) 天")
        }
    }
}
