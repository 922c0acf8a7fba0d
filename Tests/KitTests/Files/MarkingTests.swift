import Foundation
import TestBench
import Testing

@testable import Kit

@Suite("Marking workbooks", .ownThreads)
struct MarkingTests {
    struct Comparison: Decodable {
        let filled: [String], added: [String: String], different: [String]
    }

    static func temporary(_ name: String) -> String {
        let folder = Workbooks.folder.appending(path: "marked")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appending(path: name).path
    }

    static func header(_ path: String) throws -> TableHeader { try TableReader(file: path, columns: Workbooks.columns).header }

    static func compare(_ original: String, _ marked: String) throws -> Comparison {
        try JSONDecoder().decode(Comparison.self, from: Data(Workbooks.runPython("compare_workbooks.py", [original, marked]).utf8))
    }

    static let notes = [
        ImportReport.Note(row: 5, column: "编码", found: "", sentence: "已改成数字"),
        ImportReport.Note(row: 5, column: "数量", found: "", sentence: "太大"),
        ImportReport.Note(row: 6, column: "姓名", sentence: "必填"),
        ImportReport.Note(row: 9, column: nil, sentence: "与第 4 行 <重复> & \"冲突\""),
        ImportReport.Note(row: 9, column: "日期", sentence: "没有这一天"),
        ImportReport.Note(row: 9, column: "日期", sentence: "没有这一天"),
    ]

