import Access
@testable import Accounts
@testable import App
@testable import Certificates
import Foundation
import Kit
@testable import Ledger
@testable import People
@testable import Register
@testable import Standing
import TestBench
import Testing

@Suite("撤回导入：一次撤回一份，后来有了变动的不撤", .ownThreads)
struct ImportUndoStories {
    private static let people = """
        姓名,证件号码,单位编码,任职日期,人员类别,手机号
        张三,11010519491231002X,HX-LJ,2010-01-01,基层,13800000001
        李四,440524188001010014,HX-LJ,1910-01-01,基层,
        """
    private static let records = """
        证件号码,姓名,培训名称,培训形式,开始日期,结束日期,天数
        11010519491231002X,张三,主席班,脱产培训,2022-03-07,2022-03-11,5
        440524188001010014,李四,主席班,脱产培训,2022-03-07,2022-03-11,5
        """
    private static let units = """
        单位编码,单位名称,单位类型,上级单位编码,成立日期
        HX-LJ-01,滨河街道总工会,街道乡镇总工会,HX-LJ,2010-01-01
        """

    /// Uploads a table, confirms it, and answers the link of the import once it is in.
    @discardableResult
    private static func takeIn(_ text: String, _ kind: String, _ browser: Browser) async throws -> String {
        _ = try await browser.get("/exchange")
        let link = try #require(try await browser.upload("/exchange/imports", [("kind", kind)], file: ("file", "\(kind).csv", Array(text.utf8))).location)
        try await eventually { try await !browser.get(link).body.contains("离开本页也会继续") }
        let judged = try await browser.get(link).body
        #expect(judged.contains("检查无误"), "\(judged.suffix(3000))")
        #expect(try await browser.post(link + "/apply").status == 303)
        try await eventually { try await browser.get(link).body.contains("已全部导入") }
        return link
    }

    private static func officer(_ app: App, _ port: Int) async throws -> Browser {
        let password = try SignInStories.officer(app), browser = Browser(port: port)
        try await browser.signIn("ouyang", password)
        return browser
    }

    private static func count(_ app: App, _ sql: SQL) throws -> Int64 { try app.database.readNow { try $0.count(sql) } }
    private static func person(_ app: App, _ name: String) throws -> Int64 { try count(app, SQL("SELECT id FROM person WHERE name = \(name)")) }

    @Test("What an import wrote of people goes as one act with a reason; it is told, stays in the log, and the table can go in again")
    func people() async throws {
        try await servedOnBothEngines { app, port in
            let browser = try await Self.officer(app, port), link = try await Self.takeIn(Self.people, "people", browser)
            #expect(try await browser.get(link).body.contains("href=\"\(link)/undo\""))
            let preview = try await browser.get(link + "/undo").body
            #expect(preview.contains("删除它新增的 4 条记录") && preview.contains("张三") && preview.contains("全部撤回"))
            let noReason = try await browser.post(link + "/undo", [("why", " ")])
            #expect(noReason.status == 200 && noReason.body.contains("id=\"m-why\""))
            #expect(try Self.count(app, "SELECT count(*) FROM person") == 2)
            #expect(try await browser.post(link + "/undo", [("why", "用错了表")]).location == link)
            #expect(try Self.count(app, "SELECT count(*) FROM person") == 0)
            #expect(try Self.count(app, "SELECT count(*) FROM appointment") == 0)
            let undone = try await browser.get(link).body
            #expect(undone.contains("欧阳静撤回：用错了表") && !undone.contains("\(link)/undo\""))
            #expect(try await browser.get("/exchange").body.contains("已导入，后来撤回"))
            // Once more does nothing and is no fault.
            #expect(try await browser.post(link + "/undo", [("why", "又一次")]).location == link)
            #expect(try await browser.get(link + "/undo").location == link)
            #expect(try Self.count(app, "SELECT count(*) FROM act WHERE kind = 'import.undo'") == 1)
            #expect(try Self.count(app, "SELECT count(*) FROM act_change c JOIN act a ON a.id = c.act_id WHERE a.kind = 'import.undo' AND c.after_image IS NULL") == 4)
            let again = try await Self.takeIn(Self.people, "people", browser)
            #expect(again != link)
            #expect(try Self.count(app, "SELECT count(*) FROM person") == 2)
        }
    }

