import Access
import Kit

extension Feature {
    /// 今日: the page everybody starts on.
    package static let today = Feature(
        "最近的变动",
        rights: [
            RightsRow("GET", "/", .signedIn, "今日", opensAlone: false),
            RightsRow("GET", "/changes", .right(.seeing, .anywhere), "最近的变化"),
        ],
        menu: [
            MenuItem("today", "今日", "/", .home, in: .start, 10, onPhone: { _ in true }, where: { !$0.isLearnerOnly }),
        ]
    ) { doors, house in
        TodayRoutes.add(to: doors.signedIn, house)
    }
}
