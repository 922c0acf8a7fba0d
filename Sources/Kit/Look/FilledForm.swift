/// A form as it goes back to whoever sent it: what was typed stays, and the refusal stands beside the field it is about.
/// Before anything was sent the fields show what is true at present.
package struct FilledForm: Sendable {
    private let form: Form?
    private let wrong: (field: String, sentence: String)?

    /// A form not sent yet.
    package init() {
        form = nil
        wrong = nil
    }

    /// A form that was refused. `field` is where the sentence belongs; empty puts it above the form.
    package init(_ form: Form, field: String, sentence: String) {
        self.form = form
        wrong = (field, sentence)
    }

    package var isRefused: Bool { wrong != nil }

    /// What was typed, or what is true at present.
    package func text(_ name: String, _ present: String = "") -> String { form?.text(name) ?? present }
    package func isTicked(_ name: String, _ present: Bool = false) -> Bool { form?.isTicked(name) ?? present }

    package func notes(_ name: String, hint: HTML? = nil, required: Bool = false) -> FieldNotes {
        FieldNotes(hint: hint, message: wrong?.field == name ? wrong?.sentence : nil, required: required)
    }

    /// The sentence that belongs to no single field; empty where there is none.
    package var problem: HTML {
        guard let wrong, wrong.field.isEmpty else { return "" }
        return notice(.problem, "\(wrong.sentence)")
    }

    /// Does what a form asks; where that is refused, the form again with the refusal beside its field.
    package static func answer(
        _ form: Form, field: @Sendable (Refusal) -> String, again: (FilledForm) async throws -> Page, _ act: () async throws -> Reply
    ) async throws -> Reply {
        do {
            return try await act()
        } catch let refusal as Refusal {
            return .page(try await again(FilledForm(form, field: field(refusal), sentence: refusal.sentence)))
        }
    }
}
