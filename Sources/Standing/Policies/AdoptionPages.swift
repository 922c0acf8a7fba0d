import Kit
import Register
import Rules

/// What binds a unit and through whom, what it has adopted itself, and the forms by which its officer adopts, ends and takes back.
enum AdoptionPages {
    struct Shown: Sendable {
        let unit: OrgTree.Unit
        /// What binds today of each subject.
        let bound: [(word: String, answer: Bindings.Answer)]
        /// The unit's own, by their first day.
        let own: [Adoption]
        let events: [(act: ActRecord, what: [String])]
        let policies: [Policy]
        let history: OrgHistory
        let mayKeep: Bool
        let crumbs: [Page.Crumb]
        let today: Day

        func title(_ id: String) -> String { policies.first { $0.id == id }?.title ?? id }
        var path: String { "/organizations/\(unit.id)/policies" }
    }

    static func unit(_ shown: Shown) -> Page {
        let bound = shown.bound.filter { if case .one = $0.answer { true } else { false } }
        return Page(
            "\(shown.unit.name)的政策", menu: "organizations", crumbs: shown.crumbs,
            actions: "\(linkButton("全部政策", "/policies?unit=\(shown.unit.id)", .quiet))\(shown.mayKeep ? linkButton("采用一份政策", shown.path + "/adopt", .primary) : "")",
            body: """
                \(answerBox(bound.isEmpty ? "今天没有约束\(shown.unit.name)的政策。" : "今天约束\(shown.unit.name)的政策有 <b>\(bound.count)</b> 份。自己没有采用的，沿用上级的。"))\
                \(panel("今天约束本单位的", note: "\(shown.today)", plainTable(["主题", "政策", "从哪里来"], shown.bound.map { ["\($0.word)"] + told($0.answer, shown) })))\
                \(sideBySide(
                    panel("本单位采用的", shown.own.isEmpty ? emptyState("没有自己采用的", "本单位沿用上级采用的；要用另一份时，从哪一天起由本单位采用。") : own(shown)),
                    panel("变更记录", actions: shown.mayKeep && !shown.events.isEmpty ? linkButton("撤回最近一次", shown.path + "/undo", .quiet) : nil,
                        shown.events.isEmpty ? padded("<p>还没有变更。</p>") : padded(timeline(shown.events.prefix(50).map { event in
                            (
                                when: "\(Clock.day(ofMilliseconds: event.act.atMilliseconds))",
                                what: "\(event.what.joined(separator: "；"))\(event.act.why.isEmpty ? "" : "（\(event.act.why)）")", who: event.act.who
                            )
                        })))))
                """)
    }

    private static func told(_ answer: Bindings.Answer, _ shown: Shown) -> [HTML] {
        switch answer {
        case .one(let binding):
            let policy: HTML = "<a class=\"door\" href=\"/policies/\(binding.policy.id)?unit=\(shown.unit.id)\">\(binding.policy.title)</a>"
            guard let adoption = binding.adoption else { return [policy, "没有单位采用，是唯一在期的文件"] }
            let isOwn = adoption.organizationID == shown.unit.id
            return [policy, isOwn ? "本单位采用，\(adoption.spanInWords)" : "沿用\(shown.history.name(adoption.organizationID))采用的，\(adoption.spanInWords)"]
        case .none: return ["—", "没有在期的文件"]
        case .several(let files): return [stateBadge(.unknown, "没有定"), "有 \(files.count) 份在期的文件，请采用其中一份：\(files.map(\.title).joined(separator: "、"))"]
        case .missing(let adoption): return [stateBadge(.unknown, "没有加载"), "\(shown.history.name(adoption.organizationID))采用的“\(adoption.policy)”没有加载，请系统管理员放回它的文件"]
        }
    }

