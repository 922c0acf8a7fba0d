import Access
import Kit

extension Feature {
    /// 今日: the page everybody starts on.
    package static let today = Feature(
        "最近的变动",
        rights: [
            RightsRow("GET", "/", .signedIn, "今日", opensAlone: false),
            RightsRow("GET", "/changes", .right(.seeing, .anywhere), "最近的变化"),
            RightsRow("POST", "/changes/list.xlsx", .right(.seeing, .anywhere), "导出列出的变化"),
        ],
        menu: [
            MenuItem("today", "今日", "/", .home, in: .start, 10, onPhone: { _ in true }, where: { !$0.isLearnerOnly }),
        ],
        brings: [ChangeRoutes.file.kind]
    ) { doors, house in
        let recent = RecentChanges(house.database, house.features)
        TodayRoutes.add(to: doors.signedIn, house, recent)
        ChangeRoutes.add(to: doors.signedIn, house, recent)
    }
}
