@testable import App
import Foundation
@testable import Kit
import TestBench
import Testing
import World

@Suite("A break of the log, and anchors elsewhere", .ownThreads)
struct BreakStories {
    @Test("A lost anchor stands on the auditor's page until the auditor says on record what was found out")
    func lostAnchor() async throws {
        try await servedOnBothEngines { app, port in
            let accounts = try await Demo.fill(app.database, numbers: app.numbers, people: 40, who: .system)
            let auditor = try #require(accounts.first { $0.role == .auditor })
            try app.anchor()
            let url = app.keyFile.path
            func findings() throws -> Verification { try Verification.run(app.database, databaseURL: "sqlite:" + url, settings: app.settings) }
            #expect(try findings().findings == [])
            try FileManager.default.removeItem(atPath: app.keyFile.anchor.path)
            _ = try App(database: app.database, databaseURL: "sqlite:" + url, settings: app.settings)
            #expect(try findings().findings.contains { $0.contains("锚点文件在") })

            let browser = Browser(port: port)
            try await browser.signIn(auditor.name, auditor.password)
            let page = try await browser.get("/audit")
            #expect(page.body.contains("操作记录有中断") && page.body.contains("重新开始"))
            let key = try #require(page.body.firstMatch(of: #/<option value="(anchor \d+)"/#)).1
            for (which, why, words) in [(String(key), "", "写明查过什么"), ("anchor 1", "查过服务器，是误删", "没有这一处")] {
                let refused = try await browser.post("/audit/acknowledge", [("break", which), ("why", why)])
                #expect(refused.status >= 400 && refused.body.contains(words), "\(refused.status)")
            }
            #expect(try await browser.post("/audit/acknowledge", [("break", String(key)), ("why", "查过服务器，是清理磁盘时误删")]).location == "/audit")
            let after = try await browser.get("/audit")
            #expect(!after.body.contains("操作记录有中断") && after.body.contains("确认操作记录的中断"))
            let known = try findings()
            #expect(known.findings == [] && known.acknowledged.first?.contains("清理磁盘时误删") == true)
        }
    }

