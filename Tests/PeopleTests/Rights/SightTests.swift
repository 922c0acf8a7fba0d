@testable import Access
import App
import Kit
@testable import Register
import TestBench
import Testing
import World

@Suite("看得到多少：在任、曾任、两处任职、撤销和合并的单位", .ownThreads)
struct SightTests {
    static let today = Day(iso: "2026-11-20") ?? .always

    static func post(_ unit: Int64, _ from: String, _ to: String? = nil, primary: Bool = true) -> Appointment {
        Appointment(personID: 1, organizationID: unit, from: Day(iso: from) ?? .always, to: to.flatMap { Day(iso: $0) } ?? .open, isPrimary: primary)
    }

    /// What an officer at 滨河 sees of somebody with these posts; units by code.
    static func sights(_ cases: [(sentence: String, posts: [(String, String, String?, Bool)], until: String?, keeps: Bool, keepsFacts: Bool)], at code: String) async throws {
        try await servedOnBothEngines { app, _ in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            // 服务站 closes in 2024 below 滨河; 西渡 is merged into 滨河 in 2025.
            try await app.database.write(Bench.act) { db in
                try OrganizationStore.close(named.units["HX-LJ-BH-FW"]!, on: Day(iso: "2024-01-01")!, endingPosts: true, in: db)
                try OrganizationStore.merge(named.units["HX-LJ-XD"]!, into: named.units["HX-LJ-BH"]!, from: Day(iso: "2025-01-01")!, in: db)
            }
            try await app.database.read { db in
                let tree = try OrganizationStore.tree(on: today, in: db)
                let scope = ScopeOverTime(Scope(grants: [Grant(role: .personnelOfficer, organizationID: named.units[code]!, from: .always, to: .open)], tree: tree))
                for one in cases {
                    let sight = PersonSight(one.posts.map { post(named.units[$0.0]!, $0.1, $0.2, primary: $0.3) }, scope, today: today)
                    guard let until = one.until else {
                        #expect(sight == nil, "\(one.sentence)")
                        continue
                    }
                    let expected: Day = until.isEmpty ? .open : Day(iso: until)!
                    #expect(sight?.until == expected && sight?.mayKeep == one.keeps && sight?.mayKeepFacts == one.keepsFacts, "\(one.sentence)")
                }
            }
        }
    }

    @Test("What a street's officer sees of somebody is decided by the posts there")
    func street() async throws {
        try await Self.sights(
            [
                ("never here", [("HX-JC", "2019-01-01", nil, true)], nil, false, false),
                ("moved in", [("HX-JC", "2019-01-01", "2022-01-01", true), ("HX-LJ-BH", "2022-01-01", nil, true)], "", true, true),
                ("moved away", [("HX-LJ-BH", "2019-01-01", "2022-01-01", true), ("HX-JC", "2022-01-01", nil, true)], "2022-01-01", false, false),
                ("moved away and back", [("HX-LJ-BH", "2019-01-01", "2021-01-01", true), ("HX-JC", "2021-01-01", "2022-01-01", true), ("HX-LJ-BH", "2022-01-01", nil, true)], "", true, true),
                ("primary post here, another elsewhere", [("HX-LJ-BH", "2019-01-01", nil, true), ("HX-JC", "2020-01-01", nil, false)], "", true, true),
                ("primary post elsewhere, another here", [("HX-JC", "2019-01-01", nil, true), ("HX-LJ-BH", "2020-01-01", nil, false)], "", true, false),
                ("the post here over, the primary one elsewhere runs", [("HX-JC", "2019-01-01", nil, true), ("HX-LJ-BH", "2020-01-01", "2021-06-01", false)], "2021-06-01", false, false),
                ("retired from here", [("HX-LJ-BH", "2019-01-01", "2022-01-01", true)], "", true, true),
                ("retired from elsewhere after being here", [("HX-LJ-BH", "2019-01-01", "2020-01-01", true), ("HX-JC", "2020-01-01", "2022-01-01", true)], "2020-01-01", false, false),
                ("left with a closed unit", [("HX-LJ-BH-FW", "2019-01-01", "2024-01-01", true)], "", true, true),
                ("to come", [("HX-JC", "2019-01-01", "2027-01-01", true), ("HX-LJ-BH", "2027-01-01", nil, true)], "", true, false),
            ], at: "HX-LJ-BH")
    }

    @Test("A merged unit's people of the past belong to the nearest living superior, not to the unit that took it in")
    func merged() async throws {
        let gone: [(String, [(String, String, String?, Bool)])] = [("left before the merger", [("HX-LJ-XD", "2019-01-01", "2023-01-01", true)])]
        try await Self.sights(gone.map { ($0.0, $0.1, nil, false, false) }, at: "HX-LJ-BH")
        try await Self.sights(gone.map { ($0.0, $0.1, "", true, true) }, at: "HX-LJ")
    }
}
