@testable import Access
@testable import Accounts
@testable import App
import Foundation
import Kit
import TestBench
import Testing

@Suite("The second factor, over HTTP", .ownThreads)
struct FactorStories {
    /// Somebody with name and password who stands before the second step.
    static func afterPassword(_ port: Int, _ password: String, name: String = "ouyang") async throws -> (Browser, Browser.Answer) {
        let browser = Browser(port: port)
        _ = try await browser.get("/sign-in")
        return (browser, try await browser.post("/sign-in", [("name", name), ("password", password)]))
    }

    /// The secret that the page shows, and the page.
    static func secret(on page: Browser.Answer) throws -> TimeCode.Secret {
        let text = try #require(page.body.firstMatch(of: #/<code class="secret">([A-Z2-7 ]+)</#)).1
        return try #require(TimeCode.Secret(text: String(text)))
    }

    static func codes(on page: Browser.Answer) -> [String] { page.body.matches(of: #/<code>([A-Z]{5}-[A-Z]{5})</#).map { String($0.1) } }

    /// Sets up an authenticator at the first sign-in: the browser, signed in, the phone, and the recovery codes.
    static func enrolled(_ port: Int, _ password: String) async throws -> (Browser, Phone, [String]) {
        let (browser, answer) = try await afterPassword(port, password)
        #expect(answer.location == "/sign-in/enrol")
        let page = try await browser.get("/sign-in/enrol"), phone = Phone(secret: try secret(on: page))
        let saved = try await browser.post("/sign-in/enrol", [("code", try #require(phone.code(at: page.now)))])
        #expect(try await browser.post("/sign-in/saved").location == "/")
        return (browser, phone, codes(on: saved))
    }

    static func unreadMessages(_ app: App, _ kind: String) async throws -> Int64 {
        try await app.database.read { try $0.count(SQL("SELECT count(*) FROM message WHERE kind = \(kind)")) }
    }

    static func learner(_ app: App, _ name: String = "liufang") async throws -> String {
        let password = Secrets.password(), hash = try PasswordHashing.hashNow(password, .least)
        try await app.database.write(Bench.act) { _ = try AccountStore.add(name, displayName: "刘芳", hash: hash, in: $0) }
        return password
    }

    @Test("An officer sets up an authenticator at the first sign-in, reaches nothing before, and types its code ever after")
    func first() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), (browser, answer) = try await Self.afterPassword(port, password)
            #expect(answer.location == "/sign-in/enrol")
            #expect(await browser.cookie("yugong") == nil, "no session yet")
            for path in ["/", "/people", "/account", "/figures"] { #expect(try await browser.get(path).location?.hasPrefix("/sign-in") == true) }
            #expect(try await browser.get("/sign-in/code").location == "/sign-in/enrol", "only the step that is owed")
            let page = try await browser.get("/sign-in/enrol")
            #expect(page.body.contains("<svg class=\"qr\"") && page.body.contains("otpauth://totp/"))
            let phone = Phone(secret: try Self.secret(on: page))
            let wrong = try await browser.post("/sign-in/enrol", [("code", "000000")])
            #expect(wrong.status == 422 && wrong.body.contains("验证码不对"))
            #expect(try Self.secret(on: wrong) == Self.secret(on: page), "the code scanned before is still the one")
            let saved = try await browser.post("/sign-in/enrol", [("code", try #require(phone.code(at: page.now)))])
            #expect(Self.codes(on: saved).count == 10)
            #expect(await browser.cookie("yugong") == nil)
            let again = try await browser.get("/sign-in/saved")
            #expect(Self.codes(on: again).isEmpty && again.body.contains("只显示一次"))
            #expect(try await browser.post("/sign-in/saved").location == "/")
            #expect(try await browser.get("/people").status == 200)
            let (second, asked) = try await Self.afterPassword(port, password)
            #expect(asked.location == "/sign-in/code")
            #expect(try await second.get("/people").location?.hasPrefix("/sign-in") == true)
            let code = try #require(phone.code(at: try await second.get("/sign-in/code").now))
            #expect(try await second.post("/sign-in/code", [("code", code)]).location == "/")
            #expect(try await second.get("/people").status == 200)
        }
    }

    @Test("No code opens twice, a recovery code opens once and says how many are left")
    func once() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), (_, phone, recovery) = try await Self.enrolled(port, password)
            let (browser, _) = try await Self.afterPassword(port, password), (thief, _) = try await Self.afterPassword(port, password)
            let page = try await browser.get("/sign-in/code")
            _ = try await thief.get("/sign-in/code")
            let code = try #require(phone.code(at: page.now))
            #expect(try await browser.post("/sign-in/code", [("code", code)]).location == "/")
            #expect(try await thief.post("/sign-in/code", [("code", code)]).status == 422, "seen over the shoulder")
            #expect(try await thief.post("/sign-in/code", [("recovery", recovery[3].lowercased())]).location == "/")
            let (third, _) = try await Self.afterPassword(port, password)
            _ = try await third.get("/sign-in/code")
            let used = try await third.post("/sign-in/code", [("recovery", recovery[3])])
            #expect(used.status == 422 && used.body.contains("恢复码不对"))
            #expect(try await browser.get("/account").body.contains("还有 9 个"))
            #expect(try await browser.get("/notices").body.contains("还剩 9 个"))
        }
    }

    @Test("Two who type the same code at the same moment: one gets in")
    func race() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), (_, phone, recovery) = try await Self.enrolled(port, password)
            for typed in ["code", "recovery"] {
                var doors: [Browser] = [], now: Int64 = 0
                for _ in 0..<4 {
                    let (browser, _) = try await Self.afterPassword(port, password)
                    now = try await browser.get("/sign-in/code").now
                    doors.append(browser)
                }
                let value = typed == "code" ? try #require(phone.code(at: now)) : recovery[0]
                let opened = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for door in doors { group.addTask { try await door.post("/sign-in/code", [(typed, value)]).location == "/" } }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(opened == 1, "\(typed)")
                try await app.database.write(Bench.act) { db in _ = try db.run("DELETE FROM sign_in_attempt") }
            }
        }
    }

