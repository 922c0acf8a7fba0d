import CXlsxWriter

/// Marks a file whose own format cannot carry marks, by copying its sheets and values into a new workbook.
enum CopiedMarking {
    static func write(text original: String, header: TableHeader, rows: [Int: RowMarks], to path: String) throws {
        let width = try lastColumn { try TextSheet(path: original).next }
        let book = try Copy(path)
        let sheet = try TextSheet(path: original)
        try book.add(sheet.name, rows: { try sheet.next() }, marks: rows, header: header, errorColumn: header.errorColumn ?? width + 1)
        try book.finish()
    }

    static func write(xls original: String, header: TableHeader, rows: [Int: RowMarks], to path: String) throws {
        let workbook = try XlsWorkbook(path: original)
        let book = try Copy(path)
        for index in 0..<workbook.sheetCount {
            let sheet = try workbook.sheet(index)
            var next = 0
            let rowsOfSheet: () throws -> SheetRow? = {
                guard next < sheet.rows.count else { return nil }
                next += 1
                return sheet.rows[next - 1]
            }
            let isFirst = index == workbook.firstSheet
            let last = sheet.rows.flatMap { $0.cells.map(\.column) }.max() ?? -1
            try book.add(
                sheet.name, rows: rowsOfSheet, marks: isFirst ? rows : [:], header: isFirst ? header : nil,
                errorColumn: header.errorColumn ?? last + 1)
        }
        try book.finish()
    }

    private static func lastColumn(_ open: () throws -> (() throws -> SheetRow?)) throws -> Int {
        let next = try open()
        var last = -1
        while let row = try next() { last = max(last, row.cells.last?.column ?? -1) }
        return last
    }

    private final class Copy {
        let file: WorkbookFile
        /// Bytes of text written so far.
        private var copied = 0
        let day, marked, markedDay, title: UnsafeMutablePointer<lxw_format>?

        init(_ path: String) throws {
            file = try WorkbookFile(path, streaming: true)
            let orange: lxw_color_t = 0xFFD9A8
            day = file.format { format_set_num_format($0, "yyyy-mm-dd") }
            marked = file.format { format_set_bg_color($0, orange) }
            markedDay = file.format {
                format_set_bg_color($0, orange)
                format_set_num_format($0, "yyyy-mm-dd")
            }
            title = file.format { format_set_bold($0) }
        }

        func add(_ name: String, rows: () throws -> SheetRow?, marks: [Int: RowMarks], header: TableHeader?, errorColumn: Int) throws {
            try file.addSheet(name)
            if header != nil { file.setWidth(Marking.columnWidth, column: errorColumn) }
            while let row = try rows() {
                let mark = marks[row.number]
                var wrong = mark?.columns ?? []
                if row.isHidden {
                    var options = lxw_row_col_options()
                    options.hidden = 1
                    worksheet_set_row_opt(file.sheet, UInt32(clamping: row.number - 1), 15, nil, &options)
                }
                for (column, cell) in row.cells {
                    if let header, column == errorColumn, row.number >= header.row { continue }
                    let isWrong = wrong.contains(column)
                    if isWrong { wrong.removeAll { $0 == column } }
                    try write(cell, row: row.number - 1, column: column, isWrong: isWrong)
                }
                for column in wrong { worksheet_write_blank(file.sheet, UInt32(clamping: row.number - 1), UInt16(clamping: column), marked) }
                if let mark { file.write(mark.text, row: row.number - 1, column: errorColumn) }
                if let header, row.number == header.row {
                    file.write(TableHeader.errorTitle, row: row.number - 1, column: errorColumn, format: title)
                }
            }
        }

        func finish() throws { try file.finish() }

        private func write(_ cell: Cell, row: Int, column: Int, isWrong: Bool) throws {
            switch cell {
            case .empty, .uncalculated: break
            case .text(let text):
                copied += text.utf8.count
                guard copied <= Limits.copiedBytes else { throw Refusal.tooLarge("文字过多，不能标注") }
                file.write(text, row: row, column: column, format: isWrong ? marked : nil)
            case .number(let raw): file.write(Double(raw) ?? 0, row: row, column: column, format: isWrong ? marked : nil)
            case .day(let value): file.write(value, row: row, column: column, format: isWrong ? markedDay : day)
            case .boolean(let flag): file.write(flag, row: row, column: column, format: isWrong ? marked : nil)
            case .failed(let error): file.write(error, row: row, column: column, format: isWrong ? marked : nil)
            }
        }
    }
}
