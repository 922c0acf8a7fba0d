import Access
import Accounts
@testable import App
@testable import Approvals
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

/// Lives of approvals by chance: asked, changed, sent back, decided by whoever tries, taken back, given up, while people are away, stand in for each other
/// in chains, of whom some are locked, get and lose duties, older acts are undone, and files become one. After each deed the rows are held against the rules as the clauses say them, slowly.
@Suite("Approvals live as they must, whatever happens", .ownThreads) struct ApprovalLives {
    /// Random numbers that are the same each time.
    private struct Chance: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let roles: [(Role, String)] = [
        (.personnelOfficer, "HX-LJ-BH"), (.leader, "HX-LJ-BH"), (.personnelOfficer, "HX-LJ"), (.finance, "HX-LJ"), (.leader, "HX"), (.personnelOfficer, "HX"), (.leader, "HX-LJ"),
    ]

    @Test("Nobody decides on their own or twice, no decision rests on content that was not seen, every state has its deed", arguments: 0..<6)
    func lives(_ seed: Int) async throws {
        try await Study.onBothEngines(steps: seed % 2 == 0 ? Study.steps : Study.threeBeside) { app in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            var chance = Chance(state: UInt64(seed) &* 7919 &+ 1), done: [String: Int] = [:]
            let people = ["刘芳", "陈杰", "赵𬱖", "孙丽"].map { named.people[$0]! }
            let accounts = try await app.database.write(Bench.act) { db in
                try Self.roles.enumerated().map { number, held in
                    // Some have a file here, so that matters are their own.
                    let id = try AccountStore.add("a\(number)", displayName: "甲\(number)", hash: "-", personID: number < 3 ? people[number] : nil, in: db)
                    try GrantStore.give(Grant(role: held.0, organizationID: named.units[held.1]!, from: .always, to: .open), to: id, in: db)
                    return id
                }
            }
            try await Self.begin(app, named, people[3], accounts)
            for _ in 0..<110 {
                let step = try await Self.step(app, named, people, accounts, &chance)
                done[step, default: 0] += 1
                let isDecision = ["consent", "return", "decline"].contains(step)
                try await app.database.read { db in try Self.check(in: db, "\(app.database.engine) \(seed) after \(step)", isDecision: isDecision) }
            }
            // Lives in which little happens prove little.
            #expect(done.filter { !["none", "missing", "refused"].contains($0.key) }.values.reduce(0, +) > 9, "\(seed): \(done)")
        }
    }

    /// What chance may miss: a decision through a chain of two, refused while the one between is locked.
    private static func begin(_ app: App, _ named: Named, _ person: Int64, _ accounts: [Int64]) async throws {
        let today = Clock.today, unit = named.units["HX-LJ-BH"]!
        func by<T: Sendable>(_ account: Int64, _ body: @escaping @Sendable (ApprovalEye, Writing) throws -> T) async throws -> T {
            try await app.database.write(Act(who: .account(account, "甲"), origin: "", kind: "test", why: "缘由")) { db in
                try body(ApprovalEye(acting: account, app.house, in: db), db)
            }
        }
        func lock(_ state: Account.State) async throws {
            try await app.database.write(Bench.act) { db in _ = try db.run(SQL("UPDATE account SET state = \(state.rawValue), act_id = \(db.actID) WHERE id = \(accounts[3])")) }
        }
        for (absent, other) in [(accounts[1], accounts[3]), (accounts[3], accounts[2])] {
            try await by(absent) { _, db in _ = try SubstituteStore.choose(other, for: absent, from: today, to: today + 9, today: today, in: db) }
        }
        let asked = try await by(accounts[0]) { eye, db in
            try Deciding.ask(Study.key, about: person, from: unit, decider: unit, Study.content(person, school: "甲校", cost: "1"), app.house, by: eye, in: db)
        }
        func consent() async throws {
            try await by(accounts[2]) { eye, db in try Deciding.decide(asked.id, .consent, digest: asked.digest, Form(), eye, in: db) }
        }
        try await lock(.locked)
        await #expect(throws: Refusal.self) { try await consent() }
        try await lock(.active)
        try await consent()
        let deed = try await app.database.read { try ApprovalStore.deeds(of: asked.id, in: $0).last }
        #expect(deed?.accountID == accounts[2] && deed?.standsForID == accounts[1])
        try await app.database.read { try check(in: $0, "\(app.database.engine) at the beginning", isDecision: true) }
    }

