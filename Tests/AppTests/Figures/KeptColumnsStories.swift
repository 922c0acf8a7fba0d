import Foundation
import Kit
import TestBench
import Testing

@Suite("Columns that the served program keeps", .ownThreads)
struct KeptColumnsStories {
    @Test("An orderly end leaves them beside the key, a command tells the same figures from them, kill -9 leaves them as they are, a restore takes them away")
    func kept() async throws {
        try await CommandLineUser.onBothEngines { user in
            let name = "the.key.columns", path = user.folder + "/" + name
            #expect(try await user.command("demo", "--people", "2500").status == 0)
            func figures() async throws -> String {
                try await user.command("indicators", "--policy", "beijing-cadres-2019-2023", "--year", "2022", "--unit", "HX", "--subtree", "--format", "json").said
            }
            func served() throws -> KillStories.Served { try KillStories.Served(user.database, key: user.folder + "/the.key", folder: user.folder) }
            let before = try await figures()
            #expect(before.contains("findings"))
            #expect(!user.has(name), "a command writes none")
            // Who is stopped before the columns were read has nothing to write.
            try await eventually {
                let server = try served()
                try await Task.sleep(for: .seconds(2))
                server.end(SIGTERM)
                return user.has(name)
            }
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            #expect(try await figures() == before)

            let whole = FileManager.default.contents(atPath: path), server = try served()
            server.end(SIGKILL)
            #expect(FileManager.default.contents(atPath: path) == whole)
            #expect(try await figures() == before)
            // One that is damaged changes nothing.
            _ = FileManager.default.createFile(atPath: path, contents: whole?.dropLast(1))
            #expect(try await figures() == before)

            let backup = try await user.command("backup", "a.backup")
            #expect(backup.status == 0, "\(backup.noted)")
            let url = try user.database.hasPrefix("sqlite:") ? "sqlite:\(user.folder)/restored.db" : Bench.makeEmpty(.postgres)
            defer { Bench.remove(url) }
            let restored = try await onThread { try user.run("restore", "a.backup", database: url) }
            #expect(restored.status == 0, "\(restored.noted)")
            #expect(!user.has(name))
        }
    }
}
