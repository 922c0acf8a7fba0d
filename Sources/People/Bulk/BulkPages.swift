import Access
import Kit
import Register

/// 批量更改: what is chosen on the list, the preview of what it changes, and what it did.
enum BulkPages {
    static let formID = "bulk"
    /// Names of the fields that say which list the people were chosen on.
    static let listFields = PersonListAsk.names.map(field)
    /// What is to be set bears the name of a filter, which goes along under another.
    static func field(_ name: String) -> String { name == "category" ? "of" : name }

    /// Beside the list of people: what is to be set, for those who are ticked or for all who are listed.
    static func choosing(_ asked: PersonListAsk, count: Int?, _ words: RosterWords, _ token: FormToken) -> HTML {
        let form = postForm(to: "/people/bulk", token: token, id: formID, """
            \(hidden(of: asked))\(selects(FilledForm(), BulkChange(), words))\
            <div class="actions">\(submitButton("更改勾选的…", .primary, name: "whom", value: "ticked"))\
            \(count.map { $0 > 0 && $0 <= BulkStore.most ? submitButton("更改列出的全部 \(Numbers.count($0)) 人…", .plain, name: "whom", value: "all") : "" })\
            <span class="hint">先看更改了什么，再确定。</span></div>
            """)
        // Whoever came to fill something in finds it open.
        return "<details class=\"padded\"\("open", if: asked.missing == .category)><summary>批量更改：给几个人一起填人员类别、队伍类别或任职方式</summary>\(form)</details>"
    }

    private static func hidden(of asked: PersonListAsk) -> HTML {
        asked.pairs.html { "<input type=\"hidden\" name=\"\(field($0.name))\" value=\"\($0.value)\">" }
    }

    private static func selects(_ filled: FilledForm, _ change: BulkChange, _ words: RosterWords) -> HTML {
        func choices(_ list: RosterWords.Choices) -> [Choice] { [Choice("", "不改")] + list.pairs.map { Choice($0.key, $0.word) } }
        return fieldGrid("""
            \(selectField("category", "人员类别", choices(words.categories), chosen: filled.text("category", change.category)))\
            \(selectField("workforce", "队伍类别", choices(words.workforces), chosen: filled.text("workforce", change.workforce)))\
            \(selectField("engagement", "任职方式", choices(words.engagements), chosen: filled.text("engagement", change.engagement)))
            """)
    }

    // MARK: - the preview

    struct Preview: Sendable {
        let change: BulkChange
        let plan: BulkChange.Plan
        let people: [Int64: Person]
        /// What goes along with the form: whom it is about.
        let chosen: [(String, String)]
        /// Back to the list.
        let back: String
        let units: [Int64: String]
        let why: String
    }

    /// Nobody was chosen, or too many.
    static func refused(_ refusal: Refusal, back: String) -> Page {
        Page(
            "批量更改", menu: "people", crumbs: [Page.Crumb("名册", back)],
            body: notice(.problem, "\(refusal.sentence)") + padded("<div class=\"actions\">\(linkButton("返回名册", back, .primary))</div>"))
    }

    static func preview(_ shown: Preview, _ filled: FilledForm, _ words: RosterWords, _ token: FormToken) -> Page {
        let count = shown.plan.edits.count, left = shown.plan.left
        let sentence: HTML = shown.change.isNothing
            ? "选了 <b>\(Numbers.count(count + left.count))</b> 人。请选要填什么。"
            : count == 0 ? "选的 \(Numbers.count(left.count)) 人没有要改的。" : "将把 <b>\(Numbers.count(count))</b> 人的\(what(shown.change, words))\(left.isEmpty ? "。" : "，另有 \(Numbers.count(left.count)) 人不改。")"
        return Page(
            "批量更改", menu: "people", crumbs: [Page.Crumb("名册", shown.back)],
            body: """
                \(answerBox(sentence))\(filled.problem)\
                \(panel("更改", padded(postForm(to: "/people/bulk/do", token: token, """
                    \(shown.chosen.html { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })<input type="hidden" name="digest" value="\(shown.plan.digest)">\
                    \(selects(filled, shown.change, words))\
                    \(checkbox("replaces", "已经填了别的也改成这样", isTicked: filled.isTicked("replaces", shown.change.replaces), hint: "平时不要选：会改到任职之日，往年的指标也随着变。职务升了、换了的，请办“任职”。"))\
                    \(count > 0 ? textField("why", "理由", value: filled.text("why", shown.why), notes: filled.notes("why", hint: "写一次，记在每个人的档案里，例如文号。"), autofocus: true, maxLength: 500) : "")\
                    <div class="actions">\(count > 0 ? submitButton("确定更改 \(Numbers.count(count)) 人") : "")\(submitButton("重新预览", count > 0 ? .plain : .primary, to: "/people/bulk"))\(linkButton("不改，返回名册", shown.back, .quiet))</div>
                    """))))\
                \(count > 0 ? panel("要改的", note: "\(Numbers.count(count)) 人", edits(shown.plan.edits, shown.people, shown.units, words)) : "")\
                \(left.isEmpty || shown.change.isNothing ? "" : panel("不改的", note: "\(Numbers.count(left.count)) 人", leaving(left, shown.people)))
                """)
    }

