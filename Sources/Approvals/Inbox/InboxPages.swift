import Access
import Kit

/// 待办: everything that waits for somebody's word, of whatever kind.
enum InboxPages {
    /// What the list shows besides its rows.
    struct Asked: Sendable {
        let view: Inbox.View
        let kind: ApprovalKind?
        /// Kinds that there is anything of.
        let kinds: [ApprovalKind]
        let counts: [Approval.Key: Int]
        /// Whether what is lent in an absence waits for a sign-in with a second factor.
        let lacksFactor: Bool
        var next: String?
        /// What several at once came to.
        var done: (consented: Int, refused: [(title: String, sentence: String)])?
    }

    static func list(_ asked: Asked, returned: [Inbox.Row], _ rows: [Inbox.Row], _ ask: ListAsk, _ signedIn: SignedIn) -> Page {
        let waiting = asked.counts.values.reduce(0, +)
        let first = rows.first?.due
        let urgent: HTML = first.map { $0 < signedIn.today ? "最早的已过期 <b class=\"short\">\(signedIn.today - $0)</b> 天。" : "最早的 \(Inbox.due($0, signedIn.today))。" } ?? ""
        let sentence: HTML = waiting == 0 ? "没有等您办理的事。" : "有 <b>\(Numbers.count(waiting))</b> 件事等您办理。\(urgent)"
        return Page(
            "待办", menu: "approvals",
            body: """
                \(asked.done.map(outcome) ?? "")\
                \(asked.lacksFactor ? notice(.hint, "有人请您代办，那些事要用第二步验证登录后才能看、才能办：请先<a href=\"/account/factor\">设置验证器</a>，再重新登录。") : "")\
                \(answerBox(sentence, mark: waiting == 0 ? nil : .pending))\
                <p>\(segmented("看哪些", Inbox.View.allCases.map { view in
                    (view == .waiting && waiting > 0 ? "\(view.word) \(waiting)" : view.word, link(view, asked.kind), view == asked.view)
                }))</p>\
                \(kinds(asked))\
                \(returned.isEmpty ? "" : panel("退回给您修改", rowList(returned.map { row($0, signedIn) })))\
                \(rows.isEmpty && returned.isEmpty ? empty(asked.view) : rows.isEmpty ? "" : panel(asked.view.word, list(rows, asked, ask, signedIn)))
                """)
    }

    private static func kinds(_ asked: Asked) -> HTML {
        guard asked.kinds.count > 1 else { return "" }
        let choices = asked.kinds.map { kind in
            let count = asked.view == .waiting ? asked.counts[kind.key].map { " \($0)" } ?? "" : ""
            return (name: "\(kind.word)\(count)", link: link(asked.view, kind), isCurrent: kind.key == asked.kind?.key)
        }
        return "<p>\(segmented("哪一种", [(name: "全部", link: link(asked.view, nil), isCurrent: asked.kind == nil)] + choices))</p>"
    }

    private static func link(_ view: Inbox.View, _ kind: ApprovalKind?) -> String {
        PageAddress("/approvals", Fields([("view", view == .waiting ? "" : view.rawValue), ("kind", kind?.key.rawValue ?? "")].filter { !$0.1.isEmpty })).link
    }

    private static let formID = "together"

    private static func list(_ rows: [Inbox.Row], _ asked: Asked, _ ask: ListAsk, _ signedIn: SignedIn) -> HTML {
        let together = rows.contains(where: \.isTogether)
        let next: HTML = asked.next == nil && ask.after == nil ? "" : """
            <nav class="pages" aria-label="翻页">\(ask.after != nil ? linkButton("回到开头", ask.address.with("after", nil).link, .quiet, icon: .back) : "")\
            \(asked.next.map { linkButton("下一页", ask.address.with("after", $0).link) })</nav>
            """
        let bar: HTML = !together ? "" : padded(postForm(to: "/approvals/consent", token: signedIn.token, id: formID, """
            <div class="actions">\(submitButton("同意所选的"))<span class="hint">打勾的一起同意；要退回或不同意的，点开单独办理。</span></div>
            """))
        return rowList(rows.map { row($0, signedIn) }) + bar + next
    }

    /// One thing: its name leads to it, below stands what it asks, at the end until when.
    private static func row(_ one: Inbox.Row, _ signedIn: SignedIn) -> HTML {
        let approval = one.approval
        let tick: HTML = one.isTogether
            ? "<input type=\"checkbox\" form=\"\(formID)\" name=\"approval\" value=\"\(approval.id)~\(approval.digest)\" aria-label=\"选“\(one.line.title)”\"> " : ""
        let end: HTML = if let due = one.due { "<span class=\"amount\">\(deadline(due, signedIn.today))</span>" }
            else if one.step == nil { "<span class=\"amount\">\(state(approval.state))</span>" } else { "" }
        let content = one.parts.filter { !$0.text.isEmpty }.map { "\($0.name) \($0.text)" }.joined(separator: "，")
        let day = one.askedMilliseconds.map { Clock.day(ofMilliseconds: $0).description } ?? ""
        return Kit.row(
            "\(tick)<a href=\"\(approval.link)\">\(one.line.title)</a>\(one.standsFor.map { tag("代\($0)办理", strong: true) })",
            note: "\(one.line.asks)<br>\(content.isEmpty ? "" : "\(content)<br>" as HTML)\(one.line.asker) · \(day) 提出\(approval.round > 1 ? "，第 \(approval.round) 次" : "")", end: end)
    }

    static func state(_ state: Approval.State) -> HTML { tag(state.word, strong: state.isOpen) }

    static func deadline(_ day: Day, _ today: Day) -> HTML { tag(Inbox.due(day, today), strong: day - today <= 3) }

    private static func empty(_ view: Inbox.View) -> HTML {
        switch view {
        case .waiting: emptyState("没有待办", "有人提出申请、要由您决定时，会按到期的先后列在这里，点开就能办。外出时可以<a href=\"/substitutes\">请人代办</a>。")
        case .asked: emptyState("没有在办的申请", "您管理的单位提出、还没有办结的申请会列在这里。")
        case .decided: emptyState("还没有办结的", "同意、不同意和撤销的申请都留在这里。")
        }
    }

    private static func outcome(_ done: (consented: Int, refused: [(title: String, sentence: String)])) -> HTML {
        let agreed: HTML = done.consented > 0 ? notice(.done, "已同意 \(done.consented) 件。") : ""
        guard !done.refused.isEmpty else { return done.consented == 0 ? notice(.problem, "没有选要同意的；请先在前面打勾。") : agreed }
        return agreed + notice(.problem, "有 \(done.refused.count) 件没有办：<ul>\(done.refused.html { "<li>\($0.title)：\($0.sentence)</li>" })</ul>")
    }
}
