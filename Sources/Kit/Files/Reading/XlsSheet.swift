import Foundation

/// The first sheet of a legacy .xls; the format allows 65,536 rows, which are held in memory.
final class XlsSheet: SheetSource {
    let name: String
    private let rows: [SheetRow]
    private var given = 0

    init(path: String) throws {
        let workbook = try XlsWorkbook(path: path)
        let sheet = try workbook.sheet(workbook.firstSheet)
        name = sheet.name
        rows = sheet.rows
    }

    var claimedRows: Int? { rows.last?.number }

    func next() throws -> SheetRow? {
        guard given < rows.count else { return nil }
        given += 1
        return rows[given - 1]
    }
}

/// A legacy .xls (BIFF8, Excel 97 to 2003) with all its sheets.
///
/// Own code, since the library at hand leaves out hidden rows, truth values, errors and the text results of formulas.
/// Every length in the file is checked before it is used; a file that lies is refused.
final class XlsWorkbook {
    struct Sheet {
        let name: String
        let rows: [SheetRow]
    }

    private let stream: [UInt8]
    private var from1904 = false
    private var formats: [Int: Bool] = [:]
    private var isDateStyle: [Bool] = []
    private var strings: [String] = []
    private var sheets: [(name: String, offset: Int, isHidden: Bool)] = []
    /// Bytes of the stream that sheets were read from: they lie beside one another, not over one another.
    private var walked = 0

    var sheetCount: Int { sheets.count }
    /// What a person calls the first sheet is the first one that shows.
    var firstSheet: Int { sheets.firstIndex { !$0.isHidden } ?? 0 }

    init(path: String) throws {
        var info = stat()
        guard stat(path, &info) == 0 else { throw Refusal.cannotRead(path) }
        guard Int64(info.st_size) <= Limits.xlsBytes else { throw Refusal.tooLarge(".xls 超过 \(Limits.xlsBytes >> 20) MB") }
        guard let data = FileManager.default.contents(atPath: path) else { throw Refusal.cannotRead(path) }
        let container = try CompoundFile([UInt8](data))
        if container.names.contains("EncryptedPackage") { throw XlsWorkbook.encrypted }
        guard let stream = try container.stream("Workbook") else {
            guard container.names.contains("Book") else {
                throw Refusal("file.unknownKind", "这不是工作簿；请传 .xlsx、.xls 或 .csv 文件")
            }
            throw Refusal("file.unknownKind", "这是 Excel 95 或更早的格式；请用表格软件打开，另存为 .xlsx 后再传")
        }
        self.stream = stream
        try readGlobals()
        guard !sheets.isEmpty else { throw XlsWorkbook.broken }
    }

    private static let broken = Refusal("file.broken", "无法读取这个 .xls 文件（已损坏）；请用表格软件打开，另存为 .xlsx 后再传")
    private static let encrypted = Refusal("file.encrypted", "文件设有打开密码，无法读取；请去掉密码另存后再传")

    /// One record: its kind and where its data stands.
    private struct Record {
        let kind: Int
        let data: Range<Int>
    }

    private func record(at offset: Int) throws -> Record {
        guard offset >= 0, offset + 4 <= stream.count else { throw XlsWorkbook.broken }
        let start = offset + 4, end = start + u16(offset + 2)
        guard end <= stream.count else { throw XlsWorkbook.broken }
        return Record(kind: u16(offset), data: start..<end)
    }

