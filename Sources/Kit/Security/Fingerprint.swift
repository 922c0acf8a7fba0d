import Crypto
import Foundation

/// SHA-256 of a text: the same on every machine and in every version.
package enum Fingerprint {
    package static func bytes(of text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { Array(SHA256.hash(data: UnsafeRawBufferPointer($0))) }
    }

    /// `sha256:…`, as findings and policies carry it.
    package static func text(of text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return "sha256:" + String(decoding: bytes(of: text).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
