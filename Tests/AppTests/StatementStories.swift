import App
import Foundation
import Kit
import Ledger
import Register
import TestBench
import Testing
import World

@Suite("学时账户与单条记录，在浏览器里", .ownThreads) struct StatementStories {
    /// The id of a standing record of somebody whose primary post is now below this unit, and of that person.
    private func record(below code: String, _ database: Database) async throws -> (entry: HourEntry, person: Int64) {
        try await database.read { db in
            let tree = try OrganizationStore.tree(on: Clock.today, in: db)
            let unit = try #require(tree.unit(code: code))
            let inside = Set(tree.subtree(of: unit.id).map(\.id))
            for person in try db.rows("SELECT id FROM person WHERE merged_into IS NULL ORDER BY id", { $0.int(0) }) {
                guard try RosterStore.appointments(of: [person], in: db).allSatisfy({ inside.contains($0.organizationID) && $0.covers(Clock.today) }),
                    let entry = Posting.standingAmong(try HourEntryStore.entries(of: person, from: db)).first(where: { $0.record.form == "offJob" && $0.record.isCompleted })
                else { continue }
                return (entry, person)
            }
            throw Refusal("test.none", "没有合适的人")
        }
    }

    @Test("A record shows what it is, is corrected with a reason, and can be taken back; its history stays")
    func corrects() async throws {
        try await servedOnBothEngines { app, port in
            let signIns = try await Demo.fill(app.database, numbers: app.numbers, people: 400, who: .system, passwords: .least)
            let officer = try #require(signIns.first { $0.name == "linjiang" })
            let (entry, person) = try await record(below: "HX-LJ", app.database)
            let browser = Browser(port: port)
            try await browser.signIn(officer.name, officer.password)

            let account = try await browser.get("/people/\(person)/hours")
            #expect(account.status == 200 && account.body.contains(entry.record.title))
            let page = try await browser.get("/records/\(entry.id)")
            #expect(page.status == 200 && page.body.contains("这条记录有效"))

            var fields = [
                "deed": "correct", "title": "更正后的名称", "from": entry.record.from.description, "to": entry.record.to.description,
                "days": "", "hours": "8", "completed": "on", "why": "",
            ]
            let refused = try await browser.post("/records/\(entry.id)/correct", fields.map { ($0.key, $0.value) })
            #expect(refused.body.contains("需要写明理由") && refused.body.contains("更正后的名称"))
            fields["why"] = "名称登错了"
            let done = try await browser.post("/records/\(entry.id)/correct", fields.map { ($0.key, $0.value) })
            #expect(done.body.contains("已更正") || done.status == 303)
            let after = try await app.database.read { db in try Posting.standingAmong(HourEntryStore.entries(of: person, from: db)) }
            let corrected = try #require(after.first { $0.record.title == "更正后的名称" })
            #expect(corrected.record.hours == 800 && !after.contains { $0.id == entry.id })

            _ = try await browser.post("/records/\(corrected.id)/reverse", [("deed", "reverse"), ("why", "本人没有参加")])
            let gone = try await browser.get("/records/\(corrected.id)")
            #expect(gone.body.contains("已撤销") && gone.body.contains("本人没有参加") && gone.body.contains("名称登错了"))
        }
    }

    @Test("Another district's person and record look as if they did not exist; a leader sees but cannot change")
    func scope() async throws {
        try await servedOnBothEngines { app, port in
            let signIns = try await Demo.fill(app.database, numbers: app.numbers, people: 400, who: .system, passwords: .least)
            let (entry, person) = try await record(below: "HX-LJ", app.database)
            let other = Browser(port: port)
            let stranger = try #require(signIns.first { $0.name == "kaifaqu" })
            try await other.signIn(stranger.name, stranger.password)
            _ = try await other.get("/")
            for path in ["/people/\(person)/hours", "/records/\(entry.id)", "/people/1/hours", "/records/1"] {
                #expect(try await other.get(path).status == 404)
            }
            #expect(try await other.post("/records/\(entry.id)/reverse", [("deed", "reverse"), ("why", "试试")]).status == 404)

            let leader = Browser(port: port), seeing = try #require(signIns.first { $0.name == "lingdao" })
            try await leader.signIn(seeing.name, seeing.password)
            let page = try await leader.get("/records/\(entry.id)")
            #expect(page.status == 200 && !page.body.contains("撤销这条记录"))
            #expect(try await leader.post("/records/\(entry.id)/reverse", [("deed", "reverse"), ("why", "试试")]).status == 404)
        }
    }
}
