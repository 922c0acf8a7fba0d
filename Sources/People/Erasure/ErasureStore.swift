import Kit

/// Deleting people's files: what is there, what was asked, and the deed.
package enum ErasureStore {
    /// What the areas above hold of a person.
    package struct Others: Sendable {
        /// Entries of hours of these files, and those that count.
        let entries: @Sendable ([Int64], Reading) throws -> (all: Int, standing: Int)
        /// Clears what else may hold a name, in the same act.
        let clear: @Sendable ([Int64], Writing) throws -> Void
        /// Years that files are kept after the last post; nil where nobody has decided.
        let retentionYears: Int?

        package init(
            entries: @escaping @Sendable ([Int64], Reading) throws -> (all: Int, standing: Int),
            clear: @escaping @Sendable ([Int64], Writing) throws -> Void, retentionYears: Int?
        ) {
            self.entries = entries
            self.clear = clear
            self.retentionYears = retentionYears
        }
    }

    private static func files(of person: Int64, in db: Reading) throws -> [Int64] { [person] + (try RosterStore.absorbed(by: person, in: db)).map(\.id) }

    static func state(of person: Person, _ others: Others, today: Day, in db: Reading) throws -> Erasure.State {
        let files = try files(of: person.id, in: db), posts = try RosterStore.appointments(of: files, in: db)
        let accounts = try AccountStore.accounts(of: person.id, in: db), entries = try others.entries(files, db)
        var state = Erasure.State()
        state.isErased = person.isErased
        state.posts = posts.count
        state.lastEnd = posts.map(\.to).max()
        (state.entries, state.standing) = entries
        state.certificates = try CertificateStore.certificates(of: person.id, in: db).count
        state.accounts = accounts.count
        state.grants = accounts.flatMap(\.grants).count { $0.covers(today) }
        state.openRequests = try RequestStore.openAbout(files, in: db)
        state.messages = try MessageStore.count(about: files, accounts: accounts.map(\.account.id), links: RequestStore.links(about: files, in: db), in: db)
        return state
    }

    /// Asks for the deletion; the officers above are told. Refuses what `Erasure.check` refuses, `erasure.own` and `erasure.asked`.
    static func ask(_ person: Person, _ ground: Erasure.Ground, _ others: Others, by signedIn: SignedIn, in db: Writing) throws -> Int64 {
        guard let home = try RosterStore.appointments(of: [person.id], in: db).home(on: signedIn.today),
            let unit = try ScopeOverTime(signedIn.scope, in: db).standing(home.organizationID)
        else { throw RosterStore.missing }
        try Erasure.checkDecider(account: signedIn.account.id, files: GrantStore.files(of: signedIn.account.personID, in: db), about: person.id)
        try Erasure.check(ground, state(of: person, others, today: signedIn.today, in: db), years: others.retentionYears, today: signedIn.today)
        guard try RequestStore.open(.erasure, about: person.id, in: db) == nil else {
            throw Refusal("erasure.asked", "已经有一份删除这份档案的申请在等上级决定，不用再提。")
        }
        let decider = Erasure.decider(of: unit, signedIn.scope.tree)
        let request = try RequestStore.ask(
            .erasure, about: person.id, from: unit, decider: decider, RowImage(["ground": .text(ground.rawValue)]), in: db)
        let path = signedIn.scope.tree.path(to: decider).map(\.id)
        for officer in try GrantStore.officers(along: path, on: signedIn.today, in: db)?.officers ?? [] where officer.id != signedIn.account.id {
            try MessageStore.send(to: .account(officer.id), kind: "erasure.asked", "\(person.name)的档案申请依法删除，请核对后决定。", link: link(request.id), in: db)
        }
        return request.id
    }

    /// Consent: everything that tells who it was goes, in this act. Refuses what `Erasure` refuses, and `request.decided`.
    static func carryOut(_ request: Request, _ others: Others, by signedIn: SignedIn, in db: Writing) throws {
        guard let person = try RosterStore.person(request.subjectID, in: db), let ground = ground(of: request) else { throw RequestStore.missing }
        // A file that was merged since is somebody else's now.
        guard person.mergedInto == nil else { throw Refusal("erasure.merged", "申请以后，这份档案已并入另一份，没有删除。请写明情况退回。") }
        let asker = try RequestStore.asker(of: request.id, in: db), askersPerson = try asker.flatMap { try AccountStore.account($0, in: db)?.personID }
        try Erasure.checkDecider(
            account: signedIn.account.id, files: GrantStore.files(of: signedIn.account.personID, in: db),
            askedBy: asker, GrantStore.files(of: askersPerson, in: db), about: person.id)
        try RequestStore.decide(request.id, .consented, in: db)
        try Erasure.check(ground, state(of: person, others, today: signedIn.today, in: db), years: others.retentionYears, today: signedIn.today)
        let files = try files(of: person.id, in: db), accounts = try AccountStore.accounts(of: person.id, in: db).map(\.account)
        // First the keys: what is noted from here on is in plain and holds nothing of the person.
        try PersonKeyStore.destroy(of: files, in: db)
        try MessageStore.forget(about: files, accounts: accounts.map(\.id), links: RequestStore.links(about: files, in: db), in: db)
        try RequestStore.forget(files, in: db)
        try CertificateStore.forget(of: files, in: db)
        for account in accounts { try AccountStore.forget(account, in: db) }
        for post in try RosterStore.appointments(of: files, in: db) where !post.title.isEmpty { try forget(post, in: db) }
        for file in try RosterStore.people(files, in: db).values.sorted(by: { $0.id < $1.id }) {
            let erased = file.erased
            try RosterStore.write(erased, in: db)
            try db.change("person", file.id, before: RowImage.erased.json, after: RosterStore.image(erased).json)
        }
        try others.clear(files, db)
        if let asker {
            try MessageStore.send(to: .account(asker), kind: "erasure.consented", "您申请删除的一份档案已由上级同意，已经删除。", link: link(request.id), in: db)
        }
    }

    static func decline(_ request: Request, in db: Writing) throws {
        try RequestStore.decide(request.id, .declined, in: db)
        guard let asker = try RequestStore.asker(of: request.id, in: db), let person = try RosterStore.living(request.subjectID, in: db) else { return }
        try MessageStore.send(
            to: .account(asker), kind: "erasure.declined", "删除\(person.name)档案的申请已退回：\(db.act.why)", link: link(request.id), in: db)
    }

    /// When, by whom and on what ground a file was deleted; nil for one that is there.
    static func erasure(of person: Int64, in db: Reading) throws -> (ground: Erasure.Ground, steps: [RequestStep])? {
        guard let request = try RequestStore.latest(.erasure, about: person, in: db), request.state == .consented, let ground = ground(of: request) else { return nil }
        return (ground, try RequestStore.steps(of: request.id, in: db))
    }

    package static func link(_ request: Int64) -> String { "/erasures/\(request)" }

    static func ground(of request: Request) -> Erasure.Ground? { request.content.text("ground").flatMap(Erasure.Ground.init) }

    /// A post without its title, which may tell who held it; unit, days and kinds stay, for they count. Two of one day in one
    /// unit stay apart.
    private static func forget(_ post: Appointment, in db: Writing) throws {
        var new = post
        for number in 0..<100 {
            new.title = number == 0 ? "" : "（\(number + 1)）"
            do {
                try db.attempt { try RosterStore.apply([.update(post, to: new)], in: db) }
                return
            } catch let broken as ConstraintBroken where broken.kind == .unique { continue }
        }
    }
}
