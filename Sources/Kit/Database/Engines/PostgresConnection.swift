import CLibPQ
import Foundation

/// A session with PostgreSQL (or an engine of its protocol) through libpq. Statements are prepared once by their text.
final class PostgresConnection: Connection {
    let engine = Engine.postgres
    var failure: (any Error)?
    var isDelivered = false
    var manner = Manner.strict
    var leftOut: Set<String> = []
    var isRowUnreadable = false
    private var handle: OpaquePointer?
    private let role: Address.Role
    private var plans: [String: Plan] = [:]
    private var planNumber = 0
    private var cursorNumber = 0
    private var isCopying = false
    /// The COMMIT of the last read was sent; its answer is read before the next.
    private var isEnding = false

    private struct Plan {
        let name: String
        let kinds: [ValueKind]
    }

    /// `joins`: the session counts among those that use the database. `presence`: by which others see that this process lives; 0 for none.
    init(url: String, role: Address.Role, joins: Bool, presence: Int64) throws {
        self.role = role
        // What stands before dbname the URL may override, what stands after it not.
        let settings = [
            ("connect_timeout", "5"), ("fallback_application_name", "yugong"), ("keepalives_idle", "30"),
            ("keepalives_interval", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "60000"), ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        let keywords = settings.map { strdup($0.0) }, values = settings.map { strdup($0.1) }
        defer { (keywords + values).forEach { free($0) } }
        handle = PQconnectdbParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
        guard PQstatus(handle) == CONNECTION_OK else {
            let reason = lastMessage
            close()
            throw Setback.lost(reason)
        }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        do {
            let encoding = PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? ""
            guard encoding == "UTF8" else {
                throw Refusal("database.encoding", "数据库的编码是 \(encoding)，存不下全部汉字。请用 UTF8 编码和 C.UTF-8 排序规则建库。")
            }
            try script("SET client_min_messages = warning; SET bytea_output = hex; SET cursor_tuple_fraction = 1")
            // Whoever serves may set these for its own role, and the owner for the database: what the program asks must mean the
            // same whatever they say. `pg_temp` comes last, or its tables would come before the catalog's. An address that says
            // where the tables are (`options`) is believed.
            if PQoptions(handle).map({ String(cString: $0).contains("search_path") }) != true { try script("SET search_path TO public, pg_temp") }
            PQclear(PQexec(handle, "SET quote_all_identifiers = off; SET standard_conforming_strings = on; SET row_security = off; SET transform_null_equals = off"))
            PQclear(PQexec(handle, "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'"))
            // A process that hangs must not hold the lock on `tail` for ever. Engines that lack one of these do without.
            let limits = switch role {
            case .reader: ["statement_timeout = '5min'"]
            case .writer: ["statement_timeout = '10min'", "lock_timeout = '60s'", "idle_in_transaction_session_timeout = '10min'"]
            case .migration: ["statement_timeout = 0"]
            }
            for limit in limits { PQclear(PQexec(handle, "SET \(limit)")) }
            failure = nil
            if joins {
                let isIn = DatabaseUse.wait {
                    let result = PQexec(handle, "SELECT pg_try_advisory_lock_shared(\(DatabaseUse.number))")
                    defer { PQclear(result) }
                    // Engines without such locks do without.
                    return PQresultStatus(result) != PGRES_TUPLES_OK || String(cString: PQgetvalue(result, 0, 0)) == "t"
                }
                guard isIn else { throw Refusal.heldAlone }
            }
            if presence > 0 { PQclear(PQexec(handle, "SELECT pg_try_advisory_lock_shared(\(presence))")) }
        } catch {
            close()
            throw error
        }
    }

    deinit { close() }

    func close() {
        PQfinish(handle)
        handle = nil
        plans = [:]
    }

    var warnings: [String] {
        var warnings: [String] = []
        let version = PQserverVersion(handle)
        if version < 120_000 {
            warnings.append("数据库服务器版本 \(version / 10_000).\(version % 10_000 / 100) 低于已验证的 PostgreSQL 12，请先在试验库上验证。")
        }
        func setting(_ name: String) -> String {
            let result = PQexec(handle, "SHOW \(name)")
            defer { PQclear(result) }
            return PQresultStatus(result) == PGRES_TUPLES_OK ? String(cString: PQgetvalue(result, 0, 0)) : ""
        }
        for name in ["fsync", "synchronous_commit"] where setting(name) == "off" {
            warnings.append("数据库服务器关闭了 \(name)，断电时已确认的写入可能丢失。")
        }
        return warnings
    }

    // MARK: Statements

    func script(_ text: String) throws { PQclear(try answer(text) { PQexec(handle, text) }) }

    func query(_ sql: SQL, _ body: (Row) throws -> Bool) throws -> Int {
        let plan = try plan(sql)
        let result = try answer(sql.text) {
            withParameters(sql, plan.kinds) { count, values, lengths, formats in
                PQexecPrepared(handle, plan.name, count, values, lengths, formats, 0)
            }
        }
        defer { PQclear(result) }
        try hand(result, body)
        guard PQresultStatus(result) == PGRES_COMMAND_OK || !String(cString: PQcmdStatus(result)).hasPrefix("SELECT") else { return 0 }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    /// By a cursor, a few thousand rows at a time.
    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        cursorNumber += 1
        let cursor = "cursor\(cursorNumber)"
        let text = "DECLARE \(cursor) NO SCROLL CURSOR FOR \(try numbered(sql).text)"
        let types = sql.kinds.indices.map { Self.type(of: sql.kinds[$0], sql.values[$0]) }
        PQclear(
            try answer(sql.text) {
                withParameters(sql, sql.kinds) { count, values, lengths, formats in
                    PQexecParams(handle, text, count, types, values, lengths, formats, 0)
                }
            })
        while true {
            let result = try answer(sql.text) { PQexec(handle, "FETCH FORWARD 4000 FROM \(cursor)") }
            defer { PQclear(result) }
            if PQntuples(result) == 0 { break }
            try hand(result) { row in
                try body(row)
                return true
            }
        }
        try script("CLOSE \(cursor)")
    }

    private func hand(_ result: OpaquePointer, _ body: (Row) throws -> Bool) throws {
        isDelivered = true
        for row in 0..<PQntuples(result) {
            let goesOn = try body(Row(source: .postgres(result, row), connection: self))
            if let failure { throw failure }
            if !goesOn { break }
        }
    }

    func bulk(into table: String, columns: [String], _ body: (([Value]) -> Void) throws -> Void) throws -> Int {
        let text = "COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN"
        PQclear(try answer(text) { PQexec(handle, text) })
        isCopying = true
        var buffer: [UInt8] = []
        buffer.reserveCapacity(1 << 17)
        func send() {
            let sent = buffer.withUnsafeBytes { bytes in
                PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
            }
            if sent != 1, failure == nil { failure = Setback.lost(lastMessage) }
            buffer.removeAll(keepingCapacity: true)
        }
        var thrown: (any Error)?
        do {
            try body { values in
                guard failure == nil else { return }
                guard values.count == columns.count else {
                    failure = DatabaseFault(message: "\(values.count) values for \(columns.count) columns", statement: text)
                    return
                }
                for (position, value) in values.enumerated() {
                    if position > 0 { buffer.append(9) }
                    Self.appendCopied(value, to: &buffer)
                }
                buffer.append(10)
                if buffer.count > 100_000 { send() }
            }
        } catch { thrown = error }
        if thrown == nil, failure == nil, !buffer.isEmpty { send() }
        let wasGood = thrown == nil && failure == nil
        PQputCopyEnd(handle, wasGood ? nil : "given up")
        isCopying = false
        var count = 0
        while let result = PQgetResult(handle) {
            if PQresultStatus(result) == PGRES_COMMAND_OK {
                count = Int(String(cString: PQcmdTuples(result))) ?? 0
            } else if wasGood {
                _ = fail(result, text)
            }
            PQclear(result)
        }
        if PQstatus(handle) != CONNECTION_OK { failure = Setback.lost(lastMessage) }
        if failure == nil, let thrown { failure = thrown }
        if let failure { throw thrown ?? failure }
        return count
    }

    private static func appendCopied(_ value: Value, to buffer: inout [UInt8]) {
        let backslash = UInt8(ascii: "\\")
        switch value {
        case .null: buffer += [backslash, UInt8(ascii: "N")]
        case .int(let number): appendDigits(number, to: &buffer)
        case .text(var text):
            text.withUTF8 { bytes in
                for byte in bytes {
                    switch byte {
                    case backslash: buffer += [backslash, backslash]
                    case 9: buffer += [backslash, UInt8(ascii: "t")]
                    case 10: buffer += [backslash, UInt8(ascii: "n")]
                    case 13: buffer += [backslash, UInt8(ascii: "r")]
                    default: buffer.append(byte)
                    }
                }
            }
        case .blob(let bytes):
            buffer += [backslash, backslash, UInt8(ascii: "x")]
            for byte in bytes {
                buffer.append(hex[Int(byte >> 4)])
                buffer.append(hex[Int(byte & 15)])
            }
        }
    }

    private static func appendDigits(_ number: Int64, to buffer: inout [UInt8]) {
        var rest = number.magnitude
        if number < 0 { buffer.append(UInt8(ascii: "-")) }
        let start = buffer.count
        repeat {
            buffer.append(UInt8(truncatingIfNeeded: 48 + rest % 10))
            rest /= 10
        } while rest > 0
        buffer[start...].reverse()
    }

    private static let hex = Array("0123456789abcdef".utf8)

    // MARK: Plans and parameters

    private func numbered(_ sql: SQL) throws -> (text: String, parameters: Int) {
        let numbered = SQL.numbered(sql.text.replacing(SQL.eachKey, with: SQL.eachKeyPostgres))
        guard numbered.parameters == sql.values.count else { throw misuse("a ? that is no interpolation", sql.text) }
        return numbered
    }

    private func plan(_ sql: SQL) throws -> Plan {
        let kinds = sql.kinds.indices.map { Self.kind(of: sql.kinds[$0], sql.values[$0]) }
        if let plan = plans[sql.text] {
            // An untyped NULL goes with whatever the plan has.
            if zip(plan.kinds, kinds).allSatisfy({ $0 == $1 || $1 == .any }) { return plan }
            PQclear(PQexec(handle, "DEALLOCATE \(plan.name)"))
            plans[sql.text] = nil
        }
        let (text, _) = try numbered(sql)
        if plans.count >= 500 { forgetPlans() }
        planNumber += 1
        let plan = Plan(name: "plan\(planNumber)", kinds: kinds)
        let types = kinds.map(Self.type)
        PQclear(try answer(sql.text) { PQprepare(handle, plan.name, text, Int32(clamping: types.count), types) })
        plans[sql.text] = plan
        return plan
    }

    private func forgetPlans() {
        PQclear(PQexec(handle, "DEALLOCATE ALL"))
        plans = [:]
    }

    /// A `Value` is typed by what it holds.
    private static func kind(of declared: ValueKind, _ value: Value) -> ValueKind {
        guard declared == .any else { return declared }
        return switch value {
        case .null: .any
        case .int: .int
        case .text: .text
        case .blob: .blob
        }
    }

    /// bigint, text, bytea; 0 leaves it to the server.
    private static func type(of kind: ValueKind) -> Oid {
        switch kind {
        case .any: 0
        case .int: 20
        case .text: 25
        case .blob: 17
        }
    }

    private static func type(of declared: ValueKind, _ value: Value) -> Oid { type(of: kind(of: declared, value)) }

    /// All parameters in binary, in one piece of memory: exact, and a NUL in a text is refused instead of cutting it.
    private func withParameters(
        _ sql: SQL, _ kinds: [ValueKind],
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> OpaquePointer?
    ) -> OpaquePointer? {
        let count = sql.values.count
        guard count > 0 else { return body(0, nil, nil, nil) }
        var bytes: [UInt8] = []
        var offsets: [Int] = []
        var lengths: [Int32] = []
        offsets.reserveCapacity(count)
        lengths.reserveCapacity(count)
        for value in sql.values {
            let start = bytes.count
            switch value {
            case .null: break
            case .int(let number): withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let text): bytes.append(contentsOf: text.utf8)
            case .blob(let blob): bytes.append(contentsOf: blob)
            }
            offsets.append(value == .null ? -1 : start)
            // cannot trap: one value of 2 GiB is no value of ours; libpq would be lied to by a cut one.
            lengths.append(Int32(bytes.count - start))
        }
        bytes.append(0)
        return bytes.withUnsafeBytes { memory in
            let base = memory.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = offsets.map { offset in offset < 0 ? nil : base.map { UnsafePointer($0 + offset) } }
            return body(Int32(clamping: count), pointers, lengths, [Int32](repeating: 1, count: count))
        }
    }

