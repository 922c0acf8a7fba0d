import Kit

/// By what an account was known.
package enum SignInProof: String, Sendable {
    case password
    /// A slip of paper from the responsible officer.
    case slip
    /// The provider of single sign-on.
    case provider

    package var word: String {
        switch self {
        case .password: "密码"
        case .slip: "激活码"
        case .provider: "统一身份"
        }
    }
}

/// Somebody between the steps of signing in: something was right, something is still owed. Not signed in: only the
/// routes of the next step can be reached.
package struct SignInStep: Sendable {
    package enum Kind: String, Sendable {
        /// The authenticator's code is owed.
        case code
        /// An authenticator must be set up.
        case enrol
        /// It has been set up; the recovery codes are to be kept.
        case saved
        /// Name and password must be chosen.
        case set

        package var path: String {
            switch self {
            case .code: "/sign-in/code"
            case .enrol: "/sign-in/enrol"
            case .saved: "/sign-in/saved"
            case .set: "/sign-in/set"
            }
        }
    }

    package let fingerprint: [UInt8]
    package let account: Account
    package let kind: Kind
    package let proof: SignInProof
    package let token: FormToken
    /// The sealed secret of an authenticator being set up.
    package let sealed: [UInt8]?
    /// Where it leads in the end.
    package let target: String
    package let failures: Int
    /// The slip it began with, used up by its last step.
    package let slip: Int64?
    /// The second factor has been asked for.
    package let isStrong: Bool
    /// When the request arrived, and from where.
    package let now: Int64
    package let place: SignInPlace

    package init(
        fingerprint: [UInt8], account: Account, kind: Kind, proof: SignInProof, token: FormToken, sealed: [UInt8]?, target: String, failures: Int, slip: Int64?,
        isStrong: Bool, now: Int64, place: SignInPlace
    ) {
        self.fingerprint = fingerprint
        self.account = account
        self.kind = kind
        self.proof = proof
        self.token = token
        self.sealed = sealed
        self.target = target
        self.failures = failures
        self.slip = slip
        self.isStrong = isStrong
        self.now = now
        self.place = place
    }

    /// Whether somebody signed in sets up another authenticator, and may as well leave it.
    package var isOfSession: Bool { target == Self.ofSession }
    package static let ofSession = "/account?done=enrolled"

    /// How long a step waits, milliseconds.
    package static let patience: Int64 = 10 * 60_000
    /// Wrong codes that one step takes before everything begins anew.
    package static let mostFailures = 5

    /// What comes after the first proof.
    package static func next(isSet: Bool, hasFactor: Bool, needsFactor: Bool, isStrongAlready: Bool) -> Kind? {
        if !isSet { return .set }
        if isStrongAlready { return nil }
        if hasFactor { return .code }
        return needsFactor ? .enrol : nil
    }
}
