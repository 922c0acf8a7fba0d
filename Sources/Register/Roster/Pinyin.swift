import Foundation

/// How a Chinese name is read: `ouyangxiu` and `oyx`. Surnames are read right (单 shan, 曾 zeng, 仇 qiu).
package struct Pinyin: Hashable, Sendable {
    package let full: String
    package let initials: String
}

/// Reads names, remembering every character it has met: a roster has a hundred thousand names of three thousand characters.
/// Not shared between threads; each import or page makes its own.
package struct PinyinReader {
    private var surnames: [Character: String] = [:]
    private var others: [Character: String] = [:]
    private static let transform = StringTransform("Han-Latin/Names; Latin-Ascii")
    /// Compound surnames that are not read character by character.
    private static let compounds = ["万俟": ["mo", "qi"], "澹台": ["tan", "tai"], "长孙": ["zhang", "sun"], "尉迟": ["yu", "chi"]]

    package init() {}

    package mutating func read(_ name: some StringProtocol) -> Pinyin {
        var syllables: [String] = []
        var rest = Array(name)
        if rest.count > 2, let compound = Self.compounds[String(rest[0...1])] {
            syllables = compound
            rest.removeFirst(2)
        }
        for character in rest {
            if syllables.isEmpty {
                syllables.append(surname(character))
            } else {
                syllables.append(other(character))
            }
        }
        var full = "", initials = ""
        for syllable in syllables {
            full += syllable
            if let first = syllable.first { initials.append(first) }
        }
        return Pinyin(full: full, initials: initials)
    }

    private mutating func surname(_ character: Character) -> String {
        if let known = surnames[character] { return known }
        let read = Self.plain(String(character).applyingTransform(Self.transform, reverse: false) ?? String(character))
        surnames[character] = read
        return read
    }

    private mutating func other(_ character: Character) -> String {
        if let known = others[character] { return known }
        // Behind another character it is not read as a surname.
        let read = ("甲" + String(character)).applyingTransform(Self.transform, reverse: false) ?? String(character)
        let plain = Self.plain(read.hasPrefix("jia") ? String(read.dropFirst(3)) : read)
        others[character] = plain
        return plain
    }

    /// Lower-case without spaces, dots and marks; what has no reading stays as it is.
    private static func plain(_ text: String) -> String {
        String(text.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) })
    }

    /// What a user types, as it is compared with the columns: `Lv Bu` finds 吕布.
    package static func query(_ typed: String) -> String {
        plain(typed).replacingOccurrences(of: "v", with: "u")
    }
}
