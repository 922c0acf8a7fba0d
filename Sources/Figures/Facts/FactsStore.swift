import Foundation
import Kit
import Ledger
import Register
import Representatives
import Rules

/// Reads the roster and the ledger into columns: the only SQL behind the figures.
enum FactsStore {
    /// What one look at the database brought together.
    struct Loaded: Sendable {
        var columns: Columns
        var index: FactsIndex
        /// The last id that is in the columns.
        var last: Int64
        /// What decided beside the rows how they were read.
        let basis: String
    }

    /// What came since, as those see it who hold more than columns.
    struct Moved: Sendable {
        var people: Set<Int32> = []
        /// The tree, or the numbers that units keep.
        var chart = false
        var adoptions = false
        /// How many entries and people are new or other.
        var count = 0
        var isNothing: Bool { people.isEmpty && !chart && !adoptions }
    }

    // MARK: Everything

    /// Reads everything up to one moment, the ledger in parallel ranges of ids.
    ///
    /// The ledger is append-only and its ids grow in the order of commits, so ranges up to a fixed last id are one
    /// consistent state, whatever is written meanwhile.
    static func load(_ database: Database, _ library: PolicyLibrary, scanners: Int) throws -> Loaded {
        let vocabulary = library.vocabulary, named = library.namedPurposes
        var index = FactsIndex()
        var chart = Chart(), unrecognised: Set<String> = [], holdings: [Int32: [Columns.Holding]] = [:]
        let last = try database.readNow { db -> Int64 in
            chart = try readChart(db, &index)
            try readPeople(db, &index)
            holdings = try readHoldings(of: nil, index, db)
            unrecognised = try readUnrecognised(db)
            return try db.lastID()
        }
        var builder = ColumnsBuilder(
            vocabulary: vocabulary, people: index.people.count, organizations: index.organizations.count, versions: chart.versions, counts: chart.counts)
        for (person, held) in holdings { for holding in held { builder.append(holding, of: person) } }
        let pieces = PieceList(last: last)
        let frozen = index
        let failure = FirstFailure()
        // The appointments are one thread's first piece of work. They may be younger than `last`: whoever changed since is read again by `follow`.
        nonisolated(unsafe) var posts = builder
        let books = (0..<max(1, scanners)).map { _ in ScanBook(EntryScan(index, vocabulary, unrecognised, named)) }
        DispatchQueue.concurrentPerform(iterations: books.count) { scanner in
            if scanner == 0 {
                do { try database.readNow { try readAppointments($0, frozen, into: &posts) } } catch { failure.set(error) }
            }
            while !failure.isSet {
                do {
                    guard let piece = try pieces.take(from: database) else { return }
                    let run = try database.readNow { db in
                        try books[scanner].scan.entries(SQL("id > \(piece.after) AND id <= \(piece.through)"), in: db)
                    }
                    pieces.put(run, piece, of: scanner)
                } catch { failure.set(error) }
            }
        }
        try failure.check()
        return Loaded(columns: posts.build(runs: pieces.finished(), kinds: books.map(\.scan.kinds)), index: index, last: last, basis: FactsSnapshot.basis(library))
    }

    /// What one scanner remembers; unchecked because only its thread touches it until all have ended.
    private final class ScanBook: @unchecked Sendable {
        var scan: EntryScan
        init(_ scan: EntryScan) { self.scan = scan }
    }

    /// Hands out ranges of ids that hold about as many entries each. Ids of one act are dense, those of different
    /// acts lie apart by the time between them: the width of a range follows what the last ones held.
    /// `@unchecked`: everything is read and written under the lock.
    private final class PieceList: @unchecked Sendable {
        struct Piece { let number: Int, after: Int64, through: Int64 }
        private let lock = NSLock()
        private let last: Int64
        private var cursor: Int64 = 0
        private var width: Int64 = 1 << 17
        private var count = 0
        private var runs: [Int: (run: EntryRun, kinds: Int)] = [:]
        private static let wanted = 1 << 17

        init(last: Int64) { self.last = last }

