import Access
import Kit
import Register

/// 有误反映 as officers see it.
enum ObjectionPages {
    static func list(_ objections: [(objection: Objection, name: String)]) -> Page {
        let open = objections.filter { $0.objection.request.state == .asked }.count
        return Page(
            "有误反映", subtitle: "本人说自己的档案里有不对的地方", menu: "objections",
            body: objections.isEmpty
                ? emptyState("没有人反映", "有人说自己的任职、培训或证书登记有误，会列在这里，等您核对答复。")
                : answerBox(open == 0 ? "都已答复。" : "有 <b>\(open)</b> 条等您答复。", mark: open == 0 ? .met : .pending)
                    + panel("反映", plainTable(["时间", "谁", "哪一项", "怎样了"], objections.map { one in
                        [
                            "\(one.objection.asked.map { Clock.minute(ofMilliseconds: $0.atMilliseconds) } ?? "")", "\(one.name)",
                            "<a href=\"/objections/\(one.objection.request.id)\">\(one.objection.about)</a>", "\(one.objection.state)",
                        ]
                    })))
    }

    static func one(_ objection: Objection, person: Person, isOwn: Bool, _ filled: FilledForm, _ signedIn: SignedIn) -> Page {
        let isOpen = objection.request.state == .asked
        return Page(
            "\(person.name)：\(objection.about)", menu: "objections", crumbs: [Page.Crumb("有误反映", "/objections")],
            body: """
                \(filled.problem)\(answerBox(isOpen ? "等待答复。核对后如确实有误，请先更正，再回到这里答复。" : "\(objection.state)。", mark: isOpen ? .pending : .met))\
                \(panel("反映的内容", padded("""
                    <blockquote>\(objection.text)</blockquote>
                    <p class="hint">\(objection.asked.map { Clock.minute(ofMilliseconds: $0.atMilliseconds) } ?? "") · \(person.name)</p>
                    <div class="actions">\(objection.link.isEmpty ? "" : linkButton("看这一项", objection.link))\(linkButton("看档案", "/people/\(person.id)", .quiet))</div>
                    """)))\
                \(objection.answer.map { answer in panel("答复", padded("<p>\(answer.act.why)</p><p class=\"hint\">\(Clock.minute(ofMilliseconds: answer.act.atMilliseconds)) · \(answer.act.who)</p>")) } ?? "")\
                \(isOpen && isOwn ? notice(.hint, "这是您自己提出的，不能由您自己答复；请由上级单位的组织人事管理员办理。") : "")\
                \(isOpen && !isOwn ? panel("答复", padded(postForm(to: "/objections/\(objection.request.id)", token: signedIn.token, """
                    \(radioField("result", "结果", [Choice("right", "确实有误，已经更正"), Choice("wrong", "核对无误，没有改动")], chosen: filled.text("result"), notes: filled.notes("result", required: true)))\
                    \(textArea("why", "答复", value: filled.text("why"), rows: 3, notes: filled.notes("why", hint: "本人会在通知里看到这句话和您的姓名。", required: true)))\
                    <div class="actions">\(submitButton("答复"))</div>
                    """))) : "")
                """)
    }
}
