import Access
import Kit

extension Feature {
    /// 代理: who decides for somebody who is away.
    package static let substitutes = Feature(
        "代理",
        rights: [
            RightsRow("GET", "/substitutes", .signedIn, "自己的代理；上级可以看下级的"),
            RightsRow("POST", "/substitutes", .signedIn, "选代理人：本人或上级"),
            RightsRow("POST", "/substitutes/:substitute/end", .signedIn, "结束代理：本人、代理人或上级"),
        ],
        menu: [
            MenuItem("substitutes", "代理", "/substitutes", .person, in: .doing, 90, where: { $0.grants.contains { !$0.role.isAdministrator } }),
        ],
        acts: [
            ("substitute.choose", "选代理人"),
            ("substitute.end", "结束代理"),
        ],
        subjects: ["substitute": "代理"],
        columns: ["absent_id": "谁外出", "substitute_id": "谁代办", "chosen_by": "谁选的"],
        keepers: [SubstituteStore.keeper],
        ranges: [RangeCheck("substitute", "代理", ["from_day": Day.numbers, "to_day": Day.numbers])],
        erasing: Erasing(
            held: { erased, db in
                let count = try MessageStore.count("substitute.", ofActs: SubstituteStore.acts(about: erased.accounts.map(\.id), in: db), in: db)
                return Erasing.Held(goes: count == 0 ? [] : [("代理", "\(count) 条写着姓名的通知")])
            },
            forget: { erased, db in try MessageStore.forget("substitute.", ofActs: SubstituteStore.acts(about: erased.accounts.map(\.id), in: db), in: db) })
    ) { doors, house in
        SubstituteRoutes.add(to: doors.signedIn, house)
    }
}