        func take(from database: Database) throws -> Piece? {
            lock.lock()
            defer { lock.unlock() }
            guard cursor < last else { return nil }
            let (cursor, last) = (self.cursor, self.last)
            let first = try database.readNow { db in
                try db.first(SQL("SELECT id FROM hour_entry WHERE id > \(cursor) AND id <= \(last) ORDER BY id LIMIT 1")) { $0.int(0) }
            }
            guard let first else {
                self.cursor = last
                return nil
            }
            // `first` is above `cursor`, which is never below 0; sums with it may lie above what an id can be.
            let after = first &- 1
            let piece = Piece(number: count, after: after, through: last &- after > width ? after &+ width : last)
            count += 1
            self.cursor = piece.through
            return piece
        }

        func put(_ run: EntryRun, _ piece: Piece, of scanner: Int) {
            lock.lock()
            defer { lock.unlock() }
            runs[piece.number] = (run, scanner)
            if run.count < PieceList.wanted / 4 { width = width < last / 4 ? width * 4 : last }
            if run.count > PieceList.wanted * 2 { width = max(width / 2, 1 << 10) }
        }

        func finished() -> [(run: EntryRun, kinds: Int)] {
            lock.lock()
            defer { lock.unlock() }
            let all = (0..<count).compactMap { runs[$0] }
            runs = [:]
            return all
        }
    }

    /// `@unchecked`: read and written under the lock.
    private final class FirstFailure: @unchecked Sendable {
        private let lock = NSLock()
        private var error: (any Error)?
        var isSet: Bool { lock.withLock { error != nil } }
        func set(_ error: any Error) { lock.withLock { if self.error == nil { self.error = error } } }
        func check() throws { try lock.withLock { if let error { throw error } } }
    }

    // MARK: What came since

    /// Brings columns up to date with what was committed after them. Returns what changed, or nil where only reading
    /// everything anew will do: a change of the register of institutions, a flood.
    static func follow(_ loaded: inout Loaded, _ db: Reading, _ library: PolicyLibrary) throws -> Moved? {
        let vocabulary = library.vocabulary, named = library.namedPurposes
        let last = try db.lastID(), seen = loaded.last
        var moved = Moved()
        guard last > seen else { return moved }
        guard try !mustBeReadAnew(since: seen, in: db) else { return nil }
        moved.chart = try db.count(SQL("SELECT count(*) FROM organization_version WHERE id > \(seen)")) > 0
        var posted: Set<Int64> = Set(try db.rows(SQL("SELECT person_id FROM appointment WHERE id > \(seen)")) { $0.int(0) })
        try db.each(SQL("SELECT id FROM person WHERE id > \(seen) AND merged_into IS NULL ORDER BY id")) { loaded.index.addPerson($0.int(0)) }

        var elected: Set<Int64> = Set(try db.rows(SQL("SELECT organization_id FROM term_of_office WHERE id > \(seen)")) { $0.int(0) })
        var holders: Set<Int64> = []

        // Rows that were changed in place, or taken away.
        var touched: Set<Int64> = [], hasTerms = false
        try db.each(SQL("SELECT subject, subject_id, before_image, after_image FROM act_change WHERE id > \(seen) ORDER BY id")) { row in
            switch row.text(0) {
            case "person": touched.insert(row.int(1))
            case "appointment":
                for image in [row.textOrNil(2), row.textOrNil(3)] {
                    if let image, let person = (try? RowImage(json: image))?.int("person_id") { posted.insert(person) }
                }
            case "term_of_office": hasTerms = true
            case AdoptionStore.subject: moved.adoptions = true
            case let subject where subject.hasPrefix("organization"): moved.chart = true
            default: break
            }
        }
        // Their images are each holder's own, and sealed.
        for change in hasTerms ? try ActStore.changes(of: "term_of_office", after: seen, in: db) : [] {
            for image in [change.before, change.after].compactMap(\.self) {
                if let unit = image.int("organization_id") { elected.insert(unit) }
                if let person = image.int("person_id") { holders.insert(person) }
            }
        }
        if moved.chart {
            var index = loaded.index
            let chart = try readChart(db, &index)
            loaded.index = index
            loaded.columns.setVersions(chart.versions, counts: chart.counts, organizationCount: index.organizations.count)
        }
        let unrecognised = try readUnrecognised(db)
        let renumbered = try renumber(touched, in: &loaded, until: seen, library, unrecognised, db)
        moved.people.formUnion(renumbered.changed)
        posted.formUnion(renumbered.people)
        for id in posted {
            guard let number = loaded.index.person(id) else { continue }
            let own = loaded.index.personID(number)
            let appointments = try readAppointments(db, loaded.index, SQL("person_id = \(own)"))
            loaded.columns.setAppointments(appointments, of: number)
            moved.people.insert(number)
        }
        // An election ends the terms of others.
        holders.formUnion(renumbered.people)
        holders.formUnion(try TermStore.terms(in: elected.sorted(), in: db).map(\.personID))
        let held = holders.isEmpty ? [:] : try readHoldings(of: holders, loaded.index, db)
        for number in Set(holders.compactMap { loaded.index.person($0) }) {
            loaded.columns.setHoldings(held[number] ?? [], of: number)
            moved.people.insert(number)
        }
        var scan = EntryScan(loaded.index, vocabulary, unrecognised, named)
        let run = try scan.entries(SQL("id > \(seen) AND id <= \(last)"), in: db)
        moved.people.formUnion(loaded.columns.append(run, kinds: scan.kinds))
        moved.count = moved.people.count + run.count
        loaded.last = last
        return moved
    }

