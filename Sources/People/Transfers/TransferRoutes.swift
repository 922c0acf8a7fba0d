import Access
import Approvals
import Kit
import Register

/// 调入申请, for a side post too: asked by the unit that wants somebody, decided by the unit that keeps them or by one above both.
package enum TransferRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, words = house.words, numbers = house.numbers
        routes.get("/requests") { request, signedIn in
            let view = TransferPages.View(rawValue: request.query.text("view")) ?? .waiting
            return .page(try await database.read { db in
                let scope = ScopeOverTime(signedIn.scope)
                let found = try RequestStore.requests(
                    view == .decided ? .decided : .open, .transfer, after: request.list.after.flatMap { Int64($0) }, limit: ListAsk.pageSize + 1, in: db
                ) { isIn(view, $0, scope) }
                let shown = try self.shown(Array(found.prefix(ListAsk.pageSize)), signedIn, scope, words, in: db)
                var counts: [TransferPages.View: Int] = [:]
                let open = try RequestStore.requests(.open, .transfer, limit: 1000, in: db) { isIn(.waiting, $0, scope) || isIn(.asked, $0, scope) }
                for view in [TransferPages.View.waiting, .asked] { counts[view] = open.count { isIn(view, $0, scope) } }
                return TransferPages.list(
                    view, shown, counts: counts, next: found.count > shown.count ? shown.last.map { "\($0.request.id)" } : nil,
                    mayAsk: signedIn.scope.isAnywhere(.keeping), ask: request.list)
            })
        }

        routes.get("/requests/:request") { request, signedIn in
            let shown = try await one(request, signedIn, words, database)
            try await MessageRoutes.markSeen(shown.link, signedIn, database)
            return .page(TransferPages.request(shown, FilledForm(), deed: nil, signedIn.token))
        }

        for (path, state) in [("consent", Request.State.consented), ("decline", .declined), ("withdraw", .withdrawn), ("reopen", .asked)] {
            routes.post("/requests/:request/\(path)") { form, request, signedIn in
                let shown = try await one(request, signedIn, words, database), id = shown.request.id
                guard state == .withdrawn ? shown.mayWithdraw : shown.mayDecide else { throw WebProblem.missing }
                return try await FilledForm.answer(
                    form, field: { $0.name == "request.noReason" || $0.name == "form.why" ? "why" : "" },
                    again: { TransferPages.request(try await one(request, signedIn, words, database), $0, deed: state, signedIn.token) }
                ) {
                    if state == .asked {
                        try await database.write(signedIn.act("undo", why: form.why())) { db in try TransferStore.reopen(id, house.features.keepers, by: signedIn, in: db) }
                    } else {
                        try await database.write(signedIn.act("request.\(path)", why: form.text("why"))) { db in
                            if state != .withdrawn { try TransferStore.checkNotOwn(shown.request, by: signedIn, in: db) }
                            if state == .consented { try TransferStore.checkSecond(shown.request, by: signedIn, in: db) }
                            try TransferStore.decide(id, state, in: db)
                        }
                    }
                    return .redirect(shown.link)
                }
            }
        }

        addAsking(to: routes, database, words, numbers)
    }

    // MARK: Asking

    /// Somebody found by whole number and name, and how the post could begin.
    private enum Found: Sendable {
        case nobody
        /// The account keeps the file: the post is begun there.
        case own(Int64)
        case elsewhere(Int64, isFree: Bool, superior: String?)
    }

    private static func addAsking(to routes: Routes<SignedIn>, _ database: Database, _ words: RosterWords, _ numbers: PersonalNumbers) {
        routes.get("/transfers/new") { _, signedIn in
            .page(TransferPages.find(FilledForm(), isNobody: false, signedIn.token))
        }

        routes.post("/transfers/find") { form, _, signedIn in
            // Who looks for whom outside is on record, found or not.
            let found = try await database.write(signedIn.act("person.lookup", isEvent: true)) { db in
                let found = try find(form, signedIn, numbers, in: db)
                if case .elsewhere(let id, _, _) = found { try db.change("lookup", id, before: nil, after: RowImage(["found": .int(1)]).json) }
                return found
            }
            let filled = FilledForm(form, field: "-", sentence: "")
            switch found {
            case .nobody: return .page(TransferPages.find(filled, isNobody: true, signedIn.token))
            case .own(let id): return .redirect("/people/\(id)/appoint")
            case .elsewhere(_, let isFree, let superior):
                return .page(TransferPages.ask(filled, isFree: isFree, superior: superior, words: words, signedIn.scope, signedIn.token))
            }
        }

        routes.post("/transfers") { form, _, signedIn in
            switch try await database.read({ db in try find(form, signedIn, numbers, in: db) }) {
            case .nobody:
                try await database.write(signedIn.act("person.lookup", isEvent: true)) { _ in }
                return .page(TransferPages.find(FilledForm(form, field: "-", sentence: ""), isNobody: true, signedIn.token))
            case .own(let id): return .redirect("/people/\(id)/appoint")
            case .elsewhere(let id, let isFree, let superior):
                return try await FilledForm.answer(
                    form, field: PersonForm.field,
                    again: { TransferPages.ask($0, isFree: isFree, superior: superior, words: words, signedIn.scope, signedIn.token) }
                ) {
                    var post = try PersonForm.post(form, person: id, scope: signedIn.scope, words: words)
                    post.isPrimary = form.text("manner") != "also"
                    let wanted = post
                    let asked = try await database.write(signedIn.act(wanted.isPrimary ? "request.transfer" : "request.side", why: form.why())) { db in
                        try TransferStore.begin(wanted, by: signedIn, in: db)
                    }
                    return .redirect(asked.map { "/requests/\($0)" } ?? "/people/\(id)")
                }
            }
        }
    }

    private static func find(_ form: Form, _ signedIn: SignedIn, _ numbers: PersonalNumbers, in db: Reading) throws -> Found {
        guard let number = try? IDNumber(form.text("number"), today: signedIn.today), let name = try? PersonName.checked(form.text("name")) else { return .nobody }
        let index = numbers.index(idNumber: number.text)
        guard let (person, borne) = try RosterStore.bearers(of: [index], in: db)[index], borne.contains(name) else { return .nobody }
        let posts = try RosterStore.appointments(of: [person.id], in: db), scope = ScopeOverTime(signedIn.scope)
        if PersonSight(posts, scope, today: signedIn.today)?.mayKeep == true { return .own(person.id) }
        let old = Transfer.present(posts, today: signedIn.today)
        let own = signedIn.scope.topUnits(for: .keeping).first?.id
        let superior: String? = try own.flatMap { own in
            guard let unit = old.flatMap({ scope.standing($0.organizationID) }) else { return nil }
            return try Superiors(signedIn.scope.tree, in: db).officer(above: own, and: unit)
        }
        return .elsewhere(person.id, isFree: old == nil, superior: superior)
    }

    // MARK: What is shown

    private static func isIn(_ view: TransferPages.View, _ request: Request, _ scope: ScopeOverTime) -> Bool {
        switch view {
        case .waiting: scope.covers(request.deciderID, for: .keeping)
        case .asked: scope.covers(request.organizationID, for: .seeing) && !scope.covers(request.deciderID, for: .keeping)
        case .decided: scope.covers(request.organizationID, for: .seeing) || scope.covers(request.deciderID, for: .seeing)
        }
    }

    private static func one(_ request: WebRequest, _ signedIn: SignedIn, _ words: RosterWords, _ database: Database) async throws -> TransferPages.Shown {
        let id = try request.id("request")
        return try await database.read { db in
            let scope = ScopeOverTime(signedIn.scope)
            guard let found = try RequestStore.request(id, in: db), found.kind == .transfer, isIn(.decided, found, scope), let shown = try shown([found], signedIn, scope, words, in: db).first
            else { throw WebProblem.missing }
            // Who it is, from where to where: that it was looked at is on record like the file.
            if let person = try RosterStore.living(found.subjectID, in: db), !person.isErased { signedIn.looks.add(person.id) }
            return shown
        }
    }

    private static func shown(_ requests: [Request], _ signedIn: SignedIn, _ scope: ScopeOverTime, _ words: RosterWords, in db: Reading) throws -> [TransferPages.Shown] {
        let people = try RosterStore.people(requests.map(\.subjectID), in: db)
        let posts = Dictionary(grouping: try RosterStore.appointments(of: requests.map(\.subjectID), in: db), by: \.personID)
        return try requests.map { request in
            let knowsFrom = scope.covers(request.deciderID, for: .seeing) || request.state == .consented
            let isSeen = PersonSight(posts[request.subjectID] ?? [], scope, today: signedIn.today) != nil
            return TransferPages.Shown(
                request: request, post: RosterStore.appointment(request.content), name: people[request.subjectID]?.name ?? "",
                personLink: isSeen ? "/people/\(request.subjectID)" : nil, to: scope.name(request.organizationID),
                from: knowsFrom ? scope.name(request.deciderID) : nil, steps: try RequestStore.steps(of: request.id, in: db), words: words,
                mayDecide: scope.covers(request.deciderID, for: .keeping), mayWithdraw: scope.covers(request.organizationID, for: .keeping),
                mayReopen: TransferStore.mayReopen(request, scope))
        }
    }

    /// How many requests wait for somebody, for the menu.
    package static func waiting(for signedIn: SignedIn, in db: Reading) throws -> Int {
        guard signedIn.scope.isAnywhere(.keeping) else { return 0 }
        return try RequestStore.countToDecide(.transfer, in: db) { signedIn.scope.covers($0, for: .keeping) }
    }
}
