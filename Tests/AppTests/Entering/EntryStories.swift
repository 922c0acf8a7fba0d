import Access
import App
import Foundation
import Kit
@testable import Ledger
import Register
import TestBench
import Testing
import World

@Suite("登记培训：一次培训，参加的人一起登记", .ownThreads) struct EntryStories {
    private static let training = [("title", "业务骨干培训班"), ("form", "offJob"), ("from", "2022-05-09"), ("to", "2022-05-10"), ("days", "2"), ("completed", "on")]

    private static func browser(_ app: App, _ port: Int, _ named: Named, _ role: Role, at code: String) async throws -> Browser {
        let name = "\(role.rawValue.lowercased())-\(code.lowercased())", password = "chang-mima-2026"
        let hash = try PasswordHashing.hashNow(password, .least), unit = try #require(named.units[code])
        try await app.database.write(Act(who: .system, origin: "", kind: "test", why: "")) { db in
            let id = try AccountStore.add(name, displayName: "管理员", hash: hash, in: db)
            try GrantStore.give(Grant(role: role, organizationID: unit, from: .always, to: .open), to: id, in: db)
        }
        let browser = Browser(port: port)
        try await browser.signIn(name, password)
        _ = try await browser.get("/account")
        return browser
    }

    private static func world(_ body: @escaping @Sendable (App, Int, Named) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in try await body(app, port, Named.fill(app.database, numbers: app.numbers)) }
    }

    private static func standing(_ app: App, _ person: Int64) async throws -> [HourEntry] {
        try await app.database.read { db in try Posting.standingAmong(HourEntryStore.entries(of: person, from: db)).filter { $0.record.title == "业务骨干培训班" } }
    }

    @Test("Ticked and written people get the same record in one act; who has it already gets no second; it is taken back as one and can be entered anew")
    func several() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let liu = try #require(named.people["刘芳"]), chen = try #require(named.people["陈杰"])
            let form = try await officer.get("/training/new")
            #expect(form.status == 200 && form.body.contains("name=\"person\" value=\"\(liu)\"") && form.body.contains("全部选上"))
            let fields = Self.training + [("person", "\(liu)"), ("who", "陈杰\n刘芳"), ("why", "结业文件")]
            let preview = try await officer.post("/training", fields + [("step", "check")])
            #expect(preview.body.contains("将给 <b>2</b> 人登记“业务骨干培训班”") && preview.body.contains("登记 2 人"))
            #expect(try await Self.standing(app, liu).isEmpty)
            let digest = try #require(preview.value(ofInput: "digest"))
            #expect(try await officer.post("/training", fields + [("step", "do"), ("digest", "x")]).body.contains("有了变动"))
            let place = try #require(try await officer.post("/training", fields + [("step", "do"), ("digest", digest)]).location)
            #expect(try await Self.standing(app, liu).map(\.record.halfDays) == [4])
            #expect(try await Self.standing(app, chen).count == 1)
            #expect(try await officer.get(place).body.contains("已给 <b>2</b> 人登记"))
            let again = try await officer.post("/training", fields + [("step", "check")])
            #expect(again.body.contains("没有要登记的，2 人已登记过") && !again.body.contains("value=\"do\""))
            // The same class with other days is a contradiction, as in the workbook.
            let other = try await officer.post("/training", Self.training.map { $0.0 == "days" ? ("days", "1") : $0 } + [("person", "\(liu)"), ("step", "check")])
            #expect(other.body.contains("同一条记录") && other.body.contains("1 人有误"))
            #expect(try await officer.post(place + "/undo", [("why", "")]).body.contains("id=\"m-why\""))
            #expect(try await officer.post(place + "/undo", [("why", "名单有误")]).location == place)
            #expect(try await Self.standing(app, liu).isEmpty)
            #expect(try await officer.get(place).body.contains("撤回：名单有误"))
            #expect(try await officer.post(place + "/undo", [("why", "再撤")]).location == place)
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM act WHERE kind = 'record.unenter'") } == 1)
            let anew = try await officer.post("/training", fields + [("step", "check")])
            #expect(anew.body.contains("登记 2 人"))
        }
    }

    @Test("All faults are told at once: the training's beside their fields, the people's beside the list")
    func faults() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let empty = try await officer.post("/training", [("step", "check")])
            for field in ["title", "form", "from", "to", "who"] { #expect(empty.body.contains("id=\"m-\(field)\""), "\(field)") }
            let foreign = try await officer.post("/training", Self.training + [("who", "吴静\n没有这个人"), ("step", "check")])
            #expect(foreign.body.contains("没有找到“吴静”") && foreign.body.contains("没有找到“没有这个人”"))
            let many = try await officer.post("/training", [("title", "班"), ("form", "offJob"), ("from", "2022-05-09"), ("to", "2022-05-10"), ("days", "9"), ("host", "没有"), ("who", "刘芳"), ("step", "check")])
            #expect(many.body.contains("id=\"m-host\""))
            let long = try await officer.post("/training", [("title", "班"), ("form", "offJob"), ("from", "2022-05-09"), ("to", "2022-05-10"), ("days", "9"), ("who", "刘芳"), ("step", "check")])
            #expect(long.body.contains("多于") && long.body.contains("id=\"m-days\""))
            let most = Array(repeating: "刘芳", count: 500).joined(separator: "\n")
            #expect(try await officer.post("/training", Self.training + [("who", most), ("step", "check")]).body.contains("将给 <b>1</b> 人登记"))
            #expect(try await officer.post("/training", Self.training + [("who", most + "\n刘芳"), ("step", "check")]).body.contains("名单有 501 行"))
            let unit = try await officer.post("/training", Self.training + [("list", "HX"), ("step", "list")])
            #expect(unit.body.contains("id=\"m-list\"") && unit.body.contains("业务骨干培训班"))
        }
    }

    @Test("Nobody enters hours of people of others, and who only looks enters none")
    func rights() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), leader = try await Self.browser(app, port, named, .leader, at: "HX-LJ-BH")
            let wu = try #require(named.people["吴静"]), liu = try #require(named.people["刘芳"])
            #expect(try await leader.get("/training/new").status == 404)
            #expect(try await !leader.get("/people/\(liu)/hours").body.contains("/training/new"))
            #expect(try await leader.post("/training", Self.training + [("person", "\(liu)"), ("step", "do")]).status == 404)
            let foreign = try await officer.post("/training", Self.training + [("person", "\(wu)"), ("step", "check")])
            #expect(foreign.body.contains("id=\"m-who\"") && !foreign.body.contains("value=\"do\""))
            let preview = try await officer.post("/training", Self.training + [("person", "\(liu)"), ("step", "check")]), digest = try #require(preview.value(ofInput: "digest"))
            let place = try #require(try await officer.post("/training", Self.training + [("person", "\(liu)"), ("step", "do"), ("digest", digest)]).location)
            let elsewhere = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-JC")
            for other in [leader, elsewhere] {
                #expect(try await other.get(place).status == 404)
                #expect(try await other.post(place + "/undo", [("why", "不是我的")]).status == 404)
            }
        }
    }
}
