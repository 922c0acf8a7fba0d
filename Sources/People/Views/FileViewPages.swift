import Kit

/// 谁看过我的档案.
enum FileViewPages {
    static func list(_ views: [FileView]) -> Page {
        let viewers = Set(views.map(\.who)).count
        return Page(
            "谁看过我的档案", menu: "archive", crumbs: [Page.Crumb("我的档案", "/me/archive")],
            body: views.isEmpty
                ? emptyState("还没有人看过", "别人打开您的档案、学时明细，或查看您的完整证件号码、手机号时，这里会记下是谁、哪一天、看了什么。")
                : answerBox("共有 <b>\(viewers)</b> 人看过您的档案。")
                    + panel(
                        "查看记录", note: "同一个人同一天看同一种内容合为一行；您自己的查看不记。",
                        plainTable(
                            ["日期", "谁", "看了什么", "次数", "最近一次"], numbers: [3],
                            views.map { view in
                                [
                                    "\(view.day)", "\(view.who)", "\(view.what)", "\(Numbers.count(view.times))",
                                    "\(Clock.minute(ofMilliseconds: view.lastMilliseconds))",
                                ]
                            })))
    }
}
