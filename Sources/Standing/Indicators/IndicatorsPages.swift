import Figures
import Kit
import Register
import Rules

/// The page of a unit's figures.
enum IndicatorsPages {
    /// A unit below the one shown.
    struct Child: Sendable {
        let unit: OrgTree.Unit
        let heads: Int
        let unmet: Int
        let trend: Trend
    }

    /// Everything the page shows.
    struct Shown: Sendable {
        let found: UnitFindings
        let links: FigureAddress
        let below: Int
        let heads: Int
        let trends: [Trend]
        let children: [Child]
        /// What `heads` are: people, units, terms, records.
        let counted: Finding.Unit
        /// The line that the children are compared by.
        let compared: Int
        /// The policies that bind the unit, with the one that is shown.
        let policies: [Policy]
        let today: Day

        /// What the page calls those whom most of its figures are about.
        var heading: String { found.frame.policy.lines[compared].word }
        /// 五年走势.
        var trend: String { "\(found.frame.policy.periodWord ?? "历年")走势" }
    }

    static func unit(_ shown: Shown, ask: ListAsk) -> Page {
        let frame = shown.found.frame, links = shown.links, policy = frame.policy
        let place = frame.subtree && shown.below > 0 ? "含全部下级 \(Numbers.count(shown.below)) 个单位" : "本级"
        return Page(
            "\(frame.unitName) · \(frame.year) 年指标",
            subtitle: "\(place)，\(shown.heading) \(Numbers.count(shown.heads)) \(shown.counted.noun) · 截至 \(frame.asOf)",
            menu: "figures", unitSwitch: links.units,
            actions: """
                \(segmented("年度", years(shown).map { ("\($0)", links.with(year: $0).page, $0 == frame.year) }))\
                \(shown.below > 0 ? segmented("范围", [("本级", links.with(subtree: false).page, !frame.subtree), ("含下级", links.with(subtree: true).page, frame.subtree)]) : "")\
                \(linkButton("导出 Excel", links.workbook, .plain, icon: .download))
                """,
            body: """
                \(shown.policies.count > 1 ? "<p>\(segmented("政策", shown.policies.map { ($0.subjectWord, links.with(policy: $0).page, $0.id == policy.id) }))</p>" as HTML : "")\
                \(over(shown))\(answer(shown))\
                \(panel("各项指标", note: "依据<a href=\"/policies/\(policy.id)?unit=\(links.unit)\">\(policy.title)</a> · 点任一数字可看名单、算法与条款", findings(shown)))\
                \(shown.children.isEmpty ? owed(shown) : sideBySide(children(shown, ask), owed(shown)))\
                \(panel("换一天看", padded(dayForm(shown))))
                """)
    }

    // MARK: The answer

    /// That nothing runs is said before what once was.
    private static func over(_ shown: Shown) -> HTML {
        let policy = shown.found.frame.policy, unit = shown.found.frame.unitName
        guard !shown.policies.contains(where: { $0.speaks(of: shown.today.number) }), policy.periodEnd < shown.today.number else { return "" }
        return notice(.hint, """
            今天没有约束\(unit)的规划，\(shown.today.year) 年没有要达到的指标；新的规划<a href="/organizations/\(shown.links.unit)/policies">采用</a>后，这里先给出今年的。下面是已经结束的\(policy.title)。
            """)
    }

    private static func answer(_ shown: Shown) -> HTML {
        let answer = UnitAnswer(shown.found.findings), policy = shown.found.frame.policy
        guard answer.judged > 0 else {
            return answerBox(
                shown.heads == 0 ? "\(shown.found.frame.asOf) 这一天，这里没有在册的“\(shown.heading)”，所以没有可评的指标。" : "这里没有可评的指标。",
                action: linkButton("导入人员名册", "/exchange", .primary))
        }
        let counts: [HTML] = [
            answer.met > 0 ? "<b>\(answer.met) 项达标</b>" : nil, answer.unmet > 0 ? "<b class=\"short\">\(answer.unmet) 项未达标</b>" : nil,
            answer.pending > 0 ? "<b>\(answer.pending) 项进行中</b>" : nil, answer.unknown > 0 ? "<b>\(answer.unknown) 项缺数据</b>" : nil,
        ].compactMap { $0 }
        let details: [HTML] = answer.worst.compactMap { finding in
            guard let shortfall = finding.shortfall else { return nil }
            let line = policy.lines[finding.line], link = shown.links.names(finding.line)
            // Some titles name their category themselves.
            let full = policy.rules[line.rule].title, title = full.hasPrefix(line.word) ? String(full.dropFirst(line.word.count)) : full
            let people = Numbers.count(Int(shortfall.people))
            switch line.shape {
            case .mean:
                let heads = max(1, finding.had.denominator)
                return "\(line.word)\(title)每人还差 \(door("\(Numbers.hours(Int((shortfall.hours + heads - 1) / heads))) 学时", link))，涉及 \(door("\(people) 人", link))"
            case .total: return "\(title)还差 \(door("\(Numbers.hours(Int(shortfall.hours))) 学时", link))，涉及 \(door("\(people) 人", link))"
            case .norm: return "\(line.word)\(title)\(door(shown.found.shortfallWords(finding), link))"
            default: return "\(line.word)\(title)再有 \(door("\(people) \(finding.unit.noun)", link)) 即达标"
            }
        }
        let all: HTML = answer.met == answer.judged ? "<b>全部达标</b>。" : "\(joined(counts, "，"))。"
        return answerBox(
            "\(answer.judged) 项指标中\(all)\(details.isEmpty ? "" : "\(joined(details, "；"))。" as HTML)",
            mark: answer.unmet > 0 ? .unmet : answer.pending > 0 ? .pending : .met,
            action: answer.worst.first.map { linkButton("看差在哪些人", shown.links.names($0.line), .primary) })
    }