    /// One deed by somebody, or nothing where it is refused; what it was.
    private static func step(_ app: App, _ named: Named, _ people: [Int64], _ accounts: [Int64], _ chance: inout Chance) async throws -> String {
        var actor = accounts.randomElement(using: &chance)!
        let other = accounts.randomElement(using: &chance)!, person = people.randomElement(using: &chance)!
        let dice = Int.random(in: 0..<100, using: &chance), pick = Int.random(in: 0..<1000, using: &chance), isStale = Int.random(in: 0..<6, using: &chance) == 0
        // Mostly those try whose turn it is.
        if (15..<65).contains(dice), pick % 4 != 0, let turn = try await Self.holder(app, named, accounts, pick) { actor = turn }
        let account = actor, house = app.house, act = Act(who: .account(actor, "甲"), origin: "", kind: "test", why: "缘由"), today = Clock.today
        do {
            return try await app.database.write(act) { db -> String in
                let tree = try OrganizationStore.tree(on: today, in: db)
                let signedIn = SignedIn(
                    account: try #require(try AccountStore.account(account, in: db)), grants: try GrantStore.grants(of: account, in: db), tree: tree, token: FormToken("x"), now: db.now,
                    origin: "", session: [])
                // Whoever is locked does nothing at all.
                guard !signedIn.account.isKeptOut else { return "none" }
                let eye = try ApprovalEye(signedIn, house, in: db)
                let all = try ApprovalStore.all(Study.key, in: db), open = all.filter(\.state.isOpen), chosen = (open.isEmpty ? all : open).isEmpty ? nil : (open.isEmpty ? all : open)[pick % (open.isEmpty ? all : open).count]
                let form = Form(fields: Fields([("school", "学校\(pick)"), ("cost", "\(pick)")]))
                switch dice {
                case 0..<15:
                    let living = try #require(try RosterStore.living(person, in: db)).id
                    guard try eye.scope.covers(named.units["HX-LJ-BH"]!, for: .keeping), try ApprovalStore.open(Study.key, about: living, in: db) == nil else { return "none" }
                    try Deciding.ask(
                        Study.key, about: living, from: named.units["HX-LJ-BH"]!, decider: named.units["HX-LJ-BH"]!, Study.content(living, school: "甲校", cost: "1"), house, by: eye, in: db)
                    return "ask"
                case 15..<65:
                    guard let chosen else { return "none" }
                    let verb: ApprovalVerb = dice < 52 ? .consent : dice < 60 ? .return : .decline
                    try Deciding.decide(chosen.id, verb, digest: isStale ? "sha256:alt" : chosen.digest, form, eye, in: db)
                    return verb.rawValue
                case 65..<73:
                    guard let chosen else { return "none" }
                    try Deciding.askAgain(chosen.id, form, eye, in: db)
                    return "again"
                case 73..<76:
                    guard let chosen else { return "none" }
                    try Deciding.withdraw(chosen.id, form, eye, in: db)
                    return "withdraw"
                case 76..<82:
                    guard !all.isEmpty else { return "none" }
                    try Deciding.takeBack(all[pick % all.count].id, eye, in: db)
                    return "takeBack"
                case 82..<90:
                    try SubstituteStore.choose(other, for: account, from: today, to: today + 1 + pick % 5, today: today, in: db)
                    return "substitute"
                case 90:
                    // Some are locked, and come back.
                    let isLocked = try AccountStore.account(other, in: db)?.isKeptOut ?? false
                    try db.run(SQL("UPDATE account SET state = \((isLocked ? Account.State.active : .locked).rawValue), act_id = \(db.actID) WHERE id = \(other)"))
                    return "lock"
                case 91:
                    // Any decision there ever was, by the way of its act.
                    let deeds = try db.rows("SELECT act_id, approval_id FROM approval_deed WHERE verb IN ('consent', 'return', 'decline') ORDER BY act_id") { (act: $0.int(0), approval: $0.int(1)) }
                    guard !deeds.isEmpty else { return "none" }
                    let one = deeds[pick % deeds.count], last = try ApprovalStore.deeds(of: one.approval, in: db).last?.act.id
                    try Undo.undo(act: one.act, keepers: house.features.keepers, in: db, day: Clock.day(ofMilliseconds:))
                    #expect(one.act == last, "only the last decision is undone")
                    return "undone"
                case 92:
                    guard let one = try SubstituteStore.all(from: today, in: db).first else { return "none" }
                    try SubstituteStore.end(one.id, on: today, in: db)
                    return "end"
                case 93..<96:
                    // A duty ends, or comes back.
                    func duty(_ account: Int64) throws -> Grant? { try GrantStore.grants(of: account, in: db).first { $0.covers(today) } }
                    let idle = try accounts.filter { try duty($0) == nil }.first, other = pick % 3 == 0 ? other : idle ?? other
                    if let grant = try duty(other) {
                        try db.run(SQL("UPDATE account_grant SET to_day = \(today) WHERE id = \(grant.id)"))
                        return "lost"
                    }
                    let role = roles[accounts.firstIndex(of: other)!]
                    try GrantStore.give(Grant(role: role.0, organizationID: named.units[role.1]!, from: today - pick - 1, to: .open), to: other, in: db)
                    return "found"
                default:
                    let into = people[pick % people.count]
                    guard into != person, try RosterStore.person(person, in: db)?.mergedInto == nil, try RosterStore.person(into, in: db)?.mergedInto == nil,
                        try ApprovalStore.open(Study.key, about: person, in: db) == nil, try ApprovalStore.open(Study.key, about: into, in: db) == nil, pick % 3 == 0
                    else { return "none" }
                    try RosterStore.merge(person, into: into, primary: .survivor, in: db)
                    return "merge"
                }
            }
        } catch is Refusal { return "refused" } catch is WebProblem { return "missing" }
    }

