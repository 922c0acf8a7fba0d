@testable import Access
@testable import App
import Foundation
@testable import Kit
import TestBench
import Testing

@Suite("Work whose server is gone, slow or beside another", .ownThreads)
struct JobLossTests: JobStage {
    private static func held(_ id: Int64, _ beat: Int64, number: Int64 = 1) -> JobWatch.Held {
        JobWatch.Held(claim: JobStore.Claim(id: id, kind: small.key, subject: nil, asker: 0, number: number, attempts: 1, now: 0), beat: beat)
    }

    // MARK: Who is gone

    @Test("Whoever shows no sign of life over so many looks is gone; every sign begins the count anew, and one who is known to be away has fewer")
    func looks() {
        var watch = JobWatch(patience: 5, patienceWithAbsent: 3)
        func gone(_ found: [String: [JobWatch.Held]], absent: Set<String> = []) -> [[Int64]] {
            watch.look(found) { !absent.contains($0) }.map { $0.map(\.id) }
        }
        for _ in 0..<4 { #expect(gone(["a": [Self.held(1, 7)]]) == []) }
        #expect(gone(["a": [Self.held(1, 7)]]) == [[1]])
        // A beat, another piece of work and another number are signs.
        for sign in [[Self.held(1, 8)], [Self.held(1, 8), Self.held(2, 0)], [Self.held(1, 8)], [Self.held(1, 8, number: 2)]] {
            for _ in 0..<4 { #expect(gone(["a": sign]) == []) }
        }
        for _ in 0..<2 { #expect(gone(["a": [Self.held(1, 9)], "b": [Self.held(3, 0), Self.held(4, 0)]], absent: ["b"]) == []) }
        #expect(gone(["a": [Self.held(1, 9)], "b": [Self.held(3, 0), Self.held(4, 0)]], absent: ["b"]) == [[3, 4]])
        // Whoever had nothing in hand meanwhile begins anew.
        #expect(gone([:]) == [])
        for _ in 0..<4 { #expect(gone(["a": [Self.held(1, 9)]]) == []) }
        watch.forget()
        for _ in 0..<4 { #expect(gone(["a": [Self.held(1, 9)]]) == []) }
        #expect(gone(["a": [Self.held(1, 9)]]) == [[1]])
    }

    @Test("Servers whose clocks are hours apart, on machines of one name, never take each other's work", arguments: [-7200, -40, 40, 7200])
    func clocks(seconds: Int64) async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let wrong = try Database(url: url, readers: 1, now: { Clock.nowMilliseconds + seconds * 1000 })
                defer { wrong.close() }
                let begun = Shared(0), release = Shared(false)
                let work = JobWork(Self.large, work: { _ in
                    begun.withLock { $0 += 1 }
                    while !release.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
                })
                let ids = try await wrong.write(Bench.act) { try JobStore.add(Self.large, (0..<4).map { _ in JobStore.New(at: 0) }, in: $0) }
                try await during([runner(database, [work]), runner(wrong, [work])]) {
                    try await eventually { begun.withLock { $0 } == 4 }
                    // Looks of each at the other's.
                    try await Task.sleep(for: .milliseconds(400))
                    #expect(begun.withLock { $0 } == 4)
                    release.withLock { $0 = true }
                    try await eventually { try await database.read { try JobStore.count(.done, in: $0) } == 4 }
                }
                for id in ids { #expect(try await line(id, database).attempts == 1) }
            }
        }
    }

    @Test("What a process had in hand when it ended is taken over at once, whatever it is called; that of a living one is not")
    func absent() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let id = try #require(try await add(database)), process = ProcessInfo.processInfo
                // As another process of the same machine with a number that is nobody's here, or everybody's, as in containers.
                for number in [try await onThread { try Self.ended() }, process.processIdentifier] {
                    let third = try Database(url: url, readers: 1), worker = "\(process.hostName)/\(number)/\(third.presence)/x"
                    _ = try #require(try await third.book { try JobStore.claim(.small, kinds: [Self.small.key], upTo: 1, worker: worker, in: $0) }.first)
                    try await during([runner(database, [JobWork(Self.small, work: { _ in })])]) {
                        try await Task.sleep(for: .milliseconds(300))
                        #expect(try await line(id, database).state == .working)
                        third.close()
                        try await eventually { try await line(id, database).state == .waiting }
                    }
                    #expect(try await line(id, database).attempts == 1)
                    try await database.write(Bench.act) { try JobStore.retry(id, in: $0) }
                }
                // Of one who is called as no process of this version calls itself nothing is known.
                #expect(try await database.read { try JobRunner.isPresent("elsewhere/1/a", database, in: $0) })
            }
        }
    }

