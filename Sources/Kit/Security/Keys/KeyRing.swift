import Crypto

/// The keys that a key file holds: the data key in its first line, then the others by name.
package struct KeyRing: Sendable {
    package var data: KeyFile.Key
    /// Nil where it follows from the data key, as in every file none of whose keys was ever replaced.
    package var audit: KeyFile.Key?
    /// During a rotation: the data key that replaces the first.
    package var next: KeyFile.Key?
    /// Audit keys that were replaced, the oldest first. Each is good for the chains whose id is at most `last`.
    package var former: [(last: Int64, key: KeyFile.Key)] = []

    /// The first entry of the first chain of acts; nil where nobody has noted it yet.
    package var since: ChainHead?
    /// There is a line about it that none of these keys has sealed.
    package private(set) var isBeginningForged = false

    package init(data: KeyFile.Key) { self.data = data }

    package var auditKey: AuditKey {
        AuditKey(
            bytes: audit?.bytes ?? AuditKey.following(from: data).bytes,
            former: former.map { AuditKey.Former(last: $0.last, key: AuditKey(bytes: $0.key.bytes)) })
    }

    /// The same keys with an audit key that no longer rests on the data key.
    package var withOwnAuditKey: KeyRing {
        var ring = self
        ring.audit = KeyFile.Key(bytes: auditKey.bytes)
        return ring
    }

    var text: String {
        let beginning = since.map { "since \($0.text):\(auditKey.mac(ofBeginning: $0.text).hex)" }
        let lines = [audit.map { "audit \($0.text)" }, next.map { "next \($0.text)" }, beginning].compactMap(\.self)
            + former.map { "audit-\($0.last) \($0.key.text)" }
        return ([data.text] + lines).joined(separator: "\n") + "\n"
    }

    init?(text: String) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first, let data = KeyFile.Key(text: first), words.count % 2 == 1 else { return nil }
        self.data = data
        var beginning: Substring?
        for place in stride(from: 1, to: words.count, by: 2) {
            guard words[place] != "since" else {
                beginning = words[place + 1][...]
                continue
            }
            guard let key = KeyFile.Key(text: words[place + 1]) else { return nil }
            switch words[place] {
            case "audit": audit = key
            case "next": next = key
            case let name where name.hasPrefix("audit-"):
                guard let last = Int64(name.dropFirst("audit-".count)) else { return nil }
                former.append((last, key))
            default: return nil
            }
        }
        if let beginning {
            let cut = beginning.lastIndex(of: ":") ?? beginning.startIndex, head = ChainHead(text: beginning[..<cut])
            let key = auditKey, seal = String(beginning[cut...].dropFirst())
            since = head.flatMap { head in
                key.opened(reaching: { (found: ChainHead) in found.chain }) { $0.mac(ofBeginning: head.text).hex == seal ? head : nil }
            }
            isBeginningForged = since == nil
        }
    }
}

extension KeyFile.Key {
    /// Tells one key from another and gives nothing of it away.
    package var fingerprint: String {
        let mark = HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: bytes), info: Array("yugong 1 fingerprint".utf8), outputByteCount: 8)
        return mark.withUnsafeBytes { Array($0) }.hex
    }
}
