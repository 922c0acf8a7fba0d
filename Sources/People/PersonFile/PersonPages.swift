import Kit

/// 名册 and the page of one person.
enum PersonPages {
    struct Listed: Sendable {
        let person: Person
        /// Posts that run today, the primary one first.
        let posts: [Appointment]
    }

    static func list(
        _ listed: [Listed], next: String?, typed: String, unit: OrgTree.Unit?, names: [Int64: String], words: RosterWords, ask: ListAsk,
        message: String?, _ signedIn: SignedIn
    ) -> Page {
        Page(
            unit.map { "\($0.name) · 名册" } ?? "名册", subtitle: unit == nil ? "权限内的全部人员" : "含下级，在任和曾任", menu: "people",
            actions: signedIn.scope.isAnywhere(.keeping) ? linkButton("新建档案", "/people/new", .primary, icon: .plus) : nil,
            body: """
                \(sideBySide(
                    panel("找人", padded(getForm(to: "/people", """
                        \(unit.map { "<input type=\"hidden\" name=\"unit\" value=\"\($0.id)\">" as HTML })\
                        \(textField("q", "姓名、全拼、首字母或人员编号", value: typed, type: "search"))<div class="actions">\(submitButton("查找", .plain, icon: .search))\(typed.isEmpty ? "" : linkButton("全部", "/people", .quiet))</div>
                        """))),
                    panel("按号码找", note: "号码不会留在地址里", padded(postForm(to: "/people/find", token: signedIn.token, """
                        \(textField("number", "证件号码、它的前六加后四位，或手机号", notes: FieldNotes(message: message), autocomplete: "off"))<div class="actions">\(submitButton("查找", .plain, icon: .search))</div>
                        """)))))\
                \(panel("人员", dataTable(
                    "人员", ask: ask,
                    columns: [
                        .text("姓名", "name") { personChip($0.person.name, link: "/people/\($0.person.id)") },
                        .text("人员编号", "code") { "\($0.person.code ?? "")" },
                        .text("单位", "unit", wraps: true) { "\($0.posts.first.map { names[$0.organizationID] ?? "" } ?? "现无任职")" },
                        .text("职务", "title") { "\($0.posts.first?.title ?? "")" },
                        .text("人员类别", "category") { "\($0.posts.first.map { words.categories.word(of: $0.category) } ?? "")" },
                    ],
                    rows: listed, next: next,
                    empty: typed.isEmpty ? "还没有人员。从导入导出页上传人员名册，这里就会列出来。<a href=\"/exchange\">去导入</a>" : "没有找到“\(typed)”。可以换全拼、首字母再试。")))
                """)
    }

    struct Shown: Sendable {
        let person: Person
        let idNumber: String
        let phone: String?
        let posts: [Appointment]
        let names: [Int64: String]
        let changes: [ChangeRecord]
        let words: RosterWords
        /// Posts in units that the one who looks may keep.
        let keeping: Set<Int64>
        let mayKeep: Bool
        /// Whether the facts of the file may be changed, not its posts here alone.
        let mayKeepFile: Bool
    }

    /// What was typed into which form, and what is wrong with it.
    struct Tried: Sendable {
        let deed: String
        let form: Form
        let sentence: String
    }

    static func person(_ shown: Shown, tried: Tried?, _ signedIn: SignedIn) -> Page {
        let person = shown.person, today = signedIn.today
        let now = shown.posts.filter { $0.covers(today) }
        let primary = now.first(where: \.isPrimary) ?? now.first
        let missing = [
            primary.map { $0.category.isEmpty ? "人员类别" : nil } ?? nil, shown.phone == nil ? "手机号" : nil, person.education.isEmpty ? "学历" : nil,
        ].compactMap { $0 }
        return Page(
            person.name, subtitle: primary.map { "\(shown.names[$0.organizationID] ?? "") \($0.title)" }, menu: "people", crumbs: [Page.Crumb("名册", "/people")],
            actions: """
                \(linkButton("学时账户", "/people/\(person.id)/hours", .plain, icon: .books))\
                \(shown.mayKeepFile ? linkButton("更正资料", "/people/\(person.id)/correct") + linkButton("合并重复档案", "/people/\(person.id)/merge", .quiet) : "")
                """,
            body: """
                \(answerBox(primary == nil ? "现在没有任职。" : missing.isEmpty ? "档案齐全，现任 <b>\(now.count)</b> 个职务。" : "档案还缺 <b>\(missing.joined(separator: "、"))</b>，补齐后指标和通知才完整。", mark: missing.isEmpty ? nil : .unknown))\
                \(sideBySide(
                    panel("基本信息", padded(facts([
                        ("姓名", "\(person.name)"), ("人员编号", "\(person.code ?? "没有")"), ("证件号码", "\(masked(idNumber: shown.idNumber))"),
                        ("出生日期", "\(person.birthDay)"), ("性别", "\(person.gender.isEmpty ? "未填" : person.gender)"), ("民族", "\(person.ethnicity.isEmpty ? "未填" : person.ethnicity)"),
                        ("政治面貌", "\(person.politics.isEmpty ? "未填" : person.politics)"), ("学历", "\(person.education.isEmpty ? "未填" : person.education)"),
                        ("学位", "\(person.degree.isEmpty ? "未填" : person.degree)"), ("手机号", "\(shown.phone.map { masked(phone: $0) } ?? "未填")"),
                    ]))),
                    panel("变更记录", note: "谁、何时、为什么", actions: linkButton("逐项说明与撤回", "/people/\(person.id)/history", .quiet), shown.changes.isEmpty ? padded("<p>建档后没有变更。</p>") : padded(timeline(shown.changes.prefix(30).map { change in
                        (when: "\(Clock.day(ofMilliseconds: change.act.atMilliseconds))", what: "\(words(of: change, shown))\(change.act.why.isEmpty ? "" : "：\(change.act.why)")", who: change.act.who)
                    })))))\
                \(panel("任职", shown.posts.isEmpty ? padded("<p>没有任职。</p>") : plainTable(["起止", "单位", "职务", "人员类别", "队伍", "专兼挂", ""], shown.posts.map { post in
                    [
                        "\(post.spanInWords)", "<a class=\"door\" href=\"/people?unit=\(post.organizationID)\">\(shown.names[post.organizationID] ?? "")</a>",
                        "\(post.title)\(post.isLeadership ? tag("班子成员") : "")", "\(shown.words.categories.word(of: post.category))",
                        "\(shown.words.workforces.word(of: post.workforce))", "\(shown.words.engagements.word(of: post.engagement))",
                        "\(post.isPrimary ? tag("主任职", strong: true) : "")\(shown.keeping.contains(post.id) ? linkButton("更正", "/people/\(person.id)/posts/\(post.id)/correct", .quiet) : "")",
                    ]
                })))\
                \(shown.mayKeep ? sideBySide(appointing(shown, tried, signedIn), ending(shown, now, tried, signedIn)) : "")
                """)
    }

