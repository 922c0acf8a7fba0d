import Access
import Kit

/// 审计.
enum AuditPages {
    /// What is known of the chains without reading them all.
    struct Chains {
        let chains: Int
        let entries: Int64
        let anchor: AnchorFile.Content
        /// The latest check of everything; nil where none is known.
        let checked: CheckNote?
    }

    static func list(_ lines: [AuditLine], _ ask: AuditAsk, _ chains: Chains, _ breaks: [Break], next: Int64?, wrong: [String: String], _ request: WebRequest, _ features: FeatureSet, _ token: FormToken) -> Page {
        let address = request.address.with("before", nil)
        let hidden = address.query.pairs.filter { ["who", "kind", "from", "to", "subject"].contains($0.name) }.map { ($0.name, $0.value) }
        return Page(
            "审计", subtitle: "谁、何时、从哪里、做了什么", menu: "audit",
            actions: postButton("导出 Excel", to: "/audit/export", token: token, icon: .download, hidden: hidden),
            body: (!isAnchored(chains) ? notice(.problem, state(chains))
                : breaks.isEmpty ? answerBox(state(chains)) : answerBox("操作记录有 <b>\(breaks.count)</b> 处中断等您查明。\(state(chains))", mark: .unmet))
                + checked(chains.checked)
                + (breaks.isEmpty ? "" : acknowledging(breaks, token))
                + panel("查找", padded(seekForm(to: "/audit", token: token, """
                    \(fieldGrid("""
                    \(textField("from", "从哪天", value: ask.from.map { "\($0)" } ?? "", type: "date", notes: FieldNotes(message: wrong["from"])))\
                    \(textField("to", "到哪天", value: ask.to.map { "\($0)" } ?? "", type: "date", notes: FieldNotes(message: wrong["to"])))\
                    \(textField("who", "谁", value: ask.who, notes: FieldNotes(hint: "姓名或账号名的一部分")))\
                    \(selectField("kind", "做了什么", [Choice("", "全部")] + features.acts.map { Choice($0.kind, $0.word) }, chosen: ask.kind, notes: FieldNotes(hint: "操作的种类")))\
                    \(textField("subject", "涉及谁、哪个单位", value: ask.about, notes: FieldNotes(hint: "人员编号、单位编码或单位全称", message: wrong["subject"])))
                    """))
                    <div class="actions">\(submitButton("查找"))\(linkButton("清除", "/audit", .quiet))</div>
                    """)))
                + panel("操作记录", note: "最近的在前。审计员看到的是谁在何时做了什么，不因此看到个人信息的内容。", lines.isEmpty
                    ? padded("没有符合条件的记录。")
                    : plainTable(["时间", "谁", "来自", "做了什么", "说明", "变更"], numbers: [5], lines.map { line in
                        [
                            "<a class=\"whole\" href=\"/audit/\(line.id)\">\(Clock.minute(ofMilliseconds: line.atMilliseconds))</a>", "\(line.who)", "\(line.origin)",
                            "\(features.word(ofAct: line.kind))", "\(why(line, features))", "\(line.changes >= 1000 ? "1000+" : "\(line.changes)")",
                        ]
                    }))
                + (next != nil || ask.before != nil
                    ? "<nav class=\"pages\" aria-label=\"翻页\">\(ask.before == nil ? "" : linkButton("回到最新", address.link, .quiet, icon: .back))\(next.map { linkButton("更早的（每页 100 条）", address.with("before", "\($0)").link) })</nav>"
                    : "")
                + panel("保存多久", padded("<p>操作记录至少保存三年，与学时有关的随培训档案长期保存；本系统不自动删除任何一条。</p>")))
    }

    private static func acknowledging(_ breaks: [Break], _ token: FormToken) -> HTML {
        panel("操作记录有中断", note: "查明以后在这里确认；没有确认以前，每次全面核对都把它列为问题", padded("""
            <ol>\(breaks.html { "<li>\($0.sentence)。</li>" })</ol>
            \(postForm(to: "/audit/acknowledge", token: token, """
                \(selectField("break", "哪一处", breaks.enumerated().map { Choice($1.key, "第 \($0 + 1) 处") } + (breaks.count > 1 ? [Choice(Breaks.all, "全部 \(breaks.count) 处")] : []), chosen: breaks[0].key, notes: FieldNotes()))\
                \(textField("why", "查过什么，为什么可以确认", notes: FieldNotes(hint: "会记进操作记录，四个字以上", required: true)))
                <div class="actions">\(submitButton("确认这一处中断"))</div>
                """))
            """))
    }

