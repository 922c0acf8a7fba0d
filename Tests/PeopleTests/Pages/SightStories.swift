import App
import Kit
import Ledger
@testable import Register
import TestBench
import Testing
import World

@Suite("曾在这里任职的人，在浏览器里", .ownThreads) struct SightStories {
    @Test("Of somebody who moved away the file is seen up to that end: no later post, training or change, and nothing to change")
    func gone() async throws {
        try await PersonActStories.world { app, port, named in
            // 郑强 was at 滨河 until 2022-06 and is at 临江区 now, where his education is corrected and he is trained.
            let zheng = try #require(named.people["郑强"]), path = "/people/\(zheng)"
            let until = try await app.database.read { db in try #require(try RosterStore.appointments(of: [zheng], in: db).first).to }
            let later = try await app.database.write(Act(who: .system, origin: "", kind: "person.correct", why: "后来更名")) { db in
                let old = try #require(try RosterStore.person(zheng, in: db))
                let number = try RosterStore.idNumber(of: old, numbers: app.numbers)
                try RosterStore.correct(
                    zheng, to: PersonFacts(code: old.code, name: "郑自强", idNumber: number, gender: old.gender, education: "博士研究生", phone: "13900001234"),
                    numbers: app.numbers, in: db)
                return try HourEntryStore.post(
                    TrainingRecord(title: "后来的培训", form: "offJob", isSelected: true, from: Day(iso: "2023-03-01")!, to: Day(iso: "2023-03-02")!, halfDays: 4),
                    to: zheng, db)
            }
            let old = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let page = try await old.get(path)
            #expect(page.status == 200 && page.body.contains("到 <b>\(until - 1)</b> 为止") && page.body.contains("郑强") && page.body.contains("滨河街道总工会"))
            for hidden in ["郑自强", "博士", "临江区总工会", "139****", "13900001234", "后来更名", "更正资料", "登记任职", "办理离任", "显示完整号码"] {
                #expect(!page.body.contains(hidden), "\(hidden)")
            }
            #expect(!(try await old.get(path + "/history").body.contains("后来更名")))
            let hours = try await old.get(path + "/hours")
            #expect(hours.status == 200 && !hours.body.contains("后来的培训") && !hours.body.contains("2023-03"))
            #expect(try await old.get("/records/\(later)").status == 404)
            _ = try await old.get(path)
            for (deed, fields) in [("correct", [("name", "改名")]), ("appoint", [("unit", "HX-LJ-BH")]), ("end", [("post", "1")]), ("unmask", [("number", "phone")]), ("undo", [("act", "1")]), ("merge", [])] {
                #expect(try await old.post("\(path)/\(deed)", fields + [("why", "试")]).status == 404, "\(deed)")
            }
            let list = try await old.get("/people?state=past&unit=\(named.units["HX-LJ-BH"]!)")
            #expect(list.body.contains("任职到") && list.body.contains("2022-05-31"), "the last day in post, as the file says it")
            #expect(list.body.contains("郑强") && !list.body.contains("郑自强") && !list.body.contains("临江区总工会"))
            #expect(!(try await old.get("/people").body.contains("郑强")))

            for kind in ["people", "training-records"] {
                let file = try await old.take("/exchange/exports", [("kind", kind), ("unit", "HX-LJ-BH"), ("subtree", "on"), ("format", "csv")])
                #expect(file.status == 200 && file.body.contains("刘芳") && !file.body.contains("郑"), "\(kind)")
            }

            // Whoever has him now sees and keeps everything.
            let new = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            let whole = try await new.get(path)
            #expect(whole.body.contains("郑自强") && whole.body.contains("更正资料"))
            #expect(try await new.get(path + "/hours").body.contains("后来的培训"))
            #expect(try await new.get("/records/\(later)").status == 200)
        }
    }

    @Test("A second post here gives the whole file; what identifies the person stays with the primary unit")
    func twoUnits() async throws {
        try await PersonActStories.world { app, port, named in
            let wu = try #require(named.people["吴静"])
            try await app.database.write(Bench.act) { db in
                try RosterStore.appoint(
                    Appointment(personID: wu, organizationID: named.units["HX-LJ-BH"]!, from: Day(iso: "2024-01-01")!, isPrimary: false, title: "特邀讲师"), in: db)
            }
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let page = try await officer.get("/people/\(wu)")
            #expect(page.status == 200 && page.body.contains("干事") && page.body.contains("特邀讲师") && page.body.contains("办理离任") && !page.body.contains("更正资料"))
            #expect(try await officer.get("/people/\(wu)/correct").status == 404)
            #expect(try await officer.get("/people/\(wu)/merge").status == 404)
            let home = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-JC")
            #expect(try await home.get("/people/\(wu)/correct").status == 200)
        }
    }

    @Test("A closed unit's people are found and kept by the officer of the unit above it")
    func closed() async throws {
        try await PersonActStories.world { app, port, named in
            let sun = try #require(named.people["孙丽"])
            try await app.database.write(Bench.act) { db in
                try OrganizationStore.close(named.units["HX-LJ-BH-FW"]!, on: Day(iso: "2025-01-01")!, endingPosts: true, in: db)
            }
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            #expect(try await officer.get("/people?state=past").body.contains("孙丽"))
            #expect(try await officer.get("/people/\(sun)").body.contains("滨河街道工会服务站"))
            #expect(try await officer.get("/people/\(sun)/correct").status == 200)
            let other = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-JC")
            #expect(try await other.get("/people/\(sun)").status == 404)
        }
    }

    @Test("A whole number is shown on the answer alone; who looked is on record and counted")
    func unmasks() async throws {
        try await PersonActStories.world { app, port, named in
            let liu = try #require(named.people["刘芳"]), path = "/people/\(liu)"
            let number = try await app.database.read { db in
                try RosterStore.idNumber(of: try #require(try RosterStore.person(liu, in: db)), numbers: app.numbers).text
            }
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            #expect(!(try await officer.get(path).body.contains("被查看过")))
            let shown = try await officer.post(path + "/unmask", [("number", "idNumber")])
            #expect(shown.status == 200 && shown.body.contains(number) && shown.header("cache-control") == "no-store")
            let after = try await officer.get(path)
            #expect(!after.body.contains(number) && after.body.contains("完整号码被查看过 1 次"))
            let acts = try await app.database.read { db in try ActStore.changes(of: "unmask", [liu], in: db) }
            #expect(acts.map(\.act.kind) == ["person.unmask"] && acts.first?.act.who == "管理员" && acts.first?.after?.text("number") == "idNumber")
            #expect(try await officer.post(path + "/unmask", [("number", "name")]).status == 404)
            let leader = try await PersonActStories.browser(app, port, named, .leader, at: "HX-LJ-BH")
            #expect(!(try await leader.get(path).body.contains("显示完整号码")))
            #expect(try await leader.post(path + "/unmask", [("number", "idNumber")]).status == 404)
        }
    }
}
