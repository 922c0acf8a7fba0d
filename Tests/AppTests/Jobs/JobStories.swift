@testable import Access
@testable import App
import Foundation
@testable import Kit
import TestBench
import Testing
import World

@Suite("后台工作，在浏览器里", .ownThreads)
struct JobStories {
    private static let kind = JobKind("test.never", "没人办的事", attempts: 2, pauses: [60])

    /// A failed one, one that waits for its next attempt, one that is worked on, and one that waits for its day.
    private static func fill(_ app: App) async throws -> (failed: Int64, paused: Int64, working: Int64, waiting: Int64) {
        let database = app.database, far = Clock.start(of: Day(iso: "2150-01-01")!)
        let ids = try await database.write(Bench.act) { try JobStore.add(kind, ["a", "b", "c"].map { JobStore.New(key: $0) }, in: $0) }
        let claims = try await database.book { try JobStore.claim(.small, kinds: [kind.key], upTo: 3, worker: "elsewhere/1/a", in: $0) }
        try await database.write(Act(who: .system, origin: "", kind: "job.fail", why: "磁盘已满。")) { try JobStore.fail(claims[0], why: "磁盘已满。", in: $0) }
        try await database.book { try JobStore.giveBack(claims[1], due: far, why: JobFailure.crash, in: $0) }
        try await database.book { try JobStore.beat([claims[2].id], progress: [(claims[2].id, claims[2].number, JobProgress(done: 40, total: 100, since: 0))], in: $0) }
        let waiting = try #require(try await database.write(Bench.act) { try JobStore.add(kind, JobStore.New(about: 7, at: far), in: $0) })
        return (ids[0], ids[1], ids[2], waiting)
    }

