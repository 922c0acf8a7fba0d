import Foundation
import TestBench
import Testing

@testable import Kit

@Suite("Reading workbooks", .ownThreads)
struct ReadingTests {
    @Test("Rows are read ahead in their order up to what is wrong, and nobody reads on for whoever has gone")
    func ahead() async throws {
        let whole = ReadAhead(Counting(upTo: 2000, fails: true))
        for number in 1...2000 { #expect(try whole.next()?.number == number) }
        for _ in 0..<2 { #expect(throws: Refusal.self) { try whole.next() } }
        let short = ReadAhead(Counting(upTo: 3, fails: false))
        #expect(try (0..<5).map { _ in try short.next()?.number } == [1, 2, 3, nil, nil])
        weak var left: Counting?
        do {
            let endless = Counting(upTo: .max, fails: false)
            left = endless
            #expect(try ReadAhead(endless).next()?.number == 1)
        }
        try await eventually { left == nil }
    }

    private final class Counting: SheetSource {
        let name = "", claimedRows: Int? = nil
        private let last: Int, fails: Bool
        private var number = 0

        init(upTo last: Int, fails: Bool) {
            self.last = last
            self.fails = fails
        }

        func next() throws -> SheetRow? {
            guard number < last else {
                if fails { throw Refusal("test.broken", "坏了。") }
                return nil
            }
            number += 1
            return SheetRow(number: number)
        }
    }

    @Test("A unit's workbook is read as it is, by whoever it was written", arguments: ["roster.xlsx", "libreoffice/roster.xlsx", "libreoffice/roster.xls"])
    func roster(_ name: String) throws {
        let table = try TableReader(file: Workbooks.path(name), columns: Workbooks.columns)
        #expect(table.header.row == 3)
        #expect(table.header.sheetName == "花名册")
        #expect(table.header.unknownTitles == ["序号", "备注"])
        #expect(table.header.place(of: "code") == 2)
        var rows: [TableRow] = []
        while let row = try table.next() { rows.append(row) }
        try #require(rows.map(\.number) == [4, 5, 6, 8, 9, 10, 11, 12])
        #expect(table.hiddenRowCount == 2)
        #expect(rows[0].text("name") == "李一")
        #expect(rows[0].code("code") == "110105194912310021")
        let day = Day(2022, 3, 5)
        #expect(rows.indices.map { rows[$0].day("day") } == [day, day, day, day, nil, day, nil, day])
        #expect(rows[4].faults.map(\.sentence) == ["没有这一天；请核对日期，按 2022-03-05 的样子填写"])
        #expect(rows[6].faults.map(\.sentence) == ["不是日期；请按 2022-03-05 的样子填写"])
        #expect(rows[1].code("code") == nil)
        #expect(rows[1].faults.first?.sentence == "已被表格软件改成数字，后几位丢失；请把该列设为“文本”后重填")
        #expect(rows[1].text("name") == "王　二")
        #expect(rows[2].code("code") == "AB-123")
        #expect(rows[2].text("name") == nil)
        #expect(rows[2].faults.map(\.sentence) == ["必填，不能为空；请填写"])
        #expect(rows[2].faults.first?.column == "姓名")
        #expect(rows[4].code("code") == "1001")
        #expect(rows.indices.prefix(4).map { rows[$0].hundredths("amount", in: 0...99_999_999) } == [800, 825, 50, 123_450])
        #expect(rows[4].hundredths("amount", in: 0...99_999_999) == nil)
        #expect(rows[2].halves("amount", in: 0...1_999_998) == 1)
        #expect(rows.indices.map { rows[$0].yesNo("flag") } == [true, true, nil, false, nil, true, false, true])
        #expect(rows[4].choice("sort", among: ["甲", "乙", "丙"]) == nil)
        #expect(rows[4].faults.last?.sentence == "「丁」不在可填的范围内；请填：甲、乙、丙")
        if name == "roster.xlsx" {
            #expect(rows[7].code("code") == nil)
            #expect(rows[7].faults.first?.sentence.hasPrefix("公式没有计算结果") == true)
        } else {
            #expect(rows[7].code("code") == "x-8")
        }
    }

    @Test("Text files are recognised by content", arguments: ["utf8.csv", "bom.csv", "tab.csv", "gb18030.csv", "gb18030-tab.txt"])
    func text(_ name: String) throws {
        var rows = try Workbooks.rows(name)
        try #require(rows.map(\.number) == [2, 3, 4])
        #expect(rows[0].shown("code") == "a-1")
        #expect(rows[0].hundredths("amount", in: 0...99_999_999) == 825)
        #expect(rows[1].code("code") == "110105194912310021")
        #expect(rows[1].text("name") == "a\"b,c d")
        #expect(rows[2].code("code") == nil)
        #expect(rows[2].faults.map(\.found) == ["1.10105E+17"])
    }

    @Test("Rare characters survive GB18030")
    func rare() throws {
        var rows = try Workbooks.rows("rare.csv")
        #expect(rows[0].text("name") == "𠮷䶮㑇·买买提")
    }

    @Test("Rows and cells without references count on")
    func noReferences() throws {
        var rows = try Workbooks.rows("no-references.xlsx")
        #expect(rows[0].number == 2)
        #expect(rows[0].code("code") == "n-1")
        #expect(rows[0].hundredths("amount", in: 0...99_999_999) == 710)
        #expect(rows[0].yesNo("flag") == true)
        #expect(rows[0].day("day") == nil)
    }

    @Test("Strict namespaces, prefixes, rich text and escapes are read")
    func dialects() throws {
        var strict = try Workbooks.rows("strict.xlsx")
        #expect(strict[0].day("day") == Day(2022, 3, 5))
        var prefixed = try Workbooks.rows("prefixed.xlsx")
        #expect(prefixed[0].code("code") == "p-1")
        #expect(prefixed[0]["name"] == .text("李一\r二_x0041_"))
    }

    @Test("The 1904 calendar, formulas without result and cell errors are told apart; a hidden sheet is not the first")
    func calendar1904() throws {
        var rows = try Workbooks.rows("1904.xlsx")
        #expect(rows[0].day("day") == Day(2022, 3, 5))
        #expect(rows[0]["amount"] == .uncalculated)
        #expect(rows[0]["flag"] == .failed("#N/A"))
        #expect(rows[0].choice("sort", among: ["甲"]) == "甲")
        #expect(rows[1].hundredths("amount", in: 0...99_999_999) == 200)
        #expect(rows[1]["day"] == .number("0.5"))
    }

    @Test("A legacy workbook is read")
    func legacy() throws {
        var rows = try Workbooks.rows("xlwt.xls")
        try #require(rows.map(\.number) == [3, 4, 5])
        #expect(rows[0].day("day") == Day(2022, 3, 5))
        #expect(rows[0].hundredths("amount", in: 0...99_999_999) == 825)
        #expect(rows[1].code("code") == "1001")
        #expect(rows[1].day("day") == Day(2022, 3, 5))
        #expect(rows[2].code("code") == nil)
    }

    @Test("Hostile and unsuitable files are refused by name", arguments: [
        ("doctype.xlsx", "file.suspicious"), ("broken-xml.xlsx", "file.broken"), ("wrong-target.xlsx", "file.broken"),
        ("macros.xlsx", "file.macros"), ("huge-row.xlsx", "file.broken"), ("far-dimension.xlsx", "file.tooLarge"),
        ("ten-million-rows.xlsx", "file.suspicious"), ("bomb.xlsx", "file.suspicious"), ("blank-bomb.xlsx", "file.suspicious"),
        ("long-cell.xlsx", "file.tooLarge"), ("many-strings.xlsx", "file.suspicious"), ("truncated.xlsx", "file.broken"),
        ("flipped.xlsx", "file.broken"), ("just.zip", "file.unknownKind"), ("garbage.bin", "file.unknownKind"),
        ("utf16.csv", "file.encoding"), ("unpaired.csv", "file.quotes"), ("broken-text.csv", "file.encoding"),
        ("nothing.csv", "file.empty"), ("truncated.xls", "file.broken"), ("absent.xlsx", "file.cannotRead"),
    ])
    func hostile(_ name: String, _ refusal: String) {
        #expect(Workbooks.refusal(name) == refusal)
    }

    @Test("A line without end costs no more than it is long")
    func endless() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "endless-\(getpid()).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("编码,姓名\n".utf8 + [UInt8](repeating: 0x61, count: 9_000_000)).write(to: URL(filePath: path))
        #expect(throws: Refusal.tooLarge("单行文字过长")) {
            let table = try TableReader(file: path, columns: Workbooks.columns)
            while try table.next() != nil {}
        }
    }

