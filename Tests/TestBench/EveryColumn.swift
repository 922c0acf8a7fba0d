@testable import Kit

/// Somebody with the database's password who knows the schema: changes each column of each table, takes rows away, puts
/// rows in and swaps values, whatever triggers, keys and checks say. Each edit is undone after it was looked at.
package final class EveryColumn {
    package struct Edit: Sendable {
        package let table: String
        /// "*" for rows put in or taken away.
        package let column: String
        package let what: String
        let texts: [String]
        package var name: String { "\(table).\(column) \(what)" }
    }

    private let connection: any Connection
    private let engine: Engine
    private let vault: PersonVault
    private struct Column { let name: String, kind: ValueKind }
    private var tables: [(name: String, columns: [Column])] = []

    package init(_ url: String, vault: PersonVault) throws {
        connection = try Address(url: url).connect(.migration)
        self.vault = vault
        engine = connection.engine
        try connection.script(engine == .sqlite ? "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON" : "SET session_replication_role = replica")
        tables = try Database.tables(Reading(connection: connection)).map { ($0.name, $0.columns.map { Column(name: $0.name, kind: $0.kind) }) }
    }

    package func close() { connection.close() }

    /// Tables that hold nothing: in a world that is to show every table there are none.
    package var empty: [String] {
        get throws { try tables.map(\.name).filter { try Reading(connection: connection).first(SQL(stringLiteral: "SELECT 1 FROM \($0) LIMIT 1"), { _ in true }) == nil } }
    }

    /// Looks at the database after an edit, and undoes it. Nil where the engine itself refuses (a value that must be there or be
    /// its own), or where there is nothing to swap.
    package func after<T>(_ edit: Edit, _ look: (Reading) throws -> T) throws -> T? {
        connection.failure = nil
        try connection.script("BEGIN")
        defer { connection.rollback() }
        do {
            let reading = Reading(connection: connection)
            let triggers = engine == .postgres ? [] : try reading.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'") { ($0.text(0), $0.text(1)) }
            for (name, _) in triggers { try connection.script("DROP TRIGGER \(name)") }
            var changed = 0
            for text in edit.texts { changed = try connection.query(SQL(stringLiteral: text)) { _ in true } }
            guard changed > 0 else { return nil }
            for (_, text) in triggers { try connection.script(text) }
        } catch is ConstraintBroken {
            return nil
        }
        return try look(Reading(connection: connection, vault: vault))
    }

    package var edits: [Edit] {
        get throws {
            var edits: [Edit] = []
            for (table, columns) in tables where table != "migration" {
                let row = engine == .sqlite ? "rowid" : "ctid"
                func pick(_ order: String) -> String { "(SELECT \(row) FROM \(table) ORDER BY \(row) \(order) LIMIT 1)" }
                let first = pick("ASC"), last = pick("DESC")
                edits.append(Edit(table: table, column: "*", what: "row gone", texts: ["DELETE FROM \(table) WHERE \(row) = \(last)"]))
                let names = columns.map(\.name).joined(separator: ", ")
                // Another row like the first: whatever must be its own differs.
                edits.append(Edit(table: table, column: "*", what: "row put in", texts: [
                    "INSERT INTO \(table) (\(names)) SELECT \(columns.map { differs($0) }.joined(separator: ", ")) FROM \(table) WHERE \(row) = \(first)",
                ]))
                for column in columns {
                    edits.append(Edit(table: table, column: column.name, what: "changed", texts: [
                        "UPDATE \(table) SET \(column.name) = \(differs(column)) WHERE \(row) = \(last)",
                    ]))
                    edits.append(Edit(table: table, column: column.name, what: "swapped", texts: [
                        "CREATE TEMPORARY TABLE kept AS SELECT \(column.name) AS v, CASE WHEN \(row) = \(first) THEN 1 ELSE 2 END AS n FROM \(table) WHERE \(row) IN (\(first), \(last))",
                        "CREATE TEMPORARY TABLE places AS SELECT CAST(\(first) AS TEXT) AS a, CAST(\(last) AS TEXT) AS b",
                        swap(table, column, row),
                    ]))
                }
            }
            return edits
        }
    }

    /// One statement, so that what must be its own stays so on the way where an engine looks at the end of it.
    private func swap(_ table: String, _ column: Column, _ row: String) -> String {
        """
        UPDATE \(table) SET \(column.name) = CASE WHEN CAST(\(row) AS TEXT) = (SELECT a FROM places) THEN (SELECT v FROM kept WHERE n = 2) ELSE (SELECT v FROM kept WHERE n = 1) END
        WHERE CAST(\(row) AS TEXT) IN ((SELECT a FROM places), (SELECT b FROM places)) AND (SELECT count(DISTINCT v) + max(CASE WHEN v IS NULL THEN 1 ELSE 0 END) FROM kept) = 2
        """
    }

    /// Another value of the same kind.
    private func differs(_ column: Column) -> String {
        switch column.kind {
        case .int: "coalesce(\(column.name), 0) + 1"
        case .blob: engine == .sqlite ? "x'5a5a5a5a5a5a5a5a5a5a5a5a'" : "'\\x5a5a5a5a5a5a5a5a5a5a5a5a'"
        case .text, .any: "coalesce(\(column.name), '') || '1'"
        }
    }
}
