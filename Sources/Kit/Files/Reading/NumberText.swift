import Foundation

/// Numbers as spreadsheets keep them: fifteen significant digits, dates as days since an epoch.
enum NumberText {
    /// The number as a person sees it: fifteen significant digits, without an exponent below 10¹⁵.
    static func shown(_ raw: String) -> String {
        if raw.utf8.count <= 15, raw.utf8.allSatisfy({ (48...57).contains($0) }), raw.utf8.first != 48 { return raw }
        guard let value = Double(raw), value.isFinite else { return raw }
        let text = String(format: "%.15g", value)
        guard text.contains("e"), abs(value) < 1e15 else { return text.uppercased() }
        return Decimal(string: text)?.description ?? text
    }

    /// True where digits were lost or may have been: sixteen digits or more, or scientific notation.
    static func hasLostDigits(_ raw: String) -> Bool {
        guard let value = Double(raw) else { return true }
        return !(abs(value) < 1e15)
    }

    /// The day a serial number stands for; nil outside 1900 to 9999.
    static func day(serial raw: String, from1904: Bool) -> Day? {
        guard let value = Double(raw), value >= 1 || (from1904 && value >= 0), value < 2_958_466 else { return nil }
        // cannot trap: the value was held against both ends.
        let serial = Int(value)
        if from1904 { return (Day(1904, 1, 1) ?? .always) + serial }
        // The 1900 system has a 29 February 1900 (serial 60) that never was.
        guard serial != 60 else { return nil }
        return (Day(1899, 12, 30) ?? .always) + serial + (serial < 60 ? 1 : 0)
    }

    /// Whether a built-in number format shows dates; those from 27 on are East Asian.
    static func isDate(builtIn id: Int) -> Bool {
        switch id {
        case 14...17, 22, 27...31, 36, 50...54, 57, 58: true
        default: false
        }
    }

    /// Whether a number format shows a date (a pure time of day is not one).
    static func isDate(format: String) -> Bool {
        // A spreadsheet keeps 255 characters of it.
        var code = "", scalars = String(format.unicodeScalars.prefix(255)).lowercased().unicodeScalars[...]
        // Only the first section speaks of positive numbers.
        while let scalar = scalars.popFirst(), scalar != ";" {
            switch scalar {
            case "\"": while let next = scalars.popFirst(), next != "\"" {}
            case "\\", "_", "*": _ = scalars.popFirst()
            case "[":
                var inside = ""
                while let next = scalars.popFirst(), next != "]" { inside.unicodeScalars.append(next) }
                if ["h", "hh", "m", "mm", "s", "ss"].contains(inside) { code += "h" }
            default: code.unicodeScalars.append(scalar)
            }
        }
        code = code.replacing("general", with: "").replacing("am/pm", with: "h").replacing("a/p", with: "h").replacing("上午/下午", with: "h")
        if code.contains("y") || code.contains("d") || code.contains("aaa") { return true }
        if code.contains("e"), !code.contains("e+"), !code.contains("e-") { return true }
        return code.contains("m") && !code.contains("h") && !code.contains("s")
    }
}
