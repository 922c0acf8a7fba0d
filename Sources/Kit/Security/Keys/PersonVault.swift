import Crypto
import Foundation

/// Makes ciphertext of images that hold personal values, under the key of the person they are about.
package struct PersonVault: Sendable {
    private let wrapping: SymmetricKey

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

    /// An image as `act_change` keeps it: `{"sealed":"…"}` of a person's own row, `{"of":7,"sealed":"…"}` of any other.
    static func seal(_ image: String, of subject: String, under key: SymmetricKey, person: Int64) throws -> String {
        let box = try AES.GCM.seal(Array(image.utf8), using: key, authenticating: name(person))
        let sealed = Data(Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)).base64EncodedString()
        return "\(subject == Self.subject ? own : "\(others)\(person),\"sealed\":\"")\(sealed)\"}"
    }

    /// Whose key a sealed image needs; nil for one in plain. `id` is the row's.
    static func person(ofSealed image: String, subject: String, id: Int64) -> Int64? {
        if image.hasPrefix(own), subject == Self.subject { return id }
        guard image.hasPrefix(others) else { return nil }
        let number = image.dropFirst(others.count).prefix { $0 != "," }
        return image.dropFirst(others.count + number.count).hasPrefix(",\"sealed\":\"") ? Int64(number) : nil
    }

    static func open(_ image: String, under key: SymmetricKey, of person: Int64) throws -> String {
        guard let start = image.range(of: "\"sealed\":\""), let data = Data(base64Encoded: String(image[start.upperBound...].dropLast(2))) else {
            throw CryptoKitError.incorrectParameterSize
        }
        return String(decoding: try AES.GCM.open(AES.GCM.SealedBox(combined: data), using: key, authenticating: name(person)), as: UTF8.self)
    }

    private static let subject = "person", own = "{\"sealed\":\"", others = "{\"of\":"
    private static func name(_ person: Int64) -> [UInt8] { Array("person \(person)".utf8) }
}