    private static func checked(_ note: CheckNote?) -> HTML {
        guard let note else { return notice(.hint, "还没有做过全面核对。请告诉系统管理员做一次，结果会显示在这里。") }
        let found: HTML = note.findings == 0 ? "没有发现问题" : "<b>发现 \(note.findings) 个问题</b>，请向他索取逐条的说明"
        return notice(
            note.findings == 0 ? .hint : .problem,
            "最近一次全面核对：\(Clock.minute(ofMilliseconds: note.atMilliseconds))，\(note.who)，核对了到 \(Clock.minute(ofMilliseconds: note.lastID >> 20)) 为止的 \(Numbers.count(Int(note.acts))) 次操作，\(found)。")
    }

    private static func isAnchored(_ chains: Chains) -> Bool { if case .anchor = chains.anchor { true } else { false } }

    private static func state(_ chains: Chains) -> HTML {
        switch chains.anchor {
        case .anchor(let anchor):
            "共 <b>\(Numbers.count(Int(chains.entries)))</b> 次操作记在 <b>\(chains.chains)</b> 条审计链上，最近一次锚点 \(Clock.minute(ofMilliseconds: anchor.atMilliseconds))。"
        case .missing: "审计链共 <b>\(chains.chains)</b> 条，锚点文件不在：链的末尾是否完整无从判断。请系统管理员检查密钥文件所在的目录。"
        case .broken: "锚点文件被改动过。请保留原件，并请系统管理员立即做一次全面核对。"
        }
    }

    static func entry(_ line: AuditLine, _ changes: (some: [ChangeRecord], all: Int64), _ place: (chain: Int64, sequence: Int64)?, _ features: FeatureSet) -> Page {
        Page(
            features.word(ofAct: line.kind), menu: "audit", crumbs: [Page.Crumb("审计", "/audit")],
            body: panel("这次操作", facts([
                ("时间", "\(Clock.minute(ofMilliseconds: line.atMilliseconds))"), ("谁", "\(line.who)"),
                ("来自", "\(line.origin.isEmpty ? "本机" : line.origin)"), ("做了什么", "\(features.word(ofAct: line.kind))"), ("说明", "\(line.why.isEmpty ? "没有填写" : why(line, features))"),
                ("在审计链上", place.map { "链 \($0.chain) 第 \($0.sequence) 条" } ?? "开始记链以前"),
            ])) + (changes.some.isEmpty
                ? panel("变更", padded("这次操作没有改动名册、组织或学时。"))
                : changes.some.html { change(of: $0, features) }
                    + (changes.all > changes.some.count ? notice(.hint, "共 \(changes.all) 行变更，这里列出前 \(changes.some.count) 行。") : "")))
    }

    /// Why it was done; of what somebody was refused, the page in words instead of its address.
    static func why(_ line: AuditLine, _ features: FeatureSet) -> String {
        guard line.kind == "access.refused" else { return line.why }
        let path = String(line.why.prefix { $0 != " " && $0 != "；" }), more = line.why.firstIndex(of: "；").map { String(line.why[$0...]) } ?? ""
        return (features.rights.first { $0.path == path }?.what ?? path) + more
    }

    private static func change(of change: ChangeRecord, _ features: FeatureSet) -> HTML {
        let title = "\(features.subjects[change.subject] ?? change.subject) \(change.subjectID)"
        guard change.before?.isErased != true, change.after?.isErased != true else {
            return panel(title, padded("这个人的信息已依法删除，内容不再能读出。"))
        }
        let columns = (change.after ?? change.before)?.columns ?? []
        let changed = columns.filter { change.before?[$0] != change.after?[$0] }
        return panel(
            title, note: change.before == nil ? "新增" : change.after == nil ? "删除" : "更改了 \(changed.count) 项",
            plainTable(["项目", "之前", "之后"], changed.map { column in
                ["\(features.columns[column] ?? column)", shown(change.subject, column, change.before), shown(change.subject, column, change.after)]
            }))
    }

    /// Values of a person's row are not for the auditor: that they changed is.
    private static let open: Set<String> = ["id", "merged_into"]
    /// Columns of other rows that hold what belongs to a person.
    private static let hidden: Set<String> = ["content", "number", "text", "answer"]

    private static func shown(_ subject: String, _ column: String, _ image: RowImage?) -> HTML {
        guard let image else { return "—" }
        if subject == "person" && !open.contains(column) || hidden.contains(column) { return image[column] == .null ? "空" : "••••" }
        switch image[column] {
        case .null: return "空"
        case .int(let number) where column.hasPrefix("is_"): return number == 0 ? "否" : "是"
        case .int(let number): return column.hasSuffix("_day") ? "\(Day(number: Int32(truncatingIfNeeded: number)))" : "\(number)"
        case .text(let text): return "\(text.prefix(200))"
        }
    }
}
