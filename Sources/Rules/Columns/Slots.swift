/// Where the sums of a policy stand in the row of numbers that each unit has.
struct Slots {
    /// Of each group: its heads.
    let heads: Slab<Int>
    /// Of each line: its first slot. Heads' lines have their sum and what it lacks; those of terms of office also the
    /// unmet ones that are over; norms their units, those that keep it, the unknown ones, those over it and the posts
    /// they lack; vacancies those that fall due and those filled in time.
    let lines: [Int]
    /// Slots that a unit does not hand up to those above it.
    let isKept: [Bool]

    init(_ policy: Policy) {
        heads = Slab<Int>(count: policy.groups.count, repeating: 0)
        var lines = [Int](repeating: 0, count: policy.lines.count), isKept: [Bool] = []
        // The slots of one group stand together: a head touches few places of a unit's row.
        for group in policy.groups.indices {
            heads[group] = isKept.count
            isKept.append(false)
            for (index, line) in policy.lines.enumerated() where line.group == group {
                lines[index] = isKept.count
                isKept += Slots.kept(line.shape, isOfTerms: policy.groups[group].terms != nil)
            }
        }
        self.lines = lines
        self.isKept = isKept
    }

    private static func kept(_ shape: Policy.Shape, isOfTerms: Bool) -> [Bool] {
        switch shape {
        case .mean, .total, .share: [Bool](repeating: false, count: isOfTerms ? 3 : 2)
        // A record counts once for a unit, and once for each unit above, however many terms it touches there.
        case .times: [true, true]
        // What a unit hosts itself, and what those below that count for it host.
        case .hosted: [true, false]
        case .trainings: [true]
        case .norm: [Bool](repeating: false, count: 5)
        case .vacancy: [false, false]
        }
    }
}
