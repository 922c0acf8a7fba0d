import Access
import Kit
import Register

/// 账号激活.
enum ActivationPages {
    /// What the list is of.
    struct Asked: Sendable {
        var unit: OrgTree.Unit?
        var typedUnit: String
        var typed: String
        var category: String
        var state: ActivationStore.State

        /// The query or the form's hidden fields; a unit that is not there is a refusal, and the whole scope is asked about.
        static func read(_ query: Fields, _ signedIn: SignedIn) -> (Asked, Refusal?) {
            var asked = Asked(
                unit: nil, typedUnit: query.text("unit"), typed: query.text("q"), category: query.text("category"),
                state: ActivationStore.State(rawValue: query.text("state")) ?? .without)
            guard !asked.typedUnit.isEmpty else { return (asked, nil) }
            do {
                asked.unit = try signedIn.scope.unit(typed: asked.typedUnit, for: .keeping)
                return (asked, nil)
            } catch {
                return (asked, error as? Refusal)
            }
        }

        var isNarrowed: Bool { !typedUnit.isEmpty || !typed.isEmpty || !category.isEmpty }
        var pairs: [(String, String)] { [("unit", unit?.code ?? typedUnit), ("q", typed), ("category", category), ("state", state.rawValue)].filter { !$0.1.isEmpty } }
        var query: Fields { Fields(pairs) }

        func ask(_ signedIn: SignedIn) -> ActivationStore.Ask {
            ActivationStore.Ask(
                units: ActivationRoutes.units(unit?.id, signedIn), state: state, typed: typed, category: category, today: signedIn.today, now: signedIn.now)
        }
    }

    struct Shown: Sendable {
        let lines: [ActivationStore.Line]
        /// How many there are, and of them who are still to get a code.
        let count: Int, due: Int
        let next: String?
    }

    static func list(_ shown: Shown, _ asked: Asked, _ ask: ListAsk, site: String, problem: Refusal?, _ words: RosterWords, _ signedIn: SignedIn) -> Page {
        // Nobody should make codes for everybody who asked for one unit and mistyped it.
        let isLost = !asked.typedUnit.isEmpty && asked.unit == nil
        return Page(
            "账号激活", subtitle: asked.unit.map { "\($0.name)，含下级单位" } ?? "您管理的全部单位", menu: "activation",
            actions: linkButton("做过的码", "/activation/batches"),
            body: """
                \(problem.map { notice(.problem, "\($0.sentence)") } ?? "")\(warning(site))\(isLost ? "" : answer(shown, asked))\
                \(panel("找人", padded(seekForm(to: "/activation", token: signedIn.token, """
                    \(fieldGrid("""
                        \(textField("unit", "单位（含下级）", value: asked.typedUnit, notes: FieldNotes(hint: "编码或全称，空着是全部"), autocomplete: "off"))\
                        \(textField("q", "姓名、拼音或人员编号", value: asked.typed, type: "search"))\
                        \(selectField("category", "人员类别", [Choice("", "全部")] + words.categories.pairs.map { Choice($0.key, $0.word) }, chosen: asked.category))\
                        \(selectField("state", "哪些人", ActivationStore.State.allCases.map { Choice($0.rawValue, $0.word) }, chosen: asked.state.rawValue))
                        """))\
                    <div class="actions">\(submitButton("查找", .plain, icon: .search))\(linkButton("清除", "/activation", .quiet))</div>
                    """))))\
                \(isLost ? "" : making(shown, asked, signedIn) + panel("在任人员 · \(asked.state.word)", table(shown, ask, words, signedIn)))
                """)
    }

    /// A slip with an address that only this machine knows would send people nowhere.
    private static func warning(_ site: String) -> HTML {
        guard PublicAddress.isThisMachine(site: site) else { return "" }
        return notice(.hint, "纸条上会印网址 <b>\(site)</b>，别人的手机打不开它。正式发放前，请系统管理员登记公布的网址，或用那个网址打开本页。")
    }

