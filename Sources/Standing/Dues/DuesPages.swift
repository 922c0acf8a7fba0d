import Access
import Certificates
import Kit
import People
import Register
import Rules

/// 我的: what the person owes, in one sentence and one plain line per account, and what to do next.
enum DuesPages {
    struct Shown: Sendable {
        let person: Person
        /// The post that says where the person is today.
        let post: Appointment?
        let unit: String
        let engagement: String
        let dues: Dues?
        let certificates: [PostCertificate]
        /// Days ahead from which their refresher and their end are near.
        let reminder: Int
        /// Answers still waited for.
        let openObjections: Int
        /// Whom to ask, by unit and name; nil where no officer is set up along the way.
        let officer: String?
        /// Names of the units of clocks.
        let units: [Int64: String]
        /// The year asked for by the reader; nil for today's.
        let year: Int?
    }

    static func page(_ shown: Shown, _ signedIn: SignedIn) -> Page {
        let subtitle: HTML? = shown.post.map { post in
            let title = post.title.isEmpty ? "" : " · " + post.title
            return "\(shown.unit)\(title)\(shown.engagement.isEmpty ? "" : " · " + shown.engagement)"
        }
        let years = shown.dues.map { yearChoice($0, signedIn.today) }
        return Page(
            shown.person.name, subtitle: subtitle, menu: "me",
            body: """
                \(answer(shown, signedIn))\(years ?? "")\(shown.dues.map { sections($0, shown) } ?? "")\(due(shown, signedIn.today))\
                <section class="panel">\(rowList([
                    further("我的档案", "任职、培训、证书，每笔学时的来源", "/me/archive"),
                    further("有误反映", shown.openObjections > 0 ? "\(shown.openObjections) 条等待答复" : "档案里有不对的地方，说给负责的人", "/me/objections"),
                    further("谁看过我的档案", "是谁、哪一天、看了什么", "/me/viewers"),
                    further("取走我的全部资料", "PDF 或 JSON，可以核验", "/me/extract"),
                ]))</section>
                """)
    }

    /// For an account that belongs to no person's file.
    static func nobody(_ signedIn: SignedIn) -> Page {
        Page(
            "我的", menu: "me",
            body: emptyState(
                "这个账号没有对应的人员档案", "学时和档案按人登记。您若也是工会干部，请让本单位的组织人事管理员把账号与您的档案对上；管理用的账号可以没有档案。",
                action: linkButton("我的账号", "/account")))
    }

    private static func further(_ name: String, _ note: String, _ link: String) -> HTML {
        row("\(name)", note: "\(note)", end: icon(.next), link: link)
    }

    private static func yearChoice(_ dues: Dues, _ today: Day) -> HTML {
        guard dues.years.count > 1 else { return "" }
        let shown = dues.sections.first?.year
        return "<p>\(segmented("年度", dues.years.map { ("\($0)", $0 == today.year ? "/me" : "/me?year=\($0)", $0 == shown) }))</p>"
    }

    // MARK: The sentence

    private static func answer(_ shown: Shown, _ signedIn: SignedIn) -> HTML {
        let ask: String = shown.officer.map { "请与\($0)联系" } ?? "请与本单位的组织人事管理员联系"
        guard let post = shown.post else {
            return answerBox("您现在没有登记任职，所以没有应学的学时。如果不对，\(ask)。", mark: .unknown)
        }
        guard let dues = shown.dues else { return answerBox("您的档案刚建立，学时稍后就会算出来；请过一会儿刷新。", mark: .unknown) }
        if shown.year == nil, let later = dues.sections.first(where: { Day(number: $0.policy.periodStart) > signedIn.today && !$0.items.isEmpty }) {
            return answerBox("\(later.policy.title)自 \(Day(number: later.policy.periodStart)) 起执行，在那以前没有应学的学时。", mark: .notApplicable)
        }
        if dues.items.isEmpty, post.category.isEmpty {
            return answerBox("您的<b>人员类别</b>没有登记，算不出应学多少学时。\(ask)补登。", mark: .unknown)
        }
        let told = sentences(dues, asksYear: shown.year != nil)
        let missing: HTML = post.category.isEmpty ? "<br>您的人员类别没有登记，按类别的要求没有算在内；\(ask)补登。" : ""
        let certificate: HTML = shown.year == nil ? urgent(shown, signedIn.today) : ""
        return answerBox("\(told.text)\(certificate)\(missing)", mark: told.mark)
    }

