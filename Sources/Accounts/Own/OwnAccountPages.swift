import Access
import Kit

/// An account's own pages: how one signs in, and where one is signed in.
enum OwnAccountPages {
    /// What one's account may do, its second factor, its sessions, and a form for another password.
    static func account(_ signedIn: SignedIn, _ own: OwnAccount, _ filled: FilledForm, done: String? = nil) -> Page {
        Page(
            "我的账号", subtitle: "\(signedIn.account.displayName) · 账号名 \(signedIn.account.name)", menu: "account", status: filled.isRefused ? 422 : 200,
            body: (done.flatMap { said[$0] }.map { notice(.done, "\($0)") } ?? "")
                + panel("登录着的设备", note: "\(own.sessions.count) 台", actions: own.sessions.count > 1 ? postButton("退出其他设备", to: "/account/sessions/end", token: signedIn.token) : nil, id: "sessions", former(own.record) + sessions(own, signedIn.token))
                + sideBySide(panel("第二步验证", padded(factor(signedIn, own))), panel("权限", actions: linkButton("我能做什么", "/account/rights", .quiet), grants(signedIn)))
                + (own.signOn.map { panel("统一身份", padded(SingleSignOnPages.offer($0.name, since: $0.since))) } ?? "")
                + panel("更换密码", id: "password", padded(postForm(to: "/account", token: signedIn.token, """
                    \(filled.problem)\(password("current", "现在的密码", filled, autocomplete: "current-password"))\
                    \(password("new", "新密码", filled, hint: "至少 \(PasswordRule.length.lowerBound) 位；连写几个不相干的词最好记也最难猜。", autocomplete: "new-password"))\
                    \(password("again", "再输一遍新密码", filled, autocomplete: "new-password"))<div class="actions">\(submitButton("更换密码"))</div>
                    """))))
    }

    /// What was done just now, by the word in the address.
    private static let said = [
        "password": "密码已更换，您在其他设备上的登录已全部退出。", "session": "那次登录已经退出。", "sessions": "其他设备上的登录已全部退出。",
        "enrolled": "验证器已经设好，恢复码已经换新。", "factor": "第二步验证已取消，其他设备上的登录已全部退出。",
    ]

    private static func password(_ name: String, _ label: String, _ filled: FilledForm, hint: HTML? = nil, autocomplete: String) -> HTML {
        passwordField(name, label, notes: filled.notes(name, hint: hint, required: true), autocomplete: autocomplete)
    }

    private static func grants(_ signedIn: SignedIn) -> HTML {
        signedIn.grants.isEmpty
            ? padded("这个账号没有管理权限，只能看到本人的档案。")
            : plainTable(["身份", "单位（含下级）", "有效期"], signedIn.grants.map { grant in
                [
                    "\(grant.role.word)", "\(signedIn.scope.tree.unit(grant.organizationID)?.name ?? "已不在组织树中的单位")",
                    grant.to == .open ? "长期" : "至 \(grant.to - 1)",
                ]
            })
    }

    private static func factor(_ signedIn: SignedIn, _ own: OwnAccount) -> HTML {
        guard let since = own.factorSince else {
            return """
                <p>还没有设置。设置后，登录时除了密码还要输入手机验证器显示的六位数字：别人知道了您的密码也进不来。</p>\
                <div class="actions">\(linkButton("设置第二步验证", "/account/factor"))</div>
                """
        }
        let few: HTML = own.recoveryLeft < 3 ? notice(.hint, "恢复码只剩 \(own.recoveryLeft) 个，请生成一组新的并保存好。") : ""
        return """
            \(few)\(facts([("验证器", "\(Clock.day(ofMilliseconds: since)) 设置"), ("恢复码", "还有 \(own.recoveryLeft) 个")]))\
            <div class="actions">\(linkButton("更换验证器、恢复码", "/account/factor"))</div>
            """
    }

