/// How a figure stands against what is needed.
package enum Verdict: String, Sendable {
    case met, unmet, pending, notApplicable, unknown
}

/// One figure of a unit with what is needed and whether it is reached.
package struct Finding: Sendable, Equatable {
    package enum Unit: String, Sendable { case hours, persons, units, terms, records, count }

    /// What an unmet or pending finding still lacks.
    package struct Shortfall: Sendable, Equatable {
        /// In hundredths; 0 where the rule asks for no hours.
        package let hours: Int64
        /// Persons to be trained; for means and totals those below the quota of a head; for norms posts to be filled, else
        /// terms, records or trainings that are missing.
        package let people: Int64
    }

    /// Index into the policy's lines: title, wording, formula and display stand there.
    package let line: Int
    package let rule: String
    package let category: String?
    /// Hours in hundredths over heads (totals and counts: over 1); or heads over heads, units over units.
    package let had: Ratio
    package let needed: Ratio?
    package let unit: Unit
    /// Nil for a figure without verdict.
    package let verdict: Verdict?
    package let clause: String
    package let shortfall: Shortfall?
    /// Of norms with an upper bound: how many units are above it.
    package let over: Int64?
    /// The figure as people read it: `31.9`, `29.0 %`, `251`; empty where there is no head.
    package let display: String
}

/// Decimal figures of exact fractions.
package enum Figure {
    /// Hours of so many hundredths, at most two decimals, trailing zeros dropped.
    package static func hours(_ hundredths: Int64) -> String {
        let sign = hundredths < 0 ? "-" : ""
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(sign)\(whole)" }
        return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// A mean of hours (hundredths ÷ heads) with one decimal, half up; with as many more as are needed
    /// not to show a missed `bound` (hundredths) as reached.
    package static func meanHours(_ had: Ratio, missing bound: Ratio?) -> String {
        decimal(Ratio(had.numerator, had.denominator * 100), missing: bound.map { Ratio($0.numerator, $0.denominator * 100) })
    }

    /// A rate in per cent without the sign, likewise.
    package static func percent(_ had: Ratio, missing bound: Ratio?) -> String {
        decimal(Ratio(had.numerator * 100, had.denominator), missing: bound.map { Ratio($0.numerator * 100, $0.denominator) })
    }

    private static func decimal(_ value: Ratio, missing bound: Ratio?) -> String {
        guard value.denominator > 0 else { return "" }
        var scale: Int64 = 10
        for digits in 1...6 {
            let rounded = (value.numerator * scale * 2 + value.denominator) / (value.denominator * 2)
            let looksReached = bound.map { rounded * $0.denominator >= $0.numerator * scale } ?? false
            if !looksReached { return text(rounded, digits) }
            scale *= 10
        }
        // Nearer than a millionth: cut instead of rounding.
        return text(value.numerator * 1_000_000 / value.denominator, 6)
    }

    private static func text(_ scaled: Int64, _ digits: Int) -> String {
        let figures = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - figures.count)) + figures
        return (scaled < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
