@testable import Access
@testable import Accounts
@testable import App
import Foundation
import Kit
import TestBench
import Testing

@Suite("Refused sign-ins on record", .ownThreads) struct RefusedStories {
    struct Line: Sendable, Equatable { let why: String, account: Int64?, times: Int64 }

    /// The refusals in their order: why, and the account they are found by.
    static func lines(_ app: App) async throws -> [Line] {
        try await app.database.read { db in
            try db.rows(
                SQL("""
                    SELECT a.why, c.subject_id, c.after_image FROM act a LEFT JOIN act_change c ON c.act_id = a.id AND c.subject = 'sign_in'
                    WHERE a.kind = 'session.refused' ORDER BY a.id
                    """)
            ) { row in
                let times = row.textOrNil(2)?.firstMatch(of: #/"times":(\d+)/#).flatMap { Int64($0.1) }
                return Line(why: row.text(0), account: row.intOrNil(1), times: times ?? 0)
            }
        }
    }

    static func everything(_ app: App) async throws -> String {
        try await app.database.read { db in
            try db.rows("SELECT who, origin, kind, why FROM act") { [0, 1, 2, 3].map($0.text).joined(separator: " ") }.joined(separator: "\n")
                + db.rows("SELECT coalesce(after_image, '') FROM act_change") { $0.text(0) }.joined(separator: "\n")
        }
    }

    static func record(_ app: App, _ account: Int64) async throws -> SignInRecord? { try await app.database.read { try SignInRecordStore.record(of: account, in: $0) } }

    @Test("A wrong password names the account, a name nobody has is not repeated, and the owner is told the next time")
    func told() async throws {
        try await servedOnBothEngines { app, port in
            let id = try await Signing.account(app, "ouyang"), browser = Browser(port: port)
            #expect(try await Self.record(app, id) == nil)
            try await browser.signIn("ouyang", "right password")
            try await browser.signIn("ouyang", "wrong password")
            try await Browser(port: port).signIn("OuYang", "wrong password")
            try await Browser(port: port).signIn("my-secret-password", "x")
            #expect(try await Self.lines(app) == [
                Line(why: "密码不对，账号 ouyang", account: id, times: 1), Line(why: "密码不对，账号 ouyang", account: id, times: 1), Line(why: "密码不对", account: nil, times: 0),
            ])
            #expect(try await !Self.everything(app).contains("my-secret"), "people type passwords into the wrong field")
            let before = try #require(try await Self.record(app, id))
            #expect(before.refusedSince == 2 && before.former == nil)
            try await browser.signIn("ouyang", "right password")
            let after = try #require(try await Self.record(app, id))
            #expect(after.refusedBefore == 2 && after.refusedSince == 0 && after.former == before.latest && after.latest?.address == "127.0.0.1")
        }
    }

    @Test("Who goes on during a wait is counted, not written down each time; the count is told with the next sign-in")
    func waits() async throws {
        try await servedOnBothEngines { app, port in
            let id = try await Signing.account(app, "ouyang")
            for _ in 0..<3 { try await Browser(port: port).signIn("ouyang", "wrong password") }
            // As after many more, so that the wait outlasts the story.
            try await app.database.write(Bench.act) { db in _ = try db.run("UPDATE sign_in_attempt SET failures = 12, last_ms = last_ms + 600000") }
            let acts = try await app.database.read { try $0.count(SQL("SELECT count(*) FROM act")) }
            let stranger = Browser(port: port)
            for _ in 0..<30 { #expect(try await stranger.signIn("ouyang", "right password").status == 429) }
            #expect(try await app.database.read { try $0.count(SQL("SELECT count(*) FROM act")) } <= acts + 1)
            let waited = try await Self.lines(app).last
            #expect(waited == Line(why: "等待期内再试，账号 ouyang", account: id, times: 1))
            try await Signing.forgetFailures(app)
            let before = try #require(try await Self.record(app, id)).refusedSince
            try await Browser(port: port).signIn("ouyang", "right password")
            let record = try #require(try await Self.record(app, id))
            #expect(record.refusedBefore == before + 29, "none was forgotten")
            #expect(before == 4)
        }
    }

    @Test("A network that waits is noted once, whatever names it tries")
    func network() async throws {
        try await servedOnBothEngines { app, port in
            try await app.database.write(Bench.act) { db in
                let counter = Throttle.Counter.address(of: SignInPlace(address: "127.0.0.1", device: nil, words: ""))
                _ = try db.run(SQL("INSERT INTO sign_in_attempt (subject, failures, last_ms) VALUES (\(counter.fingerprint), 60, \(db.now + 600_000))"))
            }
            for number in 0..<40 { #expect(try await Browser(port: port).signIn("name-\(number)", "wrong password").status == 429) }
            #expect(try await Self.lines(app) == [Line(why: "等待期内再试", account: nil, times: 0)])
        }
    }

    @Test("A locked account and a wrong code are on record as well")
    func others() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            let id = try await app.database.read { try #require(try AccountStore.account(named: "ouyang", in: $0)).id }
            let other = Browser(port: port)
            _ = try await other.get("/sign-in")
            #expect(try await other.post("/sign-in", [("name", "ouyang"), ("password", password)]).location == "/sign-in/code")
            _ = try await other.get("/sign-in/code")
            #expect(try await other.post("/sign-in/code", [("code", "000000")]).status == 422)
            #expect(try await Self.lines(app).last == Line(why: "验证码不对，账号 ouyang", account: id, times: 1))
            try await app.database.write(Bench.act) { db in _ = try db.run("UPDATE account SET state = 'locked'") }
            _ = try await other.get("/sign-in")
            #expect(try await other.post("/sign-in", [("name", "ouyang"), ("password", password)]).status == 422)
            #expect(try await Self.lines(app).last == Line(why: "账号已锁定，账号 ouyang", account: id, times: 1))
        }
    }

    @Test("Addresses of one household count as one", arguments: [
        ("10.1.2.3", "10.1.2.3"), ("2001:db8:1:2:3:4:5:6", "20:1:d:b8:0:1:0:2::/64"), ("2001:db8:1:2:ffff::1", "20:1:d:b8:0:1:0:2::/64"), ("::ffff:10.1.2.3", "::ffff:10.1.2.3"), ("", ""),
    ])
    func networks(address: String, network: String) { #expect(AddressRange.network(of: address) == network) }
}
