import Kit

/// Whether a database is a demo world.
package enum DemoFillStore {
    /// Whether the first unit that the database ever had was made by `yugong demo`, which fills empty databases only. Ids tell the order of
    /// acts and rows (decision 5): the act of a row is the last one before it, and both are found by their keys.
    package static func isFilled(in db: Reading) throws -> Bool {
        try db.first("SELECT kind FROM act WHERE id < (SELECT min(id) FROM organization) ORDER BY id DESC LIMIT 1") { $0.text(0) } == "demo.fill"
    }
}

extension Settings {
    /// Made-up policies.
    package var exampleFolder: String { home + "/Policies/examples" }

    /// The folders of policies of an opened database: only one that `yugong demo` filled, or is about to, knows the made-up ones.
    package func policyFolders(of database: Database, isForDemo: Bool = false) throws -> [String] {
        let isDemo = isForDemo ? true : try database.readNow { try DemoFillStore.isFilled(in: $0) }
        return isDemo ? allPolicyFolders + [exampleFolder] : allPolicyFolders
    }

    /// The same of a database that may not be there, and is not changed by looking at it.
    package func policyFolders(ofDatabaseAt url: String) -> [String] {
        guard let database = try? Database(url: url, readers: 1, mayCreate: false) else { return allPolicyFolders }
        // One that was never migrated has no acts, and one that cannot be read tells nothing.
        return (try? policyFolders(of: database)) ?? allPolicyFolders
    }
}
