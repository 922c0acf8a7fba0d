import Access
@testable import Accounts
@testable import App
@testable import Approvals
import Foundation
import Kit
import Register
import TestBench
import Testing
import World

@Suite("Approvals of a kind that exists only here, in three steps", .ownThreads) struct ApprovalStories {
    /// Everybody who has a hand in it: the unit asks, its leader, the district's officer and finance, and the city's leader decide.
    struct Cast: Sendable {
        let app: App, port: Int, named: Named
        let asker, leader, officer, finance, head: Browser

        func ask(_ name: String = "刘芳", school: String = "省工会干部学院", cost: String = "8000") async throws -> String {
            try #require(try await asker.post("/people/\(named.people[name]!)/study", [("school", school), ("cost", cost), ("why", "本人申请")], token: Caller.token).location)
        }

        func browser(_ account: Int64) async throws -> Browser {
            let browser = Browser(port: port)
            await browser.setCookie("yugong", try await app.database.write(Bench.act) { try Caller.session(account, in: $0) })
            _ = try await browser.get("/account")
            return browser
        }

        func account(_ name: String, _ role: Role?, at code: String, person: String? = nil) async throws -> Int64 {
            try await app.database.write(Bench.act) { db in
                let id = try AccountStore.add(name, displayName: name, hash: "-", personID: person.flatMap { named.people[$0] }, in: db)
                if let role { try GrantStore.give(Grant(role: role, organizationID: named.units[code]!, from: .always, to: .open), to: id, in: db) }
                return id
            }
        }
    }

    static func cast(steps: String = Study.steps, _ body: @escaping @Sendable (Cast) async throws -> Void) async throws {
        try await Study.onBothEngines(steps: steps) { app in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            try await beside({ ready in try await app.web(Listening(host: "127.0.0.1", port: 0), onReady: ready).run() }) { port in
                func browser(_ name: String, _ role: Role, at code: String) async throws -> Browser {
                    let bare = Cast(app: app, port: port, named: named, asker: Browser(port: port), leader: Browser(port: port), officer: Browser(port: port), finance: Browser(port: port), head: Browser(port: port))
                    return try await bare.browser(bare.account(name, role, at: code))
                }
                try await body(Cast(
                    app: app, port: port, named: named, asker: browser("街道管理员", .personnelOfficer, at: "HX-LJ-BH"), leader: browser("街道领导", .leader, at: "HX-LJ-BH"),
                    officer: browser("区管理员", .personnelOfficer, at: "HX-LJ"), finance: browser("区财务", .finance, at: "HX-LJ"), head: browser("市领导", .leader, at: "HX")))
            }
        }
    }

