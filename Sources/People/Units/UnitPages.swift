import Access
import Kit
import Register

/// The tree of organisations and the page of one unit.
enum UnitPages {
    /// More units than this are not offered one by one: their code or name is typed.
    // MARK: The tree

    /// A line of the tree as it is unfolded.
    struct Branch: Sendable {
        let unit: OrgTree.Unit
        let depth: Int
        let below: Int
        let isOpen: Bool
    }

    static func tree(_ branches: [Branch], typed: String, total: Int, words: RosterWords, _ signedIn: SignedIn) -> Page {
        Page(
            "组织", menu: "organizations",
            body: """
                \(answerBox(typed.isEmpty ? "您的范围内有 <b>\(Numbers.count(total))</b> 个单位。" : branches.isEmpty ? "没有找到“\(typed)”；请换名称的一部分或编码再找。" : "“\(typed)”找到 <b>\(branches.count)</b> 个单位\(branches.count == mostFound ? "（只列前 \(mostFound) 个）" : "")。"))\
                \(panel("查找", padded(getForm(to: "/organizations", """
                    \(textField("q", "单位名称或编码", value: typed, type: "search", maxLength: 60))<div class="actions">\(submitButton("查找", .plain, icon: .search))\(typed.isEmpty ? "" : linkButton("看全部", "/organizations", .quiet))</div>
                    """))))\
                \(branches.isEmpty ? "" : panel("单位", plainTable(["单位", "编码", "类型", "下级"], numbers: [3], branches.map { branch in
                    let fold: HTML = !typed.isEmpty ? "" : branch.below == 0 ? "　" : fold(branch)
                    return [
                        "\(String(repeating: "　", count: branch.depth))\(fold) <a class=\"door\" href=\"/organizations/\(branch.unit.id)\">\(branch.unit.name)</a>",
                        "\(branch.unit.code)", "\(words.organizationKinds.word(of: branch.unit.kind))", "\(branch.below == 0 ? "" : Numbers.count(branch.below))",
                    ]
                })))
                """)
    }

    /// More units than this are not listed for a search.
    static let mostFound = 100

    private static func fold(_ branch: Branch) -> HTML {
        let target = branch.isOpen ? branch.unit.parentID : branch.unit.id
        return "<a href=\"/organizations\(target.map { "?open=\($0)" } ?? "?open=0")\" aria-label=\"\(branch.isOpen ? "收起" : "展开")\(branch.unit.name)\">\(branch.isOpen ? "▾" : "▸")</a>"
    }

    // MARK: One unit

    struct Shown: Sendable {
        let id: Int64
        let code: String
        /// What held on the day, or, for a day outside its life, what is nearest.
        let version: OrganizationVersion
        let founded: Day
        let closed: Day
        let day: Day
        let parent: (name: String, link: String?)?
        let children: [OrgTree.Unit]
        let people: Int
        let events: [UnitHistory.Event]
        let words: RosterWords
        let acts: Set<UnitAct>
        let crumbs: [Page.Crumb]
    }

    static func unit(_ shown: Shown, _ signedIn: SignedIn) -> Page {
        let facts = shown.version.facts, path = "/organizations/\(shown.id)"
        func link(_ act: UnitAct, _ kind: ButtonKind = .plain) -> HTML { shown.acts.contains(act) ? linkButton(act.word, "\(path)/do/\(act.rawValue)", kind) : "" }
        func count(_ number: Int?) -> HTML { number.map { "\(Numbers.count($0))" } ?? "未填" }
        let state: HTML =
            if shown.closed <= shown.day { "<b>\(facts.name)</b>已于 \(shown.closed) 撤销。" }
            else if shown.founded > shown.day { "<b>\(facts.name)</b>在 \(shown.day) 还没有成立（\(shown.founded) 成立）。" }
            else { "含下级，\(shown.day) 在任 <a class=\"door\" href=\"/people?unit=\(shown.id)\">\(Numbers.count(shown.people))</a> 人，直属下级 <b>\(shown.children.count)</b> 个。" }
        return Page(
            facts.name, subtitle: "\(shown.words.organizationKinds.word(of: facts.kind)) · 编码 \(shown.code)", menu: "organizations", crumbs: shown.crumbs,
            actions: """
                \(linkButton("指标", "/figures/\(shown.id)", .quiet))\(linkButton("政策", "/organizations/\(shown.id)/policies", .quiet))\
                \(linkButton("职工代表", "\(path)/representatives", .quiet))\(link(.create, .primary))\(link(.amend))\(link(.correct))
                """,
            body: """
                \(answerBox(state))\
                \(sideBySide(
                    panel("资料", note: "\(shown.day) 的情况", padded("""
                        \(particulars(shown, count))\
                        \(getForm(to: path, "\(textField("day", "看另一天", value: shown.day.description, type: "date"))<div class=\"actions\">\(submitButton("看这一天", .plain))</div>"))
                        """)),
                    panel("变更记录", actions: link(.undo, .quiet), padded(timeline(shown.events.prefix(50).map { event in
                        (
                            when: "\(Clock.day(ofMilliseconds: event.act.atMilliseconds))",
                            what: "\(event.what.isEmpty ? "变更" : event.what.joined(separator: "；"))\(event.act.why.isEmpty ? "" : "（\(event.act.why)）")", who: event.act.who
                        )
                    })))))\
                \(panel("直属下级", shown.children.isEmpty ? emptyState("没有下级单位", "新设的或划转来的单位列在这里。") : plainTable(["单位", "编码", "类型"], shown.children.map { child in
                    ["<a class=\"door\" href=\"/organizations/\(child.id)\">\(child.name)</a>", "\(child.code)", "\(shown.words.organizationKinds.word(of: child.kind))"]
                })))\
                \(shown.acts.contains(.close) ? panel("调整", padded("<div class=\"actions\">\(link(.move))\(link(.merge))\(link(.close))</div>")) : "")
                """)
    }

