import Access
import Kit
import Register

/// 变动.
enum ChangePages {
    static func list(
        _ lines: [ChangeLine], _ asked: ChangeRoutes.Asked, kinds: [RecentKind], total: Int, next: String?, isCut: Bool, _ ask: ListAsk, _ features: FeatureSet, _ signedIn: SignedIn
    ) -> Page {
        func link(_ kind: RecentKind?) -> String { ask.address.with("kind", kind?.key).with("after", nil).link }
        return Page(
            "最近 \(RecentChanges.days) 天的变动", subtitle: asked.unit.map { "\($0.name)\(asked.isOwn ? "（本级）" : "（含下级）")" } ?? "您权限内的全部单位", menu: "today",
            crumbs: [Page.Crumb("今日", "/")],
            body: """
                \(answerBox("共 <b>\(Numbers.count(total))</b> 条变动\(isCut ? "（变动很多，只列最近的）" : "")。"))\
                <p>\(segmented("看哪些", [("全部", link(nil), asked.kind == nil)] + kinds.map { ($0.word, link($0), $0 == asked.kind) }))</p>\
                \(panel("变动", dataTable(
                    "变动", ask: ask, columns: columns(features), rows: lines, next: next, count: total,
                    export: lines.isEmpty ? nil : (ListFile.link(ask), signedIn.token), seeking: signedIn.token)))
                """)
    }

    static func columns(_ features: FeatureSet) -> [ListColumn<ChangeLine>] {
        [
            .text("时间", "when", sorts: true) { line in "<span class=\"whole\">\(line.act.map { Clock.minute(ofMilliseconds: $0.atMilliseconds) } ?? "")</span>" },
            .text("对象", "what") { what($0) },
            .text("改了什么", "changed", sorts: true, wraps: true) { line in
                "\(line.act.map { features.word(ofAct: $0.kind) } ?? line.change.kind.word)\(line.facts.isEmpty ? "" : "：" + line.facts.joined(separator: "、"))"
            },
            .text("单位", "place", sorts: true, filter: .text, wraps: true) { "\($0.unit)" },
            .text("谁办的", "who", sorts: true, filter: .text) { "\($0.act?.who ?? "")" },
            .text("为什么", "why", sorts: true, wraps: true) { "\($0.act?.why ?? "")" },
        ]
    }

    private static func what(_ line: ChangeLine) -> HTML {
        guard line.change.personID != nil else { return "<a class=\"door\" href=\"\(line.change.link)\">\(line.unit)</a>" }
        return line.name.map { "<a class=\"door whole\" href=\"\(line.change.link)\">\($0)</a>" } ?? "—"
    }
}
