import Access
import Kit
import Register
import Rules

/// Tables in and out of one database: the same for the command line and the browser.
package struct Exchange: Sendable {
    package let database: Database
    package let library: PolicyLibrary
    package let numbers: PersonalNumbers
    package let features: FeatureSet
    private let words: RosterWords

    package init(_ house: House) {
        database = house.database
        library = house.library
        numbers = house.numbers
        features = house.features
        words = house.words
    }

    /// An empty workbook of a kind to fill in. Throws `Refusal.cannotWrite`.
    package static func writeTemplate(_ kind: SheetKind, _ library: PolicyLibrary, to path: String) throws {
        try Template.write(to: path, sheet: kind.word, columns: kind.columns(library))
    }

    /// A file whose cells have been read; what they name is not looked up yet.
    package struct File: Sendable {
        package let kind: SheetKind
        package let path: String
        package let header: TableHeader
        fileprivate let content: any SheetContent
    }

    private func setting(_ today: Day, _ options: ImportOptions, _ reach: ImportReach) -> SheetSetting {
        SheetSetting(library: library, words: words, numbers: numbers, today: today, options: options, reach: reach)
    }

    /// Reads a file, in bounded memory per row. Throws a refusal where it is no table of the kind.
    package func read(_ kind: SheetKind, file path: String, today: Day, options: ImportOptions = ImportOptions(), reach: ImportReach = .everything) throws -> File {
        let table = try TableReader(file: path, columns: kind.columns(library))
        return File(kind: kind, path: path, header: table.header, content: try kind.read(table, setting(today, options, reach)))
    }

    /// Judges a file as a whole and changes nothing.
    package func judge(_ file: File, options: ImportOptions, reach: ImportReach = .everything, in db: Reading) throws -> ImportReport {
        try file.content.judge(setting(Clock.today, options, reach), in: db)
    }

    /// Judges a file and writes it, all or nothing unless `options.partial`; a file that does not go in leaves no act
    /// behind. `first` is asked in the same transaction before anything else, `also` writes along where something goes in.
    package func apply(
        _ file: File, options: ImportOptions, reach: ImportReach = .everything, by act: Act, first: @escaping (Writing) throws -> Void = { _ in },
        also: @escaping (ImportReport, Writing) throws -> Void = { _, _ in }
    ) throws -> ImportReport {
        struct Left: Error { let report: ImportReport }
        do {
            return try database.writeNow(act) { db in
                try first(db)
                let report = try file.content.run(setting(Clock.today, options, reach), in: db)
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
        let table = try TableReader(file: file.path, columns: file.kind.columns(library))
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
        _ kind: SheetKind, to path: String, unit: Int64?, subtree: Bool, asOf: Day?, today: Day, units: Set<Int64>? = nil, hidden: PersonSight.Hidden = .nobody,
        isMasked: Bool = false, progress: @escaping (Int, Int) -> Void = { _, _ in }, in db: Reading
    ) throws -> Int {
        try kind.export(
            SheetExport(
                path: path, unit: unit, subtree: subtree, asOf: asOf, today: today, units: units, hidden: hidden, isMasked: isMasked, library: library, words: words,
                numbers: numbers, progress: progress), db)
    }
}
