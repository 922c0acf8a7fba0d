import Foundation

/// Threads for what blocks or computes for long: as many as are needed at once, kept for the next.
///
/// Swift's cooperative pool has as many threads as cores and answers every request; whoever blocks one of them keeps
/// everybody waiting. What runs here costs only its own thread, and the system shares the cores out fairly.
///
/// `@unchecked`: everything mutable is touched only under `condition`.
package final class ElasticThreads: TaskExecutor, @unchecked Sendable {
    package static let shared = ElasticThreads(most: 256)
    /// What a thread of these is called.
    static let name = "elastic"

    private let condition = NSCondition()
    private let most: Int
    private var waiting = FIFO<@Sendable () -> Void>()
    private var idle = 0, running = 0

    /// Where `most` are at work, others wait in line.
    init(most: Int) { self.most = most }

    /// Runs the closure soon, on a thread of these.
    func submit(_ work: @escaping @Sendable () -> Void) {
        condition.lock()
        defer { condition.unlock() }
        waiting.append(work)
        if waiting.count > idle, running < most {
            running += 1
            let thread = Thread { [self] in serve() }
            thread.stackSize = 8 << 20
            thread.start()
        } else {
            condition.signal()
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // cannot trap: the one instance there is, is never let go.
        submit { [unowned self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private func serve() -> Never {
        while true {
            let next = take()
            // A name is taken by a running thread only, and whoever shares work out over the cores may have called it otherwise.
            Thread.current.name = Self.name
            next()
        }
    }

    /// The next in line.
    private func take() -> @Sendable () -> Void {
        condition.lock()
        defer { condition.unlock() }
        idle += 1
        defer { idle -= 1 }
        while true {
            if let next = waiting.popFirst() { return next }
            condition.wait()
        }
    }
}

/// Runs what blocks or computes for long on a thread of its own, and waits for it without keeping one of those that
/// answer requests.
package func onThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        ElasticThreads.shared.submit { continuation.resume(with: Result { try work() }) }
    }
}
