/// A named "no": one Chinese sentence that says what happened, why, and what to do now.
package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable name for tests and programs, for example `person.idNumberTaken`.
    package let name: String
    /// The sentence for the user.
    package let sentence: String
    /// What only who runs the machine should read: hosts, paths, words of the engine. Said on the command line and in
    /// the log, never on a page.
    package let detail: String

    package init(_ name: String, _ sentence: String, detail: String = "") {
        self.name = name
        self.sentence = sentence
        self.detail = detail
    }

    package var description: String { detail.isEmpty ? sentence : sentence + "原因：" + detail }
}
