/// Kinds of training as one thread meets them, and how it reads their amounts.
package struct EntryKinds: Sendable {
    private let convertingForms: Set<String>
    private(set) var kinds = Kinds()
    private var converts: [Bool] = []

    package init(vocabulary: Vocabulary) {
        convertingForms = Columns.convertingForms(of: vocabulary)
    }

    /// The number of a kind of training, for `EntryRun.append`.
    package mutating func number(of kind: Columns.Kind) -> Int32 {
        let number = kinds.index(of: kind)
        if Int(number) == converts.count { converts.append(convertingForms.contains(kind.form)) }
        return number
    }

    @inline(__always) fileprivate func converts(_ kind: Int32) -> Bool { converts[Int(kind)] }
}

/// Entries in the order of the ledger, gathered on one thread: the quick way of many rows into columns. Their kinds
/// have the numbers of the `EntryKinds` they were read with.
package struct EntryRun: Sendable {
    private(set) var rows = Pieces<OwnedRow>()

    struct OwnedRow: BitwiseCopyable {
        let row: Columns.Row
        let person: Int32
    }

    package init() {}

    package var count: Int { rows.count }

    /// Adds an entry of a person; days, amounts and sign as in `Columns.Entry`.
    @inline(__always)
    package mutating func append(
        kind: Int32, of kinds: EntryKinds, from: Int32, to: Int32, halfDays: Int32?, hours: Int32?, isReversal: Bool, person: Int32
    ) {
        let amount = Columns.Row.amount(halfDays: halfDays, hours: hours, converts: kinds.converts(kind), isReversal: isReversal)
        rows.append(OwnedRow(row: Columns.Row(from: from, to: to, amount: amount, kind: kind), person: person))
    }
}

extension Columns {
    /// Adds a run of entries; returns the people they belong to.
    package mutating func append(_ run: EntryRun, kinds: EntryKinds) -> Set<Int32> {
        let numbers = take(kinds.kinds)
        var people: Set<Int32> = []
        run.rows.forEachPiece { piece in
            for owned in piece {
                append(owned.row.numbered(numbers), of: owned.person)
                people.insert(owned.person)
            }
        }
        return people
    }

    /// Whether both show the same organisation chart.
    package func hasChart(of other: Columns) -> Bool { chart == other.chart }
}
