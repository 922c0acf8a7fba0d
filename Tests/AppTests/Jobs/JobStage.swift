@testable import Access
import Foundation
@testable import Kit
import Synchronization
import TestBench
import Testing

/// Something that a test and what works beside it both hold.
final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
    func withLock<T: Sendable>(_ body: (inout Value) -> T) -> T { value.withLock { body(&$0) } }
}

/// A time that only the test moves.
final class Hands: Sendable {
    private let moment = Shared(Clock.nowMilliseconds)
    var now: Int64 { moment.withLock { $0 } }
    func pass(seconds: Int64) { moment.withLock { $0 += seconds * 1000 } }
}

private let stageNumbers = PersonalNumbers(key: .random())

/// What tests of jobs have in common.
protocol JobStage {}

extension JobStage {
    static var numbers: PersonalNumbers { stageNumbers }
    static var small: JobKind { JobKind("test.small", "小事", attempts: 3, pauses: [60, 600]) }
    static var large: JobKind { JobKind("test.large", "大事", lane: .large, attempts: 3, pauses: [60]) }

    /// On both engines, each with two databases that are one: two servers on PostgreSQL, two processes on SQLite.
    func timed(_ body: (Database, Database, Hands) async throws -> Void) async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { _, url in
                let hands = Hands()
                let one = try Database(url: url, readers: 1, now: { hands.now }), other = try Database(url: url, readers: 1, now: { hands.now })
                defer {
                    one.close()
                    other.close()
                }
                try await body(one, other, hands)
            }
        }
    }

    func claim(_ database: Database, _ kind: JobKind = small, upTo most: Int = 1) async throws -> [JobStore.Claim] {
        try await database.book { try JobStore.claim(kind.lane, kinds: [kind.key], upTo: most, worker: "elsewhere/1/a", in: $0) }
    }

    /// As when whoever has something in hand is seen to be gone.
    func takeBack(_ database: Database) async throws -> [JobStore.Claim] {
        try await database.book { db in
            try JobStore.inHand(besides: [], in: db).values.flatMap { held in
                try JobStore.takeBack(held.map(\.claim), [Self.small.key: Self.small, Self.large.key: Self.large], in: db)
            }
        }
    }

    func line(_ id: Int64, _ database: Database) async throws -> JobLine {
        try #require(try await database.read { try JobStore.line(id, in: $0) })
    }

    func add(_ database: Database, _ kind: JobKind = small, _ new: JobStore.New? = nil) async throws -> Int64? {
        try await database.write(Bench.act) { try JobStore.add(kind, new ?? JobStore.New(), in: $0) }
    }

    /// Whoever works, as impatient as a test.
    func runner(_ database: Database, _ works: [JobWork], hasSchedules: Bool = false, log: @escaping @Sendable (String) -> Void = { _ in }) -> JobRunner {
        var setting = JobRunner.Setting()
        (setting.pollMilliseconds, setting.tickMilliseconds, setting.hasSchedules, setting.patience) = (20, 20, hasSchedules, 10_000)
        return JobRunner(database, Self.numbers, works, setting: setting, log: log)
    }

    func during(_ runners: [JobRunner], _ body: () async throws -> Void) async throws {
        let tasks = runners.map { runner in Task { try await runner.run() } }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
        try outcome.get()
    }

    func count(_ kind: String, _ database: Database) async throws -> Int64 {
        try await database.read { try $0.count(SQL("SELECT count(*) FROM act WHERE kind = \(kind)")) }
    }
}
