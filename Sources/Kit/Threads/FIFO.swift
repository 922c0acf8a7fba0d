/// Elements in the order in which they came; whoever shares one holds a lock. Each costs the same, however many there are.
package struct FIFO<Element> {
    private var items: [Element] = []
    private var head = 0

    package init() {}

    package var count: Int { items.count - head }
    package var isEmpty: Bool { count == 0 }

    package mutating func append(_ element: Element) { items.append(element) }

    /// The first of them; nil where there is none.
    package mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let first = items[head]
        drop(1)
        return first
    }

    /// The first of them, at most `limit`.
    package mutating func take(upTo limit: Int) -> [Element] {
        let taken = Array(items[head..<min(items.count, head + limit)])
        drop(taken.count)
        return taken
    }

    private mutating func drop(_ some: Int) {
        head += some
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 4096 {
            items.removeFirst(head)
            head = 0
        }
    }
}
