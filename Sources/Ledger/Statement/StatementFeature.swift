import Access
import Kit

extension Feature {
    /// 学时账户: the statement of a person's hours, and setting an entry right.
    package static let statement = Feature(
        "培训记录",
        rights: [
            RightsRow("GET", "/people/:person/hours", .right(.seeing, .person), "学时账户"),
            RightsRow("GET", "/records/:entry", .right(.seeing, .record), "培训记录"),
            RightsRow("POST", "/records/:entry/reverse", .right(.keeping, .record), "冲销记录"),
            RightsRow("POST", "/records/:entry/correct", .right(.keeping, .record), "更正记录"),
        ],
        looks: [FileLook("hours", "学时明细") { $0.hasPrefix("/records/") || $0.hasSuffix("/hours") }],
        brings: [Finder.records]
    ) { doors, house in
        StatementRoutes.add(to: doors.signedIn, house)
    }
}
