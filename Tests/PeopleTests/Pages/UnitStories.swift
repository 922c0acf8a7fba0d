import App
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

@Suite("组织，在浏览器里", .ownThreads) struct UnitStories {
    @Test("The tree shows the scope only; another's unit is as missing as none, on every address")
    func sight() async throws {
        try await PersonActStories.world { app, port, named in
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            let town = try #require(named.units["HX-LJ-BH"]), bureau = try #require(named.units["HX-JC"]), city = try #require(named.units["HX"])
            let tree = try await officer.get("/organizations")
            #expect(tree.status == 200 && tree.body.contains(">滨河街道总工会</a>") && !tree.body.contains("机床集团工会"))
            #expect(!tree.body.contains(">滨河街道工会服务站</a>"))
            #expect(try await officer.get("/organizations?open=\(town)").body.contains(">滨河街道工会服务站</a>"))
            #expect(try await officer.get("/organizations?q=hx-lj-xd").body.contains(">西渡街道总工会</a>"))
            #expect(!(try await officer.get("/organizations?q=HX-JC").body.contains("机床集团工会")))
            let page = try await officer.get("/organizations/\(town)")
            #expect(page.status == 200 && page.body.contains("/people?unit=\(town)") && page.body.contains("划转"))
            for path in ["/organizations/\(bureau)", "/organizations/\(city)", "/organizations/1", "/organizations/\(bureau)/do/amend", "/organizations/\(town)/do/nothing"] {
                #expect(try await officer.get(path).status == 404, "\(path)")
            }
            for act in ["create", "amend", "correct", "move", "merge", "close", "undo"] {
                #expect(try await officer.post("/organizations/\(bureau)/do/\(act)", [("why", "试试")]).status == 404)
            }
            // The own topmost unit is moved and closed by whoever is above.
            let district = try #require(named.units["HX-LJ"])
            #expect(try await officer.get("/organizations/\(district)/do/close").status == 404)
            let leader = try await PersonActStories.browser(app, port, named, .leader, at: "HX-LJ")
            #expect(!(try await leader.get("/organizations/\(town)").body.contains("/do/")))
            #expect(try await leader.post("/organizations/\(town)/do/amend", [("why", "试试")]).status == 404)
        }
    }

    @Test("A unit is founded, renamed from a day on, moved, closed and its closing taken back; refusals stand beside their fields")
    func acts() async throws {
        try await PersonActStories.world { app, port, named in
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            let town = try #require(named.units["HX-LJ-BH"]), other = try #require(named.units["HX-LJ-XD"])
            _ = try await officer.get("/organizations/\(town)/do/create")
            let fields = [("code", "HX-LJ-BH"), ("name", "江滩社区联合工会"), ("kind", "communityJointUnion"), ("day", "2024-01-01"), ("why", "街道〔2024〕1 号")]
            let taken = try await officer.post("/organizations/\(town)/do/create", fields)
            #expect(taken.status == 200 && taken.body.contains("id=\"m-code\"") && taken.body.contains("江滩社区联合工会") && taken.body.contains("街道〔2024〕1 号"))
            let made = try #require(try await officer.post("/organizations/\(town)/do/create", fields.map { $0.0 == "code" ? ("code", "HX-LJ-BH-L001") : $0 }).location)
            let id = try #require(Int64(made.dropFirst("/organizations/".count)))

            let renamed = [("name", "江滩社区工会"), ("kind", "communityJointUnion"), ("employees", "30"), ("day", "2025-01-01"), ("why", "更名")]
            let wrong = try await officer.post(made + "/do/amend", renamed.map { $0.0 == "day" ? ("day", "2023-01-01") : $0 })
            #expect(wrong.status == 200 && wrong.body.contains("id=\"m-day\"") && wrong.body.contains("江滩社区工会"))
            #expect(try await officer.post(made + "/do/amend", renamed).location == made)
            #expect(try await officer.get(made).body.contains("名称由“江滩社区联合工会”改为“江滩社区工会”"))
            #expect(try await officer.get(made + "?day=2024-06-01").body.contains("江滩社区联合工会"))

            let away = try await officer.post(made + "/do/move", [("parent", "HX-JC"), ("day", "2025-06-01"), ("why", "区划调整")])
            #expect(away.status == 200 && away.body.contains("id=\"m-parent\""))
            #expect(try await officer.post(made + "/do/move", [("parent", "西渡街道总工会"), ("day", "2025-06-01"), ("why", "区划调整")]).status == 303)
            #expect(try await officer.get("/organizations/\(other)").body.contains("江滩社区工会"))

            #expect(try await officer.post(made + "/do/close", [("day", "2025-09-01"), ("why", "")]).body.contains("id=\"m-why\""))
            #expect(try await officer.post(made + "/do/close", [("day", "2025-09-01"), ("why", "撤并")]).location == made)
            let closed = try await officer.get(made)
            #expect(closed.status == 200 && closed.body.contains("已于 2025-09-01 撤销"))
            let act = try #require(try await officer.get(made + "/do/undo").value(ofInput: "act"))
            #expect(try await officer.post(made + "/do/undo", [("act", act), ("why", "办错了")]).location == made)
            let stands = try await app.database.read { db in try OrganizationStore.history(in: db).closed(id) }
            #expect(stands == .open)
            // Nothing is closed over the heads of units below or people in post.
            let station = try #require(named.units["HX-LJ-BH-FW"]), now = [("day", "2025-09-01"), ("why", "撤并")]
            #expect(try await officer.post("/organizations/\(town)/do/close", now).body.contains("id=\"m-childrenTo\""))
            #expect(try await officer.post("/organizations/\(station)/do/close", now).body.contains("人在任"))
        }
    }

    @Test("A unit goes into another with its people; a wrong entry is corrected in place")
    func merges() async throws {
        try await PersonActStories.world { app, port, named in
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            let town = try #require(named.units["HX-LJ-BH"]), station = try #require(named.units["HX-LJ-BH-FW"]), sun = try #require(named.people["孙丽"])
            let form = try await officer.get("/organizations/\(station)/do/correct")
            let version = try #require(form.value(ofInput: "version"))
            let right = [("version", version), ("code", "HX-LJ-BH-FWZ"), ("name", "滨河工会服务站"), ("kind", "serviceStation"), ("why", "名称录错")]
            #expect(try await officer.post("/organizations/\(station)/do/correct", right).status == 303)
            let page = try await officer.get("/organizations/\(station)")
            #expect(page.body.contains("HX-LJ-BH-FWZ") && page.body.contains("改为“滨河工会服务站”") && page.body.contains("名称录错"))

            let itself = try await officer.post("/organizations/\(station)/do/merge", [("into", "HX-LJ-BH-FWZ"), ("day", "2025-01-01"), ("why", "撤并")])
            #expect(itself.status == 200 && itself.body.contains("id=\"m-into\""))
            #expect(try await officer.post("/organizations/\(station)/do/merge", [("into", "HX-LJ-BH"), ("day", "2025-01-01"), ("why", "撤并")]).location == "/organizations/\(town)")
            let posts = try await app.database.read { db in try RosterStore.appointments(of: [sun], in: db) }
            #expect(posts.count == 2 && posts.contains { $0.organizationID == town && $0.to == .open })
        }
    }
}
