import Kit

/// How fast one may write: each session for itself, and all sessions of an account together.
package struct WritePace: Sendable {
    private let sessions: Allowance<[UInt8]>
    private let accounts: Allowance<Int64>

    package init(_ limits: WriteLimits) {
        sessions = Allowance(most: limits.most, perSecond: limits.perSecond)
        accounts = Allowance(most: limits.most * limits.sessions, perSecond: limits.perSecond * limits.sessions)
    }

    /// Throws the problem of too many with the time to wait.
    package func take(by signedIn: SignedIn, now: Int64) throws(WebProblem) {
        if let wait = sessions.take(signedIn.session, now: now) ?? accounts.take(signedIn.account.id, now: now) { throw .tooMany(waitMilliseconds: wait) }
    }
}
