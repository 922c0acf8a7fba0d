import Access
@testable import App
import Foundation
import Kit
import Register
import Rules
import TestBench
import Testing
import World

/// Somebody with a role at a unit of the named world, signed in.
struct PolicyReader {
    let browser: Browser

    init(_ app: App, _ port: Int, _ named: Named, _ role: Role, at code: String) async throws {
        let unit = try #require(named.units[code]), name = "\(role.rawValue.lowercased())-\(code.lowercased())"
        let token = try await app.database.write(Bench.act) { db in
            let id = try AccountStore.add(name, displayName: name, hash: "-", in: db)
            try GrantStore.give(Grant(role: role, organizationID: unit, from: .always, to: .open), to: id, in: db)
            return try Caller.session(id, in: db)
        }
        browser = Browser(port: port)
        await browser.setCookie("yugong", token)
    }

    func get(_ path: String) async throws -> Browser.Answer { try await browser.get(path) }
    func post(_ path: String, _ fields: [(String, String)]) async throws -> Browser.Answer { try await browser.post(path, fields, token: Caller.token) }
}

@Suite("采用政策，在浏览器里", .ownThreads) struct AdoptionStories {
    private static let cadres = "beijing-cadres-2019-2023", local = "lj-cadres", title = "《临江区工会干部教育培训的例外》"
    private static let why = ("why", "区总工会第 3 号文")

    /// A world in June 2023 in which a district's own exception is loaded too.
    private static func served(_ body: @escaping @Sendable (App, Int, Named) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "/policies-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "id: \(local)\ntitle: \(title)\noverrides: \(cadres)\nrules:\n  - id: A2\n    clause: 区通知 二\n    findings:\n      - { group: grassroots, at-least: 60 % }\n"
            .write(toFile: folder + "/lj.yaml", atomically: true, encoding: .utf8)
        try await servedOnBothEngines(today: Day(2023, 6, 1)!, policies: [folder]) { app, port in try await body(app, port, Named.fill(app.database, numbers: app.numbers)) }
    }

    private static func page(_ named: Named, _ code: String) -> String { "/organizations/\(named.units[code]!)/policies" }

    @Test("A unit adopts, what lies below inherits, another replaces it from a day on, and old years stay as they were")
    func adopts() async throws {
        try await Self.served { app, port, named in
            let city = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX"), district = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ")
            let lj = Self.page(named, "HX-LJ")
            func figures(_ code: String, _ year: Int) async throws -> String { MatrixStories.words(of: try await city.get("/figures/\(named.units[code]!)?year=\(year)")) }
            func isLocal(_ code: String, _ year: Int) async throws -> Bool { try await figures(code, year).contains("policy=\(Self.local)&") }
            let before = try await figures("HX-LJ", 2021)
            #expect(try await district.get(lj).body.contains("没有单位采用，是唯一在期的文件"))

            #expect(try await city.post(Self.page(named, "HX") + "/adopt", [("policy", Self.cadres), ("from", "2019-01-01"), Self.why]).location == Self.page(named, "HX"))
            #expect(try await district.get(lj).body.contains("沿用衡溪市总工会采用的，2019-01-01 起"))
            #expect(try await city.get(Self.page(named, "HX")).body.contains("已办好"))
            #expect(try await figures("HX-LJ", 2021) == before)

            #expect(try await district.get(lj + "/adopt?policy=\(Self.local)").body.contains("<option value=\"\(Self.local)\" selected"))
            #expect(try await district.post(lj + "/adopt", [("policy", Self.local), ("from", "2022-07-01"), Self.why]).location == lj)
            let own = try await district.get(lj).body
            #expect(own.contains("本单位采用，2022-07-01 起") && own.contains("区总工会第 3 号文") && own.contains("采用中"))
            // The year in which it began, by its last day; below it too, beside it not, and 2021 not at all.
            for (code, year) in [("HX-LJ", 2022), ("HX-LJ", 2023), ("HX-LJ-BH", 2022)] { #expect(try await isLocal(code, year), "\(code) \(year)") }
            let (beside, whole, old) = (try await isLocal("HX-JC", 2022), try await isLocal("HX", 2022), try await figures("HX-LJ", 2021))
            #expect(!beside && !whole && old == before)
            #expect(try await district.get("/organizations/\(named.units["HX-LJ-BH"]!)/policies").body.contains("沿用临江区总工会采用的"))
            // Its own threshold counts: 60 % of the cadres.
            #expect(try await figures("HX-LJ-BH", 2022).contains("60 %"))

            // Replaced within the unit itself by the city's plan again, from a later day on.
            #expect(try await district.post(lj + "/adopt", [("policy", Self.cadres), ("from", "2023-03-01"), Self.why]).location == lj)
            let (later, during) = (try await isLocal("HX-LJ", 2023), try await isLocal("HX-LJ", 2022))
            #expect(!later && during)
            #expect(try await district.get(lj).body.contains("2022-07-01 至 2023-02-28"))
        }
    }

