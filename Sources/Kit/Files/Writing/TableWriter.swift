import CXlsxWriter
import Foundation

/// What is written into one cell.
package enum CellContent: Hashable, Sendable {
    case empty
    case text(String)
    case day(Day)
    case integer(Int)
    /// A decimal in hundredths.
    case hundredths(Int)
    /// 是 or 否.
    case yesNo(Bool)

    package init(_ text: String?) { self = text.map { $0.isEmpty ? .empty : .text($0) } ?? .empty }
    package init(_ day: Day?) { self = day.map(CellContent.day) ?? .empty }
    package init(hundredths: Int?) { self = hundredths.map(CellContent.hundredths) ?? .empty }
    package init(integer: Int?) { self = integer.map(CellContent.integer) ?? .empty }
    package init(yesNo: Bool?) { self = yesNo.map(CellContent.yesNo) ?? .empty }

    /// As it stands in a .csv.
    var text: String {
        switch self {
        case .empty: ""
        case .text(let text): text
        case .day(let day): day.description
        case .integer(let number): String(number)
        case .hundredths(let number): TableRow.decimalText(number)
        case .yesNo(let flag): flag ? "是" : "否"
        }
    }
}

/// Writes a table row by row into an .xlsx, or into a .csv (UTF-8 with mark) where the path ends so.
/// The file appears when `finish` returns; without it nothing is left behind.
package final class TableWriter {
    private enum Target {
        case workbook(WorkbookFile, header: Style, plain: [Style])
        case text(OutputFile, UnsafeMutablePointer<FILE>)
    }
    fileprivate typealias Style = UnsafeMutablePointer<lxw_format>?

    private let target: Target
    private let columns: [SheetColumn]
    private let path: String
    private var row = 0
    private var isFinished = false

    /// Opens the file and writes the titles. Throws `Refusal.cannotWrite` where the path cannot be written.
    package init(to path: String, sheet name: String, columns: [SheetColumn]) throws {
        self.path = path
        self.columns = columns
        if path.lowercased().hasSuffix(".csv") {
            let output = try OutputFile(path)
            guard let file = fopen(output.temporaryPath, "wb") else {
                output.discard()
                throw Refusal.cannotWrite(path)
            }
            setvbuf(file, nil, _IOFBF, 1 << 16)
            target = .text(output, file)
            fputs("\u{FEFF}", file)
        } else {
            let workbook = try WorkbookFile(path, streaming: true)
            try workbook.addSheet(name)
            // The library looks a format up anew for every cell, so plain text, which is text anyway, goes without.
            let styles = columns.map { $0.kind == .text ? nil : TableWriter.style($0, in: workbook) }
            let header = TableWriter.headerStyle(in: workbook, required: false)
            for (index, column) in columns.enumerated() { workbook.setWidth(column.width, column: index) }
            worksheet_freeze_panes(workbook.sheet, 1, 0)
            target = .workbook(workbook, header: header, plain: styles)
        }
        writeTitles()
    }

    deinit {
        if !isFinished, case .text(let output, let file) = target {
            fclose(file)
            output.discard()
        }
    }

    /// Adds a row; contents stand in the order of the columns.
    package func add(_ contents: [CellContent]) {
        switch target {
        case .text(_, let file):
            TableWriter.writeLine(contents.map { if case .text(let text) = $0 { TextSafety.neutralised(text) } else { $0.text } }, to: file)
        case .workbook(let workbook, _, let styles):
            for (column, content) in contents.enumerated() {
                let style = column < styles.count ? styles[column] : nil
                switch content {
                case .empty: break
                case .text(let text): workbook.write(text, row: row, column: column, format: style)
                case .day(let day): workbook.write(day, row: row, column: column, format: style)
                case .integer(let number): workbook.write(Double(number), row: row, column: column, format: style)
                case .hundredths(let number): workbook.write(Double(number) / 100, row: row, column: column, format: style)
                case .yesNo: workbook.write(content.text, row: row, column: column, format: style)
                }
            }
        }
        row += 1
    }

    /// Puts the file in its place. Throws `Refusal.cannotWrite`, also where the disk is full.
    package func finish() throws {
        isFinished = true
        switch target {
        case .workbook(let workbook, _, _): try workbook.finish()
        case .text(let output, let file):
            let isGood = ferror(file) == 0
            guard fclose(file) == 0, isGood else {
                output.discard()
                throw Refusal.cannotWrite(path)
            }
            try output.commit()
        }
    }

    private func writeTitles() {
        switch target {
        case .text(_, let file): TableWriter.writeLine(columns.map { TextSafety.neutralised($0.title) }, to: file)
        case .workbook(let workbook, let header, _):
            for (index, column) in columns.enumerated() { workbook.write(column.title, row: 0, column: index, format: header) }
        }
        row = 1
    }

    private static func writeLine(_ fields: [String], to file: UnsafeMutablePointer<FILE>) {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(0x2C) }
            if field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) {
                line.append(0x22)
                for byte in field.utf8 {
                    if byte == 0x22 { line.append(0x22) }
                    line.append(byte)
                }
                line.append(0x22)
            } else {
                line.append(contentsOf: field.utf8)
            }
        }
        line.append(0x0D)
        line.append(0x0A)
        fwrite(line, 1, line.count, file)
    }

    fileprivate static func style(_ column: SheetColumn, in workbook: WorkbookFile) -> Style {
        switch column.kind {
        case .code, .text: workbook.format { format_set_num_format_index($0, 49) }
        case .day: workbook.format { format_set_num_format($0, "yyyy-mm-dd") }
        case .number, .yesNo: nil
        }
    }

    fileprivate static func headerStyle(in workbook: WorkbookFile, required: Bool) -> Style {
        workbook.format {
            format_set_bold($0)
            format_set_text_wrap($0)
            format_set_align($0, UInt8(clamping: LXW_ALIGN_VERTICAL_CENTER.rawValue))
            format_set_bg_color($0, required ? 0xFBE3D6 : 0xEEF1F5)
            format_set_border($0, UInt8(clamping: LXW_BORDER_THIN.rawValue))
            format_set_border_color($0, 0xC9CFD6)
        }
    }
}

