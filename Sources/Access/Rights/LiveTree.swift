import Kit
import Register

/// The tree of a day kept in memory, cut anew only after an organisation has changed, by whatever server.
package actor LiveTree {
    private let database: Database
    private var kept: (tree: OrgTree, lastID: Int64)?

    package init(_ database: Database) { self.database = database }

    package func tree(on day: Day) async throws -> OrgTree {
        let kept = kept
        let found = try await database.read { db -> (tree: OrgTree, lastID: Int64) in
            let lastID = try db.lastID()
            if let kept, kept.tree.day == day, try kept.lastID == lastID || !OrganizationStore.hasChanged(after: kept.lastID, in: db) { return (kept.tree, lastID) }
            return (try OrganizationStore.tree(on: day, in: db), lastID)
        }
        self.kept = found
        return found.tree
    }
}
