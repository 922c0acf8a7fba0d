import App
import Foundation
import Kit

/// Gives the closure a migrated throw-away database on SQLite and then, where `YUGONG_TEST_POSTGRES` names a
/// cluster (a URL of a user who may make databases), a fresh one on PostgreSQL. The engine of an error is said on stderr.
package func onBothEngines(
    readers: Int = 2, _ body: (Database) async throws -> Void
) async throws {
    for engine in Bench.engines {
        try await Bench.with(engine, readers: readers) { database, _ in try await body(database) }
    }
}

/// Throw-away databases, copied from one that each test process migrates once.
package enum Bench {
    /// SQLite always; PostgreSQL where the environment names a cluster.
    package static var engines: [Engine] { cluster == nil ? [.sqlite] : [.sqlite, .postgres] }

    /// The cluster's URL, if any.
    package static let cluster = ProcessInfo.processInfo.environment["YUGONG_TEST_POSTGRES"].flatMap { $0.isEmpty ? nil : $0 }

    /// Some act, for tests to whom it does not matter which.
    package static let act = Act(who: .system, origin: "", kind: "test", why: "")

    /// A migrated database and its URL, gone afterwards.
    package static func with<T>(_ engine: Engine, readers: Int = 2, _ body: (Database, String) async throws -> T) async throws -> T {
        let url = try makeCopy(engine)
        defer { remove(url) }
        let database = try Database(url: url, readers: readers)
        defer { database.close() }
        do {
            return try await body(database, url)
        } catch {
            FileHandle.standardError.write(Data("on \(engine.rawValue): \(error)\n".utf8))
            throw error
        }
    }

    /// An empty database, not migrated; the caller removes it.
    package static func makeEmpty(_ engine: Engine) throws -> String {
        let name = "yugong_test_\(ProcessInfo.processInfo.processIdentifier)_\(counter.next())"
        switch engine {
        case .sqlite:
            // In a folder of its own: a start holds the lock of the folder, and tests would wait for each other's.
            let folder = NSTemporaryDirectory() + "/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            return "sqlite:\(folder)/yugong.db"
        case .postgres:
            try RawPostgres(clusterURL()).run("CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
            return try inCluster(name)
        }
    }

    /// Removes what `makeEmpty` made.
    package static func remove(_ url: String) {
        if url.hasPrefix("sqlite:") {
            let path = String(url.dropFirst("sqlite:".count)), folder = (path as NSString).deletingLastPathComponent
            // What somebody put into a folder of their own goes alone.
            let isOurs = (folder as NSString).lastPathComponent.hasPrefix("yugong_test_")
            for gone in isOurs ? [folder] : ["", "-wal", "-shm", "-use"].map({ path + $0 }) { try? FileManager.default.removeItem(atPath: gone) }
        } else if let name = URLComponents(string: url)?.path.dropFirst() {
            _ = try? RawPostgres(clusterURL()).run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        }
    }

    private static func makeCopy(_ engine: Engine) throws -> String {
        switch engine {
        case .sqlite:
            let template = try sqliteTemplate.get()
            let url = try makeEmpty(.sqlite)
            try FileManager.default.copyItem(
                atPath: String(template.dropFirst("sqlite:".count)), toPath: String(url.dropFirst("sqlite:".count)))
            return url
        case .postgres:
            let template = try postgresTemplate.get()
            let name = "yugong_test_\(ProcessInfo.processInfo.processIdentifier)_\(counter.next())"
            try RawPostgres(clusterURL()).run("CREATE DATABASE \(name) TEMPLATE \(template)")
            return try inCluster(name)
        }
    }

    private static let sqliteTemplate = Result {
        let url = try makeEmpty(.sqlite)
        let database = try Database(url: url, readers: 1)
        try database.migrate(Migrations.all)
        database.close()
        atexit { Bench.removeTemplates() }
        return url
    }

    private static let postgresTemplate = Result {
        try removeOrphans()
        let url = try makeEmpty(.postgres)
        let database = try Database(url: url, readers: 1)
        try database.migrate(Migrations.all)
        database.close()
        return String(URLComponents(string: url)?.path.dropFirst() ?? "")
    }

    /// Databases of test processes that were killed. A name holds its process, so this is for a cluster on this machine.
    private static func removeOrphans() throws {
        guard let host = URLComponents(string: try clusterURL())?.host, ["127.0.0.1", "localhost"].contains(host) else { return }
        let server = try RawPostgres(clusterURL())
        let names = try server.run("SELECT string_agg(datname, ' ') FROM pg_database WHERE datname LIKE 'yugong\\_test\\_%'")
        for name in names.split(separator: " ") {
            let parts = name.split(separator: "_")
            guard parts.count == 4, let process = pid_t(parts[2]), kill(process, 0) == -1, errno == ESRCH else { continue }
            // Another process may be at the same.
            _ = try? server.run("DROP DATABASE IF EXISTS \(name)")
        }
    }

    /// At the end of the process only the files go: libpq's own cleaning up has run by then, and the template in the
    /// cluster is an orphan that the next run removes.
    private static func removeTemplates() {
        if let url = try? sqliteTemplate.get() { remove(url) }
    }

    private static func clusterURL() throws -> String {
        guard let cluster else { throw Refusal("test.noCluster", "没有设置 YUGONG_TEST_POSTGRES。") }
        return cluster
    }

    private static func inCluster(_ name: String) throws -> String {
        guard var components = URLComponents(string: try clusterURL()) else { throw Refusal("test.url", "YUGONG_TEST_POSTGRES 不是地址。") }
        components.path = "/" + name
        return components.string ?? ""
    }

    private static let counter = Counter()
}

/// `@unchecked`: the number is touched only under the lock.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var number = 0

    func next() -> Int {
        lock.withLock {
            number += 1
            return number
        }
    }
}
