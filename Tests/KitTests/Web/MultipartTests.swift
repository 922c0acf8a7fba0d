import TestBench
import Testing

@testable import Kit

@Suite("Multipart forms", .ownThreads)
struct MultipartTests {
    /// Name, file name and content of each part.
    struct Part: Equatable {
        var name: String
        var fileName: String?
        var content: String
    }

    static func read(_ body: [UInt8], boundary: String = "X", piece: (Int) -> Int = { _ in 1 << 20 }) throws -> (parts: [Part], isComplete: Bool) {
        var reader = try #require(MultipartReader(contentType: "multipart/form-data; boundary=\(boundary)"))
        var parts: [Part] = []
        var contents: [[UInt8]] = []
        var at = 0
        while at < body.count {
            let end = min(body.count, at + max(1, piece(at)))
            for event in try reader.read(body[at..<end]) {
                switch event {
                case .part(let name, let fileName):
                    parts.append(Part(name: name, fileName: fileName, content: ""))
                    contents.append([])
                case .content(let bytes): contents[contents.count - 1] += bytes
                case .end: break
                }
            }
            at = end
        }
        for index in parts.indices { parts[index].content = String(decoding: contents[index], as: UTF8.self) }
        return (parts, reader.isComplete)
    }

    static let sample = """
        preamble to be ignored\r
        --X\r
        Content-Disposition: form-data; name="_token"\r
        \r
        secret\r
        --X\r
        content-disposition: form-data; name="a%22b"; filename="C:\\\\fakepath\\\\花名册; 1.xlsx"\r
        Content-Type: application/octet-stream\r
        \r
        line\r
        --Y not a boundary\r
        -\r
        --X  \r
        Content-Disposition: form-data; filename=""; name="empty"\r
        \r
        \r
        --X--\r
        epilogue\r
        --X\r
        """

    static let expected = [
        Part(name: "_token", fileName: nil, content: "secret"),
        Part(name: "a\"b", fileName: "花名册; 1.xlsx", content: "line\r\n--Y not a boundary\r\n-"),
        Part(name: "empty", fileName: "", content: ""),
    ]

    @Test("Parts, file names and contents are read, folders of a name dropped")
    func reads() throws {
        let (parts, isComplete) = try Self.read(Array(Self.sample.utf8))
        #expect(parts == Self.expected)
        #expect(isComplete)
    }

    @Test("However the body is cut into pieces, the same parts come out")
    func anyPieces() throws {
        let body = Array(Self.sample.utf8)
        for size in 1...64 { #expect(try Self.read(body, piece: { _ in size }).parts == Self.expected, "pieces of \(size)") }
        for seed in UInt64(1)...200 {
            var state = seed
            let parts = try Self.read(body, piece: { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(state >> 33) % 23 + 1
            }).parts
            #expect(parts == Self.expected, "seed \(seed)")
        }
    }

    @Test("Hostile bodies are refused, not read at length", arguments: [
        "--X\r\n\r\nno disposition\r\n--X--", "--X\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n--X--", "--Xtra\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n",
        "--X\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--X--", "--X\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--X--",
        "--X\r\n" + String(repeating: "h", count: 10_000), String(repeating: "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n", count: 1001) + "--X--",
    ])
    func hostile(body: String) { #expect(throws: WebProblem.malformed) { try Self.read(Array(body.utf8)) } }

    @Test("A body that breaks off is not complete", arguments: ["", "--X", "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhalf", "no boundary at all"])
    func broken(body: String) throws { #expect(try !Self.read(Array(body.utf8)).isComplete) }

    @Test("Only a multipart form with a proper boundary is one", arguments: [
        ("multipart/form-data; boundary=abc", true), ("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"", false), ("multipart/form-data; boundary=\"abc\"", true), ("multipart/form-data", false),
        ("multipart/form-data; boundary=", false), ("text/plain; boundary=abc", false), ("multipart/form-data; boundary=" + String(repeating: "a", count: 71), false),
    ])
    func boundaries(type: String, isForm: Bool) { #expect((MultipartReader(contentType: type) != nil) == isForm) }

    @Test("A file name is only ever a name", arguments: [
        ("../../etc/passwd", "passwd"), ("..", ""), ("a/..", ""), ("C:\\x\\y.csv", "y.csv"), ("a\u{0}b.csv", "ab.csv"), ("花名册.xlsx", "花名册.xlsx"),
    ])
    func names(sent: String, expected: String) throws {
        let body = "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(sent)\"\r\n\r\nx\r\n--X--"
        #expect(try Self.read(Array(body.utf8)).parts.first?.fileName == expected)
    }
}
