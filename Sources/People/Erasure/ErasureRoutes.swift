import Access
import Approvals
import Kit
import Register

/// 依法删除: asked by an officer over the person's primary unit, decided by another one above it, carried out after a time
/// in which it can be undone.
package enum ErasureRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        addAsking(to: routes, house)
        addDeciding(to: routes, house)
    }

    private static func addAsking(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        typealias Asked = (shown: ShownFile, state: Erasure.State, answers: [Erasure.Ground: String], decider: String)
        @Sendable func asked(_ request: WebRequest, _ signedIn: SignedIn) async throws -> Asked {
            let id = try request.id("person"), today = signedIn.today
            return try await database.read { db in
                let shown = try ShownFile.read(id, signedIn, .keepingFacts, house.words, house.numbers, in: db)
                let state = try ErasureStore.state(of: shown.person, house, today: today, in: db), scope = ScopeOverTime(signedIn.scope)
                var answers: [Erasure.Ground: String] = [:]
                for ground in Erasure.Ground.allCases {
                    do throws(Refusal) { try Erasure.check(ground, state, years: house.retentionYears, today: today) } catch { answers[ground] = error.sentence }
                }
                let home = shown.file.posts.home(on: today).flatMap { scope.standing($0.organizationID) }
                return (shown, state, answers, home.map { scope.name(Erasure.decider(of: $0, signedIn.scope.tree)) } ?? "上级单位")
            }
        }

        routes.get("/people/:person/erase") { request, signedIn in
            let found = try await asked(request, signedIn)
            return .page(ErasurePages.ask(found.shown, found.state, answers: found.answers, decider: found.decider, FilledForm(), signedIn.token))
        }
        routes.post("/people/:person/erase") { form, request, signedIn in
            let found = try await asked(request, signedIn)
            return try await FilledForm.answer(
                form, field: { $0.name == "erasure.noGround" ? "ground" : PersonForm.field($0) },
                again: { ErasurePages.ask(found.shown, found.state, answers: found.answers, decider: found.decider, $0, signedIn.token) }
            ) {
                guard let ground = Erasure.Ground(rawValue: form.text("ground")) else { throw Refusal("erasure.noGround", "还没有选属于哪一种情形；请选一项。") }
                let why = try form.why(), person = found.shown.person
                let id = try await database.write(signedIn.act("erasure.ask", why: why)) { db in
                    try ErasureStore.ask(person, ground, house, by: signedIn, in: db)
                }
                return .redirect(ErasureStore.link(id))
            }
        }
    }

    private static func addDeciding(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        routes.get("/erasures") { _, signedIn in
            let shown = try await database.read { db in
                let scope = ScopeOverTime(signedIn.scope)
                return try [RequestStore.Which.open, .decided].flatMap { which in
                    try RequestStore.requests(which, .erasure, in: db) { (try? isSeen($0, scope, in: db)) ?? false }.map { try self.shown($0, signedIn, scope, house, in: db) }
                }
            }
            return .page(ErasurePages.list(shown, waiting: shown.count { $0.mayDecide && $0.request.state == .asked }))
        }

        @Sendable func one(_ request: WebRequest, _ signedIn: SignedIn) async throws -> ErasurePages.Shown {
            let id = try request.id("erasure")
            return try await database.read { db in
                let scope = ScopeOverTime(signedIn.scope)
                guard let found = try RequestStore.request(id, in: db), found.kind == .erasure, try isSeen(found, scope, in: db) else { throw WebProblem.missing }
                let shown = try self.shown(found, signedIn, scope, house, in: db)
                // Name and what the file holds stand on the page.
                if !shown.person.isErased { signedIn.looks.add(shown.person.id) }
                return shown
            }
        }
        routes.get("/erasures/:erasure") { request, signedIn in
            let shown = try await one(request, signedIn)
            try await MessageRoutes.markSeen(shown.link, signedIn, database)
            return .page(ErasurePages.one(shown, FilledForm(), deed: nil, signedIn.token))
        }
        routes.post("/erasures/:erasure/undo") { form, request, signedIn in
            let shown = try await one(request, signedIn)
            return try await FilledForm.answer(form, field: PersonForm.field, again: { ErasurePages.one(shown, $0, deed: nil, signedIn.token) }) {
                try await database.write(signedIn.act("erasure.undo", why: form.why())) { db in try ErasureStore.undo(shown.request, in: db) }
                return .redirect(shown.link)
            }
        }
        for (path, state) in [("consent", Request.State.consented), ("decline", .declined), ("withdraw", .withdrawn)] {
            routes.post("/erasures/:erasure/\(path)") { form, request, signedIn in
                let shown = try await one(request, signedIn)
                guard state == .withdrawn ? shown.mayWithdraw : shown.mayDecide else { throw WebProblem.missing }
                return try await FilledForm.answer(
                    form, field: { $0.name == "erasure.name" ? "name" : $0.name == "request.noReason" ? "why" : "" },
                    again: { ErasurePages.one(shown, $0, deed: state, signedIn.token) }
                ) {
                    if state == .consented, shown.request.state == .asked, form.text("name") != shown.person.name {
                        throw Refusal("erasure.name", "写的姓名与要删除的档案不同，没有删除；请照抄一遍。")
                    }
                    try await database.write(signedIn.act("erasure.\(path)", why: form.text("why"))) { db in
                        switch state {
                        case .consented: try ErasureStore.consent(shown.request, house, by: signedIn, in: db)
                        case .declined: try ErasureStore.decline(shown.request, in: db)
                        default: try RequestStore.decide(shown.request.id, state, word: ErasureStore.word, in: db)
                        }
                    }
                    return .redirect(shown.link)
                }
            }
        }
    }

    /// Those who ask, who decide, and every officer over a unit in which the person has or had a post.
    private static func isSeen(_ request: Request, _ scope: ScopeOverTime, in db: Reading) throws -> Bool {
        try scope.covers(request.organizationID, for: .keeping) || scope.covers(request.deciderID, for: .keeping)
            || RosterStore.appointments(of: [request.subjectID], in: db).contains { scope.covers($0.organizationID, for: .keeping) }
    }

    private static func shown(
        _ request: Request, _ signedIn: SignedIn, _ scope: ScopeOverTime, _ house: House, in db: Reading
    ) throws -> ErasurePages.Shown {
        guard let person = try RosterStore.person(request.subjectID, in: db) else { throw WebProblem.missing }
        let wait = try ErasureStore.wait(of: request.id, in: db)
        return ErasurePages.Shown(
            request: request, steps: try RequestStore.steps(of: request.id, in: db), wait: wait, person: person, unit: scope.name(request.organizationID),
            decider: scope.name(request.deciderID),
            state: request.state == .asked || wait?.state == .waiting ? try ErasureStore.state(of: person, house, today: signedIn.today, in: db) : Erasure.State(),
            mayDecide: scope.covers(request.deciderID, for: .keeping), mayWithdraw: scope.covers(request.organizationID, for: .keeping))
    }
}
