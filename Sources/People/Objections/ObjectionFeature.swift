import Access
import Approvals
import Kit

extension Feature {
    /// 有误反映 for the officers who answer.
    package static let objections = Feature(
        "有误反映",
        rights: [
            RightsRow("GET", "/objections", .right(.keeping, .anywhere), "有误反映"),
            RightsRow("GET", "/objections/:objection", .right(.keeping, .unit), "一件有误反映"),
            RightsRow("POST", "/objections/:objection", .right(.keeping, .unit), "答复有误反映"),
        ],
        menu: [
            MenuItem("objections", "有误反映", "/objections", .ask, in: .doing, 50, where: { $0.scope.isAnywhere(.seeing) && $0.scope.isAnywhere(.keeping) }),
        ],
        tasks: [
            TaskSource(20, lookedUp: { signedIn, db in
                let count = try RequestStore.countToDecide(.objection, in: db) { signedIn.scope.covers($0, for: .keeping) }
                return TaskSource.counted(count, "条有误反映等您核对、答复", "/objections")
            }),
        ],
        acts: [
            ("objection.ask", "反映档案有误"),
            ("objection.withdraw", "收回反映"),
            ("objection.answer", "答复反映"),
        ],
        erasing: Erasing(
            held: { erased, db in
                Erasing.Held(undecided: try ObjectionStore.all(about: erased.files, in: db).count { $0.state == .asked }, goes: [("有误反映", "里面写的内容")])
            },
            links: { files, db in try ObjectionStore.all(about: files, in: db).map { "/objections/\($0.id)" } },
            forget: { erased, db in try ObjectionStore.forget(erased.files, in: db) })
    ) { doors, house in
        ObjectionRoutes.add(to: doors.signedIn, house.database)
    }
}
