import Access
import Kit
import Register
import Rules

/// The list of a unit's terms of office, and those of one person.
enum TermPages {
    /// A term with whose it is, as far as that is seen.
    struct Line: Sendable {
        let term: TermOfOffice
        let state: TermOfOffice.State
        let file: PersonFile?

        /// Somebody elected here whose file is another unit's is counted and not named.
        var name: String { file?.person.name ?? "（档案在别的单位）" }

        /// In office first, the latest 届次 before the earlier ones, then by sound.
        var order: (Int, Int, Int32, String, Int64) {
            (state.isInOffice ? 0 : state == .coming ? 1 : 2, Line.kinds.firstIndex(of: term.kind) ?? 9, -term.elected.number, file?.person.pinyin.full ?? "~", term.id)
        }
        private static let kinds = ["workerRepresentative", "workerDirector", "workerSupervisor"]

        func fits(_ ask: ListAsk) -> Bool {
            let name = ask.filter("who").filter { !$0.isWhitespace }, session = ask.filter("session").filter { !$0.isWhitespace }
            return (name.isEmpty || self.name.contains(name)) && (session.isEmpty || term.session.contains(session))
                && ["", term.kind].contains(ask.filter("kind")) && ["", term.composition].contains(ask.filter("composition")) && ["", state.key].contains(ask.filter("state"))
        }
    }

    struct Shown: Sendable {
        let unit: Int64
        let code: String
        let name: String
        /// Whether the unit is there today.
        let isThere: Bool
        let mayKeep: Bool
        let all: [Line]
        /// How many fit what is asked.
        let wanted: Int
        let page: [Line]
        let next: String?
        /// Units below that have terms, with how many.
        let below: [(unit: OrgTree.Unit, terms: Int)]
        let crumbs: [Page.Crumb]
    }

    /// More units than this are not listed one by one.
    private static let mostBelow = 100

    static func unit(_ shown: Shown, _ vocabulary: Vocabulary, ask: ListAsk, _ signedIn: SignedIn) -> Page {
        Page(
            "职工代表", subtitle: "\(shown.name) · 职工代表、职工董事、职工监事的任期", menu: "organizations", crumbs: shown.crumbs,
            actions: """
                \(shown.mayKeep ? linkButton("导入", "/exchange", .quiet, icon: .upload) : "")\
                \(shown.isThere && !shown.all.isEmpty ? postButton("导出任期表", to: "/exchange/exports", token: signedIn.token, hidden: [("kind", SheetKind.representatives.key), ("unit", shown.code), ("format", "xlsx")]) : "")
                """,
            body: """
                \(answer(shown, vocabulary, on: signedIn.today))\
                \(shown.all.isEmpty
                    ? emptyState("还没有登记任期", shown.mayKeep ? "导入“\(TermSheet.sheetName)”表，当选的人就列在这里；空白表在“导入导出”里下载。" : "本单位的组织人事管理员导入以后，列在这里。")
                    : panel("任期", dataTable(
                        "任期", ask: ask, columns: columns(vocabulary), rows: shown.page, next: shown.next, count: shown.wanted,
                        export: shown.page.isEmpty ? nil : (ListFile.link(ask), signedIn.token), seeking: signedIn.token)))\
                \(below(shown))
                """)
    }

    private static func answer(_ shown: Shown, _ vocabulary: Vocabulary, on today: Day) -> HTML {
        let office = shown.all.filter(\.state.isInOffice), overdue = office.count { $0.state.key == "overdue" }
        guard !shown.all.isEmpty else { return "" }
        let kinds = vocabulary.representativeKinds.words.map { word in (word: word.word, count: office.count { $0.term.kind == word.key }) }.filter { $0.count > 0 }
        let present: HTML = kinds.isEmpty ? "\(today) 没有人在任。" : "\(today) 在任：\(kinds.enumerated().html { "\($0 == 0 ? "" : "，")\($1.word) <b>\(Numbers.count($1.count))</b> 人" })。"
        return answerBox(
            "\(present)\(overdue == 0 ? "" : "其中 <b>\(Numbers.count(overdue))</b> 人届满未换届，任期延续到换届为止。" as HTML)", mark: overdue > 0 ? .pending : nil)
    }

    /// What the terms can be put in order by.
    static var orders: [ListOrder<Line>] {
        [
            ListOrder("who") { $0.file?.person.pinyin.full ?? "~" }, ListOrder("kind") { $0.term.kind }, ListOrder("session") { $0.term.session }, ListOrder("state") { $0.state.key },
            ListOrder("elected") { $0.term.elected }, ListOrder("expiry") { $0.term.expiry }, ListOrder("left") { $0.term.left },
            ListOrder("constituency") { $0.term.constituency }, ListOrder("composition") { $0.term.composition },
        ]
    }

