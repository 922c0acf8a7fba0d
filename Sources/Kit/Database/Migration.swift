import Crypto
import Foundation

/// One step of the schema: SQL that is never edited after a release.
package struct Migration: Sendable {
    package let name: String
    private let texts: [Engine: String]
    private let digests: [Engine: String]

    /// The same text for both engines. On SQLite `BIGINT NOT NULL PRIMARY KEY` is the row's own number
    /// (`INTEGER PRIMARY KEY`), which spares an index per table.
    package init(_ name: String, _ text: [UInt8]) {
        self.init(name, sqlite: text, postgres: text)
    }

    /// A text for each engine, only where they truly differ.
    package init(_ name: String, sqlite: [UInt8], postgres: [UInt8]) {
        self.name = name
        texts = [.sqlite: String(decoding: sqlite, as: UTF8.self), .postgres: String(decoding: postgres, as: UTF8.self)]
        digests = texts.mapValues { text in
            SHA256.hash(data: Data(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
    }

    /// The table that says which were applied.
    static let table = "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, at_ms BIGINT NOT NULL)"

    func text(_ engine: Engine) -> String {
        let text = texts[engine] ?? ""
        return engine == .sqlite
            ? text.replacingOccurrences(of: "BIGINT NOT NULL PRIMARY KEY", with: "INTEGER NOT NULL PRIMARY KEY") : text
    }

    func digest(_ engine: Engine) -> String { digests[engine] ?? "" }
}

extension Database {
    /// Brings the schema to the end of the list and returns the names it applied. Several processes may do it at once.
    /// Refusals: `database.migrationChanged` when an applied one was edited, `database.newer` when the database
    /// knows one that the program does not.
    @discardableResult
    package func migrate(_ migrations: [Migration]) throws -> [String] {
        try onConnection { connection in
            // Nearly always there is nothing to do, and nobody has to wait for that.
            if try isMigrated(migrations, connection) { return [] }
            // A role that serves does not own the tables and is told who brings them up to date.
            guard try ServingRoleStore.mayMigrate(in: Reading(connection: connection)) else { throw Refusal.notMigrated }
            try connection.script(engine == .postgres ? "SELECT pg_advisory_lock(7927194402318)" : "BEGIN IMMEDIATE")
            try connection.script(Migration.table)
            if engine == .sqlite { try connection.script("COMMIT") }
            var applied: [String] = []
            for migration in migrations {
                try connection.script(engine == .postgres ? "BEGIN" : "BEGIN IMMEDIATE")
                do {
                    if try pending(migrations, connection).contains(migration.name) {
                        try connection.script(migration.text(engine))
                        _ = try connection.query(
                            "INSERT INTO migration (name, digest, at_ms) VALUES (\(migration.name), \(migration.digest(engine)), \(Clock.nowMilliseconds))"
                        ) { _ in true }
                        applied.append(migration.name)
                    }
                    try connection.script("COMMIT")
                } catch {
                    connection.rollback()
                    throw error
                }
            }
            return applied
        }
    }

    /// Refuses with `database.notMigrated` where a migration of the list is still to be applied, and as `migrate` does.
    package func checkMigrated(_ migrations: [Migration]) throws {
        try onConnection { connection in
            guard try isMigrated(migrations, connection) else { throw Refusal.notMigrated }
        }
    }

    /// Whether a migration of the list is still to be applied, by a role that may.
    func isBehind(_ migrations: [Migration]) throws -> Bool {
        try onConnection { try !isMigrated(migrations, $0) && ServingRoleStore.mayMigrate(in: Reading(connection: $0)) }
    }

    private func isMigrated(_ migrations: [Migration], _ connection: any Connection) throws -> Bool {
        let exists = engine == .sqlite
            ? "SELECT count(*) FROM sqlite_master WHERE name = 'migration'" as SQL
            : "SELECT count(*) FROM pg_catalog.pg_tables WHERE tablename = 'migration' AND schemaname = ANY (current_schemas(false))"
        return try Reading(connection: connection).count(exists) > 0 && pending(migrations, connection).isEmpty
    }

    private func pending(_ migrations: [Migration], _ connection: any Connection) throws -> [String] {
        let rows = try Reading(connection: connection).rows("SELECT name, digest FROM migration ORDER BY name") {
            (name: $0.text(0), digest: $0.text(1))
        }
        let known = Dictionary(migrations.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for row in rows {
            guard let migration = known[row.name] else {
                throw Refusal("database.newer", "数据库比程序新：其中的 \(row.name) 本程序不认识，没有做任何改动。请换用新版程序。")
            }
            guard migration.digest(engine) == row.digest else {
                throw Refusal("database.migrationChanged", "数据库已执行的 \(row.name) 与程序中的内容不同，没有做任何改动。请核对程序版本。")
            }
        }
        let done = Set(rows.map(\.name))
        return migrations.map(\.name).filter { !done.contains($0) }
    }

    /// A connection for this call alone, on the calling thread.
    func onConnection<T>(_ body: (any Connection) throws -> T) throws -> T {
        do {
            let connection = try address.connect(.migration)
            defer { connection.close() }
            return try body(connection)
        } catch let setback as Setback { throw setback.refusal }
    }
}
