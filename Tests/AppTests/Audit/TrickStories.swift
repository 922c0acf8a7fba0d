@testable import Access
@testable import Accounts
@testable import App
import Foundation
@testable import Kit
@testable import TestBench
import Testing
import World

/// Edits that aim at the check itself: at what it does not read, at what a start repairs, at what it asks.
@Suite("Edits that aim at the check", .ownThreads)
struct TrickStories {
    /// A world with a key of its own, and how its check is asked on any connection.
    private struct Stand {
        let url: String, settings: Settings, folder: String
        var key: KeyFile { KeyFile(path: folder + "/the.key") }

        init(_ url: String) throws {
            self.url = url
            folder = NSTemporaryDirectory() + "/\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            settings = Settings(home: try Settings.fromEnvironment().home, keyFile: folder + "/the.key")
        }

        func end() { try? FileManager.default.removeItem(atPath: folder) }

        /// One start and its end.
        func start() throws {
            let app = try App(database: Database(url: url, readers: 1), databaseURL: url, settings: settings)
            app.database.close()
        }

        /// Triggers that a hand has dropped are not what is looked for.
        func findings() throws -> [String] {
            let database = try Database(url: url, readers: 1)
            defer { database.close() }
            return try Verification.run(database, databaseURL: url, settings: settings).findings.filter { !$0.contains("trigger") }
        }
    }

    /// A world that an account was added to, by a program that is still to be ended.
    private static func with(_ engine: Engine, _ body: @escaping @Sendable (Stand, App, String) async throws -> Void) async throws {
        try await Bench.with(engine) { database, url in
            database.close()
            let stand = try Stand(url)
            defer { stand.end() }
            let app = try App(database: Database(url: url, readers: 1), databaseURL: url, settings: stand.settings)
            try await app.database.write(Bench.act) { _ = try AccountStore.add("somebody", displayName: "某人", hash: "-", in: $0) }
            try await body(stand, app, url)
        }
    }