    @Test("An adoption is ended from a day on, and the last change is taken back; each once, with a reason")
    func endsAndTakesBack() async throws {
        try await Self.served { app, port, named in
            let district = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ"), lj = Self.page(named, "HX-LJ"), unit = named.units["HX-LJ"]!
            func own() async throws -> [Adoption] { try await app.database.read { try AdoptionStore.adoptions(of: unit, in: $0) } }
            #expect(try await district.get(lj + "/undo").status == 404)
            #expect(try await district.post(lj + "/adopt", [("policy", Self.local), ("from", "2022-07-01"), Self.why]).location == lj)
            let id = try #require(try await own().first).id, end = "\(lj)/\(id)/end"
            #expect(try await district.get(end).body.contains("2022-07-01 起"))
            #expect(try await district.post(end, [("day", "2022-07-01"), Self.why]).body.contains("要晚于采用的第一天 2022-07-01"))
            #expect(try await district.post(end, [("day", "2023-01-01"), Self.why]).location == lj)
            #expect(try await own().first?.to == Day(2023, 1, 1))
            #expect(try await district.post(end, [("day", "2023-02-01"), Self.why]).body.contains("到 2022-12-31 为止"))

            func last() async throws -> String { try #require(try await district.get(lj + "/undo").body.firstMatch(of: /name="act" value="(\d+)"/).map { String($0.1) }) }
            let act = try await last()
            #expect(try await district.post(lj + "/undo", [("act", act), ("why", "")]).body.contains("id=\"m-why\""))
            #expect(try await district.post(lj + "/undo", [("act", act), Self.why]).location == lj)
            #expect(try await own().first?.to == .open)
            // What was the last change is it no longer.
            #expect(try await district.post(lj + "/undo", [("act", act), Self.why]).body.contains("这期间又有新的变更"))
            let adopted = try await app.database.read { db in try #require(try AdoptionStore.changes(of: unit, in: db).last?.act.id) }
            #expect(try await district.post(lj + "/undo", [("act", "\(adopted)"), Self.why]).body.contains("这期间又有新的变更"))
            #expect(try await own().count == 1)
        }
    }

    @Test("Whoever keeps neither the unit nor one above it cannot; what is not there and what is wrong changes nothing")
    func refused() async throws {
        try await Self.served { app, port, named in
            let district = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ"), beside = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-JC")
            let leader = try await PolicyReader(app, port, named, .leader, at: "HX-LJ"), below = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ-BH")
            let lj = Self.page(named, "HX-LJ"), good = [("policy", Self.local), ("from", "2022-07-01"), Self.why]
            #expect(try await district.post(lj + "/adopt", good).location == lj)
            let id = try #require(try await app.database.read { try AdoptionStore.adoptions(of: named.units["HX-LJ"]!, in: $0) }.first).id
            let before = try await EveryTable(app.database)
            for one in [beside, leader, below] {
                for path in [lj + "/adopt", "\(lj)/\(id)/end", lj + "/undo"] {
                    #expect(try await one.get(path).status == 404, "\(path)")
                    #expect(try await one.post(path, good + [("day", "2023-01-01"), ("act", "1")]).status == 404, "\(path)")
                }
            }
            for (one, status) in [(leader, 200), (beside, 404), (below, 404)] { #expect(try await one.get(lj).status == status) }
            #expect(!(try await leader.get(lj).body.contains("采用一份政策")))
            for path in ["\(lj)/1/end", "\(Self.page(named, "HX-LJ-BH"))/\(id)/end", "/organizations/1/policies", "/organizations/1/policies/adopt", "/policies/nothing", "/policies?unit=1"] {
                #expect(try await district.get(path).status == 404, "\(path)")
            }
            for (fields, field) in [
                ([("policy", ""), ("from", "2022-07-01"), Self.why], "policy"), ([("policy", "nothing"), ("from", "2022-07-01"), Self.why], "policy"),
                ([("policy", Self.cadres), ("from", ""), Self.why], "from"), ([("policy", Self.cadres), ("from", "2022-02-30"), Self.why], "from"),
                ([("policy", Self.cadres), ("from", "2018-07-01"), Self.why], "from"), ([("policy", Self.cadres), ("from", "2022-07-01"), Self.why], "from"),
                ([("policy", Self.local), ("from", "2023-01-01"), Self.why], "policy"), ([("policy", Self.cadres), ("from", "2023-01-01"), ("why", "")], "why"),
            ] {
                let answer = try await district.post(lj + "/adopt", fields)
                #expect(answer.status == 200 && answer.body.contains("id=\"m-\(field)\""), "\(fields)")
            }
            #expect(try await district.post("\(lj)/\(id)/end", [("day", "x"), Self.why]).body.contains("id=\"m-day\""))
            #expect(try await before.differences(app.database, but: ["access.refused"]) == [])
        }
    }

    @Test("政策 shows each clause and how it is watched, who has adopted it as far as one may see, and where one's unit stands")
    func shown() async throws {
        try await Self.served { app, port, named in
            let city = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX"), beside = try await PolicyReader(app, port, named, .leader, at: "HX-JC")
            #expect(try await city.post(Self.page(named, "HX-LJ") + "/adopt", [("policy", Self.cadres), ("from", "2021-01-01"), Self.why]).location != nil)
            let all = try await city.get("/policies").body
            for policy in app.library.policies where !policy.isException { #expect(all.contains("/policies/\(policy.id)?unit=") && all.contains(policy.subjectWord)) }
            #expect(all.contains("局部例外") && all.contains("今天约束衡溪市总工会的政策有"))
            let one = try await city.get("/policies/\(Self.cadres)").body
            let policy = try #require(app.library[Self.cadres])
            for clause in policy.rules.map(\.id) + policy.duties.map(\.id) { #expect(one.contains("<b id=\"\(clause)\">\(clause)</b>"), "\(clause)") }
            #expect(one.contains("街道乡镇工会主席班") && one.contains("本单位应办") && one.contains("用指标盯的") && one.contains("用日历盯的") && one.contains("要有、要做的"))
            #expect(one.contains("临江区总工会") && one.contains("2021-01-01 起") && one.contains("下一次到 2023-12-31"))
            #expect(one.contains("/figures/\(named.units["HX"]!)/A1?policy=\(Self.cadres)&amp;year=2023"))
            let plan = try await city.get("/policies/beijing-workforce-2015").body
            #expect(plan.contains("每年 3 月 31 日前") && plan.contains("下一次到 2024-03-31"))
            // Of another's adoption nothing is told.
            let other = try await beside.get("/policies/\(Self.cadres)").body
            #expect(other.contains("机床集团工会") && !other.contains("临江区总工会") && !other.contains("由机床集团工会采用"))
        }
    }
}

@Suite("From figure to figure without leaving the policy", .ownThreads) struct FigureLinkStories {
    @Test("Every internal link of the pages of figures answers 200, as each role that sees any, for each policy; and keeps the policy", arguments: [Role.personnelOfficer, .leader])
    func everyLink(role: Role) async throws {
        try await servedOnBothEngines(today: Day(2022, 12, 1)!) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            for code in ["HX", "HX-LJ-BH"] {
                let reader = try await PolicyReader(app, port, named, role, at: code), unit = try #require(named.units[code])
                for policy in app.library.policies where !policy.lines.isEmpty {
                    try await Self.walk(reader, from: "/figures/\(unit)?policy=\(policy.id)", policy.id)
                }
            }
        }
    }

    /// Follows every link of a kind from pages of figures; pages of other things are opened and not walked on from.
    private static func walk(_ reader: PolicyReader, from start: String, _ policy: String) async throws {
        var kinds: Set<String> = [], waiting = [start], figures = 0
        while let link = waiting.popLast() {
            let path = link.prefix { $0 != "?" }, names = Fields(encoded: link.dropFirst(path.count + 1)).pairs.map(\.name).sorted()
            let kind = path.split(separator: "/").map { $0.allSatisfy(\.isNumber) ? "#" : String($0) }.joined(separator: "/") + "?" + names.joined(separator: "&")
            guard kinds.insert(kind).inserted else { continue }
            let answer = try await reader.get(link)
            #expect(answer.status == 200, "\(link): \(answer.status)")
            guard path.hasPrefix("/figures/"), answer.header("Content-Type")?.hasPrefix("text/html") == true else { continue }
            figures += 1
            let body = (answer.body.components(separatedBy: "id=\"main\"").last ?? "").components(separatedBy: "</main>")[0]
            // What switches to another policy, and nothing else, leads out of it.
            let main = body.replacing(/(?s)<nav class="segmented" aria-label="政策">.*?<\/nav>/, with: "")
            for match in main.matches(of: #/(?:href|hx-get)="(/[^"#]*)/#) {
                let next = String(match.1).replacing("&amp;", with: "&")
                if next.hasPrefix("/figures/") { #expect(next.contains("policy=\(policy)"), "\(next) on \(link)") }
                if !next.hasPrefix("/assets/") { waiting.append(next) }
            }
            for match in main.matches(of: /(?s)<form method="get" action="(\/figures[^"]*)".*?<\/form>/) { #expect(match.0.contains("name=\"policy\" value=\"\(policy)\""), "a form on \(link)") }
        }
        #expect(figures > 4, "\(start)")
    }

