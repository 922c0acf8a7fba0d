import Kit
import Register
import Synchronization

/// The tree of a day kept in memory, cut anew only after an organisation has changed, by whatever server.
package final class LiveTree: Sendable {
    private let kept = Mutex<(tree: OrgTree, lastID: Int64)?>(nil)

    package init() {}

    package func tree(on day: Day, in db: Reading) throws -> OrgTree {
        let lastID = try db.lastID(), kept = kept.withLock { $0 }
        let found: OrgTree
        if let kept, kept.tree.day == day, try kept.lastID == lastID || !OrganizationStore.hasChanged(after: kept.lastID, in: db) {
            found = kept.tree
        } else {
            found = try OrganizationStore.tree(on: day, in: db)
        }
        // Of two at once the later snapshot stays.
        self.kept.withLock { if ($0?.lastID ?? .min) <= lastID || $0?.tree.day != day { $0 = (found, lastID) } }
        return found
    }
}
