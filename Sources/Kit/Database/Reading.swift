import Crypto

/// What a closure can ask of one snapshot of the database. Valid only inside the closure, on its thread.
package class Reading {
    let connection: any Connection
    /// Seals and opens images that hold personal values; nil leaves them as they are.
    let vault: PersonVault?

    init(connection: any Connection, vault: PersonVault? = nil) {
        self.connection = connection
        self.vault = vault
    }

    package var engine: Engine { connection.engine }

    /// All rows of a query, in its order.
    package func rows<T>(_ sql: SQL, _ body: (Row) throws -> T) throws -> [T] {
        var rows: [T] = []
        _ = try connection.query(sql) { row in
            let value = try body(row)
            if !takeUnreadable() { rows.append(value) }
            return true
        }
        return rows
    }

    /// The first row, or nil where there is none. Say `LIMIT 1` where there may be many.
    package func first<T>(_ sql: SQL, _ body: (Row) throws -> T) throws -> T? {
        var found: T?
        _ = try connection.query(sql) { row in
            found = try body(row)
            guard takeUnreadable() else { return false }
            found = nil
            return true
        }
        return found
    }

    /// Whether the row that was just read is to be left out.
    private func takeUnreadable() -> Bool {
        guard connection.isRowUnreadable else { return false }
        connection.isRowUnreadable = false
        return true
    }

    /// Whether what cannot be made sense of is left out of what a page reads; that is told of this table or column.
    package func leavesOut(_ name: String) -> Bool {
        guard connection.manner == .leavingOut else { return false }
        connection.leftOut.insert(name)
        return true
    }

    /// Each row of a SELECT in turn; memory stays flat, however many there are.
    package func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try connection.stream(sql, body)
        connection.isRowUnreadable = false
    }


    /// The first column of the first row, for `SELECT count(*)` and its like; 0 for NULL or no row.
    package func count(_ sql: SQL) throws -> Int64 { try first(sql) { $0.intOrNil(0) ?? 0 } ?? 0 }

    /// The largest id committed in this snapshot; whatever commits later has a larger one.
    package func lastID() throws -> Int64 { try count("SELECT last_id FROM tail WHERE one = 1") }
}

