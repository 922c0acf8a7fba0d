import Access
import Kit
import Register
import Rules

/// The terms of office of a unit, and those of one person on the file.
enum TermRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        routes.get("/organizations/:unit/representatives") { request, signedIn in
            let organization = try organization(request.address, signedIn)
            let shown = try await database.read { db in
                try list(organization, request.list, signedIn, in: db)
            }
            return .page(TermPages.unit(shown, house.library.vocabulary, ask: request.list, signedIn))
        }
        // Whoever is named is told, as on the page: many have their posts elsewhere.
        file.add(
            to: routes, at: "/organizations/:unit/representatives", house,
            people: { ask, signedIn in
                let organization = try organization(ask.address, signedIn)
                return try await database.read { db in try lines(organization, ask, signedIn, in: db).wanted.compactMap { $0.file?.person }.filter { !$0.isErased }.map(\.id) }
            },
            lists: { _, _ in [] })
    }

    /// The list of a unit as a workbook.
    static let file = ListFile(
        "terms.list", "任期名单", judge: { ask, signedIn in _ = try organization(ask.address, signedIn) },
        columns: { house, _, _ in TermPages.columns(house.library.vocabulary) },
        rows: { house, ask, signedIn in
            let organization = try organization(ask.address, signedIn)
            return try await house.database.read { db in try lines(organization, ask, signedIn, in: db).wanted }
        })

    /// The unit whose list stands at an address, closed ones included. Throws `WebProblem.missing` where it is not in sight.
    private static func organization(_ address: PageAddress, _ signedIn: SignedIn) throws -> Organization {
        guard let id = address.path.split(separator: "/").dropFirst().first.flatMap({ Int64($0) }), ScopeOverTime(signedIn.scope).covers(id, for: .seeing),
            let organization = signedIn.scope.tree.history.organizations[id]
        else { throw WebProblem.missing }
        return organization
    }

    /// All terms of a unit, and those that fit in the order that is asked for.
    private static func lines(_ organization: Organization, _ ask: ListAsk, _ signedIn: SignedIn, in db: Reading) throws -> (all: [TermPages.Line], wanted: [TermPages.Line]) {
        let id = organization.id, today = signedIn.today, scope = ScopeOverTime(signedIn.scope), terms = try TermStore.terms(in: [id], in: db), ends = TermOfOffice.endsByID(of: terms)
        let files = Dictionary(
            try PersonFile.seen(Array(Set(terms.map(\.personID))), signedIn, scope, in: db).map { ($0.person.id, $0) }, uniquingKeysWith: { first, _ in first })
        let all = terms.compactMap { term in
            ends[term.id].map { TermPages.Line(term: term, state: term.state(on: today, $0), file: files[term.personID]) }
        }
        return (all, ask.sorted(all.filter { $0.fits(ask) }.sorted { $0.order < $1.order }, by: TermPages.orders))
    }

    private static func list(_ organization: Organization, _ ask: ListAsk, _ signedIn: SignedIn, in db: Reading) throws -> TermPages.Shown {
        let id = organization.id, scope = ScopeOverTime(signedIn.scope)
        let (all, wanted) = try lines(organization, ask, signedIn, in: db), (page, next) = ask.page(of: wanted) { "\($0.term.id)" }
        // Whoever is named is told, in office here or not.
        for line in page { if let person = line.file?.person, !person.isErased { signedIn.looks.add(person.id) } }
        let tree = signedIn.scope.tree
        let below = tree.subtree(of: id).map(\.id).filter { $0 != id }, counts = try TermStore.counts(in: below, in: db)
        return TermPages.Shown(
            unit: id, code: organization.code, name: scope.name(id), isThere: signedIn.scope.tree.unit(id) != nil, mayKeep: scope.covers(id, for: .keeping),
            all: all, wanted: wanted.count, page: page, next: next,
            below: tree.inOrder(Set(counts.keys)).compactMap { unit in tree.unit(unit).map { ($0, counts[unit] ?? 0) } },
            crumbs: [Page.Crumb("组织", "/organizations")]
                + tree.path(to: id).filter { signedIn.scope.covers($0.id, for: .seeing) }.map { Page.Crumb($0.name, "/organizations/\($0.id)") })
    }

    /// The terms of a person, as far as the file is seen; nil where there are none.
    static func part(of file: PersonFile, _ signedIn: SignedIn, _ vocabulary: Vocabulary, in db: Reading) throws -> HTML? {
        let own = try TermStore.terms(of: [file.person.id], in: db).filter { file.sight.shows(from: $0.elected) }
        guard !own.isEmpty else { return nil }
        let ends = TermOfOffice.endsByID(of: try TermStore.terms(in: Array(Set(own.map(\.organizationID))), in: db))
        let scope = ScopeOverTime(signedIn.scope), day = file.sight.through(signedIn.today)
        return TermPages.part(own.sorted { ($0.elected, $0.id) > ($1.elected, $1.id) }.compactMap { term in
            guard let end = ends[term.id] else { return nil }
            var seen = term
            if seen.left > file.sight.until { seen.left = .open }
            return TermPages.Own(
                term: seen, state: term.state(on: day, end), unit: scope.name(term.organizationID),
                link: scope.covers(term.organizationID, for: .seeing) ? "/organizations/\(term.organizationID)/representatives" : nil)
        }, vocabulary)
    }
}
