@testable import Access
@testable import Accounts
@testable import App
import Foundation
import Kit
@testable import Register
import TestBench
import Testing
import World

@Suite("账号, by the security administrator", .ownThreads) struct AccountStories {
    private struct World: Sendable {
        let named: Named
        let app: App
        let port: Int

        func account(_ name: String, of person: String? = nil, _ role: Role? = nil, at unit: String = "HX-LJ-BH", password: String? = nil) async throws -> Int64 {
            try await app.database.write(Bench.act) { db in
                let hash = try password.map { try PasswordHashing.hashNow($0, .least) } ?? "-"
                let id = try AccountStore.add(name, displayName: person ?? name, hash: hash, personID: person.flatMap { named.people[$0] }, in: db)
                if let role { try GrantStore.give(Grant(role: role, organizationID: named.units[unit]!, from: .always, to: .open), to: id, in: db) }
                return id
            }
        }
        func signedIn(_ id: Int64) async throws -> Browser {
            let session = try await app.database.write(Bench.act) { db in
                try SessionStore.open(id, proof: .password, isStrong: true, at: SignInPlace(address: "", device: nil, words: ""), in: db)
            }
            let browser = Browser(port: port)
            await browser.setCookie("yugong", session)
            return browser
        }
        func state(_ id: Int64) async throws -> Account.State { try await Slips.account(id, app).state }
    }

