import App
import Foundation
@testable import Kit
@testable import TestBench
import Testing

@Suite("The chain of acts", .ownThreads)
struct ChainTests {
    private static let key = AuditKey(bytes: [UInt8](repeating: 7, count: 32))

    private static func act(_ number: Int) -> Act {
        Act(who: .account(Int64(number), "张三\(number)"), origin: "203.0.113.\(number % 200)", kind: "test.act", why: "第 \(number) 次")
    }

    /// Acts by several processes, one after the other and together; some change rows, some fail.
    private static func live(_ url: String, processes: Int, acts: Int, dice: inout some RandomNumberGenerator) async throws {
        for process in 0..<processes {
            let database = try Database(url: url, readers: 1)
            defer { database.close() }
            database.chainActs(under: key)
            let sizes = (0..<acts).map { _ in [0, 1, 2, 5, 30].randomElement(using: &dice)! }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, size) in sizes.enumerated() {
                    group.addTask {
                        _ = try? await database.write(act(process * 1000 + number)) { db in
                            for row in 0..<size {
                                try db.change("thing", Int64(row), before: row % 2 == 0 ? nil : "{\"a\":1}", after: "{\"a\":\(number)}")
                            }
                            if number % 5 == 0 {
                                try? db.attempt {
                                    try db.change("thing", 99, before: nil, after: "{}")
                                    throw Refusal("test.undone", "撤销")
                                }
                            }
                            if number % 7 == 3 { throw Refusal("test.failed", "不成") }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private static func anchorFile() -> AnchorFile { AnchorFile(path: NSTemporaryDirectory() + "/\(UUID().uuidString).anchor") }

    private static func remove(_ file: AnchorFile) {
        for end in ["", ".lock", ".new"] { try? FileManager.default.removeItem(atPath: file.path + end) }
    }

    @Test("What several processes did together, with failures among it, is found whole")
    func whole() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                try await database.write(Bench.act) { try $0.change("early", 1, before: nil, after: "{}") }
                var dice = SystemRandomNumberGenerator()
                try await Self.live(url, processes: 3, acts: 40, dice: &dice)
                let file = Self.anchorFile()
                defer { Self.remove(file) }
                try file.renew(database, Self.key, now: Clock.nowMilliseconds)
                let report = try database.readNow { try ChainCheck.run(Self.key, file.read(Self.key), in: $0) }
                #expect(report.findings == [])
                #expect(report.chains == 3)
                #expect(report.unanchored == 0)
                let other = AuditKey(bytes: [UInt8](repeating: 8, count: 32))
                #expect(try !database.readNow { try ChainCheck.run(other, file.read(other), in: $0) }.isSound, "another key opens nothing")
            }
        }
    }

    @Test("Each kind of edit by hand is found, whichever row it hits")
    func edited() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                try await database.write(Bench.act) { try $0.change("early", 1, before: nil, after: "{}") }
                var dice = SystemRandomNumberGenerator()
                try await Self.live(url, processes: 3, acts: 24, dice: &dice)
                let file = Self.anchorFile()
                defer { Self.remove(file) }
                try file.renew(database, Self.key, now: Clock.nowMilliseconds)
                let content = file.read(Self.key)
                let hand = try Hand(url)
                defer { hand.close() }
                #expect(try hand.check(Self.key, content).findings == [])
                for edit in Edit.allCases {
                    for _ in 0..<4 {
                        let texts = try hand.texts(edit, &dice)
                        let report = try hand.check(Self.key, content, after: texts)
                        #expect(!report.isSound, "\(engine) \(edit): \(texts)")
                    }
                }
            }
        }
    }

    @Test("A former key says nothing more: neither at the end of its chains before it was replaced, nor after")
    func replaced() async throws {
        let old = Self.key
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                func process(_ key: AuditKey, _ number: Int) async throws -> Int64 {
                    let database = try Database(url: url, readers: 1)
                    defer { database.close() }
                    database.chainActs(under: key)
                    var last: Int64 = 0
                    for _ in 0..<2 {
                        last = try await database.write(Self.act(number)) { db in
                            try db.change("thing", Int64(number), before: nil, after: "{}")
                            return db.actID
                        }
                    }
                    return last
                }
                _ = try await process(old, 1)
                _ = try await process(old, 2)
                let last = try await process(old, 3)
                let key = AuditKey(bytes: [UInt8](repeating: 8, count: 32), former: [AuditKey.Former(last: last, key: old)])
                let file = Self.anchorFile()
                defer { Self.remove(file) }
                try file.renew(database, key, now: Clock.nowMilliseconds)
                func findings() throws -> [String] { try database.readNow { try ChainCheck.run(key, file.read(key), in: $0) }.findings }
                let hand = try Hand(url)
                defer { hand.close() }
                /// An act at the end of the oldest chain, signed with the former key, and its head.
                func forge(_ id: Int64) throws {
                    let chain = try hand.number("SELECT min(id) FROM act_chain")
                    let end = try #require(try database.readNow { db in try ChainStore.heads(in: db).first { $0.chain == chain } })
                    let content = ActContent(id: id, atMilliseconds: 1, accountID: nil, who: "x", origin: "", kind: "x", why: "", changes: RowDigest())
                    let head = content.link(after: end, old).head, mac = head.mac.hex, blob = engine == .sqlite ? "x'\(mac)'" : "'\\x\(mac)'::bytea"
                    for text in [
                        "INSERT INTO act (id, at_ms, who, origin, kind, why) VALUES (\(id), 1, 'x', '', 'x', '')",
                        "INSERT INTO act_link (act_id, chain_id, sequence, mac) VALUES (\(id), \(chain), \(head.sequence), \(blob))",
                        "UPDATE act_chain SET sequence = \(head.sequence), mac = \(blob), last_act_id = \(id) WHERE id = \(chain)",
                    ] { try hand.connection.script(text) }
                }
                #expect(try findings() == [])
                // Before anybody has written under the new key the anchor tells it; then the first entry of the new chain does.
                let kept = try hand.number("SELECT count(*) FROM act_link")
                try forge(last - 1)
                #expect(try findings().contains { $0.contains("锚点没有记链") }, "\(engine)")
                try hand.connection.script("DELETE FROM act_link WHERE act_id = \(last - 1)")
                try hand.connection.script("DELETE FROM act WHERE id = \(last - 1)")
                try hand.connection.script("UPDATE act_chain SET sequence = 3, mac = (SELECT mac FROM act_link l WHERE l.chain_id = act_chain.id AND l.sequence = 3), last_act_id = (SELECT act_id FROM act_link l WHERE l.chain_id = act_chain.id AND l.sequence = 3)")
                #expect(try hand.number("SELECT count(*) FROM act_link") == kept)
                _ = try await process(key, 4)
                let sound = try findings()
                #expect(sound == [], "\(engine)")
                try forge(last - 1)
                try file.renew(database, key, now: Clock.nowMilliseconds)
                #expect(try findings().contains { $0.contains("没有后来的那些条") }, "\(engine)")
                try forge(last + 1)
                #expect(try findings().contains { $0.contains("早已由操作 \(last) 换下") }, "\(engine)")
            }
        }
    }

    @Test("An anchor of a former key is none where the act that replaced the key is not in the database")
    func elsewhere() async throws {
        try await Bench.with(.sqlite) { database, _ in
            let old = Self.key
            database.chainActs(under: old)
            try await database.write(Self.act(1)) { try $0.change("thing", 1, before: nil, after: "{}") }
            let last = try database.readNow { try $0.lastID() } + 100
            let file = Self.anchorFile()
            defer { Self.remove(file) }
            try file.renew(database, old, now: Clock.nowMilliseconds)
            let key = AuditKey(bytes: [UInt8](repeating: 8, count: 32), former: [AuditKey.Former(last: last, key: old)])
            #expect(throws: Refusal.self) { try file.renew(database, key, now: Clock.nowMilliseconds) }
        }
    }

    @Test("An anchor that was edited, is gone or is an old copy is found; a loss stays in the next anchor")
    func anchors() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                database.chainActs(under: Self.key)
                try await database.write(Self.act(1)) { try $0.change("thing", 1, before: nil, after: "{}") }
                let file = Self.anchorFile()
                defer { Self.remove(file) }
                func check() throws -> ChainReport { try database.readNow { try ChainCheck.run(Self.key, file.read(Self.key), in: $0) } }
                #expect(try check().findings.first?.contains("锚点文件不在了") == true)
                let now = Clock.nowMilliseconds
                try file.renew(database, Self.key, now: now - 20 * 60_000)
                try await database.write(Self.act(2)) { try $0.change("thing", 2, before: nil, after: "{}") }
                #expect(try check().findings.first?.contains("换成了旧的") == true)
                try file.renew(database, Self.key, now: now)
                #expect(try check().isSound)
                let good = try String(contentsOfFile: file.path, encoding: .utf8)

                // The tail is cut off; the server that anchors afterwards does not hide it.
                let hand = try Hand(url)
                let last = try hand.number("SELECT max(act_id) FROM act_link")
                for text in hand.cutTail(from: last) { try hand.connection.script(text) }
                hand.close()
                #expect(try check().findings.contains { $0.contains("末尾被截去") })
                try file.renew(database, Self.key, now: now)
                #expect(try check().findings.contains { $0.contains("末尾被截去") })

                try Data(good.replacing("last ", with: "last 1").utf8).write(to: URL(fileURLWithPath: file.path))
                #expect(try check().findings.contains { $0.contains("锚点文件被改动过") })
                #expect(throws: Refusal.self) { try file.renew(database, Self.key, now: now) }
            }
        }
    }
}