    private func u16(_ at: Int) -> Int { Int(stream[at]) | Int(stream[at + 1]) << 8 }
    private func u32(_ at: Int) -> Int { u16(at) | u16(at + 2) << 16 }
    private func double(_ at: Int) -> Double {
        Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(truncatingIfNeeded: stream[at + $1]) << (8 * UInt64(truncatingIfNeeded: $1)) })
    }

    private func readGlobals() throws {
        var offset = 0
        let first = try record(at: 0)
        guard first.kind == 0x0809, first.data.count >= 4, u16(first.data.lowerBound) == 0x0600 else { throw XlsWorkbook.broken }
        while offset < stream.count {
            let record = try record(at: offset), data = record.data, at = data.lowerBound
            offset = data.upperBound
            switch record.kind {
            case 0x000A: return
            case 0x002F: throw XlsWorkbook.encrypted
            case 0x0022 where data.count >= 2: from1904 = u16(at) == 1
            case 0x041E where data.count >= 5:
                var text = Text(self, [at + 2..<data.upperBound])
                formats[u16(at)] = NumberText.isDate(format: try text.string(count: text.u16()))
            case 0x00E0 where data.count >= 4:
                let format = u16(at + 2)
                isDateStyle.append(formats[format] ?? NumberText.isDate(builtIn: format))
            case 0x0085 where data.count >= 8:
                // Charts and macro sheets stand in the same list.
                guard stream[at + 5] == 0 else { continue }
                guard sheets.count < Limits.xlsSheets else { throw Refusal.suspicious("工作表过多") }
                var text = Text(self, [at + 6..<data.upperBound])
                sheets.append((try text.string(count: text.u8()), u32(at), stream[at + 4] & 3 != 0))
            case 0x00FC where data.count >= 8:
                let count = u32(at + 4)
                var text = Text(self, try continued(at + 8..<data.upperBound, &offset))
                guard count <= stream.count / 3 else { throw XlsWorkbook.broken }
                strings.reserveCapacity(count)
                for _ in 0..<count { strings.append(try text.richString()) }
            default: break
            }
        }
    }

    /// The parts of a text that goes on in the records after its own; `offset` is moved behind them.
    private func continued(_ first: Range<Int>, _ offset: inout Int) throws -> [Range<Int>] {
        var parts = [first]
        while offset + 4 <= stream.count, u16(offset) == 0x003C {
            let more = try record(at: offset).data
            parts.append(more)
            offset = more.upperBound
        }
        return parts
    }

    /// A sheet with its rows in order.
    func sheet(_ index: Int) throws -> Sheet {
        var rows: [Int: SheetRow] = [:], offset = sheets[index].offset, depth = 0, cells = 0
        var waiting: (row: Int, column: Int)?
        func put(_ at: Int, _ cell: Cell, column: Int? = nil) throws {
            if case .empty = cell { return }
            let row = u16(at), column = column ?? u16(at + 2)
            guard column < Limits.columns else { throw XlsWorkbook.broken }
            cells += 1
            guard cells <= Limits.xlsCells else { throw Refusal.tooLarge("单元格过多") }
            rows[row, default: SheetRow(number: row + 1)].cells.append((column, cell))
        }
        reading: while true {
            let record = try record(at: offset), data = record.data, at = data.lowerBound
            walked += data.upperBound - offset
            guard walked <= stream.count else { throw Refusal.suspicious("工作表重叠") }
            offset = data.upperBound
            // A chart inside the sheet is a sheet of its own.
            if record.kind == 0x0809 { depth += 1 }
            if record.kind == 0x000A {
                depth -= 1
                if depth <= 0 { break reading }
            }
            guard depth == 1 else { continue }
            switch record.kind {
            case 0x0208 where data.count >= 16:
                if stream[at + 12] & 0x20 != 0 { rows[u16(at), default: SheetRow(number: u16(at) + 1)].isHidden = true }
            case 0x0203 where data.count >= 14: try put(at, number(double(at + 6), style: u16(at + 4)))
            case 0x027E where data.count >= 10: try put(at, number(packed(u32(at + 6)), style: u16(at + 4)))
            case 0x00BD where data.count >= 6:
                for index in 0..<(data.count - 6) / 6 {
                    let cell = at + 4 + 6 * index
                    try put(at, number(packed(u32(cell + 2)), style: u16(cell)), column: u16(at + 2) + index)
                }
            case 0x00FD where data.count >= 10:
                let index = u32(at + 6)
                try put(at, strings.indices.contains(index) ? text(strings[index]) : .failed("#REF!"))
            case 0x0204 where data.count >= 9, 0x00D6 where data.count >= 9:
                var string = Text(self, [at + 6..<data.upperBound])
                try put(at, text(try string.string(count: string.u16())))
            case 0x0205 where data.count >= 8: try put(at, stream[at + 7] == 0 ? .boolean(stream[at + 6] != 0) : error(stream[at + 6]))
            case 0x0006 where data.count >= 16:
                guard stream[at + 12] == 0xFF, stream[at + 13] == 0xFF else {
                    let value = double(at + 6)
                    // To be calculated on loading: the program that wrote it had no result.
                    try put(at, value == 0 && stream[at + 14] & 2 != 0 ? .uncalculated : number(value, style: u16(at + 4)))
                    continue
                }
                switch stream[at + 6] {
                case 0: waiting = (u16(at), u16(at + 2))
                case 1: try put(at, .boolean(stream[at + 8] != 0))
                case 2: try put(at, error(stream[at + 8]))
                default: break
                }
            case 0x0207 where data.count >= 3:
                guard let cell = waiting else { continue }
                waiting = nil
                var string = Text(self, try continued(data, &offset))
                let result = text(try string.string(count: string.u16()))
                if case .empty = result { continue }
                guard cell.column < Limits.columns else { throw XlsWorkbook.broken }
                rows[cell.row, default: SheetRow(number: cell.row + 1)].cells.append((cell.column, result))
            default: break
            }
        }
        var ordered = rows.values.sorted { $0.number < $1.number }
        for index in ordered.indices { ordered[index].cells.sort { $0.column < $1.column } }
        return Sheet(name: sheets[index].name, rows: ordered)
    }

    private func text(_ text: String) -> Cell { text.isEmpty ? .empty : .text(text) }

    private func number(_ value: Double, style: Int) -> Cell {
        let raw = "\(value)"
        if isDateStyle.indices.contains(style), isDateStyle[style], let day = NumberText.day(serial: raw, from1904: from1904) { return .day(day) }
        return .number(raw)
    }

    /// A number packed into 30 bits: whole or the upper half of a double, maybe in hundredths.
    private func packed(_ bits: Int) -> Double {
        let value = bits & 2 != 0 ? Double(Int32(truncatingIfNeeded: bits) >> 2) : Double(bitPattern: UInt64(truncatingIfNeeded: bits & 0xFFFF_FFFC) << 32)
        return bits & 1 != 0 ? value / 100 : value
    }

    private func error(_ code: UInt8) -> Cell {
        let names: [UInt8: String] = [0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"]
        return .failed(names[code] ?? "#N/A")
    }

    /// Reads strings that may run over the borders of records.
    private struct Text {
        private let book: XlsWorkbook
        private let parts: [Range<Int>]
        private var part = 0, at: Int

        init(_ book: XlsWorkbook, _ parts: [Range<Int>]) {
            self.book = book
            self.parts = parts
            at = parts[0].lowerBound
        }

        mutating func u8() throws -> Int {
            while at >= parts[part].upperBound {
                guard part + 1 < parts.count else { throw XlsWorkbook.broken }
                part += 1
                at = parts[part].lowerBound
            }
            at += 1
            return Int(book.stream[at - 1])
        }

        mutating func u16() throws -> Int { try u8() | u8() << 8 }

        /// Flags and `count` characters.
        mutating func string(count: Int) throws -> String {
            guard count > 0 else { return "" }
            return try characters(count, flags: u8())
        }

        /// A shared string with its runs and phonetics, which are passed over.
        mutating func richString() throws -> String {
            let count = try u16(), flags = try u8()
            let runs = flags & 8 != 0 ? try u16() : 0
            let more = flags & 4 != 0 ? try u16() | u16() << 16 : 0
            let text = try characters(count, flags: flags)
            var left = runs * 4 + more
            while left > 0 {
                if at >= parts[part].upperBound { _ = try u8(); at -= 1 }
                let step = min(left, parts[part].upperBound - at)
                at += step
                left -= step
            }
            return text
        }

        private mutating func characters(_ count: Int, flags: Int) throws -> String {
            var isWide = flags & 1 != 0, units: [UInt16] = []
            for _ in 0..<count {
                // Characters that go on in the next record begin there with flags of their own.
                if at >= parts[part].upperBound { isWide = try u8() & 1 != 0 }
                units.append(UInt16(truncatingIfNeeded: isWide ? try u16() : try u8()))
            }
            return String(decoding: units, as: UTF16.self)
        }
    }
}

