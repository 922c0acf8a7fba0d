import Access
import Kit
import Register
import Standing

/// The page one starts on, and the list of what changed lately.
enum TodayPages {
    /// Topmost units that are shown with their figures.
    static let mostUnits = 5
    private static let mostRows = 8

    static func officer(_ today: Today, _ kinds: [RecentKind], _ signedIn: SignedIn) -> Page {
        Page(
            "今日", subtitle: "\(signedIn.account.displayName) · \(signedIn.today)", menu: "today",
            body: """
                \(answer(today))\
                \(today.mayKeep ? panel("待办", today.tasks.isEmpty ? padded("<p>没有等您办的事。</p>") : taskList(today.tasks.map { ($0.count, "\($0.words)", $0.link, $0.note) })) : "")\
                \(today.figures.html { behind($0.unit, $0.behind) })\
                \(changed(today, kinds))
                """)
    }

    private static func answer(_ today: Today) -> HTML {
        let lagging = today.figures.reduce(0) { $0 + $1.behind.rows.count { $0.unmet > 0 } }
        let unmet = today.figures.reduce(0) { $0 + $1.behind.unmet }
        let tasks: HTML = !today.mayKeep ? "" : today.tasks.isEmpty ? "今天没有等您办的事" : "今天有 <b>\(today.tasks.count)</b> 类事等您办"
        let year = today.figures.first.map { "\($0.behind.year) 年" } ?? ""
        let figures: HTML =
            if today.figures.isEmpty { "" }
            else if unmet == 0, lagging == 0 { "\(year)指标没有未达标的" }
            else { "\(year)指标有 <b class=\"short\">\(unmet) 项未达标</b>\(lagging > 0 ? "，<b>\(lagging)</b> 个直属下级有未达标的项" as HTML : "")" }
        return answerBox("\([tasks, figures].filter { !$0.bytes.isEmpty }.html { $0 + "。" })", mark: unmet > 0 ? .unmet : nil)
    }

    // MARK: Who falls behind

    private static func behind(_ unit: OrgTree.Unit, _ behind: Laggards) -> HTML {
        let counts = [
            behind.met > 0 ? "\(behind.met) 项达标" : nil, behind.unmet > 0 ? "\(behind.unmet) 项未达标" : nil,
            behind.pending > 0 ? "\(behind.pending) 项进行中" : nil, behind.unknown > 0 ? "\(behind.unknown) 项缺数据" : nil,
        ].compactMap { $0 }
        let rows = behind.rows.prefix(mostRows), isPending = rows.contains { $0.pending > 0 }
        let table: HTML =
            if !rows.isEmpty {
                plainTable(["单位", "未达标"] + (isPending ? ["进行中"] : []) + ["差得最多的一项", "还差"], numbers: isPending ? [1, 2] : [1], rows.map { row in
                    [door(row.unit.name, row.link), row.unmet == 0 ? "—" : door("\(row.unmet)", row.link)]
                        + (isPending ? [row.pending == 0 ? "—" : door("\(row.pending)", row.link)] : [])
                        + [row.worst.map { door($0.title, $0.link) } ?? "", row.worst.map { short($0) } ?? ""]
                })
            } else if !behind.misses.isEmpty {
                plainTable(["差得最多的项", "还差"], behind.misses.map { [door($0.title, $0.link), short($0)] })
            } else { padded("<p>\(counts.isEmpty ? "这一天没有要考核的人员。" : "没有未达标的项。")</p>") }
        let more: HTML = behind.rows.count > rows.count ? padded("<p class=\"hint\"><a href=\"\(behind.link)\">另有 \(behind.rows.count - rows.count) 个下级单位有未完成的项</a></p>") : ""
        return panel(
            "谁落后了 · \(unit.name)", note: "\(behind.year) 年，截至 \(behind.asOf)：<a class=\"door\" href=\"\(behind.link)\">\(counts.joined(separator: "，"))</a>", table + more)
    }

    private static func short(_ miss: Laggards.Miss) -> HTML {
        let hours: HTML = miss.shortfall.hours > 0 ? "，\(Numbers.hours(Int(miss.shortfall.hours))) 学时" : ""
        return "<span class=\"short\">\(Numbers.count(Int(miss.shortfall.people))) 人\(hours)</span>"
    }

    // MARK: What changed

