/// Writes numbers, texts and whole columns one after the other, as this machine holds them.
package struct DumpWriter {
    private let put: (UnsafeRawBufferPointer) throws -> Void

    /// `put` takes what is written, in its order.
    package init(_ put: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.put = put }

    func bytes(_ bytes: UnsafeRawBufferPointer) throws { try put(bytes) }

    package func number(_ number: some FixedWidthInteger) throws { try withUnsafeBytes(of: Int64(clamping: number)) { try put($0) } }

    /// Their count, then all of them.
    package func numbers<Number: FixedWidthInteger & BitwiseCopyable>(_ numbers: [Number]) throws {
        try number(numbers.count)
        try numbers.withUnsafeBytes { try put($0) }
    }

    package func texts(_ texts: [String]) throws {
        try number(texts.count)
        for var text in texts {
            try number(text.utf8.count)
            try text.withUTF8 { try put(UnsafeRawBufferPointer($0)) }
        }
    }
}

/// Reads what a `DumpWriter` has written. What is read may be anybody's: no count reaches beyond the bytes there are, and what does not fit
/// is `Broken`.
package struct DumpReader {
    /// What is there cannot have been written so.
    package struct Broken: Error { package init() {} }

    private let fill: (UnsafeMutableRawBufferPointer) throws -> Void
    /// Bytes that were not read yet.
    package private(set) var left: Int

    /// `fill` gives the next bytes, as many as it is asked for.
    package init(bytes: Int, _ fill: @escaping (UnsafeMutableRawBufferPointer) throws -> Void) {
        left = bytes
        self.fill = fill
    }

    mutating func bytes(_ bytes: UnsafeMutableRawBufferPointer) throws {
        guard bytes.count <= left else { throw Broken() }
        left -= bytes.count
        try fill(bytes)
    }

    package mutating func number() throws -> Int64 {
        var number: Int64 = 0
        try withUnsafeMutableBytes(of: &number) { try bytes($0) }
        return number
    }

    package mutating func number(in range: ClosedRange<Int64>) throws -> Int64 {
        let number = try number()
        guard range.contains(number) else { throw Broken() }
        return number
    }

    /// How many follow that take so many bytes each, at least.
    package mutating func count(bytesEach: Int) throws -> Int {
        let most = left / max(1, bytesEach)
        guard let count = Int(exactly: try number()), count >= 0, count <= min(most, Int(Int32.max) - 1) else { throw Broken() }
        return count
    }

    package mutating func numbers<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) throws -> [Number] {
        let count = try count(bytesEach: MemoryLayout<Number>.stride)
        var numbers = [Number](repeating: 0, count: count)
        try numbers.withUnsafeMutableBytes { try bytes($0) }
        return numbers
    }

    /// The same, one for each of something, each within a range.
    mutating func numbers<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, _ count: Int, in range: ClosedRange<Number>) throws -> [Number] {
        let numbers = try numbers(Number.self)
        guard numbers.count == count, numbers.allSatisfy(range.contains) else { throw Broken() }
        return numbers
    }

    mutating func slab<Element: BitwiseCopyable>(_: Element.Type, _ count: Int) throws -> Slab<Element> {
        guard count <= left / MemoryLayout<Element>.stride else { throw Broken() }
        let slab = Slab<Element>(uninitialized: count)
        try bytes(UnsafeMutableRawBufferPointer(start: slab.base, count: count * MemoryLayout<Element>.stride))
        return slab
    }

    package mutating func texts() throws -> [String] {
        let count = try count(bytesEach: MemoryLayout<Int64>.size)
        var texts: [String] = []
        for _ in 0..<count {
            var text = [UInt8](repeating: 0, count: try self.count(bytesEach: 1))
            try text.withUnsafeMutableBytes { try bytes($0) }
            guard let sound = String(validating: text, as: UTF8.self) else { throw Broken() }
            texts.append(sound)
        }
        return texts
    }
}
