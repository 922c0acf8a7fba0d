import Foundation

/// The image of a row as `act_change` keeps it: a JSON object of the row's columns, in a fixed order.
/// Bytes stand in base64, so personal numbers are there only as the ciphertext the table holds.
package struct RowImage: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case null
        case int(Int64)
        case text(String)

        package static func int(_ value: Int) -> Value { .int(Int64(value)) }
        package static func int(_ value: Int?) -> Value { value.map { .int(Int64($0)) } ?? .null }
        package static func int(_ value: Int64?) -> Value { value.map { .int($0) } ?? .null }
        package static func day(_ value: Day) -> Value { .int(Int64(value.number)) }
        package static func bool(_ value: Bool) -> Value { .int(value ? 1 : 0) }
        package static func text(_ value: String?) -> Value { value.map { .text($0) } ?? .null }
        package static func blob(_ value: [UInt8]?) -> Value { value.map { .text(Data($0).base64EncodedString()) } ?? .null }
    }

    package private(set) var columns: [String]
    package private(set) var values: [Value]

    package init(_ fields: KeyValuePairs<String, Value>) {
        columns = fields.map(\.key)
        values = fields.map(\.value)
    }

    package init(_ fields: [(String, Value)]) {
        columns = fields.map(\.0)
        values = fields.map(\.1)
    }

    /// The same with its columns in the order of their names.
    package var sorted: RowImage { RowImage(zip(columns, values).sorted { $0.0 < $1.0 }.map { ($0.0, $0.1) }) }

    /// An image that nobody can read any more: the key of the person it was about is destroyed.
    package static let erased = RowImage(["erased": .int(1)])
    package var isErased: Bool { self == .erased }

    /// The column's value; a column the image does not know reads as null.
    package subscript(column: String) -> Value {
        columns.firstIndex(of: column).map { values[$0] } ?? .null
    }

    package func int(_ column: String) -> Int64? { if case .int(let value) = self[column] { value } else { nil } }
    package func text(_ column: String) -> String? { if case .text(let value) = self[column] { value } else { nil } }
    package func bool(_ column: String) -> Bool { int(column) == 1 }
    package func day(_ column: String) -> Day? { int(column).map { Day(clamping: $0) } }
    package func blob(_ column: String) -> [UInt8]? { text(column).flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) } }

    /// Written by hand: an import notes hundreds of thousands of images.
    package var json: String {
        var out: [UInt8] = []
        out.reserveCapacity(32 * columns.count)
        out.append(UInt8(ascii: "{"))
        for (column, value) in zip(columns, values) {
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            Self.write(column, to: &out)
            out.append(UInt8(ascii: ":"))
            switch value {
            case .null: out.append(contentsOf: "null".utf8)
            case .int(let number): out.append(contentsOf: String(number).utf8)
            case .text(let text): Self.write(text, to: &out)
            }
        }
        out.append(UInt8(ascii: "}"))
        return String(decoding: out, as: UTF8.self)
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0..<0x20:
                let hex = Array("0123456789abcdef".utf8)
                out.append(contentsOf: "\\u00".utf8)
                out.append(hex[Int(byte >> 4)])
                out.append(hex[Int(byte & 15)])
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Reads what `json` wrote; columns come back in alphabetical order. Refusal `act.image` for what is no JSON object.
    package init(json: String) throws {
        let fields = try ImageReader.fields(of: json) ?? Self.foreign(json)
        columns = fields.map(\.0)
        values = fields.map(\.1)
    }

    /// The fields of an object that something else wrote.
    private static func foreign(_ json: String) throws -> [(String, Value)] {
        guard let object = try JSONSerialization.jsonObject(with: ForeignJSON.shallow(Data(json.utf8))) as? [String: Any] else {
            throw Refusal("act.image", "变更记录中的一行无法读取，请用 yugong verify 检查数据库")
        }
        return object.keys.sorted().map { column in
            switch object[column] {
            case let text as String: (column, .text(text))
            case let number as NSNumber: (column, .int(number.int64Value))
            default: (column, .null)
            }
        }
    }

    /// Whether two images hold the same values, whatever the order of their columns.
    package func holdsTheSame(as other: RowImage) -> Bool {
        func known(_ image: RowImage) -> [String: Value] {
            Dictionary(zip(image.columns, image.values), uniquingKeysWith: { first, _ in first }).filter { $0.value != .null }
        }
        return known(self) == known(other)
    }
}