    private func story(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in
            try await body(World(named: try await Named.fill(app.database, numbers: app.numbers), app: app, port: port))
        }
    }

    @Test("Accounts are listed by subtree, found, filtered and paged; the page holds no business data")
    func list() async throws {
        try await story { world in
            let root = try await world.signedIn(try await world.account("an.quan", .securityAdmin, at: "HX"))
            let lower = try await world.signedIn(try await world.account("an.quan.lj", .securityAdmin, at: "HX-LJ"))
            let liu = try await world.account("liufang", of: "刘芳")
            let wu = try await world.account("wujing", of: "吴静", .leader, at: "HX-JC")
            let all = try await root.get("/accounts")
            #expect(all.status == 200 && all.body.contains("共 <b>4</b> 个账号") && all.body.contains("wujing") && all.body.contains("领导（机床集团工会）") && all.body.contains("学员，只看本人"))
            let some = try await lower.get("/accounts")
            #expect(some.body.contains("共 <b>2</b> 个账号") && some.body.contains("liufang") && !some.body.contains("wujing"))
            #expect(try await lower.get("/accounts/\(wu)").status == 404)
            #expect(try await root.get("/accounts?q=%E5%88%98").body.contains("liufang"))
            #expect(try await root.get("/accounts?state=locked").body.contains("没有符合条件的账号"))
            let leaders = try await root.get("/accounts?role=leader&factor=no").body
            #expect(leaders.contains("wujing") && !leaders.contains("liufang"))

            let person = try await world.app.database.read { try RosterStore.person(world.named.people["刘芳"]!, in: $0)! }
            let number = try RosterStore.idNumber(of: person, numbers: world.app.numbers).text, phone = try RosterStore.phone(of: person, numbers: world.app.numbers)!
            let page = try await lower.get("/accounts/\(liu)")
            #expect(page.status == 200 && page.body.contains("滨河街道总工会") && page.body.contains("正在登录"))
            for word in [number, masked(idNumber: number), phone, masked(phone: phone), "学时", "/people/", "/records/", "轮训班"] { #expect(!page.body.contains(word), "\(word)") }

            try await world.app.database.write(Bench.act) { db in
                for number in 100..<230 { _ = try AccountStore.add("zz\(number)", displayName: "第 \(number) 个", hash: "-", in: db) }
            }
            let first = try await root.get("/accounts"), next = try #require(first.body.firstMatch(of: #/href="(\/accounts\?after=[^"]*)"/#)).1
            let second = try await root.get(String(next))
            #expect(second.body.contains("zz229") && !second.body.contains("liufang") && !first.body.contains("zz229"))
        }
    }

    @Test("A locked account is out at once and stays out until it is unlocked; the reason is on record and told")
    func lock() async throws {
        try await story { world in
            let security = try await world.signedIn(try await world.account("an.quan", .securityAdmin, at: "HX"))
            let password = "三只 青蛙 坐在 石狮子上", liu = try await world.account("liufang", of: "刘芳", password: password), phone = try await world.signedIn(liu)
            #expect(try await phone.get("/me").status == 200)
            func deed(_ deed: String, why: String = "手机丢失") async throws -> Browser.Answer {
                _ = try await security.get("/accounts/\(liu)")
                return try await security.post("/accounts/\(liu)", [("deed", deed), ("why", why)])
            }
            #expect(try await deed("lock", why: "").body.contains("理由没有填"))
            #expect(try await deed("").body.contains("还没有选要做什么"))
            #expect(try await deed("unlock").body.contains("状态刚刚变了"))
            #expect(try await deed("lock").location == "/accounts/\(liu)?done=lock")
            #expect(try await phone.get("/me").location?.hasPrefix("/sign-in") == true)
            let refused = try await Browser(port: world.port).signIn("liufang", password)
            #expect(refused.status == 422 && refused.body.contains("已由安全管理员锁定"))
            #expect(try await Browser(port: world.port).signIn("liufang", password + "x").body.contains("账号名或密码不对"), "told to its owner only")
            #expect(try await deed("unlock", why: "手机找到了").location?.hasSuffix("done=unlock") == true)
            let again = Browser(port: world.port)
            #expect(try await again.signIn("liufang", password).status == 303)
            let notices = try await again.get("/notices")
            #expect(notices.body.contains("锁定了您的账号。理由：手机丢失") && notices.body.contains("解锁了您的账号"))
            #expect(try await deed("sessions").status == 303)
            #expect(try await again.get("/me").location?.hasPrefix("/sign-in") == true)
            let page = try await security.get("/accounts/\(liu)")
            for word in ["锁定账号", "解锁账号", "退出账号的全部登录", "手机丢失", "登录成功"] { #expect(page.body.contains(word), "\(word)") }
        }
    }

    @Test("Closing ends sessions, codes, factor and grants; the account comes back only by a new code")
    func close() async throws {
        try await story { world in
            let security = try await world.signedIn(try await world.account("an.quan", .securityAdmin, at: "HX"))
            let password = "三只 青蛙 坐在 石狮子上", liu = try await world.account("liufang", of: "刘芳", .personnelOfficer, password: password)
            let own = Browser(port: world.port)
            try await own.signIn("liufang", password)
            let (_, slip, _) = try await Slips.make("刘芳", world.named, world.app)
            _ = try await security.get("/accounts/\(liu)")
            #expect(try await security.post("/accounts/\(liu)", [("deed", "slip"), ("why", "给错了人")]).status == 303)
            #expect(try await world.app.database.read { try SlipStore.slip(slip, in: $0)?.ending } == .voided)
            #expect(try await own.get("/people").status == 200)
            let (code, later, _) = try await Slips.make("刘芳", world.named, world.app)
            #expect(try await security.post("/accounts/\(liu)", [("deed", "factor"), ("why", "手机坏了")]).status == 303)
            #expect(try await own.get("/people").status == 303)
            #expect(try await world.app.database.read { try FactorStore.since(liu, in: $0) } == nil)
            #expect(try await security.post("/accounts/\(liu)", [("deed", "close"), ("why", "调离工会系统")]).status == 303)
            #expect(try await world.state(liu) == .closed)
            let today = Clock.today
            #expect(try await world.app.database.read { try GrantStore.grants(of: liu, in: $0).allSatisfy { !$0.covers(today) } })
            #expect(try await world.app.database.read { try SlipStore.slip(later, in: $0)?.ending } == .voided)
            #expect(try await Slips.present("HX9000007", code.text, Browser(port: world.port)).status == 422)
            #expect(try await Browser(port: world.port).signIn("liufang", password).body.contains("账号名或密码不对"), "the password is gone")
            let new = try await Slips.make("刘芳", world.named, world.app), browser = Browser(port: world.port)
            _ = try await Slips.present("HX9000007", new.code.text, browser)
            #expect(try await Slips.set("liufang", password + "!", browser).location == "/me")
            #expect(try await browser.get("/people").status == 404, "the grant has ended")
        }
    }

    @Test("Nobody does anything to the own account, an equal's or a superior's; officers see none of these pages")
    func powers() async throws {
        try await story { world in
            let root = try await world.account("an.quan", .securityAdmin, at: "HX"), second = try await world.account("an.quan2", .securityAdmin, at: "HX")
            let lower = try await world.account("an.quan.lj", .securityAdmin, at: "HX-LJ"), officer = try await world.account("ouyang", .personnelOfficer, at: "HX-LJ")
            let twofold = try await world.account("shuang", .leader, at: "HX-LJ-BH")
            try await world.app.database.write(Bench.act) { db in
                _ = try GrantStore.give(Grant(role: .leader, organizationID: world.named.units["HX-JC"]!, from: .always, to: .open), to: twofold, in: db)
            }
            func mayLock(_ who: Int64, _ whom: Int64) async throws -> Bool {
                let browser = try await world.signedIn(who), page = try await browser.get("/accounts/\(whom)")
                guard page.status == 200 else { return false }
                let answer = try await browser.post("/accounts/\(whom)", [("deed", "lock"), ("why", "试一试")])
                if answer.status == 303 { try await world.app.database.write(Bench.act) { try AccountStore.set(.active, of: AccountStore.account(whom, in: $0)!, in: $0) } }
                #expect(answer.status == 303 || answer.body.contains("不能由您处理"))
                return answer.status == 303
            }
            #expect(try await !mayLock(root, root))
            #expect(try await !mayLock(root, second))
            #expect(try await mayLock(root, lower))
            #expect(try await mayLock(root, officer))
            #expect(try await mayLock(root, twofold))
            #expect(try await !mayLock(lower, root))
            #expect(try await mayLock(lower, officer))
            #expect(try await !mayLock(lower, twofold), "a duty elsewhere is not the lower one's")
            #expect(try await !mayLock(officer, twofold))
            #expect(try await world.signedIn(officer).get("/accounts").status == 404)
        }
    }

    @Test("Whom the three duties and the units let into whose account", arguments: [
        // Who, at, over whom, at, home: may make a code, take the factor, administer.
        (Role.personnelOfficer, "HX-LJ-BH", nil, nil, "HX-LJ-BH", true, false, false), (.personnelOfficer, "HX-LJ", nil, nil, "HX-LJ-BH", true, true, false),
        (.personnelOfficer, "HX-LJ-XD", nil, nil, "HX-LJ-BH", false, false, false), (.leader, "HX", nil, nil, "HX-LJ-BH", false, false, false),
        (.personnelOfficer, "HX-LJ-BH", .personnelOfficer, "HX-LJ-BH", "HX-LJ-BH", false, false, false), (.personnelOfficer, "HX-LJ", .personnelOfficer, "HX-LJ-BH", "HX-LJ-BH", true, true, false),
        (.personnelOfficer, "HX-LJ", .lecturer, "HX-LJ", "HX-LJ-BH", false, false, false), (.personnelOfficer, "HX", .auditor, "HX", "HX-LJ-BH", false, false, false),
        (.personnelOfficer, "HX-LJ", .leader, "HX", "HX-LJ-BH", false, false, false), (.personnelOfficer, "HX", .leader, "HX-LJ", nil, false, false, false),
        (.securityAdmin, "HX", .auditor, "HX", nil, true, true, true), (.securityAdmin, "HX", .securityAdmin, "HX", nil, false, false, false),
        (.securityAdmin, "HX", .securityAdmin, "HX-LJ", nil, true, true, true), (.securityAdmin, "HX-LJ", .personnelOfficer, "HX-LJ", "HX-LJ", true, true, true),
        (.securityAdmin, "HX-LJ", .personnelOfficer, "HX", "HX-LJ", false, false, false), (.securityAdmin, "HX-LJ", nil, nil, nil, false, false, false),
        (.securityAdmin, "HX", nil, nil, nil, true, true, true), (.systemAdmin, "HX", nil, nil, "HX-LJ", false, false, false), (.auditor, "HX", nil, nil, "HX-LJ", false, false, false),
    ] as [(Role, String, Role?, String?, String?, Bool, Bool, Bool)])
    func sway(role: Role, unit: String, other: Role?, place: String?, home: String?, reset: Bool, factor: Bool, administer: Bool) async throws {
        try await Bench.with(.sqlite) { database, _ in
            let units = try database.writeNow(Bench.act) { db in
                var ids: [String: Int64] = [:]
                for (code, parent) in [("HX", nil), ("HX-LJ", "HX"), ("HX-LJ-BH", "HX-LJ"), ("HX-LJ-XD", "HX-LJ")] as [(String, String?)] {
                    ids[code] = try OrganizationStore.create(
                        code: code, facts: OrganizationFacts(parentID: parent.map { ids[$0]! }, name: code, kind: parent == nil ? "cityFederation" : "townFederation"), in: db).id
                }
                return ids
            }
            let tree = try await database.read { try OrganizationStore.tree(on: Day(number: 19_000), in: $0) }
            func grant(_ role: Role, _ unit: String) -> Grant { Grant(role: role, organizationID: units[unit]!, from: .always, to: .open) }
            let signedIn = SignedIn(
                account: Account(id: 1, name: "a", displayName: "a"), grants: [grant(role, unit)], tree: tree, token: FormToken(""), now: 0, origin: "", session: [])
            let duties = other.flatMap { other in place.map { [grant(other, $0)] } } ?? []
            let sway = AccountSway(of: signedIn.hand, over: Account(id: 2, name: "b", displayName: "b"), duties, files: [], home: home.map { units[$0]! })
            #expect(sway.mayReset == reset && sway.mayTakeFactor == factor && sway.mayAdminister == administer)
            #expect(!AccountSway(of: signedIn.hand, over: signedIn.account, duties, files: [], home: nil).mayReset)
            // What has ended counts no more.
            let former = AccountSway(
                of: signedIn.hand, over: Account(id: 2, name: "b", displayName: "b"), duties.map { Grant(role: $0.role, organizationID: $0.organizationID, from: .always, to: Day(number: 19_000)) },
                files: [], home: home.map { units[$0]! })
            #expect(former.mayReset == AccountSway(of: signedIn.hand, over: Account(id: 2, name: "b", displayName: "b"), [], files: [], home: home.map { units[$0]! }).mayReset)
        }
    }
}