    // MARK: Transactions

    func beginReading() throws {
        if isEnding {
            isEnding = false
            while let result = PQgetResult(handle) { PQclear(result) }
        }
        try script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    /// Does not wait for the answer.
    func endReading() {
        if PQtransactionStatus(handle) == PQTRANS_ACTIVE { while let result = PQgetResult(handle) { PQclear(result) } }
        isEnding = PQsendQuery(handle, "COMMIT") == 1
    }

    func beginWriting() throws -> Int64 {
        let text = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT last_id FROM tail WHERE one = 1 FOR UPDATE"
        let result = try answer(text) { PQexec(handle, text) }
        defer { PQclear(result) }
        guard PQntuples(result) == 1, let last = Int64(String(cString: PQgetvalue(result, 0, 0))) else { throw Refusal.notMigrated }
        return last
    }

    func commit(_ ending: String, lastID: Int64) throws {
        let text = Self.ending(ending, lastID)
        do {
            let result = try answer(text) { PQexec(handle, text) }
            defer { PQclear(result) }
            // COMMIT of a failed transaction is no error but a ROLLBACK.
            guard String(cString: PQcmdStatus(result)) == "COMMIT" else {
                throw DatabaseFault(message: "the commit was rolled back", statement: "")
            }
        } catch Setback.lost(let reason) {
            throw Setback.commitUnknown(reason)
        } catch let setback as Setback {
            throw setback
        } catch {
            throw Setback.abandoned(error)
        }
    }

    func rollback() {
        if isInTransaction { PQclear(PQexec(handle, "ROLLBACK")) }
        failure = nil
    }

    var isInTransaction: Bool { [PQTRANS_INTRANS, PQTRANS_INERROR, PQTRANS_ACTIVE].contains(PQtransactionStatus(handle)) }

    // MARK: Errors

    private var lastMessage: String { String(cString: PQerrorMessage(handle)) }

    private func misuse(_ message: String, _ text: String) -> DatabaseFault {
        let fault = DatabaseFault(message: message, statement: text)
        if failure == nil { failure = fault }
        return fault
    }

    /// The result of a call that went well; its caller clears it.
    private func answer(_ text: String, _ call: () -> OpaquePointer?) throws -> OpaquePointer {
        if isCopying { throw misuse("a statement inside bulk", text) }
        guard let result = call() else { throw fail(nil, text) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN: return result
        default:
            defer { PQclear(result) }
            throw fail(result, text)
        }
    }

    private func fail(_ result: OpaquePointer?, _ text: String) -> any Error {
        func field(_ code: UInt8) -> String { PQresultErrorField(result, Int32(truncatingIfNeeded: code)).map { String(cString: $0) } ?? "" }
        let error = PQstatus(handle) == CONNECTION_OK && result != nil
            ? named(
                field(UInt8(ascii: "C")), field(UInt8(ascii: "M")), constraint: field(UInt8(ascii: "n")),
                column: "\(field(UInt8(ascii: "t"))).\(field(UInt8(ascii: "c")))", text)
            : Setback.lost(lastMessage)
        if failure == nil || error is Setback { failure = error }
        return error
    }

    private func named(_ state: String, _ message: String, constraint: String, column: String, _ text: String) -> any Error {
        switch state {
        case "23505": return ConstraintBroken(kind: .unique, name: constraint)
        case "23503": return ConstraintBroken(kind: .foreignKey, name: constraint)
        case "23514": return ConstraintBroken(kind: .check, name: constraint)
        case "23502": return ConstraintBroken(kind: .notNull, name: column)
        case "23P01": return ConstraintBroken(kind: .overlap, name: constraint)
        case "P0001": return ConstraintBroken(kind: message.hasSuffix("_overlap") ? .overlap : .trigger, name: message)
        case "40001", "40P01": return Setback.again(message)
        case "26000": break
        case "0A000" where message.hasPrefix("cached plan"): break
        case "42P01" where message.contains("\"tail\""): return Refusal.notMigrated
        // The primary has moved: the next connection finds it.
        case "25006" where role == .writer: return Setback.lost(message)
        case "25006": return Refusal.readOnly
        case "53100": return Refusal.full
        case "53300", "57P01", "57P02", "57P03", "57P05", "25P03": return Setback.lost(message)
        case "55P03": return Refusal.locked
        case "57014": return Refusal.slow
        case "XX001", "XX002": return Refusal.corrupt(message)
        default:
            if state.hasPrefix("08") { return Setback.lost(message) }
            // Messages about a value quote it, and it may be a personal number.
            let told = state.hasPrefix("22") ? message.components(separatedBy: ": \"")[0] : message
            return DatabaseFault(message: "PostgreSQL \(state): \(told)", statement: text)
        }
        // The schema changed under a prepared statement: prepare anew and do it again.
        plans = [:]
        return Setback.again(message)
    }
}
