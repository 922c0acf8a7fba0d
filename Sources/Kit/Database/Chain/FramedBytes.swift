import Crypto

/// Values one after the other so that no two lists of values give the same bytes.
struct FramedBytes {
    private(set) var bytes: [UInt8] = []

    init() {}

    mutating func add(_ value: Int64) { withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) } }

    mutating func add(_ value: [UInt8]) {
        add(Int64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func add(_ text: String) {
        add(Int64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func add(_ text: String?) {
        guard let text else { return add(-1) }
        add(text)
    }

    mutating func add(_ value: Value) {
        switch value {
        case .null: bytes.append(0)
        case .int(let number):
            bytes.append(1)
            add(number)
        case .text(let text):
            bytes.append(2)
            add(text)
        case .blob(let blob):
            bytes.append(3)
            add(blob)
        }
    }

    mutating func clear() { bytes.removeAll(keepingCapacity: true) }
}

/// SHA-256 over rows in their order, made while they stream by.
package struct RowDigest {
    private var hash = SHA256()
    private var frame = FramedBytes()
    package private(set) var count: Int64 = 0

    package init() {}

    /// One more row, by its values in the order of its columns.
    package mutating func add(_ values: [Value]) {
        for value in values { frame.add(value) }
        count += 1
        if frame.bytes.count > 1 << 16 { pass() }
    }

    private mutating func pass() {
        hash.update(data: frame.bytes)
        frame.clear()
    }

    /// The digest of all rows so far.
    package var bytes: [UInt8] {
        var hash = hash
        hash.update(data: frame.bytes)
        return Array(hash.finalize())
    }
}
