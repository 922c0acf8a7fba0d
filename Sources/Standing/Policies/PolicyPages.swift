import Figures
import Kit
import Register
import Rules

/// 政策: the documents that are loaded, and each of them clause by clause.
enum PolicyPages {
    /// How one policy stands towards the unit of the viewer.
    enum Stand: Sendable {
        /// Binds today, through whom: the adopting unit, or nobody where it is the only one.
        case binds(Adoption?, by: String)
        /// Bound before, will bind, or does not bind.
        case over, toCome, not

        var words: String {
            switch self {
            case .binds(nil, _): "约束本单位（没有单位采用，是这一主题唯一在期的文件）"
            case .binds(let adoption?, let name): "约束本单位（\(name)自 \(adoption.from) 起采用）"
            case .over: "已结束"
            case .toCome: "还没有开始"
            case .not: "不约束本单位"
            }
        }
    }

    struct Row: Sendable {
        let policy: Policy
        let stand: Stand
        /// How many units that the viewer may see have adopted it and hold to it today.
        let adopters: Int
    }

    /// The unit that pages of policies tell about, and what the viewer may do there.
    struct Place: Sendable {
        let id: Int64
        let name: String
        let mayKeep: Bool
        /// The topmost units of the viewer, to choose another.
        let others: [(id: Int64, name: String)]
    }

    // MARK: All

    static func list(_ rows: [Row], undecided: [[Policy]], _ place: Place) -> Page {
        let bound = rows.filter { if case .binds = $0.stand { true } else { false } }
        let subjects = rows.map(\.policy.subject).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return Page(
            "政策", subtitle: "\(place.name)", menu: "policies", actions: linkButton("本单位采用的政策", "/organizations/\(place.id)/policies", .plain),
            body: """
                \(answerBox(bound.isEmpty ? "今天没有约束\(place.name)的政策。" : "今天约束\(place.name)的政策有 <b>\(bound.count)</b> 份：\(bound.map(\.policy.title).joined(separator: "、"))。"))\
                \(places(place) { "/policies?unit=\($0)" })\
                \(undecided.html { files in
                    notice(.problem, "“\(files[0].subjectWord)”有 \(files.count) 份在期的政策，没有单位采用其中一份，所以都不约束本单位：\(files.map(\.title).joined(separator: "、"))。请采用其中一份。")
                })\
                \(subjects.html { subject in
                    let own = rows.filter { $0.policy.subject == subject }
                    return panel(own[0].policy.subjectWord, plainTable(["文件", "期间", "怎样盯", "采用的单位", "与本单位"], numbers: [3], own.map { row($0, place) }))
                })
                """)
    }

