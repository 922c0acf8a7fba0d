import Kit

/// Every row of every table, read by the schema alone: a new table is watched by itself.
package struct EveryTable: Sendable {
    private let rows: [String: [String]]
    private let lastAct: Int64

    /// Acts with their images, their chain and the counter of ids grow with whatever is noted; which acts there are is told
    /// beside the tables.
    private static let unwatched: Set = ["act", "act_change", "act_link", "act_chain", "act_mark", "tail"]

    package init(_ database: Database) async throws {
        (rows, lastAct) = try await database.read { db in
            var rows: [String: [String]] = [:]
            let names = db.engine == .sqlite
                ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                : "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            for table in try db.rows(SQL(stringLiteral: names), { $0.text(0) }) where !Self.unwatched.contains(table) {
                let whole = db.engine == .sqlite
                    ? try db.rows(SQL("SELECT name FROM pragma_table_info(\(table))")) { "quote(\"" + $0.text(0) + "\")" }.joined(separator: " || ',' || ")
                    : "CAST(t AS TEXT)"
                rows[table] = try db.rows(SQL(stringLiteral: "SELECT \(whole) FROM \"\(table)\" t")) { $0.text(0) }.sorted()
            }
            return (rows, try db.lastID())
        }
    }

    /// What is otherwise now: the tables, and the acts but for those of `designed` kinds, as sentences. Empty where nothing is.
    package func differences(_ database: Database, but designed: Set<String> = []) async throws -> [String] {
        let last = lastAct
        let acts = try await database.read { db in
            try db.rows(SQL("SELECT kind, who, why FROM act WHERE id > \(last) ORDER BY id")) { ($0.text(0), $0.text(1), $0.text(2)) }
        }
        return try await parts(database).tables + acts.filter { !designed.contains($0.0) }.prefix(10).map { "act \($0.0) by \($0.1): \($0.2)" }
    }

    /// The kinds of acts since, and the tables that are otherwise.
    package func parts(_ database: Database) async throws -> (acts: [String], tables: [String]) {
        let now = try await EveryTable(database), last = lastAct
        let tables = Set(rows.keys).union(now.rows.keys).sorted().compactMap { table -> String? in
            let was = rows[table] ?? [], isNow = now.rows[table] ?? []
            guard was != isNow else { return nil }
            let new = Set(isNow).subtracting(was), gone = Set(was).subtracting(isNow)
            return "\(table): \(gone.count) rows gone, \(new.count) new, for example \((new.first ?? gone.first ?? "").prefix(200))"
        }
        return (try await database.read { db in try db.rows(SQL("SELECT kind FROM act WHERE id > \(last) ORDER BY id")) { $0.text(0) } }, tables)
    }
}
