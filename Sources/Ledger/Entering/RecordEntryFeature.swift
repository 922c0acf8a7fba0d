import Access
import Kit

extension Feature {
    /// 登记培训: one training for whoever was there, without a workbook.
    package static let recordEntry = Feature(
        "培训记录",
        rights: [
            RightsRow("GET", "/training/new", .right(.keeping, .anywhere), "登记培训的表单"),
            RightsRow("POST", "/training", .right(.keeping, .anywhere), "登记培训：只给自己管理的人"),
            RightsRow("GET", "/training/:entered", .right(.keeping, .person), "一次登记：登记到的人都归自己管理"),
            RightsRow("POST", "/training/:entered/undo", .right(.keeping, .person), "撤回一次登记"),
        ],
        menu: [
            MenuItem("training", "登记培训", "/training/new", .plus, in: .doing, 15, where: { $0.scope.isAnywhere(.keeping) }),
        ],
        acts: [
            (RecordEntryStore.act, "登记培训"),
            (Unmaking.entered, "撤回登记的培训"),
        ],
        brings: [ToldElsewhere([RecordEntryStore.act, Unmaking.entered])]
    ) { doors, house in
        RecordEntryRoutes.add(to: doors.signedIn, house)
    }
}
