import Kit

/// The forms by which a file is made, set right, merged and taken back, and posts begin and end.
enum PersonActPages {
    // MARK: Acts

    static func correct(_ shown: ShownFile, _ filled: FilledForm, _ token: FormToken) -> Page {
        let person = shown.person
        return act("更正资料", shown, to: "correct", filled, token, button: "更正", """
            \(personFields(filled, person: person, idNumber: shown.idNumber ?? "", phone: shown.phone))\
            \(shown.phone == nil ? "" : checkbox("noPhone", "删去登记的手机号", isTicked: filled.isTicked("noPhone")))
            """)
    }

    static func correct(_ post: Appointment, code: String, _ shown: ShownFile, _ filled: FilledForm, _ scope: Scope, _ token: FormToken) -> Page {
        act("更正任职", shown, to: "posts/\(post.id)/correct", filled, token, button: "更正", """
            <p>只用于改正录错的内容；职务真有变动的，请办理离任并登记新的任职。</p>\
            \(postFields(filled, post, unit: code, scope: scope, words: shown.words))
            """)
    }

    /// A further post, or the move to one.
    static func appoint(_ shown: ShownFile, _ filled: FilledForm, _ scope: Scope, _ token: FormToken) -> Page {
        act("登记任职或调动", shown, to: "appoint", filled, token, button: "登记任职", """
            \(radioField("manner", "方式", [Choice("move", "调动：原主任职在到任那天结束"), Choice("also", "兼任：原任职不变")], chosen: filled.text("manner", "move"), notes: filled.notes("manner", hint: "主任职在您管理的单位之外的，会先向那个单位提出申请，对方同意后生效。")))\
            \(postFields(filled, nil, unit: "", scope: scope, words: shown.words, isNew: true))
            """)
    }

    static func end(_ shown: ShownFile, _ filled: FilledForm, _ token: FormToken) -> Page {
        let ending = shown.file.posts.filter { shown.file.kept.contains($0.id) && $0.to > shown.today }
        return act("办理离任", shown, to: "end", filled, token, button: "办理离任", """
            \(radioField("post", "哪一个任职", ending.map { Choice(String($0.id), "\(shown.file.unit($0)) \($0.title)（\($0.spanInWords)）") }, chosen: filled.text("post", ending.first.map { String($0.id) } ?? ""), notes: filled.notes("post")))\
            \(textField("day", "离任日期", value: filled.text("day"), type: "date", notes: filled.notes("day", hint: "不再任职的第一天。", required: true)))
            """)
    }

    /// A new file with its first post. `twins` bear the same name and birth date.
    static func new(_ twins: [PersonFile], _ filled: FilledForm, _ words: RosterWords, _ signedIn: SignedIn) -> Page {
        Page(
            "新建档案", menu: "people", crumbs: [Page.Crumb("名册", "/people")],
            body: """
                \(filled.problem)\(twins.isEmpty ? "" : notice(.hint, "同名且同日出生的人已有档案，请先核对是不是同一个人：\(twins.html { twin($0, signedIn.today) })"))\
                \(panel("个人资料与任职", padded(postForm(to: "/people/new", token: signedIn.token, """
                    \(personFields(filled, person: nil))\
                    \(postFields(filled, nil, unit: "", scope: signedIn.scope, words: words))\
                    \(why(filled))\(twins.isEmpty ? "" : checkbox("sure", "已核对，不是同一个人，仍要新建"))\
                    <div class="actions">\(submitButton("新建档案"))\(linkButton("不做改动，返回", "/people"))</div>
                    """))))
                """)
    }

    static func merge(_ shown: ShownFile, twins: [Person], _ filled: FilledForm, _ token: FormToken) -> Page {
        act("合并重复档案", shown, to: "merge", filled, token, button: "并入这份档案", """
            <p>另一份档案的任职和学时都并入“\(shown.person.name)”的这份档案，重复登记的学时只计一次。</p>\
            \(twins.isEmpty ? "" : radioField("twin", "同名且同日出生的档案", twins.map { Choice("\($0.id)", "\($0.name)\($0.code.map { "（编号 \($0)）" } ?? "") · 档案号 \($0.id)") }, chosen: filled.text("twin"), notes: filled.notes("twin")))\
            \(textField("other", "另一份档案的人员编号或证件号码", value: filled.text("other"), notes: filled.notes("other", hint: twins.isEmpty ? "没有找到同名且同日出生的档案。" : "不在上面的，在这里填。"), autocomplete: "off"))\
            \(radioField("primary", "主任职重叠时", [Choice("ask", "不合并，先提示"), Choice("survivor", "以这份档案的为主任职"), Choice("absorbed", "以另一份的为主任职")], chosen: filled.text("primary", "ask"), notes: filled.notes("primary")))
            """)
    }

