@testable import Access
import App
import Foundation
import Kit
@testable import Register
import TestBench
import Testing
import World

@Suite("谁看过有我在内的名单", .ownThreads) struct ListViewStories {
    private static func day(_ text: String) -> Day { Day(iso: text)! }

    @Test("A list holds who was in the unit, or below it, on its day, as the tree stood then")
    func holds() {
        let facts = { (parent: Int64?) in OrganizationFacts(parentID: parent, name: "x", kind: "townFederation") }
        let history = OrgHistory(
            organizations: (1...4).map { Organization(id: $0, code: "\($0)") },
            versions: [
                OrganizationVersion(id: 11, organizationID: 1, from: .always, to: .open, facts: facts(nil)),
                OrganizationVersion(id: 12, organizationID: 2, from: .always, to: .open, facts: facts(1)),
                // 3 was below 2 until 2020, then below 4.
                OrganizationVersion(id: 13, organizationID: 3, from: .always, to: Self.day("2020-01-01"), facts: facts(2)),
                OrganizationVersion(id: 14, organizationID: 3, from: Self.day("2020-01-01"), to: .open, facts: facts(4)),
                OrganizationVersion(id: 15, organizationID: 4, from: .always, to: .open, facts: facts(1)),
            ])
        let posts = [Appointment(personID: 9, organizationID: 3, from: Self.day("2018-01-01"), to: Self.day("2022-01-01"), isPrimary: true)]
        func holds(_ unit: Int64, _ day: String?, subtree: Bool = true, seen: String = "2026-01-01") -> Bool {
            ListView(.roster, unit: unit, subtree: subtree, on: day.map(Self.day)).holds(posts, seen: Self.day(seen), history)
        }
        #expect(holds(3, "2019-01-01", subtree: false) && holds(2, "2019-01-01") && holds(1, "2019-01-01"))
        #expect(!holds(2, "2019-01-01", subtree: false))
        #expect(!holds(2, "2021-01-01") && holds(4, "2021-01-01") && !holds(4, "2019-01-01"))
        #expect(!holds(1, "2017-12-31") && !holds(1, "2022-01-01"))
        #expect(holds(1, nil) && holds(4, nil), "everybody who ever was, as the tree stood when it was seen")
    }

    @Test("Lists and exports over somebody's unit are told to that person once a day, others' are not; what was taken is on record each time")
    func told() async throws {
        try await PersonActStories.world { app, port, named in
            let bh = try #require(named.units["HX-LJ-BH"]), liu = try #require(named.people["刘芳"])
            let password = "chang-mima-2026", hash = try PasswordHashing.hashNow("chang-mima-2026", .least)
            try await app.database.write(Bench.act) { db in
                try AccountStore.add("liufang", displayName: "刘芳", hash: hash, personID: liu, in: db)
            }
            let learner = Browser(port: port)
            try await learner.signIn("liufang", password)
            #expect(try await learner.get("/me/viewers").body.contains("还没有人看过"))
            let beside = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-XD")
            #expect(try await beside.get("/people").status == 200)
            #expect(try await learner.get("/me/viewers").body.contains("还没有人看过"), "a list of another unit is none of hers")

            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            for _ in 0..<3 { #expect(try await officer.get("/people").status == 200) }
            #expect(try await officer.get("/figures/\(bh)/A1?year=2022&category=grassroots").status == 200)
            #expect(try await officer.take("/figures/\(bh)/A1/people.xlsx?year=2022&category=grassroots").status == 200)
            for _ in 0..<2 { #expect(try await officer.take("/exchange/exports", [("kind", "people"), ("unit", "HX-LJ"), ("subtree", "on")]).status == 200) }
            // The unit alone, without what lies below: she is not in it.
            #expect(try await officer.take("/exchange/exports", [("kind", "training-records"), ("unit", "HX-LJ")]).status == 200)
            let views = try await app.database.read { db in try FileViewStore.views(of: liu, now: Clock.nowMilliseconds, Features.all, OrganizationStore.history(in: db), in: db) }
            #expect(Set(views.map(\.what)) == ["名册列表", "指标的名单", "导出的指标名单", "导出的人员表，含完整号码"])
            #expect(views.allSatisfy { $0.isList && $0.who == "管理员" })
            #expect(views.first { $0.what == "名册列表" }?.times == 1 && views.first { $0.what.hasPrefix("导出的人员表") }?.times == 2)
            let page = try await learner.get("/me/viewers")
            #expect(page.body.contains("没有人打开过您的档案") && page.body.contains("导出的人员表，含完整号码"))
            // A day is told for some time only; the log keeps it.
            let later = Clock.nowMilliseconds + Int64(FileViewStore.listDays + 1) * 86_400_000
            #expect(try await app.database.read { try FileViewStore.views(of: liu, now: later, Features.all, OrganizationStore.history(in: $0), in: $0) } == [])
        }
    }
}
