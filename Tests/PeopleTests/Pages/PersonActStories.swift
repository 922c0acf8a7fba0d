import Access
import App
import Figures
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

@Suite("档案的新建、更正、合并与撤回，在浏览器里", .ownThreads) struct PersonActStories {
    /// Somebody signed in with a role at a unit of the named world.
    static func browser(_ app: App, _ port: Int, _ named: Named, _ role: Role, at code: String) async throws -> Browser {
        let name = "\(role.rawValue.lowercased())-\(code.lowercased())", password = "chang-mima-2026"
        let hash = try PasswordHashing.hashNow(password, .least), unit = try #require(named.units[code])
        try await app.database.write(Act(who: .system, origin: "", kind: "test", why: "")) { db in
            let id = try AccountStore.add(name, displayName: "管理员", hash: hash, in: db)
            try GrantStore.give(Grant(role: role, organizationID: unit, from: .always, to: .open), to: id, in: db)
        }
        let browser = Browser(port: port)
        try await browser.signIn(name, password)
        return browser
    }

    static func world(_ body: @escaping @Sendable (App, Int, Named) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in
            try await body(app, port, Named.fill(app.database, numbers: app.numbers))
        }
    }

    /// A number that passes its check.
    static func number(_ first: String) throws -> String {
        let numbers = Array("0123456789X").map { first + String($0) }.filter { (try? IDNumber($0, today: .open)) != nil }
        return try #require(numbers.first)
    }

    @Test("A file shows posts and masked numbers to whoever has a unit of one of them; to others it is missing")
    func sight() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let liu = try #require(named.people["刘芳"]), zheng = try #require(named.people["郑强"]), wu = try #require(named.people["吴静"])
            let page = try await officer.get("/people/\(liu)")
            let number = try await app.database.read { db in
                try RosterStore.idNumber(of: try #require(try RosterStore.person(liu, in: db)), numbers: app.numbers).text
            }
            #expect(page.status == 200 && page.body.contains("滨河街道总工会") && page.body.contains("更正资料"))
            #expect(page.body.contains(masked(idNumber: number)) && !page.body.contains(number))
            // 郑强 was here until June 2022: seen, not kept.
            let gone = try await officer.get("/people/\(zheng)")
            #expect(gone.status == 200 && !gone.body.contains("/people/\(zheng)/correct"))
            #expect(try await officer.get("/people/\(zheng)/correct").status == 404)
            for path in ["/people/\(wu)", "/people/\(wu)/correct", "/people/\(wu)/history", "/people/\(wu)/merge", "/people/1", "/people/x"] {
                #expect(try await officer.get(path).status == 404, "\(path)")
            }
            for path in ["/people/\(wu)/correct", "/people/\(wu)/merge", "/people/\(wu)/undo", "/people/1/correct"] {
                #expect(try await officer.post(path, [("why", "试试")]).status == 404, "\(path)")
            }
            let leader = try await Self.browser(app, port, named, .leader, at: "HX-LJ-BH")
            let seen = try await leader.get("/people/\(liu)")
            #expect(seen.status == 200 && !seen.body.contains("更正资料"))
            #expect(try await leader.post("/people/\(liu)/correct", [("why", "试试")]).status == 404)
            #expect(try await leader.get("/people/new").status == 404)
        }
    }

    @Test("Facts are corrected with a reason; a refusal stands beside its field and what was typed stays; the correction is taken back")
    func corrects() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let liu = try #require(named.people["刘芳"])
            _ = try await officer.get("/people/\(liu)/correct")
            var fields = ["name": "刘芳华", "education": "研究生", "phone": "12", "why": "身份证更名", "gender": "女", "ethnicity": "汉族"]
            let refused = try await officer.post("/people/\(liu)/correct", fields.map { ($0.key, $0.value) })
            #expect(refused.status == 200 && refused.body.contains("id=\"m-phone\"") && refused.body.contains("刘芳华") && refused.body.contains("身份证更名"))
            fields["phone"] = ""
            #expect(try await officer.post("/people/\(liu)/correct", fields.map { ($0.key, $0.value) }).location == "/people/\(liu)")
            let page = try await officer.get("/people/\(liu)/history")
            #expect(page.body.contains("姓名由“刘芳”改为“刘芳华”") && page.body.contains("身份证更名") && page.body.contains("撤回最近一次变更"))
            let act = try await app.database.read { db in try #require(try RosterStore.changes(of: liu, in: db).first).act.id }
            #expect(try await officer.get("/people/\(liu)/undo?act=\(act)").status == 200)
            #expect(try await officer.post("/people/\(liu)/undo", [("act", "\(act)"), ("why", "")]).body.contains("id=\"m-why\""))
            #expect(try await officer.post("/people/\(liu)/undo", [("act", "\(act)"), ("why", "填错了人")]).status == 303)
            let name = try await app.database.read { db in try RosterStore.person(liu, in: db)?.name }
            #expect(name == "刘芳")
        }
    }

    @Test("A post that was entered wrongly is set right; one of another's file or unit is missing")
    func posts() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let huang = try #require(named.people["黄磊"]), wu = try #require(named.people["吴静"])
            func post(_ person: Int64) async throws -> Appointment {
                try await app.database.read { db in try #require(try RosterStore.appointments(of: [person], in: db).first) }
            }
            let old = try await post(huang), path = "/people/\(huang)/posts/\(old.id)/correct"
            #expect(try await officer.get("/people/\(huang)").body.contains(path))
            #expect(try await officer.get(path).body.contains("HX-LJ-BH-Q001"))
            var fields = [("unit", "HX-LJ-BH-Q001"), ("title", "经审委员"), ("from", "2018-05-01"), ("to", "2018-01-01"), ("why", "职务登错")]
            let refused = try await officer.post(path, fields)
            #expect(refused.status == 200 && refused.body.contains("id=\"m-to\"") && refused.body.contains("经审委员") && refused.body.contains("职务登错"))
            fields[3].1 = ""
            #expect(try await officer.post(path, fields.map { $0.0 == "unit" ? ("unit", "HX-JC") : $0 }).body.contains("id=\"m-unit\""))
            #expect(try await officer.post(path, fields).location == "/people/\(huang)")
            #expect(try await post(huang).title == "经审委员")
            #expect(try await officer.get("/people/\(huang)/history").body.contains("职务由“委员”改为“经审委员”"))
            let other = try await post(wu)
            for path in ["/people/\(huang)/posts/\(other.id)/correct", "/people/\(wu)/posts/\(other.id)/correct"] {
                #expect(try await officer.get(path).status == 404)
                #expect(try await officer.post(path, fields).status == 404)
            }
        }
    }

    @Test("A new file proposes who may be the same before it is made; two files become one")
    func creates() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            let liu = try #require(named.people["刘芳"])
            let born = try await app.database.read { db in try #require(try RosterStore.person(liu, in: db)).birthDay }
            let number = try Self.number("330102" + born.description.replacingOccurrences(of: "-", with: "") + "786")
            #expect(try await officer.get("/people/new").status == 200)
            var fields = [("name", "刘芳"), ("idNumber", number), ("unit", "HX-LJ-XD"), ("title", "干事"), ("from", "2025-01-01"), ("why", "新录用")]
            let asked = try await officer.post("/people/new", fields)
            #expect(asked.status == 200 && asked.body.contains("同名且同日出生") && asked.body.contains("/people/\(liu)") && asked.body.contains(number))
            fields.append(("sure", "on"))
            let made = try #require(try await officer.post("/people/new", fields).location)
            #expect(made.hasPrefix("/people/") && !made.contains(number))
            #expect(try await officer.get(made).body.contains("西渡街道总工会"))
            let twice = try await officer.post("/people/new", fields)
            #expect(twice.status == 200 && twice.body.contains("id=\"m-idNumber\""))

            let id = try #require(Int64(made.dropFirst("/people/".count)))
            #expect(try await officer.get("/people/\(liu)/merge").body.contains("value=\"\(id)\""))
            let overlap = try await officer.post("/people/\(liu)/merge", [("twin", "\(id)"), ("primary", "ask"), ("why", "重复建档")])
            #expect(overlap.status == 200 && overlap.body.contains("主任职重叠"))
            #expect(try await officer.post("/people/\(liu)/merge", [("twin", "\(id)"), ("primary", "survivor"), ("why", "重复建档")]).status == 303)
            #expect(try await officer.get("\(made)/history").body.contains("重复建档"))
                    }
    }
}
