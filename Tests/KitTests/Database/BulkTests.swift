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
