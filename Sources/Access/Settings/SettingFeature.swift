import Kit

extension Feature {
    /// What the whole installation has set.
    package static let settings = Feature(
        acts: [
            ("setting.contact", "更改登录页的联系方式"),
            ("setting.announce", "发布或撤下公告"),
        ],
        subjects: ["setting": "系统设置"],
        columns: [
            "contact": "联系方式", "announcement": "公告", "announced_from": "公告开始", "announced_to": "公告结束",
        ],
        keepers: [SystemSettingStore.keeper],
        ranges: [RangeCheck("setting", "系统设置", key: "one", ["announced_from": Day.numbers, "announced_to": Day.numbers])]
    )
}
