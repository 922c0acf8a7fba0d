import Kit

/// Views that accounts have saved.
package enum SavedViewStore {
    /// Those of an account for one list, in the order in which they were saved.
    package static func views(of account: Int64, path: String, in db: Reading) throws -> [SavedView] {
        try db.rows(SQL("SELECT \(columns) FROM saved_view WHERE account_id = \(account) AND path = \(path) ORDER BY id"), read)
    }

    /// All of some accounts.
    package static func views(of accounts: [Int64], in db: Reading) throws -> [SavedView] {
        try db.rows(SQL("SELECT \(columns) FROM saved_view WHERE account_id IN (\(list: accounts)) ORDER BY id"), read)
    }

    /// The account's own; nil for another's just as for none.
    static func view(_ id: Int64, of account: Int64, in db: Reading) throws -> SavedView? {
        try db.first(SQL("SELECT \(columns) FROM saved_view WHERE id = \(id) AND account_id = \(account)"), read)
    }

    /// Refusal `view.many`.
    @discardableResult
    static func add(_ name: String, _ address: PageAddress, of account: Int64, in db: Writing) throws -> Int64 {
        guard try views(of: account, path: address.path, in: db).count < SavedView.most else {
            throw Refusal("view.many", "一张表最多保存 \(SavedView.most) 个视图；请先删掉不用的。")
        }
        let id = db.nextID()
        try db.run(SQL("""
            INSERT INTO saved_view (id, account_id, name, path, query, act_id)
            VALUES (\(id), \(account), \(name), \(address.path), \(address.query.encoded), \(db.actID))
            """))
        return id
    }

    static func rename(_ id: Int64, to name: String, in db: Writing) throws {
        try db.run(SQL("UPDATE saved_view SET name = \(name), act_id = \(db.actID) WHERE id = \(id)"))
    }

    static func delete(_ id: Int64, in db: Writing) throws { try db.run(SQL("DELETE FROM saved_view WHERE id = \(id)")) }

    static func forget(_ accounts: [Int64], in db: Writing) throws { try db.run(SQL("DELETE FROM saved_view WHERE account_id IN (\(list: accounts))")) }

    private static let columns: SQL = "id, name, path, query"

    private static func read(_ row: Row) -> SavedView {
        SavedView(id: row.int(0), name: row.text(1), address: PageAddress(row.text(2), Fields(encoded: row.text(3))))
    }
}
