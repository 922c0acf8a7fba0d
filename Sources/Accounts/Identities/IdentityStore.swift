import Access
import Kit
import Register

/// Identities at a provider of single sign-on, and the accounts they are bound to.
package enum IdentityStore {
    /// The account an identity is bound to.
    static func account(of subject: String, at issuer: String, _ numbers: PersonalNumbers, in db: Reading) throws -> Account? {
        try db.first(
            SQL("""
                SELECT \(AccountStore.columns) FROM account_identity i JOIN account a ON a.id = i.account_id
                WHERE i.issuer = \(issuer) AND i.subject_index = \(numbers.index(subject: subject, of: issuer))
                """), AccountStore.read)
    }

    /// Since when an account is bound, milliseconds; nil where it is not.
    package static func since(_ account: Int64, at issuer: String, in db: Reading) throws -> Int64? {
        try db.first(SQL("SELECT bound_ms FROM account_identity WHERE account_id = \(account) AND issuer = \(issuer)")) { $0.moment(0) }
    }

    /// The accounts of whoever has a staff number, of files merged into that person's too.
    static func accounts(staffNumber: String, in db: Reading) throws -> [Account] {
        let person = try db.first(SQL("SELECT id FROM person WHERE merged_into IS NULL AND code = \(staffNumber)")) { $0.int(0) }
        return try person.map { try AccountStore.accounts(of: $0, in: db).map(\.account) } ?? []
    }

    /// Whether a staff number has stood in its person's file since before an account was made. Officers keep staff numbers:
    /// one that is written into a file afterwards must not open the account of whoever the file is about.
    static func isOlder(staffNumber: String, than account: Account, in db: Reading) throws -> Bool {
        guard let person = try account.personID.flatMap({ try RosterStore.living($0, in: db) }), person.code == staffNumber else { return false }
        // Where no image tells of it, the number came with the file itself.
        let written = try ActStore.changes(of: "person", [person.id], in: db).first { $0.before?.text("code") != staffNumber }
        // Ids tell the order of all that is written, also within one millisecond.
        return written.map { $0.id < account.id } ?? true
    }

    /// Binds an identity to an account, in place of a former one of that provider. Refusal `identity.taken`.
    static func bind(_ subject: String, at issuer: String, to account: Int64, _ numbers: PersonalNumbers, in db: Writing) throws {
        if let holder = try self.account(of: subject, at: issuer, numbers, in: db) {
            guard holder.id == account else {
                throw Refusal("identity.taken", "这个统一身份已经绑定了别的账号，没有再绑定。请核对您是用谁的身份登录的；不是您绑定的，请告诉安全管理员。")
            }
            return
        }
        try unbind(account, at: issuer, in: db)
        let id = db.nextID()
        _ = try db.run(SQL("""
            INSERT INTO account_identity (id, account_id, issuer, subject_index, subject_cipher, bound_ms, act_id)
            VALUES (\(id), \(account), \(issuer), \(numbers.index(subject: subject, of: issuer)), \(try numbers.seal(subject, context: context)), \(db.now), \(db.actID))
            """))
        try db.change("account_identity", id, before: nil, after: image(account, issuer))
    }

    /// Takes an account's identity away; whether there was one.
    @discardableResult
    static func unbind(_ account: Int64, at issuer: String, in db: Writing) throws -> Bool {
        guard let id = try db.first(SQL("SELECT id FROM account_identity WHERE account_id = \(account) AND issuer = \(issuer)"), { $0.int(0) }) else { return false }
        _ = try db.run(SQL("DELETE FROM account_identity WHERE id = \(id)"))
        try db.change("account_identity", id, before: image(account, issuer), after: nil)
        return true
    }

    /// Takes all of an account's identities away; whether there were any.
    @discardableResult
    static func unbindAll(_ account: Int64, in db: Writing) throws -> Bool {
        let issuers = try db.rows(SQL("SELECT issuer FROM account_identity WHERE account_id = \(account) ORDER BY id"), { $0.text(0) })
        for issuer in issuers { try unbind(account, at: issuer, in: db) }
        return !issuers.isEmpty
    }

    /// Since when an account is bound to an identity, at whatever provider, milliseconds; nil where it is to none.
    static func since(_ account: Int64, in db: Reading) throws -> Int64? {
        try db.first(SQL("SELECT bound_ms FROM account_identity WHERE account_id = \(account) ORDER BY bound_ms LIMIT 1")) { $0.moment(0) }
    }

    /// Takes note that a sign-in came back from the provider; whether it is the first time.
    static func noteReturn(_ flow: ProviderFlow, in db: Writing) throws -> Bool {
        _ = try db.run(SQL("DELETE FROM provider_return WHERE expires_ms <= \(db.now)"))
        return try db.run(SQL("""
            INSERT INTO provider_return (fingerprint, expires_ms) VALUES (\(Secrets.fingerprint(flow.state)), \(flow.began + ProviderFlow.patience))
            ON CONFLICT (fingerprint) DO NOTHING
            """)) == 1
    }

    /// What the provider calls people, under another data key.
    package static let rekeyed = RekeyedTable(
        "统一身份", columns: ["account_identity.subject_cipher", "account_identity.subject_index"], count: { try $0.count("SELECT count(*) FROM account_identity") }
    ) { after, rekeying, db in
        let rows = try db.rows(SQL("SELECT id, issuer, subject_cipher FROM account_identity WHERE id > \(after) ORDER BY id LIMIT \(2000)")) {
            (id: $0.int(0), issuer: $0.text(1), sealed: $0.blob(2))
        }
        guard let last = rows.last?.id else { return nil }
        let numbers = rekeying.new.numbers
        for row in rows {
            guard let subject = try rekeying.number(row.sealed, context: context, of: "account_identity \(row.id)") else { continue }
            try db.run(SQL("""
                UPDATE account_identity SET subject_cipher = \(try numbers.seal(subject, context: context)), subject_index = \(numbers.index(subject: subject, of: row.issuer))
                WHERE id = \(row.id)
                """))
        }
        return (last, rows.count)
    }

    /// Where the ciphertext belongs.
    private static let context = "account_identity.subject"

    private static func image(_ account: Int64, _ issuer: String) -> String {
        RowImage(["account_id": .int(account), "provider": .text(issuer)]).json
    }
}
