import Access
import Kit

extension Feature {
    /// 撤回导入: an import is taken back as one act, and one that failed is put away.
    package static let importUndo = Feature(
        "导入导出",
        rights: [
            RightsRow("GET", "/exchange/imports/:job/undo", .right(.keeping, .ownImport), "撤回自己的导入：预览"),
            RightsRow("POST", "/exchange/imports/:job/undo", .right(.keeping, .ownImport), "撤回自己的导入：写下的都仍归自己管理"),
            RightsRow("POST", "/exchange/imports/:job/dismiss", .right(.keeping, .ownImport), "自己的导入不再提醒"),
        ],
        acts: [
            (Unmaking.act, "撤回导入"),
            ("import.dismiss", "导入不再提醒"),
        ],
        brings: [ToldElsewhere(["import.upload", "import.confirm", Unmaking.act])]
    ) { doors, house in
        ImportUndoRoutes.add(to: doors.signedIn, house)
    }
}
