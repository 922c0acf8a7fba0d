import Access
import Kit
import Register

/// Terms of office in the database.
package enum TermStore {
    private static let columns: SQL = """
        t.id, t.person_id, t.organization_id, t.kind, t.session, t.elected_day, t.expiry_day, t.left_day, t.constituency, t.composition
        """
    static let subject = "term_of_office"

    // MARK: Reading

    /// Those of people, by unit, kind and 当选日期.
    package static func terms(of people: [Int64], in db: Reading) throws -> [TermOfOffice] { try terms("t.person_id", people, in: db) }

    /// Those in units, whosever they are.
    package static func terms(in units: [Int64], in db: Reading) throws -> [TermOfOffice] { try terms("t.organization_id", units, in: db) }

    package static func all(in db: Reading) throws -> [TermOfOffice] {
        try db.rows(SQL("SELECT \(columns) FROM term_of_office t ORDER BY t.organization_id, t.kind, t.elected_day, t.id"), read)
    }

    private static func terms(_ column: SQL, _ ids: [Int64], in db: Reading) throws -> [TermOfOffice] {
        var found: [TermOfOffice] = []
        for some in RosterStore.chunks(ids) {
            found += try db.rows(
                SQL("""
                    SELECT \(columns) FROM term_of_office t WHERE \(column) IN (\(list: some))
                    ORDER BY t.organization_id, t.kind, t.elected_day, t.id
                    """), read)
        }
        return found
    }

    private static func term(_ id: Int64, in db: Reading) throws -> TermOfOffice? {
        try db.first(SQL("SELECT \(columns) FROM term_of_office t WHERE t.id = \(id)"), read)
    }

    /// When each 届次 of each kind was first elected in the units.
    static func sessions(in units: [Int64], in db: Reading) throws -> [(unit: Int64, kind: String, session: String, first: Day)] {
        var found: [(unit: Int64, kind: String, session: String, first: Day)] = []
        for some in RosterStore.chunks(units) {
            found += try db.rows(
                SQL("""
                    SELECT organization_id, kind, session, min(elected_day) FROM term_of_office WHERE organization_id IN (\(list: some))
                    GROUP BY organization_id, kind, session ORDER BY 4, 3
                    """)
            ) { ($0.int(0), $0.text(1), $0.text(2), $0.day(3)) }
        }
        return found
    }

    /// How many terms units have, those that have none left out.
    static func counts(in units: [Int64], in db: Reading) throws -> [Int64: Int] {
        var found: [Int64: Int] = [:]
        for some in RosterStore.chunks(units, of: 1000) {
            try db.each(SQL("SELECT organization_id, count(*) FROM term_of_office WHERE organization_id IN (\(list: some)) GROUP BY organization_id")) { row in
                found[row.int(0)] = Int(clamping: row.int(1))
            }
        }
        return found
    }

    /// Those in post in a unit until further notice, in the order of their files, with the day on which they came: of whom the demo
    /// world elects some.
    static func members(of unit: Int64, limit: Int, in db: Reading) throws -> [(person: Int64, since: Day)] {
        try db.rows(
            SQL("""
                SELECT person_id, min(from_day) FROM appointment
                WHERE organization_id = \(unit) AND person_id IN (SELECT person_id FROM appointment WHERE organization_id = \(unit) AND to_day = \(Day.open))
                GROUP BY person_id ORDER BY person_id LIMIT \(limit)
                """)
        ) { ($0.int(0), $0.day(1)) }
    }

    // MARK: Writing

    /// New terms; nothing is checked here. They get their ids.
    package static func insert(_ terms: [TermOfOffice], in db: Writing) throws {
        let new = terms.map { term in
            var term = term
            term.id = db.nextID()
            return term
        }
        try db.bulk(into: subject, columns: columnNames) { put in
            for term in new { put(values(term, act: db.actID)) }
        }
        for term in new { try db.change(subject, term.id, before: nil, after: image(term).json, of: term.personID) }
    }

    /// A term that says something else; nothing is checked here.
    package static func update(_ old: TermOfOffice, to new: TermOfOffice, in db: Writing) throws {
        try write(new, in: db)
        // Of whom it was is of whom the images are.
        try db.change(subject, old.id, before: image(old).json, after: image(new).json, of: old.personID)
    }

    private static func delete(_ old: TermOfOffice, in db: Writing) throws {
        try db.run(SQL("DELETE FROM term_of_office WHERE id = \(old.id)"))
        try db.change(subject, old.id, before: image(old).json, after: nil, of: old.personID)
    }

    /// The terms of a file that becomes part of another go there. One that both have is kept once, with what either says of it.
    /// Refusal `merge.terms` where two would run at once.
    static func merge(_ absorbed: Int64, into survivor: Int64, in db: Writing) throws {
        let kept = try terms(of: [survivor], in: db)
        for old in try terms(of: [absorbed], in: db) {
            var moved = old
            moved.personID = survivor
            guard let twin = kept.first(where: { $0.key == moved.key }) else {
                if let other = kept.first(where: { $0.overlaps(moved) }) {
                    let unit = try OrganizationStore.name(old.organizationID, in: db)
                    throw Refusal("merge.terms", "两份档案在\(unit)的任期重叠：\(other.called)与\(old.called)，没有合并。请先在其中一份填离任日期，或更正届次，再合并。")
                }
                try update(old, to: moved, in: db)
                continue
            }
            var whole = twin
            whole.left = min(twin.left, old.left)
            if twin.constituency.isEmpty { whole.constituency = old.constituency }
            if twin.composition.isEmpty { whole.composition = old.composition }
            try delete(old, in: db)
            if whole != twin { try update(twin, to: whole, in: db) }
        }
    }

    /// Terms of people and in units that an import of something else has made.
    static func standing(on unmaking: Unmaking, in db: Reading) throws -> [Dependent] {
        let people = try db.rows(SQL("SELECT DISTINCT person_id FROM term_of_office WHERE person_id IN (\(list: unmaking.people)) ORDER BY person_id LIMIT \(Dependent.most)")) {
            Dependent(.person($0.int(0)), "后来登记了职工代表任期")
        }
        let units = try db.rows(
            SQL("SELECT DISTINCT organization_id FROM term_of_office WHERE organization_id IN (\(list: unmaking.units)) ORDER BY organization_id LIMIT \(Dependent.most)")
        ) { Dependent(.unit($0.int(0)), "已登记职工代表任期", link: "/organizations/\($0.int(0))/representatives") }
        return people + units
    }

    static func count(of people: [Int64], in db: Reading) throws -> Int64 {
        try db.count(SQL("SELECT count(*) FROM term_of_office WHERE person_id IN (\(list: people))"))
    }

    /// Terms of deleted files keep unit and days, which count; where somebody was elected and from among whom goes.
    static func forget(of people: [Int64], in db: Writing) throws {
        for old in try terms(of: people, in: db) {
            var new = old
            (new.constituency, new.composition) = ("", "")
            try write(new, in: db)
            try db.change(subject, old.id, before: RowImage.erased.json, after: image(new).json)
        }
    }

    // MARK: Rows and images

    private static let columnNames = [
        "id", "person_id", "organization_id", "kind", "session", "elected_day", "expiry_day", "left_day", "constituency", "composition", "act_id",
    ]

    private static func values(_ term: TermOfOffice, act: Int64) -> [Value] {
        [
            .int(term.id), .int(term.personID), .int(term.organizationID), .text(term.kind), .text(term.session), .of(term.elected), .of(term.expiry),
            .of(term.left), .text(term.constituency), .text(term.composition), .int(act),
        ]
    }

    private static func put(_ term: TermOfOffice, in db: Writing) throws {
        try db.run(SQL("""
            INSERT INTO term_of_office (id, person_id, organization_id, kind, session, elected_day, expiry_day, left_day, constituency, composition, act_id)
            VALUES (\(term.id), \(term.personID), \(term.organizationID), \(term.kind), \(term.session), \(term.elected), \(term.expiry), \(term.left),
                \(term.constituency), \(term.composition), \(db.actID))
            """))
    }

    private static func write(_ term: TermOfOffice, in db: Writing) throws {
        try db.run(SQL("""
            UPDATE term_of_office SET person_id = \(term.personID), organization_id = \(term.organizationID), kind = \(term.kind), session = \(term.session),
                elected_day = \(term.elected), expiry_day = \(term.expiry), left_day = \(term.left), constituency = \(term.constituency),
                composition = \(term.composition), act_id = \(db.actID)
            WHERE id = \(term.id)
            """))
    }

    private static func read(_ row: Row) -> TermOfOffice {
        TermOfOffice(
            id: row.int(0), personID: row.int(1), organizationID: row.int(2), kind: row.text(3), session: row.text(4), elected: row.day(5), expiry: row.day(6),
            left: row.day(7), constituency: row.text(8), composition: row.text(9))
    }

    private static func image(_ term: TermOfOffice) -> RowImage {
        RowImage([
            "id": .int(term.id), "person_id": .int(term.personID), "organization_id": .int(term.organizationID), "kind": .text(term.kind),
            "session": .text(term.session), "elected_day": .day(term.elected), "expiry_day": .day(term.expiry), "left_day": .day(term.left),
            "constituency": .text(term.constituency), "composition": .text(term.composition),
        ])
    }

    private static func term(_ image: RowImage) -> TermOfOffice {
        TermOfOffice(
            id: image.int("id") ?? 0, personID: image.int("person_id") ?? 0, organizationID: image.int("organization_id") ?? 0, kind: image.text("kind") ?? "",
            session: image.text("session") ?? "", elected: image.day("elected_day") ?? .always, expiry: image.day("expiry_day") ?? .open,
            left: image.day("left_day") ?? .open, constituency: image.text("constituency") ?? "", composition: image.text("composition") ?? "")
    }

    /// What undo needs for this table, and what rows are held against.
    static let keeper = RowKeeper(
        subject: subject, image: { id, db in try term(id, in: db).map(image) },
        restore: { id, image, db in
            guard let image else {
                try db.run(SQL("DELETE FROM term_of_office WHERE id = \(id)"))
                return
            }
            if try term(id, in: db) == nil { try put(term(image), in: db) } else { try write(term(image), in: db) }
        })

    // MARK: What changed lately

    static let recentKind = RecentKind("term", "代表任期", place: 35)

    /// Terms that changed after an id, newest first.
    @Sendable static func recent(after id: Int64, limit: Int, today: Day, in db: Reading) throws -> [RecentChange] {
        struct Key: Hashable { let act: Int64, term: Int64 }
        let rows = try db.rows(
            SQL("""
                SELECT c.act_id, c.subject_id, t.organization_id, t.person_id
                FROM act_change c JOIN act a ON a.id = c.act_id AND a.kind NOT IN (\(list: Act.rekeyingKinds.sorted())) JOIN term_of_office t ON t.id = c.subject_id
                WHERE c.id > \(id) AND c.subject = \(subject) ORDER BY c.id DESC LIMIT \(limit)
                """)
        ) { (key: Key(act: $0.int(0), term: $0.int(1)), unit: $0.int(2), person: $0.int(3)) }
        var seen: Set<Key> = []
        return rows.filter { seen.insert($0.key).inserted }.map {
            RecentChange(recentKind, unit: $0.unit, person: $0.person, link: "/organizations/\($0.unit)/representatives", act: $0.key.act)
        }
    }
}
