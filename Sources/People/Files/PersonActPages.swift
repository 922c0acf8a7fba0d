import Access
import Kit
import Register

/// The forms by which a file is made, set right, merged and taken back, and posts begin and end.
enum PersonActPages {
    // MARK: Acts

    static func correct(_ shown: ShownFile, _ filled: FilledForm, _ token: FormToken) -> Page {
        let person = shown.person
        return act("更正资料", shown, to: "correct", filled, token, button: "更正", """
            \(PersonFields.person(filled, person: person, idNumber: shown.idNumber ?? "", phone: shown.phone))\
            \(shown.phone == nil ? "" : checkbox("noPhone", "删去登记的手机号", isTicked: filled.isTicked("noPhone")))
            """)
    }

    static func correct(_ post: Appointment, code: String, _ shown: ShownFile, _ filled: FilledForm, _ scope: Scope, _ token: FormToken) -> Page {
        act("更正任职", shown, to: "posts/\(post.id)/correct", filled, token, button: "更正", """
            <p>只用于改正录错的内容；职务真有变动的，请办理离任并登记新的任职。</p>\
            \(PersonFields.post(filled, post, unit: code, scope: scope, words: shown.words))
            """)
    }

    /// A further post, or the move to one.
    static func appoint(_ shown: ShownFile, _ filled: FilledForm, _ scope: Scope, _ token: FormToken) -> Page {
        act("登记任职或调动", shown, to: "appoint", filled, token, button: "登记任职", """
            \(radioField("manner", "方式", [Choice("move", "调动：原主任职在到任那天结束"), Choice("also", "兼任：原任职不变")], chosen: filled.text("manner", "move"), notes: filled.notes("manner", hint: "主任职在您管理的单位之外的，会先向那个单位提出申请，对方同意后生效。")))\
            \(PersonFields.post(filled, nil, unit: "", scope: scope, words: shown.words, isNew: true))
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
                    \(PersonFields.person(filled, person: nil))\
                    \(PersonFields.post(filled, nil, unit: "", scope: signedIn.scope, words: words))\
                    \(whyField(filled))\(twins.isEmpty ? "" : checkbox("sure", "已核对，不是同一个人，仍要新建"))\
                    <div class="actions">\(submitButton("新建档案"))\(linkButton("不做改动，返回", "/people"))</div>
                    """))))
                """)
    }

    static func merge(_ shown: ShownFile, twins: [Person], _ filled: FilledForm, _ token: FormToken) -> Page {
        let person = shown.person
        return Page(
            "合并重复档案", subtitle: "\(person.name)", menu: "people", crumbs: [Page.Crumb("名册", "/people"), Page.Crumb(person.name, shown.home)],
            body: "\(filled.problem)\(panel("选另一份档案", padded(postForm(to: "\(shown.home)/merge/compare", token: token, """
                <p>另一份档案的任职和学时都并入“\(person.name)”的这份档案。先并排核对两份，再合并。</p>\
                \(twins.isEmpty ? "" : radioField("twin", "同名且同日出生的档案", twins.map { Choice("\($0.id)", "\($0.name)\($0.code.map { "（编号 \($0)）" } ?? "") · 档案号 \($0.id)") }, chosen: filled.text("twin", twins.count == 1 ? "\(twins[0].id)" : ""), notes: filled.notes("twin")))\
                \(textField("other", "另一份档案的姓名、人员编号或证件号码", value: filled.text("other"), notes: filled.notes("other", hint: twins.isEmpty ? "没有找到同名且同日出生的档案。" : "不在上面的，在这里填。"), autocomplete: "off"))\
                <div class="actions">\(submitButton("下一步：并排核对"))\(linkButton("不做改动，返回", shown.home))</div>
                """))))")
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
                \(fields)\(whyField(filled))<div class="actions">\(submitButton(button))\(linkButton("不做改动，返回", home))</div>
                """))))")
    }
}
