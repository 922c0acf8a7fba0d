@testable import Access
@testable import Accounts
@testable import App
import Foundation
import Kit
@testable import People
@testable import Register
import TestBench
import Testing
import World

@Suite("A grant lives and dies with its appointment, and the session with the grant", .ownThreads) struct GrantEndStories {
    /// A way in which 陈杰's appointment at 滨河 ends.
    enum Way: String, CaseIterable { case endedToday, datedBack, corrected, anotherUnit, neverWas, mergedAway }

    static func end(_ way: Way, _ post: Appointment, _ world: GrantWorld, made: Int64) async throws -> Int64 {
        let today = Clock.today
        return try await world.app.database.write(Act(who: .system, origin: "", kind: "person.end", why: "测试")) { db in
            switch way {
            case .endedToday: try RosterStore.end(post.id, on: today, in: db)
            case .datedBack: try RosterStore.end(post.id, on: today - 400, in: db)
            case .corrected:
                var new = post
                new.to = today - 30
                try RosterStore.correct(post.id, to: new, in: db)
            case .anotherUnit:
                var new = post
                new.organizationID = world.unit("HX-LJ-XD")
                try RosterStore.correct(post.id, to: new, in: db)
            case .neverWas: try TakingBack.undo(act: made, Features.all.keepers, in: db)
            case .mergedAway:
                // The same post stands in the other file too: one of the two goes.
                let other = world.named.people["黄磊"]!
                var twin = post
                twin.personID = other
                for old in try RosterStore.appointments(of: [other], in: db) { try RosterStore.apply([.delete(old)], in: db) }
                try RosterStore.apply([.insert(twin)], in: db)
                try RosterStore.merge(post.personID, into: other, primary: .survivor, in: db)
            }
            return db.actID
        }
    }

    @Test("However the appointment ends, the right and the session end; taken back, the right is there again", arguments: Way.allCases)
    func ends(way: Way) async throws {
        try await GrantWorld.served { world in
            let unit = world.unit("HX-LJ-BH"), person = world.named.people["陈杰"]!
            let made = try await world.app.database.write(Bench.act) { db in
                for old in try RosterStore.appointments(of: [person], in: db) { try RosterStore.apply([.delete(old)], in: db) }
                return db.actID
            }
            let begun = try await world.app.database.write(Bench.act) { db in
                try RosterStore.appoint(Appointment(personID: person, organizationID: unit, from: Day(iso: "2018-03-01")!, isPrimary: true, title: "副主席"), in: db)
                return db.actID
            }
            #expect(made < begun)
            let post = try await world.post("陈杰")
            let account = try await world.account("陈杰", world.grant(.personnelOfficer, "HX-LJ-BH", restingOn: post.id))
            let browser = try await world.browser(account)
            #expect(try await browser.get("/people").status == 200)
            let act = try await Self.end(way, post, world, made: begun)
            #expect(try await browser.get("/people").location == "/sign-in?lost=1&to=%2Fpeople", "\(way)")
            #expect(try await world.app.database.read { try AuditStore.lines(AuditAsk(kind: "session.lost"), limit: 5, in: $0).count } == 1)
            // Signed in anew the account is a learner's; nobody stands in its place.
            let after = try await world.browser(account)
            #expect(try await after.get("/people").status == 404)
            #expect(try await after.get("/me").status == 200)
            let officers = try await world.app.database.read { try GrantStore.officers(on: Clock.today, in: $0) }
            #expect(officers[unit] == nil)
            let told = try await GrantNotices.send(world.app.database, today: Clock.today)
            #expect(told == 1)
            #expect(try await world.kinds(of: account) == ["grant.over"])
            #expect(try await GrantNotices.send(world.app.database, today: Clock.today) == 0)
            try await world.app.database.write(Bench.act) { try TakingBack.undo(act: act, Features.all.keepers, in: $0) }
            // The session that was a learner's has the right again at once.
            #expect(try await after.get("/people").status == 200, "\(way)")
        }
    }

    @Test("An end to come is told a month before, once for each end, and again when it has come")
    func reminders() async throws {
        try await GrantWorld.served { world in
            let today = Clock.today, post = try await world.post("陈杰")
            let account = try await world.account("陈杰", world.grant(.leader, "HX-LJ-BH", from: today - 10, to: today + 40, restingOn: post.id))
            func send(_ day: Day) async throws -> Int { try await GrantNotices.send(world.app.database, today: day) }
            #expect(try await send(today) == 0)
            #expect(try await send(today + 10) == 1)
            #expect(try await send(today + 11) == 0)
            try await world.app.database.write(Bench.act) { try RosterStore.end(post.id, on: today + 20, in: $0) }
            #expect(try await send(today + 11) == 1)
            #expect(try await send(today + 12) == 0)
            #expect(try await send(today + 20) == 1)
            #expect(try await send(today + 25) == 0)
            #expect(try await world.kinds(of: account) == ["grant.soon", "grant.soon", "grant.over"])
            let texts = try await world.app.database.read { db in try MessageStore.all(of: AccountStore.account(account, in: db)!, in: db).map(\.text) }
            #expect(texts[0].contains("将于 \(today + 39) 结束") && texts[1].contains("因为所依托的任职") && texts[2].contains("已随所依托的任职结束"))
        }
    }

