import Access
import Kit

/// The second factor of an account: an authenticator, and recovery codes for the day it is gone.
package enum Factor {
    /// Recovery codes made at a time.
    package static let recoveryCodes = 10
    /// Whose name stands beside the account in the authenticator.
    package static let issuer = "育工"

    /// Whether an account with these grants must have one: whoever sees other people's data, and the three administrators.
    package static func isNeeded(_ grants: [Grant], on day: Day) -> Bool {
        grants.contains { $0.covers(day) && $0.role.needsFactor }
    }

    /// What became of a typed code.
    enum Answer: Sendable, Equatable {
        case right
        /// One of the recovery codes, of which so many are left.
        case recovery(left: Int)
        case wrong
    }
}

extension Role {
    package var needsFactor: Bool {
        switch self {
        case .systemAdmin, .securityAdmin, .auditor: true
        default: !rights.isEmpty
        }
    }
}
