import Approvals
import Kit
import Register

/// 依法删除: asking at the person, deciding above, and what is left of a deleted file.
enum ErasurePages {
    /// A request as one account may see it.
    struct Shown: Sendable {
        let request: Request
        let steps: [RequestStep]
        let wait: Erasure.Wait?
        let person: Person
        let unit: String
        let decider: String
        let state: Erasure.State
        let mayDecide: Bool
        let mayWithdraw: Bool
        /// Consented to and not carried out yet.
        var isWaiting: Bool { wait?.state == .waiting }
        var dueDay: String { wait.map { "\($0.dueDay)" } ?? "" }
        var link: String { ErasureStore.link(request.id) }
        var ground: Erasure.Ground? { ErasureStore.ground(of: request) }
    }

    // MARK: Asking

    /// `answers`: for each ground why it cannot be, nil where it can.
    static func ask(
        _ shown: ShownFile, _ state: Erasure.State, answers: [Erasure.Ground: String], decider: String, _ filled: FilledForm, _ token: FormToken
    ) -> Page {
        let possible = Erasure.Ground.allCases.filter { answers[$0] == nil }
        return Page(
            "依法删除档案", subtitle: "\(shown.person.name)", menu: "people", crumbs: [Page.Crumb("名册", "/people"), Page.Crumb(shown.person.name, shown.home)],
            body: """
                \(filled.problem)\
                \(answerBox(possible.isEmpty
                    ? "现在还不能删除 <b>\(shown.person.name)</b> 的档案，原因见下。"
                    : "由您提出，由<b>\(decider)</b>或其上级的另一位组织人事管理员决定。同意以后等 \(Erasure.waitDays) 天才清除，其间可以撤销；清除以后<b>不能恢复</b>。", mark: possible.isEmpty ? .unmet : .pending))\
                \(sideBySide(going(state), staying(state)))\
                \(panel("能不能删除", plainTable(["情形", "依据", "现在"], Erasure.Ground.allCases.map { ground in
                    ["\(ground.word)", "\(ground.law)", "\(answers[ground] ?? "可以申请")"]
                })))\
                \(possible.isEmpty ? linkButton("返回档案", shown.home) : panel("提出申请", padded(postForm(to: "\(shown.home)/erase", token: token, """
                    \(radioField("ground", "属于哪一种情形", possible.map { Choice($0.rawValue, "\($0.word)（\($0.law)）") }, chosen: filled.text("ground"), notes: filled.notes("ground", required: true)))\
                    \(whyField(filled))\
                    <div class="actions">\(submitButton("提出删除申请"))\(linkButton("不申请，返回档案", shown.home))</div>
                    """))))
                """)
    }

    private static func going(_ state: Erasure.State) -> HTML {
        panel("将要清除", note: "不能恢复", padded(facts([
            ("本人", "姓名、人员编号、证件号码、手机号、出生日期、性别、民族、政治面貌、学历、学位"), ("变更记录", "这些内容的历次变更：销毁本人的密钥，谁也打不开"),
            ("任职", "\(state.posts) 段任职的职务名称"),
        ] + state.goes.map { ($0.name, "\($0.words)") })))
    }

    private static func staying(_ state: Erasure.State) -> HTML {
        panel("仍然保留", note: "都不带姓名", padded(facts([
            ("任职", "\(state.posts) 段任职的单位、起止和类别：往年的人数要能核对"),
        ] + state.stays.map { ($0.name, "\($0.words)") } + [
            ("操作记录", "谁在何时做了什么；本人以前自己操作时留下的操作人姓名也在其中，随操作记录的保存期限"), ("备份", "以前的备份里还有，到备份销毁为止；从备份恢复以后要重新办理"),
        ])))
    }

    // MARK: Deciding

    static func list(_ shown: [Shown], waiting: Int) -> Page {
        Page(
            "删除申请", subtitle: "依法删除个人档案", menu: "erasures",
            body: shown.isEmpty
                ? emptyState("没有删除申请", "下级单位申请依法删除某个人的档案时，申请会列在这里，由您核对后决定。要申请的，请打开那个人的档案。")
                : answerBox(waiting == 0 ? "没有等您决定的删除申请。" : "有 <b>\(waiting)</b> 份删除申请等您决定。", mark: waiting == 0 ? nil : .pending)
                    + panel("删除申请", plainTable(["提出", "谁的档案", "单位", "情形", "由谁决定", "状态"], shown.map { one in
                        [
                            "\(one.steps.first.map { Clock.day(ofMilliseconds: $0.act.atMilliseconds).description } ?? "")", "<a href=\"\(one.link)\">\(one.person.name)</a>",
                            "\(one.unit)", "\(one.ground?.word ?? "")", "\(one.decider)", tag(one.isWaiting ? "\(one.dueDay) 清除" : one.request.state.word, strong: one.request.state == .asked || one.isWaiting) as HTML,
                        ]
                    })))
    }

