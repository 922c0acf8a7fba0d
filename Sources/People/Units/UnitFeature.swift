import Access
import Kit
import Register

extension Feature {
    /// 组织: units and what becomes of them.
    package static let units = Feature(
        "组织",
        rights: [
            RightsRow("GET", "/organizations", .right(.seeing, .anywhere), "组织"),
            RightsRow("GET", "/organizations/:unit", .right(.seeing, .unit), "单位"),
            RightsRow("GET", "/organizations/:unit/do/:act", .right(.keeping, .unit), "单位变更的表单"),
            RightsRow("POST", "/organizations/:unit/do/:act", .right(.keeping, .unit), "单位变更"),
        ],
        menu: [
            MenuItem("organizations", "组织", "/organizations", .tree, in: .people, 10, where: { $0.scope.isAnywhere(.seeing) }),
        ],
        acts: [
            ("organization.create", "新设单位"),
            ("organization.amend", "登记单位变更"),
            ("organization.correct", "更正单位信息"),
            ("organization.move", "单位划转"),
            ("organization.merge", "并入另一单位"),
            ("organization.close", "撤销单位"),
        ],
        subjects: ["organization": "单位", "organization_version": "单位沿革"],
        columns: [
            "id": "编号", "code": "编码", "name": "名称", "parent_id": "上级单位", "kind": "种类", "credit_code": "统一社会信用代码", "ownership": "所有制", "employees": "职工人数", "members": "会员人数", "enterprises": "企业数", "from_day": "开始日期", "to_day": "结束日期", "organization_id": "单位",
        ],
        keepers: OrganizationStore.keepers,
        ranges: [RangeCheck("organization_version", "单位情况", [
            "from_day": Day.numbers, "to_day": Day.numbers, "employees": OrganizationFacts.kept, "members": OrganizationFacts.kept, "enterprises": OrganizationFacts.kept,
        ])],
        sheets: [.organizations], recent: RecentSource(UnitStore.recentKind, read: UnitStore.recent),
        brings: [
            Finder.units,
            StandingOn { unmaking, db in try UnitStore.standing(on: unmaking, in: db) },
            UndoDoor(["organization.create", "organization.amend", "organization.correct", "organization.move", "organization.merge", "organization.close"]) { act, db in
                let own = try ActStore.changes(ofAct: act, limit: 20, in: db).first { $0.subject == "organization_version" }
                return own.flatMap { ($0.after ?? $0.before)?.int("organization_id") }.map { "/organizations/\($0)/do/undo" }
            },
        ]
    ) { doors, house in
        UnitRoutes.add(to: doors.signedIn, house)
    }
}
