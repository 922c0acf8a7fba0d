import Access
@testable import App
@testable import Figures
import Foundation
import Kit
import Register
@testable import Rules
@testable import Standing
import TestBench
import Testing
import World

@Suite("谁落后、哪些期限快到", .ownThreads) struct WatchTests {
    private let numbers = PersonalNumbers(key: .random())

    @Test("A clock is told while it runs out within the days ahead and its training is not done; nobody else's, and not before")
    func clocks() async throws {
        let library = try FactsTests.library.get(), numbers = numbers
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: numbers)
            let facts = Facts(database: database, shelf: PolicyShelf(library))
            let wu = try #require(named.people["吴静"]), yang = try #require(named.people["杨帆"])
            try await database.write(Bench.act) { db in
                try RosterStore.appoint(
                    Appointment(personID: wu, organizationID: named.units["HX-LJ-BH-Q001"]!, from: Day(2022, 1, 10)!, isPrimary: false, title: "副主席"), in: db)
            }
            let view = try await facts.view()
            func told(_ unit: String, _ day: Day) -> [RunningClocks.Clock] { RunningClocks.read([named.units[unit]!], view, today: day).clocks }
            let soon = told("HX-LJ-BH", Day(2022, 12, 1)!)
            #expect(soon.contains { $0.personID == wu && $0.due == Day(2023, 1, 10)! && $0.link.contains("policy=beijing-cadres-2019-2023") })
            #expect(!soon.contains { $0.personID == yang })
            #expect(!told("HX-LJ-BH", Day(2022, 9, 1)!).contains { $0.personID == wu })
            #expect(told("HX-JC", Day(2022, 12, 1)!).isEmpty)
        }
    }

    @Test("A chair's empty post is told from the first day that the policy warns of, then after each further one, past its due day too, until somebody holds it")
    func vacancies() async throws {
        let library = try FactsTests.library.get(), numbers = numbers
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: numbers)
            let facts = Facts(database: database, shelf: PolicyShelf(library)), unit = named.units["HX-LJ-BH-Q001"]!, yang = try #require(named.people["杨帆"])
            try await database.write(Bench.act) { db in
                let post = try #require(try RosterStore.appointments(of: [yang], in: db).first { $0.organizationID == unit && $0.title == "主席" })
                try RosterStore.end(post.id, on: Day(2022, 3, 1)!, in: db)
            }
            func clocks(_ code: String, _ day: String) async throws -> RunningClocks {
                RunningClocks.read([named.units[code]!], try await facts.view(), today: Day(iso: day)!)
            }
            func passed(_ day: String) async throws -> [Int] { try await clocks("HX-LJ", day).vacancies.filter { $0.unitID == unit }.map(\.passed) }
            let expected = [("2022-03-30", []), ("2022-03-31", [30]), ("2022-04-29", [30]), ("2022-04-30", [60]), ("2022-05-19", [60]), ("2022-05-20", [80]), ("2022-09-01", [80])]
            for (day, days) in expected { #expect(try await passed(day) == days, "\(day)") }
            #expect(try await clocks("HX-JC", "2022-05-20").vacancies.isEmpty, "of another branch")

            let one = try #require(try await clocks("HX-LJ-BH", "2022-05-20").vacancies.first)
            #expect(one.from == Day(2022, 3, 1)! && one.due == Day(2022, 6, 1)! && one.link.contains("policy=beijing-workforce-2015"))
            func told(_ day: String) async throws -> [DayTask] {
                try await clocks("HX-LJ-BH-Q001", day).tasks(on: Day(iso: day)!).filter { $0.link == one.link.replacingOccurrences(of: "\(named.units["HX-LJ-BH"]!)", with: "\(unit)") }
            }
            #expect(try await told("2022-05-20").map(\.note) == ["最近的还有 12 天"])
            #expect(try await told("2022-06-01").map(\.note) == ["最近的今天到期"])
            #expect(try await told("2022-06-02").map(\.note) == ["都已过期限"])
            #expect(try await told("2022-06-02").first?.words.contains("已有 93 天") == true)

            try await database.write(Bench.act) { db in
                try RosterStore.appoint(Appointment(personID: yang, organizationID: unit, from: Day(2022, 7, 1)!, isPrimary: false, title: "主席"), in: db)
            }
            #expect(try await passed("2022-06-30") == [80])
            #expect(try await passed("2022-09-01") == [])
        }
    }

    @Test("Below a unit those that miss most come first, each with the figure that lacks most and its names")
    func laggards() async throws {
        let library = try FactsTests.library.get(), numbers = numbers
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: numbers)
            let view = try await Facts(database: database, shelf: PolicyShelf(library)).view()
            let behind = try #require(Laggards.read(named.units["HX-LJ"]!, view, today: Day(2022, 12, 31)!))
            #expect(behind.year == 2022 && behind.unmet + behind.pending > 0 && !behind.rows.isEmpty && behind.looked == 2)
            #expect(behind.rows.map(\.unmet) == behind.rows.map(\.unmet).sorted(by: >))
            for row in behind.rows {
                let finding = try #require(row.worst)
                #expect(finding.shortfall.people > 0 && finding.link.hasPrefix("/figures/\(row.unit.id)/"))
            }
            // After the policy's last year its last year is what stands.
            #expect(Laggards.read(named.units["HX-LJ"]!, view, today: Day(2026, 11, 20)!)?.year == 2023)
            #expect(Laggards.read(-1, view, today: Day(2022, 12, 31)!) == nil)
        }
    }
}
