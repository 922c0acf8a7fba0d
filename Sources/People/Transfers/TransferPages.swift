import Access
import Approvals
import Kit
import Register

/// 调入申请, for side posts too: the list, one of them, and asking for somebody outside one's units.
enum TransferPages {
    /// A request as one account may see it.
    struct Shown: Sendable {
        let request: Request
        /// The post that is to begin.
        let post: Appointment
        let name: String
        /// Where the file is in sight.
        let personLink: String?
        let to: String
        /// Nil where the asker may not know where the person is.
        let from: String?
        let steps: [RequestStep]
        let words: RosterWords
        let mayDecide: Bool
        let mayWithdraw: Bool
        let mayReopen: Bool

        var link: String { TransferStore.link(request.id) }
        var isSide: Bool { !post.isPrimary }
        var place: String { from ?? "您权限以外的单位" }
        var asked: RequestStep? { steps.first }
    }

    /// What a list of requests is of.
    enum View: String, CaseIterable, Sendable {
        case waiting, asked, decided

        var word: String {
            switch self {
            case .waiting: "待我办理"
            case .asked: "我方提出"
            case .decided: "已办结"
            }
        }
    }

    // MARK: The list

    static func list(_ view: View, _ shown: [Shown], counts: [View: Int], next: String?, mayAsk: Bool, ask: ListAsk) -> Page {
        let waiting = counts[.waiting] ?? 0
        return Page(
            "调入申请", menu: "requests", actions: mayAsk ? linkButton("申请调入", "/transfers/new", .primary, icon: .plus) : nil,
            body: """
                \(answerBox(waiting == 0 ? "没有等您办理的调入申请。" : "有 <b>\(Numbers.count(waiting))</b> 份调入申请等您办理。", mark: waiting == 0 ? nil : .pending))\
                <p>\(segmented("看哪些", View.allCases.map { one in
                    ("\(one.word)\(counts[one].map { $0 == 0 ? "" : " \($0)" } ?? "")", "/requests?view=\(one.rawValue)", one == view)
                }))</p>\
                \(shown.isEmpty ? empty(view, mayAsk) : panel(view.word, dataTable(
                    "调入申请", ask: ask,
                    columns: [
                        .text("姓名", "name") { personChip($0.name, link: $0.link) }, .text("现单位", "from", wraps: true) { "\($0.place)" },
                        .text("调入单位", "to", wraps: true) { "\($0.to)" }, .text("新职务", "title") { "\($0.post.title)\($0.isSide ? tag("兼任") : "")" },
                        .text("到任日期", "day") { "\($0.post.from)" },
                        .text("提出", "asked") { "\($0.asked.map { Clock.day(ofMilliseconds: $0.act.atMilliseconds).description } ?? "")" },
                        .text("状态", "state") { state($0.request.state) },
                    ],
                    rows: shown, next: next)))
                """)
    }

    private static func empty(_ view: View, _ mayAsk: Bool) -> HTML {
        switch view {
        case .waiting: emptyState("没有待办", "别的单位要调您这里的人时，申请会列在这里，由您同意或退回。")
        case .asked: emptyState("没有在办的申请", "要调入的人在您管理的单位以外时，从这里提出申请。", action: mayAsk ? linkButton("申请调入", "/transfers/new", .primary) : nil)
        case .decided: emptyState("还没有办结的申请", "同意、退回和撤销的申请都留在这里。")
        }
    }

    private static func state(_ state: Request.State) -> HTML { tag(state.word, strong: state == .asked || state == .declined) }

    // MARK: One request

