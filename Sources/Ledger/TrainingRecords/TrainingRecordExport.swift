import Access
import Kit
import Register
import Rules

/// The records of people, as 培训记录 takes them: importing the file again changes nothing. What was taken back is left
/// out; what was corrected stands in its last revision.
package enum TrainingRecordExport {
    /// Writes the records of those in `unit` (nil: of everybody), with everything below where `subtree` says so, into an
    /// .xlsx or .csv; with `asOf` those in post on that day and what had begun by then, without it all that ever were.
    /// `units` is what the asker may see, nil everything; what is `hidden` is left out. Returns the number of rows; `progress` gets people done and in all.
    @discardableResult
    package static func export(
        to path: String, unit: Int64? = nil, subtree: Bool = true, asOf: Day? = nil, today: Day, units: Set<Int64>? = nil, hidden: PersonSight.Hidden = .nobody,
        isMasked: Bool = false, vocabulary: Vocabulary, numbers: PersonalNumbers, progress: (Int, Int) -> Void = { _, _ in }, in db: Reading
    ) throws -> Int {
        let history = try OrganizationStore.history(in: db)
        var listed: [Int64]?
        if unit != nil || units != nil {
            let tree = OrgTree(history, on: asOf ?? today, includingClosed: true)
            let all = unit.map { id in subtree ? tree.subtree(of: id).map(\.id) : [id] } ?? tree.units.map(\.id)
            listed = all.filter { units?.contains($0) ?? true }
        }
        let people = try TrainingRecordStore.people(in: listed, on: asOf, from: db).filter { !hidden.people.contains($0) }
        let merged = Dictionary(grouping: try HourEntryStore.mergedFiles(from: db), by: \.value).mapValues { $0.map(\.key) }
        let codes = history.organizations
        let table = try TableWriter(to: path, sheet: TrainingRecordSheet.sheetName, columns: TrainingRecordSheet.columns(vocabulary))
        var rows = 0, done = 0
        for ids in people.chunks(of: 500) {
            let files = ids.flatMap { [$0] + (merged[$0] ?? []) }
            let living = Dictionary(ids.flatMap { id in (merged[id] ?? []).map { ($0, id) } }, uniquingKeysWith: { first, _ in first })
            var entries: [Int64: [HourEntry]] = [:]
            try HourEntryStore.entries(inFiles: files, from: db) { entries[living[$0.personID] ?? $0.personID, default: []].append($0) }
            let persons = try RosterStore.people(ids, in: db)
            for id in ids {
                done += 1
                guard let person = persons[id], !person.isErased, let file = entries[id] else { continue }
                let records = Posting.standingAmong(file).map(\.record).filter { asOf == nil || $0.from <= asOf ?? $0.from }
                guard !records.isEmpty else { continue }
                let idNumber = try RosterStore.idNumber(of: person, numbers: numbers).text, isMasked = isMasked || hidden.numbers.contains(id)
                for record in records.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
                    table.add([.text(isMasked ? masked(idNumber: idNumber) : idNumber), .text(person.name)] + contents(of: record, vocabulary) { codes[$0]?.code })
                    rows += 1
                }
            }
            progress(done, people.count)
        }
        try table.finish()
        return rows
    }

    /// The columns after 证件号码 and 姓名, in the order of the sheet.
    private static func contents(of record: TrainingRecord, _ vocabulary: Vocabulary, code: (Int64) -> String?) -> [CellContent] {
        [
            .text(record.title), .text(vocabulary.forms.word(of: record.form)), .yesNo(record.isSelected),
            CellContent(vocabulary.purposes.word(of: record.purpose)), CellContent(vocabulary.contents.word(of: record.content)),
            CellContent(record.hostID.flatMap(code)), CellContent(record.institution), .day(record.from), .day(record.to),
            CellContent(hundredths: record.halfDays.map { $0 * 50 }), CellContent(hundredths: record.hours), .yesNo(record.isCompleted),
            CellContent(record.sourceCode),
        ]
    }
}
