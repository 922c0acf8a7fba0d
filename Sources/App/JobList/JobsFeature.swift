import Access
import Kit

extension Feature {
    /// 后台工作, for a system administrator of the whole installation: what waits, works and failed, and why.
    package static let jobs = Feature(
        "后台工作",
        rights: [
            RightsRow("GET", "/jobs", .role(.systemAdmin), "后台工作"),
            RightsRow("GET", "/jobs/:work", .role(.systemAdmin), "一件后台工作"),
            RightsRow("POST", "/jobs/:work/retry", .role(.systemAdmin), "再试一件后台工作"),
            RightsRow("POST", "/jobs/:work/give-up", .role(.systemAdmin), "放弃一件后台工作"),
        ],
        menu: [
            MenuItem(
                "jobs", "后台工作", "/jobs", .columns, in: .system, 20, waiting: { _, _, db in try JobStore.count(.failed, in: db) },
                where: { $0.isOverAll(.systemAdmin) }),
        ],
        tasks: [
            TaskSource(10, by: { $0.isOverAll(.systemAdmin) }, lookedUp: { _, _, db in
                TaskSource.counted(try JobStore.count(.failed, in: db), "件后台工作没有办成，等您再试或放弃", "/jobs")
            }),
        ],
        acts: [
            ("job.retry", "再试后台工作"),
            ("job.giveUp", "放弃后台工作"),
            ("job.fail", "后台工作没有办成"),
            ("job.purge", "清理办完的后台工作"),
        ],
        subjects: ["job": "后台工作"],
        jobs: [
            FeatureJob(JobKind("job.purge", "清理办完的后台工作", schedule: .daily(hour: 3, minute: 30))) { house, _ in
                let database = house.database
                while try await database.read({ try JobStore.isPurgeDue(now: database.nowMilliseconds, in: $0) }) {
                    _ = try await database.write(Act(who: .system, origin: "", kind: "job.purge", why: "")) { try JobStore.purge(in: $0) }
                }
            },
        ],
        // What one was about may be somebody whose file is deleted.
        erasing: Erasing(forget: { erased, db in
            let accounts = erased.accounts.map(\.id)
            try JobStore.forget(about: erased.files + accounts, askedBy: accounts, in: db)
        }), rekeyed: [JobStore.rekeyed],
        keeping: KeptRows.Exceptions(tables: [
            "job_run": "how work stands: what was asked for stands in `job`, what was done in acts",
            "job_slot": "moments of schedules that were seen to: what they brought about are acts",
        ])
    ) { doors, house in
        JobRoutes.add(to: doors.signedIn, house)
    }
}
