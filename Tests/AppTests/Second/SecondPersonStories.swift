@testable import Access
@testable import Accounts
@testable import App
@testable import Approvals
import Foundation
import Kit
@testable import People
@testable import Register
import TestBench
import Testing
@testable import World

/// For each rule that asks for two people: one who plays both is refused, two who are two are not. A new rule is one more
/// test here with the same puppeteer.
@Suite("Two people, not two accounts", .ownThreads) struct SecondPersonStories {
    @Test("One officer cannot delete a file with a person of the own making, whatever it costs in steps; another above can")
    func deletion() async throws {
        try await Puppeteer.story { one in
            let puppet = try await one.puppet(), victim = try await one.moveVictim()
            let city = try await one.add("city-lin", of: "林晓红", .personnelOfficer, at: "HX")
            let asked = try #require(try await one.post("/people/\(victim)/erase", [("ground", "unlawful")], as: puppet.browser).location)
            // He asks as the puppet and consents as himself.
            let refused = try await one.act("consent", on: asked, [("name", Puppeteer.victim)])
            #expect(refused.status == 200 && refused.body.contains("两个互不相干的人") && refused.body.contains("衡溪市总工会的林晓红"), "\(refused.status)")
            // The other way round, he asks himself and the puppet has been made an officer above: the same.
            let (him, made) = (try await one.side(one.account), try await one.side(puppet.account))
            #expect(Independence.tie(asker: made, decider: him) == .asker(.file) && Independence.tie(asker: him, decider: made) == .decider(.file))
            #expect(made.makers[one.account] == [.file, .account, .slip, .grant])
            // A puppet of the puppet's is his too, and two puppets of one are no two.
            let code = try await Slips.make("黄磊", one.named, one.app, by: Act(who: .account(puppet.account, "田小禾"), origin: "", kind: "slip.make", why: ""))
            let second = try await one.side(code.account.id)
            #expect(Independence.tie(asker: second, decider: him) == .asker(.account) && second.makers[puppet.account] == [.account, .slip])
            let third = try await Slips.make("杨帆", one.named, one.app, by: one.act), sibling = try await one.side(third.account.id)
            #expect(Independence.tie(asker: second, decider: sibling) == nil && Independence.tie(asker: second, decider: sibling, isFinal: true) == .maker)
            // Once the time is over they count as two.
            let later = Independence.days + 1
            #expect(Independence.tie(asker: try await one.side(puppet.account, daysLater: later), decider: try await one.side(one.account, daysLater: later), isFinal: true) == nil)
            #expect(try await one.app.database.read { try RosterStore.person(victim, in: $0)?.isErased } == false)
            // Whoever has made none of it may.
            #expect(try await one.act("consent", on: asked, [("name", Puppeteer.victim)], as: one.browser(of: city)).location == asked)
        }
    }

