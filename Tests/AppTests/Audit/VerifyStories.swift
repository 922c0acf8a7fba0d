@testable import Access
@testable import App
import Foundation
@testable import Kit
import TestBench
import Testing

@Suite("yugong verify", .ownThreads)
struct VerifyStories {
    @Test("A demo world with an import and a new account is found whole; hours, files and acts edited by hand are each found")
    func edited() throws {
        try CommandLineUser.onBothEngines { user in
            #expect(try user.run("demo", "--people", "40").status == 0)
            #expect(try user.run("user", "add", "neu", "--unit", "HX").status == 0)
            let whole = try user.run("verify")
            #expect(whole.status == 0, "\(whole.said) \(whole.noted)")
            #expect(whole.said.contains("没有发现问题") && whole.said.contains("此后的操作 0 次"))

            for (text, sentence) in [
                ("UPDATE hour_entry SET hours = 9900 WHERE id = (SELECT min(id) FROM hour_entry WHERE hours IS NOT NULL)", "学时"),
                ("UPDATE person SET name = '王五' WHERE id = (SELECT min(id) FROM person)", "person"),
                ("DELETE FROM appointment WHERE id = (SELECT max(id) FROM appointment)", "appointment"),
                ("UPDATE act SET who = '别人' WHERE kind = 'account.add'", "校验码不符"),
            ] {
                try Bench.byHand(user.database, text)
                let found = try user.run("verify")
                #expect(found.status == 65, "\(text)")
                #expect(found.said.contains(sentence), "\(text): \(found.said)")
            }
        }
    }

    @Test("Rights, passwords, accounts and files that were edited by hand are each found, a name whose key was destroyed too")
    func deciding() throws {
        try CommandLineUser.onBothEngines { user in
            #expect(try user.run("demo", "--people", "40").status == 0)
            let whole = try user.run("verify")
            #expect(whole.status == 0, "\(whole.said)")
            let copied = "SELECT (SELECT max(id) FROM act) + 1,"
            for (texts, sentence) in [
                (["INSERT INTO account_grant (id, account_id, role, organization_id, from_day, to_day, given_act_id, act_id) \(copied) (SELECT min(id) FROM account), 'securityAdmin', (SELECT min(id) FROM organization), 0, 2932896, max(id), max(id) FROM act"], "account_grant"),
                (["UPDATE account SET password_hash = (SELECT password_hash FROM account WHERE id = (SELECT max(id) FROM account)) WHERE id = (SELECT min(id) FROM account)"], "account "),
                (["DELETE FROM account_factor WHERE account_id = (SELECT max(account_id) FROM account_factor)"], "account_factor"),
                (["INSERT INTO organization (id, code, act_id) \(copied) 'HX-FALSCH', max(id) FROM act"], "organization"),
                (["INSERT INTO unrecognised_institution (name, act_id) SELECT '假机构', max(id) FROM act"], "unrecognised_institution"),
                (["UPDATE person SET name = '王五' WHERE id = (SELECT max(id) FROM person)", "DELETE FROM person_key WHERE person_id = (SELECT max(id) FROM person)"], "person_key"),
            ] {
                for text in texts { try Bench.byHand(user.database, text) }
                let found = try user.run("verify")
                #expect(found.status == 65 && found.said.contains("问题：\(sentence)"), "\(texts): \(found.said)")
            }
        }
    }

