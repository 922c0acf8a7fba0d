import Figures
import Kit
import Register
import Rules

/// Who falls behind below a unit: its own figures in a few counts, and the units below it that miss most.
package struct Laggards: Sendable {
    /// A figure that is missed, and the page of the names behind it.
    package struct Miss: Sendable {
        package let title: String
        package let link: String
        package let shortfall: Finding.Shortfall
        package let isPending: Bool
    }

    package struct Row: Sendable {
        package let unit: OrgTree.Unit
        package let link: String
        package let unmet: Int
        package let pending: Int
        /// The figure of which the least part is there.
        package let worst: Miss?
    }

    package let policy: Policy
    package let year: Int
    package let asOf: Day
    /// Whether the policy speaks of today; of one that is over, or to come, nothing is counted.
    package let isRunning: Bool
    /// Figures of the unit with everything below it.
    package let met: Int
    package let unmet: Int
    package let pending: Int
    package let unknown: Int
    package let link: String
    /// What the unit itself misses, worst first.
    package let misses: [Miss]
    /// Units directly below that miss something, worst first.
    package let rows: [Row]
    /// How many units directly below were looked at.
    package let looked: Int

    /// Under the policy that pages of the unit's figures open with, in the year they open with. Nil for a unit without figures.
    package static func read(_ unit: Int64, _ view: Facts.View, today: Day) -> Laggards? {
        guard let number = view.number(ofOrganization: unit), let (policy, year) = try? view.bindings.opening(at: unit, year: nil, today: today) else { return nil }
        let links = FigureAddress(policy: policy, unit: unit, year: year)
        let asOf = Day(number: policy.referenceDay(year: year, today: today.number))
        guard policy.speaks(of: today.number) else {
            return Laggards(
                policy: policy, year: year, asOf: asOf, isRunning: false, met: 0, unmet: 0, pending: 0, unknown: 0, link: links.page, misses: [], rows: [], looked: 0)
        }
        let cube = view.cube(policy, year: year, day: asOf), tree = view.tree(on: asOf)
        let own = UnitAnswer(cube.findings(unit: number, subtree: true))
        let children = tree.children(of: unit)
        let rows = children.compactMap { child -> Row? in
            guard let number = view.number(ofOrganization: child.id) else { return nil }
            let answer = UnitAnswer(policy.lines.indices.map { cube.finding($0, unit: number, subtree: true, displayed: false) })
            guard answer.unmet + answer.pending > 0 else { return nil }
            return Row(
                unit: child, link: links.with(unit: child.id).page, unmet: answer.unmet, pending: answer.pending,
                worst: answer.worst.first.flatMap { miss($0, links.with(unit: child.id)) })
        }
        return Laggards(
            policy: policy, year: year, asOf: asOf, isRunning: true, met: own.met, unmet: own.unmet, pending: own.pending, unknown: own.unknown,
            link: links.page, misses: own.worst.compactMap { miss($0, links) },
            rows: rows.sorted { ($0.unmet, $0.pending, $1.unit.code) > ($1.unmet, $1.pending, $0.unit.code) }, looked: children.count)
    }

    private static func miss(_ finding: Finding, _ links: FigureAddress) -> Miss? {
        finding.shortfall.map { shortfall in
            let line = links.policy.lines[finding.line]
            return Miss(
                title: "\(links.policy.rules[line.rule].title) · \(line.word)", link: links.names(finding.line), shortfall: shortfall,
                isPending: finding.verdict == .pending)
        }
    }
}
