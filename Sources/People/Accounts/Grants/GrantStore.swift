import Kit

/// Grants in the database.
package enum GrantStore {
    // MARK: What holds

    /// A grant with the appointment it rests on, where that is still at the unit where it was.
    static let source: SQL = "account_grant g LEFT JOIN \(appointment)"
    /// The same behind an account `a`, with a row for an account without grants too.
    static let joined: SQL = "account_grant g ON g.account_id = a.id LEFT JOIN \(appointment)"
    private static let appointment: SQL = "appointment p ON p.id = g.appointment_id AND p.organization_id = g.appointment_unit_id"
    /// Id, role, unit, from and to as they hold, and the appointment. A grant whose appointment is gone holds on no day.
    static let columns: SQL = "g.id, g.role, g.organization_id, \(from), \(to), g.appointment_id"
    static let from: SQL = "CASE WHEN p.from_day > g.from_day THEN p.from_day ELSE g.from_day END"
    static let to: SQL = """
        CASE WHEN g.appointment_id IS NULL THEN g.to_day WHEN p.id IS NULL THEN g.from_day WHEN p.to_day < g.to_day THEN p.to_day ELSE g.to_day END
        """

    /// Those that hold on a day.
    static func holds(on day: Day) -> SQL {
        SQL("(g.from_day <= \(day) AND g.to_day > \(day) AND (g.appointment_id IS NULL OR (p.from_day <= \(day) AND p.to_day > \(day))))")
    }

    /// Reads `columns`, the first of them at `start`; nil for a row without a grant.
    static func read(_ row: Row, from start: Int = 0) -> Grant? {
        guard let id = row.intOrNil(start), let role = Role(rawValue: row.text(start + 1)) else { return nil }
        return Grant(
            id: id, role: role, organizationID: row.int(start + 2), from: row.day(start + 3), to: row.day(start + 4), restingOn: row.intOrNil(start + 5))
    }

    /// All grants of an account, whatever their days.
    package static func grants(of accountID: Int64, in db: Reading) throws -> [Grant] {
        try db.rows(SQL("SELECT \(columns) FROM \(source) WHERE g.account_id = \(accountID) ORDER BY g.id")) { read($0) }.compactMap { $0 }
    }

    /// All grants of many accounts, whatever their days.
    static func grants(of accounts: [Int64], in db: Reading) throws -> [Int64: [Grant]] {
        guard !accounts.isEmpty else { return [:] }
        let found = try db.rows(SQL("SELECT \(columns), g.account_id FROM \(source) WHERE g.account_id IN (\(list: accounts)) ORDER BY g.id")) { (read($0), $0.int(6)) }
        return Dictionary(grouping: found, by: \.1).mapValues { $0.compactMap(\.0) }
    }

    /// Somebody's file, what was merged into it and what it was merged into; empty for nobody.
    static func files(of person: Int64?, in db: Reading) throws -> Set<Int64> {
        guard let person, let living = try RosterStore.living(person, in: db) else { return [] }
        return Set([living.id] + (try RosterStore.absorbed(by: living.id, in: db).map(\.id)))
    }

    /// All grants of an account and of its person's other accounts.
    static func grants(ofAccount account: Int64, files: Set<Int64>, in db: Reading) throws -> [Grant] {
        try db.rows(
            SQL("""
                SELECT \(columns) FROM \(source) JOIN account a ON a.id = g.account_id
                WHERE a.id = \(account) OR a.person_id IN (\(list: Array(files))) ORDER BY g.id
                """)) { read($0) }.compactMap { $0 }
    }

    /// Whether a grant of whoever does the act rests on an appointment.
    static func rests(on appointment: Int64, ofActor act: Int64, in db: Reading) throws -> Bool {
        try db.first(
            SQL("SELECT 1 FROM account_grant g JOIN act t ON t.account_id = g.account_id WHERE g.appointment_id = \(appointment) AND t.id = \(act) LIMIT 1"), { _ in true }) ?? false
    }

    /// Whether a grant of an account rests on an appointment.
    static func rests(on appointment: Int64, of account: Int64, in db: Reading) throws -> Bool {
        try db.first(SQL("SELECT 1 FROM account_grant WHERE appointment_id = \(appointment) AND account_id = \(account) LIMIT 1"), { _ in true }) ?? false
    }

    /// Whether a person's accounts together still keep the duties apart. Throws `merge.duties`, for who makes two files one.
    static func requireSeparate(_ person: Int64, in db: Writing) throws {
        let today = Clock.day(ofMilliseconds: db.now)
        let present = try grants(ofAccount: 0, files: files(of: person, in: db), in: db).filter { $0.to > today }
        for grant in present {
            guard let other = present.first(where: { $0.overlaps(grant) && Separation.excludes($0.role, grant.role) }) else { continue }
            throw Refusal(
                "merge.duties", "两份档案的账号分别是“\(grant.role.word)”和“\(other.role.word)”，这两种身份不能由同一个人担任，没有合并。请先请安全管理员结束其中一项授权，再合并。")
        }
    }

    /// Who makes two files one says that two accounts are one person's. Nobody does it with the own file, nor, where an account
    /// with a duty hangs on one of them, with a file of their own making. Refusals `merge.own`, `merge.made`.
    static func checkMerger(_ absorbed: Int64, _ survivor: Int64, by signedIn: SignedIn, in db: Reading) throws {
        for file in [absorbed, survivor] where try signedIn.isOwn(file, in: db) {
            throw Refusal("merge.own", "其中一份是您自己的档案，不能由您合并。请由本单位另一位或上级工会的组织人事管理员办理。")
        }
        let sides = try [absorbed, survivor].map { try IndependenceStore.side(ofPerson: $0, now: signedIn.now, in: db) }
        let duties = try sides.flatMap { try grants(of: $0.accounts.sorted(), in: db).values.flatMap { $0 } }.filter { $0.to > signedIn.today && $0.from < $0.to }
        guard !duties.isEmpty else { return }
        let own = try IndependenceStore.side(of: signedIn.account.id, now: signedIn.now, in: db)
        guard sides.allSatisfy({ $0.came(from: own, by: [.file]) == nil }) else {
            throw Refusal(
                "merge.made", "这两份档案有账号担任管理职责，而其中一份是您或您办理的人在最近 \(Independence.days) 天里建立或改过号码的，不能由您合并。请由上级工会的组织人事管理员办理。")
        }
    }

    // MARK: Officers

    /// The personnel officer of each unit that has one on a day, by display name.
    package static func officers(on day: Day, in db: Reading) throws -> [Int64: String] {
        var found: [Int64: String] = [:]
        try db.each(
            SQL("""
                SELECT g.organization_id, a.display_name FROM \(source) JOIN account a ON a.id = g.account_id
                WHERE g.role = \(Role.personnelOfficer.rawValue) AND \(holds(on: day)) AND a.state <> 'closed' ORDER BY a.id DESC
                """)
        ) { found[$0.int(0)] = $0.text(1) }
        return found
    }

    /// Who was personnel officer of a unit last before a day, and the first day without: by unit, whoever is so now.
    static func formerOfficers(before day: Day, in db: Reading) throws -> [Int64: (name: String, until: Day)] {
        var found: [Int64: (name: String, until: Day)] = [:]
        try db.each(
            SQL("""
                SELECT g.organization_id, a.display_name, \(to) FROM \(source) JOIN account a ON a.id = g.account_id
                WHERE g.role = \(Role.personnelOfficer.rawValue) AND \(to) <= \(day) AND \(from) < \(to) ORDER BY g.id
                """)
        ) { row in
            let until = row.day(2)
            if found[row.int(0)].map({ $0.until <= until }) ?? true { found[row.int(0)] = (row.text(1), until) }
        }
        return found
    }

    /// The accounts of the personnel officers at these units on a day.
    static func officers(at units: Set<Int64>, on day: Day, in db: Reading) throws -> [Int64] {
        try db.rows(
            SQL("""
                SELECT DISTINCT g.account_id FROM \(source)
                WHERE g.role = \(Role.personnelOfficer.rawValue) AND g.organization_id IN (\(list: Array(units))) AND \(holds(on: day)) ORDER BY g.account_id
                """)) { $0.int(0) }
    }

    /// The personnel officers nearest to a unit, going up; `path` runs from the root to the unit. Nil where there is none.
    package static func officers(along path: [Int64], on day: Day, in db: Reading) throws -> (unit: Int64, officers: [Account])? {
        let found = try db.rows(
            SQL("""
                SELECT \(AccountStore.columns), g.organization_id FROM \(source) JOIN account a ON a.id = g.account_id
                WHERE g.organization_id IN (\(list: path)) AND g.role = \(Role.personnelOfficer.rawValue) AND \(holds(on: day)) AND a.state <> 'closed'
                ORDER BY a.id
                """)
        ) { row in (unit: row.int(5), account: AccountStore.read(row)) }
        guard let unit = path.last(where: { id in found.contains { $0.unit == id } }) else { return nil }
        return (unit, found.filter { $0.unit == unit }.map(\.account))
    }

    // MARK: Giving and ending

    /// Gives an account a grant; the act says who gives it and why. What no one person may have together is refused
    /// here, whatever the way: `grant.duties`, `grant.business`; and `grant.appointment` where there is none to rest on.
    @discardableResult
    package static func give(_ grant: Grant, to accountID: Int64, in db: Writing) throws -> Int64 {
        let person = try AccountStore.account(accountID, in: db)?.personID, files = try files(of: person, in: db)
        let others = try grants(ofAccount: accountID, files: files, in: db)
        try Separation.judge(grant, besides: others)
        var unit: Int64?
        if let appointment = grant.appointmentID {
            guard let post = try RosterStore.appointment(appointment, in: db), files.contains(post.personID) else {
                throw Refusal("grant.appointment", "所选的任职已经不在了，没有授权。请刷新页面后重新选择任职。")
            }
            unit = post.organizationID
        }
        // What has ended with its appointment would come back with it, beside what now excludes it: it ends for good.
        for other in others where Separation.excludes(other.role, grant.role) {
            if let row = try row(other.id, in: db), max(row.from, other.to) < row.to { try end(row, on: max(row.from, other.to), in: db) }
        }
        let row = GrantRow(
            id: db.nextID(), accountID: accountID, role: grant.role.rawValue, organizationID: grant.organizationID, from: grant.from, to: grant.to,
            appointmentID: grant.appointmentID, appointmentUnitID: unit)
        try db.run(SQL("""
            INSERT INTO account_grant (id, account_id, role, organization_id, from_day, to_day, appointment_id, appointment_unit_id, given_act_id, act_id)
            VALUES (\(row.id), \(accountID), \(row.role), \(row.organizationID), \(row.from), \(row.to), \(row.appointmentID), \(row.appointmentUnitID),
                \(db.actID), \(db.actID))
            """))
        try db.change("account_grant", row.id, before: nil, after: row.image.json)
        // Who made a code before may not be one who may make it for this duty.
        try SlipStore.end(Array(try SlipStore.open(of: [accountID], in: db).values), .voided, in: db)
        return row.id
    }

    /// Ends a grant: `day` is the first day on which it no longer holds. One that has not begun never will.
    package static func end(_ id: Int64, on day: Day, in db: Writing) throws {
        guard let row = try row(id, in: db) else { throw Refusal("grant.missing", "没有这项授权；请刷新页面后再试") }
        try end(row, on: max(row.from, day), in: db)
    }

    /// Ends all grants of an account for good, those too that have ended with their appointment and could come back with it.
    static func endAll(of account: Int64, on day: Day, in db: Writing) throws {
        for id in try db.rows(SQL("SELECT id FROM account_grant WHERE account_id = \(account) AND to_day > \(day) AND from_day < to_day ORDER BY id"), { $0.int(0) }) {
            try end(id, on: day, in: db)
        }
    }

    private static func end(_ row: GrantRow, on day: Day, in db: Writing) throws {
        guard day < row.to else { throw Refusal("grant.ended", "这项授权到 \(row.to) 就已结束，不用再结束。请刷新页面核对。") }
        var after = row
        after.to = day
        try db.run(SQL("UPDATE account_grant SET to_day = \(day), ended_act_id = \(db.actID), act_id = \(db.actID) WHERE id = \(row.id)"))
        try db.change("account_grant", row.id, before: row.image.json, after: after.image.json)
    }

    /// Notes that the account was told about an end of a grant.
    static func noteTold(_ id: Int64, end: Day, isOver: Bool, in db: Writing) throws {
        try db.run(SQL("INSERT INTO grant_notice (grant_id, end_day, is_over) VALUES (\(id), \(end), \(isOver)) ON CONFLICT (grant_id, end_day, is_over) DO NOTHING"))
    }

    private static func row(_ id: Int64, in db: Reading) throws -> GrantRow? {
        try db.first(
            SQL("SELECT id, account_id, role, organization_id, from_day, to_day, appointment_id, appointment_unit_id FROM account_grant WHERE id = \(id)")
        ) { row in
            GrantRow(
                id: row.int(0), accountID: row.int(1), role: row.text(2), organizationID: row.int(3), from: row.day(4), to: row.day(5),
                appointmentID: row.intOrNil(6), appointmentUnitID: row.intOrNil(7))
        }
    }

    /// Holds the rows of grants against the images that acts left of them. A grant is not taken back but ended.
    package static let keeper = RowKeeper(
        subject: "account_grant", image: { id, db in try row(id, in: db)?.image },
        restore: { _, _, _ in throw Refusal("undo.foreign", "授权不能撤回；请结束这项授权，或重新授予") })
}

/// A row of `account_grant` as it is written.
private struct GrantRow {
    let id: Int64, accountID: Int64, role: String, organizationID: Int64, from: Day
    var to: Day
    let appointmentID: Int64?, appointmentUnitID: Int64?

    var image: RowImage {
        RowImage([
            "account_id": .int(accountID), "role": .text(role), "organization_id": .int(organizationID), "from_day": .day(from), "to_day": .day(to),
            "appointment_id": .int(appointmentID), "appointment_unit_id": .int(appointmentUnitID),
        ])
    }
}
