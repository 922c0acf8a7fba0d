/// How numbers stand on screens: thin-space thousands, hours from hundredths, rates that never flatter.
package enum Numbers {
    /// Thin space, so that a number stays one word of digits.
    private static let gap = "\u{2009}"

    /// `1 260`.
    package static func count(_ number: Int) -> String {
        let digits = grouped(String(number.magnitude))
        return number < 0 ? "−" + digits : digits
    }

    /// Hours from hundredths, at most two decimals, trailing zeros dropped: `1 260`, `10.99`, `0.5`.
    package static func hours(_ hundredths: Int) -> String {
        let magnitude = hundredths.magnitude
        var text = grouped(String(magnitude / 100))
        let rest = magnitude % 100
        if rest != 0 {
            text += "." + (rest % 10 == 0 ? String(rest / 10) : rest < 10 ? "0\(rest)" : "\(rest)")
        }
        return hundredths < 0 ? "−" + text : text
    }

    /// A mean of hours per head: one decimal, half up, but with as many decimals as it takes not to show a missed
    /// threshold as reached: 39.96 against 40, not 40.0. `total` and `needed` are in hundredths of an hour; `—` without heads.
    package static func mean(hours total: Int, heads: Int, needed: Int? = nil) -> String {
        quotient(total, 100 * heads, missing: needed.map { ($0, 100) })
    }

    /// A rate in per cent, `18.0 %`, rounded like a mean; `needed` is a fraction such as (25, 100). `—` of nothing.
    package static func percent(_ had: Int, of whole: Int, needed: (numerator: Int, denominator: Int)? = nil) -> String {
        guard whole > 0 else { return "—" }
        return quotient(100 * had, whole, missing: needed.map { (100 * $0.numerator, $0.denominator) }) + gap + "%"
    }

    /// A quotient with one decimal, half up; with more where rounding would hide that it falls short of `missing`.
    package static func quotient(
        _ numerator: Int, _ denominator: Int, missing needed: (numerator: Int, denominator: Int)? = nil
    ) -> String {
        guard denominator > 0 else { return "—" }
        let n = Int128(numerator.magnitude), d = Int128(denominator)
        var scale: Int128 = 10, decimals = 1
        var rounded = (2 * n * scale + d) / (2 * d)
        if numerator >= 0, let needed, needed.denominator > 0, needed.numerator > 0 {
            let needN = Int128(needed.numerator), needD = Int128(needed.denominator)
            // Exact: short when n/d < needN/needD. Then no rounding may lift it to the threshold.
            if n * needD < needN * d {
                while rounded * needD >= needN * scale, decimals < 12 {
                    scale *= 10
                    decimals += 1
                    rounded = (2 * n * scale + d) / (2 * d)
                }
            }
        }
        let fraction = String(rounded % scale)
        let text = grouped(String(rounded / scale)) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
        return numerator < 0 && rounded != 0 ? "−" + text : text
    }

    /// A sentence with the thousands of its numbers set apart, as everywhere; for sentences without years and codes.
    package static func spaced(_ text: String) -> String {
        var spaced = "", run = ""
        for character in text + "\u{0}" {
            if character.isASCII, character.isNumber, !spaced.hasSuffix(".") { run.append(character); continue }
            spaced += run.count > 3 ? grouped(run) : run
            run = ""
            spaced.append(character)
        }
        return String(spaced.dropLast())
    }

    private static func grouped(_ digits: String) -> String {
        guard digits.count > 3 else { return digits }
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += gap }
            text.append(digit)
        }
        return text
    }
}
