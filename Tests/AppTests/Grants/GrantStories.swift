@testable import Access
@testable import Accounts
@testable import App
import Foundation
import Kit
@testable import Register
import TestBench
import Testing
import World

/// People of the named world with accounts and grants, and their browsers.
struct GrantWorld: Sendable {
    let app: App
    let port: Int
    let named: Named

    static func served(_ body: @escaping @Sendable (GrantWorld) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in
            try await body(GrantWorld(app: app, port: port, named: Named.fill(app.database, numbers: app.numbers)))
        }
    }

    func unit(_ code: String) -> Int64 { named.units[code]! }
    func post(_ name: String) async throws -> Appointment {
        try await app.database.read { try RosterStore.appointments(of: [named.people[name]!], in: $0).last! }
    }

    /// An account of a person of the world; of nobody where there is none of the name.
    @discardableResult
    func account(_ name: String, _ grants: Grant...) async throws -> Int64 {
        try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add("a-\(name)", displayName: name, hash: "-", personID: named.people[name], in: db)
            for grant in grants { try GrantStore.give(grant, to: id, in: db) }
            return id
        }
    }

    func grant(_ role: Role, _ code: String, from: Day = .always, to: Day = .open, restingOn post: Int64? = nil) -> Grant {
        Grant(role: role, organizationID: unit(code), from: from, to: to, restingOn: post)
    }

    func browser(_ account: Int64) async throws -> Browser {
        let browser = Browser(port: port)
        await browser.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(account, in: $0) })
        return browser
    }

    func kinds(of account: Int64) async throws -> [String] {
        try await app.database.read { db in try MessageStore.all(of: AccountStore.account(account, in: db)!, in: db).map(\.kind) }
    }

    func grants() async throws -> Int64 { try await app.database.read { try $0.count("SELECT count(*) FROM account_grant") } }
}

@Suite("授权，在浏览器里", .ownThreads) struct GrantStories {
    static let token = Caller.token

    @Test("A grant is looked at once more before it is given; it holds at once, is told and is on record")
    func giving() async throws {
        try await GrantWorld.served { world in
            let today = Clock.today, officer = try await world.browser(world.account("王建国", world.grant(.personnelOfficer, "HX-LJ")))
            let liu = try await world.account("刘芳"), post = try await world.post("刘芳"), receiver = try await world.browser(liu)
            #expect(try await receiver.get("/people").status == 404)
            // 刘芳 is found by name, pinyin and account; 吴静 of another unit is not; who has no account is named.
            try await world.account("吴静")
            for typed in ["刘芳", "liuf", "A-刘"] {
                #expect(try await officer.get("/grants/new?q=\(Fields.encode(typed))").body.contains("account=\(liu)"), "\(typed)")
            }
            let none = try await officer.get("/grants/new?q=\(Fields.encode("吴静"))").body
            #expect(none.contains("没有找到这样的账号") && !none.contains("a-吴静"))
            let without = try await officer.get("/grants/new?q=\(Fields.encode("陈杰"))").body
            #expect(without.contains("还没有账号的人") && without.contains("/people/\(world.named.people["陈杰"]!)"))

            let form = try await officer.get("/grants/new?account=\(liu)").body
            #expect(form.contains("滨河街道总工会 主席（2018-03-01 至今）") && form.contains("value=\"HX-LJ-BH\"") && !form.contains("审计员"))
            let fields = [("account", "\(liu)"), ("role", "personnelOfficer"), ("unit", "HX-LJ-BH"), ("from", "\(today)"), ("to", ""), ("post", "\(post.id)"), ("why", "临工发〔2026〕3 号")]
            let before = try await world.grants()
            let preview = try await officer.post("/grants", fields, token: Self.token)
            #expect(preview.status == 200 && preview.body.contains("请核对") && preview.body.contains("滨河街道总工会及其 2 个下级单位") && preview.body.contains("\(today) 起"))
            #expect(try await world.grants() == before)
            let edit = try await officer.post("/grants", fields + [("step", "edit")], token: Self.token)
            #expect(edit.body.contains("临工发〔2026〕3 号") && !edit.body.contains("请核对"))

            let given = try await officer.post("/grants", fields + [("step", "give")], token: Self.token)
            let link = try #require(given.location)
            #expect(given.status == 303 && link.hasPrefix("/grants/"))
            let page = try await officer.get(link).body
            #expect(page.contains("王建国") && page.contains("临工发〔2026〕3 号") && page.contains("结束这项授权"))
            #expect(try await receiver.get("/people").status == 200)
            #expect(try await world.kinds(of: liu) == ["grant.given"])
            let act = try await world.app.database.read { try AuditStore.lines(AuditAsk(kind: "grant.give"), limit: 1, in: $0).first }
            #expect(act?.why == "临工发〔2026〕3 号" && act?.who.contains("王建国") == true && act?.changes == 1)
            // Twice is once too often.
            #expect(try await officer.post("/grants", fields + [("step", "give")], token: Self.token).body.contains("不用再授"))
        }
    }

