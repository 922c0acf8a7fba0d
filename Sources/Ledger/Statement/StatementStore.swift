import Kit
import Rules

/// A person's statement out of the database.
package enum StatementStore {
    /// The statement of a person, files merged into theirs included, up to and including `day`; of entries that `isSeen` leaves out nothing
    /// is counted.
    package static func statement(
        of personID: Int64, under policy: Policy, through day: Day, from db: Reading, where isSeen: (HourEntry) -> Bool = { _ in true }
    ) throws -> Statement {
        let entries = try HourEntryStore.entries(of: personID, from: db).filter(isSeen)
        return Statement(entries, under: policy, through: day, origins: try origins(of: Set(entries.map(\.actID)), from: db))
    }

    /// Who did the acts, when and why.
    package static func origins(of acts: Set<Int64>, from db: Reading) throws -> [Int64: Statement.Origin] {
        var found: [Int64: Statement.Origin] = [:]
        for chunk in Array(acts).chunks(of: 1000) {
            try db.each("SELECT id, at_ms, who, kind, why FROM act WHERE id IN (\(list: chunk))") { row in
                found[row.int(0)] = Statement.Origin(atMilliseconds: row.moment(1), who: row.text(2), kind: row.text(3), why: row.text(4))
            }
        }
        return found
    }
}
