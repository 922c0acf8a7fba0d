/// What one person's standing on a line comes to, alternative by alternative: "12 days or 90 hours".
extension Cube {
    /// One bound of a condition and how far the person is. Hours in hundredths, calendar days or records.
    package struct Need: Sendable, Equatable {
        /// Index into the policy's facts.
        package let fact: Int
        package let had: Int64
        package let needed: Int64
        package var lacking: Int64 { max(0, needed - had) }
    }

    /// The alternatives of the standing's condition, any of which suffices when all of its needs are met. Only lower
    /// bounds are told: nobody can do anything about having learned too much.
    package func needs(of standing: PersonalStanding) -> [[Need]] {
        let amounts = Dictionary(zip(standing.facts, standing.head.amounts), uniquingKeysWith: { first, _ in first })
        var alternatives: [[Need]] = [[]]
        for index in assessment.lines[standing.line].tests {
            let test = assessment.tests[index]
            if test.isAtLeast { alternatives[alternatives.count - 1].append(Need(fact: test.fact, had: amounts[test.fact] ?? 0, needed: test.amount)) }
            if test.endsAlternative { alternatives.append([]) }
        }
        return alternatives.filter { !$0.isEmpty }
    }

    /// The yearly means a person counts in: what the unit is to reach per head, and what the person brings to it.
    package func means(of person: Int32) -> [Need] {
        guard Int(person) < roster.unit.count, roster.unit[Int(person)] >= 0 else { return [] }
        let groups = assessment.groups(unit: roster.unit[Int(person)], what: roster.what[Int(person)])
        return assessment.lines.filter { $0.shape == .mean && groups & (1 << UInt64(truncatingIfNeeded: $0.group)) != 0 }.compactMap { line in
            line.needed.map { Need(fact: line.fact, had: amount(fact: line.fact, of: person), needed: $0.numerator) }
        }
    }
}
