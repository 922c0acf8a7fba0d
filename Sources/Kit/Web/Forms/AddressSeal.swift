import Crypto
import Foundation

/// Keeps people's names out of addresses, which lie in logs of proxies and in histories of browsers: what was typed into
/// a search, and the row a page of a list begins after, stand there as ciphertext (AES-256-GCM).
///
/// The same text gives the same ciphertext, so that a page has one address; whoever sees two addresses can tell that they
/// ask for the same, and not what.
package struct AddressSeal: Sendable {
    /// Names of query values that may be a person's name.
    fileprivate static let names: Set<String> = ["q", "who", "after"]
    private static let mark = "~"

    /// The one that addresses are made with while a request is answered.
    @TaskLocal static var current: AddressSeal?

    private let key: SymmetricKey
    private let nonceKey: SymmetricKey

    package init(key: KeyFile.Key) {
        func subkey(_ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: key.bytes), info: Array("yugong 1 \(use)".utf8), outputByteCount: 32)
        }
        self.key = subkey("address")
        nonceKey = subkey("address nonce")
    }

    /// What stands in an address for a query value.
    func sealed(_ name: String, _ value: String) -> String {
        guard Self.names.contains(name), !value.isEmpty else { return value }
        let text = Array(value.utf8), nonce = Array(HMAC<SHA256>.authenticationCode(for: text, using: nonceKey).prefix(12))
        guard let box = try? AES.GCM.seal(text, using: key, nonce: AES.GCM.Nonce(data: nonce)) else { return "" }
        return Self.mark + Secrets.text(of: nonce + Array(box.ciphertext) + Array(box.tag))
    }

    /// The values as they were typed. One that was sealed under another key is gone.
    func opened(_ fields: Fields) -> Fields {
        var opened = fields
        for place in opened.pairs.indices where Self.names.contains(opened.pairs[place].name) && opened.pairs[place].value.hasPrefix(Self.mark) {
            let bytes = Secrets.bytes(of: String(opened.pairs[place].value.dropFirst(Self.mark.count))) ?? []
            let text = (try? AES.GCM.SealedBox(combined: bytes)).flatMap { try? AES.GCM.open($0, using: key) }
            opened.pairs[place].value = text.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return opened
    }
}

extension PageAddress {
    /// The same list without what may be a person's name and without a place in it: what may be kept.
    package var withoutWords: PageAddress {
        PageAddress(path, Fields(query.pairs.filter { !AddressSeal.names.contains($0.name) && !$0.value.isEmpty }.map { ($0.name, $0.value) }))
    }
}
