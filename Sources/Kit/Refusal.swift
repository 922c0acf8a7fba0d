/// A named "no": one Chinese sentence that says what happened, why, and what to do now.
package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable name for tests and programs, for example `person.idNumberTaken`.
    package let name: String
    /// The sentence for the user.
    package let sentence: String
    /// What only who runs the machine should read: hosts, paths, words of the engine. Said on the command line and in
    /// the log, never on a page.
    package let detail: String
    /// The row that is in the way, where there is one: a page leads to it whoever may see it.
    package let about: Int64?

    package init(_ name: String, _ sentence: String, detail: String = "", about: Int64? = nil) {
        self.name = name
        self.sentence = sentence
        self.detail = detail
        self.about = about
    }

    package var description: String { detail.isEmpty ? sentence : sentence + "原因：" + detail }
}

/// Everything that is wrong with a form, in the order of its fields; never a single one, which is thrown by itself.
package struct FormFaults: Error, Sendable {
    package let refusals: [Refusal]
}
