import Foundation

/// Copies an XML part byte for byte while its events are watched, so that only what is changed differs.
class XMLEditor: XMLHandler {
    private var window: [UInt8] = []
    /// Where `window` begins in the part, and up to where the part has been written or left out.
    private var windowStart = 0, done = 0
    /// Edited bytes that wait to be written.
    private var pending: [UInt8] = []

    /// Runs a part through the editor; `sink` receives the edited bytes.
    func edit(_ archive: ZipArchive, _ entry: ZipArchive.Entry, limit: UInt64, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        let pump = try XMLPump(self)
        try archive.open(entry, limit: limit)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var total = 0
        while true {
            let count = try buffer.withUnsafeMutableBytes { try archive.read($0) }
            if total == 0, count > 1, buffer[0] == 0xFE || buffer[0] == 0xFF || buffer[0] == 0 || buffer[1] == 0 {
                throw Refusal("file.encoding", "工作表的编码少见，无法标注；请用表格软件另存为 .xlsx 后再传")
            }
            total += count
            window.append(contentsOf: buffer[0..<count])
            try buffer.withUnsafeBufferPointer { try pump.feed(UnsafeBufferPointer(rebasing: $0[0..<count]), isLast: count == 0) }
            copy(upTo: count == 0 ? total : max(done, eventIndex))
            window.removeFirst(done - windowStart)
            windowStart = done
            try pending.withUnsafeBytes(sink)
            pending.removeAll(keepingCapacity: true)
            if count == 0 { return }
        }
    }

    /// The bytes of the current event's markup.
    var markup: [UInt8] { Array(window[(eventIndex - windowStart)..<(eventIndex + eventLength - windowStart)]) }

    /// Writes the original up to here.
    func copy(upTo index: Int) {
        guard index > done else { return }
        pending.append(contentsOf: window[(done - windowStart)..<(index - windowStart)])
        done = index
    }

    /// Leaves the original out up to here.
    func skip(upTo index: Int) { done = max(done, index) }

    func insert(_ text: String) { pending.append(contentsOf: text.utf8) }

    /// Replaces the current event's markup.
    func replace(with markup: [UInt8]) {
        copy(upTo: eventIndex)
        pending.append(contentsOf: markup)
        skip(upTo: eventIndex + eventLength)
    }
}

/// Changes to a tag as it is written, without touching anything else in it.
enum Markup {
    /// The tag with the attribute set, or taken out where `value` is nil. The value must need no escaping.
    static func setting(_ name: String, to value: String?, in tag: [UInt8]) -> [UInt8] {
        var tag = tag
        if let (whole, inside) = range(of: name, in: tag) {
            if let value { tag.replaceSubrange(inside, with: value.utf8) } else { tag.removeSubrange(whole) }
        } else if let value {
            let isEmptyElement = tag.count > 1 && tag[tag.count - 2] == 0x2F
            let end = tag.firstIndex(of: 0x3E).map { _ in tag.count - (isEmptyElement ? 2 : 1) } ?? tag.count
            tag.insert(contentsOf: " \(name)=\"\(value)\"".utf8, at: end)
        }
        return tag
    }

    /// The value of an attribute as written.
    static func value(of name: String, in tag: [UInt8]) -> String? {
        range(of: name, in: tag).map { String(decoding: tag[$0.value], as: UTF8.self) }
    }

    /// `x:` where the tag is `<x:row …>`.
    static func prefix(of tag: [UInt8]) -> String {
        let name = tag.dropFirst().prefix { $0 != 0x20 && $0 != 0x3E && $0 != 0x2F && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        guard let colon = name.firstIndex(of: 0x3A) else { return "" }
        return String(decoding: name[...colon], as: UTF8.self)
    }

    static func isEmptyElement(_ tag: [UInt8]) -> Bool { tag.count > 2 && tag[tag.count - 2] == 0x2F }

    /// `<row/>` as `<row>`.
    static func opened(_ tag: [UInt8]) -> [UInt8] { isEmptyElement(tag) ? Array(tag.dropLast(2)) + [0x3E] : tag }

    /// Text as ASCII with character references, right in every encoding that holds ASCII.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += " "
            default:
                if scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF { continue }
                if scalar.isASCII { escaped.unicodeScalars.append(scalar) } else { escaped += "&#\(scalar.value);" }
            }
        }
        return escaped.replacing(#/_x(?=[0-9A-Fa-f]{4}_)/#, with: "_x005F_x")
    }

    /// An attribute with the blank before it, and its value between the quotes.
    private static func range(of name: String, in tag: [UInt8]) -> (whole: Range<Int>, value: Range<Int>)? {
        let wanted = Array(name.utf8)
        var at = 1
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        while at < tag.count, !isBlank(tag[at]), tag[at] != 0x3E { at += 1 }
        while at < tag.count {
            let start = at
            while at < tag.count, isBlank(tag[at]) { at += 1 }
            let nameStart = at
            while at < tag.count, tag[at] != 0x3D, tag[at] != 0x3E, !isBlank(tag[at]) { at += 1 }
            let nameEnd = at
            while at < tag.count, isBlank(tag[at]) { at += 1 }
            guard at < tag.count, tag[at] == 0x3D else { return nil }
            at += 1
            while at < tag.count, isBlank(tag[at]) { at += 1 }
            guard at < tag.count, tag[at] == 0x22 || tag[at] == 0x27 else { return nil }
            let quote = tag[at], valueStart = at + 1
            at += 1
            while at < tag.count, tag[at] != quote { at += 1 }
            guard at < tag.count else { return nil }
            if tag[nameStart..<nameEnd].elementsEqual(wanted) { return (start..<at + 1, valueStart..<at) }
            at += 1
        }
        return nil
    }
}
