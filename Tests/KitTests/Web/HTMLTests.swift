import TestBench
import Testing

@testable import Kit

@Suite("HTML", .ownThreads)
struct HTMLTests {
    @Test("What is interpolated is escaped, between tags and inside double-quoted attributes", arguments: [
        ("<script>", "&lt;script&gt;"), ("a & b", "a &amp; b"), ("\" onclick=\"x", "&quot; onclick=&quot;x"), ("it's", "it&#39;s"),
        ("买买提·𬱖", "买买提·𬱖"), ("", ""), ("&&", "&amp;&amp;"), ("<", "&lt;"),
    ])
    func escapes(text: String, expected: String) {
        let html: HTML = "<p title=\"\(text)\">\(text)</p>"
        #expect(html.string == "<p title=\"\(expected)\">\(expected)</p>")
    }

    @Test("What is read of markup is its text, whatever was escaped in it", arguments: ["<script>", "a & b", "it's \"so\"", "&amp;lt;", "买买提·𬱖", "", "1 < 2 > 0"])
    func words(text: String) {
        #expect(("<p title=\"\(text)\"><b>\(text)</b>\(icon(.search))</p>" as HTML).words == text)
    }

    @Test("HTML nests as it is; nothing is escaped twice")
    func nests() {
        let name = "<b>"
        let inner: HTML = "<i>\(name)</i>"
        let none: HTML? = nil
        #expect(("\(inner)\([inner, inner])\(none)" as HTML).string == String(repeating: "<i>&lt;b&gt;</i>", count: 3))
    }

    @Test("A ternary of two literals is text, not markup")
    func ternaryIsText() {
        let isNew = true
        #expect(("\(isNew ? "<b>" : "")" as HTML).string == "&lt;b&gt;")
    }

    @Test("Attributes are written where they hold")
    func attributes() {
        let none: String? = nil
        let html: HTML = "<input\("checked", if: true)\("disabled", if: false)\("value", "a\"b")\("title", none)>"
        #expect(html.string == "<input checked value=\"a&quot;b\">")
    }

    @Test("Numbers and days stand as they are")
    func numbers() throws {
        let day = try #require(Day(2022, 3, 5))
        #expect(("\(42) \(Int64(-7)) \(0) \(Int64.min) \(UInt64.max) \(day)" as HTML).string == "42 -7 0 -9223372036854775808 18446744073709551615 2022-03-05")
        #expect(("\(Day.always) \(Day.open)" as HTML).string == "0001-01-01 9999-12-31")
    }
}

@Suite("Fields, cookies, addresses", .ownThreads)
struct FieldsTests {
    @Test("A query is read as browsers write it", arguments: [
        ("a=1&b=2", [("a", "1"), ("b", "2")]), ("name=%E5%BC%A0+%E4%BC%9F", [("name", "张 伟")]), ("a", [("a", "")]), ("a=1&a=2", [("a", "1"), ("a", "2")]),
        ("a=%zz%4", [("a", "%zz%4")]), ("", []), ("&&=x", [("", "x")]), ("a=b=c", [("a", "b=c")]),
    ])
    func decodes(text: String, expected: [(String, String)]) {
        #expect(Fields(encoded: text) == Fields(expected))
    }

    @Test("What is encoded is read back the same")
    func roundTrip() {
        let fields = Fields([("q", "a&b=c d+e%/?#"), ("名", "买买提·\u{0}\r\n\"<>")])
        #expect(Fields(encoded: fields.encoded) == fields)
    }

    @Test("Surrounding spaces, full-width ones too, are forgiven")
    func trims() { #expect(Fields([("a", "\u{3000} 张 伟\n")]).text("a") == "张 伟") }

    @Test("A link changes one part of the address and leaves the rest")
    func links() {
        let address = PageAddress("/people", Fields([("q", "张"), ("sort", "name")]))
        #expect(address.with("sort", "-name").link == "/people?q=%E5%BC%A0&sort=-name")
        #expect(address.with("q", nil).with("sort", nil).link == "/people")
    }

    @Test("Of a cookie sent twice the first counts; nonsense is passed over")
    func cookies() {
        let cookies = Cookies(header: "yugong=abc; x=1;;= ; yugong=evil; y")
        #expect(cookies["yugong"] == "abc")
        #expect(cookies["x"] == "1")
        #expect(cookies["y"] == nil)
    }

    @Test("A cookie is out of reach of scripts and of other sites")
    func cookieHeader() {
        #expect(Cookie("yugong", "abc", isSecure: true).header == "__Host-yugong=abc; Path=/; HttpOnly; SameSite=Lax; Secure")
        #expect(Cookie("yugong", "", maxAge: 0, isSecure: false).header == "yugong=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    }

    @Test("A redirect never leaves the site", arguments: [
        ("/people?a=1", "/people?a=1"), ("//evil.example", nil), ("/\\evil.example", nil), ("https://evil.example", nil), ("", nil), ("/a\r\nSet-Cookie: x", nil), ("/ a", nil),
    ] as [(String, String?)])
    func redirects(text: String, expected: String?) { #expect(Reply.localPath(text) == expected) }

    @Test("A file name cannot break out of its header, and stays readable", arguments: [
        ("花名册.xlsx", "attachment; filename=\"___.xlsx\"; filename*=UTF-8''%E8%8A%B1%E5%90%8D%E5%86%8C.xlsx"),
        ("a\"b\r\nX: y.csv", "attachment; filename=\"abX y.csv\"; filename*=UTF-8''abX%20y.csv"), ("../../etc/passwd", "attachment; filename=\"....etcpasswd\"; filename*=UTF-8''....etcpasswd"),
        ("", "attachment; filename=\"download\"; filename*=UTF-8''download"), ("a\u{202E}slx.exe", "attachment; filename=\"aslx.exe\"; filename*=UTF-8''aslx.exe"),
    ])
    func fileNames(name: String, expected: String) { #expect(Reply.disposition(name) == expected) }

    @Test("Secrets are compared whole; an empty one is never right")
    func secrets() {
        #expect(isSame("abc", "abc"))
        #expect(!isSame("abc", "abd"))
        #expect(!isSame("abc", "ab"))
        #expect(!isSame("", ""))
    }
}
