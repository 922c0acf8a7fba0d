import Foundation
@testable import Kit
import Synchronization
import TestBench
import Testing

@Suite("What somebody has put into a database by hand", .ownThreads)
struct ByHandTests {
    @Test("A list of very many numbers finds what it holds and nothing else, whatever tables are called like what it is asked with")
    func lists() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                for _ in 0..<5 { try await database.write(Bench.act) { try $0.change("thing", 1, before: nil, after: "{}") } }
                if engine == .sqlite { try Bench.byHand(url, "CREATE VIEW json_each AS SELECT 1 AS key") }
                let acts = try await database.read { try $0.rows("SELECT id FROM act ORDER BY id") { $0.int(0) } }
                let others = [Int64.min, .max, 0] + (1...40_000).map { Int64($0) }, many = others + acts
                try await database.read { db in
                    #expect(try db.rows(SQL("SELECT id FROM act WHERE id IN (\(list: many)) ORDER BY id")) { $0.int(0) } == acts)
                    #expect(try db.count(SQL("SELECT count(*) FROM act WHERE id NOT IN (\(list: many))")) == 0)
                    #expect(try db.count(SQL("SELECT count(*) FROM act WHERE id IN \(list: others)")) == 0)
                    #expect(try db.count(SQL("SELECT count(*) FROM act WHERE id NOT IN (\(list: others)) AND kind = \("test")")) == 5)
                    var streamed = 0
                    try db.each(SQL("SELECT id FROM act WHERE id IN (\(list: many))")) { _ in streamed += 1 }
                    #expect(streamed == acts.count)
                }
            }
        }
    }

    @Test("What the schema declares is read past views that are called like the question")
    func views() async throws {
        try await Bench.with(.sqlite) { database, url in
            let before = try await database.read { try Database.tables($0).map { "\($0.name) \($0.columns.map(\.name))" } }
            try Bench.byHand(url, "CREATE VIEW pragma_table_info AS SELECT 1 AS x", "CREATE TABLE pragma_index_list (a TEXT)", "CREATE VIEW pragma_index_info AS SELECT 1 AS x")
            let after = try await database.read { try Database.tables($0).map { "\($0.name) \($0.columns.map(\.name))" } }
            #expect(before.count > 30 && after.filter { !$0.hasPrefix("pragma") } == before)
            await #expect(throws: ConstraintBroken(kind: .unique, name: "setting_pkey")) {
                try await database.write(Bench.act) { db in
                    for _ in 0..<2 { try db.run("INSERT INTO setting (one, announced_from, announced_to, act_id) VALUES (1, 0, 0, \(db.actID))") }
                }
            }
        }
    }

    @Test("A page leaves out rows that hold what their columns are not for, tells of it and reads the rest; who writes, copies or commands is refused")
    func leftOut() async throws {
        try await Bench.with(.sqlite) { database, url in
            for _ in 0..<4 { try await database.write(Bench.act) { try $0.change("thing", 1, before: nil, after: "{}") } }
            let acts = try await database.read { try $0.rows("SELECT id FROM act ORDER BY id") { $0.int(0) } }
            try Bench.byHand(
                url, "UPDATE act SET at_ms = 'gestern' WHERE id = \(acts[0])", "UPDATE act SET who = CAST(who AS BLOB) WHERE id = \(acts[1])",
                "UPDATE act SET at_ms = 1.5 WHERE id = \(acts[2])")
            let asked: SQL = "SELECT id, at_ms, who FROM act ORDER BY id"
            @Sendable func read(_ db: Reading) throws -> [Int64] {
                try db.rows(asked) { row in
                    _ = (row.int(1), row.text(2))
                    return row.int(0)
                }
            }
            await #expect(throws: Refusal.self) { try await database.read(read) }
            let told = Mutex<[String]>([])
            database.leaveOutUnreadable { name in told.withLock { $0.append(name) } }
            for _ in 0..<2 {
                try await database.read { db in
                    #expect(try read(db) == [acts[3]])
                    #expect(try db.first(asked) { $0.int(0) } == acts[3])
                    var streamed: [Int64] = []
                    try db.each(asked) { streamed.append($0.int(0)) }
                    #expect(streamed == [acts[3]])
                    #expect(try db.count("SELECT count(*) FROM act") == 4)
                    // What an expression comes to nobody has declared.
                    #expect(try db.rows("SELECT id, max(at_ms, 0) FROM act ORDER BY id") { ($0.int(0), $0.int(1)) }.map(\.0) == [acts[1], acts[3]])
                }
            }
            #expect(told.withLock { $0.sorted() } == ["at_ms", "max(at_ms, 0)", "who"], "each once")
            await #expect(throws: Refusal.self) { try await database.write(Bench.act) { db in _ = try read(db) } }
            #expect(try await database.read { db in try db.forgiving { try read(db) } } == acts)
            try await Bench.with(.sqlite) { copy, _ in
                await #expect(throws: Refusal.self) { try await database.read { try copy.copyRows(of: $0) } }
            }
        }
    }
}
