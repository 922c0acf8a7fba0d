import Access
import Kit

/// 谁看过我的档案.
enum FileViewPages {
    static func list(_ views: [FileView]) -> Page {
        let opened = views.filter { !$0.isList }, listed = views.filter(\.isList)
        let viewers = Set(opened.map(\.who)).count, others = Set(listed.map(\.who)).count
        return Page(
            "谁看过我的档案", menu: "archive", crumbs: [Page.Crumb("我的档案", "/me/archive")],
            body: views.isEmpty
                ? emptyState("还没有人看过", "别人打开您的档案、学时明细，查看您的完整证件号码、手机号，或者看、导出有您在内的名单时，这里会记下是谁、哪一天、看了什么。")
                : answerBox("\(viewers == 0 ? "没有人打开过您的档案。" : "<b>\(viewers)</b> 人打开过您的档案。" as HTML)\(others == 0 ? "" : "<b>\(others)</b> 人看过或导出过有您在内的名单。" as HTML)")
                    + table("打开过您的档案", "同一个人同一天看同一种内容合为一行；您自己的查看不记。", opened, none: "没有人打开过您的档案。")
                    + table(
                        "有您在内的名单和导出", "最近 \(FileViewStore.listDays) 天。按那一天您是否在那个单位计算；列表不一定翻到了您那一行。", listed,
                        none: "没有人看过或导出过有您在内的名单。"))
    }

    private static func table(_ title: String, _ note: HTML, _ views: [FileView], none: String) -> HTML {
        panel(title, note: note, views.isEmpty ? padded("<p>\(none)</p>") : plainTable(
            ["最近一次", "谁", "看了什么", "次数"], numbers: [3],
            views.map { view in
                ["\(Clock.minute(ofMilliseconds: view.lastMilliseconds))", "\(view.who)", "\(view.what)", "\(Numbers.count(view.times))"]
            }))
    }
}