    private static func particulars(_ shown: Shown, _ count: (Int?) -> HTML) -> HTML {
        let known = shown.version.facts
        return facts([
            ("名称", "\(known.name)"), ("上级", shown.parent.map { parent in parent.link.map { "<a class=\"door\" href=\"\($0)\">\(parent.name)</a>" } ?? "\(parent.name)" } ?? "无"),
            ("起止", "\(Appointment.words(shown.founded, shown.closed))"), ("统一社会信用代码", "\(known.creditCode.isEmpty ? "未填" : known.creditCode)"),
            ("所有制", "\(known.ownership.isEmpty ? "未填" : shown.words.ownerships.word(of: known.ownership))"), ("职工人数", count(known.employees)), ("会员人数", count(known.members)),
            ("企业数", count(known.enterprises)),
        ])
    }

    // MARK: Acts

    static func form(_ act: UnitAct, _ shown: Shown, _ filled: FilledForm, _ signedIn: SignedIn) -> Page {
        let path = "/organizations/\(shown.id)", name = shown.version.facts.name
        func day(_ label: String, hint: HTML? = nil) -> HTML {
            textField("day", label, value: filled.text("day", signedIn.today.description), type: "date", notes: filled.notes("day", hint: hint, required: true))
        }
        let fields: HTML =
            switch act {
            case .create:
                "\(textField("code", "单位编码", value: filled.text("code"), notes: filled.notes("code", required: true), maxLength: 40))\(factFields(nil, shown.words, filled))\(day("成立日期"))"
            case .amend:
                "<p>自生效日期起按新的资料，之前的保留。</p>\(factFields(shown.version.facts, shown.words, filled))\(day("生效日期"))"
            case .correct:
                """
                <p>只用于改正录错的内容，改正的是 \(Appointment.words(shown.version.from, shown.version.to)) 的资料。</p><input type="hidden" name="version" value="\(shown.version.from)">\
                \(textField("code", "单位编码", value: filled.text("code", shown.code), notes: filled.notes("code", required: true), maxLength: 40))\(factFields(shown.version.facts, shown.words, filled))
                """
            case .move: "<p>连同下级和人员一起划到新的上级之下。</p>\(unitField("parent", "新的上级", present: "", filled, signedIn.scope))\(day("生效日期"))"
            case .merge: "<p>自生效日期起撤销“\(name)”，下级单位和在任人员转入另一单位。</p>\(unitField("into", "并入的单位", present: "", filled, signedIn.scope))\(day("生效日期"))"
            case .close:
                """
                \(day("撤销日期", hint: "不再存在的第一天。"))\(unitField("childrenTo", "下级单位划转到", present: "", filled, signedIn.scope, hint: "没有下级单位的空着。", required: false))\
                \(checkbox("posts", "在任人员一并离任", isTicked: filled.isTicked("posts")))
                """
            case .undo:
                "<p>\(shown.events.first.map { "\($0.act.who) 于 \(Clock.day(ofMilliseconds: $0.act.atMilliseconds))：\($0.what.joined(separator: "；"))。" } ?? "")撤回后恢复到那之前；撤回本身也留在变更记录里。</p><input type=\"hidden\" name=\"act\" value=\"\(shown.events.first?.act.id ?? 0)\">"
            }
        return Page(
            act.word, subtitle: "\(name)", menu: "organizations", crumbs: shown.crumbs,
            body: "\(filled.problem)\(panel(act.word, padded(postForm(to: "\(path)/do/\(act.rawValue)", token: signedIn.token, """
                \(fields)\(whyField(filled))<div class="actions">\(submitButton(act.word))\(linkButton("不做改动，返回", path))</div>
                """))))")
    }

    private static func factFields(_ facts: OrganizationFacts?, _ words: RosterWords, _ filled: FilledForm) -> HTML {
        func count(_ name: String, _ label: String, _ present: Int?) -> HTML {
            textField(name, label, value: filled.text(name, present.map(String.init) ?? ""), type: "number", notes: filled.notes(name))
        }
        return fieldGrid("""
            \(textField("name", "单位名称", value: filled.text("name", facts?.name ?? ""), notes: filled.notes("name", hint: "全称。", required: true), maxLength: 120))\
            \(selectField("kind", "单位类型", [Choice("", "请选择")] + words.organizationKinds.pairs.map { Choice($0.key, $0.word) }, chosen: filled.text("kind", facts?.kind ?? ""), notes: filled.notes("kind", required: true)))\
            \(textField("creditCode", "统一社会信用代码", value: filled.text("creditCode", facts?.creditCode ?? ""), notes: filled.notes("creditCode"), maxLength: 18))\
            \(selectField("ownership", "所有制", [Choice("", "未填")] + words.ownerships.pairs.map { Choice($0.key, $0.word) }, chosen: filled.text("ownership", facts?.ownership ?? ""), notes: filled.notes("ownership")))\
            \(count("employees", "职工人数", facts?.employees))\(count("members", "会员人数", facts?.members))\(count("enterprises", "企业数", facts?.enterprises))
            """)
    }
}
