import Access
import Kit

/// What the page of a unit asks of the roster.
enum UnitStore {
    /// How many people have a post on the day in one of the units, at most 30,000 of them.
    static func people(in units: [Int64], on day: Day, from db: Reading) throws -> Int {
        Int(try db.count(
            SQL(
                """
                SELECT count(DISTINCT a.person_id) FROM appointment a
                WHERE a.organization_id IN (\(list: units)) AND a.from_day <= \(day) AND a.to_day > \(day)
                """)))
    }

    static let recentKind = RecentKind("unit", "单位变更", place: 40)

    /// Units that changed after an id, newest first.
    @Sendable static func recent(after id: Int64, limit: Int, today: Day, in db: Reading) throws -> [RecentChange] {
        struct Key: Hashable { let act: Int64, version: Int64 }
        let rows = try db.rows(
            SQL(
                """
                SELECT c.act_id, c.subject_id, v.organization_id
                FROM act_change c JOIN act t ON t.id = c.act_id AND t.kind NOT IN (\(list: Act.rekeyingKinds.sorted())) JOIN organization_version v ON v.id = c.subject_id
                WHERE c.id > \(id) AND c.subject = 'organization_version' ORDER BY c.id DESC LIMIT \(limit)
                """)
        ) { (key: Key(act: $0.int(0), version: $0.int(1)), unit: $0.int(2)) }
        var seen: Set<Key> = []
        return rows.filter { seen.insert($0.key).inserted }.map { RecentChange(recentKind, unit: $0.unit, link: "/organizations/\($0.unit)", act: $0.key.act) }
    }
}
