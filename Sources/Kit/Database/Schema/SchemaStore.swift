/// Reads what a schema consists of, and what the log says it should.
package enum SchemaStore {
    package static func listing(in db: Reading) throws -> SchemaListing {
        guard db.engine == .postgres else {
            return SchemaListing(
                try db.rows("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'backup'") {
                    ("\($0.text(0)) \($0.text(1))", $0.text(2))
                })
        }
        let schema = try db.first("SELECT CAST(current_schema() AS TEXT)") { $0.text(0) } ?? ""
        let rows = try definitions.flatMap { try db.rows($0) { ($0.text(0), $0.text(1).replacing("\(schema).", with: "")) } }
        return SchemaListing(rows)
    }

    /// Whatever decides what may stand in a table or happens when it is written to, in the current schema.
    private static let definitions: [SQL] = [
        """
        SELECT 'table ' || c.relname, CAST(c.relkind AS TEXT) || CAST(c.relrowsecurity AS TEXT) || string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' '
            || CAST(a.attnotnull AS TEXT) || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), ''), ', ' ORDER BY a.attname)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'v', 'm', 'p', 'f') GROUP BY c.relname, c.relkind, c.relrowsecurity
        """,
        """
        SELECT 'constraint ' || r.relname || '.' || c.conname, pg_get_constraintdef(c.oid) || CAST(c.convalidated AS TEXT)
        FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid WHERE c.connamespace = CAST(current_schema() AS regnamespace) AND c.contype <> 'n'
        """,
        """
        SELECT 'index ' || c.relname, pg_get_indexdef(c.oid) || CAST(i.indisvalid AS TEXT)
        FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
        """,
        """
        SELECT 'trigger ' || t.tgname, pg_get_triggerdef(t.oid) || CAST(t.tgenabled AS TEXT) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND NOT t.tgisinternal
        """,
        """
        SELECT 'foreign keys of ' || c.relname, CAST(bool_and(t.tgenabled = 'O') AS TEXT) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND t.tgisinternal GROUP BY c.relname
        """,
        """
        SELECT 'function ' || p.proname, p.prosrc FROM pg_proc p WHERE p.pronamespace = CAST(current_schema() AS regnamespace)
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        """,
        """
        SELECT 'rule ' || r.rulename, pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
        """,
    ]

    static func serverVersion(in db: Reading) throws -> String { try db.first("SHOW server_version_num") { $0.text(0) } ?? "" }

    /// PostgreSQL only: the migrations in a schema of their own, in a transaction that is undone; nil where the role may not.
    static func madeAside(_ migrations: [Migration], _ database: Database) throws -> SchemaListing? {
        try database.onConnection { connection in
            let reading = Reading(connection: connection), name = "yugong_aside_\(Secrets.random(6).hex)"
            guard try reading.count("SELECT CASE WHEN has_database_privilege(current_database(), 'CREATE') THEN 1 ELSE 0 END") == 1 else { return nil }
            try connection.script("BEGIN")
            defer { connection.rollback() }
            // Extensions stay where they are.
            let present = try reading.first("SELECT CAST(current_schema() AS TEXT)") { $0.text(0) } ?? "public"
            try connection.script("CREATE SCHEMA \(name); SET LOCAL search_path TO \(name), \"\(present)\"; \(Migration.table)")
            for migration in migrations { try connection.script(migration.text(.postgres)) }
            return try listing(in: reading)
        }
    }

    // MARK: In the log

    private static let subject = "schema"

    /// As it was noted last, and for which migrations on which server; nil where it never was.
    package static func noted(in db: Reading) throws -> (schema: SchemaListing, of: String)? {
        guard let json = try db.first(SQL("SELECT after_image FROM act_change WHERE subject = \(subject) ORDER BY id DESC LIMIT 1"), { $0.text(0) }) else { return nil }
        let image = try RowImage(json: json)
        return (SchemaListing(text: image.text("objects") ?? ""), image.text("made_by") ?? "")
    }

    static func note(_ schema: SchemaListing, of maker: String, in db: Writing) throws {
        try db.change(subject, db.actID, before: nil, after: RowImage(["objects": .text(schema.text), "made_by": .text(maker)]).json)
    }
}
