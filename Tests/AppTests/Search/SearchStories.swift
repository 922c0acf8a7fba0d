@testable import Access
@testable import App
import Kit
@testable import Ledger
@testable import People
@testable import Register
import TestBench
import Testing
import World

@Suite("搜索", .ownThreads) struct SearchStories {
    static func browser(_ app: App, _ port: Int, _ named: Named, _ role: Role?, at code: String = "", of person: Int64? = nil) async throws -> Browser {
        let unit = named.units[code]
        let token = try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add("searcher-\(db.actID)", displayName: "查找的人", hash: "-", personID: person, in: db)
            if let role, let unit { try GrantStore.give(Grant(role: role, organizationID: unit, from: .always, to: .open), to: id, in: db) }
            return try Caller.session(id, in: db)
        }
        let browser = Browser(port: port)
        await browser.setCookie("yugong", token)
        _ = try await browser.get("/account")
        return browser
    }

    static func world(_ body: @escaping @Sendable (App, Int, Named) async throws -> Void) async throws {
        try await servedOnBothEngines { app, port in try await body(app, port, Named.fill(app.database, numbers: app.numbers)) }
    }

    /// What the page of a search says, as the form of the frame leads there.
    static func search(_ browser: Browser, _ typed: String) async throws -> String {
        let answer = try await browser.post("/search", [("find", typed)])
        guard let page = answer.location else { return answer.body }
        // Two letters may stand in a ciphertext by chance.
        #expect((page == "/search" || page.hasPrefix("/search?q=~")) && (typed.count < 4 && typed.allSatisfy(\.isASCII) || !page.contains(Fields.encode(typed))), "what may be a name stands sealed")
        return try await browser.get(page).body
    }

    @Test("Somebody is found by characters, sound, first letters, code and number by whoever may see the file, and by nobody else")
    func people() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), beside = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-XD")
            let leader = try await Self.browser(app, port, named, .leader, at: "HX"), auditor = try await Self.browser(app, port, named, .auditor, at: "HX")
            let liu = try #require(named.people["刘芳"]), link = "/people/\(liu)\""
            let (number, code) = try await app.database.read { db in
                let person = try #require(try RosterStore.person(liu, in: db))
                return (try RosterStore.idNumber(of: person, numbers: app.numbers).text, try #require(person.code))
            }
            let ends = String(number.prefix(6) + number.suffix(4))
            let learner = try await Self.browser(app, port, named, nil, of: named.people["吴静"])
            for typed in ["刘芳", "刘", "芳", "liufang", "Liu Fang", "lf", "LIUF", code, number, number.lowercased(), ends] {
                #expect(try await Self.search(officer, typed).contains(link), "\(typed)")
                #expect(try await Self.search(leader, typed).contains(link) || typed == "芳", "\(typed): what stands inside a name has no index over everything")
                for stranger in [beside, auditor, learner] { #expect(try await Self.search(stranger, typed).contains(link) == false, "\(typed)") }
            }
            #expect(try await Self.search(beside, "刘芳").contains("没有找到“刘芳”"))
            // Signs that stand for any text find nobody by themselves.
            for typed in ["%", "_", "%%__"] { #expect(try await Self.search(officer, typed).contains(link) == false) }
        }
    }

    @Test("A number stands in no address: it is asked by POST alone, and by an address nothing is looked for")
    func numbers() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), liu = try #require(named.people["刘芳"])
            let number = try await app.database.read { db in try RosterStore.idNumber(of: try #require(try RosterStore.person(liu, in: db)), numbers: app.numbers).text }
            let answer = try await officer.post("/search", [("find", " \(number.prefix(6)) \(number.dropFirst(6)) ")])
            #expect(answer.status == 200 && answer.location == nil && answer.body.contains("/people/\(liu)\""))
            for address in ["/search?q=\(number)", PageAddress("/search", Fields([("q", number)])).link] {
                let page = try await officer.get(address).body
                #expect(page.contains("号码不能写在网址里") && !page.contains("/people/\(liu)\""))
            }
            #expect(try await Self.search(officer, "110101199003071234").contains("没有找到这个号码"))
        }
    }

    @Test("Whoever was found can read by whom; those who only would have been are told nothing")
    func trace() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), liu = try #require(named.people["刘芳"])
            let learner = try await Self.browser(app, port, named, nil, of: liu)
            _ = try await Self.search(officer, "没有这个人")
            #expect(try await learner.get("/me/viewers").body.contains("搜索到的人员") == false)
            _ = try await Self.search(officer, "刘芳")
            let page = try await learner.get("/me/viewers").body
            #expect(page.contains("搜索到的人员") && page.contains("查找的人"))
        }
    }

    @Test("Of somebody who moved away the name of today finds nothing where only the past is seen")
    func formerName() async throws {
        try await Self.world { app, port, named in
            let zheng = try #require(named.people["郑强"])
            try await app.database.write(Act(who: .system, origin: "", kind: "person.correct", why: "后来更名")) { db in
                let old = try #require(try RosterStore.person(zheng, in: db)), number = try RosterStore.idNumber(of: old, numbers: app.numbers)
                try RosterStore.correct(zheng, to: PersonFacts(code: old.code, name: "欧阳自强", idNumber: number, gender: old.gender), numbers: app.numbers, in: db)
            }
            let old = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), new = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ")
            for typed in ["欧阳自强", "ouyang", "oyzq"] {
                #expect(try await Self.search(old, typed).contains("/people/\(zheng)\"") == false, "\(typed)")
                #expect(try await Self.search(new, typed).contains("/people/\(zheng)\""), "\(typed)")
            }
        }
    }

    @Test("Units, records, clauses, institutions and pages are found in one's own scope, the best first")
    func things() async throws {
        try await Self.world { app, port, named in
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), beside = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-XD")
            let bh = try #require(named.units["HX-LJ-BH"]), liu = try #require(named.people["刘芳"])
            let entry = try await app.database.write(Bench.act) { db in
                try UnrecognisedInstitutionStore.add("滨河速成学校", db)
                let taken = try HourEntryStore.post(
                    TrainingRecord(title: "滨河公文写作班", form: "offJob", isSelected: true, from: Day(iso: "2022-03-01")!, to: Day(iso: "2022-03-02")!, halfDays: 4), to: liu, db)
                try HourEntryStore.reverse(taken, why: "重复", db)
                return try HourEntryStore.post(
                    TrainingRecord(title: "滨河公文写作班", form: "offJob", isSelected: true, from: Day(iso: "2022-04-01")!, to: Day(iso: "2022-04-02")!, halfDays: 4), to: liu, db)
            }
            let page = try await Self.search(officer, "滨河")
            #expect(page.contains("/organizations/\(bh)\"") && page.contains("/figures/\(bh)\"") && page.contains("/records/\(entry)\"") && page.contains("滨河速成学校"))
            #expect(page.components(separatedBy: "滨河公文写作班").count == 2, "what was taken back is not there")
            let unit = try #require(page.range(of: "/organizations/\(bh)\"")), record = try #require(page.range(of: "/records/\(entry)\""))
            #expect(unit.lowerBound < record.lowerBound)
            let other = try await Self.search(beside, "滨河")
            #expect(!other.contains("/organizations/\(bh)\"") && !other.contains("滨河公文写作班") && !other.contains("刘芳") && other.contains("滨河速成学校"))
            #expect(try await Self.search(officer, "hx-lj-bh").contains("/organizations/\(bh)\""))

            let clause = try await Self.search(officer, "人均")
            #expect(clause.contains("/policies/") && clause.contains("「"))
            let pages = try await Self.search(officer, "改密码")
            #expect(pages.contains("href=\"/account\""))
            for typed in ["zhibiao", "zb"] { #expect(try await Self.search(officer, typed).contains("href=\"/figures\"")) }
            #expect(try await Self.search(officer, "没有的东西").contains("换个办法再找"))
        }
    }

    @Test("A learner finds the own trainings, clauses and pages, and nobody else")
    func learner() async throws {
        try await Self.world { app, port, named in
            let liu = try #require(named.people["刘芳"]), wu = try #require(named.people["吴静"])
            let (mine, others) = try await app.database.write(Bench.act) { db in
                func post(_ person: Int64) throws -> Int64 {
                    try HourEntryStore.post(
                        TrainingRecord(title: "滨河公文写作班", form: "offJob", isSelected: true, from: Day(iso: "2022-04-01")!, to: Day(iso: "2022-04-02")!, halfDays: 4), to: person, db)
                }
                return (try post(liu), try post(wu))
            }
            let learner = try await Self.browser(app, port, named, nil, of: liu)
            let page = try await Self.search(learner, "公文写作")
            #expect(page.contains("/me/records/\(mine)\"") && !page.contains("\(others)") && !page.contains("吴静"))
            #expect(try await Self.search(learner, "吴静").contains("没有找到"))
            #expect(try await Self.search(learner, "谁看过").contains("href=\"/me/viewers\""))
            let clause = try await Self.search(learner, "人均")
            #expect(!clause.contains("/policies/") && !clause.contains("/figures/"))
        }
    }

    @Test("Every page that is found opens, for every role")
    func pagesOpen() async throws {
        try await Self.world { app, port, named in
            for role in Role.allCases {
                let browser = try await Self.browser(app, port, named, role, at: "HX", of: role == .leader ? named.people["刘芳"] : nil)
                var links: Set<String> = []
                for typed in ["的", "我", "政", "密码", "账号", "人", "单位", "记录", "档案", "新", "申请", "代理", "导", "册", "审", "授", "通知", "错"] {
                    let page = try await Self.search(browser, typed)
                    guard let start = page.range(of: "<h2>页面和事项</h2>") else { continue }
                    links.formUnion(page[start.upperBound...].prefix { _ in true }.matches(of: /<a class="door" href="([^"]+)"/).map { String($0.1) })
                }
                #expect(!links.isEmpty, "\(role)")
                for link in links.sorted() where link.hasPrefix("/") {
                    let answer = try await browser.get(link)
                    #expect(answer.status == 200 || answer.status == 303 && answer.location?.hasPrefix("/sign-in") == false, "\(link) as \(role): \(answer.status)")
                }
            }
        }
    }

    @Test("Whoever searches faster than a person types is asked to wait")
    func pace() async throws {
        try await servedOnBothEngines { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            let officer = try await Self.browser(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let page = try #require(try await officer.post("/search", [("find", "刘芳")]).location)
            var statuses: Set<Int> = []
            for _ in 0..<120 { statuses.insert(try await officer.get(page).status) }
            #expect(statuses == [200, 429])
            #expect(try await officer.get("/search").status == 200, "the empty page asks nothing")
        }
    }

    @Test("Over few units and over many the same people are found by what their names begin with, the best first")
    func fewAndMany() async throws {
        try await Self.world { app, _, named in
            let names = try await app.database.read { db in
                try db.rows("SELECT name, code, pinyin, initials FROM person WHERE merged_into IS NULL ORDER BY id LIMIT 40") { (name: $0.text(0), code: $0.textOrNil(1), pinyin: $0.text(2), initials: $0.text(3)) }
            }
            let units = Array(named.units.values)
            for one in names {
                for typed in [one.name, String(one.name.prefix(1)), one.pinyin, one.initials, String(one.pinyin.prefix(3)), one.code ?? one.name] {
                    let (few, many) = try await app.database.read { db in
                        (
                            try PersonFindStore.people(PersonFindStore.Ask(typed: typed, units: units, limit: 200), in: db),
                            try PersonFindStore.people(PersonFindStore.Ask(typed: typed, units: nil, limit: 200), in: db)
                        )
                    }
                    // Inside a name only few units are looked through.
                    #expect(Set(many).subtracting(few).isEmpty && !many.isEmpty && many.count == Set(many).count, "\(typed)")
                    #expect(few.first.map(many.contains) == true, "\(typed)")
                }
            }
        }
    }
}
