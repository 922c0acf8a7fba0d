import Access
import Kit

/// 后台工作.
enum JobPages {
    /// How everything stands.
    struct List: Sendable {
        let failed: [JobLine], working: [JobLine], waiting: [JobLine]
        let counts: [(kind: String, state: JobState, count: Int)]

        /// So many of each state are listed.
        private static let most = 50

        static func read(in db: Reading) throws -> List {
            List(
                failed: try JobStore.lines(.failed, limit: most, in: db), working: try JobStore.lines(.working, limit: most, in: db),
                waiting: try JobStore.lines(.waiting, limit: most, in: db), counts: try JobStore.counts(in: db))
        }

        func count(_ state: JobState) -> Int { counts.reduce(0) { $0 + ($1.state == state ? $1.count : 0) } }
    }

    static func list(_ list: List, done: String, word: (String) -> String, _ signedIn: SignedIn) -> Page {
        let failed = list.count(.failed)
        let said: HTML = failed > 0
            ? "<b>\(Numbers.count(failed))</b> 件没有办成，不会自动再试；请看原因，再试或者放弃。"
            : "没有办不成的。正在办 <b>\(Numbers.count(list.count(.working)))</b> 件，排队 <b>\(Numbers.count(list.count(.waiting)))</b> 件。"
        return Page(
            "后台工作", subtitle: "提交以后由系统接着办的事，例如检查和导入文件、到期提醒；这里不显示它们涉及的人", menu: "jobs",
            body: """
                \(words[done].map { notice(.done, "\($0)") })\(answerBox(said, mark: failed > 0 ? .unmet : .met))\
                \(section("没有办成", list.failed, failed, none: "没有", word, signedIn))\
                \(section("正在办", list.working, list.count(.working), none: "此刻没有", word, signedIn))\
                \(section("排队", list.waiting, list.count(.waiting), none: "此刻没有", word, signedIn))\
                \(panel("最近 \(JobStore.keptDays) 天办完的", ended(list, word)))
                """)
    }

    private static let words = ["retry": "已重新排队，马上再试。", "give-up": "已放弃，等它结果的人会收到通知。"]

    private static func section(_ title: String, _ lines: [JobLine], _ count: Int, none: String, _ word: (String) -> String, _ signedIn: SignedIn) -> HTML {
        guard !lines.isEmpty else { return panel(title, padded("<p class=\"hint\">\(none)</p>")) }
        let table = plainTable(["工作", "排上的时间", "现在的情况"], lines.map { line in
            ["<a href=\"/jobs/\(line.id)\">\(word(line.kind))</a>", "\(Clock.minute(ofMilliseconds: line.enqueued))", "\(standing(line, now: signedIn.now))"]
        })
        return panel(title, note: count > lines.count ? "共 \(Numbers.count(count)) 件，列出最近变动的 \(lines.count) 件" : nil, table)
    }

    private static func ended(_ list: List, _ word: (String) -> String) -> HTML {
        let done = list.counts.filter { $0.state == .done || $0.state == .givenUp }
        guard !done.isEmpty else { return padded("<p class=\"hint\">没有</p>") }
        return plainTable(["工作", "结果", "件数"], numbers: [2], done.map { ["\(word($0.kind))", $0.state == .done ? "办成" : "放弃", "\(Numbers.count($0.count))"] })
    }

    /// How one stands, in a sentence.
    private static func standing(_ line: JobLine, now: Int64) -> String {
        let last = line.why.isEmpty ? "" : "上一次没有办成：\(sentence(line.why))"
        switch line.state {
        case .waiting where line.attempts == 0 && line.due > now: return "到 \(Clock.minute(ofMilliseconds: line.due)) 才办。"
        case .waiting where line.due > now: return "已试 \(line.attempts) 次，\(Clock.minute(ofMilliseconds: line.due)) 再试。\(last)"
        case .waiting: return "在排队，轮到就办。\(last)"
        case .working: return "第 \(line.attempts) 次在办，从 \(Clock.minute(ofMilliseconds: line.progress.since)) 起\(progress(line, now: now))。"
        case .failed:
            let often = line.failures > 1 ? "像这样连续 \(line.failures) 轮都没有办成。" : ""
            return "试了 \(line.attempts) 次，没有办成：\(sentence(line.why))\(often)"
        case .givenUp: return "已放弃，理由：\(sentence(line.why))"
        case .done: return "已办成。"
        }
    }

    private static func sentence(_ why: String) -> String { why.hasSuffix("。") ? why : why + "。" }

    private static func progress(_ line: JobLine, now: Int64) -> String {
        guard line.progress.done > 0 else { return "" }
        let total = line.progress.total.map { "，共 \(Numbers.count($0))" } ?? "", rate = line.progress.rate(now: now)
        let left = line.progress.secondsLeft(now: now).map { "，约剩 \(Numbers.count($0)) 秒" } ?? ""
        return "，已完成 \(Numbers.count(line.progress.done))\(total)\(rate > 0 ? "，每秒 \(Numbers.count(rate))" : "")\(left)"
    }

    // MARK: One

    static func one(_ line: JobLine, _ form: FilledForm, word: (String) -> String, _ signedIn: SignedIn) -> Page {
        let mayRetry = (try? line.checkRetry(now: signedIn.now)) != nil, mayGiveUp = (try? line.checkGivingUp()) != nil
        let retry = mayRetry
            ? panel("再试", padded("<p>马上再排一次队，仍办不成时与第一次一样隔一阵再试。</p>\(postButton("再试一次", to: "/jobs/\(line.id)/retry", token: signedIn.token, .primary))")) : ""
        let giveUp = mayGiveUp
            ? panel("放弃", padded("""
                <p>不再办这一件，等它结果的人会收到通知；已经办成的部分不受影响。</p>\
                \(postForm(to: "/jobs/\(line.id)/give-up", token: signedIn.token, "\(whyField(form))<div class=\"actions\">\(submitButton("放弃这一件", .plain))</div>"))
                """)) : ""
        return Page(
            word(line.kind), menu: "jobs", crumbs: [Page.Crumb("后台工作", "/jobs")],
            body: """
                \(form.problem)\(answerBox("\(standing(line, now: signedIn.now))", mark: line.state == .failed ? .unmet : nil))\
                \(panel("情况", facts([
                    ("编号", "\(line.id)"), ("种类", "\(line.kind)"), ("排上的时间", "\(Clock.minute(ofMilliseconds: line.enqueued))"), ("已试", "\(line.attempts) 次"),
                    ("由谁在办", line.state == .working ? "\(line.server)" : "—"),
                ])))\(retry)\(giveUp)
                """)
    }
}