    static func request(_ shown: Shown, _ filled: FilledForm, deed: Request.State?, _ token: FormToken) -> Page {
        let post = shown.post, words = shown.words
        let sentence: HTML = switch shown.request.state {
        case .asked where shown.mayDecide && shown.isSide: "“\(shown.to)”申请由 <b>\(shown.name)</b> 兼任职务，自 <b>\(post.from)</b> 起。同意后，原来的任职不变，那个单位从此可以查看和办理此人的档案，但不能更正个人信息。"
        case .asked where shown.mayDecide: "“\(shown.to)”申请调入 <b>\(shown.name)</b>，自 <b>\(post.from)</b> 起。同意后，原主任职在那一天结束，新任职同时开始。"
        case .asked: "申请已送到 <b>\(shown.name)</b> 现单位的组织人事管理员，等对方办理。"
        case .consented where shown.isSide: "已同意：<b>\(shown.name)</b> 自 <b>\(post.from)</b> 起在“\(shown.to)”兼任，原来的任职不变。"
        case .consented: "已同意：<b>\(shown.name)</b> 自 <b>\(post.from)</b> 起到“\(shown.to)”任职，原主任职在那一天结束。"
        case .declined: "已退回：\(shown.steps.last?.act.why ?? "")"
        case .withdrawn: "申请单位已撤销这份申请，没有改动任何任职。"
        }
        return Page(
            "\(shown.isSide ? "兼任" : "调入") \(shown.name)", subtitle: "\(shown.place) → \(shown.to)", menu: "requests", crumbs: [Page.Crumb("调入申请", "/requests")],
            body: """
                \(filled.problem)\(answerBox(sentence, mark: shown.request.state == .asked ? .pending : nil))\
                \(sideBySide(
                    panel("申请内容", padded(facts([
                        ("姓名", shown.personLink.map { "<a class=\"door\" href=\"\($0)\">\(shown.name)</a>" } ?? "\(shown.name)"), ("现单位", "\(shown.place)"),
                        (shown.isSide ? "兼任单位" : "调入单位", "\(shown.to)"), ("新职务", "\(post.title.isEmpty ? "未填" : post.title)\(post.isLeadership ? tag("班子成员") : "")"),
                        ("到任日期", "\(post.from)"), ("人员类别", "\(post.category.isEmpty ? "未填" : words.categories.word(of: post.category))"),
                        ("队伍类别", "\(post.workforce.isEmpty ? "未填" : words.workforces.word(of: post.workforce))"),
                        ("任职方式", "\(post.engagement.isEmpty ? "未填" : words.engagements.word(of: post.engagement))"),
                        ("理由", "\(shown.asked?.act.why ?? "")"),
                    ]))),
                    panel("办理过程", timeline(shown.steps.map { step in
                        (
                            when: "\(Clock.day(ofMilliseconds: step.act.atMilliseconds))",
                            what: "\(step.act.kind == "undo" ? "撤回决定，重新待办" : stepWord(step.state))\(step.act.why.isEmpty || step.state == .asked && step.act.kind != "undo" ? "" : "：\(step.act.why)")",
                            who: step.act.who
                        )
                    }))))\
                \(acts(shown, filled, deed, token))
                """)
    }

    private static func stepWord(_ state: Request.State) -> String {
        switch state {
        case .asked: "提出申请"
        case .consented: "同意"
        case .declined: "退回"
        case .withdrawn: "撤销申请"
        }
    }

