import Access

extension Feature {
    /// 批量更改: one reason, one preview, one act and one undo for the posts of many people.
    package static let bulk = Feature(
        "名册与档案",
        rights: [
            RightsRow("POST", "/people/bulk", .right(.keeping, .anywhere), "预览批量更改"),
            RightsRow("POST", "/people/bulk/do", .right(.keeping, .anywhere), "批量更改任职：只改自己管理的"),
            RightsRow("GET", "/people/bulk/:bulk", .right(.keeping, .person), "一次批量更改：改到的任职都归自己管理"),
            RightsRow("POST", "/people/bulk/:bulk/undo", .right(.keeping, .person), "撤回一次批量更改"),
        ],
        acts: [(BulkStore.act, "批量更改任职")], brings: [ToldElsewhere([BulkStore.act])]
    ) { doors, house in
        BulkRoutes.add(to: doors.signedIn, house)
    }
}
