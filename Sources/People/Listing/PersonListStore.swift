import Kit
import Register

/// The list of people as pages ask for it: only reading, only inside what the asker may see.
enum PersonListStore {
    /// Something that should stand in the file of everybody in post, and does not yet.
    enum Missing: String, CaseIterable, Sendable {
        case category, phone, education

        var word: String {
            switch self {
            case .category: "人员类别"
            case .phone: "手机号"
            case .education: "学历"
            }
        }
    }

    struct Ask: Sendable {
        var typed = ""
        /// Units whose people are listed; nil where everything is in sight.
        var units: [Int64]?
        /// Whether those are listed whose posts in the units have all ended, instead of those in post.
        var isPast = false
        var missing: Missing?
        var today: Day
        /// The last row before the page.
        var after: (pinyin: String, id: Int64)?
        /// People at most: a page and one more.
        var limit = ListAsk.pageSize + 1
    }

    /// Up to so many units the list is made from their people; beyond, from the people in the order of their sound.
    private static let fewUnits = 400

    /// Neither merged into another file nor deleted: a deleted one bears no number.
    private static let alive: SQL = "p.merged_into IS NULL AND length(p.id_part_index) > 0"

    /// By pinyin, no more than asked for.
    static func people(_ ask: Ask, in db: Reading) throws -> [(id: Int64, pinyin: String)] {
        let isFew = ask.units.map { $0.count <= fewUnits } ?? false
        var conditions = conditions(ask, isFew: isFew)
        if let after = ask.after {
            conditions.append(SQL("(p.pinyin > \(after.pinyin) OR (p.pinyin = \(after.pinyin) AND p.id > \(after.id)))"))
        }
        // Of few units the people are found first and then put in order; the index of sounds would lead through everybody.
        let order: SQL = isFew ? "p.pinyin || '', p.id" : "p.pinyin, p.id"
        return try db.rows(
            SQL("SELECT p.id, p.pinyin FROM person p WHERE \(SQL.join(conditions, separator: " AND ")) ORDER BY \(order) LIMIT \(ask.limit)")
        ) { ($0.int(0), $0.text(1)) }
    }

    /// Whether counting costs little: of few units, or where an index has those who are meant. Of a whole city it takes longer than its page.
    static func isCounted(_ ask: Ask) -> Bool {
        !ask.isPast && ask.missing == .category || ask.units.map { $0.count <= fewUnits } ?? false
    }

    /// How many there are, counted no further than `most`.
    static func count(_ ask: Ask, most: Int, in db: Reading) throws -> Int {
        let conditions = conditions(ask, isFew: ask.units.map { $0.count <= fewUnits } ?? false)
        return Int(try db.count(
            SQL("SELECT count(*) FROM (SELECT 1 FROM person p WHERE \(SQL.join(conditions, separator: " AND ")) LIMIT \(most)) AS some_people")))
    }

    private static func conditions(_ ask: Ask, isFew: Bool) -> [SQL] {
        let conditions = [Self.alive] + within(ask, isFew: isFew), typed = ask.typed.filter { $0 != "%" && $0 != "_" }
        guard !typed.isEmpty else { return conditions }
        let sounds = PinyinReader.query(typed), end = sounds + "~", isLatin = typed.unicodeScalars.allSatisfy(\.isASCII)
        return conditions + [
            isLatin
                ? SQL("(p.pinyin >= \(sounds) AND p.pinyin < \(end) OR p.initials >= \(sounds) AND p.initials < \(end) OR p.code = \(ask.typed))")
                : SQL("p.name LIKE \("%" + typed + "%")"),
        ]
    }

    private static func within(_ ask: Ask, isFew: Bool) -> [SQL] {
        // Of many units the posts of each person are looked at, never each unit for each person: `+` keeps the index of units out.
        let here: SQL = ask.units.map { isFew ? SQL("a.organization_id IN (\(list: $0))") : SQL("+a.organization_id IN (\(list: $0))") } ?? "1 = 1"
        let running = SQL("a.to_day > \(ask.today)")
        // The few posts without a category have an index of their own: the people are found from there.
        if ask.missing == .category, !ask.isPast {
            return [some(SQL("\(here) AND a.is_primary = 1 AND a.category = '' AND a.from_day <= \(ask.today) AND \(running)"), true)]
        }
        var conditions: [SQL]
        if ask.isPast {
            conditions = [some(SQL("\(here)"), isFew), SQL("NOT EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id AND \(here) AND \(running))")]
        } else {
            conditions = [some(SQL("\(here) AND \(running)"), isFew)]
        }
        switch ask.missing {
        case .phone: conditions.append("p.phone_index IS NULL")
        case .education: conditions.append("p.education = ''")
        case .category, nil: break
        }
        return conditions
    }

    private static func some(_ condition: SQL, _ isFew: Bool) -> SQL {
        isFew
            ? SQL("p.id IN (SELECT a.person_id FROM appointment a WHERE \(condition))")
            : SQL("EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id AND \(condition))")
    }

    /// People by their whole ID number or its first six and last four characters, or by their telephone.
    static func people(number: String, numbers: PersonalNumbers, in db: Reading) throws -> [Int64] {
        if number.count == 18 {
            return try db.rows(SQL("SELECT id FROM person WHERE merged_into IS NULL AND id_index = \(numbers.index(idNumber: number))")) { $0.int(0) }
        }
        if number.count == 11 {
            return try db.rows(SQL("SELECT id FROM person WHERE merged_into IS NULL AND phone_index = \(numbers.index(phone: number))")) { $0.int(0) }
        }
        // Ten characters: the two ends of an ID number, between which the index does not look.
        guard number.count == 10, let index = numbers.index(idNumberPart: number.prefix(6) + "00000000" + number.suffix(4)) else { return [] }
        return try db.rows(SQL("SELECT id FROM person WHERE merged_into IS NULL AND id_part_index = \(index) ORDER BY pinyin, id")) { $0.int(0) }
    }
}
