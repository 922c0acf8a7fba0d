/// How a 职务 is read: which offices its words name (rules.md A, reading 12). The words stand in `vocabulary.yaml`.
package struct Titles: Sendable, Equatable {
    /// Endings that make a word an office; the first that fits is the one.
    private(set) var offices: [String] = []
    private var otherBodies: [String] = []
    private var former: [String] = []
    private var dividers: Set<Character> = []

    init() {}

    init(_ passage: Passage, reader: PassageReader) {
        _ = reader.pairs(passage, known: ["offices", "otherBodies", "former", "dividers"])
        func words(_ name: String, _ example: String) -> [String] {
            reader.required(name, of: passage, example: example).map { reader.words($0) } ?? []
        }
        offices = words("offices", "[副主席, 主席]")
        otherBodies = words("otherBodies", "[政协]")
        former = words("former", "[原, 前]")
        let signs = words("dividers", "[兼]")
        if let list = passage["dividers"], signs.contains(where: { $0.count != 1 }) { reader.report(list, "这里每一项只写一个字。") }
        dividers = Set(signs.compactMap(\.first))
        // 主席 before 副主席 would make every vice-chair a chair.
        for (index, office) in offices.enumerated() where offices[..<index].contains(where: office.hasSuffix) {
            if let list = passage["offices"] { reader.report(list, "“\(office)”写在它的结尾之后，永远认不出来，请把长的写在前面。") }
        }
    }

    /// The words of a 职务: signs, blanks and dividers part them.
    private func words(of title: String) -> [Substring] {
        title.split { !$0.isLetter && !$0.isNumber || dividers.contains($0) }
    }

    /// The offices that a 职务 names, and its other words as they stand.
    package func read(_ title: String) -> Set<String> {
        Set(words(of: title).compactMap { word in
            guard let office = offices.first(where: word.hasSuffix) else { return String(word) }
            return former.contains(where: word.hasPrefix) || otherBodies.contains(where: { word.contains($0) }) ? nil : office
        })
    }

    /// The office that a 职务 seems to name although it names none: 主席助理, 原主席. Nil where all is clear.
    package func unclearOffice(in title: String) -> String? {
        guard let office = offices.last(where: { title.contains($0) }) else { return nil }
        return read(title).isDisjoint(with: offices) ? office : nil
    }
}
