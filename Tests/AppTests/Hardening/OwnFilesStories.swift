import App
import Foundation
import Kit
import TestBench
import Testing

@Suite("What lies about belongs to the program's user alone", .ownThreads)
struct OwnFilesStories {
    /// An installation of its own with an officer in it, on a SQLite file.
    private static func made(_ body: @escaping @Sendable (_ folder: String, _ url: String, _ password: String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "/yugong-own-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/tmp", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await Bench.with(.sqlite) { database, url in
            let app = try App(database: database, databaseURL: url, settings: Settings(home: Settings.fromEnvironment().home, keyFile: folder + "/the.key"))
            let password = try SignInStories.officer(app)
            try await body(folder, url, password)
        }
    }

    /// Files below a folder, with what stands in them and what others may do with them.
    private static func files(_ folder: String) -> [(path: String, mode: Int, content: Data)] {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return all.compactMap { name in
            let path = folder + "/" + name
            guard let about = try? FileManager.default.attributesOfItem(atPath: path), let mode = about[.posixPermissions] as? Int else { return nil }
            return (path, mode, about[.type] as? FileAttributeType == .typeRegular ? FileManager.default.contents(atPath: path) ?? Data() : Data())
        }
    }

    @Test("Database, its log and the keys are readable by nobody else, whatever they were and whatever the shell allows")
    func modes() async throws {
        try await Self.made { folder, url, _ in
            let file = String(url.dropFirst("sqlite:".count))
            for path in [file, folder + "/the.key"] { chmod(path, 0o666) }
            let served = try KillStories.Served(url, key: folder + "/the.key", folder: folder, shell: "umask 000", temporary: folder + "/tmp")
            defer { served.end(SIGTERM) }
            for path in [file, file + "-wal", file + "-shm", folder + "/the.key", folder + "/the.key.anchor"] {
                let mode = try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
                #expect(mode & 0o077 == 0, "\(path) \(String(mode, radix: 8))")
            }
            // What the command line writes is no more open.
            let exported = try await onThread { try CommandLineUser(folder: folder, database: url).run("export", "organizations", folder + "/units.xlsx") }
            #expect(exported.status == 0, "\(exported.noted)")
            #expect(try (FileManager.default.attributesOfItem(atPath: folder + "/units.xlsx")[.posixPermissions] as? Int).map { $0 & 0o077 } == 0)
        }
    }

    @Test("A file that a killed process was receiving is gone when the next one has begun, and nobody else could read it")
    func killed() async throws {
        try await Self.made { folder, url, password in
            let temporary = folder + "/tmp", mark = "11010519491231002X"
            let served = try KillStories.Served(url, key: folder + "/the.key", folder: folder, shell: "umask 000", temporary: temporary)
            let browser = Browser(port: served.port)
            try await browser.signIn("ouyang", password)
            _ = try await browser.get("/exchange")
            let cookie = try #require(await browser.cookie("yugong")), token = await browser.token
            try await onThread {
                let client = try RawClient(port: served.port)
                client.say("POST /exchange/imports HTTP/1.1\r\nHost: localhost\r\nCookie: yugong=\(cookie)\r\nContent-Type: multipart/form-data; boundary=X\r\nContent-Length: 100000\r\n\r\n")
                client.say("--X\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\n\(token)\r\n--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n")
                client.say(String(repeating: "张三,\(mark)\n", count: 1000))
                while !Self.files(temporary).contains(where: { $0.content.range(of: Data(mark.utf8)) != nil }) { usleep(20_000) }
                #expect(Self.files(temporary).allSatisfy { $0.mode & 0o077 == 0 })
                served.end(SIGKILL)
            }
            #expect(Self.files(temporary).contains { $0.content.range(of: Data(mark.utf8)) != nil })
            let again = try KillStories.Served(url, key: folder + "/the.key", folder: folder, temporary: temporary)
            defer { again.end(SIGTERM) }
            #expect(!Self.files(temporary).contains { !$0.content.isEmpty })
        }
    }

    @Test("A living process keeps its files while others begin")
    func living() async throws {
        try await Self.made { folder, url, _ in
            let mine = Scratch.path("txt")
            try Data("mine".utf8).write(to: URL(fileURLWithPath: mine))
            defer { try? FileManager.default.removeItem(atPath: mine) }
            let served = try KillStories.Served(url, key: folder + "/the.key", folder: folder)
            served.end(SIGTERM)
            Scratch.sweep()
            #expect(FileManager.default.fileExists(atPath: mine))
        }
    }

    @Test("Behind a proxy of ours the service log names the caller; whoever is none of ours is not believed")
    func caller() async throws {
        try await Self.made { folder, url, _ in
            for (proxies, isNamed) in [("127.0.0.1", true), ("10.0.0.1", false)] {
                let log = folder + "/log"
                let served = try KillStories.Served(url, key: folder + "/the.key", folder: folder, log: log, temporary: folder + "/tmp", options: ["--trusted-proxies", proxies])
                #expect(try await Browser(port: served.port).post("/sign-in", token: "wrong", headers: ["X-Forwarded-For": "198.51.100.1, 203.0.113.7"]).status == 403)
                served.end(SIGTERM)
                let line = try #require(String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self).split(separator: "\n").first { $0.contains("request turned away") })
                #expect(line.contains("203.0.113.7") == isNamed && line.contains("127.0.0.1") == !isNamed && !line.contains("198.51"))
            }
        }
    }

    @Test("Three hundred idle connections do not use up what a soft limit of 256 descriptors seems to allow")
    func raised() async throws {
        try await Self.made { folder, url, _ in
            let served = try KillStories.Served(url, key: folder + "/the.key", folder: folder, shell: "ulimit -S -n 256; ulimit -H -n 2048", temporary: folder + "/tmp")
            try await onThread {
                let idle = try (0..<300).map { _ in try RawClient(port: served.port) }, other = try RawClient(port: served.port)
                other.say("GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(other.status() == 200)
                withExtendedLifetime(idle) {}
                served.end(SIGTERM)
            }
            #expect(try await onThread { try CommandLineUser(folder: folder, database: url).run("verify") }.status == 0)
        }
    }

    @Test("Where descriptors are few one address gets a quarter of the connections, and others are served")
    func few() async throws {
        try await Self.made { folder, url, _ in
            let kept = 256 + 8 * ProcessInfo.processInfo.processorCount
            let served = try KillStories.Served(
                url, key: folder + "/the.key", folder: folder, shell: "ulimit -n \(kept + 64)", temporary: folder + "/tmp", options: ["--trusted-proxies", "10.0.0.1"])
            defer { served.end(SIGTERM) }
            try await onThread {
                let idle = try (0..<100).map { _ in try RawClient(port: served.port) }
                let request = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"
                let other = try RawClient(port: served.port, from: "127.0.0.2")
                other.say(request)
                #expect(other.status() == 200)
                let answered = idle.filter { client in
                    client.say(request)
                    return client.status() == 200
                }
                #expect((2...20).contains(answered.count))
            }
        }
    }
}
