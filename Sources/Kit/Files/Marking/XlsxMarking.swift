import CMinizip
import Foundation

/// Marks an .xlsx: every part is copied as it is packed, save the first sheet and the styles, which are edited in a stream.
struct XlsxMarking {
    let original: String
    let header: TableHeader
    let rows: [Int: RowMarks]

    func write(to path: String) throws {
        let package = try XlsxPackage(path: original)
        let archive = package.archive
        let survey = SheetSurvey(header: header, rows: rows)
        try archive.parse(package.sheet, limit: Limits.sheetBytes, with: survey)
        let errorColumn = header.errorColumn ?? survey.freeColumn
        guard errorColumn < Limits.columns else {
            throw Refusal("file.noFreeColumn", "工作表的列已占满，放不下错误说明；请删去右侧多余的列后再传")
        }
        let cleaning = header.errorColumn != nil
        let styles = try package.styles.map {
            try MarkStyles(try archive.contents($0, limit: Limits.stylesPartBytes), marking: survey.stylesOfWrongCells, cleaning: cleaning)
        } ?? MarkStyles()

        let output = try OutputFile(path)
        do {
            let copy = try ZipCopy(from: archive, to: output)
            for entry in archive.entries {
                if entry.name == package.sheet.name {
                    let editor = SheetEditor(header: header, rows: rows, styles: styles, errorColumn: errorColumn, titleStyle: survey.titleStyle, survey: survey)
                    try copy.begin(entry)
                    // The copy reads the entry itself: the archive holds one open part at a time.
                    try editor.edit(archive, entry, limit: Limits.sheetBytes) { try copy.write($0) }
                    try copy.end()
                } else if entry.name == package.styles?.name {
                    try copy.add(entry, contents: styles.part)
                } else if package.styles == nil, entry.name.lowercased() == "[content_types].xml" {
                    let type = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
                    let override =
                        "<Override xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\" PartName=\"/\(package.stylesPath)\" ContentType=\"\(type)\"/>"
                    try copy.add(entry, contents: XlsxMarking.appending(override, to: try archive.contents(entry), unless: package.stylesPath))
                } else if package.styles == nil, entry.name == package.relations.name {
                    let relation =
                        "<Relationship xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\" Id=\"rIdMarkStyles\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"/\(package.stylesPath)\"/>"
                    try copy.add(entry, contents: XlsxMarking.appending(relation, to: try archive.contents(entry), unless: nil))
                } else {
                    try copy.add(entry)
                }
            }
            if package.styles == nil { try copy.add(named: package.stylesPath, contents: styles.part) }
            try copy.finish()
        } catch {
            output.discard()
            throw error
        }
        try output.commit()
    }

    /// The XML with one more element at the end of its root.
    private static func appending(_ element: String, to xml: [UInt8], unless mentioned: String?) -> [UInt8] {
        if let mentioned, String(decoding: xml, as: UTF8.self).contains("/" + mentioned) { return xml }
        guard let end = xml.lastIndex(of: 0x3C) else { return xml }
        return xml[..<end] + Array(element.utf8) + xml[end...]
    }
}

/// Writes a zip out of the parts of another.
private final class ZipCopy {
    private let archive: ZipArchive
    private var file: zipFile?
    private let path: String

    init(from archive: ZipArchive, to output: OutputFile) throws {
        self.archive = archive
        path = output.path
        file = zipOpen64(output.temporaryPath, APPEND_STATUS_CREATE)
        guard file != nil else { throw Refusal.cannotWrite(path) }
    }

    deinit { if let file { zipClose(file, nil) } }

