import App
import Foundation
@testable import Kit
import TestBench
import Testing

@Suite("Migrations", .ownThreads)
struct MigrationTests {
    static let one = Migration("0001-one", Array("CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY, b TEXT); INSERT INTO a VALUES (1, ';')".utf8))
    static let two = Migration("0002-two", Array("CREATE TABLE b (id BIGINT NOT NULL PRIMARY KEY REFERENCES a (id));".utf8))

    private func onEmpty(_ body: (Database, String) async throws -> Void) async throws {
        for engine in Bench.engines {
            let url = try Bench.makeEmpty(engine)
            defer { Bench.remove(url) }
            let database = try Database(url: url, readers: 1)
            defer { database.close() }
            try await body(database, url)
        }
    }

    @Test("are applied once, in order, by however many processes at once")
    func once() async throws {
        try await onEmpty { database, url async throws in
            #expect(throws: Refusal.notMigrated) { try database.checkMigrated([Self.one]) }
            #expect(throws: Refusal.notMigrated) { try database.writeNow(Bench.act) { _ in } }
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let other = try Database(url: url, readers: 1)
                        defer { other.close() }
                        return try other.migrate([Self.one, Self.two])
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == ["0001-one", "0002-two"])
            #expect(try database.migrate([Self.one, Self.two]) == [])
            try database.checkMigrated([Self.one, Self.two])
            #expect(try await database.read { try $0.count("SELECT count(*) FROM a WHERE b = ';'") } == 1)
        }
    }

    @Test("edited after they were applied are refused by name, and so is a database newer than the program")
    func refused() async throws {
        try await onEmpty { database, _ async throws in
            try database.migrate([Self.one, Self.two])
            let edited = Migration("0001-one", Array("CREATE TABLE a (id BIGINT);".utf8))
            let changed = #expect(throws: Refusal.self) { try database.migrate([edited, Self.two]) }
            #expect(changed?.name == "database.migrationChanged" && changed?.sentence.contains("0001-one") == true)
            let newer = #expect(throws: Refusal.self) { try database.migrate([Self.one]) }
            #expect(newer?.name == "database.newer" && newer?.sentence.contains("0002-two") == true)
            #expect(throws: Refusal.self) { try database.checkMigrated([Self.one]) }
        }
    }

    @Test("that fail half-way leave nothing, and what came before stays")
    func failing() async throws {
        try await onEmpty { database, _ async throws in
            let bad = Migration("0002-bad", Array("CREATE TABLE c (id BIGINT); CREATE TABLE a (id BIGINT);".utf8))
            #expect(throws: DatabaseFault.self) { try database.migrate([Self.one, bad]) }
            #expect(try database.migrate([Self.one, Self.two]) == ["0002-two"])
            await #expect(throws: DatabaseFault.self) { try await database.read { try $0.count("SELECT count(*) FROM c") } }
        }
    }

    @Test("of the product are all listed, and on SQLite ids are the rows' own numbers")
    func product() async throws {
        try await onBothEngines { database async throws in
            try database.checkMigrated(Migrations.all)
            let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/App/Migrations").standardized
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).map { $0.split(separator: ".")[0] }
            #expect(Set(names.map(String.init)) == Set(Migrations.all.map(\.name)))
            #expect(Migrations.all.map(\.name) == Migrations.all.map(\.name).sorted())
            if database.engine == .sqlite {
                let plan = try await database.read { try $0.rows("EXPLAIN QUERY PLAN SELECT * FROM hour_entry WHERE id > 5") { $0.text(3) } }
                #expect(plan.joined().contains("INTEGER PRIMARY KEY"))
            }
        }
    }
}
