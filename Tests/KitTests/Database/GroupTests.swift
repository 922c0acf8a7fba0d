import Foundation
@testable import Kit
import TestBench
import Testing

@Suite("Writing in groups", .ownThreads)
struct GroupTests {
    @Test("of jobs that share a commit, one that fails takes none with it, and ids grow")
    func savepoints() async throws {
        try await onBothEngines { database async throws in
            // The first job holds the writer until the others stand in line: they become one group.
            let gate = DispatchSemaphore(value: 0)
            async let first = database.write(Bench.act) { _ in gate.wait() }
            let ids = await withTaskGroup(of: Int64?.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        try? await database.write(Bench.act) { db in
                            try db.run("INSERT INTO organization (id, code, act_id) VALUES (\(db.nextID()), \("U\(number / 2)"), \(db.actID))")
                            return db.actID
                        }
                    }
                }
                try? await Task.sleep(for: .milliseconds(50))
                gate.signal()
                var ids: [Int64] = []
                for await id in group { if let id { ids.append(id) } }
                return ids
            }
            try await first
            #expect(ids.count == 25 && Set(ids).count == 25)
            try await database.read { db throws in
                #expect(try db.count("SELECT count(*) FROM organization") == 25)
                #expect(try db.rows("SELECT id FROM act WHERE id IN \(list: ids)") { $0.int(0) }.count == 25)
                #expect(try db.count("SELECT count(*) FROM act") == 26)
                #expect(try db.count("SELECT last_id - (SELECT max(id) FROM organization) FROM tail") == 0)
            }
        }
    }

    @Test("an answer means that the commit is visible to everyone")
    func afterCommit() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let other = try Database(url: url, readers: 1)
                defer { other.close() }
                for number in 0..<20 {
                    let id = try await database.write(Bench.act) { db in
                        let id = db.nextID()
                        try db.run("INSERT INTO organization (id, code, act_id) VALUES (\(id), \("U\(number)"), \(db.actID))")
                        return id
                    }
                    #expect(try await other.read { try $0.count("SELECT count(*) FROM organization WHERE id = \(id)") } == 1)
                    #expect(try await other.lastID() == id)
                }
            }
        }
    }

    @Test("a reader sees one moment, whatever is committed meanwhile")
    func snapshot() async throws {
        try await onBothEngines { database async throws in
            let counts = try await database.read { db in
                let before = try db.lastID()
                try database.writeNow(Bench.act) { _ in }
                return (before, try db.lastID())
            }
            #expect(counts.0 == counts.1)
            #expect(try await database.lastID() > counts.0)
        }
    }

    @Test("a reader cannot write")
    func readOnly() async throws {
        try await onBothEngines { database async throws in
            await #expect(throws: Refusal.readOnly) { try await database.read { _ = try $0.rows("DELETE FROM tail") { _ in } } }
        }
    }

    @Test("ids grow over two handles that write by turns")
    func twoHandles() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let other = try Database(url: url, readers: 1)
                defer { other.close() }
                let ids = try await withThrowingTaskGroup(of: [Int64].self) { group in
                    for handle in [database, other] {
                        group.addTask {
                            var ids: [Int64] = []
                            for _ in 0..<40 { ids.append(try await handle.write(Bench.act) { $0.nextID() }) }
                            return ids
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(Set(ids.joined()).count == 80)
                #expect(ids.allSatisfy { $0 == $0.sorted() })
            }
        }
    }

    @Test("ids never run backwards, even when the clock does")
    func clock() async throws {
        try await onBothEngines { database async throws in
            let ids = try database.writeNow(Bench.act) { [$0.actID, $0.nextID(), $0.nextID()] }
            #expect(ids == ids.sorted())
        }
        let url = try Bench.makeEmpty(.sqlite)
        defer { Bench.remove(url) }
        let moments = Moments([2_000, 1_000])
        let database = try Database(url: url, readers: 1, now: { moments.next() })
        defer { database.close() }
        try database.migrate(Fixture.tail)
        let first = try database.writeNow(Bench.act) { $0.actID }
        let second = try database.writeNow(Bench.act) { $0.actID }
        #expect(first == 2_000 << 20 && second == first + 1)
    }

    @Test("a broken constraint can be survived inside an attempt, and only there")
    func attempts() async throws {
        try await onBothEngines { database async throws in
            @Sendable func insert(_ db: Writing, _ code: String) throws {
                try db.run("INSERT INTO organization (id, code, act_id) VALUES (\(db.nextID()), \(code), \(db.actID))")
            }
            try await database.write(Bench.act) { db throws in
                try insert(db, "A")
                #expect(throws: ConstraintBroken(kind: .unique, name: "organization_code_key")) {
                    try db.attempt {
                        try insert(db, "B")
                        try db.change("organization", 1, before: nil, after: "{}")
                        try insert(db, "A")
                    }
                }
                try insert(db, "C")
            }
            await #expect(throws: ConstraintBroken.self) {
                try await database.write(Bench.act) { db in
                    try insert(db, "D")
                    try? insert(db, "A")
                }
            }
            try await database.read { db throws in
                #expect(try db.rows("SELECT code FROM organization ORDER BY code") { $0.text(0) } == ["A", "C"])
                #expect(try db.count("SELECT count(*) FROM act_change") == 0)
            }
        }
    }

    @Test("every kind of constraint has its name")
    func constraints() async throws {
        try await onBothEngines { database async throws in
            func broken(_ body: @escaping @Sendable (Writing) throws -> Void) async -> ConstraintBroken? {
                do { try await database.write(Bench.act, body) } catch { return error as? ConstraintBroken }
                return nil
            }
            @Sendable func version(_ db: Writing, _ organization: Int64, _ from: Int, _ to: Int) throws {
                try db.run(
                    """
                    INSERT INTO organization_version (id, organization_id, from_day, to_day, name, kind, act_id)
                    VALUES (\(db.nextID()), \(organization), \(from), \(to), '甲', 'x', \(db.actID))
                    """)
            }
            let twice = await broken { db in
                for _ in 0..<2 { try db.run("INSERT INTO organization (id, code, act_id) VALUES (5, \("A\(db.nextID())"), \(db.actID))") }
            }
            #expect(twice == ConstraintBroken(kind: .unique, name: "organization_pkey"))
            let orphan = await broken { try version($0, 99, 1, 2) }
            #expect(orphan?.kind == .foreignKey)
            let check = await broken { db in
                try db.run("INSERT INTO organization (id, code, act_id) VALUES (1, '', \(db.actID))")
            }
            #expect(check?.kind == .check)
            let missing = await broken { db in
                try db.run("INSERT INTO organization (id, code, act_id) VALUES (1, \(nil as String?), \(db.actID))")
            }
            #expect(missing == ConstraintBroken(kind: .notNull, name: "organization.code"))
            let overlap = await broken { db in
                try db.run("INSERT INTO organization (id, code, act_id) VALUES (1, 'A', \(db.actID))")
                try version(db, 1, 1, 10)
                try version(db, 1, 10, 20)
                try version(db, 1, 5, 6)
            }
            #expect(overlap == ConstraintBroken(kind: .overlap, name: "organization_version_overlap"))
            let kept = await broken { try $0.run("DELETE FROM act WHERE id = \($0.actID)") }
            #expect(kept == ConstraintBroken(kind: .trigger, name: "act_append_only"))
            let person = await broken { db in
                for _ in 0..<2 {
                    try db.run(
                        """
                        INSERT INTO person (id, name, pinyin, initials, id_cipher, id_index, id_part_index, birth_day, act_id)
                        VALUES (\(db.nextID()), '张三', 'zhang san', 'zs', \([1] as [UInt8]), \([2] as [UInt8]), \([3] as [UInt8]), 0, \(db.actID))
                        """)
                }
            }
            #expect(person == ConstraintBroken(kind: .unique, name: "person_id_number"))
        }
    }

    @Test("NULL where the program counts on a value is our fault, not the end of the process")
    func missing() async throws {
        try await onBothEngines { database async throws in
            await #expect(throws: DatabaseFault.self) { try await database.read { try $0.rows("SELECT \(nil as Int?)") { $0.int(0) } } }
            #expect(try await database.read { try $0.count("SELECT \(3)") } == 3)
        }
    }

    @Test("a mistake in SQL says where, and the connection goes on")
    func mistakes() async throws {
        try await onBothEngines { database async throws in
            await #expect(throws: DatabaseFault.self) { try await database.read { try $0.count("SELECT nonsense FROM nowhere") } }
            await #expect(throws: DatabaseFault.self) { try await database.read { try $0.count("SELECT ?") } }
            await #expect(throws: DatabaseFault.self) { try await database.write(Bench.act) { try $0.run("INSERT INTO tail (one, last_id) SELECT a FROM b") } }
            #expect(try await database.read { try $0.count("SELECT 4") } == 4)
        }
    }
}

/// Moments one after the other; the last stays. `@unchecked`: under the lock.
final class Moments: @unchecked Sendable {
    private let lock = NSLock()
    private var moments: [Int64]
    init(_ moments: [Int64]) { self.moments = moments }
    func next() -> Int64 { lock.withLock { moments.count > 1 ? moments.removeFirst() : moments[0] } }
}

enum Fixture {
    /// Just enough to write acts.
    static let tail = [
        Migration(
            "0001",
            Array(
                """
                CREATE TABLE tail (one SMALLINT NOT NULL PRIMARY KEY, last_id BIGINT NOT NULL);
                INSERT INTO tail VALUES (1, 0);
                CREATE TABLE act (id BIGINT NOT NULL PRIMARY KEY, at_ms BIGINT, account_id BIGINT, who TEXT, origin TEXT, kind TEXT, why TEXT);
                """.utf8))
    ]
}
