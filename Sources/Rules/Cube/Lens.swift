/// What the loop over people reads, as bare numbers and pointers: a reference counted in every row would cost more
/// than the row.
///
/// Unchecked because the pointers belong to the slabs of an `Assessment` that nobody writes after it is made;
/// whoever holds a lens keeps its assessment alive.
struct Lens: @unchecked Sendable {
    struct Line: BitwiseCopyable {
        let group: UInt64
        let isShare: Bool
        let fact: Int
        let firstTest: Int
        let endTest: Int
        let quota: Int64
        /// Where the line's sum stands among the slots of a unit; what it lacks stands next.
        let slot: Int
    }

    let lines: UnsafePointer<Line>
    let lineCount: Int
    let tests: UnsafePointer<Assessment.Test>
    let groupFacts: UnsafePointer<UInt32>
    /// Where the heads of each group are counted.
    let headSlots: UnsafePointer<Int>
    let starts: UnsafePointer<Int32>
    let ends: UnsafePointer<Int32>
    let kindFacts: UnsafePointer<UInt64>
    let kindHost: UnsafePointer<Int32>
    let kindHostEnd: UnsafePointer<Int32>
    let descriptionGroups: UnsafePointer<UInt64>
    let unitGroups: UnsafePointer<UInt64>
    let personGroups: UInt64
    let clockGroups: UInt64
    let factCount: Int
    let isHours: UInt32
    let isRecords: UInt32
    let ofYear: UInt32
    let earliest: Int32
    let yearStart: Int32
    let lastDay: Int32
    let dayHours: Int64
    let halfDayHours: Int64

    // MARK: One record

    /// The facts out of `asked` that a record counts for, of a person of this unit, its days apart.
    @inline(__always) func facts(of row: Columns.Row, unit: Int32, asked: UInt32) -> UInt32 {
        let kind = Int(row.kind)
        let mask = kindFacts[kind]
        var facts = UInt32(truncatingIfNeeded: mask) & asked
        let above = UInt32(truncatingIfNeeded: mask >> 32) & asked & ~facts
        // Strictly above: the unit lies inside the host's subtree and is not the host itself.
        if above != 0, kindHost[kind] < unit, unit < kindHostEnd[kind] { facts |= above }
        return facts
    }

    /// Hours of a record in hundredths, as this policy reads them (reading 1).
    @inline(__always) func hours(of row: Columns.Row) -> Int64 {
        let amount = Int64(row.amount & Columns.Row.amountMask)
        if row.amount & Columns.Row.halfDaysBit == 0 { return amount }
        return amount / 2 * dayHours + amount % 2 * halfDayHours
    }

    /// What a record adds to a fact inside a window: reading 6 for hours and records, reading 7 for calendar days.
    @inline(__always) func value(of row: Columns.Row, fact: Int, from start: Int32, to end: Int32) -> Int64 {
        let bit: UInt32 = 1 << UInt32(truncatingIfNeeded: fact)
        let value: Int64
        if isRecords & bit != 0 {
            value = start <= row.to && row.to <= end ? 1 : 0
        } else {
            let from = max(row.from, start), to = min(row.to, end)
            if to < from {
                value = 0
            } else if isHours & bit == 0 {
                value = Int64(to - from + 1)
            } else {
                let hours = hours(of: row)
                if from == row.from && to == row.to {
                    value = hours
                } else {
                    let days = Int64(row.to - row.from + 1)
                    value = hours * Int64(to - row.from + 1) / days - hours * Int64(from - row.from) / days
                }
            }
        }
        return row.isReversal ? -value : value
    }

    /// Adds what a record counts for to the facts of a person of this unit.
    @inline(__always) func gather(_ row: Columns.Row, unit: Int32, asked: UInt32, into sums: UnsafeMutablePointer<Int64>) {
        var facts = facts(of: row, unit: unit, asked: asked)
        if facts == 0 || row.to < earliest || row.from > lastDay { return }
        if row.to < yearStart { facts &= ~ofYear }
        while facts != 0 {
            let fact = facts.trailingZeroBitCount
            sums[fact] += value(of: row, fact: fact, from: starts[fact], to: ends[fact])
            facts &= facts - 1
        }
    }

    // MARK: One head

    /// The groups a person counts in, by primary unit and what the post says.
    @inline(__always) func groups(unit: Int32, what: Int32) -> UInt64 {
        unit < 0 ? 0 : unitGroups[Int(unit)] & descriptionGroups[Int(what)]
    }

    @inline(__always) func asked(by groups: UInt64) -> UInt32 {
        var groups = groups, facts: UInt32 = 0
        while groups != 0 {
            facts |= groupFacts[groups.trailingZeroBitCount]
            groups &= groups - 1
        }
        return facts
    }

    /// Whether a head meets the condition of a share.
    @inline(__always) func isMet(_ line: Line, _ sums: UnsafePointer<Int64>) -> Bool {
        var holds = true
        for index in line.firstTest..<line.endTest {
            let test = tests[index]
            if test.isAtLeast ? sums[test.fact] < test.amount : sums[test.fact] > test.amount { holds = false }
            if test.endsAlternative {
                if holds { return true }
                holds = true
            }
        }
        return false
    }

    /// The fewest hours (hundredths) that would make a head meet the condition; 0 where hours do not help.
    func hoursLacking(_ line: Line, _ sums: UnsafePointer<Int64>) -> Int64 {
        var least: Int64?, here: Int64 = 0, helps = true
        for index in line.firstTest..<line.endTest {
            let test = tests[index]
            if test.isHours && test.isAtLeast {
                here += max(0, test.amount - sums[test.fact])
            } else if test.isAtLeast ? sums[test.fact] < test.amount : sums[test.fact] > test.amount {
                helps = false
            }
            if test.endsAlternative {
                if helps { least = min(least ?? here, here) }
                (here, helps) = (0, true)
            }
        }
        return least ?? 0
    }

    // MARK: What one person counts

    /// Tells everything a person counts by the primary post: position, slot and value. The person's rows are given
    /// in two pieces, those of the base and those that came since.
    @inline(__always) func countHead(
        unit: Int32, what: Int32, _ rows: UnsafeBufferPointer<Columns.Row>, since: [Columns.Row], _ sums: UnsafeMutablePointer<Int64>,
        _ tell: (Int, Int, Int64) -> Void
    ) {
        let groups = groups(unit: unit, what: what) & personGroups
        if groups == 0 { return }
        let asked = asked(by: groups)
        for fact in 0..<factCount { sums[fact] = 0 }
        if asked != 0 {
            for row in rows { gather(row, unit: unit, asked: asked, into: sums) }
            for row in since { gather(row, unit: unit, asked: asked, into: sums) }
        }
        tellHead(groups, Int(unit), sums, tell)
    }

    @inline(__always) func tellHead(_ groups: UInt64, _ unit: Int, _ sums: UnsafeMutablePointer<Int64>, _ tell: (Int, Int, Int64) -> Void) {
        for index in 0..<lineCount {
            let line = lines[index]
            guard groups & line.group != 0 else { continue }
            if !line.isShare {
                let sum = sums[line.fact]
                if sum != 0 { tell(unit, line.slot, sum) }
                if sum < line.quota { tell(unit, line.slot + 1, 1) }
            } else if isMet(line, sums) {
                tell(unit, line.slot, 1)
            } else {
                let hours = hoursLacking(line, sums)
                if hours != 0 { tell(unit, line.slot + 1, hours) }
            }
        }
        var rest = groups
        while rest != 0 {
            tell(unit, headSlots[rest.trailingZeroBitCount], 1)
            rest &= rest - 1
        }
    }
}
