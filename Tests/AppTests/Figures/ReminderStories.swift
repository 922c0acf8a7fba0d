@testable import Access
import App
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

@Suite("提醒：从指标的名单到要学的人", .ownThreads) struct ReminderStories {
    private static let asked = "policy=beijing-cadres-2019-2023&category=grassroots&year=2023&subtree=1"

    private static func served(_ body: @escaping @Sendable (_ app: App, _ port: Int, _ named: Named, _ list: String) async throws -> Void) async throws {
        try await servedOnBothEngines(today: Day(2023, 6, 1)!) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            try await app.database.write(Bench.act) { db in
                for name in ["刘芳", "杨帆"] { try AccountStore.add(name, displayName: name, hash: "-", personID: named.people[name], in: db) }
            }
            try await body(app, port, named, "/figures/\(named.units["HX-LJ-BH"]!)/A9")
        }
    }

    /// What a person has been told.
    private static func told(_ name: String, _ app: App, _ named: Named) async throws -> [String] {
        try await app.database.read { db in
            let account = try #require(try AccountStore.account(named: name, in: db))
            return try MessageStore.all(of: account, in: db).filter { $0.kind == "figures.remind" }.map(\.text)
        }
    }

    @Test("Who keeps the people has boxes, and in a year that runs reminds; who only looks, and a year that is over, have none")
    func offers() async throws {
        try await Self.served { app, port, named, list in
            let officer = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), page = try await officer.get("\(list)?\(Self.asked)")
            #expect(page.body.contains("提醒勾选的") && page.body.contains("提醒列出的全部") && page.body.contains("name=\"person\" value=\"\(named.people["黄磊"]!)\""))
            let past = try await officer.get("\(list)?\(Self.asked.replacing("2023&sub", with: "2022&sub"))")
            #expect(!past.body.contains("提醒勾选的") && past.body.contains("批量更改勾选的"))
            let leader = try await PolicyReader(app, port, named, .leader, at: "HX-LJ-BH"), seen = try await leader.get("\(list)?\(Self.asked)")
            #expect(seen.status == 200 && !seen.body.contains("提醒勾选的") && !seen.body.contains("name=\"person\""))
            for path in ["/remind", "/remind/do"] { #expect(try await leader.post("\(list)\(path)?\(Self.asked)", [("whom", "all")]).status == 404) }
        }
    }

    @Test("All who are listed and can be reached are told what they lack and until when, once a day; who has no account is named as such")
    func all() async throws {
        try await Self.served { app, port, named, list in
            let officer = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let preview = try await officer.post("\(list)/remind?\(Self.asked)", [("whom", "all")])
            #expect(preview.status == 200 && preview.body.contains("没有可用的账号，收不到") && preview.body.contains("确定提醒") && preview.body.contains("截止 2023-12-31"))
            #expect(try await Self.told("杨帆", app, named) == [])
            let sure = [("whom", "all"), ("digest", try #require(preview.value(ofInput: "digest")))]
            #expect(try await officer.post("\(list)/remind/do?\(Self.asked)", [("whom", "all"), ("digest", "x")]).body.contains("情况有了变动"))
            #expect(try await Self.told("杨帆", app, named) == [])
            let place = try #require(try await officer.post("\(list)/remind/do?\(Self.asked)", sure).location)
            #expect(place.contains("reminded="))
            #expect(try await officer.get(place).body.contains("已提醒"))
            let said = try await Self.told("杨帆", app, named)
            #expect(said.count == 1 && said[0].hasPrefix("“基层每年培训”您还需") && said[0].contains("脱产") && said[0].hasSuffix("截止 2023-12-31。"))
            #expect(try await officer.post("\(list)/remind/do?\(Self.asked)", sure).body.contains("今天已经提醒过"))
            #expect(try await Self.told("杨帆", app, named).count == 1)
        }
    }

    @Test("Nobody is told who is not behind the figure or not one's own, whatever is sent")
    func foreign() async throws {
        try await Self.served { app, port, named, list in
            try await app.database.write(Bench.act) { db in _ = try AccountStore.add("吴静", displayName: "吴静", hash: "-", personID: named.people["吴静"], in: db) }
            let officer = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let both = ["吴静", "杨帆"].map { ("person", "\(named.people[$0]!)") } + [("whom", "ticked")]
            let preview = try await officer.post("\(list)/remind?\(Self.asked)", both)
            #expect(preview.body.contains("将提醒 <b>1</b> 人") && !preview.body.contains("吴静"))
            #expect(try await officer.post("\(list)/remind/do?\(Self.asked)", both + [("digest", try #require(preview.value(ofInput: "digest")))]).status == 303)
            #expect(try await Self.told("吴静", app, named) == [])
            #expect(try await Self.told("杨帆", app, named).count == 1)
            #expect(try await officer.post("\(list)/remind?\(Self.asked)", [("whom", "ticked")]).body.contains("还没有选人"))
            // Nor for another's unit, nor of a year that is over.
            #expect(try await officer.post("/figures/\(named.units["HX-JC"]!)/A9/remind?\(Self.asked)", both).status == 404)
            let past = Self.asked.replacing("2023&sub", with: "2022&sub")
            #expect(try await officer.post("\(list)/remind?\(past)", both).body.contains("都不用或不能提醒"))
        }
    }
}
