import Access
import Approvals
import Kit

extension Feature {
    /// 调入申请, for side posts too.
    package static let transfers = Feature(
        "调入申请",
        rights: [
            RightsRow("GET", "/transfers/new", .right(.keeping, .anywhere), "申请调入的表单"),
            RightsRow("POST", "/transfers/find", .right(.keeping, .anywhere), "按姓名和完整号码找要调入或兼任的人"),
            RightsRow("POST", "/transfers", .right(.keeping, .anywhere), "申请调入或兼任"),
        ],
        acts: [
            ("request.transfer", "申请调入"),
            ("request.side", "申请兼任"),
            ("request.again", "修改调入或兼任申请"),
            ("request.return", "退回调入或兼任申请"),
            ("request.reopen", "重新申请调入"),
            ("request.consent", "同意调入或兼任"),
            ("request.decline", "不同意调入或兼任"),
            ("request.withdraw", "撤销申请"),
            ("person.lookup", "按证件号码查找外单位人员"),
        ],
        subjects: ["lookup": "外单位查找"],
        columns: [
            "found": "找到",
        ],
        erasing: .approvals(.transfer, goes: "里面写的职务"), demo: DemoRows(live: TransferDemo.live), brings: [ApprovalKind.transfer]
    ) { doors, house in
        TransferRoutes.add(to: doors.signedIn, house)
    }
}
