import Foundation
import TestBench
import Testing

@testable import Kit

@Suite("What reads a file takes as long as the file is", .ownThreads)
struct FileGrowthTests {
    private static let columns = [
        SheetColumn(key: "code", title: "编码", required: true, kind: .code), SheetColumn(key: "name", title: "姓名", required: true),
        SheetColumn(key: "day", title: "日期", kind: .day), SheetColumn(key: "amount", title: "数量", kind: .number),
        SheetColumn(key: "flag", title: "是否", kind: .yesNo),
    ]

    /// Reads a file as an import does and marks its rows as an answer does.
    private static func read(_ bytes: [UInt8]) throws {
        let path = Scratch.path("file"), answer = Scratch.path("xlsx")
        defer { unlink(path); unlink(answer) }
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else { throw Refusal.cannotWrite(path) }
        // The table reads its sheet on a thread of its own, whose time is not counted here: the sheet is read on this one first.
        let sheet = try FileKind(path: path).open(path)
        while try sheet.next() != nil {}
        let table = try TableReader(file: path, columns: columns)
        var notes: [ImportReport.Note] = []
        while var row = try table.next() {
            _ = (row.code("code"), row.text("name"), row.day("day"), row.hundredths("amount", in: 0...10_000_000), row.yesNo("flag"), row.choice("name", among: ["甲", "乙"]))
            row.fault("有误")
            if notes.count < 50 { notes += row.faults }
        }
        try Marking.write(notes, of: path, header: table.header, to: answer)
    }

    @Test("Text tables")
    func text() throws {
        let head = "编码,姓名,日期,数量,是否\n"
        let shapes = Hostile.everywhere(after: head) + Hostile.everywhere(after: head + "A1,\"", before: "\"\n") + [Hostile("A1,x\n", after: head), Hostile("\"\"", after: head + "\"")]
        try expectLinear(shapes, upTo: 512 << 10) { try Self.read($0) }
        // The same head in GB18030, which is decoded block by block.
        let coded = String(data: Data(head.utf8), encoding: .utf8)?.data(using: String.Encoding(rawValue: 0x8000_0632)) ?? Data()
        try expectLinear(["\u{B0}\u{A1},", "a", "\n", "\""].map { piece in
            Hostile("GB18030 \(piece.debugDescription)") { length in Array(coded) + Array(repeating: piece.unicodeScalars.map { UInt8($0.value) }, count: length / 2).flatMap { $0 } }
        }, upTo: 256 << 10) { try Self.read($0) }
    }

