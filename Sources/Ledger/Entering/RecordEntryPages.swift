import Access
import Kit
import People
import Register
import Rules

/// 登记培训: the form, what it comes to for each, and what was done.
enum RecordEntryPages {
    private static let formID = "training", path = "/training"
    /// Fields that say what the training is, in their order.
    static let fields = ["title", "form", "from", "to", "days", "hours", "selected", "completed", "purpose", "content", "host", "institution", "why"]

    /// Whom the form offers to tick.
    struct Offer: Sendable {
        let unit: String
        /// Nil where they are too many.
        let listed: [PersonFile]?
        let ticked: Set<Int64>
    }

    static func form(_ filled: FilledForm, _ offer: Offer, _ vocabulary: Vocabulary, _ signedIn: SignedIn) -> Page {
        func choices(_ list: Vocabulary.List, _ none: String) -> [Choice] { [Choice("", none)] + list.words.map { Choice($0.key, $0.word) } }
        return Page(
            "登记培训", subtitle: "一次培训，参加的人一起登记", menu: "training",
            body: filled.problem + postForm(to: path, token: signedIn.token, id: formID, """
                \(panel("什么培训", padded(fieldGrid("""
                    \(textField("title", "培训名称", value: filled.text("title"), notes: filled.notes("title", hint: "培训班、讲座或课程的全称。", required: true), maxLength: 200))\
                    \(selectField("form", "培训形式", choices(vocabulary.forms, "请选择"), chosen: filled.text("form"), notes: filled.notes("form", required: true)))\
                    \(textField("from", "开始日期", value: filled.text("from"), type: "date", notes: filled.notes("from", required: true)))\
                    \(textField("to", "结束日期", value: filled.text("to"), type: "date", notes: filled.notes("to", hint: "最后一天，含当天。", required: true)))\
                    \(textField("days", "天数", value: filled.text("days"), notes: filled.notes("days", hint: "半天写 0.5；与学时填一项即可。")))\
                    \(textField("hours", "学时", value: filled.text("hours"), notes: filled.notes("hours")))\
                    \(checkbox("selected", "组织调训", isTicked: filled.isTicked("selected")))\
                    \(checkbox("completed", "结业", isTicked: filled.isTicked("completed", true)))
                    """) + more(filled, choices, vocabulary))))\
                \(panel("谁参加了", padded(PersonPickPages.field(filled, form: formID, unit: offer.unit, listed: offer.listed, ticked: offer.ticked, to: path, signedIn))))\
                <div class="actions">\(submitButton("下一步：核对", name: "step", value: "check"))\(linkButton("取消", "/people", .quiet))</div>
                """))
    }

    private static func more(_ filled: FilledForm, _ choices: (Vocabulary.List, String) -> [Choice], _ vocabulary: Vocabulary) -> HTML {
        let isOpen = ["host", "institution", "purpose", "content", "why"].contains { !filled.text($0).isEmpty }
        return """
            <details\("open", if: isOpen)><summary>主办、机构、目的、内容和依据（可以不填）</summary>\(fieldGrid("""
                \(textField("host", "主办单位", value: filled.text("host"), notes: filled.notes("host", hint: "单位编码或全称；不在组织里的空着。"), autocomplete: "off", maxLength: 120))\
                \(textField("institution", "培训机构", value: filled.text("institution"), notes: filled.notes("institution"), maxLength: 200))\
                \(selectField("purpose", "培训目的", choices(vocabulary.purposes, "未填"), chosen: filled.text("purpose"), notes: filled.notes("purpose")))\
                \(selectField("content", "内容类别", choices(vocabulary.contents, "未填"), chosen: filled.text("content"), notes: filled.notes("content")))\
                \(textField("why", "依据", value: filled.text("why"), notes: filled.notes("why", hint: "例如结业文号；随记录长期保存。"), maxLength: 500))
                """))</details>
            """
    }

    // MARK: - the preview

