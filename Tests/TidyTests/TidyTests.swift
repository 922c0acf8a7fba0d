import TestBench
import Testing

@Suite(.ownThreads) struct TidyTests {
    @Test("The tree keeps the rule", arguments: StyleRule.all)
    func tree(keeps rule: StyleRule) {
        for offence in rule.find(.project) {
            let found = offence.found.split(whereSeparator: \.isNewline).first.map { " (\($0.prefix(80)))" } ?? ""
            Issue.record("\(offence.path):\(offence.line): broken: \(rule.sentence)\(found) Instead: \(rule.instead)")
        }
    }

    @Test("A sample that breaks the rule is found", arguments: StyleRule.all)
    func sampleIsFound(by rule: StyleRule) {
        #expect(!rule.bad.isEmpty)
        for sample in rule.bad { #expect(!rule.find(Tree(sample)).isEmpty, "not found: \(sample)") }
        for sample in rule.good { #expect(rule.find(Tree(sample)).isEmpty, "found, but is good: \(sample)") }
    }

    @Test("The tree is the project's own")
    func treeIsRead() {
        #expect(Tree.project.files.contains { $0.path == "Package.swift" })
        #expect(Tree.project.files.contains { $0.path.hasPrefix("Sources/Kit/") })
    }

    @Test("Code, strings and comments are told apart")
    func parts() {
        let text = SwiftText(
            ##"""
            let a = "x \(f("y", g(1))) z" // "no string"
            /* outer /* inner */ still */ let b = #"raw \(no) "quoted" \#(yes)"#
            let c = """
                many "quoted" \(lines)
                """
            """##)
        #expect(matches("\\b(x|y|z)\\b", in: text.strings).map(\.match) == ["x", "y", "z"])
        #expect(
            matches("\\b(f|g|yes|lines|let)\\b", in: text.code).map(\.match) == [
                "let", "f", "g", "let", "yes", "let", "lines",
            ])
        #expect(matches("no string|still", in: text.comments).map(\.line) == [1, 2])
        #expect(matches("many", in: text.strings).map(\.line) == [4])
        #expect(matches("raw|quoted|\\(no\\)", in: text.strings).map(\.line) == [2, 2, 2, 4])
    }
}
