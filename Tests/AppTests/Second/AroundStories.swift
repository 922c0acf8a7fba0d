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

/// What is protected is not reached by way of something else: the post under a grant, a duty that sleeps, a file made one with
/// another, a unit below, two accounts of one maker.
@Suite("Nothing that is refused is done around it", .ownThreads) struct AroundStories {
    private static func post(of name: String, _ one: Puppeteer) async throws -> Appointment {
        try await one.app.database.read { db in try #require(try RosterStore.appointments(of: [one.named.people[name]!], in: db).last) }
    }

    /// An account of somebody with a grant that rests on the post there is.
    private static func holder(_ account: String, _ name: String, _ role: Role, at unit: String, _ one: Puppeteer) async throws -> (account: Int64, post: Appointment) {
        let post = try await post(of: name, one)
        let id = try await one.app.database.write(Bench.act) { db in
            let id = try AccountStore.add(account, displayName: name, hash: "-", personID: post.personID, in: db)
            try GrantStore.give(Grant(role: role, organizationID: one.named.units[unit]!, from: .always, to: .open, restingOn: post.id), to: id, in: db)
            return id
        }
        return (id, post)
    }

    private static func fields(_ post: Appointment, unit: String = "HX-LJ", to: String = "") -> [(String, String)] {
        [
            ("unit", unit), ("title", post.title), ("from", "\(post.from)"), ("to", to), ("category", post.category), ("workforce", post.workforce),
            ("engagement", post.engagement), ("primary", "yes"),
        ]
    }

    private static func isFile(_ answer: Browser.Answer) -> Bool { answer.header("Content-Type") == Reply.xlsx }

    @Test("Nobody takes, prolongs or brings back an equal's or an administrator's grant by its post, in whatever way; a superior does")
    func posts() async throws {
        try await Puppeteer.story { one in
            let today = Clock.today
            let (equal, post) = try await Self.holder("lixiuying", "李秀英", .personnelOfficer, at: "HX-LJ", one)
            let (_, audited) = try await Self.holder("wangjianguo", "王建国", .auditor, at: "HX", one)
            let path = "/people/\(post.personID)"
            func held() async throws -> [Grant] { try await one.app.database.read { try GrantStore.grants(of: equal, in: $0) } }
            func attempts(_ some: [(String, String, [(String, String)])]) async throws {
                let before = try await held()
                for (name, address, fields) in some {
                    let refused = try await one.post(address, fields)
                    #expect(refused.status == 200 && refused.body.contains("授权（") && refused.body.contains("的依托"), "\(name): \(refused.status)")
                    #expect(try await held() == before, "\(name)")
                }
            }
            let correct = "\(path)/posts/\(post.id)/correct"
            try await attempts([
                ("end", "\(path)/end", [("post", "\(post.id)"), ("day", "\(today)")]),
                ("shorten", correct, Self.fields(post, to: "\(today + 5)")),
                ("move the unit", correct, Self.fields(post, unit: "HX-LJ-BH")),
                ("end an auditor's", "/people/\(audited.personID)/end", [("post", "\(audited.id)"), ("day", "\(today)")]),
            ])
            let ended = try await one.app.database.write(Bench.act) { db in
                try RosterStore.end(post.id, on: today, in: db)
                return db.actID
            }
            try await attempts([
                ("prolong", correct, Self.fields(post)),
                ("take the end back", "\(path)/undo", [("act", "\(ended)")]),
            ])
            // What an import changes posts by is asked as well; and what rests on it is nothing that stands in the way of other facts.
            let present = try await Self.post(of: "李秀英", one)
            let refusal = await #expect(throws: Refusal.self) {
                try await one.app.database.write(one.act) { db in
                    var longer = present
                    longer.to = .open
                    try RosterStore.update([(old: present, new: longer)], in: db)
                }
            }
            #expect(refusal?.name == "appointment.granted")
            var titled = post
            titled.title = "常务副主席"
            #expect(try await one.post(correct, Self.fields(titled, to: "\(today)")).status == 303)
            let city = try await one.browser(of: try await one.add("city-lin", of: "林晓红", .personnelOfficer, at: "HX"))
            #expect(try await one.post(correct, Self.fields(post), as: city).status == 303)
            #expect(try await held().contains { $0.covers(today) })
            #expect(try await one.post("\(path)/end", [("post", "\(post.id)"), ("day", "\(today)")], as: city).status == 303)
        }
    }

