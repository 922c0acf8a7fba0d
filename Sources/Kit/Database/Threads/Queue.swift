import Foundation

/// A bounded line of jobs between the callers and the database threads.
/// `@unchecked`: everything mutable is touched only under the lock.
final class Queue<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var items: [Element] = []
    private var head = 0
    private var isClosed = false
    private let capacity: Int

    enum Admission { case taken, full, closed }

    init(capacity: Int) { self.capacity = capacity }

    /// Puts a job in line; with `waits` it blocks while the line is full.
    func put(_ element: Element, waits: Bool) -> Admission {
        condition.lock()
        defer { condition.unlock() }
        while !isClosed && items.count - head >= capacity {
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
        while items.count == head {
            if isClosed { return nil }
            condition.wait()
        }
        let wasFull = items.count - head >= capacity
        let end = min(items.count, head + limit)
        let taken = Array(items[head..<end])
        head = end
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 4096 {
            items.removeFirst(head)
            head = 0
        }
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