    @Test("What must not be given is refused beside its field, and nothing is written")
    func refusals() async throws {
        try await GrantWorld.served { world in
            let today = Clock.today, wang = try await world.account("王建国", world.grant(.personnelOfficer, "HX-LJ"))
            let officer = try await world.browser(wang), liu = try await world.account("刘芳"), nobody = try await world.account("没有档案的人")
            let post = try await world.post("刘芳").id, own = try await world.post("王建国").id, far = try await world.post("吴静").id
            func ask(_ changed: (String, String)...) async throws -> Browser.Answer {
                let fields = [("account", "\(liu)"), ("role", "leader"), ("unit", "HX-LJ-BH"), ("from", "\(today)"), ("to", ""), ("post", "\(post)"), ("step", "give")]
                return try await officer.post("/grants", fields.map { field in changed.first { $0.0 == field.0 } ?? field }, token: Self.token)
            }
            let before = try await world.grants()
            for (changed, words) in [
                ([("role", "")], "身份没有选"), ([("role", "auditor"), ("unit", "HX-LJ")], "只能由衡溪市总工会的安全管理员授予"), ([("unit", "HX")], "没有找到"),
                ([("role", "personnelOfficer"), ("unit", "HX-LJ")], "与您平级"), ([("from", "2020-02-30")], "开始日期没有填或不存在"),
                ([("from", "\(today - 1)")], "不能补到以前"), ([("to", "\(today)")], "结束日期应在开始日期之后"), ([("to", "x")], "结束日期不存在"),
                ([("post", "none")], "必须依托本人的一个现任职"), ([("post", "")], "必须依托本人的一个现任职"), ([("post", "\(far)")], "不是本人"), ([("post", "abc")], "没有这个任职"),
                ([("account", "\(wang)"), ("post", "\(own)"), ("unit", "HX-LJ")], "不能给自己授权"), ([("unit", "HX-LJ")], "应由本单位或上级单位的人担任"),
            ] as [([(String, String)], String)] {
                let fields = [("account", "\(liu)"), ("role", "leader"), ("unit", "HX-LJ-BH"), ("from", "\(today)"), ("to", ""), ("post", "\(post)"), ("step", "give")]
                let answer = try await officer.post("/grants", fields.map { field in changed.first { $0.0 == field.0 } ?? field }, token: Self.token)
                #expect(answer.body.contains(words), "\(changed)")
            }
            #expect(try await ask(("account", "\(nobody)")).status == 404)
            #expect(try await officer.get("/grants/new?account=\(nobody)").status == 404)
            #expect(try await ask(("account", "")).status == 422)
            #expect(try await world.grants() == before)
            // From the root the account without a person is seen, and gets a duty but no office.
            let root = try await world.browser(world.account("周明", world.grant(.securityAdmin, "HX")))
            func give(_ role: String) async throws -> Browser.Answer {
                try await root.post("/grants", [("account", "\(nobody)"), ("role", role), ("unit", "HX"), ("from", "\(today)"), ("post", "none"), ("step", "give")], token: Self.token)
            }
            #expect(try await give("finance").body.contains("没有对应名册里的人"))
            #expect(try await give("auditor").status == 303)
            #expect(try await give("systemAdmin").body.contains("三员必须分给三个人"))
            #expect(try await world.grants() == before + 2)
        }
    }

    @Test("A grant is ended with a reason after a look at what it comes to; nobody ends an own or an equal's")
    func ending() async throws {
        try await GrantWorld.served { world in
            let today = Clock.today, post = try await world.post("刘芳").id
            let officer = try await world.browser(world.account("王建国", world.grant(.personnelOfficer, "HX-LJ")))
            let liu = try await world.account("刘芳", world.grant(.personnelOfficer, "HX-LJ-BH", from: today - 5, restingOn: post))
            let equal = try await world.account("李秀英", world.grant(.personnelOfficer, "HX-LJ"))
            func id(_ account: Int64) async throws -> Int64 { try await world.app.database.read { try GrantListStore.records(of: account, in: $0)[0].id } }
            let grant = try await id(liu), path = "/grants/\(grant)", receiver = try await world.browser(liu)
            #expect(try await receiver.get("/people").status == 200)
            for (fields, words) in [
                ([("day", ""), ("why", "调整")], "没有填或不存在"), ([("day", "\(today - 1)"), ("why", "调整")], "已经过去"), ([("day", "\(today)"), ("why", "")], "理由没有填"),
            ] as [([(String, String)], String)] {
                #expect(try await officer.post(path + "/end", fields + [("sure", "yes")], token: Self.token).body.contains(words))
            }
            let fields = [("day", "\(today)"), ("why", "工作调整")]
            let preview = try await officer.post(path + "/end", fields, token: Self.token)
            #expect(preview.body.contains("立即结束") && preview.body.contains("此后没有组织人事管理员") && preview.body.contains("工作调整"))
            #expect(try await receiver.get("/people").status == 200)
            #expect(try await officer.post(path + "/end", fields + [("sure", "yes")], token: Self.token).location == path)
            #expect(try await receiver.get("/people").location == "/sign-in?lost=1&to=%2Fpeople")
            #expect(try await receiver.get("/people").location == "/sign-in?to=%2Fpeople")
            #expect(try await Browser(port: world.port).get("/sign-in?lost=1").body.contains("登录随之结束"))
            #expect(try await world.kinds(of: liu) == ["grant.taken"])
            let after = try await officer.get(path).body
            #expect(after.contains("已结束") && after.contains("工作调整") && !after.contains("结束这项授权"))
            #expect(try await officer.post(path + "/end", fields + [("sure", "yes")], token: Self.token).body.contains("不用再结束"))
            #expect(try await officer.get("/grants?which=over").body.contains(path))
            #expect(try await !officer.get("/grants").body.contains("\"\(path)\""))
            // An equal's and one's own are seen and stay.
            let other = try await id(equal)
            #expect(try await officer.get("/grants/\(other)").body.contains("与您平级"))
            #expect(try await officer.post("/grants/\(other)/end", fields + [("sure", "yes")], token: Self.token).status == 422)
            let own = try await world.app.database.read { db in try GrantListStore.records(GrantListStore.Ask(typed: "王建国", today: today), in: db)[0].id }
            #expect(try await officer.post("/grants/\(own)/end", fields + [("sure", "yes")], token: Self.token).body.contains("不能结束自己的授权"))
            #expect(try await world.app.database.read { try GrantListStore.records(GrantListStore.Ask(today: today), in: $0).count } == 2)
        }
    }

