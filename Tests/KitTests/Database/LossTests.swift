import Foundation
@testable import Kit
import TestBench
import Testing

@Suite("When things go wrong outside", .ownThreads)
struct LossTests {
    private static func insert(_ db: Writing, _ code: String) throws {
        try db.run("INSERT INTO organization (id, code, act_id) VALUES (\(db.nextID()), \(code), \(db.actID))")
    }

    @Test("nobody there, a folder that cannot be made, a file that is no database: each says so")
    func unreachable() throws {
        func name(_ url: String, mayCreate: Bool = true) -> String? {
            do { try Database(url: url, mayCreate: mayCreate).close() } catch { return (error as? Refusal)?.name ?? "\(error)" }
            return nil
        }
        #expect(name("postgres://nobody@127.0.0.1:1/nothing") == "database.unreachable")
        #expect(name("sqlite:/proc/none/x.db") == "database.unreachable")
        #expect(name("sqlite:/tmp/there-is-no-such-file.db", mayCreate: false) == "database.unreachable")
        #expect(name("mysql://x") == "database.url")
        #expect(name("sqlite:") == "database.url")
        let url = try Bench.makeEmpty(.sqlite)
        defer { Bench.remove(url) }
        try Data(repeating: 7, count: 5000).write(to: URL(filePath: String(url.dropFirst(7))))
        #expect(name(url) == "database.corrupt")
    }

