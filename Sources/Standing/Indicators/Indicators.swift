import Figures
import Kit
import Rules

/// A question about figures, as the command line puts it.
package struct IndicatorsAsk: Sendable {
    /// Nil for the one that binds the unit in the year.
    package var policy: String?
    package var year: Int
    /// 单位编码.
    package var unit: String
    package var subtree: Bool
    package var asOf: Day?
    package var rule: String?
    package var category: String?

    package init(policy: String? = nil, year: Int, unit: String, subtree: Bool, asOf: Day? = nil, rule: String? = nil, category: String? = nil) {
        self.policy = policy
        self.year = year
        self.unit = unit
        self.subtree = subtree
        self.asOf = asOf
        self.rule = rule
        self.category = category
    }
}

/// What figures are asked of: a unit alone or with its subtree, under a policy, in a year, as of a day.
package struct FigureFrame: Sendable {
    package let policy: Policy
    package let year: Int
    package let asOf: Day
    package let unitID: Int64
    package let unitCode: String
    package let unitName: String
    package let subtree: Bool
    /// The unit's number in the columns.
    let number: Int32

    init(policy: Policy, year: Int, asOf: Day?, unitID: Int64, number: Int32, subtree: Bool, view: Facts.View, today: Day) {
        self.policy = policy
        self.year = year
        let day = asOf ?? Day(number: policy.referenceDay(year: year, today: today.number))
        self.asOf = day
        self.unitID = unitID
        self.number = number
        self.subtree = subtree
        unitCode = view.history.organizations[unitID]?.code ?? ""
        unitName = view.history.version(unitID, on: day)?.facts.name ?? view.history.name(unitID)
    }
}

/// The findings of one unit.
package struct UnitFindings: Sendable {
    package let frame: FigureFrame
    package let findings: [Finding]

    package init(_ frame: FigureFrame, _ view: Facts.View) {
        self.frame = frame
        findings = view.cube(frame.policy, year: frame.year, day: frame.asOf).findings(unit: frame.number, subtree: frame.subtree)
    }

    private init(_ frame: FigureFrame, _ findings: [Finding]) {
        self.frame = frame
        self.findings = findings
    }

    func only(rule: String?, category: String?) -> UnitFindings {
        UnitFindings(frame, findings.filter { (rule == nil || $0.rule == rule) && (category == nil || $0.category == category) })
    }

    package func title(of finding: Finding) -> String { frame.policy.rules[frame.policy.lines[finding.line].rule].title }
    /// Whom the finding is about, as screens say it.
    package func subject(of finding: Finding) -> String { frame.policy.lines[finding.line].word }
}

/// The people behind one figure of a unit.
package struct UnitExplanation: Sendable {
    package let frame: FigureFrame
    package let explanation: Explanation

    package init(_ frame: FigureFrame, line: Int, _ view: Facts.View) {
        self.frame = frame
        explanation = view.cube(frame.policy, year: frame.year, day: frame.asOf).explain(line, unit: frame.number, subtree: frame.subtree)
    }

    package var line: Policy.Line { frame.policy.lines[explanation.finding.line] }
    package var rule: Policy.Rule { frame.policy.rules[line.rule] }

    /// Whether it is about people, as it stands today, and what they lack may still be done: in a year that runs.
    func isOpen(today: Day) -> Bool {
        switch line.shape {
        case .share, .mean: frame.asOf == Day(number: frame.policy.referenceDay(year: frame.year, today: today.number)) && Day.lastDay(of: frame.year) >= today
        case .total, .norm, .vacancy, .times, .hosted, .trainings: false
        }
    }
}

