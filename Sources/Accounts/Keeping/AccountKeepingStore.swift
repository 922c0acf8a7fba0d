import Access
import Kit
import Register

/// Finding accounts by what is typed, and changing them.
extension AccountStore {
    /// Whom somebody means who types a name, a staff number or a phone number: nil where it is nobody, or not one alone.
    package static func account(typed: String, numbers: PersonalNumbers, in db: Reading) throws -> Account? {
        if let named = try account(named: typed.lowercased(), in: db) { return named }
        let people = try people(typed: typed, numbers: numbers, in: db)
        guard people.count == 1 else { return nil }
        let found = try accounts(of: people[0], in: db).map(\.account).filter { $0.state != .closed }
        return found.count == 1 ? found[0] : nil
    }

    /// Nil where the account has no password.
    static func passwordHash(of id: Int64, in db: Reading) throws -> String? {
        try db.first(SQL("SELECT password_hash FROM account WHERE id = \(id)")) { $0.text(0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Makes an account. Refusal `account.taken`.
    package static func add(_ name: String, displayName: String, hash: String, personID: Int64? = nil, in db: Writing) throws -> Int64 {
        guard try account(named: name, in: db) == nil else { throw taken(name) }
        let id = db.nextID()
        _ = try db.run(SQL("""
            INSERT INTO account (id, name, display_name, password_hash, person_id, created_ms, act_id)
            VALUES (\(id), \(name), \(displayName), \(hash), \(personID), \(db.now), \(db.actID))
            """))
        try db.change("account", id, before: nil, after: image(Account(id: id, name: name, displayName: displayName, personID: personID)), of: personID)
        return id
    }

    /// The account of a person that is still to be activated, made where there is none: it has no password, and a name
    /// that nobody can type. One that was closed is activated anew. Refusal `account.hasOne`.
    package static func waiting(of person: Person, in db: Writing) throws -> Account {
        let known = try accounts(of: person.id, in: db).map(\.account)
        guard !known.contains(where: { $0.state == .active || $0.state == .locked }) else {
            throw Refusal("account.hasOne", "\(person.name)已经有账号，不能再激活一个。忘了密码的，请用重设密码；账号被锁定的，请找安全管理员解锁。")
        }
        if let account = known.first(where: { $0.state == .new }) ?? known.last { return account }
        let id = db.nextID(), account = Account(id: id, name: "~\(id)", displayName: person.name, personID: person.id, state: .new)
        _ = try db.run(SQL("""
            INSERT INTO account (id, name, display_name, password_hash, person_id, created_ms, act_id, state)
            VALUES (\(id), \(account.name), \(person.name), '', \(person.id), \(db.now), \(db.actID), 'new')
            """))
        try db.change("account", id, before: nil, after: image(account), of: person.id)
        return account
    }

    /// The account gets name and password and can be used. Refusal `account.taken`.
    static func activate(_ account: Account, name: String, hash: String, in db: Writing) throws {
        if let other = try self.account(named: name, in: db), other.id != account.id { throw taken(name) }
        try update(account, in: db) {
            $0.name = name
            $0.state = .active
        }
        try setPassword(hash, of: account.id, in: db)
    }

    static func set(_ state: Account.State, of account: Account, in db: Writing) throws { try update(account, in: db) { $0.state = state } }

    private static func update(_ account: Account, in db: Writing, _ change: (inout Account) -> Void) throws {
        var new = account
        change(&new)
        _ = try db.run(SQL("UPDATE account SET name = \(new.name), state = \(new.state.rawValue), act_id = \(db.actID) WHERE id = \(account.id)"))
        try db.change("account", account.id, before: image(account), after: image(new), of: account.personID)
    }

    /// The account of a deleted file is closed for ever and no longer tells whose it was; what it did stays on record.
    static func forget(_ account: Account, in db: Writing) throws {
        let new = Account(id: account.id, name: "~\(account.id)", displayName: Person.erasedName, personID: account.personID, state: .closed)
        _ = try db.run(SQL("""
            UPDATE account SET name = \(new.name), display_name = \(new.displayName), password_hash = '', state = 'closed', act_id = \(db.actID)
            WHERE id = \(account.id)
            """))
        try db.change("account", account.id, before: RowImage.erased.json, after: image(new))
    }

    static func taken(_ name: String) -> Refusal {
        Refusal("account.taken", "账号名“\(name)”已经有人用。请换一个账号名；如果只是忘了密码，请用重置密码。")
    }

    /// Whom somebody may mean who holds a slip: accounts of the name, the staff number or the phone, in whatever state;
    /// who has neither types the own name, which others may bear.
    package static func accounts(meant typed: String, numbers: PersonalNumbers, in db: Reading) throws -> [Account] {
        let named = try account(named: typed.lowercased(), in: db)
        var people = try people(typed: typed, numbers: numbers, in: db)
        if people.isEmpty { people = try db.rows(SQL("SELECT id FROM person WHERE merged_into IS NULL AND name = \(typed) ORDER BY id LIMIT 50")) { $0.int(0) } }
        return try [named].compactMap { $0 } + people.flatMap { try accounts(of: $0, in: db).map(\.account) }.filter { $0.id != named?.id }
    }

    /// The living people with a staff number or phone; no more than a few.
    private static func people(typed: String, numbers: PersonalNumbers, in db: Reading) throws -> [Int64] {
        let codes = [typed, typed.lowercased(), typed.uppercased()]
        return try db.rows(
            SQL("SELECT id FROM person WHERE merged_into IS NULL AND (code IN (\(list: codes)) OR phone_index = \(numbers.index(phone: typed))) LIMIT 3")) { $0.int(0) }
    }

    /// What belongs to an account, so that no password is made of it.
    static func words(of account: Account, in db: Reading) throws -> [String] {
        var words = [account.name, account.displayName]
        for grant in try GrantStore.grants(of: account.id, in: db) { words.append(try organizationName(grant.organizationID, in: db)) }
        if let person = try account.personID.flatMap({ try RosterStore.living($0, in: db) }) {
            words += [person.name, person.pinyin.full, person.code ?? ""]
            for post in try RosterStore.appointments(of: [person.id], in: db) { words.append(try organizationName(post.organizationID, in: db)) }
        }
        return words
    }

    /// When somebody last signed in, milliseconds.
    static func lastSignIns(of accounts: [Int64], in db: Reading) throws -> [Int64: Int64] {
        guard !accounts.isEmpty else { return [:] }
        return Dictionary(
            try db.rows(SQL("SELECT account_id, max(last_ms) FROM account_device WHERE account_id IN (\(list: accounts)) GROUP BY account_id")) { ($0.int(0), $0.moment(1)) },
            uniquingKeysWith: max)
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

    private static func organizationName(_ id: Int64, in db: Reading) throws -> String {
        try db.first(SQL("SELECT name FROM organization_version WHERE organization_id = \(id) ORDER BY from_day DESC LIMIT 1")) { $0.text(0) } ?? ""
    }

    private static func image(_ account: Account) -> String {
        RowImage([
            "name": .text(account.name), "display_name": .text(account.displayName), "person_id": .int(account.personID), "state": .text(account.state.rawValue),
        ]).json
    }
}
