import Access
import Approvals
import Kit

extension Feature {
    /// 调入申请, for side posts too.
    package static let transfers = Feature(
        "调入申请",
        rights: [
            RightsRow("GET", "/requests", .right(.seeing, .anywhere), "调入申请"),
            RightsRow("GET", "/requests/:request", .right(.seeing, .eitherUnit), "一件调入或兼任申请，双方可见"),
            RightsRow("POST", "/requests/:request/consent", .right(.keeping, .releasingUnit), "同意调出或兼任"),
            RightsRow("POST", "/requests/:request/decline", .right(.keeping, .releasingUnit), "不同意调出或兼任"),
            RightsRow("POST", "/requests/:request/reopen", .right(.keeping, .releasingUnit), "重新办理"),
            RightsRow("POST", "/requests/:request/withdraw", .right(.keeping, .askingUnit), "撤回申请"),
            RightsRow("GET", "/transfers/new", .right(.keeping, .anywhere), "申请调入的表单"),
            RightsRow("POST", "/transfers/find", .right(.keeping, .anywhere), "按姓名和完整号码找要调入或兼任的人"),
            RightsRow("POST", "/transfers", .right(.keeping, .anywhere), "申请调入或兼任"),
        ],
        menu: [
            MenuItem(
                "requests", "调入申请", "/requests", .inbox, in: .doing, 10,
                waiting: { signedIn, db in
                    let count = try TransferRoutes.waiting(for: signedIn, in: db)
                    return count > 0 ? count : nil
                }, where: { $0.scope.isAnywhere(.seeing) }),
        ],
        tasks: [
            TaskSource(10, lookedUp: { signedIn, db in
                TaskSource.counted(try TransferRoutes.waiting(for: signedIn, in: db), "份调入申请等您办理", "/requests")
            }),
        ],
        acts: [
            ("request.transfer", "申请调入"),
            ("request.side", "申请兼任"),
            ("request.reopen", "重新申请调入"),
            ("request.consent", "同意调入或兼任"),
            ("request.decline", "不同意调入或兼任"),
            ("request.withdraw", "收回调入或兼任申请"),
            ("person.lookup", "按证件号码查找外单位人员"),
        ],
        subjects: ["lookup": "外单位查找"],
        columns: [
            "found": "找到",
        ],
        erasing: Erasing(
            held: { erased, db in
                Erasing.Held(undecided: try RequestStore.all(.transfer, about: erased.files, in: db).count { $0.state == .asked }, goes: [("调入申请", "里面写的职务")])
            },
            links: { files, db in try RequestStore.all(.transfer, about: files, in: db).map { TransferStore.link($0.id) } },
            forget: { erased, db in try TransferStore.forget(erased.files, in: db) })
    ) { doors, house in
        TransferRoutes.add(to: doors.signedIn, house)
    }
}
