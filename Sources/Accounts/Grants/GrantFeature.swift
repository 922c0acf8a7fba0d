import Access
import Kit

extension Feature {
    /// 授权: who may do what where, given downwards and ending with an appointment.
    package static let grants = Feature(
        "授权",
        rights: [
            RightsRow("GET", "/grants", .right(.granting, .anywhere), "授权"),
            RightsRow("GET", "/grants/vacancies", .right(.granting, .anywhere), "没有组织人事管理员的单位"),
            RightsRow("POST", "/grants/vacancies/list.xlsx", .right(.granting, .anywhere), "导出没有组织人事管理员的单位"),
            RightsRow("GET", "/grants/new", .right(.granting, .anywhere), "授权的表单"),
            RightsRow("POST", "/grants", .right(.granting, .anywhere), "授权"),
            RightsRow("GET", "/grants/:grant", .right(.granting, .unit), "一项授权"),
            RightsRow("POST", "/grants/list.xlsx", .right(.granting, .anywhere), "导出列出的授权"),
            RightsRow("POST", "/grants/:grant/end", .right(.granting, .unit), "结束授权"),
        ],
        menu: [
            MenuItem("grants", "授权", "/grants", .lock, in: .accounts, 20, onPhone: { !$0.scope.isAnywhere(.seeing) }, where: { $0.scope.isAnywhere(.granting) }),
        ],
        tasks: [
            TaskSource(60, by: { $0.scope.isAnywhere(.granting) }, lookedThrough: { signedIn, house in
                let (vacancies, ending) = try await house.database.read { db in
                    (
                        try Vacancies.read(signedIn.scope, in: db),
                        try GrantListStore.endingSoon(in: signedIn.scope.units(for: .granting).map(\.id), today: signedIn.today, in: db)
                    )
                }
                // Whoever keeps units is told where somebody left; whoever only gives rights, of all that nobody answers for.
                let empty = signedIn.scope.isAnywhere(.keeping) ? [] : TaskSource.counted(vacancies.units.count - vacancies.left, "个单位还没有组织人事管理员", "/grants/vacancies")
                return TaskSource.counted(vacancies.left, "个单位的组织人事管理员已离任，还没有人接替", "/grants/vacancies") + empty
                    + TaskSource.counted(ending, "项授权将在 \(GrantNotices.daysAhead) 天内结束", "/grants?which=soon")
            }),
        ],
        acts: [
            ("grant.give", "授权"),
            ("grant.end", "结束授权"),
            ("grant.remind", "提醒授权的期限"),
        ],
        subjects: ["account_grant": "授权"],
        columns: [
            "role": "身份", "appointment_id": "依托的任职", "appointment_unit_id": "任职所在单位",
        ],
        keepers: [GrantStore.keeper], ranges: [RangeCheck("account_grant", "授权", ["from_day": Day.numbers, "to_day": Day.numbers])],
        jobs: [
            FeatureJob(JobKind("grant.remind", "提醒授权的期限", schedule: .hourly(minute: 0))) { house, job in
                try await GrantNotices.send(house.database, today: Clock.day(ofMilliseconds: job.now))
            },
        ],
        lists: [ListView.Kind.receivers.rawValue: "授权时找人的名单"],
        merging: Merging(merged: { _, survivor, db in try GrantStore.requireSeparate(survivor, in: db) }), looks: [.account(under: "/grants/")],
        brings: [GrantRoutes.file.kind, GrantRoutes.vacancies.kind]
    ) { doors, house in
        GrantRoutes.add(to: doors.signedIn, house)
    }
}

extension ListView.Kind {
    /// Whom somebody looked for to give a grant to.
    static let receivers = ListView.Kind(rawValue: "grants.receivers")
}
