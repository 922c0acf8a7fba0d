import Access
import Kit

/// 搜索: what was typed comes in a form; words stand sealed in the address of what was found, numbers in none.
enum SearchRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let finders = house.features.brought(Finder.self).sorted { $0.place < $1.place }
        // Each search asks every kind of thing: a person types one in a few seconds, a script does not go through a roster.
        let pace = Allowance<Int64>(most: 40, perSecond: 1)

        @Sendable func answer(_ sought: Sought, _ signedIn: SignedIn) async throws -> Reply {
            let mine = finders.filter { $0.isThere(signedIn) }
            guard !sought.typed.isEmpty else { return .page(SearchPages.empty(mine, signedIn)) }
            if let wait = pace.take(signedIn.account.id, now: signedIn.now) { throw WebProblem.tooMany(waitMilliseconds: wait) }
            var groups: [SearchPages.Group] = []
            for finder in mine {
                let found = try await finder.find(sought, signedIn, house)
                if let best = found.hits.first?.fit { groups.append(SearchPages.Group(word: finder.word, best: best, found: found)) }
            }
            // Of equally good groups the order of the places stays.
            let ordered = groups.enumerated().sorted { ($0.element.best, $0.offset) < ($1.element.best, $1.offset) }.map(\.element)
            return .page(SearchPages.found(sought, ordered, mine, signedIn))
        }

        routes.get("/search") { request, signedIn in
            let sought = Sought(request.query.text("q"))
            // A number that somebody put into an address is not looked for by it.
            return sought.number == nil ? try await answer(sought, signedIn) : .page(SearchPages.empty(finders.filter { $0.isThere(signedIn) }, signedIn, hasNumber: true))
        }

        routes.post("/search") { form, _, signedIn in
            let sought = Sought(form.text("find"))
            guard sought.number == nil else { return try await answer(sought, signedIn) }
            return .redirect(PageAddress("/search", Fields(sought.typed.isEmpty ? [] : [("q", sought.typed)])).link)
        }
    }
}
