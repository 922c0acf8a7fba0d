import Access
import Kit

/// 谁看过我的档案: everybody with a file, their own only.
package enum FileViewRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        routes.get("/me/viewers") { _, signedIn in
            .page(FileViewPages.list(try await house.database.read { db in
                try FileViewStore.views(of: signedIn.own(in: db).id, now: signedIn.now, house.features, signedIn.scope.tree.history, in: db)
            }))
        }
    }
}
