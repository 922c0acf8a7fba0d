import Access
import Kit

/// Browsers an account has signed in from.
enum DeviceStore {
    /// After so long without a sign-in a browser is a new one again.
    static let memory: Int64 = 180 * 86_400_000
    /// An address is known for a shorter time: tomorrow it may be somebody else's.
    static let addressMemory: Int64 = 14 * 86_400_000
    /// Browsers kept of one account.
    static let most = 30

    static func acquaintance(of account: Int64?, at place: SignInPlace, now: Int64, in db: Reading) throws -> Throttle.Acquaintance {
        guard let account else { return .none }
        if let device = place.device,
            try db.first(
                SQL("SELECT 1 FROM account_device WHERE account_id = \(account) AND fingerprint = \(Secrets.fingerprint(device)) AND last_ms > \(now - memory)"), { _ in true }) != nil
        { return .device }
        return try db.first(
            SQL("SELECT 1 FROM account_device WHERE account_id = \(account) AND address = \(place.address) AND last_ms > \(now - addressMemory) LIMIT 1"), { _ in true }) == nil
            ? .none : .address
    }

    /// Remembers a browser; the oldest beyond `most` are forgotten.
    static func note(_ device: String, at place: SignInPlace, of account: Int64, in db: Writing) throws {
        _ = try db.run(SQL("""
            INSERT INTO account_device (account_id, fingerprint, address, last_ms) VALUES (\(account), \(Secrets.fingerprint(device)), \(place.address), \(db.now))
            ON CONFLICT (account_id, fingerprint) DO UPDATE SET address = \(place.address), last_ms = \(db.now)
            """))
        _ = try db.run(SQL("""
            DELETE FROM account_device WHERE account_id = \(account) AND fingerprint NOT IN (
                SELECT d.fingerprint FROM account_device d WHERE d.account_id = \(account) ORDER BY d.last_ms DESC, d.fingerprint LIMIT \(most))
            """))
    }

    static func forget(of account: Int64, in db: Writing) throws { _ = try db.run(SQL("DELETE FROM account_device WHERE account_id = \(account)")) }

    static func hasAny(of account: Int64, in db: Reading) throws -> Bool {
        try db.first(SQL("SELECT 1 FROM account_device WHERE account_id = \(account) LIMIT 1"), { _ in true }) != nil
    }
}
