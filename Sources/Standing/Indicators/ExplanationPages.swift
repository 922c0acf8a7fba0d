import Access
import Figures
import Kit
import Ledger
import Rules

/// What makes up a figure: names, formula, clause, and who is not counted and why.
enum ExplanationPages {
    struct Shown: Sendable {
        let told: UnitExplanation
        let links: FigureAddress
        let people: ExplainedPeople
        /// The heads on this page of the list.
        let heads: [Explanation.Head]
        let list: NamesList
        let next: String?
        let outside: [Explanation.Outside]
        let running: [Explanation.Head]
        /// Names of the organisations of the day.
        let organizations: [Int32: String]
        /// Instead of heads, where the figure counts no people.
        var listing: UnitListing?
        var places: [Int32: Int64] = [:]
        /// Where those are filled in who have no category, for whoever keeps them.
        var fillIn: String?
        /// Whether the people may be changed, and be reminded of what they lack.
        var mayKeep = false, mayRemind = false
        /// How the account sees this list.
        var views: [SavedView] = []
        /// How many have just been reminded.
        var reminded: Int?
    }

    /// People who are listed of those who are not counted; of those without a category a whole page.
    static let someOutside = 50
    /// People whom one reminder reaches at most.
    static let mostReminded = 10_000
    /// Forms for those who are ticked among the names, and among those who are not counted.
    private static let chosen = "chosen", lacking = "lacking"

    static func names(_ shown: Shown, crumbs: [Page.Crumb], ask: ListAsk, _ token: FormToken) -> Page {
        let told = shown.told, frame = told.frame, finding = told.explanation.finding, policy = frame.policy, line = told.line
        let found = finding.needed.map { _ in finding.verdict } ?? nil
        return Page(
            "\(told.rule.title) · \(line.word)",
            subtitle: "\(frame.unitName)\(frame.subtree ? "（含下级）" : "（本级）") · \(frame.year) 年 · 截至 \(frame.asOf)",
            menu: "figures", crumbs: crumbs + [Page.Crumb("\(frame.year) 年指标", shown.links.page)],
            actions: shown.listing == nil ? nil : postButton("导出 Excel", to: shown.links.namesWorkbook(finding.line), token: token, icon: .download),
            body: """
                \(shown.reminded.map { notice(.done, "已提醒 <b>\(Numbers.count($0))</b> 人，各人在“通知”里看到。") })\
                \(answerBox("\(answer(told))　\(verdictBadge(found.map { Mark($0) }))", mark: found.map { Mark($0) }))\
                \(shown.listing.map { units($0, shown, ask) } ?? list(shown, ask, token))\
                \(shown.running.isEmpty ? "" : running(shown))\
                \(shown.listing == nil ? sideBySide(basis(shown), outside(shown, token)) : basis(shown))
                """)
    }

    /// Somebody who is counted and not named leads nowhere.
    private static func chip(_ one: ExplainedPeople.One) -> HTML { personChip(one.name, link: one.id == 0 ? nil : "/people/\(one.id)") }

    /// What there is and what there should be, never an equation: 1 217 / 应 1 865 人，还差 648 人.
    private static func answer(_ told: UnitExplanation) -> HTML {
        let finding = told.explanation.finding, had = Int(finding.had.numerator), heads = Int(finding.had.denominator), noun = finding.unit.noun
        func should(_ words: String?) -> HTML { words.map { " / 应 \($0)" } ?? "" }
        /// Of so many heads, rounded up: part of a head does not do.
        let least = finding.needed.map { needed in Int((Int128(heads) * Int128(needed.numerator) + Int128(needed.denominator) - 1) / Int128(max(1, needed.denominator))) }
        switch told.line.shape {
        case .mean, .share, .norm, .vacancy:
            guard heads > 0 else { return "这一天没有属于“\(told.line.word)”的\(noun)，这项指标不适用。" }
        case .total, .times, .hosted, .trainings: break
        }
        let have: HTML = switch told.line.shape {
        case .mean:
            "人均 <b>\(finding.display)</b>\(should(finding.needed.map { Numbers.hours(Int($0.numerator / max(1, $0.denominator))) })) 学时"
        case .total: "<b>\(Numbers.hours(had))</b>\(should(finding.needed.map { Numbers.hours(Int($0.numerator / max(1, $0.denominator))) })) 学时"
        case .times, .hosted, .trainings: "<b>\(Numbers.count(had))</b>\(should(finding.needed.map { Numbers.count(Int($0.numerator / max(1, $0.denominator))) })) \(noun)"
        case .share, .norm, .vacancy: "<b>\(Numbers.count(had))</b>\(least.map { " / 应 \(Numbers.count($0))" } ?? " / \(Numbers.count(heads))") \(noun)"
        }
        let all: HTML = if case .share = told.line.shape, let least, least != heads { "（共 \(Numbers.count(heads)) \(noun)，现在 \(finding.display)）" } else { "" }
        return "\(have)\(all)\(shortfall(told))"
    }

