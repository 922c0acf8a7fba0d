import TestBench
import Testing

@testable import Rules

@Suite("What reads a policy file takes as long as the file is", .ownThreads)
struct PolicyGrowthTests {
    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("YAML of any shape")
    func yaml() throws {
        let pieces = ["- ", "- a\n", "[", "{", "{a: ", "? ", "a: ", "&a ", "!a ", "'", "''", "\"", "\\", "\"\\x41", "|\n", ">\n a\n", "#", "a", "a b ", ": ", ",", "---\n", "%", "长", "\t", "\r", "🇨🇳", " "]
        let shapes = pieces.map { Hostile($0) } + pieces.map { Hostile($0, after: "a: \"") } + pieces.map { Hostile($0, after: "a: [") } + [
            .numbered("keys") { "k\($0): v\n" }, .numbered("keys on one line", after: "{", before: "}") { "k\($0): v, " }, .numbered("items with an id") { "- { id: i\($0) }\n" },
            .numbered("anchors", after: "[", before: "]") { "&a\($0) b, " },
        ]
        try expectLinear(shapes, upTo: Passage.mostBytes) { _ = try Passage.compose(Self.text($0), file: "a.yaml") }
    }

    @Test("Aliases, by which a few lines become more than any machine holds, are refused with their line")
    func aliases() {
        let laughs = "a: &a [x, x]\n" + zip("bcdefghijklmnop", "abcdefghijklmno").map { "\($0): &\($0) [*\($1), *\($1), *\($1), *\($1), *\($1), *\($1), *\($1), *\($1)]\n" }.joined()
        for text in [laughs, "a: &a b\n[*a]: c\n", "a: [&a b,*a]\n", "a: &a b\n? *a\n: c\n"] {
            #expect(throws: PolicyProblem.self) { try Passage.compose(text, file: "a.yaml") }
        }
        do {
            _ = try Passage.compose(laughs, file: "a.yaml")
        } catch {
            #expect(error.line == 2 && error.message.contains("别名"))
        }
        #expect(throws: PolicyProblem.self) { try Passage.compose(String(repeating: "# 长\n", count: 100_000), file: "a.yaml") }
    }

    @Test("A local exception is laid over its policy in one walk")
    func exceptions() throws {
        try expectLinear([.numbered("keys") { "k\($0): v\n" }, .numbered("items", after: "a:\n") { "- { id: i\($0), b: c }\n" }], upTo: Passage.mostBytes) { bytes in
            let passage = try Passage.compose(Self.text(bytes), file: "a.yaml")
            _ = passage.overridden(by: passage)
        }
    }
}
