@testable import Access
import App
import Kit
@testable import Register
@testable import Representatives
import TestBench
import Testing
import World

@Suite("The terms of a unit and of a person, in the browser", .ownThreads) struct TermStories {
    private static let today = Day(2026, 6, 1)!

    private static func world(_ body: @escaping @Sendable (App, Int, Named) async throws -> Void) async throws {
        try await servedOnBothEngines(today: today) { app, port in
            try await body(app, port, Named.fill(app.database, numbers: app.numbers))
        }
    }

    private static func browser(_ app: App, _ port: Int, _ named: Named, _ role: Role, at code: String) async throws -> Browser {
        let name = "\(role.rawValue.lowercased())-\(code.lowercased())", password = "chang-mima-2026", hash = try PasswordHashing.hashNow(password, .least)
        let unit = try #require(named.units[code])
        try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add(name, displayName: "管理员", hash: hash, in: db)
            try GrantStore.give(Grant(role: role, organizationID: unit, from: .always, to: .open), to: id, in: db)
        }
        let browser = Browser(port: port)
        try await browser.signIn(name, password)
        return browser
    }

    private static func term(
        _ name: String, _ named: Named, unit: String = "HX-LJ-BH", kind: String = "workerRepresentative", session: String = "第二届", elected: String = "2024-03-01",
        expiry: String = "2029-03-01", left: String? = nil, constituency: String = ""
    ) -> TermOfOffice {
        TermOfOffice(
            personID: named.people[name]!, organizationID: named.units[unit]!, kind: kind, session: session, elected: Day(iso: elected)!, expiry: Day(iso: expiry)!,
            left: left.map { Day(iso: $0)! } ?? .open, constituency: constituency)
    }

    @Test("A unit's page lists its terms with how each stands, filtered by what is asked, and leads to those of units below")
    func unit() async throws {
        try await Self.world { app, port, named in
            let path = "/organizations/\(named.units["HX-LJ-BH"]!)", page = path + "/representatives"
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), leader = try await Self.browser(app, port, named, .leader, at: "HX-LJ")
            #expect(try await officer.get(path).body.contains("href=\"\(page)\""))
            let empty = try await officer.get(page)
            #expect(empty.status == 200 && empty.body.contains("还没有登记任期") && !empty.body.contains("导出 Excel"))
            try await app.database.write(Bench.act) { db in
                try TermStore.insert(
                    [
                        Self.term("刘芳", named, constituency: "机关一组"), Self.term("陈杰", named, session: "第一届", elected: "2019-03-01", expiry: "2024-03-01"),
                        Self.term("赵𬱖", named, kind: "workerDirector", session: "第一届", elected: "2020-05-31", expiry: "2026-05-31"),
                        Self.term("郑强", named, session: "第一届", elected: "2019-03-01", expiry: "2024-03-01", left: "2022-06-01"),
                        Self.term("黄磊", named, unit: "HX-LJ-BH-Q001"), Self.term("吴静", named, kind: "workerSupervisor", elected: "2026-06-02"),
                    ], in: db)
            }
            let body = try await officer.get(page).body
            for words in ["职工代表 <b>1</b> 人", "职工董事 <b>1</b> 人", "<b>1</b> 人届满未换届", "届满未换届 1 天", "已换届", "已离任", "尚未就任", "机关一组", "2024-03-01", "导出 Excel", "共 5 行"] {
                #expect(body.contains(words), "\(words)")
            }
            for name in ["刘芳", "陈杰", "赵𬱖", "郑强"] { #expect(body.contains("href=\"/people/\(named.people[name]!)\">\(name)"), "\(name)") }
            // Who is elected here and is another unit's is counted and not named.
            #expect(body.contains("（档案在别的单位）") && !body.contains("吴静"))
            #expect(body.contains("href=\"/organizations/\(named.units["HX-LJ-BH-Q001"]!)/representatives\"") && !body.contains("黄磊"))
            let looked = try await leader.get(page).body
            #expect(looked.contains("刘芳") && looked.contains("导出 Excel") && !looked.contains("</svg>导入</a>"))

            func shows(_ query: String) async throws -> [String] {
                let body = try await officer.get(page + query).body
                return ["刘芳", "陈杰", "赵𬱖", "郑强"].filter { body.contains(">\($0)<") }
            }
            #expect(try await shows("?kind=workerDirector") == ["赵𬱖"])
            #expect(try await shows("?state=overdue") == ["赵𬱖"])
            #expect(try await shows("?state=left") == ["郑强"])
            #expect(try await shows("?state=followed") == ["陈杰"])
            #expect(try await shows("?session=" + Fields.encode("二")) == ["刘芳"])
            #expect(try await shows("?state=left&kind=workerDirector") == [])
            let found = try #require(try await officer.post("/seek", [("_for", page), ("who", "芳")]).location)
            #expect(!found.contains("芳"))
            let sought = try await officer.get(found).body
            #expect(sought.contains(">刘芳<") && !sought.contains(">陈杰<"))

            let file = try await officer.take("/exchange/exports", [("kind", "representatives"), ("unit", "HX-LJ-BH"), ("format", "csv")])
            #expect(file.status == 200 && file.body.contains("刘芳") && file.body.contains("机关一组") && !file.body.contains("吴静") && !file.body.contains("黄磊"))
        }
    }

    @Test("Others' units and what is not there are missing pages; whoever is named is told who looked")
    func sight() async throws {
        try await Self.world { app, port, named in
            let page = "/organizations/\(named.units["HX-LJ-BH"]!)/representatives", liu = named.people["刘芳"]!
            try await app.database.write(Bench.act) { try TermStore.insert([Self.term("刘芳", named)], in: $0) }
            let beside = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-XD")
            for path in [page, "/organizations/1/representatives", "/organizations/x/representatives"] { #expect(try await beside.get(path).status == 404) }
            func looks() async throws -> [String] {
                try await app.database.read { db in
                    try FileViewStore.views(of: liu, now: Clock.nowMilliseconds, Features.all, OrganizationStore.history(in: db), in: db).map(\.what)
                }
            }
            #expect(try await looks() == [])
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            for _ in 0..<2 { #expect(try await officer.get(page).body.contains("刘芳")) }
            #expect(try await looks() == ["代表任期名单"])
        }
    }

    @Test("A list longer than a page goes on where it stopped")
    func pages() async throws {
        try await Self.world { app, port, named in
            let page = "/organizations/\(named.units["HX-LJ-BH"]!)/representatives"
            try await app.database.write(Bench.act) { db in
                // One person elected and gone each year: what counts here is their number.
                try TermStore.insert((0..<205).map { Self.term("刘芳", named, session: "第\($0)次", elected: "\(1950 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1)-01", expiry: "2099-01-01") }, in: db)
            }
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            var address = page, seen: [String] = []
            for rows in [100, 100, 5] {
                let body = try await officer.get(address).body, sessions = body.matches(of: /第\d+次/).map { String($0.0) }
                #expect(sessions.count == rows && body.contains("共 205 行"), "\(sessions.count) rows at \(address)")
                seen += sessions
                guard rows == 100 else { break }
                let next = try #require(body.components(separatedBy: "aria-label=\"翻页\"").last)
                address = String(try #require(next.matches(of: /href="([^"]*after=[^"]*)"/).last).1).replacing("&amp;", with: "&")
            }
            #expect(Set(seen).count == 205)
        }
    }

    @Test("A person's file shows the terms, up to the day to which the file is seen")
    func file() async throws {
        try await Self.world { app, port, named in
            let zheng = "/people/\(named.people["郑强"]!)"
            let old = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), new = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            #expect(try await new.get(zheng).body.contains("代表任期") == false)
            try await app.database.write(Bench.act) { db in
                try TermStore.insert(
                    [
                        Self.term("郑强", named, session: "第一届", elected: "2022-05-31", expiry: "2027-05-31", left: "2023-01-01", constituency: "机关一组"),
                        Self.term("郑强", named, unit: "HX-LJ", session: "第三届", elected: "2022-06-01"),
                    ], in: db)
            }
            let whole = try await new.get(zheng).body
            #expect(whole.contains("代表任期") && whole.contains("第一届") && whole.contains("2023-01-01") && whole.contains("第三届") && whole.contains("已离任"))
            // At 滨河 he was until 2022-06-01: neither what began then nor what ended later is seen there.
            let part = try await old.get(zheng).body
            #expect(part.contains("第一届") && part.contains("机关一组") && !part.contains("2023-01-01") && !part.contains("第三届") && !part.contains("已离任"))
        }
    }
}
