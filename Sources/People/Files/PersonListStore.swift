import Kit

/// Lists of people in a set of units, by pinyin.
package enum PersonListStore {
    /// Which posts count for being on the list.
    package enum Posts: String, CaseIterable, Sendable {
        case present, past, all
        package var word: String {
            switch self {
            case .present: "在任"
            case .past: "已离任"
            case .all: "全部"
            }
        }
    }

    /// What is typed into the search box, made ready: part of a name, or how it is read.
    package struct Query: Sendable {
        package let name: String
        package let pinyin: String

        package init(_ typed: String) {
            let plain = typed.filter { !$0.isWhitespace && $0 != "%" && $0 != "_" && $0 != "\\" }
            let isLatin = !plain.isEmpty && plain.allSatisfy { $0.isASCII || ($0.isLetter && $0.unicodeScalars.allSatisfy { $0.value < 0x2E80 }) }
            name = isLatin ? "" : plain
            pinyin = isLatin ? PinyinReader.query(plain) : ""
        }
    }

    /// A page of living people with a post in the units: at most one more than `limit`, going on behind `after`.
    /// Nil units are all of them.
    package static func people(
        in units: Set<Int64>?, posts: Posts, on day: Day, query: Query, after: (pinyin: String, id: Int64)?, limit: Int, from db: Reading
    ) throws -> [Person] {
        var conditions: [SQL] = ["p.merged_into IS NULL"]
        if !query.name.isEmpty { conditions.append("p.name LIKE \("%" + query.name + "%")") }
        if !query.pinyin.isEmpty { conditions.append("(p.pinyin LIKE \(query.pinyin + "%") OR p.initials LIKE \(query.pinyin + "%"))") }
        if let after { conditions.append("(p.pinyin, p.id) > (\(after.pinyin), \(after.id))") }
        let inUnits: SQL = units.map { SQL("AND a.organization_id IN (\(list: $0.sorted()))") } ?? ""
        let runs: SQL = "a.from_day <= \(day) AND a.to_day > \(day)"
        let span: SQL =
            switch posts {
            case .present: SQL("AND \(runs)")
            case .past: "AND a.to_day <= \(day)"
            case .all: ""
            }
        if posts == .past {
            conditions.append(SQL("NOT EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id AND \(runs) \(inUnits))"))
        }
        // Few units: their people are gathered first. Many: nearly everybody by pinyin is one of them.
        let source: SQL
        if let units, units.count <= 500 {
            source = "(SELECT DISTINCT a.person_id FROM appointment a WHERE 1 = 1 \(inUnits) \(span)) mine CROSS JOIN person p"
            conditions.append("p.id = mine.person_id")
        } else {
            source = "person p"
            conditions.append(SQL("EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id \(inUnits) \(span))"))
        }
        return try db.rows(
            SQL("SELECT \(RosterStore.personColumns) FROM \(source) WHERE \(SQL.join(conditions, separator: " AND ")) ORDER BY p.pinyin, p.id LIMIT \(limit + 1)"),
            RosterStore.readPerson)
    }

    /// How many people have a post in the units that runs on the day.
    package static func count(in units: Set<Int64>, on day: Day, from db: Reading) throws -> Int {
        Int(try db.count(
            SQL("SELECT count(DISTINCT a.person_id) FROM appointment a WHERE a.organization_id IN (\(list: units.sorted())) AND a.from_day <= \(day) AND a.to_day > \(day)")))
    }

    /// The living files that bear a number: whole, or by its first six and last four characters, or a phone number.
    package static func bearers(typed: String, numbers: PersonalNumbers, in db: Reading) throws -> [Person] {
        let number = typed.uppercased()
        var conditions: [SQL] = []
        if number.count == 18 { conditions.append("p.id_index = \(numbers.index(idNumber: number))") }
        if number.count == 10, let part = numbers.index(idNumberPart: number) { conditions.append("p.id_part_index = \(part)") }
        if number.count == 11 { conditions.append("p.phone_index = \(numbers.index(phone: number))") }
        guard !conditions.isEmpty else { return [] }
        let found = try db.rows(
            SQL("SELECT \(RosterStore.personColumns) FROM person p WHERE \(SQL.join(conditions, separator: " OR ")) ORDER BY p.pinyin, p.id LIMIT 50"),
            RosterStore.readPerson)
        var living: [Person] = []
        for person in found {
            if let person = try RosterStore.living(person.id, in: db), !living.contains(where: { $0.id == person.id }) { living.append(person) }
        }
        return living
    }

    /// The number in what was typed, without blanks and the stars of a masked one; nil where it is none.
    package static func number(in typed: String) -> String? {
        let plain = typed.filter { !$0.isWhitespace && $0 != "*" && $0 != "-" }.uppercased()
        guard [10, 11, 18].contains(plain.count), plain.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
            let last = plain.last, last.isASCII, last.isNumber || last == "X"
        else { return nil }
        return plain
    }
}
