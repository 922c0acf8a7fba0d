/// How an import is asked to behave.
package struct ImportOptions: Sendable {
    /// Take the valid rows even where others are wrong (`--partial`).
    package var partial: Bool
    /// The day from which a changed place in the tree holds (`--effective`).
    package var effective: Day?
    /// Called now and then with rows done and the rows there are, as far as known.
    package var progress: @Sendable (_ done: Int, _ total: Int?) -> Void

    package init(partial: Bool = false, effective: Day? = nil, progress: @escaping @Sendable (Int, Int?) -> Void = { _, _ in }) {
        self.partial = partial
        self.effective = effective
        self.progress = progress
    }
}

/// What an import found: counts, and on which row and column what is wrong or odd.
package struct ImportReport: Sendable {
    /// One sentence about a row of the sheet; `column` is the title of the wrong column, nil for the row as a whole.
    package struct Note: Hashable, Sendable {
        package let row: Int
        package let column: String?
        /// What stands in the cell, as shown to the user. Never a whole ID or phone number outside the user's own file.
        package let found: String
        package let sentence: String
        /// The name of the refusal where an act was refused as a page refuses it; empty for what is wrong with a cell.
        package let refusal: String

        package init(row: Int, column: String?, found: String = "", sentence: String, refusal: String = "") {
            self.row = row
            self.column = column
            self.found = found
            self.sentence = sentence
            self.refusal = refusal
        }
    }

    package var rows = 0
    package var new = 0
    package var changed = 0
    package var unchanged = 0
    /// Rows with at least one error.
    package var rejected = 0
    /// Hidden or filtered rows among those read; they are imported like any other.
    package var hidden = 0
    /// What is wrong, as much of it as anybody works through; `wrongRows` has every row.
    package private(set) var errors: [Note] = []
    package private(set) var wrongRows: Set<Int> = []
    /// Oddities that are possible in life: listed, never errors, without effect on the exit status.
    package var hints: [Note] = []
    package var unknownColumns: [String] = []
    /// False for a file with errors that was not asked to go in partially.
    package var applied = false

    package init() {}

    /// More notes than this are not kept: a file of which everything is wrong is as large as memory.
    package static let mostNotes = 50_000

    package mutating func add(_ faults: [Note]) {
        for fault in faults { wrongRows.insert(fault.row) }
        errors += faults.prefix(max(0, Self.mostNotes - errors.count))
    }

    package mutating func addHint(_ hint: Note) {
        if hints.count < Self.mostNotes { hints.append(hint) }
    }

    /// By row.
    package mutating func sort() {
        errors.sort { $0.row < $1.row }
        hints.sort { $0.row < $1.row }
    }
}
