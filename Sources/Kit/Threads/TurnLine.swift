import Foundation

/// Work that somebody waits for, in a line in which askers take turns: of each only one piece stands in it at a time.
///
/// `@unchecked`: `waiting` is touched only under `lock`.
package final class TurnLine: @unchecked Sendable {
    private let line: WorkLine
    private let lock = NSLock()
    /// What waits of an asker beside the piece in the line.
    private var waiting: [Int64: FIFO<@Sendable () -> Void>] = [:]

    private static let most = 5

    package init(atOnce most: Int) { line = WorkLine(atOnce: most) }

    /// Runs the closure when its turn comes, and waits for its end without keeping one of the threads that answer requests.
    /// Refusal `line.busy` where much of this asker waits already.
    package func run(of asker: Int64, _ work: @escaping @Sendable () throws -> Void) async throws {
        guard lock.withLock({ waiting[asker]?.count ?? 0 }) < Self.most else {
            throw Refusal("line.busy", "您的几份文件还在排队处理，这一份没有做；请过一分钟再试。")
        }
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            enqueue(of: asker) { done.resume(with: Result { try work() }) }
        }
    }

    private func enqueue(of asker: Int64, _ work: @escaping @Sendable () -> Void) {
        let isFirst = lock.withLock {
            let isFirst = waiting[asker] == nil
            if isFirst { waiting[asker] = FIFO() } else { waiting[asker]?.append(work) }
            return isFirst
        }
        if isFirst { add(of: asker, work) }
    }

    private func add(of asker: Int64, _ work: @escaping @Sendable () -> Void) {
        line.add { [self] in
            work()
            let next = lock.withLock {
                let next = waiting[asker]?.popFirst()
                if next == nil { waiting[asker] = nil }
                return next
            }
            if let next { add(of: asker, next) }
        }
    }
}