    static func columns(_ vocabulary: Vocabulary) -> [ListColumn<Line>] {
        func choices(_ list: Vocabulary.List) -> [Choice] { list.words.map { Choice($0.key, $0.word) } }
        return [
            .text("姓名", "who", sorts: true, filter: .text) { line in
                line.file.map { personChip($0.person.name, link: $0.person.isErased ? nil : "/people/\($0.person.id)") } ?? "\(line.name)"
            }.inSheet { CellContent($0.name) },
            .text("代表类型", "kind", sorts: true, filter: .choices(choices(vocabulary.representativeKinds))) { "\(vocabulary.representativeKinds.word(of: $0.term.kind))" },
            .text("届次", "session", sorts: true, filter: .text) { "\($0.term.session)" },
            .text("状态", "state", sorts: true, filter: .choices(TermOfOffice.State.choices)) { badge($0.state) },
            .text("当选日期", "elected", sorts: true) { "\($0.term.elected)" }.inSheet(.day) { CellContent($0.term.elected) },
            .text("届满日期", "expiry", sorts: true) { "\($0.term.expiry)" }.inSheet(.day) { CellContent($0.term.expiry) },
            .text("离任日期", "left", sorts: true) { day($0.term.left) }.inSheet(.day) { CellContent($0.term.left == .open ? nil : $0.term.left) },
            .text("选区", "constituency", sorts: true, wraps: true) { "\($0.term.constituency)" },
            .text("人员构成", "composition", sorts: true, filter: .choices(choices(vocabulary.representativeCompositions))) { "\(vocabulary.representativeCompositions.word(of: $0.term.composition))" },
        ]
    }

    private static func day(_ day: Day) -> HTML { day == .open ? "" : "\(day)" }

    private static func badge(_ state: TermOfOffice.State) -> HTML {
        let mark: Mark = switch state {
        case .inOffice: .met
        case .overdue: .pending
        case .coming, .left, .followed: .notApplicable
        }
        if case .overdue(let days) = state { return stateBadge(mark, "\(state.word) \(Numbers.count(days)) 天") }
        return stateBadge(mark, state.word)
    }

    private static func below(_ shown: Shown) -> HTML {
        guard !shown.below.isEmpty else { return "" }
        let more = shown.below.count - mostBelow
        return panel(
            "下级单位", note: "登记了任期的 \(Numbers.count(shown.below.count)) 个",
            plainTable(["单位", "编码", "任期"], numbers: [2], shown.below.prefix(mostBelow).map { unit, terms in
                ["<a class=\"door\" href=\"/organizations/\(unit.id)/representatives\">\(unit.name)</a>", "\(unit.code)", "\(Numbers.count(terms))"]
            }) + (more > 0 ? padded("<p class=\"hint\">这里列出前 \(mostBelow) 个，另有 \(Numbers.count(more)) 个；请从下级单位的页面看。</p>") : ""))
    }

    // MARK: On a person's file

    /// A term of one person, with the unit by name.
    struct Own: Sendable {
        let term: TermOfOffice
        let state: TermOfOffice.State
        let unit: String
        let link: String?
    }

    static func part(_ terms: [Own], _ vocabulary: Vocabulary) -> HTML {
        panel("代表任期", plainTable(["状态", "单位", "代表类型", "届次", "当选日期", "届满日期", "离任日期", "选区"], terms.map { own in
            [
                badge(own.state), own.link.map { "<a class=\"door\" href=\"\($0)\">\(own.unit)</a>" } ?? "\(own.unit)",
                "\(vocabulary.representativeKinds.word(of: own.term.kind))", "\(own.term.session)", "\(own.term.elected)", "\(own.term.expiry)", day(own.term.left),
                "\(own.term.constituency)",
            ]
        }))
    }
}

extension TermOfOffice.State {
    /// As it stands in addresses.
    var key: String {
        switch self {
        case .coming: "coming"
        case .inOffice: "inOffice"
        case .overdue: "overdue"
        case .left: "left"
        case .followed: "followed"
        }
    }

    var word: String {
        switch self {
        case .coming: "尚未就任"
        case .inOffice: "在任"
        case .overdue: "届满未换届"
        case .left: "已离任"
        case .followed: "已换届"
        }
    }

    static let choices = [Self.inOffice, .overdue(days: 0), .left, .followed, .coming].map { Choice($0.key, $0.word) }
}
