@testable import Access
@testable import Accounts
import App
import Kit
@testable import People
@testable import Register
import TestBench
import Testing
import World

@Suite("三员分立 holds wherever a grant is made", .ownThreads)
struct SeparationTests {
    static let administrators = Role.allCases.filter(\.isAdministrator)
    /// Every pair that nobody may have together, in both orders.
    static let pairs = administrators.flatMap { one in Role.allCases.filter { $0 != one }.flatMap { [(one, $0), ($0, one)] } }

    private struct Undone: Error { let refusal: String }

    @Test("Each pair with an administrator in it is refused, to the same account and to another of the same person", arguments: [true, false])
    func eachPair(isSameAccount: Bool) async throws {
        let names = Set(Self.pairs.map { "\($0.0) \($0.1)" })
        #expect(names.count == 48)
        try await onBothEngines { database in
            let numbers = PersonalNumbers(key: .random()), named = try await Named.fill(database, numbers: numbers)
            let root = named.units["HX"]!, person = named.people["周明"]!, today = Clock.today
            for (number, (first, second)) in Self.pairs.enumerated() {
                func refusal(in db: Writing) throws -> String {
                    let one = try AccountStore.add("one\(number)", displayName: "周明", hash: "-", personID: person, in: db)
                    let other = isSameAccount ? one : try AccountStore.add("two\(number)", displayName: "周明", hash: "-", personID: person, in: db)
                    try GrantStore.give(Grant(role: first, organizationID: root, from: today, to: .open), to: one, in: db)
                    do {
                        try GrantStore.give(Grant(role: second, organizationID: root, from: today + 10, to: today + 20), to: other, in: db)
                        return ""
                    } catch let refusal as Refusal { return refusal.name }
                }
                // Each is undone, so that the pairs do not meet.
                let undone = try #require(throws: Undone.self) { try database.writeNow(Bench.act) { throw Undone(refusal: try refusal(in: $0)) } }
                #expect(undone.refusal == (first.isAdministrator && second.isAdministrator ? "grant.duties" : "grant.business"), "\(first) \(second)")
            }
        }
    }

    @Test("Business roles go together; duties of two people, and one after the other, do too")
    func allowed() throws {
        func grant(_ role: Role, _ from: Int32, _ to: Int32) -> Grant { Grant(role: role, organizationID: 1, from: Day(number: from), to: Day(number: to)) }
        for one in Role.allCases where !one.isAdministrator {
            for other in Role.allCases where !other.isAdministrator { try Separation.judge(grant(one, 0, 10), besides: [grant(other, 0, 10)]) }
        }
        try Separation.judge(grant(.auditor, 10, 20), besides: [grant(.personnelOfficer, 0, 10), grant(.securityAdmin, 20, 30)])
        try Separation.judge(grant(.auditor, 0, 10), besides: [grant(.auditor, 0, 10)])
        #expect(throws: Refusal.self) { try Separation.judge(grant(.auditor, 9, 20), besides: [grant(.personnelOfficer, 0, 10)]) }
    }

