import Access
import Kit

/// 激活账号、重设密码: for whoever holds a slip.
package enum SlipRoutes {
    package static func add(to routes: Routes<Visitor>, _ entrance: Entrance, assets: AssetLinks) {
        routes.get("/activate") { request, visitor in
            let reply = Reply.document(SlipPages.present(number: "", code: "", problem: nil, token: visitor.token, assets: assets))
            return visitor.newSecret.map { reply.setting(Cookie(SignInRoutes.visitorCookie, $0, isSecure: request.isSecure)) } ?? reply
        }
        routes.post("/activate") { form, request, visitor in
            let number = form.text("number"), code = form.text("code")
            do {
                return SignInRoutes.reply(try await entrance.present(number, code, at: SignInPlace(request), now: request.now), request)
            } catch let refusal as Refusal where !refusal.name.hasPrefix("database.") {
                let page = SlipPages.present(number: number, code: code, problem: refusal.sentence, token: visitor.token, assets: assets)
                return .document(page, status: refusal.name == "signIn.wait" ? 429 : 422)
            }
        }
    }

    /// The step in which name and password are chosen.
    package static func add(to routes: Routes<SignInStep>, _ entrance: Entrance, assets: AssetLinks) {
        @Sendable func page(_ step: SignInStep, _ form: FilledForm) async throws -> HTML {
            let suggestion = form.isRefused ? "" : try await entrance.database.read { try entrance.suggestion(for: step.account, in: $0) }
            return SlipPages.set(step, suggestion: suggestion, form, assets: assets)
        }
        routes.get(SignInStep.Kind.set.path) { _, step in .document(try await page(step, FilledForm())) }
        routes.post(SignInStep.Kind.set.path) { form, request, step in
            let password = form.fields["password"] ?? ""
            do {
                guard password == form.fields["again"] else { throw Refusal("again", "两遍密码不一样，还没有保存。请重新输入。") }
                let former = request.cookies[SignInRoutes.sessionCookie].map(Secrets.fingerprint)
                return SignInRoutes.reply(try await entrance.set(name: form.text("name"), password: password, on: step, former: former), request)
            } catch let refusal as Refusal where !refusal.name.hasPrefix("database.") {
                let field = refusal.name == "again" ? "again" : refusal.name.hasPrefix("password.") ? "password" : ["account.locked", "slip.over", "slip.maker"].contains(refusal.name) ? "" : "name"
                return .document(try await page(step, FilledForm(form, field: field, sentence: refusal.sentence)), status: 422)
            }
        }
    }
}
