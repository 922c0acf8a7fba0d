@testable import Access
@testable import Accounts
@testable import App
@testable import Approvals
import Foundation
import Kit
@testable import Register
import TestBench
import Testing
import World

/// Making and looking at slips without an officer's pages.
enum Slips {
    /// An act of an officer of the city, who hands out codes; the account is made where there is none.
    static func officer(_ named: Named, _ app: App) async throws -> Act {
        let id = try await app.database.write(Bench.act) { db in
            if let known = try AccountStore.account(named: "hx-ouyang", in: db) { return known.id }
            let id = try AccountStore.add("hx-ouyang", displayName: "欧阳静", hash: "-", in: db)
            try GrantStore.give(Grant(role: .personnelOfficer, organizationID: named.units["HX"]!, from: .always, to: .open), to: id, in: db)
            return id
        }
        return Act(who: .account(id, "欧阳静"), origin: "", kind: "slip.make", why: "")
    }

    /// A code for somebody's account, which is made where there is none.
    @discardableResult
    static func make(_ name: String, _ named: Named, _ app: App, takesFactor: Bool = false, by maker: Act? = nil) async throws -> (code: HandedCode, slip: Int64, account: Account) {
        let code = HandedCode.random()
        let act = if let maker { maker } else { try await officer(named, app) }
        return try await app.database.write(act) { db in
            let person = try #require(try RosterStore.person(named.people[name]!, in: db))
            let active = try AccountStore.accounts(of: person.id, in: db).map(\.account).first { $0.state == .active }
            let account = try active ?? AccountStore.waiting(of: person, in: db)
            let unit = try RosterStore.appointments(of: [person.id], in: db).home(on: Day(iso: "2024-01-01")!)?.organizationID
            let slip = try SlipStore.add(code, active == nil ? .activation : .reset, takesFactor: takesFactor, of: account.id, at: unit, app.entrance.secrets, in: db)
            return (code, slip, account)
        }
    }

    static func account(_ id: Int64, _ app: App) async throws -> Account { try #require(try await app.database.read { try AccountStore.account(id, in: $0) }) }

    /// Types number and code; the answer is a step or the page with its sentence.
    static func present(_ number: String, _ code: String, _ browser: Browser) async throws -> Browser.Answer {
        _ = try await browser.get("/activate")
        return try await browser.post("/activate", [("number", number), ("code", code)])
    }

    static func set(_ name: String, _ password: String, _ browser: Browser) async throws -> Browser.Answer {
        _ = try await browser.get("/sign-in/set")
        return try await browser.post("/sign-in/set", [("name", name), ("password", password), ("again", password)])
    }
}

@Suite("一次性码, by who holds a slip", .ownThreads) struct SlipStories {
    private static let password = "三只 青蛙 坐在 石狮子上"

    private func story(_ body: @escaping @Sendable (App, Named, Int) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in try await body(app, try await Named.fill(app.database, numbers: app.numbers), port) }
    }

