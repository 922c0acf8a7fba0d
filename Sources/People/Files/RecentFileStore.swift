import Access
import Kit
import Register

/// Reads what changed lately in people's files and posts, by the primary keys alone.
enum RecentFileStore {
    static let post = RecentKind("post", "任职变动", place: 10), file = RecentKind("file", "资料更正", place: 20)

    @Sendable static func changes(after id: Int64, limit: Int, today: Day, in db: Reading) throws -> [RecentChange] {
        struct Key: Hashable { let act: Int64, subject: String, subjectID: Int64 }
        let rows = try db.rows(
            SQL(
                """
                SELECT c.act_id, c.subject, c.subject_id, a.organization_id, a.person_id
                FROM act_change c JOIN act t ON t.id = c.act_id AND t.kind NOT IN (\(list: Act.rekeyingKinds.sorted()))
                    LEFT JOIN appointment a ON c.subject = 'appointment' AND a.id = c.subject_id
                WHERE c.id > \(id) AND c.subject IN ('appointment', 'person') ORDER BY c.id DESC LIMIT \(limit)
                """)
        ) { row in (key: Key(act: row.int(0), subject: row.text(1), subjectID: row.int(2)), unit: row.intOrNil(3), person: row.intOrNil(4)) }
        let homes = try RosterStore.homes(of: rows.filter { $0.key.subject == "person" }.map(\.key.subjectID), on: today, in: db)
        var seen: Set<Key> = []
        return rows.compactMap { row in
            guard seen.insert(row.key).inserted else { return nil }
            let isPost = row.key.subject == "appointment"
            // A post that was taken away says no more whose it was.
            guard let unit = isPost ? row.unit : homes[row.key.subjectID], let person = isPost ? row.person : row.key.subjectID else { return nil }
            return RecentChange(isPost ? post : file, unit: unit, person: person, link: "/people/\(person)/history", act: row.key.act)
        }
    }
}