    @Test("What an import changed is as it was; of two who click at once it is done once")
    func changed() async throws {
        try await servedOnBothEngines { app, port in
            let browser = try await Self.officer(app, port)
            try await Self.takeIn(Self.people, "people", browser)
            let link = try await Self.takeIn(Self.people.replacingOccurrences(of: "基层,13800000001", with: "科级及以下,13800000002"), "people", browser)
            let preview = try await browser.get(link + "/undo").body
            #expect(preview.contains("把它改过的 2 条恢复原样") && preview.contains("恢复到导入以前"))
            async let one = browser.post(link + "/undo", [("why", "甲")])
            async let two = browser.post(link + "/undo", [("why", "乙")])
            let answers = try await [one, two]
            #expect(answers.allSatisfy { $0.location == link })
            #expect(try Self.count(app, "SELECT count(*) FROM act WHERE kind = 'import.undo'") == 1)
            #expect(try Self.count(app, "SELECT count(*) FROM appointment WHERE category = 'grassroots'") == 2)
            #expect(try Self.count(app, "SELECT count(*) FROM person") == 2)
        }
    }

    @Test("Hours are reversed, never deleted, and the same table may be taken in anew")
    func hours() async throws {
        try await servedOnBothEngines { app, port in
            let browser = try await Self.officer(app, port)
            let first = try await Self.takeIn(Self.people, "people", browser), link = try await Self.takeIn(Self.records, "training-records", browser)
            // The people cannot go while their hours stand.
            let kept = try await browser.get(first + "/undo").body
            #expect(kept.contains("有 <b>2</b> 处又有了变动") && kept.contains("已有 1 条学时记录（含冲销的）") && kept.contains("不能再整批撤回") && !kept.contains("全部撤回"))
            #expect(try await browser.post(first + "/undo", [("why", "试试")]).body.contains("没有撤回"))
            #expect(try Self.count(app, "SELECT count(*) FROM person") == 2)
            #expect(try await browser.get(link + "/undo").body.contains("冲销它登记的 2 条学时"))
            #expect(try await browser.post(link + "/undo", [("why", "录重了")]).location == link)
            #expect(try Self.count(app, "SELECT count(*) FROM hour_entry") == 4)
            #expect(try Self.count(app, "SELECT sum(sign) FROM hour_entry") == 0)
            let anew = try await Self.takeIn(Self.records, "training-records", browser)
            #expect(try Self.count(app, "SELECT sum(sign) FROM hour_entry") == 2)
            // On the person's own page it is told as taken back, and cannot be turned round there.
            let zhang = try Self.person(app, "张三"), undoing = try Self.count(app, "SELECT max(id) FROM act WHERE kind = 'import.undo'")
            #expect(try await browser.get("/people/\(zhang)/hours").status == 200)
            #expect(Statement.Origin(atMilliseconds: 0, who: "", kind: Unmaking.act, why: "录重了").way == "撤回：录重了")
            #expect(try await browser.post("/people/\(zhang)/undo", [("act", "\(undoing)"), ("why", "x")]).status == 404)
            // A record that was corrected or taken back since keeps the whole.
            let entry = try Self.count(app, "SELECT max(id) FROM hour_entry")
            try await app.database.write(Bench.act) { db in try HourEntryStore.reverse(entry, why: "本人没有参加", db) }
            let blocked = try await browser.get(anew + "/undo").body
            #expect(blocked.contains("“主席班”后来更正或撤销过") && blocked.contains("/records/\(entry)") && !blocked.contains("全部撤回"))
            #expect(try await browser.post(anew + "/undo", [("why", "试试")]).body.contains("没有撤回"))
            #expect(try Self.count(app, "SELECT sum(sign) FROM hour_entry") == 1)
        }
    }

