import Access
import Kit

/// Signing in, step by step, signing out, and who is let in to everything else.
package enum SignInRoutes {
    static let sessionCookie = "yugong"
    static let visitorCookie = "yugong-form"
    static let stepCookie = "yugong-step"
    static let deviceCookie = Device.cookie

    /// Lets everybody in as a visitor, for the sign-in page alone.
    package static func admitVisitor(_ request: WebRequest) -> Admission<Visitor> {
        let known = request.cookies[visitorCookie].flatMap { $0.utf8.count == 43 ? $0 : nil }
        let secret = known ?? Secrets.token()
        return .admitted(Visitor(token: FormToken(Secrets.derived(from: secret, for: "sign-in form")), newSecret: known == nil ? secret : nil), FormToken(Secrets.derived(from: secret, for: "sign-in form")))
    }

    /// Lets in who has a living session; everybody else is led to the sign-in page and from there back.
    /// `tree` has the tree of organisations.
    package static func admitSignedIn(_ database: Database, tree live: LiveTree) -> @Sendable (WebRequest) async throws -> Admission<SignedIn> {
        { request in
            let now = request.now
            guard let token = request.cookies[sessionCookie], !token.isEmpty else { return .elsewhere(toSignIn(request)) }
            let fingerprint = Secrets.fingerprint(token)
            let found = try await database.read { db in
                try SessionStore.session(fingerprint, now: now, in: db).map { ($0, try MessageStore.unread(of: $0.account, in: db), try live.tree(on: request.today, in: db)) }
            }
            // A grant that came after the sign-in may ask for a factor that it did not.
            guard let (session, unread, tree) = found, session.isStrong || !Factor.isNeeded(session.grants, on: request.today) else { return .elsewhere(toSignIn(request)) }
            func act(_ kind: String) -> Act { Act(who: .account(session.account.id, session.account.displayName), origin: request.origin, kind: kind, why: "") }
            // What an account has lost it must not go on with unawares; what it has got holds at once.
            let held = session.held(on: request.today)
            guard session.grantIDs.isSubset(of: held) else {
                try await database.write(act("session.lost")) { try SessionStore.close(fingerprint, in: $0) }
                return .elsewhere(toSignIn(request, isLost: true))
            }
            if now - session.seen > SessionRule.seenStep || session.grantIDs != held {
                try await database.write(act("session.seen")) { try SessionStore.noteSeen(fingerprint, grantIDs: held, in: $0) }
            }
            let form = FormToken(session.formSecret)
            let signedIn = SignedIn(
                account: session.account, grants: session.grants, tree: tree, token: form, now: now,
                origin: request.origin, unread: unread, session: fingerprint, isStrong: session.isStrong)
            return .admitted(signedIn, form)
        }
    }

    private static func toSignIn(_ request: WebRequest, isLost: Bool = false) -> Reply {
        let isPlain = request.path == "/" || request.path == "/sign-out"
        let query = Fields((isLost ? [("lost", "1")] : []) + (isPlain ? [] : [("to", request.address.link)])).encoded
        return .redirect("/sign-in" + (query.isEmpty ? "" : "?" + query))
    }

    /// Lets in who is between the steps of signing in, to the next step alone.
    package static func admitStep(_ database: Database) -> @Sendable (WebRequest) async throws -> Admission<SignInStep> {
        { request in
            guard let token = request.cookies[stepCookie], !token.isEmpty else { return .elsewhere(.redirect("/sign-in")) }
            let fingerprint = Secrets.fingerprint(token)
            guard let step = try await database.read({ try SignInStepStore.step(fingerprint, now: request.now, at: SignInPlace(request), in: $0) })
            else { return .elsewhere(.redirect("/sign-in?over=1")) }
            // Another step's page leads to the one that is owed.
            guard request.path == step.kind.path else { return .elsewhere(.redirect(step.kind.path)) }
            return .admitted(step, step.token)
        }
    }

    private static func former(_ request: WebRequest) -> [UInt8]? { request.cookies[sessionCookie].map(Secrets.fingerprint) }

    /// On to where a step has led.
    static func reply(_ way: Entrance.Way, _ request: WebRequest) -> Reply {
        func cookie(_ name: String, _ value: String, maxAge: Int? = nil) -> Cookie { Cookie(name, value, maxAge: maxAge, isSecure: request.isSecure) }
        switch way {
        case .session(let token, let device, let target):
            return .redirect(Reply.localPath(target) ?? "/").setting(cookie(sessionCookie, token)).setting(cookie(visitorCookie, "", maxAge: 0))
                .setting(cookie(stepCookie, "", maxAge: 0)).setting(cookie(deviceCookie, device, maxAge: Int(DeviceStore.memory / 1000)))
        case .step(let kind, let token):
            return .redirect(kind.path).setting(cookie(stepCookie, token)).setting(cookie(visitorCookie, "", maxAge: 0))
        }
    }

    /// The sign-in page, for visitors.
    package static func add(to routes: Routes<Visitor>, _ entrance: Entrance, assets: AssetLinks) {
        let contact = { @Sendable in try await entrance.database.read { try SystemSettingStore.setting(in: $0).contact } }
        routes.get("/sign-in") { request, visitor in
            let problem =
                if let said = SingleSignOn.said(request, entrance.singleSignOn) { said }
                else if request.query["over"] != nil { "这次登录等得太久，或者验证码错的次数太多，请从头再来。" }
                else if request.query["lost"] != nil { "您账号的一项授权已经到期或被收回，登录随之结束。请重新登录，其余的权限照常使用；授权的变动见“通知”和“我能做什么”。" }
                else { String?.none }
            let page = SignInPages.signIn(name: "", to: request.query["to"] ?? "", problem: problem, provider: entrance.singleSignOn?.name, contact: try await contact(), token: visitor.token, assets: assets)
            let reply = Reply.document(page)
            return visitor.newSecret.map { reply.setting(Cookie(visitorCookie, $0, isSecure: request.isSecure)) } ?? reply
        }
        routes.post("/sign-in") { form, request, visitor in
            let typed = form.text("name"), password = form.fields["password"] ?? "", to = String((form.fields["to"] ?? "").prefix(2000))
            do {
                return reply(try await entrance.enter(typed, password, target: to, at: SignInPlace(request), former: former(request), now: request.now), request)
            } catch let refusal as Refusal where !refusal.name.hasPrefix("database.") {
                let page = SignInPages.signIn(name: typed, to: to, problem: refusal.sentence, provider: entrance.singleSignOn?.name, contact: try await contact(), token: visitor.token, assets: assets)
                return .document(page, status: refusal.name == "signIn.wait" ? 429 : 422)
            }
        }
    }

    /// The steps after the first.
    package static func add(to routes: Routes<SignInStep>, _ entrance: Entrance, assets: AssetLinks) {
        routes.get(SignInStep.Kind.code.path) { _, step in .document(SignInPages.code(step, problem: nil, assets: assets)) }
        routes.post(SignInStep.Kind.code.path) { form, request, step in
            do {
                let recovery = form.text("recovery")
                switch try await entrance.takeCode(recovery.isEmpty ? form.text("code") : recovery, on: step, former: former(request)) {
                case .passed(let way): return reply(way, request)
                case .over: return .redirect("/sign-in?over=1").setting(Cookie(stepCookie, "", maxAge: 0, isSecure: request.isSecure))
                case .wrong:
                    let sentence = recovery.isEmpty
                        ? "验证码不对，或者已经用过。请等验证器换出下一个码再输；总是不对，请核对手机的时间。" : "恢复码不对，或者已经用过。请核对字母，或者换一个。"
                    return .document(SignInPages.code(step, problem: sentence, assets: assets), status: 422)
                }
            } catch let refusal as Refusal where refusal.name == "signIn.wait" {
                return .document(SignInPages.code(step, problem: refusal.sentence, assets: assets), status: 429)
            }
        }
        routes.get(SignInStep.Kind.enrol.path) { _, step in
            guard let secret = try entrance.secret(of: step) else { throw WebProblem.missing }
            return .document(SignInPages.enrol(step, secret, problem: nil, assets: assets))
        }
        routes.post(SignInStep.Kind.enrol.path) { form, request, step in
            guard let secret = try entrance.secret(of: step) else { throw WebProblem.missing }
            guard let codes = try await entrance.enrol(form.text("code"), on: step, former: former(request)) else {
                let sentence = "验证码不对，还没有设好。请核对扫的是这一页的码，并核对手机的时间，再输入验证器当前显示的六位数字。"
                return .document(SignInPages.enrol(step, secret, problem: sentence, assets: assets), status: 422)
            }
            return .document(SignInPages.saved(step, codes, assets: assets))
        }
        routes.get(SignInStep.Kind.saved.path) { _, step in .document(SignInPages.saved(step, nil, assets: assets)) }
        routes.post(SignInStep.Kind.saved.path) { _, request, step in
            guard let way = try await entrance.finish(step, former: former(request)) else { return .redirect("/sign-in") }
            return reply(way, request)
        }
    }

    /// Signing out.
    package static func add(to routes: Routes<SignedIn>, _ entrance: Entrance) {
        routes.post("/sign-out") { _, request, signedIn in
            try await entrance.database.write(signedIn.act("session.close")) { try SessionStore.close(signedIn.session, in: $0) }
            return .redirect("/sign-in").setting(Cookie(sessionCookie, "", maxAge: 0, isSecure: request.isSecure))
        }
    }
}
