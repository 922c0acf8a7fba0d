import Kit
import Register

/// Reads what changed after an id, by the primary keys alone.
enum RecentChangeStore {
    /// The changes of rows and the new entries after an id, newest first, at most `limit` of each.
    static func changes(after id: Int64, limit: Int, today: Day, in db: Reading) throws -> [RecentChange] {
        struct Key: Hashable { let act: Int64, subject: String, subjectID: Int64 }
        let rows = try db.rows(
            SQL(
                """
                SELECT c.act_id, c.subject, c.subject_id, a.organization_id, a.person_id, v.organization_id
                FROM act_change c JOIN act t ON t.id = c.act_id AND t.kind NOT IN (\(list: Act.rekeyingKinds.sorted())) LEFT JOIN appointment a ON c.subject = 'appointment' AND a.id = c.subject_id
                    LEFT JOIN organization_version v ON c.subject = 'organization_version' AND v.id = c.subject_id
                WHERE c.id > \(id) AND c.subject IN ('appointment', 'person', 'organization_version') ORDER BY c.id DESC LIMIT \(limit)
                """)
        ) { row in
            (
                key: Key(act: row.int(0), subject: row.text(1), subjectID: row.int(2)), postUnit: row.intOrNil(3), postPerson: row.intOrNil(4),
                unit: row.intOrNil(5)
            )
        }
        let entries = try db.rows(SQL("SELECT act_id, id, person_id FROM hour_entry WHERE id > \(id) ORDER BY id DESC LIMIT \(limit)")) {
            (act: $0.int(0), id: $0.int(1), person: $0.int(2))
        }
        let homes = try homes(of: rows.filter { $0.key.subject == "person" }.map(\.key.subjectID) + entries.map(\.person), today, in: db)
        var seen: Set<Key> = [], found: [RecentChange] = []
        for row in rows where seen.insert(row.key).inserted {
            switch row.key.subject {
            case "appointment":
                if let unit = row.postUnit, let person = row.postPerson {
                    found.append(RecentChange(kind: .post, unitID: unit, personID: person, recordID: nil, actID: row.key.act))
                }
            case "person":
                if let unit = homes[row.key.subjectID] {
                    found.append(RecentChange(kind: .file, unitID: unit, personID: row.key.subjectID, recordID: nil, actID: row.key.act))
                }
            default:
                if let unit = row.unit { found.append(RecentChange(kind: .unit, unitID: unit, personID: nil, recordID: nil, actID: row.key.act)) }
            }
        }
        for entry in entries {
            if let unit = homes[entry.person] {
                found.append(RecentChange(kind: .hours, unitID: unit, personID: entry.person, recordID: entry.id, actID: entry.act))
            }
        }
        return found.sorted { $0.actID > $1.actID }
    }

    static func acts(_ ids: Set<Int64>, in db: Reading) throws -> [ActRecord] { try ids.compactMap { try ActStore.act($0, in: db) } }

    private static func homes(of people: [Int64], _ today: Day, in db: Reading) throws -> [Int64: Int64] {
        let posts = Dictionary(grouping: try RosterStore.appointments(of: Array(Set(people)), in: db), by: \.personID)
        return posts.compactMapValues { $0.home(on: today)?.organizationID }
    }
}
