import Access
import Certificates
import Kit
import Ledger
import People
import Register
import Rules

/// 我的档案, one's own record in it, and what one says is wrong.
enum ArchivePages {
    static let crumb = Page.Crumb("我的档案", "/me/archive")

    static func archive(_ archive: Archive, year: Int?) -> Page {
        let person = archive.person
        let sum = archive.totals.values.flatMap(\.values).reduce(0, +)
        return Page(
            "我的档案", subtitle: archive.post.map { "\(person.name) · \(archive.unit($0.organizationID))" } ?? "\(person.name)", menu: "archive",
            actions: linkButton("谁看过", "/me/viewers", .quiet),
            body: """
                \(answerBox("档案里有 <b>\(Numbers.count(archive.trainings.count))</b> 次培训，共 <b>\(Numbers.hours(sum)) 学时</b>；任职 <b>\(archive.posts.count)</b> 段，证书 <b>\(archive.certificates.count)</b> 张。有不对的，点那一项的“有误？”。", action: linkButton("取走一份（PDF 或 JSON）", "/me/extract", icon: .download)))\
                \(trainings(archive, year))\(totals(archive))\
                \(panel("任职", archive.posts.isEmpty ? padded("没有登记任职。") : padded(timeline(archive.posts.reversed().map { post(archive, $0) }))))\
                \(sideBySide(certificates(archive), identity(archive)))
                """)
    }

    // MARK: Parts

    private static func wrong(_ archive: Archive, _ what: String, _ id: Int64) -> HTML {
        archive.open(about: id) == nil
            ? "<a class=\"wrong-here\" href=\"/me/objections/new?what=\(what)&amp;id=\(id)\">有误？</a>" : "<a class=\"wrong-here\" href=\"/me/objections\">已反映，等待答复</a>"
    }

    private static func trainings(_ archive: Archive, _ year: Int?) -> HTML {
        let trainings = archive.trainings, corrected = archive.corrected
        let years = Set(trainings.map(\.entry.record.to.year)).union(archive.totals.keys).sorted(by: >)
        let lines = trainings.filter { line in year.map { line.hours[$0] != nil || line.entry.record.to.year == $0 } ?? true }
        let choice: HTML = years.count < 2 && year == nil ? "" : padded(segmented(
            "年度", [("全部", "/me/archive", year == nil)] + years.map { ("\($0)", "/me/archive?year=\($0)", $0 == year) }))
        let body: HTML = lines.isEmpty
            ? emptyState(year.map { "\($0) 年没有培训" } ?? "还没有培训记录", "参加的培训由举办单位或本单位登记，登记后就在这里。应有而没有的，请说给负责的人。", action: linkButton("反映漏登", "/me/objections/new?what=missing&id=\(archive.person.id)"))
            : rowList(lines.map { training(archive, $0, year, isCorrected: corrected.contains($0.entry.id)) })
        let missing = archive.open(about: -archive.person.id) == nil
            ? linkButton("有培训没有登记？", "/me/objections/new?what=missing&id=\(archive.person.id)", .quiet) : linkButton("漏登的已反映，等待答复", "/me/objections", .quiet)
        return panel("培训", note: "点开看来源", actions: missing, id: "trainings", choice + body)
    }

    private static func training(_ archive: Archive, _ line: Statement.Line, _ year: Int?, isCorrected: Bool) -> HTML {
        let record = line.entry.record, host = archive.host(record)
        let hours = year.map { line.hours[$0] ?? 0 } ?? line.hours.values.reduce(0, +)
        let later: HTML = line.hours.isEmpty ? tag(record.outOfBounds != nil ? "登记有误，没有计入" : record.isCompleted ? "还没到日期" : "未结业") : "<b>\(Numbers.hours(hours))</b> 学时"
        let parts = [record.spanInWords, archive.vocabulary.forms.word(of: record.form), host].filter { !$0.isEmpty }.joined(separator: " · ")
        let corrected: HTML = isCorrected ? tag("更正过") : ""
        return row("\(record.title) \(corrected)", note: "\(parts)", end: "<span class=\"amount\">\(later)</span>", link: "/me/records/\(line.entry.id)")
    }

