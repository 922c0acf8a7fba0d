import Access
import Approvals
import Kit

extension Feature {
    /// 依法删除: asked, decided by another, carried out after a time.
    package static let erasure = Feature(
        "删除申请",
        rights: [
            RightsRow("GET", "/people/:person/erase", .right(.keeping, .primaryUnit), "申请依法删除的表单"),
            RightsRow("POST", "/people/:person/erase", .right(.keeping, .primaryUnit), "申请依法删除"),
        ],
        acts: [
            ("erasure.ask", "申请依法删除档案"),
            ("erasure.consent", "同意删除档案"),
            ("erasure.undo", "撤销已同意的删除"),
            ("erasure.carry", "等候期满，清除档案"),
            ("erasure.decline", "不同意删除档案"),
            ("erasure.withdraw", "撤销删除申请"),
        ],
        subjects: ["erasure_wait": "待清除的档案"],
        columns: [
            "due_ms": "清除时间（毫秒）", "ending": "怎样结束",
        ],
        keepers: [ErasureStore.keeper],
        jobs: [
            FeatureJob(JobKind("erasure.carry", "清除等候期满的档案", schedule: .hourly(minute: 0))) { house, job in
                _ = try await ErasureStore.carryOutDue(house.database, house, now: job.now)
            },
        ],
        merging: Merging(judge: { absorbed, survivor, db in try ErasureStore.checkMerger(absorbed, survivor, in: db) }),
        erasing: Erasing(links: { files, db in try ApprovalStore.all(.erasure, about: files, in: db).flatMap(\.links) }, forget: { _, _ in }),
        brings: [ApprovalKind.erasure]
    ) { doors, house in
        ErasureRoutes.add(to: doors.signedIn, house)
    }
}
