@testable import Access
@testable import Accounts
@testable import App
import Foundation
import Kit
@testable import Register
import TestBench
import Testing
import World

@Suite("账号激活, by the officer", .ownThreads) struct ActivationStories {
    static let today = Day(number: 19_000)
    static let hasTypst = FileManager.default.fileExists(
        atPath: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../.venv/run.lock").standardizedFileURL.path)

    /// Signed in with a role at a unit.
    static func signedIn(_ name: String, _ role: Role, at unit: String, _ named: Named, _ app: App, _ port: Int, person: String? = nil) async throws -> Browser {
        let session = try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add(name, displayName: person ?? name, hash: "-", personID: person.flatMap { named.people[$0] }, in: db)
            try GrantStore.give(Grant(role: role, organizationID: named.units[unit]!, from: .always, to: .open), to: id, in: db)
            return try SessionStore.open(id, proof: .password, isStrong: true, at: SignInPlace(address: "", device: nil, words: ""), in: db)
        }
        let browser = Browser(port: port)
        await browser.setCookie("yugong", session)
        return browser
    }

    private func story(_ body: @escaping @Sendable (App, Named, Int) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in try await body(app, try await Named.fill(app.database, numbers: app.numbers), port) }
    }

    /// Name and code of the rows of a downloaded workbook.
    static func codes(_ answer: Browser.Answer) throws -> [String: String] {
        let path = NSTemporaryDirectory() + "/slips-\(UUID().uuidString).xlsx"
        try answer.bytes.write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let reader = try TableReader(file: path, columns: ["姓名", "先填", "一次性码", "网址", "有效期至"].map { SheetColumn(key: $0, title: $0, required: true) })
        var found: [String: String] = [:]
        while var row = try reader.next() {
            let name = row.text("姓名") ?? "", address = row.text("网址") ?? "", typed = row.text("先填") ?? ""
            #expect(address.hasSuffix("/activate") && typed.hasPrefix("人员编号 HX"))
            found[name] = row.text("一次性码")
        }
        return found
    }

    @Test("Who has no account is counted, listed, found and given a code; the codes stand in the file and nowhere else")
    func making() async throws {
        try await story { app, named, port in
            let officer = try await Self.signedIn("ouyang", .personnelOfficer, at: "HX-LJ-BH", named, app, port)
            let page = try await officer.get("/activation")
            #expect(page.status == 200 && page.body.contains("名在任人员还没有可用的账号") && page.body.contains("刘芳") && !page.body.contains("吴静"))
            #expect(page.body.contains("登记公布的网址") && !page.body.contains("--public-url"), "an address of this machine leads nobody here")
            #expect(try await officer.get("/").body.contains("还没有可用的账号"))
            #expect(try await officer.get("/activation?unit=HX-LJ-BH-Q001").body.contains("黄磊"))
            let narrowed = try await officer.get("/activation?q=liufang")
            #expect(narrowed.body.contains("刘芳") && !narrowed.body.contains("陈杰"))
            let unknown = try await officer.get("/activation?unit=HX-JC")
            #expect(unknown.body.contains("没有找到"))

            let none = try await officer.take("/activation/slips", [("whom", "ticked"), ("format", "xlsx")])
            #expect(none.status == 200 && none.body.contains("还没有选人"))
            let ids = ["刘芳", "陈杰"].map { ("person", "\(named.people[$0]!)") }
            let file = try await officer.take("/activation/slips", [("whom", "ticked"), ("format", "xlsx")] + ids)
            #expect(file.status == 200 && file.header("Content-Type") == Reply.xlsx && file.header("Cache-Control") == "no-store")
            let codes = try Self.codes(file)
            #expect(Set(codes.keys) == ["刘芳", "陈杰"] && codes.values.allSatisfy { HandedCode(typed: $0) != nil })
            let sent = try await officer.get("/activation?state=sent")
            #expect(sent.body.contains("刘芳") && sent.body.contains("已发码") && sent.body.contains("ouyang，"))
            #expect(!sent.body.contains(codes["刘芳"]!))
            let due = try await officer.get("/activation?state=due")
            #expect(!due.body.contains("aria-label=\"选刘芳\"") && due.body.contains("aria-label=\"选黄磊\""))
            // What the database keeps tells nothing of the code.
            let kept = try await app.database.read { db in try db.rows("SELECT hash FROM slip") { $0.blob(0) } }
            #expect(kept.count == 2 && kept.allSatisfy { $0.count == 32 })
            let changes = try await app.database.read { try ActStore.latestChanges(of: "slip", limit: 9, in: $0) }
            #expect(changes.count == 2 && Set(changes.map(\.act.who)) == ["ouyang"] && changes.allSatisfy { $0.act.kind == "slip.make" })
            #expect(!changes.contains { change in codes.values.contains { "\(change)".contains($0) } })

            // The rest at once: those with a valid code are left alone.
            let all = try Self.codes(try await officer.take("/activation/slips", [("whom", "all"), ("format", "xlsx")]))
            #expect(all["黄磊"] != nil && all["刘芳"] == nil)
            #expect(try await officer.get("/activation").body.contains("人已发码、还没有用"))
            // A second code takes the place of the first.
            let second = try Self.codes(try await officer.take("/activation/slips", [("whom", "ticked"), ("format", "xlsx"), ids[0]]))
            #expect(try await Slips.present("HX9000007", codes["刘芳"]!, Browser(port: port)).status == 422)
            #expect(try await Slips.present("HX9000007", second["刘芳"]!, Browser(port: port)).location == "/sign-in/set")
        }
    }

    @Test("A batch is shown with what became of it, and what still holds is voided with a reason")
    func batches() async throws {
        try await story { app, named, port in
            let officer = try await Self.signedIn("ouyang", .personnelOfficer, at: "HX-LJ-BH", named, app, port)
            #expect(try await officer.get("/activation/batches").body.contains("还没有做过码"))
            _ = try await officer.get("/activation")
            let codes = try Self.codes(try await officer.take("/activation/slips", [("whom", "all"), ("format", "xlsx"), ("unit", "HX-LJ-BH")]))
            let list = try await officer.get("/activation/batches")
            let link = try #require(list.body.firstMatch(of: #/\/activation\/batches\/(\d+)/#)).0
            let page = try await officer.get(String(link))
            #expect(page.body.contains("还有效 <b>\(codes.count)</b>") && page.body.contains("刘芳"))
            #expect(try await officer.post("\(link)/void", [("whom", "all")]).body.contains("理由没有填"))
            #expect(try await officer.post("\(link)/void", [("whom", "ticked"), ("why", "丢了")]).body.contains("没有勾选"))
            #expect(try await officer.post("\(link)/void", [("whom", "all"), ("why", "一袋纸条丢了")]).location == String(link))
            #expect(try await officer.get(String(link)).body.contains("还有效 <b>0</b>"))
            #expect(try await Slips.present("HX9000007", codes["刘芳"]!, Browser(port: port)).status == 422)
            // Another's batch is not there; a superior sees it, as far as the people are below.
            let beside = try await Self.signedIn("xidu", .personnelOfficer, at: "HX-LJ-XD", named, app, port), above = try await Self.signedIn("lj", .personnelOfficer, at: "HX-LJ", named, app, port)
            #expect(try await beside.get(String(link)).status == 404)
            #expect(try await above.get(String(link)).status == 200)
        }
    }

    @Test("Nobody makes a code for an equal, a superior, an administrator or oneself; a superior does, and says why")
    func powers() async throws {
        try await story { app, named, port in
            func account(_ name: String, of person: String, _ role: Role?, at unit: String = "HX-LJ-BH") async throws -> Int64 {
                try await app.database.write(Bench.act) { db in
                    let id = try AccountStore.add(name, displayName: person, hash: "-", personID: named.people[person], in: db)
                    if let role { try GrantStore.give(Grant(role: role, organizationID: named.units[unit]!, from: .always, to: .open), to: id, in: db) }
                    return id
                }
            }
            _ = try await account("liufang", of: "刘芳", .personnelOfficer)
            _ = try await account("chenjie", of: "陈杰", nil)
            _ = try await account("zhao", of: "赵𬱖", .auditor, at: "HX")
            _ = try await account("huanglei", of: "黄磊", .leader, at: "HX-LJ-BH-Q001")
            let same = try await Self.signedIn("same", .personnelOfficer, at: "HX-LJ-BH", named, app, port)
            let above = try await Self.signedIn("above", .personnelOfficer, at: "HX-LJ", named, app, port)
            let security = try await Self.signedIn("security", .securityAdmin, at: "HX", named, app, port)
            func make(_ browser: Browser, _ person: String, factor: Bool = false, why: String = "本人申请") async throws -> Browser.Answer {
                let path = "/activation/people/\(named.people[person]!)"
                _ = try await browser.get(path)
                return try await browser.take(path, [("format", "xlsx"), ("why", why)] + (factor ? [("factor", "on")] : []))
            }
            func isFile(_ answer: Browser.Answer) -> Bool { answer.header("Content-Type") == Reply.xlsx }

            #expect(try await make(same, "陈杰", why: "").body.contains("理由没有填"))
            #expect(isFile(try await make(same, "陈杰")), "somebody without duties")
            #expect(try await make(same, "陈杰", factor: true).body.contains("不能由您办理"), "the second factor only from above")
            #expect(isFile(try await make(above, "陈杰", factor: true)))
            let equal = try await make(same, "刘芳")
            #expect(equal.body.contains("不能由您办理") && equal.body.contains("above") && equal.body.contains("临江区总工会"), "whom to ask is named")
            #expect(isFile(try await make(above, "刘芳")))
            #expect(isFile(try await make(same, "黄磊")))
            #expect(try await make(above, "赵𬱖").body.contains("安全管理员"), "an administrator's is not for officers")
            let told = try await app.database.read { db in try db.rows("SELECT text FROM message WHERE kind = 'slip.reset'") { $0.text(0) } }
            #expect(told.count == 4 && told.contains { $0.contains("原来的验证器也会取消") } && told.allSatisfy { $0.contains("做了一个重设密码的一次性码") })
            let reasons = try await app.database.read { try ActStore.latestChanges(of: "slip", limit: 20, in: $0).map(\.act) }
            #expect(reasons.contains { $0.kind == "slip.reset" && $0.who == "above" && $0.why == "本人申请" })
            // The security administrator reaches all of them, by the account.
            for name in ["liufang", "zhao"] {
                let id = try await app.database.read { try AccountStore.account(named: name, in: $0)!.id }
                _ = try await security.get("/accounts/\(id)")
                #expect(isFile(try await security.take("/accounts/\(id)/slip", [("format", "xlsx"), ("reason", "本人申请"), ("factor", "on")])), "\(name)")
            }
            // One's own, by whatever way.
            let liu = Browser(port: port)
            await liu.setCookie("yugong", try await app.database.write(Bench.act) { db in
                try SessionStore.open(AccountStore.account(named: "liufang", in: db)!.id, proof: .password, isStrong: true, at: SignInPlace(address: "", device: nil, words: ""), in: db)
            })
            #expect(try await make(liu, "刘芳").body.contains("不能由您办理"))
            // An account that waits for its first sign-in and has a duty already is no easier.
            try await app.database.write(Bench.act) { db in
                let waiting = try AccountStore.waiting(of: RosterStore.person(named.people["孙丽"]!, in: db)!, in: db)
                try GrantStore.give(Grant(role: .personnelOfficer, organizationID: named.units["HX-LJ-BH"]!, from: .always, to: .open), to: waiting.id, in: db)
            }
            #expect(try await make(same, "孙丽").body.contains("不能由您办理"))
            #expect(isFile(try await make(above, "孙丽")))
            _ = try await same.get("/activation")
            let slipped = try await same.take("/activation/slips", [("whom", "ticked"), ("format", "xlsx"), ("person", "\(named.people["孙丽"]!)")])
            #expect(slipped.body.contains("不能由您办理"), "nor among others")
            for name in ["吴静", "王建国"] { #expect(try await make(same, name).status == 404) }
        }
    }

    @Test("One person has one account: who has one gets no other, who is closed is activated anew")
    func one() async throws {
        try await story { app, named, port in
            let password = try Learners.account("liufang", of: "刘芳", named, app.database)
            _ = password
            #expect(throws: Refusal.self) {
                try app.database.writeNow(Bench.act) { db in try AccountStore.waiting(of: RosterStore.person(named.people["刘芳"]!, in: db)!, in: db) }
            }
            let (first, second) = try await app.database.write(Bench.act) { db in
                let chen = try RosterStore.person(named.people["陈杰"]!, in: db)!
                return (try AccountStore.waiting(of: chen, in: db), try AccountStore.waiting(of: chen, in: db))
            }
            #expect(first.id == second.id)
            #expect(throws: ConstraintBroken.self) {
                try app.database.writeNow(Bench.act) { db in
                    _ = try db.run("INSERT INTO account (id, name, display_name, password_hash, person_id, created_ms, act_id, state) SELECT id + 1, 'zweites', display_name, '', person_id, created_ms, act_id, 'new' FROM account WHERE id = \(first.id)")
                }
            }
            let liu = try await app.database.write(Bench.act) { db in
                let account = try AccountStore.account(named: "liufang", in: db)!
                try AccountStore.set(.closed, of: account, in: db)
                return account
            }
            let (code, _, account) = try await Slips.make("刘芳", named, app), browser = Browser(port: port)
            #expect(account.id == liu.id)
            #expect(try await Slips.present("HX9000007", code.text, browser).location == "/sign-in/set")
            #expect(try await Slips.set("liufang", "三只 青蛙 坐在 石狮子上", browser).location == "/me")
        }
    }

    @Test("Each stands in the list of its state, whatever file the account was first made for")
    func states() async throws {
        try await onBothEngines { database in
            let key = KeyFile.Key(bytes: Array(repeating: 7, count: 32)), named = try await Named.fill(database, numbers: PersonalNumbers(key: key)), secrets = AccountSecrets(key: key)
            let today = Clock.today, now = Clock.nowMilliseconds
            try await database.write(Bench.act) { db in
                func waiting(_ name: String) throws -> Account { try AccountStore.waiting(of: RosterStore.person(named.people[name]!, in: db)!, in: db) }
                func code(_ account: Account) throws -> Int64 { try SlipStore.add(.random(), .activation, of: account.id, at: nil, secrets, in: db) }
                _ = try waiting("李秀英")
                _ = try code(waiting("刘芳"))
                _ = try db.run("UPDATE slip SET expires_ms = \(now - 1), made_ms = \(now - 2) WHERE id = \(code(waiting("陈杰")))")
                for (name, state) in [("赵𬱖", Account.State.active), ("黄磊", .locked), ("杨帆", .closed)] { try AccountStore.set(state, of: waiting(name), in: db) }
                try SlipStore.end([SlipStore.slip(code(waiting("张伟")), in: db)!], .voided, in: db)
                // Whose file was merged into another one's brings the account along.
                try AccountStore.set(.active, of: waiting("吴静"), in: db)
                _ = try db.run("UPDATE person SET merged_into = \(named.people["欧阳修文"]!) WHERE id = \(named.people["吴静"]!)")
            }
            func names(_ state: ActivationStore.State, _ standing: AccountStanding? = nil) async throws -> Set<String> {
                try await database.read { db in
                    var found: Set<String> = []
                    for units in [nil, named.units.values.map(\.self)] as [[Int64]?] {
                        let ask = ActivationStore.Ask(units: units, state: state, today: today, now: now)
                        let ids = try ActivationStore.people(ask, limit: 100, in: db).map(\.id)
                        let lines = try ActivationStore.lines(ids, today: today, now: now, in: db)
                        #expect(try ActivationStore.count(ask, most: 100, in: db) == ids.count && lines.count == ids.count)
                        if let standing { #expect(lines.allSatisfy { $0.standing == standing }, "\(state)") }
                        if units == nil { found = Set(lines.map(\.person.name)) } else { #expect(Set(lines.map(\.person.name)) == found) }
                    }
                    return found
                }
            }
            #expect(try await names(.sent, .sent) == ["刘芳"])
            #expect(try await names(.expired, .expired) == ["陈杰"])
            #expect(try await names(.active, .active) == ["赵𬱖", "欧阳修文"])
            #expect(try await names(.locked, .locked) == ["黄磊"])
            #expect(try await names(.closed, .closed) == ["杨帆"])
            let all = try await names(.all), without = try await names(.without), due = try await names(.due)
            #expect(without == all.subtracting(["赵𬱖", "欧阳修文", "黄磊"]) && due == without.subtracting(["刘芳"]) && due.isSuperset(of: ["李秀英", "张伟", "陈杰", "杨帆"]))
        }
    }

    @Test("Slips are a PDF of eight a page and a list to sign", .enabled(if: hasTypst))
    func paper() async throws {
        try await story { app, named, port in
            let officer = try await Self.signedIn("ouyang", .personnelOfficer, at: "HX", named, app, port)
            _ = try await officer.get("/activation")
            let answer = try await officer.take("/activation/slips", [("whom", "all"), ("format", "pdf")])
            #expect(answer.status == 200 && answer.header("Content-Type") == "application/pdf" && answer.body.hasPrefix("%PDF"))
            #expect(answer.header("Content-Disposition")?.hasPrefix("attachment") == true)
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM slip") } == 15)
        }
    }
}
