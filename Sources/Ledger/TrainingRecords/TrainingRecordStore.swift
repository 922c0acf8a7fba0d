import Kit

/// What an import of 培训记录 asks of roster and tree, many rows at a time.
package enum TrainingRecordStore {
    struct Span: Sendable {
        let personID: Int64
        let organizationID: Int64
        let from: Day
        let to: Day
    }

    /// The living person of each blind index.
    static func people(idIndexes: Set<[UInt8]>, from db: Reading) throws -> [[UInt8]: (id: Int64, name: String)] {
        var found: [[UInt8]: (id: Int64, name: String)] = [:]
        found.reserveCapacity(idIndexes.count)
        for chunk in Array(idIndexes).chunks(of: 1000) {
            try db.each("SELECT id_index, id, name FROM person WHERE merged_into IS NULL AND id_index IN (\(list: chunk))") {
                found[$0.blob(0)] = ($0.int(1), $0.text(2))
            }
        }
        return found
    }

    static func appointments(of personIDs: [Int64], from db: Reading) throws -> [Span] {
        try personIDs.chunks(of: 1000).flatMap { chunk in
            try db.rows("SELECT person_id, organization_id, from_day, to_day FROM appointment WHERE person_id IN (\(list: chunk))") {
                Span(personID: $0.int(0), organizationID: $0.int(1), from: $0.day(2), to: $0.day(3))
            }
        }
    }

    static func organizations(codes: Set<String>, from db: Reading) throws -> [String: Int64] {
        var found: [String: Int64] = [:]
        for chunk in Array(codes).chunks(of: 1000) {
            try db.each("SELECT code, id FROM organization WHERE code IN (\(list: chunk))") { found[$0.text(0)] = $0.int(1) }
        }
        return found
    }

    /// The last known name of every organisation, by code.
    static func allOrganizations(from db: Reading) throws -> [String: String] {
        var found: [String: String] = [:]
        try db.each(
            "SELECT o.code, v.name FROM organization o JOIN organization_version v ON v.organization_id = o.id ORDER BY v.from_day"
        ) { found[$0.text(0)] = $0.text(1) }
        return found
    }
}