    private static func answer(_ shown: Shown, _ asked: Asked) -> HTML {
        let many = Numbers.count(shown.count) + (shown.count >= ActivationRoutes.most ? " 以上" : "")
        switch asked.state {
        case _ where shown.count == 0 && asked.isNarrowed: return answerBox("没有符合条件的人。")
        case .without where shown.count == 0: return answerBox("在任人员都有账号。", mark: .met)
        case .without:
            let out = shown.count - shown.due
            return answerBox("<b>\(many)</b> 名在任人员还没有可用的账号\(shown.count < ActivationRoutes.most && out > 0 ? "，其中 <b>\(Numbers.count(out))</b> 人已发码、还没有用" as HTML : "")。")
        case .due: return answerBox("<b>\(many)</b> 名在任人员还要发码。")
        default: return answerBox("\(asked.state.word)：<b>\(many)</b> 人。")
        }
    }

    private static func making(_ shown: Shown, _ asked: Asked, _ signedIn: SignedIn) -> HTML {
        guard shown.lines.contains(where: isTickable) else { return "" }
        let all: HTML = shown.due == 0 || shown.due > Slip.most
            ? "" : submitButton(asked.state == .sent ? "给这 \(Numbers.count(shown.due)) 人都换新码" : "给没有有效码的 \(Numbers.count(shown.due)) 人都做", .plain, name: "whom", value: "all")
        let tooMany: HTML = shown.due > Slip.most ? "<p class=\"hint\">一次最多做 \(Numbers.count(Slip.most)) 个；人多时请先按单位或类别筛选，再给列出的人都做。</p>" : ""
        return panel("做激活码", padded(postForm(to: "/activation/slips", token: signedIn.token, id: "making", """
            \(asked.pairs.html { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" })\
            <p>每人一个码，\(Slip.Kind.activation.days) 天内有效，只能用一次。<b>码只出现在下载的文件里</b>，文件一小时后删除，系统不留底；重做会使这个人原来的码作废。发放时请当面交给本人。</p>\
            \(format(""))<div class="actions">\(submitButton("给勾选的人做", .primary, name: "whom", value: "ticked", icon: .download))\(all)</div>\(tooMany)
            """)))
    }

    private static func format(_ chosen: String) -> HTML {
        radioField("format", "做成", [Choice("pdf", "纸条（PDF，A4 每页八张，附签收表）"), Choice("xlsx", "工作簿（Excel）")], chosen: chosen.isEmpty ? "pdf" : chosen)
    }

    private static func isTickable(_ line: ActivationStore.Line) -> Bool { line.standing != .active && line.standing != .locked }

    private static func table(_ shown: Shown, _ ask: ListAsk, _ words: RosterWords, _ signedIn: SignedIn) -> HTML {
        dataTable(
            "在任人员", ask: ask,
            columns: columns(isHeld: shown.count <= PersonRankStore.most, words, signedIn.scope.tree),
            rows: shown.lines, next: shown.next, count: shown.count < ActivationRoutes.most ? shown.count : nil,
            ticks: ListTicks("person", form: "making", label: \.person.name) { isTickable($0) ? "\($0.id)" : nil }, export: shown.lines.isEmpty ? nil : (ListFile.link(ask), signedIn.token),
            empty: "没有这样的人。可以换一个单位或状态再看。")
    }

    /// `isHeld`: the list can be put in order by its columns.
    static func columns(isHeld: Bool, _ words: RosterWords, _ tree: OrgTree) -> [ListColumn<ActivationStore.Line>] {
        [
            .text("姓名", "name") { personChip($0.person.name, link: "/activation/people/\($0.id)") }.inSheet { CellContent($0.person.name) },
            .text("人员编号", "code", sorts: isHeld) { "\($0.person.code ?? "")" },
            .text("单位", "place", sorts: isHeld, wraps: true) { "\(tree.unit($0.post.organizationID)?.name ?? "")" },
            .text("人员类别", "category", sorts: isHeld) { "\(words.categories.word(of: $0.post.category))" },
            .text("账号", "standing") { stateBadge($0.standing.mark, $0.standing.word) }.inSheet { CellContent($0.standing.word) },
            .text("说明", "note", wraps: true) { note($0) },
        ]
    }