    static func one(_ shown: Shown, _ filled: FilledForm, deed: Request.State?, _ token: FormToken) -> Page {
        let isOpen = shown.request.state == .asked
        let sentence: HTML = switch shown.request.state {
        case .asked where shown.mayDecide: "“\(shown.unit)”申请删除 <b>\(shown.person.name)</b> 的档案。同意后等 \(Erasure.waitDays) 天清除，其间可以撤销；清除以后<b>不能恢复</b>。"
        case .asked: "申请已送到“\(shown.decider)”的组织人事管理员，等对方决定。"
        case .consented where shown.isWaiting: "已同意，将于 <b>\(shown.dueDay)</b> 清除。在那以前可以撤销，档案还没有改动。"
        case .consented: "已同意，档案已经删除。"
        case .declined: "已退回：\(shown.steps.last?.act.why ?? "")"
        case .withdrawn: "已撤销，档案没有改动。"
        }
        return Page(
            "删除 \(shown.person.name) 的档案", subtitle: "\(shown.unit)", menu: "erasures", crumbs: [Page.Crumb("删除申请", "/erasures")],
            body: """
                \(filled.problem)\(answerBox(sentence, mark: isOpen || shown.isWaiting ? .pending : nil))\
                \(sideBySide(
                    panel("申请内容", padded(facts([
                        ("谁的档案", "<a class=\"door\" href=\"/people/\(shown.person.id)\">\(shown.person.name)</a>"), ("单位", "\(shown.unit)"),
                        ("情形", "\(shown.ground?.word ?? "")"), ("依据", "\(shown.ground?.law ?? "")"), ("理由", "\(shown.steps.first?.act.why ?? "")"),
                    ]))),
                    panel("办理过程", timeline(course(shown)))))\
                \(isOpen || shown.isWaiting ? sideBySide(going(shown.state), staying(shown.state)) : "")\
                \(isOpen ? acts(shown, filled, deed, token) : "")\(shown.isWaiting ? undo(shown, filled, token) : "")
                """)
    }

    private static func course(_ shown: Shown) -> [(when: String, what: HTML, who: String?)] {
        var course: [(when: String, what: HTML, who: String?)] = shown.steps.map {
            (when: "\(Clock.day(ofMilliseconds: $0.act.atMilliseconds))", what: "\(word($0))", who: $0.act.who)
        }
        if let wait = shown.wait, wait.state == .done { course.append((when: "\(Clock.day(ofMilliseconds: wait.sinceMilliseconds))", what: "等候期满，清除", who: Act.Actor.system.text)) }
        return course
    }

    private static func undo(_ shown: Shown, _ filled: FilledForm, _ token: FormToken) -> HTML {
        panel("撤销删除", padded("""
            <p>申请、决定的单位，以及此人任职过的单位和它们的上级，都可以在清除以前撤销。</p>\
            \(postForm(to: "\(shown.link)/undo", token: token, "\(whyField(filled))<div class=\"actions\">\(submitButton("撤销删除", .plain))</div>"))
            """))
    }

    private static func word(_ step: RequestStep) -> String {
        switch step.state {
        case .asked: "提出申请"
        case .consented: "同意\(step.act.why.isEmpty ? "" : "：\(step.act.why)")"
        case .declined: "退回：\(step.act.why)"
        case .withdrawn: "撤销\(step.act.why.isEmpty ? "申请" : "：\(step.act.why)")"
        }
    }

    private static func acts(_ shown: Shown, _ filled: FilledForm, _ deed: Request.State?, _ token: FormToken) -> HTML {
        func form(_ title: String, _ state: Request.State, _ path: String, _ why: HTML, button: String, _ kind: ButtonKind, note: HTML) -> HTML {
            panel(title, padded("<p>\(note)</p>\(postForm(to: "\(shown.link)/\(path)", token: token, "\(why)<div class=\"actions\">\(submitButton(button, kind))</div>"))"))
        }
        func own(_ state: Request.State) -> FilledForm { deed == state ? filled : FilledForm() }
        let consent = own(.consented), decline = own(.declined)
        let decide: HTML = !shown.mayDecide ? "" : sideBySide(
            form("同意删除", .consented, "consent", """
                \(textField("name", "再写一遍姓名", value: consent.text("name"), notes: consent.notes("name", hint: "照抄“\(shown.person.name)”，以免删错。", required: true), autocomplete: "off"))\
                \(textField("why", "意见", value: consent.text("why"), notes: consent.notes("why", hint: "可以不填。"), maxLength: 500))
                """, button: "同意删除", .primary, note: "请核对上面列出的情形、依据和理由。清除以后，谁也不能恢复这份档案。"),
            form("退回", .declined, "decline", textField("why", "退回原因", value: decline.text("why"), notes: decline.notes("why", hint: "申请单位会看到。", required: true), maxLength: 500),
                button: "退回申请", .plain, note: "退回后档案不变。"))
        let withdraw: HTML = !shown.mayWithdraw ? "" : form(
            "撤销申请", .withdrawn, "withdraw", "", button: "撤销申请", .plain, note: "对方还没有决定，可以撤销。")
        return decide + withdraw
    }

    // MARK: Afterwards

    static func erased(_ shown: ShownFile, _ erasure: (ground: Erasure.Ground, steps: [RequestStep], doneMilliseconds: Int64)?) -> Page {
        return Page(
            Person.erasedName, menu: "people", crumbs: [Page.Crumb("名册", "/people")], actions: linkButton("学时账户", "\(shown.home)/hours", .plain, icon: .books),
            body: """
                \(answerBox("这份档案已于 <b>\(erasure.map { Clock.day(ofMilliseconds: $0.doneMilliseconds).description } ?? "")</b> 依法删除。任职和学时不带姓名地保留，只为核对往年的人数和指标。"))\
                \(panel("删除", padded(facts([
                    ("情形", "\(erasure?.ground.word ?? "")"), ("依据", "\(erasure?.ground.law ?? "")"),
                    ("提出", "\(erasure?.steps.first?.act.who ?? "")"), ("决定", "\(erasure?.steps.last?.act.who ?? "")"),
                ]))))\
                \(panel("任职", plainTable(["起止", "单位", "人员类别"], shown.file.posts.map { post in
                    ["\(shown.file.span(post))", "\(shown.file.unit(post))", "\(post.category.isEmpty ? "未填" : shown.words.categories.word(of: post.category))"]
                })))
                """)
    }
}
