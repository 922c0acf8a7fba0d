import Kit
import Register

/// Training records by what they are called. Titles have no index, so it is looked for in so many as a page can wait for.
enum RecordFindStore {
    /// Up to so many units the records are those of their people; beyond, the latest of the ledger.
    private static let fewUnits = 400
    private static let mostPeople = 3000, mostEntries: Int64 = 20_000

    /// Whether the records of all people of these units are looked through.
    static func isWhole(_ units: [Int64]?) -> Bool { units.map { $0.count <= fewUnits } ?? false }

    /// Records that stand and whose title holds `typed`, the latest entered first; people whose posts lie in `units`, all where it is nil.
    static func records(_ typed: String, units: [Int64]?, limit: Int, in db: Reading) throws -> [Int64] {
        let stands: SQL = """
            h.sign = 1 AND NOT EXISTS (SELECT 1 FROM hour_entry r WHERE r.person_id = h.person_id AND r.source_key = h.source_key AND r.revision = h.revision AND r.sign = -1)
            """
        let reach: SQL
        if let units, units.count <= fewUnits {
            reach = SQL("h.person_id IN (SELECT DISTINCT a.person_id FROM appointment a WHERE a.organization_id IN (\(list: units)) LIMIT \(mostPeople))")
        } else {
            let start = try db.first(SQL("SELECT id FROM hour_entry ORDER BY id DESC LIMIT 1 OFFSET \(mostEntries)"), { $0.int(0) }) ?? 0
            let here: SQL = units.map {
                SQL("EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = h.person_id AND +a.organization_id IN (\(list: $0)))")
            } ?? "1 = 1"
            reach = SQL("h.id > \(start) AND \(here)")
        }
        return try db.rows(SQL("SELECT h.id FROM hour_entry h WHERE \(reach) AND h.title LIKE \("%" + typed + "%") AND \(stands) ORDER BY h.id DESC LIMIT \(limit)")) { $0.int(0) }
    }
}
