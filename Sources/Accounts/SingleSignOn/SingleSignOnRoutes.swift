import Access
import Kit

/// Signing in through the provider, and binding an identity to the own account.
package enum SingleSignOnRoutes {
    private static let cookieName = "yugong-provider"

    /// A form begins: with the page's token, so that no other site begins one here. Through a page of ours, because the
    /// content policy lets no form end elsewhere.
    private static func leave(_ flow: ProviderFlow, _ signOn: SingleSignOn, _ entrance: Entrance, _ request: WebRequest, or back: String, assets: AssetLinks) async throws -> Reply {
        do {
            let (address, kept) = try await entrance.begin(flow, by: signOn, now: request.now)
            return .leaving(SingleSignOnPages.leaving(signOn.name, to: address, assets: assets), to: address)
                .setting(Cookie(cookieName, kept, maxAge: Int(ProviderFlow.patience / 1000), isSecure: request.isSecure))
        } catch let problem as OpenIDProblem {
            return .redirect("\(back)?provider=\(SignOnRefusal(problem).rawValue)")
        }
    }

    /// Beginning and coming back, for visitors.
    package static func add(to routes: Routes<Visitor>, _ entrance: Entrance, assets: AssetLinks) {
        routes.post(SingleSignOn.path) { form, request, _ in
            guard let signOn = entrance.singleSignOn else { throw WebProblem.missing }
            let flow = ProviderFlow(target: Reply.localPath(form.fields["to"] ?? "") ?? "", began: request.now)
            return try await leave(flow, signOn, entrance, request, or: "/sign-in", assets: assets)
        }
        routes.get(SingleSignOn.path) { request, _ in
            guard let signOn = entrance.singleSignOn else { throw WebProblem.missing }
            var back = "/sign-in"
            func refused(_ refusal: SignOnRefusal) -> Reply {
                .redirect("\(back)?provider=\(refusal.rawValue)").setting(Cookie(cookieName, "", maxAge: 0, isSecure: request.isSecure))
            }
            do {
                let flow = try ProviderFlow.opened(request.cookies[cookieName], state: request.query["state"], entrance.secrets, now: request.now)
                if flow.binding != nil { back = "/account/identity" }
                let session = request.cookies[SignInRoutes.sessionCookie].map(Secrets.fingerprint)
                let returned = try await entrance.finish(request.query, flow, by: signOn, session: session, at: SignInPlace(request), now: request.now)
                switch returned {
                case .way(let way): return SignInRoutes.reply(way, request).setting(Cookie(cookieName, "", maxAge: 0, isSecure: request.isSecure))
                case .bound: return .redirect("/account/identity?done=bound").setting(Cookie(cookieName, "", maxAge: 0, isSecure: request.isSecure))
                case .unknown: return refused(.unknown)
                }
            } catch let problem as OpenIDProblem {
                return refused(SignOnRefusal(problem))
            } catch let refusal as Refusal {
                guard let known = SignOnRefusal(refusal) else { throw refusal }
                return refused(known)
            }
        }
    }

    /// The own page.
    package static func add(to routes: Routes<SignedIn>, _ entrance: Entrance, assets: AssetLinks) {
        let signOn = entrance.singleSignOn

        @Sendable func own(_ signedIn: SignedIn) async throws -> SingleSignOnPages.Own {
            try await entrance.database.read { db in
                SingleSignOnPages.Own(
                    signOn: signOn, since: try signOn.flatMap { try IdentityStore.since(signedIn.account.id, at: $0.issuer, in: db) },
                    hasFactor: try FactorStore.since(signedIn.account.id, in: db) != nil)
            }
        }
        /// The owner proves it first: who finds a browser signed in makes no way in of his own.
        @Sendable func proved(_ form: Form, _ signedIn: SignedIn, _ act: (SingleSignOn) async throws -> Reply) async throws -> Reply {
            guard let signOn else { return .redirect("/account/identity") }
            return try await FilledForm.answer(
                form, field: { $0.name == "factor.wrong" ? "code" : "current" }, again: { SingleSignOnPages.identity(try await own(signedIn), $0, signedIn) }
            ) {
                try await entrance.proveAgain(signedIn, password: form.fields["current"] ?? "", code: form.text("code"))
                return try await act(signOn)
            }
        }

        routes.get("/account/identity") { request, signedIn in
            let done: String? =
                switch request.query["done"] {
                case "bound": "已经绑定，下次登录可以用它了。"
                case "ended": "已经解除绑定。"
                default: nil
                }
            return .page(SingleSignOnPages.identity(try await own(signedIn), FilledForm(), done: done, problem: SingleSignOn.said(request, signOn), signedIn))
        }
        routes.post("/account/identity") { form, request, signedIn in
            try await proved(form, signedIn) { signOn in
                let flow = ProviderFlow(target: "", began: request.now, binding: ProviderFlow.Binding(account: signedIn.account.id, session: signedIn.session))
                return try await leave(flow, signOn, entrance, request, or: "/account/identity", assets: assets)
            }
        }
        routes.post("/account/identity/remove") { form, _, signedIn in
            try await proved(form, signedIn) { signOn in
                .redirect(try await entrance.unbind(signedIn, by: signOn) ? "/account/identity?done=ended" : "/account/identity")
            }
        }
    }
}