    static func preview(_ entry: RecordEntry, _ plan: RecordEntry.Plan, _ files: [Int64: PersonFile], _ form: Form, _ filled: FilledForm, _ words: StatementPages.Words, _ signedIn: SignedIn) -> Page {
        let record = entry.record
        let rest = (plan.known > 0 ? "，\(Numbers.count(plan.known)) 人已登记过，不重复" : "") + (plan.refused > 0 ? "，\(Numbers.count(plan.refused)) 人有误，不登记" : "")
        let said: HTML = plan.new == 0
            ? "没有要登记的\(rest)。" : "将给 <b>\(Numbers.count(plan.new))</b> 人登记“\(record.title)”（\(words.form(record))，\(record.from == record.to ? "\(record.from)" : "\(record.from) 至 \(record.to)")，\(words.amount(record))）\(rest)。"
        return Page(
            "核对：登记培训", subtitle: "\(record.title)", menu: "training", crumbs: [Page.Crumb("登记培训", "/training/new")],
            body: """
                \(filled.problem)\(answerBox(said, mark: plan.refused > 0 ? .unmet : nil))\
                \(postForm(to: path, token: signedIn.token, """
                    \(fields.html { name in form.fields[name].map { "<input type=\"hidden\" name=\"\(name)\" value=\"\($0)\">" as HTML } ?? "" })\
                    \(PersonPickPages.carried(entry.people))<input type="hidden" name="digest" value="\(plan.digest)">\
                    <div class="actions">\(plan.new > 0 ? submitButton("登记 \(Numbers.count(plan.new)) 人", name: "step", value: "do") : "")\(submitButton("返回修改", plan.new > 0 ? .plain : .primary, name: "step", value: "edit"))</div>
                    """))\
                \(panel("逐人", plainTable(["姓名", "单位", "结果"], plan.outcomes.sorted { rank($0.outcome) < rank($1.outcome) }.map { one -> [HTML] in
                    let file = files[one.person], post = file?.present(on: signedIn.today)
                    return [personChip(file?.person.name ?? "", link: "/people/\(one.person)"), "\(post.flatMap { file?.unit($0) })", result(one.outcome, one.hints)]
                })))
                """)
    }

    /// What is wrong stands first.
    private static func rank(_ outcome: RecordEntry.Outcome) -> Int {
        switch outcome {
        case .refused: 0
        case .known: 1
        case .new: 2
        }
    }

    private static func result(_ outcome: RecordEntry.Outcome, _ hints: [String]) -> HTML {
        let said: HTML = switch outcome {
        case .new: "登记"
        case .known: tag("已登记过")
        case .refused(let sentence): "\(stateBadge(.unmet, "不登记"))<br>\(sentence)"
        }
        return "\(said)\(hints.html { "<br><small>\($0)</small>" })"
    }

    // MARK: - what was done

    static func done(_ done: RecordEntryStore.Done, _ filled: FilledForm, undone: ActRecord?, _ words: StatementPages.Words, _ token: FormToken) -> Page {
        let count = Numbers.count(done.entries.count), record = done.entries[0].record
        let said: HTML =
            if let undone { "这次登记已于 \(Clock.day(ofMilliseconds: undone.atMilliseconds)) 由\(undone.who)撤回：\(undone.why)。" }
            else if done.changedSince > 0 { "当时登记了 <b>\(count)</b> 人；其中 \(Numbers.count(done.changedSince)) 人的记录后来更正或撤销过，不能整批撤回，请逐条办理。" }
            else { "已给 <b>\(count)</b> 人登记“\(record.title)”，\(words.amount(record))。" }
        let undo: HTML = done.changedSince > 0 ? "" : panel("撤回", padded(filled.problem + postForm(to: "\(path)/\(done.act.id)/undo", token: token, """
            \(textField("why", "撤回的理由", value: filled.text("why"), notes: filled.notes("why", hint: "这 \(count) 条一起冲销；记录和理由都保留。", required: true), maxLength: 500))\
            <div class="actions">\(submitButton("全部撤回", .plain))</div>
            """)))
        return Page(
            "登记培训", subtitle: "\(Clock.day(ofMilliseconds: done.act.atMilliseconds)) · \(done.act.who)", menu: "training",
            body: """
                \(answerBox(said, mark: done.changedSince == 0 ? .met : nil, action: linkButton("再登记一次培训", "/training/new", .primary) + linkButton("回到名册", "/people")))\
                \(panel("登记了谁", note: done.act.why.isEmpty ? nil : "依据：\(done.act.why)", plainTable(["姓名", "记录"], done.entries.map {
                    [personChip(done.people[$0.personID]?.name ?? "", link: "/people/\(done.people[$0.personID]?.id ?? $0.personID)"), "<a class=\"door\" href=\"/records/\($0.id)\">\($0.record.title)</a>"]
                })))\(undo)
                """)
    }
}
