import Access
import Kit
import Register

/// The ledger's tables.
package enum HourEntryStore {
    private static let columns = SQL("""
        id, person_id, source_key, revision, sign, source_code, title, form, is_selected, purpose, content, host_id,
        institution, from_day, to_day, half_days, hours, is_completed, act_id
        """)

    /// Nil where a number of the row is none, which only a hand can have written.
    private static func entry(_ row: Row) -> HourEntry? {
        guard [3, 13, 14, 15, 16].allSatisfy({ row.holds(.min ... .max, $0) }) else { return nil }
        return HourEntry(
            id: row.int(0), personID: row.int(1), sourceKey: row.int(2), revision: row.count(3),
            sign: row.int(4) == 1 ? .posting : .reversal,
            record: TrainingRecord(
                sourceCode: row.text(5), title: row.text(6), form: row.text(7), isSelected: row.bool(8),
                purpose: row.text(9), content: row.text(10), hostID: row.intOrNil(11), institution: row.text(12),
                from: row.day(13), to: row.day(14), halfDays: row.countOrNil(15), hours: row.countOrNil(16), isCompleted: row.bool(17)),
            actID: row.int(18))
    }

    package static func entry(_ id: Int64, from db: Reading) throws -> HourEntry? {
        try db.first(SQL("SELECT \(columns) FROM hour_entry WHERE id = \(id)"), entry) ?? nil
    }

    /// Every entry of a person, files merged into theirs included, in the order of entry.
    package static func entries(of personID: Int64, from db: Reading) throws -> [HourEntry] {
        try db.rows(SQL("SELECT \(columns) FROM hour_entry WHERE person_id IN (\(file(of: personID))) ORDER BY id"), entry).compactMap(\.self)
    }

    /// The ids of the files that are this person's: their own and those merged into it.
    private static func file(of personID: Int64) -> SQL {
        SQL("""
            WITH RECURSIVE file (id) AS (
                SELECT id FROM person WHERE id = \(personID)
                UNION SELECT p.id FROM person p JOIN file f ON p.merged_into = f.id)
            SELECT id FROM file
            """)
    }

    /// Every entry that stands in these files by id, exactly as posted; merged files must be named.
    package static func entries(inFiles personIDs: [Int64], from db: Reading, _ each: (HourEntry) throws -> Void) throws {
        for chunk in personIDs.chunks(of: 500) {
            try db.each(SQL("SELECT \(columns) FROM hour_entry WHERE person_id IN (\(list: chunk)) ORDER BY id")) { row in
                if let found = entry(row) { try each(found) }
            }
        }
    }

    static let recentKind = RecentKind("hours", "学时登记", place: 30)

    /// Entries after an id, newest first, of people who are or were somewhere.
    @Sendable static func recent(after id: Int64, limit: Int, today: Day, in db: Reading) throws -> [RecentChange] {
        let entries = try db.rows(SQL("SELECT act_id, id, person_id FROM hour_entry WHERE id > \(id) ORDER BY id DESC LIMIT \(limit)")) {
            (act: $0.int(0), id: $0.int(1), person: $0.int(2))
        }
        let homes = try RosterStore.homes(of: entries.map(\.person), on: today, in: db)
        return entries.compactMap { entry in
            homes[entry.person].map { RecentChange(recentKind, unit: $0, person: entry.person, link: "/records/\(entry.id)", act: entry.act) }
        }
    }

    /// Files merged into another: id of the merged file → id of the living person it became.
    package static func mergedFiles(from db: Reading) throws -> [Int64: Int64] {
        var into: [Int64: Int64] = [:]
        try db.each(SQL("SELECT id, merged_into FROM person WHERE merged_into IS NOT NULL")) { into[$0.int(0)] = $0.int(1) }
        return MergedFiles.ends(of: into)
    }

    // MARK: Writing

    /// Posts a record to a person; throws `ledger.alreadyPosted` where its source already stands in their file.
    @discardableResult
    package static func post(_ record: TrainingRecord, to personID: Int64, _ db: Writing) throws -> Int64 {
        let chain = Posting.chain(record.sourceKey, in: try entries(of: personID, from: db))
        return try write(try Posting.post(record, after: chain), to: chain.first?.personID ?? personID, db)
    }

    /// Takes an entry back, with the reason that stands in the act.
    package static func reverse(_ entryID: Int64, why: String, _ db: Writing) throws {
        let chain = try file(with: entryID, db).chain
        try write(try Posting.reverse(chain, why: why), to: chain[0].personID, db)
    }

    /// Corrects an entry: its reversal and the right posting, in one act.
    package static func correct(_ entryID: Int64, to record: TrainingRecord, why: String, _ db: Writing) throws {
        let (chain, file) = try file(with: entryID, db)
        let others = Posting.chain(record.sourceKey, in: file)
        let steps = try Posting.correct(chain, to: record, others: others, why: why)
        try write(steps[0], to: chain[0].personID, db)
        let posting = steps[1]
        try write(posting, to: posting.revision == 0 || posting.sourceKey == steps[0].sourceKey ? chain[0].personID : others[0].personID, db)
    }

    /// Takes back what the file `loser` says once more than `survivor`: called in the act that merges the two, before
    /// or after `merged_into` is set. Of two standing entries of one source the survivor's stays. Answers how many.
    @discardableResult
    package static func reverseDoubles(survivor: Int64, loser: Int64, _ db: Writing) throws -> Int {
        let kept = Set(Posting.standingAmong(try entries(of: survivor, from: db).filter { $0.personID != loser }).map(\.sourceKey))
        let doubles = Posting.standingAmong(try entries(of: loser, from: db)).filter { kept.contains($0.sourceKey) }
        for double in doubles {
            try write(
                Posting.Step(sourceKey: double.sourceKey, revision: double.revision, sign: .reversal, record: double.record),
                to: double.personID, db)
        }
        return doubles.count
    }

    /// What an act has posted, in the order of entry.
    package static func postings(ofAct act: Int64, from db: Reading) throws -> [HourEntry] {
        var found: [HourEntry] = []
        for change in try ActStore.changes(ofAct: act, in: db) where change.subject == subject {
            let last = change.after.map { LedgerSeal($0).last } ?? change.subjectID
            try db.each(SQL("SELECT \(columns) FROM hour_entry WHERE id BETWEEN \(change.subjectID) AND \(last) AND act_id = \(act) AND sign = 1 ORDER BY id")) { row in
                if let entry = entry(row) { found.append(entry) }
            }
        }
        return found
    }

    /// How many entries an act has written, as its seals say.
    static func rows(ofAct act: Int64, from db: Reading) throws -> Int64 {
        try ActStore.changes(ofAct: act, in: db).reduce(0) { sum, change in
            change.subject == subject ? sum.addingReportingOverflow(max(1, change.after.map { LedgerSeal($0).rows } ?? 1)).partialValue : sum
        }
    }

    /// Those of them that were taken back or corrected since.
    static func changedSince(act: Int64, from db: Reading) throws -> [HourEntry] {
        let entries = try postings(ofAct: act, from: db)
        var reversed: Set<Int64> = []
        for some in entries.chunks(of: 500) {
            reversed.formUnion(try db.rows(
                SQL("""
                    SELECT e.id FROM hour_entry e JOIN hour_entry r ON r.person_id = e.person_id AND r.source_key = e.source_key AND r.revision = e.revision AND r.sign = -1
                    WHERE e.id IN (\(list: some.map(\.id)))
                    """)) { $0.int(0) })
        }
        return entries.filter { reversed.contains($0.id) }
    }

    /// The act that has taken all of these postings back at once; nil where there is none.
    package static func takenBack(_ entries: [HourEntry], from db: Reading) throws -> ActRecord? {
        var acts: Set<Int64> = [], count = 0
        for some in entries.chunks(of: 500) {
            for act in try db.rows(
                SQL("""
                    SELECT r.act_id FROM hour_entry e JOIN hour_entry r ON r.person_id = e.person_id AND r.source_key = e.source_key AND r.revision = e.revision AND r.sign = -1
                    WHERE e.id IN (\(list: some.map(\.id)))
                    """), { $0.int(0) }) {
                acts.insert(act)
                count += 1
            }
        }
        guard count == entries.count, acts.count == 1, let only = acts.first, let act = try ActStore.act(only, in: db), act.kind == Unmaking.entered else { return nil }
        return act
    }

    /// Takes back all that an act has posted, by one reversal each. Refusal `undo.later` where one does not stand any more.
    static func reverse(act: Int64, _ db: Writing) throws {
        guard try changedSince(act: act, from: db).isEmpty else { throw Refusal("undo.later", "其中有学时记录后来更正或撤销过，不能整批撤回；请刷新页面，看清是哪几条。") }
        try writeAll(
            try postings(ofAct: act, from: db).map {
                ($0.personID, Posting.Step(sourceKey: $0.sourceKey, revision: $0.revision, sign: .reversal, record: $0.record))
            }, db)
    }

    /// Hours of people, and records with hosts, that an import has made.
    static func standing(on unmaking: Unmaking, in db: Reading) throws -> [Dependent] {
        let people = try db.rows(
            SQL("SELECT person_id, count(*) FROM hour_entry WHERE person_id IN (\(list: unmaking.people)) GROUP BY person_id ORDER BY person_id LIMIT \(Dependent.most)")
        ) { Dependent(.person($0.int(0)), "已有 \(Numbers.count($0.count(1))) 条学时记录（含冲销的）", link: "/people/\($0.int(0))/hours", isForGood: true) }
        guard !unmaking.units.isEmpty else { return people }
        return people + (try db.rows(SQL("SELECT DISTINCT host_id FROM hour_entry WHERE host_id IN (\(list: unmaking.units)) ORDER BY host_id LIMIT \(Dependent.most)")) {
            Dependent(.unit($0.int(0)), "已是培训记录的主办单位", isForGood: true)
        })
    }

    /// Posts many records at once; their steps must have been decided in this transaction.
    package static func writeAll(_ steps: [(personID: Int64, step: Posting.Step)], _ db: Writing) throws {
        guard !steps.isEmpty else { return }
        var digest = RowDigest(), first: Int64 = 0, last: Int64 = 0
        try db.bulk(into: "hour_entry", columns: columnNames) { put in
            for (personID, step) in steps {
                last = db.nextID()
                if digest.count == 0 { first = last }
                let row = row(last, step, of: personID, act: db.actID)
                digest.add(row)
                put(row)
            }
        }
        // Instead of an image of each row: the chain vouches for all rows of the write by one digest.
        try db.change(subject, first, before: nil, after: LedgerSeal(last: last, rows: digest.count, digest: digest.bytes.hex).image.json)
    }

    package static let subject = "hour_entry"

    /// The bounds of a record as the columns hold them.
    package static let days = Int64(TrainingRecord.Bounds.days.lowerBound.number)...Int64(TrainingRecord.Bounds.days.upperBound.number)
    package static let halfDays = Int64(TrainingRecord.Bounds.halfDays.lowerBound)...Int64(TrainingRecord.Bounds.halfDays.upperBound)
    package static let hours = Int64(TrainingRecord.Bounds.hours.lowerBound)...Int64(TrainingRecord.Bounds.hours.upperBound)

    static let columnNames = [
        "id", "person_id", "source_key", "revision", "sign", "prior_revision", "prior_sign", "source_code", "title", "form", "is_selected",
        "purpose", "content", "host_id", "institution", "from_day", "to_day", "half_days", "hours", "is_completed", "act_id",
    ]

    private static func row(_ id: Int64, _ step: Posting.Step, of personID: Int64, act: Int64) -> [Value] {
        let record = step.record, prior = prior(of: step)
        return [
            .int(id), .int(personID), .int(step.sourceKey), .int(Int64(step.revision)), .int(Int64(step.sign.rawValue)),
            prior.map { .int(Int64($0.revision)) } ?? .null, prior.map { .int(Int64($0.sign.rawValue)) } ?? .null,
            .text(record.sourceCode), .text(record.title), .text(record.form), .int(record.isSelected ? 1 : 0),
            .text(record.purpose), .text(record.content), record.hostID.map { .int($0) } ?? .null, .text(record.institution),
            .int(Int64(record.from.number)), .int(Int64(record.to.number)),
            record.halfDays.map { .int(Int64($0)) } ?? .null, record.hours.map { .int(Int64($0)) } ?? .null,
            .int(record.isCompleted ? 1 : 0), .int(act),
        ]
    }

    @discardableResult
    private static func write(_ step: Posting.Step, to personID: Int64, _ db: Writing) throws -> Int64 {
        let id = db.nextID(), row = row(id, step, of: personID, act: db.actID)
        try db.run(SQL("""
            INSERT INTO hour_entry (id, person_id, source_key, revision, sign, prior_revision, prior_sign, source_code, title, form,
                is_selected, purpose, content, host_id, institution, from_day, to_day, half_days, hours, is_completed, act_id)
            VALUES (\(SQL.join(row.map { SQL("\($0)") }, separator: ", ")))
            """))
        var digest = RowDigest()
        digest.add(row)
        try db.change(subject, id, before: nil, after: LedgerSeal(last: id, rows: 1, digest: digest.bytes.hex).image.json)
        return id
    }

    /// The entry a step rests on: the constraint that makes a second posting of one source impossible.
    private static func prior(of step: Posting.Step) -> (revision: Int, sign: HourEntry.Sign)? {
        switch step.sign {
        case .reversal: (step.revision, .posting)
        case .posting: step.revision == 0 ? nil : (step.revision - 1, .reversal)
        }
    }

    /// The entries of the source an entry belongs to, and all of its person's.
    private static func file(with entryID: Int64, _ db: Writing) throws -> (chain: [HourEntry], file: [HourEntry]) {
        guard let entry = try entry(entryID, from: db) else {
            throw Refusal("ledger.noEntry", "没有找到这条学时记录，链接可能已过期；请从学时明细重新打开。")
        }
        let living = try mergedFiles(from: db)[entry.personID] ?? entry.personID
        let file = try entries(of: living, from: db)
        return (file.filter { $0.personID == entry.personID && $0.sourceKey == entry.sourceKey }, file)
    }
}

extension Array {
    /// Consecutive slices of at most `size` elements.
    package func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension HourEntryStore {
    /// What an entry cannot be; a reversal repeats what it takes back, and what was taken back is as it should be.
    package static let range = RangeCheck(
        subject, "学时",
        [
            "half_days": halfDays, "hours": hours, "from_day": days, "to_day": days,
            "revision": Int64(TrainingRecord.Bounds.revisions.lowerBound)...Int64(TrainingRecord.Bounds.revisions.upperBound),
        ],
        excepting: """
            t.sign = -1 OR EXISTS (SELECT 1 FROM hour_entry r WHERE r.person_id = t.person_id AND r.source_key = t.source_key
                AND r.revision = t.revision AND r.sign = -1)
            """)
}
