import Synchronization

/// Something read from the database that is kept in memory, and read anew only after rows of some kinds have changed, by whatever server.
package final class LiveValue<Value: Sendable>: Sendable {
    private let subjects: [String]
    private let kept = Mutex<(value: Value, lastID: Int64)?>(nil)

    /// `subjects` are the kinds of rows that it is made of, as acts call them.
    package init(of subjects: [String]) { self.subjects = subjects }

    /// The value as of what `db` sees; `isWanted` refuses one that was made for something else.
    package func value(in db: Reading, where isWanted: (Value) -> Bool = { _ in true }, _ read: () throws -> Value) throws -> Value {
        let lastID = try db.lastID(), kept = kept.withLock { $0 }
        let found: Value
        if let kept, isWanted(kept.value), try kept.lastID == lastID || !ActStore.hasChanged(subjects, after: kept.lastID, in: db) {
            found = kept.value
        } else {
            found = try read()
        }
        // Of two at once the later snapshot stays.
        self.kept.withLock { if $0.map({ $0.lastID <= lastID || !isWanted($0.value) }) ?? true { $0 = (found, lastID) } }
        return found
    }
}
