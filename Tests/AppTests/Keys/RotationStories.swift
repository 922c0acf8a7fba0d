@testable import Access
@testable import Accounts
@testable import App
import Figures
import Foundation
@testable import Kit
@testable import People
@testable import Register
import TestBench
import Testing

@Suite("Replacing the keys", .ownThreads)
struct RotationStories {
    @Test("After a rotation every number opens, is found, the second factor and what waits still work; the old key is refused; the chain is whole")
    func replaced() async throws {
        try await CommandLineUser.onBothEngines { user in
            #expect(try await user.command("demo", "--people", "60").status == 0)
            let file = KeyFile(path: user.folder + "/the.key")
            let before = try await onThread { try Facts(user) }, oldText = try String(contentsOfFile: file.path, encoding: .utf8)
            #expect(try await user.command("export", "people", "before.csv").status == 0)

            let rotated = try await user.command("keys", "rotate")
            #expect(rotated.status == 0, "\(rotated.noted)")
            let after = try await onThread { try Facts(user, numberOf: before) }
            #expect(after.found == before.person, "found by the whole number")
            #expect(after.partly.contains(before.person))
            #expect(after.phoneFound.contains(before.person))
            #expect(after.isCodeRight && after.isRecoveryRight && after.report == "照旧" && after.file == Array("姓名".utf8))
            #expect(after.marks == ["照旧"] && after.payload == Array("[\"照旧\"]".utf8))
            #expect(after.title == "照旧" && after.content == Array("照旧".utf8))
            #expect(after.events == before.events, "another key is no change of the file")
            #expect(after.undone?.name == "undo.rekeyed")
            #expect(try await user.command("export", "people", "after.csv").status == 0)
            #expect(try user.bytes("before.csv") == user.bytes("after.csv"))
            let verified = try await user.command("verify")
            #expect(verified.status == 0, "\(verified.said)")

            // Nothing secret is shown, and what is shown has changed.
            let shown = try await user.command("keys", "--format", "json")
            let text = try String(contentsOfFile: file.path, encoding: .utf8)
            for word in (text + oldText).split(whereSeparator: \.isWhitespace) where word.count > 40 {
                #expect(!shown.said.contains(word) && !rotated.said.contains(word) && !rotated.noted.contains(word))
            }
            #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)

            // The key of before opens nothing any more; it lies apart for the backups of its time.
            let old = try #require(try FileManager.default.contentsOfDirectory(atPath: user.folder).first { $0.hasPrefix("the.key.old-") })
            #expect(try String(contentsOfFile: user.folder + "/" + old, encoding: .utf8) == oldText)
            try oldText.write(toFile: file.path, atomically: true, encoding: .utf8)
            let foreign = try await user.command("export", "people", "x.csv")
            #expect(foreign.status == 69 && foreign.noted.contains("不是这个数据库的密钥"))
            #expect(try await user.command("keys", "rotate").status == 69)
            try text.write(toFile: file.path, atomically: true, encoding: .utf8)

            // Once more, with everything that was handed out made worthless.
            #expect(try await user.command("keys", "rotate", "--drop-codes").status == 0)
            let last = try await onThread { try Facts(user, numberOf: after) }
            #expect(last.found == before.person && last.isCodeRight && !last.isRecoveryRight && last.messages == 1)
            #expect(try await user.command("verify").status == 0)
        }
    }

