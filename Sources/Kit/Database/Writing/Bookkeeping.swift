/// What a closure can do outside of an act: note in a few tables how work stands, and nothing else.
///
/// Who asked for a piece of work, who gave it up and what it did are acts. That a server has it in hand, how far it has come and
/// when it is tried again change many times a minute and say nothing of anybody.
package final class Bookkeeping: Reading {
    /// The tables of which rows are written without an act.
    package static let tables: Set<String> = ["job_run", "job_slot"]

    /// Milliseconds since 1970-01-01 UTC.
    package let now: Int64
    private(set) var last: Int64
    private(set) var hasChanged = false

    /// Refusal `database.corrupt` where the counter of ids says what nobody gave out.
    init(connection: any Connection, last: Int64, now: Int64) throws {
        guard (0...Writing.farthest).contains(last) else { throw Refusal.corrupt("tail.last_id \(last)") }
        self.last = last
        self.now = now
        super.init(connection: connection)
    }

    /// A new id, larger than every id committed before.
    package func nextID() -> Int64 {
        last += 1
        return last
    }

    /// Runs a statement on one of `tables`; the number of rows it changed. Any other table is a fault of the program.
    @discardableResult
    package func run(_ sql: SQL) throws -> Int {
        guard KeptRows.table(writtenBy: sql).map(Self.tables.contains) ?? false else {
            throw DatabaseFault(message: "only an act writes to this table", statement: sql.text)
        }
        let rows = try connection.query(sql) { _ in true }
        if rows > 0 { hasChanged = true }
        return rows
    }
}