    @Test("A cell of nothing but quotes is bounded like any other, and a report repeats only so much of a file")
    func repeated() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "quotes-\(getpid()).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let quotes = String(repeating: "\"", count: 400_001)
        try Data("编码,姓名\nA1,\(quotes)\n".utf8).write(to: URL(filePath: path))
        #expect(throws: Refusal.self) {
            let table = try TableReader(file: path, columns: Workbooks.columns)
            while try table.next() != nil {}
        }
        let long = String(repeating: "长", count: 5000)
        try Data("编码,姓名,\((0..<300).map { "\(long)\($0)" }.joined(separator: ","))\nA1,\(long)\n".utf8).write(to: URL(filePath: path))
        let table = try TableReader(file: path, columns: Workbooks.columns)
        #expect(table.header.unknownTitles.count == 200 && table.header.unknownTitles.allSatisfy { $0.count == 200 })
        var row = try #require(try table.next())
        #expect(row.text("name") == nil && row.faults.first?.found.count == 200)
    }

    @Test("Titles that are missing or stand twice are named")
    func titles() throws {
        let more = Workbooks.columns + [SheetColumn(key: "more", title: "别的", required: true)]
        #expect(throws: Refusal("table.titlesMissing", "第一张工作表的表头缺少「别的」列；请补上后再传（必须有的列：「编码」「姓名」「别的」）")) {
            try TableReader(file: Workbooks.path("roster.xlsx"), columns: more)
        }
        let path = FileManager.default.temporaryDirectory.appending(path: "twice-\(getpid()).csv").path
        defer { unlink(path) }
        try "编码,姓名,姓 名\n1,2,3\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: Refusal("table.titleTwice", "第 1 行的标题重复：「姓名」（B 列和 C 列）；请只留一列后再传")) {
            try TableReader(file: path, columns: Workbooks.columns)
        }
    }
}

