import Access
import Kit

/// The page of a person, the file's history, and looking at a whole number.
package enum PersonRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, numbers = house.numbers
        let parts = house.features.brought(FilePart.self).sorted { $0.place < $1.place }
        @Sendable func shown(_ request: WebRequest, _ signedIn: SignedIn, _ need: FileNeed) async throws -> ShownFile {
            let id = try request.id("person")
            return try await database.read { db in try ShownFile.read(id, signedIn, need, house.words, numbers, in: db) }
        }

        let heads = house.features.brought(FileHead.self)
        @Sendable func page(_ found: ShownFile, unmasked: (which: Unmasking.Number, text: String?)? = nil, _ signedIn: SignedIn) async throws -> Page {
            var said: [HTML] = []
            for head in heads { if let words = try await head.read(found.file, signedIn, house) { said.append(words) } }
            let below = try await database.read { db in try parts.compactMap { try $0.read(found.file, signedIn, house, db) } }
            return PersonPages.person(found, heads: said, parts: below, unmasked: unmasked, signedIn.token)
        }

        routes.get("/people/:person") { request, signedIn in
            let found = try await shown(request, signedIn, .seeing)
            guard !found.person.isErased else {
                return .page(ErasurePages.erased(found, try await database.read { db in try ErasureStore.erasure(of: found.person.id, in: db) }))
            }
            return .page(try await page(found, signedIn))
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
            let again = try await shown(request, signedIn, .seeing)
            return .page(try await page(again, unmasked: (which, text), signedIn))
        }
    }
}