    /// As many new entries, people or changes of rows as are read anew with all others rather than one by one.
    static let flood = 50_000

    private static func mustBeReadAnew(since seen: Int64, in db: Reading) throws -> Bool {
        let flood = Int64(Self.flood)
        return try db.count(SQL("SELECT count(*) FROM (SELECT 1 FROM hour_entry WHERE id > \(seen) LIMIT \(flood)) AS some_entries")) == flood
            || db.count(SQL("SELECT count(*) FROM (SELECT 1 FROM person WHERE id > \(seen) LIMIT \(flood)) AS some_people")) == flood
            || db.count(SQL("SELECT count(*) FROM (SELECT 1 FROM act_change WHERE id > \(seen) LIMIT \(flood)) AS some_changes")) == flood
            || db.count(SQL("SELECT count(*) FROM unrecognised_institution WHERE act_id > \(seen)")) > 0
            || db.count(SQL("SELECT count(*) FROM act_change WHERE id > \(seen) AND subject = 'unrecognised_institution'")) > 0
    }

    /// A merge, or one taken back, gives those concerned new numbers, under which their entries stand in order again. The numbers
    /// that changed, and the living people whose posts are to be read again.
    private static func renumber(
        _ touched: Set<Int64>, in loaded: inout Loaded, until seen: Int64, _ library: PolicyLibrary, _ unrecognised: Set<String>, _ db: Reading
    ) throws -> (changed: Set<Int32>, people: Set<Int64>) {
        var changed: Set<Int32> = [], people: Set<Int64> = []
        var renumbered: Set<Int64> = []
        for id in touched {
            let survivor = try db.first(SQL("SELECT merged_into FROM person WHERE id = \(id)")) { $0.intOrNil(0) } ?? nil
            if let survivor {
                if !loaded.index.isMerged(id) { renumbered.formUnion([id, survivor]) }
            } else if let other = loaded.index.mergedInto(id) {
                renumbered.formUnion([id, other])
            }
        }
        for id in renumbered {
            for old in [loaded.index.person(id)].compactMap({ $0 }) {
                loaded.columns.setAppointments([], of: old)
                loaded.columns.setHoldings([], of: old)
                changed.insert(old)
            }
        }
        for id in renumbered.sorted() {
            let isLiving = try db.count(SQL("SELECT count(*) FROM person WHERE id = \(id) AND merged_into IS NULL")) > 0
            guard isLiving else { continue }
            let family = try db.rows(SQL("""
                WITH RECURSIVE family (id) AS (SELECT \(id) UNION SELECT person.id FROM person JOIN family ON person.merged_into = family.id)
                SELECT CAST(id AS BIGINT) FROM family
                """)) { $0.int(0) }
            let number = loaded.index.renumber(id, with: family)
            var scan = EntryScan(loaded.index, library.vocabulary, unrecognised, library.namedPurposes)
            let run = try scan.entries(SQL("person_id IN (\(list: family)) AND id <= \(seen)"), in: db)
            changed.formUnion(loaded.columns.append(run, kinds: scan.kinds))
            changed.insert(number)
            people.insert(id)
        }
        return (changed, people)
    }