    /// The number of a process that has ended.
    private static func ended() throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        return process.processIdentifier
    }

    // MARK: Which one ends the process

    @Test("What was in hand beside a piece of work that ended the process has cost nothing; such are begun one at a time until it is known which one it is")
    func suspects() async throws {
        try await timed { database, other, _ in
            let ids = try await database.write(Bench.act) { try JobStore.add(Self.small, (0..<5).map { _ in JobStore.New() }, in: $0) }
            #expect(try await claim(database, upTo: 5).count == 5)
            #expect(try await takeBack(other).isEmpty)
            for id in ids {
                let line = try await line(id, database)
                #expect(line.state == .waiting && line.attempts == 0 && line.why == JobFailure.crash)
            }
            // One of them, and others that nobody suspects.
            let innocent = try #require(try await add(database)), taken = try await claim(database, upTo: 5)
            #expect(taken.map(\.id) == [ids[0], innocent] && taken.map(\.isSuspect) == [true, false])
            #expect(try await database.book { try JobStore.claim(.small, kinds: [Self.small.key], upTo: 5, worker: "a/1/2/b", suspects: 0, in: $0) }.isEmpty)
            // It is taken for the one that ended it; what was beside it comes back at once, and is suspected too.
            #expect(try await takeBack(other).isEmpty)
            let (guilty, beside) = (try await line(ids[0], database), try await line(innocent, database))
            #expect(guilty.attempts == 1 && guilty.due > beside.due && beside.attempts == 0 && beside.state == .waiting)
            // What falls and does not end the process is suspected no more.
            let next = try #require(try await claim(database).first)
            #expect(next.id == ids[1])
            try await database.book { try JobStore.giveBack(next, due: $0.now, why: "坏了", in: $0) }
            let more = try await claim(database, upTo: 5)
            #expect(more.map(\.isSuspect) == [true, false] && more.map(\.id) == [ids[2], ids[1]])
        }
    }

    @Test("One that ends the process each time fails in the end, and of forty beside it none loses an attempt")
    func poison() async throws {
        try await timed { database, other, hands in
            let ids = try await database.write(Bench.act) { try JobStore.add(Self.small, (0..<41).map { _ in JobStore.New() }, in: $0) }
            let poison = ids[17]
            var exhausted: [Int64] = []
            var deaths = 0
            for _ in 0..<200 where exhausted.isEmpty {
                let taken = try await claim(database, upTo: 8)
                let ids = taken.map(\.id), attempts = taken.map(\.attempts), ended = taken.map { ($0.id, $0.number) }
                if ids.contains(poison) {
                    let back = try await takeBack(other)
                    exhausted = back.map(\.id)
                    deaths += 1
                } else {
                    #expect(Set(attempts).isSubset(of: [1]))
                    _ = try await database.book { try JobStore.finish(ended, in: $0) }
                }
                hands.pass(seconds: 60)
            }
            #expect(exhausted == [poison] && deaths == 4)
            // What came after it goes on.
            for _ in 0..<50 {
                let rest = try await claim(database, upTo: 8)
                let attempts = rest.map(\.attempts), ended = rest.map { ($0.id, $0.number) }
                #expect(Set(attempts).isSubset(of: [1]))
                _ = try await database.book { try JobStore.finish(ended, in: $0) }
            }
            #expect(try await database.read { try JobStore.count(.done, in: $0) } == 40)
        }
    }

    @Test("A server has one suspect in hand at a time, and the others after it")
    func oneAtATime() async throws {
        try await timed { database, other, _ in
            _ = try await database.write(Bench.act) { try JobStore.add(Self.small, (0..<6).map { _ in JobStore.New() }, in: $0) }
            #expect(try await claim(database, upTo: 6).count == 6)
            #expect(try await takeBack(other).isEmpty)
            let most = Shared(0), now = Shared(0), work = JobWork(Self.small, work: { _ in
                let count = now.withLock { count in
                    count += 1
                    return count
                }
                most.withLock { $0 = max($0, count) }
                try await Task.sleep(for: .milliseconds(10))
                now.withLock { $0 -= 1 }
            })
            try await during([runner(database, [work])]) { try await eventually { try await database.read { try JobStore.count(.done, in: $0) } == 6 } }
            #expect(most.withLock { $0 } == 1)
        }
    }

    // MARK: What fails

    @Test("A schedule that keeps failing is one line that says how often, and one that succeeds again is done")
    func failingSchedule() async throws {
        try await timed { database, _, hands in
            let hourly = JobKind("test.hourly", "每小时", attempts: 1, schedule: .hourly(minute: 0))
            func begin() async throws -> JobStore.Claim {
                hands.pass(seconds: 3600)
                #expect(try await database.book { try JobStore.enqueueDue(hourly, in: $0) })
                return try #require(try await claim(database, hourly).first)
            }
            var first: Int64?
            for times in 1...4 {
                let claimed = try await begin()
                #expect(claimed.id == first ?? claimed.id && claimed.attempts == 1)
                first = claimed.id
                try await database.write(Bench.act) { try JobStore.fail(claimed, why: "磁盘已满。", in: $0) }
                let failed = try await database.read { try JobStore.lines(.failed, limit: 10, in: $0) }
                #expect(failed.map(\.failures) == [times])
            }
            let last = try await begin()
            #expect(try await database.book { try JobStore.finish([(last.id, last.number)], in: $0) } == [last.id])
            #expect(try await database.read { try JobStore.count(.failed, in: $0) } == 0)
            #expect(try await begin().id != first)
        }
    }

    @Test("The service log has the engine's own words about what the machine refuses, and nothing of what a rule of the business says")
    func logged() async throws {
        try await timed { database, _, _ in
            let lines = Shared<[String]>([]), errors: [any Error] = [
                Refusal("database.disk", "磁盘出错。", detail: "disk I/O error"), Refusal("person.missing", "刘芳不在名册里。", detail: "110105"),
                DatabaseFault(message: "no such column: x", statement: "SELECT x FROM person WHERE id = ?"),
            ]
            let works = errors.enumerated().map { number, error in JobWork(JobKind("test.\(number)", "坏的", attempts: 1), work: { _ in throw error }) }
            var ids: [Int64] = []
            for work in works { ids.append(try #require(try await add(database, work.kind))) }
            try await during([runner(database, works, log: { line in lines.withLock { $0.append(line) } })]) {
                try await eventually { try await database.read { try JobStore.count(.failed, in: $0) } == 3 }
            }
            let log = lines.withLock { $0.joined(separator: "\n") }
            for words in ["test.0 \(ids[0])", "database.disk", "disk I/O error", "person.missing", "SELECT x FROM person WHERE id = ?"] { #expect(log.contains(words), "\(words)") }
            #expect(!log.contains("刘芳") && !log.contains("110105"))
            // What an administrator reads has none of it.
            for id in ids { #expect(!(try await line(id, database).why.contains("I/O"))) }
        }
    }

    @Test("An import that a full disk or little memory has stopped is not over and is tried again; one whose file is broken is told so")
    func passing() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                let key = NSTemporaryDirectory() + "/yugong-passing-\(UUID().uuidString).key"
                defer { try? FileManager.default.removeItem(atPath: key) }
                let app = try App(database: database, databaseURL: url, settings: Settings(home: Settings.fromEnvironment().home, keyFile: key))
                let account = try await database.write(Bench.act) { try AccountStore.add("officer", displayName: "张伟", hash: "-", in: $0) }
                func handle(_ refusal: Refusal) async throws -> (thrown: Refusal?, state: ImportJob.State?) {
                    let id = try await database.write(Bench.act) { db in
                        let id = try ImportJobStore.add(kind: .people, fileName: "名册.csv", file: [1], effective: nil, accountID: account, app.numbers, db)
                        try ImportWork.enqueueJudging(id, in: db)
                        return id
                    }
                    let taken = try await claim(database, ImportWork.judging), work = JobAtWork(try #require(taken.first), ImportWork.judging, payload: nil, now: 0)
                    var thrown: Refusal?
                    do { try ImportWork.handle(app.exchange, work, from: .judging) { _, _, _ in throw refusal } } catch let refusal as Refusal { thrown = refusal }
                    return (thrown, try await database.read { try ImportJobStore.job(id, app.exchange, from: $0) }?.state)
                }
                for refusal in [Refusal.cannotWrite("/x"), .cannotRead("/x"), .memory, .full, .disk("x")] {
                    let found = try await handle(refusal)
                    #expect(found.thrown == refusal && found.state == .judging, "\(refusal.name)")
                }
                let broken = try await handle(.brokenWorkbook("x"))
                #expect(broken.thrown == nil && broken.state == .failed)
            }
        }
    }

    // MARK: A deleted file

    @Test("With a file goes the work on it and what its accounts asked for; what failed or is done of others stays")
    func erased() async throws {
        try await timed { database, _, _ in
            let accounts = try await database.write(Bench.act) { db in try ["甲", "乙"].map { try AccountStore.add($0, displayName: $0, hash: "-", in: db) } }
            let payload = try JobPayload("刘芳", Self.numbers)
            func enqueue(_ account: Int64, about subject: Int64?) async throws -> Int64 {
                try await database.write(Act(who: .account(account, "甲"), origin: "", kind: "test", why: "")) { db in
                    try #require(try JobStore.add(Self.small, JobStore.New(about: subject, payload), in: db))
                }
            }
            func end(_ state: JobState, _ account: Int64, about subject: Int64?) async throws -> Int64 {
                let id = try await enqueue(account, about: subject), taken = try #require(try await claim(database).first)
                #expect(taken.id == id)
                switch state {
                case .failed: try await database.write(Bench.act) { try JobStore.fail(taken, why: "坏了", in: $0) }
                case .givenUp: try await database.write(Bench.act) { try JobStore.giveUp(id, telling: { _, _ in }, in: $0) }
                default: #expect(try await database.book { try JobStore.finish([(id, taken.number)], in: $0) } == [id])
                }
                return id
            }
            var gone: [Int64] = [], stay: [Int64] = []
            for state in [JobState.failed, .givenUp, .done] {
                gone += [try await end(state, accounts[1], about: 7), try await end(state, accounts[0], about: nil)]
                stay.append(try await end(state, accounts[1], about: 8))
            }
            gone.append(try await enqueue(accounts[1], about: 7))
            let open = try await enqueue(accounts[0], about: nil), other = try await enqueue(accounts[1], about: nil)
            try await database.write(Bench.act) { try JobStore.forget(about: [7, accounts[0]], askedBy: [accounts[0]], in: $0) }
            let left = try await database.read { db in try db.rows("SELECT id FROM job_run ORDER BY id") { $0.int(0) } }
            #expect(left == (stay + [open, other]).sorted() && Set(left).isDisjoint(with: gone))
            let held = try await database.read { db in try db.rows("SELECT id FROM job WHERE payload_cipher IS NOT NULL ORDER BY id") { $0.int(0) } }
            #expect(held == (stay + [other]).sorted())
        }
    }
}
