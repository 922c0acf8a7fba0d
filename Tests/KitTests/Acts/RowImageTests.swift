import Foundation
import TestBench
import Testing

@testable import Kit

@Suite("Images of rows in the log", .ownThreads)
struct RowImageTests {
    private static let texts = [
        "", "总工会", "a\"b", "\\", "\\u0041", "\u{0}\u{1f}\n\r\t", "\r\n", "é", "e\u{301}", "👩‍👩‍👧", "\u{feff}", "\u{2028}", "{\"a\":1}", "null", "0", "x\u{7f}",
    ]

    @Test("What is written is read back as it was, and as any other reader of JSON reads it")
    func roundTrip() throws {
        var random = SystemRandomNumberGenerator()
        func text() -> String { (0..<Int.random(in: 0...3, using: &random)).map { _ in Self.texts.randomElement(using: &random) ?? "" }.joined() }
        for _ in 0..<1_000 {
            let fields = (0..<Int.random(in: 0...6, using: &random)).map { place -> (String, RowImage.Value) in
                let value: RowImage.Value = switch Int.random(in: 0..<4, using: &random) {
                case 0: .null
                case 1: .int([Int64.min, -1, 0, 1, 10, .max].randomElement(using: &random) ?? 0)
                default: .text(text())
                }
                return ("\(text())\(place)", value)
            }
            let image = RowImage(fields), read = try RowImage(json: image.json)
            #expect(read == image.sorted)
            #expect(ImageReader.fields(of: image.json) != nil)
            // Foundation's reader leaves out a mark of the byte order at the beginning of a text.
            guard !image.json.unicodeScalars.contains("\u{feff}") else { continue }
            let other = try #require(try JSONSerialization.jsonObject(with: Data(image.json.utf8)) as? [String: Any])
            #expect(other.count == read.columns.count)
            for (column, value) in zip(read.columns, read.values) {
                switch value {
                case .null: #expect(other[column] is NSNull)
                case .int(let number): #expect((other[column] as? NSNumber)?.int64Value == number)
                case .text(let text): #expect(other[column] as? String == text)
                }
            }
        }
    }

    @Test("JSON that something else wrote is read as well", arguments: [
        #" {"a" : 1 , "b":"x"}"#, #"{"b":"x","a":1.0}"#, #"{"b":"\u0078","a":1}"#, #"{"a":1,"b":"x","c":[1,{"d":"}"}]}"#, #"{"a":1,"b":"x","c":false}"#,
    ])
    func foreign(json: String) throws {
        let image = try RowImage(json: json)
        #expect(image.int("a") == 1)
        #expect(image.text("b") == "x")
        #expect(image.text("c") == nil)
    }

    @Test("What is no object of JSON is refused", arguments: [
        "", "{", "}", "{}}", "{}{}", "[]", "1", "null", "{\"a\"}", "{\"a\":}", "{\"a\":01}", "{\"a\":-}", "{\"a\":nul}", "{\"a\":\"x}", "{\"a\":\"\n\"}",
        "{\"a\":\"\\\"}", "{\"a\":\"\\u00\"}", "{\"a\":\"\\u00zz\"}", "{,}", String(repeating: "{\"a\":", count: 10_000),
    ])
    func refused(json: String) {
        #expect(throws: (any Error).self) { try RowImage(json: json) }
    }

    @Test("Reading takes as long as what is read is")
    func growth() throws {
        try expectLinear(Hostile.everywhere(after: "{\"a\":\"", before: "\"}") + [.numbered("many columns") { "\"n\($0)\":1," }]) { bytes in
            _ = try? RowImage(json: String(decoding: bytes, as: UTF8.self))
        }
    }
}
