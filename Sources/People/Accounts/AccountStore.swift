import Kit

/// Accounts in the database.
package enum AccountStore {
    /// An account with its password hash; nil where no account has the name.
    static func account(named name: String, in db: Reading) throws -> Account? {
        try db.first(SQL("SELECT \(columns) FROM account a WHERE a.name = \(name)"), read)
    }

    package static func account(_ id: Int64, in db: Reading) throws -> Account? {
        try db.first(SQL("SELECT \(columns) FROM account a WHERE a.id = \(id)"), read)
    }

    /// Whom somebody means who types a name, a staff number or a phone number: nil where it is nobody, or not one alone.
    static func account(typed: String, numbers: PersonalNumbers, in db: Reading) throws -> Account? {
        if let named = try account(named: typed.lowercased(), in: db) { return named }
        let codes = [typed, typed.lowercased(), typed.uppercased()]
        let people = try db.rows(
            SQL("SELECT id FROM person WHERE merged_into IS NULL AND (code IN (\(list: codes)) OR phone_index = \(numbers.index(phone: typed))) LIMIT 3")) { $0.int(0) }
        guard people.count == 1 else { return nil }
        let found = try accounts(of: people[0], in: db).map(\.account).filter { $0.state != .closed }
        return found.count == 1 ? found[0] : nil
    }

    static let columns: SQL = "a.id, a.name, a.display_name, a.person_id, a.state"
    /// Reads `columns`, the first of them at `start`.
    static func read(_ row: Row) -> Account { read(row, from: 0) }
    static func read(_ row: Row, from start: Int) -> Account {
        Account(
            id: row.int(start), name: row.text(start + 1), displayName: row.text(start + 2), personID: row.intOrNil(start + 3),
            state: Account.State(rawValue: row.text(start + 4)) ?? .locked)
    }

    /// Nil where the account has no password.
    static func passwordHash(of id: Int64, in db: Reading) throws -> String? {
        try db.first(SQL("SELECT password_hash FROM account WHERE id = \(id)")) { $0.text(0) }.flatMap { $0.isEmpty ? nil : $0 }
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

    /// Sets a new password.
    static func setPassword(_ hash: String, of accountID: Int64, in db: Writing) throws {
        _ = try db.run(SQL("UPDATE account SET password_hash = \(hash), act_id = \(db.actID) WHERE id = \(accountID)"))
    }

    /// All accounts with their grants, by name, for the list.
    static func all(in db: Reading) throws -> [(account: Account, grants: [Grant])] {
        let accounts = try db.rows(SQL("SELECT \(columns) FROM account a ORDER BY a.id"), read)
        return try accounts.map { ($0, try GrantStore.grants(of: $0.id, in: db)) }
    }

    /// The accounts of a person, of files merged into it too, with their grants.
    package static func accounts(of person: Int64, in db: Reading) throws -> [(account: Account, grants: [Grant])] {
        let accounts = try db.rows(
            SQL("""
                SELECT \(columns) FROM account a
                WHERE a.person_id IN (SELECT p.id FROM person p WHERE p.id = \(person) OR p.merged_into = \(person)) ORDER BY a.id
                """), read)
        return try accounts.map { ($0, try GrantStore.grants(of: $0.id, in: db)) }
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
}