    private static func note(_ line: ActivationStore.Line) -> HTML {
        if let slip = line.slip, slip.ending == nil {
            return "\(slip.kind == .reset ? "重设密码的码：" : "")\(slip.maker)，\(Clock.day(ofMilliseconds: slip.madeMilliseconds)) 做，有效到 \(slip.lastDay)"
        }
        return line.standing == .active ? "\(line.account?.name ?? "")" : ""
    }

    // MARK: One person

    struct One: Sendable {
        let person: Person
        /// Nil for somebody who is in no primary post.
        let line: ActivationStore.Line?
        let slips: [Slip]
        /// Nil where there is no account yet.
        let sway: AccountSway?
        /// Whom to ask instead.
        let superior: String?
    }

    static func person(_ one: One, _ form: FilledForm, site: String, _ signedIn: SignedIn) -> Page {
        let crumbs = [Page.Crumb("账号激活", "/activation")]
        guard let line = one.line else {
            return Page("\(one.person.name) · 账号", menu: "activation", crumbs: crumbs, body: answerBox("\(one.person.name)现在没有主任职，不在激活名单里。登记任职后再做码。"))
        }
        return Page(
            "\(one.person.name) · 账号", subtitle: "\(signedIn.scope.tree.unit(line.post.organizationID)?.name ?? "")", menu: "activation", crumbs: crumbs,
            actions: linkButton("名册档案", "/people/\(one.person.id)"),
            body: """
                \(warning(site))\(form.problem)\
                \(sideBySide(
                    panel("账号", padded(facts([
                        ("状态", stateBadge(line.standing.mark, line.standing.word)), ("账号名", "\(line.account.map { $0.state == .new ? "激活时由本人选" : $0.name } ?? "激活时由本人选")"),
                        ("登录用", "\(SlipSheet.typed(one.person))\(line.account?.state == .active ? "，或账号名" : "")"), ("一次性码", "\(line.slip == nil ? "没有" : note(line))"),
                    ]))),
                    panel(line.standing == .active ? "忘了密码" : "做激活码", padded(deed(one, line, form, signedIn)))))\
                \(SlipHistoryPages.panel(one.slips, signedIn.now, link: true))
                """)
    }

    private static func deed(_ one: One, _ line: ActivationStore.Line, _ form: FilledForm, _ signedIn: SignedIn) -> HTML {
        if line.standing == .locked { return "<p>账号已由安全管理员锁定，解锁前不能做码。</p>" }
        if let superior = one.superior { return "<p>\(superior)</p>" }
        let isReset = line.standing == .active, kind = isReset ? Slip.Kind.reset : .activation
        let factor: HTML = isReset && one.sway?.mayTakeFactor == true
            ? checkbox("factor", "手机和恢复码也都没有了：连验证器一起重设", isTicked: form.isTicked("factor"), hint: "平时不要选。选了，持码人不用验证码就能进入账号。") : ""
        return postForm(to: "/activation/people/\(one.person.id)", token: signedIn.token, """
            <p>\(isReset ? "做一个重设密码的码，当面交给本人。用它设了新密码后，其他登录全部退出；设有验证器的，仍要输入验证码。本人会收到通知。" : "做一个激活码，当面交给本人。")\
            \(kind.days) 天内有效，只能用一次\(line.slip == nil ? "" : "；原来的码随之作废")。</p>\
            \(isReset ? textField("why", "理由", value: form.text("why"), notes: form.notes("why", hint: "例如：本人当面申请，核对过工作证", required: true), maxLength: 200) : "")\
            \(factor)\(format(form.text("format")))<div class="actions">\(submitButton(isReset ? "做重设密码的码" : "做激活码", icon: .download))</div>
            """)
    }

