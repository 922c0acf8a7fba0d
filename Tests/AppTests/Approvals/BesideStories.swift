import Access
@testable import Accounts
@testable import App
@testable import Approvals
import Foundation
import Kit
import People
import Register
import TestBench
import Testing
import World

/// What the first version of approvals had left beside: who is told, whose turn goes on through whom, and where nobody is there to decide.
@Suite("Approvals when somebody is missing, and what others are told", .ownThreads) struct BesideStories {
    private typealias Cast = ApprovalStories.Cast

    private static func account(_ name: String, _ cast: ApprovalStories.Cast) async throws -> Int64 {
        try #require(try await cast.app.database.read { try $0.first(SQL("SELECT id FROM account WHERE name = \(name)")) { $0.int(0) } })
    }

    private static func lock(_ account: Int64, _ cast: ApprovalStories.Cast, _ state: Account.State = .locked) async throws {
        try await cast.app.database.write(Bench.act) { db in _ = try db.run(SQL("UPDATE account SET state = \(state.rawValue), act_id = \(db.actID) WHERE id = \(account)")) }
    }

    @Test("A chain of substitutes ends with one who is locked or has no duty any more: nothing goes on through them, nor is told")
    func chain() async throws {
        try await ApprovalStories.cast { cast in
            let today = Clock.today, leader = try await Self.account("街道领导", cast)
            let deputy = try await cast.account("副主席", .leader, at: "HX-LJ-BH-FW"), third = try await cast.account("干事", .leader, at: "HX-LJ-BH-Q001")
            for (absent, other) in [(leader, deputy), (deputy, third)] {
                try await cast.app.database.write(Act(who: .account(absent, "某"), origin: "", kind: "test", why: "")) { db in
                    _ = try SubstituteStore.choose(other, for: absent, from: today, to: today + 3, today: today, in: db)
                }
            }
            func absent() async throws -> [Int64] { try await cast.app.database.read { try SubstituteStore.standsFor(third, on: OrganizationStore.tree(on: today, in: $0), in: $0).map(\.account.id) } }
            func told() async throws -> Set<Int64> { try await cast.app.database.read { try SubstituteStore.substitutes(of: [leader], on: OrganizationStore.tree(on: today, in: $0), in: $0) } }
            #expect(try await absent() == [deputy, leader])
            #expect(try await told() == [deputy, third])
            let browser = try await cast.browser(third), first = try await cast.ask()
            #expect(try await browser.get("/approvals").body.contains("代街道领导办理"))
            try await Self.lock(deputy, cast)
            #expect(try await absent() == [])
            #expect(try await told() == [])
            #expect(try await browser.get("/approvals").body.contains("没有等您办理的事"))
            #expect(try await browser.act("consent", on: first).status == 404)
            try await Self.lock(deputy, cast, .active)
            #expect(try await absent() == [deputy, leader])
            try await cast.app.database.write(Bench.act) { try GrantStore.endAll(of: deputy, on: today, in: $0) }
            #expect(try await absent() == [deputy], "without a duty nothing was lent to go on")
            #expect(try await told() == [])
            #expect(try await cast.leader.act("consent", on: first).location == first)
        }
    }

    @Test("A superior who chose for somebody lends what lies below the own units today, and nothing when locked; what is told goes the same way")
    func superior() async throws {
        try await ApprovalStories.cast { cast in
            let today = Clock.today, leader = try await Self.account("街道领导", cast), officer = try await Self.account("区管理员", cast)
            let third = try await cast.account("干事", nil, at: "HX-LJ-BH", person: "赵𬱖")
            try await cast.app.database.write(Act(who: .account(officer, "区管理员"), origin: "", kind: "test", why: "")) { db in
                _ = try SubstituteStore.choose(third, for: leader, from: today, to: today + 3, today: today, in: db)
            }
            func lent() async throws -> [Int64] {
                try await cast.app.database.read { db in try SubstituteStore.standsFor(third, on: OrganizationStore.tree(on: today, in: db), in: db).flatMap(\.grants).map(\.organizationID) }
            }
            func told() async throws -> Set<Int64> {
                try await cast.app.database.read { try SubstituteStore.substitutes(of: [leader], on: OrganizationStore.tree(on: today, in: $0), in: $0) }
            }
            let (bh, jc) = (cast.named.units["HX-LJ-BH"]!, cast.named.units["HX-JC"]!)
            #expect(try await lent() == [bh])
            #expect(try await told() == [third])
            // What the absent one gets beside the superior's units is not the superior's to lend.
            try await cast.app.database.write(Bench.act) { db in _ = try GrantStore.give(Grant(role: .leader, organizationID: jc, from: .always, to: .open), to: leader, in: db) }
            #expect(try await lent() == [bh])
            try await Self.lock(officer, cast)
            #expect(try await lent() == [])
            #expect(try await told() == [])
            try await Self.lock(officer, cast, .active)
            try await cast.app.database.write(Bench.act) { try GrantStore.endAll(of: officer, on: today, in: $0) }
            #expect(try await lent() == [])
        }
    }