    @Test("Another audit key: what was chained is still checked under its own, what comes under the new one; data keys go on being replaced")
    func audit() async throws {
        try await CommandLineUser.onBothEngines { user in
            try await onThread { try user.fill() }
            for _ in 0..<2 { #expect(try await user.command("keys", "rotate", "--audit").status == 0) }
            #expect(try await user.command("user", "add", "neu", "--unit", "HX").status == 0)
            #expect(try await user.command("keys", "rotate").status == 0)
            let whole = try await user.command("verify")
            #expect(whole.status == 0, "\(whole.said)")
            #expect(try await user.command("keys").said.contains("以前的审计密钥 2 把"))
            try Bench.byHand(user.database, "UPDATE act SET who = '别人' WHERE kind = 'import.people'")
            #expect(try await user.command("verify").said.contains("校验码不符"))
        }
    }

    @Test("Nobody may have the database open; a wrong key, a lost new key and a damaged row are refused by name")
    func refused() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/yugong-\(UUID().uuidString)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let file = KeyFile(path: folder + "/the.key"), settings = Settings(home: try Settings.fromEnvironment().home, keyFile: file.path)
                let app = try App(database: database, databaseURL: url, settings: settings)
                let facts = PersonFacts(name: "欧阳测试", idNumber: try IDNumber("11010519491231002X", today: .open), phone: "13800138000")
                let person = try await database.write(Bench.act) { try RosterStore.create(facts, post: nil, numbers: app.numbers, in: $0) }
                func rotate() throws { _ = try Keys.replaceData(databaseURL: url, settings: settings, dropsCodes: false, who: .system) { _, _, _ in } }
                func refusal(_ body: () throws -> Void) -> String? { #expect(throws: Refusal.self) { try body() }?.name }
                func reopened() throws -> App { try App(database: Database(url: url, readers: 1), databaseURL: url, settings: settings) }
                #expect(refusal(rotate) == "database.inUse")
                database.close()

                let ring = try #require(try file.ring())
                try file.put(KeyRing(data: .random()))
                #expect(refusal(rotate) == "key.foreign")
                try file.put(ring)

                // A row that neither key opens: the rotation stops, nothing else opens the database, and it goes on once the row is mended.
                let good = person.idCipher.hex
                func setCipher(_ hex: String) throws {
                    try Bench.byHand(url, "UPDATE person SET id_cipher = \(engine == .sqlite ? "x'\(hex)'" : "'\\x\(hex)'") WHERE id = \(person.id)")
                }
                try setCipher(String(good.reversed()))
                #expect(refusal(rotate) == "key.damaged")
                #expect(refusal { _ = try reopened() } == "key.rotating")
                #expect(refusal { _ = try Verification.run(Database(url: url), databaseURL: url, settings: settings) } == "key.rotating")
                let begun = try #require(try file.ring()), next = try #require(begun.next)
                try file.put(ring)
                #expect(refusal(rotate) == "key.unprepared")
                try file.put(begun)
                try setCipher(good)
                try rotate()
                #expect(try file.ring()?.data.bytes == next.bytes)

                // The database was done and the power went before the file was: whoever opens it next finishes.
                try file.put(begun)
                let last = try reopened()
                #expect(try file.ring()?.data.bytes == next.bytes && file.ring()?.next == nil)
                let found = try await last.database.read { try RosterStore.person(person.id, in: $0) }
                #expect(try found.map { try RosterStore.idNumber(of: $0, numbers: last.numbers).text } == "11010519491231002X")
                last.database.close()

                // Prepared and never begun: it is the database of before, and the prepared key is the one that is taken.
                var prepared = try #require(try file.ring())
                prepared.next = .random()
                try file.put(prepared)
                try reopened().database.close()
                try rotate()
                #expect(try file.ring()?.data.bytes == prepared.next?.bytes)
            }
        }
    }

    @Test("Killed at any moment, the rotation is finished by running it again, and nothing is lost")
    func killed() async throws {
        try await CommandLineUser.onBothEngines { user in
            #expect(try await user.command("demo", "--people", "1500").status == 0)
            #expect(try await user.command("export", "people", "before.csv").status == 0)
            // Looks into the database beside the program: a rotation lets no other in.
            let beside = try Address(url: user.database, isAlone: true).connect(.migration)
            defer { beside.close() }
            func isInTheMiddle() -> Bool {
                beside.failure = nil
                return (try? DataKeyStore.known(in: Reading(connection: beside)).coming) != nil
            }
            var refused = 0
            for round in 0..<2 {
                var isDone = false
                for attempt in 0..<12 where !isDone {
                    let process = Process()
                    process.executableURL = CommandLineUser.program
                    process.arguments = ["keys", "rotate", "--database", user.database]
                    process.currentDirectoryURL = URL(fileURLWithPath: user.folder)
                    process.environment = ProcessInfo.processInfo.environment.merging(["YUGONG_KEY_FILE": user.folder + "/the.key"]) { $1 }
                    process.standardOutput = FileHandle.nullDevice
                    process.standardError = FileHandle.nullDevice
                    try process.run()
                    if attempt < 11 {
                        // Every other one as soon as it is in the middle, however long that takes; the others at any moment.
                        if attempt % 2 == 1 {
                            while process.isRunning, !isInTheMiddle() { try await Task.sleep(for: .milliseconds(2)) }
                        } else {
                            try await Task.sleep(for: .milliseconds(Int.random(in: 0...(200 + attempt * 100))))
                        }
                        kill(process.processIdentifier, SIGKILL)
                    }
                    await withCheckedContinuation { ended in
                        Thread.detachNewThread {
                            process.waitUntilExit()
                            ended.resume()
                        }
                    }
                    isDone = process.terminationReason == .exit && process.terminationStatus == 0
                    // Whatever happened, the database is whole or refuses; never half open.
                    let looked = try await user.command("export", "people", "after.csv")
                    if looked.status == 0 {
                        #expect(try user.bytes("before.csv") == user.bytes("after.csv"))
                    } else {
                        refused += 1
                        #expect(looked.status == 69 && looked.noted.contains("yugong keys rotate"), "\(looked.noted)")
                    }
                }
                #expect(isDone, "round \(round)")
                let verified = try await user.command("verify")
                #expect(verified.status == 0, "\(verified.said) \(verified.noted)")
            }
            #expect(refused > 0, "some were killed in the middle")
        }
    }

    @Test("Every column of bytes is either brought under the new key or known not to need it")
    func columns() async throws {
        try await onBothEngines { database in
            guard database.engine == .postgres else { return }
            let found = try await database.read { db in
                try db.rows("SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'bytea'") {
                    $0.text(0)
                }
            }
            let known = Set(Features.all.rekeyed.flatMap(\.columns)).union(PersonKeyStore.rekeyed.columns).union(Features.all.unsealed.keys)
            #expect(Set(found).subtracting(known).sorted() == [], "say in a feature (`rekeyed`) how they get under a new data key, or (`unsealed`) why they need not")
            #expect(known.subtracting(found).sorted() == [])
        }
    }
}