    private static func shortfall(_ told: UnitExplanation) -> HTML {
        guard let shortfall = told.explanation.finding.shortfall else { return "" }
        let people = Numbers.count(Int(shortfall.people)), hours: HTML = shortfall.hours > 0 ? "，共 \(Numbers.hours(Int(shortfall.hours))) 学时" : ""
        switch told.line.shape {
        case .mean, .total: return "，<span class=\"short\">还差 \(Numbers.hours(Int(shortfall.hours))) 学时，\(people) \(told.explanation.finding.unit.lackNoun)不足</span>"
        default: return "，<span class=\"short\">还差 \(people) \(told.explanation.finding.unit.lackNoun)\(hours)</span>"
        }
    }

    private static func list(_ shown: Shown, _ ask: ListAsk, _ token: FormToken) -> HTML {
        let told = shown.told, index = told.explanation.finding.line, list = shown.list
        // What leaves is what is seen: the same question, without the page of the list.
        let seen = ["after", "density", "col"].reduce(PageAddress(ask.address.path + "/people.xlsx", ask.address.query)) { $0.with($1, nil) }
        return panel("分子与分母", note: "分母 \(Numbers.count(told.explanation.denominator.count))，计入分子 \(Numbers.count(told.explanation.numerator.count))", SavedViewPages.bar(shown.views, ask, token) + dataTable(
            "分子与分母", ask: ask,
            columns: [
                .text("姓名", UnitExplanation.nameKey, sorts: true, filter: .text, total: "合计 \(Numbers.count(list.total)) 人") { head in
                    let one = shown.people.one(head.person)
                    return chip(one) + (head.isNew ? tag("新任") : "")
                },
                .text("单位", "unit", sorts: true, filter: .text, wraps: true) { "\(shown.organizations[$0.organization] ?? "")" },
                .text("分子", "counts", sorts: true, filter: .choices([Choice("yes", "计入"), Choice("no", "未计入")])) { told.counts($0) ? tag("计入") : tag("未计入") },
                .number("累计", "amount", sorts: true, total: told.explanation.facts.count == 1 ? "\(told.amountWords([list.amount]))" : "") { head in
                    let one = shown.people.one(head.person), words = told.amountWords(head)
                    return one.id == 0 ? "\(words)" : door(words, shown.links.person(index, one.id), hint: "看这些学时从哪几条记录来")
                },
                .number("还差", "lacking", sorts: true, total: list.lacking > 0 ? "\(Numbers.hours(Int(list.lacking))) 学时" : "") { $0.hoursLacking > 0 ? "<span class=\"short\">\(Numbers.hours(Int($0.hoursLacking))) 学时</span>" : "" },
            ],
            rows: shown.heads, next: shown.next, count: list.total, ticks: shown.mayKeep ? ticks(shown, Self.chosen) { $0.person } : nil, acts: acts(shown, ask, token),
            export: (seen.link, token), empty: told.explanation.denominator.isEmpty ? "这一天没有人属于“\(told.line.word)”，所以这项指标不适用。" : nil, seeking: token))
    }

    private static func ticks<Row>(_ shown: Shown, _ form: String, _ person: @escaping (Row) -> Int32) -> ListTicks<Row> {
        ListTicks("person", form: form, label: { shown.people.one(person($0)).name }) { row in
            let id = shown.people.one(person(row)).id
            return id == 0 ? nil : "\(id)"
        }
    }