@Suite("Typed cells", .ownThreads)
struct TypedCellTests {
    @Test("Dates as people write them", arguments: [
        ("2022-03-05", true), ("2022/3/5", true), ("2022年3月5日", true), ("20220305", true), ("２０２２．３．５", true),
        ("2022 年 03 月 05 日", true), ("2022-03-05 00:00:00", true), ("2022/3/5 14:30", true), ("2022-03-05T08:00:00.000", true),
        ("2022-3", false), ("22-3-5", false), ("2022-03-05-01", false), ("5/3/2022", false), ("二〇二二年三月五日", false), ("2022年", false),
        ("2022/3-5", false), ("2022-03-05 下午", false),
    ])
    func dates(_ text: String, _ isDate: Bool) {
        let parts = TableRow.dateParts(text)
        #expect((parts?.0 == 2022 && parts?.1 == 3 && parts?.2 == 5) == isDate)
    }

    @Test("Decimals are exact hundredths", arguments: [
        ("8", 800), ("8.5", 850), ("8.25", 825), ("8.250", 825), (".5", 50), ("1,234.5", 123_450), ("-3", -300), ("0.07", 7),
    ])
    func decimals(_ text: String, _ hundredths: Int) {
        #expect(TableRow.hundredths(of: text)?.exact == hundredths)
        #expect(TableRow.hundredths(of: TableRow.decimalText(hundredths))?.exact == hundredths)
    }

    @Test("What is no number is refused", arguments: ["", ".", "8小时", "1,23", "1e3", "--1", "1.2.3", "NaN"])
    func noNumbers(_ text: String) {
        #expect(TableRow.hundredths(of: text) == nil)
    }

    @Test("Number formats that show dates", arguments: [
        ("yyyy-mm-dd", true), ("yyyy\"年\"m\"月\"d\"日\"", true), ("[$-804]aaaa", true), ("m/d", true), ("e\"年\"", true), ("mmm", true),
        ("General", false), ("0.00", false), ("0.00E+00", false), ("h:mm", false), ("mm:ss", false), ("[h]:mm", false), ("\"day\"0", false),
        ("#,##0\\d", false), ("[Red]0", false), ("@", false), ("上午/下午h\"时\"mm\"分\"", false),
    ])
    func formats(_ code: String, _ isDate: Bool) {
        #expect(NumberText.isDate(format: code) == isDate)
    }

    @Test("Serial numbers become days, save the 29 February 1900 that never was")
    func serials() {
        #expect(NumberText.day(serial: "44625", from1904: false) == Day(2022, 3, 5))
        #expect(NumberText.day(serial: "1", from1904: false) == Day(1900, 1, 1))
        #expect(NumberText.day(serial: "59", from1904: false) == Day(1900, 2, 28))
        #expect(NumberText.day(serial: "60", from1904: false) == nil)
        #expect(NumberText.day(serial: "61", from1904: false) == Day(1900, 3, 1))
        #expect(NumberText.day(serial: "0", from1904: true) == Day(1904, 1, 1))
    }
}
