import Access
import Kit

/// 培训机构: everybody who sees figures sees the register; it holds for all units, so the officers of the topmost keep it.
package enum InstitutionRoutes {
    package static func add(to routes: Routes<SignedIn>, _ database: Database) {
        @Sendable func page(_ filled: FilledForm, name: String = "", _ signedIn: SignedIn) async throws -> Page {
            let (entries, changes) = try await database.read { db in
                (try UnrecognisedInstitutionStore.entries(from: db), try UnrecognisedInstitutionStore.changes(from: db))
            }
            let shown = InstitutionPages.Shown(
                entries: entries, changes: changes, keepers: signedIn.scope.tree.roots.map(\.name).joined(separator: "、"), mayKeep: signedIn.scope.isOverAll(.keeping))
            return InstitutionPages.register(shown, name: name, filled, signedIn.token)
        }

        routes.get("/institutions") { request, signedIn in
            .page(try await page(FilledForm(), name: request.query.text("name"), signedIn))
        }
        routes.post("/institutions") { form, _, signedIn in
            try await FilledForm.answer(form, field: field, again: { try await page($0, signedIn) }) {
                var check = FormCheck()
                if form.text("name").isEmpty { check.fault(UnrecognisedInstitutionStore.noName) }
                let reason = try check.take(or: "") { try why(form) }
                try check.end()
                try await database.write(signedIn.act("institution.mark", why: reason)) { db in
                    try UnrecognisedInstitutionStore.add(form.text("name"), db)
                }
                return .redirect("/institutions")
            }
        }

        routes.get("/institutions/restore") { request, signedIn in
            let name = request.query.text("name")
            guard try await database.read({ try UnrecognisedInstitutionStore.all(from: $0) }).contains(name) else { throw WebProblem.missing }
            return .page(InstitutionPages.restore(name, FilledForm(), signedIn.token))
        }
        routes.post("/institutions/restore") { form, _, signedIn in
            let name = form.text("name")
            return try await FilledForm.answer(form, field: field, again: { InstitutionPages.restore(name, $0, signedIn.token) }) {
                try await database.write(signedIn.act("institution.restore", why: why(form))) { db in
                    try UnrecognisedInstitutionStore.remove(name, db)
                }
                return .redirect("/institutions")
            }
        }
    }

    private static func why(_ form: Form) throws -> String {
        let why = form.text("why")
        guard !why.isEmpty else { throw Refusal("form.why", "理由没有填；请写明依据，例如文号") }
        return why
    }

    private static let field: @Sendable (Refusal) -> String = { refusal in
        switch refusal.name {
        case "form.why": "why"
        case "institution.noName", "institution.twice": "name"
        default: ""
        }
    }
}
