@testable import Access
@testable import Accounts
@testable import App
import Foundation
@testable import Kit
import Register
@testable import Standing
import TestBench
import Testing
import World

@Suite("Files that are asked for: made after the request, and their asker's alone", .ownThreads)
struct MadeFileStories {
    private static func row(_ app: App) async throws -> [(id: Int64, state: String)] {
        try await app.database.read { try $0.rows("SELECT id, state FROM made_file ORDER BY id") { ($0.int(0), $0.text(1)) } }
    }

    /// An officer over everything, whose account is known.
    private static func officer(_ world: GrantWorld, _ name: String = "人事", at unit: String = "HX") async throws -> (account: Int64, browser: Browser) {
        let account = try await world.account(name, world.grant(.personnelOfficer, unit))
        return (account, try await world.browser(account))
    }

    private static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL.path

    // MARK: Every kind

    @Test("Every kind is asked for, made and fetched: the answer leads to a page of its own, which hands out a file to keep; nobody else finds it")
    func everyKind() async throws {
        try await servedOnBothEngines { app, port in
            let subjects = try await Subjects.make(app), callers = try await Caller.all(app, port, subjects)
            func caller(_ role: Role?, _ place: Caller.Place?) throws -> Browser { try #require(callers.first { $0.role == role && $0.place == place && $0.isLearner == (role == nil) }).browser }
            let officer = try caller(.personnelOfficer, .own), auditor = try caller(.auditor, .root), learner = try caller(nil, nil), other = try caller(.personnelOfficer, .root)
            let guardian = try caller(.securityAdmin, .root)
            let marked = try #require(subjects.address(RightsRow("POST", "/exchange/imports/:job/marked", .signedIn, ""))).0, person = subjects.named.people["陈杰"]!
            var asked: Set<String> = []
            for (kind, browser, path, fields, type) in [
                ("exchange.export", officer, "/exchange/exports", [("kind", "people"), ("unit", "HX-LJ-BH"), ("format", "csv")], "text/csv; charset=utf-8"),
                ("exchange.export", officer, "/exchange/exports", [("kind", "organizations"), ("unit", "HX-LJ-BH")], Reply.xlsx),
                ("exchange.export", officer, "/exchange/exports", [("kind", "training-records"), ("unit", "HX-LJ-BH")], Reply.xlsx),
                ("exchange.marked", officer, marked, [], Reply.xlsx), ("figures.names", officer, subjects.ruleAddress + "/people.xlsx" + subjects.rule, [], Reply.xlsx),
                ("slips", officer, "/activation/people/\(person)", [("format", "xlsx")], Reply.xlsx), ("audit", auditor, "/audit/export", [("kind", "test")], Reply.xlsx),
                ("extract", learner, "/me/extract", [("format", "json")], "application/json"),
                ("people.list", officer, "/people/list.xlsx?sort=-code&col=q&col=span", [], Reply.xlsx), ("grants.list", officer, "/grants/list.xlsx", [], Reply.xlsx),
                ("accounts.list", guardian, "/accounts/list.xlsx", [], Reply.xlsx), ("vacancies.list", officer, "/grants/vacancies/list.xlsx", [], Reply.xlsx),
                ("changes.list", officer, "/changes/list.xlsx", [], Reply.xlsx), ("activation.list", officer, "/activation/list.xlsx", [], Reply.xlsx),
                ("terms.list", officer, "/organizations/\(subjects.named.units["HX-LJ-BH"]!)/representatives/list.xlsx", [], Reply.xlsx),
            ] {
                asked.insert(kind)
                let link = try #require(try await browser.post(path, fields, token: Caller.token).location, "\(kind)")
                #expect(link.hasPrefix("/files/"), "\(kind)")
                try await eventually { try await browser.get(link).body.contains("\(link)/content") }
                // The page has the file on its way the first time, with scripts or without, and not when one comes back to it.
                #expect(try await browser.get(link).body.contains("<meta http-equiv=\"refresh\" content=\"0; url=\(link)/content\">"), "\(kind)")
                for end in ["", "/progress", "/content"] { #expect(try await other.get(link + end).status == 404, "\(kind) \(end)") }
                for _ in 0..<2 {
                    let file = try await browser.get(link + "/content")
                    #expect(file.status == 200 && file.header("Content-Type") == type && !file.bytes.isEmpty, "\(kind)")
                    #expect(file.header("Content-Disposition")?.hasPrefix("attachment") == true && file.header("Cache-Control") == "no-store", "\(kind)")
                }
                let back = try await browser.get(link).body
                #expect(back.contains("下载过了") && !back.contains("http-equiv"), "\(kind)")
                #expect(try await browser.get(link + "/progress").location == link)
                #expect(try await browser.get("/files").body.contains("href=\"\(link)\""), "\(kind)")
                #expect(try await other.get("/files").body.contains(link) == false)
            }
            #expect(asked == Set(app.features.brought(MadeFileKind.self).map(\.key)), "say how a new kind is asked for")
            // Who asked for what, and that it was fetched, is on record, each time: here twice.
            let acts = try await app.database.read { try $0.rows("SELECT kind, count(*) FROM act WHERE kind IN ('export.people', 'export.names', 'export.list', 'audit.export', 'slip.ask', 'slip.make', 'extract.json', 'file.fetch') GROUP BY kind") { ($0.text(0), $0.int(1)) } }
            #expect(Dictionary(acts) { $1 } == ["export.people": 1, "export.names": 1, "export.list": 7, "audit.export": 1, "slip.ask": 1, "slip.make": 1, "extract.json": 1, "file.fetch": 30])
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM act_change c JOIN act a ON a.id = c.act_id WHERE a.kind IN ('export.people', 'export.names', 'export.list') AND c.subject = 'list_view'") } == 5)
            // Nothing of what is in them lies open.
            let open = try await app.database.read { try $0.rows("SELECT asked_cipher FROM made_file") { String(decoding: $0.blob(0), as: UTF8.self) } }
            #expect(open.count == 16 && !open.contains { $0.contains("HX-LJ-BH") || $0.contains("陈杰") })
        }
    }

    // MARK: Rights

    @Test("Whoever lost a right since is refused: before it is made nothing is made, afterwards it is not handed out")
    func rights() async throws {
        try await GrantWorld.served { world in
            let app = world.app, house = app.house, database = app.database, unit = world.unit("HX-LJ"), other = world.unit("HX-JC")
            // Whoever has no right at all sees no page any more: these keep one elsewhere.
            @Sendable func lose(_ account: Int64, _ db: Writing) throws {
                try GrantStore.endAll(of: account, on: Clock.today, in: db)
                try GrantStore.give(Grant(role: .leader, organizationID: other, from: .always, to: .open), to: account, in: db)
            }
            let (first, _) = try await Self.officer(world, "先失权的", at: "HX-LJ"), (second, two) = try await Self.officer(world, "后失权的", at: "HX-LJ")
            let order = ExportOrder(sheet: "people", unit: unit, subtree: true, asOf: nil, isText: true)
            // Both in one act: nobody can have begun in between.
            let link = try await database.write(Bench.act) { db in
                let signedIn = try #require(try SignedIn.later(first, from: "", now: Clock.nowMilliseconds, in: db))
                let link = try MadeFileKind.export.ask(order, "人员", back: "/exchange", by: signedIn, house, in: db)
                try lose(first, db)
                return link
            }
            // Losing a right ends the sessions: they come anew.
            let one = try await world.browser(first)
            try await eventually { try await one.get(link).body.contains("没有做出来") }
            #expect(try await one.get(link).body.contains("您的授权有了变化"))
            #expect(try await one.get(link + "/content").location == link)

            let made = try #require(try await two.post("/exchange/exports", [("kind", "people"), ("unit", "HX-LJ")], token: Caller.token).location)
            try await eventually { try await two.get(made).body.contains("\(made)/content") }
            #expect(try await two.get(made + "/content").status == 200)
            try await database.write(Bench.act) { try lose(second, $0) }
            let anew = try await world.browser(second)
            for end in ["", "/content"] {
                let refused = try await anew.get(made + end)
                #expect(refused.status == 422 && refused.body.contains("您的授权有了变化"), "\(end)")
            }
            // The same right given anew is another grant: what was asked under the former one stays where it is.
            try await database.write(Bench.act) { db in try GrantStore.give(Grant(role: .personnelOfficer, organizationID: unit, from: Clock.today, to: .open), to: second, in: db) }
            #expect(try await world.browser(second).get(made + "/content").status == 422)
            // Nor is there anything for whoever is locked.
            let (third, three) = try await Self.officer(world, "锁定的", at: "HX-LJ")
            _ = three
            let locked = try await database.write(Bench.act) { db in
                let signedIn = try #require(try SignedIn.later(third, from: "", now: Clock.nowMilliseconds, in: db))
                let link = try MadeFileKind.export.ask(order, "人员", back: "/exchange", by: signedIn, house, in: db)
                try AccountStore.set(.locked, of: #require(try AccountStore.account(third, in: db)), in: db)
                return Int64(link.split(separator: "/").last ?? "") ?? 0
            }
            try await eventually { try await Self.row(app).first { $0.id == locked }?.state == "failed" }
        }
    }

    @Test("A unit that is no longer one's own is refused when it is asked for, and when it is fetched")
    func moved() async throws {
        try await GrantWorld.served { world in
            let (_, browser) = try await Self.officer(world, at: "HX-LJ"), xd = world.unit("HX-LJ-XD"), jc = world.unit("HX-JC")
            let link = try #require(try await browser.post("/exchange/exports", [("kind", "people"), ("unit", "HX-LJ-XD")], token: Caller.token).location)
            try await eventually { try await browser.get(link).body.contains("\(link)/content") }
            try await world.app.database.write(Bench.act) { try OrganizationStore.move(xd, to: jc, from: Clock.today, in: $0) }
            #expect(try await browser.get(link + "/content").status == 404)
            #expect(try await browser.get(link).status == 404)
        }
    }

    // MARK: Its end

    @Test("Its time is over after some hours: the page says so, nothing is handed out, and it is taken away in batches")
    func expires() async throws {
        try await GrantWorld.served { world in
            let database = world.app.database, (_, browser) = try await Self.officer(world), (_, other) = try await Self.officer(world, "别人")
            var links: [String] = []
            for one in [browser, other] {
                let link = try #require(try await one.post("/exchange/exports", [("kind", "organizations"), ("unit", "HX")], token: Caller.token).location)
                try await eventually { try await one.get(link).body.contains("\(link)/content") }
                links.append(link)
            }
            let id = try #require(Int64(links[0].split(separator: "/").last ?? "")), now = Clock.nowMilliseconds
            let kept = try await database.read { try $0.count(SQL("SELECT expires_ms - asked_ms FROM made_file WHERE id = \(id)")) }
            #expect((0...60_000).contains(kept - Int64(MadeFileKind.usualHours) * 3_600_000))
            try await database.write(Bench.act) { db in try db.run(SQL("UPDATE made_file SET expires_ms = \(now - 1) WHERE id = \(id)")) }
            #expect(try await browser.get(links[0]).body.contains("已经过期"))
            #expect(try await browser.get(links[0] + "/content").location == links[0])
            #expect(try await browser.get("/files").body.contains("已过期"))
            #expect(try await database.read { try MadeFileStore.isAnyExpired(now: now, in: $0) })
            try await database.write(Bench.act) { try MadeFileStore.forgetExpired(now: now, in: $0) }
            #expect(try await !database.read { try MadeFileStore.isAnyExpired(now: now, in: $0) })
            #expect(try await browser.get(links[0]).status == 404)
            #expect(try await other.get(links[1] + "/content").status == 200, "another's is untouched")
            #expect(try await database.read { try $0.count("SELECT count(DISTINCT file_id) FROM made_file_part") } == 1)
        }
    }

    @Test("When somebody's file is deleted nothing that was made stays, and what is being made ends without effect: no code is left of it either")
    func withdrawn() async throws {
        try await GrantWorld.served { world in
            let app = world.app, house = app.house, database = app.database, (account, browser) = try await Self.officer(world)
            let ready = try #require(try await browser.post("/exchange/exports", [("kind", "people"), ("unit", "HX"), ("subtree", "on")], token: Caller.token).location)
            try await eventually { try await browser.get(ready).body.contains("\(ready)/content") }
            let person = try #require(world.named.people["陈杰"]), bh = world.unit("HX-LJ-BH")
            let order = Handout.Order(
                lines: [.init(person: person, account: nil, unitID: bh, unit: "滨河", kind: .activation)], units: [bh], isKept: true, format: .xlsx, takesFactor: false, why: "",
                site: "https://train.example.cn")
            let making = try await database.write(Bench.act) { db in
                let signedIn = try #require(try SignedIn.later(account, from: "", now: Clock.nowMilliseconds, in: db))
                let link = try MadeFileKind.slips.ask(order, "陈杰的激活码", back: "/activation", by: signedIn, house, in: db)
                try Feature.madeFiles.erasing?.forget(Erased(files: [person], accounts: []), db)
                return link
            }
            for link in [ready, making] {
                #expect(try await browser.get(link).body.contains("已作废"), "\(link)")
                #expect(try await browser.get(link + "/content").location == link)
            }
            try await eventually { try await database.read { try $0.count("SELECT count(*) FROM job_run WHERE kind LIKE 'file.%' AND state IN ('waiting', 'working')") } == 0 }
            let left = try await database.read { db in
                [
                    try db.count("SELECT count(*) FROM made_file_part"), try db.count("SELECT count(*) FROM made_file WHERE asked_cipher IS NOT NULL OR outcome_cipher IS NOT NULL"),
                    try db.count("SELECT count(*) FROM slip"),
                ]
            }
            #expect(left == [0, 0, 0])
        }
    }

    @Test("A code that may not be made any more leaves neither file nor code, and the page says why")
    func refusedLate() async throws {
        try await GrantWorld.served { world in
            let app = world.app, house = app.house, database = app.database, (account, browser) = try await Self.officer(world), person = try #require(world.named.people["陈杰"]), bh = world.unit("HX-LJ-BH")
            let link = try await database.write(Bench.act) { db in
                let signedIn = try #require(try SignedIn.later(account, from: "", now: Clock.nowMilliseconds, in: db)), file = try #require(try RosterStore.person(person, in: db))
                let waiting = try AccountStore.waiting(of: file, in: db)
                let order = Handout.Order(
                    lines: [.init(person: person, account: waiting.id, unitID: bh, unit: "滨河", kind: .activation)], units: [bh], isKept: true, format: .xlsx, takesFactor: false, why: "",
                    site: "https://train.example.cn")
                let link = try MadeFileKind.slips.ask(order, "陈杰的激活码", back: "/activation", by: signedIn, house, in: db)
                try AccountStore.set(.locked, of: waiting, in: db)
                return link
            }
            try await eventually { try await browser.get(link).body.contains("没有做出来") }
            #expect(try await database.read { try $0.count("SELECT count(*) FROM slip") } == 0)
            #expect(try await database.read { try $0.count("SELECT count(*) FROM made_file_part") } == 0)
        }
    }

    // MARK: Bounds

    @Test("Of one account a few are made at a time, the same is made once, and the oldest make room; others are not touched")
    func bounds() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let (app, account, unit) = try await Self.unserved(database, url), house = app.house
                func ask(_ day: Int32) async throws -> String {
                    try await database.write(Bench.act) { db in
                        let signedIn = try #require(try SignedIn.later(account, from: "", now: Clock.nowMilliseconds, in: db))
                        return try MadeFileKind.export.ask(
                            ExportOrder(sheet: "people", unit: unit, subtree: false, asOf: 19_000 + day, isText: true), "人员", back: "/exchange", by: signedIn, house, in: db)
                    }
                }
                var links: [String] = []
                for day in 0..<MadeFile.mostMaking { links.append(try await ask(Int32(day))) }
                #expect(Set(links).count == MadeFile.mostMaking)
                #expect(try await ask(0) == links[0], "what is being made already")
                #expect(await #expect(throws: Refusal.self) { try await ask(100) }?.name == "made.many")
                #expect(try await Self.row(app).count == MadeFile.mostMaking)
                try await database.write(Bench.act) { db in
                    try db.run("UPDATE made_file SET state = 'withdrawn', asked_cipher = NULL")
                    for _ in 0..<(3 * MadeFile.mostKept) {
                        try db.run(SQL("INSERT INTO made_file (id, account_id, kind, state, asked_ms, expires_ms, act_id) VALUES (\(db.nextID()), \(account), 'x', 'withdrawn', 0, 0, \(db.actID))"))
                    }
                }
                let last = try await ask(200)
                let left = try await Self.row(app)
                #expect(left.count == MadeFile.mostKept && "/files/\(left.last?.id ?? 0)" == last)
            }
        }
    }

