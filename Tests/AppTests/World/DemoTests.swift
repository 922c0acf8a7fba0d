import Foundation
import Kit
import Testing
import TestBench

@testable import World

@Suite("The demo world in a database", .ownThreads) struct DemoTests {
    private let numbers = PersonalNumbers(key: .random())

    @Test("A world of 300 people fits every constraint on both engines, and all of it arrives")
    func fills() async throws {
        let (city, residents) = MadeWorldTests.everybody(300)
        try await onBothEngines { database in
            let signIns = try await Demo.fill(database, numbers: numbers, people: 300, who: .commandLine("测试"), passwords: .least)
            let counts = try await database.read { db in
                try ["organization", "organization_version", "person", "appointment", "hour_entry", "account"].map { try DemoCounts.rows(of: $0, db) }
            }
            let entries = residents.flatMap(\.trainings).reduce(0) { count, training in
                switch training.fate {
                case .stands: count + 1
                case .reversed: count + 2
                case .correctedTo: count + 3
                }
            }
            let versions = city.units.map(\.versions.count).reduce(0, +), posts = residents.map(\.posts.count).reduce(0, +)
            let expected = [city.units.count, versions, 300, posts, entries, signIns.count]
            #expect(counts.map { Int($0) } == expected)
        }
    }

    @Test("A database in use is left alone")
    func refuses() async throws {
        try await onBothEngines { database in
            _ = try await Named.fill(database, numbers: numbers)
            await #expect(throws: Refusal.self) { try await Demo.fill(database, numbers: numbers, people: 10, who: .system, passwords: .least) }
            let people = try await database.read { try DemoCounts.rows(of: "person", $0) }
            #expect(people == Named.residents.count)
        }
    }

    @Test("Progress begins with nothing and ends with everybody")
    func progress() async throws {
        try await Bench.with(.sqlite) { database, _ in
            let seen = Seen()
            _ = try await Demo.fill(database, numbers: numbers, people: 50, who: .system, passwords: .least) { done, all in seen.note(done, all) }
            #expect(seen.all == ["0/50", "50/50"])
        }
    }

    @Test("The world can be made on any day, and its learners are what is said of them", arguments: [
        "2019-01-01", "2024-02-29", "2026-01-01", "2026-06-30", "2026-11-29", "2026-12-31",
    ])
    func anyDay(_ text: String) async throws {
        let today = try #require(Day(iso: text))
        try await Bench.with(.sqlite) { database, _ in
            let signIns = try await Demo.fill(database, numbers: numbers, people: 300, years: 2019...2026, today: today, who: .system, passwords: .least)
            let world = DemoWorld(people: 300, years: 2019...2026, today: today), people = try await database.read { try DemoCounts.rows(of: "person", $0) }
            #expect(Int(people) == world.count)
            for account in text == "2019-01-01" ? ["shi"] : ["shi", "xueman", "luohou"] { #expect(signIns.contains { $0.name == account }, "\(account)") }
            for (account, isFull) in [("xueman", true), ("luohou", false)] {
                guard let signIn = signIns.first(where: { $0.name == account }) else { continue }
                let unit = try #require(world.city.units.firstIndex { $0.code == signIn.unit })
                let resident = try #require(world.residents(unit: unit).first { $0.name == signIn.displayName })
                let isLastYear = signIn.roleWord.contains("上年"), year = isLastYear ? today.year - 1 : today.year
                #expect(!isLastYear || (isFull ? text < "2026-11-29" : text < "2026-06-30"), "\(text): \(signIn.roleWord)")
                let category = try #require(resident.posts.last { $0.isPrimary && $0.to == .open }?.category)
                func hours(_ forms: Set<String>) -> Int {
                    resident.trainings.filter { forms.contains($0.form) && $0.isCompleted && $0.to.year == year && $0.from.year == year }.reduce(0) { $0 + ($1.halfDays.map { $0 * 400 } ?? $1.hours ?? 0) }
                }
                let isDone = hours(["offJob", "lecture"]) >= Schooling.quota(category, in: year) && hours(["online", "onlineSpecialClass"]) >= Schooling.onlineQuota(in: year)
                #expect(isDone == isFull, "\(text): \(signIn.roleWord)")
            }
        }
    }

    @Test("A wrong number of people or years is refused by name", arguments: [(0, 2019...2023), (50, 1999...2023), (50, 2019...2100), (50, 2000...2050)])
    func bounds(_ people: Int, _ years: ClosedRange<Int>) async throws {
        try await Bench.with(.sqlite) { database, _ in
            await #expect(throws: Refusal.self) { try await Demo.fill(database, numbers: numbers, people: people, years: years, who: .system, passwords: .least) }
        }
    }

    @Test("A today before the world begins is refused by name")
    func tooEarly() async throws {
        try await Bench.with(.sqlite) { database, _ in
            await #expect(throws: Refusal.self) {
                try await Demo.fill(database, numbers: numbers, people: 50, years: 2019...2026, today: .lastDay(of: 2018), who: .system, passwords: .least)
            }
        }
    }
}

enum DemoCounts {
    static func rows(of table: String, _ db: Reading) throws -> Int64 {
        switch table {
        case "organization": try db.count("SELECT count(*) FROM organization")
        case "organization_version": try db.count("SELECT count(*) FROM organization_version")
        case "person": try db.count("SELECT count(*) FROM person")
        case "appointment": try db.count("SELECT count(*) FROM appointment")
        case "hour_entry": try db.count("SELECT count(*) FROM hour_entry")
        default: try db.count("SELECT count(*) FROM account")
        }
    }
}

/// `@unchecked`: the list is touched only under the lock.
private final class Seen: @unchecked Sendable {
    private let lock = NSLock()
    private var lines: [String] = []

    var all: [String] { lock.withLock { lines } }
    func note(_ done: Int, _ all: Int) { lock.withLock { lines.append("\(done)/\(all)") } }
}
