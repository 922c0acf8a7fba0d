@testable import Access
@testable import Accounts
@testable import App
import Foundation
@testable import Kit
import TestBench
import Testing

/// The installation of these stories and the way a browser takes through its provider.
enum Signing {
    static func on(_ issuer: String, port: Int, claim: String? = nil, strong: Set<String> = [], seconds: Int = 600) throws -> SingleSignOn {
        let client = try OpenIDClient(issuer: issuer, id: "yugong", secret: "s3cret:/ ", redirect: "http://127.0.0.1:\(port)" + SingleSignOn.path)
        return SingleSignOn(name: "衡溪统一身份", provider: try IdentityProvider(client, answerSeconds: seconds), staffNumberClaim: claim, strong: strong)
    }

    /// What the address of the provider asks, after the button was pressed.
    static func begin(_ browser: Browser, to: String = "") async throws -> Fields {
        _ = try await browser.get("/sign-in")
        return asked(try await browser.post(SingleSignOn.path, [("to", to)]))
    }

    static func asked(_ answer: Browser.Answer) -> Fields {
        let address = answer.header("Refresh")?.split(separator: "=", maxSplits: 1).last.map(String.init) ?? ""
        return Fields(encoded: address.split(separator: "?", maxSplits: 1).last ?? "")
    }

    /// Back from the provider with a code.
    static func back(_ browser: Browser, _ asked: Fields, code: String? = nil, state: String? = nil, more: [(String, String)] = []) async throws -> Browser.Answer {
        try await browser.get(SingleSignOn.path + "?" + Fields([("code", code ?? asked["nonce"] ?? ""), ("state", state ?? asked["state"] ?? "")] + more).encoded)
    }

    static func account(_ app: App, _ name: String, bound subject: String? = nil, at issuer: String = "", person: Int64? = nil) async throws -> Int64 {
        try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add(name, displayName: name, hash: try PasswordHashing.hashNow("right password", .least), personID: person, in: db)
            if let subject { try IdentityStore.bind(subject, at: issuer, to: id, app.numbers, in: db) }
            return id
        }
    }

    static func reasons(_ app: App) async throws -> [String] {
        try await app.database.read { db in try db.rows(SQL("SELECT why FROM act WHERE kind = 'session.refused' ORDER BY id")) { $0.text(0) } }
    }

    static func forgetFailures(_ app: App) async throws {
        try await app.database.write(Bench.act) { db in _ = try db.run("DELETE FROM sign_in_attempt") }
    }
}

@Suite("Single sign-on against a provider that lies", .serialized, .ownThreads)
struct ProviderStories {
    /// One lie each: what the provider does, where it leads, what stands on record.
    struct Lie: Sendable, CustomTestStringConvertible {
        let name: String, refusal: SignOnRefusal, problem: OpenIDProblem
        let behave: @Sendable (inout HostileProvider.Behaviour) -> Void
        init(_ name: String, _ refusal: SignOnRefusal, _ problem: OpenIDProblem, _ behave: @escaping @Sendable (inout HostileProvider.Behaviour) -> Void) {
            (self.name, self.refusal, self.problem, self.behave) = (name, refusal, problem, behave)
        }
        var testDescription: String { name }
    }

