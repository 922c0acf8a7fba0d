import Kit

/// What somebody typed into the search of the frame.
package struct Sought: Sendable {
    /// Without surrounding spaces, at most 60 characters, and without what stands for any text in a comparison.
    package let typed: String

    package init(_ typed: String) {
        let kept = typed.unicodeScalars.filter { $0 != "%" && $0 != "_" && !$0.properties.isDefaultIgnorableCodePoint }
        let text = String(String.UnicodeScalarView(kept)).drop(while: \.isWhitespace).prefix(60)
        self.typed = String(text.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The whole of a number, or its two ends, as people are found by it: it is asked by POST alone and stands in no address.
    package var number: String? {
        let bare = typed.filter { !$0.isWhitespace && $0 != "-" }.uppercased(), digits = bare.dropLast()
        guard (10...18).contains(bare.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }), let last = bare.last, last == "X" || last.isASCII && last.isNumber else { return nil }
        return bare
    }

    /// How a text fits what was typed, whatever the case of letters; nil where it does not.
    package func fit(_ text: String) -> Hit.Fit? {
        let text = text.lowercased(), wanted = typed.lowercased()
        if text == wanted { return .whole }
        if text.hasPrefix(wanted) { return .start }
        return text.contains(wanted) ? .part : nil
    }
}

/// One thing that was found, with the page to go to.
package struct Hit: Sendable {
    /// How well it is what was looked for, the best first.
    package enum Fit: Int, Comparable, Sendable {
        case whole, start, part
        package static func < (a: Fit, b: Fit) -> Bool { a.rawValue < b.rawValue }
    }

    package let name: String
    package let note: String
    package let link: String
    package let fit: Fit
    /// Further pages about it, each one click away.
    package let steps: [(word: String, link: String)]

    package init(_ name: String, note: String = "", link: String, fit: Fit, steps: [(word: String, link: String)] = []) {
        self.name = name
        self.note = note
        self.link = link
        self.fit = fit
        self.steps = steps
    }
}

/// What one finder found.
package struct Found: Sendable {
    /// The best first, at most `Finder.most`.
    package let hits: [Hit]
    /// Where all of them stand.
    package let more: (word: String, link: String)?

    package static let nothing = Found([])

    /// Of equally good ones the order stays as given.
    package init(_ hits: [Hit], more: (word: String, link: String)? = nil) {
        self.hits = Array(hits.enumerated().sorted { ($0.element.fit, $0.offset) < ($1.element.fit, $1.offset) }.map(\.element).prefix(Finder.most))
        self.more = more
    }
}

/// What a feature lets the search of the frame find: its folder brings it (`Feature.brings`).
package struct Finder: Sendable {
    /// Things of one kind that are shown; where there are more, the page says where all of them stand.
    package static let most = 6

    package let word: String
    /// Kinds stand in the order of their places, where none fits better than another.
    package let place: Int
    /// What one may type, in the words of the empty page; nil where it goes without saying.
    package let hint: String?
    package let isThere: @Sendable (SignedIn) -> Bool
    /// Only what the account may see, by an index or of what is in memory, and no more than is shown.
    package let find: @Sendable (Sought, SignedIn, House) async throws -> Found

    package init(
        _ word: String, _ place: Int, hint: String? = nil, where isThere: @escaping @Sendable (SignedIn) -> Bool,
        find: @escaping @Sendable (Sought, SignedIn, House) async throws -> Found
    ) {
        self.word = word
        self.place = place
        self.hint = hint
        self.isThere = isThere
        self.find = find
    }
}
