import Access
import Accounts
import Approvals
import Kit
import Register

extension Approval.Key {
    /// 依法删除: the subject is a person, the content the ground. See `Erasure`.
    package static let erasure = Approval.Key(rawValue: "person.erase")
}

/// Deleting people's files: what is there, what was asked, and the deed.
package enum ErasureStore {
    private static func files(of person: Int64, in db: Reading) throws -> [Int64] { [person] + (try RosterStore.absorbed(by: person, in: db)).map(\.id) }

    static func state(of person: Person, _ house: House, today: Day, in db: Reading) throws -> Erasure.State {
        let files = try files(of: person.id, in: db), posts = try RosterStore.appointments(of: files, in: db)
        let accounts = try AccountStore.accounts(of: person.id, in: db)
        let (_, held) = try house.features.erased(files, accounts.map(\.account), in: db)
        var state = Erasure.State()
        state.isErased = person.isErased
        state.posts = posts.count
        state.lastEnd = posts.map(\.to).max()
        state.grants = accounts.flatMap(\.grants).count { $0.covers(today) }
        state.standing = held.reduce(0) { $0 + $1.standing }
        state.undecided = held.reduce(0) { $0 + $1.undecided }
        state.goes = held.flatMap { $0.goes.map(Erasure.State.Line.init) }
        state.stays = held.flatMap { $0.stays.map(Erasure.State.Line.init) }
        return state
    }

    /// Asks for the deletion; the officers above are told. Refuses what `Erasure.check` refuses, `erasure.own` and `erasure.asked`.
    static func ask(_ person: Person, _ ground: Erasure.Ground, _ house: House, by signedIn: SignedIn, in db: Writing) throws -> Int64 {
        guard let home = try RosterStore.appointments(of: [person.id], in: db).home(on: signedIn.today),
            let unit = ScopeOverTime(signedIn.scope).standing(home.organizationID)
        else { throw RosterStore.missing }
        try Erasure.checkDecider(account: signedIn.account.id, files: GrantStore.files(of: signedIn.account.personID, in: db), about: person.id)
        try Erasure.check(ground, state(of: person, house, today: signedIn.today, in: db), years: house.retentionYears, today: signedIn.today)
        guard try ApprovalStore.open(.erasure, about: person.id, in: db) == nil, try waiting(of: person.id, in: db) == nil else {
            throw Refusal("erasure.asked", "已经有一份删除这份档案的申请在办，不用再提。")
        }
        return try Deciding.ask(
            .erasure, about: person.id, from: unit, decider: Erasure.decider(of: unit, signedIn.scope.tree),
            RowImage(["ground": .text(ground.rawValue), "files": .text(files(of: person.id, in: db).map(String.init).joined(separator: " "))]), house,
            by: ApprovalEye(signedIn, house, in: db), in: db
        ).id
    }

    /// Who may decide, and on what: refusals of `Erasure`, `Independence`, `erasure.name`.
    static func checkConsent(_ approval: Approval, named name: String, by decider: ApprovalDecider, in db: Reading) throws {
        guard let person = try RosterStore.person(approval.subjectID, in: db) else { throw ApprovalStore.missing }
        guard name == person.name else { throw Refusal("erasure.name", "写的姓名与要删除的档案不同，没有删除；请照抄一遍。") }
        let askers = try ApprovalStore.askers(of: approval.id, in: db), askersPerson = try askers.first.flatMap { try AccountStore.account($0, in: db)?.personID }
        for account in [decider.signedIn.account, decider.standsFor?.account].compactMap(\.self) {
            try Erasure.checkDecider(
                account: account.id, files: GrantStore.files(of: account.personID, in: db), askedBy: askers.first, GrantStore.files(of: askersPerson, in: db), about: person.id)
        }
        try checkSecond(approval, asker: askers.first, by: decider, in: db)
    }

    /// What consent brings about: from now on the deletion waits, and those who may undo it are told.
    static func wait(_ approval: Approval, by decider: ApprovalDecider, in db: Writing) throws {
        let signedIn = decider.signedIn
        guard let person = try RosterStore.person(approval.subjectID, in: db), let ground = ground(of: approval) else { throw ApprovalStore.missing }
        try checkState(approval, person, ground, decider.house, today: signedIn.today, in: db)
        let wait = Erasure.Wait(
            approvalID: approval.id, personID: person.id, dueMilliseconds: Erasure.due(now: signedIn.now), state: .waiting, sinceMilliseconds: db.now)
        try db.run(SQL("""
            INSERT INTO erasure_wait (approval_id, person_id, due_ms, state, act_id)
            VALUES (\(wait.approvalID), \(wait.personID), \(wait.dueMilliseconds), \(wait.state.rawValue), \(db.actID))
            """))
        try db.change("erasure_wait", wait.approvalID, before: nil, after: image(wait).json)
        let asker = try ApprovalStore.askers(of: approval.id, in: db).first
        let told = try overseers(of: person, approval, signedIn, in: db).subtracting([signedIn.account.id]).union([asker].compactMap { $0 })
        for account in told.sorted() {
            try MessageStore.send(
                to: .account(account), kind: "erasure.waiting",
                "\(person.name)的档案已由\(signedIn.account.displayName)同意依法删除，将于 \(wait.dueDay) 清除；在那以前可以撤销。如有不对，请打开核对。", link: approval.link, in: db)
        }
    }

    /// The officers above the deciding unit, those of it, and the nearest of every unit the person has or had a post in.
    private static func overseers(of person: Person, _ request: Approval, _ signedIn: SignedIn, in db: Reading) throws -> Set<Int64> {
        let tree = signedIn.scope.tree, scope = ScopeOverTime(signedIn.scope)
        let units = [request.organizationID] + (try RosterStore.appointments(of: files(of: person.id, in: db), in: db).map(\.organizationID))
        let deciding = tree.path(to: request.deciderID)
        let paths: [[OrgTree.Unit]] = [deciding, deciding.dropLast()] + units.compactMap { scope.standing($0).map { tree.path(to: $0) } }
        var told: Set<Int64> = []
        for path in paths { told.formUnion(try GrantStore.officers(along: path.map(\.id), on: signedIn.today, in: db)?.officers.map(\.id) ?? []) }
        return told
    }

    private static func checkSecond(_ approval: Approval, asker: Int64?, by decider: ApprovalDecider, in db: Reading) throws {
        let signedIn = decider.signedIn, now = signedIn.now, scope = decider.eye.scope, tree = signedIn.scope.tree
        let one = try IndependenceStore.side(of: asker, now: now, in: db), first = signedIn.today - Independence.days
        let places = ErasurePlaces(try RecordedStore.recorded(of: approval.subjectID, since: first, in: db), since: first, today: signedIn.today)
        let movers = try IndependenceStore.actors(ofActs: places.acts, now: now, in: db)
        for two in try decider.sides(in: db) {
            func others() throws -> String {
                // Who keeps all these units stands at one that is above them all.
                let units = places.deciders.union([approval.deciderID]).map { scope.standing($0) }
                let top = units.dropFirst().reduce(units[0]) { top, unit in top.flatMap { top in unit.flatMap { tree.nearestCommon(top, $0)?.id } } }
                return try IndependenceStore.others(
                    than: one, two, besides: movers, at: top.map { tree.path(to: $0) } ?? [], now: now, today: signedIn.today, isFinal: true, in: db)
            }
            try Independence.check(asker: one, decider: two, isFinal: true, others: others)
            // Whoever stands in for somebody decides with that one's reach.
            let grants = decider.standsFor?.grants ?? signedIn.grants
            let reach = ScopeOverTime(Scope(grants: grants, tree: tree))
            try Erasure.checkPlaces(movers: movers, keepsAll: places.deciders.allSatisfy { reach.covers($0, for: .keeping) }, decider: two, others: others)
        }
    }

    /// Files that somebody asks to have deleted, or that are to be, become no part of another and take none in: what was
    /// consented to would be something else. Refusal `merge.erasing`.
    static func checkMerger(_ absorbed: Int64, _ survivor: Int64, in db: Reading) throws {
        for file in try GrantStore.files(of: absorbed, in: db).union(GrantStore.files(of: survivor, in: db)).sorted() {
            guard try ApprovalStore.open(.erasure, about: file, in: db) == nil, try waiting(of: file, in: db) == nil else {
                throw Refusal("merge.erasing", "其中一份档案正在申请依法删除，或者已同意删除、等着清除，不能合并，没有改动。请先到“删除申请”里退回、撤销那份申请，再合并。")
            }
        }
    }

    private static func checkState(_ request: Approval, _ person: Person, _ ground: Erasure.Ground, _ house: House, today: Day, in db: Reading) throws {
        // A file that was merged since is somebody else's now.
        guard person.mergedInto == nil else { throw Refusal("erasure.merged", "申请以后，这份档案已并入另一份，没有删除。请写明情况退回。") }
        // Asked for and consented to are the files that were there when it was asked, and no others.
        let named = request.content.text("files").map { $0.split(separator: " ").compactMap { Int64($0) } } ?? [person.id]
        guard try Set(named) == Set(files(of: person.id, in: db)) else {
            throw Refusal("erasure.changed", "申请以后，有别的档案并入了这一份，或者从中分开了，已不是申请时的那几份，没有删除。请核对后重新提出申请。")
        }
        try Erasure.check(ground, state(of: person, house, today: today, in: db), years: house.retentionYears, today: today)
    }

    /// Takes a consent back before it is carried out; those who asked and decided are told. Refusal `erasure.over`.
    static func undo(_ approval: Approval, in db: Writing) throws {
        try end(approval.id, as: .undone, in: db)
        let deciders = try ApprovalStore.accounts(of: approval.id, in: db)
        try Deciding.end(approval, as: .withdrawn, in: db)
        guard let person = try RosterStore.living(approval.subjectID, in: db) else { return }
        for account in Set(deciders).sorted() where account != db.act.accountID {
            try MessageStore.send(
                to: .account(account), kind: "erasure.undone", "删除\(person.name)档案的决定已撤销，档案没有改动：\(db.act.why)", link: approval.link, in: db)
        }
    }

    /// Carries out what is due, each in an act of its own; how many files were deleted. What can no longer be done ends
    /// with its reason. Several servers may do it at once.
    package static func carryOutDue(_ database: Database, _ house: House, now: Int64) async throws -> Int {
        let today = Clock.day(ofMilliseconds: now)
        var done = 0
        for id in try await database.read({ db in try db.rows(SQL("SELECT approval_id FROM erasure_wait WHERE state = 'waiting' AND due_ms <= \(now) ORDER BY due_ms, approval_id LIMIT 1000")) { $0.int(0) } }) {
            do {
                let obstacle = try await database.read { db -> String? in
                    let (request, person, ground) = try whole(id, in: db)
                    do {
                        try checkState(request, person, ground, house, today: today, in: db)
                        return nil
                    } catch let refusal as Refusal { return refusal.sentence }
                }
                let act = Act(who: .system, origin: "", kind: obstacle == nil ? "erasure.carry" : "erasure.undo", why: obstacle.map { String($0.prefix(Act.longestReason)) } ?? "")
                try await database.write(act) { db in
                    let (request, person, ground) = try whole(id, in: db)
                    guard obstacle == nil else { return try undo(request, in: db) }
                    try end(id, as: .done, in: db)
                    try checkState(request, person, ground, house, today: today, in: db)
                    try destroy(person, request, house, in: db)
                }
                if obstacle == nil { done += 1 }
            } catch let refusal as Refusal where ["erasure.over", "approval.missing"].contains(refusal.name) {
                // Another server was first, or somebody has just undone it.
            }
        }
        return done
    }

    private static func whole(_ id: Int64, in db: Reading) throws -> (Approval, Person, Erasure.Ground) {
        guard let request = try ApprovalStore.approval(id, in: db), let person = try RosterStore.person(request.subjectID, in: db), let ground = ground(of: request)
        else { throw ApprovalStore.missing }
        return (request, person, ground)
    }

    /// Everything that tells who it was goes, in this act.
    private static func destroy(_ person: Person, _ request: Approval, _ house: House, in db: Writing) throws {
        let files = try files(of: person.id, in: db)
        let (erased, _) = try house.features.erased(files, try AccountStore.accounts(of: person.id, in: db).map(\.account), in: db)
        // First the keys: what is noted from here on is in plain and holds nothing of the person.
        try PersonKeyStore.destroy(of: files, in: db)
        for rows in house.features.erasing { try rows.forget(erased, db) }
        for post in try RosterStore.appointments(of: files, in: db) where !post.title.isEmpty { try forget(post, in: db) }
        for file in try RosterStore.people(files, in: db).values.sorted(by: { $0.id < $1.id }) {
            let without = file.erased
            try RosterStore.write(without, in: db)
            try db.change("person", file.id, before: RowImage.erased.json, after: RosterStore.image(without).json)
        }
        for account in Set(try ApprovalStore.accounts(of: request.id, in: db)).sorted() {
            try MessageStore.send(to: .account(account), kind: "erasure.done", "一份经同意依法删除的档案，等候期已满，已经清除。", link: request.link, in: db)
        }
    }

    /// Tells whoever asked that it was declined; of a consent more people are told, by `wait`.
    static func tellEnd(_ approval: Approval, in db: Writing) throws {
        guard approval.state == .declined, let asker = try ApprovalStore.askers(of: approval.id, in: db).first, let person = try RosterStore.living(approval.subjectID, in: db)
        else { return }
        try MessageStore.send(to: .account(asker), kind: "erasure.declined", "删除\(person.name)档案的申请没有同意：\(db.act.why)", link: approval.link, in: db)
    }

    /// When, by whom and on what ground a file was deleted; nil for one that is there.
    static func erasure(of person: Int64, in db: Reading) throws -> (ground: Erasure.Ground, deeds: [ApprovalDeed], doneMilliseconds: Int64)? {
        guard let approval = try ApprovalStore.latest(.erasure, about: person, in: db), approval.state == .consented, let ground = ground(of: approval) else { return nil }
        let deeds = try ApprovalStore.deeds(of: approval.id, in: db)
        // There was a time when consent was carried out at once.
        return (ground, deeds, try wait(of: approval.id, in: db)?.sinceMilliseconds ?? deeds.last?.act.atMilliseconds ?? 0)
    }

    /// Every deletion that was ever asked for, with the units of the person's posts: few beside everything else.
    static func asked(in db: Reading) throws -> [(approval: Int64, units: [Int64])] {
        let found = try db.rows(SQL("""
            SELECT a.id, p.organization_id FROM approval a JOIN appointment p ON p.person_id = a.subject_id WHERE a.kind = \(Approval.Key.erasure.rawValue) ORDER BY a.id
            """)) { ($0.int(0), $0.int(1)) }
        return Dictionary(grouping: found, by: \.0).map { ($0.key, $0.value.map(\.1)) }
    }

    // MARK: Waiting

    static func wait(of approval: Int64, in db: Reading) throws -> Erasure.Wait? {
        try db.first(SQL("SELECT \(waitColumns) WHERE w.approval_id = \(approval)"), readWait)
    }

    private static func waiting(of person: Int64, in db: Reading) throws -> Erasure.Wait? {
        try db.first(SQL("SELECT \(waitColumns) WHERE w.person_id = \(person) AND w.state = 'waiting'"), readWait)
    }

    private static let waitColumns: SQL = "w.approval_id, w.person_id, w.due_ms, w.state, a.at_ms FROM erasure_wait w JOIN act a ON a.id = w.act_id"
    private static func readWait(_ row: Row) -> Erasure.Wait {
        Erasure.Wait(
            approvalID: row.int(0), personID: row.int(1), dueMilliseconds: row.int(2), state: Erasure.Wait.State(rawValue: row.text(3)) ?? .undone,
            sinceMilliseconds: row.int(4))
    }

    /// Only one of those who end a wait at the same time gets past here. Refusal `erasure.over`.
    private static func end(_ approval: Int64, as state: Erasure.Wait.State, in db: Writing) throws {
        let over = Refusal("erasure.over", "这份删除申请已经不在等候：或者已经撤销，或者已经清除。请刷新页面核对。")
        guard let before = try wait(of: approval, in: db) else { throw over }
        guard try db.run(SQL("UPDATE erasure_wait SET state = \(state.rawValue), act_id = \(db.actID) WHERE approval_id = \(approval) AND state = 'waiting'")) == 1
        else { throw over }
        let after = Erasure.Wait(
            approvalID: before.approvalID, personID: before.personID, dueMilliseconds: before.dueMilliseconds, state: state, sinceMilliseconds: db.now)
        try db.change("erasure_wait", approval, before: image(before).json, after: image(after).json)
    }

    private static func image(_ wait: Erasure.Wait) -> RowImage {
        RowImage(["person_id": .int(wait.personID), "due_ms": .int(wait.dueMilliseconds), "state": .text(wait.state.rawValue)])
    }

    /// Holds the rows against the images that acts left of them. A consent is not taken back here but undone on its page.
    package static let keeper = RowKeeper(
        subject: "erasure_wait", image: { id, db in try wait(of: id, in: db).map(image) },
        restore: { _, _, _ in throw Refusal("undo.foreign", "删除档案的决定不能在这里撤回；请打开那份删除申请，用“撤销删除”") })

    static func ground(of request: Approval) -> Erasure.Ground? { request.content.text("ground").flatMap(Erasure.Ground.init) }

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
