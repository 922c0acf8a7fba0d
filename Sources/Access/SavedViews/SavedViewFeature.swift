import Kit

extension Feature {
    /// 视图: how somebody likes to see lists.
    package static let savedViews = Feature(
        rights: [
            RightsRow("POST", "/views", .signedIn, "保存一个视图"),
            RightsRow("POST", "/views/:view/rename", .signedIn, "给自己的视图改名"),
            RightsRow("POST", "/views/:view/delete", .signedIn, "删除自己的视图"),
        ],
        acts: [
            ("view.save", "保存视图"),
            ("view.rename", "视图改名"),
            ("view.delete", "删除视图"),
        ],
        erasing: Erasing(
            held: { erased, db in
                let count = try SavedViewStore.views(of: erased.accounts.map(\.id), in: db).count
                return Erasing.Held(goes: count == 0 ? [] : [("保存的视图", "\(count) 个")])
            },
            forget: { erased, db in try SavedViewStore.forget(erased.accounts.map(\.id), in: db) })
    ) { doors, house in
        SavedViewRoutes.add(to: doors.signedIn, house.database)
    }
}
