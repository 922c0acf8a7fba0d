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
        return body.matches(of: #/href="/people/\d+"[^>]*>([^<]+)</#).map { String($0.1) }
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
