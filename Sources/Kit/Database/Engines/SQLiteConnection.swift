import CSQLite
import Foundation

/// A connection to a SQLite file in WAL mode; a commit is on the disk when it returns.
final class SQLiteConnection: Connection {
    let engine = Engine.sqlite
    var failure: (any Error)?
    var isDelivered = false
    var manner = Manner.strict
    var leftOut: Set<String> = []
    var isRowUnreadable = false
    private var handle: OpaquePointer?
    private var statements: [String: PreparedStatement] = [:]
    private var isCopying = false

    enum Role { case reader, writer }

    /// Once in a process, before the first connection.
    private static let isSetUp = yugong_sqlite_set_up() == SQLITE_OK

    init(path: String, role: Role, mayCreate: Bool) throws {
        _ = Self.isSetUp
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mayCreate ? SQLITE_OPEN_CREATE : 0)
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK else {
            let reason = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(handle)
            handle = nil
            throw Refusal.unreachable("\(path): \(reason)")
        }
        // The write-ahead log gets what the file itself allows: both before there is a log.
        for end in ["", "-wal", "-shm"] { OwnFile.close(path + end) }
        sqlite3_extended_result_codes(handle, 1)
        // As long as a writer of PostgreSQL waits.
        sqlite3_busy_timeout(handle, 60_000)
        do {
            try turnToLog()
            try script("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864")
            switch role {
            case .reader: try script("PRAGMA mmap_size = 67108864; PRAGMA cache_size = -8192; PRAGMA query_only = ON")
            // More made an import of a hundred thousand people no faster, and larger by as much.
            case .writer: try script("PRAGMA cache_size = -24576")
            }
        } catch {
            close()
            throw error
        }
    }

    /// Of several that open a new file at once SQLite lets none wait for another here, lest they wait for each other: it refuses at once.
    private func turnToLog() throws {
        let deadline = Deadline(seconds: 60)
        while true {
            do { return try script("PRAGMA journal_mode = WAL") } catch let refusal as Refusal {
                guard refusal == .locked, !deadline.isPast else { throw refusal }
                usleep(20_000)
            }
        }
    }

    deinit { close() }

    func close() {
        statements = [:]
        sqlite3_close_v2(handle)
        handle = nil
    }

    // MARK: Statements

    func script(_ text: String) throws {
        guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw fail(text) }
    }

    func query(_ sql: SQL, _ body: (Row) throws -> Bool) throws -> Int {
        let prepared = try takeStatement(sql.text, parameters: sql.values.count), statement = prepared.handle
        defer { prepared.giveBack() }
        try bind(sql.values, to: statement, sql.text)
        let before = sqlite3_total_changes64(handle), classes = manner == .leavingOut ? prepared.classes : []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                isDelivered = true
                guard isReadable(statement, classes) else { continue }
                let goesOn = try body(Row(source: .sqlite(statement), connection: self))
                if let failure { throw failure }
                if !goesOn { return Int(sqlite3_total_changes64(handle) - before) }
            case SQLITE_DONE:
                isDelivered = true
                // total_changes counts rows changed by triggers too; `changes` is of this statement, but stays when it is a SELECT.
                return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
            default: throw fail(sql.text)
            }
        }
    }

    /// Whether each value of the row is what its column is declared for; of what is not it is noted where it stands.
    private func isReadable(_ statement: OpaquePointer, _ classes: [(column: Int32, kept: Int32)]) -> Bool {
        for (column, kept) in classes {
            let found = sqlite3_column_type(statement, column)
            guard found != kept, found != SQLITE_NULL else { continue }
            leftOut.insert(sqlite3_column_name(statement, column).map { String(cString: $0) } ?? "")
            return false
        }
        return true
    }

    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        _ = try query(sql) { row in
            try body(row)
            return true
        }
    }

    func bulk(into table: String, columns: [String], _ body: (([Value]) -> Void) throws -> Void) throws -> Int {
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        let text = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
        let prepared = try takeStatement(text, parameters: columns.count), statement = prepared.handle
        isCopying = true
        defer {
            isCopying = false
            prepared.giveBack()
        }
        var count = 0
        try body { [self] values in
            guard failure == nil else { return }
            guard values.count == columns.count else {
                failure = DatabaseFault(message: "\(values.count) values for \(columns.count) columns", statement: text)
                return
            }
            do { try bind(values, to: statement, text) } catch { return }
            if sqlite3_step(statement) == SQLITE_DONE { count += 1 } else { _ = fail(text) }
            sqlite3_reset(statement)
        }
        if let failure { throw failure }
        return count
    }

    private func takeStatement(_ text: String, parameters: Int) throws -> PreparedStatement {
        if isCopying { throw misuse("a statement inside bulk", text) }
        // The same text may run again inside its own rows: then it is prepared once more.
        let known = statements[text]
        if let known, !known.isTaken {
            known.isTaken = true
            return known
        }
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v3(handle, text, -1, UInt32(bitPattern: SQLITE_PREPARE_PERSISTENT), &prepared, nil) == SQLITE_OK,
            let prepared
        else { throw sqlite3_errcode(handle) == SQLITE_OK ? misuse("empty statement", text) : fail(text) }
        let statement = PreparedStatement(prepared)
        guard Int(sqlite3_bind_parameter_count(prepared)) == parameters else { throw misuse("a ? that is no interpolation", text) }
        if known == nil {
            if statements.count >= 500 { statements = [:] }
            statements[text] = statement
        }
        return statement
    }

    private func bind(_ values: [Value], to statement: OpaquePointer, _ text: String) throws {
        for (offset, value) in values.enumerated() {
            let position = Int32(truncatingIfNeeded: offset + 1)
            let code: Int32
            switch value {
            case .null: code = sqlite3_bind_null(statement, position)
            case .int(let number): code = sqlite3_bind_int64(statement, position, number)
            case .text(var string):
                // PostgreSQL has no such text either.
                code = try string.withUTF8 { bytes in
                    if bytes.contains(0) { throw misuse("a NUL in a text", text) }
                    // Without an address it would be NULL.
                    guard !bytes.isEmpty else { return sqlite3_bind_text(statement, position, "", 0, transient) }
                    return bytes.withMemoryRebound(to: CChar.self) { characters in
                        // A length beyond what SQLite takes is refused by it, never cut.
                        sqlite3_bind_text64(statement, position, characters.baseAddress, UInt64(truncatingIfNeeded: characters.count), transient, UInt8(truncatingIfNeeded: SQLITE_UTF8))
                    }
                }
            case .blob(let bytes):
                code = bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, position, 0)
                    : sqlite3_bind_blob64(statement, position, bytes, UInt64(truncatingIfNeeded: bytes.count), transient)
            }
            guard code == SQLITE_OK else { throw fail(text) }
        }
    }

    // MARK: Transactions

    func beginReading() throws { try script("BEGIN") }
    func endReading() { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }

    func beginWriting() throws -> Int64 {
        try script("BEGIN IMMEDIATE")
        var last: Int64?
        _ = try query("SELECT last_id FROM tail WHERE one = 1") { row in
            last = row.int(0)
            return false
        }
        guard let last else { throw Refusal.notMigrated }
        return last
    }

    func commit(_ ending: String, lastID: Int64) throws {
        do {
            try script(Self.ending(ending, lastID))
        } catch { throw Setback.abandoned(error) }
    }

    func rollback() {
        if isInTransaction { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
        failure = nil
    }

    var warnings: [String] { [] }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    // MARK: Errors

    private func misuse(_ message: String, _ text: String) -> DatabaseFault {
        let fault = DatabaseFault(message: message, statement: text)
        if failure == nil { failure = fault }
        return fault
    }

    /// The error of the last call, as the layer names it.
    private func fail(_ text: String) -> any Error {
        let code = sqlite3_extended_errcode(handle)
        let error = named(code, String(cString: sqlite3_errmsg(handle)), text)
        if failure == nil { failure = error }
        return error
    }

    private func named(_ code: Int32, _ message: String, _ text: String) -> any Error {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: return Refusal.locked
        case SQLITE_FULL: return Refusal.full
        case SQLITE_READONLY: return Refusal.readOnly
        case SQLITE_CORRUPT, SQLITE_NOTADB: return Refusal.corrupt(message)
        case SQLITE_IOERR: return Refusal.disk(message)
        case SQLITE_CANTOPEN: return Refusal.unreachable(message)
        case SQLITE_ERROR where message == "no such table: tail": return Refusal.notMigrated
        case SQLITE_CONSTRAINT:
            let subject = message.range(of: "failed: ").map { String(message[$0.upperBound...]) } ?? message
            switch code >> 8 {
            case 1: return ConstraintBroken(kind: .check, name: subject)
            case 3: return ConstraintBroken(kind: .foreignKey, name: "foreign_key")
            case 5: return ConstraintBroken(kind: .notNull, name: subject)
            case 6, 8, 10: return ConstraintBroken(kind: .unique, name: uniqueName(subject))
            case 7:
                return ConstraintBroken(kind: message.hasSuffix("_overlap") ? .overlap : message.hasSuffix("_range") ? .check : .trigger, name: message)
            default: return ConstraintBroken(kind: .check, name: subject)
            }
        default: return DatabaseFault(message: "SQLite \(code): \(message)", statement: text)
        }
    }

    /// SQLite names a broken key by its columns (`person.code`, or `index 'x'`); this finds the name PostgreSQL has for it.
    private func uniqueName(_ subject: String) -> String {
        if subject.hasPrefix("index '") { return String(subject.dropFirst(7).dropLast()) }
        let columns = subject.components(separatedBy: ", ").map { $0.split(separator: ".") }
        guard let table = columns.first?.first.map(String.init) else { return subject }
        let names = columns.compactMap { $0.last.map(String.init) }
        var found: String?
        var candidates: [(name: String, origin: String)] = []
        let kept = (failure, isCopying)
        isCopying = false
        defer { (failure, isCopying) = kept }
        _ = try? query("SELECT name, origin FROM temp.pragma_index_list(\(table)) WHERE \"unique\" = 1 ORDER BY seq DESC") { row in
            candidates.append((row.text(0), row.text(1)))
            return true
        }
        for candidate in candidates where found == nil {
            var members: [String] = []
            _ = try? query("SELECT name FROM temp.pragma_index_info(\(candidate.name)) ORDER BY seqno") { row in
                members.append(row.textOrNil(0) ?? "")
                return true
            }
            guard members == names else { continue }
            switch candidate.origin {
            case "c": found = candidate.name
            case "pk": found = "\(table)_pkey"
            default: found = "\(table)_\(names.joined(separator: "_"))_key"
            }
        }
        return found ?? "\(table)_pkey"
    }
}

private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// A statement that is prepared once and run many times, until its connection closes or nobody holds it any more.
private final class PreparedStatement {
    let handle: OpaquePointer
    /// Somebody reads its rows.
    var isTaken = true

    /// The columns of its result that are columns of tables, each with the storage class it is declared for.
    private(set) lazy var classes: [(column: Int32, kept: Int32)] = (0..<sqlite3_column_count(handle)).compactMap { column in
        guard let declared = sqlite3_column_decltype(handle, column).map({ String(cString: $0).lowercased() }) else { return nil }
        return (column, declared.hasSuffix("int") || declared == "integer" ? SQLITE_INTEGER : ["bytea", "blob"].contains(declared) ? SQLITE_BLOB : SQLITE_TEXT)
    }

    init(_ handle: OpaquePointer) { self.handle = handle }
    deinit { sqlite3_finalize(handle) }

    func giveBack() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        isTaken = false
    }
}
