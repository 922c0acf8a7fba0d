@testable import Access
@testable import App
import Foundation
@testable import Kit
@testable import Register
import TestBench
import Testing
import World

@Suite("How much one may send", .ownThreads) struct PaceStories {
    private static func learner(_ app: App, _ named: Named) async throws -> Int64 {
        try await app.database.write(Bench.act) { try AccountStore.add("liufang", displayName: "刘芳", hash: "-", personID: named.people["刘芳"], in: $0) }
    }

    private static func browser(_ account: Int64, _ app: App, _ port: Int) async throws -> Browser {
        let browser = Browser(port: port)
        await browser.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(account, in: $0) })
        return browser
    }

    /// As the program is served, with the pace that tests are otherwise spared; time stands still.
    private static var listening: Listening {
        var listening = Listening(host: "127.0.0.1", port: 0)
        listening.writes = WriteLimits()
        return listening
    }

    @Test("A busy person sends sixty forms in a row; a script is told to wait and leaves no act; another session goes on, and two are an account's share")
    func pace() async throws {
        let today = Clock.today, noon = Clock.start(of: today) + 12 * 3_600_000
        try await servedOnBothEngines(today: today, at: Self.listening) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers), account = try await Self.learner(app, named)
            let browsers = [try await Self.browser(account, app, port), try await Self.browser(account, app, port), try await Self.browser(account, app, port)]
            // Opened at the moment at which the pages' time stands still.
            try await app.database.write(Bench.act) { db in try db.run(SQL("UPDATE session SET seen_ms = \(noon), expires_ms = \(noon + 3_600_000)")) }
            func statuses(_ browser: Browser, _ count: Int) async throws -> [Int] {
                var found: [Int] = []
                for _ in 0..<count { found.append(try await browser.post("/me/objections", [("what", "person"), ("id", "\(named.people["刘芳"]!)"), ("text", "")], token: Caller.token).status) }
                return found
            }
            #expect(try await statuses(browsers[0], 60).allSatisfy { $0 == 200 })
            let before = try await EveryTable(app.database)
            let refused = try await browsers[0].post("/notices/read", token: Caller.token)
            #expect(refused.status == 429 && refused.header("Retry-After") != nil && refused.body.contains("提交得太快") && !refused.body.contains("！"))
            #expect(try await statuses(browsers[0], 5).allSatisfy { $0 == 429 })
            #expect(try await before.differences(app.database) == [])
            #expect(try await browsers[0].get("/me").status == 200, "reading goes on")
            #expect(try await statuses(browsers[1], 60).allSatisfy { $0 == 200 })
            #expect(try await statuses(browsers[2], 1) == [429], "a third session is the same account")
        }
    }

    /// A form that was begun. `@unchecked`: used by one at a time.
    private struct Begun: @unchecked Sendable { let client: RawClient }

    @Test("Forms that are begun and not finished take an account's share of memory and no more, whatever the session; others go on, and so does it when they end")
    func unfinished() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers), account = try await Self.learner(app, named)
            let tokens = try await app.database.write(Bench.act) { db in try (0..<2).map { _ in try Caller.session(account, in: db) } }
            func begun(_ token: String) async throws -> Begun {
                try await onThread {
                    let client = try RawClient(port: port)
                    client.say("POST /notices/read HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: yugong=\(token)\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000000\r\n\r\n_token=")
                    return Begun(client: client)
                }
            }
            // One after the other: each that is taken says nothing.
            var held: [Begun] = []
            while held.count < 5 {
                let next = try await begun(tokens[held.count % 2])
                let heard = try await onThread { next.client.hear(silenceSeconds: 1, until: { $0.contains("\r\n") }).text }
                if heard.hasPrefix("HTTP/1.1 429") { break }
                held.append(next)
            }
            #expect(held.count == 2)
            let other = try await Self.browser(try await app.database.write(Bench.act) { try AccountStore.add("other", displayName: "别人", hash: "-", in: $0) }, app, port)
            #expect(try await other.post("/notices/read", token: Caller.token).status == 303)
            let own = Browser(port: port)
            await own.setCookie("yugong", tokens[0])
            #expect(try await own.get("/me").status == 200)
            held = []
            try await eventually { try await own.post("/notices/read", [("a", String(repeating: "b", count: 1_500_000))], token: Caller.token).status != 429 }
            #expect(held.isEmpty)
        }
    }

    @Test("All lists of names together have one pace: who asks for a hundred waits at the next, whatever it is a list of")
    func lists() async throws {
        let noon = Clock.start(of: Clock.today) + 12 * 3_600_000
        try await servedOnBothEngines(today: Clock.today) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers), lj = named.units["HX-LJ"]!
            let account = try await app.database.write(Bench.act) { db in
                let id = try AccountStore.add("lj", displayName: "lj", hash: "-", in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: lj, from: .always, to: .open), to: id, in: db)
                return id
            }
            let browser = try await Self.browser(account, app, port)
            try await app.database.write(Bench.act) { db in try db.run(SQL("UPDATE session SET seen_ms = \(noon), expires_ms = \(noon + 3_600_000)")) }
            var statuses: Set<Int> = []
            for number in 0..<100 { statuses.insert(try await browser.get("/figures/\(lj)/A1?year=2022&category=grassroots&day=\(Day(iso: "2022-01-01")! + number)").status) }
            #expect(statuses == [200])
            for path in ["/people", "/activation", "/grants/new?q=HX9000007"] { #expect(try await browser.get(path).status == 429, "\(path)") }
            #expect(try await browser.get("/organizations").status == 200)
        }
    }

    @Test("The store fills with time, never above its most, and a clock that runs back fills nothing")
    func store() {
        let allowance = Allowance<Int>(most: 3, perSecond: 2)
        #expect((0..<4).map { _ in allowance.take(1, now: 10_000) } == [nil, nil, nil, 500])
        #expect(allowance.take(2, now: 10_000) == nil, "each its own")
        #expect(allowance.take(1, now: 10_400) == 100 && allowance.take(1, now: 10_500) == nil && allowance.take(1, now: 10_500) == 500)
        #expect(allowance.take(1, now: 9_000) == 500)
        #expect((0..<4).map { _ in allowance.take(1, now: 100_000) } == [nil, nil, nil, 500])
    }

    @Test("No field keeps more than its letters' worth of bytes: a letter of a thousand marks is long too")
    func texts() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers), account = try await Self.learner(app, named), browser = try await Self.browser(account, app, port)
            let officer = try await ActivationStories.signedIn("ouyang", .personnelOfficer, at: "HX-LJ", named, app, port), liu = named.people["刘芳"]!
            _ = try await officer.get("/account")
            let marks = String(repeating: "\u{301}", count: 1000), before = try await EveryTable(app.database)
            for text in ["a" + String(repeating: "\u{301}", count: 300_000), String(repeating: "长", count: 501), "长" + marks + marks] {
                #expect(text.count <= 501)
                let answer = try await browser.post("/me/objections", [("what", "person"), ("id", "\(named.people["刘芳"]!)"), ("text", text)], token: Caller.token)
                #expect([200, 422].contains(answer.status) && answer.body.contains("太长") || answer.body.contains("写短一些"), "\(answer.status)")
            }
            let post = try await app.database.read { "\(try RosterStore.appointments(of: [liu], in: $0)[0].id)" }
            for (path, field) in [("/people/\(liu)/correct", "why"), ("/people/\(liu)/correct", "name"), ("/people/\(liu)/end", "why")] {
                let fields = [("name", "刘芳"), ("why", "更正"), ("ethnicity", "回族"), ("post", post), ("day", "2024-01-01")]
                let answer = try await officer.post(path, fields.map { ($0.0, $0.0 == field ? $0.1 + marks + marks : $0.1) })
                #expect([200, 422].contains(answer.status) && answer.body.contains("字"), "\(path) \(field): \(answer.status) \(answer.location ?? "")")
            }
            #expect(try await before.differences(app.database, but: ["file.view"]) == [])
        }
        for act in [Act(who: .system, origin: "", kind: "x", why: String(repeating: "长", count: Act.longestReason + 1)), Act(who: .commandLine("root"), origin: "", kind: "x", why: "a" + String(repeating: "\u{301}", count: 5000))] {
            try await onBothEngines { database in
                await #expect(throws: Refusal.self) { try await database.write(act) { db in try db.run("DELETE FROM session") } }
            }
        }
        #expect(String(repeating: "长", count: 500).fits(500) && String(repeating: "𬱖", count: 500).fits(500) && !String(repeating: "a", count: 501).fits(500))
    }
}
