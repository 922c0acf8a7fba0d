import Access
import Kit

/// The pages of signing in, each of which stands alone.
package enum SignInPages {
    /// The page to sign in on; `to` is where it leads afterwards. What was typed stays, except the password.
    static func signIn(name: String, to: String, problem: String?, provider: String?, contact: String, token: FormToken, assets: AssetLinks) -> HTML {
        standing(
            title: "登录", assets: assets,
            """
            <section class="panel sign-in"><h1>登录</h1>\(problem.map { notice(.problem, "\($0)") })\
            \(postForm(to: "/sign-in", token: token, """
                <input type="hidden" name="to" value="\(to)">\
                \(textField("name", "账号名、人员编号或手机号", value: name, notes: FieldNotes(required: true), autocomplete: "username", autofocus: name.isEmpty, maxLength: 60))\
                \(passwordField("password", "密码", notes: FieldNotes(required: true), autocomplete: "current-password", autofocus: !name.isEmpty))\
                \(submitButton("登录"))
                """))\(provider.map { SingleSignOnPages.button($0, to: to, token: token) })\
            <details><summary>忘记密码，或者第一次登录</summary><p>向本单位的组织人事管理员要一张写着一次性码的纸条，他在“账号激活”里做；管理员自己忘了，找上一级单位。拿到码以后：<a href="/activate">激活账号或重设密码</a>。</p></details>\(contact.isEmpty ? "" : "<p class=\"hint\">遇到问题请联系：\(contact)</p>" as HTML)</section>
            """)
    }

    /// Asks for the code of the authenticator. `now` is shown, because a phone's clock that is wrong makes wrong codes.
    static func code(_ step: SignInStep, problem: String?, assets: AssetLinks) -> HTML {
        standing(
            title: "第二步验证", assets: assets,
            """
            <section class="panel sign-in"><h1>第二步：验证码</h1>\(problem.map { notice(.problem, "\($0)") })\
            <p>请打开手机上的验证器，输入“\(Factor.issuer)：\(step.account.name)”下面的六位数字。</p>\
            \(postForm(to: SignInStep.Kind.code.path, token: step.token, "\(codeField("code", "验证码"))\(submitButton("登录"))"))\
            \(clock(step.now))\
            <details><summary>手机不在身边，用恢复码</summary>\(postForm(to: SignInStep.Kind.code.path, token: step.token, """
                \(textField("recovery", "恢复码", notes: FieldNotes(hint: "设置验证器时记下的十个码之一，每个只能用一次。", required: true), autocomplete: "off", maxLength: 20))\
                \(submitButton("用恢复码登录", .plain))
                """))</details>\
            <p class="hint">手机和恢复码都没有了，请找上级单位的组织人事管理员或安全管理员重置。<a href="/sign-in">换一个账号登录</a></p></section>
            """)
    }

    /// Sets up an authenticator: by QR code, by a link on the phone itself, or by typing.
    static func enrol(_ step: SignInStep, _ secret: TimeCode.Secret, problem: String?, assets: AssetLinks) -> HTML {
        standing(
            title: "设置验证器", assets: assets,
            """
            <section class="panel sign-in"><h1>设置第二步验证</h1>\(problem.map { notice(.problem, "\($0)") })\
            <p>\(step.isOfSession ? "设好以后" : "这个账号能看到别人的档案，所以")登录时除了密码，还要输入手机验证器显示的六位数字。现在设置一次，以后每次登录只需几秒钟。</p>\
            \(authenticator(step.account.name, secret))\
            \(postForm(to: SignInStep.Kind.enrol.path, token: step.token, "\(codeField("code", "3. 输入验证器显示的六位数字"))\(submitButton("完成设置"))"))\
            \(clock(step.now))\(step.isOfSession ? "<p class=\"hint\"><a href=\"/account\">先不设置，返回我的账号</a></p>" as HTML : "")</section>
            """)
    }

    /// The QR code of a secret and what to do with it.
    static func authenticator(_ account: String, _ secret: TimeCode.Secret) -> HTML {
        let address = secret.address(account: account, issuer: Factor.issuer)
        let letters = Array(secret.text)
        let groups = stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<min($0 + 4, letters.count)]) }.joined(separator: " ")
        return """
            <ol class="steps"><li><b>1. 在手机上装一个验证器</b>：任何支持 TOTP 的都可以，例如微信小程序“腾讯身份验证器”、Microsoft Authenticator、Google Authenticator、FreeOTP。</li>\
            <li><b>2. 用验证器扫这个码</b>\(qrCode(address, label: "验证器要扫的二维码，内容与下面的密钥相同"))\
            正在用手机看这一页：<a href="\(address)">直接在验证器中打开</a>。扫不了就手工输入密钥（类型选“基于时间”）：<code class="secret">\(groups)</code></li></ol>
            """
    }

    /// The recovery codes, shown once; `next` is the form that goes on.
    static func recovery(_ codes: [HandedCode], next: HTML) -> HTML {
        """
        <section class="panel sign-in"><h1>请保存恢复码</h1>\
        <p>手机丢了或坏了的时候，用恢复码代替验证码登录。每个只能用一次，<b>这一页只显示这一次</b>：请打印，或抄在纸上放在稳妥的地方，不要存在同一部手机里。</p>\
        \(codeList(codes))\(next)</section>
        """
    }

    static func codeList(_ codes: [HandedCode]) -> HTML { "<ul class=\"codes\">\(codes.html { "<li><code>\($0.text)</code></li>" })</ul>" }

    /// After the authenticator was set up; `codes` is nil where they were shown before.
    static func saved(_ step: SignInStep, _ codes: [HandedCode]?, assets: AssetLinks) -> HTML {
        let next = postForm(to: SignInStep.Kind.saved.path, token: step.token, submitButton(codes == nil ? "进入育工" : "已经保存好，进入育工"))
        return standing(
            title: "恢复码", assets: assets,
            codes.map { recovery($0, next: next) }
                ?? """
                <section class="panel sign-in"><h1>验证器已经设好</h1><p>恢复码只显示一次，已经显示过了。没有来得及记下的，请登录后到“我的账号”重新生成。</p>\(next)</section>
                """)
    }

    /// The time here, to compare with a phone's.
    private static func clock(_ now: Int64) -> HTML {
        "<p class=\"hint\">这里的时间是 <time data-now=\"\(now)\">\(Clock.minute(ofMilliseconds: now))</time>；手机的时间相差超过半分钟，验证码就会不对。</p>"
    }
}
