@testable import Access
@testable import Accounts
import App
import Foundation
import Kit
import Rules
import TestBench
import Testing

/// What somebody tries who has a password but no phone, or can plant something in another's browser.
@Suite("Attacks on the steps of signing in", .ownThreads) struct SignInAttackStories {
    /// The browser after the password, on the page of setting up, and a phone that has read that page.
    private func enrolling(_ port: Int, _ password: String) async throws -> (Browser, String) {
        let browser = Browser(port: port)
        _ = try await browser.get("/sign-in")
        #expect(try await browser.post("/sign-in", [("name", "ouyang"), ("password", password)]).location == "/sign-in/enrol")
        let page = try await browser.get("/sign-in/enrol")
        let secret = try #require(page.body.firstMatch(of: #/<code class="secret">([A-Z2-7 ]+)</#).flatMap { TimeCode.Secret(text: String($0.1)) })
        return (browser, try #require(Phone(secret: secret).code(at: page.now)))
    }

    @Test("Who knows the password begins to set up a phone; once the owner has set up theirs, that beginning is worth nothing")
    func enrolledMeanwhile() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app)
            let (thief, thiefsCode) = try await enrolling(port, password), (owner, ownersCode) = try await enrolling(port, password)
            #expect(try await owner.post("/sign-in/enrol", [("code", ownersCode)]).body.contains("恢复码"))
            #expect(try await owner.post("/sign-in/saved").location == "/")
            #expect(try await thief.post("/sign-in/enrol", [("code", thiefsCode)]).location == "/sign-in?over=1")
            #expect(try await owner.get("/account").status == 200)
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM sign_in_step") } == 0)
        }
    }

    @Test("Two who set up a phone at the same moment: one is set, and the other has no session")
    func enrolledAtOnce() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app)
            let both = try await [enrolling(port, password), enrolling(port, password)]
            let pages = try await withThrowingTaskGroup(of: Bool.self) { group in
                for (browser, code) in both {
                    group.addTask {
                        let isSet = try await browser.post("/sign-in/enrol", [("code", code)]).body.contains("<code>")
                        _ = try await browser.post("/sign-in/saved")
                        return isSet
                    }
                }
                return try await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            var open = 0
            for (browser, _) in both where try await browser.get("/account").status == 200 { open += 1 }
            #expect(pages.contains(true) && open <= 1)
        }
    }

    @Test("What was planted in a browser before signing in, of session, step, device or form, is not what its owner signs in with")
    func planted() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app)
            let (thief, _) = try await enrolling(port, password), step = try #require(await thief.cookie("yugong-step"))
            let planted = String(repeating: "a", count: 43), browser = Browser(port: port)
            for name in ["yugong", "yugong-form", "yugong-device"] { await browser.setCookie(name, planted) }
            await browser.setCookie("yugong-step", step)
            try await browser.signIn("ouyang", password)
            #expect(try await browser.get("/account").status == 200)
            let session = await browser.cookie("yugong"), left = await browser.cookie("yugong-step")
            #expect(session != planted && left != step)
            let other = Browser(port: port)
            await other.setCookie("yugong", planted)
            #expect(try await other.get("/account").status == 303)
            #expect(try await thief.get("/sign-in/enrol").location == "/sign-in?over=1")
        }
    }

    @Test("A form of a step is taken from its own page only, and its pages are kept by nobody")
    func steps() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app)
            let (browser, code) = try await enrolling(port, password), (other, _) = try await enrolling(port, password)
            let token = await browser.token, foreign = await other.token
            for answer in [
                try await browser.post("/sign-in/enrol", [("code", code)], token: ""), try await browser.post("/sign-in/enrol", [("code", code)], token: foreign),
                try await browser.post("/sign-in/enrol", [("code", code)], token: token, headers: ["Origin": "https://evil.example"]),
                try await browser.post("/sign-in/enrol", [("code", code)], token: token, headers: ["Sec-Fetch-Site": "cross-site"]),
            ] { #expect(answer.status == 403) }
            // By GET nothing is done.
            #expect(try await browser.get("/sign-in/enrol?code=\(code)&_token=\(token)").status == 200)
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM account_factor") } == 0)
            for page in [try await browser.get("/sign-in/enrol"), try await browser.post("/sign-in/enrol", [("code", code)], token: token), try await browser.get("/sign-in/saved")] {
                #expect(page.status == 200 && page.header("Cache-Control") == "no-store" && page.header("Content-Security-Policy")?.hasPrefix("default-src 'none'") == true)
                #expect(page.header("Referrer-Policy") == "same-origin")
            }
        }
    }

    @Test("A code handed out before somebody got a duty no longer opens the account: who made it may not make one for that duty")
    func codeBeforeDuty() async throws {
        try await servedOnBothEngines { app, port in
            _ = try SignInStories.officer(app)
            let code = HandedCode.random(), unit = try await app.database.read { try $0.count("SELECT id FROM organization WHERE code = 'HX-LJ'") }
            let account = try await app.database.write(Bench.act) { db in
                let id = try AccountStore.add("neu", displayName: "新来的人", hash: "-", in: db)
                try SlipStore.add(code, .reset, of: id, at: nil, app.entrance.secrets, in: db)
                return id
            }
            let before = Browser(port: port), after = Browser(port: port)
            for browser in [before, after] { _ = try await browser.get("/activate") }
            #expect(try await before.post("/activate", [("number", "neu"), ("code", code.text)]).location == "/sign-in/set")
            try await app.database.write(Bench.act) { db in
                _ = try GrantStore.give(Grant(role: .leader, organizationID: unit, from: .always, to: .open), to: account, in: db)
            }
            #expect(try await after.post("/activate", [("number", "neu"), ("code", code.text)]).status == 422)
            // Neither does what was begun with it.
            _ = try await before.get("/sign-in/set")
            let set = try await before.post("/sign-in/set", [("name", "neu"), ("password", "drei worte reichen aus"), ("again", "drei worte reichen aus")])
            #expect(set.status == 422 || set.location?.hasPrefix("/sign-in?over") == true)
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM session WHERE account_id = \(account)") } == 0)
        }
    }

    @Test(
        "Whatever is asked for as the way back, signing in leads to a page of ours",
        arguments: [
            "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\r\nSet-Cookie: x=1", "javascript:alert(1)", "/.//evil.example",
            "/%2f%2fevil.example", " //evil.example", "/account?done=enrolled",
        ])
    func wayBack(_ to: String) async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port)
            let answer = try await browser.signIn("ouyang", password, to: to), location = try #require(answer.location)
            #expect(answer.status == 303 && answer.header("Set-Cookie")?.contains("x=1") != true)
            // As browsers read it: tabs and line ends fall away, a backslash is a slash.
            let read = location.filter { !"\t\r\n".contains($0) }.replacing("\\", with: "/")
            #expect(URL(string: read, relativeTo: URL(string: "http://ours.example/sign-in"))?.host == "ours.example", "\(location)")
        }
    }
}
