import Access
import Kit
@testable import Representatives
import TestBench
import Testing
import World

@Suite("Terms of the demo world", .ownThreads) struct TermDemoTests {
    private struct Told: Hashable {
        let unit, code: String, session: String, kind: String, elected, expiry, left: Day
    }

    /// The terms of a new world of 900 people, without ids.
    private func fill(_ database: Database) async throws -> [Told] {
        _ = try await Demo.fill(database, numbers: PersonalNumbers(key: .random()), people: 900, who: .system, passwords: .least)
        return try await database.read { db in
            try db.rows(
                """
                SELECT o.code, p.code, t.session, t.kind, t.elected_day, t.expiry_day, t.left_day FROM term_of_office t
                JOIN organization o ON o.id = t.organization_id JOIN person p ON p.id = t.person_id ORDER BY 1, 2, 3, 4, 5
                """
            ) { Told(unit: $0.text(0), code: $0.text(1), session: $0.text(2), kind: $0.text(3), elected: $0.day(4), expiry: $0.day(5), left: $0.day(6)) }
        }
    }

    @Test("Every state is there on the last day of its years, of every kind, with by-elections, and where visitors come; the same in each world")
    func states() async throws {
        let day = Day(2023, 12, 31)!
        var worlds: Set<[Told]> = []
        try await onBothEngines { database in
            worlds.insert(try await fill(database))
            let units = try await database.read { db in try db.rows("SELECT DISTINCT organization_id FROM term_of_office") { $0.int(0) } }
            let terms = try await database.read { try TermStore.terms(in: units, in: $0) }, ends = TermOfOffice.endsByID(of: terms)
            let states = terms.map { $0.state(on: day, ends[$0.id]!) }
            #expect(Set(states.map(\.key)) == ["inOffice", "overdue", "followed", "left"])
            #expect(zip(terms, states).filter { $0.1.isInOffice }.count > 30)
            for kind in ["workerRepresentative", "workerDirector", "workerSupervisor"] { #expect(zip(terms, states).contains { $0.0.kind == kind && $0.1.isInOffice }, "\(kind)") }
            #expect(ends.values.contains { $0.isEarly })
            // A by-election: of one 届次 elected later than others, for the same rest.
            #expect(terms.contains { one in terms.contains { $0.organizationID == one.organizationID && $0.kind == one.kind && $0.session == one.session && $0.elected < one.elected } })
        }
        #expect(worlds.count == 1)
        let told = try #require(worlds.first)
        for unit in ["HX-JC", "HX-LJ-"] { #expect(told.contains { $0.unit.hasPrefix(unit) }, "\(unit)") }
    }
}
