import Foundation
import JWTKit
import TestBench
import Testing

@testable import Kit

@Suite("What reads a request takes as long as the request is", .ownThreads)
struct RequestGrowthTests {
    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("Queries and urlencoded forms, and what is asked of them")
    func fields() throws {
        let shapes = Hostile.everywhere() + Hostile.everywhere(after: "q=", before: "=&%") + [.numbered("many names") { "n\($0)=v&" }]
        try expectLinear(shapes) { bytes in
            var fields = Fields(encoded: Self.text(bytes))
            _ = (fields.text("a"), fields["_token"], fields.all("a"), fields.isSound, fields.encoded)
            fields["a"] = "b"
            fields["a"] = nil
        }
    }

    @Test("Spaces around what was typed")
    func typed() throws {
        try expectLinear(Hostile.everywhere(after: "  ", before: " \u{3000}") + Hostile.everywhere(before: "a")) { bytes in
            _ = Fields([("a", Self.text(bytes))]).text("a")
            _ = Blanks.trimmed(Self.text(bytes))
            _ = Blanks.folded(Self.text(bytes))
        }
    }

    @Test("Addresses with sealed names")
    func sealed() throws {
        let seal = AddressSeal(key: KeyFile.Key(bytes: Array(0..<32)))
        try expectLinear(["q=~a&", "q=~", "~", "who=~AAAA&after=~%7E&", "-", "_", "é"].map { Hostile($0, after: "q=~") }, upTo: 32 << 10) { bytes in
            _ = seal.opened(Fields(encoded: Self.text(bytes)))
        }
    }

    @Test("Cookies, names of hosts, addresses of proxies, ways back and names of files")
    func headers() throws {
        let shapes = Hostile.everywhere() + Hostile.everywhere(after: "a=b; ") + Hostile.everywhere(after: "/") + [.numbered("many cookies") { "c\($0)=v; " }]
        try expectLinear(shapes, upTo: 32 << 10) { bytes in
            let text = Self.text(bytes)
            _ = Cookies(header: text)["yugong"]
            _ = (PublicAddress.name(of: text), PublicAddress.isAuthority(text), try? PublicAddress(text), try? AddressRange(text), AddressRange.network(of: text))
            _ = (Reply.localPath(text), Reply.disposition(text), Secrets.bytes(of: text), Day(iso: text), HandedCode(typed: text), TimeCode.Secret(text: text))
        }
    }

    // MARK: Forms in parts

    /// Reads a body in pieces of a size.
    private static func parts(_ bytes: [UInt8], piece: Int) throws {
        var reader = try #require(MultipartReader(contentType: "multipart/form-data; boundary=X"))
        var at = 0
        while at < bytes.count {
            _ = try reader.read(bytes[at..<min(bytes.count, at + piece)])
            at += piece
        }
    }

    @Test("Headers of parts, wherever the sign stands and however the body is cut", arguments: [65_536, 1])
    func partHeaders(piece: Int) throws {
        let head = "--X\r\nContent-Disposition: form-data"
        let shapes = Hostile.everywhere(after: head, before: "\r\n\r\n") + Hostile.everywhere(after: head + "; name=\"", before: "\"\r\n\r\n")
            + Hostile.everywhere(after: head + "; name=\"a\"; filename=\"", before: "\"\r\n\r\n") + Hostile.everywhere(after: "--X\r\n", before: "\r\n\r\n")
        try expectLinear(shapes, upTo: 8192) { try Self.parts($0, piece: piece) }
    }

    @Test("What stands before, in, between and after parts, however the body is cut", arguments: [65_536, 1])
    func partBodies(piece: Int) throws {
        let part = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
        let shapes = Hostile.everywhere() + Hostile.everywhere(after: part) + Hostile.everywhere(after: part + "\r\n--X--")
            + ["\r\n--", "\r\n-", "\r\n--X", part, part + "\r\n", "--X\r\n", "\r\n--X \t "].map { Hostile($0, after: part) }
        try expectLinear(shapes, upTo: 256 << 10) { try Self.parts($0, piece: piece) }
    }

    @Test("The kind of a body")
    func contentTypes() throws {
        let shapes = Hostile.everywhere(after: "multipart/form-data; ") + Hostile.everywhere(after: "multipart/form-data; boundary=\"") + Hostile.everywhere(before: "; boundary=X")
        try expectLinear(shapes, upTo: 16 << 10) { _ = MultipartReader(contentType: Self.text($0)) }
    }

    // MARK: Tokens and images

    private static func json(_ make: @escaping (Int) -> String) -> [Hostile] {
        [.numbered("many keys", after: "{", before: "\"z\":1}", make)]
            + ["[", "{\"a\":", "[{\"a\":[", "\"", "\\u0000", "\\ud800", "9", "1e", "[1,", "{}", " "].map { Hostile($0, after: "{\"a\":") }
    }

    @Test("What a provider of single sign-on says: of itself, its keys, its tokens")
    func tokens() throws {
        let shapes = Self.json { "\"k\($0)\":[{\"a\":\($0)}]," } + Hostile.everywhere() + [.numbered("many keys", after: "{\"keys\":[", before: "{}]}") { "{\"kty\":\"RSA\",\"kid\":\"\($0)\"}," }]
        try expectLinear(shapes, upTo: IdentityProvider.longestAnswer) { bytes in
            _ = try? OpenIDDocument(bytes, of: "https://id.example")
            _ = try? KeySet(bytes)
            _ = try? JSONDecoder().decode(IDToken.self, from: ForeignJSON.shallow(Data(bytes)))
            _ = try? KeySet.header(of: Self.text(bytes))
            _ = try? KeySet.header(of: Secrets.text(of: bytes) + ".a.b")
        }
    }

    @Test("Images of rows")
    func images() throws {
        try expectLinear(Self.json { "\"k\($0)\":\"v\"," } + Hostile.everywhere(after: "{\"a\":\"", before: "\"}")) { bytes in
            let image = try RowImage(json: Self.text(bytes))
            _ = image.holdsTheSame(as: try RowImage(json: image.json))
        }
    }
}
