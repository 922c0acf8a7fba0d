import Access
import Approvals
import Kit
import Register

/// Asking for somebody outside one's units, to come over or for a side post.
package enum TransferRoutes {
    /// Somebody found by whole number and name, and how the post could begin.
    private enum Found: Sendable {
        case nobody
        /// The account keeps the file: the post is begun there.
        case own(Int64)
        case elsewhere(Int64, isFree: Bool, superior: String?)
    }

    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, numbers = house.numbers
        routes.get("/transfers/new") { _, signedIn in
            .page(TransferPages.find(FilledForm(), isNobody: false, signedIn.token))
        }

        routes.post("/transfers/find") { form, _, signedIn in
            // Who looks for whom outside is on record, found or not.
            let found = try await database.write(signedIn.act("person.lookup", isEvent: true)) { db in
                let found = try find(form, signedIn, numbers, in: db)
                if case .elsewhere(let id, _, _) = found { try db.change("lookup", id, before: nil, after: RowImage(["found": .int(1)]).json) }
                return found
            }
            let filled = FilledForm(asSent: form)
            switch found {
            case .nobody: return .page(TransferPages.find(filled, isNobody: true, signedIn.token))
            case .own(let id): return .redirect("/people/\(id)/appoint")
            case .elsewhere(_, let isFree, let superior):
                return .page(TransferPages.ask(filled, isFree: isFree, superior: superior, words: house.words, signedIn.scope, signedIn.token))
            }
        }

        routes.post("/transfers") { form, _, signedIn in
            switch try await database.read({ db in try find(form, signedIn, numbers, in: db) }) {
            case .nobody:
                try await database.write(signedIn.act("person.lookup", isEvent: true)) { _ in }
                return .page(TransferPages.find(FilledForm(asSent: form), isNobody: true, signedIn.token))
            case .own(let id): return .redirect("/people/\(id)/appoint")
            case .elsewhere(let id, let isFree, let superior):
                return try await FilledForm.answer(
                    form, field: PersonForm.field,
                    again: { TransferPages.ask($0, isFree: isFree, superior: superior, words: house.words, signedIn.scope, signedIn.token) }
                ) {
                    var check = FormCheck()
                    var post = try PersonForm.post(form, person: id, scope: signedIn.scope, words: house.words, &check)
                    post.isPrimary = form.text("manner") != "also"
                    let wanted = post, why = try check.why(form)
                    try check.end()
                    let asked = try await database.write(signedIn.act(wanted.isPrimary ? "request.transfer" : "request.side", why: why)) { db in
                        try TransferStore.begin(wanted, by: signedIn, house, in: db)
                    }
                    return .redirect(asked.map(Approval.link) ?? "/people/\(id)")
                }
            }
        }
    }

    private static func find(_ form: Form, _ signedIn: SignedIn, _ numbers: PersonalNumbers, in db: Reading) throws -> Found {
        guard let number = try? IDNumber(form.text("number"), today: signedIn.today), let name = try? PersonName.checked(form.text("name")) else { return .nobody }
        let index = numbers.index(idNumber: number.text)
        guard let bearer = try RosterStore.bearers(of: [index], in: db)[index], bearer.borne.contains(name) else { return .nobody }
        let person = bearer.person
        let posts = try RosterStore.appointments(of: [person.id], in: db), scope = ScopeOverTime(signedIn.scope)
        if PersonSight(posts, scope, today: signedIn.today)?.mayKeep == true { return .own(person.id) }
        let old = Transfer.present(posts, today: signedIn.today)
        let own = signedIn.scope.topUnits(for: .keeping).first?.id
        let superior: String? = try own.flatMap { own in
            guard let unit = old.flatMap({ scope.standing($0.organizationID) }) else { return nil }
            return try Superiors(signedIn.scope.tree, in: db).officer(above: own, and: unit)
        }
        return .elsewhere(person.id, isFree: old == nil, superior: superior)
    }
}
