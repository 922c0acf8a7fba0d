@testable import Access
@testable import Accounts
import Kit
@testable import Register
import TestBench
import Testing
@testable import World

@Suite("Who may give and end which grants", .ownThreads)
struct GrantingTests {
    static let today = Day(number: 19_000)

    /// A tree of so many units, each under an earlier one; unit 1 is the root.
    static func tree(_ parents: [Int64]) -> OrgTree {
        let all = [Int64?](arrayLiteral: nil) + parents.map { $0 }
        return OrgHistory(
            organizations: all.indices.map { Organization(id: Int64($0 + 1), code: "U\($0 + 1)") },
            versions: all.enumerated().map { place, parent in
                OrganizationVersion(
                    organizationID: Int64(place + 1), from: .always, to: .open,
                    facts: OrganizationFacts(parentID: parent, name: "单位\(place + 1)", kind: "districtFederation"))
            }
        ).tree(on: today)
    }

    /// 1 city — 2 district — 3 town — 5 enterprise; 4 another district.
    static let small = tree([1, 2, 1, 3])

    static func giver(_ role: Role, at unit: Int64, account: Int64 = 1, files: Set<Int64> = [100]) -> Granting {
        Granting(account: account, files: files, grants: [Grant(role: role, organizationID: unit, from: .always, to: .open)], tree: small)
    }

    static func receiver(_ account: Int64 = 2, files: Set<Int64> = [200], at units: Int64..., grants: [Grant] = [], state: Account.State = .active) -> Granting.Receiver {
        Granting.Receiver(
            account: Account(id: account, name: "a\(account)", displayName: "某人", personID: files.first, state: state), files: files,
            posts: units.map { Appointment(id: 1000 + $0, personID: files.first ?? 0, organizationID: $0, from: today - 100, isPrimary: true, title: "干事") }, grants: grants)
    }

    static func name(_ body: () throws -> Void) -> String {
        do { try body() } catch { return (error as? Refusal)?.name ?? "\(error)" }
        return ""
    }