    @Test("A system administrator of the whole installation sees what waits, works and failed, and why; nobody else does")
    func seen() async throws {
        try await GrantWorld.served { world in
            let jobs = try await Self.fill(world.app)
            let system = try await world.browser(world.account("系统", world.grant(.systemAdmin, "HX")))
            let page = try await system.get("/jobs")
            #expect(page.status == 200)
            for words in [
                "<b>1</b> 件没有办成", "test.never", "试了 1 次，没有办成：磁盘已满。", "第 1 次在办", "已完成 40，共 100", "到 2150-01-01 00:00 才办。",
                "已试 1 次，2150-01-01 00:00 再试。上一次没有办成：处理它的服务中途停止。",
            ] { #expect(page.body.contains(words), "\(words)") }
            #expect(try await system.get("/").body.contains("href=\"/jobs\""))
            for id in [jobs.failed, jobs.paused, jobs.working, jobs.waiting] { #expect(try await system.get("/jobs/\(id)").status == 200) }
            for (role, code) in [(Role.systemAdmin, "HX-LJ"), (.securityAdmin, "HX"), (.auditor, "HX"), (.personnelOfficer, "HX")] {
                let other = try await world.browser(world.account("\(role) \(code)", world.grant(role, code)))
                for path in ["/jobs", "/jobs/\(jobs.failed)"] { #expect(try await other.get(path).status == 404, "\(role) \(path)") }
                for deed in ["retry", "give-up"] {
                    #expect(try await other.post("/jobs/\(jobs.failed)/\(deed)", [("why", "没人要了")], token: Caller.token).status == 404)
                }
            }
            #expect(try await world.app.database.read { try JobStore.line(jobs.failed, in: $0) }?.state == .failed)
            #expect(try await system.get("/jobs/12345").status == 404)
            #expect(try await system.post("/jobs/12345/retry", [], token: Caller.token).status == 404)
            #expect(try await system.post("/jobs/12345/give-up", [("why", "没有这件")], token: Caller.token).status == 404)
        }
    }

    @Test("What failed is tried again as an act, as often as at first; what works or is done is not, nor what is done anew already")
    func retry() async throws {
        try await GrantWorld.served { world in
            let jobs = try await Self.fill(world.app), database = world.app.database
            let system = try await world.browser(world.account("系统", world.grant(.systemAdmin, "HX")))
            func line(_ id: Int64) async throws -> JobLine { try #require(try await database.read { try JobStore.line(id, in: $0) }) }
            func retry(_ id: Int64) async throws -> Browser.Answer { try await system.post("/jobs/\(id)/retry", [], token: Caller.token) }
            #expect(try await retry(jobs.working).body.contains("这件后台工作现在不能再试"))
            #expect(try await line(jobs.working).state == .working)
            // Somebody has enqueued the same in the meantime.
            let anew = try #require(try await database.write(Bench.act) { try JobStore.add(Self.kind, JobStore.New(key: "a"), in: $0) })
            #expect(try await retry(jobs.failed).body.contains("同样的一件后台工作已经在排队"))
            #expect(try await line(jobs.failed).state == .failed)
            #expect(try await system.post("/jobs/\(anew)/give-up", [("why", "重复了")], token: Caller.token).location == "/jobs?done=give-up")
            for id in [jobs.failed, jobs.paused] {
                #expect(try await retry(id).location == "/jobs?done=retry")
                let now = try await line(id)
                #expect(now.state == .waiting && now.attempts == 0)
                // A second click is told so.
                #expect(try await retry(id).body.contains("现在不能再试"))
            }
            let acts = try await database.read { try $0.rows("SELECT a.who, c.subject_id FROM act a JOIN act_change c ON c.act_id = a.id WHERE a.kind = 'job.retry' ORDER BY a.id") { ($0.text(0), $0.int(1)) } }
            #expect(acts.map(\.1) == [jobs.failed, jobs.paused] && acts.allSatisfy { $0.0 == "系统" })
        }
    }

    @Test("What nobody will do is given up with a reason, as an act; whoever has it in hand is refused at the end, and what is over is not given up")
    func giveUp() async throws {
        try await GrantWorld.served { world in
            let jobs = try await Self.fill(world.app), database = world.app.database
            let system = try await world.browser(world.account("系统", world.grant(.systemAdmin, "HX")))
            func giveUp(_ id: Int64, _ why: String) async throws -> Browser.Answer { try await system.post("/jobs/\(id)/give-up", [("why", why)], token: Caller.token) }
            #expect(try await giveUp(jobs.failed, "").body.contains("理由没有填"))
            #expect(try await giveUp(jobs.failed, String(repeating: "长", count: 501)).body.contains("太长"))
            #expect(try await database.read { try JobStore.count(.givenUp, in: $0) } == 0)
            let claim = JobStore.Claim(id: jobs.working, kind: Self.kind.key, subject: nil, asker: 0, number: 1, attempts: 1, now: 0)
            for id in [jobs.failed, jobs.paused, jobs.working, jobs.waiting] {
                #expect(try await giveUp(id, "文件已经作废").location == "/jobs?done=give-up")
                #expect(try await giveUp(id, "再来一次").body.contains("已经办完或已经放弃"))
            }
            await #expect(throws: JobFailure.lost) { try await database.write(Bench.act) { try JobStore.finish(claim.id, claim.number, in: $0) } }
            #expect(try await database.read { try JobStore.count(.givenUp, in: $0) } == 4)
            let why = try await database.read { try $0.rows("SELECT why FROM act WHERE kind = 'job.giveUp'") { $0.text(0) } }
            #expect(why == Array(repeating: "文件已经作废", count: 4))
            #expect(try await system.get("/jobs/\(jobs.failed)").body.contains("已放弃，理由：文件已经作废。"))
        }
    }

    @Test("Whoever waits for an import that is given up is told so, and it is not said to be at work any more")
    func told() async throws {
        try await GrantWorld.served { world in
            let app = world.app, system = try await world.browser(world.account("系统", world.grant(.systemAdmin, "HX")))
            let account = try await world.account("人事", world.grant(.personnelOfficer, "HX-LJ")), officer = try await world.browser(account)
            let (id, work) = try await app.database.write(Bench.act) { db in
                let id = try ImportJobStore.add(kind: .people, fileName: "名册.csv", file: [1], effective: nil, accountID: account, app.numbers, db)
                let new = JobStore.New(about: id, key: "\(id)", at: Clock.start(of: Day(iso: "2150-01-01")!))
                return (id, try #require(try JobStore.add(ImportWork.judging, new, in: db)))
            }
            #expect(try await officer.get("/exchange/imports/\(id)").body.contains("正在检查"))
            // Neither name nor file of anybody stands on the administrator's page.
            let page = try await system.get("/jobs/\(work)").body
            #expect(page.contains("检查待导入的文件") && !page.contains("名册") && !page.contains("人事"))
            #expect(try await system.post("/jobs/\(work)/give-up", [("why", "文件太大")], token: Caller.token).status == 303)
            #expect(try await officer.get("/exchange/imports/\(id)").body.contains("已被系统管理员停止，没有导入任何内容"))
            #expect(try await officer.get("/notices").body.contains("已被系统管理员停止"))
        }
    }
}