    @Test("Several that open a new file at once all come up")
    func openedAtOnce() async throws {
        for _ in 0..<20 {
            let url = try Bench.makeEmpty(.sqlite)
            defer { Bench.remove(url) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await onThread { try Database(url: url, readers: 2).close() } } }
                try await group.waitForAll()
            }
        }
    }

    @Test("after closing everything is refused")
    func closed() async throws {
        try await onBothEngines { database async throws in
            database.close()
            await #expect(throws: Refusal.closed) { try await database.read { _ in } }
            #expect(throws: Refusal.closed) { try database.writeNow(Bench.act) { _ in } }
        }
    }

    @Test("another process's write is waited for")
    func waiting() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let other = try Database(url: url, readers: 1)
                defer { other.close() }
                let started = DispatchSemaphore(value: 0)
                async let slow = other.write(Bench.act) { db in
                    try Self.insert(db, "A")
                    started.signal()
                    Thread.sleep(forTimeInterval: 0.2)
                    return db.actID
                }
                await withCheckedContinuation { continuation in
                    Thread.detachNewThread {
                        started.wait()
                        continuation.resume()
                    }
                }
                let quick = try await database.write(Bench.act) { $0.actID }
                #expect(try await slow < quick)
            }
        }
    }

    @Test("a deadlock is done again", .enabled(if: Bench.cluster != nil))
    func deadlock() async throws {
        try await Bench.with(.postgres) { database, url in
            let raw = try RawPostgres(url)
            let name = try raw.run("SELECT current_database()")
            try raw.run("ALTER DATABASE \(name) SET deadlock_timeout = '30ms'")
            try database.writeNow(Bench.act) { db in for code in ["A", "B"] { try Self.insert(db, code) } }
            // The writer's session has the old setting; a new handle gets the new one.
            let fresh = try Database(url: url, readers: 1)
            defer { fresh.close() }
            try raw.run("SET deadlock_timeout = '20s'; BEGIN; SELECT 1 FROM organization WHERE code = 'A' FOR UPDATE")
            let holdsB = DispatchSemaphore(value: 0), runs = Moments([0, 1, 2, 3])
            let done = DispatchSemaphore(value: 0)
            nonisolated(unsafe) let other = raw
            Thread.detachNewThread {
                holdsB.wait()
                _ = try? other.run("UPDATE organization SET code = 'B1' WHERE code = 'B'; COMMIT")
                done.signal()
            }
            try fresh.writeNow(Bench.act) { db in
                _ = runs.next()
                try db.run("UPDATE organization SET act_id = \(db.actID) WHERE code LIKE 'B%'")
                holdsB.signal()
                Thread.sleep(forTimeInterval: 0.05)
                try db.run("UPDATE organization SET code = 'A1' WHERE code = 'A'")
            }
            done.wait()
            #expect(runs.next() == 2)
            #expect(try fresh.readNow { try $0.rows("SELECT code FROM organization ORDER BY code") { $0.text(0) } } == ["A1", "B1"])
        }
    }

    @Test("a session killed in the middle is replaced, and the act is done again once", .enabled(if: Bench.cluster != nil))
    func killed() async throws {
        try await Bench.with(.postgres) { database, url in
            let raw = try RawPostgres(url)
            let runs = Moments([0, 1, 2, 3])
            try database.writeNow(Bench.act) { db in
                try Self.insert(db, "A")
                let session = try db.count("SELECT pg_backend_pid()")
                if runs.next() == 0 { try raw.run("SELECT pg_terminate_backend(\(session))") }
                try Self.insert(db, "B")
            }
            #expect(runs.next() == 2)
            #expect(try database.readNow { try $0.count("SELECT count(*) FROM act") } == 1)
            // A reader's session lost while it slept.
            let session = try database.readNow { try $0.count("SELECT pg_backend_pid()") }
            try raw.run("SELECT pg_terminate_backend(\(session))")
            for _ in 0..<3 { #expect(try database.readNow { try $0.count("SELECT count(*) FROM organization") } == 2) }
        }
    }

    @Test("a session killed by the commit itself: nothing was saved, the act is done again", .enabled(if: Bench.cluster != nil))
    func killedAtCommit() async throws {
        try await Bench.with(.postgres) { database, url in
            try RawPostgres(url).run(
                """
                CREATE SEQUENCE kills;
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('kills') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); END IF;
                    RETURN NULL;
                END $$;
                CREATE CONSTRAINT TRIGGER die AFTER INSERT ON organization DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die();
                """)
            let runs = Moments([0, 1, 2, 3])
            try database.writeNow(Bench.act) { db in
                _ = runs.next()
                try Self.insert(db, "A")
            }
            #expect(runs.next() == 2)
            #expect(try database.readNow { try $0.count("SELECT count(*) FROM organization") } == 1)
        }
    }

    @Test("an answer lost after the commit: the act is found and not done again", .enabled(if: Bench.cluster != nil))
    func answerLost() async throws {
        try await Bench.with(.postgres) { database, url in
            guard let components = URLComponents(string: url), let port = components.port else { return }
            let relay = try Relay(to: port)
            var through = components
            through.host = "127.0.0.1"
            through.port = relay.port
            let far = try Database(url: through.string ?? "", readers: 1)
            defer { far.close() }
            relay.loseNextCommit()
            let runs = Moments([0, 1, 2, 3])
            try far.writeNow(Bench.act) { db in
                _ = runs.next()
                try Self.insert(db, "A")
            }
            #expect(runs.next() == 1 && relay.lost == 1)
            #expect(try database.readNow { try $0.count("SELECT count(*) FROM act") } == 1)
        }
    }

    // MARK: Sudden death

    @Test("what was acknowledged is there after the process is killed")
    func durability() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let log = NSTemporaryDirectory() + "/yugong-acknowledged-\(UUID().uuidString)"
                FileManager.default.createFile(atPath: log, contents: nil)
                defer { try? FileManager.default.removeItem(atPath: log) }
                let child = Process()
                child.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
                child.arguments = ["--filter", "writesUntilKilled", "--testing-library", "swift-testing"]
                child.environment = ProcessInfo.processInfo.environment.merging(["YUGONG_TEST_CHILD": url, "YUGONG_TEST_LOG": log]) { $1 }
                child.standardOutput = FileHandle.nullDevice
                child.standardError = FileHandle.nullDevice
                try child.run()
                func acknowledged() throws -> [Int64] {
                    try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap { Int64($0) }
                }
                try await eventually { try acknowledged().count >= 200 }
                kill(child.processIdentifier, SIGKILL)
                try await eventually { !child.isRunning }
                let ids = try acknowledged()
                #expect(ids.count >= 200)
                let present = Set(try await database.read { try $0.rows("SELECT id FROM act") { $0.int(0) } })
                #expect(ids.allSatisfy(present.contains))
                #expect(try await database.write(Bench.act) { $0.actID } > ids.max() ?? 0)
            }
        }
    }

    @Test("(the child of the test above)", .enabled(if: ProcessInfo.processInfo.environment["YUGONG_TEST_CHILD"] != nil))
    func writesUntilKilled() async throws {
        let environment = ProcessInfo.processInfo.environment
        let database = try Database(url: environment["YUGONG_TEST_CHILD"] ?? "", readers: 1)
        let log = try FileHandle(forWritingTo: URL(filePath: environment["YUGONG_TEST_LOG"] ?? ""))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while let id = try? await database.write(Bench.act, { $0.actID }) {
                        // One write call: whole lines, however many tasks.
                        try? log.write(contentsOf: Data("\(id)\n".utf8))
                    }
                }
            }
        }
    }
}
