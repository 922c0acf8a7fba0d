import Access
import Kit

/// 系统设置.
enum SystemPages {
    static func settings(_ setting: SystemSetting, _ facts: SystemFacts, contact: FilledForm, announcing: FilledForm, done: String?, _ signedIn: SignedIn) -> Page {
        let today = signedIn.today, isUp = setting.announced(on: today) != nil
        let state: HTML =
            if setting.announcement.isEmpty { "现在没有公告。" }
            else if isUp { "公告正在显示，到 \(setting.to - 1) 为止。" }
            else if setting.from > today { "公告将从 \(setting.from) 起显示，到 \(setting.to - 1) 为止。" }
            else { "上一条公告已在 \(setting.to - 1) 后撤下。" }
        return Page(
            "系统设置", subtitle: "只含系统的运行情况；这一身份看不到业务数据", menu: "settings",
            body: """
                \(done.flatMap { said[$0] }.map { notice(.done, "\($0)") })\
                \(facts.warnings.html { notice(.problem, told($0)) })\
                \(panel("公告", note: state, padded(postForm(to: "/settings/announcement", token: signedIn.token, """
                    \(announcing.problem)\(textArea("text", "公告", value: announcing.text("text", setting.announcement), rows: 3, notes: announcing.notes("text", hint: "显示在每个人每一页的最上面，不超过 \(SystemSetting.longestAnnouncement) 字。", required: true)))\
                    \(fieldGrid("""
                        \(textField("from", "从哪天起", value: announcing.text("from", "\(isUp || setting.from > today ? setting.from : today)"), type: "date", notes: announcing.notes("from", required: true)))\
                        \(textField("until", "最后一天", value: announcing.text("until", "\(setting.to > today ? setting.to - 1 : today + 6)"), type: "date", notes: announcing.notes("until", required: true)))
                        """))<div class="actions">\(submitButton("发布公告"))\(isUp || setting.from > today ? submitButton("撤下公告", .plain, name: "step", value: "withdraw") : "")</div>
                    """))))\
                \(panel("登录页上的联系方式", padded(postForm(to: "/settings/contact", token: signedIn.token, """
                    \(contact.problem)\(textField("contact", "遇到问题请联系", value: contact.text("contact", setting.contact), notes: contact.notes("contact", hint: "例如“市总工会干部部，电话 0000-0000000”。空着就不显示。"), maxLength: 200))\
                    <div class="actions">\(submitButton("保存", .plain))</div>
                    """))))\
                \(sideBySide(panel("服务", Kit.facts(rows(facts.serving))), panel("数据库", Kit.facts(rows(facts.database)))))\
                \(sideBySide(panel("密钥与审计链", Kit.facts(rows(facts.keys))), panel("限额", Kit.facts(rows(facts.limits)))))\
                \(panel("政策文件", note: "改动后自动生效；有错误时仍按改动前的算", plainTable(["文件", "年份", "文件名", "版本"], facts.policies.map {
                    ["\($0.title)", "\($0.years)", "\($0.file)", "<code>\($0.digest)</code>"]
                })))
                """)
    }

    private static let said = ["contact": "联系方式已保存。", "announced": "公告已发布。", "withdrawn": "公告已撤下。"]

    private static func rows(_ lines: [SystemFacts.Line]) -> [(name: String, value: HTML)] { lines.map { ($0.name, "\($0.value)") } }

    /// A warning whose further lines are a list of what is wrong.
    private static func told(_ warning: String) -> HTML {
        let lines = warning.split(separator: "\n").map(String.init)
        return "\(lines.first ?? "")\(lines.count > 1 ? "<ul>\(lines.dropFirst().html { "<li>\($0)</li>" })</ul>" as HTML : "")"
    }
}
