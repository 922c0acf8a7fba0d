/// Named values in their order, as in a query or a form; a name may occur more than once.
package struct Fields: Sendable, Hashable {
    package var pairs: [Pair]

    package struct Pair: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    package init(_ pairs: [(String, String)] = []) { self.pairs = pairs.map { Pair(name: $0.0, value: $0.1) } }

    /// Reads `application/x-www-form-urlencoded`: `+` is a space, a broken `%` stays as it stands, bad UTF-8 becomes U+FFFD.
    package init(encoded text: some StringProtocol) {
        pairs = text.utf8.split(separator: UInt8(ascii: "&")).map { part in
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                return Pair(name: Fields.decode(part), value: "")
            }
            return Pair(name: Fields.decode(part[..<equals]), value: Fields.decode(part[part.index(after: equals)...]))
        }
    }

    /// The first value of a name. Setting replaces all of them; nil removes them.
    package subscript(name: String) -> String? {
        get { pairs.first { $0.name == name }?.value }
        set {
            guard let newValue else { return pairs.removeAll { $0.name == name } }
            if let index = pairs.firstIndex(where: { $0.name == name }) {
                pairs[index].value = newValue
                let tail = pairs[(index + 1)...].filter { $0.name != name }
                pairs.replaceSubrange((index + 1)..., with: tail)
            } else {
                pairs.append(Pair(name: name, value: newValue))
            }
        }
    }

    /// The first value of a name without surrounding spaces (full-width ones too); empty where there is none.
    package func text(_ name: String) -> String { Fields.trim(self[name] ?? "") }

    /// A year of the calendar; nil for anything else.
    package func year(_ name: String) -> Int? { self[name].flatMap { Int($0) }.flatMap { (1...9999).contains($0) ? $0 : nil } }

    /// All values of a name.
    package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// Whether a checkbox was ticked.
    package func isTicked(_ name: String) -> Bool { self[name] != nil }

    /// Without a null character, which ends texts in some places and is refused by others.
    var isSound: Bool { pairs.allSatisfy { !$0.name.utf8.contains(0) && !$0.value.utf8.contains(0) } }

    /// As a query string, everything but unreserved characters percent-encoded; what may be a name as `AddressSeal` says.
    package var encoded: String {
        let seal = AddressSeal.current
        return pairs.map { Fields.encode($0.name) + "=" + Fields.encode(seal?.sealed($0.name, $0.value) ?? $0.value) }.joined(separator: "&")
    }

    /// Percent-encodes all but unreserved characters.
    package static func encode(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Undoes percent-encoding and `+`.
    package static func decode(_ encoded: some Collection<UInt8>) -> String {
        func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
            default: nil
            }
        }
        let raw = Array(encoded)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            if raw[index] == UInt8(ascii: "%"), index + 2 < raw.count, let high = digit(raw[index + 1]), let low = digit(raw[index + 2]) {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(raw[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : raw[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func trim(_ text: String) -> String {
        // By scalars: to step back over characters can cost the square of a text.
        let scalars = text.unicodeScalars, isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isSpace($0) }), let last = scalars.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(scalars[first...last])
    }
}
