import Access
import Kit
import People
import Register
import Rules

/// 职工代表: the workbook of terms of office, one row a term (exchange.md, 职工代表). A file is read first, then judged as a whole
/// against the database, then written.
package enum TermSheet {
    package static let sheetName = "职工代表"

    package static func columns(_ vocabulary: Vocabulary) -> [SheetColumn] {
        let kinds = vocabulary.representativeKinds.words.map(\.word), compositions = vocabulary.representativeCompositions.words.map(\.word)
        return [
            SheetColumn(
                key: "idNumber", title: "证件号码", required: true, kind: .code, note: "18 位居民身份证号，须已在人员名册中；请按文本填写",
                examples: ["11010519491231002X", "440524188001010014"], width: 22),
            SheetColumn(key: "name", title: "姓名", required: true, note: "须与人员名册一致", examples: ["张三", "李四"]),
            SheetColumn(key: "unit", title: "单位编码", required: true, kind: .code, note: "在哪个单位当选，就填哪个单位的编码", examples: ["BJ-DC-01", "BJ-DC-01"], width: 16),
            SheetColumn(key: "kind", title: "代表类型", required: true, choices: kinds, note: "从下拉中选择", examples: [kinds.first ?? "", kinds.last ?? ""]),
            SheetColumn(key: "session", title: "届次", required: true, note: "同一届写法一致；补选的填原来的届次", examples: ["第七届", "第二届"]),
            SheetColumn(key: "elected", title: "当选日期", required: true, kind: .day, note: "如 2022-03-05；补选的填补选当选的日期", examples: ["2022-03-05", "2023-06-01"], width: 14),
            SheetColumn(key: "expiry", title: "届满日期", required: true, kind: .day, note: "这一届任期届满的日期", examples: ["2027-03-05", "2026-06-01"], width: 14),
            SheetColumn(key: "left", title: "离任日期", kind: .day, note: "不再任职的第一天；在任的、因换届结束的留空", examples: ["", "2024-09-01"], width: 14),
            SheetColumn(key: "constituency", title: "选区", note: "选举单位，如车间、科室、分公司", examples: ["一车间", ""], width: 18),
            SheetColumn(key: "composition", title: "人员构成", choices: compositions, examples: [compositions.first ?? "", compositions.last ?? ""], width: 14),
        ]
    }

    /// A row as it was read. Where the file lacks a column the value is nil, and a term that is there keeps its own.
    struct Line: Sendable {
        let row: Int
        /// The blind index of the ID number, empty where it cannot be read: the number itself is not kept.
        var index: [UInt8] = []
        var name = ""
        var unit = ""
        var kind = ""
        var session = ""
        var elected: Day?
        var expiry: Day?
        var left: Day?
        var constituency: String?
        var composition: String?
        var isValid = true
    }

    /// A file, read and checked cell by cell.
    package struct Rows: Sendable {
        let lines: [Line]
        let report: ImportReport
        let vocabulary: Vocabulary
    }

    package static func read(_ table: TableReader, _ setting: SheetSetting) throws -> Rows {
        var report = ImportReport(), lines: [Line] = []
        report.unknownColumns = table.header.unknownTitles
        let vocabulary = setting.library.vocabulary, header = table.header
        let hasLeft = header.has("left"), hasConstituency = header.has("constituency"), hasComposition = header.has("composition")
        let kinds = vocabulary.representativeKinds.words.map(\.word), compositions = vocabulary.representativeCompositions.words.map(\.word)
        while var row = try table.next() {
            var line = Line(row: row.number)
            if let written = row.code("idNumber") {
                do { line.index = setting.numbers.index(idNumber: try IDNumber(written, today: setting.today).text) } catch {
                    row.fault("idNumber", (error as? Refusal)?.sentence ?? "证件号码不对；请照证件重填")
                }
            }
            line.name = row.text("name", limit: 100) ?? ""
            line.unit = row.code("unit", limit: 200) ?? ""
            line.kind = row.choice("kind", among: kinds).flatMap { vocabulary.representativeKinds.key(of: $0) } ?? ""
            line.session = (row.text("session", limit: TermOfOffice.longestSession) ?? "").filter { !$0.isWhitespace }
            line.elected = row.day("elected")
            line.expiry = row.day("expiry")
            if hasLeft { line.left = row.day("left") ?? .open }
            if hasConstituency { line.constituency = row.text("constituency", limit: TermOfOffice.longestConstituency) ?? "" }
            if hasComposition { line.composition = row.choice("composition", among: compositions).flatMap { vocabulary.representativeCompositions.key(of: $0) } ?? "" }
            if let elected = line.elected {
                // What cannot be read is told already, and is not wrong beside the other day as well.
                let days = TermOfOffice(
                    personID: 0, organizationID: 0, kind: "", session: "", elected: elected, expiry: line.expiry ?? .open, left: line.left ?? .open)
                for (column, sentence) in days.wrongDays { row.fault(column, sentence) }
            }
            line.isValid = row.isValid
            report.add(row.faults)
            lines.append(line)
            if lines.count % 1000 == 0 { setting.options.progress(lines.count, table.expectedRows.map { max($0, lines.count) }) }
        }
        report.rows = table.rowCount
        report.hidden = table.hiddenRowCount
        return Rows(lines: lines, report: report, vocabulary: vocabulary)
    }

    /// What is to be written, and the answer to whoever imports.
    package struct Judgement: Sendable {
        package internal(set) var report: ImportReport
        var new: [TermOfOffice] = []
        var changed: [(old: TermOfOffice, new: TermOfOffice)] = []
    }

    // MARK: - export

    /// Writes the terms in a unit (nil: everywhere), with everything below where the export says so; with a day those in office on it,
    /// without one all that ever were. People of whom the asker sees nothing are left out. Returns the number of rows.
    static func export(_ out: SheetExport, in db: Reading) throws -> Int {
        let history = try OrganizationStore.history(in: db), vocabulary = out.library.vocabulary
        let tree = OrgTree(history, on: out.asOf ?? out.today, includingClosed: true)
        let listed = SheetSelection.units(of: tree, unit: out.unit, subtree: out.subtree).map(\.id).filter { out.units?.contains($0) ?? true }
        let writer = try TableWriter(to: out.path, sheet: sheetName, columns: columns(vocabulary))
        var count = 0
        for units in RosterStore.chunks(listed) {
            let terms = try TermStore.terms(in: units, in: db)
            let ends = out.asOf == nil ? [:] : TermOfOffice.endsByID(of: terms)
            let people = try RosterStore.people(Array(Set(terms.map(\.personID))), in: db), seen = try seen(people.keys.sorted(), out, in: db)
            let byUnit = Dictionary(grouping: terms, by: \.organizationID)
            for term in units.flatMap({ byUnit[$0] ?? [] }) {
                guard let person = people[term.personID], !person.isErased, seen.contains(person.id) else { continue }
                if let day = out.asOf, let end = ends[term.id], !term.state(on: day, end).isInOffice { continue }
                let number = try RosterStore.idNumber(of: person, numbers: out.numbers).text, isMasked = out.isMasked || out.hidden.numbers.contains(person.id)
                writer.add([
                    .text(isMasked ? masked(idNumber: number) : number), .text(person.name), CellContent(history.organizations[term.organizationID]?.code),
                    .text(vocabulary.representativeKinds.word(of: term.kind)), .text(term.session), .day(term.elected), .day(term.expiry),
                    term.left == .open ? .empty : .day(term.left), CellContent(term.constituency),
                    CellContent(vocabulary.representativeCompositions.word(of: term.composition)),
                ])
                count += 1
            }
        }
        try writer.finish()
        return count
    }

    /// Of these people those whose files the asker sees: with a term in a unit one need not have a post there.
    private static func seen(_ people: [Int64], _ out: SheetExport, in db: Reading) throws -> Set<Int64> {
        let whole = Set(people).subtracting(out.hidden.people)
        guard let units = out.units else { return whole }
        let posts = Dictionary(grouping: try RosterStore.appointments(of: whole.sorted(), in: db), by: \.personID)
        return whole.filter { PersonSight(posts[$0] ?? [], today: out.today, sees: units.contains, keeps: units.contains) != nil }
    }
}

