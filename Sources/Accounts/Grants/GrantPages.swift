import Access
import Kit
import Register

/// 授权: who may do what where, given by whom and resting on what.
package enum GrantPages {
    // MARK: The list

    struct Shown: Sendable {
        var records: [GrantRecord] = []
        var next: String?
        var which = GrantListStore.Which.now
        /// Units in the scope without a personnel officer.
        var vacancies = Vacancies(units: [])
        var soon = 0
        /// How the account sees this list.
        var views: [SavedView] = []
        /// Names of units by id, those that are no more included.
        var unit: @Sendable (Int64) -> String
    }

    static func list(_ shown: Shown, problem: String?, _ request: WebRequest, _ signedIn: SignedIn) -> Page {
        let today = signedIn.today
        let tasks: [(String, HTML, String, String)] =
            (shown.vacancies.units.isEmpty ? [] : [(Numbers.count(shown.vacancies.units.count), "个单位没有组织人事管理员", "/grants/vacancies", shown.vacancies.left > 0 ? "其中 \(shown.vacancies.left) 个原来有，离任后无人接替" : "由上级代管；可以授权给本单位的人")])
            + (shown.soon > 0 && shown.which != .soon ? [(Numbers.count(shown.soon), "项授权将在 \(GrantNotices.daysAhead) 天内结束", link(request, .soon), "需要延续的重新授权")] : [])
        return Page(
            "授权", subtitle: "\(signedIn.scope.topUnits(for: .granting).map(\.name).joined(separator: "、"))及下级", menu: "grants",
            actions: linkButton("授权", "/grants/new", .primary, icon: .plus),
            body: """
                \(tasks.isEmpty ? "" : panel("待办", taskList(tasks)))\
                <p>\(segmented("看哪些", GrantListStore.Which.allCases.map { ($0.word, link(request, $0), $0 == shown.which) }))</p>\
                \(problem.map { notice(.problem, "\($0)") })\
                \(panel("授权", SavedViewPages.bar(shown.views, request.list, signedIn.token) + dataTable(
                    "授权", ask: request.list,
                    columns: columns(today, shown.unit),
                    rows: shown.records, next: shown.next, export: shown.records.isEmpty ? nil : (ListFile.link(request.list), signedIn.token),
                    empty: shown.which == .now ? nil : "这一栏里没有授权。", seeking: signedIn.token)))
                """)
    }

    static func columns(_ today: Day, _ unit: @escaping (Int64) -> String) -> [ListColumn<GrantRecord>] {
        [
            .text("姓名", "who", filter: .text) { record in
                personChip(record.account.displayName, note: record.account.name, link: "/grants/\(record.id)")
            }.inSheet { CellContent("\($0.account.displayName)（\($0.account.name)）") },
            .text("身份", "role", filter: .choices(Role.allCases.map { Choice($0.rawValue, $0.word) })) { "\($0.grant.role.word)" },
            .text("单位（含下级）", "unit", filter: .text, wraps: true) { "\(unit($0.grant.organizationID))" },
            .text("有效期", "span") { span($0, today) },
            .text("依托的任职", "post", wraps: true) { "\(rests($0, unit))" },
            .text("谁授的", "given") { personChip($0.given.who, note: "\($0.given.day)") }.inSheet { CellContent("\($0.given.who) \($0.given.day)") },
        ]
    }

    private static func link(_ request: WebRequest, _ which: GrantListStore.Which) -> String {
        PageAddress("/grants", request.query).with("after", nil).with("which", which == .now ? nil : which.rawValue).link
    }

    // MARK: Words

    /// `2022-03-01 至 2022-06-30`, with what stands out about it.
    package static func span(_ record: GrantRecord, _ today: Day) -> HTML {
        let words = record.grant.from < record.grant.to ? span(record.grant.from, record.grant.to) : record.ended?.day == record.grant.from ? "\(record.grant.from) 当天" : "没有开始"
        let state: HTML = switch record.state(on: today) {
        case .coming: tag("尚未开始")
        case .holds: record.endsSoon(on: today) ? tag("还有 \(record.grant.to - today) 天", strong: true) : ""
        case .over: tag("已结束")
        }
        return "<span class=\"whole\">\(words)</span> \(state)"
    }

    /// `2022-03-01 至 2022-06-30` (the last day), `2022-03-01 起`.
    package static func span(_ from: Day, _ to: Day) -> String {
        if to == .open { return from == .always ? "长期" : "\(from) 起" }
        return from == .always ? "到 \(to - 1)" : "\(from) 至 \(to - 1)"
    }

    package static func rests(_ record: GrantRecord, _ unit: (Int64) -> String) -> String {
        guard record.grant.appointmentID != nil else { return "不依托任职" }
        guard let post = record.post else { return "原任职记录已撤回或更正" }
        return words(post, unit)
    }

    static func words(_ post: Appointment, _ unit: (Int64) -> String) -> String {
        "\(unit(post.organizationID)) \(post.title)（\(post.spanInWords)）"
    }

    package static func deed(_ deed: GrantRecord.Deed) -> HTML {
        "\(deed.who)，\(deed.day)\(deed.why.isEmpty ? "" : "（\(deed.why)）")"
    }

    // MARK: One

    static func one(_ record: GrantRecord, unit: @Sendable (Int64) -> String, mayEnd: Refusal?, _ filled: FilledForm, _ signedIn: SignedIn) -> Page {
        let today = signedIn.today, isOver = !record.canHold(after: today)
        let seesPerson = record.post.map { signedIn.scope.covers($0.organizationID, for: .seeing) } ?? false
        let name: HTML = record.account.personID.flatMap { seesPerson ? "<a class=\"door\" href=\"/people/\($0)\">\(record.account.displayName)</a>" as HTML : nil } ?? "\(record.account.displayName)"
        let ending: HTML =
            if isOver { "" }
            else if let mayEnd { notice(.hint, "\(mayEnd.sentence)") }
            else {
                panel("结束这项授权", padded(postForm(to: "/grants/\(record.id)/end", token: signedIn.token, """
                    \(filled.problem)\(textField("day", "结束日期", value: filled.text("day", "\(today)"), type: "date", notes: filled.notes("day", hint: "不再有这项权限的第一天；填今天，立即结束。", required: true)))\
                    \(textField("why", "理由", value: filled.text("why"), notes: filled.notes("why", hint: "本人会看到，并随记录长期保存。", required: true), maxLength: 200))\
                    <div class="actions">\(submitButton("下一步：核对"))\(linkButton("返回", "/grants"))</div>
                    """)))
            }
        let sleeps = !isOver && record.state(on: today) == .over
        return Page(
            "\(record.account.displayName)：\(record.grant.role.word)", subtitle: "\(unit(record.grant.organizationID))及下级", menu: "grants",
            crumbs: [Page.Crumb("授权", "/grants")],
            body: """
                \(panel("授权", facts([
                    ("姓名", name), ("账号", "\(record.account.name)（\(record.account.state.word)）"), ("身份", "\(record.grant.role.word)"),
                    ("单位", "\(unit(record.grant.organizationID))及下级"), ("有效期", span(record, today)), ("依托的任职", "\(rests(record, unit))"),
                    ("授予", deed(record.given)),
                ] + (record.ended.map { [("结束", deed($0))] } ?? []))))\
                \(sleeps ? notice(.hint, "所依托的任职现在不在，这项授权随之停用；任职恢复，授权也恢复。不应再恢复的，请在这里结束。") : "")\(ending)
                """)
    }

    /// What ending it from a day comes to, before it is done.
    static func ending(_ record: GrantRecord, day: Day, why: String, isLast: Bool, unit: String, _ signedIn: SignedIn) -> Page {
        let isNow = day <= signedIn.today
        return Page(
            "核对：结束授权", subtitle: "\(record.account.displayName)：\(record.grant.role.word)", menu: "grants",
            crumbs: [Page.Crumb("授权", "/grants"), Page.Crumb(record.account.displayName, "/grants/\(record.id)")],
            body: confirmStep(
                "\(isNow ? "立即" : "自 \(day) 起")结束“\(record.account.displayName)”在\(unit)的“\(record.grant.role.word)”？",
                consequence: """
                    \(isNow ? "正在用的登录会立刻退出。" : "到 \(day - 1) 为止仍然有效。")本人会收到通知，理由是“\(why)”。\
                    \(isLast ? "<b>\(unit)此后没有组织人事管理员，由上级代管。</b>" as HTML : "")授权结束后不能恢复，需要时重新授权。
                    """,
                button: "结束授权", to: "/grants/\(record.id)/end", token: signedIn.token, hidden: [("day", "\(day)"), ("why", why), ("sure", "yes")],
                cancel: "/grants/\(record.id)"))
    }

    // MARK: Units without an officer

    static func vacancies(_ units: [Vacancies.Line], total: Int, next: String?, _ ask: ListAsk, _ token: FormToken) -> Page {
        Page(
            "没有组织人事管理员的单位", subtitle: "由上级代管，直到有人被授权", menu: "grants", crumbs: [Page.Crumb("授权", "/grants")],
            body: panel("单位", total == 0 && ask.filter("unit").isEmpty
                ? emptyState("没有这样的单位", "您范围内的每个单位都有组织人事管理员。有人离任而无人接替时，单位会列在这里。")
                : dataTable(
                    "没有组织人事管理员的单位", ask: ask,
                    columns: vacancyColumns + [
                        .text("办理", "act") { linkButton("授权", "/grants/new?unit=\(Fields.encode($0.unit.code))&role=\(Role.personnelOfficer.rawValue)", .quiet) }
                    ],
                    rows: units, next: next, count: total, export: units.isEmpty ? nil : (ListFile.link(ask), token))))
    }

    static var vacancyColumns: [ListColumn<Vacancies.Line>] {
        [
            .text("单位", "unit", sorts: true, filter: .text, wraps: true) { "\($0.unit.name)" }, .text("编码", "code", sorts: true) { "\($0.unit.code)" },
            .text("上一任", "former", sorts: true, wraps: true) { one in "\(one.former.map { "\($0.name)，到 \($0.until - 1)" } ?? "没有过")" },
            .text("现由谁代管", "caretaker", sorts: true, wraps: true) { "\($0.caretaker ?? "没有；上级也没有组织人事管理员")" },
        ]
    }
}