    @Test("A slip opens the own account once: number and code, name and password, and one is at 我的")
    func activation() async throws {
        try await story { app, named, port in
            let (code, slip, account) = try await Slips.make("刘芳", named, app), browser = Browser(port: port)
            #expect(account.state == .new)
            let first = try await browser.get("/activate")
            #expect(first.status == 200 && first.body.contains("激活账号或重设密码"))
            #expect(try await browser.get("/sign-in").body.contains("忘记密码"))
            _ = try await browser.get("/activate")
            // Capitals, width and separators do not matter.
            #expect(try await Slips.present("hx9000007", code.text.lowercased().replacing("-", with: " "), browser).location == "/sign-in/set")
            let page = try await browser.get("/sign-in/set")
            #expect(page.body.contains("刘芳") && page.value(ofInput: "name") == nil && page.body.contains("value=\"hx9000007\""), "the staff number is proposed")
            #expect(try await browser.get("/me").location?.hasPrefix("/sign-in") == true, "a step is no session")
            for (name, password, again, word) in [
                ("13812345678", Self.password, Self.password, "手机号和证件号码不能用作账号名"), ("a b", Self.password, Self.password, "不能用"), ("hx9000008", Self.password, Self.password, "别人的人员编号"),
                ("liufang", "password1234", "password1234", "太常见"), ("liufang", "刘芳刘芳刘芳2024年啊", "刘芳刘芳刘芳2024年啊", "容易被猜中"), ("liufang", "short", "short", "太短"),
                ("liufang", Self.password, Self.password + "x", "两遍密码不一样"),
            ] {
                let refused = try await browser.post("/sign-in/set", [("name", name), ("password", password), ("again", again)])
                #expect(refused.status == 422 && refused.body.contains(word) && !refused.body.contains(password), "\(word)")
            }
            let done = try await Slips.set("LiuFang", Self.password, browser)
            #expect(done.location == "/me")
            #expect(try await browser.get("/me").body.contains("刘芳"))
            let told = try await browser.get("/notices")
            #expect(told.body.contains("欧阳静") && told.body.contains("激活了账号"))
            let now = try await Slips.account(account.id, app)
            #expect(now.state == .active && now.name == "liufang" && now.personID == named.people["刘芳"])
            let used = try await app.database.read { try ActStore.changes(of: "slip", [slip], in: $0) }
            #expect(used.map(\.act.kind) == ["account.activate", "slip.make"] && used.map(\.act.who) == ["刘芳", "欧阳静"], "both names are on record")

            // A second time it opens nothing, and the account is signed in to by name, number and phone.
            let again = try await Slips.present("HX9000007", code.text, Browser(port: port))
            #expect(again.status == 422 && again.body.contains("对不上"))
            #expect(try await Browser(port: port).signIn("liufang", Self.password).location == "/")
            #expect(try await Browser(port: port).signIn("hx9000007", Self.password).location == "/")
        }
    }

