/// Amounts as people write them.
package enum Amount {
    /// Hours from 1/100: at most two decimals, trailing zeros dropped.
    package static func hours(_ hundredths: Int) -> String {
        let whole = hundredths / 100, rest = abs(hundredths % 100)
        if rest == 0 { return "\(whole)" }
        return (hundredths < 0 && whole == 0 ? "-0" : "\(whole)") + (rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)")
    }

    /// Days from half days: `2`, `2.5`.
    package static func days(_ halfDays: Int) -> String {
        halfDays % 2 == 0 ? "\(halfDays / 2)" : "\(halfDays / 2).5"
    }
}
