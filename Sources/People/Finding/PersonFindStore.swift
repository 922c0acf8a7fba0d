import Kit
import Register

/// People as the search of the frame finds them: a few by name, sound or code, the best first. Over many units each way of typing is asked by
/// the index that leads there; of few the people are gathered from their posts.
enum PersonFindStore {
    struct Ask: Sendable {
        let typed: String
        /// Units whose people are found; nil where everything is in sight.
        let units: [Int64]?
        let limit: Int
    }

    /// As for the list: up to so many units the people are found from their posts.
    private static let fewUnits = 400
    /// Nothing sorts behind it.
    private static let last = "\u{10FFFF}"

    /// Ids, the best first, each once.
    static func people(_ ask: Ask, in db: Reading) throws -> [Int64] {
        let isFew = ask.units.map { $0.count <= fewUnits } ?? false
        return isFew ? try ofFew(ask, in: db) : try ofMany(ask, in: db)
    }

    /// Neither merged into another file nor deleted.
    private static let alive: SQL = "p.merged_into IS NULL AND length(p.id_part_index) > 0"

    private static func ofFew(_ ask: Ask, in db: Reading) throws -> [Int64] {
        let typed = ask.typed, sounds = PinyinReader.query(typed), end = sounds + "~"
        let (fits, order): (SQL, SQL) = isSound(typed) && !sounds.isEmpty
            ? (SQL("(p.pinyin >= \(sounds) AND p.pinyin < \(end) OR p.initials >= \(sounds) AND p.initials < \(end) OR p.code = \(typed))"),
                SQL("CASE WHEN p.code = \(typed) THEN 0 WHEN p.pinyin = \(sounds) OR p.initials = \(sounds) THEN 1 ELSE 2 END"))
            : (SQL("(p.name LIKE \("%" + typed + "%") OR p.code = \(typed))"),
                SQL("CASE WHEN p.name = \(typed) OR p.code = \(typed) THEN 0 WHEN p.name LIKE \(typed + "%") THEN 1 ELSE 2 END"))
        return try db.rows(SQL("""
            SELECT p.id FROM person p WHERE \(alive) AND p.id IN (SELECT a.person_id FROM appointment a WHERE a.organization_id IN (\(list: ask.units ?? [])))
                AND \(fits) ORDER BY \(order), p.pinyin || '', p.id LIMIT \(ask.limit)
            """)) { $0.int(0) }
    }

    private static func ofMany(_ ask: Ask, in db: Reading) throws -> [Int64] {
        let typed = ask.typed, sounds = PinyinReader.query(typed)
        var found: [Int64] = []
        func take(_ fits: SQL, by order: SQL) throws {
            guard found.count < ask.limit else { return }
            let here: SQL = ask.units.map {
                SQL("EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id AND +a.organization_id IN (\(list: $0)))")
            } ?? "1 = 1"
            for id in try db.rows(SQL("SELECT p.id FROM person p WHERE \(fits) AND \(alive) AND \(here) ORDER BY \(order) LIMIT \(ask.limit)"), { $0.int(0) })
            where found.count < ask.limit && !found.contains(id) { found.append(id) }
        }
        try take(SQL("p.code = \(typed)"), by: "p.code")
        guard isSound(typed) else {
            // What stands inside a name has no index over a whole city: that is for the list.
            try take(SQL("p.name >= \(typed) AND p.name < \(typed + last)"), by: "p.name, p.birth_day")
            return found
        }
        guard !sounds.isEmpty else { return found }
        try take(SQL("p.initials = \(sounds)"), by: "p.initials")
        try take(SQL("p.pinyin >= \(sounds) AND p.pinyin < \(sounds + "~")"), by: "p.pinyin, p.id")
        try take(SQL("p.initials >= \(sounds) AND p.initials < \(sounds + "~")"), by: "p.initials")
        return found
    }

    private static func isSound(_ typed: String) -> Bool { typed.unicodeScalars.allSatisfy(\.isASCII) }
}
