import Kit

/// What the demo world asks of the database.
enum DemoStore {
    /// Refusal `demo.notEmpty` where anybody has begun to work with the database.
    static func requireEmpty(_ db: Reading) throws {
        for sql in ["SELECT id FROM organization LIMIT 1", "SELECT id FROM person LIMIT 1", "SELECT id FROM account LIMIT 1"] as [SQL] {
            guard try db.first(sql, { $0.int(0) }) == nil else {
                throw Refusal(
                    "demo.notEmpty", "数据库里已经有数据，没有写入演示数据，以免与真实数据混在一起。请用 --database 指定一个新的空数据库，例如 sqlite:data/demo.db。")
            }
        }
    }

    /// The post that a person has in a unit until further notice.
    static func post(of person: Int64, in unit: Int64, _ db: Reading) throws -> Int64? {
        try db.first(
            SQL("SELECT id FROM appointment WHERE person_id = \(person) AND organization_id = \(unit) AND to_day = \(Day.open) ORDER BY is_primary DESC, id LIMIT 1")
        ) { $0.int(0) }
    }

    /// The person of a name whose story began in a unit.
    static func person(named name: String, unit: Int64, _ db: Reading) throws -> Int64? {
        try db.first(SQL("""
            SELECT p.id FROM appointment a JOIN person p ON p.id = a.person_id
            WHERE a.organization_id = \(unit) AND p.name = \(name) ORDER BY a.to_day DESC, p.id LIMIT 1
            """)) { $0.int(0) }
    }
}
