import Access
import Accounts
@testable import App
import Foundation
import Kit
import TestBench
import Testing

@Suite("导入导出，在浏览器里", .ownThreads)
struct ImportStories {
    private static let people = """
        姓名,证件号码,单位编码,任职日期,人员类别,备注
        张三,11010519491231002X,HX-LJ,2010-01-01,基层,x
        李四,440524188001010014,HX-LJ,1910-01-01,基层,
        """
    private static let wrong = people + "\n王五,110105197001010012,HX-LJ,2020-01-01,基层,\n赵六,110105197001010038,HX,2020-01-01,基层,"

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// Asks for the page until the import is no longer at work.
    private func settled(_ link: String, _ browser: Browser) async throws -> Browser.Answer {
        try await eventually { try await !browser.get(link).body.contains("离开本页也会继续") }
        return try await browser.get(link)
    }

    @Test("A file is judged first, then taken in as a whole; the result waits in the notices")
    func whole() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            let start = try await browser.get("/exchange")
            #expect(start.status == 200 && start.body.contains("导入导出"))
            let sent = try await browser.upload("/exchange/imports", [("kind", "people")], file: ("file", "花名册.csv", bytes(Self.people)))
            #expect(sent.status == 303)
            let link = try #require(sent.location)
            let judged = try await settled(link, browser)
            #expect(judged.body.contains("花名册.csv") && judged.body.contains("检查无误") && judged.body.contains("全部导入（2 行）"))
            #expect(judged.body.contains("「备注」"))
            #expect(try app.database.readNow { try $0.count("SELECT count(*) FROM person") } == 0)
            #expect(try await browser.post(link + "/apply").status == 303)
            let done = try await settled(link, browser)
            #expect(done.body.contains("已全部导入"))
            #expect(try app.database.readNow { try $0.count("SELECT count(*) FROM person") } == 2)
            #expect(try await browser.get("/notices").body.contains("已导入：新增 2"))
            // A second click takes nothing in.
            #expect(try await browser.post(link + "/apply").status != 303)
            // Nothing of the numbers stands readable in the database.
            let stored = try app.database.readNow { try $0.rows("SELECT report_cipher FROM import_job") { $0.blob(0) } }
            #expect(stored.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("11010519491231002X") })
        }
    }

    @Test("Wrong rows are listed with what to do, come back in the same workbook, and the others may go in")
    func wrongRows() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            _ = try await browser.get("/exchange")
            let link = try #require(try await browser.upload("/exchange/imports", [("kind", "people")], file: ("file", "花名册.csv", bytes(Self.wrong))).location)
            let judged = try await settled(link, browser)
            #expect(judged.body.contains("2 行有误") && judged.body.contains("王五") && judged.body.contains("末位应为"))
            #expect(judged.body.contains("只导入无误的 2 行"))
            let marked = try await browser.take(link + "/marked")
            #expect(marked.status == 200 && marked.header("Content-Type") == Reply.xlsx)
            // Without the tick a file with errors does not go in.
            _ = try await browser.post(link + "/apply")
            #expect(try app.database.readNow { try $0.count("SELECT count(*) FROM person") } == 0)
            #expect(try await browser.post(link + "/apply", [("partial", "on")]).status == 303)
            #expect(try await settled(link, browser).body.contains("无误的 2 行已导入"))
            #expect(try app.database.readNow { try $0.count("SELECT count(*) FROM person") } == 2)
        }
    }

    @Test("Of what one account has uploaded the latest twenty files are kept, and those still at work; another account's stay")
    func latestKept() async throws {
        try await servedOnBothEngines { app, _ in
            _ = try SignInStories.officer(app)
            _ = try Accounts.add("other", role: "personnelOfficer", unit: "HX", displayName: "王平", today: Day(number: 19_000), by: Bench.act, in: app.database, .least)
            let accounts = try app.database.readNow { try $0.rows("SELECT id FROM account ORDER BY id") { $0.int(0) } }
            let (own, other) = (try #require(accounts.first), try #require(accounts.last)), sheet = try #require(app.exchange.features.sheets.first), file = bytes(Self.people)
            func upload(_ account: Int64, _ state: String) throws -> Int64 {
                try app.database.writeNow(Bench.act) { db in
                    let id = try ImportJobStore.add(kind: sheet, fileName: "名册.csv", file: file, effective: nil, accountID: account, app.numbers, db)
                    try db.run(SQL("UPDATE import_job SET state = \(state) WHERE id = \(id)"))
                    return id
                }
            }
            let theirs = try upload(other, "judged"), atWork = try upload(own, "applying")
            let uploads = try (0..<ImportJob.mostKept + 3).map { _ in try upload(own, "judged") }
            let kept = try app.database.readNow { try $0.rows("SELECT DISTINCT job_id FROM import_file ORDER BY job_id") { $0.int(0) } }
            #expect(kept == [theirs, atWork] + uploads.suffix(ImportJob.mostKept))
        }
    }

    @Test("Of a file of which everything is wrong the first lines are kept for pages, and the rest for the marked workbook alone")
    func everythingWrong() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port), rows = 3000
            try await browser.signIn("ouyang", password)
            _ = try await browser.get("/exchange")
            let file = "姓名,证件号码,单位编码,任职日期,人员类别\n" + String(repeating: "王五,1,HX-LJ,2020-01-01,基层\n", count: rows)
            let link = try #require(try await browser.upload("/exchange/imports", [("kind", "people")], file: ("file", "名册.csv", bytes(file))).location)
            let judged = try await settled(link, browser)
            #expect(judged.body.contains("\(Numbers.count(rows)) 行有误") && judged.body.contains("共 \(Numbers.count(rows)) 条，这里列出前 200 条"))
            let (report, marks) = try await app.database.read { db in
                (try db.count("SELECT max(length(report_cipher)) FROM import_job"), try db.count("SELECT max(length(cipher)) FROM import_marks"))
            }
            #expect(report < 100_000 && marks > 5 * report)
            let id = try #require(link.split(separator: "/").last.flatMap { Int64($0) })
            let marked = try await app.database.read { db in
                try ImportJobStore.marks(of: #require(try ImportJobStore.job(id, app.exchange, from: db)), app.numbers, from: db)
            }
            #expect(marked.count == rows)
            #expect(try await browser.take(link + "/marked").status == 200)
        }
    }

    @Test("Others do not see an import, and those who may not keep data do not import")
    func others() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            _ = try await browser.get("/exchange")
            let link = try #require(try await browser.upload("/exchange/imports", [("kind", "people")], file: ("file", "花名册.csv", bytes(Self.people))).location)
            _ = try await settled(link, browser)
            let leader = try Accounts.add(
                "leader", role: "leader", unit: "HX", displayName: "领导", today: SignInStories.today, by: SignInStories.act, in: app.database, .least)
            let other = Browser(port: port)
            try await other.signIn("leader", leader)
            #expect(try await other.get(link).status == 404)
            #expect(try await other.post(link + "/marked").status == 404)
            _ = try await other.get("/account")
            #expect(try await other.post(link + "/apply").status == 404)
            #expect(try await other.upload("/exchange/imports", [("kind", "people")], file: ("file", "a.csv", bytes(Self.people))).status == 404)
            #expect(try await other.get("/exchange").status == 200)
        }
    }

    @Test("An export holds the own units only, and leaves an act behind")
    func export() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            _ = try await browser.get("/exchange")
            let mine = try await browser.take("/exchange/exports", [("kind", "organizations"), ("unit", "HX-LJ"), ("subtree", "on"), ("format", "csv")])
            #expect(mine.status == 200 && mine.body.contains("临江区总工会") && !mine.body.contains("衡溪市总工会"))
            let above = try await browser.take("/exchange/exports", [("kind", "organizations"), ("unit", "HX"), ("format", "csv")])
            #expect(above.body.contains("没有编码为“HX”的单位"))
            #expect(try app.database.readNow { try $0.count("SELECT count(*) FROM act WHERE kind = 'export.organizations'") } == 1)
        }
    }

    @Test("A file that is no table is refused with a sentence")
    func noTable() async throws {
        try await servedOnBothEngines { app, port in
            let password = try SignInStories.officer(app), browser = Browser(port: port)
            try await browser.signIn("ouyang", password)
            _ = try await browser.get("/exchange")
            let link = try #require(try await browser.upload("/exchange/imports", [("kind", "people")], file: ("file", "a.xlsx", bytes("随便"))).location)
            #expect(try await settled(link, browser).body.contains("没有导入。"))
            #expect(try await browser.upload("/exchange/imports", [("kind", "people")], file: ("file", "", [])).body.contains("没有选文件"))
        }
    }
}
