@testable import Access
@testable import App
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

@Suite("视图：各人自己的，存筛选、排序和列，不存姓名", .ownThreads) struct SavedViewStories {
    private static func views(_ account: String, _ app: App) async throws -> [SavedView] {
        try await app.database.read { db in
            let id = try #require(try AccountStore.account(named: account, in: db)).id
            return try SavedViewStore.views(of: [id], in: db)
        }
    }

    @Test("A view keeps how the list is asked for and no name; it stands above the list, is renamed and deleted, and is nobody else's")
    func life() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let officer = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ"), other = try await PolicyReader(app, port, named, .leader, at: "HX-LJ")
            let place = "/people?q=%E5%88%98%E8%8A%B3&category=grassroots&sort=-code&after=x~1&col=q&col=code"
            let saved = try await officer.post("/views", [("name", "基层按编号"), ("for", place)])
            #expect(saved.location == "/people?category=grassroots&sort=-code&col=q&col=code")
            let view = try #require(try await Self.views("personnelofficer-hx-lj", app).first)
            #expect(view.name == "基层按编号" && view.address.query["q"] == nil && view.address.query["after"] == nil)
            let page = try await officer.get("/people?category=grassroots&sort=-code&col=q&col=code")
            #expect(page.body.contains("aria-current=\"true\">基层按编号</a>"))
            #expect(try await !other.get("/people").body.contains("基层按编号"))
            for deed in ["rename", "delete"] { #expect(try await other.post("/views/\(view.id)/\(deed)", [("name", "别人")]).status == 404) }
            #expect(try await officer.post("/views/\(view.id)/rename", [("name", "")]).status == 422)
            #expect(try await officer.post("/views/\(view.id)/rename", [("name", "我的基层")]).status == 303)
            #expect(try await Self.views("personnelofficer-hx-lj", app).map(\.name) == ["我的基层"])
            #expect(try await officer.post("/views/\(view.id)/delete", []).location == "/people")
            #expect(try await Self.views("personnelofficer-hx-lj", app) == [])
        }
    }

    @Test("A name must be there and short, a place one of ours, and a list has no more than its most")
    func bounds() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers), officer = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ")
            for (name, place) in [("", "/people"), (String(repeating: "长", count: 31), "/people"), ("看", "//elsewhere"), ("看", ""), ("看", "https://elsewhere")] {
                #expect(try await officer.post("/views", [("name", name), ("for", place)]).status == 422, "\(name) \(place)")
            }
            for number in 0..<SavedView.most { #expect(try await officer.post("/views", [("name", "第 \(number)"), ("for", "/people")]).status == 303) }
            #expect(try await officer.post("/views", [("name", "多的"), ("for", "/people")]).body.contains("最多保存"))
            #expect(try await officer.post("/views", [("name", "另一张表"), ("for", "/grants")]).status == 303)
        }
    }
}
