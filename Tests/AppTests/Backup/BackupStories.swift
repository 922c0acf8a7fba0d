@testable import Access
@testable import App
import Foundation
import Kit
import TestBench
import Testing

@Suite("yugong backup, yugong restore", .ownThreads)
struct BackupStories {
    /// An empty database of each engine for a restore, gone afterwards.
    static func intoBothEngines(_ user: CommandLineUser, _ body: (String) throws -> Void) throws {
        for engine in Bench.engines {
            let url = engine == .sqlite ? "sqlite:\(user.folder)/restored-\(UUID().uuidString).db" : try Bench.makeEmpty(engine)
            defer { Bench.remove(url) }
            try body(url)
        }
    }

    @Test("What was backed up from either engine stands again on either engine: figures, people, accounts and a sound audit log")
    func everywhere() throws {
        try CommandLineUser.onBothEngines { user in
            let demo = try user.run("demo", "--people", "60", "--format", "json")
            #expect(demo.status == 0)
            func figures(_ database: String) throws -> String {
                try user.run("indicators", "--policy", "beijing-cadres-2019-2023", "--year", "2022", "--unit", "HX", "--subtree", "--format", "json", database: database).said
            }
            func people(_ database: String) throws -> String {
                try user.run("export", "people", "people.csv", database: database)
                return try String(contentsOfFile: user.folder + "/people.csv", encoding: .utf8)
            }
            let (before, names) = (try figures(user.database), try people(user.database))
            let made = try user.run("backup", "a.backup", "--format", "json")
            #expect(made.status == 0, "\(made.noted)")
            let rows = try #require(try made.json()["rows"] as? Int)
            #expect(rows > 1000)
            #expect((try FileManager.default.attributesOfItem(atPath: user.folder + "/a.backup")[.posixPermissions] as? Int) == 0o600)
            let bytes = FileManager.default.contents(atPath: user.folder + "/a.backup")
            #expect(try user.run("verify", "--backup", "a.backup").status == 0)
            #expect(try user.run("user", "add", "later", "--unit", "HX").status == 0)

            try Self.intoBothEngines(user) { url in
                let restored = try user.run("restore", "a.backup", database: url)
                #expect(restored.status == 0, "\(restored.noted)")
                #expect(restored.said.contains("原来的锚点另存为"), "the later act is on record outside")
                #expect(try figures(url) == before)
                #expect(try people(url) == names)
                let accounts = try user.run("user", "list", database: url).said
                #expect(accounts.contains("shi") && !accounts.contains("later"))
                let sound = try user.run("verify", database: url)
                #expect(sound.status == 0, "\(sound.said)")
                #expect(try user.run("restore", "a.backup", database: url).status == 65, "it is not empty any more")
            }
            #expect(FileManager.default.contents(atPath: user.folder + "/a.backup") == bytes, "checking and restoring leave the file as it is")
        }
    }

    @Test("Refused with a sentence, and nothing is changed: a file that is there, what is no backup, half a backup, another key, no key")
    func refused() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            #expect(try user.run("backup", "p.csv").status == 73)
            #expect(try user.run("backup", "no-folder/a.backup").status == 73)
            #expect(try user.run("backup", "a.backup").status == 0)
            #expect(try user.run("backup", "b").status == 0, "a name of one letter, which Foundation stumbles over")
            #expect(!user.has("a.backup.part"))
            #expect(try String(contentsOfFile: user.folder + "/p.csv", encoding: .utf8).hasPrefix("姓名"))
            let whole = try #require(FileManager.default.contents(atPath: user.folder + "/a.backup"))
            try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: user.folder + "/half.backup"))
            try Self.intoBothEngines(user) { url in
                for (file, words) in [("p.csv", "不是育工的备份"), ("half.backup", "损坏"), ("none.backup", "读不出来")] {
                    let refused = try user.run("restore", file, database: url)
                    #expect(refused.status != 0 && refused.noted.contains(words), "\(file): \(refused.status) \(refused.noted)")
                }
                let key = user.folder + "/the.key", kept = key + ".kept"
                try FileManager.default.moveItem(atPath: key, toPath: kept)
                let missing = try user.run("restore", "a.backup", database: url)
                #expect(missing.status == 69 && missing.noted.contains("密钥文件"))
                _ = try KeyFile(path: key).make()
                let foreign = try user.run("restore", "a.backup", database: url)
                #expect(foreign.status == 69 && foreign.noted.contains("对不上"))
                try FileManager.default.removeItem(atPath: key)
                try FileManager.default.moveItem(atPath: kept, toPath: key)
                let done = try user.run("restore", "a.backup", database: url)
                #expect(done.status == 0, "what was refused left it empty: \(done.noted)")
            }
            #expect(try user.run("restore", "a.backup").status == 65, "a database in use is not written over")
        }
    }

    @Test("A backup that was edited by hand is not restored; with a reason it is, the reason is on record, and what is wrong stays found")
    func edited() throws {
        try CommandLineUser.onBothEngines { user in
            try user.fill()
            #expect(try user.run("backup", "a.backup").status == 0)
            let backup = "sqlite:\(user.folder)/a.backup"
            try Bench.byHand(backup, "UPDATE act SET who = '别人' WHERE kind = 'import.people'")
            #expect(try user.run("verify", "--backup", "a.backup").said.contains("校验码不符"))
            try Self.intoBothEngines(user) { url in
                let refused = try user.run("restore", "a.backup", database: url)
                #expect(refused.status == 65 && refused.noted.contains("没有恢复"), "\(refused.noted)")
                #expect(try user.run("restore", "a.backup", "--unverified", "好", database: url).status == 64, "a reason says something")
                let restored = try user.run("restore", "a.backup", "--unverified", "原件已毁，只有这一份", database: url), found = try user.run("verify", database: url)
                #expect(restored.status == 0 && found.status == 65, "\(restored.noted)")
                let copy = try Database(url: url, readers: 1)
                defer { copy.close() }
                #expect(try copy.readNow { try ActStore.latest(ofKinds: ["backup.restore"], in: $0)?.why.contains("原件已毁，只有这一份") } == true)
            }
        }
    }

    @Test("A backup made while others write holds one moment: every act whole, none in part")
    func whileWriting() async throws {
        try await servedOnBothEngines { app, _ in
            let file = NSTemporaryDirectory() + "/\(UUID().uuidString).backup", writing = Task {
                var count = 0
                while !Task.isCancelled {
                    let name = "account\(count)"
                    try await app.database.write(Bench.act) { _ = try AccountStore.add(name, displayName: name, hash: "-", in: $0) }
                    count += 1
                }
                return count
            }
            defer { try? FileManager.default.removeItem(atPath: file) }
            try await Task.sleep(for: .milliseconds(50))
            let rows = try await Task.detached { try Backup.make(app, to: file, who: .system, now: Clock.nowMilliseconds) }.value
            writing.cancel()
            let written = try await writing.value
            #expect(rows > 0)
            let copy = try Database(url: "sqlite:" + file, readers: 1)
            defer { copy.close() }
            let report = try Verification.run(backup: file, databaseURL: "sqlite:" + file, settings: app.settings)
            #expect(report.isSound, "\(report.findings)")
            let kept = try await copy.read { try $0.count("SELECT count(*) FROM account") }
            #expect(kept > 0 && kept <= written)
            #expect(try await copy.read { try $0.count("SELECT count(*) FROM act_change WHERE subject = 'account'") } == kept)
        }
    }
}