    private struct Nothing: Codable {}

    /// A file of many parts, one that a form tries to answer with, and one whose making breaks off.
    private static let tried = Feature(
        rights: [RightsRow("POST", "/tried", .signedIn, "")],
        acts: [],
        brings: [
            MadeFileKind("tried.large", "很大的文件", of: Nothing.self, as: .list, judge: { _, _, _, _ in }, make: { _, _, _, work in
                work.note(done: 1, total: 2)
                return try Made("大.bin", type: "application/octet-stream", large)
            }),
            MadeFileKind("tried.broken", "做不成的文件", of: Nothing.self, as: .document, judge: { _, _, _, _ in }, make: { _, _, _, _ in
                throw Refusal("tried.no", "这一份做不出来。")
            }),
            MadeFileKind("tried.short", "头一回做不成的文件", of: Nothing.self, as: .document, judge: { _, _, _, _ in }, make: { _, _, _, work in
                // Of the machine's refusals, all of which pass.
                if work.attempt == 1 { throw Refusal.memory }
                return try Made("成.bin", type: "application/octet-stream", [1, 2, 3])
            }),
        ]
    ) { doors, _ in
        doors.signedIn.post("/tried") { _, _, _ in .download("a.txt", type: "text/plain", file: "/dev/null", isTemporary: false) }
    }