    @Test("What the absent one reaches with a second factor alone nobody reaches without one, and is told how")
    func factor() async throws {
        try await ApprovalStories.cast { cast in
            let today = Clock.today, leader = try await Self.account("街道领导", cast), third = try await cast.account("干事", nil, at: "HX-LJ-BH", person: "赵𬱖")
            try await cast.app.database.write(Act(who: .account(leader, "街道领导"), origin: "", kind: "test", why: "")) { db in
                _ = try SubstituteStore.choose(third, for: leader, from: today, to: today + 3, today: today, in: db)
            }
            let link = try await cast.ask(), weak = Browser(port: cast.port)
            await weak.setCookie("yugong", try await cast.app.database.write(Bench.act) { try Caller.session(third, isStrong: false, in: $0) })
            let inbox = try await weak.get("/approvals")
            #expect(inbox.status == 200 && inbox.body.contains("设置验证器") && !inbox.body.contains("刘芳"))
            #expect(try await weak.get(link).status == 404)
            #expect(try await weak.act("consent", on: link).status == 404)
            let strong = try await cast.browser(third), seen = try await strong.get("/approvals")
            #expect(seen.body.contains("代街道领导办理") && !seen.body.contains("设置验证器"))
            #expect(try await strong.act("consent", on: link).location == link)
        }
    }

    @Test("Whoever chose the substitute who decided an earlier step does not decide the next")
    func chooser() async throws {
        try await ApprovalStories.cast { cast in
            let today = Clock.today, leader = try await Self.account("街道领导", cast), officer = try await Self.account("区管理员", cast)
            let third = try await cast.account("干事", nil, at: "HX-LJ-BH", person: "赵𬱖")
            let substitute = try await cast.app.database.write(Act(who: .account(officer, "区管理员"), origin: "", kind: "test", why: "")) { db in
                try SubstituteStore.choose(third, for: leader, from: today, to: today + 3, today: today, in: db)
            }
            let link = try await cast.ask()
            #expect(try await cast.browser(third).act("consent", on: link).location == link)
            // That it was ended since changes nothing of who chose.
            try await cast.app.database.write(Bench.act) { try SubstituteStore.end(substitute, on: today, in: $0) }
            #expect(try await cast.officer.act("consent", on: link).body.contains("您选定的代理人"))
            #expect(try await cast.finance.act("consent", on: link).location == link)
        }
    }

    @Test("Messages about an absence name people, and go with their deleted files")
    func erased() async throws {
        try await ApprovalStories.cast { cast in
            let today = Clock.today, chen = cast.named.people["陈杰"]!, away = try await cast.account("陈领导", .leader, at: "HX-LJ-BH", person: "陈杰")
            let other = try await cast.account("副主席", .leader, at: "HX-LJ-BH-FW")
            try await cast.app.database.write(Act(who: .account(away, "陈领导"), origin: "", kind: "test", why: "")) { db in
                _ = try SubstituteStore.choose(other, for: away, from: today, to: today + 3, today: today, in: db)
            }
            func naming() async throws -> Int64 { try await cast.app.database.read { try $0.count("SELECT count(*) FROM message WHERE text LIKE '%陈领导%'") } }
            #expect(try await naming() == 1)
            let (erased, held) = try await cast.app.database.read { db in
                try cast.app.features.erased([chen], AccountStore.accounts(of: chen, in: db).map(\.account), in: db)
            }
            #expect(held.flatMap(\.goes).contains { $0.name == "代理" && $0.words == "1 条写着姓名的通知" })
            try await cast.app.database.write(Bench.act) { db in for rows in cast.app.features.erasing { try rows.forget(erased, db) } }
            #expect(try await naming() == 0)
        }
    }

