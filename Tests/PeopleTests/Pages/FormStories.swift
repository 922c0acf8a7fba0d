import Access
import App
import Foundation
import Kit
@testable import Register
import TestBench
import Testing
@testable import World

@Suite("表单在浏览器里：所有的错一次说清，办好以后说一句话", .ownThreads) struct FormStories {
    private static func links(_ page: Browser.Answer) -> Set<String> { Set(page.body.matches(of: #/<li><a href="#f-([^"]+)">/#).map { String($0.1) }) }

    @Test("A new file with everything wrong tells everything at once")
    func newFile() async throws {
        try await PersonActStories.world { app, port, named in
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            _ = try await officer.get("/people/new")
            let all = try await officer.post("/people/new", [("name", ""), ("idNumber", "123"), ("phone", "12"), ("unit", "没有的单位"), ("from", "昨天"), ("category", "nothing"), ("why", "")])
            #expect(all.status == 200 && all.body.contains("有 7 处要改"))
            #expect(Self.links(all) == ["name", "idNumber", "phone", "unit", "from", "category", "why"])
            for field in ["name", "idNumber", "phone", "unit", "from", "category", "why"] { #expect(all.body.contains("id=\"m-\(field)\""), "\(field)") }
        }
    }

    @Test("A number and a code that are taken lead to their files for whoever sees them, and to nothing for others")
    func taken() async throws {
        try await PersonActStories.world { app, port, named in
            let liu = try #require(named.people["刘芳"]), wu = try #require(named.people["吴静"])
            let (own, foreign) = try await app.database.read { db in
                (
                    try RosterStore.idNumber(of: #require(try RosterStore.person(liu, in: db)), numbers: app.numbers).text,
                    try RosterStore.idNumber(of: #require(try RosterStore.person(wu, in: db)), numbers: app.numbers).text
                )
            }
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            _ = try await officer.get("/people/new")
            let fields = [("name", "某人"), ("unit", "HX-LJ-BH"), ("from", "2022-01-01"), ("why", "新来的")]
            let seen = try await officer.post("/people/new", fields + [("idNumber", own)])
            #expect(seen.body.contains("href=\"/people/\(liu)\">打开那份档案"))
            let unseen = try await officer.post("/people/new", fields + [("idNumber", foreign)])
            #expect(unseen.body.contains("在名册里已有档案") && !unseen.body.contains("/people/\(wu)"))
        }
    }

    @Test("Units, certificates, grants and adoptions tell all their faults at once")
    func others() async throws {
        try await PersonActStories.world { app, port, named in
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX"), unit = try #require(named.units["HX-LJ"])
            _ = try await officer.get("/account")
            let created = try await officer.post("/organizations/\(unit)/do/create", [("code", ""), ("name", ""), ("kind", ""), ("employees", "很多"), ("day", ""), ("why", "")])
            #expect(Self.links(created) == ["code", "name", "kind", "employees", "day", "why"])
            let taken = try await officer.post("/organizations/\(unit)/do/create", [("code", "HX-LJ-BH"), ("name", "新单位"), ("kind", "townFederation"), ("day", "2022-01-01"), ("why", "设立")])
            #expect(taken.body.contains("打开那个单位") && taken.body.contains("/organizations/\(named.units["HX-LJ-BH"]!)"))
            let liu = try #require(named.people["刘芳"])
            let certificate = try await officer.post("/people/\(liu)/certificates", [("number", ""), ("title", ""), ("issuer", ""), ("issued", "昨天")])
            #expect(Self.links(certificate) == ["number", "title", "issuer", "issued"])
            let adoption = try await officer.post("/organizations/\(unit)/policies/adopt", [("policy", "x"), ("from", ""), ("why", "")])
            #expect(Self.links(adoption) == ["policy", "from", "why"])
            let ending = try await officer.post("/people/\(liu)/end", [("post", "\(try await app.database.read { try RosterStore.appointments(of: [liu], in: $0).last?.id ?? 0 })"), ("day", ""), ("why", "")])
            #expect(Self.links(ending) == ["day", "why"])
        }
    }

    @Test("The other file of a merger is found by name, code or number; of namesakes and of nobody the field says so")
    func picked() async throws {
        try await PersonActStories.world { app, port, named in
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let liu = try #require(named.people["刘芳"]), chen = try #require(named.people["陈杰"])
            _ = try await officer.get("/people/\(liu)/merge")
            func compared(_ other: String) async throws -> String { try await officer.post("/people/\(liu)/merge/compare", [("other", other)]).body }
            let number = try await app.database.read { db in try RosterStore.idNumber(of: #require(try RosterStore.person(chen, in: db)), numbers: app.numbers).text }
            for other in ["陈杰", " 陈杰 ", number] { #expect(try await compared(other).contains("name=\"twin\" value=\"\(chen)\""), "\(other.count)") }
            #expect(try await compared("刘芳").contains("这是同一份档案"))
            // Whoever is another unit's is nobody here.
            for other in ["没有这个人", "吴静"] { #expect(try await compared(other).contains("没有找到这个人")) }
            #expect(try await compared("陈杰，刘芳").contains("这里只能写一个人"))
            #expect(try await compared("").contains("还没有选另一份档案"))
            try await app.database.write(Act(who: .system, origin: "", kind: "test", why: "")) { db in
                let birth = Day(1980, 5, 5)!, id = IDNumber(stored: FolkNumbers.idNumber(ordinal: 701, birth: birth, isMale: true), birthDay: birth)
                let post = Appointment(personID: 0, organizationID: named.units["HX-LJ-BH"]!, from: Day(2020, 1, 1)!, isPrimary: true, title: "干事")
                _ = try RosterStore.create(PersonFacts(code: "HX8800001", name: "陈杰", idNumber: id), post: post, numbers: app.numbers, in: db)
            }
            #expect(try await compared("陈杰").contains("叫“陈杰”的有 2 人"))
            #expect(try await compared("HX8800001").contains("核对：合并档案"))
            // From one namesake's own page the name means the other.
            let second = try await app.database.read { try #require(try RosterStore.bearers(ofCodes: ["HX8800001"], in: $0)["HX8800001"]) }
            #expect(try await officer.post("/people/\(chen)/merge/compare", [("other", "陈杰")]).body.contains("name=\"twin\" value=\"\(second)\""))
        }
    }

    @Test("After an act the next page says what was done, once, with the way to take it back, and the way back to what waits")
    func told() async throws {
        try await PersonActStories.world { app, port, named in
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let liu = try #require(named.people["刘芳"]), post = try await app.database.read { try #require(try RosterStore.appointments(of: [liu], in: $0).last) }
            _ = try await officer.get("/people/\(liu)")
            let fields = [("unit", "HX-LJ-BH"), ("title", "副主席（兼）"), ("from", "\(post.from)"), ("primary", "yes"), ("why", "名册核对")]
            let done = try await officer.post("/people/\(liu)/posts/\(post.id)/correct", fields)
            #expect(done.location == "/people/\(liu)")
            let page = try await officer.get("/people/\(liu)"), act = try await app.database.read { try $0.count("SELECT max(id) FROM act WHERE kind = 'appointment.correct'") }
            #expect(page.body.contains("已办好：更正任职") && page.body.contains("/people/\(liu)/undo?act=\(act)"))
            #expect(try await officer.get("/people/\(liu)/undo?act=\(act)").status == 200)
            #expect(try await !officer.get("/people/\(liu)").body.contains("已办好"))
            // Of an act of another nothing is said, whatever the cookie says.
            let other = try await PersonActStories.browser(app, port, named, .leader, at: "HX-LJ-BH")
            await other.setCookie("yugong-done", "\(act)")
            #expect(try await !other.get("/people/\(liu)").body.contains("已办好"))
            // A form that was refused has done nothing.
            _ = try await officer.post("/people/\(liu)/posts/\(post.id)/correct", [("unit", "HX-LJ-BH"), ("from", ""), ("why", "")])
            #expect(try await !officer.get("/people/\(liu)").body.contains("已办好"))
        }
    }
}
