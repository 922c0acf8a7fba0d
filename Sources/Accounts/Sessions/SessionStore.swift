import Access
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
        /// The grants it has worked with.
        var grantIDs: Set<Int64>

        /// Those of them that hold on a day.
        func held(on day: Day) -> Set<Int64> { Set(grants.filter { $0.covers(day) }.map(\.id)) }
    }

    /// The session of a token that is still alive and whose account may be used; nil for any other.
    static func session(_ fingerprint: [UInt8], now: Int64, in db: Reading) throws -> Open? {
        // With the account's grants, in one question: it is asked for every page.
        let rows = try db.rows(
            SQL("""
                SELECT \(AccountStore.columns), s.form_secret, s.seen_ms, s.expires_ms, s.is_strong, s.grant_ids, \(GrantStore.columns)
                FROM session s JOIN account a ON a.id = s.account_id LEFT JOIN \(GrantStore.joined) WHERE s.fingerprint = \(fingerprint) ORDER BY g.id
                """)
        ) { row in
            (
                session: Open(
                    account: AccountStore.read(row), formSecret: row.text(5), seen: row.moment(6), grants: [], isStrong: row.bool(8), grantIDs: ids(row.text(9))),
                expires: row.moment(7), grant: GrantStore.read(row, from: 10)
            )
        }
        guard var session = rows.first?.session, session.account.state == .active,
            SessionRule.isAlive(seen: session.seen, expires: rows[0].expires, now: now)
        else { return nil }
        session.grants = rows.compactMap(\.grant)
        return session
    }

    /// Opens a session and gives its token. Sessions that have ended go with it.
    static func open(
        _ account: Int64, proof: SignInProof, isStrong: Bool, at place: SignInPlace, formSecret: String = Secrets.token(), in db: Writing
    ) throws -> String {
        _ = try db.run(SQL("DELETE FROM session WHERE expires_ms <= \(db.now)"))
        let token = Secrets.token(), today = Clock.day(ofMilliseconds: db.now)
        let ids = text(Set(try GrantStore.grants(of: account, in: db).filter { $0.covers(today) }.map(\.id)))
        _ = try db.run(SQL("""
            INSERT INTO session (fingerprint, account_id, form_secret, origin, created_ms, seen_ms, expires_ms, number, device, proof, is_strong, grant_ids)
            VALUES (\(Secrets.fingerprint(token)), \(account), \(formSecret), \(place.address), \(db.now), \(db.now), \(db.now + SessionRule.longest),
                \(db.nextID()), \(place.words), \(proof.rawValue), \(isStrong), \(ids))
            """))
        return token
    }

    /// Notes that a session works on, and with which grants.
    static func noteSeen(_ fingerprint: [UInt8], grantIDs: Set<Int64>, in db: Writing) throws {
        _ = try db.run(SQL("UPDATE session SET seen_ms = \(db.now), grant_ids = \(text(grantIDs)) WHERE fingerprint = \(fingerprint)"))
    }

    private static func text(_ ids: Set<Int64>) -> String { ids.sorted().map(String.init).joined(separator: " ") }
    private static func ids(_ text: String) -> Set<Int64> { Set(text.split(separator: " ").compactMap { Int64($0) }) }

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
                isStrong: row.bool(8), began: row.moment(5), seen: row.moment(6), expires: row.moment(7))
        }
    }

    /// Ends one session of an account; whether there was one.
    static func end(_ number: Int64, of account: Int64, in db: Writing) throws -> Bool {
        try db.run(SQL("DELETE FROM session WHERE account_id = \(account) AND number = \(number)")) > 0
    }
}
