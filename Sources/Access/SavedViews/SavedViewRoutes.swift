import Kit

/// 视图: one's own only.
enum SavedViewRoutes {
    static func add(to routes: Routes<SignedIn>, _ database: Database) {
        routes.post("/views") { form, _, signedIn in
            let (name, address) = try SavedView.checked(name: form.text("name"), place: form.text("for"))
            try await database.write(signedIn.act("view.save")) { db in try SavedViewStore.add(name, address, of: signedIn.account.id, in: db) }
            return .redirect(address.link)
        }
        routes.post("/views/:view/rename") { form, request, signedIn in
            let id = try request.id("view")
            let address = try await database.write(signedIn.act("view.rename")) { db in
                guard let view = try SavedViewStore.view(id, of: signedIn.account.id, in: db) else { throw WebProblem.missing }
                try SavedViewStore.rename(id, to: SavedView.checked(name: form.text("name"), place: view.address.link).name, in: db)
                return view.address
            }
            return .redirect(address.link)
        }
        routes.post("/views/:view/delete") { _, request, signedIn in
            let id = try request.id("view")
            let address = try await database.write(signedIn.act("view.delete")) { db in
                guard let view = try SavedViewStore.view(id, of: signedIn.account.id, in: db) else { throw WebProblem.missing }
                try SavedViewStore.delete(id, in: db)
                return view.address
            }
            return .redirect(address.path)
        }
    }
}
