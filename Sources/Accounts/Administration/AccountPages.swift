import Access
import Kit

/// 账号, for the security administrator.
enum AccountPages {
    static func list(_ lines: [AccountListStore.Line], count: Int, next: Bool, _ views: [SavedView], _ asked: AccountListStore.Ask, _ ask: ListAsk, _ signedIn: SignedIn) -> Page {
        let units = signedIn.scope.topUnits(for: .administering).map(\.name).joined(separator: "、"), query = ask.address.query
        return Page(
            "账号", subtitle: "\(units)及下级单位", menu: "accounts",
            body: """
                \(answerBox("共 <b>\(Numbers.count(count))</b> 个账号\(query.text("q").isEmpty && asked.state == nil && asked.role == nil && asked.hasFactor == nil ? "" : "符合条件")。"))\
                \(panel("查找", padded(seekForm(to: "/accounts", token: signedIn.token, """
                    \(textField("q", "账号名或姓名", value: query.text("q"), type: "search"))\
                    \(selectField("state", "状态", [Choice("", "全部")] + Account.State.allCases.map { Choice($0.rawValue, $0.word) }, chosen: query.text("state")))\
                    \(selectField("role", "身份", [Choice("", "全部")] + Role.allCases.map { Choice($0.rawValue, $0.word) }, chosen: query.text("role")))\
                    \(selectField("factor", "第二步验证", [Choice("", "全部"), Choice("yes", "已设"), Choice("no", "没有设")], chosen: query.text("factor")))
                    <div class="actions">\(submitButton("查找", .plain, icon: .search))\(linkButton("清除", "/accounts", .quiet))</div>
                    """))))\
                \(panel("账号", SavedViewPages.bar(views, ask, signedIn.token) + dataTable(
                    "账号", ask: ask,
                    columns: columns(signedIn),
                    rows: lines, next: next ? lines.last?.account.name : nil, count: count,
                    export: lines.isEmpty ? nil : (ListFile.link(ask), signedIn.token), empty: "没有符合条件的账号。<a href=\"/accounts\">看全部</a>")))
                """)
    }

    static func columns(_ signedIn: SignedIn) -> [ListColumn<AccountListStore.Line>] {
        [
            .text("账号名", "name") { "<a class=\"door\" href=\"/accounts/\($0.id)\">\(name($0.account))</a>" },
            .text("姓名", "display", wraps: true) { "\($0.account.displayName)" },
            .text("状态", "standing") { stateBadge(mark($0.account.state), $0.account.state.word) }.inSheet { CellContent($0.account.state.word) },
            .text("第二步验证", "second") { $0.factorSince == nil ? "没有" : "已设" },
            .text("最近登录", "last") { line in line.lastSignIn.map { "\(Clock.minute(ofMilliseconds: $0))" } ?? "从未" },
            .text("授权", "grants", wraps: true) { line in words(line.grants, signedIn) },
        ]
    }

    private static func name(_ account: Account) -> String { account.state == .new ? "待本人选" : account.name }

    private static func mark(_ state: Account.State) -> Mark {
        switch state {
        case .active: .met
        case .new: .pending
        case .locked: .unmet
        case .closed: .notApplicable
        }
    }

    private static func words(_ grants: [Grant], _ signedIn: SignedIn) -> HTML {
        grants.isEmpty ? "学员，只看本人" : "\(grants.map { grant in "\(grant.role.word)（\(signedIn.scope.tree.unit(grant.organizationID)?.name ?? "已撤销的单位")）" }.joined(separator: "、"))"
    }

    // MARK: One account

    struct One: Sendable {
        let line: AccountListStore.Line
        /// The unit of the person's primary post.
        let home: Int64?
        let sessions: Int
        /// Since when an identity of single sign-on is bound, milliseconds; nil where none is.
        let identitySince: Int64?
        let slips: [Slip]
        let sway: AccountSway
        let events: [AccountListStore.Event]
    }

