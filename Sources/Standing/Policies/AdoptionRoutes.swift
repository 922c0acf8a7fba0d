import Access
import Kit
import People
import Register
import Rules

/// Which policies bind a unit, for whoever sees it; its officer, or one above, adopts, ends and takes back, each with a reason.
enum AdoptionRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        @Sendable func shown(_ request: WebRequest, _ signedIn: SignedIn, for right: Right) async throws -> AdoptionPages.Shown {
            let unit = try signedIn.scope.unit(try request.id("unit"), for: right)
            return try await database.read { db in try Self.shown(unit.subject, signedIn, house.library, in: db) }
        }

        routes.get("/organizations/:unit/policies") { request, signedIn in
            .page(AdoptionPages.unit(try await shown(request, signedIn, for: .seeing)))
        }

        routes.get("/organizations/:unit/policies/adopt") { request, signedIn in
            let shown = try await shown(request, signedIn, for: .keeping)
            return .page(AdoptionPages.adopt(shown, policy: request.query.text("policy"), FilledForm(), signedIn.token))
        }
        routes.post("/organizations/:unit/policies/adopt") { form, request, signedIn in
            let shown = try await shown(request, signedIn, for: .keeping)
            return try await FilledForm.answer(form, field: field, again: { AdoptionPages.adopt(shown, policy: "", $0, signedIn.token) }) {
                var check = FormCheck()
                let chosen = house.library[form.text("policy")]
                if chosen == nil { check.fault(Refusal("form.policy", "政策没有选，或者没有加载；请从列出的里面选")) }
                let from = check.day(form, "from", Refusal("form.from", "日期没有填或不存在；请\(Day.howToEnter)")), why = try check.why(form)
                try check.end()
                guard let policy = chosen else { throw WebProblem.missing }
                try await database.write(signedIn.act("policy.adopt", why: why)) { db in
                    try AdoptionStore.adopt(policy, by: shown.unit.id, from: from, in: db)
                }
                return .redirect(shown.path)
            }
        }

        routes.get("/organizations/:unit/policies/:adoption/end") { request, signedIn in
            let (one, shown) = try own(request, try await shown(request, signedIn, for: .keeping))
            return .page(AdoptionPages.end(one, shown, FilledForm(), signedIn.token))
        }
        routes.post("/organizations/:unit/policies/:adoption/end") { form, request, signedIn in
            let (one, shown) = try own(request, try await shown(request, signedIn, for: .keeping))
            return try await FilledForm.answer(form, field: field, again: { AdoptionPages.end(one, shown, $0, signedIn.token) }) {
                var check = FormCheck()
                let day = check.day(form, "day", Refusal("form.day", "结束日期没有填或不存在；请\(Day.howToEnter)")), why = try check.why(form)
                try check.end()
                try await database.write(signedIn.act("policy.end", why: why)) { db in try AdoptionStore.end(one.id, on: day, in: db) }
                return .redirect(shown.path)
            }
        }

        routes.get("/organizations/:unit/policies/undo") { request, signedIn in
            let shown = try await shown(request, signedIn, for: .keeping)
            guard !shown.events.isEmpty else { throw WebProblem.missing }
            return .page(AdoptionPages.undo(shown, FilledForm(), signedIn.token))
        }
        routes.post("/organizations/:unit/policies/undo") { form, request, signedIn in
            let shown = try await shown(request, signedIn, for: .keeping)
            return try await FilledForm.answer(form, field: field, again: { AdoptionPages.undo(shown, $0, signedIn.token) }) {
                guard let last = shown.events.first?.act.id, form.text("act") == "\(last)" else {
                    throw Refusal("undo.changed", "这期间又有新的变更；请返回看清最近一次变更再撤回")
                }
                try await database.write(signedIn.act("undo", why: form.why())) { db in
                    // One act adopts for one unit; what was made for many at once is not taken back here.
                    let changes = try ActStore.changes(ofAct: last, limit: 3, in: db)
                    guard changes.count < 3, changes.allSatisfy({ $0.subject == AdoptionStore.subject && ($0.after ?? $0.before)?.int("organization_id") == shown.unit.id }) else {
                        throw Refusal("undo.others", "这次变更还涉及别的单位，不能在这里撤回；请结束采用，或另行采用")
                    }
                    try TakingBack.undo(act: last, house.features.keepers, in: db)
                }
                return .redirect(shown.path)
            }
        }
    }

    /// The adoption that the path names, where it is the unit's own.
    private static func own(_ request: WebRequest, _ shown: AdoptionPages.Shown) throws -> (Adoption, AdoptionPages.Shown) {
        let id = try request.id("adoption")
        guard let one = shown.own.first(where: { $0.id == id }) else { throw WebProblem.missing }
        return (one, shown)
    }

    private static func shown(_ unit: OrgTree.Unit, _ signedIn: SignedIn, _ library: PolicyLibrary, in db: Reading) throws -> AdoptionPages.Shown {
        let history = signedIn.scope.tree.history, bindings = try AdoptionStore.bindings(library, history, in: db)
        func title(_ id: String) -> String { library[id]?.title ?? id }
        var events: [(act: ActRecord, what: [String])] = []
        for change in try AdoptionStore.changes(of: unit.id, in: db) {
            let said = AdoptionPages.words(change.before.map(AdoptionStore.adoption), change.after.map(AdoptionStore.adoption), title)
            if events.last?.act.id == change.act.id { events[events.count - 1].what.append(said) } else { events.append((change.act, [said])) }
        }
        return AdoptionPages.Shown(
            unit: unit,
            bound: bindings.subjects.map { subject in
                let word = library.policies.first { $0.subject == subject }?.subjectWord ?? library.vocabulary.subjects.word(of: subject)
                return (word, bindings.answer(subject, at: unit.id, on: signedIn.today))
            },
            own: bindings.adoptions.filter { $0.organizationID == unit.id }.sorted { ($0.from, $0.subject) < ($1.from, $1.subject) }, events: events,
            policies: library.policies, history: history, mayKeep: signedIn.scope.covers(unit.id, for: .keeping),
            crumbs: [Page.Crumb("组织", "/organizations")]
                + signedIn.scope.tree.path(to: unit.id).filter { signedIn.scope.covers($0.id, for: .seeing) }.map { Page.Crumb($0.name, "/organizations/\($0.id)") },
            today: signedIn.today)
    }

    private static let field: @Sendable (Refusal) -> String = { refusal in
        switch refusal.name {
        case "adoption.period", "adoption.sameDay": "from"
        case "adoption.same": "policy"
        case "adoption.over", "adoption.notBegun": "day"
        default: refusal.formField
        }
    }
}
