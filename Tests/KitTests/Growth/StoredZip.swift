import Foundation

/// Containers made by hand, so that they can lie.
enum StoredZip {
    typealias Part = (name: String, content: [UInt8])

    static let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
    private static let related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    /// A sound workbook in which parts can be replaced by name.
    static func workbook(_ replaced: [String: [UInt8]] = [:]) -> [Part] {
        let relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        let sound = [
            ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
            ("_rels/.rels", relations + "<Relationship Id=\"r\" Type=\"\(related)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
            ("xl/workbook.xml", "<workbook \(main) xmlns:r=\"\(related)\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", relations + [("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "sharedStrings", "sharedStrings.xml"), ("r3", "styles", "styles.xml")]
                .map { "<Relationship Id=\"\($0.0)\" Type=\"\(related)/\($0.1)\" Target=\"\($0.2)\"/>" }.joined() + "</Relationships>"),
            ("xl/sharedStrings.xml", "<sst \(main)><si><t>编码</t></si><si><t>姓名</t></si></sst>"),
            ("xl/styles.xml", "<styleSheet \(main)><fills count=\"1\"><fill/></fills><cellXfs count=\"1\"><xf numFmtId=\"0\"/></cellXfs></styleSheet>"),
            ("xl/worksheets/sheet1.xml", "<worksheet \(main)><sheetData>\(header)</sheetData></worksheet>"),
        ]
        return sound.map { ($0.0, replaced[$0.0] ?? Array($0.1.utf8)) }
    }

    static let header = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"

    /// Parts end to end; `again` more entries of the directory lead to the last of them.
    static func packed(_ parts: [Part], again: Int = 0) -> [UInt8] {
        var out: [UInt8] = [], directory: [UInt8] = [], entries = 0
        func enter(_ name: [UInt8], _ common: [UInt8], at offset: Int) {
            directory += little(0x0201_4B50, 4) + little(20, 2) + common + little(0, 12) + little(offset, 4) + name
            entries += 1
        }
        for (index, part) in parts.enumerated() {
            let name = Array(part.name.utf8), count = part.content.count, offset = out.count
            let common = little(20, 2) + little(0x800, 2) + little(0, 6) + little(Int(checksum(part.content)), 4) + little(count, 4) + little(count, 4) + little(name.count, 2)
            out += little(0x0403_4B50, 4) + common + little(0, 2) + name + part.content
            enter(name, common, at: offset)
            guard index == parts.count - 1 else { continue }
            for copy in 0..<again {
                let other = Array(String(format: "%0\(name.count)d", copy).utf8)
                enter(other, common, at: offset)
            }
        }
        let start = out.count
        return out + directory + little(0x0605_4B50, 4) + little(0, 4) + little(entries, 2) + little(entries, 2) + little(directory.count, 4) + little(start, 4) + little(0, 2)
    }

    /// A legacy workbook around a stream of records.
    static func compound(_ stream: [UInt8]) -> [UInt8] {
        let stream = stream + [UInt8](repeating: 0, count: max(0, 4096 - stream.count)), sectors = (stream.count + 511) / 512
        var tables = 1
        while tables * 128 < tables + 1 + sectors { tables += 1 }
        let end = 0xFFFF_FFFE, free = 0xFFFF_FFFF
        var table = [Int](repeating: 0xFFFF_FFFD, count: tables) + [end] + (0..<sectors).map { $0 == sectors - 1 ? end : tables + 2 + $0 }
        table += [Int](repeating: free, count: tables * 128 - table.count)
        var head: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + little(0, 16) + little(0x3E, 2) + little(3, 2) + little(0xFFFE, 2) + little(9, 2) + little(6, 2)
        head += little(0, 10) + little(tables, 4) + little(tables, 4) + little(0, 4) + little(4096, 4) + little(end, 4) + little(0, 4) + little(end, 4) + little(0, 4)
        for index in 0..<109 { head += little(index < tables ? index : free, 4) }
        func entry(_ name: String, kind: Int, start: Int, size: Int) -> [UInt8] {
            let units = name.utf16.flatMap { little(Int($0), 2) }
            return units + [UInt8](repeating: 0, count: 64 - units.count) + little(units.count + 2, 2) + little(kind, 1) + little(0, 49) + little(start, 4) + little(size, 4) + little(0, 4)
        }
        let directory = entry("Root Entry", kind: 5, start: end, size: 0) + entry("Workbook", kind: 2, start: tables + 1, size: stream.count) + [UInt8](repeating: 0, count: 256)
        return head + table.flatMap { little($0, 4) } + directory + stream + [UInt8](repeating: 0, count: sectors * 512 - stream.count)
    }

    static func record(_ kind: Int, _ data: [UInt8] = []) -> [UInt8] { little(kind, 2) + little(data.count, 2) + data }
    static func little(_ number: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 0 } }

    private static let checksumTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in checksumTable[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
    }
}
