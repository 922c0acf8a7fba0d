extension Form {
    /// The reason of an act. Throws `form.why` where none is given.
    package func why() throws -> String {
        let why = text("why")
        guard !why.isEmpty else { throw Refusal("form.why", "理由没有填；请写明为什么，例如文号或本人申请") }
        return why
    }
}

extension Refusal {
    /// The field that a refusal of a form itself is about; empty for any other.
    package var formField: String { name.hasPrefix("form.") ? String(name.dropFirst(5)) : "" }
}

/// The field for the reason of an act.
package func whyField(_ filled: FilledForm) -> HTML {
    textField("why", "理由", value: filled.text("why"), notes: filled.notes("why", hint: "写明依据，例如文号；随记录长期保存。", required: true), maxLength: 500)
}