    /// When one signed in before, and what others tried meanwhile: who reads of a stranger here can do something about it.
    private static func former(_ record: SignInRecord?) -> HTML {
        guard let record else { return "" }
        let refused = record.refusedBefore + record.refusedSince
        let before: HTML = record.former.map { "上一次登录：\(Clock.minute(ofMilliseconds: $0.milliseconds))，\($0.device)，地址 \($0.address)。" } ?? "这是这个账号第一次登录。"
        guard refused > 0 else { return padded("\(before)") }
        return padded("\(before)" + notice(.problem, "\(record.former == nil ? "" : "那次以后，")有 <b>\(refused)</b> 次登录尝试没有成功。如果不是您本人，请更换密码，并告诉本单位的组织人事管理员。"))
    }

    private static func sessions(_ own: OwnAccount, _ token: FormToken) -> HTML {
        rowList(own.sessions.map { session in
            let isPresent = session.fingerprint == own.present
            return row(
                "\(session.device)\(isPresent ? " \(tag("本机"))" as HTML : "")",
                note: "地址 \(session.address) · \(Clock.minute(ofMilliseconds: session.began)) 登录，凭\(session.proof.word)\(session.isStrong ? "和验证码" : "") · 最近使用 \(Clock.minute(ofMilliseconds: session.seen))",
                end: isPresent ? nil : postButton("退出这次登录", to: "/account/sessions/\(session.number)/end", token: token))
        })
    }

    /// Sets up, replaces or takes away the authenticator, after password and code.
    static func factor(_ signedIn: SignedIn, _ own: OwnAccount, _ filled: FilledForm) -> Page {
        let hasOne = own.factorSince != nil
        let isNeeded = Factor.isNeeded(signedIn.grants, on: signedIn.today)
        let deeds: [Choice] = [
            Choice(FactorDeed.replace.rawValue, "更换验证器（换了手机，或重新扫码）；恢复码同时换新"), Choice(FactorDeed.recovery.rawValue, "只生成一组新的恢复码，旧的作废"),
        ] + (isNeeded ? [] : [Choice(FactorDeed.remove.rawValue, "取消第二步验证，以后只凭密码登录")])
        let what: HTML = hasOne
            ? radioField("deed", "要做什么", deeds, chosen: filled.text("deed", FactorDeed.replace.rawValue), notes: filled.notes("deed", required: true))
            : "<input type=\"hidden\" name=\"deed\" value=\"\(FactorDeed.replace.rawValue)\"><p>先确认是您本人，下一步用手机上的验证器扫二维码。</p>"
        let code: HTML = hasOne
            ? textField("code", "验证码", notes: filled.notes("code", hint: "验证器当前显示的六位数字；手机不在身边可以输一个恢复码。", required: true), autocomplete: "one-time-code", maxLength: 20)
            : ""
        return Page(
            hasOne ? "更换验证器、恢复码" : "设置第二步验证", subtitle: "\(signedIn.account.displayName) · 账号名 \(signedIn.account.name)", menu: "account",
            crumbs: [Page.Crumb("我的账号", "/account")], status: filled.isRefused ? 422 : 200,
            body: panel("确认是您本人", padded(postForm(to: "/account/factor", token: signedIn.token, """
                \(filled.problem)\(what)\(password("current", "现在的密码", filled, autocomplete: "current-password"))\(code)\
                <div class="actions">\(submitButton("继续"))\(linkButton("返回", "/account", .quiet))</div>
                """))))
    }

    /// New recovery codes, shown once.
    static func recovery(_ codes: [HandedCode], _ signedIn: SignedIn) -> Page {
        Page(
            "新的恢复码", subtitle: "旧的恢复码已全部作废", menu: "account", crumbs: [Page.Crumb("我的账号", "/account")],
            body: panel("请保存", padded("""
                <p>手机丢了或坏了的时候，用恢复码代替验证码登录。每个只能用一次，<b>这一页只显示这一次</b>：请打印，或抄在纸上放在稳妥的地方，不要存在同一部手机里。</p>\
                \(SignInPages.codeList(codes))<div class="actions">\(linkButton("已经保存好，返回我的账号", "/account"))</div>
                """)))
    }
}
