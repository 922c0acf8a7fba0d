import Access
import App
@testable import Certificates
import Kit
import Ledger
import People
import Register
import TestBench
import Testing
import World

@Suite("我的，在手机上", .ownThreads) struct DuesStories {
    private static func day(_ text: String) -> Day { Day(iso: text)! }

    /// The page of 我的 as somebody sees it on a day; `prepare` may write before.
    private func page(
        _ person: String, on today: String, path: String = "/me", prepare: @escaping @Sendable (Named, Writing) throws -> Void = { _, _ in },
        _ check: @escaping @Sendable (Browser.Answer, Named) throws -> Void
    ) async throws {
        try await servedOnBothEngines(today: Self.day(today)) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let password = try Learners.account("me", of: person, named, app.database)
            try await app.database.write(MessageStories.act) { try prepare(named, $0) }
            let browser = Browser(port: port)
            let signedIn = try await browser.signIn("me", password)
            #expect(signedIn.location == "/")
            #expect(try await browser.get("/").location == "/me")
            try check(try await browser.get(path), named)
        }
    }

    @Test("Who is behind is told how much, of what and by when; each account is one line and a door")
    func behind() async throws {
        try await page("张伟", on: "2022-10-01") { answer, _ in
            #expect(answer.status == 200)
            // Ten days are 80 hours of 90 off the job, nothing of 50 online.
            #expect(answer.body.contains("您今年还需<b>10 学时脱产培训</b>和<b>50 学时网络培训</b>，截止 12 月 31 日。"))
            #expect(answer.body.contains("<b>80</b> / 90 学时") && answer.body.contains("<b>0</b> / 50 学时"))
            #expect(answer.body.contains("附件 表 第4列，截止 2022-12-31") && answer.body.contains("/me/archive?year=2022"))
            // Trained once in five years already.
            #expect(answer.body.contains("2019—2023 年") && !answer.body.contains("年还需<b>1 次"))
        }
    }

    @Test("Who has done everything is told so")
    func done() async throws {
        try await page("刘芳", on: "2022-12-31") { answer, _ in
            #expect(answer.body.contains("您今年应学的学时<b>已全部完成</b>"))
            #expect(answer.body.contains("<b>40</b> / 40 学时") && answer.body.contains("<b>50</b> / 50 学时") && !answer.body.contains("还需"))
        }
    }

    @Test("A past year is told as past, and the period of a head of office as a whole")
    func past() async throws {
        try await page("李秀英", on: "2023-03-01", path: "/me?year=2022") { answer, _ in
            #expect(answer.body.contains("2022 年还差<b>50 学时网络培训</b>，没有完成。"))
            // Five days of a class that names no institution count for nothing of A7: 40 hours of the year stand without a target.
            #expect(answer.body.contains("个人没有单独要求，单位人均标准 110"))
            #expect(answer.body.contains("2019—2023 年还需<b>90 天院校培训</b>") || answer.body.contains("2019—2023 年还需<b>550 学时院校培训</b>"))
        }
    }

    @Test("After the policy has ended that is said, with the last year; before it begins nothing is owed")
    func outside() async throws {
        try await page("张伟", on: "2026-11-21") { answer, _ in
            #expect(answer.body.contains("今年没有在执行的规划，您今年没有应学的学时。") && answer.body.contains("到 2023-12-31 为止的情况见下面"))
            #expect(!answer.body.contains("2023 年还差") && answer.body.contains("已结束 · 截至 2023-12-31"))
        }
        try await page("张伟", on: "2026-11-21", path: "/me?year=2023") { answer, _ in
            #expect(answer.body.contains("2023 年还差"), "one click away")
        }
        try await page("张伟", on: "2018-11-21") { answer, _ in
            #expect(answer.body.contains("自 2019-01-01 起执行，在那以前没有应学的学时。"))
        }
    }

    @Test("Without a category it is said why nothing is worked out and whom to ask, by unit and name")
    func noCategory() async throws {
        try await page("吴静", on: "2022-10-01", prepare: { named, db in
            var post = try RosterStore.appointments(of: [named.people["吴静"]!], in: db)[0]
            post.category = ""
            try RosterStore.correct(post.id, to: post, in: db)
            let officer = try AccountStore.add("office", displayName: "林晓红", hash: "x", in: db)
            try GrantStore.give(Grant(role: .personnelOfficer, organizationID: named.units["HX"]!, from: .always, to: .open), to: officer, in: db)
        }) { answer, _ in
            #expect(answer.body.contains("<b>人员类别</b>没有登记"))
            #expect(answer.body.contains("请与衡溪市总工会林晓红（组织人事管理员）联系"))
        }
    }

    @Test("Who holds no post is told so; an account without a file as well, and owns nothing")
    func nobody() async throws {
        try await page("吴静", on: "2022-10-01", prepare: { named, db in
            let post = try RosterStore.appointments(of: [named.people["吴静"]!], in: db)[0]
            try RosterStore.end(post.id, on: Self.day("2022-05-01"), in: db)
        }) { answer, _ in #expect(answer.body.contains("您现在没有登记任职")) }
        try await servedOnBothEngines { app, port in
            _ = try await Named.fill(app.database, numbers: app.numbers)
            let password = Secrets.password()
            try await app.database.write(Bench.act) { db in
                _ = try AccountStore.add("nobody", displayName: "无档案", hash: try PasswordHashing.hashNow(password, .least), in: db)
            }
            let browser = Browser(port: port)
            try await browser.signIn("nobody", password)
            #expect(try await browser.get("/me").body.contains("没有对应的人员档案"))
            for path in ["/me/archive", "/me/objections", "/me/extract"] { #expect(try await browser.get(path).status == 404) }
        }
    }

    @Test("The clocks of a new chair run: training by a higher union within a year, and 16 hours before the post")
    func clocks() async throws {
        try await page("杨帆", on: "2022-02-01") { answer, _ in
            #expect(answer.body.contains("您新上岗，9 月 1 日前还需<b>16 学时岗前培训</b>。"))
            #expect(answer.body.contains("您新上岗，9 月 1 日前还需<b>1 次上级工会或工会院校举办的脱产培训</b>。"))
            #expect(answer.body.contains("到期的事") && answer.body.contains("还有 212 天") && answer.body.contains("衡溪华盛精密机械有限公司工会"))
        }
        try await page("杨帆", on: "2022-10-01") { answer, _ in
            #expect(answer.body.contains("<b>新上岗岗前培训</b>到 2022-09-01 没有完成。"))
            #expect(answer.body.contains("已完成"))
        }
    }

    @Test("A certificate whose refresher is near stands among what is due")
    func certificates() async throws {
        try await page("刘芳", on: "2022-10-01", prepare: { named, db in
            try CertificateStore.add(
                PostCertificate(
                    personID: named.people["刘芳"]!, number: "HX-0001", title: "工会干部上岗证书", issuer: "衡溪市总工会", issued: Self.day("2020-03-01"),
                    validUntil: Self.day("2025-02-28"), refresherDue: Self.day("2022-11-01")), in: db)
        }) { answer, _ in
            #expect(answer.body.contains("您的工会干部上岗证书要在 11 月 1 日前复训。") && answer.body.contains("复训 还有 31 天") && answer.body.contains("编号 HX-0001"))
        }
    }
}