    // MARK: Tables

    private struct Chart {
        var versions: [Columns.Version] = []
        var counts: [Columns.Count] = []
    }

    private static func readChart(_ db: Reading, _ index: inout FactsIndex) throws -> Chart {
        try db.each(SQL("SELECT id FROM organization ORDER BY id")) { index.addOrganization($0.int(0)) }
        var chart = Chart()
        try db.each(SQL("""
            SELECT organization_id, from_day, to_day, parent_id, kind, employees, members, enterprises FROM organization_version ORDER BY id
            """)) { row in
            // Days that there are not are left out with their row.
            guard row.holds(Day.numbers, 1), row.holds(Day.numbers, 2), let organization = index.organization(row.int(0)) else { return }
            let (from, to) = (row.day(1).number, row.day(2).number)
            chart.versions.append(Columns.Version(
                organization: organization, from: from, to: to, parent: row.intOrNil(3).flatMap { index.organization($0) } ?? -1, kind: row.text(4)))
            for (column, key) in [(5, "employees"), (6, "members"), (7, "enterprises")] {
                guard let value = row.countOrNil(column) else { continue }
                chart.counts.append(Columns.Count(organization: organization, key: key, from: from, to: to, value: Int64(value)))
            }
        }
        return chart
    }

    /// Terms of office with the ends that follow from the terms beside them; of some people, or of all.
    private static func readHoldings(of people: Set<Int64>?, _ index: FactsIndex, _ db: Reading) throws -> [Int32: [Columns.Holding]] {
        var terms: [TermOfOffice] = []
        if let people {
            let units = Set(try TermStore.terms(of: people.sorted(), in: db).map(\.organizationID))
            terms = try TermStore.terms(in: units.sorted(), in: db)
        } else {
            terms = try TermStore.all(in: db)
        }
        let ends = TermOfOffice.endsByID(of: terms)
        var found: [Int32: [Columns.Holding]] = [:]
        for term in terms {
            guard let person = index.person(term.personID), let organization = index.organization(term.organizationID), let end = ends[term.id],
                people?.contains(term.personID) ?? true
            else { continue }
            found[person, default: []].append(Columns.Holding(
                organization: organization, key: term.kind, from: term.elected.number, to: end.day.number, due: term.expiry.number, isLeftEarly: end.isEarly))
        }
        return found
    }

    private static func readPeople(_ db: Reading, _ index: inout FactsIndex) throws {
        index.reserve(people: Int(try db.count(SQL("SELECT count(*) FROM person"))))
        var merged: [Int64: Int64] = [:]
        try db.each(SQL("SELECT id, merged_into FROM person ORDER BY id")) { row in
            if let survivor = row.intOrNil(1) { merged[row.int(0)] = survivor } else { index.addPerson(row.int(0)) }
        }
        // A file merged into a file that was merged later: the one at the end counts.
        for (id, survivor) in MergedFiles.ends(of: merged) {
            if let number = index.person(survivor) { index.noteMerged(id, into: number) }
        }
    }