    private static func changed(_ today: Today, _ kinds: [RecentKind]) -> HTML {
        let title = "最近 \(RecentChanges.days) 天的变动"
        guard !today.changed.isEmpty else {
            return panel(title, emptyState("没有变动", "任职、资料、学时和单位有变动时，按单位列在这里。"))
        }
        let rows = today.changed.prefix(mostRows)
        return panel(title, note: today.isChangedCut ? "变动很多，只数了最近的" : nil, actions: linkButton("全部变动", "/changes", .quiet), plainTable(
            ["单位"] + kinds.map(\.word), numbers: Set(kinds.indices.map { $0 + 1 }), rows.map { changed in
                [door(changed.unit.name, "/changes?unit=\(changed.unit.id)")] + kinds.map { kind in
                    changed.counts[kind].map { door(Numbers.count($0), "/changes?unit=\(changed.unit.id)&kind=\(kind.key)") } ?? "—"
                }
            }))
    }

    static func changes(
        _ page: [RecentChange], _ acts: [Int64: ActRecord], people: [Int64: String], unit: OrgTree.Unit?, kind: RecentKind?, kinds: [RecentKind], isOwn: Bool,
        total: Int, next: String?, isCut: Bool, _ ask: ListAsk, _ signedIn: SignedIn
    ) -> Page {
        func link(_ kind: RecentKind?) -> String {
            PageAddress("/changes", Fields([("unit", unit.map { "\($0.id)" } ?? ""), ("kind", kind?.key ?? ""), ("own", isOwn ? "1" : "")].filter { !$0.1.isEmpty })).link
        }
        return Page(
            "最近 \(RecentChanges.days) 天的变动", subtitle: unit.map { "\($0.name)\(isOwn ? "（本级）" : "（含下级）")" } ?? "您权限内的全部单位", menu: "today",
            crumbs: [Page.Crumb("今日", "/")],
            body: """
                \(answerBox("共 <b>\(Numbers.count(total))</b> 条变动\(isCut ? "（变动很多，只列最近的）" : "")。"))\
                <p>\(segmented("看哪些", [("全部", link(nil), kind == nil)] + kinds.map { ($0.word, link($0), $0 == kind) }))</p>\
                \(panel("变动", dataTable(
                    "变动", ask: ask,
                    columns: [
                        .text("时间", "when") { change in "\(acts[change.actID].map { Clock.minute(ofMilliseconds: $0.atMilliseconds) } ?? "")" },
                        .text("类别", "kind") { "\($0.kind.word)" },
                        .text("对象", "what") { what($0, people, signedIn.scope.tree) },
                        .text("单位", "unit", wraps: true) { change in "\(signedIn.scope.tree.unit(change.unitID)?.name ?? "")" },
                        .text("谁办的", "who") { "\(acts[$0.actID]?.who ?? "")" },
                        .text("为什么", "why", wraps: true) { "\(acts[$0.actID]?.why ?? "")" },
                    ],
                    rows: page, next: next)))
                """)
    }

    private static func what(_ change: RecentChange, _ people: [Int64: String], _ tree: OrgTree) -> HTML {
        guard let person = change.personID else {
            return "<a class=\"door\" href=\"\(change.link)\">\(tree.unit(change.unitID)?.name ?? "")</a>"
        }
        return people[person].map { "<a class=\"door\" href=\"\(change.link)\">\($0)</a>" } ?? "—"
    }

    // MARK: Everybody else

    /// For accounts that see no business data: what their roles are for, and where.
    static func otherwise(_ menu: Menu, _ signedIn: SignedIn) -> Page {
        let roles = signedIn.grants.map { "\($0.role.word)（\(signedIn.scope.tree.unit($0.organizationID)?.name ?? "")）" }
        let entries = menu.groups.flatMap(\.entries).filter { $0.key != "today" }
        return Page(
            "今日", subtitle: "\(signedIn.account.displayName) · \(signedIn.today)", menu: "today",
            body: """
                \(answerBox(roles.isEmpty ? "这个账号还没有授权。" : "您是 <b>\(roles.joined(separator: "、"))</b>。\(signedIn.unread > 0 ? "有 \(signedIn.unread) 条未读通知。" : "")"))\
                \(panel("您可以办理", taskList(entries.map { entry in (entry.waiting.map { "\($0)" } ?? "", "\(entry.name)", entry.link, "") })))\
                \(roles.isEmpty ? "" : padded("<p class=\"hint\">这些身份不看名册和学时等业务数据；需要时由上级工会的安全管理员另行授权。</p>"))
                """)
    }
}
