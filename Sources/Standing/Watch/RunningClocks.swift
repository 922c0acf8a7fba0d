import Access
import Figures
import Kit
import Rules

/// Clocks that run out soon: people new to a post who must be trained within a time (A14, C10) and have not been yet. How soon, the policy says.
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

    /// By the day they run out.
    package let clocks: [Clock]

    /// In the units and everything below them, of each person under the policies that bind the unit of the post today.
    package static func read(_ units: [Int64], _ view: Facts.View, today: Day) -> RunningClocks {
        let tree = view.tree(on: today)
        var found: [Clock] = [], bound: [Int64: Set<String>] = [:]
        func binds(_ policy: Policy, _ unit: Int64) -> Bool {
            let ids = bound[unit] ?? Set(view.bindings.policies(at: unit, on: today).map(\.id))
            bound[unit] = ids
            return ids.contains(policy.id)
        }
        for unit in units {
            guard let number = view.number(ofOrganization: unit) else { continue }
            for policy in view.bindings.policies(inSubtreeOf: unit, on: today, tree) where policy.years.contains(today.year) {
                let told = policy.lines.indices.filter { policy.groups[policy.lines[$0].group].remindDaysBefore != nil }
                guard !told.isEmpty else { continue }
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
            }
        }
        return RunningClocks(clocks: found.sorted { ($0.due, $0.personID, $0.rule) < ($1.due, $1.personID, $1.rule) })
    }

    /// One for each rule, the first to run out before the others.
    func tasks(on today: Day) -> [DayTask] {
        Dictionary(grouping: clocks, by: \.rule).sorted { ($0.value[0].due, $0.key) < ($1.value[0].due, $1.key) }.map { rule, clocks in
            let days = clocks[0].due - today, daysAhead = clocks.map(\.daysAhead).max() ?? 0
            return DayTask(
                count: Numbers.count(clocks.count), words: "人的“\(rule)”将在 \(daysAhead) 天内到期", link: clocks[0].link,
                note: days == 0 ? "最早的今天到期" : "最早的还有 \(days) 天")
        }
    }
}
