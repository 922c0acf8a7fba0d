/// What one cell of a sheet holds, as the file says it; nothing is guessed.
package enum Cell: Hashable, Sendable {
    case empty
    /// Text as stored, blanks around it included.
    case text(String)
    /// A number that is not shown as a date, as written in the file (`44625`, `1.10105E+17`).
    case number(String)
    /// A number that its format shows as a date; a time of day is dropped.
    case day(Day)
    case boolean(Bool)
    /// A cell error, for example `#N/A`.
    case failed(String)
    /// A formula that was saved without its result.
    case uncalculated

    /// The content as a person sees it, for messages; numbers at the fifteen digits a spreadsheet keeps.
    package var shown: String {
        switch self {
        case .empty, .uncalculated: ""
        case .text(let text): text
        case .number(let raw): NumberText.shown(raw)
        case .day(let day): day.description
        case .boolean(let value): value ? "TRUE" : "FALSE"
        case .failed(let error): error
        }
    }

    /// True where nothing but blanks stands.
    package var isBlank: Bool {
        switch self {
        case .empty: true
        case .text(let text): text.unicodeScalars.allSatisfy(Blanks.isBlank)
        default: false
        }
    }
}

/// A row of a sheet; cells from left to right, absent ones are empty.
package struct SheetRow: Sendable {
    /// As the spreadsheet shows it: the first row is 1.
    package var number: Int
    package var isHidden = false
    /// `column` counts from 0.
    package var cells: [(column: Int, cell: Cell)] = []
}

/// Letters of a column: 0 is A, 26 is AA.
package func columnLetters(_ column: Int) -> String {
    var letters = "", rest = column + 1
    while rest > 0 {
        letters = String(UnicodeScalar(UInt8(truncatingIfNeeded: 65 + (rest - 1) % 26))) + letters
        rest = (rest - 1) / 26
    }
    return letters
}

/// Blanks and full-width forms, which are forgiven around values.
enum Blanks {
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x20, 0x7F...0xA0, 0xAD, 0x1680, 0x180E, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x2064, 0x2066...0x206F,
            0x3000, 0x3164, 0xFEFF:
            true
        default: false
        }
    }

    /// The text without blanks at either end.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let last = scalars.last, isBlank(first) || isBlank(last) else { return text }
        guard let start = scalars.firstIndex(where: { !isBlank($0) }), let end = scalars.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(scalars[start...end])
    }

    /// The text with full-width letters, digits and signs made half-width and without any blank.
    static func folded(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return text }
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isBlank(scalar) {
            if (0xFF01...0xFF5E).contains(scalar.value), let half = Unicode.Scalar(scalar.value - 0xFEE0) {
                folded.append(half)
            } else {
                folded.append(scalar)
            }
        }
        return String(folded)
    }
}
