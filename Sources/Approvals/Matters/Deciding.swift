import Access
import Accounts
import Kit
import Register

/// Asking, deciding, withdrawing and taking back: every way in comes here, and what a kind has to say is asked here.
package enum Deciding {
    // MARK: - asking

    /// Asks for the first time: the steps are those of today. The index `approval_open` keeps two open ones of a kind about one thing apart.
    /// Where `eye` says who asks, somebody must be there to decide, and those whose turn it is are told. Refusals `approval.noStep`, `.noHolder`, `.noPerson`, `.noAccount`.
    @discardableResult
    package static func ask(
        _ key: Approval.Key, about subject: Int64, from organization: Int64, decider: Int64, _ content: RowImage, _ house: House, by eye: ApprovalEye? = nil, in db: Writing
    ) throws -> Approval {
        let approval = Approval(id: db.nextID(), kind: key, subjectID: subject, organizationID: organization, deciderID: decider, content: content)
        let tree = try eye?.signedIn.scope.tree ?? OrganizationStore.tree(on: Clock.day(ofMilliseconds: db.now), in: db)
        let steps = try opened(approval, house, tree, in: db)
        if eye != nil { try Seats.checkHeld(steps, asking: organization, tree, in: db) }
        try ApprovalStore.put(approval, steps, in: db)
        if let eye { try tellTurn(approval, steps, eye, in: db) }
        return approval
    }

    /// Asks again with other content, in a new round that is undecided: after it was sent back, or while it is being decided.
    /// Refusals `approval.decided`, `approval.unchanged`, `approval.rounds`, and what the kind refuses.
    package static func askAgain(_ id: Int64, _ form: Form, _ eye: ApprovalEye, in db: Writing) throws {
        let (old, kind) = try found(id, eye.house, in: db)
        guard kind.verbs.contains(.ask), try eye.isAsker(of: old, kind, in: db) else { throw WebProblem.missing }
        guard old.state.isOpen else { throw ended(old) }
        let own = ApprovalDecider(eye: eye, standsFor: nil)
        try kind.check(old, .ask, form, own, db)
        let content = try kind.amended(old, form, eye, db)
        guard old.state == .returned || content.sorted != old.content.sorted else {
            throw Refusal("approval.unchanged", "内容没有改动，还是原来的申请在办；要改的请改好再提，不改的不用再提。")
        }
        var new = old
        (new.state, new.round, new.turn, new.content) = (.asked, old.round + 1, 1, content)
        guard new.round <= 1000 else { throw Refusal("approval.rounds", "这份申请已经改过太多次；请撤销后另提一份。") }
        // What nobody can decide about any more is not asked about: those of the former round lose their turn.
        let former = try ApprovalStore.steps(of: old, in: db)
        let steps = try opened(new, eye.house, eye.signedIn.scope.tree, in: db)
        try Seats.checkHeld(steps, asking: new.organizationID, eye.signedIn.scope.tree, in: db)
        try ApprovalStore.putAgain(new, after: old, former, steps, in: db)
        try tellTurn(new, steps, eye, in: db)
        try tellAskers(new, kind, "有了改动，已重新提出。", eye, in: db)
        let next = Set(steps.filter { $0.state == .open }.map(\.decider))
        try tell(of: former.filter { $0.state == .open && !next.contains($0.decider) }, new, kind, "有了改动，已重新提出；现在不用您办，轮到时再通知您。", eye, in: db)
    }

    /// The rules for an approval that is asked by a unit, or by what stands for it where it is no more.
    static func rules(for approval: Approval, _ house: House, _ tree: OrgTree) -> StepRules.Course {
        let asking = tree.standing(approval.organizationID) ?? approval.organizationID
        return house.steps.course(of: approval.kind.rawValue, along: tree.path(to: asking).map(\.code), on: tree.day)
    }

    /// The steps of a new round with those of the first turn open.
    private static func opened(_ approval: Approval, _ house: House, _ tree: OrgTree, in db: Reading) throws -> [ApprovalStep] {
        let course = rules(for: approval, house, tree)
        var steps: [ApprovalStep] = []
        for (index, turn) in course.enumerated() {
            for step in turn {
                let decider: ApprovalStep.Decider
                switch step.decider {
                case .role(let role, let place): decider = .role(role, at: Seats.unit(place, of: approval, tree))
                case .person(let column):
                    guard let person = approval.content.int(column), try RosterStore.person(person, in: db) != nil else {
                        throw Refusal("approval.noPerson", "还没有选由谁决定；请选好再提出申请。")
                    }
                    decider = .person(person)
                }
                // Two places of the rules may be one unit: it is asked once in a turn.
                guard !steps.contains(where: { $0.turn == index + 1 && $0.decider == decider }) else { continue }
                steps.append(ApprovalStep(place: steps.count, turn: index + 1, decider: decider, within: step.within, remind: step.remind))
            }
        }
        guard !steps.isEmpty else { throw Refusal("approval.noStep", "还没有规定这种申请由谁决定（approvals.yaml），没有提出；请告诉系统管理员。") }
        return ApprovalCourse.opening(1, steps, on: tree.day, until: house.features.kind(of: approval)?.due(approval))
    }

    // MARK: - deciding

    /// Consent, return or refusal by whoever's turn it is, or in whose absence. `digest` is that of the content the decision was made on.
    /// Refusals `approval.decided`, `.changed`, `.noReason`, `.own`, `.twice`, those of `Independence`, and what the kind refuses.
    package static func decide(_ id: Int64, _ verb: ApprovalVerb, digest: String, remarks: [String: String] = [:], _ form: Form, _ eye: ApprovalEye, in db: Writing) throws {
        let (old, kind) = try found(id, eye.house, in: db)
        guard verb.isDecision, kind.verbs.contains(verb) else { throw WebProblem.missing }
        let steps = try ApprovalStore.steps(of: old, in: db)
        guard isDecider(steps, eye) else { throw WebProblem.missing }
        guard old.state == .asked else { throw ended(old) }
        guard let (step, decider) = turn(steps, eye) else {
            throw Refusal("approval.notYet", "现在没有轮到您：或者前面的步骤还没有办完，或者您的一步已经办过。")
        }
        guard verb == .consent || !db.act.why.isEmpty else {
            throw Refusal("approval.noReason", verb == .return ? "退回时要写明原因，申请单位才知道怎样改" : "不同意时要写明原因，申请的一方会看到")
        }
        try kind.check(old, verb, form, decider, db)
        try check(old, steps, kind, verb, decider, in: db)
        guard digest == old.digest else {
            throw Refusal("approval.changed", "您打开以后，申请的内容有了变动，没有办理；请看过现在的内容再决定。")
        }
        let day = eye.today
        let (now, state, turn) = ApprovalCourse.decided(step.place, verb, steps, on: day, until: kind.due(old))
        var new = old
        (new.state, new.turn) = (state, turn)
        try ApprovalStore.write(new, after: old, now, before: steps, in: db)
        try ApprovalStore.put(verb, new, place: step.place, standsFor: decider.standsFor?.account.id, digest: digest, remarks: remarks, in: db)
        if state == .consented { try kind.consented(old, decider, db) }
        if state == .asked { if turn != old.turn { try tellTurn(new, now, eye, in: db) } } else { try tellEnd(new, kind, decider, in: db) }
    }

    /// The open step that is somebody's turn: one's own before one that is decided in an absence.
    package static func turn(_ steps: [ApprovalStep], _ eye: ApprovalEye) -> (ApprovalStep, ApprovalDecider)? {
        let open = steps.filter { $0.state == .open }.compactMap { step in eye.turn(of: step).map { (step, $0) } }
        return open.first { $0.1.standsFor == nil } ?? open.first
    }

    /// Nobody decides on their own matter, nor twice, nor about what they or those behind them asked: people, not accounts.
    private static func check(
        _ approval: Approval, _ steps: [ApprovalStep], _ kind: ApprovalKind, _ verb: ApprovalVerb, _ decider: ApprovalDecider, in db: Reading
    ) throws {
        let people = try decider.people(in: db), askers = try ApprovalStore.askers(of: approval.id, in: db), now = decider.signedIn.now
        for person in kind.people(approval) {
            guard try !decider.isOwn(person, in: db) else {
                throw Refusal("approval.own", "这是关于您本人的申请，不能由您自己决定。\(try others(approval, than: askers, decider.sides(in: db), in: db, decider))")
            }
            try checkChooser(decider) { try IndependenceStore.side(ofPerson: person, now: now, in: db) }
        }
        let deeds = try ApprovalStore.deeds(of: approval.id, in: db).filter { $0.round == approval.round }
        for step in steps where step.state == .consented {
            guard let deed = deeds.last(where: { $0.verb == .consent && $0.place == step.place }) else { continue }
            // The one who acted, and the one in whose absence: both have spoken.
            for account in [deed.accountID, deed.standsForID].compactMap(\.self) {
                let earlier = try IndependenceStore.oneself(account, in: db)
                guard !people.contains(where: { $0.isSame(as: earlier) }) else {
                    throw Refusal("approval.twice", "前面的一步是您（或您代的人）办的，这一步要由另一个人决定。")
                }
                try checkChooser(decider) { earlier }
                // Where two independent people are asked for, nor may either have brought the other about.
                guard case .independent = kind.second else { continue }
                let former = try IndependenceStore.side(of: account, now: now, in: db)
                guard try !decider.sides(in: db).contains(where: { Independence.tie(asker: former, decider: $0) != nil }) else {
                    throw Refusal("approval.twice", "前面的一步是您办过账号、授权或档案的人办的（或者您的是那个人办的），这一步要由另一个人决定。")
                }
            }
            // Whoever chose the one who decided an earlier step in an absence would decide twice.
            if let absent = deed.standsForID, let substitute = deed.accountID {
                let choosers = try SubstituteStore.choosers(of: substitute, for: absent, on: Clock.day(ofMilliseconds: deed.act.atMilliseconds), in: db)
                guard people.allSatisfy({ $0.accounts.isDisjoint(with: choosers) }) else {
                    throw Refusal("second.substitute", "前面的一步是您选定的代理人办的，这一步要由另一个人决定。")
                }
            }
        }
        guard verb == .consent else { return }
        for asker in askers {
            switch kind.second {
            case .another:
                let asker = try IndependenceStore.oneself(asker, in: db)
                guard !people.contains(where: { asker.isSame(as: $0) }) else { throw Refusal("approval.own", "这是您自己提出的，不能由您自己决定。") }
            case .independent(let isFinal):
                let asker = try IndependenceStore.side(of: asker, now: now, in: db), sides = try decider.sides(in: db)
                for side in sides {
                    try Independence.check(asker: asker, decider: side, isFinal: isFinal) {
                        try others(approval, than: askers, sides, isFinal: isFinal, in: db, decider)
                    }
                }
            }
            try checkChooser(decider) { try IndependenceStore.oneself(asker, in: db) }
        }
    }

    /// Nobody decides by whoever they have chosen to stand in. Refusal `second.substitute`.
    private static func checkChooser(_ decider: ApprovalDecider, _ other: () throws -> Independence.Side) throws {
        guard let absent = decider.standsFor, try !absent.chosenBy.isDisjoint(with: other().accounts) else { return }
        throw Refusal("second.substitute", "您代\(absent.account.displayName)办理，是与这件事有关的人选定的，这一件不能由您决定；请由\(absent.account.displayName)本人或上级办理。")
    }

    /// Who else may decide, in a sentence.
    package static func others(
        _ approval: Approval, than askers: [Int64], _ sides: [Independence.Side], isFinal: Bool = false, in db: Reading, _ decider: ApprovalDecider
    ) throws -> String {
        let signedIn = decider.signedIn, tree = signedIn.scope.tree
        let asker = try IndependenceStore.side(of: askers.last, now: signedIn.now, in: db)
        return try IndependenceStore.others(
            than: asker, sides.first ?? Independence.Side(), at: decider.eye.scope.standing(approval.deciderID).map { tree.path(to: $0) } ?? [], now: signedIn.now,
            today: signedIn.today, isFinal: isFinal, in: db)
    }

    // MARK: - giving up, taking back

    /// Withdraws what is open. Refusal `approval.decided`, and what the kind refuses.
    package static func withdraw(_ id: Int64, _ form: Form, _ eye: ApprovalEye, in db: Writing) throws {
        let (old, kind) = try found(id, eye.house, in: db)
        guard kind.verbs.contains(.withdraw), try eye.isAsker(of: old, kind, in: db) else { throw WebProblem.missing }
        guard old.state.isOpen else { throw ended(old) }
        try kind.check(old, .withdraw, form, ApprovalDecider(eye: eye, standsFor: nil), db)
        let open = try ApprovalStore.steps(of: old, in: db).filter { $0.state == .open }
        try end(old, as: .withdrawn, in: db)
        let text = db.act.why.isEmpty ? "已撤销，不用再办。" : "已撤销，不用再办：\(db.act.why)"
        try tellAskers(old, kind, text, eye, in: db)
        try tell(of: open, old, kind, text, eye, in: db)
    }

    /// Ends an approval without a decision: it was given up, or what it brought about is undone.
    package static func end(_ old: Approval, as state: Approval.State, in db: Writing) throws {
        let steps = try ApprovalStore.steps(of: old, in: db)
        var new = old
        new.state = state
        try ApprovalStore.write(new, after: old, ApprovalCourse.ended(steps), before: steps, in: db)
        try ApprovalStore.put(.withdraw, new, digest: new.digest, in: db)
    }

    /// Takes the last decision back, and what it brought about, where nothing later rests on it. Refusals `approval.undecided`, `approval.withdrawn`, `approval.own`,
    /// and what undoing is refused for.
    package static func takeBack(_ id: Int64, _ eye: ApprovalEye, in db: Writing) throws {
        let (old, kind) = try found(id, eye.house, in: db)
        guard kind.verbs.contains(.takeBack), let last = try ApprovalStore.deeds(of: id, in: db).last else { throw WebProblem.missing }
        let steps = try ApprovalStore.steps(of: old, in: db)
        let decider = steps.first { $0.place == last.place }.flatMap { eye.turn(of: $0) } ?? ApprovalDecider(eye: eye, standsFor: nil)
        if let rule = kind.takingBack, old.state == .consented {
            guard try rule.isAllowed(old, eye, db) || isDecider(steps, eye) else { throw WebProblem.missing }
            try rule.takeBack(old, last.act.id, decider, db)
            return try tellReopened(last, kind, eye, of: id, in: db)
        }
        guard mayTakeBack(old, last, steps, eye) else {
            guard isDecider(steps, eye) else { throw WebProblem.missing }
            throw old.state == .withdrawn
                ? Refusal("approval.withdrawn", "这份申请是申请的一方自己撤销的，不能重新办理；仍然需要的，由申请的一方另提一份。")
                : Refusal("approval.undecided", "这份申请还在办，没有可以撤回的决定")
        }
        guard try !kind.people(old).contains(where: { try decider.isOwn($0, in: db) }) else { throw Refusal("approval.own", "这是关于您本人的申请，不能由您自己决定。") }
        try kind.check(old, .takeBack, Form(), decider, db)
        // Somebody else's "no" is not taken back by whoever it was said to.
        if last.accountID != eye.signedIn.account.id {
            let people = try decider.people(in: db)
            for asker in try ApprovalStore.askers(of: id, in: db) {
                let asker = try IndependenceStore.oneself(asker, in: db)
                guard !people.contains(where: { $0.isSame(as: asker) }) else { throw Refusal("approval.own", "这是您自己提出的，别人的决定不能由您撤回。") }
            }
        }
        try Undo.undo(act: last.act.id, keepers: eye.house.features.keepers, in: db, day: Clock.day(ofMilliseconds:))
        if let absent = decider.standsFor { try ApprovalStore.note(takenBackFor: absent.account.id, of: id, in: db) }
        try tellReopened(last, kind, eye, of: id, in: db)
    }

    /// Whether the last deed is a decision about a step that somebody may decide.
    package static func mayTakeBack(_ approval: Approval, _ last: ApprovalDeed?, _ steps: [ApprovalStep], _ eye: ApprovalEye) -> Bool {
        guard let last, last.verb.isDecision, last.round == approval.round, let step = steps.first(where: { $0.place == last.place }) else { return false }
        return eye.turn(of: step) != nil
    }

    /// Whether somebody has, had or will have a turn.
    package static func isDecider(_ steps: [ApprovalStep], _ eye: ApprovalEye) -> Bool {
        steps.contains { eye.turn(of: $0) != nil }
    }

    // MARK: -

    private static func found(_ id: Int64, _ house: House, in db: Reading) throws -> (Approval, ApprovalKind) {
        guard let approval = try ApprovalStore.approval(id, in: db), let kind = house.features.kind(of: approval) else { throw ApprovalStore.missing }
        return (approval, kind)
    }

    package static func ended(_ approval: Approval) -> Refusal {
        approval.state == .returned
            ? Refusal("approval.decided", "这份申请已经退回修改，等提出的一方改好再提；本页显示的就是现在的情况")
            : Refusal("approval.decided", "这份申请\(approval.state.word)，不用再办；本页显示的就是结果")
    }

    // MARK: - who is told

    /// Tells those whose turn it is now, and those who stand in for them.
    package static func tellTurn(_ approval: Approval, _ steps: [ApprovalStep], _ eye: ApprovalEye, note: String = "", in db: Writing) throws {
        guard let line = try eye.house.features.kind(of: approval)?.lines([approval], eye, db).first else { return }
        for step in steps where step.state == .open {
            try tell(step, approval, "\(line.asks)；请办理。\(note)", kind: "approval.asked", tree: eye.signedIn.scope.tree, besides: eye.signedIn.account.id, in: db)
        }
    }

    static func tell(_ step: ApprovalStep, _ approval: Approval, _ text: String, kind: String, tree: OrgTree, besides: Int64?, in db: Writing) throws {
        switch step.decider {
        case .person(let person): try MessageStore.send(to: .person(person), kind: kind, text, link: approval.link, in: db)
        case .role(let role, let unit):
            let accounts = try Seats.holders(role, at: unit, asking: approval.organizationID, tree, in: db)
            for account in Set(accounts).union(try SubstituteStore.substitutes(of: accounts, on: tree, in: db)).sorted() where account != besides {
                try MessageStore.send(to: .account(account), kind: kind, text, link: approval.link, in: db)
            }
        }
    }

    /// Tells those who had the turn at steps what has become of the matter.
    private static func tell(of steps: [ApprovalStep], _ approval: Approval, _ kind: ApprovalKind, _ what: String, _ eye: ApprovalEye, in db: Writing) throws {
        guard !steps.isEmpty else { return }
        let text = try kind.matter(approval, db) + what
        for step in steps {
            try tell(step, approval, text, kind: "approval.\(approval.state.rawValue)", tree: eye.signedIn.scope.tree, besides: eye.signedIn.account.id, in: db)
        }
    }

    /// Tells whoever asked, and the one whose decision it was, that it stands no more. What a kind ended instead it tells of itself.
    private static func tellReopened(_ last: ApprovalDeed, _ kind: ApprovalKind, _ eye: ApprovalEye, of id: Int64, in db: Writing) throws {
        guard let approval = try ApprovalStore.approval(id, in: db), approval.state == .asked else { return }
        try tellAskers(approval, kind, "的决定已撤回，重新办理：\(db.act.why)", eye, besides: [last.accountID].compactMap(\.self), in: db)
    }

    /// Tells whoever asked, and some besides, what somebody else has done with it.
    private static func tellAskers(_ approval: Approval, _ kind: ApprovalKind, _ what: String, _ eye: ApprovalEye, besides more: [Int64] = [], in db: Writing) throws {
        let others = Set(try ApprovalStore.askers(of: approval.id, in: db) + more).subtracting([eye.signedIn.account.id])
        guard !others.isEmpty else { return }
        let text = try kind.matter(approval, db) + what
        for asker in others.sorted() { try MessageStore.send(to: .account(asker), kind: "approval.\(approval.state.rawValue)", text, link: approval.link, in: db) }
    }

    private static func tellEnd(_ approval: Approval, _ kind: ApprovalKind, _ decider: ApprovalDecider, in db: Writing) throws {
        if let tell = kind.tell { return try tell(approval, decider, db) }
        let matter = try kind.matter(approval, db)
        for asker in Set(try ApprovalStore.askers(of: approval.id, in: db)).sorted() {
            let outcome = switch approval.state {
            case .consented: "已同意。"
            case .returned: "已退回修改：\(db.act.why)"
            default: "没有同意：\(db.act.why)"
            }
            try MessageStore.send(to: .account(asker), kind: "approval.\(approval.state.rawValue)", matter + outcome, link: approval.link, in: db)
        }
    }
}
