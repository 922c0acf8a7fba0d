import Kit
import Register
import Rules

/// A person's account of hours, and the page of one record in it.
enum StatementPages {
    /// What a record is about, with the words for its keys.
    struct Words: Sendable {
        let vocabulary: Vocabulary
        let hosts: [Int64: String]

        func form(_ record: TrainingRecord) -> String { vocabulary.forms.word(of: record.form) }
        func host(_ record: TrainingRecord) -> String {
            let host = record.hostID.flatMap { hosts[$0] } ?? ""
            let names = [host, record.institution == host ? "" : record.institution].filter { !$0.isEmpty }
            return names.isEmpty ? "未填" : names.joined(separator: " · ")
        }
        func amount(_ record: TrainingRecord) -> String {
            let parts = [record.halfDays.map { Numbers.hours($0 * 50) + " 天" }, record.hours.map { Numbers.hours($0) + " 学时" }]
            return parts.compactMap { $0 }.joined(separator: "，")
        }
    }

    // MARK: The account

    static func statement(_ statement: Statement, of person: Person, policy: Policy, year: Int?, today: Day, mayKeep: Bool, words: Words) -> Page {
        let lines = statement.lines.filter { line in year.map { line.hours[$0] != nil || line.entry.record.from.year == $0 } ?? true }
        let path = "/people/\(person.id)/hours"
        let all = statement.years.reversed().map { year -> [HTML] in
            ["\(year)"] + statement.accounts.map { account in
                let sum = statement.sum(year, account)
                return sum == 0 ? "—" : "<a class=\"door\" href=\"\(path)?year=\(year)\">\(Numbers.hours(sum))</a>"
            }
        }
        let sentence: HTML
        if let told = year ?? (statement.years.contains(today.year) ? today.year : statement.years.last) {
            let parts = statement.accounts.map { "\($0.word) \(Numbers.hours(statement.sum(told, $0))) 学时" }.joined(separator: "，")
            // The running year first, also where nothing stands in it yet.
            let isEarlier = year == nil && told != today.year
            sentence = "\(isEarlier ? "<b>\(today.year)</b> 年还没有学时。最近有学时的是 " as HTML : "")<b>\(told)</b> 年：\(parts)。"
        } else {
            sentence = "账户里还没有学时。"
        }
        return Page(
            "\(person.name) · 学时账户", subtitle: "按\(policy.title)折算", menu: "people",
            crumbs: [Page.Crumb("名册", "/people"), Page.Crumb(person.name, "/people/\(person.id)")],
            actions: year == nil ? nil : linkButton("看全部年份", path, .quiet),
            body: """
                \(answerBox(sentence))\
                \(statement.years.isEmpty ? "" : panel("各年合计", plainTable(["年度"] + statement.accounts.map(\.word), numbers: Set(1...max(1, statement.accounts.count)), all)))\
                \(panel("逐笔记录", note: "更正以冲销加新记的方式进行，原记录不会被改写", lines.isEmpty
                    ? emptyState("还没有记录", "登记或导入的培训会列在这里。", action: mayKeep ? linkButton("登记培训", "/training/new?person=\(person.id)") : nil)
                    : plainTable(["日期", "培训", "账户", "学时", "登记", "来源"], numbers: [3], lines.map { row($0, year, words) })))
                """)
    }

    private static func row(_ line: Statement.Line, _ year: Int?, _ words: Words) -> [HTML] {
        let record = line.entry.record
        let hours = year.map { line.hours[$0] ?? 0 } ?? line.hours.values.reduce(0, +)
        let state: HTML = line.entry.sign == .reversal ? tag("冲销", strong: true) : !line.stands ? tag("已撤销") : record.outOfBounds == nil ? "" : tag("超出范围，没有计入", strong: true)
        return [
            record.from == record.to ? "\(record.from)" : "\(record.from) 至 \(record.to)",
            "<a class=\"door\" href=\"/records/\(line.entry.id)\">\(record.title)</a> \(state)\(record.isCompleted ? "" : tag("未结业"))<br><small>\(words.form(record)) · \(words.host(record))</small>",
            "\(line.account.word)", "\(Numbers.hours(hours))",
            line.origin.map { "\(Clock.day(ofMilliseconds: $0.atMilliseconds))<br><small>\($0.who)</small>" } ?? "",
            "\(record.sourceCode.isEmpty ? "—" : record.sourceCode)",
        ]
    }

    // MARK: One record

    struct Shown: Sendable {
        let entry: HourEntry
        let person: Person
        /// All steps of its source, in order.
        let chain: [HourEntry]
        let origins: [Int64: Statement.Origin]
        let words: Words
        let mayKeep: Bool
    }

