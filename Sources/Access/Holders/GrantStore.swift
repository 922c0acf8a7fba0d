import Kit
import Register

/// Grants in the database.
package enum GrantStore {
    // MARK: What holds

    /// A grant with the appointment it rests on, where that is still one of the account's person at the unit where it was.
    package static let source: SQL = "account_grant g LEFT JOIN \(appointment)"
    /// The same behind an account `a`, with a row for an account without grants too.
    package static let joined: SQL = "account_grant g ON g.account_id = a.id LEFT JOIN \(appointment)"
    private static let appointment: SQL = """
        appointment p ON p.id = g.appointment_id AND p.organization_id = g.appointment_unit_id
            AND (p.person_id = (SELECT o.person_id FROM account o WHERE o.id = g.account_id) OR p.person_id = (\(living)))
        """
    /// The living file of a grant's account: few are merged, so it is asked second.
    private static let living: SQL = """
        WITH RECURSIVE file (id, further) AS (
            SELECT w.id, w.merged_into FROM account o JOIN person w ON w.id = o.person_id WHERE o.id = g.account_id
            UNION SELECT w.id, w.merged_into FROM file JOIN person w ON w.id = file.further)
        SELECT file.id FROM file WHERE file.further IS NULL
        """
    /// Id, role, unit, from and to as they hold, and the appointment. A grant whose appointment is gone holds on no day.
    package static let columns: SQL = "g.id, g.role, g.organization_id, \(from), \(to), g.appointment_id"
    package static let from: SQL = "CASE WHEN p.from_day > g.from_day THEN p.from_day ELSE g.from_day END"
    package static let to: SQL = """
        CASE WHEN g.appointment_id IS NULL THEN g.to_day WHEN p.id IS NULL THEN g.from_day WHEN p.to_day < g.to_day THEN p.to_day ELSE g.to_day END
        """

    /// Those that hold on a day.
    package static func holds(on day: Day) -> SQL {
        SQL("(g.from_day <= \(day) AND g.to_day > \(day) AND (g.appointment_id IS NULL OR (p.from_day <= \(day) AND p.to_day > \(day))))")
    }

    /// Reads `columns`, the first of them at `start`; nil for a row without a grant.
    package static func read(_ row: Row, from start: Int = 0) -> Grant? {
        guard let id = row.intOrNil(start), let role = Role(rawValue: row.text(start + 1)) else { return nil }
        return Grant(
            id: id, role: role, organizationID: row.int(start + 2), from: row.day(start + 3), to: row.day(start + 4), restingOn: row.intOrNil(start + 5))
    }

    /// All grants of an account, whatever their days.
    package static func grants(of accountID: Int64, in db: Reading) throws -> [Grant] {
        try db.rows(SQL("SELECT \(columns) FROM \(source) WHERE g.account_id = \(accountID) ORDER BY g.id")) { read($0) }.compactMap { $0 }
    }

    /// All grants of many accounts, whatever their days.
    package static func grants(of accounts: [Int64], in db: Reading) throws -> [Int64: [Grant]] {
        guard !accounts.isEmpty else { return [:] }
        let found = try db.rows(SQL("SELECT \(columns), g.account_id FROM \(source) WHERE g.account_id IN (\(list: accounts)) ORDER BY g.id")) { (read($0), $0.int(6)) }
        return Dictionary(grouping: found, by: \.1).mapValues { $0.compactMap(\.0) }
    }

    /// Somebody's file, what was merged into it and what it was merged into; empty for nobody.
    package static func files(of person: Int64?, in db: Reading) throws -> Set<Int64> {
        guard let person else { return [] }
        return Set(try db.rows(
            SQL("""
                WITH RECURSIVE above (id) AS (
                    SELECT id FROM person WHERE id = \(person)
                    UNION SELECT p.merged_into FROM above JOIN person p ON p.id = above.id WHERE p.merged_into IS NOT NULL
                ), files (id) AS (SELECT id FROM above UNION SELECT p.id FROM files JOIN person p ON p.merged_into = files.id)
                SELECT id FROM files
                """)) { $0.int(0) })
    }

    /// All grants of an account and of its person's other accounts.
    package static func grants(ofAccount account: Int64, files: Set<Int64>, in db: Reading) throws -> [Grant] {
        try db.rows(
            SQL("""
                SELECT \(columns) FROM \(source) JOIN account a ON a.id = g.account_id
                WHERE a.id = \(account) OR a.person_id IN (\(list: Array(files))) ORDER BY g.id
                """)) { read($0) }.compactMap { $0 }
    }

    /// Whether a grant of an account rests on an appointment.
    package static func rests(on appointment: Int64, of account: Int64, in db: Reading) throws -> Bool {
        try db.first(SQL("SELECT 1 FROM account_grant WHERE appointment_id = \(appointment) AND account_id = \(account) LIMIT 1"), { _ in true }) ?? false
    }

    // MARK: What holds or can come back

    /// A row as it was given, whatever its appointment is like now.
    private static let given: SQL = "g.id, g.role, g.organization_id, g.from_day, g.to_day, g.appointment_id"
    private static func isOpen(after day: Day) -> SQL { SQL("g.to_day > \(day) AND g.from_day < g.to_day") }

    /// The grants of accounts that hold or can come back, each with its own days: a grant sleeps while its appointment does and
    /// wakes with it, so whoever protects an account with a duty asks here and not what holds today.
    package static func duties(of accounts: [Int64], on day: Day, in db: Reading) throws -> [Grant] {
        guard !accounts.isEmpty else { return [] }
        return try db.rows(SQL("SELECT \(given) FROM account_grant g WHERE g.account_id IN (\(list: accounts)) AND \(isOpen(after: day)) ORDER BY g.id")) { read($0) }
            .compactMap { $0 }
    }

    /// The same of all accounts of a person, whose files these are.
    package static func duties(ofFiles files: Set<Int64>, on day: Day, in db: Reading) throws -> [Grant] {
        guard !files.isEmpty else { return [] }
        return try db.rows(
            SQL("""
                SELECT \(given) FROM account_grant g JOIN account a ON a.id = g.account_id
                WHERE a.person_id IN (\(list: files.sorted())) AND \(isOpen(after: day)) ORDER BY g.id
                """)) { read($0) }.compactMap { $0 }
    }

    /// A grant as it was given, whose it is, and the unit where the appointment was that it rests on.
    package struct Resting: Sendable {
        package let grant: Grant
        package let unitID: Int64
        package let account: Account
    }

    /// What rests on an appointment and is not over for good.
    package static func resting(on appointment: Int64, after day: Day, in db: Reading) throws -> [Resting] {
        try db.rows(
            SQL("""
                SELECT \(given), g.appointment_unit_id, \(AccountStore.columns) FROM account_grant g JOIN account a ON a.id = g.account_id
                WHERE g.appointment_id = \(appointment) AND \(isOpen(after: day)) ORDER BY g.id
                """)
        ) { row in read(row).map { Resting(grant: $0, unitID: row.int(6), account: AccountStore.read(row, from: 7)) } }.compactMap { $0 }
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
    package static func formerOfficers(before day: Day, in db: Reading) throws -> [Int64: (name: String, until: Day)] {
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
    package static func officers(at units: Set<Int64>, on day: Day, in db: Reading) throws -> [Int64] {
        try db.rows(
            SQL("""
                SELECT DISTINCT g.account_id FROM \(source)
                WHERE g.role = \(Role.personnelOfficer.rawValue) AND g.organization_id IN (\(list: Array(units))) AND \(holds(on: day)) ORDER BY g.account_id
                """)) { $0.int(0) }
    }

    /// The personnel officers nearest to a unit who are not kept out, going up; `path` runs from the root to the unit. Nil where there is none.
    package static func officers(along path: [Int64], on day: Day, in db: Reading) throws -> (unit: Int64, officers: [Account])? {
        try holders(of: .personnelOfficer, along: path, on: day, in: db)
    }

    /// The same for any role.
    package static func holders(of role: Role, along path: [Int64], on day: Day, in db: Reading) throws -> (unit: Int64, officers: [Account])? {
        let found = try db.rows(
            SQL("""
                SELECT \(AccountStore.columns), g.organization_id FROM \(source) JOIN account a ON a.id = g.account_id
                WHERE g.organization_id IN (\(list: path)) AND g.role = \(role.rawValue) AND \(holds(on: day))
                    AND a.state NOT IN ('locked', 'closed') ORDER BY a.id
                """)
        ) { row in (unit: row.int(5), account: AccountStore.read(row)) }
        guard let unit = path.last(where: { id in found.contains { $0.unit == id } }) else { return nil }
        return (unit, found.filter { $0.unit == unit }.map(\.account))
    }
}