    @Test("Downwards: below one's own unit whatever one has oneself, at one's own unit only less")
    func downwards() {
        let officer = Self.giver(.personnelOfficer, at: 2)
        for role in Role.allCases where !role.isAdministrator {
            #expect(Self.name { try officer.judge(role, at: 3) } == "" && Self.name { try officer.judge(role, at: 5) } == "")
            #expect(Self.name { try officer.judge(role, at: 2) } == (role == .personnelOfficer ? "grant.level" : ""))
            for outside: Int64 in [1, 4, 99] { #expect(Self.name { try officer.judge(role, at: outside) } == "grant.outside") }
        }
        for role in Role.allCases where ![.personnelOfficer, .securityAdmin].contains(role) {
            let other = Self.giver(role, at: 1)
            #expect(other.roles.isEmpty)
            for wanted in Role.allCases { #expect(Self.name { try other.judge(wanted, at: 3) } == "grant.outside") }
        }
    }

    @Test("The three duties come from a security administrator over everything, and two of them stand at the root alone")
    func duties() {
        for role in SeparationTests.administrators {
            #expect(Self.name { try Self.giver(.personnelOfficer, at: 1).judge(role, at: 1) } == "grant.onlySecurity")
            #expect(Self.name { try Self.giver(.securityAdmin, at: 2).judge(role, at: 3) } == "grant.onlySecurity")
            #expect(Self.name { try Self.giver(.securityAdmin, at: 1).judge(role, at: 1) } == "")
            #expect(Self.name { try Self.giver(.securityAdmin, at: 1).judge(role, at: 2) } == (role == .securityAdmin ? "" : "grant.onlyRoot"))
        }
        for role in Role.allCases where !role.isAdministrator { #expect(Self.name { try Self.giver(.securityAdmin, at: 2).judge(role, at: 2) } == "") }
        #expect(Self.giver(.securityAdmin, at: 1).roles == Role.allCases)
        #expect(Self.giver(.securityAdmin, at: 2).roles == Role.allCases.filter { !$0.isAdministrator })
    }

    @Test("To whom and when", arguments: [
        ("grant.self", receiver(1, at: 3), 3, 0, 100, 1003), ("grant.self", receiver(2, files: [100, 101], at: 3), 3, 0, 100, 1003),
        ("grant.closed", receiver(at: 3, state: .closed), 3, 0, 100, 1003), ("grant.past", receiver(at: 3), 3, -1, 100, 1003),
        ("grant.span", receiver(at: 3), 3, 5, 5, 1003), ("grant.noAppointment", receiver(at: 3), 3, 0, 100, nil),
        ("grant.noAppointment", receiver(files: []), 3, 0, 100, nil), ("grant.appointment", receiver(at: 3), 3, 0, 100, 1004),
        // A post outside the giver's units; one below the unit it would speak for; one beside it.
        ("grant.appointment", receiver(at: 4), 3, 0, 100, 1004), ("grant.appointment", receiver(at: 5), 3, 0, 100, 1005),
        ("grant.outside", receiver(at: 3), 4, 0, 100, 1003), ("", receiver(at: 2), 3, 0, 100, 1002), ("", receiver(at: 3), 3, 0, 100, 1003),
        ("grant.twice", receiver(at: 3, grants: [Grant(role: .leader, organizationID: 3, from: today, to: .open)]), 3, 0, 100, 1003),
        ("", receiver(at: 3, grants: [Grant(role: .leader, organizationID: 5, from: today, to: .open)]), 3, 0, 100, 1003),
        ("grant.business", receiver(at: 3, grants: [Grant(role: .auditor, organizationID: 1, from: today, to: .open)]), 3, 0, 100, 1003),
    ] as [(String, Granting.Receiver, Int64, Int, Int, Int64?)])
    func receivers(wanted: String, receiver: Granting.Receiver, unit: Int64, from: Int, to: Int, post: Int64?) {
        let grant = Grant(role: .leader, organizationID: unit, from: Self.today + from, to: Self.today + to, restingOn: post)
        #expect(Self.name { try Self.giver(.personnelOfficer, at: 2).judge(grant, to: receiver) } == wanted)
    }

    @Test("Somebody lent by another unit may run a class; nobody is lent to speak for one")
    func lent() {
        for role in Role.allCases where !role.isAdministrator {
            let grant = Grant(role: role, organizationID: 3, from: Self.today, to: .open, restingOn: 1005)
            #expect(Self.name { try Self.giver(.personnelOfficer, at: 2).judge(grant, to: Self.receiver(at: 5)) } == (role.speaksForUnit ? "grant.appointment" : ""))
        }
        let auditor = Grant(role: .auditor, organizationID: 1, from: Self.today, to: .open)
        #expect(Self.name { try Self.giver(.securityAdmin, at: 1).judge(auditor, to: Self.receiver(files: [])) } == "")
    }

    @Test("What the giver has not is given to nobody whom one maker brought about, nor to the giver's own maker; downwards it may be")
    func tied() {
        var tied = Self.receiver(at: 3)
        tied.isTied = true
        let grant = Grant(role: .leader, organizationID: 3, from: Self.today, to: .open, restingOn: 1003)
        #expect(Self.name { try Self.giver(.securityAdmin, at: 2).judge(grant, to: tied) } == "grant.tied")
        #expect(Self.name { try Self.giver(.securityAdmin, at: 2).judge(grant, to: Self.receiver(at: 3)) } == "")
        #expect(Self.name { try Self.giver(.personnelOfficer, at: 2).judge(grant, to: tied) } == "")
    }

    @Test("A unit that is no more is judged by where it stood last")
    func absent() {
        let grants = [Grant(role: .personnelOfficer, organizationID: 2, from: .always, to: .open)]
        // 70 under 2, 71 under 70, 80 under 4 and 90 under nothing were there until yesterday.
        let former: [(unit: Int64, parent: Int64?)] = [(70, 2), (71, 70), (80, 4), (90, nil)]
        let history = OrgHistory(
            organizations: Array(Self.small.history.organizations.values) + former.map { Organization(id: $0.unit, code: "U\($0.unit)") },
            versions: Self.small.history.versions.values.flatMap { $0 } + former.map { unit, parent in
                OrganizationVersion(
                    organizationID: unit, from: .always, to: Self.today, facts: OrganizationFacts(parentID: parent, name: "单位\(unit)", kind: "districtFederation"))
            })
        let officer = Granting(account: 1, files: [100], grants: grants, tree: history.tree(on: Self.today))
        for (unit, wanted) in [(70, ""), (71, ""), (80, "grant.outside"), (90, "grant.outside"), (99, "grant.outside")] as [(Int64, String)] {
            #expect(Self.name { try officer.judge(.personnelOfficer, at: unit) } == wanted, "\(unit)")
        }
    }

    @Test("Nobody ends an own grant, nor a superior's or an equal's")
    func ending() {
        let officer = Self.giver(.personnelOfficer, at: 2)
        func end(_ role: Role, at unit: Int64, of account: Int64 = 2, files: Set<Int64> = [200]) -> String {
            Self.name { try officer.judgeEnding(Grant(role: role, organizationID: unit, from: .always, to: .open), of: account, files: files) }
        }
        #expect(end(.personnelOfficer, at: 2, of: 1) == "grant.self" && end(.leader, at: 3, files: [100]) == "grant.self")
        #expect(end(.personnelOfficer, at: 2) == "grant.level" && end(.personnelOfficer, at: 1) == "grant.outside" && end(.leader, at: 1) == "grant.outside")
        #expect(end(.personnelOfficer, at: 3) == "" && end(.leader, at: 2) == "" && end(.securityAdmin, at: 3) == "grant.onlySecurity")
    }

    @Test("No sequence of grants by officers below the root gives anybody a right outside the giver's units")
    func property() {
        let given = (0..<200).map(Self.play).reduce(0, +)
        #expect(given > 500)
    }

    /// Four hundred attempts in a world of dice; how many grants were given.
    static func play(seed: Int) -> Int {
        var dice = Dice(20_14, seed)
        func any(_ count: Int) -> Int { dice.below(count) }
        let count = 4 + any(20), tree = Self.tree((1..<count).map { Int64(1 + any($0)) })
        let people = 8
        // Two accounts for the first person: neither gives to the other.
        let accounts: [(id: Int64, file: Int64)] = (0...people).map { (id: Int64($0 + 1), file: Int64(100 + $0 % people)) }
        let posts = (0..<people * 2).map { place -> Appointment in
            let unit = Int64(1 + any(count)), person = Int64(100 + place / 2)
            return Appointment(id: Int64(500 + place), personID: person, organizationID: unit, from: Self.today - 9, isPrimary: false, title: "\(place)")
        }
        var held: [Int64: [Grant]] = [:]
        for account in accounts.prefix(3) {
            held[account.id] = [Grant(role: any(3) == 0 ? .securityAdmin : .personnelOfficer, organizationID: Int64(2 + any(count - 1)), from: .always, to: .open)]
        }
        func reach(_ grants: [Grant], _ right: Right) -> Set<Int64> {
            Set(grants.filter { $0.role.rights.contains(right) }.flatMap { tree.subtree(of: $0.organizationID).map(\.id) })
        }
        let first = held.values.map { reach($0, .granting) }.reduce(into: Set()) { $0.formUnion($1) }
        var given = 0
        for _ in 0..<400 {
            let by = accounts[any(accounts.count)], to = accounts[any(accounts.count)]
            let giver = Granting(account: by.id, files: [by.file], grants: held[by.id] ?? [], tree: tree)
            let own = posts.filter { $0.personID == to.file }, all = accounts.filter { $0.file == to.file }.flatMap { held[$0.id] ?? [] }
            let receiver = Granting.Receiver(account: Account(id: to.id, name: "a", displayName: "a", personID: to.file), files: [to.file], posts: own, grants: all)
            // Half of the attempts aim at the giver's own units and the receiver's own posts, or few would hit.
            let near = giver.grants.flatMap { tree.subtree(of: $0.organizationID).map(\.id) }, isAimed = any(2) == 0
            let unit = isAimed && !near.isEmpty ? near[any(near.count)] : Int64(1 + any(count))
            let post = isAimed && !own.isEmpty ? own[any(own.count)] : posts[any(posts.count)]
            let grant = Grant(
                role: Role.allCases[any(Role.allCases.count)], organizationID: unit, from: Self.today, to: any(4) == 0 ? Self.today + 3 : .open,
                restingOn: any(5) == 0 ? nil : post.id)
            guard (try? giver.judge(grant, to: receiver)) != nil else { continue }
            given += 1
            #expect(by.id != to.id && by.file != to.file)
            #expect(!grant.role.isAdministrator && grant.appointmentID != nil)
            let covered = Set(tree.subtree(of: grant.organizationID).map(\.id))
            #expect(covered.isSubset(of: reach(giver.grants, .granting)))
            // Except from a security administrator, no more than the giver has there.
            if !giver.grants.contains(where: { $0.role == .securityAdmin && tree.isInside(grant.organizationID, subtreeOf: $0.organizationID) }) {
                for right in grant.role.rights { #expect(covered.isSubset(of: reach(giver.grants, right))) }
            }
            held[to.id, default: []].append(grant)
        }
        for grants in held.values { for right in [Right.seeing, .keeping, .granting, .administering] { #expect(reach(grants, right).isSubset(of: first)) } }
        for (account, file) in accounts.map({ ($0.id, $0.file) }) {
            let all = accounts.filter { $0.file == file }.flatMap { held[$0.id] ?? [] }
            for grant in held[account] ?? [] { #expect((try? Separation.judge(grant, besides: all)) != nil) }
        }
        return given
    }
}
