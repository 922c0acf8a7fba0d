import Rules

/// A clause of a policy and how it is watched.
struct Clause: Sendable {
    enum Watch: Sendable {
        /// By figures: the rule's place in the policy.
        case figure(Int)
        /// By the calendar, or as something that must be there.
        case duty(Policy.Duty)
    }

    let id: String
    let title: String
    let clause: String
    let quote: String
    let watch: Watch

    /// All clauses of a policy in the order of their ids: A2 before A10.
    static func all(of policy: Policy) -> [Clause] {
        let figures = policy.rules.enumerated().map { place, rule in
            Clause(id: rule.id, title: rule.title, clause: rule.clause, quote: rule.quote, watch: .figure(place))
        }
        let duties = policy.duties.map { Clause(id: $0.id, title: $0.title, clause: $0.clause, quote: $0.quote, watch: .duty($0)) }
        return (figures + duties).sorted { order($0.id) < order($1.id) }
    }

    /// Letters, then the number, then the id itself.
    private static func order(_ id: String) -> (String, Int, String) {
        let letters = id.prefix { !$0.isNumber }
        return (String(letters), Int(id.dropFirst(letters.count).prefix { $0.isNumber }) ?? 0, id)
    }
}

/// Where the figures of one rule stand in a unit: by their verdicts, and the one that lacks most.
struct ClauseStanding: Sendable {
    let findings: [Finding]

    func count(_ verdict: Verdict) -> Int { findings.count { $0.verdict == verdict } }

    /// The verdict that is told of all of them: what is missed before what is open; nil for figures without one.
    var verdict: Verdict? { [.unmet, .pending, .unknown, .met, .notApplicable].first { count($0) > 0 } }

    /// The finding whose names are looked at first.
    var first: Finding? { findings.first { $0.verdict == verdict } ?? findings.first }

    /// Findings with a verdict that says something.
    var judged: Int { findings.count { $0.verdict != nil && $0.verdict != .notApplicable } }
}
