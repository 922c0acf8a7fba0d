import Access
import Kit

extension Feature {
    /// 我的档案, what is wrong in it, and taking it away.
    package static let archive = Feature(
        rights: [
            RightsRow("GET", "/me/archive", .ownPerson, "我的档案"),
            RightsRow("GET", "/me/records/:entry", .ownPerson, "我的一条记录"),
            RightsRow("GET", "/me/extract", .ownPerson, "取走我的资料"),
            RightsRow("POST", "/me/extract", .ownPerson, "要我的全部资料"),
            RightsRow("GET", "/me/objections", .ownPerson, "我反映的错误"),
            RightsRow("GET", "/me/objections/new", .ownPerson, "反映有误", opensAlone: false),
            RightsRow("POST", "/me/objections", .ownPerson, "提出有误反映"),
            RightsRow("POST", "/me/objections/:objection/withdraw", .ownPerson, "撤回有误反映"),
        ],
        menu: [
            MenuItem(
                "archive", "", "/me/archive", .books, in: .own, 20, named: { $0.isLearnerOnly ? "档案" : "我的档案" }, onPhone: { $0.isLearnerOnly },
                where: { $0.account.personID != nil }),
        ],
        acts: [
            ("extract.pdf", "导出个人档案（PDF）"),
            ("extract.json", "导出个人档案（数据）"),
        ],
        subjects: ["extract": "个人档案导出"], brings: [MadeFileKind.extract, Finder.own]
    ) { doors, house in
        ExtractRoutes.add(to: doors.signedIn, house)
        ArchiveRoutes.add(to: doors.signedIn, house)
    }
}
