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
}
