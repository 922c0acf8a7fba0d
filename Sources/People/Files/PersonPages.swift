import Kit

/// The page of one person.
enum PersonPages {
    /// Everything the page shows; personal numbers come masked.
    struct Shown: Sendable {
        let file: PersonFile
        let idNumber: String
        let phone: String?
        let events: [PersonHistory.Event]
        let words: RosterWords
        /// Posts that the account may end or correct.
        let kept: Set<Int64>
        let today: Day
    }

    static func page(_ shown: Shown) -> Page {
        let file = shown.file, person = file.person, path = "/people/\(person.id)"
        let present = file.present(on: shown.today)
        let sentence: HTML =
            if let present {
                "现任 <b>\(file.unit(present))</b>\(present.title.isEmpty ? "" : " " + present.title)，自 \(present.from == .always ? "一直" : present.from.description) 起。"
            } else if let last = file.posts.max(by: { $0.to < $1.to }) {
                last.from > shown.today ? "尚未到任：\(file.unit(last)) \(last.title)，\(last.from) 起。" : "现在没有任职；最后任 \(file.unit(last)) \(last.title)，\(last.to) 离任。"
            } else { "还没有任职记录。" }
        return Page(
            person.name, subtitle: person.code.map { "人员编号 \($0)" }, menu: "people", crumbs: [Page.Crumb("名册", "/people")],
            actions: """
                \(linkButton("学时账户", path + "/hours", .primary))\
                \(file.mayKeep ? linkButton("登记任职", path + "/appoint") + linkButton("更正资料", path + "/correct") + linkButton("合并重复档案", path + "/merge", .quiet) : "")
                """,
            body: """
                \(answerBox(sentence))\
                \(panel("任职", note: "主任职决定统计归属", posts(shown)))\
                \(sideBySide(
                    panel("个人资料", padded(facts([
                        ("姓名", "\(person.name)"), ("性别", known(person.gender)), ("出生日期", "\(person.birthDay)（\(person.age(on: shown.today)) 岁）"),
                        ("证件号码", "\(shown.idNumber)"), ("手机号", known(shown.phone ?? "")), ("民族", known(person.ethnicity)),
                        ("政治面貌", known(person.politics)), ("学历", known(person.education)), ("学位", known(person.degree)),
                    ]))),
                    panel("变更记录", note: "只增不改", padded(history(shown)))))
                """)
    }

    private static func known(_ text: String) -> HTML { text.isEmpty ? "未填" : "\(text)" }

    private static func posts(_ shown: Shown) -> HTML {
        let file = shown.file
        guard !file.posts.isEmpty else { return emptyState("还没有任职", "登记任职后，此人才计入单位的名册和指标。") }
        return plainTable(["单位", "职务", "类别", "起止", ""], file.posts.reversed().map { post in
            let kinds = [shown.words.categories.word(of: post.category), shown.words.workforces.word(of: post.workforce), shown.words.engagements.word(of: post.engagement)]
            let acts: HTML = shown.kept.contains(post.id)
                ? "\(linkButton("更正", "/people/\(file.person.id)/posts/\(post.id)/correct", .quiet))\(post.to > shown.today ? linkButton("离任", "/people/\(file.person.id)/posts/\(post.id)/end", .quiet) : "")" : ""
            return [
                "\(file.unit(post)) \(post.isPrimary ? tag("主任职", strong: post.covers(shown.today)) : tag("兼任"))",
                "\(post.title.isEmpty ? "—" : post.title)\(post.isLeadership ? tag("领导职务") : "")",
                "\(kinds.filter { !$0.isEmpty }.joined(separator: " · "))", "\(post.spanInWords)", acts,
            ]
        })
    }

    private static func history(_ shown: Shown) -> HTML {
        let events = shown.events.prefix(100)
        return timeline(events.enumerated().map { index, event in
            let undo: HTML = index == 0 && shown.file.mayKeep ? "<br>\(linkButton("撤回这次变更", "/people/\(shown.file.person.id)/undo?act=\(event.act.id)", .quiet))" : ""
            return (
                when: "\(Clock.day(ofMilliseconds: event.act.atMilliseconds))",
                what: "\(event.what.isEmpty ? ["变更"] : event.what, "；")\(event.act.why.isEmpty ? "" : "（\(event.act.why)）")\(undo)",
                who: event.act.who
            )
        })
    }

