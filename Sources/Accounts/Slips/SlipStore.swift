import Kit

/// One-time codes in the database, as keyed hashes only.
enum SlipStore {
    /// Keeps a code of an account in place of any former one; gives the slip's id.
    @discardableResult
    static func add(
        _ code: HandedCode, _ kind: Slip.Kind, takesFactor: Bool = false, of account: Int64, at unit: Int64?, _ secrets: AccountSecrets, in db: Writing
    ) throws -> Int64 {
        if let former = try open(of: [account], in: db)[account] { try end([former], .replaced, in: db) }
        let id = db.nextID(), expires = Slip.expiry(kind, now: db.now)
        _ = try db.run(SQL("""
            INSERT INTO slip (id, account_id, kind, takes_factor, hash, organization_id, batch_id, made_ms, expires_ms, act_id)
            VALUES (\(id), \(account), \(kind.rawValue), \(takesFactor), \(secrets.hash(code, of: account)), \(unit), \(db.actID), \(db.now), \(expires), \(db.actID))
            """))
        try db.change("slip", id, before: nil, after: image(account, kind, takesFactor, ending: nil))
        return id
    }

    /// Ends codes that have not ended. Nothing happens to others: of two who end the same only one is told that it was there.
    @discardableResult
    static func end(_ slips: [Slip], _ ending: Slip.Ending, in db: Writing) throws -> Int {
        var ended = 0
        for slip in slips {
            guard try db.run(SQL("UPDATE slip SET ending = \(ending.rawValue), ended_ms = \(db.now), act_id = \(db.actID) WHERE id = \(slip.id) AND ending IS NULL")) == 1 else { continue }
            try db.change(
                "slip", slip.id, before: image(slip.accountID, slip.kind, slip.takesFactor, ending: nil),
                after: image(slip.accountID, slip.kind, slip.takesFactor, ending: ending))
            ended += 1
        }
        return ended
    }

    /// The codes of accounts that have not ended, by account; expired ones too.
    static func open(of accounts: [Int64], in db: Reading) throws -> [Int64: Slip] {
        guard !accounts.isEmpty else { return [:] }
        let slips = try db.rows(SQL("SELECT \(columns) WHERE s.account_id IN (\(list: accounts)) AND s.ending IS NULL"), read)
        return Dictionary(slips.map { ($0.accountID, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Codes that hold.
    static func valid(now: Int64, in db: Reading) throws -> [Slip] {
        try db.rows(SQL("SELECT \(columns) WHERE s.ending IS NULL AND s.expires_ms > \(now) ORDER BY s.id"), read)
    }

    /// Ends every code that has not ended.
    static func endAll(_ ending: Slip.Ending, in db: Writing) throws { try end(try db.rows(SQL("SELECT \(columns) WHERE s.ending IS NULL ORDER BY s.id"), read), ending, in: db) }

    static func slip(_ id: Int64, in db: Reading) throws -> Slip? { try db.first(SQL("SELECT \(columns) WHERE s.id = \(id)"), read) }

    /// All codes ever made of an account, the latest first.
    static func slips(of account: Int64, in db: Reading) throws -> [Slip] {
        try db.rows(SQL("SELECT \(columns) WHERE s.account_id = \(account) ORDER BY s.id DESC LIMIT 50"), read)
    }

    /// The slip that bears a code and holds, among accounts that somebody may have meant.
    static func slip(_ code: HandedCode, of accounts: [Int64], now: Int64, _ secrets: AccountSecrets, in db: Reading) throws -> Slip? {
        // Nobody meant costs what somebody costs.
        for account in accounts.isEmpty ? [0] : accounts {
            let found = try db.first(
                SQL("SELECT \(columns) WHERE s.account_id = \(account) AND s.hash = \(secrets.hash(code, of: account)) AND s.ending IS NULL AND s.expires_ms > \(now)"), read)
            if let found { return found }
        }
        return nil
    }

    // MARK: Batches

    /// What was made at once.
    struct Batch: Sendable {
        let id: Int64
        let maker: String
        let madeMilliseconds: Int64
        let kind: Slip.Kind
        /// Of the units asked about.
        let slips: Int, valid: Int, used: Int
    }

    /// What was made for people of units, all units where nil, the latest first; one more than a page.
    static func batches(of units: [Int64]?, before: Int64?, limit: Int, now: Int64, in db: Reading) throws -> [Batch] {
        let here: SQL = units.map { SQL("s.organization_id IN (\(list: $0))") } ?? "s.organization_id IS NOT NULL"
        return try db.rows(
            SQL("""
                SELECT s.batch_id, t.who, min(s.made_ms), min(s.kind), count(*),
                    sum(CASE WHEN s.ending IS NULL AND s.expires_ms > \(now) THEN 1 ELSE 0 END), sum(CASE WHEN s.ending = 'used' THEN 1 ELSE 0 END)
                FROM slip s JOIN act t ON t.id = s.batch_id WHERE \(here) AND s.batch_id < \(before ?? .max)
                GROUP BY s.batch_id, t.who ORDER BY s.batch_id DESC LIMIT \(limit)
                """)
        ) { row in
            Batch(
                id: row.int(0), maker: row.text(1), madeMilliseconds: row.moment(2), kind: Slip.Kind(rawValue: row.text(3)) ?? .activation, slips: row.count(4),
                valid: row.count(5), used: row.count(6))
        }
    }

    /// The slips of a batch with the names of their accounts, by name.
    static func slips(ofBatch batch: Int64, in db: Reading) throws -> [(slip: Slip, name: String)] {
        try db.rows(SQL("SELECT \(fields), a.display_name FROM slip s JOIN act t ON t.id = s.batch_id JOIN account a ON a.id = s.account_id WHERE s.batch_id = \(batch) ORDER BY s.id")) { (read($0), $0.text(12)) }
    }

    // MARK: -

    private static let fields: SQL = """
        s.id, s.account_id, s.kind, s.takes_factor, s.organization_id, s.batch_id, t.who, s.made_ms, s.expires_ms, s.ending, s.ended_ms, t.account_id
        """
    private static let columns = SQL("\(fields) FROM slip s JOIN act t ON t.id = s.batch_id")

    private static func read(_ row: Row) -> Slip {
        Slip(
            id: row.int(0), accountID: row.int(1), kind: Slip.Kind(rawValue: row.text(2)) ?? .activation, takesFactor: row.bool(3), unitID: row.intOrNil(4),
            batch: row.int(5), maker: row.text(6), makerID: row.intOrNil(11), madeMilliseconds: row.moment(7), expiresMilliseconds: row.moment(8),
            ending: row.textOrNil(9).flatMap(Slip.Ending.init), endedMilliseconds: row.momentOrNil(10))
    }

    private static func image(_ account: Int64, _ kind: Slip.Kind, _ takesFactor: Bool, ending: Slip.Ending?) -> String {
        RowImage(["account_id": .int(account), "kind": .text(kind.rawValue), "takes_factor": .bool(takesFactor), "ending": .text(ending?.rawValue)]).json
    }
}