    @Test("Triggers that were dropped, put out of work or emptied are found by their names")
    func schema() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            #expect(try user.run("verify").status == 0)
            let isSQLite = user.database.hasPrefix("sqlite:")
            for (text, name) in isSQLite
                ? [("DROP TRIGGER hour_entry_keep", "trigger hour_entry_keep 不在了"), ("DROP INDEX slip_open", "index slip_open 不在了"), ("CREATE TRIGGER secret AFTER INSERT ON act BEGIN DELETE FROM session; END", "trigger secret 不是程序建立的")]
                : [
                    ("DROP TRIGGER hour_entry_keep ON hour_entry", "trigger hour_entry.hour_entry_keep 不在了"), ("ALTER TABLE act DISABLE TRIGGER act_keep", "trigger act.act_keep 被改动过"),
                    ("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'", "function refuse_change() 被改动过"),
                    ("ALTER TABLE account_grant DROP CONSTRAINT account_grant_account_id_fkey", "account_grant_account_id_fkey 不在了"),
                ]
            {
                if isSQLite {
                    let database = try Database(url: user.database, readers: 1)
                    try database.writeNow(Bench.act) { try $0.run(SQL(stringLiteral: text)) }
                    database.close()
                } else { try RawPostgres(user.database).run(text) }
                let found = try user.run("verify")
                #expect(found.status == 65 && found.said.contains(name), "\(text): \(found.said)")
            }
        }
    }

    @Test("A log that was edited and begun anew is found until somebody says on record that it is known")
    func begunAnew() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/\(UUID().uuidString)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let settings = Settings(home: try Settings.fromEnvironment().home, keyFile: folder + "/the.key")
                let first = try App(database: Database(url: url, readers: 1), databaseURL: url, settings: settings)
                try await first.database.write(Bench.act) { _ = try AccountStore.add("somebody", displayName: "某人", hash: "-", in: $0) }
                try first.anchor()
                first.database.close()
                #expect(try Verification.run(database, databaseURL: url, settings: settings).findings == [])

                try Bench.byHand(url, "UPDATE act SET who = '别人' WHERE kind = 'test'", "DELETE FROM act_link", "DELETE FROM act_chain")
                try FileManager.default.removeItem(atPath: folder + "/the.key.anchor")
                let second = try App(database: Database(url: url, readers: 1), databaseURL: url, settings: settings)
                func breaks() throws -> [String] { try Verification.run(database, databaseURL: url, settings: settings).findings.filter { !$0.contains("trigger") } }
                let found = try breaks()
                #expect(found.count == 3 && found[0].contains("密钥文件记着") && found[1].contains("才开始") && found[2].contains("锚点文件在"), "\(found)")
                let ring = try #require(try second.keyFile.ring())
                let all = try database.readNow { try BreakStore.breaks(since: ring.since, seen: [], in: $0) }
                #expect(throws: Refusal.self) { try all.acknowledging("since 1:1:00", why: "查过了，属实") }
                #expect(throws: Refusal.self) { try all.acknowledging(all.open[0].key, why: "好") }
                for one in all.open { try await second.database.write(Bench.act) { try BreakStore.acknowledge(one, in: $0) } }
                #expect(try breaks() == [])
                second.database.close()

                // From then on the new beginning is the one that counts.
                let third = try App(database: Database(url: url, readers: 1), databaseURL: url, settings: settings)
                third.database.close()
                #expect(try third.keyFile.ring()?.since != ring.since)
                #expect(try breaks() == [])
                let line = try String(contentsOfFile: folder + "/the.key", encoding: .utf8).replacing(":1:", with: ":2:")
                try line.write(toFile: folder + "/the.key", atomically: true, encoding: .utf8)
                #expect(try breaks().contains { $0.contains("那一行被改动过") })
            }
        }
    }

    @Test("The last check is a second anchor: a log cut shorter than it saw is found beside an old anchor, also the time after")
    func secondAnchor() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            let anchor = user.folder + "/the.key.anchor", old = try String(contentsOfFile: anchor, encoding: .utf8)
            #expect(try user.run("user", "add", "neu", "--unit", "HX").status == 0)
            let kept = try String(contentsOfFile: anchor, encoding: .utf8)
            try kept.write(toFile: user.folder + "/kept", atomically: true, encoding: .utf8)
            #expect(try user.run("verify", "--anchor", "kept").status == 0)
            let last = "(SELECT act_id FROM act_change WHERE subject = 'account')"
            try Bench.byHand(
                user.database, "CREATE TABLE cut AS SELECT min(id) AS id FROM act WHERE id >= \(last)", "DELETE FROM act_change WHERE act_id >= (SELECT id FROM cut)",
                "DELETE FROM act_mark WHERE act_id >= (SELECT id FROM cut)", "DELETE FROM act_link WHERE act_id >= (SELECT id FROM cut)",
                "DELETE FROM account_grant", "DELETE FROM account", "DELETE FROM act_chain WHERE id NOT IN (SELECT chain_id FROM act_link)",
                "UPDATE act_chain SET last_act_id = (SELECT max(act_id) FROM act_link WHERE chain_id = act_chain.id), sequence = (SELECT max(sequence) FROM act_link WHERE chain_id = act_chain.id), mac = (SELECT mac FROM act_link WHERE chain_id = act_chain.id ORDER BY sequence DESC LIMIT 1)",
                "DELETE FROM act WHERE id >= (SELECT id FROM cut)", "DROP TABLE cut")
            try old.write(toFile: anchor, atomically: true, encoding: .utf8)
            for _ in 0..<2 {
                let found = try user.run("verify")
                #expect(found.status == 65 && found.said.contains("上一次核对见过它"), "\(found.said)")
            }
            // Without the note the copy that lies elsewhere says it.
            try FileManager.default.removeItem(atPath: user.folder + "/the.key.verified")
            #expect(try !user.run("verify").said.contains("上一次核对见过它"))
            try? FileManager.default.removeItem(atPath: user.folder + "/the.key.verified")
            #expect(try user.run("verify", "--anchor", "kept").said.contains("上一次核对见过它"))
        }
    }
}
