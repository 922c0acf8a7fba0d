import Kit

/// Whether a database is a demo world, and one that lives on.
package enum DemoFillStore {
    /// The kinds of act by which `yugong demo` fills an empty database: with a world that ended with its years, or with one that lives on after
    /// the plans that unions have decided.
    package static let ended = "demo.fill", living = "demo.live"

    /// Whether the first unit that the database ever had was made by `yugong demo` for a world that lives on. Ids tell the order of acts and
    /// rows (decision 5): the act of a row is the last one before it, and both are found by their keys.
    package static func isLiving(in db: Reading) throws -> Bool {
        try db.first("SELECT kind FROM act WHERE id < (SELECT min(id) FROM organization) ORDER BY id DESC LIMIT 1") { $0.text(0) } == living
    }
}

extension Settings {
    /// Made-up policies.
    package var exampleFolder: String { home + "/Policies/examples" }

    /// The folders of policies of an opened database: only one that `yugong demo` filled with a world that lives on, or is about to, knows the
    /// made-up ones.
    package func policyFolders(of database: Database, isForDemo: Bool = false) throws -> [String] {
        let isLiving = try isForDemo || database.readNow { try DemoFillStore.isLiving(in: $0) }
        return isLiving ? allPolicyFolders + [exampleFolder] : allPolicyFolders
    }

    /// The same of a database that may not be there, and is not changed by looking at it.
    package func policyFolders(ofDatabaseAt url: String) -> [String] {
        guard let database = try? Database(url: url, readers: 1, mayCreate: false) else { return allPolicyFolders }
        // One that was never migrated has no acts, and one that cannot be read tells nothing.
        return (try? policyFolders(of: database)) ?? allPolicyFolders
    }
}