/// The file system inside an OLE2 file.
struct CompoundFile {
    private let bytes: [UInt8]
    private let sectorSize: Int
    private var table: [Int] = []
    private var directory: [(name: String, start: Int, size: Int)] = []
    private let cutoff: Int
    private var miniTable: [Int] = []
    private var miniStream: [UInt8] = []

    private static let broken = Refusal("file.broken", "无法读取这个 .xls 文件（已损坏）；请用表格软件打开，另存为 .xlsx 后再传")

    var names: [String] { directory.map(\.name) }

    init(_ bytes: [UInt8]) throws {
        guard bytes.count >= 512 else { throw CompoundFile.broken }
        self.bytes = bytes
        let u16 = { (at: Int) in Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
        let u32 = { (at: Int) in u16(at) | u16(at + 2) << 16 }
        guard u16(30) == 9 || u16(30) == 12, u16(32) == 6 else { throw CompoundFile.broken }
        sectorSize = 1 << u16(30)
        cutoff = u32(56)
        let sectors = bytes.count / sectorSize + 1

        var tableSectors = (0..<109).map { u32(76 + 4 * $0) }
        var next = u32(68), seen = 0
        while next < 0xFFFF_FFFA, seen <= sectors {
            let start = (next + 1) * sectorSize
            guard start + sectorSize <= bytes.count else { throw CompoundFile.broken }
            for index in 0..<(sectorSize / 4 - 1) { tableSectors.append(u32(start + 4 * index)) }
            next = u32(start + sectorSize - 4)
            seen += 1
        }
        for sector in tableSectors where sector < 0xFFFF_FFFA {
            let start = (sector + 1) * sectorSize
            guard start + sectorSize <= bytes.count, table.count <= sectors + sectorSize else { throw CompoundFile.broken }
            for index in 0..<sectorSize / 4 { table.append(u32(start + 4 * index)) }
        }

        let entries = try chain(u32(48))
        var root: (start: Int, size: Int)?
        for at in stride(from: 0, to: entries.count - 127, by: 128) {
            let length = Int(entries[at + 64]) | Int(entries[at + 65]) << 8
            guard length >= 2, length <= 64, entries[at + 66] != 0 else { continue }
            let units = (0..<length / 2 - 1).map { UInt16(truncatingIfNeeded: entries[at + 2 * $0]) | UInt16(truncatingIfNeeded: entries[at + 2 * $0 + 1]) << 8 }
            let value = { (at: Int) in (0..<4).reduce(0) { $0 | Int(entries[at + $1]) << (8 * $1) } }
            let entry = (name: String(decoding: units, as: UTF16.self), start: value(at + 116), size: value(at + 120))
            if entries[at + 66] == 5 { root = (entry.start, entry.size) } else { directory.append(entry) }
        }
        if let root, root.start < 0xFFFF_FFFA, u32(60) < 0xFFFF_FFFA {
            miniStream = try chain(root.start)
            let mini = try chain(u32(60))
            miniTable = stride(from: 0, to: mini.count - 3, by: 4).map { at in (0..<4).reduce(0) { $0 | Int(mini[at + $1]) << (8 * $1) } }
        }
    }

    /// The contents of a stream; nil where there is none of this name.
    func stream(_ name: String) throws -> [UInt8]? {
        guard let entry = directory.first(where: { $0.name == name }) else { return nil }
        guard entry.size >= cutoff else {
            var contents: [UInt8] = [], sector = entry.start, seen = 0
            while contents.count < entry.size {
                guard miniTable.indices.contains(sector), (sector + 1) * 64 <= miniStream.count, seen <= miniTable.count else { throw CompoundFile.broken }
                contents += miniStream[sector * 64..<(sector + 1) * 64]
                sector = miniTable[sector]
                seen += 1
            }
            return Array(contents.prefix(entry.size))
        }
        let contents = try chain(entry.start)
        guard contents.count >= entry.size else { throw CompoundFile.broken }
        return Array(contents.prefix(entry.size))
    }

    private func chain(_ first: Int) throws -> [UInt8] {
        var contents: [UInt8] = [], sector = first, seen = 0
        while sector < 0xFFFF_FFFA {
            let start = (sector + 1) * sectorSize
            // The last sector of a file may be cut short.
            guard table.indices.contains(sector), start < bytes.count, seen <= table.count else { throw CompoundFile.broken }
            contents += bytes[start..<min(start + sectorSize, bytes.count)]
            sector = table[sector]
            seen += 1
        }
        return contents
    }
}