    /// Copies a part as it is packed.
    func add(_ entry: ZipArchive.Entry) throws {
        try archive.select(entry)
        var info = unz_file_info64(), method: Int32 = 0, level: Int32 = 0
        guard unzGetCurrentFileInfo64(archive.file, &info, nil, 0, nil, 0, nil, 0) == UNZ_OK,
            unzOpenCurrentFile2(archive.file, &method, &level, 1) == UNZ_OK
        else { throw Refusal.brokenWorkbook("压缩包内的部件打不开") }
        defer { unzCloseCurrentFile(archive.file) }
        try open(entry.name, info, method: method, level: level, isRaw: true, isLarge: info.uncompressed_size > 0xFFFF_0000 || info.compressed_size > 0xFFFF_0000)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unzReadCurrentFile(archive.file, &buffer, UInt32(clamping: buffer.count))
            guard count >= 0 else { throw Refusal.brokenWorkbook("压缩数据有误") }
            if count == 0 { break }
            guard zipWriteInFileInZip(file, buffer, UInt32(clamping: count)) == ZIP_OK else { throw Refusal.cannotWrite(path) }
        }
        guard zipCloseFileInZipRaw64(file, info.uncompressed_size, info.crc) == ZIP_OK else { throw Refusal.cannotWrite(path) }
    }

    /// Adds a part of new contents in the place of an old one.
    func add(_ entry: ZipArchive.Entry, contents: [UInt8]) throws {
        try begin(entry)
        try contents.withUnsafeBytes { try write($0) }
        try end()
    }

    func add(named name: String, contents: [UInt8]) throws {
        try open(name, unz_file_info64(), method: Z_DEFLATED, level: 6, isRaw: false, isLarge: false)
        try contents.withUnsafeBytes { try write($0) }
        try end()
    }

    func begin(_ entry: ZipArchive.Entry) throws {
        try archive.select(entry)
        var info = unz_file_info64()
        guard unzGetCurrentFileInfo64(archive.file, &info, nil, 0, nil, 0, nil, 0) == UNZ_OK else { throw Refusal.brokenWorkbook("压缩包目录有误") }
        try open(entry.name, info, method: Z_DEFLATED, level: 6, isRaw: false, isLarge: entry.bytes > 2 << 30)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard bytes.isEmpty || zipWriteInFileInZip(file, bytes.baseAddress, UInt32(clamping: bytes.count)) == ZIP_OK else { throw Refusal.cannotWrite(path) }
    }

    func end() throws {
        guard zipCloseFileInZip(file) == ZIP_OK else { throw Refusal.cannotWrite(path) }
    }

    func finish() throws {
        let status = zipClose(file, nil)
        file = nil
        guard status == ZIP_OK else { throw Refusal.cannotWrite(path) }
    }

    private func open(_ name: String, _ info: unz_file_info64, method: Int32, level: Int32, isRaw: Bool, isLarge: Bool) throws {
        var zipInfo = zip_fileinfo()
        zipInfo.dosDate = info.dosDate
        zipInfo.internal_fa = info.internal_fa
        zipInfo.external_fa = info.external_fa
        // Bit 11 says that the name is UTF-8.
        let flags = info.flag & 0x0800
        guard zipOpenNewFileInZip4_64(
            file, name, &zipInfo, nil, 0, nil, 0, nil, method, level, isRaw ? 1 : 0, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, nil, 0, 0, flags,
            isLarge ? 1 : 0) == ZIP_OK
        else { throw Refusal.cannotWrite(path) }
    }
}

/// Counts on through rows and cells, which may carry no references.
private struct Position {
    private(set) var row = 0, column = -1

    mutating func startRow(_ attributes: XMLAttributes) {
        row = attributes.int("r") ?? row &+ 1
        column = -1
    }

    mutating func startCell(_ attributes: XMLAttributes) {
        guard let reference = attributes["r"] else {
            column += 1
            return
        }
        var value = 0, at = reference
        while case let letter = (Int(at.pointee) & ~0x20) - 64, (1...26).contains(letter), value < 1_000_000 {
            value = value * 26 + letter
            at += 1
        }
        column = value - 1
    }
}

/// What must be known of a sheet before it is edited.
final class SheetSurvey: XMLHandler {
    private let header: TableHeader
    private let rows: [Int: RowMarks]
    private var position = Position()
    private var inData = false, inCell = false
    private var lastCell = -1, lastValue = -1
    private var rowStyle: Int?
    private var waiting: [Int] = []
    /// Of each column, as far as the sheet says; a column said twice is as it was said first.
    private var columnStyles: [Int] = []
    private(set) var hasColumns = false
    /// Styles of the wrong cells, those that do not exist yet included.
    private(set) var stylesOfWrongCells: Set<Int> = []
    /// Style of the last title, for the title 错误说明.
    private(set) var titleStyle: Int?

    init(header: TableHeader, rows: [Int: RowMarks]) {
        self.header = header
        self.rows = rows
    }

    /// The first column right of all others; of those with a value where formats reach the edge of the sheet.
    var freeColumn: Int { lastCell + 1 < Limits.columns ? lastCell + 1 : lastValue + 1 }

    /// The style an absent cell of a row would have.
    func styleOfAbsentCell(_ column: Int, rowStyle: Int?) -> Int {
        rowStyle ?? (columnStyles.indices.contains(column) ? columnStyles[column] : 0)
    }

