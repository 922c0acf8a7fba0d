/// Entries in the order of the ledger, gathered on one thread: the quick way of many rows into columns.
package struct EntryRun: Sendable {
    private let convertingForms: Set<String>
    private(set) var kinds = Interned<Columns.Kind>()
    private var converts: [Bool] = []
    private(set) var rows: [Columns.Row] = []
    private(set) var people: [Int32] = []

    package init(vocabulary: Vocabulary) {
        convertingForms = Set(vocabulary.forms.words.filter(\.convertsDays).map(\.key))
    }

    package var count: Int { rows.count }

    /// The number of a kind of training, for `append`.
    package mutating func kind(_ kind: Columns.Kind) -> Int32 {
        let number = kinds.index(of: kind)
        if Int(number) == converts.count { converts.append(convertingForms.contains(kind.form)) }
        return number
    }

    /// Adds an entry of a person; days, amounts and sign as in `Columns.Entry`.
    @inline(__always)
    package mutating func append(kind: Int32, from: Int32, to: Int32, halfDays: Int32?, hours: Int32?, isReversal: Bool, of person: Int32) {
        let amount = Columns.Row.amount(halfDays: halfDays, hours: hours, converts: converts[Int(kind)], isReversal: isReversal)
        rows.append(Columns.Row(from: from, to: to, amount: amount, kind: kind))
        people.append(person)
    }
}

extension Columns {
    /// Adds a run of entries; returns the people they belong to.
    package mutating func append(_ run: EntryRun) -> Set<Int32> {
        let numbers = run.kinds.values.map { kindNumber(of: $0) }
        for (row, person) in zip(run.rows, run.people) {
            append(Row(from: row.from, to: row.to, amount: row.amount, kind: numbers[Int(row.kind)]), of: person)
        }
        return Set(run.people)
    }

    /// Whether both show the same organisation chart.
    package func hasChart(of other: Columns) -> Bool { chart == other.chart }
}
