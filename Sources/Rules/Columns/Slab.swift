import Foundation

/// A fixed block of numbers that threads may read at once.
///
/// Large blocks are mapped pages rather than pieces of the heap: what is freed goes back to the system at once, and
/// a start, which holds everything twice for a moment, leaves nothing behind.
///
/// Unchecked because the pointer is written only by the code that makes the slab, before it is shared, or by
/// threads that each own a disjoint range of it.
final class Slab<Element: BitwiseCopyable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>
    let count: Int
    private let mappedBytes: Int

    /// A block whose content the caller writes before anybody reads it.
    init(uninitialized count: Int) {
        self.count = count
        let bytes = max(1, count) * MemoryLayout<Element>.stride
        if bytes >= 1 << 18, let pages = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), pages != MAP_FAILED {
            base = pages.bindMemory(to: Element.self, capacity: count)
            mappedBytes = bytes
        } else {
            base = .allocate(capacity: max(1, count))
            mappedBytes = 0
        }
    }

    convenience init(count: Int, repeating value: Element) {
        self.init(uninitialized: count)
        base.initialize(repeating: value, count: count)
    }

    convenience init(_ values: [Element]) {
        self.init(uninitialized: values.count)
        values.withUnsafeBufferPointer { if let first = $0.baseAddress { base.initialize(from: first, count: count) } }
    }

    deinit {
        if mappedBytes > 0 { munmap(base, mappedBytes) } else { base.deallocate() }
    }

    subscript(_ index: Int) -> Element {
        @inline(__always) get { base[index] }
        @inline(__always) set { base[index] = newValue }
    }
}

/// Numbers that are appended one by one and read once, in pieces that are never moved.
///
/// Unchecked because the pointer into the last piece belongs to the one value that appends: a run is handed from
/// thread to thread and never copied while it grows.
struct Pieces<Element: BitwiseCopyable>: @unchecked Sendable {
    private static var pieceCount: Int { 1 << 15 }
    private var full: [Slab<Element>] = []
    private var next: UnsafeMutablePointer<Element>?
    private var room = 0

    var count: Int { full.count * Self.pieceCount - room }

    @inline(__always) mutating func append(_ element: Element) {
        if room == 0 { grow() }
        // cannot trap: where there is no piece there is no room, and `grow` has just made one.
        let place = next.unsafelyUnwrapped
        place.initialize(to: element)
        next = place + 1
        room -= 1
    }

    private mutating func grow() {
        let piece = Slab<Element>(uninitialized: Self.pieceCount)
        full.append(piece)
        next = piece.base
        room = Self.pieceCount
    }

    /// The elements in their order, piece by piece.
    func forEachPiece(_ body: (UnsafeBufferPointer<Element>) -> Void) {
        for (number, piece) in full.enumerated() {
            let held = number == full.count - 1 ? Self.pieceCount - room : Self.pieceCount
            withExtendedLifetime(piece) { body(UnsafeBufferPointer(start: piece.base, count: held)) }
        }
    }

    subscript(_ index: Int) -> Element { full[index / Self.pieceCount][index % Self.pieceCount] }
}
