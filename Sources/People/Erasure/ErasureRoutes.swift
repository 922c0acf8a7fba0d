import Access
import Approvals
import Kit

/// 依法删除: asked by an officer over the person's primary unit, decided by another one above it, carried out after a time
/// in which it can be undone.
package enum ErasureRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
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
                var check = FormCheck()
                let chosen = Erasure.Ground(rawValue: form.text("ground")), person = found.shown.person
                if chosen == nil { check.fault(Refusal("erasure.noGround", "还没有选属于哪一种情形；请选一项。")) }
                let why = try check.why(form)
                try check.end()
                guard let ground = chosen else { throw WebProblem.missing }
                let id = try await database.write(signedIn.act("erasure.ask", why: why)) { db in
                    try ErasureStore.ask(person, ground, house, by: signedIn, in: db)
                }
                return .redirect(Approval.link(id))
            }
        }
    }
}