    // MARK: Acts

    static func correct(_ shown: Shown, _ filled: FilledForm, _ token: FormToken) -> Page {
        let person = shown.file.person
        return act("更正资料", shown, to: "correct", filled, token, button: "更正", """
            \(personFields(filled, person: person, idNumber: shown.idNumber, phone: shown.phone))\
            \(shown.phone == nil ? "" : checkbox("noPhone", "删去登记的手机号", isTicked: filled.isTicked("noPhone")))
            """)
    }

    static func appoint(_ shown: Shown, _ filled: FilledForm, _ scope: Scope, _ token: FormToken) -> Page {
        act("登记任职", shown, to: "appoint", filled, token, button: "登记", """
            <p>若此人另有主任职在您管理的单位，选“主任职”会把它在新任职开始那天结束；在别的单位的，会向那里发出调入申请。</p>\
            \(postFields(filled, nil, unit: "", scope: scope, words: shown.words))
            """)
    }

    static func correct(_ post: Appointment, code: String, _ shown: Shown, _ filled: FilledForm, _ scope: Scope, _ token: FormToken) -> Page {
        act("更正任职", shown, to: "posts/\(post.id)/correct", filled, token, button: "更正", """
            <p>只用于改正录错的内容；职务真有变动的，请办理离任并登记新的任职。</p>\
            \(postFields(filled, post, unit: code, scope: scope, words: shown.words))
            """)
    }

    static func end(_ post: Appointment, _ shown: Shown, _ filled: FilledForm, _ token: FormToken) -> Page {
        act("离任", shown, to: "posts/\(post.id)/end", filled, token, button: "办理离任", """
            <p>\(shown.file.unit(post)) \(post.title)，\(post.spanInWords)。</p>\
            \(textField("day", "离任日期", value: filled.text("day", shown.today.description), type: "date", notes: filled.notes("day", hint: "不再任职的第一天。", required: true)))
            """)
    }

    static func merge(_ shown: Shown, twins: [Person], _ filled: FilledForm, _ token: FormToken) -> Page {
        act("合并重复档案", shown, to: "merge", filled, token, button: "并入这份档案", """
            <p>另一份档案的任职和学时都并入“\(shown.file.person.name)”的这份档案，重复登记的学时只计一次。</p>\
            \(twins.isEmpty ? "" : radioField("twin", "同名且同日出生的档案", twins.map { Choice("\($0.id)", "\($0.name)\($0.code.map { "（编号 \($0)）" } ?? "") · 档案号 \($0.id)") }, chosen: filled.text("twin"), notes: filled.notes("twin")))\
            \(textField("other", "另一份档案的人员编号或证件号码", value: filled.text("other"), notes: filled.notes("other", hint: twins.isEmpty ? "没有找到同名且同日出生的档案。" : "不在上面的，在这里填。"), autocomplete: "off"))\
            \(radioField("primary", "主任职重叠时", [Choice("ask", "不合并，先提示"), Choice("survivor", "以这份档案的为主任职"), Choice("absorbed", "以另一份的为主任职")], chosen: filled.text("primary", "ask"), notes: filled.notes("primary")))
            """)
    }

    static func undo(_ event: PersonHistory.Event, _ shown: Shown, _ filled: FilledForm, _ token: FormToken) -> Page {
        act("撤回", shown, to: "undo", filled, token, button: "撤回这次变更", """
            <input type="hidden" name="act" value="\(event.act.id)"><p>\(event.act.who) 于 \(Clock.day(ofMilliseconds: event.act.atMilliseconds))：\(event.what, "；")。撤回后恢复到那之前；撤回本身也留在变更记录里。</p>
            """)
    }

