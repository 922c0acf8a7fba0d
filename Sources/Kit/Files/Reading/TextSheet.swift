import Foundation

/// A .csv or tab-separated text, streamed: UTF-8 with or without mark, or GB18030; comma or tab, told by content.
final class TextSheet: SheetSource {
    let name: String
    let claimedRows: Int? = nil
    private let path: String
    private let file: UnsafeMutablePointer<FILE>
    private let isUTF8: Bool
    private let separator: UInt8
    private var rest: [UInt8] = []
    private var isAtEnd = false
    private var ready: [SheetRow] = []
    private var given = 0

    private static let blockBytes = 65_536
    /// `String.Encoding` of GB18030; GBK's own value is not known to Foundation here.
    private static let gb18030 = String.Encoding(rawValue: 0x8000_0632)

    init(path: String) throws {
        guard let file = fopen(path, "rb") else { throw Refusal.cannotRead(path) }
        self.file = file
        self.path = path
        name = "Sheet1"
        var checker = UTF8Check(), sample: [UInt8] = [], buffer = [UInt8](repeating: 0, count: TextSheet.blockBytes)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            if sample.isEmpty { sample = Array(buffer.prefix(count)) }
            checker.feed(buffer[0..<count])
            if !checker.isValid { break }
        }
        guard ferror(file) == 0 else {
            fclose(file)
            throw Refusal.cannotRead(path)
        }
        isUTF8 = checker.isValid && checker.isComplete
        separator = TextSheet.separator(in: sample)
        rewind(file)
        if isUTF8, sample.starts(with: [0xEF, 0xBB, 0xBF]) { fseek(file, 3, SEEK_SET) }
    }

    deinit { fclose(file) }

    func next() throws -> SheetRow? {
        while given == ready.count {
            ready.removeAll(keepingCapacity: true)
            given = 0
            if isAtEnd { return nil }
            try readBlock()
        }
        given += 1
        return ready[given - 1]
    }

    /// The separator that splits the first lines into more fields, commas where equal.
    private static func separator(in sample: [UInt8]) -> UInt8 {
        var commas = 0, tabs = 0, mostCommas = 0, mostTabs = 0, isQuoted = false
        for byte in sample {
            switch byte {
            case 0x22: isQuoted.toggle()
            case 0x2C where !isQuoted: commas += 1
            case 0x09 where !isQuoted: tabs += 1
            case 0x0A where !isQuoted, 0x0D where !isQuoted:
                mostCommas = max(mostCommas, commas)
                mostTabs = max(mostTabs, tabs)
                commas = 0
                tabs = 0
            default: break
            }
        }
        return max(mostTabs, tabs) > max(mostCommas, commas) ? 0x09 : 0x2C
    }

    /// Reads a block that ends with a line and cuts it into rows. Line ends, quotes and separators
    /// are never part of a longer character, neither in UTF-8 nor in GB18030.
    private func readBlock() throws {
        var buffer = [UInt8](repeating: 0, count: TextSheet.blockBytes)
        let count = fread(&buffer, 1, buffer.count, file)
        // What cannot be read is not the end.
        guard ferror(file) == 0 else { throw Refusal.cannotRead(path) }
        isAtEnd = count == 0
        var block: [UInt8]
        if isAtEnd {
            block = rest
            rest = []
        } else {
            // What waits has no line end: only the new bytes are looked through, or a long line would cost its square.
            guard let end = buffer[0..<count].lastIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
                rest.append(contentsOf: buffer[0..<count])
                guard rest.count <= Limits.rowBytes else { throw Refusal.tooLarge("单行文字过长") }
                return
            }
            block = rest + buffer[0...end]
            rest = Array(buffer[(end + 1)..<count])
        }
        if !isUTF8 {
            guard let text = String(data: Data(block), encoding: TextSheet.gb18030) else {
                throw Refusal("file.encoding", "第 \(row.number) 行之后有无法识别的文字；请在表格软件中另存为 .xlsx 或“CSV UTF-8”后再传")
            }
            block = Array(text.utf8)
        }
        for byte in block { try take(byte) }
        if isAtEnd {
            if isInQuotes, !isAfterQuote { throw unpaired }
            if !field.isEmpty || hasField || !row.cells.isEmpty { try endRow() }
        }
    }

    // The cutter's state between bytes.
    private var row = SheetRow(number: 1)
    private var field: [UInt8] = []
    private var column = 0
    private var hasField = false, isInQuotes = false, isAfterQuote = false, isAfterReturn = false
    private var cellCount = 0

    private var unpaired: Refusal { Refusal("file.quotes", "第 \(row.number) 行的引号没有配对；请补上引号，或另存为 .xlsx 后再传") }

    @inline(__always)
    private func take(_ byte: UInt8) throws {
        if isInQuotes {
            if isAfterQuote {
                isAfterQuote = false
                if byte == 0x22 {
                    guard field.count < Limits.cellBytes else { throw unpaired }
                    field.append(byte)
                    return
                }
                isInQuotes = false
            } else if byte == 0x22 {
                isAfterQuote = true
                return
            } else {
                guard field.count < Limits.cellBytes else { throw unpaired }
                field.append(byte)
                return
            }
        }
        if isAfterReturn {
            isAfterReturn = false
            if byte == 0x0A { return }
        }
        switch byte {
        case separator: try endField()
        case 0x0D:
            isAfterReturn = true
            try endRow()
        case 0x0A: try endRow()
        case 0x22 where field.isEmpty && !hasField:
            isInQuotes = true
            hasField = true
        default:
            guard field.count < Limits.cellBytes else { throw Refusal.tooLarge("单元格文字过长") }
            field.append(byte)
        }
    }

    private func endField() throws {
        cellCount += 1
        guard cellCount <= Limits.cells, column < Limits.columns else { throw Refusal.tooLarge("单元格过多") }
        if !field.isEmpty { row.cells.append((column, .text(TextSafety.restored(String(decoding: field, as: UTF8.self))))) }
        field.removeAll(keepingCapacity: true)
        hasField = false
        column += 1
    }

    private func endRow() throws {
        try endField()
        ready.append(row)
        guard row.number < Limits.rows else { throw Refusal.tooLarge("超过 \(Limits.rows) 行") }
        row = SheetRow(number: row.number + 1)
        column = 0
    }

    /// Checks UTF-8 across blocks.
    private struct UTF8Check {
        private(set) var isValid = true
        private var carry: [UInt8] = []
        var isComplete: Bool { carry.isEmpty }

        mutating func feed(_ bytes: ArraySlice<UInt8>) {
            var all = carry + bytes
            // An unfinished character at the end waits for the next block.
            var cut = all.count
            for back in 1...4 where back <= all.count {
                let byte = all[all.count - back]
                if byte & 0xC0 == 0x80 { continue }
                let length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
                if length > back { cut = all.count - back }
                break
            }
            carry = Array(all[cut...])
            all.removeLast(all.count - cut)
            isValid = String(validating: all, as: UTF8.self) != nil
        }
    }
}

/// Text that a spreadsheet would run as a formula when it opens a .csv gets an apostrophe in front;
/// reading takes exactly that one away again, so that export and import change nothing.
enum TextSafety {
    /// `'` before every text that is some apostrophes followed by a dangerous sign.
    static func neutralised(_ text: String) -> String { isDangerous(text) ? "'" + text : text }

    static func restored(_ text: String) -> String {
        guard text.utf8.first == 0x27, isDangerous(text) else { return text }
        return String(text.dropFirst())
    }

    private static func isDangerous(_ text: String) -> Bool {
        for scalar in text.unicodeScalars where scalar != "'" {
            switch scalar {
            case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
            default: return false
            }
        }
        return false
    }
}