/// Figures as they are asked for on the command line.
package enum Indicators {
    /// Refusals that are a wrong use of the command (64); the others say that there is no such data (65).
    package static let wrongUse: Set<String> = ["indicators.policy", "indicators.rule", "indicators.category"]

    /// All findings of a unit, or those of one rule or category.
    package static func findings(_ ask: IndicatorsAsk, facts: Facts, today: Day) throws -> UnitFindings {
        let view = try facts.viewNow(), policy = try policy(ask, view, facts.library)
        return UnitFindings(try frame(ask, policy, view, today), view).only(rule: ask.rule, category: ask.category)
    }

    /// Numerator and denominator of one figure by name. Without a category the whole-unit figure is meant; where a rule
    /// has only one finding, that one.
    package static func explanation(_ ask: IndicatorsAsk, facts: Facts, today: Day) throws -> (UnitExplanation, Facts.View) {
        let view = try facts.viewNow(), policy = try policy(ask, view, facts.library)
        guard let id = ask.rule, let rule = policy.rule(id) else { throw unknownRule(ask.rule ?? "", policy) }
        let index: Int
        if let line = policy.line(rule: id, category: ask.category) {
            index = line
        } else if ask.category == nil, rule.lines.count == 1 {
            index = rule.lines.lowerBound
        } else {
            let keys = rule.lines.compactMap { policy.lines[$0].category }
            throw Refusal("indicators.category", "\(id) 分类别计算，请用 --category 指明是哪一类：\(keys.joined(separator: "、"))。")
        }
        return (UnitExplanation(try frame(ask, policy, view, today), line: index, view), view)
    }

    /// The policy that is named, else the one that binds the unit on the year's last day and has the rule and category that are asked for.
    private static func policy(_ ask: IndicatorsAsk, _ view: Facts.View, _ library: PolicyLibrary) throws -> Policy {
        guard let named = ask.policy else {
            if let rule = ask.rule, !library.policies.contains(where: { $0.rule(rule) != nil }) {
                throw Refusal("indicators.rule", "加载的政策里都没有编号为“\(rule)”的指标；请核对。")
            }
            return try view.bindings.only(at: unit(ask, view).id, year: ask.year) { policy in
                guard let rule = ask.rule else { return !policy.lines.isEmpty }
                return policy.rule(rule).map { rule in ask.category.map { category in rule.lines.contains { policy.lines[$0].category == category } } ?? true } ?? false
            }
        }
        guard let policy = library[named] else {
            throw Refusal("indicators.policy", "没有名为“\(named)”的政策文件；已加载的有：\(library.policies.map(\.id).joined(separator: "、"))。")
        }
        if let rule = ask.rule, policy.rule(rule) == nil { throw unknownRule(rule, policy) }
        if let category = ask.category {
            let lines = ask.rule.flatMap { policy.rule($0) }.map { policy.lines[$0.lines] } ?? policy.lines[...]
            let known = Set(lines.compactMap(\.category))
            guard known.contains(category) else {
                throw Refusal(
                    "indicators.category",
                    known.isEmpty
                        ? "\(ask.rule ?? "") 不分类别，请去掉 --category。"
                        : "没有“\(category)”这一类别；可用的有：\(known.sorted().joined(separator: "、"))。")
            }
        }
        guard policy.years.contains(ask.year) else {
            throw Refusal(
                "indicators.year",
                "\(policy.title)只管 \(policy.years.lowerBound) 至 \(policy.years.upperBound) 年，不含 \(ask.year) 年；请换一个年份。")
        }
        return policy
    }

    private static func unit(_ ask: IndicatorsAsk, _ view: Facts.View) throws -> (id: Int64, number: Int32) {
        guard let id = view.history.id(code: ask.unit), let number = view.number(ofOrganization: id) else {
            throw Refusal("indicators.unit", "没有编码为“\(ask.unit)”的单位；请核对单位编码，或先导入单位。")
        }
        return (id, number)
    }

    private static func unknownRule(_ rule: String, _ policy: Policy) -> Refusal {
        Refusal("indicators.rule", "\(policy.title)里没有编号为“\(rule)”的指标；有：\(policy.rules.map(\.id).joined(separator: "、"))。")
    }

    private static func frame(_ ask: IndicatorsAsk, _ policy: Policy, _ view: Facts.View, _ today: Day) throws -> FigureFrame {
        let (id, number) = try unit(ask, view)
        return FigureFrame(
            policy: policy, year: ask.year, asOf: ask.asOf, unitID: id, number: number, subtree: ask.subtree, view: view, today: today)
    }
}
