@testable import Access
import App
import Approvals
@testable import Certificates
import Foundation
import Kit
import Ledger
@testable import People
@testable import Register
import TestBench
import Testing
import World

@Suite("依法删除档案", .ownThreads) struct ErasureStories {
    private static func day(_ text: String) -> Day { Day(iso: text)! }

    /// A file that may be deleted on any ground, changed by each row.
    static let refusals: [(String?, Erasure.Ground, @Sendable (inout Erasure.State) -> Void, Int?)] = [
        (nil, .expired, { _ in }, 5), (nil, .mistake, { $0.standing = 0 }, nil), (nil, .unlawful, { _ in }, nil),
        ("erasure.done", .unlawful, { $0.isErased = true }, 5),
        ("erasure.present", .unlawful, { $0.lastEnd = .open }, 5),
        ("erasure.present", .expired, { $0.lastEnd = day("2026-01-02") }, 5),
        ("erasure.grants", .unlawful, { $0.grants = 1 }, 5),
        ("erasure.requests", .unlawful, { $0.undecided = 2 }, 5),
        ("erasure.noPeriod", .expired, { _ in }, nil),
        ("erasure.noPost", .expired, { $0.lastEnd = nil }, 5),
        ("erasure.kept", .expired, { $0.lastEnd = day("2021-01-02") }, 5),
        (nil, .expired, { $0.lastEnd = day("2021-01-01") }, 5),
        ("erasure.hours", .mistake, { _ in }, 5),
    ]

    @Test("Each condition refuses by its name", arguments: refusals.indices)
    func conditions(_ row: Int) {
        let (name, ground, change, years) = Self.refusals[row]
        var state = Erasure.State()
        (state.posts, state.lastEnd, state.standing) = (1, Self.day("2010-01-01"), 2)
        change(&state)
        var refused: String?
        do throws(Refusal) { try Erasure.check(ground, state, years: years, today: Self.day("2026-01-01")) } catch { refused = error.name }
        #expect(refused == name)
    }

    @Test("Nobody decides about the own file or what they asked for themselves")
    func deciders() throws {
        func refused(_ account: Int64, _ files: Set<Int64>) -> String? {
            do throws(Refusal) { try Erasure.checkDecider(account: account, files: files, askedBy: 1, [9, 10], about: 7) } catch { return error.name }
            return nil
        }
        #expect(refused(2, []) == nil && refused(2, [8]) == nil)
        #expect(refused(1, []) == "erasure.same" && refused(2, [7]) == "erasure.own")
        // Another account of the same person, and a file that was merged into the own.
        #expect(refused(2, [10]) == "erasure.same" && refused(2, [8, 7]) == "erasure.own")
    }