    static let lies: [Lie] = [
        Lie("another nonce", .doubtful, .nonce) { $0.claims["nonce"] = .text("another") },
        Lie("no nonce", .doubtful, .nonce) { $0.claims["nonce"] = .some(nil) },
        Lie("for another application", .doubtful, .audience) { $0.claims["aud"] = .text("another") },
        Lie("for several without saying for whom", .doubtful, .audience) { $0.claims["aud"] = .list([.text("yugong"), .text("another")]) },
        Lie("for several, given to another", .doubtful, .audience) { $0.claims["aud"] = .list([.text("yugong"), .text("another")]); $0.claims["azp"] = .text("another") },
        Lie("expired", .doubtful, .expired) { $0.claims["exp"] = .number(Double(Clock.nowMilliseconds / 1000) - 200) },
        Lie("of tomorrow", .doubtful, .early) { $0.claims["iat"] = .number(Double(Clock.nowMilliseconds / 1000) + 86_400) },
        Lie("not valid yet", .doubtful, .early) { $0.claims["nbf"] = .number(Double(Clock.nowMilliseconds / 1000) + 86_400) },
        Lie("made an hour ago", .doubtful, .stale) { $0.claims["iat"] = .number(Double(Clock.nowMilliseconds / 1000) - 3600) },
        Lie("without an end", .doubtful, .malformed) { $0.claims["exp"] = .some(nil) },
        Lie("ending beyond all numbers", .doubtful, .malformed) { $0.claims["exp"] = .number(1e300) },
        Lie("of another issuer", .doubtful, .issuer) { $0.claims["iss"] = .text("https://evil.example") },
        Lie("without a subject", .doubtful, .subject) { $0.claims["sub"] = .text("") },
        Lie("beside another access token", .doubtful, .accessToken) { $0.claims["at_hash"] = .text(String(repeating: "A", count: 22)) },
        Lie("unsigned", .doubtful, .algorithm) { $0.signature = .none },
        Lie("signed with the public key as a secret", .doubtful, .algorithm) { $0.signature = .publicKeyAsSecret },
        Lie("signed by a stranger under a known name", .doubtful, .signature) { $0.signature = .stranger },
        Lie("signed by a key nobody publishes", .doubtful, .key) { $0.signature = .unknownKey },
        Lie("demanding what nobody knows", .doubtful, .malformed) { $0.signature = .critical },
        Lie("no token", .doubtful, .malformed) { $0.answer = .text("{\"access_token\":\"a\"}") },
        Lie("words", .doubtful, .malformed) { $0.answer = .text("<html>") },
        Lie("a code refused", .failed, .code) { $0.answer = .status(400) },
        Lie("a secret refused", .setup, .client) { $0.answer = .status(401) },
        Lie("a broken provider", .unreachable, .unreachable) { $0.answer = .status(500) },
        Lie("leading elsewhere", .unreachable, .unreachable) { $0.answer = .status(302) },
        Lie("without end in size", .unreachable, .tooLarge) { $0.answer = .huge },
    ]

    static let liesOfTime: [Lie] = [
        Lie("late", .unreachable, .unreachable) { $0.answer = .late },
        Lie("byte by byte", .unreachable, .unreachable) { $0.answer = .dripping },
    ]

    /// The second: how long the provider is waited for. Only where that is what it lies about is it short.
    @Test("Each lie leads back to the sign-in page with a sentence, opens nothing, and is on record", arguments: [(lies, 600), (liesOfTime, 3)])
    func leads(told: [Lie], seconds: Int) async throws {
        let provider = HostileProvider(port: try freePort()), port = try freePort()
        let signOn = try Signing.on(provider.issuer, port: port, seconds: seconds)
        try await provider.serving {
            try await servedOnBothEngines(at: Listening(host: "127.0.0.1", port: port), singleSignOn: signOn) { app, port in
                _ = try await Signing.account(app, "ouyang", bound: "subject-1", at: provider.issuer)
                for lie in told {
                    try await Signing.forgetFailures(app)
                    provider.behave(lie.behave)
                    let browser = Browser(port: port)
                    let answer = try await Signing.back(browser, try await Signing.begin(browser))
                    #expect(answer.status == 303 && answer.location == "/sign-in?provider=\(lie.refusal.rawValue)", "\(lie.name): \(answer.location ?? "")")
                    #expect(await browser.cookie("yugong") == nil, "\(lie.name)")
                    #expect(try await Signing.reasons(app).last == "统一身份登录：\(lie.problem.word)", "\(lie.name)")
                    let page = try await browser.get(answer.location ?? "")
                    #expect(page.body.contains(lie.refusal.sentence("衡溪统一身份")), "\(lie.name)")
                }
                guard seconds > 60 else { return }
                provider.behave()
                let browser = Browser(port: port)
                try await Signing.forgetFailures(app)
                #expect(try await Signing.back(browser, try await Signing.begin(browser, to: "/notices")).location == "/notices", "the truth is believed")
                #expect(try await browser.get("/account").status == 200)
            }
        }
    }

