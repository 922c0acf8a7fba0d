/// The words of workbooks and screens and the keys that policies, code and the database use for them.
package struct Vocabulary: Sendable {
    package struct Word: Sendable, Equatable {
        package let key: String
        package let word: String
        /// 1 is the nation, larger is lower; nil for organisations that are no federation of a level.
        package let federationLevel: Int?
        package let isCollege: Bool
        /// 天数 of this form converts to hours by the policy that is asked.
        package let convertsDays: Bool
        /// More 天数 than calendar days is an error for this form.
        package let isWithinDates: Bool
    }

    /// One list of words, in the order of the file.
    package struct List: Sendable {
        package let words: [Word]
        private let byKey: [String: Int]
        private let byWord: [String: Int]

        init(_ words: [Word]) {
            self.words = words
            byKey = Dictionary(words.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
            byWord = Dictionary(words.enumerated().map { (List.plain($1.word), $0) }, uniquingKeysWith: { first, _ in first })
        }

        package subscript(_ key: String) -> Word? { byKey[key].map { words[$0] } }
        package var keys: [String] { words.map(\.key) }
        /// The key of a word as people write it; spaces and full-width brackets are forgiven.
        package func key(of word: String) -> String? { byWord[List.plain(word)].map { words[$0].key } }
        /// The word of a key; the key itself where it is unknown.
        package func word(of key: String) -> String { self[key]?.word ?? key }

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

    package var organizationKinds = List([])
    package var forms = List([])
    package var purposes = List([])
    package var contents = List([])
    package var workforces = List([])
    package var engagements = List([])
    package var representativeKinds = List([])
    package var counts = List([])
    package var titles = Titles()
    package var representativeCompositions = List([])
    /// What policies are about; of each a unit is bound by one.
    package var subjects = List([])
    package var ownerships = List([])
    /// Days ahead from which the holder of a certificate is told that its refresher or its end is near.
    package var certificateReminder = 0

    /// Sections that a vocabulary of before they were there does without.
    private static let optional: Set<String> = ["counts", "representativeCompositions", "subjects", "ownerships"]

    private static let sections: [(name: String, path: WritableKeyPath<Vocabulary, List> & Sendable, flags: [String])] = [
        ("organizationKinds", \.organizationKinds, ["federationLevel", "college"]),
        ("forms", \.forms, ["days", "withinDates"]),
        ("purposes", \.purposes, []),
        ("contents", \.contents, []),
        ("workforces", \.workforces, []),
        ("engagements", \.engagements, []),
        ("representativeKinds", \.representativeKinds, []),
        ("counts", \.counts, []),
        ("representativeCompositions", \.representativeCompositions, []),
        ("subjects", \.subjects, []),
        ("ownerships", \.ownerships, []),
    ]

    init() {}

    /// The words of a `vocabulary.yaml`; throws every problem in it.
    package init(text: String, file: String) throws(PolicyProblems) {
        let passage: Passage
        do { passage = try Passage.compose(text, file: file) } catch { throw PolicyProblems([error]) }
        let reader = PassageReader()
        _ = reader.pairs(passage, known: Vocabulary.sections.map(\.name) + ["titles", "certificates"])
        if let list = passage["titles"] { titles = Titles(list, reader: reader) }
        if let certificates = passage["certificates"] {
            _ = reader.pairs(certificates, known: ["remind-before"])
            certificateReminder = reader.required("remind-before", of: certificates, example: "90 days").flatMap(reader.wholeDays) ?? 0
        }
        for section in Vocabulary.sections where passage[section.name] != nil || !Vocabulary.optional.contains(section.name) {
            guard let list = reader.required(section.name, of: passage, example: "{ key: { word: 词 } }") else { continue }
            var words: [Word] = []
            for (key, value) in reader.pairs(list) {
                _ = reader.pairs(value, known: ["word"] + section.flags)
                let word = reader.requiredText("word", of: value, example: "词")
                if words.contains(where: { $0.word == word }) { reader.report(value, "“\(word)”已用于另一个键，请改用别的词。") }
                words.append(Word(
                    key: key, word: word,
                    federationLevel: value["federationLevel"].flatMap(reader.integer),
                    isCollege: value["college"].flatMap(reader.flag) ?? false,
                    convertsDays: value["days"].flatMap(reader.flag) ?? false,
                    isWithinDates: value["withinDates"].flatMap(reader.flag) ?? false))
            }
            self[keyPath: section.path] = List(words)
        }
        if !reader.problems.isEmpty { throw PolicyProblems(reader.problems) }
    }
}
