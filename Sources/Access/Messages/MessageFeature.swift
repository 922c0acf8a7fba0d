import Kit

extension Feature {
    /// 通知: what one was told.
    package static let messages = Feature(
        rights: [
            RightsRow("GET", "/notices", .signedIn, "通知"),
            RightsRow("GET", "/notices/:message", .signedIn, "打开一条通知"),
            RightsRow("POST", "/notices/read", .signedIn, "全部标为已读"),
        ],
        menu: [
            MenuItem(
                "notices", "通知", "/notices", .bell, in: .own, 30, onPhone: { _ in true }, waiting: { signedIn, _, _ in signedIn.unread > 0 ? signedIn.unread : nil },
                where: { _ in true }),
        ],
        acts: [
            ("message.read", "阅读通知"),
        ],
        erasing: Erasing(
            held: { erased, db in
                let count = try MessageStore.count(about: erased.files, accounts: erased.accounts.map(\.id), links: erased.links, in: db)
                return Erasing.Held(goes: [("通知", "\(count) 条")])
            },
            forget: { erased, db in try MessageStore.forget(about: erased.files, accounts: erased.accounts.map(\.id), links: erased.links, in: db) })
    ) { doors, house in
        MessageRoutes.add(to: doors.signedIn, house.database)
    }
}
