import Foundation

/// The first sheet of an .xlsx, streamed.
final class XlsxSheet: SheetSource {
    let name: String
    private let package: XlsxPackage
    private let rows: Rows
    private let pump: XMLPump
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var isDone = false

    init(path: String) throws {
        package = try XlsxPackage(path: path)
        name = package.sheetName
        let styles = DateStyles(), strings = SharedStrings()
        if let entry = package.styles { try package.archive.parse(entry, limit: Limits.stylesPartBytes, with: styles) }
        if let entry = package.strings { try package.archive.parse(entry, limit: Limits.stringsPartBytes, with: strings) }
        rows = Rows(styles: styles, strings: strings, from1904: package.from1904)
        pump = try XMLPump(rows)
        try package.archive.open(package.sheet, limit: Limits.sheetBytes)
    }

    var claimedRows: Int? { rows.claimedRows }

    func next() throws -> SheetRow? {
        while !isDone, rows.isEmpty {
            let count = try buffer.withUnsafeMutableBytes { try package.archive.read($0) }
            isDone = count == 0
            try buffer.withUnsafeBufferPointer { try pump.feed(UnsafeBufferPointer(rebasing: $0[0..<count]), isLast: isDone) }
        }
        return rows.pop()
    }

    private final class Rows: XMLHandler {
        private(set) var claimedRows: Int?
        private var ready: [SheetRow] = []
        private var given = 0
        private let styles: DateStyles, strings: SharedStrings, from1904: Bool

        private enum Kind { case number, shared, text, inline, boolean, error, isoDate }
        private var inData = false, inRow = false, inCell = false, isCollecting = false
        private var row = SheetRow(number: 0)
        private var rowCount = 0, cellCount = 0, rowBytes = 0
        /// Bytes of shared text given out: a short reference stands for a long text, as often as it likes.
        private var sharedBytes: UInt64 = 0
        private var column = -1, kind = Kind.number, style = 0, hasFormula = false, hasValue = false, phoneticDepth = 0
        private var value: [UInt8] = []

        init(styles: DateStyles, strings: SharedStrings, from1904: Bool) {
            self.styles = styles
            self.strings = strings
            self.from1904 = from1904
        }

        var isEmpty: Bool { given == ready.count }

        func pop() -> SheetRow? {
            guard given < ready.count else { return nil }
            let row = ready[given]
            given += 1
            if given == ready.count {
                ready.removeAll(keepingCapacity: true)
                given = 0
            }
            return row
        }

        override func start(_ name: XMLText, _ attributes: XMLAttributes) throws {
            if inCell {
                if name.isName("v") {
                    hasValue = true
                    isCollecting = kind != .inline
                } else if name.isName("t") {
                    isCollecting = kind == .inline && phoneticDepth == 0
                    hasValue = true
                } else if name.isName("f") {
                    hasFormula = true
                } else if name.isName("rPh") {
                    phoneticDepth += 1
                }
            } else if inRow {
                if name.isName("c") { try startCell(attributes) }
            } else if inData {
                if name.isName("row") { try startRow(attributes) }
            } else if name.isName("sheetData") {
                inData = true
            } else if name.isName("dimension") {
                guard let reference = attributes.string("ref"), let last = reference.split(separator: ":").last else { return }
                claimedRows = Int(last.drop(while: { !$0.isNumber }))
                if let claimedRows, claimedRows > Limits.rows { throw Refusal.tooLarge("超过 \(Limits.rows) 行") }
            }
        }

        override func end(_ name: XMLText) throws {
            if inCell {
                if name.isName("c") {
                    inCell = false
                    try endCell()
                } else if name.isName("rPh") {
                    phoneticDepth -= 1
                }
                isCollecting = false
            } else if inRow {
                if name.isName("row") {
                    inRow = false
                    ready.append(row)
                }
            } else if inData, name.isName("sheetData") {
                inData = false
            }
        }

        override func characters(_ bytes: UnsafeBufferPointer<UInt8>) throws {
            guard isCollecting else { return }
            rowBytes += bytes.count
            guard value.count + bytes.count <= Limits.cellBytes, rowBytes <= Limits.rowBytes else { throw Refusal.tooLarge("单元格文字过长") }
            value.append(contentsOf: bytes)
        }

