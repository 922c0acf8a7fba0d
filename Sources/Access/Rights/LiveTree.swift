import Kit
import Register

/// The tree of a day kept in memory, cut anew only after an organisation has changed.
package final class LiveTree: Sendable {
    private let live = LiveValue<OrgTree>(of: ["organization", "organization_version"])

    package init() {}

    package func tree(on day: Day, in db: Reading) throws -> OrgTree {
        try live.value(in: db, where: { $0.day == day }) { try OrganizationStore.tree(on: day, in: db) }
    }
}
