@testable import Access
@testable import App
import Foundation
@testable import Kit
import Register
import TestBench
import Testing
import World

@Suite("Killed in the middle of jobs", .ownThreads)
struct JobKillStories {
    /// How many servers are killed on each engine: few in every run, `YUGONG_KILLS=20` for all of them.
    private static let kills = ProcessInfo.processInfo.environment["YUGONG_KILLS"].flatMap { Int($0) } ?? 3

    @Test("Servers are killed with -9 while they take workbooks in, two at a time on PostgreSQL: every one is taken in, and none twice")
    func killed() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let folder = NSTemporaryDirectory() + "/yugong-jobs-\(UUID().uuidString)", key = folder + "/the.key"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(atPath: folder) }
                let app = try App(database: database, databaseURL: url, settings: Settings(home: Settings.fromEnvironment().home, keyFile: key))
                let many = 20 + 6 * Self.kills
                try await Self.fill(app, many)
                var servers = try (0..<(engine == .postgres ? 2 : 1)).map { _ in try KillStories.Served(url, key: key, folder: folder) }
                // What falls due by itself is done beside them.
                let kind = ImportWork.applying.key
                func ended() async throws -> Int64 {
                    try await database.read { try $0.count(SQL("SELECT count(*) FROM job_run WHERE kind = \(kind) AND state IN ('done', 'failed')")) }
                }
                for _ in 0..<Self.kills {
                    // In the middle of one, unless all is done before.
                    try await eventually {
                        let working = try await database.read { try JobStore.count(.working, in: $0) }, over = try await ended()
                        return working > 0 || over == Int64(many)
                    }
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0..<40)))
                    servers.removeFirst().end(SIGKILL)
                    servers.append(try KillStories.Served(url, key: key, folder: folder))
                }
                try await eventually { try await ended() == Int64(many) }
                for server in servers { server.end(SIGTERM) }
                let found = try await database.read { db in
                    [
                        try db.count("SELECT count(*) FROM import_job WHERE state = 'done'"), try db.count("SELECT count(*) FROM act WHERE kind = 'import.people'"),
                        try db.count("SELECT count(*) FROM person WHERE name LIKE '被杀%'"), try db.count("SELECT count(*) FROM message WHERE kind = 'import.done'"),
                        try db.count(SQL("SELECT count(*) FROM job_run WHERE kind = \(kind) AND state = 'done'")),
                    ]
                }
                #expect(found == Array(repeating: Int64(many), count: 5), "\(engine)")
                let verified = try await onThread { try CommandLineUser(folder: folder, database: url).run("verify") }
                #expect(verified.status == 0, "\(verified.said) \(verified.noted)")
            }
        }
    }

    /// Workbooks of one person each, confirmed and waiting to be taken in.
    private static func fill(_ app: App, _ many: Int) async throws {
        let named = try await Named.fill(app.database, numbers: app.numbers), unit = try #require(named.units["HX-LJ"])
        let account = try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add("officer", displayName: "张伟", hash: "-", in: db)
            try GrantStore.give(Grant(role: .personnelOfficer, organizationID: unit, from: .always, to: .open), to: id, in: db)
            return id
        }
        let exchange = app.exchange
        try await app.database.write(Bench.act) { db in
            for number in 0..<many {
                let digits = String(1000 + number).dropFirst(), id = try PersonNumber.passing("11010519900101" + digits)
                let file = "姓名,证件号码,单位编码,任职日期,人员类别\n被杀\(name(number)),\(id),HX-LJ,2020-01-01,基层\n"
                let job = try ImportJobStore.add(kind: .people, fileName: "人员\(number).csv", file: Array(file.utf8), effective: nil, accountID: account, app.numbers, db)
                try ImportJobStore.move(job, from: [.judging], to: .applying, exchange, db)
                try ImportWork.enqueueApplying(job, ImportWork.Confirmed(partial: false, name: "张伟", origin: "", units: [unit]), app.numbers, in: db)
            }
        }
    }

    /// No two are called alike.
    private static func name(_ number: Int) -> String { String(String.UnicodeScalarView([number / 100, number % 100].compactMap { Unicode.Scalar(0x4E00 + 40 * $0) })) }
}
