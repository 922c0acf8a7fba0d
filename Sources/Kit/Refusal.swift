/// A named "no": one Chinese sentence that says what happened, why, and what to do now.
package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable name for tests and programs, for example `person.idNumberTaken`.
    package let name: String
    /// The sentence for the user.
    package let sentence: String

    package init(_ name: String, _ sentence: String) {
        self.name = name
        self.sentence = sentence
    }

    package var description: String { sentence }
}
