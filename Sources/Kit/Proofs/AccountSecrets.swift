import Crypto

/// How the database keeps what accounts prove themselves with: secrets of authenticators as ciphertext, handed codes as
/// keyed hashes. The keys follow from the data key (HKDF-SHA256), one for each use; those behind hashes stay what they were
/// when the data key is replaced, for nobody has what was hashed.
package struct AccountSecrets: Sendable {
    private let cipherKey: SymmetricKey
    private let hashKey: SymmetricKey
    private let stampKey: SymmetricKey
    private let flowKey: SymmetricKey

    /// `kept` has the keys that no longer follow from the data key, by their use.
    package init(key: KeyFile.Key, kept: [String: [UInt8]] = [:]) {
        func subkey(_ use: String) -> SymmetricKey {
            kept[use].map { SymmetricKey(data: $0) } ?? HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: key.bytes), info: Array("yugong 1 \(use)".utf8), outputByteCount: 32)
        }
        cipherKey = subkey("authenticator")
        hashKey = subkey(Self.hashUse)
        stampKey = subkey(Self.stampUse)
        flowKey = subkey("flow")
    }

    private static let hashUse = "handed-code", stampUse = "stamp"

    /// What must stay when the data key is replaced.
    var keptKeys: [String: [UInt8]] {
        [Self.hashUse: hashKey.withUnsafeBytes { Array($0) }, Self.stampUse: stampKey.withUnsafeBytes { Array($0) }]
    }

    /// Encrypts the secret of an account's authenticator (AES-256-GCM); it opens for this account only.
    package func seal(_ secret: TimeCode.Secret, of account: Int64) throws -> [UInt8] {
        let box = try AES.GCM.seal(secret.bytes, using: cipherKey, authenticating: Self.name(account))
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// Opens what `seal` made. Throws where key, account or a single bit differ.
    package func open(_ sealed: [UInt8], of account: Int64) throws -> TimeCode.Secret {
        TimeCode.Secret(bytes: Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: cipherKey, authenticating: Self.name(account))))
    }

    /// What is stored of a handed code: without the key nobody can try codes against it.
    package func hash(_ code: HandedCode, of account: Int64) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Self.name(account) + Array(" \(code.letters)".utf8), using: hashKey))
    }

    /// A mark that only this installation can put on a text.
    package func stamp(_ text: String) -> String {
        Secrets.text(of: Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: stampKey).prefix(16)))
    }

    /// Encrypts what a browser keeps for us between two requests, as text for a cookie.
    package func seal(flow bytes: [UInt8]) throws -> String {
        let box = try AES.GCM.seal(bytes, using: flowKey)
        return Secrets.text(of: Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
    }

    /// Opens what `seal(flow:)` made; nil for anything else.
    package func open(flow text: String) -> [UInt8]? {
        guard let sealed = Secrets.bytes(of: text), let box = try? AES.GCM.SealedBox(combined: sealed), let opened = try? AES.GCM.open(box, using: flowKey) else { return nil }
        return Array(opened)
    }

    private static func name(_ account: Int64) -> [UInt8] { Array("account \(account)".utf8) }
}
