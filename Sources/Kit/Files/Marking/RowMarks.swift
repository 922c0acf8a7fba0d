/// What is to be marked on one row of a sheet.
struct RowMarks {
    /// Places of the wrong cells (0 is A), ascending.
    private(set) var columns: [Int] = []
    /// What 错误说明 says on the row.
    private(set) var text = ""

    /// Marks by row; several sentences of a row are joined by ；, each after the title of its column.
    static func by(row notes: [ImportReport.Note], header: TableHeader) -> [Int: RowMarks] {
        var rows: [Int: RowMarks] = [:]
        var said: Set<ImportReport.Note> = []
        for note in notes where said.insert(note).inserted {
            rows[note.row, default: RowMarks()].add(note, place: note.column.flatMap { header.place(ofTitle: $0) })
        }
        return rows
    }

    private mutating func add(_ note: ImportReport.Note, place: Int?) {
        if let place, !columns.contains(place) {
            columns.append(place)
            columns.sort()
        }
        // A cell does not hold more, whatever there is to say.
        guard text.utf8.count <= 100_000 else { return }
        let sentence = note.column.map { "\($0)：\(note.sentence)" } ?? note.sentence
        text += text.isEmpty ? sentence : "；" + sentence
    }
}

/// Gives a user's own workbook back with what is wrong marked in it.
package enum Marking {
    /// Light orange behind a wrong cell.
    static let fill = "FFFFD9A8"
    static let columnWidth = 60

    /// Writes the file back as an .xlsx: every sheet, cell and format kept, wrong cells filled orange, and on the wrong rows
    /// what is wrong and what to do in 错误说明, the first free column (or the one of an earlier answer, whose marks are
    /// taken away). A text file or .xls comes back with the same sheets and values.
    /// Throws `Refusal.cannotWrite` where `path` cannot be written.
    package static func write(_ notes: [ImportReport.Note], of original: String, header: TableHeader, to path: String) throws {
        let rows = RowMarks.by(row: notes, header: header)
        let output = try OutputFile(path)
        output.discard()
        switch try FileKind(path: original) {
        case .xlsx: try XlsxMarking(original: original, header: header, rows: rows).write(to: path)
        case .xls: try CopiedMarking.write(xls: original, header: header, rows: rows, to: path)
        case .text: try CopiedMarking.write(text: original, header: header, rows: rows, to: path)
        }
    }
}
