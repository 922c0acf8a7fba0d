import Access
import App
import Foundation
import Kit
import Register
@testable import Standing
import TestBench
import Testing
import World

@Suite("指标的名单：排序、筛选、导出所见，去补录", .ownThreads) struct NamesListStories {
    private static let asked = "policy=beijing-cadres-2019-2023&category=grassroots&year=2022&subtree=1"
    private static let people = ["刘芳", "陈杰", "赵𬱖", "孙丽", "杨帆", "黄磊"]

    private static func served(_ body: @escaping @Sendable (_ officer: PolicyReader, _ list: String, _ named: Named, _ app: App) async throws -> Void) async throws {
        try await servedOnBothEngines(today: Day(2023, 6, 1)!) { app, port in
            let named = try await Named.fill(app.database, numbers: app.numbers)
            try await body(PolicyReader(app, port, named, .personnelOfficer, at: "HX-LJ-BH"), "/figures/\(named.units["HX-LJ-BH"]!)/A9", named, app)
        }
    }

    /// The people of a list in its order.
    private static func order(_ page: Browser.Answer) -> [String] {
        let body = page.body.components(separatedBy: "<tbody>").dropFirst().first ?? ""
        return people.compactMap { name in body.range(of: ">\(name)<").map { (name, $0.lowerBound) } }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    private static func sheet(_ reader: PolicyReader, _ path: String, _ columns: [String]) async throws -> [[String]] {
        let file = try await reader.browser.take(path, [], token: Caller.token), copy = NSTemporaryDirectory() + "/\(UUID().uuidString).xlsx"
        try file.bytes.write(to: URL(filePath: copy))
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let table = try TableReader(file: copy, columns: columns.map { SheetColumn(key: $0, title: $0, required: true) })
        var rows: [[String]] = []
        while var row = try table.next() { rows.append(columns.map { row.text($0) ?? "" }) }
        return rows
    }

    @Test("By what is lacking, by what was learned, by unit: upward and downward, whoever has not met it first of equals")
    func sorts() async throws {
        try await Self.served { officer, list, _, _ in
            func names(_ sort: String) async throws -> [String] { Self.order(try await officer.get("\(list)?\(Self.asked)&sort=\(sort)")) }
            // 40 hours are met by 刘芳 and 陈杰; 赵𬱖 has 39.88, 孙丽 and 杨帆 16, 黄磊 none.
            #expect(try await Array(names("-lacking").prefix(1)) == ["黄磊"])
            #expect(try await Array(names("-lacking").dropFirst().prefix(2)).sorted() == ["孙丽", "杨帆"].sorted())
            #expect(try await Array(names("lacking").suffix(1)) == ["黄磊"])
            let most = try await names("-amount")
            #expect(most.last == "黄磊" && ["杨帆", "孙丽"].contains(most[4]))
            #expect(try await names("who") == ["陈杰", "黄磊", "刘芳", "孙丽", "杨帆", "赵𬱖"])
            #expect(try await names("-who") == ["赵𬱖", "杨帆", "孙丽", "刘芳", "黄磊", "陈杰"])
            let usual = try await names("")
            #expect(try await names("nonsense") == usual)
        }
    }

    @Test("What leaves is what is seen: the same people in the same order, each sum a number")
    func exports() async throws {
        try await Self.served { officer, list, _, _ in
            let question = "\(Self.asked)&unit=\(Fields.encode("华盛"))&sort=-lacking", page = try await officer.get("\(list)?\(question)")
            #expect(Self.order(page) == ["黄磊", "杨帆"] && page.body.contains("共 2 行"))
            let form = try #require(page.body.firstMatch(of: #/action="([^"]*people\.xlsx[^"]*)"/#)).1.replacing("&amp;", with: "&")
            #expect(form.contains("sort=-lacking") && form.contains("unit="))
            let rows = try await Self.sheet(officer, String(form), ["姓名", "脱产培训学时（学时）", "还差学时"])
            #expect(rows == [["黄磊", "0", "40"], ["杨帆", "16", "24"]])
            let unmet = try await officer.get("\(list)?\(Self.asked)&counts=no"), met = try await officer.get("\(list)?\(Self.asked)&counts=yes")
            #expect(Set(Self.order(unmet) + Self.order(met)) == Set(Self.people) && Self.order(met).sorted() == ["刘芳", "陈杰"].sorted())
        }
    }

    @Test("Who has no category is not counted, and is one click from being filled in, for whoever keeps them")
    func fillIn() async throws {
        try await Self.served { officer, list, named, app in
            let link = "/people?unit=\(named.units["HX-LJ-BH"]!)&amp;missing=category"
            #expect(try await !officer.get("\(list)?\(Self.asked)").body.contains(link))
            try await app.database.write(Bench.act) { db in
                var post = try #require(try RosterStore.appointments(of: [named.people["黄磊"]!], in: db).first)
                post.category = ""
                try RosterStore.correct(post.id, to: post, in: db)
            }
            let page = try await officer.get("\(list)?\(Self.asked)"), huang = named.people["黄磊"]!
            let answer = page.body.components(separatedBy: "<section class=\"answer").dropFirst().first?.components(separatedBy: "</section>").first ?? ""
            #expect(answer.contains(" / 应 ") && !answer.contains("＝") && !answer.contains("÷"), "an answer is no equation")
            #expect(page.body.contains(link) && page.body.contains("补录人员类别"))
            // Ticked, they go along.
            #expect(page.body.contains("form=\"lacking\" name=\"person\" value=\"\(huang)\""))
            #expect(try await officer.post("/people/bulk", [("whom", "ticked"), ("person", "\(huang)")]).body.contains("选了 <b>1</b> 人。请选要填什么"))
            #expect(try await officer.get(link.replacing("&amp;", with: "&")).body.contains("更改列出的全部 1 人"))
        }
    }

    @Test("What is typed as a name stands in no address, and finds by character and by sound")
    func names() async throws {
        try await Self.served { officer, list, _, _ in
            let form = [("_for", list), ("who", "孙丽")] + Self.asked.split(separator: "&").map { ($0.split(separator: "=")[0], $0.split(separator: "=")[1]) }.map { (String($0.0), String($0.1)) }
            let found = try #require(try await officer.post("/seek", form).location)
            #expect(found.contains("who=~") && !found.contains(Fields.encode("孙丽")))
            #expect(try await Self.order(officer.get(found)) == ["孙丽"])
            #expect(try await Self.order(officer.get("\(list)?\(Self.asked)&who=sunli")) == ["孙丽"])
        }
    }

    @Test("A list too long for reading all names has the same people in the same order, by name, by sound, by unit and by what is lacking")
    func long() async throws {
        try await Self.served { officer, _, named, app in
            let facts = app.house.facts, today = Day(2023, 6, 1)!
            let ask = IndicatorsAsk(policy: "beijing-cadres-2019-2023", year: 2022, unit: "HX-LJ-BH", subtree: true, rule: "A9", category: "grassroots")
            let (told, view) = try await onThread { try Indicators.explanation(ask, facts: facts, today: today) }
            #expect(told.explanation.denominator.count == Self.people.count)
            try await app.database.read { db in
                let account = try #require(try AccountStore.account(named: "personnelofficer-hx-lj-bh", in: db)).id
                let signedIn = try #require(try SignedIn.later(account, from: "", now: Int64(today.number) * 86_400_000, in: db))
                func list(_ query: String, few: Int, through rows: Int = 100) throws -> NamesList {
                    try NamesList(told, ListAsk(PageAddress("/", Fields(encoded: query))), through: rows, signedIn, view, few: few, in: db)
                }
                for query in ["sort=who", "sort=-who", "sort=-lacking&counts=no", "who=\(Fields.encode("丽"))", "who=h", "who=huanglei", "unit=\(Fields.encode("华盛"))&sort=who", "who=\(Fields.encode("%"))", "who=nobody"] {
                    let (short, long) = (try list(query, few: 100), try list(query, few: 1))
                    #expect(short.heads.map(\.person).sorted() == long.heads.map(\.person).sorted() && short.total == long.total && short.lacking == long.lacking, "\(query)")
                    if query.contains("who") { #expect(short.heads == long.heads, "\(query)") }
                }
                // Only as far as the page goes.
                #expect(try list("sort=who", few: 1, through: 2).total == Self.people.count)
            }
        }
    }
}