    @Test("A duty that sleeps with its post protects its account and keeps apart; it is ended for good like one that holds")
    func sleeping() async throws {
        try await Puppeteer.story { one in
            let today = Clock.today
            let city = try await one.browser(of: try await one.add("city-lin", of: "林晓红", .personnelOfficer, at: "HX"))
            for (account, name, role, unit) in [("lixiuying", "李秀英", Role.personnelOfficer, "HX-LJ"), ("wangjianguo", "王建国", .securityAdmin, "HX")] {
                let (id, post) = try await Self.holder(account, name, role, at: unit, one)
                // No longer at the unit where the grant was given: it holds on no day.
                try await one.app.database.write(Bench.act) { db in
                    var moved = post
                    moved.organizationID = one.named.units["HX-LJ-BH"]!
                    try RosterStore.correct(post.id, to: moved, in: db)
                }
                #expect(try await one.app.database.read { try GrantStore.grants(of: id, in: $0).contains { $0.covers(today) } } == false)
                #expect(try await one.app.database.read { try GrantStore.duties(of: [id], on: today, in: $0).map(\.role) } == [role])
                for factor in [[], [("factor", "on")]] as [[(String, String)]] {
                    let refused = try await one.post("/activation/people/\(post.personID)", [("format", "xlsx")] + factor)
                    #expect(!Self.isFile(refused) && refused.body.contains("担任管理职责"), "\(name)")
                }
                let above = try await one.post("/activation/people/\(post.personID)", [("format", "xlsx")], as: city)
                #expect(Self.isFile(above) == (role == .personnelOfficer), "\(name)")
            }
            // Two files that must not be one, and one of the own making, while the duty sleeps.
            let (_, officer) = try await Self.holder("yangfan", "杨帆", .personnelOfficer, at: "HX-LJ-BH-Q001", one)
            let (auditor, _) = try await Self.holder("huanglei", "黄磊", .auditor, at: "HX", one)
            try await one.app.database.write(Bench.act) { db in try RosterStore.end(officer.id, on: today, in: db) }
            func merge(_ survivor: Int64, _ other: String, _ browser: Browser? = nil) async throws -> Browser.Answer {
                try await one.post("/people/\(survivor)/merge", [("other", other), ("primary", "survivor")], as: browser)
            }
            let code = try await one.app.database.read { db in try #require(try RosterStore.person(one.named.people["黄磊"]!, in: db)?.code) }
            let apart = try await merge(officer.personID, code, city)
            #expect(apart.status == 200 && apart.body.contains("这两种身份不能由同一个人担任"))
            let number = try PersonNumber.passing("11010519900101003")
            #expect(try await one.post(
                "/people/new", [("name", "杨帆"), ("idNumber", number), ("code", "HXP1"), ("unit", "HX-LJ-XD"), ("from", "2016-01-01"), ("to", "2016-02-01"), ("category", "grassroots"), ("title", "干事")]
            ).status == 303)
            #expect(try await merge(officer.personID, "HXP1").body.contains("您或您办理的人在最近"))
            // Ended for good it stands in nobody's way.
            let grant = try await one.app.database.read { db in
                let account = try #require(try AccountStore.account(named: "yangfan", in: db))
                return try #require(try GrantListStore.records(of: account.id, in: db).first)
            }
            #expect(grant.state(on: today) == .over && grant.canHold(after: today))
            #expect(try await city.get("/grants/\(grant.id)").body.contains("结束这项授权"))
            #expect(try await one.post("/grants/\(grant.id)/end", [("day", "\(today)"), ("sure", "yes")], as: city).location == "/grants/\(grant.id)")
            #expect(try await one.app.database.read { try GrantStore.duties(of: [grant.account.id, auditor], on: today, in: $0).map(\.role) } == [.auditor])
        }
    }

    @Test("A code made while a duty sleeps would open nothing later: who may not make it for the duty may not make it at all")
    func wakes() async throws {
        try await Puppeteer.story { one in
            let (id, post) = try await Self.holder("lixiuying", "李秀英", .personnelOfficer, at: "HX-LJ", one), today = Clock.today
            let act = try await one.app.database.write(Bench.act) { db in
                try RosterStore.end(post.id, on: today - 1, in: db)
                return db.actID
            }
            #expect(try await !Self.isFile(one.post("/activation/people/\(post.personID)", [("format", "xlsx")])))
            try await one.app.database.write(Bench.act) { try TakingBack.undo(act: act, Features.all.keepers, in: $0) }
            #expect(try await one.app.database.read { try SlipStore.open(of: [id], in: $0).isEmpty })
        }
    }

    @Test("A file that is to be deleted is made one with no other, either way; what was named when it was asked is what is deleted")
    func merging() async throws {
        try await Puppeteer.story { one in
            let street = try await one.browser(of: try await one.add("bh-chen", of: "陈杰", .personnelOfficer, at: "HX-LJ-BH")), victim = one.named.people[Puppeteer.victim]!
            let (doomed, code) = try await one.app.database.write(Bench.act) { db in
                let facts = PersonFacts(code: "HXD1", name: "误建甲", idNumber: IDNumber(stored: try PersonNumber.passing("11010519900101003"), birthDay: Day(iso: "1990-01-01")!))
                let post = Appointment(personID: 0, organizationID: one.named.units["HX-LJ-BH"]!, from: Day(iso: "2016-01-01")!, to: Day(iso: "2016-02-01")!, isPrimary: true)
                let person = try RosterStore.create(facts, post: post, numbers: one.app.numbers, in: db).id
                let present = try #require(try RosterStore.appointments(of: [victim], in: db).last)
                try RosterStore.end(present.id, on: Day(iso: "2024-01-01")!, in: db)
                return (person, try #require(try RosterStore.person(victim, in: db)?.code))
            }
            func attempts(_ when: String) async throws {
                for (survivor, other) in [(doomed, code), (victim, "HXD1")] {
                    let refused = try await one.post("/people/\(survivor)/merge", [("other", other), ("primary", "survivor")], as: street)
                    #expect(refused.status == 200 && refused.body.contains("正在申请依法删除"), "\(when)")
                }
            }
            func ask() async throws -> String { try #require(try await one.post("/people/\(doomed)/erase", [("ground", "unlawful")], as: street).location) }
            func join() async throws { try await one.app.database.write(Bench.act) { try RosterStore.merge(victim, into: doomed, primary: .survivor, in: $0) } }
            func part() async throws {
                let act = try await one.app.database.read { db in try #require(try ActStore.changes(of: "person", [victim], in: db).first).act.id }
                try await one.app.database.write(Bench.act) { try TakingBack.undo(act: act, Features.all.keepers, in: $0) }
            }
            let first = try await ask()
            try await attempts("asked")
            // However the files became one since: it is not what was asked for.
            try await join()
            let changed = try await one.act("consent", on: first, [("name", "误建甲")])
            #expect(changed.status == 200 && changed.body.contains("已不是申请时的那几份"))
            try await part()
            #expect(try await one.act("consent", on: first, [("name", "误建甲")]).location == first)
            try await attempts("waiting")
            try await join()
            let due = Clock.start(of: Clock.today + Erasure.waitDays)
            #expect(try await one.app.carryOutErasures(now: due) == 0)
            #expect(try await one.browser.get(first).body.contains("已不是申请时的那几份"))
            #expect(try await one.app.database.read { try RosterStore.person(victim, in: $0)?.isErased } == false)
            // Asked for as they are now, they are deleted together.
            let second = try await ask()
            #expect(try await one.act("consent", on: second, [("name", "误建甲")]).location == second)
            #expect(try await one.app.carryOutErasures(now: due) == 1)
        }
    }

    @Test("Who moved the victim below the unit that asks, into one that has closed since, does not consent")
    func placedBelow() async throws {
        try await Puppeteer.story { one in
            let victim = one.named.people[Puppeteer.victim]!, bh = one.named.units["HX-LJ-BH"]!
            let founded = try await one.post("/organizations/\(bh)/do/create", [("code", "HX-LJ-ATT"), ("name", "新设的工会"), ("kind", "enterpriseUnion"), ("ownership", "非公"), ("day", "2024-01-01")])
            #expect(founded.status == 303)
            #expect(try await one.post("/people/\(victim)/appoint", [("manner", "move"), ("unit", "HX-LJ-ATT"), ("from", "2024-06-01"), ("category", "grassroots"), ("title", "干事")]).status == 303)
            let moved = try await Self.post(of: Puppeteer.victim, one)
            #expect(try await one.post("/people/\(victim)/end", [("post", "\(moved.id)"), ("day", "2024-07-01")]).status == 303)
            try await one.app.database.write(Bench.act) { try OrganizationStore.close(moved.organizationID, on: Day(iso: "2024-07-01")!, in: $0) }
            let street = try await one.browser(of: try await one.add("bh-chen", of: "陈杰", .personnelOfficer, at: "HX-LJ-BH"))
            let asked = try #require(try await one.post("/people/\(victim)/erase", [("ground", "unlawful")], as: street).location)
            let refused = try await one.act("consent", on: asked, [("name", Puppeteer.victim)])
            #expect(refused.status == 200 && refused.body.contains("放到现在的单位的"))
        }
    }

    @Test("Two accounts of one maker's are no giver and receiver; somebody else gives the office")
    func puppets() async throws {
        try await Puppeteer.story { one in
            let security = try await one.add("an.quan", of: nil, .securityAdmin, at: "HX"), act = Act(who: .account(security, "安全"), origin: "", kind: "slip.make", why: "")
            let other = try await one.browser(of: try await one.add("an.quan2", of: nil, .securityAdmin, at: "HX"))
            let giver = try await Slips.make("刘芳", one.named, one.app, by: act).account.id, receiver = try await Slips.make("陈杰", one.named, one.app, by: act).account.id
            try await one.app.database.write(act) { db in
                try GrantStore.give(Grant(role: .securityAdmin, organizationID: one.named.units["HX"]!, from: .always, to: .open), to: giver, in: db)
                try AccountStore.set(.active, of: #require(try AccountStore.account(giver, in: db)), in: db)
            }
            let post = try await Self.post(of: "陈杰", one)
            func give(_ browser: Browser) async throws -> Browser.Answer {
                try await one.post("/grants", [("account", "\(receiver)"), ("role", "personnelOfficer"), ("unit", "HX-LJ-BH"), ("post", "\(post.id)"), ("from", "\(Clock.today)"), ("step", "give")], as: browser)
            }
            let refused = try await give(one.browser(of: giver))
            #expect(refused.status == 200 && refused.body.contains("不是互不相干的两个人"))
            #expect(try await give(other).location?.hasPrefix("/grants/") == true)
        }
    }

    @Test("An identity that somebody bound meanwhile goes with the owner's return by a slip, with closing, and by a deed of its own")
    func identities() async throws {
        try await Puppeteer.story { one in
            let security = try await one.browser(of: try await one.add("an.quan", of: nil, .securityAdmin, at: "HX")), liu = try await one.add("liufang", of: "刘芳")
            func bind() async throws { try await one.app.database.write(Bench.act) { try IdentityStore.bind("s-1", at: "https://idp.example", to: liu, one.app.numbers, in: $0) } }
            func isBound() async throws -> Bool { try await one.app.database.read { try IdentityStore.since(liu, in: $0) } != nil }
            func deed(_ name: String) async throws -> Int { try await one.post("/accounts/\(liu)", [("deed", name)], as: security).status }
            try await bind()
            #expect(try await security.get("/accounts/\(liu)").body.contains("解除统一身份的绑定"))
            #expect(try await deed("identity") == 303)
            #expect(try await !isBound())
            #expect(try await deed("identity") == 200, "there is none any more")
            for wayBack in ["renewed", "closed", "activated"] {
                try await bind()
                if wayBack == "closed" {
                    #expect(try await deed("close") == 303)
                } else {
                    let slip = try await Slips.make("刘芳", one.named, one.app), own = Browser(port: one.port)
                    #expect(try await Slips.present("HX9000007", slip.code.text, own).location == "/sign-in/set")
                    #expect(try await Slips.set("liufang", "三只 青蛙 坐在 石狮子上", own).status == 303)
                    #expect(try await own.get("/notices").body.contains("原来绑定的统一身份已经解除"))
                }
                #expect(try await !isBound(), "\(wayBack)")
            }
        }
    }

    @Test("A grant rests on a post of the account's own person, merged files followed; a post that becomes another's takes and gives no right")
    func owners() async throws {
        try await Puppeteer.story { one in
            let (equal, post) = try await Self.holder("lixiuying", "李秀英", .personnelOfficer, at: "HX-LJ", one), liu = one.named.people["刘芳"]!
            func holds() async throws -> Bool { try await one.app.database.read { try GrantStore.grants(of: equal, in: $0).contains { $0.covers(Clock.today) } } }
            var others = post
            (others.personID, others.isPrimary) = (liu, false)
            let away = others
            let refusal = await #expect(throws: Refusal.self) {
                try await one.app.database.write(one.act) { db in try RosterStore.apply([.update(post, to: away)], in: db) }
            }
            #expect(refusal?.name == "appointment.granted")
            #expect(try await holds())
            try await one.app.database.write(Bench.act) { db in try RosterStore.apply([.update(post, to: away)], in: db) }
            #expect(try await !holds())
            let back = await #expect(throws: Refusal.self) {
                try await one.app.database.write(one.act) { db in try RosterStore.apply([.update(away, to: post)], in: db) }
            }
            #expect(back?.name == "appointment.granted")
            try await one.app.database.write(Bench.act) { db in try RosterStore.apply([.update(away, to: post)], in: db) }
            #expect(try await holds())
            // Made one with another file, and that one with a third, it is still the own; nobody who makes them one is asked about it.
            for number in [1, 2] {
                try await one.app.database.write(one.act) { db in
                    let facts = PersonFacts(name: "李秀英", idNumber: IDNumber(stored: try PersonNumber.passing("1101051990010100\(number)"), birthDay: Day(iso: "1990-01-01")!))
                    let living = try #require(try RosterStore.living(post.personID, in: db)).id
                    try RosterStore.merge(living, into: RosterStore.create(facts, post: nil, numbers: one.app.numbers, in: db).id, in: db)
                }
                #expect(try await holds(), "\(number)")
            }
        }
    }

    @Test("Whole numbers in a workbook are of those whose file one keeps, whatever else one may see")
    func numbers() async throws {
        try await Puppeteer.story { one in
            let account = try await one.add("liang", of: nil, .personnelOfficer, at: "HX-LJ-BH")
            let (gone, whole) = try await one.app.database.write(Bench.act) { db in
                try GrantStore.give(Grant(role: .leader, organizationID: one.named.units["HX"]!, from: .always, to: .open), to: account, in: db)
                let number = IDNumber(stored: try PersonNumber.passing("11010519900101003"), birthDay: Day(iso: "1990-01-01")!)
                let post = Appointment(personID: 0, organizationID: one.named.units["HX-LJ-BH"]!, from: Day(iso: "2015-01-01")!, isPrimary: true, title: "干事")
                let person = try RosterStore.create(PersonFacts(code: "HXV1", name: "田小禾", idNumber: number), post: post, numbers: one.app.numbers, in: db).id
                try RosterStore.transfer(to: Appointment(personID: person, organizationID: one.named.units["HX-JC"]!, from: Day(iso: "2020-01-01")!, isPrimary: true, title: "科员"), in: db)
                return (number.text, try RosterStore.idNumber(of: #require(try RosterStore.person(one.named.people["刘芳"]!, in: db)), numbers: one.app.numbers).text)
            }
            let browser = try await one.browser(of: account)
            func export(_ unit: String) async throws -> String { try await one.post("/exchange/exports", [("kind", "people"), ("unit", unit), ("subtree", "on"), ("format", "csv")], as: browser).body }
            let kept = try await export("HX-LJ-BH")
            #expect(kept.contains("田小禾") && kept.contains(masked(idNumber: gone)) && !kept.contains(gone) && kept.contains(whole))
            let seen = try await export("HX")
            #expect(seen.contains("田小禾") && !seen.contains(gone) && !seen.contains(whole))
        }
    }

    @Test("Whether a name fits a number that is taken is not told to who registers a file")
    func fits() async throws {
        try await Puppeteer.story { one in
            let number = try await one.app.database.read { db in
                try RosterStore.idNumber(of: #require(try RosterStore.person(one.named.people["吴静"]!, in: db)), numbers: one.app.numbers).text
            }
            func answer(_ name: String) async throws -> String {
                let refused = try await one.post("/people/new", [("name", name), ("idNumber", number), ("unit", "HX-LJ"), ("from", "2020-01-01"), ("title", "干事")])
                #expect(refused.status == 200 && refused.body.contains("在名册里已有档案"), "\(name)")
                return refused.body.replacing(name, with: "")
            }
            #expect(try await answer("吴静") == answer("欧阳娜娜"))
        }
    }
}
