import Access
import Kit

extension Feature {
    /// 一次性码: activating an account and another password by a code on paper.
    package static let slips = Feature(
        rights: [
            RightsRow("GET", "/activate", .open, "激活账号、重设密码"),
            RightsRow("POST", "/activate", .open, "核对一次性码"),
            RightsRow("GET", "/sign-in/set", .step, "选账号名和密码"),
            RightsRow("POST", "/sign-in/set", .step, "激活或换上新密码"),
        ],
        acts: [
            ("slip.make", "制作激活码"),
            ("slip.reset", "制作重设密码的码"),
            ("slip.void", "作废一次性码"),
            ("slip.try", "尝试用一次性码"),
            ("slip.open", "一次性码正确"),
            ("account.activate", "用一次性码激活账号"),
            ("account.renew", "用一次性码重设密码"),
        ],
        subjects: ["slip": "一次性码"],
        columns: [
            "takes_factor": "连验证器",
        ],
        jobs: [
            FeatureJob(JobKind("slip.lapse", "作废不再有效的一次性码", schedule: .hourly(minute: 0))) { house, job in
                try await SlipMaker.voidLapsed(house.database, now: job.now)
            },
        ],
        erasing: Erasing(forget: { erased, db in try SlipStore.end(Array(try SlipStore.open(of: erased.accounts.map(\.id), in: db).values), .voided, in: db) }),
        unsealed: ["slip.hash": "a kept key"]
    ) { doors, house in
        SlipRoutes.add(to: doors.visitors, house.entrance, assets: doors.assets)
        SlipRoutes.add(to: doors.steps, house.entrance, assets: doors.assets)
    }
}
