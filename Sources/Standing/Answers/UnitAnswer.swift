import Rules

/// What a unit's page says first: how many figures are reached, and what most of all is missing.
struct UnitAnswer: Sendable, Equatable {
    /// Findings with a verdict that says something.
    let judged: Int
    let met: Int
    let unmet: Int
    let pending: Int
    let unknown: Int
    /// Up to two findings with the largest shortfall, unmet before pending.
    let worst: [Finding]

    init(_ findings: [Finding]) {
        let judged = findings.filter { $0.verdict != nil && $0.verdict != .notApplicable }
        self.judged = judged.count
        met = judged.count { $0.verdict == .met }
        unmet = judged.count { $0.verdict == .unmet }
        pending = judged.count { $0.verdict == .pending }
        unknown = judged.count { $0.verdict == .unknown }
        worst = Array(
            judged.filter { $0.shortfall != nil }
                .sorted { a, b in
                    if (a.verdict == .unmet) != (b.verdict == .unmet) { return a.verdict == .unmet }
                    return UnitAnswer.share(a) < UnitAnswer.share(b)
                }
                .prefix(2))
    }

    /// What part of the needed is there, in millionths; only for putting the worst first.
    private static func share(_ finding: Finding) -> Int64 {
        guard let needed = finding.needed, needed.numerator > 0, finding.had.denominator > 0 else { return .max }
        let top = finding.had.numerator.multipliedFullWidth(by: needed.denominator * 1_000_000)
        let bottom = finding.had.denominator * needed.numerator
        return top.high >= bottom || bottom <= 0 ? .max : bottom.dividingFullWidth(top).quotient
    }
}

/// Where one line of a unit stood at the end of each year of the policy.
struct Trend: Sendable {
    /// Thousandths of what is needed; of figures without a need, thousandths of the whole. Nil where nobody was counted.
    let values: [Int?]
    let hasThreshold: Bool

    init(_ findings: [Finding]) {
        hasThreshold = findings.contains { $0.needed != nil }
        values = findings.map { finding in
            guard finding.had.denominator > 0, finding.verdict != .notApplicable else { return nil }
            let needed = finding.needed ?? Ratio(1, 1)
            let bottom = Int128(finding.had.denominator) * Int128(needed.numerator)
            guard bottom > 0 else { return nil }
            // Beyond three times the need the line would hide everything else.
            return Int(min(3000, Int128(finding.had.numerator) * Int128(needed.denominator) * 1000 / bottom))
        }
    }

    /// What can be drawn: years in which somebody was counted.
    var drawn: [Int] { values.compactMap { $0 } }
}
