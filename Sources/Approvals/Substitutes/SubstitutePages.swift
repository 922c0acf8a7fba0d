import Access
import Kit

/// 代理: whom one has decide in an absence, for whom one decides, and the same for those below.
enum SubstitutePages {
    struct Shown: Sendable {
        struct Row: Sendable {
            let substitute: Substitute
            let absent: String, other: String
            /// By whom it was chosen, where it was not the absent one.
            let chosenBy: String?
            let mayEnd: Bool
        }

        /// For whom the form chooses: the own account, or one below.
        let absent: Account
        let isOwn: Bool
        let candidates: [(account: Account, note: String)]
        let rows: [Row]
        /// Those below for whom one may choose.
        let below: [(account: Account, note: String)]
    }

    static func page(_ shown: Shown, _ filled: FilledForm, _ signedIn: SignedIn) -> Page {
        let today = signedIn.today, name = shown.absent.displayName
        let away = shown.rows.first { $0.substitute.covers(today) && $0.substitute.absentID == shown.absent.id }
        let standing = shown.rows.filter { $0.substitute.covers(today) && $0.substitute.substituteID == signedIn.account.id }
        let who = shown.isOwn ? "您" : name
        let sentence: HTML = away.map { "现在由 <b>\($0.other)</b> 代\(who)办理，到 \($0.substitute.to - 1) 为止。" }
            ?? (standing.isEmpty ? "现在没有人代\(who)办理。" : "您现在代 <b>\(standing.map(\.absent).joined(separator: "、"))</b> 办理待办事项。")
        return Page(
            shown.isOwn ? "代理" : "代理：\(name)", subtitle: "外出、休假时由谁办理待办事项", menu: "substitutes", crumbs: shown.isOwn ? [] : [Page.Crumb("代理", "/substitutes")],
            body: """
                \(filled.problem)\(answerBox(sentence))\
                \(sideBySide(
                    panel(shown.isOwn ? "请人代办" : "为\(name)指定代理人", padded(shown.candidates.isEmpty
                        ? "<p>\(who)没有可以请人代办的身份，或者本单位和上级现在没有别的人可以选。</p>"
                        : choosing(shown, filled, signedIn.token))),
                    panel("已定的代理", shown.rows.isEmpty ? emptyState("没有代理", "定了以后列在这里，可以随时结束。") : list(shown.rows, today, signedIn.token))))\
                \(shown.isOwn && !shown.below.isEmpty ? panel("替下级的人指定", padded(getForm(to: "/substitutes", """
                    \(selectField("for", "谁外出", shown.below.map { Choice("\($0.account.id)", "\($0.account.displayName)（\($0.note)）") }))\
                    <div class="actions">\(submitButton("选代理人", .plain))</div>
                    """))) : "")
                """)
    }

    private static func choosing(_ shown: Shown, _ filled: FilledForm, _ token: FormToken) -> HTML {
        postForm(to: "/substitutes", token: token, """
            \(shown.isOwn ? "" : "<input type=\"hidden\" name=\"for\" value=\"\(shown.absent.id)\">")\
            \(selectField("substitute", "代理人", [Choice("", "请选一人")] + shown.candidates.map { Choice("\($0.account.id)", "\($0.account.displayName)（\($0.note)）") },
                chosen: filled.text("substitute"), notes: filled.notes("substitute", hint: "只代办待办事项，不能用别的权限；记录里写两个人的名字。", required: true)))\
            \(fieldGrid("""
                \(textField("from", "第一天", value: filled.text("from"), type: "date", notes: filled.notes("from", required: true)))\
                \(textField("until", "最后一天", value: filled.text("until"), type: "date", notes: filled.notes("until", hint: "这一天过后自动结束。", required: true)))
                """))\
            \(whyField(filled))<div class="actions">\(submitButton("确定"))</div>
            """)
    }

    private static func list(_ rows: [Shown.Row], _ today: Day, _ token: FormToken) -> HTML {
        plainTable(["起止", "谁外出", "谁代办", ""], rows.map { row in
            let one = row.substitute
            let state: HTML = one.covers(today) ? tag("代理中", strong: true) : one.from > today ? tag("未开始") : tag("已结束")
            return [
                "\(one.from) 至 \(one.to - 1)", "\(row.absent)\(row.chosenBy.map { "<small>\($0)指定</small>" as HTML })", "\(row.other)",
                row.mayEnd && one.to > today ? postButton("结束", to: "/substitutes/\(one.id)/end", token: token, .quiet) : state,
            ]
        })
    }
}