    private static func readAppointments(_ db: Reading, _ index: FactsIndex, _ which: SQL) throws -> [Columns.Appointment] {
        try db.rows(SQL("""
            SELECT person_id, organization_id, from_day, to_day, is_primary, category, workforce, engagement, title, is_leadership
            FROM appointment WHERE \(which) ORDER BY id
            """)) { row -> Columns.Appointment? in
            guard row.holds(Day.numbers, 2), row.holds(Day.numbers, 3) else { return nil }
            return index.organization(row.int(1)).map { organization in
                Columns.Appointment(
                    organization: organization, from: row.day(2).number, to: row.day(3).number,
                    isPrimary: row.bool(4), category: row.text(5), workforce: row.text(6), engagement: row.text(7),
                    title: row.text(8), isLeadership: row.bool(9))
            }
        }.compactMap(\.self)
    }

    /// All appointments, by bytes: made into Strings they would weigh more than the ledger.
    private static func readAppointments(_ db: Reading, _ index: FactsIndex, into builder: inout ColumnsBuilder) throws {
        var texts = TextNumbers()
        struct Key: Hashable { let category: Int, workforce: Int, engagement: Int, title: Int, isLeadership: Bool }
        var descriptions: [Key: Int32] = [:]
        try db.each(SQL("""
            SELECT person_id, organization_id, from_day, to_day, is_primary, category, workforce, engagement, title, is_leadership
            FROM appointment ORDER BY id
            """)) { row in
            guard let person = index.person(row.int(0)), let organization = index.organization(row.int(1)), row.holds(Day.numbers, 2),
                row.holds(Day.numbers, 3)
            else { return }
            let category = texts.number(row, 5), workforce = texts.number(row, 6), engagement = texts.number(row, 7), title = texts.number(row, 8)
            let isLeadership = row.bool(9)
            let key = Key(category: category, workforce: workforce, engagement: engagement, title: title, isLeadership: isLeadership)
            let description: Int32
            if let known = descriptions[key] {
                description = known
            } else {
                description = builder.description(
                    category: texts.text(category), workforce: texts.text(workforce), engagement: texts.text(engagement),
                    title: texts.text(title), isLeadership: isLeadership)
                descriptions[key] = description
            }
            builder.append(
                description: description, organization: organization, from: row.day(2).number, to: row.day(3).number,
                isPrimary: row.bool(4), of: person)
        }
    }

    private static func readUnrecognised(_ db: Reading) throws -> Set<String> {
        Set(try db.rows(SQL("SELECT name FROM unrecognised_institution")) { $0.text(0) })
    }
}

/// Reads entries on one thread, and remembers from one range to the next which texts and kinds it has met.
private struct EntryScan {
    private let index: FactsIndex
    private let unrecognised: Set<String>
    /// Purposes whose records are told apart by name.
    private let named: [String]
    private(set) var kinds: EntryKinds
    // Keys repeat from row to row: each distinct text is looked at once, each distinct kind made once.
    private var texts = TextNumbers()
    private var numbers: [KindKey: Int32] = [:]

    init(_ index: FactsIndex, _ vocabulary: Vocabulary, _ unrecognised: Set<String>, _ named: Set<String>) {
        self.index = index
        self.unrecognised = unrecognised
        self.named = named.sorted()
        kinds = EntryKinds(vocabulary: vocabulary)
    }

    mutating func entries(_ which: SQL, in db: Reading) throws -> EntryRun {
        var run = EntryRun()
        var lastKey = KindKey(), lastKind: Int32 = 0
        var lastPerson: Int64 = .min, lastNumber: Int32?
        let days = HourEntryStore.days, halfDays = HourEntryStore.halfDays, hours = HourEntryStore.hours
        // Most records need no name, and reading names would cost more than the rest of a row.
        let title = named.isEmpty ? SQL("''") : SQL("CASE WHEN purpose IN (\(list: named)) THEN title ELSE '' END")
        try db.each(SQL("""
            SELECT person_id, form, purpose, content, institution, host_id, is_selected, is_completed, sign, from_day, to_day, half_days, hours, \(title)
            FROM hour_entry WHERE \(which) ORDER BY id
            """)) { row in
            let id = row.int(0)
            if id != lastPerson { (lastPerson, lastNumber) = (id, index.person(id)) }
            // An entry with an amount or a day that cannot be is left out as a whole; `yugong verify` names it.
            guard let person = lastNumber, row.holds(days, 9), row.holds(days, 10), row.int(9) <= row.int(10), row.holds(halfDays, 11),
                row.holds(hours, 12)
            else { return }
            let key = key(of: row)
            if key != lastKey { (lastKey, lastKind) = (key, kind(key, row)) }
            run.append(
                kind: lastKind, of: kinds, from: row.day(9).number, to: row.day(10).number, halfDays: row.intOrNil(11).map { Int32(clamping: $0) },
                hours: row.intOrNil(12).map { Int32(clamping: $0) }, isReversal: row.int(8) < 0, person: person)
        }
        return run
    }