    private static func what(_ change: BulkChange, _ words: RosterWords) -> HTML {
        var parts: [String] = []
        if !change.category.isEmpty { parts.append("人员类别\(change.replaces ? "改" : "填")为“\(words.categories.word(of: change.category))”") }
        if !change.workforce.isEmpty { parts.append("队伍类别\(change.replaces ? "改" : "填")为“\(words.workforces.word(of: change.workforce))”") }
        if !change.engagement.isEmpty { parts.append("任职方式\(change.replaces ? "改" : "填")为“\(words.engagements.word(of: change.engagement))”") }
        return "\(parts.joined(separator: "，"))"
    }

    private static func edits(_ edits: [(old: Appointment, new: Appointment)], _ people: [Int64: Person], _ units: [Int64: String], _ words: RosterWords) -> HTML {
        let some = edits.prefix(ListAsk.pageSize)
        return plainTable(["姓名", "单位", "职务", "更改"], some.map { old, new in
            [
                personChip(people[new.personID]?.name ?? "", link: "/people/\(new.personID)"), "\(units[new.organizationID] ?? "")", "\(new.title)",
                difference(old, new, words),
            ]
        }) + more(edits.count - some.count)
    }

    private static func difference(_ old: Appointment, _ new: Appointment, _ words: RosterWords) -> HTML {
        let lists = [
            ("人员类别", old.category, new.category, words.categories), ("队伍类别", old.workforce, new.workforce, words.workforces),
            ("任职方式", old.engagement, new.engagement, words.engagements),
        ]
        return lists.filter { $0.1 != $0.2 }.enumerated().html { index, one in
            "\(index > 0 ? "<br>" as HTML : "")\(one.0)：\(one.1.isEmpty ? "未填" : one.3.word(of: one.1)) → <b>\(one.2.isEmpty ? "未填" : one.3.word(of: one.2))</b>"
        }
    }

    private static func leaving(_ left: [(person: Int64, reason: BulkChange.Reason)], _ people: [Int64: Person]) -> HTML {
        let counts = BulkChange.Reason.allCases.map { reason in (reason, left.count { $0.reason == reason }) }.filter { $0.1 > 0 }
        let some = left.prefix(ListAsk.pageSize)
        return padded("<p>\(counts.map { "\($0.0.words) \(Numbers.count($0.1)) 人" }.joined(separator: "；"))。</p>")
            + plainTable(["姓名", "为什么"], some.map { [personChip(people[$0.person]?.name ?? "", link: "/people/\($0.person)"), "\($0.reason.words)"] })
            + more(left.count - some.count)
    }

    private static func more(_ rest: Int) -> HTML { rest > 0 ? padded("<p class=\"hint\">只列出前 \(ListAsk.pageSize) 人，另有 \(Numbers.count(rest)) 人。</p>") : "" }

    // MARK: - what was done

    static func done(_ done: BulkStore.Done, _ filled: FilledForm, _ units: [Int64: String], _ words: RosterWords, _ token: FormToken) -> Page {
        let count = Numbers.count(done.edits.count), day = Clock.day(ofMilliseconds: done.act.atMilliseconds)
        let undo: HTML = done.changedSince > 0 ? "" : panel("撤回", padded(filled.problem + postForm(to: "/people/bulk/\(done.act.id)/undo", token: token, """
            \(textField("why", "撤回的理由", value: filled.text("why"), notes: filled.notes("why", hint: "这 \(count) 人一起回到更改以前。", required: true), maxLength: 500))\
            <div class="actions">\(submitButton("全部撤回", .plain))</div>
            """)))
        return Page(
            "批量更改", subtitle: "\(day) · \(done.act.who)", menu: "people", crumbs: [Page.Crumb("名册", "/people")],
            body: """
                \(answerBox(said(done, count), mark: done.changedSince == 0 ? .met : nil, action: linkButton("回到名册", "/people", .primary)))\
                \(panel("更改了什么", note: "理由：\(done.act.why)", edits(done.edits, done.people, units, words)))\(undo)
                """)
    }

    private static func said(_ done: BulkStore.Done, _ count: String) -> HTML {
        if done.isUndone, let undo = done.since { return "这次更改已于 \(Clock.day(ofMilliseconds: undo.atMilliseconds)) 由\(undo.who)撤回：\(undo.why)" }
        guard done.changedSince > 0 else { return "已更改 <b>\(count)</b> 人。" }
        return "当时更改了 <b>\(count)</b> 人；其中 \(Numbers.count(done.changedSince)) 人的任职后来又改过，不能整批撤回，请到各人的档案里更正。"
    }
}
