@testable import App
import Foundation
import Kit
@testable import People
@testable import Register
import TestBench
import Testing
import World

@Suite("The auditor and who saw a file", .ownThreads)
struct AuditStories {
    @Test("Every kind of act in the code has its words")
    func words() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources").standardizedFileURL
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)).compactMap { $0 as? URL }
        let pattern = /(?:\.act\(|Act\.commandLine\(|by: \.commandLine\(|\borigin: [^\n]{0,60}kind: )"([a-zA-Z-]+(?:\.[a-zA-Z-]+)*)"/
        var found: Set<String> = []
        for file in files where file.pathExtension == "swift" {
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: pattern) { found.insert(String(match.1)) }
        }
        #expect(found.count > 25)
        // Kinds that are put together from the words of an enumeration.
        found.formUnion(UnitAct.allCases.filter { $0 != .undo }.map { "organization.\($0.rawValue)" })
        found.formUnion(["consent", "decline", "withdraw", "reopen"].map { "request.\($0)" })
        found.formUnion(Features.all.sheets.flatMap { ["import.\($0.key)", "export.\($0.key)"] })
        #expect(found.filter { !Features.all.knows(act: $0) }.sorted() == [])
    }

    @Test("Images of people's rows are ciphertext in the database; undo, history and verify read them; without the key the chain stays whole")
    func sealed() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/\(UUID().uuidString)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL.path
                let settings = Settings(home: home, keyFile: folder + "/the.key")
                let app = try App(database: database, databaseURL: url, settings: settings)
                let facts = PersonFacts(name: "欧阳测试", idNumber: try IDNumber("11010519491231002X", today: .open), phone: "13800138000")
                let person = try await database.write(Bench.act) { db in try RosterStore.create(facts, post: nil, numbers: app.numbers, in: db) }
                let others = try (0..<20).map { number in
                    PersonFacts(name: "赵测", idNumber: IDNumber(stored: "11010119900101\(1000 + number)", birthDay: .always))
                }
                try await database.write(Bench.act) { db in
                    for other in others { try RosterStore.create(other, post: nil, numbers: app.numbers, in: db) }
                }
                let raw = try await database.read { db in
                    try db.rows("SELECT after_image FROM act_change WHERE subject = 'person'") { $0.text(0) }
                }
                #expect(raw.count == 21 && raw.allSatisfy { $0.hasPrefix("{\"sealed\":") })
                let read = try await database.read { try ActStore.changes(of: "person", [person.id], in: $0) }
                #expect(read.first?.after?.text("name") == "欧阳测试")
                try app.anchor()
                let whole = try Verification.run(database, databaseURL: url, settings: settings)
                #expect(whole.findings == [] && whole.images >= 21)

                try await database.write(Bench.act) { try $0.run("DELETE FROM person_key WHERE person_id = \(person.id)") }
                let erased = try await database.read { try ActStore.changes(of: "person", [person.id], in: $0) }
                #expect(erased.first?.after?.isErased == true)
                #expect(try Verification.run(database, databaseURL: url, settings: settings).findings == [])
            }
        }
    }

    @Test("A look at a file is on record before the page, repeated looks cost nothing; the person sees who looked")
    func looks() async throws {
        try await servedOnBothEngines { app, port in
            let accounts = try await Demo.fill(app.database, numbers: app.numbers, people: 60, who: .system, passwords: .least)
            let officer = try #require(accounts.first { $0.name == "shi" }), auditor = try #require(accounts.first { $0.role == .auditor })
            let person = try await app.database.read { db in 
                try db.count("SELECT max(person_id) FROM appointment WHERE is_primary = 1 AND person_id NOT IN (SELECT person_id FROM account WHERE person_id IS NOT NULL)")
            }
            let browser = Browser(port: port)
            try await browser.signIn(officer.name, officer.password)
            for _ in 0..<3 { #expect(try await browser.get("/people/\(person)").status == 200) }
            #expect(try await browser.get("/people/\(person)/hours").status == 200)
            let looks = try await app.database.read { try $0.count("SELECT count(*) FROM act_change WHERE subject = 'file_view'") }
            #expect(looks == 2)
            #expect(try await browser.get("/audit").status == 404)

            for number in 0..<30 { #expect(try await browser.get("/audit/11010519491231\(1000 + number)").status == 404) }
            let refusals = try await app.database.read { db in try db.rows("SELECT why FROM act WHERE kind = 'access.refused'") { $0.text(0) } }
            #expect(refusals == ["/audit"], "one script is one line, and no number that was tried is in it")

            let other = Browser(port: port)
            try await other.signIn(auditor.name, auditor.password)
            let log = try await other.get("/audit?kind=file.view")
            #expect(log.status == 200 && log.body.contains("查看个人档案") && log.body.contains(officer.displayName))
            let entry = try #require(log.body.firstMatch(of: /\/audit\/(\d+)/)?.1)
            #expect(try await other.get("/audit/\(entry)").body.contains("在审计链上"))
            #expect(try await other.get("/audit/1").status == 404)
            #expect(try await other.get("/people/\(person)").status == 404)
            #expect(try await other.get("/audit?subject=x").body.contains("没有这个编号或单位"))
            #expect(try await other.get("/audit?subject=\(person)").body.contains("查看个人档案"), "the numbers of earlier addresses still lead there")
            #expect(log.body.contains("type=\"date\"") && !log.body.contains("yugong verify"))
            // A part of the name is enough, and of what was refused the page is told in words.
            let part = String(officer.displayName.suffix(1)), found = try await other.get("/audit?kind=file.view&who=" + Fields.encode(part))
            #expect(found.body.contains("/audit/\(entry)\""))
            #expect(try await other.get("/audit?kind=file.view&who=" + Fields.encode("没有这个名字")).body.contains("没有符合条件的记录"))
            let refused = try await other.get("/audit?kind=access.refused").body
            #expect(refused.contains("操作记录") && !refused.contains("<td>/audit"))
            let (code, unit) = try await app.database.read { db in (try db.first("SELECT code FROM person WHERE id = \(person)") { $0.textOrNil(0) } ?? nil, try OrganizationStore.id(code: "HX", in: db)) }
            if let code { #expect(try await other.get("/audit?kind=file.view&subject=" + Fields.encode(code)).body.contains("/audit/\(entry)\"")) }
            let meant = try await app.database.read { try AuditStore.subject("HX", in: $0) }
            #expect(unit != nil && meant == unit)
            #expect(try await other.take("/audit/export", [("kind", "file.view")]).header("Content-Disposition")?.contains("attachment") == true)
            #expect(try await other.get("/audit").body.contains("导出审计记录"))
        }
    }
}
