import Crypto
import Foundation

/// The key under which acts are chained. It never stands in the database.
package struct AuditKey: Sendable {
    /// 32 bytes; a rotation of the data key keeps them.
    package let bytes: [UInt8]
    /// Keys whose place this one has taken, the oldest first.
    package let former: [Former]

    /// A key that chains up to a certain one were kept under.
    package struct Former: Sendable {
        /// The largest id of a chain that was begun under it.
        package let last: Int64
        package let key: AuditKey

        package init(last: Int64, key: AuditKey) {
            self.last = last
            self.key = key
        }
    }

    private let links: KeyedHash
    private let anchorKey: SymmetricKey
    private let rows: KeyedHash

    package static let macBytes = 32

    package init(bytes: [UInt8], former: [Former] = []) {
        self.bytes = bytes
        self.former = former
        func subkey(_ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: bytes), info: Array("yugong 1 \(use)".utf8), outputByteCount: 32)
        }
        links = KeyedHash(subkey("audit link"))
        anchorKey = subkey("audit anchor")
        rows = KeyedHash(subkey("audit row"))
    }

    /// The key that a chain is kept under.
    func key(ofChain chain: Int64) -> AuditKey { former.first { chain <= $0.last }?.key ?? self }

    /// What one of the keys has sealed. A former key is good only for what lies before the act that put another in its place:
    /// whoever comes by it can say nothing of later.
    func opened<T>(reaching id: (T) -> Int64, _ read: (AuditKey) -> T?) -> T? {
        if let found = read(self) { return found }
        for one in former {
            if let found = read(one.key), id(found) < one.last { return found }
        }
        return nil
    }

    /// The audit key that follows from a data key: what a key file holds that names none of its own.
    package static func following(from key: KeyFile.Key) -> AuditKey {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), info: Array("yugong 1 audit".utf8), outputByteCount: 32)
        return AuditKey(bytes: derived.withUnsafeBytes { Array($0) })
    }

    /// The MAC of a link.
    func mac(of message: [UInt8]) -> [UInt8] { Array(links.code(of: message)) }

    /// The mark of rows: the first bytes of a MAC.
    func mark(of message: [UInt8]) -> RowMark {
        rows.code(of: message).withUnsafeBytes { bytes in
            RowMark(high: bytes.loadUnaligned(as: UInt64.self).bigEndian, low: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian)
        }
    }

    /// The MAC of the line of a key file that says where the chains begin.
    func mac(ofBeginning text: String) -> [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: Array("since\n".utf8) + Array(text.utf8), using: anchorKey)) }

    /// The MAC of the note of a check.
    func mac(ofNote text: String) -> [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: Array("note\n".utf8) + Array(text.utf8), using: anchorKey)) }

    /// The MAC of an anchor's text.
    func mac(ofAnchor text: String) -> [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: anchorKey)) }
}

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
