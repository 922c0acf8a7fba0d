@testable import App
import Foundation
import Kit
import TestBench
import Testing

@Suite("My account, over HTTP", .ownThreads)
struct OwnAccountStories {
    @Test("Each session is shown with its device, and a stolen one is ended from another")
    func stolen() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port), thief = Browser(port: port)
            try await browser.signIn("ouyang", password)
            await thief.setCookie("yugong", await browser.cookie("yugong") ?? "")
            #expect(try await thief.get("/people").status == 200, "whoever has the cookie is taken for the owner")
            let other = Browser(port: port)
            try await other.signIn("ouyang", password)
            let page = try await other.get("/account")
            #expect(page.body.contains("2 台") && page.body.contains("127.0.0.1") && page.body.contains("凭密码和验证码"))
            let ends = page.body.matches(of: #/action="(\/account\/sessions\/\d+\/end)"/#).map { String($0.1) }
            #expect(ends.count == 1, "the present one is ended by signing out")
            #expect(try await other.post(ends[0]).location == "/account?done=session")
            for one in [thief, browser] { #expect(try await one.get("/people").status == 303) }
            #expect(try await other.get("/people").status == 200)
            #expect(try await other.post(ends[0]).status == 404, "it is gone already")
        }
    }

    @Test("The owner reads when the account was signed in to before, and how often others tried meanwhile")
    func tried() async throws {
        try await servedOnBothEngines { app, port in
            let password = try await FactorStories.learner(app), browser = Browser(port: port), stranger = Browser(port: port)
            try await browser.signIn("liufang", password)
            #expect(try await browser.get("/account").body.contains("第一次登录"))
            for _ in 0..<2 { #expect(try await stranger.signIn("liufang", "not the password").status == 422) }
            #expect(try await browser.get("/account").body.contains("有 <b>2</b> 次登录尝试没有成功"))
            try await browser.signIn("liufang", password)
            let page = try await browser.get("/account").body
            #expect(page.contains("上一次登录：") && page.contains("那次以后，有 <b>2</b> 次"))
            try await browser.signIn("liufang", password)
            #expect(try await !browser.get("/account").body.contains("没有成功"), "told once, at the next sign-in")
        }
    }

    @Test("All other sessions end at once; nobody ends somebody else's")
    func others() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), learner = try await FactorStories.learner(app)
            let browser = Browser(port: port), other = Browser(port: port), stranger = Browser(port: port)
            for one in [browser, other] { try await one.signIn("ouyang", password) }
            try await stranger.signIn("liufang", learner)
            let end = try #require(try await other.get("/account").body.firstMatch(of: #/action="(\/account\/sessions\/\d+\/end)"/#)).1
            _ = try await stranger.get("/account")
            #expect(try await stranger.post(String(end)).status == 404)
            #expect(try await browser.get("/people").status == 200)
            #expect(try await other.post("/account/sessions/end").location == "/account?done=sessions")
            #expect(try await browser.get("/people").status == 303)
            #expect(try await other.get("/account?done=sessions").body.contains("已全部退出"))
            #expect(try await stranger.get("/account").status == 200)
        }
    }

    @Test("A sign-in from a browser the account does not know is told to the owner, the first one and a known one are not")
    func newDevice() async throws {
        try await servedOnBothEngines { app, port in
            let password = try await FactorStories.learner(app), browser = Browser(port: port)
            try await browser.signIn("liufang", password)
            _ = try await browser.post("/sign-out")
            try await browser.signIn("liufang", password)
            #expect(try await FactorStories.unreadMessages(app, "session.newDevice") == 0)
            let new = Browser(port: port)
            try await new.signIn("liufang", password)
            #expect(try await FactorStories.unreadMessages(app, "session.newDevice") == 1)
            #expect(try await browser.get("/notices").body.contains("没有用过的设备"))
        }
    }

    @Test("Another authenticator: after password and code, with new recovery codes, and every other session ends")
    func replaced() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), (browser, phone, recovery) = try await FactorStories.enrolled(port, password)
            let other = Browser(port: port)
            _ = try await FactorStories.afterPassword(port, password)
            let (second, _) = try await FactorStories.afterPassword(port, password)
            _ = try await second.get("/sign-in/code")
            #expect(try await second.post("/sign-in/code", [("recovery", recovery[0])]).location == "/")
            let form = try await browser.get("/account/factor")
            #expect(form.body.contains("更换验证器") && !form.body.contains("取消第二步验证"), "an officer's cannot be given up")
            let wrongPassword = try await browser.post("/account/factor", [("deed", "replace"), ("current", "wrong"), ("code", recovery[1])])
            #expect(wrongPassword.status == 422 && wrongPassword.body.contains("id=\"m-current\""))
            let wrongCode = try await browser.post("/account/factor", [("deed", "replace"), ("current", password), ("code", "000000")])
            #expect(wrongCode.status == 422 && wrongCode.body.contains("id=\"m-code\""))
            let none = try await browser.post("/account/factor", [("deed", ""), ("current", password), ("code", recovery[1])])
            #expect(none.status == 422 && none.body.contains("请选择要做什么"))
            let refused = try await browser.post("/account/factor", [("deed", "remove"), ("current", password), ("code", recovery[1])])
            #expect(refused.status == 422 && refused.body.contains("不能取消"))
            #expect(try await browser.post("/account/factor", [("deed", "replace"), ("current", password), ("code", recovery[2])]).location == "/sign-in/enrol")
            #expect(try await browser.get("/people").status == 200, "who leaves it there is still signed in")
            let page = try await browser.get("/sign-in/enrol"), new = Phone(secret: try FactorStories.secret(on: page))
            #expect(page.body.contains("返回我的账号"))
            let saved = try await browser.post("/sign-in/enrol", [("code", try #require(new.code(at: page.now)))])
            #expect(FactorStories.codes(on: saved).count == 10)
            #expect(try await second.get("/people").status == 303, "others are out")
            #expect(try await browser.post("/sign-in/saved").location == "/account?done=enrolled")
            #expect(try await browser.get("/account").body.contains("还有 10 个"))
            #expect(try await browser.get("/notices").body.contains("验证器和恢复码已更换"))
            _ = try await other.get("/sign-in")
            _ = try await other.post("/sign-in", [("name", "ouyang"), ("password", password)])
            let now = try await other.get("/sign-in/code").now
            if let old = phone.code(at: now) { #expect(try await other.post("/sign-in/code", [("code", old)]).status == 422) }
            #expect(try await other.post("/sign-in/code", [("recovery", recovery[5])]).status == 422)
            #expect(try await other.post("/sign-in/code", [("code", try #require(new.code(at: now)))]).location == "/")
        }
    }

    @Test("New recovery codes void the old ones")
    func renewed() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), (browser, _, recovery) = try await FactorStories.enrolled(port, password)
            _ = try await browser.get("/account/factor")
            let page = try await browser.post("/account/factor", [("deed", "recovery"), ("current", password), ("code", recovery[0])])
            let new = FactorStories.codes(on: page)
            #expect(page.status == 200 && new.count == 10 && Set(new).isDisjoint(with: recovery))
            let (other, _) = try await FactorStories.afterPassword(port, password)
            _ = try await other.get("/sign-in/code")
            #expect(try await other.post("/sign-in/code", [("recovery", recovery[1])]).status == 422)
            #expect(try await other.post("/sign-in/code", [("recovery", new[1])]).location == "/")
        }
    }

    @Test("Who needs no second factor may set one up, is asked for it then, and may give it up")
    func voluntary() async throws {
        try await servedOnBothEngines { app, port in
            let password = try await FactorStories.learner(app), browser = Browser(port: port)
            try await browser.signIn("liufang", password)
            #expect(try await browser.get("/account").body.contains("还没有设置"))
            _ = try await browser.get("/account/factor")
            let early = try await browser.post("/account/factor", [("deed", "recovery"), ("current", password)])
            #expect(early.status == 422 && early.body.contains("还没有验证器"))
            #expect(try await browser.post("/account/factor", [("deed", "replace"), ("current", password)]).location == "/sign-in/enrol")
            let page = try await browser.get("/sign-in/enrol"), phone = Phone(secret: try FactorStories.secret(on: page))
            let recovery = FactorStories.codes(on: try await browser.post("/sign-in/enrol", [("code", try #require(phone.code(at: page.now)))]))
            _ = try await browser.post("/sign-in/saved")
            #expect(try await FactorStories.afterPassword(port, password, name: "liufang").1.location == "/sign-in/code")
            _ = try await browser.get("/account/factor")
            #expect(try await browser.post("/account/factor", [("deed", "remove"), ("current", password), ("code", recovery[0])]).location == "/account?done=factor")
            #expect(try await FactorStories.afterPassword(port, password, name: "liufang").1.location == "/")
        }
    }
}
