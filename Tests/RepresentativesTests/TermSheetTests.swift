import Access
import Kit
import Register
@testable import Representatives
import TestBench
import Testing

@Suite("职工代表 workbooks", .ownThreads) struct TermSheetTests {
    private func row(
        _ name: String = "黄磊", id: String? = nil, unit: String = TermWorld.unit, kind: String = "职工代表", session: String = "第一届", elected: String = "2020-03-01",
        expiry: String = "2025-03-01", left: String = "", constituency: String = "", composition: String = ""
    ) -> String {
        TermWorld.row(
            name, id: id, unit: unit, kind: kind, session: session, elected: elected, expiry: expiry, left: left, constituency: constituency, composition: composition)
    }

    /// The last row is wrong in one column, whose sentence holds the words; nothing goes in.
    private func expectError(_ rows: [String], column: String?, saying words: String...) async throws {
        try await TermWorld.onBothEngines { world in
            let before = try await EveryTable(world.database), report = try world.take(rows)
            #expect(report.errors.map(\.row) == [rows.count + 1] && report.errors.first?.column == column, "\(report.errors)")
            for word in words { #expect(report.errors.first?.sentence.contains(word) == true, "\(word): \(report.errors)") }
            #expect(!report.applied && report.rejected == 1 && report.new == rows.count - 1)
            #expect(try await before.differences(world.database, but: ["test"]) == [])
        }
    }

    private func expectGood(_ rows: [String], new: Int? = nil) async throws {
        try await TermWorld.onBothEngines { world in
            let report = try world.take(rows)
            #expect(report.errors.isEmpty && report.applied && report.new == new ?? rows.count, "\(report.errors)")
        }
    }

    @Test("A row becomes a term as written; the same file again, and what is exported, changes nothing")
    func again() async throws {
        let rows = [
            row(elected: "2020年3月1日", expiry: "2025/3/1", left: "20240901", constituency: "一车间", composition: "一线职工"),
            row("杨帆", kind: " 职工董事 ", session: "第 二 届", elected: "2022-01-01"), row("刘芳", unit: "HX-LJ-BH", kind: "职工监事"),
        ]
        try await TermWorld.onBothEngines { world in
            let first = try world.take(rows)
            #expect(first.errors.isEmpty && first.hints.isEmpty && first.applied && (first.new, first.changed, first.unchanged) == (3, 0, 0))
            let huang = try #require(world.named.people["黄磊"]), unit = try #require(world.named.units[TermWorld.unit]), term = try #require(try world.terms(of: "黄磊").first)
            #expect(term == TermOfOffice(
                id: term.id, personID: huang, organizationID: unit, kind: "workerRepresentative", session: "第一届", elected: Day(2020, 3, 1)!,
                expiry: Day(2025, 3, 1)!, left: Day(2024, 9, 1)!, constituency: "一车间", composition: "frontLine"))
            let yang = try #require(try world.terms(of: "杨帆").first), liu = try #require(try world.terms(of: "刘芳").first)
            #expect((yang.kind, yang.session) == ("workerDirector", "第二届") && (liu.kind, liu.left) == ("workerSupervisor", .open))
            let exported = try world.export()
            for rows in [rows.reversed(), exported] {
                let before = try await EveryTable(world.database), again = try world.take(rows)
                #expect(again.errors.isEmpty && again.hints.isEmpty && (again.new, again.changed, again.unchanged) == (0, 0, 3))
                #expect(try await before.differences(world.database, but: ["test"]) == [])
            }
        }
    }

    @Test("The same key again sets the other columns right; a column that the file lacks leaves what is there, an empty cell empties")
    func update() async throws {
        try await TermWorld.onBothEngines { world in
            try world.take([row(constituency: "一车间", composition: "一线职工")])
            let report = try world.take([row(expiry: "2024-03-01", left: "2023-01-01", constituency: "二车间")])
            #expect((report.new, report.changed) == (0, 1))
            var term = try #require(try world.terms(of: "黄磊").first)
            #expect((term.expiry, term.left, term.constituency, term.composition) == (Day(2024, 3, 1)!, Day(2023, 1, 1)!, "二车间", ""))
            let titles = "证件号码,姓名,单位编码,代表类型,届次,当选日期,届满日期"
            let bare = try world.take([row(expiry: "2025-03-01").split(separator: ",").prefix(7).joined(separator: ",")], titles: titles)
            #expect(bare.changed == 1)
            term = try #require(try world.terms(of: "黄磊").first)
            #expect((term.expiry, term.left, term.constituency) == (Day(2025, 3, 1)!, Day(2023, 1, 1)!, "二车间"))
            #expect(try world.take([row()]).changed == 1)
            #expect(try world.terms(of: "黄磊").map(\.left) == [.open])
        }
    }

    @Test("The same term twice in one file is an error on the later row, wrong in another cell or not")
    func twins() async throws {
        try await expectError([row(), row(constituency: "二车间")], column: nil, saying: "第 2 行", "只留一行")
    }

    @Test("Within one 届次 a person is elected again only after leaving: on that day at the earliest")
    func sameSession() async throws {
        let again = row(elected: "2022-05-01")
        try await expectError([row(), again], column: "当选日期", saying: "第 2 行", "离任日期", "重叠")
        try await expectError([row(left: "2022-05-02"), again], column: "当选日期", saying: "2022-05-02 离任", "重叠")
        try await expectGood([row(left: "2022-05-01"), again])
        try await expectGood([again, row(left: "2022-05-01")])
        try await expectGood([row(), row(kind: "职工董事", elected: "2022-05-01"), row(unit: "HX-LJ-BH", elected: "2022-05-01"), row("杨帆", elected: "2022-05-01")])
    }

    @Test("Of two 届次 the later election ends the earlier term; elected on one day they overlap")
    func otherSession() async throws {
        try await expectGood([row(session: "第二届", elected: "2020-03-02"), row()])
        try await expectError([row(), row(session: "第二届")], column: "当选日期", saying: "同一天当选", "届次")
    }

    @Test("What is registered counts as it will stand after the file")
    func registered() async throws {
        try await TermWorld.onBothEngines { world in
            try world.take([row()])
            let again = row(elected: "2022-05-01")
            let wrong = try world.take([again])
            #expect(wrong.errors.map(\.row) == [2] && wrong.errors[0].sentence.contains("已登记的任期"))
            // The row that ends the first term is wrong in itself: it alone is to be set right, and with --partial the other one waits for it.
            let bad = row(left: "2022-05-01", composition: "工人")
            #expect(try world.take([again, bad]).errors.map(\.row) == [3])
            #expect(try world.take([again, bad], partial: true).errors.map(\.row) == [2, 3])
            let right = try world.take([again, row(left: "2022-05-01")])
            #expect(right.errors.isEmpty && (right.new, right.changed) == (1, 1))
            #expect(try world.terms(of: "黄磊").count == 2)
        }
    }

    @Test("届满日期 and 离任日期 lie after 当选日期, by a day at least")
    func days() async throws {
        try await expectError([row(expiry: "2020-03-01")], column: "届满日期", saying: "晚于当选日期 2020-03-01")
        try await expectError([row(left: "2020-03-01")], column: "离任日期", saying: "晚于当选日期 2020-03-01", "不再任职的第一天")
        try await expectGood([row(expiry: "2020-03-02", left: "2020-03-02")])
        try await expectGood([row(left: "2026-01-01")])
    }

    @Test("An unknown 证件号码 is an error, and so is a 姓名 that differs from the roster")
    func people() async throws {
        try await expectError([row(id: "11010519491231002X")], column: "证件号码", saying: "没有这个证件号码")
        try await expectError([row(id: "110105194912310021")], column: "证件号码", saying: "末位应为 X")
        try await expectError([row("黄垒", id: TermWorld.idNumber("黄磊"))], column: "姓名", saying: "黄磊", "黄垒")
        try await expectGood([row("阿依古丽•买买提", id: TermWorld.idNumber("阿依古丽·买买提")), row(" 黄　磊 ", id: TermWorld.idNumber("黄磊").lowercased())])
    }

    @Test("An unknown 单位编码 is an error that names a near one; words outside the lists are errors; what is required is asked for")
    func cells() async throws {
        try await expectError([row(unit: "HX-LJ-BH-Q01")], column: "单位编码", saying: "没有这个单位", TermWorld.unit)
        try await expectError([row(kind: "代表")], column: "代表类型", saying: "职工代表、职工董事、职工监事")
        try await expectError([row(composition: "职工")], column: "人员构成", saying: "一线职工、中层管理人员、高层管理人员")
        for (column, row) in [("届次", row(session: "")), ("当选日期", row(elected: "")), ("届满日期", row(expiry: "")), ("单位编码", row(unit: "")), ("姓名", row("", id: TermWorld.idNumber("黄磊")))] {
            try await expectError([row], column: column, saying: "必填")
        }
        try await expectError([row(session: String(repeating: "届", count: 51))], column: "届次", saying: "50 个字")
        try await expectError([row(constituency: String(repeating: "区", count: 101))], column: "选区", saying: "100 个字")
    }

    @Test("A term lies within the life of its unit: on its first day, up to its end")
    func life() async throws {
        try await TermWorld.onBothEngines { world in
            try await world.database.write(Bench.act) { db in
                let parent = world.named.units["HX-LJ-BH"]
                let unit = try OrganizationStore.create(
                    code: "NEW", facts: OrganizationFacts(parentID: parent, name: "新工会", kind: "enterpriseUnion"), from: Day(2020, 3, 1)!, in: db)
                try OrganizationStore.close(unit.id, on: Day(2024, 3, 1)!, in: db)
            }
            func error(_ elected: String, _ left: String = "") throws -> ImportReport.Note? { try world.take([row(unit: "NEW", elected: elected, expiry: "2029-01-01", left: left)]).errors.first }
            for (elected, left, column, name) in [
                ("2020-02-29", "2024-03-01", "当选日期", "term.unitUnborn"), ("2024-03-01", "2024-03-02", "当选日期", "term.unitClosed"),
                ("2020-03-01", "2024-03-02", "离任日期", "term.unitClosed"), ("2020-03-01", "", "离任日期", "term.unitClosed"),
            ] {
                let note = try #require(try error(elected, left))
                #expect((note.column, note.refusal) == (column, name))
            }
            #expect(try error("2020-03-01", "2024-03-01") == nil)
        }
    }

    @Test("Every mistake of a row is said at once; partially the valid rows go in and the rejected are counted")
    func partial() async throws {
        try await TermWorld.onBothEngines { world in
            let rows = [row(id: "1", expiry: "2020-01-01", composition: "工人"), row("杨帆", elected: "2022-01-01")]
            let whole = try world.take(rows)
            #expect(Set(whole.errors.map { $0.column ?? "" }) == ["证件号码", "届满日期", "人员构成"] && whole.rejected == 1 && !whole.applied)
            #expect(try world.terms(of: "杨帆") == [])
            let some = try world.take(rows, partial: true)
            #expect((some.new, some.rejected, some.applied) == (1, 1, true))
            #expect(try world.terms(of: "杨帆").count == 1)
        }
    }

    @Test("Two ways to write one 届次 of a unit become the one that was there first, with a hint")
    func sessions() async throws {
        try await TermWorld.onBothEngines { world in
            try world.take([row(session: "第7届")])
            let report = try world.take([row("杨帆", session: "第七届", elected: "2022-01-01"), row("刘芳", unit: "HX-LJ-BH", session: "第七届")])
            #expect(report.errors.isEmpty && report.new == 2 && report.hints.map(\.row) == [2] && report.hints[0].sentence.contains("“第7届”"))
            #expect(try ["杨帆", "刘芳"].map { try world.terms(of: $0).map(\.session) } == [["第7届"], ["第七届"]])
            #expect(try world.take([row("杨帆", session: "第七届", elected: "2022-01-01")]).unchanged == 1)
        }
    }

    @Test("Hints, never errors: an election to come, and one into a 届次 that was followed already")
    func hints() async throws {
        try await TermWorld.onBothEngines { world in
            let report = try world.take([
                row(), row("杨帆", session: "第二届", elected: "2025-03-02", expiry: "2030-03-01"), row("刘芳", elected: "2025-03-03", expiry: "2030-03-01"),
                row("刘芳", unit: "HX-LJ-BH", elected: "2026-06-02", expiry: "2030-03-01"), row("陈杰", elected: "2025-03-02", expiry: "2030-03-01"),
            ])
            #expect(report.errors.isEmpty && report.new == 5 && report.hints.map(\.row) == [4, 5], "\(report.hints)")
            #expect(report.hints[0].sentence.contains("“第二届”已于 2025-03-02") && report.hints[1].sentence.contains("今天以后"))
        }
    }

    @Test("An export has the terms of a unit, alone or with what lies below, all or those in office on a day")
    func export() async throws {
        try await TermWorld.onBothEngines { world in
            try world.take([
                row(left: "2023-01-01"), row("杨帆", session: "第二届", elected: "2025-06-01", expiry: "2030-01-01"), row("刘芳", unit: "HX-LJ-BH"), row("吴静", unit: "HX-JC"),
            ])
            func names(_ code: String? = nil, subtree: Bool = true, asOf: String? = nil, units: Set<Int64>? = nil) throws -> String {
                try world.export(code, subtree: subtree, asOf: asOf, units: units).map { String($0.split(separator: ",")[1]) }.joined(separator: " ")
            }
            #expect(try names() == "吴静 刘芳 黄磊 杨帆")
            #expect(try names("HX-LJ-BH", subtree: false) == "刘芳")
            #expect(try names("HX-LJ-BH") == "刘芳 黄磊 杨帆")
            for (day, shown) in [("2020-02-29", ""), ("2020-03-01", "刘芳 黄磊"), ("2022-12-31", "刘芳 黄磊"), ("2023-01-01", "刘芳"), ("2025-06-01", "刘芳 杨帆")] {
                #expect(try names("HX-LJ-BH", asOf: day) == shown, "\(day)")
            }
            #expect(try world.export(TermWorld.unit, subtree: false).first == row(left: "2023-01-01"))
            let masked = try world.export(TermWorld.unit, isMasked: true)
            #expect(masked.count == 2 && masked.allSatisfy { $0.contains("********") })
            // With a term here one need not be of one's units: of such a one nothing goes out.
            try world.take([row("吴静", kind: "职工监事")])
            let units = try #require(try world.reach(of: "HX-LJ").units)
            #expect(try names("HX-LJ", units: units) == "刘芳 黄磊 杨帆")
            #expect(try names(TermWorld.unit).contains("吴静"))
        }
    }
}