    @Test("Asked over the unit, decided above it by somebody else, undone and decided again, carried out when the time is over; afterwards nothing tells who it was, figures count as before and the chain is whole")
    func story() async throws {
        try await PersonActStories.world { app, port, named in
            let bh = try #require(named.units["HX-LJ-BH"]), liu = try #require(named.people["刘芳"]), database = app.database
            let officer = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let superior = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            let city = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX")
            let beside = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-XD")
            let old = try await database.read { try #require(try RosterStore.person(liu, in: $0)) }
            let number = try RosterStore.idNumber(of: old, numbers: app.numbers).text
            let post = try await database.read { try #require(try RosterStore.appointments(of: [liu], in: $0).first) }
            // What gathers around a person: account, certificate, an objection, messages, a corrected name.
            try await database.write(Bench.act) { db in
                try AccountStore.add("liufang", displayName: "刘芳", hash: "x", personID: liu, in: db)
                try CertificateStore.add(PostCertificate(personID: liu, number: "SG-刘芳-1", title: "上岗证书", issuer: "衡溪市总工会", issued: Self.day("2020-01-01")), in: db)
                try ObjectionStore.ask(
                    ObjectionStore.Target(id: post.id, about: "刘芳的任职", link: "/people/\(liu)"), of: old, text: "我叫刘芳", at: bh, app.house, in: db)
                try MessageStore.send(to: .person(liu), kind: "x", "刘芳，您好。", in: db)
                var renamed = old
                renamed.name = "刘芳芳"
                try RosterStore.update([(old, renamed)], in: db)
                try RosterStore.update([(renamed, old)], in: db)
            }
            func figures() async throws -> String {
                let page = try await superior.get("/figures/\(bh)?year=2022").body
                return page.replacing(#/name="_token" value="[^"]*"/#, with: "").replacing(#/data-now="\d+"/#, with: "")
            }
            func ask(_ browser: Browser, _ ground: String, why: String = "本人要求，经核实") async throws -> Browser.Answer {
                try await browser.post("/people/\(liu)/erase", [("ground", ground), ("why", why)])
            }
            #expect(try await officer.get("/people/\(liu)/erase").body.contains("还有任职没有结束"))
            #expect(try await ask(officer, "unlawful").body.contains("还有任职没有结束"))
            try await database.write(Bench.act) { try RosterStore.end(post.id, on: Self.day("2023-01-01"), in: $0) }
            #expect(try await ask(officer, "unlawful").body.contains("没有办结"))
            let objection = try await database.read { db in try #require(try ApprovalStore.all(.objection, in: db).first) }
            try await database.write(Act(who: .system, origin: "", kind: "test", why: "已核对")) { try Deciding.end(objection, as: .declined, in: $0) }
            let before = try await figures()

            #expect(try await ask(officer, "").body.contains("还没有选属于哪一种情形"))
            #expect(try await ask(officer, "unlawful", why: "").body.contains("理由没有填"))
            #expect(try await ask(officer, "mistake").body.contains("不是误建的样子"))
            #expect(try await ask(officer, "expired").body.contains("保存期限"))
            _ = try await beside.get("/account")
            #expect(try await ask(beside, "unlawful").status == 404)
            let page = try await officer.get("/people/\(liu)/erase")
            #expect(page.body.contains("临江区总工会") && page.body.contains("仍然保留") && page.body.contains("可以申请"))
            let asked = try await ask(officer, "unlawful")
            var link = try #require(asked.location)
            #expect(link.hasPrefix("/approvals/"))
            #expect(try await ask(officer, "unlawful").body.contains("已经有一份"))

            #expect(try await beside.get(link).status == 404)
            #expect(try await beside.get("/approvals").body.contains("没有待办"))
            #expect(try await officer.act("consent", on: link, [("name", "刘芳")]).status == 404)
            #expect(try await superior.get("/").body.contains("件事等您决定"))
            #expect(try await superior.get("/approvals").body.contains("刘芳"))
            #expect(try await superior.get("/notices").body.contains("申请依法删除"))
            #expect(try await superior.get(link).body.contains("不能恢复"))
            #expect(try await superior.act("decline", on: link, [("why", "")]).body.contains("要写明原因"))
            #expect(try await superior.act("consent", on: link, [("name", "刘方")]).body.contains("请照抄一遍"))
            #expect(try await superior.act("consent", on: link, [("name", "刘芳"), ("why", "同意")]).location == link)
            #expect(try await superior.act("consent", on: link, [("name", "刘芳")]).body.contains("不用再办"))
            // Nothing is gone yet; the superior above and the officer of the person's unit are told, and anybody of them undoes it.
            let due = Clock.day(ofMilliseconds: Clock.nowMilliseconds) + Erasure.waitDays
            func isWhole() async throws -> Bool {
                let page = try await superior.get("/people/\(liu)"), keys = try await database.read { try $0.count("SELECT count(*) FROM person_key WHERE person_id = \(liu)") }
                return page.body.contains("刘芳") && keys == 1
            }
            #expect(try await superior.get(link).body.contains("将于 <b>\(due)</b> 清除"))
            #expect(try await isWhole())
            for browser in [officer, city] { #expect(try await browser.get("/notices").body.contains("将于 \(due) 清除")) }
            #expect(try await ask(officer, "unlawful").body.contains("已经有一份"))
            #expect(try await app.carryOutErasures(now: Clock.nowMilliseconds) == 0)
            #expect(try await beside.act("take-back", on: link, [("why", "试试")]).status == 404)
            #expect(try await officer.act("take-back", on: link, [("why", "")]).body.contains("理由没有填"))
            #expect(try await officer.act("take-back", on: link, [("why", "本人又要求保留")]).location == link)
            #expect(try await officer.act("take-back", on: link, [("why", "再来一次")]).status == 404)
            #expect(try await officer.get(link).body.contains("撤销已同意的删除：本人又要求保留"))
            #expect(try await superior.get("/notices").body.contains("决定已撤销"))
            #expect(try await app.carryOutErasures(now: Clock.start(of: due)) == 0)
            #expect(try await isWhole())
            // Asked and consented to anew; what stands in the way when the time is over ends it with its reason.
            func again() async throws -> String {
                let link = try #require(try await ask(officer, "unlawful").location)
                #expect(try await superior.act("consent", on: link, [("name", "刘芳")]).location == link)
                return link
            }
            link = try await again()
            try await database.write(Bench.act) { db in try RosterStore.appoint(Appointment(personID: liu, organizationID: bh, from: Self.day("2024-01-01"), isPrimary: true, title: "返聘"), in: db) }
            #expect(try await app.carryOutErasures(now: Clock.start(of: due)) == 0)
            #expect(try await superior.get(link).body.contains("还有任职没有结束"))
            try await database.write(Bench.act) { db in try RosterStore.end(try #require(try RosterStore.appointments(of: [liu], in: db).last).id, on: Self.day("2024-02-01"), in: db) }
            link = try await again()
            #expect(try await isWhole())
            #expect(try await app.carryOutErasures(now: Clock.start(of: due) - 1) == 0)
            // Two servers at once: one of them does it.
            async let one = app.carryOutErasures(now: Clock.start(of: due))
            async let other = app.carryOutErasures(now: Clock.start(of: due))
            #expect(try await one + other == 1)
            let over = try await superior.get(link)
            #expect(over.body.contains("档案已经删除") && over.body.contains("等候期满，清除"))
            #expect(try await officer.get("/notices").body.contains("等候期已满"))
            #expect(try await superior.act("take-back", on: link, [("why", "太晚了")]).body.contains("已经不在等候"))

            let gone = try await officer.get("/people/\(liu)")
            #expect(gone.status == 200 && gone.body.contains("依法删除") && gone.body.contains("违法或违反约定收集") && !gone.body.contains("刘芳"))
            #expect(try await officer.get("/people/\(liu)/correct").status == 404)
            #expect(try await officer.get("/people/\(liu)/erase").status == 404)
            #expect(try await officer.get("/people/\(liu)/history").status == 200)
            #expect(try await officer.get("/people/\(liu)/hours").body.contains(Person.erasedName))
            #expect(try await officer.get("/people?state=past").body.contains(Person.erasedName) == false)
            #expect(try await officer.take("/exchange/exports", [("kind", "people"), ("unit", "HX-LJ-BH"), ("format", "csv")]).body.contains(Person.erasedName) == false)
            #expect(try await officer.take("/exchange/exports", [("kind", "training-records"), ("unit", "HX-LJ-BH"), ("format", "csv")]).status == 200)
            #expect(try await figures() == before)
            #expect(try await superior.get("/figures/\(bh)/A1?year=2022&category=grassroots").body.contains(Person.erasedName))

            // No row of any table tells the name; keys and numbers are gone; the log is whole.
            let told = try await database.read { db in try Self.places(of: "刘芳", in: db) }
            #expect(told == [], "\(told)")
            let left = try await database.read { db in try #require(try RosterStore.person(liu, in: db)) }
            #expect(left.isErased && left.birthDay == .always && left.phoneIndex == nil && left.idIndex != old.idIndex)
            #expect(try await database.read { try $0.count("SELECT count(*) FROM person_key WHERE person_id = \(liu)") } == 0)
            #expect(try await database.read { try $0.count("SELECT count(*) FROM account WHERE person_id = \(liu) AND state = 'closed' AND password_hash = ''") } == 1)
            let url = try #require(app.settings.keyFile).isEmpty ? "" : "sqlite:"
            try app.anchor()
            let verified = try Verification.run(database, databaseURL: url, settings: app.settings)
            #expect(verified.findings == [])

            // Who comes back begins anew.
            try await database.write(Bench.act) { db in
                try RosterStore.create(PersonFacts(name: "刘芳", idNumber: IDNumber(stored: number, birthDay: old.birthDay)), post: nil, numbers: app.numbers, in: db)
            }
        }
    }

    @Test("Who asked does not decide; what was declined or withdrawn changes nothing")
    func separate() async throws {
        try await PersonActStories.world { app, port, named in
            let liu = try #require(named.people["刘芳"])
            let superior = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            let city = try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX")
            try await app.database.write(Bench.act) { db in
                try RosterStore.end(try #require(try RosterStore.appointments(of: [liu], in: db).first).id, on: Self.day("2023-01-01"), in: db)
            }
            for browser in [superior, city] { _ = try await browser.get("/account") }
            func ask() async throws -> String { try #require(try await superior.post("/people/\(liu)/erase", [("ground", "unlawful"), ("why", "依据")]).location) }
            let first = try await ask()
            #expect(try await superior.act("consent", on: first, [("name", "刘芳")]).body.contains("由另一个人决定"))
            #expect(try await city.act("decline", on: first, [("why", "依据不足")]).location == first)
            #expect(try await superior.get("/notices").body.contains("依据不足"))
            let second = try await ask()
            #expect(try await superior.act("withdraw", on: second).location == second)
            #expect(try await city.act("consent", on: second, [("name", "刘芳")]).body.contains("不用再办"))
            #expect(try await superior.get("/people/\(liu)").body.contains("刘芳"))
        }
    }

    /// Columns in which a text stands; names that acts bear of those who did them are part of the log.
    private static func places(of text: String, in db: Reading) throws -> [String] {
        let columns = try db.engine == .sqlite
            ? db.rows("SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON 1 = 1 WHERE m.type = 'table' AND c.type = 'TEXT'") { ($0.text(0), $0.text(1)) }
            : db.rows("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'text'") { ($0.text(0), $0.text(1)) }
        return try columns.filter { try db.count(SQL(stringLiteral: "SELECT count(*) FROM \($0.0) WHERE \($0.1) LIKE '%\(text)%'")) > 0 }.map { "\($0.0).\($0.1)" }
    }
}
