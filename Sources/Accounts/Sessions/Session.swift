import Access
import Kit

/// A session as its owner is shown it.
struct Session: Sendable, Identifiable {
    let number: Int64
    let fingerprint: [UInt8]
    let address: String
    let device: String
    let proof: SignInProof
    /// Whether a second factor was asked for it.
    let isStrong: Bool
    let began: Int64
    let seen: Int64
    let expires: Int64
    var id: Int64 { number }
}

/// How long a session lives.
package enum SessionRule {
    /// Without a request for so long it ends.
    package static let idle: Int64 = 2 * 3_600_000
    /// It ends after so long in any case.
    package static let longest: Int64 = 12 * 3_600_000
    /// "Last seen" is written no more often.
    package static let seenStep: Int64 = 10 * 60_000

    package static func isAlive(seen: Int64, expires: Int64, now: Int64) -> Bool {
        now < expires && now - seen < idle
    }
}