extension TermSheet.Rows: SheetContent {
    package func judge(_ setting: SheetSetting, in db: Reading) throws -> ImportReport { try judgement(setting, in: db).report }

    package func run(_ setting: SheetSetting, in db: Writing) throws -> ImportReport {
        var judgement = try judgement(setting, in: db)
        guard judgement.report.errors.isEmpty || setting.options.partial else { return judgement.report }
        // Changes first: a term that ends makes room for the next.
        for (old, new) in judgement.changed { try TermStore.update(old, to: new, in: db) }
        for some in RosterStore.chunks(judgement.new, of: 2000) { try TermStore.insert(some, in: db) }
        judgement.report.applied = true
        return judgement.report
    }

    private func judgement(_ setting: SheetSetting, in db: Reading) throws -> TermSheet.Judgement {
        var judge = try TermJudge(self, setting, in: db)
        return judge.judge()
    }
}

extension SheetKind {
    package static let representatives = SheetKind(
        "representatives", TermSheet.sheetName, place: 40, list: .representatives, columns: { TermSheet.columns($0.vocabulary) },
        read: { table, setting in try TermSheet.read(table, setting) }, export: { out, db in try TermSheet.export(out, in: db) })
}

extension ListView.Kind {
    static let representatives = ListView.Kind(rawValue: "export.representatives")
}
