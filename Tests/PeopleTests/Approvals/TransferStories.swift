import App
import Kit
@testable import Register
import TestBench
import Testing
import World

@Suite("调入申请，在浏览器里", .ownThreads) struct TransferStories {
    /// 滨河 asks 机床's officer for 吴静; the city is above both.
    private struct Cast: Sendable {
        let asking, releasing, city: Browser
        let wu: Int64
        let number: String

        func ask(_ more: [(String, String)] = [], name: String = "吴静", number: String? = nil) async throws -> Browser.Answer {
            var fields = [("name", name), ("number", number ?? self.number), ("unit", "HX-LJ-BH"), ("title", "副主席"), ("from", "2026-12-01"), ("category", "grassroots"), ("why", "工作需要")]
            for (key, value) in more { fields = fields.filter { $0.0 != key } + [(key, value)] }
            _ = try await asking.get("/transfers/new")
            return try await asking.post("/transfers", fields)
        }
    }

    private static func cast(_ body: @escaping @Sendable (Cast, App, Named) async throws -> Void) async throws {
        try await PersonActStories.world { app, port, named in
            let wu = try #require(named.people["吴静"])
            let number = try await app.database.read { db in
                try RosterStore.idNumber(of: try #require(try RosterStore.person(wu, in: db)), numbers: app.numbers).text
            }
            try await body(
                Cast(
                    asking: try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"),
                    releasing: try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX-JC"),
                    city: try await PersonActStories.browser(app, port, named, .personnelOfficer, at: "HX"), wu: wu, number: number), app, named)
        }
    }

    private static func posts(_ person: Int64, _ app: App) async throws -> [Appointment] {
        try await app.database.read { db in try RosterStore.appointments(of: [person], in: db) }
    }

    @Test("Somebody outside is found by whole number and name only, and nothing is told but where the request goes")
    func finds() async throws {
        try await Self.cast { cast, app, _ in
            _ = try await cast.asking.get("/transfers/new")
            for fields in [[("name", "吴青"), ("number", cast.number)], [("name", "吴静"), ("number", "110105194912310021")], [("name", "吴静"), ("number", String(cast.number.prefix(6) + cast.number.suffix(4)))], []] {
                let none = try await cast.asking.post("/transfers/find", fields)
                #expect(none.status == 200 && none.body.contains("没有找到姓名和证件号码都相符的人"))
            }
            let found = try await cast.asking.post("/transfers/find", [("name", "吴静"), ("number", cast.number)])
            #expect(found.status == 200 && found.body.contains("已登记在您权限以外的单位") && found.body.contains("衡溪市总工会"))
            #expect(!found.body.contains("2018-10-01") && !found.body.contains("机床") && !found.body.contains("/people/\(cast.wu)"))
            // Who looked is on record.
            let looked = try await app.database.read { db in try ActStore.changes(of: "lookup", [cast.wu], in: db) }
            #expect(looked.count == 1 && looked.first?.act.kind == "person.lookup")
            // The own people lead to their file.
            let own = try await app.database.read { db in
                let id = try #require(try db.first("SELECT id FROM person WHERE name = '刘芳'") { $0.int(0) })
                return (id, try RosterStore.idNumber(of: try #require(try RosterStore.person(id, in: db)), numbers: app.numbers).text)
            }
            #expect(try await cast.asking.post("/transfers/find", [("name", "刘芳"), ("number", own.1)]).location == "/people/\(own.0)/appoint")
        }
    }

    @Test("Consent ends the old post on the new one's first day and begins the new one; both sides are told, and it is taken back")
    func consents() async throws {
        try await Self.cast { cast, app, _ in
            let request = try #require(try await cast.ask().location)
            #expect(request.hasPrefix("/approvals/"))
            let asked = try await cast.asking.get(request)
            #expect(asked.body.contains("等对方办理") && asked.body.contains("您权限以外的单位") && !asked.body.contains("同意调出") && asked.body.contains("撤销申请"))
            #expect(try await cast.asking.get("/people/\(cast.wu)").status == 404)
            #expect(try await cast.asking.act("consent", on: request).status == 404)
            #expect(try await cast.asking.get("/approvals?view=asked").body.contains("吴静"))

            #expect(try await cast.releasing.get("/notices").body.contains("申请调入吴静"))
            let list = try await cast.releasing.get("/approvals")
            #expect(list.body.contains("1</b> 件事等您办理") && list.body.contains("<b class=\"waiting\">1</b>"))
            let seen = try await cast.releasing.get(request)
            #expect(seen.body.contains("同意调出") && seen.body.contains("滨河街道总工会") && seen.body.contains("工作需要"))
            #expect(try await cast.releasing.act("withdraw", on: request).status == 404)
            #expect(try await cast.releasing.act("consent", on: request, [("why", "同意")]).location == request)
            var posts = try await Self.posts(cast.wu, app)
            let first = Day(iso: "2026-12-01")!
            #expect(posts.map(\.to) == [first, .open] && posts.map(\.from).last == first && posts.last?.title == "副主席" && posts.last?.isPrimary == true)
            #expect(try await cast.asking.get("/notices").body.contains("调入吴静的申请已同意"))
            #expect(try await cast.asking.get("/people/\(cast.wu)").status == 200)

            _ = try await cast.releasing.get(request)
            let twice = try await cast.releasing.act("consent", on: request)
            #expect(twice.status == 200 && twice.body.contains("已同意，不用再办"))
            // Neither unit takes the person back from the other alone: who keeps both does.
            for one in [cast.releasing, cast.asking] { #expect(try await !one.get(request).body.contains("撤回决定</button>")) }
            let alone = try await cast.releasing.act("take-back", on: request, [("why", "日期要再商量")])
            #expect(alone.status == 200 && alone.body.contains("另提一份申请"))
            #expect(try await cast.asking.act("take-back", on: request, [("why", "试试")]).status == 404)
            #expect(try await Self.posts(cast.wu, app).count == 2)
            #expect(try await cast.city.get(request).body.contains("撤回决定</button>"))
            #expect(try await cast.city.act("take-back", on: request, [("why", "")]).body.contains("id=\"m-why\""))
            #expect(try await cast.city.act("take-back", on: request, [("why", "日期要再商量")]).location == request)
            posts = try await Self.posts(cast.wu, app)
            #expect(posts.count == 1 && posts.first?.to == .open)
            #expect(try await cast.releasing.get(request).body.contains("撤回决定，重新待办"))
        }
    }

    @Test("It is declined with a reason, withdrawn by those who asked, decided by the common superior; others see nothing")
    func others() async throws {
        try await Self.cast { cast, app, named in
            let first = try #require(try await cast.ask().location)
            #expect(try await cast.ask().body.contains("此人已有一份调入或兼任申请在办"))
            _ = try await cast.releasing.get(first)
            #expect(try await cast.releasing.act("decline", on: first, [("why", "")]).body.contains("不同意时要写明原因"))
            #expect(try await cast.releasing.act("decline", on: first, [("why", "年底前不放")]).location == first)
            let told = try await cast.asking.get(first)
            #expect(told.body.contains("没有同意：年底前不放") && told.body.contains("您权限以外的单位"))

            let second = try #require(try await cast.ask().location)
            _ = try await cast.asking.get(second)
            #expect(try await cast.asking.act("withdraw", on: second, [("why", "人选变了")]).location == second)
            _ = try await cast.releasing.get(second)
            #expect(try await cast.releasing.act("consent", on: second).body.contains("已撤销，不用再办"))
            #expect(try await cast.releasing.act("take-back", on: second, [("why", "还是要放")]).body.contains("申请的一方自己撤销的"))
            // What was declined the one who declined takes back.
            _ = try await cast.releasing.get(first)
            #expect(try await cast.releasing.act("take-back", on: first, [("why", "可以放了")]).location == first)
            #expect(try await cast.releasing.act("take-back", on: first, [("why", "可以放了")]).body.contains("没有可以撤回的决定"))
            #expect(try await cast.releasing.act("decline", on: first, [("why", "年底前不放")]).location == first)

            let third = try #require(try await cast.ask().location)
            #expect(try await cast.city.get(third).body.contains("同意调出"))
            #expect(try await cast.city.act("consent", on: third).location == third)
            #expect(try await Self.posts(cast.wu, app).count == 2)
            #expect(try await cast.city.get("/approvals?view=decided").body.contains("吴静"))

            let stranger = try await PersonActStories.browser(app, cast.city.port, named, .personnelOfficer, at: "HX-LJ-XD")
            _ = try await stranger.get("/approvals")
            for path in [third, "/approvals/1", "/approvals/x"] { #expect(try await stranger.get(path).status == 404) }
            for deed in ["consent", "decline", "withdraw", "take-back"] { #expect(try await stranger.post("\(third)/\(deed)", [("why", "试")]).status == 404) }
            let leader = try await PersonActStories.browser(app, cast.city.port, named, .leader, at: "HX-JC")
            let read = try await leader.get(third)
            #expect(read.status == 200 && !read.body.contains("撤回决定</button>"))
            #expect(try await leader.act("consent", on: third).status == 404)
            #expect(try await leader.get("/transfers/new").status == 404)
            #expect(try await leader.post("/transfers/find", [("name", "吴静"), ("number", cast.number)]).status == 404)
        }
    }

    @Test("What would not hold is refused beside its field, in words that give nothing away")
    func refuses() async throws {
        try await Self.cast { cast, app, _ in
            let early = try await cast.ask([("from", "2018-10-01")])
            #expect(early.status == 200 && early.body.contains("id=\"m-from\"") && early.body.contains("不晚于此人现主任职") && !early.body.contains("机床") && !early.body.contains("至今") && early.body.contains("工作需要"))
            #expect(try await cast.ask([("unit", "HX-JC")]).body.contains("id=\"m-unit\""))
            #expect(try await cast.ask([("why", "")]).body.contains("id=\"m-why\""))
            #expect(try await cast.ask(name: "吴青").body.contains("没有找到姓名和证件号码都相符的人"))

            // The post ends while the request waits: consent has nothing to consent to.
            let request = try #require(try await cast.ask().location)
            let post = try #require(try await Self.posts(cast.wu, app).first)
            _ = try await cast.releasing.get("/people/\(cast.wu)/end")
            #expect(try await cast.releasing.post("/people/\(cast.wu)/end", [("post", "\(post.id)"), ("day", "2026-10-01"), ("why", "辞职")]).status == 303)
            _ = try await cast.releasing.get(request)
            #expect(try await cast.releasing.act("consent", on: request).body.contains("不用再同意"))
            _ = try await cast.asking.get(request)
            #expect(try await cast.asking.act("withdraw", on: request).status == 303)
            // Free now: the post begins at once.
            let free = try await cast.asking.post("/transfers/find", [("name", "吴静"), ("number", cast.number)])
            #expect(free.body.contains("现在没有主任职"))
            #expect(try await cast.ask().location == "/people/\(cast.wu)")
        }
    }

    @Test("Where the officer keeps both units, the move happens at once; from a person's page another's primary post is asked for")
    func own() async throws {
        try await Self.cast { cast, app, named in
            let path = "/people/\(cast.wu)/appoint"
            #expect(try await cast.city.get(path).status == 200)
            #expect(try await cast.asking.get(path).status == 404)
            let fields = [("manner", "move"), ("unit", "HX-LJ-BH"), ("title", "干事"), ("from", "2026-11-01"), ("why", "调动")]
            #expect(try await cast.city.post(path, fields).location == "/people/\(cast.wu)")
            #expect(try await Self.posts(cast.wu, app).count == 2)

            // 机床 keeps a second post of hers, and asks 滨河 for the primary one from her page.
            _ = try await cast.city.get(path)
            #expect(try await cast.city.post(path, [("manner", "also"), ("unit", "HX-JC"), ("title", "顾问"), ("from", "2026-11-02"), ("why", "兼任")]).status == 303)
            _ = try await cast.releasing.get(path)
            let asked = try await cast.releasing.post(path, [("manner", "move"), ("unit", "HX-JC"), ("title", "主任"), ("from", "2026-12-01"), ("why", "调回")])
            #expect(asked.location?.hasPrefix("/approvals/") == true)
        }
    }

    @Test("A side post of somebody outside is asked for like a move; nothing opens before consent, and the person is told")
    func side() async throws {
        try await Self.cast { cast, app, _ in
            let told = { @Sendable in try await app.database.read { db in try db.rows(SQL("SELECT text FROM message WHERE person_id = \(cast.wu)")) { $0.text(0) } } }
            let first = try #require(try await cast.ask([("manner", "also")]).location)
            #expect(first.hasPrefix("/approvals/"))
            #expect(try await Self.posts(cast.wu, app).count == 1)
            #expect(try await cast.asking.get("/people/\(cast.wu)").status == 404)
            #expect(try await cast.asking.get(first).body.contains("兼任 吴静"))
            #expect(try await cast.releasing.get("/notices").body.contains("申请由吴静兼任"))
            #expect(try await cast.ask([("manner", "also")]).body.contains("此人已有一份调入或兼任申请在办"))
            _ = try await cast.releasing.get(first)
            #expect(try await cast.releasing.act("decline", on: first, [("why", "本职太忙")]).location == first)
            let second = try #require(try await cast.ask([("manner", "also")]).location)
            _ = try await cast.asking.get(second)
            #expect(try await cast.asking.act("withdraw", on: second).location == second)
            #expect(try await told() == [])

            let third = try #require(try await cast.ask([("manner", "also")]).location)
            #expect(try await cast.releasing.get(third).body.contains("同意兼任"))
            #expect(try await cast.releasing.act("consent", on: third).location == third)
            let posts = try await Self.posts(cast.wu, app)
            #expect(posts.map(\.isPrimary) == [true, false] && posts.allSatisfy { $0.to == .open })
            #expect(try await cast.asking.get("/notices").body.contains("兼任吴静的申请已同意"))
            #expect(try await told().map { $0.contains("滨河街道总工会") && $0.contains("可以查看您的档案") } == [true])
            // The file is open now; who the person is stays with the unit of the primary post.
            #expect(try await cast.asking.get("/people/\(cast.wu)").status == 200)
            #expect(try await cast.asking.get("/people/\(cast.wu)/correct").status == 404)
            _ = try await cast.city.get(third)
            #expect(try await cast.city.act("take-back", on: third, [("why", "再商量")]).location == third)
            #expect(try await Self.posts(cast.wu, app).count == 1)
            #expect(try await cast.asking.get("/people/\(cast.wu)").status == 404)
            // Of one's own to another unit of one's own nobody else is asked, but the person is told.
            _ = try await cast.releasing.get(third)
            #expect(try await cast.releasing.act("decline", on: third, [("why", "不同意")]).location == third)
            _ = try await cast.city.get("/people/\(cast.wu)/appoint")
            let own = try await cast.city.post("/people/\(cast.wu)/appoint", [("manner", "also"), ("unit", "HX"), ("title", "顾问"), ("from", "2026-11-01"), ("why", "兼任")])
            #expect(own.location == "/people/\(cast.wu)")
            #expect(try await told().count == 2)
        }
    }
}
