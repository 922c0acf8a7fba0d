import Access
@testable import App
import Foundation
import Kit
@testable import People
@testable import Register
import TestBench
import Testing
@testable import World

@Suite("导出所见：列出的人、选定的次序和列", .ownThreads) struct ListFileStories {
    /// The people of a list in its order.
    private static func names(_ page: Browser.Answer) -> [String] {
        let body = page.body.components(separatedBy: "<tbody>").dropFirst().first?.components(separatedBy: "</tbody>").first ?? ""
        return body.matches(of: #/href="(?:/activation)?/people/\d+"[^>]*>([^<]+)</#).map { String($0.1) }
    }

    private static func ids(_ page: Browser.Answer) -> [Int64] {
        let body = page.body.components(separatedBy: "<tbody>").dropFirst().first?.components(separatedBy: "</tbody>").first ?? ""
        return body.matches(of: #/href="(?:/activation)?/people/(\d+)"/#).compactMap { Int64($0.1) }
    }

    /// Asks for the workbook that the page offers, and reads it by another way than the page.
    private static func sheet(_ reader: PolicyReader, _ page: Browser.Answer, _ columns: [SheetColumn]) async throws -> [[String]] {
        let form = try #require(page.body.firstMatch(of: #/action="([^"]*/list\.xlsx[^"]*)"/#)).1.replacing("&amp;", with: "&")
        let file = try await reader.browser.take(String(form), [], token: Caller.token), copy = NSTemporaryDirectory() + "/\(UUID().uuidString).xlsx"
        try #require(file.header("Content-Type") == Reply.xlsx)
        try file.bytes.write(to: URL(filePath: copy))
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let table = try TableReader(file: copy, columns: columns)
        var rows: [[String]] = []
        while var row = try table.next() { rows.append(columns.map { $0.kind == .day ? row.day($0.key)?.description ?? "" : row.text($0.key) ?? "" }) }
        return rows
    }

    private static func columns(_ titles: [String], days: Set<String> = []) -> [SheetColumn] {
        titles.map { SheetColumn(key: $0, title: $0, required: true, kind: days.contains($0) ? .day : .text) }
    }

    private static func served(_ body: @escaping @Sendable (PolicyReader, Named, App, Int) async throws -> Void) async throws {
        try await servedOnBothEngines(today: Day(2023, 6, 1)!) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            try await body(PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), named, app, port)
        }
    }

    @Test("The people of the list and nobody else, in its order, with the columns that are shown; days are days")
    func roster() async throws {
        try await Self.served { officer, named, app, _ in
            for question in ["", "?sort=-code", "?category=grassroots&sort=-q", "?unit=\(named.units["HX-LJ-BH-FW"]!)", "?q=\(Fields.encode("丽"))"] {
                let page = try await officer.get("/people\(question)"), seen = Self.names(page)
                #expect(!seen.isEmpty && seen.count < 100, "\(question)")
                #expect(try await Self.sheet(officer, page, Self.columns(["姓名"])).map(\.[0]) == seen, "\(question)")
            }
            let page = try await officer.get("/people?sort=-code&col=q&col=span"), rows = try await Self.sheet(officer, page, Self.columns(["姓名", "任职"], days: ["任职"]))
            for (name, row) in zip(Self.names(page), rows) {
                let from = try await app.database.read { try RosterStore.appointments(of: [named.people[name]!], in: $0) }.filter(\.isPrimary).map { "\($0.from)" }
                #expect(row[0] == name && from.contains(row[1]), "\(name)")
            }
            // A column that is not shown is not there.
            let table = try await Self.sheet(officer, page, [SheetColumn(key: "姓名", title: "姓名"), SheetColumn(key: "人员编号", title: "人员编号")])
            #expect(!table.isEmpty && Set(table.map { $0[1] }) == [""])
        }
    }

