import Access
import Kit

/// One approval, of whatever kind: how it stands, what can be done now, what is asked for, what has happened.
enum ApprovalPages {
    /// An approval as one account may see it.
    struct Seen: Sendable {
        let approval: Approval
        let kind: ApprovalKind
        let line: ApprovalLine
        let shown: ApprovalShown
        let parts: [ApprovalPart]
        /// The parts of the round before, by key; empty for the first.
        let former: [String: String]
        let deeds: [ApprovalDeed]
        /// Who is to decide which step, by place.
        let deciders: [Int: String]
        let steps: [ApprovalStep]
        /// The reader's turn, and the name of the one in whose absence it is.
        let turn: ApprovalStep?
        let standsFor: String?
        let isAsker: Bool
        /// Has, had or will have a turn.
        let isDecider: Bool
        /// It is about the reader, whoever's turn it is.
        let isOwnMatter: Bool
        /// What an act is called.
        let word: @Sendable (String) -> String
        let mayTakeBack: Bool

        /// Whether one has anything to do with a deed; whether it can be done now is said by whoever does it.
        func may(_ verb: ApprovalVerb) -> Bool {
            switch verb {
            case .ask, .withdraw: isAsker
            case .consent, .return, .decline: isDecider
            case .takeBack: isDecider || mayTakeBack
            }
        }

        /// What was said about parts when it was last sent back, as long as that is not answered.
        var remarks: [String: String] {
            guard let last = deeds.last(where: { $0.verb == .return }), last.round >= approval.round - 1 else { return [:] }
            return last.remarks
        }
    }

    static func page(_ seen: Seen, _ filled: FilledForm, verb: ApprovalVerb?, _ signedIn: SignedIn) -> Page {
        let approval = seen.approval, token = signedIn.token
        func own(_ one: ApprovalVerb) -> FilledForm { verb == one ? filled : FilledForm() }
        return Page(
            seen.line.title, subtitle: "\(seen.shown.subtitle)", menu: "approvals", crumbs: [Page.Crumb("待办", "/approvals"), Page.Crumb(seen.kind.word)],
            body: """
                \(filled.problem)\(answerBox("\(seen.shown.answer)\(dueNote(seen, signedIn.today))", mark: approval.state.isOpen ? .pending : nil))\
                \(approval.state == .asked && seen.turn != nil && seen.isOwnMatter ? notice(.hint, "这是关于您本人的，不能由您自己决定；请由上级单位的人办理。") : "")\
                \(approval.state == .asked && seen.turn != nil && !seen.isOwnMatter ? decide(seen, verb.map { $0.isDecision } == true ? filled : FilledForm(), token) : "")\
                \(approval.state == .returned && seen.isAsker ? again(seen, own(.ask), token) : "")\
                \(sideBySide(panel("申请内容", note: approval.round > 1 ? "第 \(approval.round) 次提出" : nil, padded(content(seen))), panel("办理过程", timeline(course(seen, signedIn.today)))))\
                \(seen.shown.more)\
                \(approval.state == .asked && seen.isAsker ? again(seen, own(.ask), token) : "")\
                \(approval.state.isOpen && seen.isAsker ? single(.withdraw, seen, own(.withdraw), token) : "")\
                \(seen.mayTakeBack ? single(.takeBack, seen, own(.takeBack), token) : "")
                """)
    }

    private static func dueNote(_ seen: Seen, _ today: Day) -> HTML {
        guard seen.approval.state == .asked, let due = seen.steps.filter({ $0.state == .open }).compactMap(\.due).min() else { return "" }
        return " \(InboxPages.deadline(due, today))"
    }

    // MARK: What can be done

    private static func decide(_ seen: Seen, _ filled: FilledForm, _ token: FormToken) -> HTML {
        let link = seen.approval.link, forms = seen.shown.forms
        guard let consent = forms[.consent] else { return "" }
        let absent: HTML = seen.standsFor.map { notice(.hint, "您代 <b>\($0)</b> 办理，记录里写两个人的名字。") } ?? ""
        let remarks: HTML = !seen.kind.verbs.contains(.return) || seen.parts.isEmpty ? "" : """
            <details><summary>逐项提意见（退回时用）</summary>\(fieldGrid(seen.parts.html { part in
                textField("remark.\(part.key)", "\(part.name)：\(part.text.isEmpty ? "未填" : part.text)", value: filled.text("remark.\(part.key)"), maxLength: 200)
            }))</details>
            """
        return panel("办理", padded("""
            \(absent)<p>\(consent.note)</p>\
            \(postForm(to: "\(link)/consent", token: token, """
                <input type="hidden" name="digest" value="\(seen.approval.digest)">\(consent.fields(filled))\
                \(textField("why", "意见", value: filled.text("why"), notes: filled.notes("why", hint: seen.shown.hint), maxLength: 500))\(remarks)\
                <div class="actions">\(submitButton(consent.button, .primary))\
                \([ApprovalVerb.return, .decline].html { verb in forms[verb].map { submitButton($0.button, .plain, to: "\(link)/\(verb.path)") } ?? "" })</div>
                """))\
            \([ApprovalVerb.return, .decline].html { verb in forms[verb].map { $0.note.isEmpty ? "" : "<p class=\"hint\">\($0.button)：\($0.note)</p>" as HTML } ?? "" })
            """))
    }

