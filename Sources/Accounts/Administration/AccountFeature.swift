import Access
import Kit

extension Feature {
    /// 账号: locking, unlocking and closing, for the security administrator; and what an account itself is.
    package static let accounts = Feature(
        "账号",
        rights: [
            RightsRow("GET", "/accounts", .right(.administering, .anywhere), "账号"),
            RightsRow("POST", "/accounts/list.xlsx", .right(.administering, .anywhere), "导出列出的账号"),
            RightsRow("GET", "/accounts/:account", .right(.administering, .unit), "一个账号"),
            RightsRow("POST", "/accounts/:account", .right(.administering, .unit), "锁定、解锁、停用、取消验证器、退出登录；不能对自己、平级和上级"),
            RightsRow("POST", "/accounts/:account/slip", .right(.administering, .unit), "做重设密码的码"),
        ],
        menu: [
            MenuItem("accounts", "账号", "/accounts", .people, in: .accounts, 10, onPhone: { _ in true }, where: { $0.scope.isAnywhere(.administering) }),
        ],
        acts: [
            ("account.lock", "锁定账号"),
            ("account.unlock", "解锁账号"),
            ("account.close", "停用账号"),
            ("account.add", "新建账号"),
            ("account.reset", "重置密码"),
        ],
        subjects: ["account": "账号"],
        columns: [
            "display_name": "显示名", "state": "状态", "account_id": "账号",
        ],
        lists: [ListView.Kind.accounts.rawValue: "账号列表"],
        erasing: Erasing(
            held: { erased, _ in Erasing.Held(goes: [("账号", "\(erased.accounts.count) 个账号的账号名、显示名、密码、验证器和登录")]) },
            forget: { erased, db in for account in erased.accounts { try AccountStore.forget(account, in: db) } }),
        looks: [.account(under: "/accounts/")],
        brings: [
            AccountRoutes.file.kind,
            StandingOn { unmaking, db in try AccountListStore.standing(on: unmaking, in: db) },
            ToldElsewhere(Set(AccountDeed.allCases.map(\.kind))),
        ]
    ) { doors, house in
        AccountRoutes.add(to: doors.signedIn, house) { house.features.word(ofAct: $0) }
    }
}

extension ListView.Kind {
    /// Accounts, which bear names of people.
    static let accounts = ListView.Kind(rawValue: "accounts")
}
