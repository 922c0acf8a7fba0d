import Foundation
import Kit
import TestBench
import Testing

@Suite("PostgreSQL with two roles", .ownThreads)
struct RoleStories {
    @Test("One role owns and migrates, the other serves: it works, changes nothing of what is on record, and takes no right back")
    func two() throws {
        try CommandLineUser.onBothEngines { user in
            guard !user.database.hasPrefix("sqlite:"), let cluster = Bench.cluster else {
                #expect(try user.run("migrate", "--serving-role", "anybody").status == 64)
                return
            }
            let name = "yugong_role_\(UUID().uuidString.prefix(8).lowercased())", owner = name + "_owner", serving = name + "_serving"
            let database = try #require(URLComponents(string: user.database)).path.dropFirst()
            func address(_ role: String) throws -> String {
                var parts = try #require(URLComponents(string: user.database))
                (parts.user, parts.password) = (role, "geheim")
                return try #require(parts.string)
            }
            let root = try RawPostgres(cluster)
            for role in [owner, serving] { try root.run("CREATE ROLE \(role) LOGIN PASSWORD 'geheim'") }
            try root.run("ALTER DATABASE \(database) OWNER TO \(owner)")
            defer {
                Bench.remove(user.database)
                for role in [owner, serving] { _ = try? root.run("DROP ROLE \(role)") }
            }
            let (owning, served) = (try address(owner), try address(serving))
            #expect(try user.run("migrate", "--serving-role", "nobody_there", database: owning).noted.contains("没有账号"))
            let granted = try user.run("migrate", "--serving-role", serving, database: owning)
            #expect(granted.status == 0, "\(granted.noted)")

            let demo = try user.run("demo", "--people", "40", database: served)
            #expect(demo.status == 0, "\(demo.noted)")
            #expect(try user.run("backup", "a.backup", database: served).status == 0)
            let sound = try user.run("verify", database: served)
            #expect(sound.status == 0, "\(sound.said)")

            for text in [
                "UPDATE act SET who = '别人'", "DELETE FROM act_change", "TRUNCATE act_link", "UPDATE act_mark SET marks = marks", "DELETE FROM hour_entry",
                "DELETE FROM act_chain", "ALTER TABLE act DISABLE TRIGGER act_keep", "DROP TRIGGER act_keep ON act", "CREATE TABLE mine (id INTEGER)",
                "UPDATE migration SET digest = ''", "SET session_replication_role = replica", "DROP TABLE account",
            ] {
                let hand = try RawPostgres(served)
                #expect(throws: Refusal.self, "\(text)") { try hand.run(text) }
            }
            // PostgreSQL only warns whoever grants what is not theirs: nothing came of it.
            let hand = try RawPostgres(served)
            _ = try? hand.run("GRANT ALL ON act, hour_entry TO \(serving)")
            #expect(throws: Refusal.self) { try hand.run("DELETE FROM hour_entry") }

            #expect(try user.run("restore", "a.backup", database: served).status != 0)

            // What the owner, or whoever is above it, gives the serving role beyond what it needs is told, whoever asks.
            let (asOwner, asRoot) = (try RawPostgres(owning), try RawPostgres(user.database))
            for (server, give, take, words) in [
                (asOwner, "GRANT UPDATE ON migration TO \(serving)", "REVOKE UPDATE ON migration FROM \(serving)", "对 migration 有 UPDATE"),
                (asOwner, "GRANT DELETE ON act_chain TO \(serving)", "REVOKE DELETE ON act_chain FROM \(serving)", "对 act_chain 有 DELETE"),
                (asOwner, "GRANT CREATE ON SCHEMA public TO \(serving)", "REVOKE CREATE ON SCHEMA public FROM \(serving)", "对模式 public 有 CREATE"),
                (asRoot, "GRANT \(owner) TO \(serving)", "REVOKE \(owner) FROM \(serving)", "能以数据表主人的身份行事"),
            ] {
                try server.run(give)
                for address in [owning, served] {
                    let found = try user.run("verify", database: address)
                    #expect(found.status == 65 && found.said.contains(words), "\(give): \(found.said)")
                }
                try server.run(take)
            }
            try asOwner.run("GRANT DELETE ON act_chain, migration TO \(serving)")
            try asOwner.run("GRANT CREATE ON SCHEMA public TO \(serving)")
            #expect(try user.run("migrate", "--serving-role", serving, database: owning).status == 0, "it gives what is needed and takes what is not")
            let again = try user.run("verify", database: served)
            #expect(again.status == 0, "\(again.said)")
            // An older schema: who serves is told who brings it up to date.
            try RawPostgres(owning).run("DELETE FROM migration WHERE name = (SELECT max(name) FROM migration)")
            let older = try user.run("user", "list", database: served)
            #expect(older.status == 69 && older.noted.contains("yugong migrate"), "\(older.noted)")
        }
    }
}