    /// Somebody who holds the role of an open step.
    private static func holder(_ app: App, _ named: Named, _ accounts: [Int64], _ pick: Int) async throws -> Int64? {
        let open = try await app.database.read { db in
            try db.rows("SELECT role, unit_id FROM approval_step WHERE state = 'open' ORDER BY approval_id, place") { (role: $0.text(0), unit: $0.int(1)) }
        }
        guard !open.isEmpty else { return nil }
        let step = open[pick % open.count]
        return roles.indices.first { roles[$0].0.rawValue == step.role && named.units[roles[$0].1] == step.unit }.map { accounts[$0] }
    }

    // MARK: - the rules, slowly

    /// The person behind an account, whatever was merged; the account itself where there is no file.
    private static func somebody(_ account: Int64?, in db: Reading) throws -> String {
        guard let account else { return "nobody" }
        guard let person = try AccountStore.account(account, in: db)?.personID, let living = try RosterStore.living(person, in: db) else { return "account \(account)" }
        return "person \(living.id)"
    }

    private static func check(in db: Reading, _ when: String, isDecision: Bool) throws {
        let latest = try db.count("SELECT max(act_id) FROM approval_deed")
        for approval in try ApprovalStore.all(Study.key, in: db) {
            let deeds = try db.rows(SQL("""
                SELECT d.verb, d.round, d.place, d.account_id, d.stands_for_id, d.digest, t.account_id, t.why, t.id FROM approval_deed d JOIN act t ON t.id = d.act_id
                WHERE d.approval_id = \(approval.id) ORDER BY t.id
                """)) { (verb: $0.text(0), round: Int($0.int(1)), place: $0.intOrNil(2), account: $0.intOrNil(3), absent: $0.intOrNil(4), digest: $0.textOrNil(5), actor: $0.intOrNil(6), why: $0.text(7), act: $0.int(8)) }
            let rounds = try db.rows(SQL("SELECT round, content, account_id FROM approval_round WHERE approval_id = \(approval.id) ORDER BY round")) {
                (round: Int($0.int(0)), content: $0.text(1), account: $0.intOrNil(2))
            }
            let steps = try db.rows(SQL("SELECT round, place, turn, state FROM approval_step WHERE approval_id = \(approval.id) ORDER BY round, place")) {
                (round: Int($0.int(0)), place: $0.int(1), turn: Int($0.int(2)), state: $0.text(3))
            }
            #expect(rounds.map(\.round) == Array(1...approval.round), "\(when): a round for each asking")
            // The deeds, replayed: what stands of each round, and how the whole stands.
            var state = "", standing: [Int64: (deed: String, who: [String])] = [:], last: (verb: String, place: Int64?, before: String) = ("", nil, "")
            for deed in deeds {
                #expect(deed.account == deed.actor, "\(when): the deed is that of the act's account")
                let before = state
                switch deed.verb {
                case "ask":
                    standing = [:]
                    state = "asked"
                case "consent", "return", "decline":
                    let content = try #require(rounds.first { $0.round == deed.round }).content
                    #expect(try deed.digest == Approval.digest(of: RowImage(json: content)), "\(when): decided on what was seen")
                    #expect(deed.verb == "consent" || !deed.why.isEmpty, "\(when): a no has its reason")
                    standing[deed.place ?? -1] = (deed.verb, [try somebody(deed.account, in: db), try somebody(deed.absent, in: db)].filter { $0 != "nobody" })
                    let own = steps.filter { $0.round == deed.round }
                    state = deed.verb == "return" ? "returned" : deed.verb == "decline" ? "declined" : own.allSatisfy { standing[$0.place]?.deed == "consent" } ? "consented" : "asked"
                case "withdraw": state = "withdrawn"
                default:
                    #expect(["consent", "return", "decline"].contains(last.verb) && deed.place == last.place, "\(when): the last decision is taken back")
                    standing[deed.place ?? -1] = nil
                    state = "asked"
                }
                last = (deed.verb, deed.place, before)
            }
            #expect(state == approval.state.rawValue, "\(when): the state is what the deeds make it")
            let own = steps.filter { $0.round == approval.round }
            #expect(steps.filter { $0.round < approval.round }.allSatisfy { !["open", "waiting"].contains($0.state) }, "\(when): nobody decides about former rounds")
            #expect(own.contains { $0.state == "open" } == (state == "asked"), "\(when): somebody has the turn while it is open, and nobody else")
            if state == "asked" {
                let turn = own.filter { standing[$0.place]?.deed != "consent" }.map(\.turn).min()
                #expect(Set(own.filter { $0.state == "open" }.map(\.turn)) == [turn] && approval.turn == turn, "\(when): the first turn that is not decided is open")
            }
            // Of what has just been decided: nobody whom it is about, who asked, or who decided before. Files that become one later change nothing of it.
            guard isDecision, let deed = deeds.last, deed.act == latest, let decision = standing[deed.place ?? -1] else { continue }
            let askers = try rounds.map { try somebody($0.account, in: db) }, subject = "person \(try #require(try RosterStore.living(approval.subjectID, in: db)).id)"
            #expect(!decision.who.contains(subject), "\(when): nobody decides about themselves")
            #expect(decision.deed != "consent" || Set(decision.who).isDisjoint(with: askers), "\(when): who asked does not consent")
            if let absent = deed.absent { try checkAbsence(of: absent, by: try #require(deed.account), at: deed.place, of: approval, in: db, when) }
            for (place, other) in standing where place != deed.place { #expect(Set(decision.who).isDisjoint(with: other.who), "\(when): nobody decides twice") }
        }
        for one in try SubstituteStore.all(from: Clock.today, in: db) where one.covers(Clock.today) {
            let behind = try Substitute.absent(from: one.absentID, on: Clock.today, SubstituteStore.all(from: Clock.today, in: db)) { _ in true }
            #expect(!behind.contains { $0.id == one.substituteID }, "\(when): no circle")
        }
        #expect(try ImageCheck.run([ApprovalStore.keeper], in: db).findings == [], "\(when): approvals are as the acts left them")
    }

    /// Whoever has just decided for somebody is led to by a chain of substitutes of whom none is locked or without duty, and the one who is away holds the step.
    private static func checkAbsence(of absent: Int64, by account: Int64, at place: Int64?, of approval: Approval, in db: Reading, _ when: String) throws {
        let today = Clock.today, links = try SubstituteStore.all(from: today, in: db).filter { $0.covers(today) }
        func isStanding(_ id: Int64) throws -> Bool {
            guard try AccountStore.account(id, in: db).map({ $0.state == .active || $0.state == .new }) ?? false else { return false }
            return try GrantStore.grants(of: id, in: db).contains { $0.covers(today) } || RosterStore.appointments(of: GrantStore.files(of: AccountStore.account(id, in: db)?.personID, in: db).sorted(), in: db).contains { $0.from <= today && $0.to > today }
        }
        var reached: Set<Int64> = [absent], next = reached
        while !next.isEmpty {
            next = try Set(links.filter { next.contains($0.absentID) }.map(\.substituteID)).subtracting(reached).filter(isStanding)
            reached.formUnion(next)
        }
        #expect(reached.contains(account) && account != absent, "\(when): a chain of those who may stand in leads from one to the other")
        #expect(try AccountStore.account(absent, in: db).map { $0.state == .active || $0.state == .new } ?? false, "\(when): whoever is locked lends nothing")
        let step = try #require(try ApprovalStore.steps(of: approval, in: db).first { Int64($0.place) == place })
        guard case .role(let role, let unit) = step.decider else { return }
        let tree = try OrganizationStore.tree(on: today, in: db)
        #expect(
            try GrantStore.grants(of: absent, in: db).contains { $0.role == role && $0.covers(today) && tree.isInside(unit, subtreeOf: $0.organizationID) },
            "\(when): the one who is away holds the step")
    }
}