    @Test("Five wrong codes end the sign-in, tell the owner, and whoever goes on must wait")
    func guessed() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), (owner, _, _) = try await Self.enrolled(port, password)
            let (guesser, _) = try await Self.afterPassword(port, password)
            _ = try await guesser.get("/sign-in/code")
            for _ in 0..<4 { #expect(try await guesser.post("/sign-in/code", [("code", "000000")]).status == 422) }
            #expect(try await guesser.post("/sign-in/code", [("code", "000000")]).location == "/sign-in?over=1")
            #expect(try await guesser.get("/sign-in?over=1").body.contains("请从头再来"))
            #expect(try await Self.unreadMessages(app, "session.codes") == 1)
            #expect(try await owner.get("/notices").body.contains("有人凭您的密码过了第一步"))
            try await app.database.write(Bench.act) { db in _ = try db.run("UPDATE sign_in_attempt SET failures = 14, last_ms = last_ms + 600000") }
            let (again, _) = try await Self.afterPassword(port, password)
            _ = try await again.get("/sign-in/code")
            let waited = try await again.post("/sign-in/code", [("code", "000000")])
            #expect(waited.status == 429 && waited.body.contains("秒再试"))
        }
    }

    @Test("A step that waited too long begins anew")
    func tooLate() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), (browser, _) = try await Self.afterPassword(port, password)
            try await app.database.write(Bench.act) { db in _ = try db.run("UPDATE sign_in_step SET expires_ms = 1") }
            #expect(try await browser.get("/sign-in/enrol").location == "/sign-in?over=1")
        }
    }

    @Test("A session without a second factor reaches nothing once its account gets a grant that needs one")
    func granted() async throws {
        try await servedOnBothEngines { app, port in
            _ = try SignInStories.officer(app)
            let password = try await Self.learner(app), browser = Browser(port: port)
            #expect(try await browser.signIn("liufang", password).location == "/")
            #expect(try await browser.get("/account").status == 200, "who sees only their own needs none")
            try await app.database.write(Bench.act) { db in
                let account = try #require(try AccountStore.account(named: "liufang", in: db)), unit = try #require(try AccountStore.organization(code: "HX-LJ", in: db))
                try GrantStore.give(Grant(role: .leader, organizationID: unit.id, from: .always, to: .open), to: account.id, in: db)
            }
            #expect(try await browser.get("/account").location?.hasPrefix("/sign-in") == true)
            #expect(try await browser.signIn("liufang", password).location == "/")
            #expect(try await browser.get("/figures").status < 400)
        }
    }

    @Test("The machine's owner takes the factor away; the next sign-in sets up another")
    func reset() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), (browser, _, _) = try await Self.enrolled(port, password)
            let kept = try Accounts.reset("ouyang", by: Bench.act, in: app.database, .least)
            #expect(try await browser.get("/account").status == 303, "its sessions have ended")
            #expect(try await Self.afterPassword(port, kept).1.location == "/sign-in/code", "a new password leaves the factor alone")
            let new = try Accounts.reset("ouyang", factor: true, by: Bench.act, in: app.database, .least)
            #expect(try await Self.afterPassword(port, new).1.location == "/sign-in/enrol")
        }
    }

    @Test("A locked or closed account learns so after the right password, and its open session is dead", arguments: [Account.State.locked, .closed])
    func unusable(state: Account.State) async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), (browser, _, _) = try await Self.enrolled(port, password)
            try await app.database.write(Bench.act) { db in _ = try db.run(SQL("UPDATE account SET state = \(state.rawValue)")) }
            #expect(try await browser.get("/account").status == 303)
            let (_, answer) = try await Self.afterPassword(port, password)
            #expect(answer.status == 422 && answer.body.contains(state == .locked ? "锁定" : "停用"))
            #expect(try await Self.afterPassword(port, "not the password").1.body.contains("账号名或密码不对"), "who does not know the password is told nothing")
        }
    }
}
