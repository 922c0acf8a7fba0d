/// Copying whole databases, whichever engines they are on: both have the same tables and columns.
extension Database {
    /// A column as it is declared; there are three kinds of values in both engines.
    struct Column: Sendable {
        let name: String
        let kind: ValueKind
        /// Whether the primary key begins with it.
        let isFirstOfKey: Bool
        /// Whether it is the primary key alone, so that no two rows share it.
        let isKey: Bool
    }

    /// Fills this database, migrated and empty, with every row of one snapshot of another that is migrated alike, in one
    /// transaction; the rows copied. `left` are tables that stay empty; of migrations each database knows its own. `adding`
    /// are statements that belong to the same transaction.
    ///
    /// Indexes, foreign keys, SQLite's triggers and on PostgreSQL the ranges that stand for some of them are taken away meanwhile and
    /// made anew from their own definitions, so that no order of tables is needed and the database checks all keys at the end.
    /// Refusals `copy.notEmpty` and those of a broken key; then nothing was changed.
    package func copyRows(
        of source: Reading, leaving left: Set<String> = [], adding: [SQL] = [], progress: (_ rows: Int) -> Void = { _ in }
    ) throws -> Int {
        // Nothing is left out of a copy.
        source.connection.manner = .strict
        return try onConnection { target in
            try target.script(engine == .sqlite ? "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE" : "BEGIN")
            do {
                let reading = Reading(connection: target)
                let tables = try Self.tables(reading).filter { !["migration", "tail"].contains($0.name) && !left.contains($0.name) }
                for table in tables {
                    guard try reading.first(SQL(stringLiteral: "SELECT 1 FROM \(table.name) LIMIT 1"), { _ in true }) == nil else {
                        throw Refusal("copy.notEmpty", "这个数据库里已经有数据，没有做任何改动。请换一个空的数据库。")
                    }
                }
                let hindrances = try Self.hindrances(reading)
                for one in hindrances { try target.script(one.drop) }
                var rows = 0
                for (name, columns) in tables {
                    let text = "SELECT \(columns.map(\.name).joined(separator: ", ")) FROM \(name)"
                    _ = try target.bulk(into: name, columns: columns.map(\.name)) { put in
                        try source.each(SQL(stringLiteral: text)) { row in
                            put(columns.enumerated().map { place, column in
                                switch column.kind {
                                case .int: .of(row.intOrNil(place))
                                case .blob: .of(row.blobOrNil(place))
                                case .text, .any: .of(row.textOrNil(place))
                                }
                            })
                            rows += 1
                            if rows % 10_000 == 0 { progress(rows) }
                        }
                    }
                }
                for one in hindrances.reversed() { try target.script(one.make) }
                if engine == .sqlite, let broken = try reading.first("SELECT \"table\" FROM temp.pragma_foreign_key_check LIMIT 1", { $0.text(0) }) {
                    throw ConstraintBroken(kind: .foreignKey, name: broken)
                }
                for sql in adding { _ = try target.query(sql) { _ in true } }
                try target.commit("", lastID: try source.lastID())
                return rows
            } catch {
                target.rollback()
                throw error
            }
        }
    }

    /// Makes a SQLite database that nobody has open one single file that can be read without being written to.
    package func settle() throws {
        try onConnection { connection in
            if engine == .sqlite { try connection.script("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE") }
        }
    }

    /// What the schema declares. SQLite is asked through the schema that nobody keeps anything in: a view that is called like the
    /// question answers nothing.
    static func tables(_ db: Reading) throws -> [(name: String, columns: [Column])] {
        let sql: SQL = switch db.engine {
        case .sqlite:
            """
            SELECT m.name, c.name, lower(c.type), c.pk = 1, c.pk = 1 AND (SELECT max(k.pk) FROM temp.pragma_table_info(m.name) k) = 1 FROM sqlite_master m JOIN temp.pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid
            """
        case .postgres:
            """
            SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
                EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indkey[0] = a.attnum),
                EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indkey[0] = a.attnum AND i.indnkeyatts = 1)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum
            """
        }
        var found: [(name: String, columns: [Column])] = []
        _ = try db.rows(sql) { row in
            let type = row.text(2), kind: ValueKind = type.hasSuffix("int") || type == "integer" ? .int : type == "bytea" ? .blob : .text
            if found.last?.name != row.text(0) { found.append((row.text(0), [])) }
            found[found.count - 1].columns.append(Column(name: row.text(1), kind: kind, isFirstOfKey: row.bool(3), isKey: row.bool(4)))
        }
        return found
    }

    /// What only costs time while all rows are put in, in the order in which it can be dropped.
    private static func hindrances(_ db: Reading) throws -> [(drop: String, make: String)] {
        switch db.engine {
        case .sqlite:
            return try db.rows("SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type DESC, name") {
                ("DROP \($0.text(0)) \($0.text(1))", $0.text(2))
            }
        case .postgres:
            let keys = try db.rows(
                """
                SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
                WHERE (contype = 'f' OR contype = 'c' AND NOT convalidated) AND connamespace = current_schema()::regnamespace ORDER BY conrelid::regclass::text, conname
                """
            ) { ("ALTER TABLE \($0.text(0)) DROP CONSTRAINT \($0.text(1))", "ALTER TABLE \($0.text(0)) ADD CONSTRAINT \($0.text(1)) \($0.text(2))") }
            let indexes = try db.rows(
                """
                SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                WHERE c.relnamespace = current_schema()::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
                ORDER BY i.indexrelid::regclass::text
                """
            ) { ("DROP INDEX \($0.text(0))", $0.text(1)) }
            return keys + indexes
        }
    }
}
