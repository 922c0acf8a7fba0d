import Kit

/// Accounts, grants, sessions and failed sign-ins in the database.
package enum AccountStore {
    // MARK: Accounts and grants

    /// An account with its password hash; nil where no account has the name.
    static func account(named name: String, in db: Reading) throws -> (account: Account, hash: String)? {
        try db.first(SQL("SELECT id, name, display_name, person_id, password_hash FROM account WHERE name = \(name)")) { row in
            (Account(id: row.int(0), name: row.text(1), displayName: row.text(2), personID: row.intOrNil(3)), row.text(4))
        }
    }

    static func passwordHash(of id: Int64, in db: Reading) throws -> String? {
        try db.first(SQL("SELECT password_hash FROM account WHERE id = \(id)")) { $0.text(0) }
    }

    /// All grants of an account, whatever their days.
    package static func grants(of accountID: Int64, in db: Reading) throws -> [Grant] {
        try db.rows(SQL("SELECT role, organization_id, from_day, to_day FROM account_grant WHERE account_id = \(accountID) ORDER BY id")) { row in
            Role(rawValue: row.text(0)).map { Grant(role: $0, organizationID: row.int(1), from: row.day(2), to: row.day(3)) }
        }.compactMap { $0 }
    }

    /// Makes an account. Refusal `account.taken`.
    package static func add(_ name: String, displayName: String, hash: String, personID: Int64? = nil, in db: Writing) throws -> Int64 {
        guard try account(named: name, in: db) == nil else {
            throw Refusal("account.taken", "账号名“\(name)”已经有人用。请换一个账号名；如果只是忘了密码，请用重置密码。")
        }
        let id = db.nextID()
        _ = try db.run(SQL("""
            INSERT INTO account (id, name, display_name, password_hash, person_id, created_ms, act_id)
            VALUES (\(id), \(name), \(displayName), \(hash), \(personID), \(db.now), \(db.actID))
            """))
        try db.change("account", id, before: nil, after: image(name, displayName, personID))
        return id
    }

    /// Adds a grant to an account.
    package static func grant(_ grant: Grant, to accountID: Int64, in db: Writing) throws {
        let id = db.nextID()
        _ = try db.run(SQL("""
            INSERT INTO account_grant (id, account_id, role, organization_id, from_day, to_day, act_id)
            VALUES (\(id), \(accountID), \(grant.role.rawValue), \(grant.organizationID), \(grant.from), \(grant.to), \(db.actID))
            """))
        try db.change("account_grant", id, before: nil, after: RowImage([
            "account_id": .int(accountID), "role": .text(grant.role.rawValue), "organization_id": .int(grant.organizationID),
            "from_day": .day(grant.from), "to_day": .day(grant.to),
        ]).json)
    }

    /// Sets a new password, ends the account's sessions except one, and forgets its failed sign-ins.
    static func setPassword(_ hash: String, of accountID: Int64, keeping session: [UInt8], forgetting subject: [UInt8], in db: Writing) throws {
        _ = try db.run(SQL("UPDATE account SET password_hash = \(hash), act_id = \(db.actID) WHERE id = \(accountID)"))
        _ = try db.run(SQL("DELETE FROM session WHERE account_id = \(accountID) AND fingerprint <> \(session)"))
        _ = try db.run(SQL("DELETE FROM sign_in_attempt WHERE subject = \(subject)"))
    }

    /// All accounts with their grants, by name, for the list.
    static func all(in db: Reading) throws -> [(account: Account, grants: [Grant])] {
        let accounts = try db.rows(SQL("SELECT id, name, display_name, person_id FROM account ORDER BY id")) { row in
            Account(id: row.int(0), name: row.text(1), displayName: row.text(2), personID: row.intOrNil(3))
        }
        return try accounts.map { ($0, try grants(of: $0.id, in: db)) }
    }

    /// The accounts of a person, of files merged into it too, with their grants.
    package static func accounts(of person: Int64, in db: Reading) throws -> [(account: Account, grants: [Grant])] {
        let accounts = try db.rows(
            SQL("""
                SELECT id, name, display_name, person_id FROM account
                WHERE person_id IN (SELECT p.id FROM person p WHERE p.id = \(person) OR p.merged_into = \(person)) ORDER BY id
                """)
        ) { row in Account(id: row.int(0), name: row.text(1), displayName: row.text(2), personID: row.intOrNil(3)) }
        return try accounts.map { ($0, try grants(of: $0.id, in: db)) }
    }

    /// The personnel officer of each unit that has one on a day, by display name.
    package static func officers(on day: Day, in db: Reading) throws -> [Int64: String] {
        var found: [Int64: String] = [:]
        try db.each(
            SQL(
                """
                SELECT g.organization_id, a.display_name FROM account_grant g JOIN account a ON a.id = g.account_id
                WHERE g.role = \(Role.personnelOfficer.rawValue) AND g.from_day <= \(day) AND g.to_day > \(day) ORDER BY a.id DESC
                """)
        ) { found[$0.int(0)] = $0.text(1) }
        return found
    }

    /// The accounts of the personnel officers at these units on a day.
    static func officers(at units: Set<Int64>, on day: Day, in db: Reading) throws -> [Int64] {
        try db.rows(
            SQL(
                """
                SELECT DISTINCT account_id FROM account_grant WHERE role = \(Role.personnelOfficer.rawValue)
                AND organization_id IN (\(list: Array(units))) AND from_day <= \(day) AND to_day > \(day) ORDER BY account_id
                """)) { $0.int(0) }
    }

    /// The personnel officers nearest to a unit, going up; `path` runs from the root to the unit. Empty where there is none.
    package static func officers(along path: [Int64], on day: Day, in db: Reading) throws -> (unit: Int64, officers: [Account])? {
        let found = try db.rows(
            SQL(
                """
                SELECT g.organization_id, a.id, a.name, a.display_name, a.person_id FROM account_grant g JOIN account a ON a.id = g.account_id
                WHERE g.organization_id IN (\(list: path)) AND g.role = \(Role.personnelOfficer.rawValue) AND g.from_day <= \(day) AND g.to_day > \(day)
                ORDER BY a.id
                """)
        ) { row in (unit: row.int(0), account: Account(id: row.int(1), name: row.text(2), displayName: row.text(3), personID: row.intOrNil(4))) }
        guard let unit = path.last(where: { id in found.contains { $0.unit == id } }) else { return nil }
        return (unit, found.filter { $0.unit == unit }.map(\.account))
    }

    /// The organisation with a code, and the name it has or last had.
    static func organization(code: String, in db: Reading) throws -> (id: Int64, name: String)? {
        try db.first(SQL("""
            SELECT o.id, v.name FROM organization o JOIN organization_version v ON v.organization_id = o.id
            WHERE o.code = \(code) ORDER BY v.from_day DESC LIMIT 1
            """)) { ($0.int(0), $0.text(1)) }
    }

    static func organizationCode(_ id: Int64, in db: Reading) throws -> String {
        try db.first(SQL("SELECT code FROM organization WHERE id = \(id)")) { $0.text(0) } ?? ""
    }

    private static func image(_ name: String, _ displayName: String, _ personID: Int64?) -> String {
        RowImage(["name": .text(name), "display_name": .text(displayName), "person_id": .int(personID)]).json
    }

    // MARK: Sessions

    struct OpenSession: Sendable {
        var account: Account
        var formSecret: String
        var seen: Int64
        var grants: [Grant]
    }

    /// The session of a token that is still alive; nil for any other.
    static func session(_ fingerprint: [UInt8], now: Int64, in db: Reading) throws -> OpenSession? {
        let found = try db.first(SQL("""
            SELECT a.id, a.name, a.display_name, a.person_id, s.form_secret, s.seen_ms, s.expires_ms
            FROM session s JOIN account a ON a.id = s.account_id WHERE s.fingerprint = \(fingerprint)
            """)) { row in
            (
                Account(id: row.int(0), name: row.text(1), displayName: row.text(2), personID: row.intOrNil(3)),
                row.text(4), row.int(5), row.int(6)
            )
        }
        guard let (account, secret, seen, expires) = found, SessionRule.isAlive(seen: seen, expires: expires, now: now) else { return nil }
        return OpenSession(account: account, formSecret: secret, seen: seen, grants: try grants(of: account.id, in: db))
    }

    /// Opens a session and forgets the account's failures. Sessions that have ended go with it.
    static func openSession(_ fingerprint: [UInt8], formSecret: String, of accountID: Int64, origin: String, forgetting subjects: [[UInt8]], in db: Writing) throws {
        _ = try db.run(SQL("DELETE FROM session WHERE expires_ms <= \(db.now)"))
        _ = try db.run(SQL("""
            INSERT INTO session (fingerprint, account_id, form_secret, origin, created_ms, seen_ms, expires_ms)
            VALUES (\(fingerprint), \(accountID), \(formSecret), \(origin), \(db.now), \(db.now), \(db.now + SessionRule.longest))
            """))
        for subject in subjects { _ = try db.run(SQL("DELETE FROM sign_in_attempt WHERE subject = \(subject)")) }
    }

    static func noteSeen(_ fingerprint: [UInt8], in db: Writing) throws {
        _ = try db.run(SQL("UPDATE session SET seen_ms = \(db.now) WHERE fingerprint = \(fingerprint)"))
    }

    static func closeSession(_ fingerprint: [UInt8], in db: Writing) throws {
        _ = try db.run(SQL("DELETE FROM session WHERE fingerprint = \(fingerprint)"))
    }

    // MARK: Failed sign-ins

    /// Counts a sign-in as failed before its password is looked at, so that many at once do not slip through; a
    /// right password takes the count back. Refusal `signIn.wait`.
    static func countAttempt(_ subjects: [(kind: Throttle.Subject, fingerprint: [UInt8])], in db: Writing) throws {
        _ = try db.run(SQL("DELETE FROM sign_in_attempt WHERE last_ms < \(db.now - Throttle.memory)"))
        for subject in subjects {
            let before = try db.first(SQL("SELECT failures, last_ms FROM sign_in_attempt WHERE subject = \(subject.fingerprint)")) { (Int($0.int(0)), $0.int(1)) }
            let wait = before.map { Throttle.wait(subject.kind, failures: $0.0, last: $0.1, now: db.now) } ?? 0
            guard wait == 0 else { throw Throttle.refusal(wait) }
            _ = try db.run(SQL("""
                INSERT INTO sign_in_attempt (subject, failures, last_ms) VALUES (\(subject.fingerprint), 1, \(db.now))
                ON CONFLICT (subject) DO UPDATE SET failures = sign_in_attempt.failures + 1, last_ms = \(db.now)
                """))
        }
    }
}