    /// The same for whoever keeps the file: how much is owed, and until when. Nil where nothing is asked this year.
    static func owed(_ dues: Dues, link: String) -> HTML? {
        let running = dues.sections.filter { $0.stage == .running && $0.periodEnd >= dues.today }.flatMap(\.items)
        guard !running.isEmpty else { return nil }
        func list(_ items: [Dues.Item]) -> String { items.map(\.lackingInWords).filter { !$0.isEmpty }.joined(separator: "、") }
        let open = Dictionary(grouping: running.filter { $0.verdict == .pending && !$0.lackingInWords.isEmpty }, by: \.deadline).sorted { $0.key < $1.key }
        let missed = list(running.filter { $0.verdict == .unmet })
        var said: [HTML] = open.map { deadline, items in "还需 <b>\(list(items))</b>，截止 \(inWords(deadline, dues.today))" }
        if !missed.isEmpty { said.append("还差 <b>\(missed)</b>，没有完成") }
        let mark: Mark = !missed.isEmpty ? .unmet : open.isEmpty ? .met : .pending
        let sentence: HTML = said.isEmpty ? "今年应学的学时<b>已全部完成</b>。" : "\(said.enumerated().html { index, words in "\(index == 0 ? "" : "；")\(words)" })。"
        return answerBox(sentence, mark: mark, action: linkButton("看学时账户", link))
    }

    /// What is said of the dues, worst first.
    static func sentences(_ dues: Dues, asksYear: Bool) -> (text: HTML, mark: Mark) {
        var said: [HTML] = [], mark = Mark.met
        func list(_ items: [Dues.Item]) -> HTML {
            items.map(\.lackingInWords).filter { !$0.isEmpty }.enumerated().html { index, words in "\(index == 0 ? "" : index == items.count - 1 ? "和" : "、")<b>\(words)</b>" }
        }
        for section in dues.sections where !section.items.isEmpty {
            let year = section.items.filter { $0.span == .year }, open = year.filter { $0.verdict == .pending }, missed = year.filter { $0.verdict == .unmet }
            let isNow = section.year == dues.today.year
            // What a policy that is over asked stands below, and in its years.
            if !asksYear, section.periodEnd < dues.today { continue }
            if !open.isEmpty {
                said.append("您今年还需\(list(open))，截止 \(inWords(open[0].deadline, dues.today))。")
                if mark == .met { mark = .pending }
            }
            if !missed.isEmpty {
                said.append("\(isNow ? "今" : "\(section.year) ")年还差\(list(missed))，没有完成。")
                mark = .unmet
            }
            if !year.isEmpty, open.isEmpty, missed.isEmpty {
                said.append(isNow ? "您今年应学的学时<b>已全部完成</b>。" : "\(section.year) 年应学的学时<b>已全部完成</b>。")
            }
            let period = section.items.filter { $0.span == .period && $0.verdict != .met }
            if !period.isEmpty {
                let isOpen = period.contains { $0.verdict == .pending }
                said.append("\(section.policy.years.lowerBound)—\(section.policy.years.upperBound) 年\(isOpen ? "还需" : "还差")\(list(period))\(isOpen ? "，截止 \(inWords(section.periodEnd, dues.today))" : "，没有完成")。")
                mark = isOpen ? (mark == .met ? .pending : mark) : .unmet
            }
        }
        // What has run out is told of the year that is looked at; what runs is told first of all.
        let told = dues.sections.filter { asksYear || $0.periodEnd >= dues.today }.flatMap(\.items)
        let clocks = told.filter { if case .clock = $0.span { true } else { false } }
        for clock in clocks where clock.verdict == .pending {
            said.insert("您新上岗，\(inWords(clock.deadline, dues.today))前还需<b>\(clock.lackingInWords)</b>。", at: 0)
            if mark == .met { mark = .pending }
        }
        for clock in clocks where clock.verdict == .unmet {
            said.append("<b>\(clock.title)</b>到 \(clock.deadline) 没有完成。")
            mark = .unmet
        }
        let owing = dues.sections.filter { !$0.items.isEmpty }
        if !asksYear, said.isEmpty, let over = owing.map(\.periodEnd).max(), over < dues.today {
            return ("今年没有在执行的规划，您今年没有应学的学时。新的规划采用后，这里先说今年的要求；到 \(over) 为止的情况见下面。", .notApplicable)
        }
        return (said.isEmpty ? "现行政策对您没有单独的学时要求。" : said.enumerated().html { "\($0 > 0 ? "<br>" as HTML : "")\($1)" }, said.isEmpty ? .notApplicable : mark)
    }

    private static func urgent(_ shown: Shown, _ today: Day) -> HTML {
        for one in shown.certificates {
            switch one.state(on: today, reminder: shown.reminder) {
            case .refresherMissed(let day): return "<br>您的\(one.title)应在 \(day) 前复训，已经过了。"
            case .refresherDue(let day): return "<br>您的\(one.title)要在 \(inWords(day, today))前复训。"
            default: continue
            }
        }
        return ""
    }

    /// `12 月 31 日`, with the year where it is not this one.
    private static func inWords(_ day: Day, _ today: Day) -> String {
        let (year, month, date) = day.parts
        return (year == today.year ? "" : "\(year) 年 ") + "\(month) 月 \(date) 日"
    }

    // MARK: The lines