    @Test("What no query of the check reads, or another reads otherwise, is found all the same, and one unreadable row hides nothing else")
    func unread() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let stand = try Stand(url)
                defer { stand.end() }
                let app = try App(database: database, databaseURL: url, settings: stand.settings)
                _ = try await Demo.fill(database, numbers: app.numbers, people: 40, who: .system, passwords: .least)
                try app.anchor()
                let ring = try #require(try app.keyFile.ring()), rows = try #require(database.keptRows)
                let outside = Verification.Outside(ring: ring, anchor: app.keyFile.anchor.read(ring.auditKey), now: Clock.nowMilliseconds)
                let schema = engine == .sqlite ? try SchemaListing.made(by: Migrations.all, beside: database) : nil
                #expect(try stand.findings() == [])
                let hand = try EveryColumn(url, vault: PersonVault(key: ring.data))
                defer { hand.close() }
                for (words, texts) in Self.both + (engine == .sqlite ? Self.sqlite : Self.postgres) {
                    // What only defines changes no row: the last statement does.
                    let edit = EveryColumn.Edit(table: "act", column: "*", what: words, texts: texts + ["UPDATE tail SET one = one"])
                    let findings = try hand.after(edit) { db in try Verification.check(db, outside, rows, schema, Features.all) { _, _, _ in }.findings }
                    #expect(findings?.contains { $0.contains(words) } == true, "\(engine) \(texts): \(findings ?? [])")
                }
            }
        }
    }

    private static let least = "INSERT INTO act (id, at_ms, who, origin, kind, why) VALUES (-9223372036854775808, 0, '系统', '', 'x', '')"
    private static let columns = """
        person_id, source_key + 7, revision, sign, prior_revision, prior_sign, source_code, title, form, is_selected, purpose, content, host_id, institution, \
        from_day, to_day, half_days, hours, is_completed, act_id
        """
    private static func entry(_ id: String) -> String {
        "INSERT INTO hour_entry (id, \(columns.replacing(" + 7", with: ""))) SELECT \(id), \(columns) FROM hour_entry WHERE id = (SELECT min(id) FROM hour_entry)"
    }

    private static let both: [(String, [String])] = [
        ("编号：act 的 id", [least]),
        ("编号：act_change 的 act_id", [least, "INSERT INTO act_change (id, act_id, subject, subject_id, after_image) VALUES (5, -9223372036854775808, 'break', 1, '{}')"]),
        ("编号：hour_entry 的 id", [entry("-9223372036854775808")]),
        ("早于审计链的开头", [entry("1")]),
        ("person ", [
            "INSERT INTO act_change (id, act_id, subject, subject_id, after_image) SELECT 6, min(id), 'break', 1, '[' FROM act",
            "UPDATE person SET name = '王五' WHERE id = (SELECT min(id) FROM person)",
        ]),
        ("编号登记", ["UPDATE tail SET last_id = last_id + 1000000000000000"]),
        ("没有登记过任何", ["DELETE FROM act_change WHERE subject = 'kept_table'"]),
        ("没有登记过这张表", ["DELETE FROM act_change WHERE subject = 'kept_table' AND after_image LIKE '%\"account\"%'"]),
    ]

    private static let sqlite: [(String, [String])] = [
        ("数据类型：act_change 的 subject", ["UPDATE act_change SET subject = CAST(subject AS BLOB) WHERE subject = 'kept_table'"]),
        ("数据类型：act 的 kind", ["UPDATE act SET kind = CAST(kind AS BLOB) WHERE id = (SELECT max(id) FROM act)"]),
        ("数据类型：act_mark 的 act_id", ["INSERT INTO act_mark (id, act_id, subject, marks) VALUES (7, CAST('5' AS BLOB), 'account', x'00')"]),
        ("数据类型：account 的 name", ["UPDATE account SET name = CAST(name AS BLOB) WHERE id = (SELECT min(id) FROM account)"]),
        ("trigger backup", ["CREATE TRIGGER backup AFTER UPDATE ON account BEGIN SELECT 1; END"]),
        ("table backup", ["CREATE TABLE backup (a TEXT)"]),
        ("view pragma_table_info", ["CREATE VIEW pragma_table_info AS SELECT 1 AS x"]), ("table pragma_index_list", ["CREATE TABLE pragma_index_list (a TEXT)"]),
        ("view json_each", ["CREATE VIEW json_each AS SELECT 1 AS key"]),
    ]

    private static let evil = ["CREATE SCHEMA evil", "CREATE FUNCTION evil.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"]
    private static let postgres: [(String, [String])] = [
        ("trigger session.act_keep", evil + ["CREATE TRIGGER act_keep BEFORE UPDATE ON session FOR EACH ROW EXECUTE FUNCTION evil.f()"]),
        ("function refuse_change(integer)", ["CREATE FUNCTION refuse_change(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'"]),
        ("数据库权限", ["GRANT UPDATE ON act TO PUBLIC"]), ("数据库权限", ["GRANT UPDATE (who) ON act TO PUBLIC"]),
        ("PUBLIC 对 account 有 SELECT", ["GRANT SELECT ON account TO PUBLIC"]), ("pg_monitor 对 migration 有 UPDATE", ["GRANT UPDATE ON migration TO pg_monitor"]),
        ("pg_monitor 对 act_chain 有 DELETE", ["GRANT DELETE ON act_chain TO pg_monitor"]), ("pg_monitor 对 account 有 TRIGGER", ["GRANT TRIGGER ON account TO pg_monitor"]),
        ("pg_monitor 对模式 public 有 CREATE", ["GRANT ALL ON SCHEMA public TO pg_monitor"]), ("还能转授", ["GRANT SELECT ON account TO pg_monitor WITH GRANT OPTION"]),
        ("act 属于账号 pg_monitor", ["ALTER TABLE act OWNER TO pg_monitor"]), ("refuse_change() 属于账号 pg_monitor", ["ALTER FUNCTION refuse_change() OWNER TO pg_monitor"]),
        ("能改动只能追加的表", ["CREATE ROLE yugong_trick SUPERUSER", "GRANT INSERT ON act TO yugong_trick"]),
        ("能改动只能追加的表", ["CREATE ROLE yugong_trick", "GRANT INSERT ON act TO yugong_trick", "ALTER SCHEMA public OWNER TO yugong_trick"]),
        ("table account 被改动过", [
            "CREATE SCHEMA evil", "CREATE COLLATION evil.\"default\" (provider = icu, locale = 'und-u-ks-level1', deterministic = false)",
            "ALTER TABLE account ALTER COLUMN name TYPE text COLLATE evil.\"default\"",
        ]),
        ("table message 被改动过", ["ALTER TABLE message FORCE ROW LEVEL SECURITY"]), ("policy message.rows_of_all", ["CREATE POLICY rows_of_all ON message USING (true)"]),
        ("type short", ["CREATE DOMAIN short AS text"]), ("type mood", ["CREATE TYPE mood AS ENUM ('good')"]), ("collation mine", ["CREATE COLLATION mine FROM \"C\""]),
        ("table message 被改动过", ["ALTER TABLE message ALTER COLUMN text SET DEFAULT 'x'"]),
        ("table account_device", ["ALTER TABLE account_device SET UNLOGGED"]),
        ("evil.pg_trigger", ["CREATE SCHEMA evil", "CREATE VIEW evil.pg_trigger AS SELECT * FROM pg_catalog.pg_trigger"]),
        ("child evil.more", ["CREATE SCHEMA evil", "CREATE TABLE evil.more () INHERITS (public.message)"]),
    ]

    @Test("What was edited by hand is found although an act has written the row again since")
    func rewritten() async throws {
        for engine in Bench.engines {
            try await Self.with(engine) { stand, app, url in
                try app.anchor()
                try Bench.byHand(url, "UPDATE account SET display_name = '别人' WHERE name = 'somebody'")
                try await app.database.write(Bench.act) { db in
                    let account = try #require(try AccountStore.account(named: "somebody", in: db))
                    try AccountStore.set(.locked, of: account, in: db)
                }
                app.database.close()
                #expect(try stand.findings().contains { $0.hasPrefix("account ") && $0.contains("有人直接改过") })
            }
        }
    }

    @Test("An index that says something else than its table is found; what PostgreSQL's roles and databases set bends nothing")
    func surroundings() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                database.close()
                let stand = try Stand(url)
                defer { stand.end() }
                try stand.start()
                guard engine == .sqlite else {
                    let name = try #require(URLComponents(string: url)).path.dropFirst(), root = try RawPostgres(url)
                    try root.run("ALTER DATABASE \(name) SET search_path = pg_temp, public")
                    try root.run("ALTER DATABASE \(name) SET quote_all_identifiers = on")
                    #expect(try stand.findings() == [])
                    return
                }
                // One that has every row elsewhere; afterwards the schema says what it always said.
                try Bench.byHand(
                    url, "DROP INDEX act_kind", "CREATE INDEX act_kind ON act (why || 'x', id)",
                    "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE INDEX act_kind ON act (kind, id)' WHERE name = 'act_kind'; PRAGMA writable_schema = OFF")
                #expect(try stand.findings().contains { $0.contains("索引与表的内容不一致") })
            }
        }
    }

    @Test("A start repairs no evidence: not by a column that is renamed for a while, nor by emptied heads, nor by a line of the key file that is gone; and an unreadable image stops none")
    func repaired() async throws {
        for engine in Bench.engines {
            try await Self.with(engine) { stand, app, url in
                try app.anchor()
                app.database.close()
                #expect(try stand.findings() == [])

                // The line that says where the chains begin.
                let text = try String(contentsOfFile: stand.key.path, encoding: .utf8)
                try text.split(separator: "\n").filter { !$0.hasPrefix("since ") }.map { $0 + "\n" }.joined().write(toFile: stand.key.path, atomically: true, encoding: .utf8)
                try stand.start()
                #expect(try stand.findings().contains { $0.contains("没有记着审计链从哪里开始") })
                try text.write(toFile: stand.key.path, atomically: true, encoding: .utf8)

                try Bench.byHand(url, "UPDATE account SET display_name = '别人'", "ALTER TABLE account RENAME COLUMN display_name TO other_name")
                try stand.start()
                try Bench.byHand(url, "ALTER TABLE account RENAME COLUMN other_name TO display_name")
                try stand.start()
                #expect(try stand.findings().contains { $0.hasPrefix("account ") && $0.contains("不同") })

                // Heads and anchor gone for one start.
                try Bench.byHand(url, "CREATE TABLE kept AS SELECT * FROM act_chain", "DELETE FROM act_chain")
                try FileManager.default.removeItem(atPath: stand.key.anchor.path)
                try stand.start()
                try Bench.byHand(url, "INSERT INTO act_chain SELECT * FROM kept", "DROP TABLE kept")
                #expect(try stand.findings().contains { $0.contains("锚点文件在") })

                for (id, subject) in ["break", "kept_table", "schema"].enumerated() {
                    try Bench.byHand(url, "INSERT INTO act_change (id, act_id, subject, subject_id, after_image) SELECT \(id + 1), min(id), '\(subject)', 1, '[' FROM act")
                }
                try stand.start()
                #expect(try stand.findings().contains { $0.contains("校验码不符") })
            }
        }
    }

    @Test("An anchor forgets no chain because the table of heads was written to for one start")
    func aside() async throws {
        for engine in Bench.engines {
            try await Self.with(engine) { stand, app, url in
                try await app.database.write(Bench.act) { try $0.change("thing", 1, before: nil, after: "{}") }
                try app.anchor()
                let head = try #require(try app.database.readNow(ChainStore.tips).last), last = try app.database.readNow(ChainStore.lastActs).last?.act ?? 0
                app.database.close()
                try Bench.byHand(url, "DELETE FROM act_chain WHERE id = \(head.chain)")
                try stand.start()
                let tables = ["act_link", "act_mark", "act_change"].map { "DELETE FROM \($0) WHERE act_id = \(last)" } + ["DELETE FROM act WHERE id = \(last)"]
                for text in tables { try Bench.byHand(url, text) }
                try Bench.byHand(
                    url, "INSERT INTO act_chain (id, sequence, mac, last_act_id) SELECT chain_id, sequence, mac, act_id FROM act_link WHERE chain_id = \(head.chain) AND sequence = \(head.sequence - 1)")
                for _ in 0..<2 {
                    #expect(try stand.findings().contains { $0.contains("链 \(head.chain) 的末尾被截去") }, "\(engine)")
                    try stand.start()
                }
            }
        }
    }

    @Test("A migration that was unmade by hand, and a file that says a start was killed, open no table that migrations do not touch")
    func unmade() async throws {
        for engine in Bench.engines {
            try await Self.with(engine) { stand, app, url in
                try app.anchor()
                app.database.close()
                let unmake = ["DROP TABLE message", "DELETE FROM migration WHERE name = '0020-messages'"]
                try Bench.byHand(url, "UPDATE account SET display_name = '别人'", "ALTER TABLE account RENAME COLUMN display_name TO other_name")
                for text in unmake { try Bench.byHand(url, text) }
                try "".write(toFile: stand.key.path + ".migrating", atomically: true, encoding: .utf8)
                try stand.start()
                #expect(!FileManager.default.fileExists(atPath: stand.key.path + ".migrating"))
                try Bench.byHand(url, "ALTER TABLE account RENAME COLUMN other_name TO display_name")
                try stand.start()
                #expect(try stand.findings().contains { $0.hasPrefix("account ") && $0.contains("不同") }, "\(engine)")
                // A table whose entry in the log was hidden is no new one.
                try Bench.byHand(url, "UPDATE act_change SET subject = 'kept' WHERE subject = 'kept_table' AND after_image LIKE '%\"account\"%'")
                for text in unmake { try Bench.byHand(url, text) }
                try stand.start()
                try Bench.byHand(url, "UPDATE act_change SET subject = 'kept_table' WHERE subject = 'kept'")
                #expect(try stand.findings().contains { $0.hasPrefix("account ") && $0.contains("不同") }, "\(engine)")
            }
        }
    }

    @Test("A backup's own date is what its anchor was sealed with; acts whose ids are ahead of their time are found by their day")
    func dates() async throws {
        let key = AuditKey(bytes: [UInt8](repeating: 7, count: 32)), anchor = Anchor(atMilliseconds: 5, lastID: 9, heads: [])
        for (made, engine, isSealed) in [(5, "sqlite", true), (4, "sqlite", false), (5, "zz", false)] {
            let note = Backup.Note(madeMilliseconds: Int64(made), engine: engine, anchor: anchor.text(key))
            let wanted: AnchorFile.Content = isSealed ? .anchor(anchor) : .broken
            #expect(note.content(key) == wanted)
        }
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                try Bench.byHand(url, "UPDATE tail SET last_id = 4270850048000000000")
                let today = Clock.today
                try await database.write(Bench.act) { try $0.change("thing", 1, before: nil, after: "{}") }
                let found = try await database.read { db in try AuditStore.lines(AuditAsk(from: today, to: today), limit: 5, in: db) }
                #expect(found.count == 1)
            }
        }
    }
}
