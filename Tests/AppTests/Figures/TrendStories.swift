import App
import Kit
import TestBench
import Testing
import World

@Suite("走势只说到这一页的那一天", .ownThreads) struct TrendStories {
    @Test("A page of a past year tells of no later one: the units may have had another superior since", arguments: [2019, 2021, 2022])
    func ends(year: Int) async throws {
        try await servedOnBothEngines(today: Day(2023, 6, 1)!) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let officer = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX")
            let page = try await officer.get("/figures/\(named.units["HX"]!)?policy=beijing-cadres-2019-2023&year=\(year)&subtree=1")
            let trends = page.body.matches(of: #/<title>[^<]*走势：([^<]*)<\/title>/#).map { $0.1.split(separator: "，").count }
            // One year alone is no trend.
            #expect(page.status == 200 && (year == 2019 ? trends.isEmpty : !trends.isEmpty && trends.allSatisfy { $0 == year - 2018 }), "\(trends)")
        }
    }
}