    static func account(_ one: One, _ form: FilledForm, done: String, word: (String) -> String, _ signedIn: SignedIn) -> Page {
        let account = one.line.account
        return Page(
            account.displayName, subtitle: "账号 \(name(account))", menu: "accounts", crumbs: [Page.Crumb("账号", "/accounts")],
            body: """
                \(AccountDeed(rawValue: done).map { notice(.done, "已办：\($0.word)。账号已收到通知。") } ?? "")\(form.problem)\
                \(sideBySide(
                    panel("账号", padded(facts([
                        ("状态", stateBadge(mark(account.state), account.state.word)), ("第二步验证", one.line.factorSince.map { "\(Clock.day(ofMilliseconds: $0)) 设" } ?? "没有设"),
                        ("统一身份", one.identitySince.map { "\(Clock.minute(ofMilliseconds: $0)) 绑定" } ?? "没有绑定"),
                        ("最近登录", one.line.lastSignIn.map { "\(Clock.minute(ofMilliseconds: $0))" } ?? "从未"), ("正在登录", "\(one.sessions) 处"),
                        ("所在单位", "\(one.home.flatMap { signedIn.scope.tree.unit($0)?.name } ?? "不对应名册里的人")"), ("授权", words(one.line.grants, signedIn)),
                    ]))),
                    deeds(one, form, signedIn)))\
                \(slip(one, form, signedIn))\(SlipHistoryPages.panel(one.slips, signedIn.now, link: false))\
                \(panel("经过", note: "最近 100 条：登录，和对这个账号做过的事", one.events.isEmpty ? padded("<p>还没有记录。</p>") : timeline(one.events.map { event in
                    (
                        when: Clock.minute(ofMilliseconds: event.act.atMilliseconds), what: "\(word(event.act.kind))\(event.act.why.isEmpty ? "" : "（\(event.act.why)）")",
                        who: event.act.who + (event.origin.isEmpty ? "" : " · \(event.origin)")
                    )
                })))
                """)
    }

    private static func deeds(_ one: One, _ form: FilledForm, _ signedIn: SignedIn) -> HTML {
        let open = AccountDeed.allCases.filter {
            $0.isOpen(for: one.line.account, hasFactor: one.line.factorSince != nil, hasSlip: one.slips.contains { $0.isValid(now: signedIn.now) },
                hasIdentity: one.identitySince != nil)
        }
        guard one.sway.mayAdminister else {
            return panel("办理", padded("<p>这是您自己的账号，或者与您平级、在您之上、还担任别处职责的账号，不能由您处理。请找上级的安全管理员；没有上级的，在服务器上用 yugong user 处理。</p>"))
        }
        guard !open.isEmpty else { return panel("办理", padded("<p>账号已停用。本人再用，请由所在单位的组织人事管理员做激活码。</p>")) }
        return panel("办理", padded(postForm(to: "/accounts/\(one.line.id)", token: signedIn.token, """
            \(radioField("deed", "做什么", open.map { Choice($0.rawValue, $0.word) }, chosen: form.text("deed"), notes: form.notes("deed", required: true)))\
            \(textField("why", "理由", value: form.text("why"), notes: form.notes("why", hint: "会写进记录，本人也看得到", required: true), maxLength: 200))\
            <div class="actions">\(submitButton("办理"))</div>
            """)))
    }

    private static func slip(_ one: One, _ form: FilledForm, _ signedIn: SignedIn) -> HTML {
        let account = one.line.account
        guard one.sway.mayReset, account.state != .locked, account.state != .closed || account.personID != nil else { return "" }
        let isReset = account.state == .active
        return panel(isReset ? "忘了密码" : "激活", padded(postForm(to: "/accounts/\(one.line.id)/slip", token: signedIn.token, """
            <p>\(isReset ? "做一个重设密码的一次性码，当面交给本人；设有验证器的仍要输入验证码。" : "做一个激活码，当面交给本人。")\((isReset ? Slip.Kind.reset : .activation).days) 天内有效，只能用一次，码只出现在下载的文件里。</p>\
            \(textField("reason", "理由", value: form.text("reason"), notes: form.notes("reason", hint: "例如：本人持工作证当面申请", required: true), maxLength: 200))\
            \(isReset && one.sway.mayTakeFactor && one.line.factorSince != nil ? checkbox("factor", "手机和恢复码也都没有了：连验证器一起重设", hint: "平时不要选。选了，持码人不用验证码就能进入账号。") : "")\
            \(radioField("format", "做成", [Choice("pdf", "纸条（PDF）"), Choice("xlsx", "工作簿（Excel）")], chosen: "pdf"))\
            <div class="actions">\(submitButton(isReset ? "做重设密码的码" : "做激活码", .plain, icon: .download))</div>
            """)))
    }
}
