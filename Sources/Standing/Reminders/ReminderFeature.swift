import Access

extension Feature {
    /// 提醒: from the names behind a figure to those who are to learn.
    package static let reminders = Feature(
        "指标",
        rights: [
            RightsRow("POST", "/figures/:unit/:rule/remind", .right(.keeping, .unit), "预览提醒"),
            RightsRow("POST", "/figures/:unit/:rule/remind/do", .right(.keeping, .unit), "提醒名单里自己管理的人"),
        ],
        acts: [(ReminderStore.act, "提醒学习")]
    ) { doors, house in
        ReminderRoutes.add(to: doors.signedIn, house)
    }
}
