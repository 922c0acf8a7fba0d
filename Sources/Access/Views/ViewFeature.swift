import Kit

extension Feature {
    /// Who looked at whose file.
    package static let sight = Feature(
        acts: [
            ("person.unmask", "查看完整证件号码或手机号"),
            ("file.view", "查看个人档案"),
            ("list.view", "查看人员名单"),
            ("access.refused", "要求不存在或无权看的内容"),
        ],
        subjects: ["unmask": "查看完整号码", "file_view": "查看档案", "list_view": "查看或导出名单"],
        columns: [
            "times": "次数", "subtree": "含下级", "day": "日期",
        ]
    )
}

extension House {
    /// One, so that an account has one pace for all lists of names.
    package var lists: ListViewLog { part() }
}