    /// What may be done with those who are ticked, and with all who are listed.
    private static func acts(_ shown: Shown, _ ask: ListAsk, _ token: FormToken) -> HTML? {
        guard shown.mayKeep, !shown.heads.isEmpty || !shown.running.isEmpty else { return nil }
        let count = shown.list.total
        let reminding: HTML = !shown.mayRemind ? "" : """
            \(submitButton("提醒勾选的…", .plain, name: "whom", value: "ticked", icon: .bell))\
            \(count > 0 && count <= Self.mostReminded ? submitButton("提醒列出的全部 \(Numbers.count(count)) 人…", .plain, name: "whom", value: "all") : "")
            """
        return ListTicks<Explanation.Head>.acts(
            Self.chosen, to: shown.links.reminder(shown.told.explanation.finding.line, ask.address.query), token: token,
            "\(reminding)\(submitButton("批量更改勾选的…", .plain, name: "whom", value: "ticked", to: "/people/bulk"))")
    }

    /// Units against their norm, vacancies or trainings, those that fall short first.
    private static func units(_ listing: UnitListing, _ shown: Shown, _ ask: ListAsk) -> HTML {
        let start = ask.after.flatMap { Int($0) }.map { max(0, min($0, listing.rows.count)) } ?? 0
        let seen = listing.rows[start...].prefix(ListAsk.pageSize)
        let next: HTML = seen.endIndex < listing.rows.count
            ? "<nav class=\"pages\" aria-label=\"翻页\">\(linkButton("下一页（每页 \(ListAsk.pageSize) 行）", ask.address.with("after", String(seen.endIndex)).link))</nav>" : ""
        let rows = seen.map { row -> [HTML] in
            var cells: [HTML] = row.cells.map { "\($0)" }
            // What leads somewhere is the name, which stands second.
            if let id = row.organization.flatMap({ shown.places[$0] }) { cells[1] = "<a class=\"door\" href=\"\(shown.links.with(unit: id).page)\">\(row.cells[1])</a>" }
            return cells + (row.verdict == nil && row.note.isEmpty ? [] : ["\(verdictBadge(row.verdict.map { Mark($0) }))\(row.note.isEmpty ? "" : tag(row.note))"])
        }
        let titles = listing.titles + (listing.rows.contains { $0.verdict != nil } ? ["结论"] : [])
        return panel(
            "分子与分母", note: "差得多的在前",
            rows.isEmpty
                ? emptyState("没有可列的", "这里没有“\(shown.told.line.word)”，或本年没有到期的，所以名单是空的。")
                : plainTable(titles, numbers: listing.numbers, rows) + next)
    }

    private static func basis(_ shown: Shown) -> HTML {
        let told = shown.told, finding = told.explanation.finding, line = told.line
        return panel("算法与依据", padded(facts([
            ("算法", "\(line.formula)"), ("条款", "\(finding.clause)"), ("原文", "<q>\(line.quote)</q>"),
            ("文件", "\(told.frame.policy.title)"),
        ] + (told.explanation.facts.isEmpty ? [] : [("累计的是", "\(told.explanation.facts.map { told.frame.policy.facts[$0].word }.joined(separator: "；"))")]))))
    }

    private static func words(_ reason: Explanation.Reason, years: Int) -> String {
        switch reason {
        case .noCategory: "在岗，但主任职没有填人员类别"
        case .secondaryPost: "在岗，但主任职不在这里"
        case .left: "当天之前已离任"
        case .notYetInPost: "当天之后才任职"
        case .endedBeforeAnniversary: "任职满 \(years) 年前已离任"
        }
    }

    private static func outside(_ shown: Shown, _ token: FormToken) -> HTML {
        let all = shown.told.explanation.outside, years = shown.told.frame.policy.groups[shown.told.line.group].anniversaryYears ?? 0
        guard !all.isEmpty else { return panel("不计入的人", padded("<p>没有相关但不计入的人。</p>")) }
        let counts = Dictionary(grouping: all, by: \.reason).map { ($0.key, $0.value.count) }.sorted { $0.1 > $1.1 }
        return panel("不计入的人", note: "共 \(Numbers.count(all.count)) 人", """
            \(padded("<p>\(counts.map { "\(words($0.0, years: years)) \(Numbers.count($0.1)) 人" }.joined(separator: "；"))。</p>"))\(fillIn(shown, token))\
            \(plainTable(["姓名", "为什么"], ticks: shown.fillIn.map { _ in ticks(shown, Self.lacking) { (one: Explanation.Outside) in one.person } }, of: shown.outside) { one in
                [chip(shown.people.one(one.person)), "\(words(one.reason, years: years))"]
            })\(all.count > shown.outside.count ? padded("<p class=\"sub\">只列出前 \(shown.outside.count) 人。</p>") : "")
            """)
    }