    override func start(_ name: XMLText, _ attributes: XMLAttributes) {
        if inCell {
            if name.isName("v") || name.isName("is") || name.isName("f") { lastValue = max(lastValue, position.column) }
        } else if inData {
            if name.isName("c") {
                inCell = true
                position.startCell(attributes)
                lastCell = max(lastCell, position.column)
                let style = attributes.int("s") ?? 0
                if let at = waiting.firstIndex(of: position.column) {
                    waiting.remove(at: at)
                    stylesOfWrongCells.insert(style)
                }
                if position.row == header.row, header.places.contains(position.column) { titleStyle = style }
            } else if name.isName("row") {
                position.startRow(attributes)
                waiting = rows[position.row]?.columns ?? []
                rowStyle = attributes.flag("customFormat") == true ? attributes.int("s") : nil
            }
        } else if name.isName("sheetData") {
            inData = true
        } else if name.isName("cols") {
            hasColumns = true
        } else if name.isName("col"), let from = attributes.int("min"), let to = attributes.int("max"), from <= to, from > columnStyles.count {
            // They stand from left to right: each column is filled in once.
            let style = attributes.int("style") ?? 0
            while columnStyles.count < min(from - 1, Limits.columns) { columnStyles.append(0) }
            while columnStyles.count < min(to, Limits.columns) { columnStyles.append(style) }
        } else if name.isName("mergeCell"), let reference = attributes.string("ref"), let last = reference.split(separator: ":").last {
            let column = last.utf8.prefix { $0 >= 65 }.reduce(0) { ($0 * 26 + Int($1) - 64) % 1_000_000 } - 1
            lastCell = max(lastCell, column)
            lastValue = max(lastValue, column)
        }
    }

    override func end(_ name: XMLText) {
        if inCell {
            if name.isName("c") { inCell = false }
        } else if name.isName("row") {
            for column in waiting { stylesOfWrongCells.insert(styleOfAbsentCell(column, rowStyle: rowStyle)) }
            waiting = []
        } else if name.isName("sheetData") {
            inData = false
        }
    }
}

/// Edits the sheet: styles of wrong cells, the column 错误说明, its width and the sheet's dimension.
private final class SheetEditor: XMLEditor {
    private let header: TableHeader
    private let rows: [Int: RowMarks]
    private let styles: MarkStyles
    private let errorColumn: Int
    private let titleStyle: Int?
    private let survey: SheetSurvey

    private var position = Position()
    private var prefix = ""
    private var inData = false, inCell = false, isLeavingOut = false, isLeavingOutColumnEnd = false, hasWidth = false
    private var rowStyle: Int?
    /// New cells of the row that are not yet written, from left to right.
    private var coming: [(column: Int, xml: String)] = []
    private var wrong: Set<Int> = []

    init(header: TableHeader, rows: [Int: RowMarks], styles: MarkStyles, errorColumn: Int, titleStyle: Int?, survey: SheetSurvey) {
        self.header = header
        self.rows = rows
        self.styles = styles
        self.errorColumn = errorColumn
        self.titleStyle = titleStyle
        self.survey = survey
    }

    override func start(_ name: XMLText, _ attributes: XMLAttributes) {
        if inCell { return }
        if inData {
            if name.isName("c") { startCell(attributes) } else if name.isName("row") { startRow(attributes) }
        } else if name.isName("sheetData") {
            inData = true
            if !survey.hasColumns {
                copy(upTo: eventIndex)
                let p = Markup.prefix(of: markup)
                insert("<\(p)cols>\(widthElement(p))</\(p)cols>")
            }
        } else if name.isName("col") {
            splitColumn(attributes)
        } else if name.isName("dimension"), let reference = attributes.string("ref") {
            replace(with: Markup.setting("ref", to: widened(reference), in: markup))
        }
    }

    override func end(_ name: XMLText) {
        if inCell {
            guard name.isName("c") else { return }
            inCell = false
            if isLeavingOut {
                isLeavingOut = false
                skip(upTo: eventIndex + eventLength)
            }
        } else if inData {
            if name.isName("row") {
                writeComing(before: Int.max)
            } else if name.isName("sheetData") {
                inData = false
            }
        } else if name.isName("col"), isLeavingOutColumnEnd {
            copy(upTo: eventIndex)
            skip(upTo: eventIndex + eventLength)
        } else if name.isName("cols"), !hasWidth {
            copy(upTo: eventIndex)
            insert(widthElement(Markup.prefix(of: [0x3C] + markup.dropFirst(2))))
        }
    }