/// What an open database answers about one person, one account and one import.
private struct Facts {
    var person: Int64 = 0, found: Int64?, partly: [Int64] = [], phoneFound: [Int64] = []
    var number = "", phone = ""
    var account: Int64 = 0, secret = TimeCode.Secret.random(), recovery: [HandedCode] = []
    var isCodeRight = false, isRecoveryRight = false
    var job: Int64 = 0, report: String?, file: [UInt8] = [], marks: [String] = []
    var work: Int64 = 0, payload: [UInt8]?
    var made: Int64 = 0, title: String?, content: [UInt8] = []
    var events = 0, messages: Int64 = 0
    var corrected: Int64 = 0
    var undone: Refusal?

    init(_ user: CommandLineUser, numberOf before: Facts? = nil) throws {
        let settings = Settings(home: try Settings.fromEnvironment().home, keyFile: user.folder + "/the.key")
        let database = try Database(url: user.database, readers: 1)
        defer { database.close() }
        let app = try App(database: database, databaseURL: user.database, settings: settings), numbers = app.numbers, secrets = app.entrance.secrets
        let now = Clock.nowMilliseconds
        if let before { self = before } else {
            // A file whose education was set right, an account with authenticator and recovery codes, an import that was judged.
            try database.writeNow(Bench.act) { db in
                account = try db.count("SELECT min(account_id) FROM account_factor")
                try FactorStore.set(secret, step: 0, of: account, secrets, in: db)
                recovery = try FactorStore.renewRecovery(of: account, secrets, in: db)
                job = try ImportJobStore.add(kind: .people, fileName: "人员.csv", file: Array("姓名".utf8), effective: nil, accountID: account, numbers, db)
                try ImportJobStore.move(job, from: [.judging], to: .failed, report: ImportJob.Report(refusal: "照旧"), marks: ImportJobStore.sealed([.init(row: 2, column: nil, found: "", sentence: "照旧")], of: job, numbers), app.exchange, db)
                work = try #require(try JobStore.add(JobKind("test.small", "小事"), JobStore.New(JobPayload(["照旧"], numbers)), in: db))
                person = try db.count("SELECT max(id) FROM person WHERE phone_index IS NOT NULL")
                // A file that was asked for and made.
                let asker = try #require(try SignedIn.later(account, from: "", now: now, in: db)), kind = try #require(app.features.brought(MadeFileKind.self).first)
                made = try MadeFileStore.add(kind, MadeFile.Order(title: "照旧", back: "/", origin: "", grants: [], asked: Data()), by: asker, numbers, in: db)
                try MadeFileStore.keep([MadeFileStore.sealed(Data("照旧".utf8), 0, of: made, numbers)], from: 0, of: made, in: db)
                _ = try MadeFileStore.end(made, as: .ready, MadeFile.Outcome(name: "照旧", bytes: 6), until: now, numbers, in: db)
            }
            try database.writeNow(Bench.act) { db in
                let old = try #require(try RosterStore.person(person, in: db))
                number = try RosterStore.idNumber(of: old, numbers: numbers).text
                phone = try RosterStore.phone(of: old, numbers: numbers) ?? ""
                try RosterStore.correct(
                    person, to: PersonFacts(name: old.name, idNumber: IDNumber(stored: number, birthDay: old.birthDay), education: "博士", phone: phone), numbers: numbers, in: db)
                corrected = db.actID
            }
        }
        let whole = IDNumber(stored: number, birthDay: .always), typed = phone
        try database.readNow { db in
            found = try RosterStore.bearer(of: whole, numbers: numbers, in: db)?.id
            partly = try db.rows(SQL("SELECT id FROM person WHERE id_part_index = \(numbers.index(idNumberPart: number))")) { $0.int(0) }
            phoneFound = try db.rows(SQL("SELECT id FROM person WHERE phone_index = \(numbers.index(phone: typed))")) { $0.int(0) }
            report = try ImportJobStore.job(job, of: account, app.exchange, from: db)?.report?.refusal
            marks = try ImportJobStore.job(job, of: account, app.exchange, from: db).map { try ImportJobStore.marks(of: $0, numbers, from: db).map(\.sentence) } ?? []
            let cipher = try db.first(SQL("SELECT payload_cipher FROM job WHERE id = \(work)")) { $0.blobOrNil(0) } ?? nil
            let asked = JobStore.Asked(kind: "test.small", subject: nil, asker: 0, cipher: cipher)
            payload = try JobStore.payload(of: JobStore.Claim(id: work, kind: asked.kind, subject: nil, asker: 0, number: 1, attempts: 1, now: now, asked: asked), numbers)
            let path = user.folder + "/job"
            if try ImportJobStore.writeFile(of: job, to: path, numbers, from: db) { file = Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
            let kept = try #require(try MadeFileStore.file(made, numbers, in: db))
            title = kept.order?.title == kept.outcome?.name ? kept.order?.title : nil
            try MadeFileStore.write(kept, to: path, numbers, in: db)
            content = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            events = try RosterStore.changes(of: person, in: db).count
            messages = try db.count(SQL("SELECT count(*) FROM message WHERE account_id = \(account) AND kind = 'key.codes'"))
        }
        guard before != nil else { return }
        try database.writeNow(Bench.act) { db in
            let sealed = try db.first(SQL("SELECT secret_cipher FROM account_factor WHERE account_id = \(account)")) { $0.blob(0) }
            isCodeRight = try sealed.map { try secrets.open($0, of: account) } == secret
            isRecoveryRight = try FactorStore.take(recovery.removeFirst().text, of: account, now: now, secrets, in: db) != .wrong
        }
        do { try database.writeNow(Bench.act) { db in try TakingBack.undo(act: corrected, Features.all.keepers, in: db) } } catch let refusal as Refusal { undone = refusal }
    }
}

extension CommandLineUser {
    fileprivate func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)) }
}
