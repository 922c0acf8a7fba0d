@testable import Access
@testable import App
import Kit
@testable import Register
import TestBench
import Testing

/// Every page that shows somebody's file leaves its trace, whichever page comes next.
@Suite("Looking at a file is on record at every page", .ownThreads) struct LookStories {
    /// Who looks, for one page each, so that what one page notes hides nothing of another.
    private static func viewer(_ name: String, _ subjects: Subjects, _ app: App, _ port: Int, of person: Int64? = nil) async throws -> (Int64, Browser) {
        let (account, session) = try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add(name, displayName: name, hash: "-", personID: person, in: db)
            try GrantStore.give(Grant(role: .personnelOfficer, organizationID: subjects.named.units["HX"]!, from: .always, to: .open), to: id, in: db)
            return (id, try Caller.session(id, in: db))
        }
        let browser = Browser(port: port)
        await browser.setCookie("yugong", session)
        return (account, browser)
    }

    private static func looks(_ account: Int64, _ app: App) async throws -> [Int64] {
        try await app.database.read { db in
            try db.rows(SQL("SELECT c.subject_id FROM act_change c JOIN act a ON a.id = c.act_id WHERE c.subject = 'file_view' AND a.account_id = \(account) ORDER BY c.id")) { $0.int(0) }
        }
    }

    /// Whether the account left anything that says whom it saw: a look at a file, or a list.
    private static func hasTrace(_ account: Int64, _ app: App) async throws -> Bool {
        try await app.database.read { db in
            try db.count(SQL("SELECT count(*) FROM act_change c JOIN act a ON a.id = c.act_id WHERE c.subject IN ('file_view', 'list_view') AND a.account_id = \(account)")) > 0
        }
    }

    @Test("Every page about one thing that names the person leaves a trace, whatever the thing is called")
    func everyName() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app), liu = subjects.named.people["刘芳"]!
            // Of a grant, or of what a unit adopted, she is named as who did it, which says nothing of her file.
            let deeds = ["/grants/:grant", "/organizations/:unit/policies", "/organizations/:unit/policies/undo"]
            let rows = Features.all.rights.filter { $0.method == "GET" && !$0.path.hasPrefix("/me") && $0.path.contains(":") && !deeds.contains($0.path) }
            var named: Set<String> = []
            for (number, row) in rows.enumerated() {
                guard let (path, _) = subjects.address(row) else { continue }
                let (account, browser) = try await Self.viewer("namer\(number)", subjects, app, port)
                let page = try await browser.get(path)
                guard page.status == 200, page.body.contains("刘芳") else { continue }
                named.insert(row.path)
                #expect(try await Self.hasTrace(account, app), "\(row.path)")
            }
            for path in ["/people/:person", "/approvals/:approval", "/activation/batches/:batch"] {
                #expect(named.contains(path), "\(path)")
            }
            let (account, browser) = try await Self.viewer("giver", subjects, app, port)
            #expect(try await browser.get("/grants/new?account=\(subjects.learner)").body.contains("刘芳"))
            #expect(try await Self.looks(account, app) == [liu])
        }
    }

    @Test("Each page about a person or a record of one leaves a view of that person by that account; the own file leaves none, merged or not")
    func everyPage() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app), liu = subjects.named.people["刘芳"]!
            let rows = Features.all.rights.filter { $0.method == "GET" && !$0.path.hasPrefix("/me") && ($0.path.contains(":person") || $0.path.contains(":entry")) }
            #expect(rows.count >= 14)
            for (number, row) in rows.enumerated() {
                let (account, browser) = try await Self.viewer("viewer\(number)", subjects, app, port)
                let (path, _) = try #require(subjects.address(row))
                #expect(try await browser.get(path).status == 200, "\(row.path)")
                #expect(try await Self.looks(account, app) == [liu], "\(row.path)")
                // Further looks of the day are counted, not told one by one.
                _ = try await browser.get(path)
                #expect(try await Self.looks(account, app) == [liu], "\(row.path)")
            }
            // A refused form shows the file as well; one that was not shown is not noted.
            let (account, browser) = try await Self.viewer("poster", subjects, app, port)
            #expect(try await browser.post("/people/\(liu)/correct", [("why", "")], token: Caller.token).status == 200)
            #expect(try await Self.looks(account, app) == [liu])
            let (absent, other) = try await Self.viewer("absent", subjects, app, port)
            #expect(try await other.get("/people/1/correct").status == 404)
            #expect(try await Self.looks(absent, app) == [])

            let (own, mine) = try await Self.viewer("own", subjects, app, port, of: liu)
            for row in rows {
                let (path, _) = try #require(subjects.address(row))
                _ = try await mine.get(path)
            }
            #expect(try await Self.looks(own, app) == [])
            let twin = try await app.database.write(Bench.act) { db in
                let facts = PersonFacts(name: "刘芳", idNumber: IDNumber(stored: "110105197901010028", birthDay: Day(iso: "1979-01-01")!))
                let twin = try RosterStore.create(facts, post: nil, numbers: app.numbers, in: db).id
                try RosterStore.merge(liu, into: twin, in: db)
                return twin
            }
            #expect(try await mine.get("/people/\(twin)").status == 200)
            #expect(try await Self.looks(own, app) == [])
        }
    }

    @Test("A search for whom to authorise, the list of accounts and the page of one leave their trace once a day, told to whom they showed")
    func searches() async throws {
        try await Puppeteer.story { one in
            let liu = try await one.add("liufang", of: "刘芳"), security = try await one.browser(of: try await one.add("an.quan", of: nil, .securityAdmin, at: "HX"))
            func views() async throws -> [String: Int] {
                let views = try await one.app.database.read { try FileViewStore.views(of: one.named.people["刘芳"]!, now: Clock.nowMilliseconds, Features.all, OrganizationStore.history(in: $0), in: $0) }
                return Dictionary(uniqueKeysWithValues: views.map { ("\($0.isList ? "名单 " : "")\($0.what)", $0.times) })
            }
            #expect(try await one.browser.get("/grants/new?q=nobody.is.called.so").status == 200)
            #expect(try await views().isEmpty, "nobody was shown")
            for _ in 0..<2 { #expect(try await one.browser.get("/grants/new?q=HX9000007").body.contains("刘芳")) }
            #expect(try await views() == ["名单 授权时找人的名单": 1])
            #expect(try await security.get("/accounts?q=liufang").body.contains("刘芳"))
            #expect(try await views() == ["名单 授权时找人的名单": 1, "名单 账号列表": 1])
            #expect(try await security.get("/accounts/\(liu)").body.contains("刘芳"))
            #expect(try await views()["账号情况"] == 1)
        }
    }
}