    @Test("The same workbook comes back: only wrong cells and 错误说明 differ", arguments: ["roster.xlsx", "libreoffice/roster.xlsx"])
    func roster(_ name: String) throws {
        let original = Workbooks.path(name), marked = Self.temporary(name.replacing("/", with: "-"))
        try Marking.write(Self.notes, of: original, header: Self.header(original), to: marked)
        let comparison = try Self.compare(original, marked)
        #expect(comparison.different == [])
        #expect(Set(comparison.filled) == ["C5", "E5", "B6", "D9"])
        let errors = Set(comparison.added.keys.map { $0.filter(\.isLetter) })
        try #require(errors.count == 1)
        let place = try #require(errors.first)
        #expect(comparison.added == [
            "\(place)3": "错误说明", "\(place)5": "编码：已改成数字；数量：太大", "\(place)6": "姓名：必填",
            "\(place)9": "与第 4 行 <重复> & \"冲突\"；日期：没有这一天",
        ])
        #expect(place == "I")

        // Read again, the column is neither unknown nor data, and marking again takes the old marks away.
        let header = try Self.header(marked)
        #expect(header.errorColumn == 8)
        #expect(header.unknownTitles == ["序号", "备注"])
        let again = Self.temporary("again-" + name.replacing("/", with: "-"))
        try Marking.write([ImportReport.Note(row: 12, column: "姓名", sentence: "还是不对")], of: marked, header: header, to: again)
        let second = try Self.compare(original, again)
        #expect(second.different.filter { !$0.contains("E5 fill") } == [])
        #expect(second.filled == ["B12"])
        #expect(second.added == ["I3": "错误说明", "I12": "姓名：还是不对"])
    }

    @Test("Prefixes, absent references and an absent styles part are no obstacle")
    func bare() throws {
        for name in ["prefixed.xlsx", "no-references.xlsx", "1904.xlsx", "strict.xlsx"] {
            let original = Workbooks.path(name), marked = Self.temporary(name)
            let notes = [ImportReport.Note(row: 2, column: "姓名", sentence: "不对"), ImportReport.Note(row: 2, column: "类别", sentence: "必填")]
            try Marking.write(notes, of: original, header: Self.header(original), to: marked)
            let table = try TableReader(file: marked, columns: Workbooks.columns + [SheetColumn(key: "error", title: "错误说明")])
            let row = try #require(try table.next())
            #expect(row["error"] == .text("姓名：不对；类别：必填"))
            if name == "strict.xlsx" { continue }
            let comparison = try Self.compare(original, marked)
            // Where the original has no styles, openpyxl shows a default font of its own.
            #expect(comparison.different.filter { name == "1904.xlsx" || !$0.contains(" font:") } == [], "\(name)")
            #expect(comparison.filled.map { $0.replacing("甲", with: "") } == ["B2", "F2"], "\(name)")
        }
    }

    @Test("A text file or .xls comes back as .xlsx with the same sheets and values")
    func copied() throws {
        let notes = [ImportReport.Note(row: 3, column: "日期", sentence: "不对"), ImportReport.Note(row: 4, column: "姓名", sentence: "必填")]
        for name in ["gb18030.csv", "xlwt.xls", "libreoffice/roster.xls"] {
            let original = Workbooks.path(name), marked = Self.temporary(name.replacing("/", with: "-") + ".xlsx")
            try Marking.write(notes, of: original, header: Self.header(original), to: marked)
            let columns = Workbooks.columns + [SheetColumn(key: "error", title: "错误说明")]
            let before = try TableReader(file: original, columns: Workbooks.columns), after = try TableReader(file: marked, columns: columns)
            #expect(before.header.sheetName == after.header.sheetName)
            #expect(before.header.unknownTitles == after.header.unknownTitles)
            while let row = try before.next() {
                let copy = try #require(try after.next())
                #expect(copy.number == row.number)
                #expect(copy.isHidden == row.isHidden)
                for column in Workbooks.columns { #expect(copy[column.key].shown == row[column.key].shown) }
                #expect(copy["error"].shown == (row.number == 3 ? "日期：不对" : row.number == 4 ? "姓名：必填" : ""))
            }
        }
        let sheets = try XlsxPackage(path: Self.temporary("xlwt.xls.xlsx")).archive.entries.map(\.name).filter { $0.contains("worksheets/sheet") }
        #expect(sheets.count == 2)
    }

    @Test("LibreOffice opens what was marked")
    func opens() throws {
        var marked: [String] = []
        for name in ["roster.xlsx", "libreoffice/roster.xlsx", "prefixed.xlsx", "no-references.xlsx", "utf8.csv"] {
            let path = Self.temporary("open-" + name.replacing("/", with: "-").replacing(".csv", with: ".xlsx"))
            let original = Workbooks.path(name)
            try Marking.write([ImportReport.Note(row: 2, column: "姓名", sentence: "不对"), ImportReport.Note(row: 5, column: nil, sentence: "不对")], of: original, header: Self.header(original), to: path)
            marked.append(path)
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["soffice", "--headless", "-env:UserInstallation=file://\(Workbooks.folder.path)/profile-marked", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", Workbooks.folder.path + "/opened"] + marked
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        for path in marked {
            let name = URL(filePath: path).deletingPathExtension().lastPathComponent
            let text = try String(contentsOfFile: Workbooks.folder.path + "/opened/\(name).csv", encoding: .utf8)
            #expect(text.contains("错误说明"), "\(name)")
            #expect(text.contains("不对"), "\(name)")
        }
    }

    @Test("Styles in no order that a program writes are refused or edited, and end nothing", arguments: [
        "<cellXfs/><fills count=\"1\"><fill/></fills>", "<cellXfs><xf fillId=\"0\"/></cellXfs><fills/>", "<fills/><cellXfs/>", "<cellXfs></cellXfs><fills></fills>",
        "<fills><cellXfs><xf fillId=\"0\"/></cellXfs></fills>", "<cellXfs><fills><fill/></fills><xf fillId=\"0\"/></cellXfs>",
        "<fills><fill/></fills><fills><fill/></fills><cellXfs><xf/></cellXfs><cellXfs><xf/></cellXfs>", "<cellXfs><xf/></cellXfs><fills><fill/></fills>",
    ])
    func styles(_ parts: String) {
        for cleaning in [false, true] {
            do {
                let styles = try MarkStyles(Array("<styleSheet>\(parts)</styleSheet>".utf8), marking: [0, 1], cleaning: cleaning)
                #expect(styles.part.starts(with: Array("<styleSheet>".utf8)))
            } catch { #expect((error as? Refusal)?.name == "file.broken") }
        }
    }
}
