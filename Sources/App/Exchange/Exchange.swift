import Kit
import Ledger
import People
import Rules

/// The kinds of table that go in and out; the raw value is what the command line calls them.
package enum ExchangeKind: String, CaseIterable, Sendable {
    case organizations, people
    case trainingRecords = "training-records"

    /// As screens call it.
    package var word: String {
        switch self {
        case .organizations: "单位"
        case .people: "人员"
        case .trainingRecords: "培训记录"
        }
    }

    /// What an export shows of people in these units, for the acts; nothing of a table without names.
    package func views(of units: [Int64], subtree: Bool, on day: Day?) -> [ListView] {
        let kind: ListView.Kind? = switch self {
        case .organizations: nil
        case .people: .people
        case .trainingRecords: .trainingRecords
        }
        return kind.map { kind in units.map { ListView(kind, unit: $0, subtree: subtree, on: day) } } ?? []
    }
}

/// Tables in and out of one database: the same for the command line and the browser.
package struct Exchange: Sendable {
    package let database: Database
    package let library: PolicyLibrary
    package let numbers: PersonalNumbers
    private let words: RosterWords

    package init(database: Database, library: PolicyLibrary, numbers: PersonalNumbers) {
        self.database = database
        self.library = library
        self.numbers = numbers
        words = RosterWords(library)
    }

    package static func columns(_ kind: ExchangeKind, _ library: PolicyLibrary) -> [SheetColumn] {
        switch kind {
        case .organizations: OrganizationSheet.columns(RosterWords(library))
        case .people: PeopleSheet.columns(RosterWords(library))
        case .trainingRecords: TrainingRecordSheet.columns(library.vocabulary)
        }
    }

    /// An empty workbook of a kind to fill in. Throws `Refusal.cannotWrite`.
    package static func writeTemplate(_ kind: ExchangeKind, _ library: PolicyLibrary, to path: String) throws {
        try Template.write(to: path, sheet: kind.word, columns: columns(kind, library))
    }

    /// A file whose cells have been read; what they name is not looked up yet.
    package struct File: Sendable {
        package let kind: ExchangeKind
        package let path: String
        package let header: TableHeader
        fileprivate let content: Content

        fileprivate enum Content: Sendable {
            case organizations(OrganizationSheet.Rows)
            case people(PeopleSheet.Rows)
            case trainingRecords(TrainingRecordImport)
        }
    }

    /// Reads a file, in bounded memory per row. Throws a refusal where it is no table of the kind.
    package func read(_ kind: ExchangeKind, file path: String, today: Day, options: ImportOptions = ImportOptions(), reach: ImportReach = .everything) throws -> File {
        let table = try TableReader(file: path, columns: Self.columns(kind, library))
        let content: File.Content = switch kind {
        case .organizations: .organizations(try OrganizationSheet.read(table, words: words, progress: options.progress))
        case .people: .people(try PeopleSheet.read(table, words: words, numbers: numbers, today: today, progress: options.progress))
        case .trainingRecords:
            .trainingRecords(try TrainingRecordImport(
                table, library: library, numbers: numbers, today: today, options: options, reach: reach))
        }
        return File(kind: kind, path: path, header: table.header, content: content)
    }

    /// Judges a file as a whole and changes nothing.
    package func judge(_ file: File, options: ImportOptions, reach: ImportReach = .everything, in db: Reading) throws -> ImportReport {
        switch file.content {
        case .organizations(let rows): try OrganizationSheet.judge(rows, in: db, options: options, reach: reach).report
        case .people(let rows): try PeopleSheet.judge(rows, numbers: numbers, in: db, options: options, reach: reach).report
        case .trainingRecords(let records): try records.judge(db).report
        }
    }

    /// Judges a file and writes it, all or nothing unless `options.partial`; a file that does not go in leaves no act
    /// behind. `also` writes along in the same transaction where something goes in.
    package func apply(
        _ file: File, options: ImportOptions, reach: ImportReach = .everything, by act: Act,
        also: @escaping (ImportReport, Writing) throws -> Void = { _, _ in }
    ) throws -> ImportReport {
        struct Left: Error { let report: ImportReport }
        do {
            return try database.writeNow(act) { db in
                let report = switch file.content {
                case .organizations(let rows): try OrganizationSheet.run(rows, in: db, options: options, reach: reach)
                case .people(let rows): try PeopleSheet.run(rows, numbers: numbers, in: db, options: options, reach: reach)
                case .trainingRecords(let records): try records.run(db)
                }
                guard report.applied, report.new + report.changed > 0 else { throw Left(report: report) }
                try also(report, db)
                return report
            }
        } catch let left as Left {
            return left.report
        }
    }

    /// 姓名 on these rows of a file, where the table has that column: for lists of what is wrong.
    func names(onRows rows: Set<Int>, of file: File) throws -> [Int: String] {
        guard !rows.isEmpty, file.header.has("name") else { return [:] }
        var names: [Int: String] = [:]
        let table = try TableReader(file: file.path, columns: Self.columns(file.kind, library))
        while names.count < rows.count, let row = try table.next() {
            if rows.contains(row.number) { names[row.number] = row.shown("name") }
        }
        return names
    }

    /// The user's own workbook with what is wrong marked in it. Throws `Refusal.cannotWrite`.
    package func mark(_ file: File, _ report: ImportReport, to path: String) throws {
        try Marking.write(report.errors, of: file.path, header: file.header, to: path)
    }

    /// Writes what the kind holds of a unit (nil: of everything the asker may see) into an .xlsx or .csv; the number of rows.
    @discardableResult
    package func export(
        _ kind: ExchangeKind, to path: String, unit: Int64?, subtree: Bool, asOf: Day?, today: Day, units: Set<Int64>? = nil, hidden: Set<Int64> = [],
        progress: (Int, Int) -> Void = { _, _ in }, in db: Reading
    ) throws -> Int {
        switch kind {
        case .organizations:
            try OrganizationSheet.export(to: path, unit: unit, subtree: subtree, asOf: asOf, today: today, units: units, words: words, in: db)
        case .people:
            try PeopleSheet.export(
                to: path, unit: unit, subtree: subtree, asOf: asOf, today: today, units: units, hidden: hidden, words: words, numbers: numbers, in: db)
        case .trainingRecords:
            try TrainingRecordExport.export(
                to: path, unit: unit, subtree: subtree, asOf: asOf, today: today, units: units, hidden: hidden, vocabulary: library.vocabulary,
                numbers: numbers, progress: progress, in: db)
        }
    }
}
