import Access
@testable import App
import Foundation
import Kit
import Ledger
import People
import Register
import TestBench
import Testing
import World

@Suite("今日，在浏览器里", .ownThreads) struct TodayStories {
    private static func served(_ body: @escaping @Sendable (App, Int, Named) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in try await body(app, port, Named.fill(app.database, numbers: app.numbers)) }
    }

    /// Somebody signed in with a role at a unit; without one, only with an account.
    private static func browser(_ app: App, _ port: Int, _ named: Named, _ role: Role?, at code: String = "HX") async throws -> Browser {
        let name = "\(role?.rawValue.lowercased() ?? "nobody")-\(code.lowercased())", password = "chang-mima-2026"
        let hash = try PasswordHashing.hashNow(password, .least), unit = try #require(named.units[code])
        try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add(name, displayName: "林晓", hash: hash, in: db)
            if let role { try GrantStore.give(Grant(role: role, organizationID: unit, from: .always, to: .open), to: id, in: db) }
        }
        let browser = Browser(port: port)
        try await browser.signIn(name, password)
        return browser
    }

    @Test("An officer sees what waits, who falls behind and what changed, each number a door to its list; a leader only reads")
    func officer() async throws {
        try await Self.served { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let liu = try #require(named.people["刘芳"])
            let first = try await officer.get("/")
            #expect(first.status == 200 && first.body.contains("待办") && first.body.contains("<b>采用规划") == false)
            // No policy binds today: what to do is said first, and what once was stands one click away.
            let bh = try #require(named.units["HX-LJ-BH"])
            #expect(first.body.contains("今天没有约束滨河街道总工会的规划") && first.body.contains("href=\"/organizations/\(bh)/policies\""))
            #expect(!first.body.contains("未达标") && !first.body.contains("2023 年指标") && first.body.contains("以往的规划 · 滨河街道总工会"))
            #expect(first.body.contains("href=\"/activation\"") && !first.body.contains("没有填手机号") && !first.body.contains("没有填学历"))

            // A phone number goes, a post changes: both are there at once, with their lists.
            try await app.database.write(Act(who: .account(1, "林晓"), origin: "", kind: "person.correct", why: "号码停用")) { db in
                let person = try #require(try RosterStore.person(liu, in: db))
                try RosterStore.correct(
                    liu, to: PersonFacts(code: person.code, name: person.name, idNumber: try RosterStore.idNumber(of: person, numbers: app.numbers), gender: person.gender, education: "大学本科"),
                    numbers: app.numbers, in: db)
            }
            let missing = try await officer.get("/")
            #expect(missing.body.contains("<b>1</b><span>名在任人员没有填手机号"))
            let list = try await officer.get("/people?missing=phone")
            #expect(list.body.contains("刘芳") && !list.body.contains("黄磊"))
            let changes = try await officer.get("/changes?unit=\(named.units["HX-LJ-BH"]!)&kind=file")
            #expect(changes.body.contains("/people/\(liu)/history") && changes.body.contains("号码停用"))
            #expect(changes.body.contains("更正人员信息：") && changes.body.contains("手机号") && !changes.body.contains("1390"), "what changed by name, not what it was")
            #expect(try await officer.get("/changes?unit=\(named.units["HX-JC"]!)").status == 404)
            #expect(!(try await officer.get("/changes").body.contains("机床集团工会")))

            let leader = try await Self.browser(app, port, named, .leader, at: "HX-LJ")
            let read = try await leader.get("/")
            #expect(read.status == 200 && !read.body.contains("<h2>待办</h2>") && read.body.contains("今天没有约束临江区总工会的规划") && read.body.contains("由组织人事管理员在“政策”里采用"))
            #expect(read.body.contains("最近 7 天的变动"))
        }
    }

    @Test("While a policy runs, its year stands first, with who falls behind")
    func running() async throws {
        try await servedOnBothEngines(today: Day(iso: "2022-12-30")) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers), leader = try await Self.browser(app, port, named, .leader, at: "HX-LJ")
            let page = try await leader.get("/").body
            #expect(page.contains("谁落后了 · 临江区总工会") && page.contains("2022 年") && page.contains("滨河街道总工会") && !page.contains("以往的规划"))
        }
    }

    @Test("Imports that wait and requests that wait are among what waits")
    func waits() async throws {
        try await Self.served { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-JC")
            let wu = try #require(named.people["吴静"])
            let account = try await app.database.read { db in try db.first("SELECT id FROM account WHERE name = 'personnelofficer-hx-jc'") { $0.int(0) } }
            try await app.database.write(Bench.act) { db in
                try TransferStore.askTransfer(
                    to: Appointment(personID: wu, organizationID: named.units["HX-LJ-BH"]!, from: Day(iso: "2027-01-01")!, isPrimary: true, title: "干事"), app.house, in: db)
                let job = try ImportJobStore.add(
                    kind: .people, fileName: "名册.xlsx", file: [1], effective: nil, accountID: try #require(account), app.numbers, db)
                try ImportJobStore.move(job, from: [.judging], to: .judged, app.exchange, db)
            }
            let page = try await officer.get("/")
            #expect(page.body.contains("<b>1</b><span>件事等您决定") && page.body.contains("名册.xlsx"))
            let other = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            #expect(!(try await other.get("/").body.contains("件事等您决定")))
        }
    }

    @Test("The three administrators find their own entries and no business data", arguments: [Role.systemAdmin, .securityAdmin, .auditor])
    func administrators(role: Role) async throws {
        try await Self.served { app, port, named in
            let browser = try await Self.browser(app, port, named, role)
            let page = try await browser.get("/")
            #expect(page.status == 200 && page.body.contains(role.word) && page.body.contains("/notices") && !page.body.contains("谁落后了"))
            switch role {
            case .securityAdmin: #expect(page.body.contains("个单位还没有组织人事管理员") && page.body.contains("href=\"/grants/vacancies\""))
            case .auditor: #expect(page.body.contains("还没有做过全面核对"))
            default: #expect(page.body.contains("今天没有等您办的事"))
            }
            #expect(try await browser.get("/changes").status == 404)
        }
    }
}