    private static func totals(_ archive: Archive) -> HTML {
        let accounts = archive.accounts, totals = archive.totals
        guard !totals.isEmpty else { return "" }
        let table = plainTable(
            ["年度"] + accounts.map(\.word), numbers: Set(1...max(1, accounts.count)),
            totals.keys.sorted(by: >).map { year in
                ["\(year)"] + accounts.map { account in
                    let sum = totals[year]?[account] ?? 0
                    return sum == 0 ? "—" : "<a class=\"door\" href=\"/me/archive?year=\(year)#trainings\">\(Numbers.hours(sum))</a>"
                }
            })
        return panel("各年学时", note: "按天登记的折算成学时", table + padded("""
            <p class="hint">\(accounts.enumerated().html { "\($0 == 0 ? "" : "；")\($1.word)：\($1.counts)" })。依据\(archive.policy.title)。</p>
            """))
    }

    private static func post(_ archive: Archive, _ post: Appointment) -> (when: String, what: HTML, who: String?) {
        let words = [
            archive.roster.categories.word(of: post.category), archive.roster.workforces.word(of: post.workforce),
            archive.roster.engagements.word(of: post.engagement), post.isLeadership ? "班子成员" : "", post.isPrimary ? "" : "兼任",
        ].filter { !$0.isEmpty }.joined(separator: " · ")
        return (post.spanInWords, "\(archive.unit(post.organizationID)) \(post.title) \(wrong(archive, "post", post.id))", words)
    }

    private static func certificates(_ archive: Archive) -> HTML {
        panel("证书", id: "certificates", archive.certificates.isEmpty
            ? emptyState("还没有上岗证书", "由本单位的组织人事管理员登记；登记后这里会写明有效期和复训日期，快到期时提醒您。")
            : rowList(archive.certificates.map { certificate(archive, $0) }))
    }

    private static func certificate(_ archive: Archive, _ one: PostCertificate) -> HTML {
        let state = one.state(on: archive.today, reminder: archive.vocabulary.certificateReminder)
        let days = "\(one.spanInWords)\(one.refresherDue.map { " · 复训不晚于 \($0)" } ?? "")\(one.ended.map { " · \($0) 注销" } ?? "")"
        return row(
            "\(one.title) \(wrong(archive, "certificate", one.id))", note: "编号 \(one.number) · \(one.issuer)<br>\(days)", end: stateBadge(state.mark, state.word))
    }

    private static func identity(_ archive: Archive) -> HTML {
        let person = archive.person
        func said(_ text: String) -> HTML { text.isEmpty ? "未填" : "\(text)" }
        return panel("本人", actions: wrong(archive, "person", person.id), padded(facts([
            ("姓名", "\(person.name)"), ("人员编号", said(person.code ?? "")), ("证件号码", "\(masked(idNumber: archive.idNumber))"), ("出生日期", "\(person.birthDay)"),
            ("性别", said(person.gender)), ("民族", said(person.ethnicity)), ("政治面貌", said(person.politics)), ("学历", said(person.education)),
            ("学位", said(person.degree)), ("手机号", "\(archive.phone.map { masked(phone: $0) } ?? "未填")"),
        ])))
    }

    // MARK: One record

    static func record(_ archive: Archive, _ line: Statement.Line) -> Page {
        let record = line.entry.record, chain = archive.chain(of: line), account = archive.account(of: line)
        let standing = chain.last { $0.stands }
        let words = archive.vocabulary
        let years = line.hours.keys.sorted().map { "\($0) 年 \(Numbers.hours(line.hours[$0] ?? 0))" }.joined(separator: "，")
        let state: HTML =
            if line.entry.sign == .reversal { "这是一笔冲销：原来的登记被撤回，学时从原来的年份扣除。" }
            else if line.stands, !record.isCompleted { "这次培训登记为<b>未结业</b>，不计学时。" }
            else if line.stands, let wrong = record.outOfBounds { "这次培训的登记有误，没有计入学时：\(wrong.sentence)。请用“有误？”告诉本单位的组织人事管理员。" }
            else if line.stands, line.hours.isEmpty { "培训的日期还没有到，到时逐日计入：\(account.counts)。" }
            else if line.stands { "计 <b>\(Numbers.hours(line.hours.values.reduce(0, +))) 学时</b>，\(account.counts)\(line.hours.count > 1 ? "（\(years)，跨年的按天分开）" : "")。" }
            else if let standing { "这一笔后来更正了，<a class=\"door\" href=\"/me/records/\(standing.entry.id)\">看现在有效的一笔</a>。" }
            else { "这一笔已撤销，不再计入。" }
        return Page(
            record.title, subtitle: "\(record.spanInWords)", menu: "archive", crumbs: [crumb],
            body: """
                \(answerBox(state, mark: !line.stands ? .notApplicable : !record.isCompleted ? .unknown : line.hours.isEmpty ? .pending : .met))\
                \(panel("记录", actions: line.stands ? wrong(archive, "record", line.entry.id) : nil, padded(facts([
                    ("形式", "\(words.forms.word(of: record.form)) \(record.isSelected ? tag("组织调训") : "")"), ("日期", "\(record.spanInWords)"),
                    ("登记", "\(record.amountInWords)"), ("结业", record.isCompleted ? "是" : "否"),
                    ("主办、机构", archive.host(record).isEmpty ? "未填" : "\(archive.host(record))"),
                    ("目的", "\(record.purpose.isEmpty ? "未填" : words.purposes.word(of: record.purpose))"),
                    ("内容", "\(record.content.isEmpty ? "未填" : words.contents.word(of: record.content))"),
                    ("来源编号", "\(record.sourceCode.isEmpty ? "没有" : record.sourceCode)"),
                ]))))\
                \(panel("来源", note: "更正以冲销加新记进行，原来的都留着", padded(timeline(chain.reversed().map { step in
                    let what: HTML = step.entry.sign == .reversal ? "冲销" : step.entry.revision == 0 ? "登记" : "更正后登记"
                    let amount = step.entry.record.amountInWords
                    return (
                        when: step.origin.map { Clock.minute(ofMilliseconds: $0.atMilliseconds) } ?? "",
                        what: "\(step.entry.id == line.entry.id ? "<b>\(what)</b>" : "<a class=\"door\" href=\"/me/records/\(step.entry.id)\">\(what)</a>" as HTML) \(amount)",
                        who: step.origin.map { "\($0.who) · \($0.way)" })
                }))))
                """)
    }

