import Crypto
import Foundation

/// ID and phone numbers as the database keeps them: authenticated ciphertext, and keyed hashes to find them by.
///
/// The subkeys follow from the key file (HKDF-SHA256), one for each use, so that an index tells nothing of another.
package struct PersonalNumbers: Sendable {
    private let cipherKey: SymmetricKey
    private let whole: KeyedHash
    private let part: KeyedHash
    private let phone: KeyedHash
    private let subject: KeyedHash
    /// What the database stores to know its key again; it gives the key away to nobody.
    package let checkValue: [UInt8]

    /// Bytes of a blind index.
    package static let indexBytes = 16

    package init(key: KeyFile.Key) {
        func subkey(_ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: key.bytes), info: Array("yugong 1 \(use)".utf8), outputByteCount: 32)
        }
        cipherKey = subkey("cipher")
        whole = KeyedHash(subkey("id-number"))
        part = KeyedHash(subkey("id-number-part"))
        phone = KeyedHash(subkey("phone"))
        subject = KeyedHash(subkey("subject"))
        checkValue = subkey("check").withUnsafeBytes { Array($0.prefix(16)) }
    }

    /// Encrypts a number (AES-256-GCM, random nonce). `context` names the column and is needed again to open it, so
    /// that a ciphertext moved to another column does not open.
    package func seal(_ number: String, context: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(Array(number.utf8), using: cipherKey, authenticating: Array(context.utf8))
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// Encrypts a piece of a file that holds personal numbers, as `seal` does a number.
    package func sealBytes(_ bytes: some Sequence<UInt8>, context: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(Array(bytes), using: cipherKey, authenticating: Array(context.utf8))
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// Opens what `sealBytes` made. Throws where key, context or a single bit differ.
    package func openBytes(_ sealed: [UInt8], context: String) throws -> [UInt8] {
        guard sealed.count >= 28 else { throw CryptoKitError.incorrectParameterSize }
        let box = try AES.GCM.SealedBox(
            nonce: AES.GCM.Nonce(data: sealed[..<12]), ciphertext: sealed[12..<(sealed.count - 16)], tag: sealed[(sealed.count - 16)...])
        return Array(try AES.GCM.open(box, using: cipherKey, authenticating: Array(context.utf8)))
    }

    /// Opens what `seal` made. Throws where key, context or a single bit differ.
    package func open(_ sealed: [UInt8], context: String) throws -> String {
        guard sealed.count >= 28 else { throw CryptoKitError.incorrectParameterSize }
        let box = try AES.GCM.SealedBox(
            nonce: AES.GCM.Nonce(data: sealed[..<12]), ciphertext: sealed[12..<(sealed.count - 16)], tag: sealed[(sealed.count - 16)...])
        return String(decoding: try AES.GCM.open(box, using: cipherKey, authenticating: Array(context.utf8)), as: UTF8.self)
    }

    /// Finds a whole ID number; an x at the end counts as X.
    package func index(idNumber: String) -> [UInt8] { index(idNumber.uppercased(), whole) }

    /// Finds an ID number by its first six and last four characters: nil for a number shorter than ten.
    package func index(idNumberPart number: String) -> [UInt8]? {
        let number = number.uppercased()
        guard number.count >= 10 else { return nil }
        return index(String(number.prefix(6) + number.suffix(4)), part)
    }

    /// Finds a phone number.
    package func index(phone: String) -> [UInt8] { index(phone, self.phone) }

    /// Finds whom a provider of single sign-on names; some name people by their phone number.
    package func index(subject: String, of issuer: String) -> [UInt8] { index("\(issuer) \(subject)", self.subject) }

    private func index(_ text: String, _ hash: KeyedHash) -> [UInt8] { Array(hash.code(of: Array(text.utf8)).prefix(Self.indexBytes)) }
}
