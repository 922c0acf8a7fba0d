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
        let rows = try DefinitionStore.postgres.flatMap { try db.rows($0) { ($0.text(0), $0.text(1).replacing("\(schema).", with: "")) } }
        return SchemaListing(rows)
    }

    /// SQLite: whether indexes hold what their tables hold, and the file itself is whole. An index of another making decides what
    /// the program finds, while the check reads the table.
    package static func brokenPages(in db: Reading) throws -> [String] {
        guard db.engine == .sqlite else { return [] }
        return try db.rows("PRAGMA integrity_check(20)") { $0.textOrNil(0) ?? "" }.filter { $0 != "ok" }.map { "数据库文件或索引与表的内容不一致：\($0.prefix(200))" }
    }

    /// PostgreSQL: what stands beside the schema and decides with it. Rights and owners that no role is to have, and objects elsewhere
    /// that are called like the catalog's.
    package static func surroundings(appendOnly: Set<String>, in db: Reading) throws -> [String] {
        guard db.engine == .postgres else { return [] }
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
        return try RightsStore.findings(appendOnly: appendOnly, in: db) + shadows
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
