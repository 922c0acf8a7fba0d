import Access
import Kit
import Register
import TestBench
import Testing

@Suite("单位表：exchange.md 的每一句", .ownThreads) struct OrganizationSheetTests {
    @Test("Several roots, any order; a second time nothing changes")
    func rootsAndOrder() async throws {
        try await onBothEngines { database in
            let lines = ["LJ-031,西渡街道总工会,LJ,街道乡镇总工会", "LJ,临江区总工会,,区县总工会", "QX,机床集团工会,,局集团高校工会"]
            let first = try Workbook.units(lines, into: database)
            #expect(first.applied && first.counts == [3, 0, 0, 0])
            #expect(try Workbook.units(lines.reversed(), into: database).counts == [0, 0, 3, 0])
            let tree = try await database.read { db in try OrganizationStore.tree(on: Workbook.today, in: db) }
            #expect(tree.roots.map(\.code) == ["LJ", "QX"] && tree.unit(code: "LJ-031").map { tree.ancestors(of: $0.id).map(\.code) } == ["LJ"])
        }
    }

    @Test("A circle is an error on each of its rows and only there; nothing goes in")
    func circle() async throws {
        try await onBothEngines { database in
            let report = try Workbook.units(
                ["A,甲工会,C,企业工会", "B,乙工会,A,企业工会", "C,丙工会,B,企业工会", "D,丁工会,A,企业工会", "E,戊工会,,企业工会"], into: database)
            #expect(report.marks == ["2 上级单位编码", "3 上级单位编码", "4 上级单位编码"])
            #expect(!report.applied && report.errors.allSatisfy { $0.sentence.contains("循环") })
            #expect(try await database.read { try $0.count("SELECT count(*) FROM organization") } == 0)
            // In parts, what hangs under the circle cannot go in either.
            let part = try Workbook.units(["A,甲工会,B,企业工会", "B,乙工会,A,企业工会", "D,丁工会,A,企业工会", "E,戊工会,,企业工会"], into: database, partial: true)
            #expect(part.applied && part.counts == [1, 0, 0, 3])
            #expect(try Workbook.units(["F,己工会,F,企业工会"], into: database).marks == ["2 上级单位编码"])
        }
    }

    @Test("Another parent is an error unless it is said from when; then the old parentage stays for the days before")
    func anotherParent() async throws {
        try await onBothEngines { database in
            try Workbook.plant(database)
            let moved = ["LJ-031-1,西渡工会服务站,LJ-032,工会服务站"]
            let refused = try Workbook.units(moved, into: database)
            #expect(refused.marks == ["2 上级单位编码"] && refused.errors[0].sentence.contains("LJ-031 西渡街道总工会"))
            #expect(try Workbook.units(moved, into: database, effective: "2022-07-01").counts == [0, 1, 0, 0])
            #expect(try Workbook.units(moved, into: database, effective: "2022-07-01").counts == [0, 0, 1, 0])
            #expect(try Workbook.units(moved, into: database).counts == [0, 0, 1, 0])
            let station = try Workbook.id("LJ-031-1", database)
            let history = try await database.read { db in try OrganizationStore.history(in: db) }
            #expect(history.tree(on: Day(2022, 6, 30)!).ancestors(of: station).last?.code == "LJ-031")
            #expect(history.tree(on: Day(2022, 7, 1)!).ancestors(of: station).last?.code == "LJ-032")
            #expect(try Workbook.units(["LJ-031-1,西渡工会服务站,,工会服务站"], into: database, effective: "2020-01-01").rejected == 1)
        }
    }

    @Test("Founded empty is always; dates, ownership and counts come in, are corrected in place and go out again")
    func facts() async throws {
        try await onBothEngines { database in
            let titles = "单位编码,单位名称,上级单位编码,单位类型,统一社会信用代码,所有制,职工人数,会员人数,企业数,成立日期,撤销日期"
            try Workbook.units(["LJ,临江区总工会,,区县总工会,,,,,,,", "QY,江边机械厂工会,LJ,企业工会,,公有,120,100,,2010-05-01,2021/3/1"], titles: titles, into: database)
            let history = try await database.read { db in try OrganizationStore.history(in: db) }
            let factory = try #require(history.id(code: "QY")), district = try #require(history.id(code: "LJ"))
            #expect(history.founded(district) == .always && history.closed(factory) == Day(2021, 3, 1))
            #expect(history.latest(factory)?.facts.employees == 120 && history.latest(factory)?.facts.enterprises == nil)
            #expect(try Workbook.again("units", in: database).counts == [0, 0, 2, 0])
            #expect(try Workbook.again("units", in: database, asOf: "2015-01-01").counts == [0, 0, 2, 0])
            #expect(try Workbook.export("units", from: database, asOf: "2022-01-01").count == 2)
            let changed = try Workbook.units(["QY,江边机械厂工会,LJ,企业工会,,非公,130,100,,2010-05-01,"], titles: titles, into: database)
            #expect(changed.counts == [0, 1, 0, 0])
            let after = try await database.read { db in try OrganizationStore.history(in: db) }
            #expect(after.versions[factory]?.count == 1 && after.closed(factory) == .open && after.latest(factory)?.facts.ownership == "非公")
        }
    }