    static func undo(_ event: PersonHistory.Event, _ shown: ShownFile, _ filled: FilledForm, _ token: FormToken) -> Page {
        act("撤回", shown, to: "undo", filled, token, button: "撤回这次变更", """
            <input type="hidden" name="act" value="\(event.act.id)"><p>\(event.act.who) 于 \(Clock.day(ofMilliseconds: event.act.atMilliseconds))：\(event.what.joined(separator: "；"))。撤回后恢复到那之前；撤回本身也留在变更记录里。</p>
            """)
    }

    private static func twin(_ file: PersonFile, _ day: Day) -> HTML {
        let post = file.present(on: day) ?? file.posts.last
        return "<br><a class=\"door\" href=\"/people/\(file.person.id)\">\(file.person.name)</a>　\(post.map { file.unit($0) + " " + $0.title } ?? "")"
    }

    private static func act(
        _ title: String, _ shown: ShownFile, to path: String, _ filled: FilledForm, _ token: FormToken, button: String, _ fields: HTML
    ) -> Page {
        let person = shown.person, home = "/people/\(person.id)"
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
        return fieldGrid("""
            \(textField("name", "姓名", value: filled.text("name", person?.name ?? ""), notes: filled.notes("name", required: true), autocomplete: "off", maxLength: 60))\
            \(textField("idNumber", "证件号码", value: filled.text("idNumber"), notes: filled.notes("idNumber", hint: isNew ? "18 位；保存后只显示首六位和末四位。" : "现在登记的是 \(idNumber)；不改就空着。", required: isNew), autocomplete: "off", maxLength: 30))\
            \(selectField("gender", "性别", [Choice("", "按证件号码"), Choice("男", "男"), Choice("女", "女")], chosen: filled.text("gender", person?.gender ?? ""), notes: filled.notes("gender")))\
            \(textField("phone", "手机号", value: filled.text("phone"), type: "tel", notes: filled.notes("phone", hint: phone.map { "现在登记的是 \($0)；不改就空着。" }), autocomplete: "off", maxLength: 30))\
            \(textField("code", "人员编号", value: filled.text("code", person?.code ?? ""), notes: filled.notes("code", hint: "本单位自编，可以不填。"), autocomplete: "off", maxLength: 40))\
            \(textField("ethnicity", "民族", value: filled.text("ethnicity", person?.ethnicity ?? ""), notes: filled.notes("ethnicity"), maxLength: 20))\
            \(textField("politics", "政治面貌", value: filled.text("politics", person?.politics ?? ""), notes: filled.notes("politics"), maxLength: 20))\
            \(textField("education", "学历", value: filled.text("education", person?.education ?? ""), notes: filled.notes("education"), maxLength: 20))\
            \(textField("degree", "学位", value: filled.text("degree", person?.degree ?? ""), notes: filled.notes("degree"), maxLength: 20))
            """)
    }

    /// The fields of a post. One that is new and whose kind is asked apart begins without an end.
    static func postFields(_ filled: FilledForm, _ post: Appointment?, unit: String, scope: Scope, words: RosterWords, isNew: Bool = false) -> HTML {
        func choices(_ list: RosterWords.Choices) -> [Choice] { [Choice("", "未填")] + list.pairs.map { Choice($0.key, $0.word) } }
        func day(_ day: Day?) -> String { day.flatMap { $0 == .open || $0 == .always ? nil : $0.description } ?? "" }
        return fieldGrid("""
            \(UnitPages.field("unit", "单位", present: unit, filled, scope))\
            \(textField("title", "职务", value: filled.text("title", post?.title ?? ""), notes: filled.notes("title"), maxLength: 100))\
            \(textField("from", "任职日期", value: filled.text("from", day(post?.from)), type: "date", notes: filled.notes("from", hint: "到任的那一天。", required: true)))\
            \(isNew ? "" : textField("to", "离任日期", value: filled.text("to", day(post?.to)), type: "date", notes: filled.notes("to", hint: "不再任职的第一天；在任的空着。")))\
            \(selectField("category", "人员类别", choices(words.categories), chosen: filled.text("category", post?.category ?? ""), notes: filled.notes("category", hint: "不填不计入任何指标的人数。")))\
            \(selectField("workforce", "队伍类别", choices(words.workforces), chosen: filled.text("workforce", post?.workforce ?? ""), notes: filled.notes("workforce")))\
            \(selectField("engagement", "任职方式", choices(words.engagements), chosen: filled.text("engagement", post?.engagement ?? ""), notes: filled.notes("engagement")))\
            \(isNew ? "" : radioField("primary", "主任职", [Choice("yes", "主任职"), Choice("no", "兼任")], chosen: filled.text("primary", post?.isPrimary ?? true ? "yes" : "no"), notes: filled.notes("primary", hint: "同一时间只能有一个主任职。")))\
            \(checkbox("leadership", "领导班子成员", isTicked: filled.isTicked("leadership", post?.isLeadership ?? false)))
            """)
    }
}
