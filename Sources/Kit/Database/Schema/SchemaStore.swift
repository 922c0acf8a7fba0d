/// Reads what a schema consists of, and what the log says it should.
package enum SchemaStore {
    /// `isBackup`: the table that makes a copy a backup is no stranger.
    package static func listing(isBackup: Bool = false, in db: Reading) throws -> SchemaListing {
        guard db.engine == .postgres else {
            // Of its own SQLite keeps indexes without a text and these tables; whatever else is called like them is listed.
            let own = ["sqlite_sequence", "sqlite_stat1", "sqlite_stat2", "sqlite_stat3", "sqlite_stat4"] + (isBackup ? ["backup"] : [])
            return SchemaListing(
                try db.rows("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND NOT (type = 'table' AND name IN (\(list: own)))") {
                    ("\($0.text(0)) \($0.text(1))", "\($0.text(2)) \($0.text(3))")
                })
        }
        let schema = try db.first("SELECT CAST(current_schema() AS TEXT)") { $0.text(0) } ?? ""
        let rows = try definitions.flatMap { try db.rows($0) { ($0.text(0), $0.text(1).replacing("\(schema).", with: "")) } }
        return SchemaListing(rows)
    }

    /// Whatever decides what may stand in a table or happens when it is written to, in the current schema.
    private static let definitions: [SQL] = [
        """
        SELECT 'table ' || c.relname, CAST(c.relkind AS TEXT) || CAST(c.relpersistence AS TEXT) || CAST(c.relrowsecurity AS TEXT)
            || string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || CAST(a.attnotnull AS TEXT) || ' '
            || coalesce(CAST(o.collname AS TEXT), '') || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), ''), ', ' ORDER BY a.attname)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum LEFT JOIN pg_collation o ON o.oid = a.attcollation
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S', 'c')
        GROUP BY c.relname, c.relkind, c.relpersistence, c.relrowsecurity
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
        SELECT 'trigger ' || c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || CAST(t.tgenabled AS TEXT) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND NOT t.tgisinternal
        """,
        """
        SELECT 'foreign keys of ' || c.relname, CAST(bool_and(t.tgenabled = 'O') AS TEXT) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND t.tgisinternal GROUP BY c.relname
        """,
        """
        SELECT 'function ' || CAST(CAST(p.oid AS regprocedure) AS TEXT), CAST(p.prokind AS TEXT) || CAST(p.prosecdef AS TEXT) || CAST(p.provolatile AS TEXT)
            || CAST(l.lanname AS TEXT) || ' ' || coalesce(array_to_string(p.proconfig, ','), '') || ' ' || coalesce(p.prosrc, '')
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = CAST(current_schema() AS regnamespace)
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_proc' AS regclass) AND d.objid = p.oid AND d.deptype = 'e')
        """,
        """
        SELECT 'rule ' || c.relname || '.' || r.rulename, pg_get_ruledef(r.oid) || CAST(r.ev_enabled AS TEXT) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
        """,
        // A child's rows are read with its parent's, wherever it lies.
        """
        SELECT 'child ' || CAST(CAST(i.inhrelid AS regclass) AS TEXT), CAST(c.relname AS TEXT) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
        """,
        """
        SELECT 'operator ' || CAST(CAST(o.oid AS regoperator) AS TEXT), CAST(o.oprcode AS TEXT) FROM pg_operator o
        WHERE o.oprnamespace = CAST(current_schema() AS regnamespace)
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_operator' AS regclass) AND d.objid = o.oid AND d.deptype = 'e')
        """,
    ]

    /// SQLite: whether indexes hold what their tables hold, and the file itself is whole. An index of another making decides what
    /// the program finds, while the check reads the table.
    package static func brokenPages(in db: Reading) throws -> [String] {
        guard db.engine == .sqlite else { return [] }
        return try db.rows("PRAGMA integrity_check(20)") { $0.textOrNil(0) ?? "" }.filter { $0 != "ok" }.map { "数据库文件或索引与表的内容不一致：\($0.prefix(200))" }
    }

    /// PostgreSQL: what stands beside the schema and decides with it. Rights on what can only be added to that somebody other than
    /// its owner has, and objects elsewhere that are called like the catalog's.
    package static func surroundings(appendOnly: Set<String>, in db: Reading) throws -> [String] {
        guard db.engine == .postgres else { return [] }
        let names = appendOnly.sorted()
        let rights = try db.rows(
            """
            SELECT CAST(c.relname AS TEXT), coalesce(CAST(r.rolname AS TEXT), 'PUBLIC'), CAST(x.privilege_type AS TEXT)
            FROM pg_class c CROSS JOIN LATERAL (
                SELECT e.grantee, e.privilege_type FROM aclexplode(c.relacl) e
                UNION SELECT e.grantee, e.privilege_type FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) e WHERE a.attrelid = c.oid) x
                LEFT JOIN pg_roles r ON r.oid = x.grantee
            WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relname IN (\(list: names)) AND x.grantee <> c.relowner
                AND x.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER') ORDER BY 1, 2, 3
            """
        ) { "数据库权限：账号 \($0.text(1)) 对 \($0.text(0)) 有 \($0.text(2)) 权，只能追加的表不应给任何人" }
        let shadows = try db.rows(
            """
            SELECT CAST(n.nspname AS TEXT) || '.' || CAST(o.name AS TEXT) FROM (
                SELECT c.relnamespace AS space, c.relname AS name FROM pg_class c
                    WHERE EXISTS (SELECT 1 FROM pg_class k WHERE k.relnamespace = CAST('pg_catalog' AS regnamespace) AND k.relname = c.relname)
                UNION SELECT p.pronamespace, p.proname FROM pg_proc p
                    WHERE EXISTS (SELECT 1 FROM pg_proc k WHERE k.pronamespace = CAST('pg_catalog' AS regnamespace) AND k.proname = p.proname)
                    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_proc' AS regclass) AND d.objid = p.oid AND d.deptype = 'e')
            ) o JOIN pg_namespace n ON n.oid = o.space
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\\_temp%' AND n.nspname NOT LIKE 'pg\\_toast\\_temp%'
                AND n.oid <> CAST(current_schema() AS regnamespace) ORDER BY 1 LIMIT 20
            """
        ) { "数据库结构：\($0.text(0)) 与系统自带的同名，不是程序建立的" }
        return rights + shadows
    }

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

    /// As it was noted last, and for which migrations on which server; nil where it never was. One that cannot be read is no note:
    /// the check of the chain tells of it, and nobody is kept from starting.
    package static func noted(in db: Reading) throws -> (schema: SchemaListing, of: String)? {
        let texts = try db.rows(SQL("SELECT after_image FROM act_change WHERE subject = \(subject) ORDER BY id DESC LIMIT 10")) { $0.textOrNil(0) ?? "" }
        guard let image = texts.lazy.compactMap({ try? RowImage(json: $0) }).first else { return nil }
        return (SchemaListing(text: image.text("objects") ?? ""), image.text("made_by") ?? "")
    }

    /// What is to be there by the latest note that this release can read.
    package static func wanted(in db: Reading) throws -> SchemaListing? {
        try noted(in: db).flatMap { $0.of.hasPrefix(SchemaListing.form) ? $0.schema : nil }
    }

    static func note(_ schema: SchemaListing, of maker: String, in db: Writing) throws {
        try db.change(subject, db.actID, before: nil, after: RowImage(["objects": .text(schema.text), "made_by": .text(maker)]).json)
    }
}
