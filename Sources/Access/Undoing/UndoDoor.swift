import Kit

/// Where acts of some kinds are taken back, for the sentence that is said after one.
package struct UndoDoor: Sendable {
    package let kinds: Set<String>
    /// The page that asks for the reason; nil where the act cannot be taken back.
    package let link: @Sendable (_ act: Int64, Reading) throws -> String?

    package init(_ kinds: Set<String>, link: @escaping @Sendable (Int64, Reading) throws -> String?) {
        self.kinds = kinds
        self.link = link
    }
}

/// Kinds of acts whose own page says what was done.
package struct ToldElsewhere: Sendable {
    package let kinds: Set<String>

    package init(_ kinds: Set<String>) { self.kinds = kinds }
}
