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

    /// What a list of any length is in the order of: its first column is the key after which a page begins.
    enum Order: String, CaseIterable, Sendable {
        case name = "q", code
    }

    /// By what of the post of today a list is put in order that is held whole.
    static let heldOrders: Set<String> = ["place", "title", "category", "span"]

    struct Ask: Sendable {
        var typed = ""
        /// Units whose people are listed; nil where everything is in sight.
        var units: [Int64]?
        /// Whether those are listed whose posts in the units have all ended, instead of those in post.
        var isPast = false
        var missing: Missing?
        /// 人员类别 of a running primary post; empty for any.
        var category = ""
        /// Units of a running primary post, nil for any, and a part of its title.
        var places: [Int64]?, title = ""
        var today: Day
        var order = Order.name, isDescending = false
        /// The last row before the page.
        var after: (text: String, id: Int64)?
        /// People at most: a page and one more.
        var limit = ListAsk.pageSize + 1
    }

    /// Up to so many units the list is made from their people; beyond, from the people in the order of their sound.
    private static let fewUnits = 400

    static func isOfFew(_ units: [Int64]) -> Bool { units.count <= fewUnits }

    /// Neither merged into another file nor deleted: a deleted one bears no number.
    private static let alive: SQL = "p.merged_into IS NULL AND length(p.id_part_index) > 0"

    /// In the order that is asked for, no more than asked for. Of each one the text that the order goes by.
    static func people(_ ask: Ask, in db: Reading) throws -> [(id: Int64, text: String)] {
        let isFew = ask.units.map(isOfFew) ?? false
        if !isFew, !named(ask.typed).isEmpty { return try people(bearing: ask, in: db) }
        let isRare = try !isFew && Self.isRare(ask.category, in: db)
        var conditions = conditions(ask, isFew: isFew, isRare: isRare)
        let text: SQL = ask.order == .name ? "p.pinyin" : "coalesce(p.code, '')"
        if let after = ask.after { conditions.append(behind(after, text, isDescending: ask.isDescending)) }
        // Of few units the people are found first and then put in order; the index of sounds would lead through everybody.
        let key: SQL = isFew || isRare ? SQL("\(text) || ''") : text, way: SQL = ask.isDescending ? "DESC" : "ASC"
        return try db.rows(
            SQL("SELECT p.id, \(text) FROM person p WHERE \(SQL.join(conditions, separator: " AND ")) ORDER BY \(key) \(way), p.id \(way) LIMIT \(ask.limit)")
        ) { ($0.int(0), $0.text(1)) }
    }

    /// Of very many those who bear a name are looked up in its indexes, and only as many as it takes are asked whether they are in the list.
    private static func people(bearing ask: Ask, in db: Reading) throws -> [(id: Int64, text: String)] {
        var found: [(id: Int64, text: String)] = [], after = ask.after, step = 500
        while found.count < ask.limit {
            let bearers = try bearers(of: ask.typed, ask.order, isDescending: ask.isDescending, after: after, limit: step, in: db)
            var rest = bearers[...]
            while !rest.isEmpty {
                let some = rest.prefix(2_000)
                rest = rest.dropFirst(some.count)
                let conditions = [SQL("p.id IN (\(list: some.map(\.id)))"), alive] + within(ask, isFew: false)
                let listed = Set(try db.rows(SQL("SELECT p.id FROM person p WHERE \(SQL.join(conditions, separator: " AND "))")) { $0.int(0) })
                found += some.filter { listed.contains($0.id) }
            }
            guard bearers.count == step, let last = bearers.last else { break }
            after = (last.text, last.id)
            step = min(step * 10, 100_000)
        }
        return Array(found.prefix(ask.limit))
    }

    /// Whoever bears what was typed, each once.
    private static func bearers(
        of typed: String, _ order: Order, isDescending: Bool, after: (text: String, id: Int64)?, limit: Int, in db: Reading
    ) throws -> [(id: Int64, text: String)] {
        let text: SQL = order == .name ? "p.pinyin" : "coalesce(p.code, '')", way: SQL = isDescending ? "DESC" : "ASC"
        var seen: Set<Int64> = [], found: [(id: Int64, text: String)] = []
        for (place, named) in named(typed).enumerated() {
            let conditions = [named] + (after.map { [behind($0, text, isDescending: isDescending)] } ?? [])
            // The first index of a sound has its order; what the others give is put in order.
            let key: SQL = place == 0 && order == .name && isLatin(typed) ? text : SQL("\(text) || ''")
            found += try db.rows(
                SQL("SELECT p.id, \(text) FROM person p WHERE \(SQL.join(conditions, separator: " AND ")) ORDER BY \(key) \(way), p.id \(way) LIMIT \(limit)")
            ) { ($0.int(0), $0.text(1)) }.filter { seen.insert($0.id).inserted }
        }
        // As the database compares: by bytes.
        func isBefore(_ a: (id: Int64, text: String), _ b: (id: Int64, text: String)) -> Bool {
            a.text == b.text ? a.id < b.id : a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
        }
        return Array(found.sorted { isDescending ? isBefore($1, $0) : isBefore($0, $1) }.prefix(limit))
    }

    /// What comes after a row in the order of a text and, of equal ones, of the ids.
    static func behind(_ after: (text: String, id: Int64), _ text: SQL, isDescending: Bool) -> SQL {
        isDescending
            ? SQL("(\(text) < \(after.text) OR (\(text) = \(after.text) AND p.id < \(after.id)))")
            : SQL("(\(text) > \(after.text) OR (\(text) = \(after.text) AND p.id > \(after.id)))")
    }

    /// Whether counting costs little: of few units, or where an index has those who are meant. Of a whole city it takes longer than its page.
    static func isCounted(_ ask: Ask) -> Bool {
        !ask.isPast && ask.missing == .category || ask.units.map(isOfFew) ?? false
    }

    /// Whether a list is short enough to be put in order by what stands in the posts.
    static func isHeld(_ ask: Ask, in db: Reading) throws -> Bool {
        try !ask.isPast && isCounted(ask) && count(ask, most: PersonRankStore.most + 1, in: db) <= PersonRankStore.most
    }

    /// The page that `list` asks for, and the key to go on after: in the order of an index, or of the posts where the list is held whole.
    static func page(_ ask: Ask, _ list: ListAsk, size: Int, _ tree: OrgTree, _ words: RosterWords, in db: Reading) throws -> (ids: [Int64], next: String?) {
        var ask = ask
        if let key = list.sort?.key, heldOrders.contains(key), try isHeld(ask, in: db) {
            ask.limit = PersonRankStore.most
            let all = try PersonRankStore.inOrder(people(ask, in: db).map(\.id), list, tree, categories: words.categories.pairs.map(\.key), in: db)
            // A workbook is read in one go: of several readings each would be of another moment.
            let page = list.page(of: all, size: size > ListAsk.pageSize ? PersonRankStore.most : size) { "\($0)" }
            return (page.rows, page.next)
        }
        ask.after = list.afterPair.map { ($0.text, $0.id) }
        ask.limit = size + 1
        let found = try people(ask, in: db), page = found.prefix(size)
        return (page.map(\.id), found.count > page.count ? page.last.map { ListAsk.key($0.text, $0.id) } : nil)
    }

    /// How many there are, counted no further than `most`.
    static func count(_ ask: Ask, most: Int, in db: Reading) throws -> Int {
        let conditions = conditions(ask, isFew: ask.units.map(isOfFew) ?? false)
        return Int(try db.count(
            SQL("SELECT count(*) FROM (SELECT 1 FROM person p WHERE \(SQL.join(conditions, separator: " AND ")) LIMIT \(most)) AS some_people")))
    }

    /// Up to so many posts of a category the people are found from these.
    private static let fewPosts = 20_000

    private static func isRare(_ category: String, in db: Reading) throws -> Bool {
        guard !category.isEmpty else { return false }
        let posts = SQL("SELECT 1 FROM appointment a WHERE a.is_primary = 1 AND a.category = \(category) LIMIT \(fewPosts)")
        return try db.count(SQL("SELECT count(*) FROM (\(posts)) AS some_posts")) < fewPosts
    }

    private static func conditions(_ ask: Ask, isFew: Bool, isRare: Bool = false) -> [SQL] {
        let named = named(ask.typed)
        return [Self.alive] + within(ask, isFew: isFew, isRare: isRare) + (named.isEmpty ? [] : [SQL("(\(SQL.join(named, separator: " OR ")))")])
    }

    /// Who bears what was typed, in the ways in which one can: any of them suffices, and each has an index. None where it says nothing.
    static func named(_ asked: String) -> [SQL] {
        let typed = asked.filter { $0 != "%" && $0 != "_" }
        guard !typed.isEmpty else { return [] }
        if isLatin(typed) {
            let sounds = PinyinReader.query(typed), end = sounds + "~"
            return [
                SQL("p.pinyin >= \(sounds) AND p.pinyin < \(end)"), SQL("p.initials >= \(sounds) AND p.initials < \(end)"), SQL("p.code = \(asked)"),
            ]
        }
        let end = typed + "\u{10FFFF}"
        return [
            SQL("p.name >= \(typed) AND p.name < \(end)"), SQL("substr(p.name, 2) >= \(typed) AND substr(p.name, 2) < \(end)"),
            SQL("substr(p.name, 3) >= \(typed) AND substr(p.name, 3) < \(end)"), SQL("length(p.name) > 3 AND p.name LIKE \("%" + typed + "%")"),
        ]
    }

    private static func isLatin(_ typed: String) -> Bool { typed.unicodeScalars.allSatisfy(\.isASCII) }

    private static func within(_ ask: Ask, isFew: Bool, isRare: Bool = false) -> [SQL] {
        // Of many units the posts of each person are looked at, never each unit for each person: `+` keeps the index of units out.
        let here: SQL = ask.units.map { isFew ? SQL("a.organization_id IN (\(list: $0))") : SQL("+a.organization_id IN (\(list: $0))") } ?? "1 = 1"
        let running = SQL("a.to_day > \(ask.today)"), filtered = ask.places != nil || !ask.title.isEmpty
        /// What is filtered by stands in the running primary post.
        let fits: SQL = !filtered ? "1 = 1" : SQL(
            "\(ask.places.map { SQL("a.organization_id IN (\(list: $0))") } ?? here) AND a.title LIKE \("%" + ask.title.filter { $0 != "%" && $0 != "_" } + "%")")
        // The few posts without a category have an index of their own: the people are found from there.
        if ask.missing == .category, !ask.isPast {
            return [some(SQL("\(here) AND a.is_primary = 1 AND a.category = '' AND a.from_day <= \(ask.today) AND \(running) AND \(fits)"), true)]
        }
        var conditions: [SQL]
        if ask.isPast {
            conditions = [some(SQL("\(here)"), isFew), SQL("NOT EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id AND \(here) AND \(running))")]
        } else {
            conditions = [some(SQL("\(here) AND \(running)"), isFew)]
        }
        if !ask.category.isEmpty { conditions.append(some(SQL("\(here) AND a.is_primary = 1 AND a.category = \(ask.category) AND a.from_day <= \(ask.today) AND \(running)"), isFew || isRare)) }
        if filtered { conditions.append(some(SQL("\(fits) AND a.is_primary = 1 AND a.from_day <= \(ask.today) AND \(running)"), isFew || isRare)) }
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
