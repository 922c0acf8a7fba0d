import Access
import Kit
import Register

/// The way to a new grant: whom, what and where, and once more before it is done.
enum GrantFormPages {
    private static let crumbs = [Page.Crumb("授权", "/grants")]

    /// What was asked for so far, carried from step to step.
    struct Asked: Sendable {
        var typed = ""
        var unit = ""
        var role = ""
        /// The unit's name, where it is in the giver's scope.
        var unitName: String?

        var pairs: [(String, String)] { [("unit", unit), ("role", role)].filter { !$0.1.isEmpty } }
    }

    /// Step one: whose account. `without` are people who have none.
    static func choose(
        _ accounts: [(account: Account, posts: String)], _ asked: Asked, without: [(id: Int64, name: String, post: String)], isSearched: Bool, _ signedIn: SignedIn
    ) -> Page {
        let shown = accounts.prefix(GrantListStore.mostCandidates)
        let link = { (account: Account) in PageAddress("/grants/new", Fields([("account", "\(account.id)")] + asked.pairs)).link }
        let found: HTML =
            if shown.isEmpty {
                emptyState(isSearched ? "没有找到这样的账号" : "还没有可以授权的账号", "可以授权的，是在您范围内有现任职、已有账号的人。没有账号的，先请本人激活。")
            } else {
                rowList(shown.map { one in
                    let isOwn = one.account.id == signedIn.account.id
                    return row(
                        "\(one.account.displayName)（\(one.account.name)）\(one.account.state == .active ? "" : tag(one.account.state.word))",
                        note: "\(one.posts.isEmpty ? "没有现任职" : one.posts)", end: isOwn ? "<span class=\"hint\">本人，不能自己授权</span>" : "<span class=\"door\">选定</span>",
                        link: isOwn ? nil : link(one.account))
                }) + (accounts.count > shown.count ? padded("<p class=\"hint\">只列前 \(shown.count) 个，请输入姓名缩小范围。</p>") : "")
            }
        return Page(
            "授权：选人", menu: "grants", crumbs: crumbs,
            body: """
                \(panel("找人", padded(seekForm(to: "/grants/new", token: signedIn.token, """
                    \(asked.pairs.html { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })\
                    \(textField("q", "姓名、拼音、人员编号或账号名", value: asked.typed, type: "search", autofocus: true, maxLength: 60))\
                    <div class="actions">\(submitButton("查找", .plain, icon: .search))</div>
                    """))))\
                \(panel("选定一个账号", note: asked.unitName.map { "在\($0)或其上级任职的人" }, found))\
                \(without.isEmpty ? "" : panel("还没有账号的人", note: "先激活账号，本人设好密码以后再授权", plainTable(["姓名", "现任职", ""], without.map { one in
                    [
                        "<a class=\"door\" href=\"/people/\(one.id)\">\(one.name)</a>", "\(one.post)",
                        signedIn.scope.isAnywhere(.keeping) ? linkButton("激活账号", "/activation/people/\(one.id)", .quiet) : "",
                    ]
                })))
                """)
    }

    /// What the form of step two chooses from.
    struct Offer: Sendable {
        let receiver: Granting.Receiver
        let roles: [Role]
        /// Posts of the person, present or to come, in the giver's units, and their words.
        let posts: [(id: Int64, unit: Int64, words: String)]
        /// Codes of the units of those posts, the first being the one to begin with.
        let unit: String
        let held: [String]
    }

