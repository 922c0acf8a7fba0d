import Access
import Accounts
import App
import Kit
import Ledger
import Register
import TestBench
import Testing
import World

@Suite("我的档案，与有误反映", .ownThreads) struct ArchiveStories {
    private struct World: Sendable {
        let app: App
        let named: Named
        let own: Browser
        let other: Browser
        let officer: Browser
    }

    /// 刘芳 and 陈杰 with accounts of their own, and the officer of 临江区 above both.
    private func story(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let passwords = [
                try Learners.account("liufang", of: "刘芳", named, app.database), try Learners.account("chenjie", of: "陈杰", named, app.database),
                try Accounts.add("office", role: "personnelOfficer", unit: "HX-LJ", displayName: "林晓红", today: Clock.today, by: Bench.act, in: app.database, .least),
            ]
            var browsers: [Browser] = []
            for (name, password) in zip(["liufang", "chenjie", "office"], passwords) {
                browsers.append(Browser(port: port))
                try await browsers.last!.signIn(name, password)
            }
            try await body(World(app: app, named: named, own: browsers[0], other: browsers[1], officer: browsers[2]))
        }
    }

    private func entry(of person: String, _ world: World) throws -> HourEntry {
        try world.app.database.readNow { try HourEntryStore.entries(of: world.named.people[person]!, from: $0) }[0]
    }

    @Test("The archive shows who, which posts, every training with its source and what counts how; numbers are masked")
    func shows() async throws {
        try await story { world in
            let page = try await world.own.get("/me/archive")
            #expect(page.status == 200)
            #expect(page.body.contains("2022年基层工会干部轮训班") && page.body.contains("滨河街道总工会") && page.body.contains("2018-03-01 至今"))
            #expect(page.body.contains("计入年度脱产培训学时") && page.body.contains("********"))
            let number = try world.app.database.readNow { db in
                try RosterStore.idNumber(of: RosterStore.person(world.named.people["刘芳"]!, in: db)!, numbers: world.app.numbers).text
            }
            #expect(!page.body.contains(number))
            #expect(try await world.own.get("/me/archive?year=2021").body.contains("2021 年没有培训"))
            let record = try await world.own.get("/me/records/\(try entry(of: "刘芳", world).id)")
            #expect(record.status == 200 && record.body.contains("计 <b>40 学时</b>") && record.body.contains("临江区总工会") && record.body.contains("测试用的小世界"))
        }
    }

    @Test("What is somebody else's is not there: record, objection, post")
    func forbidden() async throws {
        try await story { world in
            let foreign = try entry(of: "刘芳", world), person = world.named.people["刘芳"]!
            let post = try world.app.database.readNow { try RosterStore.appointments(of: [person], in: $0) }[0]
            for path in [
                "/me/records/\(foreign.id)", "/me/records/999", "/me/objections/new?what=record&id=\(foreign.id)", "/me/objections/new?what=post&id=\(post.id)",
                "/me/objections/new?what=person&id=\(person)", "/me/objections/new?what=x&id=1", "/people/\(person)", "/people/\(person)/certificates", "/records/\(foreign.id)",
                "/approvals/1",
            ] { #expect(try await world.other.get(path).status == 404, "\(path)") }
            _ = try await world.other.get("/me/archive")
            #expect(try await world.other.post("/me/objections", [("what", "record"), ("id", "\(foreign.id)"), ("text", "x")]).status == 404)
        }
    }

    @Test("An objection goes to the officer, is answered there, and the answer comes back; a correction shows in the source")
    func objection() async throws {
        try await story { world in
            let entry = try entry(of: "刘芳", world), asking = "/me/objections/new?what=record&id=\(entry.id)"
            let form = try await world.own.get(asking)
            #expect(form.body.contains("由临江区总工会林晓红（组织人事管理员）核对并答复您"))
            let fields = [("what", "record"), ("id", "\(entry.id)")]
            #expect(try await world.own.post("/me/objections", fields + [("text", " ")]).body.contains("还没有写哪里有误"))
            #expect(try await world.own.post("/me/objections", fields + [("text", String(repeating: "长", count: 501))]).body.contains("超过 500 个"))
            #expect(try await world.own.post("/me/objections", fields + [("text", "我参加了 4 天，不是 5 天")]).location == "/me/objections?sent=1")
            _ = try await world.own.get(asking)
            #expect(try await world.own.post("/me/objections", fields + [("text", "再说一遍")]).body.contains("正在等待答复"))
            #expect(try await world.own.get("/me/archive").body.contains("1 次培训") == false)
            #expect(try await world.own.get("/me/records/\(entry.id)").body.contains("已反映，等待答复"))
            #expect(try await world.own.get("/me").body.contains("1 条等待答复"))

            // The officer is told, looks, answers; nobody else may.
            #expect(try await world.officer.get("/notices").body.contains("刘芳反映培训“2022年基层工会干部轮训班”"))
            let list = try await world.officer.get("/approvals")
            let link = try #require(list.body.firstMatch(of: /\/approvals\/\d+/)).output
            #expect(list.body.contains("有 <b>1</b> 件事等您办理"))
            #expect(try await world.other.get(String(link)).status == 404)
            let page = try await world.officer.get(String(link))
            #expect(page.body.contains("我参加了 4 天，不是 5 天") && page.body.contains("/records/\(entry.id)"))
            #expect(try await world.officer.act("consent", on: String(link)).body.contains("还没有写答复"))
            #expect(try await world.officer.act("return", on: String(link), [("why", "请写清楚")]).status == 404)
            #expect(try await world.officer.act("consent", on: String(link), [("why", "签到表为 4 天，已更正")]).location == String(link))
            #expect(try await world.officer.act("decline", on: String(link), [("why", "再答一次")]).body.contains("不用再办"))

            #expect(try await world.own.get("/notices").body.contains("已更正：签到表为 4 天，已更正"))
            let answered = try await world.own.get("/me/objections")
            #expect(answered.body.contains("答复：签到表为 4 天，已更正") && answered.body.contains("林晓红") && !answered.body.contains(">撤回<"))
        }
    }

    @Test("A correction stands in the archive with what it replaced, who did it and why")
    func corrected() async throws {
        try await story { world in
            let entry = try entry(of: "刘芳", world)
            var right = entry.record
            right.halfDays = 8
            let record = right
            try await world.app.database.write(MessageStories.act) { db in
                try HourEntryStore.correct(entry.id, to: record, why: "签到表为 4 天", db)
            }
            let old = try await world.own.get("/me/records/\(entry.id)")
            #expect(old.body.contains("这一笔后来更正了"))
            let now = try #require(old.body.firstMatch(of: /\/me\/records\/(\d+)">看现在/)).1
            let page = try await world.own.get("/me/records/\(now)")
            #expect(page.body.contains("计 <b>32 学时</b>") && page.body.contains("冲销") && page.body.contains("林晓红") && page.body.contains("更正后登记"))
            #expect(try await world.own.get("/me/archive").body.contains("更正过"))
        }
    }

    @Test("An objection can be taken back; one's own cannot be answered by oneself")
    func withdrawn() async throws {
        try await story { world in
            let person = world.named.people["刘芳"]!
            _ = try await world.own.get("/me/objections/new?what=person&id=\(person)")
            _ = try await world.own.post("/me/objections", [("what", "person"), ("id", "\(person)"), ("text", "学历应为研究生")])
            let list = try await world.own.get("/me/objections")
            let path = try #require(list.body.firstMatch(of: /\/me\/objections\/\d+\/withdraw/)).output
            _ = try await world.other.get("/account")
            #expect(try await world.other.post(String(path)).status == 404)
            #expect(try await world.own.post(String(path)).location == "/me/objections")
            #expect(try await world.own.get("/me/objections").body.contains("已撤回"))
            // The officer's own file: asked, but for somebody else to answer.
            try await world.app.database.write(Bench.act) { db in
                let me = try db.first(SQL("SELECT id FROM account WHERE name = 'office'"), { $0.int(0) })!
                _ = try db.run(SQL("UPDATE account SET person_id = \(world.named.people["张伟"]!) WHERE id = \(me)"))
            }
            let own = world.named.people["张伟"]!
            _ = try await world.officer.get("/me/objections/new?what=person&id=\(own)")
            _ = try await world.officer.post("/me/objections", [("what", "person"), ("id", "\(own)"), ("text", "学历应为研究生")])
            let mine = try #require(try await world.officer.get("/approvals").body.matches(of: /\/approvals\/\d+/).first).output
            #expect(try await world.officer.get(String(mine)).body.contains("不能由您自己决定"))
            #expect(try await world.officer.act("consent", on: String(mine), [("why", "x")]).body.contains("不能由您自己答复"))
        }
    }

    @Test("An officer registers, corrects and ends a certificate, with reasons; the person sees it and is told")
    func certificates() async throws {
        try await story { world in
            let person = world.named.people["刘芳"]!, path = "/people/\(person)/certificates"
            #expect(try await world.officer.get(path).body.contains("还没有上岗证书"))
            var fields = ["title": "工会干部上岗证书", "number": "HX-0001", "issuer": "衡溪市总工会", "issued": "2024-03-01", "until": "2023-02-28", "refresher": ""]
            func send(_ to: String, _ more: [String: String] = [:]) async throws -> Browser.Answer {
                try await world.officer.post(to, fields.merging(more) { $1 }.map { ($0.key, $0.value) })
            }
            #expect(try await send(path).body.contains("早于发证日期"))
            fields["until"] = "2099-02-28"
            #expect(try await send(path, ["refresher": "2023-01-01"]).body.contains("不在发证日期和有效期之间"))
            #expect(try await send(path, ["number": ""]).body.contains("证书编号没有填"))
            #expect(try await send(path, ["issued": "2098-01-01"]).body.contains("还没有到"))
            #expect(try await send(path).location == path)
            #expect(try await send(path).body.contains("已经登记过"))
            #expect(try await world.own.get("/me/archive").body.contains("编号 HX-0001"))
            #expect(try await world.own.get("/notices").body.contains("登记了证书"))

            let one = try #require(try await world.officer.get(path).body.firstMatch(of: /certificates\/(\d+)/)).1
            #expect(try await send("\(path)/\(one)", ["refresher": "2026-12-01"]).body.contains("更正要写明理由"))
            #expect(try await send("\(path)/\(one)", ["why": "x"]).body.contains("完全相同"))
            #expect(try await send("\(path)/\(one)", ["refresher": "2030-12-01", "why": "照证书补登"]).location == path)
            #expect(try await world.officer.post("\(path)/\(one)/end", [("day", "2025-01-01"), ("reason", "")]).body.contains("注销要写明理由"))
            #expect(try await world.officer.post("\(path)/\(one)/end", [("day", "2020-01-01"), ("reason", "调离")]).body.contains("之内"))
            #expect(try await world.officer.post("\(path)/\(one)/end", [("day", "2025-01-01"), ("reason", "调离")]).location == path)
            #expect(try await world.officer.post("\(path)/\(one)/end", [("day", "2025-01-01"), ("reason", "调离")]).body.contains("已于 2025-01-01 注销"))
            #expect(try await world.own.get("/me/archive").body.contains("已注销"))
            let changes = try await world.app.database.read { db in try ActStore.changes(of: "post_certificate", [Int64(one)!], in: db) }
            #expect(changes.map(\.act.kind) == ["certificate.end", "certificate.correct", "certificate.add"])
            #expect(try await world.own.get(path).status == 404)
            #expect(try await world.own.post(path, fields.map { ($0.key, $0.value) }).status == 404)
        }
    }
}