    private static func row(_ row: Row, _ place: Place) -> [HTML] {
        let policy = row.policy, calendar = policy.duties.count { $0.kind == .calendar }, duties = policy.duties.count - calendar
        let watched = [(policy.rules.count, "项指标"), (calendar, "项每年的事"), (duties, "项职责")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return [
            "<a class=\"door\" href=\"/policies/\(policy.id)?unit=\(place.id)\">\(policy.title)</a>\(policy.isException ? tag("局部例外") : "")", "\(period(policy))",
            "\(watched.joined(separator: "，"))", "\(row.adopters)", badge(row.stand),
        ]
    }

    private static func badge(_ stand: Stand) -> HTML {
        switch stand {
        case .binds: tag("约束本单位")
        case .over, .toCome, .not: tag(stand.words)
        }
    }

    private static func period(_ policy: Policy) -> String { "\(Day(number: policy.periodStart)) 至 \(Day(number: policy.periodEnd))" }

    private static func places(_ place: Place, _ link: (Int64) -> String) -> HTML {
        guard place.others.count > 1 else { return "" }
        return "<p>\(segmented("单位", place.others.map { ($0.name, link($0.id), $0.id == place.id) }))</p>"
    }

    // MARK: One

    struct Shown: Sendable {
        let row: Row
        let place: Place
        let clauses: [Clause]
        /// By the rule's place, in the year and on the day that the links name.
        let standings: [Int: ClauseStanding]
        let links: FigureAddress
        let asOf: Day
        /// The kind of the viewer's unit.
        let kind: String
        let vocabulary: Vocabulary
        /// What the viewer may see of who has adopted it, by the tree and the first day.
        let adoptions: [(adoption: Adoption, unit: String, link: String?)]
        let today: Day
    }

    static func one(_ shown: Shown) -> Page {
        let policy = shown.row.policy, place = shown.place
        return Page(
            policy.title, subtitle: "\(policy.subjectWord) · \(period(policy))", menu: "policies", crumbs: [Page.Crumb("政策", "/policies?unit=\(place.id)")],
            actions: """
                \(policy.lines.isEmpty ? "" : linkButton("指标", shown.links.page, .plain))\
                \(place.mayKeep ? linkButton("由\(place.name)采用", "/organizations/\(place.id)/policies/adopt?policy=\(Fields.encode(policy.id))", .primary) : "")
                """,
            body: """
                \(answerBox("\(place.name)：\(shown.row.stand.words)。"))\
                \(places(place) { "/policies/\(policy.id)?unit=\($0)" })\
                \(figures(shown))\(calendar(shown))\(duties(shown))\(adopters(shown))
                """)
    }

    private static func words(_ clause: Clause) -> HTML {
        "<b id=\"\(clause.id)\">\(clause.id)</b> \(clause.title)<details><summary>\(clause.clause)</summary><q>\(clause.quote)</q></details>"
    }

    private static func figures(_ shown: Shown) -> HTML {
        let policy = shown.row.policy
        let rows: [[HTML]] = shown.clauses.compactMap { clause in
            guard case .figure(let rule) = clause.watch, let standing = shown.standings[rule] else { return nil }
            let lines = standing.findings.count, missed = standing.count(.unmet) + standing.count(.pending)
            let told: HTML = standing.judged == 0 ? "" : missed == 0 ? "\(standing.judged) 项都够了" : "\(standing.judged) 项中 \(missed) 项不够"
            let figure = standing.first.map { $0.display.isEmpty ? "—" : $0.display } ?? "—"
            return [
                words(clause), "\(policy.rules[rule].formula)",
                standing.first.map { door(figure, shown.links.names($0.line), hint: policy.rules[rule].formula) } ?? "—",
                "\(verdictBadge(standing.verdict.map { Mark($0) }))\(lines > 1 ? "<br><small>\(told)</small>" as HTML : "")",
            ]
        }
        return rows.isEmpty ? "" : panel("用指标盯的", note: "\(shown.links.year) 年，截至 \(shown.asOf)，\(shown.place.name)含下级", plainTable(["条款", "算法", "实际", "现在"], numbers: [2], rows))
    }

    private static func calendar(_ shown: Shown) -> HTML {
        let rows: [[HTML]] = shown.clauses.compactMap { clause in
            guard case .duty(let duty) = clause.watch, duty.kind == .calendar else { return nil }
            let items: HTML = duty.items.isEmpty ? "" : "<ul>\(duty.items.html { "<li>\($0.word)<small class=\"sub\"> \($0.clause)</small></li>" })</ul>"
            return [words(clause) + items, owed(duty, shown), due(duty, shown)]
        }
        return rows.isEmpty ? "" : panel("用日历盯的", note: "每年一次", plainTable(["条款", "应办的单位", "期限"], rows))
    }

    private static func owed(_ duty: Policy.Duty, _ shown: Shown) -> HTML {
        guard let kinds = duty.owedBy else { return "各单位" }
        return "\(kinds.map { shown.vocabulary.organizationKinds.word(of: $0) }.joined(separator: "、"))\(kinds.contains(shown.kind) ? tag("本单位应办", strong: true) : "")"
    }

    /// The next day by which it is due, while the policy runs.
    private static func due(_ duty: Policy.Duty, _ shown: Shown) -> HTML {
        let policy = shown.row.policy, year = shown.today.year
        let next = [year, year + 1].map { Day(number: duty.lastDay(of: $0)) }.first { $0 >= shown.today && policy.speaks(of: $0.number) }
        let each = duty.due.map { "每年 \($0.month) 月 \($0.day) 日前" } ?? "每年"
        return next.map { "\(each)<br><small>下一次到 \($0)</small>" } ?? "\(each)"
    }

    private static func duties(_ shown: Shown) -> HTML {
        let rows: [[HTML]] = shown.clauses.compactMap { clause in
            guard case .duty(let duty) = clause.watch, duty.kind == .duty else { return nil }
            return [words(clause), owed(duty, shown)]
        }
        return rows.isEmpty ? "" : panel("要有、要做的", note: "没有数字，也没有期限", plainTable(["条款", "应办的单位"], rows))
    }

    private static func adopters(_ shown: Shown) -> HTML {
        panel("采用的单位", note: "您能看到的", shown.adoptions.isEmpty
            ? emptyState("没有单位采用", "没有单位采用时，这一主题只有一份在期的文件就约束所有单位。")
            : plainTable(["单位", "起止", "状态"], shown.adoptions.map { one in
                [
                    one.link.map { "<a class=\"door\" href=\"\($0)\">\(one.unit)</a>" } ?? "\(one.unit)", "\(one.adoption.spanInWords)",
                    AdoptionPages.state(one.adoption, shown.row.policy, shown.today),
                ]
            }))
    }
}
