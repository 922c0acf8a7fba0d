import Foundation

/// Work of one kind on threads of its own: at most so many pieces at once, the others in line.
///
/// An operation queue would not do: it works on the threads of Swift's cooperative pool, and as many busy pieces as there are
/// cores would keep every request waiting.
package final class WorkLine: @unchecked Sendable {
    private let most: Int
    private let lock = NSLock()
    private var atWork = 0
    private var waiting = FIFO<@Sendable () -> Void>()

    package init(atOnce most: Int) { self.most = most }

    /// Pieces at work and in line.
    package var count: Int { lock.withLock { atWork + waiting.count } }

    /// Runs the closure when its turn comes.
    package func add(_ work: @escaping @Sendable () -> Void) {
        let isFree = lock.withLock {
            guard atWork < most else {
                waiting.append(work)
                return false
            }
            atWork += 1
            return true
        }
        if isFree { submit(work) }
    }

    /// The same, and waits for its end without keeping one of the threads that answer requests.
    package func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            add { continuation.resume(with: Result { try work() }) }
        }
    }

    private func submit(_ work: @escaping @Sendable () -> Void) {
        ElasticThreads.shared.submit { [self] in
            work()
            if let next = next() { submit(next) }
        }
    }

    /// The next in line; where none is, one piece less is at work.
    private func next() -> (@Sendable () -> Void)? {
        lock.withLock {
            let next = waiting.popFirst()
            if next == nil { atWork -= 1 }
            return next
        }
    }
}