@Suite("Keys of the log", .ownThreads)
struct AuditKeyTests {
    @Test("A former key is good for what lies before the act that replaced it, and for nothing from there on")
    func former() {
        let old = AuditKey(bytes: [UInt8](repeating: 7, count: 32))
        let key = AuditKey(bytes: [UInt8](repeating: 8, count: 32), former: [AuditKey.Former(last: 100, key: old)])
        for (id, sealing, isOpened) in [(99, old, true), (100, old, false), (5000, old, false), (5000, key, true)] {
            let id = Int64(id)
            let anchor = Anchor.opened(Anchor(atMilliseconds: 1, lastID: id, heads: []).text(sealing), key)
            #expect((anchor != nil) == isOpened, "anchor \(id)")
            let note = CheckNote(atMilliseconds: 1, who: "某人", lastID: id, acts: 1, findings: 0).text(sealing)
            let read = key.opened(reaching: { (note: CheckNote) in note.lastID }) { CheckNote(text: note, $0) }
            #expect((read != nil) == isOpened, "note \(id)")
        }
    }

    @Test("An anchor that cannot be written is told before anything rests on it")
    func writable() throws {
        let file = AnchorFile(path: NSTemporaryDirectory() + "/\(UUID().uuidString).anchor")
        try file.checkWritable()
        try FileManager.default.removeItem(atPath: file.path + ".lock")
        try FileManager.default.createDirectory(atPath: file.path + ".lock", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: file.path + ".lock") }
        #expect(throws: Refusal.self) { try file.checkWritable() }
    }

    @Test("In a listing only white space of ASCII within a line is laid out anew, and of two of one name neither hides the other")
    func listing() {
        let one = SchemaListing([("t", "a  b")])
        #expect(one == SchemaListing([("t", "a \t b")]) && one != SchemaListing([("t", "a\u{3000}b")]))
        #expect(SchemaListing([("t", "a -- why\n, b")]) != SchemaListing([("t", "a -- why , b")]), "a comment swallows nothing")
        #expect(SchemaListing([("t", "a b"), ("t", "c")]) == SchemaListing([("t", "c"), ("t", "a b")]))
        #expect(one != SchemaListing([("t", "a b"), ("t", "c")]))
    }
}