    /// Each deed with its own form; `deed` is the one that was refused.
    private static func acts(_ shown: Shown, _ filled: FilledForm, _ deed: Request.State?, _ token: FormToken) -> HTML {
        func form(_ title: String, _ state: Request.State, _ path: String, why: String, hint: HTML, required: Bool, button: String, _ kind: ButtonKind, note: HTML) -> HTML {
            let own = deed == state ? filled : FilledForm()
            return panel(title, padded("""
                <p>\(note)</p>\(postForm(to: "\(shown.link)/\(path)", token: token, """
                    \(textField("why", why, value: own.text("why"), notes: own.notes("why", hint: hint, required: required), maxLength: 500))<div class="actions">\(submitButton(button, kind))</div>
                    """))
                """))
        }
        switch shown.request.state {
        case .asked:
            let decide: HTML = !shown.mayDecide ? "" : sideBySide(
                form("同意", .consented, "consent", why: "意见", hint: "可以不填。", required: false, button: shown.isSide ? "同意兼任" : "同意调出", .primary,
                    note: shown.isSide ? "原来的任职不变，兼任自 \(shown.post.from) 开始；本人会收到通知。" : "原主任职在 \(shown.post.from) 结束，新任职同一天开始；之后您仍能查看到那一天为止的档案。"),
                form("退回", .declined, "decline", why: "退回原因", hint: "申请单位会看到。", required: true, button: "退回申请", .plain, note: "退回后任职不变，申请单位可以改好再提。"))
            let withdraw: HTML = !shown.mayWithdraw ? "" : form(
                "撤销申请", .withdrawn, "withdraw", why: "原因", hint: "可以不填。", required: false, button: "撤销申请", .plain, note: "对方还没有办理，可以撤销。")
            return decide + withdraw
        case .consented, .declined:
            guard shown.mayReopen else { return "" }
            let isMoved = shown.request.state == .consented
            return form(
                "撤回决定", .asked, "reopen", why: "理由", hint: "随记录长期保存。", required: true, button: "撤回决定", .plain,
                note: isMoved ? "撤回后恢复原来的任职，申请重新待办；此后这两段任职又有变更的，不能撤回。" : "撤回后申请重新待办。")
        case .withdrawn: return ""
        }
    }

    // MARK: Asking

    /// Who is meant: nobody outside is shown a list, so the whole number and the name must be known.
    static func find(_ filled: FilledForm, isNobody: Bool, _ token: FormToken) -> Page {
        asking("""
            \(isNobody ? notice(.problem, "没有找到姓名和证件号码都相符的人；请照证件核对两项。确实还没有档案的，从<a href=\"/people/new\">新建档案</a>登记。") : "")\
            \(panel("要调入或兼任的人", padded("""
                <p>人员在您管理的单位以内的，直接从<a href="/people">名册</a>打开档案办理。在以外的，填姓名和完整的证件号码，两项都相符才能申请。</p>\
                \(postForm(to: "/transfers/find", token: token, """
                    \(textField("name", "姓名", value: filled.text("name"), notes: filled.notes("name", required: true), autocomplete: "off", maxLength: 60))\
                    \(textField("number", "证件号码", value: filled.text("number"), notes: filled.notes("number", hint: "18 位。每次查找都记入日志。", required: true), autocomplete: "off", maxLength: 30))\
                    <div class="actions">\(submitButton("查找", .primary, icon: .search))</div>
                    """))
                """)))
            """)
    }

    /// The post that is asked for. `superior` may decide besides the officers of the person's unit.
    static func ask(_ filled: FilledForm, isFree: Bool, superior: String?, words: RosterWords, _ scope: Scope, _ token: FormToken) -> Page {
        asking("""
            \(filled.problem)\
            \(answerBox(isFree ? "这个号码已登记，现在没有主任职，登记后立即生效；已经结束的任职，要先征得最后任职单位的同意。" : "这个号码已登记在您权限以外的单位。申请会送到那个单位的组织人事管理员\(superior.map { "，\($0)也可以办理" } ?? "")；对方同意后生效。"))\
            \(panel("新任职", padded(postForm(to: "/transfers", token: token, """
                <input type="hidden" name="name" value="\(filled.text("name"))"><input type="hidden" name="number" value="\(filled.text("number"))">\
                \(radioField("manner", "方式", [Choice("move", "调入：原主任职在到任那天结束"), Choice("also", "兼任：原任职不变")], chosen: filled.text("manner", "move"), notes: filled.notes("manner")))\
                \(PersonFields.post(filled, nil, unit: "", scope: scope, words: words, isNew: true))\(whyField(filled))\
                <div class="actions">\(submitButton(isFree ? "登记任职" : "提出申请"))\(linkButton("换一个人", "/transfers/new"))</div>
                """))))
            """)
    }

    private static func asking(_ body: HTML) -> Page {
        Page("申请调入", menu: "requests", crumbs: [Page.Crumb("调入申请", "/requests")], body: body)
    }
}