    @Test("C10's pages can be walked from the unit to the names, the export, the person and back")
    func prePost() async throws {
        try await servedOnBothEngines(today: Day(2022, 12, 1)!) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers), reader = try await PolicyReader(app, port, named, .personnelOfficer, at: "HX")
            let unit = try #require(named.units["HX"]), policy = "beijing-workforce-2015"
            func links(_ body: String) -> [String] { body.matches(of: /href="(\/figures[^"]*)"/).map { String($0.1).replacing("&amp;", with: "&") } }
            // The page opens with the cadres' plan; the workforce's document is one switch away.
            let opened = try await reader.get("/figures/\(unit)")
            #expect(opened.body.contains("五年走势"))
            let switched = try #require(links(opened.body).first { $0.contains("policy=\(policy)") })
            let page = try await reader.get(switched)
            #expect(page.status == 200 && page.body.contains("新上岗岗前培训") && page.body.contains("历年走势") && !page.body.contains("五年走势"))
            let names = try await reader.get(try #require(links(page.body).first { $0.contains("/C10?") && $0.contains("newGrassrootsChairs") }))
            #expect(names.status == 200 && names.body.contains("杨帆"))
            let exporting = String(try #require(names.body.firstMatch(of: /action="(\/figures[^"]*\/C10\/people\.xlsx[^"]*)"/)).1).replacing("&amp;", with: "&")
            #expect(exporting.contains("policy=\(policy)"))
            let export = try await reader.browser.take(exporting, token: Caller.token)
            #expect(export.status == 200 && export.bytes.starts(with: [0x50, 0x4b]))
            let person = try await reader.get(try #require(links(names.body).first { $0.contains("/C10/people/") && !$0.contains(".xlsx") }))
            #expect(person.status == 200 && person.body.contains("新上岗岗前培训"))
            let back = try await reader.get(try #require(links(person.body).last { $0.contains("/C10?") }))
            #expect(MatrixStories.words(of: back) == MatrixStories.words(of: names))
            let whole = try await reader.get(try #require(links(back.body).first { $0.hasPrefix("/figures/\(unit)?") && $0.contains("policy=\(policy)") }))
            #expect(whole.status == 200 && whole.body.contains("新上岗岗前培训"))
        }
    }
}
