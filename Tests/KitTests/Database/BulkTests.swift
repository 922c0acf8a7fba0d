@testable import App
import Foundation
@testable import Kit
import TestBench
import Testing

@Suite("Many rows", .ownThreads)
struct BulkTests {
    @Test("bulk rows arrive as they are, and stream out again in order")
    func bulk() async throws {
        try await onBothEngines { database async throws in
            let odd = "a\tb\nc\\N\r·𠮷\\"
            let count = try await database.write(Bench.act) { db in
                let ids = (0..<20_000).map { _ in db.nextID() }
                let act = db.actID
                let inserted = try db.bulk(into: "organization", columns: ["id", "code", "act_id"]) { put in
                    for (number, id) in ids.enumerated() { put([.int(id), .text(number == 7 ? odd : "U\(number)"), .int(act)]) }
                }
                for id in ids.prefix(100) { try db.change("organization", id, before: nil, after: "{}") }
                return inserted
            }
            #expect(count == 20_000)
            try await database.read { db throws in
                var seen = 0
                try db.each("SELECT code FROM organization WHERE id > \(0) ORDER BY id") { row throws in
                    if row.text(0) != (seen == 7 ? odd : "U\(seen)") { Issue.record("row \(seen)") }
                    seen += 1
                    // Other statements may run meanwhile.
                    if seen == 10_000 { #expect(try db.count("SELECT count(*) FROM act_change") == 100) }
                }
                #expect(seen == 20_000)
            }
        }
    }

    @Test("a broken constraint, a throwing closure or a wrong name ends a bulk and leaves nothing")
    func failing() async throws {
        try await onBothEngines { database async throws in
            await #expect(throws: ConstraintBroken(kind: .unique, name: "organization_code_key")) {
                try await database.write(Bench.act) { db in
                    let act = db.actID
                    try db.bulk(into: "organization", columns: ["id", "code", "act_id"]) { put in
                        for number in 1...10 { put([.int(Int64(number)), .text("A\(number % 9)"), .int(act)]) }
                    }
                }
            }
            await #expect(throws: Refusal("test.no", "不。")) {
                try await database.write(Bench.act) { db in
                    let act = db.actID
                    try db.bulk(into: "organization", columns: ["id", "code", "act_id"]) { put in
                        put([.int(1), .text("A"), .int(act)])
                        throw Refusal("test.no", "不。")
                    }
                }
            }
            await #expect(throws: DatabaseFault.self) {
                try await database.write(Bench.act) { try $0.bulk(into: "act; --", columns: ["id"]) { _ in } }
            }
            await #expect(throws: DatabaseFault.self) {
                try await database.write(Bench.act) { db in
                    try db.bulk(into: "act", columns: ["id"]) { _ in _ = try db.lastID() }
                }
            }
            #expect(try await database.read { try $0.count("SELECT count(*) FROM organization") } == 0)
        }
    }

    @Test("rows put in at once are marked as they stand, also where the same act writes them once more, takes them away or undoes them")
    func marked() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let key = AuditKey(bytes: [UInt8](repeating: 7, count: 32))
                database.chainActs(under: key)
                try database.keepRows(but: Keeping.exceptions(of: Features.all))
                let rows = try #require(database.keptRows?.only("organization"))
                try await database.write(Bench.act) { db in for table in rows.tables.values { try KeptRowStore.note(table, in: db) } }
                let ids = try await database.write(Bench.act) { db in
                    let ids = (0..<3000).map { _ in db.nextID() }, act = db.actID
                    func put(_ some: ArraySlice<Int64>) throws {
                        try db.bulk(into: "organization", columns: ["id", "code", "act_id"]) { put in some.forEach { put([.int($0), .text("机关 \($0)"), .int(act)]) } }
                    }
                    try put(ids[..<2000])
                    try db.run(SQL("UPDATE organization SET code = 'changed' WHERE id = \(ids[5])"))
                    try db.run(SQL("DELETE FROM organization WHERE id = \(ids[6])"))
                    try? db.attempt {
                        try put(ids[2000..<2500])
                        throw Refusal("test.no", "不。")
                    }
                    try put(ids[2400..<2600])
                    // Too few to be worth a thread.
                    try put(ids[2600..<2610])
                    return ids
                }
                try await database.read { db throws in
                    #expect(try db.count("SELECT count(*) FROM organization") == 2209)
                    #expect(try RowCheck.run(rows, key, in: db).findings == [])
                }
                // The check sees each of them.
                for id in [ids[0], ids[5], ids[1999], ids[2400], ids[2605]] {
                    try Bench.byHand(url, "UPDATE organization SET code = 'by hand' WHERE id = \(id)")
                    #expect(try await database.read { try RowCheck.run(rows, key, in: $0).findings.count } > 0)
                    try Bench.byHand(url, "UPDATE organization SET code = '\(id == ids[5] ? "changed" : "机关 \(id)")' WHERE id = \(id)")
                }
                #expect(try await database.read { try RowCheck.run(rows, key, in: $0).findings } == [])
            }
        }
    }

    @Test("streaming many rows keeps memory flat")
    func flat() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { _, url in
                // In a process of its own: the memory of this one is also that of the tests beside.
                let child = Process(), output = Pipe()
                child.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
                child.arguments = ["--filter", "streamsAlone", "--testing-library", "swift-testing"]
                child.environment = ProcessInfo.processInfo.environment.merging(["YUGONG_TEST_STREAM": url]) { $1 }
                child.standardOutput = output
                child.standardError = FileHandle.nullDevice
                try child.run()
                let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
                child.waitUntilExit()
                #expect(child.terminationStatus == 0 && said.contains("streamed 100000 rows"), "\(said.suffix(2000))")
            }
        }
    }

    @Test("(the child of the test above)", .enabled(if: ProcessInfo.processInfo.environment["YUGONG_TEST_STREAM"] != nil))
    func streamsAlone() async throws {
        let database = try Database(url: ProcessInfo.processInfo.environment["YUGONG_TEST_STREAM"] ?? "", readers: 1)
        defer { database.close() }
        let growth = try await database.read { db in
            func resident() -> Int {
                let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)).flatMap { $0.split(separator: " ").dropFirst().first }
                return (pages.flatMap { Int($0) } ?? 0) * 4096
            }
            let long = String(repeating: "长", count: 2000)
            var count = 0, sum: Int64 = 0, most = 0
            let before = resident()
            try db.each(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(100_000))
                SELECT i, \(long) FROM n
                """
            ) { row throws in
                count += 1
                sum += row.int(0)
                if count % 20_000 == 0 { most = max(most, resident() - before) }
            }
            #expect(count == 100_000 && sum == 100_000 * 100_001 / 2)
            print("streamed \(count) rows")
            return most
        }
        // All of it would be 600 MB.
        #expect(growth < 100 << 20)
    }
}
