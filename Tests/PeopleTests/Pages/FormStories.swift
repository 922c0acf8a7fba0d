import Access
import App
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

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