    private static func again(_ seen: Seen, _ filled: FilledForm, _ token: FormToken) -> HTML {
        guard let form = seen.shown.forms[.ask] else { return "" }
        let body = padded("""
            <p>\(form.note)</p>\(postForm(to: "\(seen.approval.link)/ask", token: token, """
                \(form.fields(filled))\(whyField(filled))<div class="actions">\(submitButton(form.button))</div>
                """))
            """)
        // While it is being decided, changing it is the exception.
        return seen.approval.state == .returned || filled.isRefused ? panel(form.button, body) : panel("更改内容", "<details class=\"padded\"><summary>\(form.button)</summary>\(body)</details>")
    }

    private static func single(_ verb: ApprovalVerb, _ seen: Seen, _ filled: FilledForm, _ token: FormToken) -> HTML {
        guard let form = seen.shown.forms[verb] else { return "" }
        let isTakingBack = verb == .takeBack
        return panel(form.button, padded("""
            <p>\(form.note)</p>\(postForm(to: "\(seen.approval.link)/\(verb.path)", token: token, """
                \(isTakingBack ? whyField(filled) : textField("why", "原因", value: filled.text("why"), notes: filled.notes("why", hint: "可以不填。"), maxLength: 500))\
                <div class="actions">\(submitButton(form.button, .plain))</div>
                """))
            """))
    }

    // MARK: What is asked for

    private static func content(_ seen: Seen) -> HTML {
        facts(seen.shown.facts + seen.parts.map { part in
            let before = seen.former[part.key]
            let changed: HTML = before.map { $0 == part.text ? "" : "<small class=\"was\">\(tag("有改动", strong: true)) 原为：\($0.isEmpty ? "未填" : $0)</small>" } ?? ""
            let said: HTML = seen.remarks[part.key].map { "<small class=\"said\">退回意见：\($0)</small>" } ?? ""
            return (part.name, "\(part.text.isEmpty ? "未填" : part.text)\(changed)\(said)")
        })
    }

    // MARK: What has happened

    private static func course(_ seen: Seen, _ today: Day) -> [(when: String, what: HTML, who: String?)] {
        var events = seen.deeds.map { deed in
            (when: "\(Clock.day(ofMilliseconds: deed.act.atMilliseconds))", what: "\(word(deed, seen))\(reason(deed))" as HTML,
                who: Optional(deed.standsFor.map { "\(deed.act.who)（代\($0)）" } ?? deed.act.who))
        }
        events += seen.shown.after
        // What is still to come, in its order.
        guard seen.approval.state == .asked else { return events }
        for step in seen.steps where step.state == .open || step.state == .waiting {
            let who = seen.deciders[step.place] ?? ""
            let due: HTML = step.due.map { "，\(Inbox.due($0, today))" } ?? ""
            events.append((when: step.state == .open ? "现在" : "然后", what: "等\(who)决定\(due)", who: nil))
        }
        return events
    }

    private static func reason(_ deed: ApprovalDeed) -> HTML {
        deed.act.why.isEmpty || deed.verb == .ask && deed.round == 1 ? "" : "：\(deed.act.why)"
    }

    private static func word(_ deed: ApprovalDeed, _ seen: Seen) -> String {
        switch deed.verb {
        case .ask: deed.round == 1 ? "提出申请" : "修改后第 \(deed.round) 次提出"
        case .consent: seen.steps.count > 1 ? "第 \((deed.place ?? 0) + 1) 步同意" : "同意"
        case .return: "退回修改"
        case .decline: "不同意"
        case .withdraw: seen.word(deed.act.kind)
        case .takeBack: "撤回决定，重新待办"
        }
    }
}
