import Foundation
@testable import Kit
import Synchronization
import TestBench
import Testing

@Suite("Threads for what blocks", .ownThreads)
struct ElasticThreadsTests {
    /// Asked in a function that is not async: the thread is the one that the caller runs on.
    private static func name() -> String { Thread.current.name ?? "" }

    @Test("A test and the tasks it begins run on them")
    func own() async throws {
        #expect(Self.name() == ElasticThreads.name)
        await withTaskGroup(of: String.self) { group in
            for _ in 0..<4 { group.addTask { Self.name() } }
            for await name in group { #expect(name == ElasticThreads.name) }
        }
    }

    @Test("Many that wait for one another all go on, for each has a thread")
    func many() async throws {
        let arrived = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    try await onThread {
                        arrived.add(1)
                        while arrived.now < 40 { usleep(1000) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(arrived.now == 40)
    }

    @Test("Where as many are at work as there may be, the others wait and are done in turn")
    func bounded() async throws {
        let threads = ElasticThreads(most: 3), working = Tally()
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        threads.submit {
                            working.add(1)
                            usleep(200)
                            working.add(-1)
                            continuation.resume(returning: number)
                        }
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(sum == 199 * 100 && working.most <= 3)
    }

    @Test("Of a line at most so many pieces are at work, on these threads, and every piece is done, long ago or just added")
    func line() async throws {
        let line = WorkLine(atOnce: 2), working = Tally()
        for round in 0..<2 {
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<5000 {
                    group.addTask {
                        try await line.run {
                            working.add(1)
                            defer { working.add(-1) }
                            if number == 4999, round == 1 { throw Refusal("test.thrown", "不行。") }
                            if Self.name() != ElasticThreads.name { Issue.record("a piece ran on a thread called \(Self.name())") }
                            return number
                        }
                    }
                }
                var sum = 0
                while let result = await group.nextResult() {
                    do { sum += try result.get() } catch is Refusal { continue }
                }
                return sum
            }
            #expect(sum == 4999 * 5000 / 2 - round * 4999 && working.most <= 2)
        }
        try await eventually { line.count == 0 }
    }

    @Test("What is thrown comes back to who waits")
    func thrown() async throws {
        await #expect(throws: Refusal.self) { try await onThread { throw Refusal("test.thrown", "不行。") } }
    }
}

/// A number that several threads count.
private final class Tally: Sendable {
    private let numbers = Mutex((now: 0, most: 0))
    var now: Int { numbers.withLock { $0.now } }
    var most: Int { numbers.withLock { $0.most } }
    func add(_ more: Int) {
        numbers.withLock {
            $0.now += more
            $0.most = max($0.most, $0.now)
        }
    }
}