    private static func sections(_ dues: Dues, _ shown: Shown) -> HTML {
        // What runs comes before what is over.
        (dues.sections.filter { $0.periodEnd >= dues.today } + dues.sections.filter { $0.periodEnd < dues.today }).html { section -> HTML in
            let isOver = section.periodEnd < dues.today, past = isOver ? "\(section.policy.title)，已结束 · " : ""
            let period = section.items.filter { $0.span == .period }
            // A policy without anything for this person says nothing; its accounts of hours are told where it knows the person.
            guard !section.items.isEmpty || section.accounts.contains(where: { $0.had != 0 || $0.mean != nil }) else { return "" }
            let accounts = section.accounts.map { account -> HTML in
                if let item = account.item { return line(account.word, item, section) }
                let mean = account.mean.map { "，单位人均标准 \(Numbers.hours($0))" } ?? ""
                return plainLine(account.word, "<b>\(Numbers.hours(account.had))</b> 学时", "\(section.items.isEmpty ? "" : "个人没有单独要求")\(mean)", section)
            }
            let others = section.others.map { line($0.alternatives.first?.first?.account ?? $0.title, $0, section) }
            let yearly: HTML = accounts.isEmpty && others.isEmpty ? "" : panel("\(section.year) 年", note: "\(past)截至 \(section.asOf)", padded((accounts + others).html { $0 }))
            return yearly + (period.isEmpty ? "" : panel(
                "\(section.policy.years.lowerBound)—\(section.policy.years.upperBound) 年", note: "整个规划期",
                padded(period.html { line($0.title, $0, section) })))
        }
    }

    /// 已学 64 / 应学 90, 截止 12-31: the nearest alternative, and what else would do.
    private static func line(_ word: String, _ item: Dues.Item, _ section: Dues.Section) -> HTML {
        let mark = Mark(rawValue: item.verdict.rawValue) ?? .unknown
        let need = item.alternatives.first?.first
        let had: HTML = need.map { "<b>\($0.measure == .hours ? Numbers.hours($0.had) : Numbers.count($0.had))</b> / \($0.words($0.needed))" } ?? ""
        let others = item.alternatives.dropFirst().compactMap(\.first).filter { $0.measure != need?.measure }
            .map { "，或 \($0.measure == .hours ? Numbers.hours($0.had) : Numbers.count($0.had)) / \($0.words($0.needed))" }.joined()
        let share = need.map { $0.needed > 0 ? Int(min(1000, Int64(max(0, $0.had)) * 1000 / Int64($0.needed))) : 1000 } ?? 0
        let due = item.verdict == .met ? "" : "，截止 \(item.deadline)"
        return progressLine(word, had: "\(had) \(verdictSign(mark))", share: share, mark: mark, link: "/me/archive?year=\(section.year)", note: "条款 \(item.clause)\(others)\(due)", hint: item.quote)
    }

    private static func plainLine(_ word: String, _ had: HTML, _ note: String, _ section: Dues.Section) -> HTML {
        "<div class=\"line\"><div class=\"words\"><a class=\"door\" href=\"/me/archive?year=\(section.year)\">\(word)</a><span>\(had)</span></div>\(note.isEmpty ? "" : "<small>\(note)</small>" as HTML)</div>"
    }

    // MARK: What is due

    private static func due(_ shown: Shown, _ today: Day) -> HTML {
        var lines: [HTML] = []
        for clock in shown.dues?.clocks ?? [] {
            guard case .clock(let from, let organization) = clock.span else { continue }
            let need = clock.alternatives.first?.first
            let mark = Mark(rawValue: clock.verdict.rawValue) ?? .unknown
            let state: String = switch clock.verdict {
            case .met: "已完成"
            case .pending: left(clock.deadline, today)
            default: "\(clock.deadline) 到期，没有完成"
            }
            let had: String = need.map { "已有 \($0.words($0.had))，应有 \($0.words($0.needed))。" } ?? ""
            lines.append(row(
                "\(clock.title)", note: "\(from) 起任职（\(shown.units[organization] ?? "")）。\(had)条款 \(clock.clause)", end: stateBadge(mark, state)))
        }
        for one in shown.certificates {
            let state = one.state(on: today, reminder: shown.reminder)
            let when: String
            switch state {
            case .valid, .ended: continue
            case .refresherMissed(let day): when = "应于 \(day) 前复训"
            case .refresherDue(let day): when = "复训 \(left(day, today))"
            case .endsSoon(let day): when = left(day, today)
            case .expired: when = "\(one.validUntil) 过期"
            }
            lines.append(row(
                "\(one.title)", note: "编号 \(one.number)，有效期 \(one.spanInWords)", end: stateBadge(state.mark, when), link: "/me/archive#certificates"))
        }
        return lines.isEmpty ? "" : panel("到期的事", rowList(lines))
    }

    private static func left(_ day: Day, _ today: Day) -> String {
        let days = day - today
        return days < 0 ? "\(day) 已过" : days == 0 ? "今天到期" : "还有 \(Numbers.count(days)) 天"
    }
}