    private static func joined(_ parts: [HTML], _ separator: HTML) -> HTML {
        parts.enumerated().html { $0 == 0 ? $1 : separator + $1 }
    }

    // MARK: Rules × categories

    private static func findings(_ shown: Shown) -> HTML {
        let policy = shown.found.frame.policy
        let byRule = Dictionary(grouping: shown.found.findings, by: { policy.lines[$0.line].rule })
        let rows = policy.rules.indices.html { rule in
            let lines = byRule[rule] ?? []
            return lines.enumerated().html { place, finding in
                let group: HTML = place == 0 ? "<th scope=\"rowgroup\" rowspan=\"\(lines.count)\">\(policy.rules[rule].title)</th>" : ""
                return "<tr>\(group)\(row(finding, shown))</tr>"
            }
        }
        return """
            <div class="scroll"><table class="findings" aria-label="各项指标"><thead><tr><th scope="col">指标</th><th scope="col">人员类别</th><th scope="col" class="n">实际</th><th scope="col" class="n">要求</th><th scope="col" aria-label="与要求相比"></th><th scope="col">结论</th><th scope="col">差额</th><th scope="col">\(shown.trend)</th><th scope="col">依据</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }

    private static func row(_ finding: Finding, _ shown: Shown) -> HTML {
        let found = shown.found, policy = found.frame.policy, line = policy.lines[finding.line], rule = policy.rules[line.rule]
        let mark = finding.verdict.map { Mark($0) }
        let figure = finding.display.isEmpty ? "—" : [.persons, .count].contains(rule.display) ? grouped(finding.display) + " " + finding.unit.noun : grouped(finding.display)
        let bar: HTML = finding.needed.flatMap { needed in
            finding.had.denominator > 0 && needed.numerator > 0 && mark != nil
                ? thresholdBar(
                    value: (Int(finding.had.numerator), Int(finding.had.denominator)), needed: (Int(needed.numerator), Int(needed.denominator)),
                    mark: mark ?? .notApplicable, label: "实际 \(figure)，要求 \(found.neededWords(finding))") : nil
        } ?? ""
        let trend = shown.trends[finding.line]
        return """
            <td>\(line.word)</td><td class="n">\(door(figure, shown.links.names(finding.line), hint: "\(line.formula)（\(finding.clause)）"))</td>\
            <td class="n">\(found.neededWords(finding).isEmpty ? "—" : grouped(found.neededWords(finding)))</td><td>\(bar)</td><td>\(verdictBadge(mark))</td>\
            <td class="short wrap">\(Numbers.spaced(found.shortfallWords(finding)))</td>\
            <td>\(sparkline(trend.drawn, threshold: trend.hasThreshold ? 1000 : nil, mark: mark, label: "\(rule.title)（\(line.word)）\(shown.trend)"))</td>\
            <td class="clause">\(finding.clause)</td>
            """
    }

    /// Thin spaces between thousands of the whole part.
    private static func grouped(_ figure: String) -> String {
        guard let end = figure.firstIndex(where: { !$0.isNumber }) ?? Optional(figure.endIndex), let whole = Int(figure[..<end]), whole > 999 else {
            return figure
        }
        return Numbers.count(whole) + figure[end...]
    }

    // MARK: Below and beside

    private static func children(_ shown: Shown, _ ask: ListAsk) -> HTML {
        let policy = shown.found.frame.policy, title = policy.rules[policy.lines[shown.compared].rule].title
        let start = ask.after.flatMap { Int($0) }.map { max(0, min($0, shown.children.count)) } ?? 0
        let seen = shown.children[start...].prefix(ListAsk.pageSize)
        let next = seen.endIndex < shown.children.count ? String(seen.endIndex) : nil
        let rows: [[HTML]] = seen.map { child in
            [
                "<a class=\"door\" href=\"\(shown.links.with(unit: child.unit.id).page)\">\(child.unit.name)</a>", "\(Numbers.count(child.heads))",
                child.unmet > 0 ? "<b class=\"short\">\(child.unmet)</b>" : "0",
                child.trend.drawn.count > 1
                    ? sparkline(
                        child.trend.drawn, threshold: 1000, mark: (child.trend.drawn.last ?? 0) >= 1000 ? .met : .unmet,
                        label: "\(child.unit.name)\(shown.trend)：\(child.trend.drawn.map { "\($0 / 10)%" }.joined(separator: "，"))")
                    : "—",
            ]
        }
        return panel(
            "下级单位", note: "差得多的在前", """
                \(plainTable(["单位", shown.counted == .persons ? "人数" : "数目（\(shown.counted.noun)）", "未达标", "\(shown.trend)（\(title)）"], numbers: [1, 2], rows))\
                \(next.map { "<nav class=\"pages\" aria-label=\"翻页\">\(linkButton("下一页（每页 100 行）", ask.address.with("after", $0).link))</nav>" as HTML })
                """)
    }

    private static func owed(_ shown: Shown) -> HTML {
        let policy = shown.found.frame.policy
        let isOver = shown.found.findings.allSatisfy { $0.verdict != .pending }
        let rows: [[HTML]] = shown.found.findings.compactMap { finding in
            guard let shortfall = finding.shortfall else { return nil }
            let line = policy.lines[finding.line]
            return [
                "\(policy.rules[line.rule].title)<small class=\"sub\"> \(line.word)</small>",
                shortfall.hours > 0 ? "<b>\(Numbers.hours(Int(shortfall.hours)))</b> 学时" : "",
                door("\(Numbers.count(Int(shortfall.people))) \(finding.unit.lackNoun)", shown.links.names(finding.line)),
            ]
        }
        return panel(
            isOver ? "还欠的" : "到期末还欠的",
            rows.isEmpty
                ? padded("<p>\(verdictBadge(.met)) 没有欠着的。</p>") : plainTable(["指标", "学时", "人数"], numbers: [1, 2], rows))
    }

    private static func dayForm(_ shown: Shown) -> HTML {
        let links = shown.links
        return getForm(to: "/figures/\(links.unit)", """
            \(links.fields.filter { $0.0 != "day" }.html { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })\
            \(textField("day", "截至哪一天", value: shown.found.frame.asOf.description, type: "date", notes: FieldNotes(hint: "名册、单位隶属和学时都按这一天计算。")))\
            <div class="actions">\(submitButton("查看", .plain))\(links.day == nil ? "" : linkButton("回到年末", links.with(year: links.year).page, .quiet))</div>
            """)
    }

    /// The years that can be chosen: those of the policy, of one that runs on for long a few around the year that is shown.
    private static func years(_ shown: Shown) -> [Int] {
        let all = shown.found.frame.policy.years, year = shown.found.frame.year
        guard all.count > mostYears else { return Array(all) }
        let latest = min(max(year, shown.today.year), all.upperBound), first = max(all.lowerBound, min(year - 1, latest - mostYears + 1))
        return Array(first...max(year, min(latest, first + mostYears - 1)))
    }
    private static let mostYears = 6

    /// Where another unit is chosen; `asked` is the question that stays.
    static func choose(_ units: [OrgTree.Unit], typed: String, asked: [(String, String)], isCut: Bool) -> Page {
        let body: HTML = units.isEmpty
            ? emptyState("没有找到", typed.isEmpty ? "您的权限内还没有单位。" : "没有名称或编码含“\(typed)”的单位，请换一个词再找。")
            : plainTable(["单位", "单位编码"], units.map { unit in
                ["<a class=\"door\" href=\"\(PageAddress("/figures/\(unit.id)", Fields(asked)).link)\">\(unit.name)</a>", "\(unit.code)"]
            }) + (isCut ? padded("<p class=\"sub\">只列出前 100 个，请输入名称或编码缩小范围。</p>") : "")
        return Page("切换单位", menu: "figures", body: """
            \(panel("找单位", padded(getForm(to: "/figures/units", """
                \(asked.html { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })\(textField("q", "名称或编码", value: typed, type: "search", autofocus: true))<div class="actions">\(submitButton("查找", .plain, icon: .search))</div>
                """))))\(panel("单位", body))
            """)
    }
}
