import Access
import Kit

/// Pages of single sign-on.
enum SingleSignOnPages {
    /// The button below the sign-in form.
    static func button(_ name: String, to: String, token: FormToken) -> HTML {
        """
        <div class="other-way"><span>或</span></div>\(postForm(to: SingleSignOn.path, token: token, """
            <input type="hidden" name="to" value="\(to)">\(submitButton("用\(name)登录", .plain))
            """))
        """
    }

    /// On the way to the provider.
    static func leaving(_ name: String, to address: String, assets: AssetLinks) -> HTML {
        standing(
            title: "前往\(name)", assets: assets,
            """
            <section class="panel sign-in"><h1>正在前往“\(name)”</h1><p>请在那里登录，完成后会自动回到这里。</p>\
            <div class="actions"><a class="button primary" href="\(address)" rel="noreferrer">没有自动打开，请点这里</a></div></section>
            """)
    }

    /// The piece of the account's page that leads to the own page.
    static func offer(_ name: String, since: Int64?) -> HTML {
        guard let since else {
            return "<p>还没有绑定“\(name)”。绑定后可以用它登录，不必再输这里的密码。</p><div class=\"actions\">\(linkButton("绑定统一身份", "/account/identity"))</div>"
        }
        return "<p>\(Clock.day(ofMilliseconds: since)) 起绑定“\(name)”，可以用它登录。</p><div class=\"actions\">\(linkButton("解除绑定", "/account/identity"))</div>"
    }

    /// What an owner's page is about.
    struct Own: Sendable {
        /// Nil where single sign-on is not set up.
        let signOn: SingleSignOn?
        /// Since when an identity is bound, milliseconds; nil where none is.
        let since: Int64?
        let hasFactor: Bool
    }

    /// The own page about the identity at the provider.
    static func identity(_ own: Own, _ filled: FilledForm, done: String? = nil, problem: String? = nil, _ signedIn: SignedIn) -> Page {
        Page(
            "统一身份", subtitle: own.signOn.map { "用“\($0.name)”登录" }, menu: "account", crumbs: [Page.Crumb("我的账号", "/account")], status: filled.isRefused ? 422 : 200,
            body: (done.map { notice(.done, "\($0)") } ?? "") + (problem.map { notice(.problem, "\($0)") } ?? "")
                + (own.signOn.map { state(own, $0.name, filled, signedIn) }
                    ?? emptyState("没有接通统一身份登录", "请用账号名和密码登录。需要接通，请向系统管理员提出。", action: linkButton("返回我的账号", "/account"))))
    }

    private static func state(_ own: Own, _ name: String, _ filled: FilledForm, _ signedIn: SignedIn) -> HTML {
        func form(_ path: String, _ word: String, _ kind: ButtonKind) -> HTML {
            let code: HTML = own.hasFactor
                ? textField("code", "验证码", notes: filled.notes("code", hint: "验证器当前显示的六位数字；手机不在身边可以输一个恢复码。", required: true), autocomplete: "one-time-code", maxLength: 20)
                : ""
            return postForm(to: path, token: signedIn.token, """
                \(filled.problem)\(passwordField("current", "这里的密码", notes: filled.notes("current", hint: "改动登录方式前，请再输一遍。", required: true), autocomplete: "current-password"))\(code)\
                <div class="actions">\(submitButton(word, kind))\(linkButton("返回我的账号", "/account", .quiet))</div>
                """)
        }
        guard let since = own.since else {
            return answerBox("这个账号还没有绑定“\(name)”。")
                + panel("绑定", padded("""
                    <p>绑定以后，登录时点“用\(name)登录”即可，不必再输这里的密码；账号名和密码照样能用。</p>\
                    <p>点“绑定”后会转到“\(name)”，请用<b>您本人</b>的身份登录。</p>\(form("/account/identity", "绑定", .primary))
                    """))
        }
        return answerBox("这个账号自 <b>\(Clock.minute(ofMilliseconds: since))</b> 起绑定“\(name)”。", mark: .met)
            + panel("解除绑定", padded("""
                <p>解除以后，不能再用“\(name)”登录这个账号。请确认您记得账号名 <b>\(signedIn.account.name)</b> 和密码。</p>\(form("/account/identity/remove", "解除绑定", .plain))
                """))
    }
}