    @Test("Who moved the victim to where it was asked does not consent, however old the asker is")
    func placing() async throws {
        try await Puppeteer.story { one in
            let victim = one.named.people[Puppeteer.victim]!
            // Somebody independent, but the victim stands there by the decider's hand.
            let asker = try await one.add("q-yang", of: "杨帆", .personnelOfficer, at: "HX-LJ-BH-Q001")
            #expect(try await one.post("/people/\(victim)/appoint", [("manner", "move"), ("unit", "HX-LJ-BH-Q001"), ("from", "2024-06-01"), ("category", "grassroots"), ("title", "干事")]).status == 303)
            let post = try await one.app.database.read { db in try #require(try RosterStore.appointments(of: [victim], in: db).last) }
            #expect(try await one.post("/people/\(victim)/end", [("post", "\(post.id)"), ("day", "2024-07-01")]).status == 303)
            let asked = try #require(try await one.post("/people/\(victim)/erase", [("ground", "unlawful")], as: one.browser(of: asker)).location)
            let refused = try await one.act("consent", on: asked, [("name", Puppeteer.victim)])
            #expect(refused.status == 200 && refused.body.contains("放到现在的单位的") && refused.body.contains("现在还没有别的人可以决定"))
        }
    }

    @Test("A transfer asked by somebody of the decider's making, or decided by somebody of the asker's, is not consented to; nor one's own")
    func transfer() async throws {
        try await Puppeteer.story { one in
            let victim = one.named.people[Puppeteer.victim]!, jc = one.named.units["HX-JC"]!
            func ask(_ person: Int64, by account: Int64) async throws -> String {
                let post = Appointment(personID: person, organizationID: jc, from: Day(iso: "2030-01-01")!, isPrimary: true, title: "干事")
                return try await one.app.database.write(Act(who: .account(account, "申请的人"), origin: "", kind: "request.transfer", why: "")) { db in
                    let asked = try TransferStore.askTransfer(to: post, one.app.house, in: db)
                    return asked.link
                }
            }
            // 吴静 of 机床 got the code from 张伟 of 临江, and her office from somebody else.
            let wu = try await Slips.make("吴静", one.named, one.app, by: one.act).account.id
            try await one.app.database.write(Bench.act) { _ = try GrantStore.give(Grant(role: .personnelOfficer, organizationID: jc, from: .always, to: .open), to: wu, in: $0) }
            try await one.app.database.write(one.act) { db in _ = try SlipStore.add(.random(), .reset, of: wu, at: jc, one.app.entrance.secrets, in: db) }
            let first = try await ask(victim, by: wu), refused = try await one.act("consent", on: first)
            #expect(refused.status == 200 && refused.body.contains("两个互不相干的人"))
            let street = try await one.add("bh-chen", of: "陈杰", .personnelOfficer, at: "HX-LJ-BH")
            #expect(try await one.act("consent", on: first, as: one.browser(of: street)).location == first)
            // Over both units somebody moves people alone: no second is asked for.
            let city = try await one.add("city-lin", of: "林晓红", .personnelOfficer, at: "HX")
            try await one.app.database.write(Act(who: .account(city, "林晓红"), origin: "", kind: "test", why: "")) { db in _ = try SlipStore.add(.random(), .reset, of: wu, at: jc, one.app.entrance.secrets, in: db) }
            let second = try await ask(one.named.people["赵𬱖"]!, by: wu)
            #expect(try await one.act("consent", on: second, as: one.browser(of: city)).location == second)
            // The own move.
            let third = try await ask(one.named.people["张伟"]!, by: wu)
            for deed in ["consent", "decline"] {
                let own = try await one.act(deed, on: third)
                #expect(own.status == 200 && own.body.contains("调动您本人"), "\(deed)")
            }
            #expect(try await one.act("decline", on: third, as: one.browser(of: city)).location == third)
            #expect(try await one.act("take-back", on: third).body.contains("您本人"))
        }
    }

    @Test("A turn that is lent makes nobody one who could move people alone: the own puppet's transfer is not consented to in an absence")
    func lentTransfer() async throws {
        try await Puppeteer.story { one in
            let puppet = try await one.puppet(), jc = try await one.add("jc-wu", of: "吴静", .personnelOfficer, at: "HX-JC"), today = Clock.today
            try await one.app.database.write(Act(who: .account(jc, "吴静"), origin: "", kind: "test", why: "")) { db in
                _ = try SubstituteStore.choose(one.account, for: jc, from: today, to: today + 3, today: today, in: db)
            }
            // The puppet asks for somebody of 机床, for whom its maker would decide in 吴静's absence.
            let post = Appointment(personID: one.named.people["欧阳修文"]!, organizationID: one.named.units["HX-LJ-PP"] ?? one.named.units["HX-LJ"]!, from: Day(iso: "2030-01-01")!, isPrimary: true, title: "干事")
            let link = try await one.app.database.write(Act(who: .account(puppet.account, "田小禾"), origin: "", kind: "request.transfer", why: "")) { db in
                try TransferStore.askTransfer(to: post, one.app.house, in: db).link
            }
            #expect(try await one.browser.get("/approvals").body.contains("代吴静办理"))
            let refused = try await one.act("consent", on: link)
            #expect(refused.status == 200 && refused.body.contains("两个互不相干的人"))
            #expect(try await one.act("consent", on: link, as: one.browser(of: jc)).location == link)
        }
    }

    @Test("Who owes the account to the one who objects does not answer; nor does anybody about the own file, merged files included")
    func objection() async throws {
        try await Puppeteer.story { one in
            let zhang = one.named.people["张伟"]!, lj = one.named.units["HX-LJ"]!
            func object(_ target: Int64) async throws -> String {
                try await one.app.database.write(one.act) { db in
                    let person = try #require(try RosterStore.living(zhang, in: db))
                    try ObjectionStore.ask(ObjectionStore.Target(id: target, about: "任职", link: ""), of: person, text: "任职有误", at: lj, one.app.house, in: db)
                    let objection = try #require(try ObjectionStore.objections(of: person.id, in: db).first)
                    return objection.approval.link
                }
            }
            func answer(_ path: String, _ browser: Browser? = nil) async throws -> Browser.Answer { try await one.act("decline", on: path, [("why", "核对无误")], as: browser) }
            let first = try await object(1)
            #expect(try await answer(first).body.contains("不能由您自己答复"))
            // Behind a file that was merged into another it is still the own one.
            let twin = try await one.app.database.write(Bench.act) { db in
                let facts = PersonFacts(name: "张伟", idNumber: IDNumber(stored: FolkNumbers.idNumber(ordinal: 900, birth: Day(iso: "1988-01-01")!, isMale: true), birthDay: Day(iso: "1988-01-01")!))
                let twin = try RosterStore.create(facts, post: nil, numbers: one.app.numbers, in: db).id
                try RosterStore.merge(zhang, into: twin, in: db)
                return twin
            }
            #expect(try await answer(first).body.contains("不能由您自己答复"))
            #expect(try await one.browser.get(first).body.contains("不能由您自己决定"))
            #expect(try await one.app.database.read { db in try ObjectionStore.objections(of: twin, in: db).count } == 1, "what was said of the former file is still one's own")
            // An equal who got the code from him.
            let li = try await Slips.make("李秀英", one.named, one.app, by: one.act).account.id
            try await one.app.database.write(Bench.act) { _ = try GrantStore.give(Grant(role: .personnelOfficer, organizationID: lj, from: .always, to: .open), to: li, in: $0) }
            try await one.app.database.write(one.act) { db in _ = try SlipStore.add(.random(), .reset, of: li, at: lj, one.app.entrance.secrets, in: db) }
            try await one.app.database.write(Bench.act) { db in try AccountStore.set(.active, of: #require(try AccountStore.account(li, in: db)), in: db) }
            let refused = try await answer(first, one.browser(of: li))
            #expect(refused.status == 200 && refused.body.contains("不能由您答复"))
            let city = try await one.add("city-lin", of: "林晓红", .personnelOfficer, at: "HX")
            #expect(try await answer(first, one.browser(of: city)).location == first)
        }
    }

    @Test("A security administrator does not give an office to an account of the own making, nor hand out the key to one that was given")
    func grantsAndKeys() async throws {
        try await Puppeteer.story { one in
            let security = try await one.browser(of: try await one.add("an.quan", of: nil, .securityAdmin, at: "HX"))
            let other = try await one.browser(of: try await one.add("an.quan2", of: nil, .securityAdmin, at: "HX"))
            func give(_ account: Int64, _ post: Int64, _ browser: Browser) async throws -> Browser.Answer {
                try await one.post("/grants", [("account", "\(account)"), ("role", "personnelOfficer"), ("unit", "HX-LJ-BH"), ("post", "\(post)"), ("from", "\(Clock.today)"), ("step", "give")], as: browser)
            }
            func post(_ name: String) async throws -> Int64 {
                try await one.app.database.read { db in
                    let posts = try RosterStore.appointments(of: [one.named.people[name]!], in: db)
                    return posts[0].id
                }
            }
            func slip(_ account: Int64, _ browser: Browser, factor: Bool = false) async throws -> Browser.Answer {
                try await one.post("/accounts/\(account)/slip", [("format", "xlsx"), ("reason", "本人申请")] + (factor ? [("factor", "on")] : []), as: browser)
            }
            func isFile(_ answer: Browser.Answer) -> Bool { answer.header("Content-Type") == Reply.xlsx }
            // The code first, the office after.
            let liu = try await one.add("liufang", of: "刘芳")
            #expect(isFile(try await slip(liu, security)))
            let refused = try await give(liu, try await post("刘芳"), security)
            #expect(refused.status == 200 && refused.body.contains("不能再由您授予"))
            #expect(try await give(liu, try await post("刘芳"), other).location?.hasPrefix("/grants/") == true)
            // The office first, the code and the factor after.
            let chen = try await one.add("chenjie", of: "陈杰")
            #expect(try await give(chen, try await post("陈杰"), security).location?.hasPrefix("/grants/") == true)
            for factor in [false, true] { #expect(try await !isFile(slip(chen, security, factor: factor))) }
            try await one.app.database.write(Bench.act) { try FactorStore.set(.random(), step: 0, of: chen, one.app.entrance.secrets, in: $0) }
            let taken = try await one.post("/accounts/\(chen)", [("deed", "factor")], as: security)
            #expect(taken.status == 200 && taken.body.contains("不能也由您取消"))
            #expect(try await one.post("/accounts/\(chen)", [("deed", "factor")], as: other).status == 303)
            // What is given downwards is less than one has: whoever let somebody in may give it.
            let huang = try await Slips.make("黄磊", one.named, one.app, by: one.act).account.id
            let downwards = try await one.post(
                "/grants", [("account", "\(huang)"), ("role", "leader"), ("unit", "HX-LJ-BH-Q001"), ("post", "\(try await post("黄磊"))"), ("from", "\(Clock.today)"), ("step", "give")])
            #expect(downwards.location?.hasPrefix("/grants/") == true)
        }
    }

    @Test("Nobody makes the own file one with another, nor a file of the own making one with that of somebody with an office")
    func merger() async throws {
        try await Puppeteer.story { one in
            let number = try PersonNumber.passing("11010519900101003")
            let made = try await one.post(
                "/people/new", [("name", "刘芳"), ("idNumber", number), ("code", "HXP1"), ("unit", "HX-LJ-XD"), ("from", "2016-01-01"), ("to", "2016-02-01"), ("category", "grassroots"), ("title", "干事")]
            ).location ?? ""
            #expect(made.hasPrefix("/people/"))
            let liu = try await one.add("liufang", of: "刘芳", .leader, at: "HX-LJ-BH")
            for (survivor, absorbed) in [(made, "HX9000007"), ("/people/\(one.named.people["刘芳"]!)", "HXP1")] {
                let refused = try await one.post(survivor + "/merge", [("other", absorbed), ("primary", "survivor")])
                #expect(refused.status == 200 && refused.body.contains("您或您办理的人在最近"), "\(survivor)")
            }
            let own = try await one.post("/people/\(one.named.people["张伟"]!)/merge", [("other", "HXP1")])
            #expect(own.status == 200 && own.body.contains("您自己的档案"))
            let city = try await one.browser(of: try await one.add("city-lin", of: "林晓红", .personnelOfficer, at: "HX"))
            let merged = try await one.post("/people/\(one.named.people["刘芳"]!)/merge", [("other", "HXP1"), ("primary", "survivor")], as: city)
            #expect(!merged.body.contains("您或您办理的人在最近"))
            #expect(try await one.app.database.read { try AccountStore.account(liu, in: $0) } != nil)
            // Taking the merging back asks as much: whose duty rests on one of the files keeps them together, and nothing is made one by it.
            let survivor = one.named.people["刘芳"]!, absorbed = try #require(Int64(made.dropFirst("/people/".count)))
            func takeBack(at file: Int64) async throws -> Browser.Answer {
                let act = try await one.app.database.read { db in try #require(try ActStore.changes(of: "person", [absorbed], in: db).first).act.id }
                return try await one.post("/people/\(file)/undo", [("act", "\(act)")], as: city)
            }
            func isMerged() async throws -> Bool { try await one.app.database.read { try RosterStore.person(absorbed, in: $0)?.mergedInto != nil } }
            #expect(try await isMerged())
            let held = try await takeBack(at: survivor)
            #expect(held.status == 200 && held.body.contains("档案不能拆开"))
            #expect(try await isMerged())
            try await one.app.database.write(Bench.act) { try GrantStore.endAll(of: liu, on: Clock.today, in: $0) }
            #expect(try await takeBack(at: survivor).status == 303)
            #expect(try await !isMerged())
            let again = try await takeBack(at: absorbed)
            #expect(again.status == 200 && again.body.contains("合并不能用撤回来恢复"))
            #expect(try await !isMerged())
        }
    }

    @Test("Whoever made one duplicate one with an officer's file does so with the next; a file of the own making stays refused")
    func duplicates() async throws {
        try await Puppeteer.story { one in
            let chen = try await one.add("bh-chen", of: "陈杰", .personnelOfficer, at: "HX-LJ-BH"), city = try await one.add("city-lin", of: "林晓红", .personnelOfficer, at: "HX")
            _ = try await one.add("liufang", of: "刘芳", .leader, at: "HX-LJ-BH")
            let liu = one.named.people["刘芳"]!, browser = try await one.browser(of: city)
            func merge(_ number: Int, madeBy maker: Int64) async throws -> Browser.Answer {
                try await one.app.database.write(Act(who: .account(maker, "建档的人"), origin: "", kind: "person.create", why: "")) { db in
                    let facts = PersonFacts(code: "HXP\(number)", name: "刘芳", idNumber: IDNumber(stored: try PersonNumber.passing("1101051990010100\(number)"), birthDay: Day(iso: "1990-01-01")!))
                    let post = Appointment(personID: 0, organizationID: one.named.units["HX-LJ-XD"]!, from: Day(iso: "201\(number)-01-01")!, to: Day(iso: "201\(number)-02-01")!, isPrimary: true, title: "干事")
                    try RosterStore.create(facts, post: post, numbers: one.app.numbers, in: db)
                }
                return try await one.post("/people/\(liu)/merge", [("other", "HXP\(number)"), ("primary", "survivor")], as: browser)
            }
            for number in [1, 2] { #expect(try await merge(number, madeBy: chen).status == 303, "\(number)") }
            let own = try await merge(3, madeBy: city)
            #expect(own.status == 200 && own.body.contains("您或您办理的人在最近"))
            // For every other rule a merging is a hand in somebody's file.
            let merged = try await one.app.database.read { try IndependenceStore.side(ofPerson: liu, now: Clock.nowMilliseconds, in: $0) }
            #expect(merged.makers[city] == [.merger] && merged.makers[chen] == [.file])
        }
    }
}