    @Test("A roster that is held whole is put in order by every column, down and up, and leaves so; so is the list of accounts to be given")
    func orders() async throws {
        try await Self.served { officer, named, app, _ in
            let day = Day(2023, 6, 1)!, tree = try await app.database.read { OrgTree(try OrganizationStore.history(in: $0), on: day) }
            let categories = app.library.categories.map(\.key)
            for path in ["/people", "/activation"] {
                let usual = try await officer.get(path), all = Self.ids(usual)
                #expect(Set(all).count == all.count && all.count > 5)
                let posts = try await app.database.read { db in
                    try Dictionary(uniqueKeysWithValues: all.map { id in (id, try #require(try RosterStore.appointments(of: [id], in: db).first { $0.isPrimary && $0.covers(day) })) })
                }
                let keys: [(String, (Int64) -> (Int, String))] = [
                    ("place", { (tree.units.map(\.id).firstIndex(of: posts[$0]!.organizationID)!, "") }), ("category", { (categories.firstIndex(of: posts[$0]!.category) ?? .max, "") }),
                ] + (path == "/people" ? [("title", { (0, posts[$0]!.title) }), ("span", { (Int(posts[$0]!.from.number), "") })] : [])
                for (key, value) in keys {
                    #expect(usual.body.contains("sort=\(key)"), "\(path) \(key)")
                    for way in ["", "-"] {
                        let page = try await officer.get("\(path)?sort=\(way)\(key)"), ids = Self.ids(page), values = ids.map(value)
                        #expect(Set(ids) == Set(all), "\(path) \(key)")
                        #expect(zip(values, values.dropFirst()).allSatisfy { way.isEmpty ? $0 <= $1 : $0 >= $1 }, "\(path) \(way)\(key)")
                        #expect(try await Self.sheet(officer, page, Self.columns(["姓名"])).map(\.[0]) == Self.names(page), "\(path) \(way)\(key)")
                    }
                }
            }
        }
    }

    @Test("A roster of few units is filtered by unit and title; what is acted on and what leaves are those that are listed")
    func filters() async throws {
        try await Self.served { officer, named, app, _ in
            let all = try await officer.get("/people"), day = Day(2023, 6, 1)!
            try await app.database.write(Bench.act) { db in
                for id in Self.ids(all).prefix(4) {
                    var post = try #require(try RosterStore.appointments(of: [id], in: db).first { $0.isPrimary && $0.covers(day) })
                    post.category = ""
                    try RosterStore.correct(post.id, to: post, in: db)
                }
            }
            let posts = try await app.database.read { db in
                try Self.ids(all).map { id in (id, try #require(try RosterStore.appointments(of: [id], in: db).first { $0.isPrimary && $0.covers(day) })) }
            }
            for (place, title) in [("服务站", ""), ("", "主席"), ("总工会", "主席"), ("没有这个单位", ""), ("", "100%")] {
                let wanted = try await app.database.read { db in
                    try posts.filter { try (place.isEmpty || OrganizationStore.name($0.1.organizationID, in: db).contains(place)) && (title.isEmpty || $0.1.title.contains(title)) }.map(\.0)
                }
                let page = try await officer.get("/people?place=\(Fields.encode(place))&title=\(Fields.encode(title))")
                #expect(Set(Self.ids(page)) == Set(wanted), "\(place) \(title)")
                if !wanted.isEmpty {
                    #expect(try await Self.sheet(officer, page, Self.columns(["姓名"])).count == wanted.count)
                    let all = try await officer.post("/people/bulk", [("whom", "all"), ("place", place), ("title", title)])
                    #expect(all.body.contains("选了 <b>\(wanted.count)</b> 人"), "\(place) \(title)")
                    #expect(page.body.matches(of: #/<input type="hidden" name="title" value="[^"]+">/#).count > 1 || title.isEmpty, "the form of those who are listed says which")
                    // What is confirmed is of those who were previewed.
                    let preview = try await officer.post("/people/bulk", [("whom", "all"), ("place", place), ("title", title), ("category", "sectionAndBelow"), ("replaces", "on")])
                    #expect((preview.value(ofInput: "title") ?? "") == title && (preview.value(ofInput: "place") ?? "") == place, "\(place) \(title)")
                } else {
                    #expect(page.body.contains("没有符合筛选条件的行"))
                }
            }
            // Of those who lack something as well.
            let lacking = posts.filter { $0.1.category.isEmpty }
            for title in Set(lacking.map(\.1.title)) + ["没有这个职务"] {
                let page = try await officer.get("/people?missing=category&title=\(Fields.encode(title))")
                #expect(Set(Self.ids(page)) == Set(lacking.filter { $0.1.title.contains(title) }.map(\.0)), "\(title)")
            }
            #expect(lacking.count > 1)
            #expect(posts.contains { $0.1.title.contains("主席") } && posts.contains { !$0.1.title.contains("主席") })
        }
    }

    @Test("What is put in order by its posts goes on page by page, each once")
    func pages() async throws {
        try await Self.served { officer, named, app, _ in
            let unit = named.units["HX-LJ-BH-FW"]!
            try await app.database.write(Bench.act) { db in
                for number in 0..<(ListAsk.pageSize * 2 + 7) {
                    let birth = Day(1970, 1, 1)! + number, id = IDNumber(stored: FolkNumbers.idNumber(ordinal: number % 900, birth: birth, isMale: true), birthDay: birth)
                    let post = Appointment(personID: 0, organizationID: unit, from: Day(2020, 1, 1)! + number % 3, isPrimary: true, title: "干事")
                    _ = try RosterStore.create(PersonFacts(code: "HX8\(100_000 + number)", name: "田小禾", idNumber: id), post: post, numbers: app.numbers, in: db)
                }
            }
            var found: [Int64] = [], path: String? = "/people?unit=\(unit)&sort=-span", days: [Day] = []
            while let next = path {
                let page = try await officer.get(next)
                found += Self.ids(page)
                path = page.body.firstMatch(of: #/href="(/people\?[^"]*)"[^>]*>下一页/#).map { String($0.1).replacing("&amp;", with: "&") }
            }
            for id in found { days.append(try await app.database.read { try #require(try RosterStore.appointments(of: [id], in: $0).first).from }) }
            #expect(found.count >= ListAsk.pageSize * 2 + 7 && Set(found).count == found.count && days == days.sorted(by: >))
        }
    }

    @Test("What changed lately, the units without an officer and the terms of a unit leave as they are listed and are put in order")
    func further() async throws {
        try await Self.served { officer, named, app, _ in
            let liu = named.people["刘芳"]!, chen = named.people["陈杰"]!
            for (person, who) in [(liu, "甲"), (chen, "乙")] {
                try await app.database.write(Act(who: .commandLine(who), origin: "", kind: "person.correct", why: "核对")) { db in
                    let old = try #require(try RosterStore.person(person, in: db))
                    var facts = PersonFacts(code: old.code, name: old.name, idNumber: try RosterStore.idNumber(of: old, numbers: app.numbers))
                    facts.education = "研究生"
                    try RosterStore.correct(person, to: facts, numbers: app.numbers, in: db)
                }
            }
            for question in ["", "?sort=who", "?sort=-who", "?sort=place", "?who=\(Fields.encode("乙"))"] {
                let page = try await officer.get("/changes\(question)"), rows = try await Self.sheet(officer, page, Self.columns(["对象", "谁办的"]))
                #expect(!rows.isEmpty && page.body.contains("共 \(rows.count) 行"), "\(question)")
                if question == "?sort=who" { #expect(rows.map(\.[1]) == rows.map(\.[1]).sorted()) }
                if question == "?sort=-who" { #expect(rows.map(\.[1]) == rows.map(\.[1]).sorted(by: >)) }
                if question.hasPrefix("?who") { #expect(rows.map(\.[0]) == ["陈杰"]) }
            }
            let vacant = try await officer.get("/grants/vacancies?sort=-code"), codes = try await Self.sheet(officer, vacant, Self.columns(["编码"])).map(\.[0])
            #expect(codes.count > 1 && codes == codes.sorted(by: >) && codes.allSatisfy { $0.hasPrefix("HX-LJ-BH-") })
            #expect(try await officer.post("/organizations/\(named.units["HX-JC"]!)/representatives/list.xlsx", []).status == 404)
            #expect(try await officer.post("/changes/list.xlsx?unit=\(named.units["HX-JC"]!)", []).status == 404)
            #expect(try await officer.post("/activation/list.xlsx?unit=HX-JC", []).status == 404)
        }
    }

    @Test("More than a page leaves whole, each once")
    func many() async throws {
        try await Self.served { officer, named, app, _ in
            let unit = named.units["HX-LJ-BH-FW"]!, count = ListFile.pageSize + ListAsk.pageSize / 2
            try await app.database.write(Bench.act) { db in
                for number in 0..<count {
                    let birth = Day(1970, 1, 1)! + number, id = IDNumber(stored: FolkNumbers.idNumber(ordinal: number % 900, birth: birth, isMale: true), birthDay: birth)
                    let post = Appointment(personID: 0, organizationID: unit, from: Day(2020, 1, 1)!, isPrimary: true, title: "干事")
                    _ = try RosterStore.create(PersonFacts(code: "HX8\(100_000 + number)", name: "田小禾", idNumber: id), post: post, numbers: app.numbers, in: db)
                }
            }
            let rows = try await Self.sheet(officer, try await officer.get("/people?unit=\(unit)&sort=code"), Self.columns(["人员编号"])).map(\.[0])
            #expect(rows.count >= count && Set(rows).count == rows.count && rows == rows.sorted())
        }
    }

    @Test("Somebody without the right, and a unit that is another's, look like nothing; who had the list is told")
    func rights() async throws {
        try await Self.served { officer, named, app, port in
            let auditor = try await PolicyReader(app, port, named, .auditor, at: "HX-LJ")
            for path in ["/people/list.xlsx", "/grants/list.xlsx", "/accounts/list.xlsx"] { #expect(try await auditor.post(path, []).status == 404, "\(path)") }
            #expect(try await officer.post("/people/list.xlsx?unit=\(named.units["HX-JC"]!)", []).status == 404)
            let before = try await app.database.read { try $0.count("SELECT count(*) FROM act_change WHERE subject = 'list_view'") }
            #expect(try await officer.post("/people/list.xlsx", []).status == 303)
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM act_change c JOIN act a ON a.id = c.act_id WHERE a.kind = 'export.list' AND c.subject = 'list_view'") } == 1)
            #expect(try await app.database.read { try $0.count("SELECT count(*) FROM act_change WHERE subject = 'list_view'") } > before)
            // A number that nobody bears: what is shown is the whole list, and so is what leaves.
            let numbered = try await officer.post("/people/find", [("q", "11010519491231002X")])
            #expect(numbered.status == 200 && numbered.body.contains("/people/list.xlsx") && !numbered.body.contains("/people/find/"), "\(numbered.body)")
            // Nothing to export, no button.
            #expect(try await !officer.get("/people?q=\(Fields.encode("没有这个人"))").body.contains("list.xlsx"))
        }
    }

    @Test("Grants and accounts leave as they are listed")
    func others() async throws {
        try await Self.served { officer, named, app, port in
            let guardian = try await PolicyReader(app, port, named, .securityAdmin, at: "HX-LJ")
            let grants = try await Self.sheet(officer, try await officer.get("/grants?role=\(Role.personnelOfficer.rawValue)"), Self.columns(["姓名", "身份"]))
            #expect(grants.contains { $0[0].hasSuffix("（personnelofficer-hx-lj-bh）") } && grants.allSatisfy { $0[1] == "组织人事管理员" })
            let accounts = try await Self.sheet(guardian, try await guardian.get("/accounts?state=active"), Self.columns(["账号名", "状态", "授权"]))
            #expect(accounts.contains { $0[0] == "personnelofficer-hx-lj-bh" && $0[1] == "使用中" && $0[2].contains("组织人事管理员") }, "\(accounts)")
        }
    }
}
