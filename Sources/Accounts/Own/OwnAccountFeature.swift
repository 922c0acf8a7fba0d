import Access
import Kit

extension Feature {
    /// 我的账号: password, authenticator, sessions.
    package static let ownAccount = Feature(
        rights: [
            RightsRow("GET", "/account", .signedIn, "我的账号"),
            RightsRow("POST", "/account", .signedIn, "改密码"),
            RightsRow("POST", "/account/sessions/:session/end", .signedIn, "退出自己的一次登录"),
            RightsRow("POST", "/account/sessions/end", .signedIn, "退出其他设备"),
            RightsRow("GET", "/account/factor", .signedIn, "设置、更换验证器的表单"),
            RightsRow("POST", "/account/factor", .signedIn, "设置、更换、取消验证器"),
        ],
        menu: [
            MenuItem(
                "account", "", "/account", .gear, in: .own, 50, named: { $0.isLearnerOnly ? "账号" : "我的账号" },
                onPhone: { $0.isLearnerOnly || !$0.scope.isAnywhere(.seeing) }, where: { _ in true }),
        ],
        acts: [
            ("password.try", "核对旧密码"),
            ("account.password", "更换密码"),
        ]
    ) { doors, house in
        OwnAccountRoutes.add(to: doors.signedIn, house.entrance)
    }
}
