@testable import Access
import App
import Kit
@testable import People
@testable import Register
import TestBench
import Testing
import World

@Suite("What was on record stays told, whatever is done to it later", .ownThreads) struct RecordedStories {
    private static func day(_ text: String) -> Day { Day(iso: text)! }

    @Test("Who corrects a post, moves its unit, takes the post away or merges the file afterwards moves no line of who saw a list")
    func lists() async throws {
        try await PersonActStories.world { app, port, named in
            let liu = try #require(named.people["刘芳"]), bh = try #require(named.units["HX-LJ-BH"]), jc = try #require(named.units["HX-JC"]), database = app.database
            let district = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ"), factory = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-JC")
            for browser in [factory, district] { _ = try await browser.get("/account") }
            #expect(try await factory.get("/people").status == 200)
            #expect(try await district.take("/exchange/exports", [("kind", "people"), ("unit", "HX-LJ"), ("subtree", "on")]).status == 200)
            func told(_ person: Int64) async throws -> [String] {
                try await database.read { try FileViewStore.views(of: person, now: Clock.nowMilliseconds, Features.all, OrganizationStore.history(in: $0), in: $0).map(\.what) }
            }
            let seen = ["导出的人员表，含完整号码"]
            #expect(try await told(liu) == seen)
            let post = try await database.read { db in try #require(try RosterStore.appointments(of: [liu], in: db).first) }
            var moved = post
            moved.organizationID = jc
            let elsewhere = moved
            try await database.write(Bench.act) { try RosterStore.correct(post.id, to: elsewhere, in: $0) }
            #expect(try await told(liu) == seen, "corrected to another unit; nor did she stand in the list that unit looked at before")
            try await database.write(Bench.act) { try OrganizationStore.move(bh, to: jc, from: Self.day("2010-01-01"), in: $0) }
            #expect(try await told(liu) == seen, "the unit moved, from long ago on")
            try await database.write(Bench.act) { try RosterStore.apply([.delete(elsewhere)], in: $0) }
            #expect(try await told(liu) == seen, "taken away")
            let twin = try await database.write(Bench.act) { db in
                let facts = PersonFacts(name: "刘芳", idNumber: IDNumber(stored: try PersonActStories.number("11010519900101003"), birthDay: Self.day("1990-01-01")))
                let twin = try RosterStore.create(facts, post: nil, numbers: app.numbers, in: db).id
                try RosterStore.merge(liu, into: twin, in: db)
                return twin
            }
            #expect(try await told(twin) == seen, "made one with another file")
        }
    }

    @Test("A post that was entered and taken back stands in the history of the file, and says where it was meanwhile")
    func takenBack() async throws {
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: PersonalNumbers(key: KeyFile.Key(bytes: Array(repeating: 7, count: 32))))
            let liu = named.people["刘芳"]!, xd = named.units["HX-LJ-XD"]!
            func changes() async throws -> Int { try await database.read { try RosterStore.changes(of: liu, in: $0).count } }
            let before = try await changes()
            let begun = try await database.write(Bench.act) { db in
                try RosterStore.appoint(Appointment(personID: liu, organizationID: xd, from: Self.day("2021-01-01"), isPrimary: false, title: "兼职"), in: db)
                return db.actID
            }
            #expect(try await changes() == before + 1)
            let between = try await database.write(Act(who: .system, origin: "", kind: "test", why: "", isEvent: true)) { $0.actID }
            try await database.write(Bench.act) { try TakingBack.undo(act: begun, Features.all.keepers, in: $0) }
            #expect(try await changes() == before + 2)
            let recorded = try await database.read { try RecordedStore.recorded(of: liu, since: Clock.today - 1, in: $0) }
            #expect(recorded.state(at: between).posts.values.map(\.organizationID).contains(xd))
            #expect(!recorded.present.posts.values.map(\.organizationID).contains(xd) && !recorded.state(at: begun).posts.values.map(\.organizationID).contains(xd))
            #expect(recorded.units.isSuperset(of: [xd, named.units["HX-LJ"]!, named.units["HX"]!]))
        }
    }
}
