@testable import Access
@testable import App
import Foundation
import Kit
import TestBench
import Testing
import World

@Suite("系统设置，在浏览器里", .ownThreads) struct SystemStories {
    @Test("A system administrator of the whole installation sees how it stands, without secrets and paths; nobody else does")
    func facts() async throws {
        try await GrantWorld.served { world in
            let system = try await world.browser(world.account("系统", world.grant(.systemAdmin, "HX")))
            let page = try await system.get("/settings").body
            for words in ["127.0.0.1", "0016-grant-appointment", "beijing-cadres-2019-2023.yaml", "数据密钥", "审计链的锚点", "闲置 2 小时", world.app.database.engine == .sqlite ? "SQLite" : "PostgreSQL"] {
                #expect(page.contains(words) || words.hasPrefix("0016") && page.contains("结构版本"), "\(words)")
            }
            let ring = try #require(try world.app.keyFile.ring()), secret = Data(ring.data.bytes)
            for hidden in [world.app.keyFile.path, world.app.settings.home, secret.base64EncodedString(), Secrets.text(of: ring.data.bytes)] { #expect(!page.contains(hidden)) }
            for (role, code) in [(Role.systemAdmin, "HX-LJ"), (.securityAdmin, "HX"), (.auditor, "HX"), (.personnelOfficer, "HX")] {
                let other = try await world.browser(world.account("\(role) \(code)", world.grant(role, code)))
                #expect(try await other.get("/settings").status == 404)
                #expect(try await other.post("/settings/contact", [("contact", "x")], token: Caller.token).status == 404)
            }
        }
    }

    @Test("An announcement stands on every page from its day on, until it is over or withdrawn; whom to ask stands on the sign-in page")
    func saying() async throws {
        try await GrantWorld.served { world in
            let today = Clock.today, system = try await world.browser(world.account("系统", world.grant(.systemAdmin, "HX")))
            let learner = try await world.browser(world.account("刘芳")), text = "周六晚上升级，<i>请提前保存</i>。"
            func announce(_ text: String, _ from: String, _ until: String) async throws -> Browser.Answer {
                try await system.post("/settings/announcement", [("text", text), ("from", from), ("until", until)], token: Caller.token)
            }
            for (fields, words) in [
                (("", "\(today)", "\(today)"), "公告没有填"), ((String(repeating: "长", count: 301), "\(today)", "\(today)"), "太长"), ((text, "x", "\(today)"), "日期没有填或不存在"),
                ((text, "\(today)", ""), "日期没有填或不存在"), ((text, "\(today - 9)", "\(today - 1)"), "结束日期应在"), ((text, "\(today + 5)", "\(today + 1)"), "结束日期应在"),
            ] as [((String, String, String), String)] {
                #expect(try await announce(fields.0, fields.1, fields.2).body.contains(words), "\(words)")
            }
            #expect(try await announce(text, "\(today + 1)", "\(today + 2)").location == "/settings?done=announced")
            #expect(!(try await learner.get("/me").body.contains("周六晚上升级")))
            #expect(try await announce(text, "\(today)", "\(today)").status == 303)
            #expect(try await learner.get("/me").body.contains("周六晚上升级，&lt;i&gt;"))
            #expect(try await system.get("/settings").body.contains("公告正在显示，到 \(today) 为止"))
            #expect(try await system.post("/settings/announcement", [("step", "withdraw")], token: Caller.token).location == "/settings?done=withdrawn")
            #expect(!(try await learner.get("/me").body.contains("周六晚上升级")))

            #expect(try await system.post("/settings/contact", [("contact", String(repeating: "长", count: 121))], token: Caller.token).body.contains("太长"))
            #expect(try await system.post("/settings/contact", [("contact", "市总工会干部部，电话 0000-0000000")], token: Caller.token).status == 303)
            #expect(try await Browser(port: world.port).get("/sign-in").body.contains("遇到问题请联系：市总工会干部部"))
            let acts = try await world.app.database.read { db in
                (try AuditStore.lines(AuditAsk(kind: "setting.announce"), limit: 9, in: db).count, try AuditStore.lines(AuditAsk(kind: "setting.contact"), limit: 9, in: db).count)
            }
            #expect(acts == (3, 1))
        }
    }
}
