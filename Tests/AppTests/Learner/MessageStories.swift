import Access
import App
import Kit
import Register
import TestBench
import Testing
import World

@Suite("通知，在浏览器里", .ownThreads) struct MessageStories {
    static let act = Act(who: .account(7, "林晓红"), origin: "", kind: "test", why: "")

    @Test("A message waits with its number, is opened once, and is nobody else's")
    func one() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let password = try Learners.account("liufang", of: "刘芳", named, app.database)
            let other = try Learners.account("chenjie", of: "陈杰", named, app.database)
            let browser = Browser(port: port)
            try await browser.signIn("liufang", password)
            let empty = try await browser.get("/notices")
            #expect(empty.status == 200 && empty.body.contains("还没有通知") && !empty.body.contains("全部标为已读"))

            let id = try await app.database.write(Self.act) { db in
                try MessageStore.send(to: .person(named.people["刘芳"]!), kind: "test.link", "您的账号“<b>”有新的登录。", link: "/account", in: db)
            }
            let list = try await browser.get("/notices")
            #expect(list.body.contains("您的账号“&lt;b&gt;”有新的登录。") && list.body.contains("林晓红") && list.body.contains("1 条未读"))
            #expect(list.body.contains("<b class=\"waiting\">1</b>"))
            let opened = try await browser.get("/notices/\(id)")
            #expect(opened.status == 303 && opened.location == "/account")
            let after = try await browser.get("/notices")
            #expect(after.body.contains("都已读") && !after.body.contains("<b class=\"waiting\">"))

            let stranger = Browser(port: port)
            try await stranger.signIn("chenjie", other)
            #expect(try await stranger.get("/notices/\(id)").status == 404)
            #expect(try await stranger.get("/notices/999").status == 404)
            #expect(try await stranger.get("/notices").body.contains("还没有通知"))
        }
    }

    @Test("All are marked as read at once; a long list goes on; a link that leads elsewhere is dropped")
    func many() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let password = try Learners.account("liufang", of: "刘芳", named, app.database)
            try await app.database.write(Self.act) { db in
                for number in 1...60 {
                    try MessageStore.send(to: .person(named.people["刘芳"]!), kind: "test", "第 \(number) 条", link: "//evil.example", in: db)
                }
            }
            let browser = Browser(port: port)
            try await browser.signIn("liufang", password)
            let list = try await browser.get("/notices")
            #expect(list.body.contains("第 60 条") && list.body.contains("第 11 条") && !list.body.contains("第 10 条") && list.body.contains("更早的"))
            #expect(!list.body.contains("evil.example"))
            let next = try #require(list.body.firstMatch(of: /\/notices\?before=\d+/)).output
            let older = try await browser.get(String(next))
            #expect(older.body.contains("第 10 条") && older.body.contains("第 1 条") && older.body.contains("回到最新"))
            #expect(try await browser.post("/notices/read").location == "/notices")
            #expect(try await browser.get("/notices").body.contains("都已读"))
        }
    }

    @Test("Messages of a file that was merged into another are the surviving person's")
    func merged() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let password = try Learners.account("wujing", of: "吴静", named, app.database)
            try await app.database.write(Self.act) { db in
                try MessageStore.send(to: .person(named.people["欧阳修文"]!), kind: "test", "给另一份档案的通知", in: db)
                try RosterStore.merge(named.people["欧阳修文"]!, into: named.people["吴静"]!, primary: .survivor, in: db)
            }
            let browser = Browser(port: port)
            try await browser.signIn("wujing", password)
            #expect(try await browser.get("/notices").body.contains("给另一份档案的通知"))
            // The other way round: the account of a file that was merged away reads what the surviving file is told.
            let absorbed = try Learners.account("ouyang", of: "欧阳修文", named, app.database)
            try await app.database.write(Self.act) { db in
                _ = try MessageStore.send(to: .person(named.people["吴静"]!), kind: "test", "给留下的档案的通知", in: db)
            }
            let other = Browser(port: port)
            try await other.signIn("ouyang", absorbed)
            #expect(try await other.get("/notices").body.contains("给留下的档案的通知"))
            #expect(try await other.get("/me").body.contains("吴静"))
        }
    }
}

/// Accounts of people without any grant.
enum Learners {
    static func account(_ name: String, of person: String, _ named: Named, _ database: Database) throws -> String {
        let password = Secrets.password()
        try database.writeNow(Bench.act) { db in
            _ = try AccountStore.add(
                name, displayName: person, hash: try PasswordHashing.hashNow(password, .least), personID: named.people[person], in: db)
        }
        return password
    }
}
