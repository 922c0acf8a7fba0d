import Access
import Kit

extension Feature {
    /// 名册: the list of people, and finding one.
    package static let finding = Feature(
        "名册与档案",
        rights: [
            RightsRow("POST", "/seek", .signedIn, "按姓名查找，姓名不进地址"),
            RightsRow("GET", "/people", .right(.seeing, .anywhere), "名册"),
            RightsRow("POST", "/people/list.xlsx", .right(.seeing, .anywhere), "导出名册上列出的人"),
            RightsRow("POST", "/people/find", .right(.seeing, .anywhere), "按号码找人"),
        ],
        menu: [
            MenuItem("people", "名册", "/people", .people, in: .people, 20, onPhone: { _ in true }, where: { $0.scope.isAnywhere(.seeing) }),
        ],
        tasks: [
            TaskSource(80, lookedThrough: { signedIn, house in try await house.database.read { try Completeness.read(signedIn, in: $0) }.tasks }),
        ],
        lists: [ListView.Kind.roster.rawValue: "名册列表"],
        looks: [FileLook("search", "搜索到的人员") { $0 == "/search" }],
        brings: [Finder.people, PersonListRoutes.file.kind]
    ) { doors, house in
        SeekRoutes.add(to: doors.signedIn)
        PersonListRoutes.add(to: doors.signedIn, house)
    }
}