/// An empty workbook to fill in: titles with notes and drop-downs, two example rows on a second sheet, the rules on a third.
package enum Template {
    package static let examplesSheet = "填写示例", notesSheet = "填写说明"

    /// Writes the template. Titles stand exactly as they are read; required ones are coloured and say so in their note.
    package static func write(to path: String, sheet name: String, columns: [SheetColumn]) throws {
        let workbook = try WorkbookFile(path, streaming: false)
        let styles = columns.map { TableWriter.style($0, in: workbook) }
        let required = TableWriter.headerStyle(in: workbook, required: true), optional = TableWriter.headerStyle(in: workbook, required: false)
        func titles() {
            for (index, column) in columns.enumerated() {
                workbook.write(column.title, row: 0, column: index, format: column.isRequired ? required : optional)
                workbook.setWidth(column.width, column: index, format: styles[index])
            }
            worksheet_freeze_panes(workbook.sheet, 1, 0)
        }

        try workbook.addSheet(name)
        titles()
        let lists = columns.map { $0.kind == .yesNo && $0.choices.isEmpty ? ["是", "否"] : $0.choices }
        for (index, column) in columns.enumerated() {
            let note = Template.note(column)
            if !note.isEmpty {
                var options = lxw_comment_options()
                options.width = 240
                options.height = UInt16(clamping: min(400, 40 + 20 * (note.count / 14 + note.count(where: \.isNewline))))
                worksheet_write_comment_opt(workbook.sheet, 0, UInt16(clamping: index), note, &options)
            }
            if !lists[index].isEmpty { validate(workbook, column: index, lists[index]) }
        }

        try workbook.addSheet(examplesSheet)
        titles()
        for (index, column) in columns.enumerated() {
            for (row, example) in column.examples.enumerated() where !example.isEmpty {
                if column.kind == .day, let day = Day(iso: example) {
                    workbook.write(day, row: row + 1, column: index, format: styles[index])
                } else if column.kind == .number, let number = TableRow.hundredths(of: example)?.exact {
                    workbook.write(Double(number) / 100, row: row + 1, column: index, format: styles[index])
                } else {
                    workbook.write(example, row: row + 1, column: index, format: styles[index])
                }
            }
        }

        try workbook.addSheet(notesSheet)
        let wrap = workbook.format {
            format_set_text_wrap($0)
            format_set_align($0, UInt8(clamping: LXW_ALIGN_VERTICAL_TOP.rawValue))
        }
        for (index, (title, width)) in [("列", 18), ("必填", 8), ("怎样填写", 60), ("可填的词", 60)].enumerated() {
            workbook.write(title, row: 0, column: index, format: optional)
            workbook.setWidth(width, column: index)
        }
        for (index, column) in columns.enumerated() {
            workbook.write(column.title, row: index + 1, column: 0, format: wrap)
            if column.isRequired { workbook.write("必填", row: index + 1, column: 1, format: wrap) }
            let note = [column.note, kindNote(column)].filter { !$0.isEmpty }.joined(separator: "；")
            if !note.isEmpty { workbook.write(note, row: index + 1, column: 2, format: wrap) }
            if !lists[index].isEmpty { workbook.write(lists[index].joined(separator: "、"), row: index + 1, column: 3, format: wrap) }
        }
        worksheet_freeze_panes(workbook.sheet, 1, 0)

        // A list longer than 255 characters does not fit into a validation; it stands on a hidden sheet.
        if lists.contains(where: { !fits($0) }) {
            try workbook.addSheet(listsSheet)
            for (index, list) in lists.enumerated() where !fits(list) {
                for (row, word) in list.enumerated() { workbook.write(word, row: row, column: index) }
            }
            worksheet_hide(workbook.sheet)
        }
        try workbook.finish()
    }

    private static let listsSheet = "选项"

    /// libxlsxwriter copies the list into 255 bytes whatever the characters.
    private static func fits(_ list: [String]) -> Bool {
        list.joined(separator: ",").utf8.count <= 250 && !list.contains { $0.contains(",") || $0.contains("\"") }
    }

    private static func kindNote(_ column: SheetColumn) -> String {
        switch column.kind {
        case .day: "日期，如 2022-03-05"
        case .number: "数字，最多两位小数"
        case .code: "以文本填写，勿让表格软件改成数字"
        case .yesNo: "是 或 否"
        case .text: ""
        }
    }

    private static func note(_ column: SheetColumn) -> String {
        [column.isRequired ? "必填" : "", column.note, kindNote(column)].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The drop-down of a column, on every row below the titles.
    private static func validate(_ workbook: WorkbookFile, column: Int, _ list: [String]) {
        var rule = lxw_data_validation()
        rule.ignore_blank = UInt8(clamping: LXW_VALIDATION_ON.rawValue)
        rule.dropdown = UInt8(clamping: LXW_VALIDATION_ON.rawValue)
        rule.show_error = UInt8(clamping: LXW_VALIDATION_ON.rawValue)
        rule.show_input = UInt8(clamping: LXW_VALIDATION_ON.rawValue)
        let title = strdup("不在可填的范围内"), message = strdup("请从下拉列表中选择")
        rule.error_title = title
        rule.error_message = message
        defer {
            free(title)
            free(message)
        }
        let last: UInt32 = 1_048_575
        if fits(list) {
            rule.validate = UInt8(clamping: LXW_VALIDATION_TYPE_LIST.rawValue)
            var words: [UnsafeMutablePointer<CChar>?] = list.map { strdup($0) } + [nil]
            words.withUnsafeMutableBufferPointer {
                rule.value_list = $0.baseAddress
                worksheet_data_validation_range(workbook.sheet, 1, UInt16(clamping: column), last, UInt16(clamping: column), &rule)
            }
            for word in words { free(word) }
        } else {
            rule.validate = UInt8(clamping: LXW_VALIDATION_TYPE_LIST_FORMULA.rawValue)
            let letters = columnLetters(column)
            let formula = strdup("='\(listsSheet)'!$\(letters)$1:$\(letters)$\(list.count)")
            rule.value_formula = formula
            worksheet_data_validation_range(workbook.sheet, 1, UInt16(clamping: column), last, UInt16(clamping: column), &rule)
            free(formula)
        }
    }
}
