import Access
import Accounts
@testable import App
import Foundation
import Kit
@testable import People
import Register
import TestBench
import Testing
import World

@Suite("A feature brings everything with it", .ownThreads) struct FeatureStories {
    /// All there are, and one more: the one line that a new one asks for.
    private static let features = FeatureSet(Features.all.all + [.notes])

    @Test("Added by its value alone, a feature has rights, a menu entry, a task, words, a workbook, looks, recent changes, and rows that merge, are taken back, erased and rekeyed")
    func story() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let key = NSTemporaryDirectory() + "/\(UUID().uuidString).key", migrations = Migrations.all + [NoteStore.migration(engine)]
                defer { try? FileManager.default.removeItem(atPath: key) }
                let settings = Settings(home: Self.home, keyFile: key)
                let app = try App(database: database, databaseURL: url, settings: settings, passwords: .least, features: Self.features, migrations: migrations)
                let listening = Listening(host: "127.0.0.1", port: 0)
                try await beside({ ready in try await app.web(listening, onReady: ready).run() }) { port in try await Self.walk(app, port) }
                // Everything it has under the data key comes under the next one.
                let before = app.numbers, liu = try #require(try await Self.person("刘芳", app))
                database.close()
                _ = try await onThread {
                    try Keys.replaceData(
                        databaseURL: url, settings: settings, dropsCodes: false, who: .system, features: Self.features, migrations: migrations, progress: { _, _, _ in })
                }
                let again = try Database(url: url, readers: 1)
                defer { again.close() }
                let after = try App(database: again, databaseURL: url, settings: settings, passwords: .least, features: Self.features, migrations: migrations)
                #expect(try await again.read { try NoteStore.texts(of: [liu], after.numbers, in: $0) } == ["并来的", "表里的"])
                #expect(throws: (any Error).self) { try again.readNow { try NoteStore.texts(of: [liu], before, in: $0) } }
            }
        }
    }

    @Test("The demo world has what the feature brings, and nobody else knows of it")
    func demo() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let key = NSTemporaryDirectory() + "/\(UUID().uuidString).key"
                defer { try? FileManager.default.removeItem(atPath: key) }
                let app = try App(
                    database: database, databaseURL: url, settings: Settings(home: Self.home, keyFile: key), passwords: .least, features: Self.features,
                    migrations: Migrations.all + [NoteStore.migration(engine)])
                _ = try await Demo.fill(database, numbers: app.numbers, people: 60, who: .system, passwords: .least, features: Self.features)
                #expect(try await database.read { try NoteStore.count(in: $0) } == 3)
            }
        }
    }

    private static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private static func person(_ name: String, _ app: App) async throws -> Int64? {
        try await app.database.read { db in try db.first(SQL("SELECT id FROM person WHERE name = \(name) AND merged_into IS NULL")) { $0.int(0) } }
    }

    private static func walk(_ app: App, _ port: Int) async throws {
        let named = try await Named.fill(app.database, numbers: app.numbers), database = app.database
        let officer = try await browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), beside = try await browser(app, port, named, .personnelOfficer, at: "HX-LJ-XD")
        let leader = try await browser(app, port, named, .leader, at: "HX-LJ-BH")
        let liu = try #require(named.people["刘芳"]), page = "/people/\(liu)/notes"
        func texts(_ person: Int64) async throws -> [String] { try await database.read { try NoteStore.texts(of: [person], app.numbers, in: $0) } }

        // Its rows of the table of rights hold, and its entry stands in the menu of those who may.
        #expect(try await officer.get("/").body.contains("href=\"/notes\""))
        #expect(try await leader.get("/").body.contains("href=\"/notes\"") == false)
        for (browser, path, status) in [(officer, "/notes", 200), (leader, "/notes", 404), (leader, page, 200), (beside, page, 404)] {
            #expect(try await browser.get(path).status == status)
        }
        #expect(try await beside.post(page, [("text", "偷写")]).status == 404)
        #expect(OwnRights.areas(of: .personnelOfficer, isRoot: false, features).contains { $0.word == "便条" && $0.done == ["写便条"] })

        // What it lets the search of the frame find, for those who may.
        func found(_ browser: Browser) async throws -> String { try await browser.get(try #require(try await browser.post("/search", [("find", "便条本")]).location)).body }
        #expect(try await found(officer).contains("<h2>便条</h2>"))
        #expect(try await found(leader).contains("<h2>便条</h2>") == false)

        // A task, the word of the act, and taking it back.
        #expect(try await officer.get("/").body.contains("张便条等您看") == false)
        #expect(try await officer.post(page, [("text", "写错的")]).location == page)
        #expect(try await officer.get("/").body.contains("张便条等您看"))
        #expect(app.features.word(ofAct: "note.add") == "写便条" && app.features.word(ofAct: "import.notes") == "导入便条")
        let act = try #require(try await database.read { try ActStore.latest(ofKinds: ["note.add"], in: $0) }).id
        try await database.write(Bench.act) { try TakingBack.undo(act: act, app.features.keepers, in: $0) }
        #expect(try await texts(liu) == [])

        // Who looked is told in its words, and what changed lately stands on the page of the day. Of its drafts the log keeps no marks.
        _ = try await officer.get(page)
        let told = try await database.read { try FileViewStore.views(of: liu, now: Clock.nowMilliseconds, app.features, OrganizationStore.history(in: $0), in: $0) }
        #expect(told.contains { $0.what == "写给他的便条" })
        #expect(try await officer.post(page, [("text", "又写的")]).location == page)
        #expect(try await officer.get("/changes?kind=note").body.contains(page))
        let second = try #require(try await database.read { try ActStore.latest(ofKinds: ["note.add"], in: $0) }).id
        try await database.write(Bench.act) { db in
            try TakingBack.undo(act: second, app.features.keepers, in: db)
            try NoteStore.draft(of: liu, in: db)
        }
        let marked = try await database.read { db in try db.rows("SELECT DISTINCT subject FROM act_mark") { $0.text(0) } }
        #expect(marked.contains("note") && !marked.contains("note_draft"))

        // Two files become one, and the rows go along.
        let twin = try await database.write(Bench.act) { db in
            let facts = PersonFacts(code: "BT-1", name: "刘芳芳", idNumber: try IDNumber("11010519491231002X", today: .open))
            let twin = try RosterStore.create(facts, post: nil, numbers: app.numbers, in: db)
            try RosterStore.appoint(Appointment(personID: twin.id, organizationID: named.units["HX-LJ-BH"]!, from: Day(iso: "2010-01-01")!, to: Day(iso: "2011-01-01")!, isPrimary: false, title: "干事"), in: db)
            try NoteStore.add("并来的", of: twin.id, app.numbers, in: db)
            return twin.id
        }
        #expect(try await officer.post("/people/\(liu)/merge", [("other", "BT-1"), ("primary", "survivor"), ("why", "同一个人")]).location == "/people/\(liu)")
        #expect(try await texts(liu) == ["并来的"])
        #expect(try await texts(twin) == [])

        // A workbook of its kind, in by the page that knows no kind.
        let number = try await database.read { db in try RosterStore.idNumber(of: try #require(try RosterStore.person(liu, in: db)), numbers: app.numbers).text }
        #expect(try await officer.get("/exchange").body.contains("/exchange/templates/notes"))
        let job = try #require(try await officer.upload("/exchange/imports", [("kind", "notes")], file: ("file", "便条.csv", Array("证件号码,内容\n\(number),表里的\n".utf8))).location)
        for _ in 0..<600 where try await officer.get(job).body.contains("全部导入（1 行）") == false { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try await officer.post(job + "/apply").location == job)
        for _ in 0..<600 where try await texts(liu).count < 2 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try await texts(liu) == ["并来的", "表里的"])

        // What a deletion would take and takes.
        let zheng = try #require(named.people["郑强"])
        try await database.write(Bench.act) { try NoteStore.add("要删的", of: zheng, app.numbers, in: $0) }
        let (erased, held) = try await database.read { try app.features.erased([zheng], [], in: $0) }
        #expect(held.flatMap(\.goes).contains { $0 == ("便条", "1 张") })
        try await database.write(Bench.act) { db in for rows in app.features.erasing { try rows.forget(erased, db) } }
        #expect(try await texts(zheng) == [])
    }

    private static func browser(_ app: App, _ port: Int, _ named: Named, _ role: Role, at code: String) async throws -> Browser {
        let unit = try #require(named.units[code])
        let token = try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add("\(role.rawValue.lowercased())-\(code.lowercased())", displayName: "管理员", hash: "-", in: db)
            try GrantStore.give(Grant(role: role, organizationID: unit, from: .always, to: .open), to: id, in: db)
            return try Caller.session(id, in: db)
        }
        let browser = Browser(port: port)
        await browser.setCookie("yugong", token)
        _ = try await browser.get("/account")
        return browser
    }
}