    private static func words(of change: ChangeRecord, _ shown: Shown) -> String {
        if change.subject == "appointment" {
            let image = change.after ?? change.before
            let unit = image?.int("organization_id").flatMap { shown.names[$0] } ?? ""
            let what = change.before == nil ? "新任职" : change.after == nil ? "撤回任职" : "任职变更"
            return "\(what) \(unit) \(image?.text("title") ?? "")"
        }
        return change.before == nil ? "建档" : change.after == nil ? "撤回建档" : "个人信息更正"
    }

    private static func appointing(_ shown: Shown, _ tried: Tried?, _ signedIn: SignedIn) -> HTML {
        let form = tried.flatMap { $0.deed == "appoint" ? $0.form : nil }
        func value(_ name: String) -> String { form?.text(name) ?? "" }
        func choices(_ list: RosterWords.Choices) -> [Choice] { [Choice("", "不填")] + list.pairs.map { Choice($0.key, $0.word) } }
        return panel("新任职", padded(postForm(to: "/people/\(shown.person.id)/appoint", token: signedIn.token, """
            \(radioField("manner", "方式", [Choice("move", "调动：原主任职在同一天结束"), Choice("also", "兼任：原任职不变")], chosen: value("manner").isEmpty ? "move" : value("manner")))\
            \(textField("unit", "单位编码", value: value("unit"), notes: FieldNotes(message: form == nil ? nil : tried?.sentence, required: true)))\
            \(textField("from", "任职日期", value: value("from"), type: "date", notes: FieldNotes(required: true)))\
            \(textField("title", "职务", value: value("title"), maxLength: 100))\
            \(selectField("category", "人员类别", choices(shown.words.categories), chosen: value("category")))\
            \(selectField("workforce", "队伍类别", choices(shown.words.workforces), chosen: value("workforce")))\
            \(selectField("engagement", "专兼挂", choices(shown.words.engagements), chosen: value("engagement")))\
            \(checkbox("leadership", "领导班子成员", isTicked: form?.isTicked("leadership") ?? false))\
            \(textField("why", "理由", value: value("why"), notes: FieldNotes(hint: "例如任职文件的文号。", required: true)))\
            <div class="actions">\(submitButton("登记任职"))</div>
            """)))
    }

    private static func ending(_ shown: Shown, _ now: [Appointment], _ tried: Tried?, _ signedIn: SignedIn) -> HTML {
        let form = tried.flatMap { $0.deed == "end" ? $0.form : nil }
        let mine = now.filter { shown.keeping.contains($0.id) }
        guard !mine.isEmpty else { return panel("离任", padded("<p>没有您可以办理离任的任职。</p>")) }
        return panel("离任", padded(postForm(to: "/people/\(shown.person.id)/end", token: signedIn.token, """
            \(selectField("post", "哪一个任职", mine.map { Choice(String($0.id), "\(shown.names[$0.organizationID] ?? "") \($0.title)") }, chosen: form?.text("post") ?? ""))\
            \(textField("day", "离任日期", value: form?.text("day") ?? "", type: "date", notes: FieldNotes(hint: "不再任职的第一天。", message: form == nil ? nil : tried?.sentence, required: true)))\
            \(textField("why", "理由", value: form?.text("why") ?? "", notes: FieldNotes(required: true)))\
            <div class="actions">\(submitButton("办理离任", .plain))</div>
            """)))
    }
}
