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

    /// What has come to units that an import has made: people and units below them.
    static func standing(on unmaking: Unmaking, in db: Reading) throws -> [Dependent] {
        guard !unmaking.units.isEmpty else { return [] }
        let posts = try db.rows(
            SQL(
                """
                SELECT organization_id, count(*) FROM appointment WHERE organization_id IN (\(list: unmaking.units)) AND id NOT IN (\(list: unmaking.posts))
                GROUP BY organization_id ORDER BY organization_id LIMIT \(Dependent.most)
                """)
        ) { Dependent(.unit($0.int(0)), "已登记 \(Numbers.count($0.count(1))) 条任职", link: "/people?unit=\($0.int(0))") }
        let below = try db.rows(
            SQL(
                """
                SELECT DISTINCT parent_id FROM organization_version WHERE parent_id IN (\(list: unmaking.units)) AND organization_id NOT IN (\(list: unmaking.units))
                ORDER BY parent_id LIMIT \(Dependent.most)
                """)
        ) { Dependent(.unit($0.int(0)), "已有别的单位在它之下") }
        return posts + below
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