    @Test("Of an asking unit that is no more, places of the rules are those of the nearest unit above it that is there")
    func closedUnit() async throws {
        try await ApprovalStories.cast { cast in
            let units = cast.named.units, (root, district, street, station, other) = (units["HX"]!, units["HX-LJ"]!, units["HX-LJ-BH"]!, units["HX-LJ-BH-FW"]!, units["HX-JC"]!)
            func places(_ tree: OrgTree, _ asking: Int64) -> [Int64] {
                let approval = Approval(id: 1, kind: Study.key, subjectID: 1, organizationID: asking, deciderID: other, content: RowImage([:]))
                return StepRules.Place.allCases.map { Seats.unit($0, of: approval, tree) }
            }
            let before = try await cast.app.database.read { try OrganizationStore.tree(on: Clock.today, in: $0) }
            #expect(places(before, station) == [station, other, street, root, root] && places(before, street) == [street, other, district, root, root])
            try await cast.app.database.write(Bench.act) { db in
                _ = try db.run(SQL("UPDATE organization_version SET to_day = \(Clock.today - 1), act_id = \(db.actID) WHERE organization_id = \(station)"))
            }
            let after = try await cast.app.database.read { try OrganizationStore.tree(on: Clock.today, in: $0) }
            #expect(after.unit(station) == nil)
            #expect(places(after, station) == [street, other, street, root, root])
            #expect(after.standing(station) == street && after.standing(99) == nil)
        }
    }

    @Test("What nobody could decide, at the unit or above it, is not asked for, and it is said who gives the duty; later steps count as well")
    func nobody() async throws {
        try await ApprovalStories.cast { cast in
            func refused() async throws -> String {
                let answer = try await cast.asker.post("/people/\(cast.named.people["刘芳"]!)/study", [("school", "省校"), ("cost", "1"), ("why", "申请")], token: Caller.token)
                #expect(answer.location == nil)
                return answer.body
            }
            let head = try await Self.account("市领导", cast), finance = try await Self.account("区财务", cast)
            try await Self.lock(finance, cast)
            #expect(try await refused().contains("要由“财务”决定，但决定的单位和它的上级现在都没有人有这个身份"))
            #expect(try await cast.app.database.read { try $0.count("SELECT count(*) FROM approval") } == 0)
            _ = try await cast.account("安全员", .securityAdmin, at: "HX")
            #expect(try await refused().contains("请先联系衡溪市总工会的安全管理员安全员"))
            try await Self.lock(finance, cast, .active)
            // A leader of the district's own would not do for a step at the root.
            try await cast.app.database.write(Bench.act) { try GrantStore.endAll(of: head, on: Clock.today, in: $0) }
            #expect(try await refused().contains("要由“领导”决定"))
            _ = try await cast.account("新领导", .leader, at: "HX")
            // The street's own leader is gone, the one above decides.
            let leader = try await Self.account("街道领导", cast)
            try await Self.lock(leader, cast)
            let link = try await cast.ask()
            #expect(try await cast.browser(Self.account("新领导", cast)).get("/approvals").body.contains("刘芳 读学历"))
            #expect(link.hasPrefix("/approvals/"))
        }
    }

