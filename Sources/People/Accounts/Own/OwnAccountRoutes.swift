import Kit

/// An account's own page: password, second factor, sessions.
package enum OwnAccountRoutes {
    package static func add(to routes: Routes<SignedIn>, _ entrance: Entrance) {
        let database = entrance.database, hashing = entrance.hashing

        routes.get("/account") { request, signedIn in
            .page(OwnAccountPages.account(signedIn, isChanged: request.query["changed"] != nil))
        }
        routes.post("/account") { form, _, signedIn in
            func refuse(_ field: String, _ sentence: String) -> Reply {
                .page(OwnAccountPages.account(signedIn, problems: [field: sentence], status: 422))
            }
            let new = form.fields["new"] ?? ""
            let counter = Throttle.Counter(.account, "password \(signedIn.account.id)")
            let hash = try await database.read { try AccountStore.passwordHash(of: signedIn.account.id, in: $0) }
            do {
                try await database.write(signedIn.act("password.try")) { try ThrottleStore.count([counter], in: $0) }
            } catch let refusal as Refusal {
                return refuse("current", refusal.sentence)
            }
            guard try await hashing.verify(form.fields["current"] ?? "", against: hash) else {
                return refuse("current", "现在的密码不对，没有更换。请重新输入。")
            }
            do {
                try PasswordRule.judge(new, accountName: signedIn.account.name)
            } catch let refusal as Refusal {
                return refuse("new", refusal.sentence)
            }
            guard new == form.fields["again"] else { return refuse("again", "两遍新密码不一样，没有更换。请重新输入。") }
            let newHash = try await hashing.hash(new)
            try await database.write(signedIn.act("account.password")) { db in
                try AccountStore.setPassword(newHash, of: signedIn.account.id, in: db)
                try SessionStore.endSessions(of: signedIn.account.id, keeping: signedIn.session, in: db)
                try ThrottleStore.forget([counter], in: db)
            }
            return .redirect("/account?changed=1")
        }
    }
}
