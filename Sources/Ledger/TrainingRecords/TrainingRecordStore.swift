import Kit

/// Whose records an export of 培训记录 holds.
package enum TrainingRecordStore {
    /// Living files in the order of their names: those who have (on a day, or ever had) a post in the units, or all
    /// where `units` is nil.
    static func people(in units: [Int64]?, on day: Day?, from db: Reading) throws -> [Int64] {
        guard let units else { return try db.rows("SELECT id FROM person WHERE merged_into IS NULL ORDER BY pinyin, id") { $0.int(0) } }
        let span: SQL = day.map { "AND a.from_day <= \($0) AND a.to_day > \($0)" } ?? ""
        var found: [Int64: String] = [:]
        for chunk in units.chunks(of: 1000) {
            try db.each(
                """
                SELECT p.id, p.pinyin FROM appointment a JOIN person p ON p.id = a.person_id
                WHERE a.organization_id IN (\(list: chunk)) AND p.merged_into IS NULL \(span)
                """
            ) { found[$0.int(0)] = $0.text(1) }
        }
        return found.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
    }
}