    private static func own(_ shown: Shown) -> HTML {
        plainTable(["政策", "起止", ""], shown.own.map { one in
            let policy = shown.policies.first { $0.id == one.policy }
            return [
                policy.map { "<a class=\"door\" href=\"/policies/\($0.id)?unit=\(shown.unit.id)\">\($0.title)</a>" } ?? "\(one.policy)",
                "\(one.spanInWords)<br>\(policy.map { state(one, $0, shown.today) } ?? tag("没有加载"))",
                shown.mayKeep && one.to > shown.today ? linkButton("结束", "\(shown.path)/\(one.id)/end", .quiet) : "",
            ]
        })
    }

    static func state(_ one: Adoption, _ policy: Policy, _ today: Day) -> HTML {
        if one.from > today { return tag("还没有开始") }
        return one.covers(today) && policy.speaks(of: today.number) ? tag("采用中") : tag("已结束")
    }

    /// What an act did to the adoptions of a unit.
    static func words(_ before: Adoption?, _ after: Adoption?, _ title: (String) -> String) -> String {
        switch (before, after) {
        case (nil, let new?): "\(new.from) 起采用\(title(new.policy))"
        case (let old?, nil): "撤回 \(old.from) 起对\(title(old.policy))的采用"
        case (let old?, let new?) where new.to == .open: "继续采用\(title(old.policy))"
        case (let old?, let new?): "采用\(title(old.policy))到 \(new.to - 1) 为止"
        case (nil, nil): ""
        }
    }

    // MARK: Forms

    static func adopt(_ shown: Shown, policy: String, _ filled: FilledForm, _ token: FormToken) -> Page {
        form("采用一份政策", shown, filled, to: shown.path + "/adopt", token, """
            <p>从所填的日期起，\(shown.unit.name)和它下面没有自己采用的单位都用这一份。同一主题原来采用的到前一天为止，以前年份的指标不变。</p>\
            \(selectField("policy", "政策", [Choice("", "请选择")] + shown.policies.map { Choice($0.id, "\($0.title)（\($0.subjectWord)）") }, chosen: filled.text("policy", policy), notes: filled.notes("policy", required: true)))\
            \(textField("from", "从哪一天起", value: filled.text("from", shown.today.description), type: "date", notes: filled.notes("from", hint: "一年的指标按这一年 12 月 31 日采用的政策算。", required: true)))
            """, button: "采用")
    }

    static func end(_ one: Adoption, _ shown: Shown, _ filled: FilledForm, _ token: FormToken) -> Page {
        form("结束采用", shown, filled, to: "\(shown.path)/\(one.id)/end", token, """
            <p>\(shown.title(one.policy))，\(one.spanInWords)。结束后，\(shown.unit.name)沿用上级采用的。</p>\
            \(textField("day", "结束日期", value: filled.text("day", shown.today.description), type: "date", notes: filled.notes("day", hint: "不再采用的第一天。", required: true)))
            """, button: "结束")
    }

    static func undo(_ shown: Shown, _ filled: FilledForm, _ token: FormToken) -> Page {
        form("撤回最近一次变更", shown, filled, to: shown.path + "/undo", token, """
            <p>\(shown.events.first.map { "\($0.act.who) 于 \(Clock.day(ofMilliseconds: $0.act.atMilliseconds))：\($0.what.joined(separator: "；"))。" } ?? "")撤回后恢复到那之前；撤回本身也留在变更记录里。</p>\
            <input type="hidden" name="act" value="\(shown.events.first?.act.id ?? 0)">
            """, button: "撤回")
    }

    private static func form(_ title: String, _ shown: Shown, _ filled: FilledForm, to path: String, _ token: FormToken, _ fields: HTML, button: String) -> Page {
        Page(
            title, subtitle: "\(shown.unit.name)", menu: "organizations", crumbs: shown.crumbs + [Page.Crumb("政策", shown.path)],
            body: "\(filled.problem)\(panel(title, padded(postForm(to: path, token: token, """
                \(fields)\(whyField(filled))<div class="actions">\(submitButton(button))\(linkButton("不做改动，返回", shown.path))</div>
                """))))")
    }
}