    @Test("An import of hours that is too large to be taken back in one request says so, counted by its seals")
    func large() async throws {
        try await servedOnBothEngines { app, port in
            let browser = try await Self.officer(app, port)
            try await Self.takeIn(Self.people, "people", browser)
            let link = try await Self.takeIn(Self.records, "training-records", browser), zhang = try Self.person(app, "张三"), day = Day(2022, 3, 7)!
            let record = TrainingRecord(title: "大班", form: "offJob", from: day, to: day, halfDays: 2)
            func post(_ count: Int64) async throws {
                try await app.database.write(Act(who: .commandLine("测试"), origin: "", kind: "import.training-records", why: "")) { db in
                    try HourEntryStore.writeAll((0..<count).map { (zhang, Posting.Step(sourceKey: $0, revision: 0, sign: .posting, record: record)) }, db)
                    try db.run("UPDATE import_job SET act_id = \(db.actID) WHERE kind = 'training-records'")
                }
            }
            try await post(Undo.mostRows + 1)
            #expect(try await browser.get(link + "/undo").body.contains("超过一次能撤回的"))
            #expect(try await browser.post(link + "/undo", [("why", "太多")]).body.contains("超过一次能撤回的"))
        }
    }

    @Test("A file that was merged since keeps an import from being taken back, and the page says that and not that it is another's")
    func merged() async throws {
        try await servedOnBothEngines { app, port in
            let browser = try await Self.officer(app, port), link = try await Self.takeIn(Self.people, "people", browser)
            let zhang = try Self.person(app, "张三"), li = try Self.person(app, "李四")
            try await app.database.write(Act(who: .commandLine("测试"), origin: "", kind: "person.merge", why: "同一个人")) { try RosterStore.merge(zhang, into: li, primary: .survivor, in: $0) }
            let page = try await browser.get(link + "/undo").body
            #expect(page.contains("又改过（同一个人）") && page.contains("后来有另一份档案并了进来") && !page.contains("现在不归您管理"))
        }
    }

    @Test("A post ended later, an account opened, a certificate and another unit below keep an import; the page names whose and what")
    func obstacles() async throws {
        try await servedOnBothEngines { app, port in
            let browser = try await Self.officer(app, port)
            let units = try await Self.takeIn(Self.units, "organizations", browser), people = try await Self.takeIn(Self.people, "people", browser)
            let zhang = try Self.person(app, "张三"), li = try Self.person(app, "李四")
            let unit = try Self.count(app, "SELECT id FROM organization WHERE code = 'HX-LJ-01'")
            #expect(try await browser.get(people + "/undo").body.contains("全部撤回"))
            try await app.database.write(Act(who: .commandLine("测试"), origin: "", kind: "person.end", why: "退休")) { db in
                let post = try #require(try RosterStore.appointments(of: [zhang], in: db).first)
                try RosterStore.end(post.id, on: SignInStories.today, in: db)
            }
            try await app.database.write(Bench.act) { db in
                try CertificateStore.add(PostCertificate(personID: li, number: "1", title: "上岗证书", issuer: "市总工会", issued: SignInStories.today), in: db)
                _ = try OrganizationStore.create(code: "HX-LJ-02", facts: OrganizationFacts(parentID: unit, name: "桥东社区工会", kind: "townFederation"), in: db)
            }
            let blocked = try await browser.get(people + "/undo").body
            #expect(blocked.contains("张三") && blocked.contains("又改过（退休）") && blocked.contains("/people/\(zhang)/history"))
            #expect(blocked.contains("后来登记了证书“上岗证书”") && blocked.contains("有 <b>2</b> 处") && !blocked.contains("全部撤回"))
            #expect(try await browser.post(people + "/undo", [("why", "试试")]).body.contains("没有撤回"))
            #expect(try Self.count(app, "SELECT count(*) FROM person") == 2)
            #expect(try Self.count(app, "SELECT count(*) FROM import_job WHERE undone_act_id IS NOT NULL") == 0)
            let below = try await browser.get(units + "/undo").body
            #expect(below.contains("滨河街道总工会") && below.contains("已有别的单位在它之下"))
            _ = try Accounts.add("zhang", role: "leader", unit: "HX-LJ", displayName: "张三", today: SignInStories.today, by: SignInStories.act, in: app.database, .least)
            try await app.database.write(Bench.act) { try $0.run(SQL("UPDATE account SET person_id = \(li) WHERE name = 'zhang'")) }
            #expect(try await browser.get(people + "/undo").body.contains("已开过账号 zhang"))
        }
    }

