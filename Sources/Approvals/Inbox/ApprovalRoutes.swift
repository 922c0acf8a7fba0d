import Access
import Kit
import Register

/// The inbox, one approval, and what is done with it.
package enum ApprovalRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        routes.get("/approvals") { request, signedIn in
            let done = request.query["done"].flatMap { Int($0) }.map { (consented: max(0, $0), refused: [(title: String, sentence: String)]()) }
            return .page(try await inbox(request, signedIn, house, done: done))
        }

        routes.post("/approvals/consent") { form, request, signedIn in
            var consented = 0, refused: [(title: String, sentence: String)] = []
            // Each in an act of its own: one that cannot be does not keep the others, and each can be taken back by itself.
            for chosen in form.all("approval").prefix(Inbox.pageSize) {
                let parts = chosen.split(separator: "~", maxSplits: 1).map(String.init)
                guard parts.count == 2, let id = Int64(parts[0]) else { continue }
                guard let found = try await database.read({ try one(id, signedIn, house, in: $0) }), found.kind.isTogether else {
                    // What is not there, or has been decided by somebody else meanwhile, does not keep the others.
                    guard consented > 0 else { throw WebProblem.missing }
                    refused.append(("一件申请", ApprovalStore.missing.sentence))
                    continue
                }
                do {
                    try await decide(id, .consent, found.kind, digest: parts[1], form, signedIn, house)
                    consented += 1
                } catch let refusal as Refusal { refused.append((found.line.title, refusal.sentence)) }
            }
            if refused.isEmpty, consented > 0 { return .redirect("/approvals?done=\(consented)") }
            var here = request
            here.path = "/approvals"
            return .page(try await inbox(here, signedIn, house, done: (consented, refused)))
        }

        routes.get("/approvals/:approval") { request, signedIn in
            let seen = try await seen(request, signedIn, house)
            try await MessageRoutes.markSeen(seen.approval.link, signedIn, database)
            return .page(ApprovalPages.page(seen, FilledForm(), verb: nil, signedIn))
        }

        for verb in ApprovalVerb.allCases {
            routes.post("/approvals/:approval/\(verb.path)") { form, request, signedIn in
                let seen = try await seen(request, signedIn, house)
                guard seen.kind.verbs.contains(verb), seen.may(verb) else { throw WebProblem.missing }
                return try await FilledForm.answer(
                    form, field: { $0.name == "approval.noReason" ? "why" : seen.kind.field($0) },
                    again: { ApprovalPages.page(try await self.seen(request, signedIn, house), $0, verb: verb, signedIn) }
                ) {
                    try await act(verb, seen, form, signedIn, house)
                    return .redirect(seen.approval.link)
                }
            }
        }

        // Where messages of earlier versions lead.
        for former in Approval.formerly {
            routes.get("/\(former)") { _, _ in .redirect("/approvals") }
            routes.get("/\(former)/:approval") { request, signedIn in
                let link = Approval.link(try request.id("approval"))
                try await MessageRoutes.markSeen(request.path, signedIn, database)
                return .redirect(link)
            }
        }
    }

    private static func act(_ verb: ApprovalVerb, _ seen: ApprovalPages.Seen, _ form: Form, _ signedIn: SignedIn, _ house: House) async throws {
        let id = seen.approval.id, kind = seen.kind
        switch verb {
        case .consent, .return, .decline:
            let remarks = Dictionary(seen.parts.map { ($0.key, form.text("remark.\($0.key)")) }, uniquingKeysWith: { first, _ in first })
            try await decide(id, verb, kind, digest: form.text("digest"), remarks: remarks, form, signedIn, house)
        case .ask:
            try await house.database.write(signedIn.act(kind.acts[.ask] ?? "", why: form.why())) { db in
                try Deciding.askAgain(id, form, ApprovalEye(signedIn, house, in: db), in: db)
            }
        case .withdraw:
            try await house.database.write(signedIn.act(kind.acts[.withdraw] ?? "", why: form.text("why"))) { db in
                try Deciding.withdraw(id, form, ApprovalEye(signedIn, house, in: db), in: db)
            }
        case .takeBack:
            try await house.database.write(signedIn.act(kind.acts[.takeBack] ?? "undo", why: form.why())) { db in
                try Deciding.takeBack(id, ApprovalEye(signedIn, house, in: db), in: db)
            }
        }
    }

    private static let longestRemark = 200

    private static func decide(
        _ id: Int64, _ verb: ApprovalVerb, _ kind: ApprovalKind, digest: String, remarks: [String: String] = [:], _ form: Form, _ signedIn: SignedIn, _ house: House
    ) async throws {
        for remark in remarks.values where !remark.fits(longestRemark) {
            throw Refusal("approval.remark", "有一条意见超过 \(longestRemark) 个字；请写短一些。")
        }
        let said = verb == .return ? remarks.filter { !$0.value.isEmpty } : [:]
        try await house.database.write(signedIn.act(kind.acts[verb] ?? "", why: form.text("why"))) { db in
            try Deciding.decide(id, verb, digest: digest, remarks: said, form, ApprovalEye(signedIn, house, in: db), in: db)
        }
    }

    // MARK: - what is shown

    /// A page of the inbox.
    package static func inbox(
        _ request: WebRequest, _ signedIn: SignedIn, _ house: House, done: (consented: Int, refused: [(title: String, sentence: String)])? = nil
    ) async throws -> Page {
        let view = Inbox.View(rawValue: request.query.text("view")) ?? .waiting, ask = request.list, limit = Inbox.pageSize
        let kinds = house.features.approvalKinds, kind = kinds.first { $0.key.rawValue == request.query.text("kind") }
        return try await house.database.read { db in
            let eye = try ApprovalEye(signedIn, house, in: db)
            var asked = InboxPages.Asked(view: view, kind: kind, kinds: kinds.filter { signedIn.scope.isAnywhere($0.right) }, counts: try Inbox.counts(eye.turns, house, in: db), lacksFactor: eye.turns.lacksFactor, done: done)
            var rows: [(approval: Approval, step: ApprovalStep?)] = [], returned: [(approval: Approval, step: ApprovalStep?)] = []
            switch view {
            case .waiting:
                let found = try Inbox.waiting(kind?.key, after: ask.after, limit: limit + 1, eye, in: db)
                asked.next = found.count > limit ? Inbox.key(found[limit - 1]) : nil
                let approvals = try ApprovalStore.approvals(found.prefix(limit).map(\.approvalID), in: db)
                rows = found.prefix(limit).compactMap { one in approvals[one.approvalID].map { ($0, one.step) } }
                if ask.after == nil { returned = try Inbox.returned(kind?.key, eye, in: db).map { ($0, nil) } }
            // Whoever holds nothing has nothing to do with units' approvals.
            case .asked where signedIn.grants.isEmpty, .decided where signedIn.grants.isEmpty && eye.turns.standsFor.isEmpty: break
            case .asked, .decided:
                let found = try ApprovalStore.approvals(
                    view == .asked ? .open : .ended, kind?.key, after: ask.after.flatMap { Int64($0) }, limit: limit + 1, within: reach(eye, in: db), in: db
                ) { one in
                    try view == .asked
                        ? isOurs(one, eye) && Deciding.turn(ApprovalStore.steps(of: one, in: db), eye) == nil : isSeen(one, eye, in: db)
                }
                asked.next = found.count > limit ? "\(found[limit - 1].id)" : nil
                rows = found.prefix(limit).map { ($0, nil) }
            }
            return InboxPages.list(asked, returned: try Inbox.rows(returned, eye, in: db), try Inbox.rows(rows, eye, in: db), ask, signedIn)
        }
    }

    private static func isOurs(_ approval: Approval, _ eye: ApprovalEye) -> Bool {
        guard let kind = eye.house.features.kind(of: approval) else { return false }
        return eye.scope.covers(approval.organizationID, for: kind.right)
    }

    /// Whether somebody may open it: at either unit, who asked for themselves, whose turn a step is, was or will be, and whom the kind lets in.
    private static func isSeen(_ approval: Approval, _ eye: ApprovalEye, in db: Reading) throws -> Bool {
        guard let kind = eye.house.features.kind(of: approval) else { return false }
        if isOurs(approval, eye) || eye.scope.covers(approval.deciderID, for: kind.right) { return true }
        if try eye.isAsker(of: approval, kind, in: db) { return true }
        for step in try ApprovalStore.steps(of: approval, in: db) {
            guard let turn = eye.turns.turn(of: step.decider) else { continue }
            // Whoever stands in for somebody sees what is to be decided and what they decided, not all that ever was.
            if turn.standsFor == nil || step.state == .open { return true }
            if try ApprovalStore.deeds(of: approval.id, in: db).contains(where: { $0.place == step.place && $0.accountID == eye.signedIn.account.id }) { return true }
        }
        return try kind.isSeen(approval, eye, db)
    }

    /// Where everything lies of which `isSeen` may hold.
    private static func reach(_ eye: ApprovalEye, in db: Reading) throws -> ApprovalStore.Reach {
        let tree = eye.signedIn.scope.tree, grants = eye.turns.standsFor.reduce(eye.signedIn.grants) { $0 + $1.grants }
        let tops = Set(grants.map(\.organizationID))
        var units = Set(tops.flatMap { tree.subtree(of: $0).map(\.id) })
        for id in tree.absent.keys { if let standing = tree.standing(id), units.contains(standing) { units.insert(id) } }
        var reach = ApprovalStore.Reach(units: units.sorted())
        reach.files = eye.turns.allFiles
        reach.accounts = [eye.signedIn.account.id]
        reach.others = try eye.house.features.approvalKinds.flatMap { try $0.seen(eye, db) }
        return reach
    }

    /// An approval with its line, for whoever may open it.
    private static func one(_ id: Int64, _ signedIn: SignedIn, _ house: House, in db: Reading) throws -> (approval: Approval, kind: ApprovalKind, line: ApprovalLine, eye: ApprovalEye)? {
        let eye = try ApprovalEye(signedIn, house, in: db)
        guard let approval = try ApprovalStore.approval(id, in: db), let kind = house.features.kind(of: approval), try isSeen(approval, eye, in: db),
            let line = try kind.lines([approval], eye, db).first
        else { return nil }
        return (approval, kind, line, eye)
    }

    private static func seen(_ request: WebRequest, _ signedIn: SignedIn, _ house: House) async throws -> ApprovalPages.Seen {
        let id = try request.id("approval")
        return try await house.database.read { db in
            guard let (approval, kind, line, eye) = try one(id, signedIn, house, in: db) else { throw WebProblem.missing }
            // Who it is stands on the page: that it was looked at is on record like the file.
            if let person = line.person { signedIn.looks.add(person) }
            let steps = try ApprovalStore.steps(of: approval, in: db), deeds = try ApprovalStore.deeds(of: id, in: db)
            var former = approval
            former.content = try approval.round > 1 ? ApprovalStore.content(of: id, round: approval.round - 1, in: db) ?? approval.content : approval.content
            let turn = approval.state == .asked ? Deciding.turn(steps, eye) : nil
            let mayTakeBack = try approval.state == .consented && kind.takingBack != nil
                ? kind.takingBack?.isAllowed(approval, eye, db) ?? false
                : Deciding.mayTakeBack(approval, deeds.last, steps, eye)
            return ApprovalPages.Seen(
                approval: approval, kind: kind, line: line, shown: try kind.shown(approval, line, eye, db), parts: try kind.parts(approval, eye, db),
                former: approval.round > 1 ? Dictionary(try kind.parts(former, eye, db).map { ($0.key, $0.text) }, uniquingKeysWith: { first, _ in first }) : [:],
                deeds: deeds, deciders: try deciders(steps, approval, eye, in: db), steps: steps, turn: turn?.0, standsFor: turn?.1.standsFor?.account.displayName,
                isAsker: try eye.isAsker(of: approval, kind, in: db),
                isDecider: Deciding.isDecider(steps, eye), isOwnMatter: try kind.people(approval).contains { try signedIn.isOwn($0, in: db) },
                word: { [features = house.features] in features.word(ofAct: $0) }, mayTakeBack: mayTakeBack && kind.verbs.contains(.takeBack))
        }
    }

    /// Who is to decide each step that is not decided, in words: the role at the unit, with names where the reader sees the unit.
    private static func deciders(_ steps: [ApprovalStep], _ approval: Approval, _ eye: ApprovalEye, in db: Reading) throws -> [Int: String] {
        var found: [Int: String] = [:]
        for step in steps where step.state == .open || step.state == .waiting {
            switch step.decider {
            case .person(let id): found[step.place] = try RosterStore.living(id, in: db)?.name ?? ""
            case .role(let role, let unit):
                // Where somebody is stays with those who know it.
                guard isOurs(approval, eye) && unit == approval.organizationID || eye.scope.covers(unit, for: .seeing) else {
                    found[step.place] = role.word
                    continue
                }
                found[step.place] = "“\(eye.scope.name(unit))”的\(role.word)"
            }
        }
        return found
    }
}
