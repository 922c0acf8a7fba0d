import Access
import Kit
import Register

/// 批量更改 of the posts of those who are ticked on the list of people, or of all who are listed.
enum BulkRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database

        @Sendable func preview(_ form: Form, _ filled: FilledForm, _ signedIn: SignedIn) async throws -> Page {
            let asked = try listed(form, signedIn), ids: [Int64], change: BulkChange
            do {
                (ids, change) = (try await chosen(form, asked, signedIn, database), try BulkChange.read(form, house.words))
            } catch let refusal as Refusal { return BulkPages.refused(refusal, back: asked.link()) }
            let (plan, people, _) = try await database.read { db in try BulkStore.plan(change, ids, signedIn, in: db) }
            try await note(asked, signedIn, house)
            return BulkPages.preview(
                BulkPages.Preview(
                    change: change, plan: plan, people: people, chosen: carried(form), back: asked.link(),
                    units: names(plan.edits.map(\.new.organizationID), signedIn), why: form.text("why")),
                filled, house.words, signedIn.token)
        }

        routes.post("/people/bulk") { form, _, signedIn in
            .page(try await preview(form, FilledForm(), signedIn))
        }

        routes.post("/people/bulk/do") { form, _, signedIn in
            return try await FilledForm.answer(form, field: \.formField, again: { try await preview(form, $0, signedIn) }) {
                let asked = try listed(form, signedIn), ids = try await chosen(form, asked, signedIn, database)
                let change = try BulkChange.read(form, house.words), why = try form.why()
                let act = try await database.write(signedIn.act(BulkStore.act, why: why)) { db in
                    try BulkStore.carryOut(change, ids, digest: form.text("digest"), signedIn, in: db)
                    return db.actID
                }
                return .redirect("/people/bulk/\(act)")
            }
        }

        @Sendable func done(_ request: WebRequest, _ signedIn: SignedIn) async throws -> BulkStore.Done {
            let id = try request.id("bulk")
            guard let done = try await database.read({ db in try BulkStore.done(id, signedIn, in: db) }) else { throw WebProblem.missing }
            for edit in done.edits.prefix(ListAsk.pageSize) { signedIn.looks.add(edit.new.personID) }
            return done
        }
        @Sendable func page(_ done: BulkStore.Done, _ filled: FilledForm, _ signedIn: SignedIn) -> Page {
            BulkPages.done(done, filled, names(done.edits.map(\.new.organizationID), signedIn), house.words, signedIn.token)
        }
        routes.get("/people/bulk/:bulk") { request, signedIn in .page(page(try await done(request, signedIn), FilledForm(), signedIn)) }
        routes.post("/people/bulk/:bulk/undo") { form, request, signedIn in
            let found = try await done(request, signedIn)
            return try await FilledForm.answer(form, field: \.formField, again: { page(try await done(request, signedIn), $0, signedIn) }) {
                try await database.write(signedIn.act("undo", why: form.why())) { db in
                    // Whoever kept the posts when the page was made keeps them now.
                    guard let now = try BulkStore.done(found.act.id, signedIn, in: db) else { throw WebProblem.missing }
                    try TakingBack.undo(act: now.act.id, house.features.keepers, in: db)
                }
                return .redirect("/people/bulk/\(found.act.id)")
            }
        }
    }

    /// The list the people were chosen on.
    private static func listed(_ form: Form, _ signedIn: SignedIn) throws -> PersonListAsk {
        var fields = form.fields
        fields["category"] = form.text("of")
        return try PersonListAsk.read(fields, signedIn)
    }

    /// Whom a form is about. Refusals `bulk.none`, `bulk.many`.
    private static func chosen(_ form: Form, _ asked: PersonListAsk, _ signedIn: SignedIn, _ database: Database) async throws -> [Int64] {
        let ids: [Int64]
        if form.text("whom") == "all" {
            let ask = asked.ask(signedIn, limit: BulkStore.most + 1)
            ids = try await database.read { db in try PersonListStore.people(ask, in: db).map(\.id) }
        } else {
            var seen: Set<Int64> = []
            ids = form.all("person").compactMap { Int64($0) }.filter { seen.insert($0).inserted }
        }
        try BulkStore.check(count: ids.count)
        return ids
    }

    /// The fields that say whom a form is about, as they go along with the next one.
    private static func carried(_ form: Form) -> [(String, String)] {
        let isAll = form.text("whom") == "all"
        return [("whom", isAll ? "all" : "ticked")] + BulkPages.listFields.map { ($0, form.text($0)) }.filter { !$0.1.isEmpty }
            + (isAll ? [] : form.all("person").map { ("person", $0) })
    }

    /// Names are listed, as on the list of people.
    private static func note(_ asked: PersonListAsk, _ signedIn: SignedIn, _ house: House) async throws {
        let tops = asked.unit.map { [$0.id] } ?? signedIn.scope.topUnits(for: .seeing).map(\.id)
        try await house.lists.note(tops.map { ListView(.roster, unit: $0, on: signedIn.today) }, by: signedIn)
    }

    private static func names(_ units: [Int64], _ signedIn: SignedIn) -> [Int64: String] {
        let scope = ScopeOverTime(signedIn.scope)
        return Dictionary(units.map { ($0, scope.name($0)) }, uniquingKeysWith: { first, _ in first })
    }
}