    @Test("An unknown number, a wrong code, another's, an expired, a voided and a replaced one sound alike, and guessing is slowed")
    func wrong() async throws {
        try await story { app, named, port in
            let liu = try await Slips.make("刘芳", named, app), chen = try await Slips.make("陈杰", named, app), zhao = try await Slips.make("赵𬱖", named, app)
            let li = try await Slips.make("李秀英", named, app), newer = try await Slips.make("李秀英", named, app)
            try await app.database.write(Bench.act) { db in
                try db.run("UPDATE slip SET expires_ms = made_ms + 1 WHERE id = \(chen.slip)")
                try SlipStore.end([try #require(try SlipStore.slip(zhao.slip, in: db))], .voided, in: db)
            }
            func words(_ number: String, _ code: String) async throws -> String {
                let answer = try await Slips.present(number, code, Browser(port: port))
                #expect(answer.status == 422, "\(number)")
                return answer.body.replacing(answer.token ?? "-", with: "").replacing(number, with: "").replacing(code, with: "").replacing(answer.header("X-Request-Id") ?? "-", with: "")
            }
            let known = try await words("HX9000007", HandedCode.random().text)
            #expect(known.contains("对不上"))
            for (number, code) in [
                ("HX9999999", liu.code.text), ("HX9000007", "1234-5678"), ("HX9000007", chen.code.text), ("HX9000008", liu.code.text), ("HX9000008", chen.code.text), ("HX9000009", zhao.code.text),
                ("HX9000004", li.code.text),
            ] { #expect(try await words(number, code) == known, "\(number) \(code)") }
            #expect(try await Slips.present("HX9000004", newer.code.text, Browser(port: port)).location == "/sign-in/set", "the newer one holds")

            let guesser = Browser(port: port)
            for _ in 0..<6 { _ = try await Slips.present("HX9000007", HandedCode.random().text, guesser) }
            try await app.database.write(Bench.act) { db in _ = try db.run("UPDATE sign_in_attempt SET failures = 12, last_ms = last_ms + 600000") }
            let waited = try await Slips.present("HX9000007", liu.code.text, guesser)
            #expect(waited.status == 429 && waited.body.contains("秒再试"))
        }
    }

    @Test("Who has no staff number uses the phone, and who has neither the own name")
    func numbers() async throws {
        try await story { app, named, port in
            let liu = named.people["刘芳"]!
            let phone = try await app.database.read { db in try RosterStore.phone(of: RosterStore.person(liu, in: db)!, numbers: app.numbers) } ?? ""
            #expect(try await Slips.present(phone, Slips.make("刘芳", named, app).code.text, Browser(port: port)).location == "/sign-in/set")
            try await app.database.write(Bench.act) { db in _ = try db.run("UPDATE person SET code = NULL, phone_cipher = NULL, phone_index = NULL WHERE id = \(liu)") }
            let browser = Browser(port: port)
            #expect(try await Slips.present("刘芳", Slips.make("刘芳", named, app).code.text, browser).location == "/sign-in/set")
            #expect(try await browser.get("/sign-in/set").body.contains("value=\"liufang\""), "the sound of the name is proposed")
        }
    }

    @Test("A code from before a duty was given, or from before the person went to another unit, opens nothing any more")
    func overtaken() async throws {
        try await story { app, named, port in
            let liu = try await Slips.make("刘芳", named, app), browser = Browser(port: port)
            #expect(try await Slips.present("HX9000007", liu.code.text, browser).location == "/sign-in/set")
            try await app.database.write(Bench.act) { db in
                _ = try GrantStore.give(Grant(role: .leader, organizationID: named.units["HX-LJ-BH"]!, from: .always, to: .open), to: liu.account.id, in: db)
            }
            #expect(try await Slips.present("HX9000007", liu.code.text, Browser(port: port)).status == 422)
            #expect(try await Slips.set("liufang", Self.password, browser).body.contains("刚刚用过或作废"), "nor from the step in between")
            #expect(try await app.database.read { try SlipStore.slip(liu.slip, in: $0)?.ending } == .voided)

            let chen = try await Slips.make("陈杰", named, app)
            try await app.database.write(Bench.act) { db in
                try RosterStore.transfer(to: Appointment(personID: named.people["陈杰"]!, organizationID: named.units["HX-JC"]!, from: Clock.today - 1, isPrimary: true, title: "干事"), in: db)
            }
            #expect(try await Slips.present("HX9000008", chen.code.text, Browser(port: port)).status == 422)
        }
    }

    @Test("A code used twice at the same moment opens once")
    func race() async throws {
        try await story { app, named, port in
            let (code, slip, account) = try await Slips.make("刘芳", named, app)
            let browsers = (0..<6).map { _ in Browser(port: port) }
            for browser in browsers { _ = try await browser.get("/activate") }
            func atOnce(_ ask: @escaping @Sendable (Browser, Int) async throws -> Browser.Answer) async throws -> [Browser.Answer] {
                try await withThrowingTaskGroup(of: Browser.Answer.self) { group in
                    for (number, browser) in browsers.enumerated() { group.addTask { try await ask(browser, number) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            let begun = try await atOnce { browser, _ in try await browser.post("/activate", [("number", "HX9000007"), ("code", code.text)]) }
            #expect(begun.allSatisfy { $0.location == "/sign-in/set" || $0.status == 429 }, "\(begun.map(\.status))")
            for browser in browsers { _ = try await browser.get("/sign-in/set") }
            let set = try await atOnce { browser, number in
                try await browser.post("/sign-in/set", [("name", "liu\(number)"), ("password", Self.password), ("again", Self.password)])
            }
            #expect(set.filter { $0.location == "/me" }.count == 1, "\(set.map { "\($0.status) \($0.location ?? "")" })")
            // The same step sent twice at once likewise.
            let second = try await Slips.make("陈杰", named, app), one = Browser(port: port)
            _ = try await Slips.present("HX9000008", second.code.text, one)
            _ = try await one.get("/sign-in/set")
            let twice = try await withThrowingTaskGroup(of: Browser.Answer.self) { group in
                for number in 0..<4 { group.addTask { try await one.post("/sign-in/set", [("name", "chen\(number)"), ("password", Self.password), ("again", Self.password)]) } }
                return try await group.reduce(into: [Browser.Answer]()) { $0.append($1) }
            }
            #expect(twice.filter { $0.location == "/me" }.count == 1)
            let uses = try await app.database.read { db in
                try [slip, second.slip].map { try ActStore.changes(of: "slip", [$0], in: db).filter { $0.act.kind == "account.activate" }.count }
            }
            #expect(uses == [1, 1])
            #expect(try await Slips.account(account.id, app).state == .active)
        }
    }

    @Test("A code that is voided or an account that is locked between the steps opens nothing")
    func between() async throws {
        try await story { app, named, port in
            let (code, slip, account) = try await Slips.make("刘芳", named, app), browser = Browser(port: port)
            _ = try await Slips.present("HX9000007", code.text, browser)
            try await app.database.write(Bench.act) { try SlipStore.end([SlipStore.slip(slip, in: $0)!], .voided, in: $0) }
            let over = try await Slips.set("liufang", Self.password, browser)
            #expect(over.status == 422 && over.body.contains("刚刚用过或作废"))
            #expect(try await Slips.account(account.id, app).state == .new)

            let chen = try await Slips.make("陈杰", named, app)
            _ = try await Slips.present("HX9000008", chen.code.text, browser)
            try await app.database.write(Bench.act) { try AccountStore.set(.locked, of: chen.account, in: $0) }
            #expect(try await Slips.set("chenjie", Self.password, browser).body.contains("已由安全管理员锁定"))
            let locked = try await Slips.present("HX9000008", chen.code.text, Browser(port: port))
            #expect(locked.status == 422 && locked.body.contains("已由安全管理员锁定"))
        }
    }

    @Test("A code opens nothing once whoever made it could hand it out no longer, also between the steps; who would make it now is said")
    func maker() async throws {
        try await story { app, named, port in
            let bh = named.units["HX-LJ-BH"]!, lj = named.units["HX-LJ"]!
            let maker = try await app.database.write(Bench.act) { db in
                let id = try AccountStore.add("bh-maker", displayName: "做码的人", hash: "-", in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: bh, from: .always, to: .open), to: id, in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: lj, from: .always, to: .open), to: AccountStore.add("lj-officer", displayName: "现在的人", hash: "-", in: db), in: db)
                return id
            }
            let act = Act(who: .account(maker, "做码的人"), origin: "", kind: "slip.make", why: "")
            func set(_ state: Account.State) async throws { try await app.database.write(Bench.act) { db in try AccountStore.set(state, of: #require(try AccountStore.account(maker, in: db)), in: db) } }
            let liu = try await Slips.make("刘芳", named, app, by: act), browser = Browser(port: port), words = "做这个码的做码的人现在已不能为您办理账号，这个码不再有效。请找"
            for state in [Account.State.locked, .closed] {
                try await set(state)
                let refused = try await Slips.present("HX9000007", liu.code.text, browser)
                #expect(refused.status == 422 && refused.body.contains(words) && refused.body.contains("现在的人"), "\(state)")
            }
            try await set(.active)
            #expect(try await SlipMaker.voidLapsed(app.database, now: Clock.nowMilliseconds) == 0)
            #expect(try await Slips.present("HX9000007", liu.code.text, browser).location == "/sign-in/set")
            let grant = try await app.database.read { db in try #require(try GrantStore.grants(of: maker, in: db).first).id }
            try await app.database.write(Bench.act) { try GrantStore.end(grant, on: Clock.today, in: $0) }
            let between = try await Slips.set("liufang", Self.password, browser)
            #expect(between.status == 422 && between.body.contains(words))
            #expect(try await Slips.account(liu.account.id, app).state == .new)
            #expect(try await Slips.present("HX9000007", liu.code.text, Browser(port: port)).body.contains(words))
            // Of a duty that was the maker's to open from above only: an equal's post is no longer enough.
            let city = try await Slips.officer(named, app), chen = try await app.database.write(Bench.act) { db in
                let id = try AccountStore.add("chenjie", displayName: "陈杰", hash: "-", personID: named.people["陈杰"], in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: bh, from: .always, to: .open), to: id, in: db)
                return id
            }
            let reset = try await Slips.make("陈杰", named, app, by: city)
            #expect(reset.account.id == chen)
            #expect(try await Slips.present("HX9000008", reset.code.text, Browser(port: port)).location == "/sign-in/set")
            try await app.database.write(Bench.act) { db in
                let held = try #require(try AccountStore.account(named: "hx-ouyang", in: db)).id
                try GrantStore.endAll(of: held, on: Clock.today, in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: bh, from: .always, to: .open), to: held, in: db)
            }
            #expect(try await Slips.present("HX9000008", reset.code.text, Browser(port: port)).body.contains("不再有效"))
            // What opens nothing is ended within the hour, so that lists say so; what still may stays.
            #expect(try await SlipMaker.voidLapsed(app.database, now: Clock.nowMilliseconds) == 1)
            #expect(try await app.database.read { db in try SlipStore.open(of: [liu.account.id, chen], in: db).keys.sorted() } == [chen])
        }
    }

    @Test("A reset code sets another password, ends all sessions and tells the account")
    func reset() async throws {
        try await story { app, named, port in
            let old = try Learners.account("liufang", of: "刘芳", named, app.database), phone = Browser(port: port), other = Browser(port: port)
            try await phone.signIn("liufang", old)
            let (code, _, account) = try await Slips.make("刘芳", named, app)
            #expect(try await Slips.present("HX9000007", code.text, other).location == "/sign-in/set")
            let page = try await other.get("/sign-in/set")
            #expect(page.body.contains("重设密码") && !page.body.contains("id=\"f-name\""), "the name stays")
            #expect(try await Slips.set("thief", Self.password, other).location == "/me")
            #expect(try await Slips.account(account.id, app).name == "liufang")
            #expect(try await phone.get("/me").location?.hasPrefix("/sign-in") == true)
            #expect(try await other.get("/notices").body.contains("重设了密码"))
            #expect(try await Browser(port: port).signIn("liufang", old).status == 422)
            #expect(try await Browser(port: port).signIn("liufang", Self.password).location == "/")
        }
    }

    @Test("With a second factor the slip alone changes nothing: the code of the authenticator comes first; only a slip that says so takes it away")
    func factor() async throws {
        try await story { app, named, port in
            let old = Secrets.password()
            let liu = try await app.database.write(Bench.act) { db in
                let id = try AccountStore.add("liufang", displayName: "刘芳", hash: try PasswordHashing.hashNow(old, .least), personID: named.people["刘芳"], in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: named.units["HX-LJ-BH"]!, from: .always, to: .open), to: id, in: db)
                return id
            }
            let own = Browser(port: port)
            #expect(try await own.signIn("liufang", old).status == 303, "an authenticator is set up")
            let (code, _, _) = try await Slips.make("刘芳", named, app), thief = Browser(port: port)
            #expect(try await Slips.present("liufang", code.text, thief).location == "/sign-in/code")
            #expect(try await thief.get("/sign-in/set").location == "/sign-in/code")
            _ = try await thief.get("/sign-in/code")
            #expect(try await thief.post("/sign-in/code", [("code", "000000")]).status == 422)
            for path in ["/", "/people", "/me", "/account"] { #expect(try await thief.get(path).location?.hasPrefix("/sign-in") == true, "\(path)") }
            #expect(try await own.get("/people").status == 200, "nothing has changed for the owner")

            // The owner has the authenticator too: by a recovery code here, as its codes of this minute are used up.
            let recovery = try await app.database.write(Bench.act) { try FactorStore.renewRecovery(of: liu, app.entrance.secrets, in: $0) }
            let owner = Browser(port: port)
            _ = try await Slips.present("liufang", code.text, owner)
            _ = try await owner.get("/sign-in/code")
            #expect(try await owner.post("/sign-in/code", [("recovery", recovery[0].text)]).location == "/sign-in/set")
            #expect(try await Slips.set("", Self.password, owner).location == "/me")
            #expect(try await owner.get("/people").status == 200)
            #expect(try await own.get("/people").status == 303)

            let taking = try await Slips.make("刘芳", named, app, takesFactor: true), last = Browser(port: port)
            #expect(try await Slips.present("HX9000007", taking.code.text, last).location == "/sign-in/set")
            #expect(try await Slips.set("", Self.password + " 再来", last).location == "/sign-in/enrol", "another one is set up before anything else")
            #expect(try await last.get("/people").location?.hasPrefix("/sign-in") == true)
            #expect(try await owner.get("/people").status == 303)
        }
    }
}
