@testable import App
@testable import Figures
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
            let facts = Facts(database: database, library: library)
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

    @Test("Below a unit those that miss most come first, each with the figure that lacks most and its names")
    func laggards() async throws {
        let library = try FactsTests.library.get(), numbers = numbers
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: numbers)
            let view = try await Facts(database: database, library: library).view()
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
