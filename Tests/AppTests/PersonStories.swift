import App
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

@Suite("名册与人员页，在浏览器里", .ownThreads) struct PersonStories {
    private struct Seen: Sendable { let person: Person, number: String, unit: String }

    /// Somebody whose one running post is the primary one, at a unit below this one.
    private func somebody(below code: String, _ app: App) async throws -> Seen {
        let numbers = app.numbers
        return try await app.database.read { db in
            let tree = try OrganizationStore.tree(on: Clock.today, in: db)
            let inside = Set(tree.subtree(of: try #require(tree.unit(code: code)).id).map(\.id))
            for id in try db.rows("SELECT id FROM person WHERE merged_into IS NULL ORDER BY id", { $0.int(0) }) {
                let posts = try RosterStore.appointments(of: [id], in: db)
                guard posts.count == 1, let post = posts.first, post.isPrimary, post.to == .open, inside.contains(post.organizationID),
                    let person = try RosterStore.living(id, in: db)
                else { continue }
                return Seen(person: person, number: try RosterStore.idNumber(of: person, numbers: numbers).text, unit: tree.unit(post.organizationID)?.code ?? "")
            }
            throw Refusal("test.none", "没有合适的人")
        }
    }

    @Test("An officer finds a person by name, sound and number; the number is never shown whole nor in the address")
    func finds() async throws {
        try await servedOnBothEngines { app, port in
            let signIns = try await Demo.fill(app.database, numbers: app.numbers, people: 400, who: .system, passwords: .least)
            let officer = try #require(signIns.first { $0.name == "linjiang" }), seen = try await somebody(below: "HX-LJ", app)
            let browser = Browser(port: port)
            try await browser.signIn(officer.name, officer.password)
            for typed in [seen.person.name, seen.person.pinyin.full, seen.person.pinyin.initials] {
                let list = try await browser.get("/people?" + Fields([("q", typed)]).encoded)
                #expect(list.status == 200 && list.body.contains("/people/\(seen.person.id)\""))
            }
            for typed in [seen.number, String(seen.number.prefix(6) + seen.number.suffix(4))] {
                let found = try await browser.post("/people/find", [("number", typed)])
                #expect(found.status == 303 && found.header("location") == "/people/\(seen.person.id)" || found.body.contains("号码首尾相同"))
                _ = try await browser.get("/people")
            }
            let none = try await browser.post("/people/find", [("number", "110105194912310021")])
            #expect(none.body.contains("权限内没有这个号码的人"))
            let page = try await browser.get("/people/\(seen.person.id)")
            #expect(page.status == 200 && page.body.contains(seen.person.name) && !page.body.contains(seen.number))
        }
    }

    @Test("A post ends with a day and a reason, a wrong day is told beside the form, and the history says who and why")
    func ends() async throws {
        try await servedOnBothEngines { app, port in
            let signIns = try await Demo.fill(app.database, numbers: app.numbers, people: 400, who: .system, passwords: .least)
            let officer = try #require(signIns.first { $0.name == "linjiang" }), seen = try await somebody(below: "HX-LJ", app)
            let browser = Browser(port: port), path = "/people/\(seen.person.id)"
            try await browser.signIn(officer.name, officer.password)
            let post = try await app.database.read { db in try #require(RosterStore.appointments(of: [seen.person.id], in: db).first) }
            _ = try await browser.get(path)
            let refused = try await browser.post(path + "/end", [("post", "\(post.id)"), ("day", "1990-01-01"), ("why", "退休")])
            #expect(refused.status == 200 && refused.body.contains("class=\"message\"") && refused.body.contains("1990-01-01"))
            let done = try await browser.post(path + "/end", [("post", "\(post.id)"), ("day", "2026-03-01"), ("why", "到龄退休")])
            #expect(done.status == 303)
            let after = try await browser.get(path)
            #expect(after.body.contains("到龄退休") && after.body.contains("现在没有任职"))

            _ = try await browser.post(path + "/appoint", [("manner", "also"), ("unit", "没有的单位"), ("from", "2026-04-01"), ("why", "返聘")])
            let again = try await browser.post(path + "/appoint", [
                ("manner", "move"), ("unit", seen.unit), ("from", "2026-04-01"), ("title", "顾问"), ("why", "返聘文件〔2026〕1 号"),
            ])
            #expect(again.status == 303)
            let posts = try await app.database.read { db in try RosterStore.appointments(of: [seen.person.id], in: db) }
            #expect(posts.contains { $0.title == "顾问" && $0.isPrimary && $0.to == .open } && posts.count == 2)
        }
    }

    @Test("Another district's person is as missing as one who never was, on every address; a leader changes nothing")
    func scope() async throws {
        try await servedOnBothEngines { app, port in
            let signIns = try await Demo.fill(app.database, numbers: app.numbers, people: 400, who: .system, passwords: .least)
            let seen = try await somebody(below: "HX-LJ", app), path = "/people/\(seen.person.id)"
            let stranger = try #require(signIns.first { $0.name == "kaifaqu" }), other = Browser(port: port)
            try await other.signIn(stranger.name, stranger.password)
            _ = try await other.get("/people")
            for address in [path, "/people/1"] { #expect(try await other.get(address).status == 404) }
            #expect(try await other.post(path + "/end", [("post", "1"), ("day", "2026-03-01"), ("why", "试")]).status == 404)
            _ = try await other.get("/people")
            #expect(try await other.post("/people/find", [("number", seen.number)]).body.contains("权限内没有这个号码的人"))

            let leading = try #require(signIns.first { $0.name == "lingdao" }), leader = Browser(port: port)
            try await leader.signIn(leading.name, leading.password)
            let page = try await leader.get(path)
            #expect(page.status == 200 && !page.body.contains("办理离任"))
            #expect(try await leader.post(path + "/end", [("post", "1"), ("day", "2026-03-01"), ("why", "试")]).status == 404)
        }
    }
}