    @Test("Cells that are to be days, numbers, codes, words")
    func cells() throws {
        let header = TableHeader(sheetName: "", row: 1, columns: Self.columns, places: [0, 1, 2, 3, 4], unknownTitles: [], errorColumn: nil, indexOfKey: ["code": 0, "name": 1, "day": 2, "amount": 3, "flag": 4])
        let shapes = Hostile.everywhere() + Hostile.everywhere(after: "2022-01-01 ", before: ":") + Hostile.everywhere(before: ":") + Hostile.everywhere(after: "1.") + Hostile.everywhere(after: "1e")
        try expectLinear(shapes, upTo: Limits.cellBytes) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            var row = TableRow(number: 2, isHidden: false, header: header, cells: [Cell](repeating: .text(text), count: 5))
            _ = (row.code("code"), row.text("name"), row.day("day"), row.hundredths("amount", in: 0...10_000_000), row.yesNo("flag"), row.choice("name", among: ["甲", "乙"]))
            _ = (NumberText.shown(text), NumberText.hasLostDigits(text), NumberText.day(serial: text, from1904: false), NumberText.isDate(format: text))
            _ = (TextSafety.restored(text), TextSafety.neutralised(text), Markup.escaped(text), Blanks.trimmed(text))
        }
    }

    // MARK: Workbooks

    private static func inPart(_ name: String, _ shapes: [Hostile]) -> [Hostile] {
        shapes.map { shape in Hostile("\(name): \(shape.name)") { length in StoredZip.packed(StoredZip.workbook([name: shape.make(length)])) } }
    }

    @Test("The sheet of a workbook")
    func sheet() throws {
        let start = "<worksheet \(StoredZip.main)><sheetData>\(StoredZip.header)", end = "</sheetData></worksheet>"
        let many = ["<row/>", "<row><c><v>1</v></c></row>", "<row>", "<c/>", "<a>", "<a/>", "&amp;", "&#65;", "<!---->", "<?a?>", "<![CDATA[a]]>", "<x:y xmlns:x=\"a\">"]
        let row = start + "<row r=\"2\">", cell = row + "<c t=\"inlineStr\"><is><t>"
        let shapes = many.map { Hostile($0, after: start, before: end) } + ["<c/>", "<c><v>1</v></c>", "<c t=\"s\"><v>0</v></c>", "<c r=\"A2\"><v>1</v></c>"].map { Hostile($0, after: row, before: "</row>" + end) }
            + Hostile.everywhere(after: cell, before: "</t></is></c></row>" + end) + Hostile.everywhere(after: row + "<c r=\"A2\" t=\"") + Hostile.everywhere(after: row + "<c><v>", before: "</v></c></row>" + end)
            + Hostile.everywhere(after: start + "<!--") + Hostile.everywhere(after: start + "<") + [
                .numbered("many attributes", after: start + "<row ", before: "/>" + end) { "a\($0)=\"\" " }, .numbered("many names", after: start, before: end) { "<n\($0)/>" },
                .numbered("rows of one number", after: start, before: end) { _ in "<row r=\"5\"><c><v>1</v></c></row>" },
                .numbered("columns", after: "<worksheet \(StoredZip.main)><cols>", before: "</cols><sheetData>\(StoredZip.header)" + end) { "<col min=\"\($0 + 1)\" max=\"16384\" style=\"1\"/>" },
            ]
        try expectLinear(Self.inPart("xl/worksheets/sheet1.xml", shapes), upTo: 512 << 10) { try Self.read($0) }
    }

    @Test("A tag without end costs no more than it is long")
    func endlessTag() throws {
        final class Nothing: XMLHandler {}
        let shapes = ["a", " ", "a=\"\" ", "é"].map { Hostile($0, after: "<a b=\"") } + Hostile.everywhere(after: "<!--") + Hostile.everywhere(after: "<?a ")
        try expectLinear(shapes, upTo: 2 << 20) { bytes in
            let pump = try XMLPump(Nothing())
            try bytes.withUnsafeBufferPointer { all in
                for start in stride(from: 0, to: all.count, by: 4096) { try pump.feed(UnsafeBufferPointer(rebasing: all[start..<min(all.count, start + 4096)]), isLast: false) }
            }
        }
    }

    @Test("Shared texts, formats, relations and the list of sheets of a workbook")
    func parts() throws {
        let shapes = Self.inPart("xl/sharedStrings.xml", ["<si/>", "<si>", "<si><t>a</t></si>", "<rPh>", "<t>", "<si><t>_x0041_</t></si>"].map { Hostile($0, after: "<sst \(StoredZip.main)>") }
            + Hostile.everywhere(after: "<sst \(StoredZip.main)><si><t>", before: "</t></si></sst>"))
            + Self.inPart("xl/styles.xml", ["<fill/>", "<fgColor rgb=\"FFFFD9A8\"/>", "<numFmt numFmtId=\"9\" formatCode=\"y\"/>", "<cellXfs>", "</a>"].map { Hostile($0, after: "<styleSheet \(StoredZip.main)><fills>") }
                + Hostile.everywhere(after: "<styleSheet \(StoredZip.main)><numFmts><numFmt numFmtId=\"9\" formatCode=\""))
            + Self.inPart("xl/_rels/workbook.xml.rels", ["<Relationship Id=\"a\" Type=\"b/worksheet\" Target=\"../a/./\\b\"/>", "<Relationship/>"].map { Hostile($0, after: "<Relationships>", before: "</Relationships>") }
                + [Hostile("../", after: "<Relationships><Relationship Id=\"a\" Type=\"", before: "\"/></Relationships>"), Hostile("\\", after: "<Relationships><Relationship Id=\"a\" Type=\"b\" Target=\"", before: "\"/></Relationships>")])
            + Self.inPart("xl/workbook.xml", [.numbered("sheets", after: "<workbook><sheets>", before: "</sheets></workbook>") { "<sheet name=\"\($0)\" id=\"r\($0)\"/>" }])
        try expectLinear(shapes, upTo: 512 << 10) { try Self.read($0) }
    }

    @Test("Marks of an earlier answer, however many formats a workbook has")
    func marks() throws {
        let start = "<styleSheet><fills><fill/><fill><patternFill><fgColor rgb=\"\(Marking.fill)\"/></patternFill></fill></fills><cellXfs>", end = "</cellXfs></styleSheet>"
        try expectLinear([
            .numbered("each marked, none of them cloned from another", after: start, before: end) { "<xf numFmtId=\"\($0)\" fillId=\"\($0 % 2)\"/>" },
            Hostile("<xf>", after: start, before: end), Hostile("<xf/>", after: start, before: end),
        ], upTo: 256 << 10) { _ = try MarkStyles($0, marking: [0], cleaning: true) }
    }

    @Test("Sentences about one row")
    func sentences() throws {
        let header = TableHeader(sheetName: "", row: 1, columns: [], places: [], unknownTitles: [], errorColumn: nil, indexOfKey: [:])
        try expectLinear([Hostile("a")]) { bytes in
            let notes = bytes.indices.map { ImportReport.Note(row: 5, column: nil, found: "\($0)", sentence: "有误") }
            #expect(RowMarks.by(row: notes, header: header)[5].map { $0.text.utf8.count <= 110_000 } == true)
        }
    }

    @Test("Legacy workbooks")
    func legacy() throws {
        let begin = StoredZip.record(0x0809, [0, 6, 5, 0]), end = StoredZip.record(0x000A)
        func shape(_ name: String, _ stream: @escaping (Int) -> [UInt8]) -> Hostile { Hostile(name) { StoredZip.compound(stream($0)) } }
        func sheet(_ records: [UInt8]) -> [UInt8] {
            let bound = StoredZip.record(0x0085, StoredZip.little(begin.count + 13 + end.count, 4) + [0, 0, 1, 0, 97])
            return begin + bound + end + begin + records + end
        }
        func many(_ piece: [UInt8], _ length: Int) -> [UInt8] { Array(repeating: piece, count: max(1, length / piece.count)).flatMap { $0 } }
        let texts: (Int) -> [UInt8] = { length in StoredZip.record(0x00FC, StoredZip.little(length / 3, 4) + StoredZip.little(length / 3, 4) + many([0, 0, 0], min(length, 8000))) }
        try expectLinear([
            shape("records") { sheet(many(StoredZip.record(0x0001), $0)) }, shape("beginnings") { sheet(many(begin, $0)) },
            shape("numbers in one cell") { sheet(many(StoredZip.record(0x0203, [UInt8](repeating: 0, count: 14)), $0)) },
            shape("texts") { sheet(many(StoredZip.record(0x0204, [0, 0, 0, 0, 0, 0, 1, 0, 0, 97]), $0)) },
            shape("rows") { sheet(many(StoredZip.record(0x0208, [UInt8](repeating: 0, count: 16)), $0)) },
            shape("shared texts") { begin + texts($0) + many(StoredZip.record(0x003C, many([0, 0, 0], 3000)), $0) + end },
            shape("nothing but continuations") { begin + texts(3) + many(StoredZip.record(0x003C), $0) + end },
            shape("formats") { begin + many(StoredZip.record(0x041E, [0, 0, 1, 0, 0, 121]), $0) + end },
        ], upTo: 1 << 20) { try Self.read($0) }
    }

    // MARK: Little that stands for much

    private static func refusal(_ bytes: [UInt8]) -> String {
        do {
            try read(bytes)
            return "read"
        } catch { return (error as? Refusal)?.name ?? "\(error)" }
    }

    @Test("A sound workbook made by hand is read")
    func sound() {
        #expect(Self.refusal(StoredZip.packed(StoredZip.workbook())) == "read")
    }

    @Test("Parts of a container that lie over one another are refused")
    func overlapping() {
        #expect(Self.refusal(StoredZip.packed(StoredZip.workbook() + [("x", [UInt8](repeating: 0, count: 10_000))], again: 2000)) == "file.suspicious")
    }

    @Test("A row of references to one long text is refused before it fills the memory")
    func references() {
        let long = String(repeating: "长", count: 40_000), cells = String(repeating: "<c t=\"s\"><v>2</v></c>", count: 1000)
        let bytes = StoredZip.packed(StoredZip.workbook([
            "xl/sharedStrings.xml": Array("<sst \(StoredZip.main)><si><t>编码</t></si><si><t>姓名</t></si><si><t>\(long)</t></si></sst>".utf8),
            "xl/worksheets/sheet1.xml": Array("<worksheet \(StoredZip.main)><sheetData>\(StoredZip.header)<row r=\"2\">\(cells)</row></sheetData></worksheet>".utf8),
        ]))
        #expect(Self.refusal(bytes) == "file.tooLarge")
    }

    @Test("Rows that stand twice, texts inside texts and formats inside formats are refused")
    func nested() {
        let rows = "<worksheet \(StoredZip.main)><sheetData>\(StoredZip.header)<row r=\"2\"/><row r=\"2\"/></sheetData></worksheet>"
        #expect(Self.refusal(StoredZip.packed(StoredZip.workbook(["xl/worksheets/sheet1.xml": Array(rows.utf8)]))) == "file.broken")
        #expect(Self.refusal(StoredZip.packed(StoredZip.workbook(["xl/sharedStrings.xml": Array("<sst><si><si/></si></sst>".utf8)]))) == "file.broken")
        #expect(throws: Refusal.self) { try MarkStyles(Array("<a><fills></fills><cellXfs><xf><xf/></xf></cellXfs></a>".utf8), marking: [], cleaning: true) }
    }

    @Test("Sheets of a legacy workbook that lie over one another are read once, not each anew")
    func overlappingSheets() throws {
        let begin = StoredZip.record(0x0809, [0, 6, 5, 0]), end = StoredZip.record(0x000A)
        func workbook(_ sheets: Int) -> [UInt8] {
            let offset = begin.count + 13 * sheets + end.count
            let bounds = (0..<sheets).flatMap { _ in StoredZip.record(0x0085, StoredZip.little(offset, 4) + [0, 0, 1, 0, 97]) }
            func label(_ column: Int, _ text: String) -> [UInt8] {
                StoredZip.record(0x0204, StoredZip.little(0, 2) + StoredZip.little(column, 2) + [0, 0] + StoredZip.little(text.utf16.count, 2) + [1] + text.utf16.flatMap { StoredZip.little(Int($0), 2) })
            }
            return StoredZip.compound(begin + bounds + end + begin + label(0, "编码") + label(1, "姓名") + end)
        }
        #expect(Self.refusal(workbook(1)) == "read")
        #expect(Self.refusal(workbook(200)) == "file.suspicious")
        #expect(Self.refusal(workbook(300)) == "file.suspicious")
    }

    @Test("What a report repeats of a cell is short in bytes, too")
    func repeats() {
        let one = "a" + String(repeating: "\u{301}", count: 50_000)
        #expect(one.count == 1 && Limits.shown(one).utf8.count <= 4 * Limits.shownCharacters)
    }
}