    // MARK: What was made

    static func batches(_ batches: [SlipStore.Batch], isFirst: Bool) -> Page {
        let page = batches.prefix(ListAsk.pageSize)
        return Page(
            "做过的码", subtitle: "给您管理的单位的人", menu: "activation", crumbs: [Page.Crumb("账号激活", "/activation")],
            body: page.isEmpty
                ? emptyState("还没有做过码", "做过的每一批都列在这里：谁做的、用了几个、还有几个有效；发错了可以作废。", action: linkButton("去做激活码", "/activation", .primary))
                : panel("按次列出", note: "最近的在前", plainTable(["何时", "种类", "谁做的", "个数", "已使用", "还有效"], numbers: [3, 4, 5], page.map { batch in
                    [
                        "<a class=\"door\" href=\"/activation/batches/\(batch.id)\">\(Clock.minute(ofMilliseconds: batch.madeMilliseconds))</a>", "\(batch.kind.word)", "\(batch.maker)",
                        "\(Numbers.count(batch.slips))", "\(Numbers.count(batch.used))", "\(Numbers.count(batch.valid))",
                    ]
                })) + (batches.count > page.count || !isFirst
                    ? "<nav class=\"pages\" aria-label=\"翻页\">\(isFirst ? "" : linkButton("回到最新", "/activation/batches", .quiet, icon: .back))\(batches.count > page.count ? page.last.map { linkButton("更早的", "/activation/batches?before=\($0.id)") } : nil)</nav>" : ""))
    }

    static func batch(_ slips: [(slip: Slip, name: String)], _ form: FilledForm, _ signedIn: SignedIn) -> Page {
        let first = slips[0].slip, valid = slips.filter { $0.slip.isValid(now: signedIn.now) }, used = slips.filter { $0.slip.ending == .used }
        let tree = signedIn.scope.tree
        return Page(
            "\(Clock.minute(ofMilliseconds: first.madeMilliseconds)) 做的码", subtitle: "\(first.maker) · \(first.kind.word)", menu: "activation",
            crumbs: [Page.Crumb("账号激活", "/activation"), Page.Crumb("做过的码", "/activation/batches")],
            body: """
                \(form.problem)\(answerBox("共 <b>\(slips.count)</b> 个，已使用 <b>\(used.count)</b> 个，还有效 <b>\(valid.count)</b> 个。"))\
                \(valid.isEmpty ? "" : panel("作废", padded(postForm(to: "/activation/batches/\(first.batch)/void", token: signedIn.token, id: "voiding", """
                    <p>纸条丢了、发错了，把码作废；本人要用时再做新的。用过的账号不受影响。</p>\
                    \(textField("why", "理由", value: form.text("why"), notes: form.notes("why", required: true), maxLength: 200))\
                    <div class="actions">\(submitButton("作废勾选的", .primary, name: "whom", value: "ticked"))\(submitButton("作废全部 \(valid.count) 个", .plain, name: "whom", value: "all"))</div>
                    """))))\
                \(panel("这一批", plainTable(["选", "姓名", "单位", "有效到", "现在"], slips.map { slip, name in
                    [
                        slip.isValid(now: signedIn.now) ? "<input type=\"checkbox\" form=\"voiding\" name=\"slip\" value=\"\(slip.id)\" aria-label=\"选\(name)\">" : "",
                        "\(name)", "\(slip.unitID.flatMap { tree.unit($0)?.name } ?? "")", "\(slip.lastDay)",
                        "\(slip.state(now: signedIn.now))\(slip.endedMilliseconds.map { " " + Clock.minute(ofMilliseconds: $0) } ?? "")",
                    ]
                })))
                """)
    }
}
