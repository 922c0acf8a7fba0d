import Access
import Kit

extension Feature {
    /// 登录: name and password, and the steps after them.
    package static let signIn = Feature(
        rights: [
            RightsRow("GET", "/sign-in", .open, "登录页"),
            RightsRow("POST", "/sign-in", .open, "登录"),
            RightsRow("GET", "/sign-in/code", .step, "第二步：验证码"),
            RightsRow("POST", "/sign-in/code", .step, "核对验证码"),
            RightsRow("GET", "/sign-in/enrol", .step, "设置验证器"),
            RightsRow("POST", "/sign-in/enrol", .step, "完成设置验证器"),
            RightsRow("GET", "/sign-in/saved", .step, "恢复码已显示"),
            RightsRow("POST", "/sign-in/saved", .step, "进入育工"),
            RightsRow("POST", "/sign-out", .signedIn, "退出登录"),
        ],
        acts: [
            ("session.try", "尝试登录"),
            ("session.open", "登录成功"),
            ("session.begin", "第一步通过，待第二步验证"),
            ("session.code", "核对验证码"),
            ("session.step", "完成第二步验证"),
            ("session.refused", "登录被拒"),
            ("session.close", "退出登录"),
        ],
        subjects: ["sign_in": "登录账号"],
        columns: [
            "refusal": "被拒的原因",
        ],
        rekeyed: [SignInStepStore.rekeyed],
        unsealed: ["sign_in_step.fingerprint": "a hash without key", "sign_in_attempt.subject": "a hash without key"],
        keeping: KeptRows.Exceptions(
            tables: ["sign_in_attempt": "counts of the last minutes"], keys: ["sign_in_step": "account_id"], vanishing: ["sign_in_step"])
    ) { doors, house in
        SignInRoutes.add(to: doors.visitors, house.entrance, assets: doors.assets)
        SignInRoutes.add(to: doors.steps, house.entrance, assets: doors.assets)
        SignInRoutes.add(to: doors.signedIn, house.entrance)
    }
}
