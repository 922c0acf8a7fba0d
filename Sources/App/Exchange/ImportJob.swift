import Access
import Kit

/// An import in the browser: judged first, then taken in whole or in part, or left.
package struct ImportJob: Sendable {
    /// `judged` waits for the user; `interrupted` was at work on servers that stopped, each time it was tried, and has changed nothing.
    package enum State: String, Sendable { case judging, judged, applying, done, failed, interrupted }

    package let id: Int64
    package let accountID: Int64
    package let kind: SheetKind
    package let fileName: String
    package let state: State
    package let effective: Day?
    package let report: Report?
    package let createdMilliseconds: Int64
    /// The act that brought it to where it stands: for one that is done, the act that wrote its rows.
    let actID: Int64
    /// The act by which it was taken back.
    let undoneActID: Int64?
    /// Whether its user wants to hear no more of it.
    let isDismissed: Bool

    /// What pages show of a report: counts and the first lines, so that a list of imports costs little. `refusal` says why a file
    /// could not be judged at all.
    package struct Report: Codable, Sendable {
        package struct Note: Codable, Sendable, Hashable {
            package let row: Int
            package let column: String?
            package let found, sentence: String
            /// 姓名 on the row, where the table has one.
            package var name: String?
            /// The name of the refusal, where an act was refused as a page refuses it.
            package var refusal: String?

            package init(row: Int, column: String?, found: String, sentence: String) {
                self.row = row
                self.column = column
                self.found = found
                self.sentence = sentence
            }

            /// What stands in a cell may be as long as a book.
            init(_ note: ImportReport.Note) {
                self.init(row: note.row, column: note.column, found: String(note.found.prefix(200)), sentence: String(note.sentence.prefix(500)))
                refusal = note.refusal.isEmpty ? nil : note.refusal
            }

            /// As marking takes it.
            var asMarked: ImportReport.Note { ImportReport.Note(row: row, column: column, found: found, sentence: sentence) }
        }
        package var rows = 0, new = 0, changed = 0, unchanged = 0, rejected = 0, hidden = 0
        /// The first of them, and how many there are.
        package var errors: [Note] = [], hints: [Note] = []
        private var errorCount: Int?, hintCount: Int?
        package var unknownColumns: [String] = []
        package var sheet = "", headerRow = 0, knownColumns = 0
        package var applied = false
        package var refusal: String?

        package init(refusal: String) { self.refusal = refusal }

        init(_ report: ImportReport, header: TableHeader) {
            (rows, new, changed, unchanged) = (report.rows, report.new, report.changed, report.unchanged)
            (rejected, hidden, unknownColumns, applied) = (report.rejected, report.hidden, report.unknownColumns, report.applied)
            errors = report.errors.prefix(Self.listed).map(Note.init)
            hints = report.hints.prefix(Self.listed).map(Note.init)
            (errorCount, hintCount) = (report.errors.count, report.hints.count)
            sheet = header.sheetName
            headerRow = header.row
            knownColumns = header.places.count { $0 != nil }
        }

        /// As many rows as pages list, and as a marked workbook marks.
        static let listed = 200, mostMarks = 20_000

        /// How many notes there are of which the first are listed.
        var allErrors: Int { errorCount ?? errors.count }
        var allHints: Int { hintCount ?? hints.count }

        /// What is marked in the user's own workbook.
        static func marks(_ report: ImportReport) -> [Note] { report.errors.prefix(mostMarks).map(Note.init) }

        /// Puts 姓名 to the rows that pages list; `find` gives it by row.
        mutating func name(_ find: (Set<Int>) throws -> [Int: String]) rethrows {
            let names = try find(Set(errors.map(\.row)).union(hints.map(\.row)))
            for index in errors.indices { errors[index].name = names[errors[index].row] }
            for index in hints.indices { hints[index].name = names[hints[index].row] }
        }

        /// The same by what an earlier report of the same file had.
        mutating func name(as earlier: Report?) {
            let known = (earlier?.errors ?? []) + (earlier?.hints ?? [])
            let names = Dictionary(known.compactMap { note in note.name.map { (note.row, $0) } }, uniquingKeysWith: { first, _ in first })
            name { _ in names }
        }

        /// Rows that would change something.
        package var useful: Int { new + changed }
    }

    /// How it stands or ended, in a few words.
    var outcome: String {
        switch state {
        case .judging: "正在检查"
        case .applying: "正在导入"
        case .judged: (report?.rejected ?? 0) > 0 ? "\(report?.rejected ?? 0) 行有误，未导入" : "已检查，等待确认导入"
        case .done where undoneActID != nil: "已导入，后来撤回"
        case .done: "已导入：新增 \(report?.new ?? 0)，变更 \(report?.changed ?? 0)" + ((report?.rejected ?? 0) > 0 ? "，\(report?.rejected ?? 0) 行有误未导入" : "")
        case .failed: "未导入：\(report?.refusal ?? "")"
        case .interrupted: "处理这份文件的服务中途停止，没有导入任何内容；请重新上传"
        }
    }

    var link: String { "/exchange/imports/\(id)" }

    /// A job that wants something of its user: little enough to be read for every daily page.
    struct Waiting: Sendable {
        let id: Int64
        let fileName: String
        let state: State

        var task: DayTask {
            let words = switch state {
            case .judged: "已检查，等您看结果并确认导入"
            case .failed: "导入失败，请看原因"
            default: "导入失败：处理中断，请重新上传"
            }
            return DayTask(count: "1", words: state == .judged ? "份导入的文件\(words)" : "份文件\(words)", link: "/exchange/imports/\(id)", note: fileName)
        }
    }

    /// Days after which the file is no longer kept, and with it the marked workbook.
    package static let keptDays = 7
    /// Files of one account that are kept meanwhile, the latest.
    static let mostKept = 20
    /// Largest file taken in the browser.
    package static let uploadLimit = 50 << 20

    /// Whether the user may still decide. A file with errors goes in partially only, one without goes in whole.
    func mayApply(partial: Bool) throws(Refusal) {
        guard state == .judged, let report else {
            throw Refusal("import.decided", "这份文件已经处理过，或还在检查；请看本页上的结果。")
        }
        guard report.useful > 0 else { throw Refusal("import.nothing", "这份文件里没有需要导入的行。") }
        guard report.errors.isEmpty || partial else {
            throw Refusal("import.errors", "文件有误，整份不导入；请改好再传，或只导入无误的行。")
        }
    }
}
