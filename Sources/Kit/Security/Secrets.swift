import Crypto
import Foundation

/// Random secrets and their fingerprints.
package enum Secrets {
    /// A token that cannot be guessed: 32 random bytes as URL-safe text.
    package static func token() -> String { text(of: random(32)) }

    /// Random bytes from the system.
    package static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// What is stored in place of a token.
    package static func fingerprint(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Array(token.utf8))) }

    /// A token that follows from a secret for one purpose, and gives nothing away of it.
    package static func derived(from secret: String, for purpose: String) -> String {
        text(of: Array(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: SymmetricKey(data: Array(secret.utf8)))))
    }

    /// A password to be typed once from a slip of paper: four groups of four without characters that look alike.
    package static func password() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String((0..<4).map { _ in letters.randomElement(using: &generator) ?? "x" }) }.joined(separator: "-")
    }

    /// Reads what `text(of:)` writes; nil for anything else.
    package static func bytes(of text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "=") }) else { return nil }
        let plain = String(text).replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)).map(Array.init)
    }

    /// Base64 for addresses and cookies, without padding.
    package static func text(of bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var out: [UInt8] = []
        var bits: UInt32 = 0, count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(truncatingIfNeeded: byte)
            count += 8
            while count >= 6 {
                count -= 6
                out.append(letters[Int(bits >> UInt32(truncatingIfNeeded: count)) & 63])
            }
        }
        if count > 0 { out.append(letters[Int(bits << UInt32(truncatingIfNeeded: 6 - count)) & 63]) }
        return String(decoding: out, as: UTF8.self)
    }
}