    @Test("Of three steps beside each other only the last decision is taken back, by whatever way one comes")
    func threeBeside() async throws {
        try await ApprovalStories.cast(steps: Study.threeBeside) { cast in
            let link = try await cast.ask(), id = Int64(link.split(separator: "/").last!)!, district = try await cast.browser(cast.account("区领导", .leader, at: "HX-LJ"))
            for browser in [cast.leader, cast.officer, cast.finance] { #expect(try await browser.act("consent", on: link).location == link) }
            let acts = try await cast.app.database.read { db in try ApprovalStore.deeds(of: id, in: db).map(\.act.id) }
            func undo(_ act: Int64) async throws -> String? {
                do { try await cast.app.database.write(Bench.act) { try TakingBack.undo(act: act, cast.app.features.keepers, in: $0) } } catch let refusal as Refusal { return refusal.name }
                return nil
            }
            #expect(try await undo(acts[2]) == "undo.later", "finance decided after the officer")
            let states = { @Sendable in try await cast.app.database.read { try ApprovalStore.steps(of: ApprovalStore.approval(id, in: $0)!, in: $0).map(\.state) } }
            #expect(try await states() == [.consented, .consented, .consented, .open, .waiting])
            #expect(try await undo(acts[3]) == nil)
            #expect(try await states() == [.consented, .consented, .open, .open, .waiting])
            #expect(try await district.act("consent", on: link).location == link)
            #expect(try await undo(acts[3]) == "undo.later")
            #expect(try await cast.app.database.read { try ImageCheck.run(cast.app.features.keepers, in: $0).findings } == [])
        }
    }

    @Test("Whoever asked, and those who have it, are told when a superior withdraws or changes it, or a decision is taken back")
    func told() async throws {
        try await ApprovalStories.cast { cast in
            let link = try await cast.ask()
            #expect(try await cast.leader.act("consent", on: link).location == link)
            #expect(try await cast.officer.post("\(link)/ask", [("school", "市校"), ("cost", "1"), ("why", "改近一点")], token: Caller.token).location == link)
            #expect(try await cast.asker.get("/notices").body.contains("刘芳读学历的申请有了改动，已重新提出"))
            #expect(try await cast.finance.get("/notices").body.contains("现在不用您办"))
            #expect(try await cast.leader.get("/notices").body.contains("刘芳申请到市校读学历；请办理"))
            #expect(try await cast.leader.act("decline", on: link, [("why", "不同意")]).location == link)
            #expect(try await cast.head.act("take-back", on: link, [("why", "再议")]).location == link)
            #expect(try await cast.leader.get("/notices").body.contains("刘芳读学历的申请的决定已撤回，重新办理：再议"))
            #expect(try await cast.asker.get("/notices").body.contains("重新办理：再议"))
            #expect(try await cast.officer.act("withdraw", on: link, [("why", "名额取消")]).location == link)
            #expect(try await cast.asker.get("/notices").body.contains("刘芳读学历的申请已撤销，不用再办：名额取消"))
            #expect(try await cast.leader.get("/notices").body.contains("刘芳读学历的申请已撤销，不用再办：名额取消"))
            #expect(try await cast.finance.get("/notices").body.contains("名额取消") == false)
        }
    }

    @Test("What has ended is found however many of others' have ended since, by unit, by step and by who decided; others find nothing")
    func ended() async throws {
        try await ApprovalStories.cast { cast in
            let link = try await cast.ask()
            #expect(try await cast.leader.act("decline", on: link, [("why", "不读")]).location == link)
            let other = cast.named.units["HX-JC"]!, first = Int64(link.split(separator: "/").last!)! + 1_000_000
            try await cast.app.database.write(Bench.act) { db in
                let numbers: SQL = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 11000)"
                try db.run(SQL("""
                    INSERT INTO approval (id, kind, subject_id, organization_id, decider_id, state, round, turn, act_id)
                    SELECT \(first) + i, 'study', \(first) + i, \(other), \(other), 'declined', 1, 1, \(db.actID) FROM (\(numbers) SELECT i FROM n) AS many
                    """))
                try db.run(SQL("""
                    INSERT INTO approval_round (approval_id, round, content, act_id)
                    SELECT \(first) + i, 1, '{"cost":"1","school":"x"}', \(db.actID) FROM (\(numbers) SELECT i FROM n) AS many
                    """))
            }
            for browser in [cast.asker, cast.leader, cast.officer, cast.finance, cast.head] {
                let isHead = browser === cast.head
                #expect(try await browser.get("/approvals?view=decided&kind=study").body.contains("刘芳 读学历") == !isHead, "the head sees thousands before it")
            }
            let elsewhere = try await cast.browser(cast.account("机床", .leader, at: "HX-LJ-XD"))
            #expect(try await elsewhere.get("/approvals?view=decided").body.contains("还没有办结的"))
            #expect(try await cast.asker.get("/approvals?view=asked").body.contains("没有在办的申请"))
        }
    }
}