        private func startRow(_ attributes: XMLAttributes) throws {
            rowCount += 1
            var number = row.number + 1
            if let given = attributes["r"] { number = try wholeNumber(given) }
            guard number > row.number else { throw Refusal.brokenWorkbook("行的次序有误") }
            guard rowCount <= Limits.rows, (1...Limits.rows).contains(number) else { throw Refusal.tooLarge("超过 \(Limits.rows) 行") }
            row = SheetRow(number: number, isHidden: attributes.flag("hidden") ?? false)
            row.cells.reserveCapacity(20)
            inRow = true
            column = -1
            rowBytes = 0
        }

        private func startCell(_ attributes: XMLAttributes) throws {
            cellCount += 1
            guard cellCount <= Limits.cells, row.cells.count < Limits.columns else { throw Refusal.tooLarge("单元格过多") }
            column += 1
            kind = .number
            style = 0
            var at = 0
            // One walk over the attributes: this is the innermost loop of every import.
            while let key = attributes.list[at], let text = attributes.list[at + 1] {
                if key[1] == 0 {
                    switch UInt8(bitPattern: key[0]) {
                    case UInt8(ascii: "r"): column = try columnIndex(text)
                    case UInt8(ascii: "s"): style = try wholeNumber(text)
                    case UInt8(ascii: "t"):
                        if text.isName("s") {
                            kind = .shared
                        } else if text.isName("str") {
                            kind = .text
                        } else if text.isName("inlineStr") {
                            kind = .inline
                        } else if text.isName("b") {
                            kind = .boolean
                        } else if text.isName("e") {
                            kind = .error
                        } else if text.isName("d") {
                            kind = .isoDate
                        }
                    default: break
                    }
                }
                at += 2
            }
            inCell = true
            isCollecting = false
            hasFormula = false
            hasValue = false
            phoneticDepth = 0
            value.removeAll(keepingCapacity: true)
        }

        private func wholeNumber(_ text: XMLText) throws -> Int {
            var value = 0, at = text
            while at.pointee != 0 {
                let digit = Int(at.pointee) - 48
                guard (0...9).contains(digit), value < 1_000_000_000 else { throw Refusal.brokenWorkbook("行号或格式号有误") }
                value = value * 10 + digit
                at += 1
            }
            return value
        }

        private func columnIndex(_ text: XMLText) throws -> Int {
            var value = 0, at = text
            while at.pointee != 0 {
                let letter = (Int(at.pointee) & ~0x20) - 64
                guard (1...26).contains(letter), !(48...57).contains(at.pointee) else { break }
                value = value * 26 + letter
                guard value <= Limits.columns else { throw Refusal.brokenWorkbook("列号有误") }
                at += 1
            }
            guard value > 0 else { throw Refusal.brokenWorkbook("列号有误") }
            return value - 1
        }

        private func endCell() throws {
            let cell = try read()
            if case .empty = cell { return }
            row.cells.append((column, cell))
        }

        private func read() throws -> Cell {
            if hasFormula, !hasValue || (value.isEmpty && kind != .text && kind != .inline) { return .uncalculated }
            switch kind {
            case .inline, .text:
                let length = value.withUnsafeMutableBufferPointer { Escapes.decode($0) }
                return length == 0 ? .empty : .text(String(decoding: value[0..<length], as: UTF8.self))
            default: break
            }
            guard !value.isEmpty else { return .empty }
            switch kind {
            case .shared:
                var index = 0
                for byte in value {
                    guard (48...57).contains(byte), index < 100_000_000 else { return .failed("#REF!") }
                    index = index * 10 + Int(byte - 48)
                }
                guard let text = strings[index] else { return .failed("#REF!") }
                rowBytes += text.utf8.count
                sharedBytes += UInt64(clamping: text.utf8.count)
                guard rowBytes <= Limits.rowBytes, sharedBytes <= Limits.sheetBytes else { throw Refusal.tooLarge("文字过多") }
                return text.isEmpty ? .empty : .text(text)
            case .boolean: return .boolean(value.first == 49 || value.first == 116)
            case .error: return .failed(String(decoding: value, as: UTF8.self))
            case .isoDate:
                let text = String(decoding: value, as: UTF8.self)
                return Day(iso: text.prefix(10)).map(Cell.day) ?? .text(text)
            case .number, .inline, .text:
                let raw = Blanks.trimmed(String(decoding: value, as: UTF8.self))
                guard !raw.isEmpty else { return .empty }
                if styles[style], let day = NumberText.day(serial: raw, from1904: from1904) { return .day(day) }
                return Double(raw) == nil ? .failed("#VALUE!") : .number(raw)
            }
        }
    }
}
