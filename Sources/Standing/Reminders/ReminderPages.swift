import Figures
import Kit

/// 提醒: who is told what, before it is sent.
enum ReminderPages {
    struct Preview: Sendable {
        let told: UnitExplanation
        let plan: ReminderPlan
        /// Where the form goes, and back to the list.
        let address: String, back: String
        /// What goes along with the form: whom it is about.
        let chosen: [(String, String)]
        let problem: String?
    }

    static func preview(_ shown: Preview, crumbs: [Page.Crumb], _ token: FormToken) -> Page {
        let plan = shown.plan, count = plan.told.count
        let sentence: HTML = count == 0
            ? "选的 \(Numbers.count(plan.left.count)) 人都不用或不能提醒。"
            : "将提醒 <b>\(Numbers.count(count))</b> 人。\(plan.left.isEmpty ? "" : "另有 \(Numbers.count(plan.left.count)) 人不提醒。")"
        let form: HTML = postForm(to: shown.address, token: token, """
            \(shown.chosen.html { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })<input type="hidden" name="digest" value="\(plan.digest)">\
            <div class="actions">\(count > 0 ? submitButton("确定提醒 \(Numbers.count(count)) 人", icon: .bell) : "")\(linkButton("不提醒，返回名单", shown.back, .quiet))</div>
            """)
        return page(shown.told, shown.back, crumbs, """
            \(answerBox(sentence))\(shown.problem.map { notice(.problem, "\($0)") })\(panel("提醒", padded("<p>各人在自己的“通知”里看到一句话，写明还差什么、到哪一天；同一人一天只提醒一次。</p>\(form)")))\
            \(count > 0 ? panel("要提醒的", note: "\(Numbers.count(count)) 人", telling(plan)) : "")\
            \(plan.left.isEmpty ? "" : panel("不提醒的", note: "\(Numbers.count(plan.left.count)) 人", leaving(plan)))
            """)
    }

    /// Nobody was chosen, or too many.
    static func refused(_ refusal: Refusal, _ told: UnitExplanation, back: String, crumbs: [Page.Crumb]) -> Page {
        page(told, back, crumbs, notice(.problem, "\(refusal.sentence)") + padded("<div class=\"actions\">\(linkButton("返回名单", back, .primary))</div>"))
    }

    private static func page(_ told: UnitExplanation, _ back: String, _ crumbs: [Page.Crumb], _ body: HTML) -> Page {
        Page(
            "提醒", subtitle: "\(told.frame.unitName) · \(told.frame.year) 年 · \(told.rule.title) · \(told.line.word)", menu: "figures",
            crumbs: crumbs + [Page.Crumb("\(told.rule.title) · \(told.line.word)", back)], body: body)
    }

    private static func telling(_ plan: ReminderPlan) -> HTML {
        let some = plan.told.prefix(ListAsk.pageSize)
        return plainTable(["姓名", "单位", "通知里写的"], some.map { one, reminder in
            [personChip(one.name, link: "/people/\(one.person)"), "\(one.unit)", "\(reminder.text)"]
        }) + more(plan.told.count - some.count)
    }

    private static func leaving(_ plan: ReminderPlan) -> HTML {
        let counts = ReminderPlan.Reason.allCases.map { reason in (reason, plan.left.count { $0.reason == reason }) }.filter { $0.1 > 0 }
        let some = plan.left.prefix(ListAsk.pageSize)
        let activation: HTML = plan.left.contains { $0.reason == .unreachable } ? linkButton("为他们激活账号", "/activation") : ""
        return padded("<p>\(counts.map { "\($0.0.words) \(Numbers.count($0.1)) 人" }.joined(separator: "；"))。</p>\(activation)")
            + plainTable(["姓名", "单位", "为什么"], some.map { [personChip($0.one.name, link: "/people/\($0.one.person)"), "\($0.one.unit)", "\($0.reason.words)"] })
            + more(plan.left.count - some.count)
    }

    private static func more(_ rest: Int) -> HTML { rest > 0 ? padded("<p class=\"hint\">只列出前 \(ListAsk.pageSize) 人，另有 \(Numbers.count(rest)) 人。</p>") : "" }
}