    @Test("A right that ended with its post does not come back beside a duty that excludes it")
    func noReturn() async throws {
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: PersonalNumbers(key: .random())), today = Clock.today
            let unit = named.units["HX-LJ"]!, person = named.people["张伟"]!
            let (account, ending) = try await database.write(Bench.act) { db in
                let post = try #require(try RosterStore.appointments(of: [person], in: db).first)
                let account = try AccountStore.add("zhangwei", displayName: "张伟", hash: "-", personID: person, in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: unit, from: .always, to: .open, restingOn: post.id), to: account, in: db)
                return (account, post.id)
            }
            let act = try await database.write(Bench.act) { db in
                try RosterStore.end(ending, on: today, in: db)
                return db.actID
            }
            try await database.write(Bench.act) { db in
                try GrantStore.give(Grant(role: .auditor, organizationID: named.units["HX"]!, from: today, to: .open), to: account, in: db)
                try TakingBack.undo(act: act, Features.all.keepers, in: db)
            }
            let held = try await database.read { try GrantStore.grants(of: account, in: $0) }.filter { $0.covers(today) }
            #expect(held.map(\.role) == [.auditor])
        }
    }

    @Test("Files whose accounts must stay apart do not become one")
    func merging() async throws {
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: PersonalNumbers(key: .random())), today = Clock.today
            let one = named.people["黄磊"]!, other = named.people["吴静"]!
            try await database.write(Bench.act) { db in
                for (name, person, role) in [("huanglei", one, Role.auditor), ("wujing", other, .securityAdmin)] {
                    let account = try AccountStore.add(name, displayName: name, hash: "-", personID: person, in: db)
                    try GrantStore.give(Grant(role: role, organizationID: named.units["HX"]!, from: today, to: .open), to: account, in: db)
                }
            }
            let refusal = await #expect(throws: Refusal.self) {
                try await database.write(Bench.act) { db in
                    try RosterStore.merge(other, into: one, primary: .survivor, in: db)
                    try GrantStore.requireSeparate(one, in: db)
                }
            }
            #expect(refusal?.name == "merge.duties")
        }
    }

    @Test("Files do not become one while a right that excludes another sleeps with its post")
    func sleeping() async throws {
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: PersonalNumbers(key: .random())), today = Clock.today
            let one = named.people["黄磊"]!, other = named.people["吴静"]!
            try await database.write(Bench.act) { db in
                let post = try #require(try RosterStore.appointments(of: [one], in: db).last)
                let officer = try AccountStore.add("huanglei", displayName: "黄磊", hash: "-", personID: one, in: db), auditor = try AccountStore.add("wujing", displayName: "吴静", hash: "-", personID: other, in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: post.organizationID, from: .always, to: .open, restingOn: post.id), to: officer, in: db)
                try GrantStore.give(Grant(role: .auditor, organizationID: named.units["HX"]!, from: today, to: .open), to: auditor, in: db)
                try RosterStore.end(post.id, on: today - 10, in: db)
            }
            let refusal = await #expect(throws: Refusal.self) {
                try await database.write(Bench.act) { db in
                    try RosterStore.merge(other, into: one, primary: .survivor, in: db)
                    try GrantStore.requireSeparate(one, in: db)
                }
            }
            #expect(refusal?.name == "merge.duties")
        }
    }

    @Test("The command line keeps the duties apart too, and says what it gave, to whom and until when")
    func commandLine() async throws {
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: PersonalNumbers(key: .random())), today = Clock.today
            let act = Act(who: .commandLine("主机"), origin: "", kind: "grant.give", why: "应急")
            _ = try Accounts.add("lin", role: "leader", unit: "HX-LJ", displayName: "林", today: today, by: act, in: database, .least)
            func grant(_ role: String, _ unit: String = "HX", until: Day? = nil) throws { try Accounts.grant("Lin", role: role, unit: unit, until: until, today: today, by: act, in: database) }
            func name(_ body: () throws -> Void) -> String { do { try body(); return "" } catch { return (error as? Refusal)?.name ?? "\(error)" } }
            #expect(name { try grant("auditor") } == "grant.business")
            #expect(name { try grant("nobody") } == "account.role")
            #expect(name { try grant("finance", "ZZ") } == "account.unit")
            #expect(name { try grant("leader", "HX-LJ") } == "grant.twice")
            #expect(name { try grant("finance", until: today - 1) } == "grant.span")
            #expect(name { try Accounts.grant("who", role: "finance", unit: "HX", until: nil, today: today, by: act, in: database) } == "account.unknown")
            #expect(name { try Accounts.revoke("lin", role: "finance", unit: "HX", today: today, by: act, in: database) } == "grant.missing")
            try grant("finance", until: today + 5)
            let account = try #require(try await database.read { try AccountStore.account(named: "lin", in: $0) })
            let record = try #require(try await database.read { try GrantListStore.records(of: account.id, in: $0).first })
            #expect(record.grant.role == .finance && record.grant.to == today + 6 && record.grant.appointmentID == nil)
            #expect(record.given.who == "服务器管理员 主机" && record.given.why == "应急")
            try Accounts.revoke("lin", role: "finance", unit: "HX", today: today, by: act, in: database)
            try Accounts.revoke("lin", role: "leader", unit: "HX-LJ", today: today, by: act, in: database)
            try grant("auditor")
            let told = try await database.read { try MessageStore.all(of: account, in: $0) }
            #expect(told.map(\.kind) == ["grant.given", "grant.taken", "grant.taken", "grant.given"] && told.allSatisfy { $0.link == "/account/rights" })
            #expect(named.units["HX"] != nil)
        }
    }
}
