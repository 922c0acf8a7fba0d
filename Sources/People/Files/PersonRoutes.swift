import Access
import Kit
import Register

/// The page of a person, the file's history, and looking at a whole number.
package enum PersonRoutes {
    package static func add(to routes: Routes<SignedIn>, _ database: Database, numbers: PersonalNumbers, words: RosterWords) {
        @Sendable func shown(_ request: WebRequest, _ signedIn: SignedIn, _ need: FileNeed) async throws -> ShownFile {
            let id = try request.id("person")
            return try await database.read { db in try ShownFile.read(id, signedIn, need, words, numbers, in: db) }
        }

        routes.get("/people/:person") { request, signedIn in
            let id = try request.id("person")
            let (found, erasure) = try await database.read { db in
                let found = try ShownFile.read(id, signedIn, .seeing, words, numbers, in: db)
                return (found, try found.person.isErased ? ErasureStore.erasure(of: found.person.id, in: db) : nil)
            }
            return .page(found.person.isErased ? ErasurePages.erased(found, erasure) : PersonPages.person(found, signedIn.token))
        }

        routes.get("/people/:person/history") { request, signedIn in
            .page(PersonPages.history(try await shown(request, signedIn, .seeing)))
        }

        routes.post("/people/:person/unmask") { form, request, signedIn in
            guard let which = Unmasking.Number(rawValue: form.text("number")) else { throw WebProblem.missing }
            let found = try await shown(request, signedIn, .seeing)
            guard found.mayUnmask else { throw WebProblem.missing }
            let text = try await database.write(signedIn.act("person.unmask", why: which.word)) { db in
                try Unmasking.number(which, of: found.person, numbers, in: db)
            }
            return .page(PersonPages.person(try await shown(request, signedIn, .seeing), unmasked: (which, text), signedIn.token))
        }
    }
}
