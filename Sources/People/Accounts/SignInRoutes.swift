import Kit

/// Somebody who has not signed in: a secret of the browser's own makes the token of the sign-in form.
package struct Visitor: Sendable {
    let token: FormToken
    /// Set where the browser has no secret yet.
    let newSecret: String?
}

/// Signing in and out, who is let in to everything else, and the account's own page.
package enum SignInRoutes {
    static let sessionCookie = "yugong"
    static let visitorCookie = "yugong-form"

    /// Lets everybody in as a visitor, for the sign-in page alone.
    package static func admitVisitor(_ request: WebRequest) -> Admission<Visitor> {
        let known = request.cookies[visitorCookie].flatMap { $0.utf8.count == 43 ? $0 : nil }
        let secret = known ?? Secrets.token()
        return .admitted(Visitor(token: FormToken(Secrets.derived(from: secret, for: "sign-in form")), newSecret: known == nil ? secret : nil), FormToken(Secrets.derived(from: secret, for: "sign-in form")))
    }

    /// Lets in who has a living session; everybody else is led to the sign-in page and from there back.
    /// `tree` gives the tree of organisations as of a day.
    package static func admitSignedIn(
        _ database: Database, tree: @escaping @Sendable (Day) async throws -> OrgTree
    ) -> @Sendable (WebRequest) async throws -> Admission<SignedIn> {
        { request in
            let now = request.now
            guard let token = request.cookies[sessionCookie], !token.isEmpty else { return .elsewhere(toSignIn(request)) }
            let fingerprint = Secrets.fingerprint(token)
            let found = try await database.read { db in
                try AccountStore.session(fingerprint, now: now, in: db).map { ($0, try MessageStore.unread(of: $0.account, in: db)) }
            }
            guard let (session, unread) = found else { return .elsewhere(toSignIn(request)) }
            if now - session.seen > SessionRule.seenStep {
                let act = Act(who: .account(session.account.id, session.account.displayName), origin: request.origin, kind: "session.seen", why: "")
                try await database.write(act) { try AccountStore.noteSeen(fingerprint, in: $0) }
            }
            let form = FormToken(session.formSecret)
            let signedIn = SignedIn(
                account: session.account, grants: session.grants, tree: try await tree(request.today), token: form, now: now,
                origin: request.origin, unread: unread, session: fingerprint)
            return .admitted(signedIn, form)
        }
    }

    private static func toSignIn(_ request: WebRequest) -> Reply {
        let to = request.path == "/" || request.path == "/sign-out" ? "" : "?to=" + Fields.encode(request.address.link)
        return .redirect("/sign-in" + to)
    }

    /// The sign-in page, for visitors.
    package static func add(to routes: Routes<Visitor>, _ database: Database, _ hashing: PasswordHashing, assets: AssetLinks) {
        routes.get("/sign-in") { request, visitor in
            let page = SignInPages.signIn(name: "", to: request.query["to"] ?? "", problem: nil, token: visitor.token, assets: assets)
            let reply = Reply.document(page)
            return visitor.newSecret.map { reply.setting(Cookie(visitorCookie, $0, isSecure: request.isSecure)) } ?? reply
        }
        routes.post("/sign-in") { form, request, visitor in
            let typed = form.text("name"), password = form.fields["password"] ?? "", to = form.fields["to"] ?? ""
            do {
                let token = try await signIn(typed, password, from: request, database, hashing)
                return .redirect(Reply.localPath(to) ?? "/")
                    .setting(Cookie(sessionCookie, token, isSecure: request.isSecure))
                    .setting(Cookie(visitorCookie, "", maxAge: 0, isSecure: request.isSecure))
            } catch let refusal as Refusal {
                let page = SignInPages.signIn(name: typed, to: to, problem: refusal.sentence, token: visitor.token, assets: assets)
                return .document(page, status: refusal.name == "signIn.wait" ? 429 : 422)
            }
        }
    }

    /// Opens a session and gives its token. Refusals `signIn.wrong`, `signIn.wait`, `password.busy`.
    private static func signIn(
        _ typed: String, _ password: String, from request: WebRequest, _ database: Database, _ hashing: PasswordHashing
    ) async throws -> String {
        let name = String(typed.lowercased().prefix(60)), origin = request.origin
        let account = Secrets.fingerprint("account " + name), address = Secrets.fingerprint("address " + origin)
        let wrong = Refusal("signIn.wrong", "账号名或密码不对。请检查大小写和输入法后再试。")
        guard password.count <= 200 else { throw wrong }
        try await database.write(Act(who: .system, origin: origin, kind: "session.try", why: "")) { db in
            try AccountStore.countAttempt([(.account, account), (.address, address)], in: db)
        }
        let known = try await database.read { try AccountStore.account(named: name, in: $0) }
        guard try await hashing.verify(password, against: known?.hash), let known else { throw wrong }
        let token = Secrets.token(), secret = Secrets.token()
        let act = Act(who: .account(known.account.id, known.account.displayName), origin: origin, kind: "session.open", why: "")
        // Who signs in anew leaves no former session of this browser behind.
        let former = request.cookies[sessionCookie].map(Secrets.fingerprint)
        try await database.write(act) { db in
            if let former { try AccountStore.closeSession(former, in: db) }
            try AccountStore.openSession(
                Secrets.fingerprint(token), formSecret: secret, of: known.account.id, origin: origin, forgetting: [account, address], in: db)
        }
        return token
    }

    /// Signing out and the account's own page.
    package static func add(to routes: Routes<SignedIn>, _ database: Database, _ hashing: PasswordHashing) {
        routes.post("/sign-out") { _, request, signedIn in
            try await database.write(signedIn.act("session.close")) { try AccountStore.closeSession(signedIn.session, in: $0) }
            return .redirect("/sign-in").setting(Cookie(sessionCookie, "", maxAge: 0, isSecure: request.isSecure))
        }
        routes.get("/account") { request, signedIn in
            .page(SignInPages.account(signedIn, isChanged: request.query["changed"] != nil))
        }
        routes.post("/account") { form, _, signedIn in
            func refuse(_ field: String, _ sentence: String) -> Reply {
                .page(SignInPages.account(signedIn, problems: [field: sentence], status: 422))
            }
            let new = form.fields["new"] ?? ""
            let subject = Secrets.fingerprint("account " + signedIn.account.name)
            let hash = try await database.read { try AccountStore.passwordHash(of: signedIn.account.id, in: $0) }
            do {
                try await database.write(signedIn.act("password.try")) { try AccountStore.countAttempt([(.account, subject)], in: $0) }
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
                try AccountStore.setPassword(newHash, of: signedIn.account.id, keeping: signedIn.session, forgetting: subject, in: db)
            }
            return .redirect("/account?changed=1")
        }
    }
}