    /// Step two: which role, where, how long, resting on what.
    static func fill(_ offer: Offer, _ asked: Asked, _ filled: FilledForm, _ signedIn: SignedIn) -> Page {
        let account = offer.receiver.account, mayRestOnNone = offer.roles.contains(where: \.isAdministrator)
        let posts = offer.posts.map { Choice(String($0.id), $0.words) } + (mayRestOnNone ? [Choice("none", "不依托任职（只限系统、安全、审计三员）")] : [])
        // A post in the unit that is meant, or above it, is what a grant there can rest on.
        let above = Set(signedIn.scope.tree.unit(code: asked.unit).map { signedIn.scope.tree.path(to: $0.id).map(\.id) } ?? [])
        let usual = offer.posts.first { above.contains($0.unit) }.map { String($0.id) } ?? posts.first?.value ?? ""
        return Page(
            "授权：\(account.displayName)", subtitle: "账号 \(account.name)", menu: "grants", crumbs: crumbs,
            body: """
                \(filled.problem)\
                \(offer.held.isEmpty ? "" : notice(.hint, "现有授权：\(offer.held.joined(separator: "；"))。"))\
                \(panel("授什么权", padded(postForm(to: "/grants", token: signedIn.token, """
                    <input type="hidden" name="account" value="\(account.id)">\
                    \(fieldGrid("""
                        \(selectField("role", "身份", [Choice("", "请选择")] + offer.roles.map { Choice($0.rawValue, $0.word) }, chosen: filled.text("role", asked.role), notes: filled.notes("role", required: true)))\
                        \(unitField("unit", "单位（含下级）", present: asked.unit.isEmpty ? offer.unit : asked.unit, filled, signedIn.scope, hint: "填单位编码或全称；权限及于它和它的全部下级。", for: .granting))\
                        \(textField("from", "开始日期", value: filled.text("from", "\(signedIn.today)"), type: "date", notes: filled.notes("from", required: true)))\
                        \(textField("to", "结束日期", value: filled.text("to"), type: "date", notes: filled.notes("to", hint: "不再有权限的第一天；任职期间一直有效的空着。")))
                        """))\
                    \(posts.isEmpty ? notice(.hint, "本人在您范围内没有现任职，只能先登记任职再授权。") : radioField("post", "依托的任职", posts, chosen: filled.text("post", usual), notes: filled.notes("post", hint: "任职结束，授权随之结束；任职更正或撤回的，授权也随之变动。", required: true)))\
                    \(textField("why", "理由", value: filled.text("why"), notes: filled.notes("why", hint: "可以不填；例如任命文号。"), maxLength: 200))\
                    <div class="actions">\(submitButton("下一步：核对"))\(linkButton("返回", "/grants/new"))</div>
                    """))))
                """)
    }

    /// Step three: what it comes to, before it is done.
    static func confirm(_ grant: Grant, _ offer: Offer, unit: OrgTree.Unit, below: Int, span: String, post: String, form: Form, _ signedIn: SignedIn) -> Page {
        let account = offer.receiver.account
        return Page(
            "核对：授权", subtitle: "\(account.displayName)：\(grant.role.word)", menu: "grants", crumbs: crumbs,
            body: panel("请核对", facts([
                ("姓名", "\(account.displayName)"), ("账号", "\(account.name)（\(account.state.word)）"), ("身份", "\(grant.role.word)"),
                ("能做什么", "\(grant.role.sentence)"), ("单位", "\(unit.name)\(below > 0 ? "及其 \(Numbers.count(below)) 个下级单位" : "")"),
                ("有效期", "\(span)"), ("依托的任职", "\(post)"), ("理由", "\(form.text("why").isEmpty ? "没有填" : form.text("why"))"),
            ]) + padded(postForm(to: "/grants", token: signedIn.token, """
                \(["account", "role", "unit", "from", "to", "post", "why"].html { "<input type=\"hidden\" name=\"\($0)\" value=\"\(form.text($0))\">" })\
                <p>本人会收到通知；正在登录的，\(grant.role.needsFactor ? "设好验证器、重新登录后" : "")新权限即时可用。</p>\
                <div class="actions">\(submitButton("确认授权", name: "step", value: "give"))\(submitButton("返回修改", .plain, name: "step", value: "edit"))</div>
                """))))
    }
}

extension Role {
    /// What somebody with the role can do in its subtree, in one sentence.
    package var sentence: String {
        switch self {
        case .personnelOfficer: "查看和维护本单位及下级的名册、任职和培训记录，导入导出，办理调入，给下级授权"
        case .leader: "查看本单位及下级的指标、名册和培训记录，不能改动"
        case .programmeLead, .classAdviser, .lecturer, .supervisor, .finance: "登记在案；目前还没有这一身份专用的功能，登录后只看到本人的内容"
        case .systemAdmin: "查看系统设置和运行情况，发布公告；看不到业务数据"
        case .securityAdmin: "管理本单位及下级的账号和授权；看不到业务数据"
        case .auditor: "查看和导出全部操作记录；看不到业务数据，不能改动"
        }
    }
}
