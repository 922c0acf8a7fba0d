import Access
import Kit

/// 后台工作, for a system administrator of the whole installation.
enum JobRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, features = house.features
        let works = Dictionary(features.jobs.map { ($0.kind.key, $0.work(in: house)) }, uniquingKeysWith: { first, _ in first })

        @Sendable func line(_ request: WebRequest) async throws -> JobLine {
            let id = try request.id("work")
            guard let line = try await database.read({ try JobStore.line(id, in: $0) }) else { throw WebProblem.missing }
            return line
        }
        @Sendable func page(_ request: WebRequest, _ form: FilledForm, _ signedIn: SignedIn) async throws -> Page {
            JobPages.one(try await line(request), form, word: features.word(ofJob:), signedIn)
        }

        routes.get("/jobs") { request, signedIn in
            let list = try await database.read { try JobPages.List.read(in: $0) }
            return .page(JobPages.list(list, done: request.query.text("done"), word: features.word(ofJob:), signedIn))
        }
        routes.get("/jobs/:work") { request, signedIn in .page(try await page(request, FilledForm(), signedIn)) }
        routes.post("/jobs/:work/retry") { form, request, signedIn in
            let id = try await line(request).id
            return try await FilledForm.answer(form, field: { _ in "" }, again: { try await page(request, $0, signedIn) }) {
                try await database.write(signedIn.act("job.retry")) { try JobStore.retry(id, in: $0) }
                return .redirect("/jobs?done=retry")
            }
        }
        routes.post("/jobs/:work/give-up") { form, request, signedIn in
            let id = try await line(request).id
            return try await FilledForm.answer(form, field: \.formField, again: { try await page(request, $0, signedIn) }) {
                try await database.write(signedIn.act("job.giveUp", why: try form.why())) { db in
                    try JobStore.giveUp(id, telling: { try works[$0.kind]?.ended($0, $1) }, in: db)
                }
                return .redirect("/jobs?done=give-up")
            }
        }
    }
}
