import Access
import Kit

/// Sign-ins between their steps.
package enum SignInStepStore {
    static func step(_ fingerprint: [UInt8], now: Int64, at place: SignInPlace, in db: Reading) throws -> SignInStep? {
        try db.first(
            SQL("""
                SELECT \(AccountStore.columns), s.kind, s.proof, s.form_secret, s.secret_cipher, s.target, s.failures, s.slip_id, s.is_strong
                FROM sign_in_step s JOIN account a ON a.id = s.account_id WHERE s.fingerprint = \(fingerprint) AND s.expires_ms > \(now)
                """)
        ) { row -> SignInStep? in
            guard let kind = SignInStep.Kind(rawValue: row.text(5)), let proof = SignInProof(rawValue: row.text(6)) else { return nil }
            return SignInStep(
                fingerprint: fingerprint, account: AccountStore.read(row), kind: kind, proof: proof, token: FormToken(row.text(7)), sealed: row.blobOrNil(8),
                target: row.text(9), failures: row.count(10), slip: row.intOrNil(11), isStrong: row.bool(12), now: now, place: place)
        } ?? nil
    }

    /// Begins a step and gives the token that its browser keeps.
    static func begin(
        _ kind: SignInStep.Kind, of account: Int64, proof: SignInProof, sealed: [UInt8]? = nil, slip: Int64? = nil, isStrong: Bool = false, target: String,
        in db: Writing
    ) throws -> String {
        _ = try db.run(SQL("DELETE FROM sign_in_step WHERE expires_ms <= \(db.now)"))
        let token = Secrets.token()
        _ = try db.run(SQL("""
            INSERT INTO sign_in_step (fingerprint, account_id, kind, proof, form_secret, secret_cipher, slip_id, is_strong, target, expires_ms)
            VALUES (\(Secrets.fingerprint(token)), \(account), \(kind.rawValue), \(proof.rawValue), \(Secrets.token()), \(sealed),
                \(slip), \(isStrong), \(target), \(db.now + SignInStep.patience))
            """))
        return token
    }

    /// Whether the step is still there; it is gone afterwards.
    static func end(_ step: SignInStep, in db: Writing) throws -> Bool {
        try db.run(SQL("DELETE FROM sign_in_step WHERE fingerprint = \(step.fingerprint)")) == 1
    }

    /// Ends everything an account has begun except one step.
    static func endAll(of account: Int64, keeping step: [UInt8], in db: Writing) throws {
        _ = try db.run(SQL("DELETE FROM sign_in_step WHERE account_id = \(account) AND fingerprint <> \(step)"))
    }

    /// The step goes on as another one.
    static func turn(_ step: SignInStep, into kind: SignInStep.Kind, in db: Writing) throws -> Bool {
        try db.run(SQL("UPDATE sign_in_step SET kind = \(kind.rawValue), secret_cipher = NULL WHERE fingerprint = \(step.fingerprint) AND kind = \(step.kind.rawValue)")) == 1
    }

    static func noteFailure(_ step: SignInStep, in db: Writing) throws {
        _ = try db.run(SQL("UPDATE sign_in_step SET failures = failures + 1 WHERE fingerprint = \(step.fingerprint)"))
    }

    /// What somebody has begun without having finished lasts minutes: under another data key it begins anew.
    package static let rekeyed = RekeyedTable(
        "未完成的登录", columns: ["sign_in_step.secret_cipher"], count: { try $0.count("SELECT count(*) FROM sign_in_step") }
    ) { _, _, db in
        try db.run(SQL("DELETE FROM sign_in_step"))
        return nil
    }
}
