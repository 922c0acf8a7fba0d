import CLibPQ
import CSQLite

// How a column is read on each engine. PostgreSQL answers in text, blobs in hexadecimal.
extension Row {
    package func intOrNil(_ column: Int) -> Int64? {
        let position = Int32(truncatingIfNeeded: column)
        switch source {
        case .sqlite(let statement):
            switch sqlite3_column_type(statement, position) {
            case SQLITE_NULL: return nil
            case SQLITE_INTEGER: return sqlite3_column_int64(statement, position)
            default:
                guard let number = Int64(textOrNil(column) ?? "") else { return unreadable(name(position, statement), 0) }
                return number
            }
        case .postgres(let result, let row):
            guard PQgetisnull(result, row, position) == 0, let bytes = PQgetvalue(result, row, position) else { return nil }
            return Row.integer(bytes, Int(PQgetlength(result, row, position))) ?? broken("column \(column) is no integer", 0)
        }
    }

    private func name(_ position: Int32, _ statement: OpaquePointer) -> String { sqlite3_column_name(statement, position).map { String(cString: $0) } ?? "" }

    /// Whether the column holds a whole number of the range, or nothing: of what else it may hold the transaction does not fail.
    package func holds(_ range: ClosedRange<Int64>, _ column: Int) -> Bool {
        if case .sqlite(let statement) = source {
            switch sqlite3_column_type(statement, Int32(truncatingIfNeeded: column)) {
            case SQLITE_NULL: return true
            case SQLITE_INTEGER: return range.contains(sqlite3_column_int64(statement, Int32(truncatingIfNeeded: column)))
            default: return false
            }
        }
        return intOrNil(column).map(range.contains) ?? true
    }

    package func textOrNil(_ column: Int) -> String? {
        let position = Int32(truncatingIfNeeded: column)
        switch source {
        case .sqlite(let statement):
            guard let bytes = sqlite3_column_text(statement, position) else { return nil }
            let length = Int(sqlite3_column_bytes(statement, position))
            return String(decoding: UnsafeBufferPointer(start: bytes, count: length), as: UTF8.self)
        case .postgres(let result, let row):
            guard PQgetisnull(result, row, position) == 0, let bytes = PQgetvalue(result, row, position) else { return nil }
            return String(
                decoding: UnsafeRawBufferPointer(start: bytes, count: Int(PQgetlength(result, row, position))), as: UTF8.self)
        }
    }

    /// The value as it is there, of whatever kind: SQLite keeps a text in a column of numbers where somebody puts it.
    func value(_ column: Int, _ kind: ValueKind) -> Value {
        if case .sqlite(let statement) = source {
            let position = Int32(truncatingIfNeeded: column)
            switch sqlite3_column_type(statement, position) {
            case SQLITE_NULL: return .null
            case SQLITE_INTEGER: return .int(sqlite3_column_int64(statement, position))
            case SQLITE_BLOB: return .of(blobOrNil(column))
            default: return .of(textOrNil(column))
            }
        }
        return switch kind {
        case .int: .of(intOrNil(column))
        case .blob: .of(blobOrNil(column))
        case .text, .any: .of(textOrNil(column))
        }
    }

    /// The bytes of a text where the engine holds them, without a copy: valid until the next row or the next look at this column.
    package func borrowedText(_ column: Int) -> UnsafeRawBufferPointer {
        let position = Int32(truncatingIfNeeded: column)
        switch source {
        case .sqlite(let statement):
            guard let bytes = sqlite3_column_text(statement, position) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
            return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, position)))
        case .postgres(let result, let row):
            guard let bytes = PQgetvalue(result, row, position) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
            return UnsafeRawBufferPointer(start: bytes, count: Int(PQgetlength(result, row, position)))
        }
    }

    package func blobOrNil(_ column: Int) -> [UInt8]? {
        let position = Int32(truncatingIfNeeded: column)
        switch source {
        case .sqlite(let statement):
            guard sqlite3_column_type(statement, position) != SQLITE_NULL else { return nil }
            let length = Int(sqlite3_column_bytes(statement, position))
            guard length > 0, let bytes = sqlite3_column_blob(statement, position) else { return [] }
            return Array(UnsafeRawBufferPointer(start: bytes, count: length))
        case .postgres(let result, let row):
            guard PQgetisnull(result, row, position) == 0, let bytes = PQgetvalue(result, row, position) else { return nil }
            let digits = UnsafeRawBufferPointer(start: bytes, count: Int(PQgetlength(result, row, position)))
            guard digits.count >= 2, digits[0] == UInt8(ascii: "\\"), digits[1] == UInt8(ascii: "x") else {
                return broken("column \(column) is no blob", [])
            }
            return stride(from: 2, to: digits.count, by: 2).map { Row.nibble(digits[$0]) << 4 | Row.nibble(digits[$0 + 1]) }
        }
    }

    private static func nibble(_ digit: UInt8) -> UInt8 {
        digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
    }

    /// Decimal digits, or the `t` and `f` of a comparison.
    private static func integer(_ bytes: UnsafePointer<CChar>, _ length: Int) -> Int64? {
        guard length > 0 else { return nil }
        if length == 1 {
            if bytes[0] == CChar(bitPattern: UInt8(ascii: "t")) { return 1 }
            if bytes[0] == CChar(bitPattern: UInt8(ascii: "f")) { return 0 }
        }
        let isNegative = bytes[0] == CChar(bitPattern: UInt8(ascii: "-"))
        var number: Int64 = 0
        for offset in (isNegative ? 1 : 0)..<length {
            let digit = Int64(bytes[offset]) - 48
            guard (0...9).contains(digit) else { return nil }
            // Built up below zero, so that the smallest number fits.
            let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
            let (next, overflow2) = tens.subtractingReportingOverflow(digit)
            if overflow || overflow2 { return nil }
            number = next
        }
        return isNegative ? number : number == .min ? nil : -number
    }
}