/// What a closure can do inside an act.
package final class Writing: Reading {
    package let act: Act
    package let actID: Int64
    /// Milliseconds since 1970-01-01 UTC, fixed for the act.
    package let now: Int64
    private(set) var last: Int64
    /// Whether any row was changed besides that of the act itself.
    private(set) var hasChanged = false
    /// Whether it leaves work behind: whoever works is woken after the commit.
    var hasEnqueued = false
    private var changes: [Noted] = []
    /// Of the changes written so far: what the chain's MAC covers.
    private var digest = RowDigest()
    /// What is to be marked of the rows this act writes; nil where acts are not chained.
    private let marking: RowMarking?
    private let guards: [String: [RowGuard]]
    /// Keys of rows it has written, by table.
    private var written: [String: [Int64]] = [:]
    /// Those of which it knows what they hold, by table.
    private var putRows: [String: [PutRows]] = [:]
    /// Images that are being sealed.
    private var sealing: Begun<[[Value]]>?

    init(
        connection: any Connection, act: Act, last: Int64, now: Int64, vault: PersonVault? = nil, marking: RowMarking? = nil, guards: [String: [RowGuard]] = [:]
    ) throws {
        // Ids count on from it: one that nobody gave out would end the process at the end of the numbers.
        guard (0...Self.farthest).contains(last) else { throw Refusal.corrupt("tail.last_id \(last)") }
        self.act = act
        self.marking = marking
        self.guards = guards
        self.now = now
        // 44 bits of milliseconds and 20 bits of room for those of the same millisecond: ids tell their age and
        // never run backwards, even when the clock does.
        self.actID = max(last + 1, Clock.moment(now) << 20)
        self.last = actID
        super.init(connection: connection, vault: vault)
        try act.checkReason()
        _ = try run(
            """
            INSERT INTO act (id, at_ms, account_id, who, origin, kind, why)
            VALUES (\(actID), \(now), \(act.accountID), \(act.whoText), \(act.origin), \(act.kind), \(act.why))
            """)
        hasChanged = false
        act.receipt?.note(actID)
    }

    /// A new id, larger than every id committed before. Milliseconds since 1970 stand in the bits above the lowest 20.
    package func nextID() -> Int64 {
        last += 1
        return last
    }

    /// Runs a statement; the number of rows it changed. Which rows these are is noted, so that no store can forget to.
    @discardableResult
    package func run(_ sql: SQL) throws -> Int {
        guard let table = try marking?.rows.table(writtenBy: sql) else {
            let rows = try connection.query(sql) { _ in true }
            if rows > 0 { hasChanged = true }
            return rows
        }
        var keys: [Int64] = []
        let count = try connection.query(table.returningKeys(sql)) { row in
            keys.append(row.int(0))
            return true
        }
        if !keys.isEmpty { hasChanged = true }
        written[table.name, default: []] += keys
        return count
    }

    /// Notes the image of a row (JSON text) before and after this act; nil before = new, nil after = gone. `person`: whose
    /// own the values are; the image is then ciphertext under that person's key. Throws what a guard of such rows refuses.
    package func change(_ subject: String, _ id: Int64, before: String?, after: String?, of person: Int64? = nil) throws {
        // On a row that this act has made nobody relies yet; one that comes back by undo is older.
        if let guards = guards[subject], before != nil || id < actID {
            let (was, isNow) = (try before.map { try RowImage(json: $0) }, try after.map { try RowImage(json: $0) })
            for one in guards { try one.check(id, was, isNow, self) }
        }
        changes.append(Noted(person: person, row: [.int(nextID()), .int(actID), .text(subject), .int(id), .of(before), .of(after)]))
        if changes.count >= 5000, !isCopying { try sealAhead() }
    }

    /// Inserts many rows: prepared inserts on SQLite, COPY on PostgreSQL. Inside the closure no other statement can
    /// run. Returns the number of rows; the first broken constraint is thrown at the end.
    @discardableResult
    package func bulk(into table: String, columns: [String], _ body: (_ put: ([Value]) -> Void) throws -> Void) throws -> Int {
        for name in columns + [table] where !name.utf8.allSatisfy({ $0 == 95 || (97...122).contains($0) || (48...57).contains($0) }) {
            throw DatabaseFault(message: "not the name of a table or column: \(name)", statement: "")
        }
        isCopying = true
        hasChanged = true
        defer { isCopying = false }
        guard let marking, let kept = marking.rows.tables[table] else { return try connection.bulk(into: table, columns: columns, body) }
        let place = columns.firstIndex(of: kept.key), places = kept.places(in: columns)
        var keys: [Int64] = place == nil ? [0] : [], rows: [(key: Int64, row: [UInt8])] = []
        defer { written[table, default: []] += keys }
        do {
            let count = try connection.bulk(into: table, columns: columns) { put in
                try withoutActuallyEscaping(put) { put in
                    try body { values in
                        if let place, place < values.count, case .int(let key) = values[place] {
                            if let places, let row = kept.row(of: values, at: places) { rows.append((key, row)) } else { keys.append(key) }
                        }
                        put(values)
                    }
                }
            }
            // A few are not worth a thread.
            if rows.count < 64 { keys += rows.map(\.key) } else { putRows[table, default: []].append(PutRows(rows, of: kept, marking)) }
            return count
        } catch {
            keys += rows.map(\.key)
            throw error
        }
    }

    /// Has these rows marked at the end as if they had been written.
    func vouch(_ table: String, _ keys: [Int64]) { written[table, default: []] += keys }

    /// Notes what the act has left of each row it wrote. The layer calls it last, when nothing more is written.
    func mark() throws {
        guard let marking else { return }
        for name in Set(written.keys).union(putRows.keys).sorted() {
            guard let table = marking.rows.tables[name] else { continue }
            let again = Set(written[name] ?? []), keys = again.sorted()
            for start in stride(from: 0, to: keys.count, by: 1000) {
                try note(KeptRowStore.marks(of: table, Array(keys[start..<min(start + 1000, keys.count)]), marking.key, in: self), of: name)
            }
            var marks: [(key: Int64, mark: RowMark)] = []
            // What was written once more is read as it is now.
            for rows in putRows[name] ?? [] { marks += zip(rows.keys, try rows.marks.value()).filter { !again.contains($0.0) }.map { ($0, $1) } }
            for start in stride(from: 0, to: marks.count, by: 1000) {
                var bytes: [UInt8] = []
                for (key, mark) in marks[start..<min(start + 1000, marks.count)] { mark.add(of: key, to: &bytes) }
                try note(bytes, of: name)
            }
        }
        (written, putRows) = ([:], [:])
    }

    private func note(_ marks: [UInt8], of table: String) throws {
        let id = nextID()
        digest.add(ActContent.values(id: id, subject: table, marks: marks))
        _ = try connection.query("INSERT INTO act_mark (id, act_id, subject, marks) VALUES (\(id), \(actID), \(table), \(marks))") { _ in true }
    }

    /// Runs the closure so that what it did is undone when it throws, and the act can go on: the only way to survive
    /// a broken constraint.
    package func attempt<T>(_ body: () throws -> T) throws -> T {
        try flush()
        let digestBefore = digest
        depth += 1
        defer { depth -= 1 }
        let name = "attempt\(depth)"
        try connection.script("SAVEPOINT \(name)")
        do {
            let value = try body()
            try flush()
            if let failure = connection.failure { throw failure }
            try connection.script("RELEASE SAVEPOINT \(name)")
            return value
        } catch {
            // A lost connection or an ended transaction stays on record and ends the act.
            guard connection.isInTransaction, !(connection.failure is Setback) else { throw error }
            (changes, sealing) = ([], nil)
            // What was put in is gone: that is read at the end.
            for (name, rows) in putRows { written[name, default: []] += rows.flatMap(\.keys) }
            putRows = [:]
            digest = digestBefore
            connection.failure = nil
            try connection.script("ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)")
            throw error
        }
    }

    /// So that there is room above for the ids of one act, whatever it does.
    static let farthest = Int64.max - 1 << 40

    private struct Noted {
        let person: Int64?
        var row: [Value]
    }

    private var depth = 0
    private var isCopying = false

    /// Writes the noted images; the layer calls it before the job ends.
    func flush() throws {
        try writeSealed()
        guard !changes.isEmpty else { return }
        let noted = changes, keys = try keys(of: noted)
        changes = []
        try write(Cores.map(noted) { try Self.sealed($0, keys) })
    }

    /// Has the noted images sealed on another thread, and writes those before meanwhile.
    private func sealAhead() throws {
        let noted = changes, keys = try keys(of: noted)
        changes = []
        let next = Begun { try Self.sealed(noted[...], keys) }
        try writeSealed()
        sealing = next
    }

    private func writeSealed() throws {
        guard let rows = try sealing?.value() else { return }
        sealing = nil
        try write(rows)
    }

    private func write(_ images: [[Value]]) throws {
        for row in images { digest.add([row[0]] + row[2...]) }
        if images.count < 4 {
            for row in images {
                try run(
                    """
                    INSERT INTO act_change (id, act_id, subject, subject_id, before_image, after_image)
                    VALUES (\(row[0]), \(row[1]), \(row[2]), \(row[3]), \(row[4]), \(row[5]))
                    """)
            }
        } else {
            try bulk(into: "act_change", columns: ["id", "act_id", "subject", "subject_id", "before_image", "after_image"]) { put in
                images.forEach(put)
            }
        }
    }

    /// The keys of those whose own the images are; who has none gets one.
    private func keys(of noted: [Noted]) throws -> [Int64: SymmetricKey] {
        let people = noted.compactMap(\.person)
        guard let vault, !people.isEmpty else { return [:] }
        return try PersonKeyStore.keysMade(for: people, vault, in: self)
    }

    /// The rows, images of what is a person's own as ciphertext.
    private static func sealed(_ noted: ArraySlice<Noted>, _ keys: [Int64: SymmetricKey]) throws -> [[Value]] {
        try noted.map { one in
            var row = one.row
            guard let person = one.person, let key = keys[person], case .text(let subject) = row[2] else { return row }
            for place in 4...5 {
                if case .text(let image) = row[place] { row[place] = .text(try PersonVault.seal(image, of: subject, under: key, person: person)) }
            }
            return row
        }
    }

    /// The act as the chain's MAC covers it; complete after `flush`.
    var content: ActContent {
        ActContent(
            id: actID, atMilliseconds: now, accountID: act.accountID, who: act.whoText, origin: act.origin, kind: act.kind, why: act.why,
            changes: digest)
    }
}
