import Kit

/// Sessions, and the browsers they are opened from.
package enum SessionStore {
    struct Open: Sendable {
        var account: Account
        var formSecret: String
        var seen: Int64
        var grants: [Grant]
        /// Whether a second factor was asked for it.
        var isStrong: Bool
    }

    /// The session of a token that is still alive and whose account may be used; nil for any other.
    static func session(_ fingerprint: [UInt8], now: Int64, in db: Reading) throws -> Open? {
        let found = try db.first(
            SQL("""
                SELECT \(AccountStore.columns), s.form_secret, s.seen_ms, s.expires_ms, s.is_strong
                FROM session s JOIN account a ON a.id = s.account_id WHERE s.fingerprint = \(fingerprint)
                """)
        ) { row in (account: AccountStore.read(row), secret: row.text(5), seen: row.int(6), expires: row.int(7), isStrong: row.bool(8)) }
        guard let found, found.account.state == .active, SessionRule.isAlive(seen: found.seen, expires: found.expires, now: now) else { return nil }
        return Open(
            account: found.account, formSecret: found.secret, seen: found.seen, grants: try AccountStore.grants(of: found.account.id, in: db), isStrong: found.isStrong)
    }

    /// Opens a session and gives its token. Sessions that have ended go with it.
    static func open(
        _ account: Int64, proof: SignInProof, isStrong: Bool, at place: SignInPlace, formSecret: String = Secrets.token(), in db: Writing
    ) throws -> String {
        _ = try db.run(SQL("DELETE FROM session WHERE expires_ms <= \(db.now)"))
        let token = Secrets.token()
        _ = try db.run(SQL("""
            INSERT INTO session (fingerprint, account_id, form_secret, origin, created_ms, seen_ms, expires_ms, number, device, proof, is_strong)
            VALUES (\(Secrets.fingerprint(token)), \(account), \(formSecret), \(place.address), \(db.now), \(db.now), \(db.now + SessionRule.longest),
                \(db.nextID()), \(place.words), \(proof.rawValue), \(isStrong))
            """))
        return token
    }

    static func noteSeen(_ fingerprint: [UInt8], in db: Writing) throws {
        _ = try db.run(SQL("UPDATE session SET seen_ms = \(db.now) WHERE fingerprint = \(fingerprint)"))
    }

    static func close(_ fingerprint: [UInt8], in db: Writing) throws {
        _ = try db.run(SQL("DELETE FROM session WHERE fingerprint = \(fingerprint)"))
    }

    /// Ends the sessions of an account except one, and sign-ins it has begun except one: after another password, another
    /// authenticator, a lost grant, a lock.
    package static func endSessions(of account: Int64, keeping session: [UInt8] = [], step: [UInt8] = [], in db: Writing) throws {
        _ = try db.run(SQL("DELETE FROM session WHERE account_id = \(account) AND fingerprint <> \(session)"))
        try SignInStepStore.endAll(of: account, keeping: step, in: db)
    }

    /// The living sessions of an account, the latest first.
    static func sessions(of account: Int64, now: Int64, in db: Reading) throws -> [Session] {
        try db.rows(
            SQL("""
                SELECT number, fingerprint, origin, device, proof, created_ms, seen_ms, expires_ms, is_strong FROM session
                WHERE account_id = \(account) AND expires_ms > \(now) AND seen_ms > \(now - SessionRule.idle) ORDER BY seen_ms DESC, number DESC
                """)
        ) { row in
            Session(
                number: row.int(0), fingerprint: row.blob(1), address: row.text(2), device: row.text(3), proof: SignInProof(rawValue: row.text(4)) ?? .password,
                isStrong: row.bool(8), began: row.int(5), seen: row.int(6), expires: row.int(7))
        }
    }

    /// Ends one session of an account; whether there was one.
    static func end(_ number: Int64, of account: Int64, in db: Writing) throws -> Bool {
        try db.run(SQL("DELETE FROM session WHERE account_id = \(account) AND number = \(number)")) > 0
    }
}
