/// A column of a table file: one description serves reading, exporting and the template.
package struct SheetColumn: Hashable, Sendable {
    /// How a column is written; reading is asked for by the typed calls of `TableRow`.
    package enum Kind: Hashable, Sendable {
        case text
        /// Text of digits and letters (numbers of papers, codes, telephones): never turned into a number.
        case code
        case day
        /// A number with at most two decimals.
        case number
        /// 是 or 否.
        case yesNo
    }

    package let key: String
    /// The title in the header row, without `*`.
    package let title: String
    /// Both the title and, on every row, a value are required.
    package let isRequired: Bool
    package let kind: Kind
    /// Words to choose from, offered as a drop-down; reading them is `TableRow.choice`.
    package let choices: [String]
    /// What to fill in, for the template.
    package let note: String
    /// What stands in the example rows of the template.
    package let examples: [String]
    /// Width in characters of the template and the export.
    package let width: Int

    package init(
        key: String, title: String, required: Bool = false, kind: Kind = .text, choices: [String] = [], note: String = "",
        examples: [String] = [], width: Int? = nil
    ) {
        self.key = key
        self.title = title
        self.isRequired = required
        self.kind = kind
        self.choices = choices
        self.note = note
        self.examples = examples
        self.width = width ?? max(10, min(40, title.count * 2 + 6))
    }
}

/// Where the titles of a table stand in its sheet.
package struct TableHeader: Sendable {
    package let sheetName: String
    /// The header's row as the spreadsheet shows it.
    package let row: Int
    package let columns: [SheetColumn]
    /// For each of `columns` its place in the sheet (0 is A), nil where the file does not have it.
    package let places: [Int?]
    /// Titles of the file that belong to no column: kept out, reported once.
    package let unknownTitles: [String]
    /// The column 错误说明 of an earlier answer, if the file still carries it.
    package let errorColumn: Int?
    let indexOfKey: [String: Int]

    package static let errorTitle = "错误说明"

    /// The place of a column in the sheet (0 is A), nil where the file does not have it.
    package func place(of key: String) -> Int? { indexOfKey[key].flatMap { places[$0] } }
    package func has(_ key: String) -> Bool { place(of: key) != nil }
    /// The place of a column by its title, as import notes name it.
    func place(ofTitle title: String) -> Int? { columns.firstIndex { $0.title == title }.flatMap { places[$0] } }
}

/// Reads a table out of the first sheet of a workbook or text file, row by row in bounded memory.
package final class TableReader {
    package let header: TableHeader
    package let kind: FileKind
    /// Rows with content given out so far, and how many of them the sheet hides.
    package private(set) var rowCount = 0, hiddenRowCount = 0
    /// How many rows the table has, as far as the file says so; for progress only.
    package let expectedRows: Int?

    private let rows: ReadAhead
    private let slotOfPlace: [Int]

    /// Opens the file and finds the header: the first row that holds every required title.
    /// Throws a refusal where the file is no table, or lacks titles, or has one of them twice.
    package init(file path: String, columns: [SheetColumn]) throws {
        kind = try FileKind(path: path)
        let source = try kind.open(path), header = try TableReader.findHeader(source, columns)
        rows = ReadAhead(source)
        self.header = header
        var slots = [Int](repeating: -1, count: (header.places.compactMap(\.self).max() ?? -1) + 1)
        for (slot, place) in header.places.enumerated() { if let place { slots[place] = slot } }
        slotOfPlace = slots
        expectedRows = source.claimedRows.map { max(0, $0 - header.row) }
    }

    /// The next row that has content in a known column; nil after the last.
    package func next() throws -> TableRow? {
        while let row = try rows.next() {
            var cells = [Cell](repeating: .empty, count: header.columns.count)
            var isBlank = true
            for (place, cell) in row.cells where place < slotOfPlace.count && slotOfPlace[place] >= 0 {
                cells[slotOfPlace[place]] = cell
                if isBlank, !cell.isBlank { isBlank = false }
            }
            if isBlank { continue }
            rowCount += 1
            if row.isHidden { hiddenRowCount += 1 }
            return TableRow(number: row.number, isHidden: row.isHidden, header: header, cells: cells)
        }
        return nil
    }

    private static func findHeader(_ source: any SheetSource, _ columns: [SheetColumn]) throws -> TableHeader {
        let indexOfKey = Dictionary(columns.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        let indexOfTitle = Dictionary(columns.enumerated().map { (folded($1.title), $0) }, uniquingKeysWith: { first, _ in first })
        var missing: [String]?
        var rowsSeen = 0
        while rowsSeen < Limits.headerRows, let row = try source.next() {
            rowsSeen += 1
            var places = [Int?](repeating: nil, count: columns.count)
            var unknown: [String] = [], twice: [String] = [], errorColumn: Int?
            for (place, cell) in row.cells {
                guard case .text(let text) = cell else { continue }
                let title = folded(text)
                if title.isEmpty { continue }
                if let index = indexOfTitle[title] {
                    if let first = places[index] {
                        twice.append("「\(columns[index].title)」（\(columnLetters(first)) 列和 \(columnLetters(place)) 列）")
                    } else {
                        places[index] = place
                    }
                } else if title == TableHeader.errorTitle {
                    errorColumn = place
                } else if unknown.count < Limits.unknownTitles {
                    unknown.append(Limits.shown(Blanks.trimmed(text)))
                }
            }
            let absent = columns.indices.filter { columns[$0].isRequired && places[$0] == nil }.map { columns[$0].title }
            guard absent.isEmpty, places.contains(where: { $0 != nil }) else {
                if absent.count < (missing ?? columns.filter(\.isRequired).map(\.title)).count { missing = absent }
                continue
            }
            guard twice.isEmpty else {
                throw Refusal("table.titleTwice", "第 \(row.number) 行的标题重复：\(twice.prefix(20).joined(separator: "、"))；请只留一列后再传")
            }
            return TableHeader(
                sheetName: source.name, row: row.number, columns: columns, places: places, unknownTitles: unknown,
                errorColumn: errorColumn, indexOfKey: indexOfKey)
        }
        let required = columns.filter(\.isRequired).map { "「\($0.title)」" }.joined()
        if let missing {
            let names = missing.map { "「\($0)」" }.joined()
            throw Refusal("table.titlesMissing", "第一张工作表的表头缺少\(names)列；请补上后再传（必须有的列：\(required)）")
        }
        throw Refusal("table.noHeader", "第一张工作表里没有找到表头；表头须在前 \(Limits.headerRows) 行内，并含有\(required)")
    }

    /// Titles compare without blanks, widths and the asterisk of required ones.
    private static func folded(_ title: String) -> String {
        Blanks.folded(title).replacing("*", with: "")
    }
}