    @Test("Rows of heads and links that somebody made up stand open until an auditor says to know them; one more is found anew; work and starts go on")
    func madeUp() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                database.close()
                let folder = NSTemporaryDirectory() + "/\(UUID().uuidString)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let settings = Settings(home: try Settings.fromEnvironment().home, keyFile: folder + "/the.key")
                func start() throws -> App { try App(database: Database(url: url, readers: 1), databaseURL: url, settings: settings) }
                func write(_ app: App) async throws { try await app.database.write(Bench.act) { try $0.change("thing", 1, before: nil, after: "{}") } }
                var app = try start()
                try await write(app)
                try app.anchor()
                /// As the command does it, so that the page hears of it too.
                func check() throws -> Verification {
                    let report = try Verification.run(app.database, databaseURL: url, settings: settings)
                    _ = try report.note(databaseURL: url, settings: settings, who: .system, now: Clock.nowMilliseconds)
                    return report
                }
                func findings() throws -> [String] { try check().findings.filter { !$0.contains("trigger") } }
                func known() throws -> Breaks {
                    let ring = try #require(try app.keyFile.ring())
                    return try app.database.readNow { try BreakStore.breaks(since: ring.since, seen: [], told: app.keyFile.checkNote.read(ring.auditKey)?.loose ?? [], in: $0) }
                }
                #expect(try findings() == [])
                let mac = engine == .sqlite ? "x'\(String(repeating: "5a", count: 32))'" : "'\\x\(String(repeating: "5a", count: 32))'"
                func link(_ act: Int64, _ chain: Int64, _ sequence: Int64) -> String { "INSERT INTO act_link (act_id, chain_id, sequence, mac) VALUES (\(act), \(chain), \(sequence), \(mac))" }
                try Bench.byHand(
                    url, "INSERT INTO act_chain (id, sequence, mac, last_act_id) VALUES (77, 3, \(mac), 4611686018427387904)", link(79, 80, 1), link(81, 82, 5),
                    link(4_611_686_018_427_387_904, 4_611_686_018_427_387_905, 1))
                #expect(try findings().count == 4, "\(engine)")
                // A start and an anchor between: they say no more than before.
                app.database.close()
                app = try start()
                try await write(app)
                try app.anchor()
                #expect(try findings().count == 4, "\(engine)")
                let open = try known()
                #expect(open.open.count == 4)
                #expect(throws: Refusal.self) { try open.acknowledging("link 1", why: "查过服务器，是试验") }
                try await app.database.write(Act(who: .commandLine("审计员"), origin: "", kind: "audit.acknowledge", why: "查过服务器，是试验")) { db in
                    for one in try open.acknowledging(Breaks.all, why: db.act.why) { try BreakStore.acknowledge(one, in: db) }
                }
                let after = try check()
                #expect(after.findings.filter { !$0.contains("trigger") } == [], "\(engine)")
                #expect(after.acknowledged.count == 4 && after.acknowledged.allSatisfy { $0.contains("审计员") && $0.contains("是试验") })
                #expect(try known().open.isEmpty)
                // Another row, a known one that was changed, and the place that the server's own chain would take next.
                let tip = try #require(try app.database.readNow(ChainStore.tips).last)
                try Bench.byHand(url, "UPDATE act_chain SET sequence = 4 WHERE id = 77", link(83, 84, 1), link(85, tip.chain, tip.sequence + 1))
                for _ in 0..<2 {
                    try await write(app)
                    try app.anchor()
                    let found = try findings()
                    #expect(found.count == 3, "\(engine): \(found)")
                    app.database.close()
                    app = try start()
                }
                // Whoever acknowledges by hand is in no chain.
                try Bench.byHand(
                    url, "INSERT INTO act (id, at_ms, who, origin, kind, why) VALUES (5, 1, '审计员', '', 'audit.acknowledge', '查过了')",
                    "INSERT INTO act_change (id, act_id, subject, subject_id, after_image) VALUES (6, 5, 'break', 5, '{\"break\":\"\(try #require(try known().open.first).key)\"}')")
                #expect(try findings().contains { $0.contains("操作 5") && $0.contains("不在任何链上") || $0.contains("被改动、删除或增加") })
                app.database.close()
            }
        }
    }

    @Test("Each anchor goes to a file, to the system's log and to an address; a copy that was edited is found; whoever does not take it is named")
    func copies() async throws {
        let folder = "/tmp/yugong-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let log = try Listener.log(folder + "/log"), web = try Listener.web()
        let key = AuditKey(bytes: [UInt8](repeating: 7, count: 32))
        let anchor = Anchor(atMilliseconds: 5, lastID: 9, heads: [ChainHead(chain: 3, sequence: 1, mac: [1, 2])]), text = anchor.text(key)
        let copies = AnchorCopies(file: folder + "/copy", syslog: folder + "/log", webhook: "http://127.0.0.1:\(web.port)/anchors")
        try copies.check()
        #expect(await copies.send(text) == [])
        #expect(await copies.send(text) == [])
        let file = try String(contentsOfFile: folder + "/copy", encoding: .utf8)
        #expect(AnchorCopies.anchors(in: file, key) == [.anchor(anchor), .anchor(anchor)])
        try await eventually { log.said.contains("<134>yugong: ") && web.said.contains("POST /anchors") }
        #expect(AnchorCopies.anchors(in: log.said, key).contains(.anchor(anchor)))
        #expect(AnchorCopies.anchors(in: web.said, key).contains(.anchor(anchor)))
        #expect(AnchorCopies.anchors(in: text, key) == [.anchor(anchor)])
        #expect(AnchorCopies.anchors(in: file.replacing("yugong-anchor ", with: "yugong-anchor AAAA"), key).allSatisfy { $0 == .broken })

        let nobody = AnchorCopies(file: folder + "/none/copy", syslog: folder + "/none", webhook: "http://127.0.0.1:1/")
        #expect(await nobody.send(text).count == 3)
        #expect(throws: Refusal.self) { try AnchorCopies(webhook: "http://198.51.100.1/").check() }
    }

    @Test("A server sends its anchors; what it sent tells a log that was put back, together with everything beside it, from the one that was")
    func sent() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/\(UUID().uuidString)", key = folder + "/keys/the.key"
                try FileManager.default.createDirectory(atPath: folder + "/keys", withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let settings = Settings(home: try Settings.fromEnvironment().home, keyFile: key), copy = folder + "/copy"
                let served = try KillStories.Served(url, key: key, folder: folder, options: ["--anchor-file", copy])
                try await eventually { (try? String(contentsOfFile: copy, encoding: .utf8))?.hasSuffix("\n") == true }
                served.end(SIGTERM)
                let text = try String(contentsOfFile: copy, encoding: .utf8)
                func findings(_ text: String) throws -> [String] { try Verification.run(database, databaseURL: url, settings: settings, copies: text).findings }
                #expect(try findings(text) == [])
                // As if the log were another: an anchor of the same key that names an entry it has not.
                let audit = try #require(try KeyFile(path: key).ring()).auditKey
                let other = Anchor(atMilliseconds: 1, lastID: 1, heads: [ChainHead(chain: 1, sequence: 4, mac: [7])]).text(audit)
                #expect(try findings(other).contains { $0.contains("锚点、它的副本") })
                #expect(try findings(text + "yugong-anchor QUFBQUFBQUFBQUFBQUFBQUFBQQ==\n").contains { $0.contains("副本中第") })
            }
        }
    }
}

/// A real socket that keeps what it is told.
/// `@unchecked`: what changes is touched only under the lock.
private final class Listener: @unchecked Sendable {
    private let socket: Int32
    private let lock = NSLock()
    private var bytes: [UInt8] = []
    private(set) var port = 0

    var said: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }

    private init(_ socket: Int32) { self.socket = socket }
    deinit { close(socket) }

    private func take(_ socket: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count > 0 { lock.withLock { bytes += buffer[..<count] } }
        return count > 0
    }

    static func log(_ path: String) throws -> Listener {
        let listener = Listener(Foundation.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener.socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        Thread.detachNewThread { while listener.take(listener.socket) {} }
        return listener
    }

    /// Answers every request with 204.
    static func web() throws -> Listener {
        let listener = Listener(Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in(), length = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener.socket, $0, length) == 0 && listen(listener.socket, 8) == 0 && getsockname(listener.socket, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        listener.port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread {
            while true {
                let client = accept(listener.socket, nil, nil)
                guard client >= 0 else { return }
                var seen = ""
                // Head and body: the line ends with a line end.
                while !(seen.contains("yugong-anchor ") && seen.hasSuffix("\n")), listener.take(client) { seen = listener.said }
                let answer = Array("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
                _ = send(client, answer, answer.count, 0)
                close(client)
            }
        }
        return listener
    }
}