    private func startRow(_ attributes: XMLAttributes) {
        position.startRow(attributes)
        coming = []
        wrong = []
        let marks = rows[position.row], isHeader = position.row == header.row
        guard marks != nil || isHeader else { return }
        let tag = markup
        prefix = Markup.prefix(of: tag)
        rowStyle = attributes.flag("customFormat") == true ? attributes.int("s") : nil
        if let marks {
            wrong = Set(marks.columns)
            coming = marks.columns.map { column in
                let style = styles.marked(survey.styleOfAbsentCell(column, rowStyle: rowStyle))
                return (column, "<\(prefix)c r=\"\(columnLetters(column))\(position.row)\" s=\"\(style)\"/>")
            }
            coming.append((errorColumn, textCell(marks.text, style: nil)))
        }
        if isHeader { coming.append((errorColumn, textCell(TableHeader.errorTitle, style: titleStyle))) }
        coming.sort { $0.column < $1.column }
        // The hint which columns a row spans would no longer be true.
        replace(with: Markup.opened(Markup.setting("spans", to: nil, in: tag)))
        if Markup.isEmptyElement(tag) {
            writeComing(before: Int.max)
            insert("</\(prefix)row>")
        }
    }

    private func startCell(_ attributes: XMLAttributes) {
        inCell = true
        position.startCell(attributes)
        let column = position.column
        writeComing(before: column)
        if column == errorColumn, position.row >= header.row {
            // Ours of an earlier answer: what it said is no longer true.
            copy(upTo: eventIndex)
            isLeavingOut = true
            for cell in coming where cell.column == column { insert(cell.xml) }
            coming.removeAll { $0.column == column }
            return
        }
        coming.removeAll { $0.column == column }
        let style = attributes.int("s") ?? 0
        if wrong.contains(column) {
            replace(with: Markup.setting("s", to: String(styles.marked(style)), in: markup))
        } else if header.errorColumn != nil, position.row > header.row, let clean = styles.clean(style) {
            replace(with: Markup.setting("s", to: String(clean), in: markup))
        }
    }

    /// Writes the new cells that stand left of a column.
    private func writeComing(before column: Int) {
        while let next = coming.first, next.column < column {
            copy(upTo: eventIndex)
            insert(next.xml)
            coming.removeFirst()
        }
    }

    private func textCell(_ text: String, style: Int?) -> String {
        let s = style.map { " s=\"\($0)\"" } ?? ""
        // A cell holds 32,767 characters; a row that is wrong in more words is cut.
        let fit = text.utf16.count > 32_000 ? String(text.unicodeScalars.prefix(16_000)) + "……" : text
        return "<\(prefix)c r=\"\(columnLetters(errorColumn))\(position.row)\"\(s) t=\"inlineStr\"><\(prefix)is><\(prefix)t xml:space=\"preserve\">\(Markup.escaped(fit))</\(prefix)t></\(prefix)is></\(prefix)c>"
    }

    private func widthElement(_ p: String) -> String {
        hasWidth = true
        return "<\(p)col min=\"\(errorColumn + 1)\" max=\"\(errorColumn + 1)\" width=\"\(Marking.columnWidth)\" customWidth=\"1\"/>"
    }

    /// Gives 错误说明 its own width, out of a range of columns that may be narrow or hidden.
    private func splitColumn(_ attributes: XMLAttributes) {
        guard let from = attributes.int("min"), let to = attributes.int("max") else { return }
        let wanted = errorColumn + 1, original = markup, p = Markup.prefix(of: original)
        // `<col …></col>` is legal too; its end is left out.
        let tag = Markup.isEmptyElement(original) ? original : original.dropLast() + [0x2F, 0x3E]
        isLeavingOutColumnEnd = false
        if wanted < from, !hasWidth {
            copy(upTo: eventIndex)
            insert(widthElement(p))
        } else if (from...max(from, to)).contains(wanted), !hasWidth {
            var split: [UInt8] = []
            if from < wanted { split += Markup.setting("max", to: String(wanted - 1), in: tag) }
            split += Array(widthElement(p).utf8)
            if to > wanted { split += Markup.setting("min", to: String(wanted + 1), in: tag) }
            replace(with: split)
            isLeavingOutColumnEnd = true
        }
    }

    /// `A1:H12` reaching at least to 错误说明.
    private func widened(_ reference: String) -> String {
        let parts = reference.split(separator: ":")
        guard let first = parts.first, let last = parts.last else { return reference }
        let letters = last.prefix { $0.isLetter }, digits = last.drop { $0.isLetter }
        let column = letters.uppercased().utf8.reduce(0) { ($0 * 26 + Int($1) - 64) % 1_000_000 } - 1
        return "\(first):\(columnLetters(max(column, errorColumn)))\(max(Int(digits) ?? 1, header.row))"
    }
}