    // MARK: What is wrong

    static func objections(_ objections: [Objection], of person: Int64, sent: Bool, _ signedIn: SignedIn) -> Page {
        Page(
            "有误反映", menu: "archive", crumbs: [crumb],
            body: """
                \(sent ? notice(.done, "已经送到负责的人那里，答复会出现在通知里。") : "")\
                \(objections.contains { $0.approval.subjectID < 0 && $0.approval.state.isOpen } ? "" : "<div class=\"actions\">\(linkButton("有培训没有登记", "/me/objections/new?what=missing&id=\(person)", .plain, icon: .plus))</div>" as HTML)\
                \(objections.isEmpty
                    ? emptyState("没有反映过", "档案里有不对的地方，点那一项旁边的“有误？”，写清应当是什么；负责的人核对后会答复您。", action: linkButton("去看档案", "/me/archive"))
                    : panel("反映过的", padded(timeline(objections.map { one in
                        let isOpen = one.approval.state.isOpen
                        let mark: Mark = isOpen ? .pending : one.approval.state == .consented ? .met : .notApplicable
                        let answer: HTML = one.answer.map { "<br>答复：\($0.act.why)<br><small>\($0.act.who) · \(Clock.minute(ofMilliseconds: $0.act.atMilliseconds))</small>" } ?? ""
                        return (
                            when: one.asked.map { Clock.minute(ofMilliseconds: $0.atMilliseconds) } ?? "",
                            what: """
                                \(one.about) \(stateBadge(mark, one.state))<br>\(one.text)\(answer)\
                                \(isOpen ? "<div class=\"actions\">\(postButton("撤回", to: "/me/objections/\(one.approval.id)/withdraw", token: signedIn.token, .quiet))</div>" as HTML : "")
                                """,
                            who: nil)
                    }))))
                """)
    }

    static func newObjection(_ target: ObjectionStore.Target, what: String, officer: String?, _ filled: FilledForm, _ signedIn: SignedIn) -> Page {
        let isMissing = what == "missing"
        return Page(
            isMissing ? "有培训没有登记" : "哪里有误", subtitle: "\(target.about)", menu: "archive", crumbs: [crumb],
            body: panel("说给负责的人", padded(filled.problem + postForm(to: "/me/objections", token: signedIn.token, """
                <input type="hidden" name="what" value="\(what)"><input type="hidden" name="id" value="\(target.id)">\
                \(textArea("text", isMissing ? "是哪次培训" : "应当是什么", value: filled.text("text"), rows: 4, notes: filled.notes("text", hint: isMissing ? "写清培训名称、起止日期、几天或几个学时、谁主办、有什么凭据。" : "写清哪里不对、应当是什么、有什么凭据，例如“我参加了 3 天，结业证书上写的是 3 天”。", required: true)))\
                <p>\(officer.map { "由\($0)核对并答复您；在答复以前档案不变。" } ?? "本单位还没有设组织人事管理员；反映会留在这里，等上级单位办理。")</p>\
                <div class="actions">\(submitButton("送出"))\(linkButton("取消", "/me/archive"))</div>
                """))))
    }
}
