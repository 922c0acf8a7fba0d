@testable import Access
@testable import Accounts
@testable import App
import Foundation
@testable import Kit
import TestBench
import Testing

/// Every column of every table, by the schema alone: a new table is tried by itself.
@Suite("Edits by hand", .ownThreads)
struct HandEditTests {
    /// What `yugong verify` does not find, as docs/audit.md has it: a table, a column, or rows taken away.
    static let notFound: Set<String> = [
        "sign_in_attempt", "provider_return", "import_file", "made_file_part", "job_run", "job_slot", "tail.last_id", "session.* row gone", "sign_in_step.* row gone",
    ]

    @Test("What is not found stands in docs/audit.md, each with its reason, and nothing else does")
    func documented() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/audit.md").standardizedFileURL
        let text = try String(contentsOf: file, encoding: .utf8)
        let rows = text.split(separator: "\n").compactMap { $0.firstMatch(of: /^\| `([^`]+)` \| (.+) \|$/) }
        #expect(Set(rows.map { String($0.1) }) == Self.notFound)
        #expect(rows.allSatisfy { $0.2.count > 20 })
    }

    @Test("A change, a row put in, a row gone and a swap in each column of each table are found, or stand in the list of what is not")
    func everywhere() async throws {
        let found = try await Self.walk()
        for (engine, unfound, tried) in found {
            #expect(tried > 300, "\(engine)")
            for name in unfound { #expect(Self.notFound.contains { name == $0 || name.hasPrefix($0 + ".") || name.hasPrefix($0 + " ") }, "\(engine): \(name) is not found") }
        }
        let all = found.flatMap(\.unfound)
        for entry in Self.notFound { #expect(all.contains { $0.hasPrefix(entry) }, "\(entry) is found everywhere: it need not stand in the list") }
    }

    private static func walk() async throws -> [(engine: Engine, unfound: [String], tried: Int)] {
        var found: [(Engine, [String], Int)] = []
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/\(UUID().uuidString)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL.path
                let settings = Settings(home: home, keyFile: folder + "/the.key")
                let app = try App(database: database, databaseURL: url, settings: settings)
                try await fill(app)
                try app.anchor()
                let whole = try Verification.run(database, databaseURL: url, settings: settings)
                #expect(whole.findings == [])
                let ring = try #require(try app.keyFile.ring()), rows = try #require(database.keptRows)
                let outside = Verification.Outside(ring: ring, anchor: app.keyFile.anchor.read(ring.auditKey))
                let schema = engine == .sqlite ? try SchemaListing.made(by: Migrations.all, beside: database) : nil
                let hand = try EveryColumn(url, vault: PersonVault(key: ring.data))
                defer { hand.close() }
                let empty = try hand.empty
                #expect(empty == [], "every table is to be tried")
                var unfound: [String] = [], tried = 0
                for edit in try hand.edits {
                    // Whether it is told as a sentence or the check cannot read it: somebody is told.
                    // The rows of its own table first: nearly everything is found there, and the rest of the check only adds to it.
                    let isFound = try hand.after(edit) { db in
                        (try? RowCheck.run(rows.only(edit.table), ring.auditKey, in: db).findings.isEmpty) != true
                            || (try? Verification.check(db, outside, rows, schema, Features.all) { _, _, _ in }.isSound) != true
                    }
                    tried += isFound == nil ? 0 : 1
                    if isFound == false { unfound.append(edit.name) }
                }
                found.append((engine, unfound, tried))
            }
        }
        return found
    }

    /// Rows in every table, two where one can be swapped with another.
    private static func fill(_ app: App) async throws {
        let subjects = try await Subjects.make(app), accounts = [subjects.learner, subjects.uploader]
        for kind in ["test.one", "test.other"] { _ = try await app.database.book { try JobStore.enqueueDue(JobKind(kind, "定时", schedule: .hourly(minute: 0)), in: $0) } }
        try await app.database.write(Bench.act) { db in
            for (number, account) in accounts.enumerated() {
                let place = SignInPlace(address: "203.0.113.\(number)", device: "browser\(number)", words: "手机\(number)")
                try FactorStore.set(.random(), step: Int64(number), of: account, app.entrance.secrets, in: db)
                _ = try FactorStore.renewRecovery(of: account, app.entrance.secrets, in: db)
                try IdentityStore.bind("subject\(number)", at: "https://sso.example.cn", to: account, app.numbers, in: db)
                try DeviceStore.note("browser\(number)", at: place, of: account, in: db)
                try SignInRecordStore.noteOpened(account, at: place, in: db)
                try ThrottleStore.count([Throttle.Counter(.account, "name\(number)")], in: db)
                _ = try SignInStepStore.begin(.code, of: account, proof: .password, target: "/\(number)", in: db)
                _ = try SessionStore.open(account, proof: .password, isStrong: number == 0, at: place, in: db)
                _ = try IdentityStore.noteReturn(ProviderFlow(target: "/", began: db.now + Int64(number)), in: db)
                try MessageStore.send(to: .account(account), kind: "test.told", "第 \(number) 条", in: db)
            }
            let requests = try db.rows("SELECT id FROM approval ORDER BY id DESC LIMIT 2") { $0.int(0) }
            for (request, person) in zip(requests, try db.rows("SELECT id FROM person ORDER BY id LIMIT 2") { $0.int(0) }) {
                // As `ErasureStore` ends one.
                try db.run(SQL("INSERT INTO erasure_wait (approval_id, person_id, due_ms, state, act_id) VALUES (\(request), \(person), \(db.now), 'undone', \(db.actID))"))
                try db.change("erasure_wait", request, before: nil, after: RowImage(["person_id": .int(person), "due_ms": .int(db.now), "state": .text("undone")]).json)
            }
            try JobStore.add(JobKind("test.small", "小事"), JobStore.New(about: 7, key: "a"), in: db)
            let setting = SystemSetting()
            try SystemSettingStore.set(setting, in: db)
            try KeptKeyStore.put(["a": Secrets.random(32), "b": Secrets.random(32)], app.numbers, in: db)
            let grants = try GrantStore.grants(of: #require(try AccountStore.account(named: "adviser", in: db)?.id), in: db)
            for (number, grant) in grants.enumerated() { try GrantStore.noteTold(grant.id, end: Day(number: Int32(30_000 + number)), isOver: false, in: db) }
        }
    }
}
