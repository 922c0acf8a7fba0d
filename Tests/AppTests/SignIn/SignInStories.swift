import Access
import Accounts
import App
import Foundation
import Kit
import Register
import Rules
import TestBench
import Testing

@Suite("Signing in, over HTTP", .ownThreads)
struct SignInStories {
    static let act = Act(who: .system, origin: "", kind: "test", why: "")
    static let today = Day(number: 19_000)

    /// A city with a district, and an officer of the district.
    static func officer(_ app: App, role: String = "personnelOfficer") throws -> String {
        try app.database.writeNow(act) { db in
            let city = try OrganizationStore.create(code: "HX", facts: OrganizationFacts(parentID: nil, name: "衡溪市总工会", kind: "cityFederation"), in: db)
            try OrganizationStore.create(code: "HX-LJ", facts: OrganizationFacts(parentID: city.id, name: "临江区总工会", kind: "districtFederation"), in: db)
        }
        return try Accounts.add("OuYang", role: role, unit: "HX-LJ", displayName: "欧阳静", today: today, by: act, in: app.database, .least)
    }

    @Test("Who is not signed in is led to the sign-in page and from there back")
    func leadsToSignIn() async throws {
        try await servedOnBothEngines { app, port in
            let password = try Self.officer(app), browser = Browser(port: port)
            let turned = try await browser.get("/account?x=1")
            #expect(turned.status == 303)
            #expect(turned.location == "/sign-in?to=%2Faccount%3Fx%3D1")
            let back = try await browser.signIn("ouyang", password, to: "/account?x=1")
            #expect(back.status == 303)
            #expect(back.location == "/account?x=1")
            let page = try await browser.get("/account")
            #expect(page.status == 200)
            #expect(page.body.contains("组织人事管理员"))
            #expect(page.body.contains("临江区总工会"))
            #expect(try await browser.signIn("ouyang", password, to: "//evil.example").location == "/")
        }
    }

    @Test("A wrong name and a wrong password sound the same, and what was typed stays except the password")
    func wrong() async throws {
        try await servedOnBothEngines { app, port in
            _ = try Self.officer(app)
            let browser = Browser(port: port)
            let known = try await browser.signIn("ouyang", "wrong <password>")
            let unknown = try await Browser(port: port).signIn("nobody", "wrong <password>")
            #expect(known.status == 422 && unknown.status == 422)
            #expect(known.body.contains("账号名或密码不对") && unknown.body.contains("账号名或密码不对"))
            #expect(known.body.contains("value=\"ouyang\""))
            #expect(!known.body.contains("wrong &lt;"))
            #expect(await browser.cookie("yugong") == nil)
        }
    }

    @Test("After a few failures one waits, even with the right password")
    func throttled() async throws {
        try await servedOnBothEngines { app, port in
            let password = try Self.officer(app), browser = Browser(port: port)
            for _ in 0..<6 { _ = try await browser.signIn("ouyang", "wrong password") }
            // As after more failures: the wait is then a minute, which the slowest machine does not sit out by itself.
            try await app.database.write(Bench.act) { db in _ = try db.run("UPDATE sign_in_attempt SET failures = 10, last_ms = last_ms + 600000") }
            let waited = try await browser.signIn("ouyang", password)
            #expect(waited.status == 429)
            #expect(waited.body.contains("秒再试"))
        }
    }

    @Test("A session is new at each sign-in and gone after signing out")
    func sessions() async throws {
        try await servedOnBothEngines { app, port in
            let password = try Self.officer(app), browser = Browser(port: port)
            await browser.setCookie("yugong", "planted")
            try await browser.signIn("ouyang", password)
            let first = await browser.cookie("yugong")
            #expect(first != nil && first != "planted")
            try await browser.signIn("ouyang", password)
            let second = await browser.cookie("yugong")
            await browser.setCookie("yugong", first ?? "")
            #expect(try await browser.get("/account").status == 303, "signing in anew ended the former session")
            await browser.setCookie("yugong", second ?? "")
            _ = try await browser.get("/account")
            #expect(try await browser.post("/sign-out").location == "/sign-in")
            await browser.setCookie("yugong", second ?? "")
            #expect(try await browser.get("/account").status == 303, "the old session is dead on the server")
        }
    }

    @Test("Nothing is posted without the form's token, from another site, or with another session's token")
    func foreignForms() async throws {
        try await servedOnBothEngines { app, port in
            let password = try Self.officer(app), browser = Browser(port: port), other = Browser(port: port)
            #expect(try await browser.post("/sign-in", [("name", "ouyang"), ("password", password)], token: "").status == 403)
            try await browser.signIn("ouyang", password)
            try await other.signIn("ouyang", password)
            _ = try await browser.get("/account")
            _ = try await other.get("/account")
            let token = await browser.token, foreign = await other.token
            let refusals = [
                try await browser.post("/sign-out", token: ""),
                try await browser.post("/sign-out", token: foreign),
                try await browser.post("/sign-out", token: token, headers: ["Origin": "https://evil.example"]),
                try await browser.post("/sign-out", token: token, headers: ["Origin": "null"]),
                try await browser.post("/sign-out", token: token, headers: ["Sec-Fetch-Site": "cross-site"]),
                try await browser.upload("/exchange/imports", file: ("file", "a.xlsx", [1, 2, 3]), token: foreign),
            ]
            #expect(refusals.allSatisfy { $0.status == 403 && $0.body.contains("表单没有提交") })
            #expect(try await browser.get("/account").status == 200, "still signed in")
        }
    }

