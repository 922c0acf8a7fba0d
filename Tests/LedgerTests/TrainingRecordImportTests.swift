import Access
import Foundation
import Kit
@testable import Ledger
import Rules
import TestBench
import Testing

@Suite("培训记录导入", .ownThreads)
struct TrainingRecordImportTests {
    private static let header = "证件号码,姓名,培训名称,培训形式,组织调训,培训目的,内容类别,主办单位编码,培训机构,开始日期,结束日期,天数,学时,结业,来源编号"
    private func row(
        id: String = SmallWorld.idOfZhang, name: String = "张三", title: String = "主席班", form: String = "脱产培训", selected: String = "",
        purpose: String = "", content: String = "", host: String = "", institution: String = "", from: String = "2022-03-07",
        to: String = "2022-03-11", days: String = "5", hours: String = "", completed: String = "", code: String = ""
    ) -> String {
        [id, name, title, form, selected, purpose, content, host, institution, from, to, days, hours, completed, code].joined(separator: ",")
    }

    private func report(_ rows: [String], partial: Bool = false, then check: (ImportReport, Database) throws -> Void) async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            try check(try SmallWorld.importRows(Self.header, rows, into: database, partial: partial), database)
        }
    }

    /// One wrong row: its column and something its sentence says.
    private func expectError(_ row: String, column: String, saying words: String...) async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            let report = try SmallWorld.importRows(Self.header, [row], into: database)
            #expect(report.errors.contains { $0.row == 2 && $0.column == column && words.allSatisfy($0.sentence.contains) }, "\(report.errors)")
            #expect(!report.applied && report.rejected == 1 && report.new == 0)
            #expect(try SmallWorld.standing(SmallWorld.zhang, database).isEmpty)
        }
    }

    @Test("A row becomes a posting as written; the same file again changes nothing")
    func again() async throws {
        let rows = [
            row(selected: "是", purpose: "任职", content: "理论", host: "LJ-031", institution: "市工会干部学院", code: "A-1"),
            row(id: SmallWorld.idOfLi, name: "李四", form: "网络培训", from: "2022-01-01", to: "2022-12-31", days: "", hours: "12.25", completed: "否"),
        ]
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            let first = try SmallWorld.importRows(Self.header, rows, into: database)
            #expect(first.new == 2 && first.unchanged == 0 && first.applied && first.errors.isEmpty)
            #expect(try SmallWorld.standing(SmallWorld.zhang, database) == [TrainingRecord(
                sourceCode: "A-1", title: "主席班", form: "offJob", isSelected: true, purpose: "appointment", content: "theory",
                hostID: SmallWorld.town, institution: "市工会干部学院", from: Day(2022, 3, 7)!, to: Day(2022, 3, 11)!, halfDays: 10)])
            #expect(try SmallWorld.standing(SmallWorld.li, database) == [TrainingRecord(
                title: "主席班", form: "online", from: Day(2022, 1, 1)!, to: Day(2022, 12, 31)!, hours: 1225, isCompleted: false)])
            let second = try SmallWorld.importRows(Self.header, rows.reversed(), into: database)
            #expect(second.new == 0 && second.unchanged == 2 && second.errors.isEmpty && second.hints.isEmpty)
        }
    }

    @Test("The same record twice in one file is counted once, with a hint on the later row")
    func repeated() async throws {
        try await report([row(), row(name: " 张三 ")]) { report, database in
            #expect(report.new == 1 && report.errors.isEmpty && report.applied)
            #expect(report.hints.contains { $0.row == 3 && $0.sentence.contains("第 2 行") && $0.sentence.contains("只计一次") })
            let standing = try SmallWorld.standing(SmallWorld.zhang, database)
            #expect(standing.count == 1)
        }
    }

    @Test("The same source with other content is an error on the later row that names both")
    func conflictInFile() async throws {
        try await report([row(code: "A-1"), row(title: "党课", code: "A-1")]) { report, _ in
            #expect(report.errors.map(\.row) == [3])
            #expect(report.errors[0].column == "来源编号")
            #expect(["第 2 行", "A-1", "主席班", "党课"].allSatisfy(report.errors[0].sentence.contains))
        }
        try await report([row(), row(days: "4")]) { report, _ in
            #expect(report.errors.map(\.row) == [3])
            #expect(report.errors[0].column == "天数")
        }
    }

    @Test("The same source with other content than the ledger's is an error that names both")
    func conflictWithLedger() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            _ = try SmallWorld.importRows(Self.header, [row(code: "A-1")], into: database)
            let report = try SmallWorld.importRows(Self.header, [row(days: "4", code: "A-1"), row(id: SmallWorld.idOfLi, name: "李四")], into: database)
            #expect(report.errors.map(\.row) == [2])
            #expect(["已登记", "主席班", "天数", "“5”", "“4”"].allSatisfy(report.errors[0].sentence.contains), "\(report.errors[0].sentence)")
            #expect(report.new == 1 && report.rejected == 1 && !report.applied)
            #expect(try SmallWorld.standing(SmallWorld.li, database).isEmpty)
        }
    }

    @Test("The same class of two people, or of one person on other days, is two records")
    func otherSources() async throws {
        try await report([row(), row(id: SmallWorld.idOfLi, name: "李四"), row(from: "2022-05-09", to: "2022-05-13"), row(code: "B-7")]) { report, _ in
            #expect(report.new == 4 && report.errors.isEmpty)
        }
    }

    @Test("天数 and 学时 must agree with the conversion in force on the last day")
    func agreement() async throws {
        try await report([row(days: "2.5", hours: "20")]) { report, _ in #expect(report.errors.isEmpty && report.new == 1) }
        try await expectError(row(days: "2.5", hours: "18"), column: "学时", saying: "2.5 天", "20 学时")
    }

    @Test("At least one of 天数 and 学时; forms whose days do not convert need 学时")
    func amounts() async throws {
        try await expectError(row(days: "", hours: ""), column: "学时", saying: "至少填一项")
        try await expectError(row(form: "网络培训", days: "3"), column: "学时", saying: "网络培训", "学时")
        try await expectError(row(form: "在职自学", days: ""), column: "学时", saying: "须填学时")
        try await report([row(form: "以岗代训", from: "2022-03-01", to: "2022-03-01", days: "20")]) { report, _ in #expect(report.errors.isEmpty) }
    }

    @Test("天数 are multiples of 0.5, 学时 have at most two decimals")
    func decimals() async throws {
        try await expectError(row(days: "1.3"), column: "天数", saying: "0.5 的倍数")
        try await expectError(row(days: "", hours: "8.125"), column: "学时", saying: "两位小数")
    }

    @Test("More 天数 than calendar days is an error for 脱产培训 and 专题讲座")
    func calendarDays() async throws {
        try await expectError(row(days: "5.5"), column: "天数", saying: "5 个日历天")
        try await expectError(row(form: "专题讲座", from: "2022-03-07", to: "2022-03-07", days: "1.5"), column: "天数", saying: "1 个日历天")
        try await report([row(form: "网络培训", from: "2022-12-31", to: "2022-12-31", days: "", hours: "50")]) { report, _ in #expect(report.errors.isEmpty) }
    }

    @Test("The end does not lie before the start")
    func dates() async throws {
        try await expectError(row(from: "2022-03-11", to: "2022-03-07"), column: "结束日期", saying: "早于开始日期")
    }

    @Test("An unknown 证件号码 is an error, and so is a 姓名 that differs from the roster")
    func people() async throws {
        try await expectError(row(id: "110105197001010038"), column: "证件号码", saying: "没有这个证件号码")
        try await expectError(row(id: "110105194912310021"), column: "证件号码", saying: "末位应为 X")
        try await expectError(row(name: "张山"), column: "姓名", saying: "张三", "张山")
        try await report([row(id: SmallWorld.idOfBo, name: "阿卜杜•热合曼")]) { report, _ in #expect(report.errors.isEmpty) }
        try await report([row(id: "11010519491231002x")]) { report, _ in #expect(report.errors.isEmpty) }
    }

    @Test("An unknown 主办单位编码 is an error that names a near one")
    func hosts() async throws {
        try await expectError(row(host: "LJ-0031"), column: "主办单位编码", saying: "没有这个单位", "LJ-031 西渡街道总工会")
    }

    @Test("Words outside the lists are errors")
    func words() async throws {
        try await expectError(row(form: "讲座"), column: "培训形式", saying: "脱产培训、专题讲座")
        try await expectError(row(purpose: "玩"), column: "培训目的", saying: "初任")
        try await expectError(row(content: "体育"), column: "内容类别", saying: "党性")
        try await expectError(row(completed: "也许"), column: "结业", saying: "是 或 否")
    }

    @Test("Every mistake of a row is said at once, and other rows' too")
    func allAtOnce() async throws {
        try await report([row(id: "1", name: "", days: "5.5"), row(), row(host: "X")]) { report, _ in
            #expect(Set(report.errors.filter { $0.row == 2 }.map { $0.column ?? "" }) == ["证件号码", "姓名", "天数"])
            #expect(report.errors.contains { $0.row == 4 })
            #expect(report.rejected == 2 && report.new == 1 && !report.applied)
        }
    }

    @Test("Partially, the valid rows go in and the rejected are counted")
    func partial() async throws {
        try await report([row(), row(name: "张山", title: "另一班")], partial: true) { report, database in
            #expect(report.new == 1 && report.rejected == 1 && report.applied)
            let standing = try SmallWorld.standing(SmallWorld.zhang, database)
            #expect(standing.count == 1)
        }
    }

    @Test("Training before the first appointment and overlapping classes are hints, never errors")
    func hints() async throws {
        try await report([
            row(from: "2019-03-07", to: "2019-03-08", days: "2"), row(title: "甲班"), row(title: "乙班", from: "2022-03-10", to: "2022-03-12", days: "3"),
        ]) { report, _ in
            #expect(report.errors.isEmpty && report.new == 3 && report.applied)
            #expect(report.hints.map(\.row) == [2, 4])
            #expect(report.hints[0].sentence.contains("2020-01-01") && report.hints[1].sentence.contains("甲班"))
        }
    }

    @Test("Outside one's units people look as if they were not there")
    func scope() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            let reach = ImportReach(units: [SmallWorld.town]) { _ in nil }
            let report = try SmallWorld.importRows(
                Self.header, [row(), row(id: SmallWorld.idOfLi, name: "李四"), row(id: "110105197001010038")], into: database, reach: reach)
            #expect(report.errors.map(\.row) == [2, 4])
            #expect(report.errors[0].sentence == report.errors[1].sentence)
            #expect(report.new == 1)
        }
    }

    @Test("What was taken back does not come back with the same file; put right under its number it is posted anew")
    func takenBack() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            _ = try SmallWorld.importRows(Self.header, [row(code: "A-1")], into: database)
            let entry = try #require(try database.readNow { try HourEntryStore.entries(of: SmallWorld.zhang, from: $0) }.first)
            try database.writeNow(Bench.act) { try HourEntryStore.reverse(entry.id, why: "未参加", $0) }
            let same = try SmallWorld.importRows(Self.header, [row(code: "A-1")], into: database)
            #expect(same.new == 0 && same.unchanged == 1 && same.hints.count == 1 && same.errors.isEmpty)
            let right = try SmallWorld.importRows(Self.header, [row(days: "4", code: "A-1")], into: database)
            #expect(right.new == 1)
            #expect(try SmallWorld.standing(SmallWorld.zhang, database).map(\.halfDays) == [8])
        }
    }

    @Test("What was taken back by hand stays so when another content of its number came and its import was taken back; that content may come again")
    func takenBackTwice() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            _ = try SmallWorld.importRows(Self.header, [row(code: "A-1")], into: database)
            func standing() throws -> HourEntry? { try database.readNow { try Posting.standingAmong(HourEntryStore.entries(of: SmallWorld.zhang, from: $0)).first } }
            let byHand = try #require(try standing())
            try database.writeNow(Bench.act) { try HourEntryStore.reverse(byHand.id, why: "未参加", $0) }
            _ = try SmallWorld.importRows(Self.header, [row(days: "4", code: "A-1")], into: database)
            let other = try #require(try standing())
            try database.writeNow(Act(who: .commandLine("测试"), origin: "", kind: Unmaking.act, why: "录错")) { try HourEntryStore.reverse(act: other.actID, $0) }
            #expect(try SmallWorld.importRows(Self.header, [row(code: "A-1")], into: database).new == 0)
            #expect(try standing() == nil)
            #expect(try SmallWorld.importRows(Self.header, [row(days: "4", code: "A-1")], into: database).new == 1)
            #expect(try standing()?.record.halfDays == 8)
        }
    }

    @Test("Columns in any order, unknown ones reported once; rows that are absent change nothing")
    func columns() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            let report = try SmallWorld.importRows(
                "备注,结束日期*,开始日期*,学时,培训形式*,培训名称*,姓名*,证件号码*",
                ["x,2022年3月11日,20220307,40,脱产培训,主席班,张三,\(SmallWorld.idOfZhang)"], into: database)
            #expect(report.new == 1 && report.unknownColumns == ["备注"])
        }
    }

    @Test("An export imported again changes nothing: reversed records are left out, corrected ones stand in their last revision")
    func export() async throws {
        try await onBothEngines { database in
            try SmallWorld.fill(database)
            _ = try SmallWorld.importRows(Self.header, [
                row(selected: "是", purpose: "任职", content: "理论", host: "LJ-031", institution: "=党校“分院”", code: "A-1"),
                row(title: "撤掉的班"), row(id: SmallWorld.idOfLi, name: "李四", form: "网络培训", days: "", hours: "0.25"),
                row(id: SmallWorld.idOfWang, name: "王五", from: "2023-05-01", to: "2023-05-02", days: "1.5", completed: "否"),
            ], into: database)
            let entries = try database.readNow { try HourEntryStore.entries(of: SmallWorld.zhang, from: $0) }
            try database.writeNow(Bench.act) { db in
                var right = entries[0].record
                right.to = right.to + 1
                try HourEntryStore.correct(entries[0].id, to: right, why: "多一天", db)
                try HourEntryStore.reverse(entries[1].id, why: "未参加", db)
            }
            for (kind, unit, asOf, rows) in [
                ("xlsx", nil, nil, 3), ("csv", nil, nil, 3), ("xlsx", SmallWorld.town, nil, 2), ("csv", SmallWorld.federation, nil, 3),
                ("csv", SmallWorld.federation, Day(2022, 12, 31), 2), ("csv", SmallWorld.federation, Day(2019, 12, 31), 0),
            ] as [(String, Int64?, Day?, Int)] {
                let path = NSTemporaryDirectory() + "/export-\(UUID().uuidString).\(kind)"
                defer { try? FileManager.default.removeItem(atPath: path) }
                let written = try database.readNow { db in
                    try TrainingRecordExport.export(
                        to: path, unit: unit, asOf: asOf, today: SmallWorld.today, vocabulary: SmallWorld.library.vocabulary,
                        numbers: SmallWorld.numbers, in: db)
                }
                #expect(written == rows, "\(kind) \(String(describing: unit))")
                let again = try SmallWorld.importFile(path, into: database)
                #expect(again.unchanged == rows && again.new == 0 && again.errors.isEmpty, "\(again.errors)")
            }
        }
    }
}
