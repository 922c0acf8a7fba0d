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
                \(today.idle.html { last($0.unit, $0.last, signedIn.today) })\
                \(changed(today, kinds))
                """)
    }

    private static func answer(_ today: Today) -> HTML {
        let lagging = today.figures.reduce(0) { $0 + $1.behind.rows.count { $0.unmet > 0 } }
        let unmet = today.figures.reduce(0) { $0 + $1.behind.unmet }
        let tasks: HTML = !today.mayKeep ? "" : today.tasks.isEmpty ? "今天没有等您办的事" : "今天有 <b>\(today.tasks.count)</b> 类事等您办"
        let year = today.figures.first.map { "\($0.behind.year) 年" } ?? ""
        let figures: HTML =
            if today.figures.isEmpty || today.figures.allSatisfy({ $0.behind.met + $0.behind.unmet + $0.behind.pending + $0.behind.unknown == 0 }) { "" }
            else if unmet == 0, lagging == 0 { "\(year)指标没有未达标的" }
            else { "\(year)指标有 <b class=\"short\">\(unmet) 项未达标</b>\(lagging > 0 ? "，<b>\(lagging)</b> 个直属下级有未达标的项" as HTML : "")" }
        let idle: HTML = today.idle.isEmpty ? "" : """
            今天没有约束\(today.idle.map(\.unit.name).joined(separator: "、"))的规划，今年没有要达到的指标；\(today.adopting == nil ? "新的规划由组织人事管理员在“政策”里采用" : "请先采用新的规划")
            """
        return answerBox(
            "\([tasks, figures, idle].filter { !$0.bytes.isEmpty }.html { $0 + "。" })", mark: unmet > 0 ? .unmet : nil,
            action: today.adopting.map { linkButton("采用规划", "/organizations/\($0.id)/policies", .primary) })
    }

    /// What is over, or to come, stands one click away.
    private static func last(_ unit: OrgTree.Unit, _ last: Laggards?, _ today: Day) -> HTML {
        guard let last else { return "" }
        return panel("\(last.policy.periodEnd < today.number ? "以往" : "将要执行")的规划 · \(unit.name)", rowList([row("\(last.policy.title)", note: "\(Day(number: last.policy.periodStart)) 至 \(Day(number: last.policy.periodEnd))", end: icon(.next), link: last.link)]))
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

    // MARK: Everybody else

    /// For accounts that see no business data: what waits for them, and what they are.
    static func otherwise(_ tasks: [DayTask], _ signedIn: SignedIn) -> Page {
        let roles = signedIn.grants.map { "\($0.role.word)（\(signedIn.scope.tree.unit($0.organizationID)?.name ?? "")）" }
        let unread = signedIn.unread > 0 ? [DayTask(count: Numbers.count(signedIn.unread), words: "条通知没有看", link: "/notices")] : []
        let waiting = tasks + unread
        return Page(
            "今日", subtitle: "\(signedIn.account.displayName) · \(signedIn.today)", menu: "today",
            body: """
                \(answerBox(roles.isEmpty ? "这个账号还没有授权。" : waiting.isEmpty ? "今天没有等您办的事。" : "今天有 <b>\(waiting.count)</b> 类事等您办。"))\
                \(waiting.isEmpty ? "" : panel("待办", taskList(waiting.map { ($0.count, "\($0.words)", $0.link, $0.note) })))\
                \(roles.isEmpty ? "" : padded("<p class=\"hint\">您是\(roles.joined(separator: "、"))。这些身份不看名册和学时等业务数据；需要时由上级工会的安全管理员另行授权。</p>"))
                """)
    }
}
