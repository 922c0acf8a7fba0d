/// An act as it is read back: who, when, what kind and why.
package struct ActRecord: Hashable, Sendable {
    package let id: Int64
    package let atMilliseconds: Int64
    package let who: String
    package let kind: String
    package let why: String

    package init(id: Int64, atMilliseconds: Int64, who: String, kind: String, why: String) {
        self.id = id
        self.atMilliseconds = atMilliseconds
        self.who = who
        self.kind = kind
        self.why = why
    }
}

/// One row that an act changed.
package struct ChangeRecord: Hashable, Sendable {
    package let id: Int64
    package let act: ActRecord
    package let subject: String
    package let subjectID: Int64
    package let before: RowImage?
    package let after: RowImage?
    /// Under whose key the images stand; nil for images in plain.
    package let person: Int64?
}

/// Reads acts and the images of the rows they changed. Writing them is part of every write transaction.
package enum ActStore {
    private static let columns: SQL = """
        c.id, a.id, a.at_ms, a.who, a.kind, a.why, c.subject, c.subject_id, c.before_image, c.after_image
        FROM act_change c JOIN act a ON a.id = c.act_id
        """

    /// All changes of the rows, newest first.
    package static func changes(of subject: String, _ ids: [Int64], in db: Reading) throws -> [ChangeRecord] {
        var found: [ChangeRecord] = []
        for start in stride(from: 0, to: ids.count, by: 500) {
            let some = Array(ids[start..<min(start + 500, ids.count)])
            found += try read(SQL("SELECT \(columns) WHERE c.subject = \(subject) AND c.subject_id IN (\(list: some)) ORDER BY c.id DESC"), in: db)
        }
        return ids.count > 500 ? found.sorted { $0.id > $1.id } : found
    }

    /// Rows of one kind that were taken away, by acts whose ids are not below the given one: newest first.
    package static func gone(_ subject: String, since id: Int64, in db: Reading) throws -> [ChangeRecord] {
        try read(SQL("SELECT \(columns) WHERE c.subject = \(subject) AND c.after_image IS NULL AND c.id >= \(id) ORDER BY c.id DESC"), in: db)
    }

    /// The latest changes of rows of one kind, newest first.
    package static func latestChanges(of subject: String, limit: Int, in db: Reading) throws -> [ChangeRecord] {
        try read(SQL("SELECT \(columns) WHERE c.subject = \(subject) ORDER BY c.id DESC LIMIT \(limit)"), in: db)
    }

    /// What one act changed, in the order it did.
    package static func changes(ofAct id: Int64, in db: Reading) throws -> [ChangeRecord] {
        try read(SQL("SELECT \(columns) WHERE c.act_id = \(id) ORDER BY c.id"), in: db)
    }

    /// The first of what one act changed.
    package static func changes(ofAct id: Int64, limit: Int, in db: Reading) throws -> [ChangeRecord] {
        try read(SQL("SELECT \(columns) WHERE c.act_id = \(id) ORDER BY c.id LIMIT \(limit)"), in: db)
    }

    /// All changes of rows of one kind after the given one, in their order.
    package static func changes(of subject: String, after id: Int64, in db: Reading) throws -> [ChangeRecord] {
        try read(SQL("SELECT \(columns) WHERE c.id > \(id) AND c.subject = \(subject) ORDER BY c.id"), in: db)
    }

    /// Whether any row of some kinds has changed since a last id was read. The concatenation keeps SQLite from walking the
    /// images of all rows of the kind where only the newest ids are asked for.
    package static func hasChanged(_ subjects: [String], after lastID: Int64, in db: Reading) throws -> Bool {
        try db.first(SQL("SELECT id FROM act_change WHERE id > \(lastID) AND subject || '' IN (\(list: subjects)) LIMIT 1")) { $0.int(0) } != nil
    }

    package static func count(ofAct id: Int64, in db: Reading) throws -> Int64 {
        try db.count(SQL("SELECT count(*) FROM act_change WHERE act_id = \(id)"))
    }

    package static func act(_ id: Int64, in db: Reading) throws -> ActRecord? {
        try db.first(SQL("SELECT id, at_ms, who, kind, why FROM act WHERE id = \(id)")) { row in
            ActRecord(id: row.int(0), atMilliseconds: row.moment(1), who: row.text(2), kind: row.text(3), why: row.text(4))
        }
    }

    /// An act of an account of its own; nil for another's just as for none.
    package static func act(_ id: Int64, of account: Int64, in db: Reading) throws -> ActRecord? {
        guard try db.count(SQL("SELECT count(*) FROM act WHERE id = \(id) AND account_id = \(account)")) == 1 else { return nil }
        return try act(id, in: db)
    }

    /// The latest act of one of these kinds.
    package static func latest(ofKinds kinds: [String], in db: Reading) throws -> ActRecord? {
        let ids = try kinds.compactMap { kind in try db.first(SQL("SELECT id FROM act WHERE kind = \(kind) ORDER BY id DESC LIMIT 1")) { $0.int(0) } }
        return try ids.max().flatMap { try act($0, in: db) }
    }

    /// The rows of an act that acts after it have changed, each with the last of these acts, in the order of the rows.
    package static func changedSince(act id: Int64, in db: Reading) throws -> [(subject: String, subjectID: Int64, by: ActRecord)] {
        let later = try db.rows(
            SQL(
                """
                SELECT c.subject, c.subject_id, max(l.act_id) FROM act_change c
                JOIN act_change l ON l.subject = c.subject AND l.subject_id = c.subject_id AND l.id > c.id AND l.act_id <> c.act_id
                WHERE c.act_id = \(id) GROUP BY c.subject, c.subject_id ORDER BY c.subject, c.subject_id
                """)
        ) { (subject: $0.text(0), subjectID: $0.int(1), act: $0.int(2)) }
        var acts: [Int64: ActRecord] = [:]
        for act in Set(later.map(\.act)) { acts[act] = try Self.act(act, in: db) }
        return later.compactMap { row in acts[row.act].map { (row.subject, row.subjectID, $0) } }
    }

    /// Those of some acts that are of one of these kinds.
    package static func ids(ofKinds kinds: [String], among acts: some Sequence<Int64>, in db: Reading) throws -> Set<Int64> {
        Set(try db.rows(SQL("SELECT id FROM act WHERE kind IN (\(list: kinds)) AND id IN (\(list: Array(acts)))")) { $0.int(0) })
    }

    /// The last change of a row after the given one; nil where that one is still the latest.
    package static func later(than change: ChangeRecord, in db: Reading) throws -> ChangeRecord? {
        try read(
            SQL(
                """
                SELECT \(columns) WHERE c.subject = \(change.subject) AND c.subject_id = \(change.subjectID) AND c.id > \(change.id)
                ORDER BY c.id DESC LIMIT 1
                """), in: db
        ).first
    }

    /// The last images of rows of one kind by their ids after the given one; nil for a row that was taken away, and for an image
    /// that cannot be read.
    static func latestImages(of subject: String, after id: Int64, limit: Int, in db: Reading) throws -> [(id: Int64, image: RowImage?, isReadable: Bool)] {
        let latest = try db.rows(
            SQL(
                """
                SELECT c.subject_id, c.after_image FROM act_change c
                WHERE c.subject = \(subject) AND c.subject_id > \(id) AND c.id = (
                    SELECT max(m.id) FROM act_change m WHERE m.subject = \(subject) AND m.subject_id = c.subject_id)
                ORDER BY c.subject_id LIMIT \(limit)
                """)
        ) { (id: $0.int(0), image: $0.textOrNil(1)) }
        let images = try OpenedImages(latest.map { (subject, $0.id, [$0.image]) }, in: db)
        return latest.map { row in
            do { return (row.id, try images.image(subject, row.id, row.image), true) } catch { return (row.id, nil, false) }
        }
    }

    /// A row as an act found it, and as the act before it had left it; nil for a row that it had taken away.
    struct Succession {
        let id: Int64, subject: String, subjectID: Int64, who: String
        let found: RowImage?, left: RowImage?
    }

    /// Those of rows on which an act before had left anything, by the ids of the changes after the given one. What cannot be read is
    /// left out: of that the chain and the last images tell. Answers the last id looked at as well; nil at the end.
    static func successions(after id: Int64, limit: Int, in db: Reading) throws -> (found: [Succession], last: Int64?) {
        let rows = try db.rows(
            SQL(
                """
                SELECT c.id, c.subject, c.subject_id, a.who, c.before_image, (SELECT COALESCE(p.after_image, '') FROM act_change p
                    WHERE p.subject = c.subject AND p.subject_id = c.subject_id AND p.id < c.id ORDER BY p.id DESC LIMIT 1)
                FROM act_change c JOIN act a ON a.id = c.act_id
                WHERE c.id > \(id) AND c.before_image IS NOT NULL ORDER BY c.id LIMIT \(limit)
                """)
        ) { (id: $0.int(0), subject: $0.text(1), subjectID: $0.int(2), who: $0.text(3), found: $0.textOrNil(4), left: $0.textOrNil(5)) }
        let images = try OpenedImages(rows.map { ($0.subject, $0.subjectID, [$0.found, $0.left.flatMap { $0.isEmpty ? nil : $0 }]) }, in: db)
        let found = rows.compactMap { row -> Succession? in
            guard let left = row.left else { return nil }
            do {
                return Succession(
                    id: row.id, subject: row.subject, subjectID: row.subjectID, who: row.who, found: try images.image(row.subject, row.subjectID, row.found),
                    left: left.isEmpty ? nil : try images.image(row.subject, row.subjectID, left))
            } catch { return nil }
        }
        return (found, rows.count == limit ? rows.last?.id : nil)
    }

    private static func read(_ sql: SQL, in db: Reading) throws -> [ChangeRecord] {
        let rows = try db.rows(sql) { row in
            (
                id: row.int(0),
                act: ActRecord(id: row.int(1), atMilliseconds: row.moment(2), who: row.text(3), kind: row.text(4), why: row.text(5)),
                subject: row.text(6), subjectID: row.int(7), before: row.textOrNil(8), after: row.textOrNil(9)
            )
        }
        let images = try OpenedImages(rows.map { ($0.subject, $0.subjectID, [$0.before, $0.after]) }, in: db)
        return try rows.compactMap { row in
            do {
                return ChangeRecord(
                    id: row.id, act: row.act, subject: row.subject, subjectID: row.subjectID,
                    before: try images.image(row.subject, row.subjectID, row.before), after: try images.image(row.subject, row.subjectID, row.after),
                    person: (row.after ?? row.before).flatMap { PersonVault.person(ofSealed: $0, subject: row.subject, id: row.subjectID) })
            } catch {
                guard db.leavesOut("act_change") else { throw error }
                return nil
            }
        }
    }
}
