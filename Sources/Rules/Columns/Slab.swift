/// A fixed block of numbers that threads may read at once.
///
/// Unchecked because the pointer is written only by the code that makes the slab, before it is shared, or by
/// threads that each own a disjoint range of it.
final class Slab<Element: BitwiseCopyable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>
    let count: Int

    init(count: Int, repeating value: Element) {
        self.count = count
        base = .allocate(capacity: max(1, count))
        base.initialize(repeating: value, count: count)
    }

    init(_ values: [Element]) {
        count = values.count
        base = .allocate(capacity: max(1, count))
        values.withUnsafeBufferPointer { if let first = $0.baseAddress { base.initialize(from: first, count: count) } }
    }

    deinit { base.deallocate() }

    subscript(_ index: Int) -> Element {
        @inline(__always) get { base[index] }
        @inline(__always) set { base[index] = newValue }
    }
}