/// Ways to edit the log by hand.
private enum Edit: CaseIterable {
    case who, account, origin, kind, why, moment, image, noImage, subject, subjectID, moved
    case deletedAct, deletedLink, deletedAll, deletedChange, tail, chain, everything
    case inserted, forged, insertedChange, swappedActs, swappedLinks, swappedImages, mac, head, early, renumbered
}

/// Somebody with the database's password and no respect for triggers. Each set of edits is undone after the check.
private final class Hand {
    let connection: any Connection
    private let engine: Engine

    init(_ url: String) throws {
        connection = try Bench.handConnection(url)
        engine = connection.engine
    }

    func close() { connection.close() }

    func check(_ key: AuditKey, _ content: AnchorFile.Content, after texts: [String] = []) throws -> ChainReport {
        try connection.script("BEGIN")
        defer { connection.rollback() }
        for text in texts { try connection.script(text) }
        return try ChainCheck.run(key, content, in: Reading(connection: connection))
    }

    func number(_ sql: SQL) throws -> Int64 { try Reading(connection: connection).count(sql) }

    func texts(_ edit: Edit, _ dice: inout some RandomNumberGenerator) throws -> [String] {
        let reading = Reading(connection: connection)
        let links = try reading.rows("SELECT act_id, chain_id, sequence FROM act_link ORDER BY act_id") { ($0.int(0), $0.int(1), $0.int(2)) }
        let changes = try reading.rows("SELECT id, act_id FROM act_change WHERE subject = 'thing' ORDER BY id") { ($0.int(0), $0.int(1)) }
        let link = links.randomElement(using: &dice)!, other = links.filter { $0.0 != link.0 }.randomElement(using: &dice)!
        let change = changes.randomElement(using: &dice)!
        let act = link.0
        let bytes = engine == .sqlite ? "x'\(String(repeating: "5a", count: 32))'" : "'\\x\(String(repeating: "5a", count: 32))'"
        func update(_ table: String, _ what: String, _ id: Int64) -> [String] { ["UPDATE \(table) SET \(what) WHERE id = \(id)"] }
        func insertAct(_ id: Int64) -> String {
            "INSERT INTO act (id, at_ms, who, origin, kind, why) VALUES (\(id), \(id >> 20), '李四', '', 'test.act', '')"
        }
        func swap(_ table: String, _ column: String, _ key: String, _ a: Int64, _ b: Int64) -> [String] {
            [
                "CREATE TEMPORARY TABLE kept AS SELECT \(key) AS k, \(column) AS v FROM \(table) WHERE \(key) IN (\(a), \(b))",
                "UPDATE \(table) SET \(column) = (SELECT v FROM kept WHERE k = \(b)) WHERE \(key) = \(a)",
                "UPDATE \(table) SET \(column) = (SELECT v FROM kept WHERE k = \(a)) WHERE \(key) = \(b)", "DROP TABLE kept",
            ]
        }
        switch edit {
        case .who: return update("act", "who = who || '甲'", act)
        case .account: return update("act", "account_id = coalesce(account_id, 0) + 1", act)
        case .origin: return update("act", "origin = '198.51.100.1'", act)
        case .kind: return update("act", "kind = 'test.other'", act)
        case .why: return update("act", "why = why || ' '", act)
        case .moment: return update("act", "at_ms = at_ms - 1", act)
        case .image: return update("act_change", "after_image = '{\"a\":77}'", change.0)
        case .noImage: return update("act_change", "before_image = after_image, after_image = NULL", change.0)
        case .subject: return update("act_change", "subject = 'person'", change.0)
        case .subjectID: return update("act_change", "subject_id = subject_id + 1", change.0)
        case .moved: return update("act_change", "act_id = \(changes.first { $0.1 != change.1 }!.1)", change.0)
        case .deletedAct: return ["DELETE FROM act WHERE id = \(act)"]
        case .deletedLink: return ["DELETE FROM act_link WHERE act_id = \(act)"]
        case .deletedAll:
            return ["DELETE FROM act WHERE id = \(act)", "DELETE FROM act_link WHERE act_id = \(act)", "DELETE FROM act_change WHERE act_id = \(act)"]
        case .deletedChange: return ["DELETE FROM act_change WHERE id = \(change.0)"]
        case .tail: return cutTail(from: act)
        case .chain:
            return ["act", "act_change", "act_link"].map { table in
                "DELETE FROM \(table) WHERE \(table == "act" ? "id" : "act_id") IN (\(links.filter { $0.1 == link.1 }.map { "\($0.0)" }.joined(separator: ",")))"
            } + ["DELETE FROM act_chain WHERE id = \(link.1)"]
        case .everything: return ["act_change", "act_link", "act_chain", "act"].map { "DELETE FROM \($0)" }
        case .inserted: return [insertAct(act + 1_000_000_007)]
        case .forged:
            let end = links.last { $0.1 == link.1 }!, id = links.last!.0 + 1_000_003
            return [
                insertAct(id), "INSERT INTO act_link (act_id, chain_id, sequence, mac) VALUES (\(id), \(link.1), \(end.2 + 1), \(bytes))",
                "UPDATE act_chain SET sequence = \(end.2 + 1), mac = \(bytes), last_act_id = \(id) WHERE id = \(link.1)",
            ]
        case .insertedChange:
            return ["INSERT INTO act_change (id, act_id, subject, subject_id, after_image) VALUES (\(change.0 + 1_000_000_009), \(act), 'thing', 5, '{}')"]
        case .swappedActs:
            // Two that say different things: openings of chains all say nothing.
            let said = try reading.rows("SELECT a.id, a.why FROM act a JOIN act_link l ON l.act_id = a.id ORDER BY a.id") { ($0.int(0), $0.text(1)) }
            let one = said.randomElement(using: &dice)!, another = said.filter { $0.1 != one.1 }.randomElement(using: &dice)!
            return swap("act", "why", "id", one.0, another.0)
        case .swappedLinks: return swap("act_link", "mac", "act_id", link.0, other.0)
        case .swappedImages:
            let others = changes.filter { $0.1 != change.1 }.randomElement(using: &dice)!
            return swap("act_change", "act_id", "id", change.0, others.0)
        case .mac: return ["UPDATE act_link SET mac = \(bytes) WHERE act_id = \(act)"]
        case .head: return ["UPDATE act_chain SET sequence = sequence - 1 WHERE id = \(link.1)"]
        case .early: return ["UPDATE act SET why = 'x' WHERE id = (SELECT min(id) FROM act)"]
        case .renumbered: return ["UPDATE act_link SET sequence = sequence + 1000000 WHERE act_id = \(act)"]
        }
    }

    /// Everything from an act on, the heads made to fit.
    func cutTail(from act: Int64) -> [String] {
        [
            "DELETE FROM act_change WHERE act_id >= \(act)", "DELETE FROM act_link WHERE act_id >= \(act)", "DELETE FROM act WHERE id >= \(act)",
            "DELETE FROM act_chain WHERE id >= \(act)",
            """
            UPDATE act_chain SET last_act_id = (SELECT max(act_id) FROM act_link WHERE chain_id = act_chain.id),
            sequence = (SELECT max(sequence) FROM act_link WHERE chain_id = act_chain.id),
            mac = (SELECT mac FROM act_link WHERE chain_id = act_chain.id ORDER BY sequence DESC LIMIT 1)
            """,
        ]
    }
}
