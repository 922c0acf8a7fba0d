import CFreeXL
import Foundation

/// A legacy .xls; its sheets are held in memory, as the format allows at most 65,536 rows a sheet.
final class XlsSheet: SheetSource {
    let name: String
    private let workbook: XlsWorkbook
    private var sheet: XlsWorkbook.Sheet
    private var nextRow: UInt32 = 0

    init(path: String) throws {
        workbook = try XlsWorkbook(path: path)
        sheet = try workbook.select(0)
        name = sheet.name
    }

    var claimedRows: Int? { Int(sheet.rows) }

    func next() throws -> SheetRow? {
        guard nextRow < sheet.rows else { return nil }
        defer { nextRow += 1 }
        return workbook.row(nextRow, of: sheet)
    }
}

/// A legacy .xls file with all its sheets.
final class XlsWorkbook {
    struct Sheet {
        let name: String
        let rows: UInt32
        let columns: UInt16
    }

    private var handle: UnsafeRawPointer?
    let sheetCount: Int

    init(path: String) throws {
        var info = stat()
        guard stat(path, &info) == 0 else { throw Refusal.cannotRead(path) }
        guard Int64(info.st_size) <= Limits.xlsBytes else { throw Refusal.tooLarge(".xls 超过 \(Limits.xlsBytes >> 20) MB") }
        if try XlsWorkbook.isEncrypted(path) {
            throw Refusal("file.encrypted", "文件设有打开密码，无法读取；请去掉密码另存后再传")
        }
        var opened: UnsafeRawPointer?
        let status = freexl_open(path, &opened)
        guard status == FREEXL_OK else {
            freexl_close(opened)
            throw Refusal("file.broken", "无法读取这个 .xls 文件（已损坏，或版本过旧）；请用表格软件打开，另存为 .xlsx 后再传")
        }
        handle = opened
        var password: UInt32 = 0, count: UInt32 = 0
        freexl_get_info(opened, UInt16(FREEXL_BIFF_PASSWORD), &password)
        guard password != UInt32(FREEXL_BIFF_OBFUSCATED) else {
            freexl_close(opened)
            throw Refusal("file.encrypted", "文件设有打开密码，无法读取；请去掉密码另存后再传")
        }
        guard freexl_get_info(opened, UInt16(FREEXL_BIFF_SHEET_COUNT), &count) == FREEXL_OK, count > 0 else {
            freexl_close(opened)
            throw Refusal.brokenWorkbook("没有工作表")
        }
        sheetCount = Int(count)
    }

    deinit { freexl_close(handle) }

    /// Makes a sheet the one that rows are read from.
    func select(_ index: Int) throws -> Sheet {
        var name: UnsafePointer<CChar>?, rows: UInt32 = 0, columns: UInt16 = 0
        guard freexl_get_worksheet_name(handle, UInt16(index), &name) == FREEXL_OK,
            freexl_select_active_worksheet(handle, UInt16(index)) == FREEXL_OK,
            freexl_worksheet_dimensions(handle, &rows, &columns) == FREEXL_OK
        else { throw Refusal.brokenWorkbook("工作表读不出来") }
        return Sheet(name: name.map { String(cString: $0) } ?? "", rows: rows, columns: columns)
    }

    /// A row of the selected sheet; `index` counts from 0.
    func row(_ index: UInt32, of sheet: Sheet) -> SheetRow {
        var row = SheetRow(number: Int(index) + 1)
        for column in 0..<sheet.columns {
            var value = FreeXL_CellValue()
            guard freexl_get_cell_value(handle, index, column, &value) == FREEXL_OK else { continue }
            let cell = XlsWorkbook.cell(value)
            if case .empty = cell { continue }
            row.cells.append((Int(column), cell))
        }
        return row
    }

    private static func cell(_ value: FreeXL_CellValue) -> Cell {
        switch Int32(value.type) {
        case FREEXL_CELL_INT: return .number(String(value.value.int_value))
        case FREEXL_CELL_DOUBLE: return .number("\(value.value.double_value)")
        case FREEXL_CELL_TEXT, FREEXL_CELL_SST_TEXT:
            guard let text = value.value.text_value, text.pointee != 0 else { return .empty }
            return .text(String(cString: text))
        case FREEXL_CELL_DATE, FREEXL_CELL_DATETIME:
            guard let text = value.value.text_value else { return .empty }
            let given = String(cString: text)
            return Day(iso: given.prefix(10)).map(Cell.day) ?? .text(given)
        case FREEXL_CELL_TIME: return value.value.text_value.map { .text(String(cString: $0)) } ?? .empty
        default: return .empty
        }
    }

    /// A workbook with a password is wrapped in streams whose names stand in the directory as UTF-16.
    private static func isEncrypted(_ path: String) throws -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { throw Refusal.cannotRead(path) }
        defer { try? file.close() }
        let data = try file.readToEnd() ?? Data()
        let wanted = Data("EncryptedPackage".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        return data.range(of: wanted) != nil
    }
}
