import Access
import Accounts
import App
import Foundation
import Kit
import Ledger
import TestBench
import Testing
import World

@Suite("The same thing at the same time", .ownThreads)
struct RaceStories {
    /// The statuses of eight equal requests sent at once.
    private func eightTimes(_ ask: @escaping @Sendable () async throws -> Browser.Answer) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await ask().status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("A record taken back eight times at once is taken back once; a file made eight times is one file")
    func once() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let password = try Accounts.add("OuYang", role: "personnelOfficer", unit: "HX", displayName: "欧阳静", today: Day(number: 19_000), by: Bench.act, in: app.database, .least)
            let browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            _ = try await browser.get("/account")
            let entry = try await app.database.read { db in
                try named.people.values.sorted().lazy.compactMap { try? Posting.standingAmong(HourEntryStore.entries(of: $0, from: db)).first }.first
            }
            let id = try #require(entry).id
            _ = try await eightTimes { try await browser.post("/records/\(id)/reverse", [("deed", "reverse"), ("why", "没有参加")]) }
            let reversals = try await app.database.read { db in try db.count(SQL("SELECT count(*) FROM hour_entry WHERE sign = -1 AND source_key = (SELECT source_key FROM hour_entry WHERE id = \(id))")) }
            #expect(reversals == 1)

            let fields = [("name", "田小禾"), ("idNumber", "11010519491231002X"), ("unit", "HX"), ("title", "干事"), ("from", "2022-01-01"), ("why", "新录用"), ("sure", "on")]
            let made = try await eightTimes { try await browser.post("/people/new", fields) }
            let people = try await app.database.read { db in try db.count("SELECT count(*) FROM person WHERE name = '田小禾'") }
            #expect(people == 1 && made.filter { $0 == 303 }.count == 1 && made.allSatisfy { $0 < 500 })
        }
    }

    // Once on each engine: beside all other tests a start takes half a minute, and a writer waits a minute for the others.
    @Test("Several first starts at once: each comes up, and what they leave is sound")
    func starts() async throws {
        for engine in Bench.engines {
            let url = try Bench.makeEmpty(engine), folder = NSTemporaryDirectory() + "/yugong-starts-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer {
                Bench.remove(url)
                try? FileManager.default.removeItem(atPath: folder)
            }
            let settings = try Settings(home: Settings.fromEnvironment().home, keyFile: folder + "/the.key")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await onThread {
                            let database = try Database(url: url, readers: 1)
                            defer { database.close() }
                            let app = try App(database: database, databaseURL: url, settings: settings)
                            try app.database.writeNow(Bench.act) { try $0.change("thing", 1, before: nil, after: "{}") }
                            try app.anchor()
                        }
                    }
                }
                try await group.waitForAll()
            }
            let database = try Database(url: url, readers: 1)
            defer { database.close() }
            #expect(try Verification.run(database, databaseURL: url, settings: settings).findings == [], "\(engine)")
            #expect(try database.readNow { try $0.count("SELECT count(*) FROM act WHERE kind IN ('key.adopt', 'anchor.begin')") } == 1, "one has made the key, and nobody found an anchor gone")
        }
    }

    @Test("Guesses sent at once do not slip past the throttle")
    func guesses() async throws {
        try await servedOnBothEngines { app, port in
            _ = try SignInStories.officer(app)
            let browser = Browser(port: port)
            _ = try await browser.get("/sign-in")
            let began = ContinuousClock.now
            let statuses = try await eightTimes { try await browser.post("/sign-in", [("name", "ouyang"), ("password", "not this one"), ("to", "")]) }
            // Three are free; after that the first wait is a second, which a slow machine may sit out.
            let looked = statuses.filter { $0 == 422 }.count
            #expect(looked <= 3 + Int((ContinuousClock.now - began) / .seconds(1)) && statuses.filter { $0 == 429 }.count == 8 - looked)
        }
    }
}
