import CXlsxWriter
import Foundation

/// A new workbook written row by row through libxlsxwriter.
final class WorkbookFile {
    private let output: OutputFile
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private(set) var sheet: UnsafeMutablePointer<lxw_worksheet>?
    private var usedNames: Set<String> = []

    /// `streaming` keeps one row in memory; rows must then come in order.
    init(_ path: String, streaming: Bool) throws {
        output = try OutputFile(path)
        var options = lxw_workbook_options()
        options.constant_memory = streaming ? 1 : 0
        options.use_zip64 = 0
        workbook = workbook_new_opt(output.temporaryPath, &options)
        guard workbook != nil else {
            output.discard()
            throw Refusal.cannotWrite(path)
        }
    }

    deinit {
        // Never finished: the library frees only by closing, and what it wrote is thrown away.
        if let workbook {
            _ = workbook_close(workbook)
            output.discard()
        }
    }

    /// Adds a sheet and makes it the one that is written; the name is made fit for a sheet.
    func addSheet(_ name: String) throws {
        var fit = String(name.map { "[]:*?/\\".contains($0) ? " " : $0 }.prefix(31)).trimmingCharacters(in: CharacterSet(charactersIn: "' "))
        if fit.isEmpty { fit = "Sheet" }
        var unique = fit, count = 1
        while !usedNames.insert(unique.lowercased()).inserted {
            count += 1
            unique = "\(fit.prefix(27)) \(count)"
        }
        sheet = workbook_add_worksheet(workbook, unique)
        guard sheet != nil else { throw Refusal.cannotWrite(output.path) }
    }

    func format(_ change: (UnsafeMutablePointer<lxw_format>) -> Void) -> UnsafeMutablePointer<lxw_format>? {
        guard let format = workbook_add_format(workbook) else { return nil }
        change(format)
        return format
    }

    /// Text stays text, whatever sign it begins with.
    func write(_ text: String, row: Int, column: Int, format: UnsafeMutablePointer<lxw_format>? = nil) {
        // A spreadsheet's cell holds 32,767 UTF-16 units and no more.
        let fit = text.utf8.count > 32_000 && text.utf16.count > 32_767 ? String(decoding: text.utf16.prefix(32_766), as: UTF16.self) : text
        worksheet_write_string(sheet, UInt32(clamping: row), UInt16(clamping: column), WorkbookFile.escaped(fit), format)
    }

    func write(_ number: Double, row: Int, column: Int, format: UnsafeMutablePointer<lxw_format>? = nil) {
        worksheet_write_number(sheet, UInt32(clamping: row), UInt16(clamping: column), number, format)
    }

    /// A real date; before March 1900, where spreadsheets miscount, as text.
    func write(_ day: Day, row: Int, column: Int, format: UnsafeMutablePointer<lxw_format>?) {
        let serial = day - (Day(1899, 12, 30) ?? .always)
        guard serial > 60 else { return write(day.description, row: row, column: column) }
        write(Double(serial), row: row, column: column, format: format)
    }

    func write(_ flag: Bool, row: Int, column: Int, format: UnsafeMutablePointer<lxw_format>? = nil) {
        worksheet_write_boolean(sheet, UInt32(clamping: row), UInt16(clamping: column), flag ? 1 : 0, format)
    }

    func setWidth(_ width: Int, column: Int, format: UnsafeMutablePointer<lxw_format>? = nil) {
        worksheet_set_column(sheet, UInt16(clamping: column), UInt16(clamping: column), Double(width), format)
    }

    /// Writes the workbook to its place.
    func finish() throws {
        let status = workbook_close(workbook)
        workbook = nil
        guard status == LXW_NO_ERROR else {
            output.discard()
            throw Refusal.cannotWrite(output.path)
        }
        try output.commit()
    }

    /// Text that looks like an escape of the format is escaped itself; NUL cannot stand in a C string.
    private static func escaped(_ text: String) -> String {
        if text.utf8.contains(0) { return escaped(text.replacing("\0", with: "")) }
        guard text.utf8.contains(0x5F) else { return text }
        return text.replacing(#/_x(?=[0-9A-Fa-f]{4}_)/#, with: "_x005F_x")
    }
}