@Suite("不予承认的培训机构，在浏览器里", .ownThreads) struct InstitutionStories {
    @Test("Whoever keeps the topmost unit marks and takes back with a reason; others read, and figures follow at once")
    func register() async throws {
        try await servedOnBothEngines { app, port in
            let signIns = try await Demo.fill(app.database, numbers: app.numbers, people: 300, who: .system, passwords: .least)
            func browser(_ name: String) async throws -> Browser {
                let one = try #require(signIns.first { $0.name == name }), browser = Browser(port: port)
                try await browser.signIn(one.name, one.password)
                return browser
            }
            let city = try await browser("shi"), district = try await browser("linjiang"), security = try await browser("anquan")
            let name = try await app.database.read { db in
                try #require(try db.first("SELECT institution FROM hour_entry WHERE institution <> '' GROUP BY institution ORDER BY count(*) DESC LIMIT 1") { $0.text(0) })
            }
            let unit = try await app.database.read { db in try #require(try OrganizationStore.id(code: "HX", in: db)) }
            let figures = "/figures/\(unit)?year=2023", before = try await city.get(figures).body
            let page = try await city.get("/institutions?name=" + Fields.encode(name))
            #expect(page.status == 200 && page.body.contains("value=\"\(name)\""))
            #expect(try await city.post("/institutions", [("name", name), ("why", "")]).body.contains("id=\"m-why\""))
            #expect(try await city.post("/institutions", [("name", " "), ("why", "试")]).body.contains("id=\"m-name\""))
            #expect(try await city.post("/institutions", [("name", name), ("why", "〔2023〕7 号")]).location == "/institutions")
            #expect(try await city.post("/institutions", [("name", name), ("why", "再来")]).body.contains("已经标为不予承认"))
            let marked = try await city.get(figures).body
            #expect(marked != before)

            let read = try await district.get("/institutions")
            #expect(read.status == 200 && read.body.contains("〔2023〕7 号") && read.body.contains("衡溪市总工会") && !read.body.contains("标为不予承认</button>"))
            #expect(try await district.post("/institutions", [("name", "某校"), ("why", "试")]).status == 404)
            #expect(try await district.post("/institutions/restore", [("name", name), ("why", "试")]).status == 404)
            #expect(try await district.get("/institutions/restore?name=" + Fields.encode(name)).status == 404)
            #expect(try await security.get("/institutions").status == 404)

            let back = "/institutions/restore?name=" + Fields.encode(name)
            #expect(try await city.get(back).status == 200)
            #expect(try await city.post("/institutions/restore", [("name", name), ("why", "")]).body.contains("id=\"m-why\""))
            #expect(try await city.post("/institutions/restore", [("name", name), ("why", "整改验收")]).location == "/institutions")
            #expect(try await city.get(back).status == 404)
            #expect(try await city.post("/institutions/restore", [("name", name), ("why", "再来")]).body.contains("不在不予承认的名单里"))
            #expect(try await city.get("/institutions").body.contains("恢复承认：\(name)（整改验收）"))
        }
    }
}
