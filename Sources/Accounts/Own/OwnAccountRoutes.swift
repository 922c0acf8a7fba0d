import Access
import Kit

/// An account's own pages: password, second factor, sessions.
package enum OwnAccountRoutes {
    package static func add(to routes: Routes<SignedIn>, _ entrance: Entrance) {
        let database = entrance.database
        @Sendable func own(_ signedIn: SignedIn) async throws -> OwnAccount { try await database.read { try OwnAccount(signedIn, entrance.singleSignOn, in: $0) } }

        routes.get("/account") { request, signedIn in
            .page(OwnAccountPages.account(signedIn, try await own(signedIn), FilledForm(), done: request.query["done"]))
        }
        routes.post("/account") { form, _, signedIn in
            try await FilledForm.answer(form, field: field, again: { OwnAccountPages.account(signedIn, try await own(signedIn), $0) }) {
                try await entrance.proveAgain(signedIn, password: form.fields["current"] ?? "", code: nil)
                try await entrance.changePassword(of: signedIn, to: form.fields["new"] ?? "", again: form.fields["again"] ?? "")
                return .redirect("/account?done=password")
            }
        }

        routes.post("/account/sessions/end") { _, _, signedIn in
            try await database.write(signedIn.act("session.end")) { try SessionStore.endSessions(of: signedIn.account.id, keeping: signedIn.session, in: $0) }
            return .redirect("/account?done=sessions")
        }
        routes.post("/account/sessions/:session/end") { _, request, signedIn in
            let number = try request.id("session")
            try await database.write(signedIn.act("session.end")) { db in
                guard try SessionStore.end(number, of: signedIn.account.id, in: db) else { throw WebProblem.missing }
            }
            return .redirect("/account?done=session")
        }

        routes.get("/account/factor") { _, signedIn in .page(OwnAccountPages.factor(signedIn, try await own(signedIn), FilledForm())) }
        routes.post("/account/factor") { form, request, signedIn in
            try await FilledForm.answer(form, field: field, again: { OwnAccountPages.factor(signedIn, try await own(signedIn), $0) }) {
                guard let deed = FactorDeed(rawValue: form.text("deed")) else { throw Refusal("factor.deed", "请选择要做什么。") }
                try await entrance.proveAgain(signedIn, password: form.fields["current"] ?? "", code: form.text("code"))
                switch deed {
                case .replace:
                    return SignInRoutes.reply(.step(.enrol, try await entrance.beginFactor(signedIn)), request)
                case .recovery:
                    guard try await own(signedIn).factorSince != nil else { throw Refusal("factor.none", "还没有验证器，所以没有恢复码。请先设置验证器。") }
                    return .page(OwnAccountPages.recovery(try await entrance.renewRecovery(signedIn), signedIn))
                case .remove:
                    try await entrance.removeFactor(signedIn)
                    return .redirect("/account?done=factor")
                }
            }
        }
    }

    /// Beside which field a refusal stands.
    @Sendable private static func field(_ refusal: Refusal) -> String {
        switch refusal.name {
        case "password.current", "signIn.wait": "current"
        case "password.short", "password.long", "password.common", "password.name": "new"
        case "password.again": "again"
        case "factor.wrong": "code"
        case "factor.deed", "factor.needed": "deed"
        default: ""
        }
    }
}