    @Test("The list is filtered; units without an officer are listed with who stands in, until one of them has one")
    func lists() async throws {
        try await GrantWorld.served { world in
            let today = Clock.today, post = try await world.post("刘芳").id
            let officer = try await world.browser(world.account("王建国", world.grant(.personnelOfficer, "HX-LJ")))
            try await world.account("刘芳", world.grant(.leader, "HX-LJ-BH", to: today + 9, restingOn: post), world.grant(.finance, "HX-LJ-BH", from: today + 9, restingOn: post))
            try await world.account("吴静", world.grant(.leader, "HX-JC"))
            let list = try await officer.get("/grants").body
            #expect(list.contains("a-刘芳") && !list.contains("a-吴静") && list.contains("还有 9 天") && list.contains("项授权将在 30 天内结束"))
            #expect(try await officer.get("/grants?which=soon").body.contains("a-刘芳"))
            let coming = try await officer.get("/grants?which=coming").body
            #expect(coming.contains("财务") && coming.contains("尚未开始"))
            #expect(try await officer.get("/grants?which=over").body.contains("这一栏里没有授权"))
            #expect(!(try await officer.get("/grants?role=personnelOfficer").body.contains("a-刘芳")))
            #expect(try await officer.get("/grants?who=\(Fields.encode("liuf"))").body.contains("a-刘芳"))
            #expect(try await officer.get("/grants?unit=\(Fields.encode("滨河"))").body.contains("a-刘芳"))
            #expect(try await officer.get("/grants?unit=\(Fields.encode("机床"))").body.contains("您的范围内没有"))

            #expect(list.contains("<b>4</b>") && list.contains("个单位没有组织人事管理员"))
            let vacancies = try await officer.get("/grants/vacancies").body
            #expect(vacancies.contains("滨河街道总工会") && vacancies.contains("临江区总工会 王建国") && !vacancies.contains("机床集团工会"))
            #expect(try await officer.get("/grants/new?unit=HX-LJ-BH&role=personnelOfficer").body.contains("在滨河街道总工会或其上级任职的人"))
            try await world.account("陈杰", world.grant(.personnelOfficer, "HX-LJ-BH", restingOn: world.post("陈杰").id))
            #expect(vacancies.contains("没有过") && !vacancies.contains("，到 "))
            let later = try await officer.get("/grants/vacancies").body
            #expect(!later.contains("HX-LJ-BH&amp;role") && later.contains("滨河街道总工会 陈杰"))
            // 陈杰 leaves: the unit waits for a successor, here and on the first page.
            try await world.app.database.write(Bench.act) { db in
                try RosterStore.end(RosterStore.appointments(of: [world.named.people["陈杰"]!], in: db)[0].id, on: today, in: db)
            }
            #expect(try await officer.get("/grants/vacancies").body.contains("陈杰，到 \(today - 1)"))
            #expect(try await officer.get("/grants").body.contains("其中 1 个原来有"))
            let first = try await officer.get("/").body
            #expect(first.contains("个单位的组织人事管理员已离任") && first.contains("项授权将在 30 天内结束"))
            for role in [Role.leader, .auditor, .systemAdmin, .finance] {
                let other = try await world.browser(world.account("\(role)", world.grant(role, "HX")))
                for path in ["/grants", "/grants/new", "/grants/vacancies", "/grants/1"] { #expect(try await other.get(path).status == 404) }
            }
            let beside = try await world.browser(world.account("欧阳修文", world.grant(.personnelOfficer, "HX-JC")))
            let id = try #require(list.firstMatch(of: #/\/grants\/(\d+)/#)?.1)
            #expect(try await beside.get("/grants/\(id)").status == 404)
            #expect(try await beside.get("/grants/77").status == 404)
        }
    }
}
