import Crypto
import Foundation

/// Makes ciphertext of images that hold personal values, under the key of the person they are about.
package struct PersonVault: Sendable {
    private let wrapping: SymmetricKey

    /// Subjects whose rows are a person's, the row's id being the person's.
    static let subjects: Set<String> = ["person"]

    package init(key: KeyFile.Key) {
        wrapping = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), info: Array("yugong 1 person-key".utf8), outputByteCount: 32)
    }

    func newKey() -> SymmetricKey { SymmetricKey(size: .bits256) }

    func wrap(_ key: SymmetricKey, of person: Int64) throws -> [UInt8] {
        let box = try AES.GCM.seal(key.withUnsafeBytes { Array($0) }, using: wrapping, authenticating: Self.name(person))
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    func unwrap(_ wrapped: [UInt8], of person: Int64) throws -> SymmetricKey {
        SymmetricKey(data: try AES.GCM.open(AES.GCM.SealedBox(combined: wrapped), using: wrapping, authenticating: Self.name(person)))
    }

    /// An image as `act_change` keeps it: `{"sealed":"…"}`.
    static func seal(_ image: String, under key: SymmetricKey, of person: Int64) throws -> String {
        let box = try AES.GCM.seal(Array(image.utf8), using: key, authenticating: name(person))
        let sealed = Data(Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)).base64EncodedString()
        return "\(prefix)\(sealed)\"}"
    }

    static func isSealed(_ image: String) -> Bool { image.hasPrefix(prefix) }

    static func open(_ image: String, under key: SymmetricKey, of person: Int64) throws -> String {
        guard let data = Data(base64Encoded: String(image.dropFirst(prefix.count).dropLast(2))) else { throw CryptoKitError.incorrectParameterSize }
        return String(decoding: try AES.GCM.open(AES.GCM.SealedBox(combined: data), using: key, authenticating: name(person)), as: UTF8.self)
    }

    private static let prefix = "{\"sealed\":\""
    private static func name(_ person: Int64) -> [UInt8] { Array("person \(person)".utf8) }
}
