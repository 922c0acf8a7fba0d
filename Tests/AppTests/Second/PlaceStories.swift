@testable import Access
@testable import Accounts
@testable import App
import Kit
@testable import People
@testable import Register
import TestBench
import Testing

/// Where a file stands says who decides about its deletion: by whatever way it, or its unit, came to stand elsewhere, for ninety
/// days nobody decides who would not have decided before, nor who brought it there.
@Suite("No way of bringing a file elsewhere brings along the decision about its deletion", .ownThreads) struct PlaceStories {
    /// A file with posts that are over, two years each, from a year on; the act is that of the last.
    private struct File: Sendable {
        let person: Int64, posts: [Int64], act: Int64
    }

    private static func file(_ number: Int, _ units: [String], from year: Int = 2012, _ one: Puppeteer) async throws -> File {
        var person: Int64 = 0, posts: [Int64] = [], act: Int64 = 0
        for (place, unit) in units.enumerated() {
            let begins = Day(iso: "\(year + 2 * place)-01-01")!
            let post = Appointment(personID: person, organizationID: one.named.units[unit]!, from: begins, to: Day(iso: "\(year + 2 * place + 1)-06-01")!, isPrimary: true, title: "干事")
            (person, act) = try await one.app.database.write(Bench.act) { db in
                guard place == 0 else {
                    try RosterStore.appoint(post, in: db)
                    return (post.personID, db.actID)
                }
                let number = IDNumber(stored: try PersonNumber.passing("1101051990010100\(number)"), birthDay: Day(iso: "1990-01-01")!)
                return (try RosterStore.create(PersonFacts(code: "HXV\(number.text.suffix(3))", name: "田小禾", idNumber: number), post: post, numbers: one.app.numbers, in: db).id, db.actID)
            }
            posts = try await one.app.database.read { [person] db in try RosterStore.appointments(of: [person], in: db).map(\.id) }
        }
        return File(person: person, posts: posts, act: act)
    }

