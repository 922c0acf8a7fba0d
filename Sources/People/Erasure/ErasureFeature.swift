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
            RightsRow("GET", "/erasures", .right(.keeping, .anywhere), "删除申请"),
            RightsRow("GET", "/erasures/:erasure", .right(.keeping, .unit), "一份删除申请，提出、决定双方可见"),
            RightsRow("POST", "/erasures/:erasure/consent", .right(.keeping, .superiorUnit), "同意删除"),
            RightsRow("POST", "/erasures/:erasure/decline", .right(.keeping, .superiorUnit), "退回删除申请"),
            RightsRow("POST", "/erasures/:erasure/withdraw", .right(.keeping, .askingUnit), "撤销删除申请"),
            RightsRow("POST", "/erasures/:erasure/undo", .right(.keeping, .unit), "在清除以前撤销删除；提出、决定的单位和此人任职过的单位"),
        ],
        menu: [
            MenuItem("erasures", "删除申请", "/erasures", .person, in: .doing, 60, where: { $0.scope.isAnywhere(.seeing) && $0.scope.isAnywhere(.keeping) }),
        ],
        tasks: [
            TaskSource(30, lookedUp: { signedIn, db in
                let count = try RequestStore.countToDecide(.erasure, in: db) { signedIn.scope.covers($0, for: .keeping) }
                return TaskSource.counted(count, "份删除档案的申请等您决定", "/erasures")
            }),
        ],
        acts: [
            ("erasure.ask", "申请依法删除档案"),
            ("erasure.consent", "同意删除档案"),
            ("erasure.undo", "撤销已同意的删除"),
            ("erasure.carry", "等候期满，清除档案"),
            ("erasure.decline", "退回删除申请"),
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
        erasing: Erasing(
            links: { files, db in try RequestStore.all(.erasure, about: files, in: db).map { ErasureStore.link($0.id) } }, forget: { _, _ in })
    ) { doors, house in
        ErasureRoutes.add(to: doors.signedIn, house)
    }
}
