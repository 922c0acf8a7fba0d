/// Reads images as `RowImage.json` writes them, and nothing else: a page of a list holds a hundred, and a general reader of JSON
/// took a third of its time.
struct ImageReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    /// The fields in the order of their columns; nil for what was written in any other way, whether it is JSON or not.
    static func fields(of json: String) -> [(String, RowImage.Value)]? {
        var json = json
        return json.withUTF8 { bytes in
            var reader = ImageReader(bytes: bytes)
            guard let fields = reader.object()?.sorted(by: { $0.0 < $1.0 }), zip(fields, fields.dropFirst()).allSatisfy({ $0.0 != $1.0 }) else { return nil }
            return fields
        }
    }

    private mutating func object() -> [(String, RowImage.Value)]? {
        guard take("{") else { return nil }
        if take("}") { return at == bytes.count ? [] : nil }
        var fields: [(String, RowImage.Value)] = []
        repeat {
            guard let column = text(), take(":"), let value = value() else { return nil }
            fields.append((column, value))
        } while take(",")
        return take("}") && at == bytes.count ? fields : nil
    }

    private mutating func value() -> RowImage.Value? {
        guard at < bytes.count else { return nil }
        switch bytes[at] {
        case UInt8(ascii: "\""): return text().map { .text($0) }
        case UInt8(ascii: "n"): return "null".utf8.allSatisfy({ take($0) }) ? .null : nil
        default: return number().map { .int($0) }
        }
    }

    private mutating func number() -> Int64? {
        let start = at
        _ = take("-")
        let first = at
        while at < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[at] { at += 1 }
        guard at == first + 1 || at > first + 1 && bytes[first] != UInt8(ascii: "0") else { return nil }
        return Int64(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func text() -> String? {
        guard take("\"") else { return nil }
        var start = at, text = ""
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                text += String(decoding: bytes[start..<at], as: UTF8.self)
                at += 1
                return text
            case UInt8(ascii: "\\"):
                text += String(decoding: bytes[start..<at], as: UTF8.self)
                at += 1
                guard let mark = escaped() else { return nil }
                text.unicodeScalars.append(mark)
                start = at
            case 0..<0x20: return nil
            default: at += 1
            }
        }
        return nil
    }

    /// `\"`, `\\` and `\u001f`: what `RowImage.json` escapes.
    private mutating func escaped() -> Unicode.Scalar? {
        if take("\"") { return "\"" }
        if take("\\") { return "\\" }
        guard "u00".utf8.allSatisfy({ take($0) }), at + 2 <= bytes.count else { return nil }
        defer { at += 2 }
        return UInt8(String(decoding: bytes[at..<at + 2], as: UTF8.self), radix: 16).map { Unicode.Scalar($0) }
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool { take(UInt8(ascii: mark)) }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }
}
