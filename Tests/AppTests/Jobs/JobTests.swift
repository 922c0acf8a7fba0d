@testable import Access
@testable import Accounts
@testable import App
import Foundation
@testable import Kit
import Synchronization
import TestBench
import Testing

@Suite("What outlasts a request", .ownThreads)
struct JobTests: JobStage {
    // MARK: Enqueuing

    @Test("Work is there with the act that brings it about, or neither is")
    func withItsAct() async throws {
        struct Undone: Error {}
        try await timed { database, _, _ in
            await #expect(throws: Undone.self) {
                try await database.write(Bench.act) { db in
                    try JobStore.add(Self.small, in: db)
                    throw Undone()
                }
            }
            #expect(try await claim(database).isEmpty)
            let id = try await add(database, Self.small, JobStore.New(about: 7))
            let claimed = try #require(try await claim(database).first)
            #expect(claimed.id == id && claimed.subject == 7 && claimed.attempts == 1)
        }
    }

    @Test("Of one key of a kind one waits or is worked on; another kind, and whoever comes when it is done, is free to use it")
    func keys() async throws {
        try await timed { database, other, _ in
            let id = try #require(try await add(database, Self.small, JobStore.New(key: "a")))
            #expect(try await add(other, Self.small, JobStore.New(key: "a")) == nil)
            #expect(try await database.write(Bench.act) { try JobStore.add(Self.small, ["a", "b", "b", "c", "d", "e", "f"].map { JobStore.New(key: $0) }, in: $0).count } == 5)
            #expect(try await add(database, Self.large, JobStore.New(key: "a")) != nil)
            let claimed = try #require(try await claim(database).first { $0.id == id })
            #expect(try await add(database, Self.small, JobStore.New(key: "a")) == nil)
            try await database.write(Bench.act) { try JobStore.finish(claimed.id, claimed.number, in: $0) }
            #expect(try await add(database, Self.small, JobStore.New(key: "a")) != nil)
        }
    }

    @Test("What is handed over is sealed, and is not opened where kind or row are another's")
    func sealed() async throws {
        try await timed { database, _, _ in
            let id = try #require(try await add(database, Self.small, JobStore.New(try JobPayload(["11010519491231002X"], Self.numbers))))
            let claimed = try #require(try await claim(database).first)
            let (cipher, opened) = try await database.read { db in
                (try db.first("SELECT payload_cipher FROM job") { $0.blob(0) }, try JobStore.payload(of: claimed, Self.numbers))
            }
            #expect(String(decoding: try #require(cipher), as: UTF8.self).contains("11010519491231002X") == false)
            #expect(String(decoding: try #require(opened), as: UTF8.self).contains("11010519491231002X"))
            let asked = try #require(claimed.asked)
            for (kind, subject, asker) in [(Self.large.key, nil, 0), (Self.small.key, 7, 0), (Self.small.key, nil, 7)] as [(String, Int64?, Int64)] {
                let forged = JobStore.Claim(id: id, kind: kind, subject: subject, asker: asker, number: 1, attempts: 1, now: 0, asked: asked)
                #expect(throws: Refusal.self) { try JobStore.payload(of: forged, Self.numbers) }
            }
            let moved = JobStore.Claim(id: id + 1, kind: Self.small.key, subject: nil, asker: 0, number: 1, attempts: 1, now: 0, asked: asked)
            #expect(throws: (any Error).self) { try JobStore.payload(of: moved, Self.numbers) }
            // Nobody asked for what has a row in one table alone, unless it fell due by itself.
            #expect(throws: Refusal.self) { try JobStore.payload(of: JobStore.Claim(id: 1, kind: "x", subject: 7, asker: 0, number: 1, attempts: 1, now: 0), Self.numbers) }
        }
    }

    @Test("Only the tables of bookkeeping are written to without an act")
    func bookkeeping() async throws {
        try await timed { database, _, _ in
            for sql in ["UPDATE person SET name = 'x'", "DELETE FROM job", "INSERT INTO act (id) VALUES (1)", "WITH x AS (SELECT 1) DELETE FROM job_run"] as [SQL] {
                await #expect(throws: DatabaseFault.self) { try await database.book { try $0.run(sql) } }
            }
            let before = try await database.read { try $0.count("SELECT count(*) FROM act") }
            _ = try await database.book { try JobStore.enqueueDue(JobKind("test.hourly", "每小时", schedule: .hourly(minute: 0)), in: $0) }
            #expect(try await database.read { try $0.count("SELECT count(*) FROM act") } == before)
        }
    }

    // MARK: Attempts

    @Test("Whoever comes too late is refused: of two ends one counts, and the effect of the other is undone")
    func late() async throws {
        try await timed { database, other, hands in
            let id = try #require(try await add(database))
            let slow = try #require(try await claim(database).first)
            #expect(try await takeBack(other).isEmpty)
            #expect(try await claim(other).isEmpty, "there is a pause first")
            hands.pass(seconds: 61)
            let quick = try #require(try await claim(other).first)
            #expect(quick.id == id && quick.attempts == 2 && quick.number == slow.number + 1)
            let late = JobAtWork(slow, Self.small, payload: nil, now: hands.now), right = JobAtWork(quick, Self.small, payload: nil, now: hands.now)
            let effect = Act(who: .system, origin: "", kind: "test.effect", why: "", isEvent: true)
            await #expect(throws: JobFailure.lost) { try await database.write(effect) { try late.finish(in: $0) } }
            #expect(throws: JobFailure.lost) { try database.readNow { try late.requireHeld(in: $0) } }
            #expect(try await database.book { try JobStore.finish([(slow.id, slow.number)], in: $0) } == [])
            #expect(try await count("test.effect", database) == 0)
            try await other.write(effect) { try right.finish(in: $0) }
            await #expect(throws: JobFailure.lost) { try await other.write(effect) { try right.finish(in: $0) } }
            #expect(try await count("test.effect", database) == 1)
            #expect(try await line(id, database).state == .done)
        }
    }

    @Test("A server that is gone costs what it had alone in hand an attempt and a pause that grows")
    func crash() async throws {
        try await timed { database, other, hands in
            let id = try #require(try await add(database))
            for (attempt, pause) in [(1, 60), (2, 600)] as [(Int, Int64)] {
                let claimed = try #require(try await claim(database).first)
                #expect(claimed.attempts == attempt)
                #expect(try await takeBack(other).isEmpty)
                let back = try await line(id, other)
                #expect(back.state == .waiting && back.due == hands.now + pause * 1000 && back.why == JobFailure.crash)
                hands.pass(seconds: pause)
            }
            // The third time was the last.
            _ = try #require(try await claim(database).first)
            #expect(try await takeBack(other).map(\.id) == [id])
        }
    }

    @Test("What does not succeed is tried again, and in the end shown with its reason, told to whoever waits, and not begun again")
    func exhausted() async throws {
        try await timed { database, _, hands in
            let tries = Shared(0), told = Shared<[EndedJob]>([])
            let work = JobWork(
                Self.small, work: { _ in
                    tries.withLock { $0 += 1 }
                    throw Refusal("person.missing", "刘芳不在名册里。")
                }, ended: { ended, db in
                    try JobStore.add(Self.large, JobStore.New(about: ended.subject), in: db)
                    told.withLock { $0.append(ended) }
                })
            let id = try #require(try await add(database, Self.small, JobStore.New(about: 7)))
            try await during([runner(database, [work])]) {
                for attempt in 1...3 {
                    try await eventually {
                        let now = try await line(id, database)
                        return now.attempts == attempt && now.state != .working
                    }
                    hands.pass(seconds: 601)
                }
                try await eventually { try await line(id, database).state == .failed }
                hands.pass(seconds: 100_000)
                try await Task.sleep(for: .milliseconds(100))
            }
            let failed = try await line(id, database)
            #expect(failed.state == .failed && failed.attempts == 3 && tries.withLock { $0 } == 3)
            // Its reason names nobody.
            #expect(failed.why.contains("person.missing") && !failed.why.contains("刘芳"))
            #expect(told.withLock { $0.map(\.subject) } == [7])
            #expect(try await count("job.fail", database) == 1)
            #expect(try await database.read { try $0.count("SELECT count(*) FROM job WHERE kind = 'test.large'") } == 1)
        }
    }

    @Test("A server that stops gives back what it has in hand, and that costs no attempt")
    func stopping() async throws {
        try await timed { database, other, _ in
            let id = try #require(try await add(database)), begun = Shared(false)
            let endless = JobWork(Self.small, work: { _ in
                begun.withLock { $0 = true }
                try await Task.sleep(for: .seconds(600))
            })
            try await during([runner(database, [endless])]) { try await eventually { begun.withLock { $0 } } }
            let again = try #require(try await claim(other).first)
            #expect(again.id == id && again.attempts == 1 && again.number == 3)
        }
    }

    // MARK: Who comes next

    @Test("What is small does not wait behind what is large")
    func lanes() async throws {
        try await timed { database, _, _ in
            let release = Shared(false), large = JobWork(Self.large, work: { _ in
                while !release.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
            })
            _ = try await database.write(Bench.act) { try JobStore.add(Self.large, (0..<5).map { _ in JobStore.New() }, in: $0) }
            try await during([runner(database, [large, JobWork(Self.small, work: { _ in })])]) {
                try await eventually { try await database.read { try JobStore.count(.working, in: $0) } == JobLane.large.atOnce }
                let id = try #require(try await add(database))
                try await eventually { try await line(id, database).state == .done }
                #expect(try await database.read { try JobStore.count(.working, in: $0) } == JobLane.large.atOnce)
                release.withLock { $0 = true }
                try await eventually { try await database.read { try JobStore.count(.done, in: $0) } == 6 }
            }
        }
    }

    @Test("Accounts take turns, and of one account one large piece is worked on at a time, whichever server does it")
    func turns() async throws {
        try await timed { database, other, _ in
            let accounts = try await database.write(Bench.act) { db in try ["甲", "乙"].map { try AccountStore.add($0, displayName: $0, hash: "-", in: db) } }
            func enqueue(_ account: Int64, _ kind: JobKind, _ many: Int) async throws -> [Int64] {
                try await database.write(Act(who: .account(account, "甲"), origin: "", kind: "test", why: "")) { try JobStore.add(kind, (0..<many).map { _ in JobStore.New() }, in: $0) }
            }
            let first = try await enqueue(accounts[0], Self.large, 3), second = try await enqueue(accounts[1], Self.large, 2)
            let one = try await claim(database, Self.large, upTo: 2)
            #expect(one.map(\.id) == [first[0], second[0]])
            #expect(try await claim(other, Self.large, upTo: 2).isEmpty)
            _ = try await database.book { try JobStore.finish([(one[0].id, one[0].number)], in: $0) }
            #expect(try await claim(other, Self.large, upTo: 2).map(\.id) == [first[1]])
            let many = try await enqueue(accounts[0], Self.small, 4), late = try await enqueue(accounts[1], Self.small, 1)
            #expect(try await claim(database, Self.small, upTo: 3).map(\.id) == [many[0], late[0], many[1]])
        }
    }

    @Test("What is due later waits for its moment")
    func later() async throws {
        try await timed { database, _, hands in
            let id = try #require(try await add(database, Self.small, JobStore.New(at: hands.now + 3_600_000)))
            #expect(try await claim(database).isEmpty)
            hands.pass(seconds: 3600)
            #expect(try await claim(database).map(\.id) == [id])
        }
    }

    // MARK: Schedules

    @Test("A schedule falls due at its moment in China, once for each", arguments: [
        (JobSchedule.hourly(minute: 5), "2024-03-01 10:04", "2024-03-01 09:05"), (.hourly(minute: 5), "2024-03-01 10:05", "2024-03-01 10:05"),
        (.hourly(minute: 30), "2024-03-01 00:10", "2024-02-29 23:30"), (.daily(hour: 3), "2024-03-01 02:59", "2024-02-29 03:00"),
        (.daily(hour: 3, minute: 30), "2024-03-01 03:30", "2024-03-01 03:30"), (.yearly(month: 12, day: 1, hour: 9), "2024-03-01 00:00", "2023-12-01 09:00"),
        (.yearly(month: 12, day: 1, hour: 9), "2024-12-01 09:00", "2024-12-01 09:00"), (.yearly(month: 2, day: 29, hour: 0), "2023-03-01 00:00", "2023-02-28 00:00"),
    ] as [(JobSchedule, String, String)])
    func slots(schedule: JobSchedule, now: String, slot: String) throws {
        func moment(_ text: String) throws -> Int64 {
            let parts = text.split(separator: " "), time = parts[1].split(separator: ":").compactMap { Int64($0) }
            return Clock.start(of: try #require(Day(iso: parts[0]))) + (time[0] * 60 + time[1]) * 60_000
        }
        #expect(Clock.minute(ofMilliseconds: schedule.slot(at: try moment(now) + 59_999)) == slot)
    }

    @Test("Two servers do what a day asks for once, and the next day again; a moment that both have missed counts once")
    func schedules() async throws {
        try await timed { database, other, hands in
            let daily = JobKind("test.daily", "每天", schedule: .daily(hour: 0)), runs = Shared(0)
            let work = JobWork(daily, work: { _ in runs.withLock { $0 += 1 } })
            hands.pass(seconds: (Clock.start(of: Clock.day(ofMilliseconds: hands.now) + 1) - hands.now) / 1000 + 60)
            for (days, wanted) in [(0, 1), (1, 2), (5, 3)] as [(Int64, Int)] {
                hands.pass(seconds: days * 86_400)
                try await during([runner(database, [work], hasSchedules: true), runner(other, [work], hasSchedules: true)]) {
                    try await eventually { runs.withLock { $0 } == wanted }
                    try await Task.sleep(for: .milliseconds(150))
                }
                #expect(runs.withLock { $0 } == wanted)
            }
            // A moment of the year long before the first start is nobody's.
            let yearly = JobKind("test.yearly", "每年", schedule: .yearly(month: Clock.day(ofMilliseconds: hands.now - 90 * 86_400_000).parts.month, day: 1, hour: 0))
            #expect(try await database.book { try JobStore.enqueueDue(yearly, in: $0) } == false)
        }
    }

    // MARK: Progress, leaving

    @Test("How far something has come is seen on another server too")
    func progress() async throws {
        try await timed { database, other, _ in
            let release = Shared(false), work = JobWork(Self.large, work: { job in
                job.note(done: 40, total: 100)
                while !release.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
            })
            _ = try await add(database, Self.large, JobStore.New(key: "x"))
            let one = runner(database, [work])
            try await during([one]) {
                try await eventually { try await other.read { try JobStore.standing(Self.large, key: "x", in: $0) }?.progress.done == 40 }
                let standing = try #require(try await other.read { try JobStore.standing(Self.large, key: "x", in: $0) })
                #expect(standing.progress.total == 100 && one.progress(of: standing.id)?.done == 40)
                release.withLock { $0 = true }
                try await eventually { try await other.read { try JobStore.standing(Self.large, key: "x", in: $0) } == nil }
            }
            let half = JobProgress(done: 500, total: 1500, since: 0)
            #expect(half.rate(now: 10_000) == 50 && half.secondsLeft(now: 10_000) == 21 && JobProgress(since: 0).secondsLeft(now: 10_000) == nil)
        }
    }

    @Test("What is done leaves after some days, in batches; what failed stays for longer")
    func purge() async throws {
        try await timed { database, _, hands in
            let ids = try await database.write(Bench.act) { try JobStore.add(Self.small, (0..<1200).map { _ in JobStore.New() }, in: $0) }
            let claims = try await claim(database, upTo: 1200)
            #expect(claims.count == ids.count)
            #expect(try await database.book { try JobStore.finish(claims.dropFirst().map { ($0.id, $0.number) }, in: $0) }.count == 1199)
            try await database.write(Bench.act) { try JobStore.fail(claims[0], why: "坏了", in: $0) }
            func left() async throws -> [Int64] {
                try await database.read { db in [try db.count("SELECT count(*) FROM job"), try db.count("SELECT count(*) FROM job_run")] }
            }
            hands.pass(seconds: 6 * 86_400)
            #expect(try await database.read { try JobStore.isPurgeDue(now: hands.now, in: $0) } == false)
            hands.pass(seconds: 2 * 86_400)
            for gone in [500, 500, 199, 0] { #expect(try await database.write(Bench.act) { try JobStore.purge(in: $0) } == gone) }
            #expect(try await left() == [1, 1])
            hands.pass(seconds: 180 * 86_400)
            #expect(try await database.write(Bench.act) { try JobStore.purge(in: $0) } == 1)
            #expect(try await left() == [0, 0])
        }
    }

    @Test("Two servers do a thousand small pieces, each once")
    func thousand() async throws {
        try await timed { database, other, _ in
            let work = JobWork(Self.small, work: { _ in })
            func counting(_ database: Database) -> JobWork {
                JobWork(work.kind, work: { job in
                    try await database.write(Act(who: .system, origin: "", kind: "test.effect", why: "\(job.id)", isEvent: true)) { try job.finish(in: $0) }
                })
            }
            try await during([runner(database, [counting(database)]), runner(other, [counting(other)])]) {
                for start in 0..<10 {
                    _ = try await (start % 2 == 0 ? database : other).write(Bench.act) { try JobStore.add(Self.small, (0..<100).map { _ in JobStore.New() }, in: $0) }
                }
                try await eventually { try await database.read { try JobStore.count(.done, in: $0) } == 1000 }
            }
            let effects = try await database.read { try $0.rows("SELECT why FROM act WHERE kind = 'test.effect'") { $0.text(0) } }
            #expect(effects.count == 1000 && Set(effects).count == 1000)
        }
    }
}
