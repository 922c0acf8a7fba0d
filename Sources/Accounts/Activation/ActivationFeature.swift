import Access
import Kit

extension Feature {
    /// 账号激活: who of one's people has an account, and codes for who has none.
    package static let activation = Feature(
        "账号激活",
        rights: [
            RightsRow("GET", "/activation", .right(.keeping, .anywhere), "账号激活"),
            RightsRow("POST", "/activation/list.xlsx", .right(.keeping, .anywhere), "导出列出的人"),
            RightsRow("POST", "/activation/slips", .right(.keeping, .anywhere), "做激活码"),
            RightsRow("GET", "/activation/people/:person", .right(.keeping, .primaryUnit), "一个人的账号"),
            RightsRow("POST", "/activation/people/:person", .right(.keeping, .primaryUnit), "做一个人的激活码或重设密码的码；有管理职责的只能由上级做"),
            RightsRow("GET", "/activation/batches", .right(.keeping, .anywhere), "做过的码"),
            RightsRow("GET", "/activation/batches/:batch", .right(.keeping, .unit), "一批码"),
            RightsRow("POST", "/activation/batches/:batch/void", .right(.keeping, .unit), "作废码"),
        ],
        menu: [
            MenuItem("activation", "账号激活", "/activation", .personCheck, in: .doing, 40, where: { $0.scope.isAnywhere(.seeing) && $0.scope.isAnywhere(.keeping) }),
        ],
        acts: [
            ("slip.ask", "要求做一次性码"),
        ],
        looks: [.account(under: "/activation/")], brings: [MadeFileKind.slips, ActivationRoutes.file.kind]
    ) { doors, house in
        ActivationRoutes.add(to: doors.signedIn, house)
    }
}

extension FileLook {
    /// Whether somebody has an account, and what state it is in.
    static func account(under path: String) -> FileLook { FileLook("account", "账号情况") { $0.hasPrefix(path) } }
}
