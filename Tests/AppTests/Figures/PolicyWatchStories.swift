import Access
@testable import App
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

@Suite("A policy file that changes while the service runs", .ownThreads) struct PolicyWatchStories {
    private static let cadres = "beijing-cadres-2019-2023", local = "lj-cadres"

    private static func exception(_ atLeast: String) -> String {
        "id: \(local)\ntitle: 《临江区的例外》\noverrides: \(cadres)\nrules:\n  - id: A2\n    clause: 区通知 二\n    findings:\n      - { group: grassroots, at-least: \(atLeast) }\n"
    }

    @Test("The next page is computed by what the file says now; a fault in it changes nothing and is told to the system administrator until it is mended")
    func watched() async throws {
        let folder = NSTemporaryDirectory() + "/policies-\(UUID().uuidString)", file = folder + "/lj.yaml"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        @Sendable func write(_ text: String) throws { try text.write(toFile: file, atomically: true, encoding: .utf8) }
        try write(Self.exception("60 %"))
        try await servedOnBothEngines(today: Day(2023, 6, 1)!, policies: [folder]) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers), unit = named.units["HX-LJ"]!
            let officer = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ"), system = try await PolicyReader(app, port, named, .systemAdmin, at: "HX")
            /// What the page of the unit's figures asks for, in percent.
            func bound(_ policy: String = Self.local) async throws -> Set<Double> {
                let page = MatrixStories.words(of: try await officer.get("/figures/\(unit)?policy=\(policy)&year=2022"))
                return Set(page.matches(of: /要求 (\d+(?:\.\d+)?)\s?%/).compactMap { Double($0.1) })
            }
            let usual = try await bound(Self.cadres)
            let watching = Task { await app.policyWatch.run() }
            defer { watching.cancel() }
            #expect(try await bound().contains(60))

            try write(Self.exception("15 %"))
            try await eventually { try await bound().contains(15) }
            #expect(try await !bound().contains(60))
            #expect(try await bound(Self.cadres) == usual)
            #expect(try await !system.get("/settings").body.contains("规则文件"))

            try write(Self.exception("十五"))
            try await eventually { try await system.get("/settings").body.contains("仍按改动前的规则计算") }
            // Each fault on a line of its own, by the name of the file alone.
            let told = try await system.get("/settings").body
            #expect(told.contains("<li>lj.yaml:") && !told.contains(folder))
            #expect(try await bound().contains(15))

            try write(Self.exception("75 %"))
            try await eventually { try await bound().contains(75) }
            #expect(try await !system.get("/settings").body.contains("仍按改动前的规则计算"))

            // One more file is one more policy, and one that goes away binds nobody any more.
            try Self.exception("20 %").replacingOccurrences(of: Self.local, with: "lj-next").write(toFile: folder + "/next.yaml", atomically: true, encoding: .utf8)
            try await eventually { try await officer.get("/policies").body.contains("lj-next") }
            try FileManager.default.removeItem(atPath: folder + "/next.yaml")
            try await eventually { try await officer.get("/policies/lj-next").status == 404 }
            try write(Self.exception("60 %"))
        }
    }
}