    @Test("The provider is asked with the secret, the verifier of the challenge and the fixed way back")
    func asked() async throws {
        let provider = HostileProvider(port: try freePort()), port = try freePort()
        let signOn = try Signing.on(provider.issuer, port: port)
        try await provider.serving {
            try await servedOnBothEngines(at: Listening(host: "127.0.0.1", port: port), singleSignOn: signOn) { app, port in
                _ = try await Signing.account(app, "ouyang", bound: "subject-1", at: provider.issuer)
                let browser = Browser(port: port)
                _ = try await browser.get("/sign-in")
                let page = try await browser.post(SingleSignOn.path, [("to", "//evil.example")])
                #expect(page.status == 200 && page.header("Refresh")?.hasPrefix("0; url=\(provider.issuer)/authorize?tenant=1&response_type=code&") == true)
                #expect(page.body.contains("正在前往“衡溪统一身份”"))
                let asked = Signing.asked(page)
                #expect(asked["code_challenge_method"] == "S256" && asked["redirect_uri"] == "http://127.0.0.1:\(port)/sign-in/provider" && asked["scope"] == "openid")
                #expect(try await Signing.back(browser, asked).location == "/", "to a page of ours alone")
                let told = provider.seen
                #expect(Secrets.text(of: Secrets.fingerprint(told.token["code_verifier"] ?? "")) == asked["code_challenge"])
                #expect(told.token["redirect_uri"] == asked["redirect_uri"] && told.token["client_secret"] == nil)
                #expect(told.authorization == "Basic " + Data("yugong:s3cret%3A%2F%20".utf8).base64EncodedString())
            }
        }
    }

    @Test("A way back belongs to the browser that began it, is taken once, and not for long")
    func bound() async throws {
        let provider = HostileProvider(port: try freePort()), port = try freePort()
        let signOn = try Signing.on(provider.issuer, port: port)
        try await provider.serving {
            try await servedOnBothEngines(at: Listening(host: "127.0.0.1", port: port), singleSignOn: signOn) { app, port in
                _ = try await Signing.account(app, "ouyang", bound: "subject-1", at: provider.issuer)
                let over = "/sign-in?provider=over"
                let browser = Browser(port: port), other = Browser(port: port)
                #expect(try await Signing.back(browser, Fields()).location == over, "never begun")
                let asked = try await Signing.begin(browser), foreign = try await Signing.begin(other)
                #expect(try await Signing.back(other, asked).location == over, "begun in another browser")
                #expect(try await Signing.back(browser, asked, state: foreign["state"]).location == over, "with another's state")
                let again = try await Signing.begin(browser), kept = await browser.cookie("yugong-provider") ?? ""
                #expect(try await Signing.back(browser, again).location == "/")
                let thief = Browser(port: port)
                await thief.setCookie("yugong-provider", kept)
                #expect(try await Signing.back(thief, again).location == over, "the same once more")
                #expect(await thief.cookie("yugong") == nil)
                let changed = Browser(port: port)
                await changed.setCookie("yugong-provider", String(kept.dropLast()) + (kept.hasSuffix("A") ? "B" : "A"))
                #expect(try await Signing.back(changed, again).location == over, "a cookie of one's own make")
                #expect(try await app.database.read { try $0.count(SQL("SELECT count(*) FROM provider_return")) } == 1, "only what was ours leaves a trace")
                // No token of the form: not from our page.
                #expect(try await browser.post(SingleSignOn.path, token: "").status == 403)
            }
            let now = Clock.nowMilliseconds, flow = ProviderFlow(target: "", began: now), secrets = AccountSecrets(key: .random())
            #expect(throws: OpenIDProblem.state) { try ProviderFlow.opened(flow.sealed(secrets), state: flow.state, secrets, now: now + ProviderFlow.patience) }
            #expect(try ProviderFlow.opened(flow.sealed(secrets), state: flow.state, secrets, now: now + ProviderFlow.patience - 1) == flow)
        }
    }

    @Test("What the provider itself refuses is said, and who else sends somebody is not believed")
    func refused() async throws {
        let provider = HostileProvider(port: try freePort()), port = try freePort()
        let signOn = try Signing.on(provider.issuer, port: port)
        try await provider.serving {
            try await servedOnBothEngines(at: Listening(host: "127.0.0.1", port: port), singleSignOn: signOn) { app, port in
                _ = try await Signing.account(app, "ouyang", bound: "subject-1", at: provider.issuer)
                for (more, refusal) in [
                    ([("error", "access_denied")], SignOnRefusal.denied), ([("error", "server_error")], .failed), ([("iss", "https://evil.example")], .doubtful),
                ] {
                    let browser = Browser(port: port)
                    #expect(try await Signing.back(browser, try await Signing.begin(browser), more: more).location == "/sign-in?provider=\(refusal.rawValue)")
                }
                let browser = Browser(port: port)
                #expect(try await Signing.back(browser, try await Signing.begin(browser), more: [("iss", provider.issuer)]).location == "/")
                #expect(try await Browser(port: port).get("/sign-in?provider=<script>").body.contains("<script>") == false)
            }
        }
    }

