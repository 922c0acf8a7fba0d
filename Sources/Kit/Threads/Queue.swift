import Foundation

/// A bounded line between those who put in and those who take out, each on threads that may wait.
/// `@unchecked`: everything mutable is touched only under the lock.
final class Queue<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var items = FIFO<Element>()
    private var isClosed = false
    private let capacity: Int

    enum Intake { case taken, full, closed }

    init(capacity: Int) { self.capacity = capacity }

    /// Puts a job in line; with `waits` it blocks while the line is full.
    func put(_ element: Element, waits: Bool) -> Intake {
        condition.lock()
        defer { condition.unlock() }
        while !isClosed && items.count >= capacity {
            guard waits else { return .full }
            condition.wait()
        }
        if isClosed { return .closed }
        items.append(element)
        condition.signal()
        return .taken
    }

    /// Waits for jobs and takes as many as stand in line, at most `limit`. Nil when closed and empty.
    func take(upTo limit: Int) -> [Element]? {
        condition.lock()
        defer { condition.unlock() }
        while items.isEmpty {
            if isClosed { return nil }
            condition.wait()
        }
        let wasFull = items.count >= capacity, taken = items.take(upTo: limit)
        if wasFull { condition.broadcast() }
        return taken
    }

    /// No more jobs are taken in; those in line are still done.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }
}
