import Rules

/// The words of workbooks and screens for the keys that the roster holds.
package struct RosterWords: Sendable {
    /// One list of keys with their words, in the order they are offered.
    package struct Choices: Sendable {
        package let pairs: [(key: String, word: String)]
        private let keys: [String: String]
        private let byKey: [String: String]

        package init(_ pairs: [(key: String, word: String)]) {
            self.pairs = pairs
            keys = Dictionary(pairs.map { (Self.plain($0.word), $0.key) }, uniquingKeysWith: { first, _ in first })
            byKey = Dictionary(pairs.map { ($0.key, $0.word) }, uniquingKeysWith: { first, _ in first })
        }

        package var words: [String] { pairs.map(\.word) }
        package func has(_ key: String) -> Bool { byKey[key] != nil }
        /// The key of a word as people write it; blanks and the width of brackets are forgiven.
        package func key(of word: String) -> String? { keys[word] ?? keys[Self.plain(word)] }
        /// The word of a key; the key itself where it is unknown, nothing for an empty one.
        package func word(of key: String) -> String { byKey[key] ?? key }

        private static func plain(_ word: String) -> String {
            String(word.compactMap { character in
                switch character {
                case "（": "("
                case "）": ")"
                case let other where other.isWhitespace: nil
                default: character
                }
            })
        }
    }

    package let organizationKinds: Choices
    package let categories: Choices
    package let workforces: Choices
    package let engagements: Choices
    package let ownerships: Choices
    /// How 职务 are read.
    package let titles: Titles

    package init(_ library: PolicyLibrary) {
        func choices(_ list: Vocabulary.List) -> Choices { Choices(list.words.map { ($0.key, $0.word) }) }
        organizationKinds = choices(library.vocabulary.organizationKinds)
        workforces = choices(library.vocabulary.workforces)
        engagements = choices(library.vocabulary.engagements)
        ownerships = choices(library.vocabulary.ownerships)
        titles = library.vocabulary.titles
        categories = Choices(library.categories.map { ($0.key, $0.word) })
    }
}
