import Access
import Kit

/// The pages of whoever holds a slip, each of which stands alone. Phone first.
enum SlipPages {
    /// Number and code. What was typed stays.
    static func present(number: String, code: String, problem: String?, token: FormToken, assets: AssetLinks) -> HTML {
        standing(
            title: "激活账号", assets: assets,
            """
            <section class="panel sign-in"><h1>激活账号或重设密码</h1>\(problem.map { notice(.problem, "\($0)") })\
            <p>请拿出组织人事管理员给您的纸条，照着填下面两项。</p>\
            \(postForm(to: "/activate", token: token, """
                \(textField("number", "人员编号或手机号", value: number, notes: FieldNotes(hint: "纸条上写着填哪一个；两个都没有的，填姓名。", required: true), autocomplete: "username", autofocus: number.isEmpty, maxLength: 60))\
                \(textField("code", "一次性码", value: code, notes: FieldNotes(hint: "两组字母，例如 KFMQR-TWXYZ；大小写和中间的短横都不要紧。", required: true), autocomplete: "one-time-code", autofocus: !number.isEmpty, maxLength: 20))\
                \(submitButton("下一步"))
                """))\
            <p class="hint">没有纸条或看不清，请找本单位的组织人事管理员做一张。已经有密码：<a href="/sign-in">直接登录</a></p></section>
            """)
    }

    /// Name and password, or another password.
    static func set(_ step: SignInStep, suggestion: String, _ form: FilledForm, assets: AssetLinks) -> HTML {
        let isNew = step.account.state != .active, title = isNew ? "设置账号" : "重设密码"
        let who: HTML = isNew
            ? "<p><b>\(step.account.displayName)</b>，您好。选一个账号名和密码，以后用它们登录。</p>"
            : "<p>账号 <b>\(step.account.name)</b>（\(step.account.displayName)）。请设一个新密码；设好后，其他设备上的登录全部退出。</p>"
        let name: HTML = isNew
            ? textField(
                "name", "账号名", value: form.text("name", suggestion),
                notes: form.notes("name", hint: "汉字、字母、数字都可以。登录时也可以直接输人员编号或手机号。", required: true), autocomplete: "username", autofocus: true, maxLength: 40)
            : "<input type=\"hidden\" name=\"username\" value=\"\(step.account.name)\" autocomplete=\"username\">"
        return standing(
            title: title, assets: assets,
            """
            <section class="panel sign-in"><h1>\(title)</h1>\(form.problem)\(who)\
            \(postForm(to: SignInStep.Kind.set.path, token: step.token, """
                \(name)\
                \(passwordField("password", "密码", notes: form.notes("password", hint: "至少 \(PasswordRule.length.lowerBound) 位。连写几个不相干的词，例如三四个词，最好记也最难猜；可以粘贴。", required: true), autocomplete: "new-password", autofocus: !isNew))\
                \(passwordField("again", "再输一遍密码", notes: form.notes("again", required: true), autocomplete: "new-password"))\
                \(submitButton(isNew ? "完成，进入育工" : "换上新密码"))
                """))</section>
            """)
    }
}
