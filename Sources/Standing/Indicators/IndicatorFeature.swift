import Access
import Kit

extension Feature {
    /// 指标: figures of a unit, the names behind them, and why.
    package static let indicators = Feature(
        "指标",
        rights: [
            RightsRow("GET", "/figures", .right(.seeing, .anywhere), "指标"),
            RightsRow("GET", "/figures/units", .right(.seeing, .anywhere), "选单位"),
            RightsRow("GET", "/figures/:unit", .right(.seeing, .unit), "单位的指标"),
            RightsRow("GET", "/figures/:unit/findings.xlsx", .right(.seeing, .unit), "下载单位的指标"),
            RightsRow("GET", "/figures/:unit/:rule", .right(.seeing, .unit), "指标的名单与依据"),
            RightsRow("POST", "/figures/:unit/:rule/people.xlsx", .right(.seeing, .unit), "导出指标的名单"),
            RightsRow("GET", "/figures/:unit/:rule/people/:person", .right(.seeing, .unit), "指标中的一个人"),
        ],
        menu: [
            // Four stand at the thumb: an officer who is a cadre too finds the figures under 更多.
            MenuItem("figures", "指标", "/figures", .bars, in: .start, 20, onPhone: { $0.account.personID == nil }, where: { $0.scope.isAnywhere(.seeing) }),
        ],
        acts: [
            ("export.names", "导出指标名单"),
        ],
        subjects: ["export": "导出"],
        columns: [
            "masked": "号码遮盖",
        ],
        lists: [ListView.Kind.figures.rawValue: "指标的名单", ListView.Kind.names.rawValue: "导出的指标名单"],
        looks: [FileLook("figures", "指标里的个人明细") { $0.hasPrefix("/figures/") }], brings: [MadeFileKind.names]
    ) { doors, house in
        IndicatorsRoutes.add(to: doors.signedIn, house)
    }
}

extension ListView.Kind {
    /// Names behind a figure, on a page and in a workbook.
    package static let figures = ListView.Kind(rawValue: "figures"), names = ListView.Kind(rawValue: "export.names")
}
