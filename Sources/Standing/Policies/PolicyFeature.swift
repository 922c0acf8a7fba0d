import Access
import Kit
import Register

extension Feature {
    /// 政策: what binds whom, from when on.
    package static let policies = Feature(
        "政策",
        rights: [
            RightsRow("GET", "/policies", .right(.seeing, .anywhere), "政策"),
            RightsRow("GET", "/policies/:policy", .right(.seeing, .anywhere), "一份政策：条款、采用的单位、现在怎样"),
            RightsRow("GET", "/organizations/:unit/policies", .right(.seeing, .unit), "约束一个单位的政策"),
            RightsRow("GET", "/organizations/:unit/policies/adopt", .right(.keeping, .unit), "采用政策的表单"),
            RightsRow("POST", "/organizations/:unit/policies/adopt", .right(.keeping, .unit), "采用政策"),
            RightsRow("GET", "/organizations/:unit/policies/:adoption/end", .right(.keeping, .unit), "结束采用的表单"),
            RightsRow("POST", "/organizations/:unit/policies/:adoption/end", .right(.keeping, .unit), "结束采用"),
            RightsRow("GET", "/organizations/:unit/policies/undo", .right(.keeping, .unit), "撤回最近一次采用的表单"),
            RightsRow("POST", "/organizations/:unit/policies/undo", .right(.keeping, .unit), "撤回最近一次采用"),
        ],
        menu: [
            MenuItem("policies", "政策", "/policies", .books, in: .start, 25, where: { $0.scope.isAnywhere(.seeing) }),
        ],
        acts: [
            ("policy.adopt", "采用政策"),
            ("policy.end", "结束采用政策"),
        ],
        subjects: [AdoptionStore.subject: "政策采用"],
        columns: ["subject": "主题", "policy": "政策"],
        keepers: [AdoptionStore.keeper],
        ranges: [RangeCheck("policy_adoption", "政策采用", ["from_day": Day.numbers, "to_day": Day.numbers])],
        demo: DemoRows(live: { ground, house in try await AdoptionDemo.live(ground, house) }),
        brings: [
            Finder.clauses,
            StandingOn { unmaking, db in
                try AdoptionStore.adopting(among: unmaking.units, in: db).map { Dependent(.unit($0), "已采用政策", link: "/organizations/\($0)/policies") }
            },
            UndoDoor(["policy.adopt", "policy.end"]) { act, db in
                let own = try ActStore.changes(ofAct: act, limit: 5, in: db).first { $0.subject == AdoptionStore.subject }
                return own.flatMap { ($0.after ?? $0.before)?.int("organization_id") }.map { "/organizations/\($0)/policies/undo" }
            },
        ]
    ) { doors, house in
        PolicyRoutes.add(to: doors.signedIn, house)
        AdoptionRoutes.add(to: doors.signedIn, house)
    }
}

/// Adoptions of the demo world: the city adopts what is loaded, unions below adopt a document of their own accord.
enum AdoptionDemo {
    static func live(_ ground: DemoGround, _ house: House) async throws {
        func adopt(_ account: String, _ unit: String, after days: Int, _ why: String, where fits: (String) -> Bool) async throws {
            guard let account = ground.accounts[account], let unit = ground.units[unit] else { return }
            let name = try await house.database.read { try AccountStore.account(account, in: $0)?.displayName ?? "" }
            for policy in house.library.policies where !policy.isException && fits(policy.subject) {
                try await house.database.write(Act(who: .account(account, name), origin: "", kind: "policy.adopt", why: why)) { db in
                    try AdoptionStore.adopt(policy, by: unit, from: Day(number: policy.periodStart) + days, in: db)
                }
            }
        }
        try await adopt("shi", "HX", after: 0, "按市总工会通知执行") { $0 != "devzone" }
        try await adopt("jichuang", "HX-JC", after: 365, "集团工会单独发文执行") { $0 == "workforce" }
        try await adopt("kaifaqu", "HX-KF", after: 0, "按开发区管委会意见执行") { $0 == "devzone" }
    }
}