    private static func code(_ file: File, _ one: Puppeteer) async throws -> String {
        try await one.app.database.read { db in try #require(try RosterStore.person(file.person, in: db)?.code) }
    }

    private static func post(_ unit: String, from: String, to: String, primary: Bool = true) -> [(String, String)] {
        [("unit", unit), ("title", "干事"), ("from", from), ("to", to), ("category", ""), ("workforce", ""), ("engagement", ""), ("primary", primary ? "yes" : "no")]
    }

    @Test("A post, a side post, a correction, a merging, something taken back, a unit moved: who did it does not consent, who is above all of it does")
    func ways() async throws {
        try await Puppeteer.story { one in
            let street = try await one.browser(of: try await one.add("bh-chen", of: "陈杰", .personnelOfficer, at: "HX-LJ-BH"))
            let city = try await one.browser(of: try await one.add("city-lin", of: "林晓红", .personnelOfficer, at: "HX"))
            let ways: [(name: String, units: [String], deed: @Sendable (File) async throws -> Int)] = [
                ("a post of the past", ["HX-LJ"], { file in
                    try await one.post("/people/\(file.person)/appoint", [("manner", "move")] + Self.post("HX-LJ-BH", from: "2021-01-01", to: "2022-01-01")).status
                }),
                ("the last post made a side post", ["HX-LJ-BH", "HX-LJ"], { file in
                    try await one.post("/people/\(file.person)/posts/\(file.posts[1])/correct", Self.post("HX-LJ", from: "2014-01-01", to: "2015-06-01", primary: false)).status
                }),
                ("the last post dated before the other", ["HX-LJ-BH", "HX-LJ"], { file in
                    try await one.post("/people/\(file.person)/posts/\(file.posts[1])/correct", Self.post("HX-LJ", from: "2010-01-01", to: "2010-06-01")).status
                }),
                ("the last post corrected to another unit", ["HX-LJ"], { file in
                    try await one.post("/people/\(file.person)/posts/\(file.posts[0])/correct", Self.post("HX-LJ-BH", from: "2012-01-01", to: "2013-06-01")).status
                }),
                ("the last post taken back", ["HX-LJ-BH", "HX-LJ"], { file in try await one.post("/people/\(file.person)/undo", [("act", "\(file.act)")]).status }),
                ("a merging with a file of there", ["HX-LJ"], { file in
                    let other = try await Self.file(8, ["HX-LJ-BH"], from: 2018, one)
                    return try await one.post("/people/\(file.person)/merge", [("other", try await Self.code(other, one)), ("primary", "survivor")]).status
                }),
                ("its unit moved", ["HX-LJ-XD"], { _ in
                    try await one.post("/organizations/\(one.named.units["HX-LJ-XD"]!)/do/move", [("parent", "HX-LJ-BH"), ("day", "\(Clock.today)")]).status
                }),
            ]
            for (number, way) in ways.enumerated() {
                let file = try await Self.file(number + 1, way.units, one)
                #expect(try await street.get("/people/\(file.person)/erase").status == 404, "\(way.name)")
                #expect(try await way.deed(file) == 303, "\(way.name)")
                let asked = try #require(try await one.post("/people/\(file.person)/erase", [("ground", "unlawful")], as: street).location, "\(way.name)")
                let refused = try await one.act("consent", on: asked, [("name", "田小禾")])
                #expect(refused.status == 200 && refused.body.contains("放到现在的单位的") && refused.body.contains("衡溪市总工会的林晓红"), "\(way.name)")
                #expect(try await one.act("consent", on: asked, [("name", "田小禾")], as: city).location == asked, "\(way.name)")
            }
        }
    }

    @Test("Who would not have decided before does not decide, whoever moved it; once the days are over, or where it always stood, the unit above does")
    func above() async throws {
        try await Puppeteer.story { one in
            let street = try await one.browser(of: try await one.add("bh-chen", of: "陈杰", .personnelOfficer, at: "HX-LJ-BH"))
            let city = try await one.browser(of: try await one.add("city-lin", of: "林晓红", .personnelOfficer, at: "HX"))
            func ask(_ file: File) async throws -> String { try #require(try await one.post("/people/\(file.person)/erase", [("ground", "unlawful")], as: street).location) }
            let resident = try await ask(Self.file(1, ["HX-LJ-BH"], one))
            #expect(try await one.act("consent", on: resident, [("name", "田小禾")]).location == resident)

            let moved = try await Self.file(2, ["HX-LJ-BH", "HX-LJ"], one), later = moved.posts[1]
            try await one.app.database.write(Bench.act) { db in
                var post = try #require(try RosterStore.appointment(later, in: db))
                post.organizationID = one.named.units["HX-LJ-BH"]!
                try RosterStore.correct(later, to: post, in: db)
            }
            let asked = try await ask(moved), refused = try await one.act("consent", on: asked, [("name", "田小禾")])
            #expect(refused.status == 200 && refused.body.contains("换过上级") && refused.body.contains("衡溪市总工会的林晓红"))
            #expect(try await one.act("consent", on: asked, [("name", "田小禾")], as: city).location == asked)
            let (lj, hx) = (one.named.units["HX-LJ"]!, one.named.units["HX"]!)
            func deciders(since day: Day) async throws -> Set<Int64> {
                try await one.app.database.read { db in
                    ErasurePlaces(try RecordedStore.recorded(of: moved.person, since: day, in: db), since: day, today: max(day, Clock.today)).deciders
                }
            }
            #expect(try await deciders(since: Clock.today - Independence.days) == [lj, hx])
            #expect(try await deciders(since: Clock.today + 1) == [lj])
        }
    }

    @Test("A post that only begins with the passing of time moves the file as well")
    func time() {
        let facts = { (parent: Int64?) in OrganizationFacts(parentID: parent, name: "x", kind: "townFederation") }
        func version(_ unit: Int64, _ parent: Int64?) -> OrganizationVersion { OrganizationVersion(id: unit + 10, organizationID: unit, from: .always, to: .open, facts: facts(parent)) }
        let history = OrgHistory(organizations: [], versions: [version(1, nil), version(2, 1), version(3, 2)]), today = Day(iso: "2026-06-01")!
        let posts = [
            Appointment(id: 1, personID: 9, organizationID: 2, from: Day(iso: "2010-01-01")!, to: Day(iso: "2011-01-01")!, isPrimary: true),
            Appointment(id: 2, personID: 9, organizationID: 3, from: today - 5, to: today - 4, isPrimary: true),
        ]
        let places = ErasurePlaces(Recorded(Recorded.State(posts, history), []), since: today - Independence.days, today: today)
        #expect(places.deciders == [1, 2] && places.acts == [])
        // A file that nobody had before stands where it began.
        let new = ErasurePlaces(Recorded(Recorded.State([posts[1]], history), []), since: today - Independence.days, today: today)
        #expect(new.deciders == [2])
    }
}
