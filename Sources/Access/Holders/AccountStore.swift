import Kit
import Register

/// Accounts in the database.
package enum AccountStore {
    /// An account with its password hash; nil where no account has the name.
    package static func account(named name: String, in db: Reading) throws -> Account? {
        try db.first(SQL("SELECT \(columns) FROM account a WHERE a.name = \(name)"), read)
    }

    package static func account(_ id: Int64, in db: Reading) throws -> Account? {
        try db.first(SQL("SELECT \(columns) FROM account a WHERE a.id = \(id)"), read)
    }

    package static let columns: SQL = "a.id, a.name, a.display_name, a.person_id, a.state"
    /// Reads `columns`, the first of them at `start`.
    package static func read(_ row: Row) -> Account { read(row, from: 0) }
    package static func read(_ row: Row, from start: Int) -> Account {
        Account(
            id: row.int(start), name: row.text(start + 1), displayName: row.text(start + 2), personID: row.intOrNil(start + 3),
            state: Account.State(rawValue: row.text(start + 4)) ?? .locked)
    }

    /// The accounts of a person, of files merged into it too, with their grants.
    package static func accounts(of person: Int64, in db: Reading) throws -> [(account: Account, grants: [Grant])] {
        let accounts = try db.rows(SQL("SELECT \(columns) FROM account a WHERE a.person_id IN (\(list: try files(of: person, in: db))) ORDER BY a.id"), read)
        return try accounts.map { ($0, try GrantStore.grants(of: $0.id, in: db)) }
    }

    /// A file and everything that was merged into it, directly or by way of another.
    private static func files(of person: Int64, in db: Reading) throws -> [Int64] { [person] + (try RosterStore.absorbed(by: person, in: db).map(\.id)) }

    /// The living files of accounts, each once.
    package static func people(of accounts: [Int64], in db: Reading) throws -> [Int64] {
        guard !accounts.isEmpty else { return [] }
        let files = try db.rows(SQL("SELECT DISTINCT person_id FROM account WHERE id IN (\(list: accounts)) AND person_id IS NOT NULL ORDER BY person_id")) { $0.int(0) }
        return try files.compactMap { try RosterStore.living($0, in: db) }.filter { !$0.isErased }.map(\.id)
    }

    /// The accounts of many people, of files merged into theirs too.
    package static func accounts(of people: [Int64], in db: Reading) throws -> [Int64: [Account]] {
        guard !people.isEmpty else { return [:] }
        let found = try db.rows(
            SQL("""
                SELECT \(columns), COALESCE(p.merged_into, p.id) FROM person p JOIN account a ON a.person_id = p.id
                WHERE p.id IN (\(list: people)) OR p.merged_into IN (\(list: people)) ORDER BY a.id
                """)) { (read($0), $0.int(5)) }
        return Dictionary(grouping: found, by: \.1).mapValues { $0.map(\.0) }
    }
}
