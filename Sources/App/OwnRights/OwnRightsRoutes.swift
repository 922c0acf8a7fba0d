import Access
import Accounts
import Kit
import Register

/// What one's own account may do.
enum OwnRightsRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        routes.get("/account/rights") { _, signedIn in
            try await MessageRoutes.markSeen("/account/rights", signedIn, house.database)
            let (records, history) = try await house.database.read { db in
                (try GrantListStore.records(of: signedIn.account.id, in: db), try OrganizationStore.history(in: db))
            }
            return .page(OwnRightsPages.page(records, unit: { signedIn.scope.tree.unit($0)?.name ?? history.name($0) }, house.features, signedIn))
        }
    }
}
