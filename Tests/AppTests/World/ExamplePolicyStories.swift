@testable import App
import Foundation
import Kit
import Register
import Rules
import Standing
import TestBench
import Testing

@testable import World

/// The made-up plan that follows, and who knows it.
@Suite("The example policy of the demo world", .ownThreads) struct ExamplePolicyStories {
    private static let plan = "hengxi-cadres-2024-2028", day = Day(2026, 11, 29)!

    private func app(_ database: Database, _ url: String, _ folder: String, isForDemo: Bool = false) throws -> App {
        try App(
            database: database, databaseURL: url, settings: Settings(home: Settings.fromEnvironment().home, keyFile: folder + "/the.key"), passwords: .least, isForDemo: isForDemo)
    }

    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "/example-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test("A database that demo filled knows the made-up plan from its first day to every later start; the city has adopted it")
    func filled() async throws {
        for engine in Bench.engines {
            try await inFolder { folder in
                try await Bench.with(engine) { database, url in
                    let before = try app(database, url, folder, isForDemo: true)
                    _ = try await Demo.fill(
                        database, numbers: before.numbers, people: 60, years: 2019...2026, today: Self.day, who: .system, passwords: .least, house: before.house)
                    let after = try app(database, url, folder), library = after.library
                    #expect(library[Self.plan]?.title.hasSuffix("（示例）》") == true && library.categories.contains { $0.key == "contractStaff" })
                    let city = try await database.read { try OrganizationStore.id(code: "HX", in: $0) }
                    let bound = try await after.facts.view().bindings.bindings(at: city, on: Self.day)
                    #expect(bound.contains { $0.policy.id == Self.plan && $0.adoption?.from == Day(2024, 1, 1) })
                    // Other acts, and other units before it in the alphabet, change nothing.
                    try await database.write(Bench.act) { db in
                        _ = try OrganizationStore.create(code: "A", facts: OrganizationFacts(parentID: nil, name: "甲总工会", kind: "cityFederation", ownership: ""), in: db)
                    }
                    #expect(try await database.read { try DemoFillStore.isLiving(in: $0) })
                }
            }
        }
    }

    @Test("A database that somebody else began never sees it, whatever was tried on it")
    func real() async throws {
        for engine in Bench.engines {
            try await inFolder { folder in
                try await Bench.with(engine) { database, url in
                    let fresh = try app(database, url, folder)
                    #expect(fresh.library[Self.plan] == nil)
                    try await database.write(Act(who: .system, origin: "", kind: "import.organizations", why: "单位.xlsx")) { db in
                        _ = try OrganizationStore.create(code: "A", facts: OrganizationFacts(parentID: nil, name: "甲总工会", kind: "cityFederation", ownership: ""), in: db)
                    }
                    await #expect(throws: Refusal.self) { try await Demo.fill(database, numbers: fresh.numbers, people: 10, who: .system, passwords: .least) }
                    let again = try app(database, url, folder)
                    #expect(again.library[Self.plan] == nil && !again.library.categories.contains { $0.key == "contractStaff" })
                    #expect(again.library.policies.map(\.id) == fresh.library.policies.map(\.id))
                }
            }
        }
    }

    @Test("A demo world that ended with the plans that unions have decided does not know what follows")
    func ended() async throws {
        try await inFolder { folder in
            try await Bench.with(.sqlite) { database, url in
                let before = try app(database, url, folder)
                _ = try await Demo.fill(database, numbers: before.numbers, people: 60, years: 2019...2023, today: Self.day, who: .system, passwords: .least, house: before.house)
                #expect(try app(database, url, folder).library[Self.plan] == nil)
                #expect(!Demo.knowsPlan(2019...2023, today: Self.day) && Demo.knowsPlan(2019...2024, today: Self.day) && !Demo.knowsPlan(2019...2024, today: Day(2023, 12, 31)!))
            }
        }
    }

    @Test("The command line says the same: what policies there are, which categories a template offers, and how the running year stands")
    func commands() async throws {
        try await CommandLineUser.onBothEngines { user in
            #expect(try await !user.command("policy", "list").said.contains(Self.plan))
            let demo = try await user.command("demo", "--people", "60", "--today", "2026-11-29")
            #expect(demo.status == 0 && demo.said.contains("后来新进的"), "\(demo.noted)")
            let list = try await user.command("policy", "list")
            #expect(list.said.contains(Self.plan) && list.said.contains("（示例）"))
            let figures = try await user.command("indicators", "--year", "2026", "--as-of", "2026-11-29", "--unit", "HX", "--subtree", "--rule", "H1", "--format", "json")
            #expect(figures.status == 0 && figures.said.contains(Self.plan) && figures.said.contains("contractStaff"), "\(figures.noted)")
            let past = try await user.command("indicators", "--policy", "beijing-cadres-2019-2023", "--year", "2022", "--unit", "HX", "--subtree", "--format", "json")
            #expect(past.status == 0 && past.said.contains("\"A1\"") && !past.said.contains(Self.plan), "\(past.noted)")
            let checked = try await user.command("policy", "check", Settings.fromEnvironment().exampleFolder + "/\(Self.plan).yaml")
            #expect(checked.status == 0 && checked.said.contains("个样例都对"), "\(checked.said)")
            let wrong = try await user.command("demo", "--today", "2018-12-31", "--years", "2019-2023")
            #expect(wrong.status != 0)
        }
    }
}
