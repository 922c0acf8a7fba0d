import Kit

/// The tree of organisations and the page of one unit.
enum UnitPages {
    /// More units than this are not offered one by one: their code or name is typed.
    private static let mostOffered = 300

    /// A field for a unit that the account keeps, by code or full name.
    static func field(_ name: String, _ label: String, present: String, _ filled: FilledForm, _ scope: Scope, hint: HTML = "填单位编码或全称。", required: Bool = true) -> HTML {
        let units = scope.units(for: .keeping)
        let offered = units.count <= mostOffered ? units : []
        return """
            \(textField(name, label, value: filled.text(name, present), notes: filled.notes(name, hint: hint, required: required), autocomplete: "off", list: offered.isEmpty ? nil : "l-" + name, maxLength: 120))\
            \(offered.isEmpty ? "" : "<datalist id=\"l-\(name)\">\(offered.html { "<option value=\"\($0.code)\">\($0.name)</option>" })</datalist>")
            """
    }
}
