import Testing

/// A rule of STYLE.md that can be checked by reading the tree, with samples that break it and samples that keep it.
struct StyleRule: Sendable, CustomTestStringConvertible {
    /// What is so, as a sentence.
    let sentence: String
    /// What to do where it is not.
    let instead: String
    let bad: [[String: String]]
    let good: [[String: String]]
    let find: @Sendable (Tree) -> [Offence]

    var testDescription: String { sentence }

    init(
        _ sentence: String, instead: String, bad: [[String: String]], good: [[String: String]] = [],
        find: @escaping @Sendable (Tree) -> [Offence]
    ) {
        self.sentence = sentence
        self.instead = instead
        self.bad = bad
        self.good = good
        self.find = find
    }

    /// A rule on each file by itself: the lines that break it, with what was found there.
    init(
        _ sentence: String, instead: String, bad: [[String: String]], good: [[String: String]] = [],
        inFilesWhere applies: @escaping @Sendable (SourceFile) -> Bool,
        find: @escaping @Sendable (SourceFile) -> [(line: Int, match: String)]
    ) {
        self.init(sentence, instead: instead, bad: bad, good: good) { tree in
            tree.files.filter(applies).flatMap { file in
                find(file).map { Offence(path: file.path, line: $0.line, found: $0.match) }
            }
        }
    }
}

/// A place where a rule is broken.
struct Offence: Sendable {
    let path: String
    let line: Int
    let found: String
}
