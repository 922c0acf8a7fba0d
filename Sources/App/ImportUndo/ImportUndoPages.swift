import Access
import Kit

/// 撤回导入: what will go, what is in the way, and the reason.
enum ImportUndoPages {
    static func preview(_ plan: ImportUndo, _ filled: FilledForm, _ token: FormToken) -> Page {
        let job = plan.job
        let isPossible = plan.refusal == nil && plan.obstacles.isEmpty
        let said: HTML =
            if let refusal = plan.refusal { "\(refusal.sentence)" }
            else if plan.isBarredForGood { "这次导入以后，有 <b>\(Numbers.count(plan.obstacleCount))</b> 处又有了变动，其中有的要长期保存，这次导入不能再整批撤回。有误的请逐条更正。" }
            else if plan.obstacleCount > 0 { "这次导入以后，有 <b>\(Numbers.count(plan.obstacleCount))</b> 处又有了变动，现在不能整批撤回。请先处理下面列出的，或者不撤回，逐条更正。" }
            else { "将撤回这次导入，\(what(plan))。没有别的记录依赖它们。" }
        let form: HTML = !isPossible ? "" : panel("撤回", padded(postForm(to: "\(job.link)/undo", token: token, """
            \(textField("why", "撤回的理由", value: filled.text("why"), notes: filled.notes("why", hint: "例如：表格用错了版本。随记录长期保存。", required: true), autofocus: true, maxLength: 500))\
            <div class="actions">\(submitButton("全部撤回"))\(linkButton("不撤回，返回", job.link))</div>
            """)))
        return Page(
            "撤回导入", subtitle: "\(job.fileName)", menu: "exchange",
            crumbs: [Page.Crumb("导入导出", "/exchange"), Page.Crumb(job.fileName, job.link)],
            body: """
                \(filled.problem)\(answerBox(said, mark: isPossible ? nil : .unmet, action: isPossible ? nil : linkButton("返回", job.link)))\
                \(plan.obstacles.isEmpty ? "" : panel(plan.isBarredForGood ? "后来的变动" : "先要处理的", note: "\(Numbers.count(plan.obstacleCount)) 处", obstacles(plan)))\(form)\
                \(plan.parts.isEmpty && plan.entries == 0 ? "" : panel("导入时写下的", parts(plan)))\
                \(plan.people.isEmpty ? "" : panel("涉及的人", note: "\(Numbers.count(plan.peopleCount)) 人", people(plan)))
                """)
    }

    private static func what(_ plan: ImportUndo) -> String {
        var parts: [String] = []
        let made = plan.parts.reduce(0) { $0 + $1.made }, changed = plan.parts.reduce(0) { $0 + $1.changed }
        if made > 0 { parts.append("删除它新增的 \(Numbers.count(made)) 条记录") }
        if changed > 0 { parts.append("把它改过的 \(Numbers.count(changed)) 条恢复原样") }
        if plan.entries > 0 { parts.append("冲销它登记的 \(Numbers.count(plan.entries)) 条学时") }
        return parts.joined(separator: "，")
    }

    private static func parts(_ plan: ImportUndo) -> HTML {
        let hours: [[HTML]] = plan.entries == 0 ? [] : [["学时", "\(Numbers.count(plan.entries))（冲销，原记录和撤回的理由都保留）", "—"]]
        return plainTable(["内容", "新增的，将删除", "改过的，将恢复"], plan.parts.map { part in
            ["\(part.word)", "\(part.made == 0 ? "—" : Numbers.count(part.made))", "\(part.changed == 0 ? "—" : Numbers.count(part.changed))"]
        } + hours)
    }

    private static func obstacles(_ plan: ImportUndo) -> HTML {
        plainTable(["谁或哪里", "后来的事", ""], plan.obstacles.map { ["\($0.name)", "\($0.words)\($0.isForGood ? tag("不能再撤") : "")", linkButton("打开", $0.link, .quiet)] })
            + more(plan.obstacleCount - plan.obstacles.count, "处")
    }

    private static func people(_ plan: ImportUndo) -> HTML {
        plainTable(["姓名", "撤回以后"], plan.people.map { [personChip($0.name, link: "/people/\($0.id)"), $0.isNew ? "删除新建的档案" : "恢复到导入以前"] })
            + more(plan.peopleCount - plan.people.count, "人")
    }

    private static func more(_ rest: Int, _ unit: String) -> HTML {
        rest > 0 ? padded("<p class=\"hint\">只列出前 \(ImportUndo.listed) \(unit)，另有 \(Numbers.count(rest)) \(unit)。</p>") : ""
    }
}
