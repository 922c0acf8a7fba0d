import Kit

/// The list of people as pages ask for it: only reading, only inside what the asker may see.
enum PersonListStore {
    struct Ask: Sendable {
        var typed: String
        /// Units whose people are listed, whatever post they hold or held there; nil where everything is in sight.
        var units: [Int64]?
        /// The last row before the page.
        var after: (pinyin: String, id: Int64)?
    }

    /// One page and one more, by pinyin.
    static func people(_ ask: Ask, in db: Reading) throws -> [(id: Int64, pinyin: String)] {
        var conditions = [SQL("p.merged_into IS NULL")]
        if let units = ask.units {
            conditions.append(SQL("EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id AND a.organization_id IN (\(list: units)))"))
        }
        let typed = ask.typed.filter { $0 != "%" && $0 != "_" }
        if !typed.isEmpty {
            let sounds = PinyinReader.query(typed), isLatin = typed.unicodeScalars.allSatisfy(\.isASCII)
            conditions.append(
                isLatin
                    ? SQL("(p.pinyin LIKE \(sounds + "%") OR p.initials LIKE \(sounds + "%") OR p.code = \(ask.typed))")
                    : SQL("p.name LIKE \("%" + typed + "%")"))
        }
        if let after = ask.after {
            conditions.append(SQL("(p.pinyin > \(after.pinyin) OR (p.pinyin = \(after.pinyin) AND p.id > \(after.id)))"))
        }
        return try db.rows(
            SQL("SELECT p.id, p.pinyin FROM person p WHERE \(SQL.join(conditions, separator: " AND ")) ORDER BY p.pinyin, p.id LIMIT \(ListAsk.pageSize + 1)")
        ) { ($0.int(0), $0.text(1)) }
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
