/// A piece of SQL. Its text comes from the program's source alone; whatever is interpolated is bound as a parameter.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// The statement with `?` for each parameter, in order. (SQLite numbers `$n` by first appearance, so both
    /// engines' texts are made from this one.)
    private(set) var text: String
    private(set) var values: [Value]
    private(set) var kinds: [ValueKind]

    package init(stringLiteral text: String) {
        self.text = text
        values = []
        kinds = []
    }

    package init(stringInterpolation: StringInterpolation) { self = stringInterpolation.sql }

    /// The parts one after the other, for example conditions between `AND`s. No part gives an empty piece.
    package static func join(_ parts: some Sequence<SQL>, separator: StaticString) -> SQL {
        var joined = SQL(stringLiteral: "")
        for (position, part) in parts.enumerated() {
            if position > 0 { joined.text += separator.description }
            joined.append(part)
        }
        return joined
    }

    mutating func append(_ other: SQL) {
        text += other.text
        values += other.values
        kinds += other.kinds
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var sql = SQL(stringLiteral: "")

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity + interpolationCount)
            sql.values.reserveCapacity(interpolationCount)
            sql.kinds.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { sql.text += literal }

        package mutating func appendInterpolation<T: Bindable>(_ value: T) {
            sql.text += "?"
            sql.values.append(value.bound)
            sql.kinds.append(T.kind)
        }

        package mutating func appendInterpolation<T: Bindable>(_ value: T?) {
            sql.text += "?"
            sql.values.append(value?.bound ?? .null)
            sql.kinds.append(T.kind)
        }

        package mutating func appendInterpolation(_ nested: SQL) { sql.append(nested) }

        /// The values of an `IN` or `NOT IN`, with or without parentheses around; none matches nothing. Numbers as many as
        /// there are, texts and bytes at most 30,000.
        package mutating func appendInterpolation<T: Bindable>(list: some Sequence<T>) {
            let values = list.map(\.bound)
            let stands = sql.text.last { !$0.isWhitespace } == "("
            if !stands { sql.text += "(" }
            if T.kind == .int, values.count > SQL.mostListed {
                sql.text += SQL.eachKey
                sql.values.append(.text(SQL.keys(values)))
                sql.kinds.append(.text)
            } else if let last = values.last {
                // Repeated up to a power of two, so that lists of all lengths share few prepared statements.
                var room = 1
                while room < values.count { room *= 2 }
                room = max(values.count, min(room, 30_000))
                sql.text += "?" + String(repeating: ",?", count: room - 1)
                sql.values += values + Array(repeating: last, count: room - values.count)
                sql.kinds += Array(repeating: T.kind, count: room)
            } else {
                // `IN (NULL)` would make NOT IN unknown; PostgreSQL wants the type to fit.
                let nothing = switch T.kind {
                case .int, .any: "SELECT 0 WHERE 1 = 0"
                case .text: "SELECT '' WHERE 1 = 0"
                case .blob: "SELECT CAST('' AS BYTEA) WHERE 1 = 0"
                }
                sql.text += nothing
            }
            if !stands { sql.text += ")" }
        }
    }

    /// More numbers than these are one parameter, an object whose keys they are: the text of the statement, and what an engine does
    /// with it, do not grow with them. SQLite looks for such a function in the schema that nobody keeps anything in, so that no table
    /// stands in its place.
    static let mostListed = 1000
    static let eachKey = "SELECT CAST(key AS BIGINT) FROM temp.json_each(?)"
    static let eachKeyPostgres = "SELECT CAST(key AS BIGINT) FROM pg_catalog.json_each(CAST(? AS json))"

    private static func keys(_ values: [Value]) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        bytes.reserveCapacity(values.count * 24)
        for case .int(let number) in values {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes += "\"\(number)\":0".utf8
        }
        return String(decoding: bytes + [UInt8(ascii: "}")], as: UTF8.self)
    }

    /// The statement as PostgreSQL numbers parameters; `?` in quotes and comments stays.
    static func numbered(_ text: String) -> (text: String, parameters: Int) {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count + 16)
        var count = 0
        var closing: UInt8 = 0
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if closing != 0 {
                if byte == closing && (closing != UInt8(ascii: "/") || previous == UInt8(ascii: "*")) { closing = 0 }
                out.append(byte)
            } else if byte == UInt8(ascii: "?") {
                count += 1
                out.append(UInt8(ascii: "$"))
                out += Array(String(count).utf8)
            } else {
                switch (previous, byte) {
                case (_, UInt8(ascii: "'")), (_, UInt8(ascii: "\"")): closing = byte
                case (UInt8(ascii: "-"), UInt8(ascii: "-")): closing = UInt8(ascii: "\n")
                case (UInt8(ascii: "/"), UInt8(ascii: "*")): closing = UInt8(ascii: "/")
                default: break
                }
                out.append(byte)
            }
            previous = byte
        }
        return (String(decoding: out, as: UTF8.self), count)
    }
}
