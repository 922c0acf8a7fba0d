import Access
import Kit

/// Authenticators and recovery codes.
package enum FactorStore {
    /// When the account's authenticator was set up, milliseconds; nil where it has none.
    package static func since(_ account: Int64, in db: Reading) throws -> Int64? {
        try db.first(SQL("SELECT set_ms FROM account_factor WHERE account_id = \(account)")) { $0.moment(0) }
    }

    /// Gives an account an authenticator in place of any former one. `step` is the step of a code that was taken already.
    package static func set(_ secret: TimeCode.Secret, step: Int64, of account: Int64, _ secrets: AccountSecrets, in db: Writing) throws {
        let before = try since(account, in: db), sealed = try secrets.seal(secret, of: account)
        _ = try db.run(SQL("""
            INSERT INTO account_factor (account_id, secret_cipher, last_step, set_ms, act_id) VALUES (\(account), \(sealed), \(step), \(db.now), \(db.actID))
            ON CONFLICT (account_id) DO UPDATE SET secret_cipher = \(sealed), last_step = \(step), set_ms = \(db.now), act_id = \(db.actID)
            """))
        try db.change("account_factor", account, before: before.map(image), after: image(db.now))
    }

    /// Takes the authenticator and the recovery codes away; whether there were any.
    @discardableResult
    package static func remove(of account: Int64, in db: Writing) throws -> Bool {
        guard let before = try since(account, in: db) else { return false }
        _ = try db.run(SQL("DELETE FROM account_factor WHERE account_id = \(account)"))
        _ = try db.run(SQL("DELETE FROM recovery_code WHERE account_id = \(account)"))
        try db.change("account_factor", account, before: image(before), after: nil)
        return true
    }

    /// Judges a code, of the authenticator or a recovery code, and takes it: it is right once.
    static func take(_ typed: String, of account: Int64, now: Int64, _ secrets: AccountSecrets, in db: Writing) throws -> Factor.Answer {
        if let code = HandedCode(typed: typed) {
            guard try db.run(SQL("DELETE FROM recovery_code WHERE account_id = \(account) AND hash = \(secrets.hash(code, of: account))")) == 1 else { return .wrong }
            return .recovery(left: try recoveryLeft(of: account, in: db))
        }
        guard let (sealed, last) = try db.first(SQL("SELECT secret_cipher, last_step FROM account_factor WHERE account_id = \(account)"), { ($0.blob(0), $0.int(1)) }),
            let step = TimeCode.step(of: typed, try secrets.open(sealed, of: account), now: now, after: last)
        else { return .wrong }
        _ = try db.run(SQL("UPDATE account_factor SET last_step = \(step) WHERE account_id = \(account)"))
        return .right
    }

    /// Makes new recovery codes in place of those left.
    static func renewRecovery(of account: Int64, _ secrets: AccountSecrets, in db: Writing) throws -> [HandedCode] {
        let codes = (0..<Factor.recoveryCodes).map { _ in HandedCode.random() }
        _ = try db.run(SQL("DELETE FROM recovery_code WHERE account_id = \(account)"))
        for code in codes { _ = try db.run(SQL("INSERT INTO recovery_code (account_id, hash) VALUES (\(account), \(secrets.hash(code, of: account)))")) }
        return codes
    }

    static func recoveryLeft(of account: Int64, in db: Reading) throws -> Int {
        Int(try db.count(SQL("SELECT count(*) FROM recovery_code WHERE account_id = \(account)")))
    }

    /// Takes away every code that was handed out: recovery codes, whose accounts are told, and those on slips of paper.
    package static func dropHandedCodes(in db: Writing) throws {
        try SlipStore.endAll(.voided, in: db)
        for account in try db.rows(SQL("SELECT DISTINCT account_id FROM recovery_code ORDER BY account_id"), { $0.int(0) }) {
            try MessageStore.send(
                to: .account(account), kind: "key.codes", "系统更换了密钥，您的恢复码已全部作废；验证器照常使用。请到“我的账号”重新生成恢复码。", link: "/account", in: db)
        }
        try db.run(SQL("DELETE FROM recovery_code"))
    }

    /// Secrets of authenticators under another data key.
    package static let rekeyed = RekeyedTable(
        "验证器", columns: ["account_factor.secret_cipher"], count: { try $0.count("SELECT count(*) FROM account_factor") }
    ) { after, rekeying, db in
        let rows = try db.rows(SQL("SELECT account_id, secret_cipher FROM account_factor WHERE account_id > \(after) ORDER BY account_id LIMIT \(2000)")) {
            ($0.int(0), $0.blob(1))
        }
        guard let last = rows.last?.0 else { return nil }
        for (account, sealed) in rows where (try? rekeying.new.secrets.open(sealed, of: account)) == nil {
            guard let secret = try? rekeying.old.secrets.open(sealed, of: account) else { throw Rekeying.damaged("account_factor \(account)") }
            try db.run(SQL("UPDATE account_factor SET secret_cipher = \(try rekeying.new.secrets.seal(secret, of: account)) WHERE account_id = \(account)"))
        }
        return (last, rows.count)
    }

    private static func image(_ since: Int64) -> String { RowImage(["set_ms": .int(since)]).json }
}
