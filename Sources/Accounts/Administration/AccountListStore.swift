import Access
import Kit

/// The accounts as the security administrator asks for them: only reading.
enum AccountListStore {
    struct Ask: Sendable {
        /// Units that the accounts have to do with, by a duty or by the person's primary post; nil where it is the whole tree.
        var units: [Int64]?
        var typed = ""
        var state: Account.State?
        var role: Role?
        /// Whether there is a second factor.
        var hasFactor: Bool?
        var today: Day
        /// The last name before the page.
        var after: String?
    }

    struct Line: Sendable, Identifiable {
        let account: Account
        let factorSince: Int64?
        let lastSignIn: Int64?
        /// Those of today and to come.
        let grants: [Grant]
        var id: Int64 { account.id }
    }

    /// Accounts of people that an import has made, and grants at units or resting on posts that it has made.
    static func standing(on unmaking: Unmaking, in db: Reading) throws -> [Dependent] {
        let accounts = try db.rows(
            SQL("SELECT person_id, name FROM account WHERE person_id IN (\(list: unmaking.people)) ORDER BY id LIMIT \(Dependent.most)")
        ) { Dependent(.person($0.int(0)), "已开过账号 \($0.text(1))", link: "/people/\($0.int(0))", isForGood: true) }
        let resting = try db.rows(
            SQL(
                """
                SELECT a.person_id, a.display_name FROM account_grant g JOIN account a ON a.id = g.account_id
                WHERE g.appointment_id IN (\(list: unmaking.posts)) AND a.person_id IS NOT NULL AND g.from_day < g.to_day ORDER BY g.id LIMIT \(Dependent.most)
                """)
        ) { Dependent(.person($0.int(0)), "账号（\($0.text(1))）的授权依托这个任职", isForGood: true) }
        guard !unmaking.units.isEmpty else { return accounts + resting }
        let units = try db.rows(
            SQL(
                """
                SELECT DISTINCT u.unit FROM (SELECT organization_id AS unit FROM account_grant UNION ALL SELECT appointment_unit_id FROM account_grant
                    UNION ALL SELECT organization_id FROM slip) u
                WHERE u.unit IN (\(list: unmaking.units)) ORDER BY u.unit LIMIT \(Dependent.most)
                """)
        ) { Dependent(.unit($0.int(0)), "已有授权或做过一次性码", isForGood: true) }
        return accounts + resting + units
    }

    /// A page of accounts by name, and one more.
    static func lines(_ ask: Ask, limit: Int, in db: Reading) throws -> [Line] {
        var conditions = conditions(ask)
        if let after = ask.after { conditions.append(SQL("a.name > \(after)")) }
        return try lines(SQL("WHERE \(SQL.join(conditions, separator: " AND ")) ORDER BY a.name LIMIT \(limit)"), ask.today, in: db)
    }

    static func line(_ id: Int64, today: Day, in db: Reading) throws -> Line? { try lines(SQL("WHERE a.id = \(id)"), today, in: db).first }

    static func count(_ ask: Ask, in db: Reading) throws -> Int {
        Int(try db.count(SQL("SELECT count(*) FROM account a LEFT JOIN account_factor f ON f.account_id = a.id WHERE \(SQL.join(conditions(ask), separator: " AND "))")))
    }

    private static func lines(_ rest: SQL, _ today: Day, in db: Reading) throws -> [Line] {
        let found = try db.rows(SQL("SELECT \(AccountStore.columns), f.set_ms FROM account a LEFT JOIN account_factor f ON f.account_id = a.id \(rest)")) {
            (account: AccountStore.read($0), factor: $0.momentOrNil(5))
        }
        let ids = found.map(\.account.id), last = try AccountStore.lastSignIns(of: ids, in: db), grants = try GrantStore.grants(of: ids, in: db)
        return found.map { account, factor in
            Line(account: account, factorSince: factor, lastSignIn: last[account.id], grants: (grants[account.id] ?? []).filter { $0.to > today })
        }
    }

    private static func conditions(_ ask: Ask) -> [SQL] {
        var all: [SQL] = ["1 = 1"]
        if let state = ask.state { all.append(SQL("a.state = \(state.rawValue)")) }
        if let hasFactor = ask.hasFactor { all.append(hasFactor ? "f.account_id IS NOT NULL" : "f.account_id IS NULL") }
        if let role = ask.role {
            all.append(SQL("a.id IN (SELECT g.account_id FROM \(GrantStore.source) WHERE g.role = \(role.rawValue) AND \(GrantStore.holds(on: ask.today)))"))
        }
        let typed = ask.typed.lowercased().filter { $0 != "%" && $0 != "_" }
        if !typed.isEmpty { all.append(SQL("(a.name LIKE \("%" + typed + "%") OR a.display_name LIKE \("%" + typed + "%"))")) }
        if let units = ask.units {
            let post = SQL("t.organization_id IN (\(list: units)) AND t.is_primary = 1 AND t.from_day <= \(ask.today) AND t.to_day > \(ask.today)")
            all.append(SQL("""
                a.id IN (
                    SELECT g.account_id FROM account_grant g WHERE g.organization_id IN (\(list: units)) AND g.to_day > \(ask.today)
                    UNION SELECT c.id FROM appointment t JOIN account c ON c.person_id = t.person_id WHERE \(post)
                    UNION SELECT c.id FROM appointment t JOIN person m ON m.merged_into = t.person_id JOIN account c ON c.person_id = m.id WHERE \(post))
                """))
        }
        return all
    }

    // MARK: History

    /// One thing that was done to an account or with it.
    struct Event: Sendable {
        let act: ActRecord
        let origin: String
    }

    /// What was done to the account, and how it was signed in to, newest first. What it did at work is not here.
    static func history(_ account: Account, _ grants: [Grant], limit: Int, in db: Reading) throws -> [Event] {
        let slips = try SlipStore.slips(of: account.id, in: db).map(\.id)
        let changes = try [("account", [account.id]), ("account_factor", [account.id]), ("account_grant", grants.map(\.id)), ("slip", slips)].flatMap {
            try ActStore.changes(of: $0.0, $0.1, in: db)
        }
        let own = ["session.open", "session.begin", "session.code", "session.close", "session.end", "account.password", "account.recovery", "account.reset", "slip.open"]
        let used = try db.rows(
            SQL("SELECT id FROM act WHERE who = \(account.displayName) AND account_id = \(account.id) AND kind IN (\(list: own)) ORDER BY id DESC LIMIT \(limit)")) { $0.int(0) }
        let ids = Array(Set(changes.map(\.act.id) + used).sorted(by: >).prefix(limit))
        return try db.rows(SQL("SELECT id, at_ms, who, kind, why, origin FROM act WHERE id IN (\(list: ids)) ORDER BY id DESC")) { row in
            Event(act: ActRecord(id: row.int(0), atMilliseconds: row.moment(1), who: row.text(2), kind: row.text(3), why: row.text(4)), origin: row.text(5))
        }
    }
}
