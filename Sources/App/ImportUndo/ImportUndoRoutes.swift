import Access
import Kit

/// 撤回 of one's own imports.
enum ImportUndoRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        /// Nil where there is nothing to take back; its own page says how it stands.
        @Sendable func plan(_ request: WebRequest, _ signedIn: SignedIn) async throws -> ImportUndo? {
            let id = try request.id("job")
            return try await database.read { db in
                guard let job = try ImportJobStore.job(id, of: signedIn.account.id, Exchange(house), from: db) else { throw WebProblem.missing }
                return try ImportUndoStore.plan(job, signedIn, house, in: db)
            }
        }
        routes.get("/exchange/imports/:job/undo") { request, signedIn in
            guard let plan = try await plan(request, signedIn) else { return .redirect("/exchange/imports/\(try request.id("job"))") }
            return .page(ImportUndoPages.preview(plan, FilledForm(), signedIn.token))
        }
        routes.post("/exchange/imports/:job/undo") { form, request, signedIn in
            let id = try request.id("job"), account = signedIn.account.id
            // One of another is as missing as none; one that was taken back already says so on its page.
            guard let job = try await database.read({ db in try ImportJobStore.job(id, of: account, Exchange(house), from: db) }) else { throw WebProblem.missing }
            guard job.state == .done, job.undoneActID == nil else { return .redirect(job.link) }
            return try await FilledForm.answer(form, field: \.formField, again: { filled in
                guard let plan = try await plan(request, signedIn) else { throw WebProblem.missing }
                return ImportUndoPages.preview(plan, filled, signedIn.token)
            }) {
                let why = try form.why()
                do {
                    try await database.write(signedIn.act(Unmaking.act, why: why)) { db in try ImportUndoStore.carryOut(id, signedIn, house, in: db) }
                } catch let refusal as Refusal where refusal.name == "import.undone" { return .redirect(job.link) }
                return .redirect(job.link)
            }
        }
        routes.post("/exchange/imports/:job/dismiss") { _, request, signedIn in
            let id = try request.id("job"), account = signedIn.account.id
            guard try await database.read({ db in try ImportJobStore.job(id, of: account, Exchange(house), from: db) }) != nil else { throw WebProblem.missing }
            try await database.write(signedIn.act("import.dismiss")) { db in try ImportJobStore.dismiss(id, in: db) }
            return .redirect("/exchange#imports")
        }
    }
}