    /// More than an act holds, not a whole number of parts, and no two parts alike.
    private static let large: [UInt8] = {
        let piece = (0..<100_003).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
        return (0..<200).flatMap { _ in piece }
    }()

    private static func unserved(_ database: Database, _ url: String, _ features: FeatureSet = Features.all) async throws -> (app: App, account: Int64, unit: Int64) {
        let app = try App(
            database: database, databaseURL: url, settings: Settings(home: home, keyFile: NSTemporaryDirectory() + "/\(UUID().uuidString).key"), passwords: .least, features: features)
        let named = try await Named.fill(database, numbers: app.numbers), unit = try #require(named.units["HX"])
        let account = try await database.write(Bench.act) { db in
            let id = try AccountStore.add("officer", displayName: "张伟", hash: "-", in: db)
            try GrantStore.give(Grant(role: .personnelOfficer, organizationID: unit, from: .always, to: .open), to: id, in: db)
            return id
        }
        return (app, account, unit)
    }

    @Test("A large file is kept in parts by several acts and comes back as it was; a refusal of the making is told; no form answers with a file")
    func parts() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let features = FeatureSet(Features.all.all + [Self.tried])
                let (app, account, _) = try await Self.unserved(database, url, features), house = app.house
                try await beside({ ready in try await app.web(Listening(host: "127.0.0.1", port: 0), onReady: ready).run() }) { port in
                    let browser = Browser(port: port)
                    await browser.setCookie("yugong", try await database.write(Bench.act) { try Caller.session(account, in: $0) })
                    func ask(_ key: String) async throws -> String {
                        let kind = try #require(features.brought(MadeFileKind.self).first { $0.key == key })
                        return try await database.write(Bench.act) { db in
                            let signedIn = try #require(try SignedIn.later(account, from: "", now: Clock.nowMilliseconds, in: db))
                            return try kind.ask(Nothing(), kind.word, back: "/", by: signedIn, house, in: db)
                        }
                    }
                    let large = try await ask("tried.large"), broken = try await ask("tried.broken")
                    try await eventually { try await browser.get(large).body.contains("\(large)/content") }
                    #expect(try await browser.get(large + "/content").bytes == Data(Self.large))
                    #expect(try await database.read { try $0.count("SELECT count(*) FROM act WHERE kind = 'file.made'") } == 3)
                    try await eventually { try await browser.get(broken).body.contains("没有做出来。这一份做不出来。") }
                    let short = try await ask("tried.short")
                    try await eventually { try await browser.get(short).body.contains("\(short)/content") }
                    #expect(try await browser.get(short + "/content").bytes == Data([1, 2, 3]), "tried again")
                    #expect(try await browser.post("/tried", token: Caller.token).status == 500)
                    // A part that is gone or another's is noticed.
                    try await database.write(Bench.act) { db in try db.run("UPDATE made_file_part SET part = 100 WHERE part = 19") }
                    #expect(try await browser.get(large + "/content").body.contains("与登记的不符"))
                    try await database.write(Bench.act) { db in
                        try db.run("DELETE FROM made_file_part WHERE part = 3")
                        try db.run("UPDATE made_file_part SET part = 3 WHERE part = 5")
                    }
                    #expect(try await browser.get(large + "/content").body.contains("与登记的不符"))
                }
            }
        }
    }

    @Test("Whoever left the page is told when what took long is ready; what is given up says so on its page")
    func told() async throws {
        try await GrantWorld.served { world in
            let app = world.app, house = app.house, database = app.database, (account, browser) = try await Self.officer(world)
            let system = try await world.browser(world.account("系统", world.grant(.systemAdmin, "HX")))
            // Asked for in the past, by its id; and one that waits for a day that does not come.
            let (late, never, work) = try await database.write(Bench.act) { db in
                let signedIn = try #require(try SignedIn.later(account, from: "", now: Clock.nowMilliseconds, in: db)), unit = world.unit("HX")
                func ask(_ day: Int32) throws -> (String, Int64) {
                    let link = try MadeFileKind.export.ask(
                        ExportOrder(sheet: "people", unit: unit, subtree: true, asOf: 19_000 + day, isText: true), "全市人员", back: "/exchange", by: signedIn, house, in: db)
                    return (link, try #require(Int64(link.split(separator: "/").last ?? "")))
                }
                let (_, first) = try ask(1), (never, second) = try ask(2), early = first - (60_000 << 20)
                try db.run(SQL("UPDATE job SET subject_id = \(early) WHERE subject_id = \(first)"))
                try db.run(SQL("UPDATE job_run SET subject_id = \(early), job_key = \("\(early)") WHERE subject_id = \(first)"))
                let order = try #require(try MadeFileStore.file(first, app.numbers, in: db)?.order)
                let cipher = try app.numbers.sealBytes(JSONEncoder().encode(order), context: "made_file.asked \(early)")
                try db.run(SQL("UPDATE made_file SET id = \(early), asked_cipher = \(cipher) WHERE id = \(first)"))
                try db.run(SQL("UPDATE job_run SET due_ms = \(Clock.start(of: Day(iso: "2150-01-01")!)) WHERE subject_id = \(second)"))
                return ("/files/\(early)", never, try db.count(SQL("SELECT id FROM job_run WHERE subject_id = \(second)")))
            }
            try await eventually { try await browser.get(late).body.contains("\(late)/content") }
            let notices = try await database.read { try $0.rows("SELECT text, link FROM message WHERE kind = 'file.made'") { ($0.text(0), $0.text(1)) } }
            #expect(notices.count == 1 && notices[0].1 == late && notices[0].0.contains("已经做好") && !notices[0].0.contains("全市"))
            #expect(try await browser.get(never).body.contains("正在制作"))
            let making = try await browser.get(never).body
            #expect(making.contains("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>") && making.contains("hx-get=\"\(never)/progress\""))
            #expect(try await browser.get(never + "/progress", headers: ["HX-Request": "true"]).body.contains("class=\"progress\""))
            #expect(try await browser.get(late + "/progress", headers: ["HX-Request": "true"]).header("HX-Redirect") == late)
            // The administrator's page tells nothing of it.
            let page = try await system.get("/jobs/\(work)").body
            #expect(page.contains("导出名单和表格") && !page.contains("全市人员") && !page.contains("人事"))
            #expect(try await system.post("/jobs/\(work)/give-up", [("why", "不要了")], token: Caller.token).status == 303)
            #expect(try await browser.get(never).body.contains("已被系统管理员停止"))
        }
    }

    // MARK: Servers that die

    @Test("Servers are killed with -9 while they make files, two at a time on PostgreSQL: others finish them, every one is whole and none is made twice")
    func killed() async throws {
        let kills = 2, many = 24
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/yugong-files-\(UUID().uuidString)", key = folder + "/the.key"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let app = try App(database: database, databaseURL: url, settings: Settings(home: Self.home, keyFile: key)), house = app.house
                let named = try await Named.fill(database, numbers: app.numbers), unit = try #require(named.units["HX"]), bh = try #require(named.units["HX-LJ-BH"])
                let people = ["刘芳", "陈杰", "黄磊", "孙丽"].compactMap { named.people[$0] }
                try await database.write(Bench.act) { db in
                    for number in 0..<many {
                        let account = try AccountStore.add("officer\(number)", displayName: "管理员\(number)", hash: "-", in: db)
                        try GrantStore.give(Grant(role: .personnelOfficer, organizationID: unit, from: .always, to: .open), to: account, in: db)
                        let signedIn = try #require(try SignedIn.later(account, from: "", now: Clock.nowMilliseconds, in: db))
                        if number % 2 == 0 {
                            let order = ExportOrder(sheet: "people", unit: unit, subtree: true, asOf: nil, isText: true)
                            _ = try MadeFileKind.export.ask(order, "人员", back: "/exchange", by: signedIn, house, in: db)
                        } else {
                            let order = Handout.Order(
                                lines: [.init(person: people[number / 2 % people.count], account: nil, unitID: bh, unit: "滨河", kind: .activation)], units: [bh], isKept: true, format: .xlsx,
                                takesFactor: false, why: "", site: "https://train.example.cn")
                            _ = try MadeFileKind.slips.ask(order, "激活码", back: "/activation", by: signedIn, house, in: db)
                        }
                    }
                }
                var servers = try (0..<(engine == .postgres ? 2 : 1)).map { _ in try KillStories.Served(url, key: key, folder: folder) }
                func over() async throws -> Int { try await Self.row(app).count { $0.state != "making" } }
                for kill in 1...kills {
                    try await eventually { try await over() >= kill * many / 6 }
                    servers.removeFirst().end(SIGKILL)
                    servers.append(try KillStories.Served(url, key: key, folder: folder))
                }
                try await eventually { try await over() == many }
                for server in servers { server.end(SIGTERM) }
                let found = try await database.read { db in
                    [
                        try db.count("SELECT count(*) FROM made_file WHERE state = 'ready'"), 2 * (try db.count("SELECT count(*) FROM slip")),
                        2 * (try db.count("SELECT count(*) FROM act WHERE kind = 'slip.make'")), 2 * (try db.count("SELECT count(*) FROM act WHERE kind = 'file.made'")),
                    ]
                }
                #expect(found == Array(repeating: Int64(many), count: 4), "\(engine)")
                let whole = try await Self.contents(app, folder)
                #expect(Set(whole.values).count == 1 && whole.count == many / 2, "every export is the same and whole")
                let verified = try await onThread { try CommandLineUser(folder: folder, database: url).run("verify") }
                #expect(verified.status == 0, "\(verified.said) \(verified.noted)")
            }
        }
    }

    /// The content of each export.
    private static func contents(_ app: App, _ folder: String) async throws -> [Int64: Data] {
        try await app.database.read { db in
            var found: [Int64: Data] = [:]
            for id in try db.rows("SELECT id FROM made_file WHERE kind = 'exchange.export'", { $0.int(0) }) {
                let file = try #require(try MadeFileStore.file(id, app.numbers, in: db)), path = "\(folder)/\(id)"
                try MadeFileStore.write(file, to: path, app.numbers, in: db)
                found[id] = try Data(contentsOf: URL(fileURLWithPath: path))
            }
            return found
        }
    }
}