    @Test(
        "What has slept for thirty days is over for good, whether its post ended or is no longer there: nobody is held for it for ever, and the post does not wake it",
        arguments: [Way.datedBack, .anotherUnit, .mergedAway])
    func slept(way: Way) async throws {
        try await GrantWorld.served { world in
            let today = Clock.today, post = try await world.post("陈杰")
            let account = try await world.account("陈杰", world.grant(.leader, "HX-LJ-BH", from: today - 200, to: .open, restingOn: post.id))
            _ = try await Self.end(way, post, world, made: 0)
            // An end that is dated back is slept through from the day it came about, for it may be a mistake.
            let slept = today + GrantStore.sleepDays
            func end() async throws -> Day? { try await world.app.database.read { try GrantListStore.records(of: account, in: $0).first?.ownEnd } }
            _ = try await GrantNotices.send(world.app.database, today: slept - 1)
            #expect(try await end() == .open)
            _ = try await GrantNotices.send(world.app.database, today: slept)
            #expect(try await end() == slept)
            #expect(try await GrantNotices.send(world.app.database, today: slept + 1) == 0)
            #expect(try await world.app.database.read { try GrantStore.overslept(on: slept + 1, in: $0) } == [])
        }
    }

    @Test("Nobody puts off the end of the post that an own grant rests on, by form, by taking back or by import")
    func ownPost() async throws {
        try await GrantWorld.served { world in
            let today = Clock.today, post = try await world.post("陈杰")
            let account = try await world.account("陈杰", world.grant(.personnelOfficer, "HX-LJ-BH", restingOn: post.id))
            let ended = try await world.app.database.write(Act(who: .system, origin: "", kind: "person.end", why: "到龄")) { db in
                try RosterStore.end(post.id, on: today + 60, in: db)
                return db.actID
            }
            let browser = try await world.browser(account), path = "/people/\(post.personID)"
            #expect(try await browser.get("/people").status == 200)
            let fields = [("unit", "HX-LJ-BH"), ("title", post.title), ("from", "\(post.from)"), ("category", post.category), ("workforce", post.workforce), ("engagement", post.engagement), ("primary", "yes"), ("why", "续任")]
            #expect(try await browser.post("\(path)/posts/\(post.id)/correct", fields + [("to", "")], token: Caller.token).body.contains("不能由您自己延后"))
            #expect(try await browser.post("\(path)/undo", [("act", "\(ended)"), ("why", "续任")], token: Caller.token).body.contains("不能由您自己延后"))
            #expect(try await world.post("陈杰").to == today + 60)
            // An import changes posts by this.
            let present = try await world.post("陈杰")
            let refusal = await #expect(throws: Refusal.self) {
                try await world.app.database.write(Act(who: .account(account, "陈杰"), origin: "", kind: "import.people", why: "")) { db in
                    var longer = present
                    longer.to = .open
                    try RosterStore.update([(old: present, new: longer)], in: db)
                }
            }
            #expect(refusal?.name == "appointment.own")
            // Earlier is his own affair; a superior puts it off.
            #expect(try await browser.post("\(path)/posts/\(post.id)/correct", fields + [("to", "\(today + 50)")], token: Caller.token).status == 303)
            let superior = try await world.browser(world.account("王建国", world.grant(.personnelOfficer, "HX-LJ")))
            #expect(try await superior.post("\(path)/posts/\(post.id)/correct", fields + [("to", "")], token: Caller.token).status == 303)
        }
    }

    @Test("What one may do is told in words: where, until when, given by whom and resting on what")
    func ownRights() async throws {
        try await GrantWorld.served { world in
            let today = Clock.today, post = try await world.post("陈杰")
            let account = try await world.account(
                "陈杰", world.grant(.personnelOfficer, "HX-LJ-BH", to: today + 12, restingOn: post.id), world.grant(.finance, "HX-LJ-BH", from: today - 50, to: today - 5, restingOn: post.id))
            let page = try await world.browser(account).get("/account/rights").body
            for words in [
                "组织人事管理员 · 滨河街道总工会", "滨河街道总工会及其 2 个下级单位", "滨河街道总工会 副主席（2018-03-01 至今）", "还有 <b>12 天</b>结束", "系统，", "更正基本情况", "已经结束的授权", "到期", "本人的档案",
            ] { #expect(page.contains(words), "\(words)") }
            #expect(!page.contains("操作记录") && !page.contains("的表单"))
            let learner = try await world.browser(world.account("刘芳"))
            #expect(try await learner.get("/account/rights").body.contains("您没有管理权限"))
            #expect(try await learner.get("/account").body.contains("/account/rights"))
            let auditor = try await world.browser(world.account("审计", world.grant(.auditor, "HX")))
            let words = try await auditor.get("/account/rights").body
            #expect(words.contains("操作记录") && words.contains("不依托任职") && !words.contains("名册与档案"))
        }
    }

    @Test("Every part of Yugong that needs a right has a name on the page of one's rights")
    func areas() {
        for feature in Features.all.all where feature.part.isEmpty {
            for row in feature.rights where !row.isDevelopment {
                switch row.need {
                case .right, .role: Issue.record("the feature of \(row.path) has no part")
                default: continue
                }
            }
        }
        for role in Role.allCases where !role.rights.isEmpty || role.isAdministrator { #expect(!OwnRights.areas(of: role, isRoot: true, Features.all).isEmpty, "\(role)") }
        #expect(OwnRights.areas(of: .auditor, isRoot: false, Features.all).isEmpty)
    }
}