    @Test("One step after the other, two beside each other; whose turn it is not has nothing to decide; the last consent brings it about")
    func inTurn() async throws {
        try await Self.cast { cast in
            let link = try await cast.ask()
            #expect(try await cast.leader.get("/approvals").body.contains("刘芳 读学历"))
            #expect(try await cast.leader.get("/notices").body.contains("刘芳申请到省工会干部学院读学历；请办理"))
            for early in [cast.officer, cast.finance] {
                #expect(try await early.get("/approvals").body.contains("没有等您办理的事"))
                #expect(try await early.act("consent", on: link).body.contains("现在没有轮到您"))
            }
            #expect(try await cast.asker.act("consent", on: link).status == 404)
            #expect(try await cast.leader.act("consent", on: link, [("why", "支持")]).location == link)
            #expect(try await cast.leader.act("consent", on: link).body.contains("现在没有轮到您"))
            #expect(try await cast.officer.act("consent", on: link).location == link)
            #expect(try await cast.head.act("consent", on: link).body.contains("现在没有轮到您"), "one of two beside each other is not both")
            #expect(try await cast.finance.act("consent", on: link, [("why", "经费可列支")]).location == link)
            let page = try await cast.head.get(link).body
            for word in ["第 1 步同意：支持", "第 3 步同意：经费可列支", "街道领导", "区财务", "办理</h2>"] { #expect(page.contains(word), "\(word)") }
            #expect(try await cast.head.act("consent", on: link).location == link)
            #expect(try await cast.asker.get("/notices").body.contains("刘芳读学历的申请已同意"))
            let told = try await cast.app.database.read { try $0.count("SELECT count(*) FROM message WHERE kind = 'study.begun'") }
            #expect(told == 1)
            #expect(try await cast.head.get("/approvals?view=decided").body.contains("刘芳 读学历"))
        }
    }

    @Test("Sent back with a remark on one part, changed and asked again, everything is decided anew, and what changed is shown")
    func returned() async throws {
        try await Self.cast { cast in
            let link = try await cast.ask()
            #expect(try await cast.leader.act("consent", on: link).location == link)
            #expect(try await cast.officer.act("return", on: link).body.contains("退回时要写明原因"))
            #expect(try await cast.officer.act("return", on: link, [("why", "费用偏高"), ("remark.cost", "标准是 6000")]).location == link)
            #expect(try await cast.finance.act("consent", on: link).body.contains("已经退回修改"), "the round is over for whoever went on beside")
            let back = try await cast.asker.get(link).body
            #expect(back.contains("退回意见：标准是 6000") && back.contains("改好再提") && back.contains("退回修改：费用偏高"))
            #expect(try await cast.asker.get("/approvals").body.contains("退回给您修改"))
            #expect(try await cast.asker.post("\(link)/ask", [("school", ""), ("why", "改好了")]).body.contains("学校没有填"))
            #expect(try await cast.asker.post("\(link)/ask", [("school", "省工会干部学院"), ("cost", "6000"), ("why", "")]).body.contains("理由没有填"))
            #expect(try await cast.officer.post("\(link)/ask", [("school", "别的学校"), ("cost", "1"), ("why", "代改")], token: Caller.token).status == 303, "the superior keeps the asking unit too")
            #expect(try await cast.asker.post("\(link)/ask", [("school", "省工会干部学院"), ("cost", "6000"), ("why", "按标准")]).location == link)
            let again = try await cast.leader.get(link).body
            #expect(again.contains("第 3 次提出") && again.contains("有改动") && again.contains("原为：1") && again.contains("办理</h2>"))
            #expect(try await cast.leader.get("/approvals").body.contains("第 3 次"))
            for browser in [cast.leader, cast.officer, cast.finance, cast.head] { _ = try await browser.act("consent", on: link) }
            // The district's officer had asked in between, and does not decide.
            #expect(try await cast.officer.get(link).body.contains("不能由您自己决定") == false)
            #expect(try await cast.app.database.read { try ApprovalStore.approval(Int64(link.split(separator: "/").last!)!, in: $0)?.state } == .asked)
        }
    }

    @Test("What was decided is bound to what was seen: content that has changed since is refused, alone and among several")
    func bound() async throws {
        try await Self.cast { cast in
            let first = try await cast.ask(), second = try await cast.ask("陈杰")
            let page = try await cast.leader.get(first).body
            let seen = try #require(page.firstMatch(of: /name="digest" value="([^"]*)"/)).1
            let list = try await cast.leader.get("/approvals").body
            let ticked = list.matches(of: /name="approval" value="([^"]*)"/).map { ("approval", String($0.1)) }
            #expect(ticked.count == 2)
            #expect(try await cast.asker.post("\(first)/ask", [("school", "省工会干部学院"), ("cost", "9000"), ("why", "涨价")]).location == first)
            #expect(try await cast.asker.post("\(first)/ask", [("school", "省工会干部学院"), ("cost", "9000"), ("why", "再提")]).body.contains("内容没有改动"))
            #expect(try await cast.leader.post("\(first)/consent", [("digest", String(seen))]).body.contains("申请的内容有了变动"))
            let together = try await cast.leader.post("/approvals/consent", ticked)
            #expect(together.status == 200 && together.body.contains("已同意 1 件") && together.body.contains("刘芳 读学历：您打开以后，申请的内容有了变动"))
            #expect(try await cast.leader.post("/approvals/consent").body.contains("没有选要同意的"))
            let rest = try await cast.leader.get("/approvals").body.matches(of: /name="approval" value="([^"]*)"/).map { ("approval", String($0.1)) }
            #expect(try await cast.leader.post("/approvals/consent", rest).location == "/approvals?done=1")
            #expect(try await cast.leader.get("/approvals?done=1").body.contains("已同意 1 件"))
            #expect(try await cast.officer.get(second).body.contains("第 1 步同意"))
            #expect(try await cast.head.post("/approvals/consent", [("approval", "1~x")]).status == 404)
        }
    }

    @Test("A decision is taken back while nothing rests on it; what was withdrawn stays so")
    func takenBack() async throws {
        try await Self.cast { cast in
            let link = try await cast.ask()
            #expect(try await cast.leader.act("take-back", on: link, [("why", "看错了")]).body.contains("没有可以撤回的决定"))
            _ = try await cast.leader.act("consent", on: link)
            #expect(try await cast.leader.get(link).body.contains("撤回决定</button>"))
            #expect(try await cast.officer.get(link).body.contains("撤回决定</button>") == false)
            #expect(try await cast.leader.act("take-back", on: link, [("why", "看错了")]).location == link)
            #expect(try await cast.officer.act("consent", on: link).body.contains("现在没有轮到您"))
            _ = try await cast.leader.act("consent", on: link)
            _ = try await cast.officer.act("consent", on: link)
            #expect(try await cast.leader.act("take-back", on: link, [("why", "又看错了")]).body.contains("没有可以撤回的决定"), "the officer's decision rests on it")
            #expect(try await cast.officer.act("take-back", on: link, [("why", "再想想")]).location == link)
            #expect(try await cast.finance.act("decline", on: link, [("why", "没有经费")]).location == link)
            #expect(try await cast.asker.get("/notices").body.contains("没有同意：没有经费"))
            #expect(try await cast.finance.act("take-back", on: link, [("why", "有经费了")]).location == link)
            #expect(try await cast.officer.act("consent", on: link).location == link)
            #expect(try await cast.asker.act("withdraw", on: link, [("why", "不读了")]).location == link)
            #expect(try await cast.finance.act("consent", on: link).body.contains("已撤销，不用再办"))
            #expect(try await cast.finance.act("take-back", on: link, [("why", "还是读")]).body.contains("自己撤销的"))
            #expect(try await cast.ask() != link)
        }
    }

    @Test("A substitute decides in an absence and both names are kept; not on the own matter, not where the asker chose them, not when it is over")
    func substitutes() async throws {
        try await Self.cast { cast in
            let today = Clock.today, deputy = try await cast.account("副主席", .leader, at: "HX-LJ-BH-FW", person: "陈杰"), stands = try await cast.browser(deputy)
            let leader = try await cast.app.database.read { try $0.first("SELECT id FROM account WHERE name = '街道领导'") { $0.int(0) } }!
            let link = try await cast.ask()
            #expect(try await stands.get("/approvals").body.contains("没有等您办理的事"))
            #expect(try await stands.act("consent", on: link).status == 404)
            // Who is offered: duties at the unit and above, and colleagues with a post.
            let offered = try await cast.leader.get("/substitutes").body
            #expect(offered.contains("陈杰") == false && offered.contains("副主席") && offered.contains("区管理员") && !offered.contains("上传的人"))
            func choose(_ browser: Browser, _ id: Int64, from: Day, until: Day, more: [(String, String)] = []) async throws -> Browser.Answer {
                try await browser.post("/substitutes", [("substitute", "\(id)"), ("from", "\(from)"), ("until", "\(until)"), ("why", "出差")] + more, token: Caller.token)
            }
            for (answer, words) in [
                (try await choose(cast.leader, 1, from: today, until: today + 3), "请从列出的人里选"), (try await choose(cast.leader, deputy, from: today + 3, until: today), "最后一天早于第一天"),
                (try await choose(cast.leader, deputy, from: today - 9, until: today - 5), "已经过去"), (try await choose(cast.leader, deputy, from: today, until: today + 400), "一次最长"),
            ] { #expect(answer.status == 200 && answer.body.contains(words), "\(words)") }
            #expect(try await choose(cast.leader, deputy, from: today, until: today + 3).location == "/substitutes")
            #expect(try await choose(cast.leader, deputy, from: today + 2, until: today + 9).body.contains("已经有代理人"))
            #expect(try await choose(stands, leader, from: today, until: today + 3).body.contains("互相代理"))
            #expect(try await stands.get("/notices").body.contains("由您代街道领导办理"))
            let inbox = try await stands.get("/approvals").body
            #expect(inbox.contains("刘芳 读学历") && inbox.contains("代街道领导办理"))
            #expect(try await stands.get("/people/\(cast.named.people["刘芳"]!)").status == 404, "nothing else is lent")
            #expect(try await stands.act("consent", on: link, [("why", "同意")]).location == link)
            #expect(try await cast.asker.get(link).body.contains("副主席（代街道领导）"))
            // The own matter, though somebody else's turn.
            let own = try await cast.ask("陈杰")
            #expect(try await stands.get(own).body.contains("不能由您自己决定"))
            #expect(try await stands.act("consent", on: own).body.contains("关于您本人"))
            // Ended by the one who is away; then nothing is there any more.
            let id = try await cast.app.database.read { try $0.first("SELECT id FROM substitute") { $0.int(0) } }!
            #expect(try await cast.finance.post("/substitutes/\(id)/end", token: Caller.token).status == 404)
            #expect(try await cast.leader.post("/substitutes/\(id)/end").location == "/substitutes")
            #expect(try await stands.act("consent", on: own).status == 404)
            // By a superior, for somebody below; that one's asking is then no matter for the substitute.
            #expect(try await cast.finance.get("/substitutes?for=\(leader)").status == 404)
            #expect(try await cast.officer.get("/substitutes?for=\(leader)").body.contains("为街道领导指定代理人"))
            let superior = try await cast.app.database.read { try $0.first("SELECT id FROM account WHERE name = '区管理员'") { $0.int(0) } }!
            #expect(try await choose(cast.officer, superior, from: today, until: today + 3, more: [("for", "\(leader)")]).body.contains("不能指定自己"))
            #expect(try await choose(cast.officer, deputy, from: today, until: today + 3, more: [("for", "\(leader)")]).location == "/substitutes?for=\(leader)")
            let third = try #require(try await cast.officer.post("/people/\(cast.named.people["赵𬱖"]!)/study", [("school", "省校"), ("cost", "1"), ("why", "申请")]).location)
            #expect(try await stands.act("consent", on: third).body.contains("是与这件事有关的人选定的"))
            #expect(try await cast.leader.act("consent", on: third).location == third)
            // A duty of the three administrators, or an office that has ended, ends the standing in.
            #expect(try await cast.officer.act("withdraw", on: third).location == third)
            let fourth = try await cast.ask("赵𬱖")
            #expect(try await stands.get(fourth).status == 200)
            try await cast.app.database.write(Bench.act) { db in
                try GrantStore.endAll(of: deputy, on: today, in: db)
                try GrantStore.give(Grant(role: .auditor, organizationID: cast.named.units["HX"]!, from: today, to: .open), to: deputy, in: db)
            }
            #expect(try await cast.browser(deputy).act("consent", on: fourth).status == 404)
        }
    }

    @Test("Those whose turn it is are told again on the days that the rules name, once, and their substitutes with them")
    func reminders() async throws {
        try await Self.cast { cast in
            let link = try await cast.ask(), today = Clock.today
            func reminded(_ day: Day) async throws -> Int { try await Reminders.send(cast.app.house, today: day) }
            #expect(try await cast.leader.get(link).body.contains("\(today + 5) 到期"))
            #expect(try await [reminded(today), reminded(today + 2), reminded(today + 3), reminded(today + 3), reminded(today + 4), reminded(today + 5), reminded(today + 6)] == [0, 0, 1, 0, 0, 1, 0])
            #expect(try await cast.leader.get("/notices").body.contains("刘芳读学历的申请还没有办"))
            #expect(try await cast.head.get("/notices").body.contains("还没有办") == false)
            _ = try await cast.leader.act("consent", on: link)
            #expect(try await reminded(today + 5) == 0)
            // Where nobody served for days, what fell due in them is told once, late.
            let other = try await cast.ask("陈杰")
            #expect(try await [reminded(today + 4), reminded(today + 4), reminded(today + 9), reminded(today + 10), reminded(today + 99)] == [1, 0, 1, 0, 0])
            #expect(try await cast.leader.get("/notices").body.contains("陈杰读学历的申请还没有办，\(today + 5) 已过期"))
            #expect(try await cast.leader.get(other).status == 200)
        }
    }

    @Test("A deleted file takes along what was written in its approvals, in every round")
    func erased() async throws {
        try await Self.cast { cast in
            let link = try await cast.ask(), liu = cast.named.people["刘芳"]!
            _ = try await cast.leader.act("return", on: link, [("why", "看不清"), ("remark.school", "省工会干部学院在哪里")])
            _ = try await cast.asker.post("\(link)/ask", [("school", "市工会干部学校"), ("cost", "1"), ("why", "改好")], token: Caller.token)
            let (erased, held) = try await cast.app.database.read { try cast.app.features.erased([liu], [], in: $0) }
            #expect(held.reduce(0) { $0 + $1.undecided } == 1 && held.flatMap(\.goes).contains { $0.name == "学历教育" } && erased.links.contains(link))
            try await cast.app.database.write(Bench.act) { db in for rows in cast.app.features.erasing { try rows.forget(erased, db) } }
            let left = try await cast.app.database.read { try $0.rows("SELECT content FROM approval_round UNION ALL SELECT remarks FROM approval_deed WHERE remarks IS NOT NULL") { $0.text(0) } }
            #expect(left.count == 2 && left.allSatisfy { !$0.contains("工会干部") })
        }
    }
}
