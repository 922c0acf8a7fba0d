import Access
import Certificates
import Figures
import Kit
import People
import Register
import Rules

/// 我的, for everybody whose account belongs to a person's file.
package enum DuesRoutes {
    package static func add(to routes: Routes<SignedIn>, _ house: House) {
        let facts = house.facts
        routes.get("/me") { request, signedIn in
            guard signedIn.account.personID != nil else { return .page(DuesPages.nobody(signedIn)) }
            let year = request.query.year("year")
            let view = try await facts.view(), today = signedIn.today
            let (own, home) = try await facts.database.read { db in
                let person = try signedIn.own(in: db).id
                return (person, try RosterStore.homes(of: [person], on: today, in: db)[person])
            }
            // Figures are computed on a thread that nobody waits for: whoever follows the facts needs a reader of the database.
            let dues = try await onThread { view.number(ofPerson: own).map { Dues(of: $0, at: home, view, year: year, today: today) } }
            let shown = try await facts.database.read { db -> DuesPages.Shown in
                let person = try signedIn.own(in: db), posts = try RosterStore.appointments(of: [person.id], in: db)
                let post = posts.first { $0.covers(today) && $0.isPrimary } ?? posts.first { $0.covers(today) }
                let tree = signedIn.scope.tree
                let isClear = post.map { !$0.category.isEmpty } ?? false
                let organizations = Set((dues?.clocks ?? []).compactMap { item in if case .clock(_, let unit) = item.span { unit } else { nil } })
                return DuesPages.Shown(
                    person: person, post: post, unit: post.flatMap { tree.unit($0.organizationID)?.name } ?? "",
                    engagement: post.map { house.words.engagements.word(of: $0.engagement) } ?? "", dues: dues,
                    certificates: try CertificateStore.certificates(of: person.id, in: db), reminder: house.library.vocabulary.certificateReminder,
                    openObjections: try ObjectionStore.countOpen(of: person.id, in: db),
                    officer: isClear ? nil : try officer(of: (post ?? posts.last)?.organizationID, signedIn, in: db),
                    units: Dictionary(organizations.map { ($0, view.history.name($0)) }, uniquingKeysWith: { first, _ in first }), year: year)
            }
            return .page(DuesPages.page(shown, signedIn))
        }
    }

    /// What somebody owes this year, said first on the page of the file; nil of somebody who is seen only as they were, or owes nothing.
    static func head(of file: PersonFile, _ signedIn: SignedIn, _ house: House) async throws -> HTML? {
        guard file.sight.isWhole, let post = file.present(on: signedIn.today) else { return nil }
        let view = try await house.facts.view(), today = signedIn.today, person = file.person.id
        let dues = try await onThread { view.number(ofPerson: person).map { Dues(of: $0, at: post.organizationID, view, year: nil, today: today) } }
        return dues.flatMap { DuesPages.owed($0, link: "/people/\(person)/hours") }
    }

    /// Who answers for a unit, by unit and name: the nearest personnel officer going up.
    static func officer(of unit: Int64?, _ signedIn: SignedIn, in db: Reading) throws -> String? {
        let path = unit.map { signedIn.scope.tree.path(to: $0) } ?? []
        guard let found = try GrantStore.officers(along: path.map(\.id), on: signedIn.today, in: db), let first = found.officers.first else { return nil }
        return "\(path.first { $0.id == found.unit }?.name ?? "")\(first.displayName)（组织人事管理员）"
    }
}
