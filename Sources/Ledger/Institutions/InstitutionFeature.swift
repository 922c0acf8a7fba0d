import Access
import Kit

extension Feature {
    /// 培训机构: which are not recognised.
    package static let institutions = Feature(
        "不予承认的机构",
        rights: [
            RightsRow("GET", "/institutions", .right(.seeing, .anywhere), "不予承认的机构"),
            RightsRow("POST", "/institutions", .right(.keeping, .root), "标记不认可的机构"),
            RightsRow("GET", "/institutions/restore", .right(.keeping, .root), "恢复认可的表单", opensAlone: false),
            RightsRow("POST", "/institutions/restore", .right(.keeping, .root), "恢复认可", opensAlone: false),
        ],
        menu: [
            MenuItem("institutions", "不予承认的机构", "/institutions", .books, in: .doing, 30, where: { $0.scope.isAnywhere(.seeing) }),
        ],
        acts: [
            ("institution.mark", "把培训机构标为不予承认"),
            ("institution.restore", "恢复承认培训机构"),
        ],
        subjects: ["unrecognised_institution": "培训机构"],
        demo: DemoRows { _, db in for name in UnrecognisedInstitution.demoNames { try UnrecognisedInstitutionStore.add(name, db) } },
        brings: [Finder.institutions]
    ) { doors, house in
        InstitutionRoutes.add(to: doors.signedIn, house.database)
    }
}

extension UnrecognisedInstitution {
    /// Where some people of the demo world were trained, and what counts for nothing there.
    package static let demoNames = ["衡溪启航企业管理咨询公司", "卓越拓展训练基地"]
}
