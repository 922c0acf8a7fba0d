import Access
import Approvals
import Kit
import Register

/// 调入申请, for side posts too: the list, one of them, and asking for somebody outside one's units.
enum TransferPages {
    // MARK: One request

    /// A request as one account may see it.
    struct Seen: Sendable {
        let approval: Approval
        /// The post that is to begin.
        let post: Appointment
        let name: String
        /// Where the file is in sight.
        let personLink: String?
        let to: String
        /// Nil where the reader may not know where the person is.
        let from: String?
        let isDecider: Bool
        let why: String

        var isSide: Bool { !post.isPrimary }
        var place: String { from ?? "您权限以外的单位" }
    }

    static func shown(_ seen: Seen, _ declined: String, _ words: RosterWords) -> ApprovalShown {
        let post = seen.post
        let answer: HTML = switch seen.approval.state {
        case .asked where seen.isDecider && seen.isSide: "“\(seen.to)”申请由 <b>\(seen.name)</b> 兼任职务，自 <b>\(post.from)</b> 起。同意后，原来的任职不变，那个单位从此可以查看和办理此人的档案，但不能更正个人信息。"
        case .asked where seen.isDecider: "“\(seen.to)”申请调入 <b>\(seen.name)</b>，自 <b>\(post.from)</b> 起。同意后，原主任职在那一天结束，新任职同时开始。"
        case .asked: "申请已送到 <b>\(seen.name)</b> 现单位的组织人事管理员，等对方办理。"
        case .returned: "已退回修改：\(declined)"
        case .consented where seen.isSide: "已同意：<b>\(seen.name)</b> 自 <b>\(post.from)</b> 起在“\(seen.to)”兼任，原来的任职不变。"
        case .consented: "已同意：<b>\(seen.name)</b> 自 <b>\(post.from)</b> 起到“\(seen.to)”任职，原主任职在那一天结束。"
        case .declined: "没有同意：\(declined)"
        case .withdrawn: "申请单位已撤销这份申请，没有改动任何任职。"
        }
        return ApprovalShown(
            subtitle: "\(seen.place) → \(seen.to)", answer: answer,
            facts: [
                ("姓名", seen.personLink.map { "<a class=\"door\" href=\"\($0)\">\(seen.name)</a>" } ?? "\(seen.name)"), ("现单位", "\(seen.place)"),
                (seen.isSide ? "兼任单位" : "调入单位", "\(seen.to)"), ("理由", "\(seen.why)"),
            ],
            forms: [
                .consent: ApprovalShown.Form(
                    seen.isSide ? "同意兼任" : "同意调出",
                    note: seen.isSide
                        ? "同意后，原来的任职不变，兼任自 \(post.from) 开始；本人会收到通知。"
                        : "同意后，原主任职在 \(post.from) 结束，新任职同一天开始；之后您仍能查看到那一天为止的档案。"),
                .return: ApprovalShown.Form("退回修改", note: "请申请单位改好再提，例如换一个到任日期。"), .decline: ApprovalShown.Form("不同意", note: "任职不变，申请到此为止。"),
                .withdraw: ApprovalShown.Form("撤销申请", note: "对方还没有同意，可以撤销。"),
                .takeBack: ApprovalShown.Form(
                    "撤回决定",
                    note: seen.approval.state == .consented ? "撤回后恢复原来的任职，申请重新待办；此后这两段任职又有变更的，不能撤回。" : "撤回后申请重新待办。"),
                .ask: ApprovalShown.Form("改好再提", note: "单位和方式不变；改好后重新送对方办理，对方会看到改了什么。") { filled in PersonFields.asked(filled, post, words: words) },
            ])
    }

    static func parts(_ post: Appointment, _ words: RosterWords) -> [ApprovalPart] {
        func word(_ list: RosterWords.Choices, _ key: String) -> String { key.isEmpty ? "" : list.word(of: key) }
        return [
            ApprovalPart("title", "新职务", post.title), ApprovalPart("from", "到任日期", "\(post.from)"), ApprovalPart("category", "人员类别", word(words.categories, post.category)),
            ApprovalPart("workforce", "队伍类别", word(words.workforces, post.workforce)), ApprovalPart("engagement", "任职方式", word(words.engagements, post.engagement)),
            ApprovalPart("leadership", "班子成员", post.isLeadership ? "是" : "否"),
        ]
    }

    // MARK: Asking

    /// Who is meant: nobody outside is shown a list, so the whole number and the name must be known.
    static func find(_ filled: FilledForm, isNobody: Bool, _ token: FormToken) -> Page {
        asking("""
            \(isNobody ? notice(.problem, "没有找到姓名和证件号码都相符的人；请照证件核对两项。确实还没有档案的，从<a href=\"/people/new\">新建档案</a>登记。") : "")\
            \(panel("要调入或兼任的人", padded("""
                <p>人员在您管理的单位以内的，直接从<a href="/people">名册</a>打开档案办理。在以外的，填姓名和完整的证件号码，两项都相符才能申请。</p>\
                \(postForm(to: "/transfers/find", token: token, """
                    \(textField("name", "姓名", value: filled.text("name"), notes: filled.notes("name", required: true), autocomplete: "off", maxLength: 60))\
                    \(textField("number", "证件号码", value: filled.text("number"), notes: filled.notes("number", hint: "18 位。每次查找都记入日志。", required: true), autocomplete: "off", maxLength: 30))\
                    <div class="actions">\(submitButton("查找", .primary, icon: .search))</div>
                    """))
                """)))
            """)
    }

    /// The post that is asked for. `superior` may decide besides the officers of the person's unit.
    static func ask(_ filled: FilledForm, isFree: Bool, superior: String?, words: RosterWords, _ scope: Scope, _ token: FormToken) -> Page {
        asking("""
            \(filled.problem)\
            \(answerBox(isFree ? "这个号码已登记，现在没有主任职，登记后立即生效；已经结束的任职，要先征得最后任职单位的同意。" : "这个号码已登记在您权限以外的单位。申请会送到那个单位的组织人事管理员\(superior.map { "，\($0)也可以办理" } ?? "")；对方同意后生效。"))\
            \(panel("新任职", padded(postForm(to: "/transfers", token: token, """
                <input type="hidden" name="name" value="\(filled.text("name"))"><input type="hidden" name="number" value="\(filled.text("number"))">\
                \(radioField("manner", "方式", [Choice("move", "调入：原主任职在到任那天结束"), Choice("also", "兼任：原任职不变")], chosen: filled.text("manner", "move"), notes: filled.notes("manner")))\
                \(PersonFields.post(filled, nil, unit: "", scope: scope, words: words, isNew: true))\(whyField(filled))\
                <div class="actions">\(submitButton(isFree ? "登记任职" : "提出申请"))\(linkButton("换一个人", "/transfers/new"))</div>
                """))))
            """)
    }

    private static func asking(_ body: HTML) -> Page {
        Page("申请调入", menu: "approvals", crumbs: [Page.Crumb("待办", "/approvals")], body: body)
    }
}