    @Test("Units go as they came; whoever no longer keeps what an import wrote does not take it back, and nobody another's")
    func rights() async throws {
        try await servedOnBothEngines { app, port in
            let browser = try await Self.officer(app, port)
            let units = try await Self.takeIn(Self.units, "organizations", browser), people = try await Self.takeIn(Self.people, "people", browser)
            let other = Browser(port: port)
            let password = try Accounts.add("sun", role: "personnelOfficer", unit: "HX", displayName: "孙某", today: SignInStories.today, by: SignInStories.act, in: app.database, .least)
            try await other.signIn("sun", password)
            _ = try await other.get("/exchange")
            #expect(try await other.get(people + "/undo").status == 404)
            #expect(try await other.post(people + "/undo", [("why", "别人的")]).status == 404)
            #expect(try await other.post(people + "/dismiss").status == 404)
            // One of them goes to a unit of others: the import is no longer the importer's own.
            let city = try Self.count(app, "SELECT id FROM organization WHERE code = 'HX'"), zhang = try Self.person(app, "张三")
            try await app.database.write(Bench.act) { db in
                var post = try #require(try RosterStore.appointments(of: [zhang], in: db).first)
                post.organizationID = city
                try RosterStore.correct(post.id, to: post, in: db)
            }
            let refused = try await browser.get(people + "/undo").body
            #expect(refused.contains("现在不归您管理") && !refused.contains("全部撤回") && !refused.contains("张三"))
            #expect(try await browser.post(people + "/undo", [("why", "试试")]).body.contains("现在不归您管理"))
            #expect(try await browser.post(units + "/undo", [("why", "编码有误")]).location == units)
            #expect(try Self.count(app, "SELECT count(*) FROM organization") == 2)
            // What is judged and not taken in is nothing to take back.
            _ = try await browser.get("/exchange")
            let waiting = try #require(try await browser.upload("/exchange/imports", [("kind", "organizations")], file: ("file", "a.csv", Array(Self.units.utf8))).location)
            try await eventually { try await !browser.get(waiting).body.contains("离开本页也会继续") }
            #expect(try await browser.get(waiting + "/undo").location == waiting)
            #expect(try await browser.post(waiting + "/undo", [("why", "x")]).location == waiting)
            #expect(try Self.count(app, "SELECT count(*) FROM act WHERE kind = 'import.undo'") == 1)
        }
    }

    @Test("A file that could not be taken in is called a failure on the page of the day until it is put away; the result comes by itself")
    func failures() async throws {
        try await servedOnBothEngines { app, port in
            let browser = try await Self.officer(app, port)
            _ = try await browser.get("/exchange")
            let link = try #require(try await browser.upload("/exchange/imports", [("kind", "people")], file: ("file", "a.xlsx", Array("随便".utf8))).location)
            try await eventually { try await !browser.get(link).body.contains("离开本页也会继续") }
            // A page that waits is led on.
            #expect(try await browser.get(link + "/progress", headers: ["HX-Request": "true"]).header("HX-Redirect") == link)
            #expect(try await browser.get("/").body.contains("导入失败，请看原因"))
            #expect(try await browser.get(link).body.contains("不再提醒"))
            #expect(try await browser.post(link + "/dismiss").location == "/exchange#imports")
            #expect(try await !browser.get("/").body.contains("导入失败"))
            #expect(try await !browser.get(link).body.contains("不再提醒"))
            // It stays in the list, with the reason.
            #expect(try await browser.get("/exchange").body.contains("未导入："))
            #expect(try Self.count(app, "SELECT count(*) FROM act WHERE kind = 'import.dismiss'") == 1)
        }
    }
}
