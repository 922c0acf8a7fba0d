@testable import Access
@testable import Accounts
@testable import App
import Approvals
import Foundation
import Kit
@testable import Register
import TestBench
import Testing
import World

/// One officer who plays two people, for every rule that asks for two: 张伟, officer of 临江区, and whom he makes up.
struct Puppeteer: Sendable {
    let app: App
    let named: Named
    let port: Int
    let account: Int64
    let browser: Browser

    static let victim = "刘芳"

    static func story(_ body: @escaping @Sendable (Puppeteer) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let account = try await add("lj-zhang", of: "张伟", .personnelOfficer, at: "HX-LJ", named, app)
            try await body(Puppeteer(app: app, named: named, port: port, account: account, browser: try await browser(account, app, port)))
        }
    }

    /// The own acts.
    var act: Act { Act(who: .account(account, "张伟"), origin: "", kind: "test", why: "") }

    /// An account of one of the people with an office, which nobody in the world gave.
    static func add(_ name: String, of person: String?, _ role: Role?, at unit: String, _ named: Named, _ app: App, by act: Act = Bench.act) async throws -> Int64 {
        try await app.database.write(act) { db in
            let id = try AccountStore.add(name, displayName: person ?? name, hash: "-", personID: person.flatMap { named.people[$0] }, in: db)
            if let role { try GrantStore.give(Grant(role: role, organizationID: named.units[unit]!, from: .always, to: .open), to: id, in: db) }
            return id
        }
    }

    func add(_ name: String, of person: String?, _ role: Role? = nil, at unit: String = "HX", by act: Act = Bench.act) async throws -> Int64 {
        try await Self.add(name, of: person, role, at: unit, named, app, by: act)
    }

    static func browser(_ account: Int64, _ app: App, _ port: Int) async throws -> Browser {
        let browser = Browser(port: port)
        await browser.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(account, in: $0) })
        return browser
    }

    func browser(of account: Int64) async throws -> Browser { try await Self.browser(account, app, port) }

    /// What a form answers, or the file that it asks for.
    func post(_ path: String, _ fields: [(String, String)] = [], as browser: Browser? = nil) async throws -> Browser.Answer {
        try await (browser ?? self.browser).take(path, fields + [("why", "工作需要")].filter { why in !fields.contains { $0.0 == why.0 } }, token: Caller.token)
    }

    /// What a form of an approval answers, sent about the content that stands there.
    func act(_ verb: String, on approval: String, _ fields: [(String, String)] = [], as browser: Browser? = nil) async throws -> Browser.Answer {
        let id = Int64(approval.split(separator: "/").last ?? "") ?? 0
        let digest = try await app.database.read { db in try ApprovalStore.approval(id, in: db)?.digest ?? "" }
        return try await post("\(approval)/\(verb)", fields + [("digest", digest)], as: browser)
    }

    /// Step by step as the attack did: found a sub-unit, make somebody up in it, hand the code to oneself, activate, grant.
    func puppet() async throws -> (account: Int64, person: Int64, browser: Browser) {
        let lj = named.units["HX-LJ"]!
        let founded = try await post("/organizations/\(lj)/do/create", [("code", "HX-LJ-PP"), ("name", "新设的工会"), ("kind", "enterpriseUnion"), ("ownership", "非公"), ("day", "2024-01-01")])
        #expect(founded.status == 303, "founding: \(founded.status)")
        let number = try PersonNumber.passing("11010519900101003")
        let made = try await post(
            "/people/new", [("name", "田小禾"), ("idNumber", number), ("code", "HXP1"), ("unit", "HX-LJ-PP"), ("from", "2024-01-01"), ("category", "grassroots"), ("title", "干事")])
        let person = try #require(Int64(made.location?.split(separator: "/").last ?? ""))
        let slips = try await post("/activation/people/\(person)", [("format", "xlsx")])
        let code = try #require(try ActivationStories.codes(slips)["田小禾"])
        let own = Browser(port: port)
        #expect(try await Slips.present("HXP1", code, own).location == "/sign-in/set")
        #expect(try await Slips.set("tianxiaohe", "三只 青蛙 坐在 石狮子上", own).location == "/me")
        let (account, post) = try await app.database.read { db in
            (try AccountStore.accounts(of: person, in: db)[0].account.id, try RosterStore.appointments(of: [person], in: db)[0].id)
        }
        let granted = try await self.post(
            "/grants", [("account", "\(account)"), ("role", "personnelOfficer"), ("unit", "HX-LJ-PP"), ("post", "\(post)"), ("from", "\(Clock.today)"), ("step", "give")])
        #expect(granted.location?.hasPrefix("/grants/") == true, "granting: \(granted.status)")
        return (account, person, try await browser(of: account))
    }

    /// The victim moved to where the puppet can ask, and out of post.
    func moveVictim() async throws -> Int64 {
        let victim = named.people[Self.victim]!
        #expect(try await post("/people/\(victim)/appoint", [("manner", "move"), ("unit", "HX-LJ-PP"), ("from", "2024-06-01"), ("category", "grassroots"), ("title", "干事")]).status == 303)
        let moved = try await app.database.read { db in try #require(try RosterStore.appointments(of: [victim], in: db).last) }
        #expect(try await post("/people/\(victim)/end", [("post", "\(moved.id)"), ("day", "2024-07-01")]).status == 303)
        return victim
    }

    func side(_ account: Int64, daysLater: Int = 0) async throws -> Independence.Side {
        try await app.database.read { try IndependenceStore.side(of: account, now: Clock.nowMilliseconds + Int64(daysLater) * 86_400_000, in: $0) }
    }
}
