import Access
import Kit

/// The record of sign-ins that owners are shown.
package enum SignInRecordStore {
    /// Nil for an account that nobody has tried to sign in with.
    package static func record(of account: Int64, in db: Reading) throws -> SignInRecord? {
        try db.first(
            SQL("""
                SELECT opened_ms, opened_from, opened_with, former_ms, former_from, former_with, refused_before, refused
                FROM account_sign_in WHERE account_id = \(account)
                """)
        ) { row in
            func visit(_ start: Int) -> SignInRecord.Visit? {
                row.momentOrNil(start).map { SignInRecord.Visit(milliseconds: $0, address: row.text(start + 1), device: row.text(start + 2)) }
            }
            return SignInRecord(latest: visit(0), former: visit(3), refusedBefore: row.count(6), refusedSince: row.count(7))
        }
    }

    static func noteOpened(_ account: Int64, at place: SignInPlace, in db: Writing) throws {
        _ = try db.run(SQL("""
            INSERT INTO account_sign_in (account_id, opened_ms, opened_from, opened_with)
            VALUES (\(account), \(db.now), \(place.address), \(place.words))
            ON CONFLICT (account_id) DO UPDATE SET
                former_ms = account_sign_in.opened_ms, former_from = account_sign_in.opened_from, former_with = account_sign_in.opened_with,
                refused_before = account_sign_in.refused, refused = 0,
                opened_ms = \(db.now), opened_from = \(place.address), opened_with = \(place.words)
            """))
    }

    static func noteRefused(_ account: Int64, _ refusal: SignInRefusal, times: Int, in db: Writing) throws {
        _ = try db.run(SQL("""
            INSERT INTO account_sign_in (account_id, refused) VALUES (\(account), \(times))
            ON CONFLICT (account_id) DO UPDATE SET refused = account_sign_in.refused + \(times)
            """))
        // By this the auditor finds what was tried on an account.
        try db.change("sign_in", account, before: nil, after: RowImage(["refusal": .text(refusal.word), "times": .int(times)]).json)
    }
}
