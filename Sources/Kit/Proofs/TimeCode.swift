import Crypto
import Foundation

/// Codes that an authenticator on a phone shows (TOTP, RFC 6238): HMAC-SHA-1, six digits, a new one every 30 seconds,
/// which is what every such program expects.
package enum TimeCode {
    /// Seconds that a code stands.
    package static let stepSeconds: Int64 = 30
    /// How many steps a phone's clock may be off, either way.
    package static let drift: Int64 = 1

    /// What phone and server share.
    package struct Secret: Sendable, Hashable {
        package let bytes: [UInt8]
        package init(bytes: [UInt8]) { self.bytes = bytes }
        /// 160 bits, as long as the hash (RFC 4226, R6).
        package static func random() -> Secret { Secret(bytes: Secrets.random(20)) }

        /// Reads base32, with or without spaces; nil where it is none.
        package init?(text: String) {
            var bits: UInt32 = 0, count = 0
            var bytes: [UInt8] = []
            for letter in text.uppercased().utf8 where letter != UInt8(ascii: " ") && letter != UInt8(ascii: "=") {
                guard let value = Self.letters.firstIndex(of: letter) else { return nil }
                bits = bits << 5 | UInt32(truncatingIfNeeded: value)
                count += 5
                if count >= 8 {
                    count -= 8
                    bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(truncatingIfNeeded: count)))
                }
            }
            guard bytes.count >= 10 else { return nil }
            self.bytes = bytes
        }

        /// Base32, as it is typed into an authenticator.
        package var text: String {
            var bits: UInt32 = 0, count = 0
            var out: [UInt8] = []
            for byte in bytes {
                bits = bits << 8 | UInt32(truncatingIfNeeded: byte)
                count += 8
                while count >= 5 {
                    count -= 5
                    out.append(Self.letters[Int(bits >> UInt32(truncatingIfNeeded: count)) & 31])
                }
            }
            if count > 0 { out.append(Self.letters[Int(bits << UInt32(truncatingIfNeeded: 5 - count)) & 31]) }
            return String(decoding: out, as: UTF8.self)
        }

        /// The address that authenticators read from a QR code.
        package func address(account: String, issuer: String) -> String {
            "otpauth://totp/\(Fields.encode(issuer)):\(Fields.encode(account))?secret=\(text)&issuer=\(Fields.encode(issuer))&algorithm=SHA1&digits=6&period=\(stepSeconds)"
        }

        private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    }

    /// The step a moment lies in.
    package static func step(atMilliseconds now: Int64) -> Int64 { now / 1000 / stepSeconds }

    /// The six digits of a step.
    package static func code(_ secret: Secret, step: Int64) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Array($0) }
        let digest = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret.bytes)))
        let start = Int(digest[19] & 15)
        let number = digest[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32(truncatingIfNeeded: $1) } & 0x7FFF_FFFF
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The step a typed code stands for, where it is right at `now`; nil where it is wrong, too old, or of a step not
    /// after `last`: each code is taken once.
    package static func step(of typed: String, _ secret: Secret, now: Int64, after last: Int64) -> Int64? {
        let code = digits(of: typed), present = step(atMilliseconds: now)
        // Every candidate is looked at, so that the time tells nothing.
        var found: Int64?
        for step in (present - drift)...(present + drift) where isSame(code, Self.code(secret, step: step)) && step > last { found = step }
        return found
    }

    /// What was typed, without the spaces people put in and with half-width digits.
    private static func digits(of typed: String) -> String {
        String(typed.unicodeScalars.compactMap { scalar in
            switch scalar.value {
            case 0x30...0x39: Character(scalar)
            case 0xFF10...0xFF19: Character(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value - 0xFF10 + 0x30)))
            default: scalar.properties.isWhitespace ? nil : "x"
            }
        })
    }
}
