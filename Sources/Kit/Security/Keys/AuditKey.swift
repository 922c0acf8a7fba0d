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

    /// The MAC of the head of a sealed file. Its key is derived when it is asked for: seldom.
    func mac(ofFile name: String, _ head: [UInt8]) -> [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: head, using: key(ofFile: name))) }

    func isMAC(_ mac: [UInt8], ofFile name: String, _ head: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(mac, authenticating: head, using: key(ofFile: name))
    }

    private func key(ofFile name: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: bytes), info: Array("yugong 1 audit file \(name)".utf8), outputByteCount: 32)
    }

    /// The MAC of an anchor's text.
    func mac(ofAnchor text: String) -> [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: anchorKey)) }
}

/// What rows of one key were when an act had written them.
struct RowMark: Equatable {
    var high: UInt64, low: UInt64

    /// No row any more.
    static let gone = RowMark(high: 0, low: 0)

    /// Key and mark as they stand in `act_mark`.
    static let room = 24

    func add(of key: Int64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: (key.bigEndian, high.bigEndian, low.bigEndian)) { bytes += $0 }
    }
}