    @Test("An export of a day before a move changes nothing when it comes in again")
    func exportOfThePast() async throws {
        try await onBothEngines { database in
            try Workbook.plant(database)
            try Workbook.units(["LJ-031-1,西渡工会站,LJ-032,工会服务站"], into: database, effective: "2022-07-01")
            let report = try Workbook.again("units", in: database, asOf: "2022-01-01")
            #expect(report.applied && report.counts == [0, 0, 4, 0] && report.hints.count == 1)
            #expect(try Workbook.again("units", in: database).counts == [0, 0, 4, 0])
            #expect(try Workbook.export("units", from: database, unit: "LJ-032").count == 3)
            #expect(try Workbook.export("units", from: database, unit: "LJ-032", subtree: false).count == 2)
            #expect(try Workbook.export("units", from: database, unit: "LJ-032", asOf: "2022-01-01").count == 2)
        }
    }

    @Test(
        "Each wrong cell is named with its column and what to do",
        arguments: [
            (["LJ,临江区总工会,,区县工会"], ["2 单位类型"], "请填"),
            (["LJ,,,区县总工会"], ["2 单位名称"], "必填"),
            (["LJ,临江区总工会,,区县总工会", "LJ,临江工会,,区县总工会"], ["3 单位编码"], "第 2 行"),
            (["A/1,临江区总工会,,区县总工会"], ["2 单位编码"], "不能用"),
            (["LJ-031,西渡街道总工会,LJ-99,街道乡镇总工会"], ["2 上级单位编码"], "没有这个单位"),
            (["QX,机床集团工会,LJ-0031,局集团高校工会", "LJ-031,西渡街道总工会,,街道乡镇总工会"], ["2 上级单位编码"], "没有这个单位"),
        ])
    func wrongCells(_ lines: [String], _ marks: [String], _ part: String) async throws {
        try await Bench.with(.sqlite) { database, _ in
            let report = try Workbook.units(lines, into: database)
            #expect(report.marks == marks && report.errors[0].sentence.contains(part) && !report.applied, "\(report.errors)")
        }
    }

    @Test("An unknown parent is answered with the units it may have meant")
    func near() async throws {
        try await Bench.with(.sqlite) { database, _ in
            try Workbook.plant(database)
            func sentence(_ code: String) throws -> String { try Workbook.units(["NEW,新工会,\(code),企业工会"], into: database).errors[0].sentence }
            #expect(try sentence("LJ-0031") == "没有这个单位；相近的有 LJ-031 西渡街道总工会")
            #expect(try sentence("lj-031") == "没有这个单位；相近的有 LJ-031 西渡街道总工会")
            #expect(try sentence("西渡街道总工会").contains("LJ-031"))
            #expect(try !sentence("ZZZZZZ").contains("相近"))
        }
    }

    @Test("Whoever imports for a subtree neither changes nor hears of units outside; the own unit's parent may stay above")
    func reach() async throws {
        try await Bench.with(.sqlite) { database, _ in
            try Workbook.plant(database)
            let own = ImportReach(units: [try Workbook.id("LJ-031", database), try Workbook.id("LJ-031-1", database)]) { _ in nil }
            #expect(try Workbook.units(["LJ-031,西渡街道总工会,LJ,街道乡镇总工会"], into: database, reach: own).counts == [0, 0, 1, 0])
            #expect(try Workbook.units(["LJ-032,滨河街道工会,LJ,街道乡镇总工会"], into: database, reach: own).marks == ["2 单位编码"])
            let foreign = try Workbook.units(["N1,新工会,LJ-032,企业工会"], into: database, reach: own)
            #expect(foreign.marks == ["2 上级单位编码"] && !foreign.errors[0].sentence.contains("滨河"))
            #expect(try Workbook.units(["N1,新工会,,企业工会"], into: database, reach: own).marks == ["2 上级单位编码"])
            #expect(try Workbook.units(["N1,新工会,LJ-031,企业工会"], into: database, reach: own).counts == [1, 0, 0, 0])
        }
    }

    @Test("Where the lowest of a chain stays, all above it stay, and under one that stays closed nothing opens: each told on its row")
    func closings() async throws {
        try await onBothEngines { database in
            let count = 300
            let chain = (1...count).map { "U\($0),第\($0)工会,\($0 == 1 ? "" : "U\($0 - 1)"),企业工会" }
            #expect(try Workbook.units(chain, into: database).counts == [count, 0, 0, 0])
            let closing = (1..<count).map { "U\($0),第\($0)工会,\($0 == 1 ? "" : "U\($0 - 1)"),企业工会,2030-01-01" }
            let report = try Workbook.units(closing, titles: Workbook.unitTitles + ",撤销日期", into: database, partial: true)
            #expect(report.counts == [0, 0, 0, count - 1])
            #expect(report.errors.allSatisfy { $0.column == "撤销日期" })
        }
    }

    @Test("What hangs below a wrong row is left out with it, however deep and in whatever order")
    func orphans() async throws {
        try await onBothEngines { database in
            let chain = (1...400).reversed().map { "U\($0),第\($0)工会,U\($0 - 1),企业工会" }
            let report = try Workbook.units(chain + ["U0,顶上的工会,,没有这种类型", "Z,另一个工会,,企业工会"], into: database, partial: true)
            #expect(report.counts == [1, 0, 0, 401])
            // The row is told on which the wrong one above it stands.
            #expect(report.errors.contains { $0.row == 401 && $0.sentence.contains("第 402 行") } && report.errors.contains { $0.row == 2 && $0.sentence.contains("第 3 行") })
        }
    }
}
