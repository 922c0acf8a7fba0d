import Crypto

/// HMAC-SHA256 under one key. The key is taken in once: that costs more than a short message does.
struct KeyedHash: Sendable {
    private let ready: HMAC<SHA256>

    init(_ key: SymmetricKey) { ready = HMAC(key: key) }

    func code(of message: [UInt8]) -> HMAC<SHA256>.MAC {
        var mac = ready
        mac.update(data: message)
        return mac.finalize()
    }
}
