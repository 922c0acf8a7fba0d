import Kit

/// More units than this are no longer offered one by one.
private let mostOffered = 300

/// A field for a unit at which the account has a right, by code or full name.
package func unitField(
    _ name: String, _ label: String, present: String, _ filled: FilledForm, _ scope: Scope, hint: HTML = "填单位编码或全称。", required: Bool = true, for right: Right = .keeping
) -> HTML {
    let units = scope.units(for: right)
    let offered = units.count <= mostOffered ? units : []
    return """
        \(textField(name, label, value: filled.text(name, present), notes: filled.notes(name, hint: hint, required: required), autocomplete: "off", list: offered.isEmpty ? nil : "l-" + name, maxLength: 120))\
        \(offered.isEmpty ? "" : "<datalist id=\"l-\(name)\">\(offered.html { "<option value=\"\($0.code)\">\($0.name)</option>" })</datalist>" as HTML)
        """
}
