import Access
import Accounts
import Kit

/// What one's own account may do.
enum OwnRightsRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        routes.get("/account/rights") { _, signedIn in
            try await MessageRoutes.markSeen("/account/rights", signedIn, house.database)
            let records = try await house.database.read { try GrantListStore.records(of: signedIn.account.id, in: $0) }
            let tree = signedIn.scope.tree
            return .page(OwnRightsPages.page(records, unit: { tree.unit($0)?.name ?? tree.history.name($0) }, house.features, signedIn))
        }
    }
}