    @Test("New keys are fetched when a token names one, and not for every token that names none of them")
    func keys() async throws {
        let provider = HostileProvider(port: try freePort()), port = try freePort()
        try await provider.serving {
            // Not kept from one engine to the next.
            let signOn = try Signing.on(provider.issuer, port: port)
            try await servedOnBothEngines(at: Listening(host: "127.0.0.1", port: port), singleSignOn: signOn) { app, port in
                _ = try await Signing.account(app, "ouyang", bound: "subject-1", at: provider.issuer)
                func comes() async throws -> String? {
                    let browser = Browser(port: port)
                    return try await Signing.back(browser, try await Signing.begin(browser)).location
                }
                provider.behave()
                #expect(try await comes() == "/")
                let documents = provider.seen.documents, keys = provider.seen.keys
                #expect(try await comes() == "/")
                #expect(provider.seen.documents == documents && provider.seen.keys == keys, "both are kept")
            }
            let patient = try IdentityProvider(signOn.provider.client), now = Clock.nowMilliseconds
            func redeem(at now: Int64) async throws -> String { try await patient.redeem(code: "n", verifier: "v", nonce: "n", now: now).subject }
            #expect(try await redeem(at: now) == "subject-1")
            provider.rotate(to: "second")
            let before = provider.seen.keys
            #expect(try await redeem(at: now) == "subject-1")
            #expect(provider.seen.keys == before + 1, "a key that is new is asked for")
            provider.behave { $0.signature = .unknownKey }
            for _ in 0..<5 { await #expect(throws: OpenIDProblem.key) { try await redeem(at: now) } }
            #expect(provider.seen.keys == before + 1, "but not again within a minute")
            await #expect(throws: OpenIDProblem.key) { try await redeem(at: now + IdentityProvider.keyPause) }
            #expect(provider.seen.keys == before + 2)
        }
    }

    @Test("A provider that is away, or describes itself wrongly, is said to be so; what it once said holds for a day")
    func away() async throws {
        let provider = HostileProvider(port: try freePort()), port = try freePort()
        let signOn = try Signing.on(provider.issuer, port: port), now = Clock.nowMilliseconds
        try await servedOnBothEngines(at: Listening(host: "127.0.0.1", port: port), singleSignOn: signOn) { _, port in
            let browser = Browser(port: port)
            _ = try await browser.get("/sign-in")
            #expect(try await browser.post(SingleSignOn.path).location == "/sign-in?provider=unreachable", "nobody there")
        }
        try await provider.serving {
            let lies: [[String: String?]] = [
                ["issuer": "https://evil.example"], ["issuer": provider.issuer + "/"], ["token_endpoint": nil], ["jwks_uri": "http://keys.example/jwks"],
                ["authorization_endpoint": "javascript:alert(1)"], ["token_endpoint": "https://user@evil.example/"],
            ]
            for document in lies {
                provider.behave { $0.document = document }
                let fresh = try IdentityProvider(signOn.provider.client)
                await #expect(throws: OpenIDProblem.document, "\(document)") { try await fresh.address(state: "s", nonce: "n", challenge: "c", now: now) }
            }
            provider.behave()
            // One that failed is let alone for a moment, however many press the button.
            provider.behave { $0.isDown = true }
            let failing = try IdentityProvider(signOn.provider.client), before = provider.seen.documents
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        await #expect(throws: OpenIDProblem.unreachable) { try await failing.address(state: "s", nonce: "n", challenge: "c", now: now) }
                    }
                }
            }
            #expect(provider.seen.documents == before + 1)
            provider.behave()
            _ = try await failing.address(state: "s", nonce: "n", challenge: "c", now: now + IdentityProvider.failurePause)
            let known = try IdentityProvider(signOn.provider.client)
            func asks(at moment: Int64) async throws { _ = try await known.address(state: "s", nonce: "n", challenge: "c", now: moment) }
            try await asks(at: now)
            provider.behave { $0.isDown = true }
            try await asks(at: now + IdentityProvider.freshness + 1)
            await #expect(throws: OpenIDProblem.unreachable) { try await asks(at: now + IdentityProvider.patience) }
        }
    }
}