    @Test("Every answer forbids what pages do not need, and is kept by nobody")
    func headers() async throws {
        try await servedOnBothEngines { app, port in
            let password = try Self.officer(app), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            for path in ["/", "/account", "/nothing", "/sign-in"] {
                let page = try await browser.get(path)
                #expect(page.header("Content-Security-Policy")?.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';") == true)
                #expect(page.header("X-Content-Type-Options") == "nosniff")
                #expect(page.header("Referrer-Policy") == "same-origin")
                #expect(page.header("Cache-Control") == "no-store")
                #expect(!page.body.contains("style=\"") && !page.body.contains("onclick"))
            }
            let missing = try await browser.get("/nothing")
            #expect(missing.status == 404 && missing.body.contains("没有这个页面"))
            let found = try #require(missing.body.range(of: "/assets/app.css?v="))
            let link = "/assets/app.css?v=" + missing.body[found.upperBound...].prefix { $0 != "\"" }
            let style = try await browser.get(link)
            #expect(style.header("Cache-Control") == "public, max-age=31536000, immutable")
            #expect(try await browser.get(link, headers: ["If-None-Match": style.header("ETag") ?? ""]).status == 304)
            #expect(try await browser.get("/assets/..%2FPackage.swift").status == 404)
            #expect(try await browser.get("/gallery").status == 404, "development only")
        }
    }

    @Test("A body that is too large gets a page that says so")
    func tooLarge() async throws {
        try await servedOnBothEngines { app, port in
            let password = try Self.officer(app), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            _ = try await browser.get("/account")
            let large = try await browser.post("/account", [("new", String(repeating: "a", count: 3 << 20))])
            #expect(large.status == 413)
            #expect(large.body.contains("超过 2 MB"))
        }
    }

    @Test("Another password is refused beside its field, taken when right, and ends the other sessions")
    func password() async throws {
        try await servedOnBothEngines { app, port in
            let password = try Self.officer(app), browser = Browser(port: port), other = Browser(port: port)
            try await browser.signIn("ouyang", password)
            try await other.signIn("ouyang", password)
            _ = try await browser.get("/account")
            let short = try await browser.post("/account", [("current", password), ("new", "short"), ("again", "short")])
            #expect(short.status == 422 && short.body.contains("太短") && short.body.contains("id=\"m-new\""))
            let new = "马 电池 订书钉 正确"
            #expect(try await browser.post("/account", [("current", password), ("new", new), ("again", new)]).location == "/account?done=password")
            #expect(try await browser.get("/account").status == 200)
            #expect(try await other.get("/account").status == 303)
            #expect(try await other.signIn("ouyang", password).status == 422)
            #expect(try await other.signIn("ouyang", new).status == 303)
        }
    }

    @Test("Administrators see no business data", arguments: ["systemAdmin", "securityAdmin", "auditor"])
    func administrators(role: String) async throws {
        try await servedOnBothEngines { app, port in
            let password = try Self.officer(app, role: role), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            #expect(try await browser.get("/").body.contains("不看名册和学时等业务数据"))
        }
    }

    @Test("Accounts from the command line: made once, reset, listed")
    func commandLine() async throws {
        try await onBothEngines { database in
            try database.writeNow(Self.act) { db in
                _ = try OrganizationStore.create(code: "HX", facts: OrganizationFacts(parentID: nil, name: "衡溪市总工会", kind: "cityFederation"), in: db)
            }
            func refusal(_ name: String, role: String, unit: String) -> String? {
                do {
                    _ = try Accounts.add(name, role: role, unit: unit, displayName: nil, today: Self.today, by: Self.act, in: database, .least)
                    return nil
                } catch { return (error as? Refusal)?.name }
            }
            #expect(refusal("li", role: "leader", unit: "HX") == nil)
            #expect(refusal("LI", role: "leader", unit: "HX") == "account.taken")
            #expect(refusal("wang", role: "king", unit: "HX") == "account.role")
            #expect(refusal("wang", role: "leader", unit: "XX") == "account.unit")
            #expect(refusal("w w", role: "leader", unit: "HX") == "account.name")
            #expect(throws: Refusal.self) { try Accounts.reset("wang", by: Self.act, in: database, .least) }
            #expect(try Accounts.reset("Li", by: Self.act, in: database, .least).count == 19)
            let lines = try Accounts.list(today: Self.today, in: database)
            #expect(lines.map(\.name) == ["li"])
            #expect(lines.first?.displayName == "衡溪市总工会 领导")
            #expect(lines.first?.grants == ["leader@HX"])
        }
    }
}