    /// From those who are not counted for want of a category straight to filling it in.
    private static func fillIn(_ shown: Shown, _ token: FormToken) -> HTML {
        guard let list = shown.fillIn else { return "" }
        return ListTicks<Explanation.Outside>.acts(
            Self.lacking, to: "/people/bulk", token: token,
            "\(submitButton("补录勾选的…", .plain, name: "whom", value: "ticked"))\(linkButton("补录人员类别：全部", list))")
    }

    private static func running(_ shown: Shown) -> HTML {
        panel("仍在计时的", note: "期限未到，不计入分数", plainTable(
            ["姓名", "单位", "期限", "现状"], ticks: shown.mayKeep ? ticks(shown, Self.chosen) { (head: Explanation.Head) in head.person } : nil, of: shown.running
        ) { head in
            [
                chip(shown.people.one(head.person)), "\(shown.organizations[head.organization] ?? "")",
                "\(head.due.map { Day(number: $0) } ?? .open)", verdictBadge(head.isMet ? .met : .pending),
            ]
        })
    }

    // MARK: One person

    static func person(
        _ told: UnitExplanation, _ links: FigureAddress, _ one: ExplainedPeople.One, head: Explanation.Head, counted: [(entry: HourEntry, host: String)],
        vocabulary: Vocabulary, crumbs: [Page.Crumb]
    ) -> Page {
        let policy = told.frame.policy, index = told.explanation.finding.line
        let rows: [[HTML]] = counted.map { entry, host in
            let record = entry.record
            let written = record.halfDays.map { Numbers.hours($0 * 50) + " 天" } ?? record.hours.map { Numbers.hours($0) + " 学时" } ?? ""
            let hours = policy.hours(form: record.form, halfDays: record.halfDays.map(Int64.init), hours: record.hours.map(Int64.init))
            return [
                "<a class=\"door\" href=\"/records/\(entry.id)\">\(record.title)</a>\(entry.sign == .reversal ? tag("冲销") : "")",
                "\(vocabulary.forms.word(of: record.form))\(record.isSelected ? tag("组织调训") : "")", "\(record.from) 至 \(record.to)", "\(host)",
                "\(written)", "\(Numbers.hours(Int(hours)))",
            ]
        }
        return Page(
            "\(one.name) · \(told.rule.title)",
            subtitle: "\(told.frame.unitName) · \(told.frame.year) 年 · 截至 \(told.frame.asOf)", menu: "figures",
            crumbs: crumbs + [Page.Crumb("\(told.frame.year) 年指标", links.page), Page.Crumb("\(told.rule.title) · \(told.line.word)", links.names(index))],
            actions: linkButton("看个人档案", "/people/\(one.id)", .plain, icon: .person),
            body: """
                \(answerBox("累计 <b>\(told.amountWords(head))</b>，\(told.counts(head) ? "计入分子" : "未计入分子")。\(head.hoursLacking > 0 ? "<span class=\"short\">还差 \(Numbers.hours(Int(head.hoursLacking))) 学时。</span>" as HTML : "")", mark: head.isMet ? .met : told.explanation.finding.verdict == .pending ? .pending : .unmet))\
                \(panel("依据的培训记录", note: "跨年的班按自然日分摊，只计当年部分", rows.isEmpty
                    ? emptyState("没有计入的记录", "这一时段里没有符合这项指标的已结业培训。漏登的可以导入培训记录补上。", action: linkButton("导入培训记录", "/exchange"))
                    : plainTable(["培训名称", "形式", "日期", "主办或机构", "登记", "折合学时"], numbers: [4, 5], rows)))\
                \(panel("算法与依据", padded(facts([("算法", "\(told.line.formula)"), ("条款", "\(told.explanation.finding.clause)"), ("原文", "<q>\(told.line.quote)</q>")]))))
                """)
    }
}
