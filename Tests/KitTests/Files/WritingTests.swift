import Foundation
import TestBench
import Testing

@testable import Kit

@Suite("Writing tables", .ownThreads)
struct WritingTests {
    static let columns = [
        SheetColumn(key: "code", title: "编码", required: true, kind: .code, note: "单位内唯一", examples: ["a-1", "a-2"]),
        SheetColumn(key: "name", title: "姓名", required: true, examples: ["李一", "王二"]),
        SheetColumn(key: "day", title: "日期", kind: .day, examples: ["2022-03-05", ""]),
        SheetColumn(key: "amount", title: "数量", kind: .number, examples: ["8.25"]),
        SheetColumn(key: "flag", title: "是否", kind: .yesNo, examples: ["是"]),
        SheetColumn(key: "sort", title: "类别", choices: ["甲", "乙", "丙"], examples: ["甲"]),
        SheetColumn(key: "long", title: "很多", choices: (0..<80).map { "第\($0)个可以选的词" }),
    ]

    /// Texts a spreadsheet or a reader might take for something else.
    static let awkward = [
        "=1+1", "+86 138", "-5", "@x", "'", "'=x", "''=x", "'a", "\"", "a\"b", "a,b", "a\nb", "a\r\nb", "\tx", "＝1", "＠", "_x0041_", "_x005F_",
        "110105194912310021", "00123", "1.10105E+17", "TRUE", "𠮷䶮", "a;b", "x\ty", "<&>", "2022-03-05", "'", "''", "'+", "\"=", "\"\"",
    ]

    static func path(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appending(path: "yugong-writing-\(getpid())-\(name)").path
    }

    @Test("A file that is being written has no name yet: a process that is killed leaves nothing of it", arguments: ["xlsx", "csv"])
    func unnamed(kind: String) throws {
        let folder = Scratch.path("folder"), path = folder + "/roster." + kind
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder) }
        let writer = try TableWriter(to: path, sheet: "数据", columns: Self.columns)
        for _ in 0..<10_000 { writer.add([.text("a"), .text("b")]) }
        #expect(try names() == [])
        try writer.finish()
        #expect(try names() == ["roster." + kind])
        let thrown = try TableWriter(to: folder + "/other." + kind, sheet: "数据", columns: Self.columns)
        thrown.add([.text("a")])
        #expect(try names() == ["roster." + kind])
        withExtendedLifetime(thrown) {}
    }

    static func write(_ texts: [String], to path: String) throws {
        let writer = try TableWriter(to: path, sheet: "数据", columns: Workbooks.columns)
        for (index, text) in texts.enumerated() {
            writer.add([.text(text), .text("n\(index)"), .day(Day(2022, 3, 5) ?? .always), .hundredths(825), .yesNo(true), .text("甲")])
        }
        try writer.finish()
    }

    @Test("What is exported reads back unchanged, whatever the text", arguments: ["awkward.xlsx", "awkward.csv"])
    func roundTrip(_ name: String) throws {
        let path = Self.path(name)
        defer { unlink(path) }
        try Self.write(Self.awkward, to: path)
        let table = try TableReader(file: path, columns: Workbooks.columns)
        for text in Self.awkward {
            var row = try #require(try table.next())
            #expect(row["code"] == .text(text))
            #expect(row.day("day") == Day(2022, 3, 5))
            #expect(row.hundredths("amount", in: 0...99_999_999) == 825)
            #expect(row.yesNo("flag") == true)
        }
        #expect(try table.next() == nil)
    }

    @Test("Random texts survive a .csv")
    func randomTexts() throws {
        var random = SystemRandomNumberGenerator()
        let signs: [Character] = ["'", "=", "+", "-", "@", "\"", ",", "\n", "\r", "\t", " ", "a", "工", "𠮷", ";", "1"]
        let texts = (0..<2_000).map { _ in
            String((0..<Int.random(in: 1...6, using: &random)).map { _ in signs.randomElement(using: &random) ?? "a" })
        }
        let path = Self.path("random.csv")
        defer { unlink(path) }
        try Self.write(texts, to: path)
        let source = try FileKind(path: path).open(path)
        _ = try source.next()
        for text in texts {
            let row = try #require(try source.next())
            #expect(row.cells.first { $0.column == 0 }?.cell == .text(text))
        }
    }

    @Test("A .csv never begins a cell with what a spreadsheet would run")
    func neutral() throws {
        let path = Self.path("neutral.csv")
        defer { unlink(path) }
        try Self.write(["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1"], to: path)
        let bytes = try Data(contentsOf: URL(filePath: path)), text = String(decoding: bytes, as: UTF8.self)
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        for line in text.split(separator: "\r\n").dropFirst() { #expect(line.hasPrefix("'") || line.hasPrefix("\"'")) }
    }

    @Test("A place that cannot be written is named so, and nothing is left behind")
    func cannotWrite() throws {
        for path in ["/nowhere/at/all.xlsx", "/nowhere/at/all.csv", "/tmp", "/dev/null"] {
            #expect { try Self.write(["x"], to: path) } throws: { ($0 as? Refusal)?.name == Refusal.cannotWriteName }
        }
        #expect { try Template.write(to: "/nowhere/x.xlsx", sheet: "x", columns: Self.columns) } throws: {
            ($0 as? Refusal)?.name == Refusal.cannotWriteName
        }
    }

    @Test("A template has titles, notes, drop-downs, text columns and two examples")
    func template() throws {
        let path = Self.path("template.xlsx")
        defer { unlink(path) }
        try Template.write(to: path, sheet: "人员", columns: Self.columns)
        let found = try Workbooks.runPython("describe_template.py", [path])
        #expect(found == """
            sheets 人员 填写示例 填写说明 选项(hidden)
            titles 编码 姓名 日期 数量 是否 类别 很多
            formats @ @ yyyy-mm-dd General General @ @
            notes 编码 姓名 日期 数量 是否
            validation E2:E1048576 "是,否"
            validation F2:F1048576 "甲,乙,丙"
            validation G2:G1048576 '选项'!$G$1:$G$80
            example a-1 李一 2022-03-05 8.25 是 甲 -
            example a-2 王二 - - - - -

            """)
        let table = try TableReader(file: path, columns: Self.columns)
        #expect(table.header.row == 1)
        #expect(try table.next() == nil)
    }
}
