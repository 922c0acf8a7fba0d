import Kit

/// An account's own page.
enum OwnAccountPages {
    /// What one's account may do, and a form for another password.
    static func account(_ signedIn: SignedIn, problems: [String: String] = [:], isChanged: Bool = false, status: Int = 200) -> Page {
        let grants: HTML = signedIn.grants.isEmpty
            ? padded("这个账号没有管理权限。")
            : plainTable(["身份", "单位（含下级）", "有效期"], signedIn.grants.map { grant in
                [
                    "\(grant.role.word)", "\(signedIn.scope.tree.unit(grant.organizationID)?.name ?? "已不在组织树中的单位")",
                    grant.to == .open ? "长期" : "至 \(grant.to - 1)",
                ]
            })
        func password(_ name: String, _ label: String, hint: HTML? = nil, autocomplete: String) -> HTML {
            passwordField(name, label, notes: FieldNotes(hint: hint, message: problems[name], required: true), autocomplete: autocomplete)
        }
        return Page(
            "我的账号", subtitle: "\(signedIn.account.displayName) · 账号名 \(signedIn.account.name)", menu: "account", status: status,
            body: (isChanged ? notice(.done, "密码已更换，您在其他设备上的登录已全部退出。") : "")
                + sideBySide(
                    panel("权限", grants),
                    panel("更换密码", padded(postForm(to: "/account", token: signedIn.token, """
                        \(password("current", "现在的密码", autocomplete: "current-password"))\
                        \(password("new", "新密码", hint: "至少 \(PasswordRule.length.lowerBound) 位；连写几个不相干的词最好记也最难猜。", autocomplete: "new-password"))\
                        \(password("again", "再输一遍新密码", autocomplete: "new-password"))<div class="actions">\(submitButton("更换密码"))</div>
                        """)))))
    }
}