    private mutating func key(of row: Row) -> KindKey {
        let form = texts.number(row, 1), purpose = texts.number(row, 2), content = texts.number(row, 3), institution = texts.number(row, 4)
        let flags = (institution == texts.empty ? 0 : texts.isIn(unrecognised, institution) ? 2 : 1) << 2 | (row.bool(6) ? 2 : 0) | (row.bool(7) ? 1 : 0)
        return KindKey(form: form, purpose: purpose, content: content, flags: flags, title: texts.number(row, 13), host: row.intOrNil(5) ?? 0)
    }

    private mutating func kind(_ key: KindKey, _ row: Row) -> Int32 {
        if let known = numbers[key] { return known }
        let institution = texts.number(row, 4)
        let number = kinds.number(of: Columns.Kind(
            form: row.text(1), isSelected: row.bool(6), purpose: row.text(2), content: row.text(3), isCompleted: row.bool(7),
            institution: institution == texts.empty ? .unnamed : texts.isIn(unrecognised, institution) ? .unrecognised : .recognised,
            host: key.host == 0 ? -1 : index.organization(key.host) ?? -1, title: texts.text(key.title)))
        numbers[key] = number
        return number
    }
}

private struct KindKey: Hashable {
    // The first one is like no row's.
    var form = -1, purpose = -1, content = -1, flags = 0, title = 0
    var host: Int64 = 0
}

/// Numbers for the distinct texts of the columns that repeat. A text is looked up by its bytes where they lie: made
/// into a String it would cost more than everything else about a row.
private struct TextNumbers {
    private var texts: [[UInt8]] = [[]]
    /// Numbers by hash, -1 where nobody is; never more than half full.
    private var slots: [Int32]
    private var memberships: [Int: Bool] = [:]
    /// The number of the empty text.
    let empty = 0

    init() { slots = [Int32](repeating: -1, count: 1 << 10) }

    mutating func number(_ row: Row, _ column: Int) -> Int {
        let bytes = row.borrowedText(column)
        if bytes.isEmpty { return empty }
        var at = TextNumbers.hash(bytes) & (slots.count - 1)
        while slots[at] >= 0 {
            if texts[Int(slots[at])].withUnsafeBytes({ $0.elementsEqual(bytes) }) { return Int(slots[at]) }
            at = (at + 1) & (slots.count - 1)
        }
        slots[at] = Int32(clamping: texts.count)
        texts.append(Array(bytes))
        if texts.count * 2 > slots.count { grow() }
        return texts.count - 1
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(truncatingIfNeeded: byte)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for number in 1..<texts.count {
            var at = texts[number].withUnsafeBytes(TextNumbers.hash) & (slots.count - 1)
            while slots[at] >= 0 { at = (at + 1) & (slots.count - 1) }
            slots[at] = Int32(clamping: number)
        }
    }

    /// Whether the text with this number is in the one set that is ever asked about.
    mutating func isIn(_ set: Set<String>, _ number: Int) -> Bool {
        if set.isEmpty { return false }
        if let known = memberships[number] { return known }
        let answer = set.contains(text(number))
        memberships[number] = answer
        return answer
    }

    func text(_ number: Int) -> String { String(decoding: texts[number], as: UTF8.self) }
}
