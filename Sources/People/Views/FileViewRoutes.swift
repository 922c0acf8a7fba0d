import Kit

/// 谁看过我的档案: everybody with a file, their own only.
package enum FileViewRoutes {
    package static func add(to routes: Routes<SignedIn>, _ database: Database) {
        routes.get("/me/viewers") { _, signedIn in
            .page(FileViewPages.list(try await database.read { db in try FileViewStore.views(of: signedIn.own(in: db).id, now: signedIn.now, in: db) }))
        }
    }
}