    private static func act(
        _ title: String, _ shown: Shown, to path: String, _ filled: FilledForm, _ token: FormToken, button: String, _ fields: HTML
    ) -> Page {
        let person = shown.file.person, home = "/people/\(person.id)"
        return Page(
            title, subtitle: "\(person.name)", menu: "people", crumbs: [Page.Crumb("名册", "/people"), Page.Crumb(person.name, home)],
            body: "\(filled.problem)\(panel(title, padded(postForm(to: "\(home)/\(path)", token: token, """
                \(fields)\(why(filled))<div class="actions">\(submitButton(button))\(linkButton("不做改动，返回", home))</div>
                """))))")
    }

    static func why(_ filled: FilledForm) -> HTML {
        textField("why", "理由", value: filled.text("why"), notes: filled.notes("why", hint: "写明依据，例如文号；随记录长期保存。", required: true), maxLength: 500)
    }

    /// The fields of a person. For a present person the numbers stay as they are where nothing is typed.
    static func personFields(_ filled: FilledForm, person: Person?, idNumber: String = "", phone: String? = nil) -> HTML {
        let isNew = person == nil
        return """
            \(textField("name", "姓名", value: filled.text("name", person?.name ?? ""), notes: filled.notes("name", required: true), autocomplete: "off", maxLength: 60))\
            \(textField("idNumber", "证件号码", value: filled.text("idNumber"), notes: filled.notes("idNumber", hint: isNew ? "18 位；保存后只显示首六位和末四位。" : "现在登记的是 \(idNumber)；不改就空着。", required: isNew), autocomplete: "off", maxLength: 30))\
            \(selectField("gender", "性别", [Choice("", "按证件号码"), Choice("男", "男"), Choice("女", "女")], chosen: filled.text("gender", person?.gender ?? ""), notes: filled.notes("gender")))\
            \(textField("phone", "手机号", value: filled.text("phone"), type: "tel", notes: filled.notes("phone", hint: phone.map { "现在登记的是 \($0)；不改就空着。" }), autocomplete: "off", maxLength: 30))\
            \(textField("code", "人员编号", value: filled.text("code", person?.code ?? ""), notes: filled.notes("code", hint: "本单位自编，可以不填。"), autocomplete: "off", maxLength: 40))\
            \(textField("ethnicity", "民族", value: filled.text("ethnicity", person?.ethnicity ?? ""), notes: filled.notes("ethnicity"), maxLength: 20))\
            \(textField("politics", "政治面貌", value: filled.text("politics", person?.politics ?? ""), notes: filled.notes("politics"), maxLength: 20))\
            \(textField("education", "学历", value: filled.text("education", person?.education ?? ""), notes: filled.notes("education"), maxLength: 20))\
            \(textField("degree", "学位", value: filled.text("degree", person?.degree ?? ""), notes: filled.notes("degree"), maxLength: 20))
            """
    }

    /// The fields of a post.
    static func postFields(_ filled: FilledForm, _ post: Appointment?, unit: String, scope: Scope, words: RosterWords) -> HTML {
        func choices(_ list: RosterWords.Choices) -> [Choice] { [Choice("", "未填")] + list.pairs.map { Choice($0.key, $0.word) } }
        func day(_ day: Day?) -> String { day.flatMap { $0 == .open || $0 == .always ? nil : $0.description } ?? "" }
        return """
            \(UnitPages.field("unit", "单位", present: unit, filled, scope))\
            \(textField("title", "职务", value: filled.text("title", post?.title ?? ""), notes: filled.notes("title"), maxLength: 100))\
            \(textField("from", "任职日期", value: filled.text("from", day(post?.from)), type: "date", notes: filled.notes("from", hint: "到任的那一天。", required: true)))\
            \(textField("to", "离任日期", value: filled.text("to", day(post?.to)), type: "date", notes: filled.notes("to", hint: "不再任职的第一天；在任的空着。")))\
            \(selectField("category", "人员类别", choices(words.categories), chosen: filled.text("category", post?.category ?? ""), notes: filled.notes("category", hint: "不填不计入任何指标的人数。")))\
            \(selectField("workforce", "队伍类别", choices(words.workforces), chosen: filled.text("workforce", post?.workforce ?? ""), notes: filled.notes("workforce")))\
            \(selectField("engagement", "任职方式", choices(words.engagements), chosen: filled.text("engagement", post?.engagement ?? ""), notes: filled.notes("engagement")))\
            \(radioField("primary", "主任职", [Choice("yes", "主任职"), Choice("no", "兼任")], chosen: filled.text("primary", post?.isPrimary ?? true ? "yes" : "no"), notes: filled.notes("primary", hint: "同一时间只能有一个主任职。")))\
            \(checkbox("leadership", "领导职务", isTicked: filled.isTicked("leadership", post?.isLeadership ?? false)))
            """
    }
}

extension HTML.StringInterpolation {
    /// Sentences one after the other.
    fileprivate mutating func appendInterpolation(_ sentences: [String], _ separator: String) {
        appendInterpolation(sentences.joined(separator: separator))
    }
}
