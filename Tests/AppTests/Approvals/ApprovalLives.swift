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
/// in chains, get and lose duties, and files become one. After each deed the rows are held against the rules as the clauses say them, slowly.
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
        try await Study.onBothEngines { app in
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
            for _ in 0..<110 {
                let step = try await Self.step(app, named, people, accounts, &chance)
                done[step, default: 0] += 1
                try await app.database.read { db in try Self.check(in: db, "\(app.database.engine) \(seed) after \(step)") }
            }
            for word in ["ask", "consent"] { #expect(done[word, default: 0] > 0, "\(seed): \(done)") }
        }
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
                case 90..<93:
                    guard let one = try SubstituteStore.all(from: today, in: db).first else { return "none" }
                    try SubstituteStore.end(one.id, on: today, in: db)
                    return "end"
                case 93..<96:
                    // A duty ends, or comes back.
                    if let grant = try GrantStore.grants(of: other, in: db).first(where: { $0.covers(today) }) {
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

    private static func check(in db: Reading, _ when: String) throws {
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
            guard let deed = deeds.last, deed.act == latest, let decision = standing[deed.place ?? -1] else { continue }
            let askers = try rounds.map { try somebody($0.account, in: db) }, subject = "person \(try #require(try RosterStore.living(approval.subjectID, in: db)).id)"
            #expect(!decision.who.contains(subject), "\(when): nobody decides about themselves")
            #expect(decision.deed != "consent" || Set(decision.who).isDisjoint(with: askers), "\(when): who asked does not consent")
            for (place, other) in standing where place != deed.place { #expect(Set(decision.who).isDisjoint(with: other.who), "\(when): nobody decides twice") }
        }
        for one in try SubstituteStore.all(from: Clock.today, in: db) where one.covers(Clock.today) {
            #expect(!Substitute.absent(from: one.absentID, on: Clock.today, try SubstituteStore.all(from: Clock.today, in: db)).contains { $0.id == one.substituteID }, "\(when): no circle")
        }
    }
}
