/// Markup that is safe to send: literals are taken as they stand, whatever is interpolated is escaped.
///
/// `let row: HTML = "<td title=\"\(name)\">\(name)</td>"` — text escapes so that it is safe between tags and inside
/// double-quoted attributes (never leave an attribute unquoted); HTML nests as it is.
package struct HTML: ExpressibleByStringInterpolation, Sendable, Hashable {
    package var bytes: [UInt8]

    package init() { bytes = [] }
    package init(stringLiteral value: String) { bytes = Array(value.utf8) }
    package init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }

    /// Escapes a text.
    package init(_ text: String) {
        bytes = []
        HTML.escape(text, into: &bytes)
    }

    package var isEmpty: Bool { bytes.isEmpty }
    /// The markup as a string, for tests and mails.
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// What is read of it: the text between its tags.
    package var words: String {
        var text: [UInt8] = [], isTag = false
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "<"): isTag = true
            case UInt8(ascii: ">"): isTag = false
            default: if !isTag { text.append(byte) }
            }
        }
        guard text.contains(UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
        // What `escape` makes, backwards: the mark of all others comes last.
        return HTML.escapes.reduce(String(decoding: text, as: UTF8.self)) { $0.replacing($1.written, with: $1.sign) }
    }

    package static func + (a: HTML, b: HTML) -> HTML {
        var sum = a
        sum.bytes.append(contentsOf: b.bytes)
        return sum
    }
    package static func += (a: inout HTML, b: HTML) { a.bytes.append(contentsOf: b.bytes) }

    package struct StringInterpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 24)
        }

        package mutating func appendLiteral(_ literal: String) {
            var literal = literal
            literal.withUTF8 { bytes.append(contentsOf: $0) }
        }
        package mutating func appendInterpolation(_ text: String) { HTML.escape(text, into: &bytes) }
        package mutating func appendInterpolation(_ text: Substring) { HTML.escape(String(text), into: &bytes) }
        package mutating func appendInterpolation(_ text: String?) { if let text { HTML.escape(text, into: &bytes) } }
        package mutating func appendInterpolation(_ html: HTML) { bytes.append(contentsOf: html.bytes) }
        package mutating func appendInterpolation(_ html: HTML?) { if let html { bytes.append(contentsOf: html.bytes) } }
        package mutating func appendInterpolation(_ parts: [HTML]) {
            for part in parts { bytes.append(contentsOf: part.bytes) }
        }
        package mutating func appendInterpolation(_ number: some BinaryInteger) {
            guard let small = Int(exactly: number) else { return bytes.append(contentsOf: String(number).utf8) }
            if small < 0 { bytes.append(UInt8(ascii: "-")) }
            HTML.digits(small.magnitude, atLeast: 1, into: &bytes)
        }
        package mutating func appendInterpolation(_ day: Day) {
            let (year, month, day) = day.parts
            HTML.digits(UInt(truncatingIfNeeded: year), atLeast: 4, into: &bytes)
            bytes.append(UInt8(ascii: "-"))
            HTML.digits(UInt(truncatingIfNeeded: month), atLeast: 2, into: &bytes)
            bytes.append(UInt8(ascii: "-"))
            HTML.digits(UInt(truncatingIfNeeded: day), atLeast: 2, into: &bytes)
        }

        /// An attribute without a value, where a condition holds: `<option\("selected", if: isChosen)>`.
        package mutating func appendInterpolation(_ attribute: StaticString, if condition: Bool) {
            guard condition else { return }
            bytes.append(UInt8(ascii: " "))
            attribute.withUTF8Buffer { bytes.append(contentsOf: $0) }
        }

        /// An attribute with its value, where there is one: `<a\("href", link)>`.
        package mutating func appendInterpolation(_ attribute: StaticString, _ value: String?) {
            guard let value else { return }
            bytes.append(UInt8(ascii: " "))
            attribute.withUTF8Buffer { bytes.append(contentsOf: $0) }
            bytes.append(UInt8(ascii: "="))
            bytes.append(UInt8(ascii: "\""))
            HTML.escape(value, into: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// Decimal digits without the detour over a String: pages are full of numbers.
    private static func digits(_ number: UInt, atLeast width: Int, into bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = number
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        while bytes.count - start < width { bytes.append(UInt8(ascii: "0")) }
        bytes[start...].reverse()
    }

    private static let amp = Array("&amp;".utf8), lt = Array("&lt;".utf8), gt = Array("&gt;".utf8)
    private static let quot = Array("&quot;".utf8), apos = Array("&#39;".utf8)

    private static let escapes: [(sign: String, written: String)] = [("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;"), ("&", "&amp;")]

    private static func escape(_ text: String, into bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { raw in
            // Copies runs of harmless bytes whole.
            var start = 0
            for index in raw.indices {
                let byte = raw[index]
                // One comparison passes over letters, digits and everything that is not ASCII.
                guard byte <= UInt8(ascii: ">") else { continue }
                let entity: [UInt8]
                switch byte {
                case UInt8(ascii: "&"): entity = amp
                case UInt8(ascii: "<"): entity = lt
                case UInt8(ascii: ">"): entity = gt
                case UInt8(ascii: "\""): entity = quot
                case UInt8(ascii: "'"): entity = apos
                default: continue
                }
                bytes.append(contentsOf: raw[start..<index])
                bytes.append(contentsOf: entity)
                start = index + 1
            }
            bytes.append(contentsOf: raw[start...])
        }
    }
}

extension Sequence {
    /// One piece of markup for each element, in order.
    package func html(_ piece: (Element) throws -> HTML) rethrows -> HTML {
        var all = HTML()
        for element in self { all += try piece(element) }
        return all
    }
}
