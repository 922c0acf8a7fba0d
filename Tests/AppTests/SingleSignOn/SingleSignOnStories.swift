@testable import Access
@testable import Accounts
@testable import App
import AsyncHTTPClient
import Foundation
import Kit
@testable import Register
import TestBench
import Testing
import World

@Suite("Single sign-on against oidc-provider-mock", .serialized, .ownThreads)
struct SingleSignOnStories {
    /// The real provider, started for one story: `.venv/bin/oidc-provider-mock`.
    struct Mock: Sendable {
        let issuer: String
        let port: Int

        static func serving(_ body: @escaping @Sendable (Mock) async throws -> Void) async throws {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
            let port = try freePort(), process = Process()
            process.executableURL = URL(fileURLWithPath: root + "/.venv/bin/python")
            process.arguments = ["-m", "oidc_provider_mock", "--port", "\(port)", "--require-nonce", "true"]
            (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
            try process.run()
            defer {
                // Asked politely it waits for connections that nobody closes.
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
            try await eventually { (try? await Browser(port: port).get("/")) != nil }
            try await body(Mock(issuer: "http://127.0.0.1:\(port)", port: port))
        }

        /// What the provider says of somebody besides the subject.
        func know(_ subject: String, _ claims: [String: Any] = [:]) async throws {
            var request = HTTPClientRequest(url: "\(issuer)/users/\(subject)")
            request.method = .PUT
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(try JSONSerialization.data(withJSONObject: claims))
            #expect(try await HTTPClient.shared.execute(request, timeout: .minutes(10)).status == .noContent)
        }

        /// Signs in at the provider and gives the path it sends the browser back to.
        func visit(_ asked: Fields, as subject: String?) async throws -> String {
            let answer = try await Browser(port: port).post("/oauth2/authorize?\(asked.encoded)", [subject.map { ("sub", $0) } ?? ("action", "deny")])
            let back = URLComponents(string: answer.location ?? "")
            return (back?.path ?? "") + "?" + (back?.percentEncodedQuery ?? "")
        }
    }

    /// A served installation with the people of 衡溪 and this provider.
    static func served(claim: String? = nil, strong: Set<String> = [], _ body: @escaping @Sendable (App, Int, Mock) async throws -> Void) async throws {
        try await Mock.serving { mock in
            let port = try freePort(), signOn = try Signing.on(mock.issuer, port: port, claim: claim, strong: strong)
            try await servedOnBothEngines(at: Listening(host: "127.0.0.1", port: port), singleSignOn: signOn) { app, port in try await body(app, port, mock) }
        }
    }

    static func comes(_ browser: Browser, _ mock: Mock, as subject: String?, to: String = "") async throws -> Browser.Answer {
        try await browser.get(try await mock.visit(try await Signing.begin(browser, to: to), as: subject))
    }

    @Test("An owner binds an identity with the password, signs in by it, and ends it")
    func binds() async throws {
        try await Self.served { app, port, mock in
            let id = try await Signing.account(app, "ouyang"), browser = Browser(port: port)
            #expect(try await browser.get("/sign-in").body.contains("用衡溪统一身份登录"))
            let stranger = try await Self.comes(Browser(port: port), mock, as: "o-1")
            #expect(stranger.location == "/sign-in?provider=unknown")
            try await browser.signIn("ouyang", "right password")
            #expect(try await browser.get("/account").body.contains("绑定统一身份"))
            #expect(try await browser.get("/account/identity").body.contains("还没有绑定"))
            let wrong = try await browser.post("/account/identity", [("current", "wrong")])
            #expect(wrong.status == 422 && wrong.body.contains("现在的密码不对，没有更改"))
            let asked = Signing.asked(try await browser.post("/account/identity", [("current", "right password")]))
            #expect(asked["prompt"] == "login", "nobody else's session there is taken")
            let way = try await mock.visit(asked, as: "o-1")
            // Another browser, or one that has signed out meanwhile, binds nothing.
            #expect(try await Browser(port: port).get(way).location == "/sign-in?provider=over")
            #expect(try await browser.get(way).location == "/account/identity?done=bound")
            let page = try await browser.get("/account/identity?done=bound")
            #expect(page.body.contains("已经绑定") && page.body.contains("起绑定“衡溪统一身份”"))
            #expect(try await browser.get("/account").body.contains("解除绑定"))
            #expect(try await browser.get("/notices").body.contains("绑定了一个“衡溪统一身份”的身份"))

            let phone = Browser(port: port)
            #expect(try await Self.comes(phone, mock, as: "o-1", to: "/account?x=1").location == "/account?x=1")
            #expect(try await phone.get("/account").status == 200)
            let proof = try await app.database.read { try $0.rows(SQL("SELECT proof, is_strong FROM session WHERE account_id = \(id) ORDER BY created_ms DESC, number DESC")) { ($0.text(0), $0.bool(1)) }.first }
            #expect(proof?.0 == "provider" && proof?.1 == false)

            // Somebody else's account cannot take the same identity.
            _ = try await Signing.account(app, "zhao")
            let second = Browser(port: port)
            try await second.signIn("zhao", "right password")
            _ = try await second.get("/account/identity")
            let taken = try await second.get(try await mock.visit(Signing.asked(try await second.post("/account/identity", [("current", "right password")])), as: "o-1"))
            #expect(taken.location == "/account/identity?provider=taken")
            #expect(try await second.get("/account/identity?provider=taken").body.contains("已经绑定了别的账号"))

            _ = try await browser.get("/account/identity")
            #expect(try await browser.post("/account/identity/remove", [("current", "right password")]).location == "/account/identity?done=ended")
            #expect(try await Self.comes(Browser(port: port), mock, as: "o-1").location == "/sign-in?provider=unknown")
            let stored = try await app.database.read { try $0.rows(SQL("SELECT why FROM act")) { $0.text(0) } + $0.rows(SQL("SELECT coalesce(after_image, before_image) FROM act_change")) { $0.text(0) } }
            #expect(!stored.contains { $0.contains("o-1") }, "what the provider calls somebody is not in the log")
        }
    }

    @Test("Cancelling at the provider is said in a sentence")
    func denied() async throws {
        try await Self.served { _, port, mock in
            let browser = Browser(port: port)
            let answer = try await Self.comes(browser, mock, as: nil)
            // This provider sends no state along with a refusal, so nobody can tell whose it is.
            #expect(["/sign-in?provider=denied", "/sign-in?provider=over"].contains(answer.location))
        }
    }

    @Test("By the staff number a first sign-in finds the one account in use of that person, where that is turned on")
    func staffNumber() async throws {
        try await Self.served(claim: "employee") { app, port, mock in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let liu = try #require(named.people["刘芳"]), wu = try #require(named.people["吴静"])
            let codes = try await app.database.read { db in (try RosterStore.person(liu, in: db)?.code ?? "", try RosterStore.person(wu, in: db)?.code ?? "") }
            let account = try await Signing.account(app, "liufang", person: liu)
            for name in ["wujing-1", "wujing-2"] { _ = try await Signing.account(app, name, person: wu) }
            try await mock.know("liu", ["employee": codes.0])
            try await mock.know("wu", ["employee": codes.1])
            try await mock.know("eve", ["employee": codes.0])
            try await mock.know("nobody", ["email": "liufang@example.cn", "employee": "no such number"])
            #expect(try await Self.comes(Browser(port: port), mock, as: "nobody").location == "/sign-in?provider=unknown", "an e-mail address names nobody")
            #expect(try await Self.comes(Browser(port: port), mock, as: "wu").location == "/sign-in?provider=unknown", "two accounts: neither is meant")
            // Officers keep staff numbers: one who writes his own into the file of somebody with duties gains nothing.
            let duty = try await app.database.write(Bench.act) { db in
                try GrantStore.give(Grant(role: .leader, organizationID: try #require(named.units["HX"]), from: .always, to: .open), to: account, in: db)
            }
            #expect(try await Self.comes(Browser(port: port), mock, as: "liu").location == "/sign-in?provider=unknown", "with duties the owner binds")
            try await app.database.write(Bench.act) { db in try GrantStore.end(duty, on: Day(iso: "2024-01-01")!, in: db) }
            // Nor does one who writes it into the file of a learner whose account is older than that.
            let huang = try #require(named.people["黄磊"])
            _ = try await Signing.account(app, "huanglei", person: huang)
            try await app.database.write(Bench.act) { db in
                let old = try #require(try RosterStore.person(huang, in: db))
                let facts = PersonFacts(code: "EVE-1", name: old.name, idNumber: try RosterStore.idNumber(of: old, numbers: app.numbers), gender: old.gender)
                try RosterStore.correct(huang, to: facts, numbers: app.numbers, in: db)
            }
            try await mock.know("eve-1", ["employee": "EVE-1"])
            #expect(try await Self.comes(Browser(port: port), mock, as: "eve-1").location == "/sign-in?provider=unknown", "a number written later binds nothing")
            let browser = Browser(port: port)
            #expect(try await Self.comes(browser, mock, as: "liu", to: "/me").location == "/me")
            #expect(try await browser.get("/me").body.contains("刘芳"))
            #expect(try await Self.comes(Browser(port: port), mock, as: "eve").location == "/sign-in?provider=unknown", "a second identity with the same number takes nothing over")
            try await app.database.write(Bench.act) { db in _ = try db.run("UPDATE account SET state = 'locked' WHERE id = \(account)") }
            #expect(try await Self.comes(Browser(port: port), mock, as: "liu").location == "/sign-in?provider=locked")
            #expect(try await Signing.reasons(app).last == "账号已锁定，账号 liufang")
            let bound = try await app.database.read { try $0.rows(SQL("SELECT why FROM act WHERE kind = 'identity.bind'")) { $0.text(0) } }
            #expect(bound == ["按人员编号"])
        }
    }

    @Test("Who owes a second factor owes it after single sign-on too, unless the provider's word counts for it")
    func factor() async throws {
        for (strong, location) in [([], "/sign-in/enrol"), (["mfa"], "/")] as [(Set<String>, String)] {
            try await Self.served(strong: strong) { app, port, mock in
                _ = try SignInStories.officer(app)
                try await app.database.write(Bench.act) { db in
                    let account = try #require(try AccountStore.account(named: "ouyang", in: db))
                    try IdentityStore.bind("o-1", at: mock.issuer, to: account.id, app.numbers, in: db)
                }
                try await mock.know("o-1", ["amr": ["pwd", "mfa"]])
                let browser = Browser(port: port)
                #expect(try await Self.comes(browser, mock, as: "o-1").location == location)
                #expect(try await browser.get("/account").status == (location == "/" ? 200 : 303))
                try await mock.know("o-1", ["amr": ["pwd"]])
                #expect(try await Self.comes(Browser(port: port), mock, as: "o-1").location == "/sign-in/enrol", "a password alone never counts")
            }
        }
    }
}
