import Foundation

@testable import Kit

extension Target {
    /// Text tables in any encoding.
    static let text = Target { read($0) }
    /// Bytes behind the mark of a ZIP: the container itself.
    static let workbook = Target { read([0x50, 0x4B, 0x03, 0x04] + $0) }
    /// Bytes behind the mark of a compound file: legacy .xls.
    static let oldWorkbook = Target { read([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + $0) }
    /// A sound container in which one part, named by the first byte, holds whatever comes.
    static let workbookParts = Target { bytes in
        guard let first = bytes.first else { return }
        var parts = plainParts
        parts[Int(first) % parts.count].content = Array(bytes.dropFirst())
        read(packed(parts))
    }

    private static let columns = [
        SheetColumn(key: "code", title: "编码", required: true, kind: .code), SheetColumn(key: "name", title: "姓名", required: true),
        SheetColumn(key: "day", title: "日期", kind: .day), SheetColumn(key: "amount", title: "数量", kind: .number),
        SheetColumn(key: "flag", title: "是否", kind: .yesNo),
    ]

    /// Reads a file as an import does and marks every row of it as an answer does.
    private static func read(_ bytes: [UInt8]) {
        let path = "/dev/shm/yugong-fuzz-\(getpid())", answer = path + ".xlsx"
        defer { unlink(path); unlink(answer) }
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else { return }
        do {
            let table = try TableReader(file: path, columns: columns)
            var notes: [ImportReport.Note] = []
            while var row = try table.next(), row.number < 100_000 {
                _ = (row.code("code"), row.text("name"), row.day("day"), row.hundredths("amount", in: 0...99_999_999), row.yesNo("flag"))
                row.fault("有误")
                if notes.count < 50 { notes += row.faults }
            }
            try Marking.write(notes, of: path, header: table.header, to: answer)
        } catch is Refusal {
            // Saying no is what is asked of a parser.
        } catch {
            promised(false, "an error that is no refusal: \(error)")
        }
    }

    // MARK: A workbook of stored parts

    private typealias Part = (name: String, content: [UInt8])

    private static let plainParts: [Part] = [
        ("xl/worksheets/sheet1.xml", "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>姓名</t></is></c><c r=\"C1\" t=\"str\"><v>日期</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"s\"><v>1</v></c><c r=\"C2\" s=\"1\"><v>44000</v></c></row></sheetData></worksheet>"),
        ("xl/sharedStrings.xml", "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>编码</t></si><si><r><t>张</t></r><r><t>三</t></r></si></sst>"),
        ("xl/styles.xml", "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy-mm-dd\"/></numFmts><fills count=\"1\"><fill/></fills><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"),
        ("xl/workbook.xml", "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>"),
        ("_rels/.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"),
    ].map { ($0.0, Array($0.1.utf8)) }

    private static func packed(_ parts: [Part]) -> [UInt8] {
        func little(_ number: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        var out: [UInt8] = [], directory: [UInt8] = []
        for part in parts {
            let name = Array(part.name.utf8), sum = Int(checksum(part.content))
            let common = little(20, 2) + little(0x800, 2) + little(0, 2) + little(0, 4) + little(sum, 4) + little(part.content.count, 4) + little(part.content.count, 4) + little(name.count, 2)
            directory += little(0x0201_4B50, 4) + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(out.count, 4) + name
            out += little(0x0403_4B50, 4) + common + little(0, 2) + name + part.content
        }
        let start = out.count
        return out + directory + little(0x0605_4B50, 4) + little(0, 4) + little(parts.count, 2) + little(parts.count, 2) + little(directory.count, 4) + little(start, 4) + little(0, 2)
    }

    private static let checksumTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in checksumTable[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
    }
}
