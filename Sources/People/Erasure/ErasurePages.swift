import Approvals
import Kit
import Register

/// 依法删除: asking at the person, deciding above, and what is left of a deleted file.
enum ErasurePages {
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

    /// A request as one account may see it.
    struct Seen: Sendable {
        let approval: Approval
        let wait: Erasure.Wait?
        let person: Person
        let unit: String
        let ground: Erasure.Ground?
        let state: Erasure.State
        let isDecider: Bool
        let why: String, last: String
        /// Consented to and not carried out yet.
        var isWaiting: Bool { wait?.state == .waiting }
    }

    static func shown(_ seen: Seen) -> ApprovalShown {
        let name = seen.person.name, isOpen = seen.approval.state.isOpen
        let answer: HTML = switch seen.approval.state {
        case .asked where seen.isDecider: "“\(seen.unit)”申请删除 <b>\(name)</b> 的档案。同意后等 \(Erasure.waitDays) 天清除，其间可以撤销；清除以后<b>不能恢复</b>。"
        case .asked, .returned: "申请已送到上级的组织人事管理员，等对方决定。"
        case .consented where seen.isWaiting: "已同意，将于 <b>\(seen.wait?.dueDay.description ?? "")</b> 清除。在那以前可以撤销，档案还没有改动。"
        case .consented: "已同意，档案已经删除。"
        case .declined: "没有同意：\(seen.last)"
        case .withdrawn: "已撤销，档案没有改动。"
        }
        var shown = ApprovalShown(
            subtitle: seen.unit, answer: answer,
            facts: [
                ("谁的档案", "<a class=\"door\" href=\"/people/\(seen.person.id)\">\(name)</a>"), ("单位", "\(seen.unit)"),
                ("情形", "\(seen.ground?.word ?? "")"), ("依据", "\(seen.ground?.law ?? "")"), ("理由", "\(seen.why)"),
            ],
            more: isOpen || seen.isWaiting ? sideBySide(going(seen.state), staying(seen.state)) : "",
            forms: [
                .consent: ApprovalShown.Form("同意删除", note: "请核对下面列出的情形、依据和理由。清除以后，谁也不能恢复这份档案。") { filled in
                    textField("name", "再写一遍姓名", value: filled.text("name"), notes: filled.notes("name", hint: "同意时照抄“\(name)”，以免删错。"), autocomplete: "off")
                },
                .decline: ApprovalShown.Form("不同意", note: "档案不变。"), .withdraw: ApprovalShown.Form("撤销申请", note: "对方还没有决定，可以撤销。"),
                .takeBack: seen.isWaiting
                    ? ApprovalShown.Form("撤销删除", note: "申请、决定的单位，以及此人任职过的单位和它们的上级，都可以在清除以前撤销。")
                    : ApprovalShown.Form("撤回决定", note: "撤回后申请重新待办。"),
            ])
        if let wait = seen.wait, wait.state == .done {
            shown.after = [(when: "\(Clock.day(ofMilliseconds: wait.sinceMilliseconds))", what: "等候期满，清除", who: Act.Actor.system.text)]
        }
        return shown
    }

    // MARK: Afterwards

    static func erased(_ shown: ShownFile, _ erasure: (ground: Erasure.Ground, deeds: [ApprovalDeed], doneMilliseconds: Int64)?) -> Page {
        return Page(
            Person.erasedName, menu: "people", crumbs: [Page.Crumb("名册", "/people")], actions: linkButton("学时账户", "\(shown.home)/hours", .plain, icon: .books),
            body: """
                \(answerBox("这份档案已于 <b>\(erasure.map { Clock.day(ofMilliseconds: $0.doneMilliseconds).description } ?? "")</b> 依法删除。任职和学时不带姓名地保留，只为核对往年的人数和指标。"))\
                \(panel("删除", padded(facts([
                    ("情形", "\(erasure?.ground.word ?? "")"), ("依据", "\(erasure?.ground.law ?? "")"),
                    ("提出", "\(erasure?.deeds.first?.act.who ?? "")"), ("决定", "\(erasure?.deeds.last?.act.who ?? "")"),
                ]))))\
                \(panel("任职", plainTable(["起止", "单位", "人员类别"], shown.file.posts.map { post in
                    ["\(shown.file.span(post))", "\(shown.file.unit(post))", "\(post.category.isEmpty ? "未填" : shown.words.categories.word(of: post.category))"]
                })))
                """)
    }
}