    /// One record. `correcting` and `reversing` are its forms where one of them was refused.
    static func record(_ shown: Shown, correcting: FilledForm = FilledForm(), reversing: FilledForm = FilledForm(), token: FormToken) -> Page {
        let entry = shown.entry, record = entry.record
        let standing = Posting.standing(shown.chain)
        let state: HTML =
            if entry.sign == .reversal { "这是一笔冲销：它把原来的记录撤回，学时从原来的年份扣除。" }
            else if standing?.id == entry.id, let wrong = record.outOfBounds { "这条记录没有计入任何学时和指标：\(wrong.sentence)。请更正，或者撤销它。" }
            else if standing?.id == entry.id, record.isCompleted { "这条记录有效：<b>\(shown.words.amount(record))</b>。" }
            else if standing?.id == entry.id { "这条记录有效，未结业，不计学时。" }
            else if let standing { "这条记录已更正，<a class=\"door\" href=\"/records/\(standing.id)\">看现在有效的一条</a>。" }
            else { "这条记录已撤销，不再计入。" }
        let canChange = shown.mayKeep && standing?.id == entry.id
        return Page(
            record.title, subtitle: "\(shown.person.name) 的培训记录", menu: "people",
            crumbs: [
                Page.Crumb("名册", "/people"), Page.Crumb(shown.person.name, "/people/\(shown.person.id)"),
                Page.Crumb("学时账户", "/people/\(shown.person.id)/hours"),
            ],
            body: """
                \(correcting.problem)\(reversing.problem)\(answerBox(state))\
                \(sideBySide(
                    panel("记录", padded(facts([
                        ("培训名称", "\(record.title)"), ("培训形式", "\(shown.words.form(record))\(record.isSelected ? tag("组织调训") : "")"),
                        ("日期", "\(record.from) 至 \(record.to)"), ("登记", "\(shown.words.amount(record))"),
                        ("结业", record.isCompleted ? "是" : "否"), ("主办或机构", "\(shown.words.host(record))"),
                        ("培训目的", "\(record.purpose.isEmpty ? "未填" : shown.words.vocabulary.purposes.word(of: record.purpose))"),
                        ("内容类别", "\(record.content.isEmpty ? "未填" : shown.words.vocabulary.contents.word(of: record.content))"),
                        ("来源编号", "\(record.sourceCode.isEmpty ? "没有" : record.sourceCode)"),
                    ]))),
                    panel("来历", padded(timeline(shown.chain.map { step in
                        let origin = shown.origins[step.actID]
                        let what: HTML = step.sign == .reversal ? "冲销" : step.revision == 0 ? "登记" : "更正后登记"
                        return (
                            when: origin.map { "\(Clock.day(ofMilliseconds: $0.atMilliseconds))" } ?? "",
                            what: "<a class=\"door\" href=\"/records/\(step.id)\">\(what)</a> \(shown.words.amount(step.record))\(origin.map { $0.why.isEmpty ? "" : "：\($0.why)" } ?? "")",
                            who: origin?.who
                        )
                    })))))\
                \(canChange ? sideBySide(correction(shown, correcting, token), reversal(shown, reversing, token)) : "")
                """)
    }

    private static func correction(_ shown: Shown, _ filled: FilledForm, _ token: FormToken) -> HTML {
        let record = shown.entry.record
        return panel("更正", padded(postForm(to: "/records/\(shown.entry.id)/correct", token: token, """
            \(textField("title", "培训名称", value: filled.text("title", record.title), notes: filled.notes("title"), maxLength: 200))\
            \(textField("from", "开始日期", value: filled.text("from", record.from.description), type: "date", notes: filled.notes("from")))\
            \(textField("to", "结束日期", value: filled.text("to", record.to.description), type: "date", notes: filled.notes("to")))\
            \(textField("days", "天数", value: filled.text("days", record.halfDays.map { Numbers.hours($0 * 50) } ?? ""), notes: filled.notes("days", hint: "半天写 0.5；与学时填一项即可。")))\
            \(textField("hours", "学时", value: filled.text("hours", record.hours.map { Amount.hours($0) } ?? ""), notes: filled.notes("hours")))\
            \(checkbox("selected", "组织调训", isTicked: filled.isTicked("selected", record.isSelected)))\
            \(checkbox("completed", "结业", isTicked: filled.isTicked("completed", record.isCompleted)))\
            \(textField("why", "更正理由", value: filled.text("why"), notes: filled.notes("why", hint: "随记录长期保存。", required: true)))\
            <div class="actions">\(submitButton("更正"))</div>
            """)))
    }

    private static func reversal(_ shown: Shown, _ filled: FilledForm, _ token: FormToken) -> HTML {
        panel("撤销", padded(postForm(to: "/records/\(shown.entry.id)/reverse", token: token, """
            <p>撤销后，这条记录的学时从它所在的年份扣除；记录本身和撤销理由都保留。</p>\
            \(textField("why", "撤销理由", value: filled.text("why"), notes: filled.notes("why", required: true)))\
            <div class="actions">\(submitButton("撤销这条记录", .plain))</div>
            """)))
    }
}
