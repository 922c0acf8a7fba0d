import Access
import Kit
import Register

/// 单位: the workbook of organisations (exchange.md). A file is read first, then judged as a whole against the
/// database, then written: the three steps are apart so that nobody waits for the writer while a file is read.
package enum OrganizationSheet {
    package static let sheetName = "单位"

    package static func columns(_ words: RosterWords) -> [SheetColumn] {
        [
            SheetColumn(key: "code", title: "单位编码", required: true, kind: .code, note: "每个单位自己的编码，不能重复", examples: ["BJ-DC", "BJ-DC-01"]),
            SheetColumn(key: "name", title: "单位名称", required: true, note: "单位全称", examples: ["东城区总工会", "和平里街道总工会"]),
            SheetColumn(key: "parent", title: "上级单位编码", kind: .code, note: "留空表示没有上级", examples: ["", "BJ-DC"]),
            SheetColumn(
                key: "kind", title: "单位类型", required: true, choices: words.organizationKinds.words,
                examples: [words.organizationKinds.word(of: "districtFederation"), words.organizationKinds.word(of: "townFederation")]),
            SheetColumn(key: "credit", title: "统一社会信用代码", kind: .code),
            SheetColumn(key: "ownership", title: "所有制", choices: words.ownerships.words),
            SheetColumn(key: "employees", title: "职工人数", kind: .number, examples: ["", "1200"]),
            SheetColumn(key: "members", title: "会员人数", kind: .number, examples: ["", "1100"]),
            SheetColumn(key: "enterprises", title: "企业数", kind: .number, examples: ["", "86"]),
            SheetColumn(key: "founded", title: "成立日期", kind: .day, note: "留空表示一直存在", examples: ["", "2015-06-01"]),
            SheetColumn(key: "closed", title: "撤销日期", kind: .day, note: "不再存在的第一天；留空表示仍在"),
        ]
    }

    /// A row as it was read. Where the file lacks a column, the value is nil and nothing is changed by it.
    struct Line: Sendable {
        let row: Int
        var code = ""
        var name = ""
        var parent: String?
        var kind = ""
        var credit: String?
        var ownership: String?
        var employees: Int??
        var members: Int??
        var enterprises: Int??
        var founded: Day?
        var closed: Day?
        var isValid = true
    }

    /// A file, read and checked cell by cell.
    package struct Rows: Sendable {
        let lines: [Line]
        let report: ImportReport
    }

    /// What is to be written, and the answer to whoever imports.
    package struct Judgement: Sendable {
        package let report: ImportReport
        let founded: [(organization: Organization, version: OrganizationVersion)]
        let edits: [VersionEdit]
    }

    // MARK: - reading

    package static func read(_ table: TableReader, words: RosterWords, progress: (Int, Int?) -> Void = { _, _ in }) throws -> Rows {
        var report = ImportReport()
        report.unknownColumns = table.header.unknownTitles
        var lines: [Line] = []
        let has = table.header.has
        while var row = try table.next() {
            var line = Line(row: row.number)
            if let code = row.code("code") {
                do { line.code = try Organization.checkedCode(code) } catch let refusal as Refusal { row.fault("code", refusal.sentence) }
            }
            line.name = row.text("name", limit: 100) ?? ""
            line.parent = has("parent") ? (row.code("parent") ?? "") : nil
            line.kind = row.choice("kind", among: words.organizationKinds.words).flatMap(words.organizationKinds.key) ?? ""
            line.credit = has("credit") ? (row.code("credit", limit: 40) ?? "").uppercased() : nil
            line.ownership = has("ownership") ? (row.choice("ownership", among: words.ownerships.words).flatMap(words.ownerships.key) ?? "") : nil
            if has("employees") { line.employees = .some(row.integer("employees", in: OrganizationFacts.counts)) }
            if has("members") { line.members = .some(row.integer("members", in: OrganizationFacts.counts)) }
            if has("enterprises") { line.enterprises = .some(row.integer("enterprises", in: OrganizationFacts.counts)) }
            if has("founded") { line.founded = row.day("founded") ?? .always }
            if has("closed") { line.closed = row.day("closed") ?? .open }
            if let founded = line.founded, let closed = line.closed, founded >= closed {
                row.fault("closed", "撤销日期不晚于成立日期 \(founded)；请核对两个日期")
            }
            if let parent = line.parent, !parent.isEmpty, parent == line.code {
                row.fault("parent", "上级单位不能是自己；没有上级的请留空")
            }
            if let credit = line.credit, !credit.isEmpty, let expected = CreditCode.checkCharacter(of: credit), credit.last != expected {
                report.addHint(row.note("credit", "统一社会信用代码的校验位不对：末位应为 \(expected)；请核对"))
            } else if let credit = line.credit, !credit.isEmpty, CreditCode.checkCharacter(of: credit) == nil {
                report.addHint(row.note("credit", "统一社会信用代码应是 18 位数字和大写字母；请核对"))
            }
            line.isValid = row.isValid
            report.add(row.faults)
            lines.append(line)
            if lines.count % 500 == 0 { progress(lines.count, table.expectedRows) }
        }
        report.rows = table.rowCount
        report.hidden = table.hiddenRowCount
        progress(lines.count, lines.count)
        return Rows(lines: lines, report: report)
    }

    // MARK: - judging

    /// Judges the file against the database, without writing: also the answer to a trial run.
    package static func judge(_ rows: Rows, in db: Reading, options: ImportOptions, reach: ImportReach = .everything) throws -> Judgement {
        var judge = OrganizationJudge(rows, history: try OrganizationStore.history(in: db), options: options, reach: reach)
        return try judge.judge(in: db)
    }

    /// Writes what was judged good.
    package static func write(_ judgement: Judgement, in db: Writing) throws {
        var ids: [Int64: Int64] = [:]
        for (organization, _) in judgement.founded { ids[organization.id] = db.nextID() }
        func real(_ id: Int64) -> Int64 { ids[id] ?? id }
        func real(_ version: OrganizationVersion) -> OrganizationVersion {
            var facts = version.facts
            facts.parentID = facts.parentID.map(real)
            return OrganizationVersion(id: version.id, organizationID: real(version.organizationID), from: version.from, to: version.to, facts: facts)
        }
        // All units before any version: a version names its parent.
        try OrganizationStore.found(
            judgement.founded.map { (Organization(id: real($0.organization.id), code: $0.organization.code), real($0.version)) }, in: db)
        try OrganizationStore.apply(
            judgement.edits.map { edit in
                switch edit {
                case .insert(let version): .insert(real(version))
                case .update(let old, let new): .update(old, to: real(new))
                case .delete(let old): .delete(old)
                }
            }, in: db)
    }

    /// Judges and, where nothing is wrong or `options.partial` allows, writes. Nothing is written otherwise.
    package static func run(_ rows: Rows, in db: Writing, options: ImportOptions, reach: ImportReach = .everything) throws -> ImportReport {
        let judgement = try judge(rows, in: db, options: options, reach: reach)
        var report = judgement.report
        guard report.errors.isEmpty || options.partial else { return report }
        try write(judgement, in: db)
        report.applied = true
        return report
    }

    // MARK: - export

    /// Writes the units of `unit` (nil: all), with everything below where `subtree` says so. Without `asOf` every unit that
    /// ever was, with what is true of it on `today`, or was last; with it the units of that day. Returns the number of rows.
    @discardableResult
    package static func export(
        to path: String, unit: Int64? = nil, subtree: Bool = true, asOf: Day? = nil, today: Day, units: Set<Int64>? = nil,
        words: RosterWords, in db: Reading
    ) throws -> Int {
        let history = try OrganizationStore.history(in: db)
        let tree = OrgTree(history, on: asOf ?? today, includingClosed: asOf == nil)
        let writer = try TableWriter(to: path, sheet: sheetName, columns: columns(words))
        var count = 0
        for listed in SheetSelection.units(of: tree, unit: unit, subtree: subtree) where units?.contains(listed.id) ?? true {
            let facts = listed.version.facts
            let founded = history.founded(listed.id) ?? .always, closed = history.closed(listed.id) ?? .open
            writer.add([
                .text(listed.code), .text(facts.name), CellContent(facts.parentID.flatMap { history.organizations[$0]?.code }),
                .text(words.organizationKinds.word(of: facts.kind)), CellContent(facts.creditCode), CellContent(facts.ownership),
                CellContent(integer: facts.employees), CellContent(integer: facts.members), CellContent(integer: facts.enterprises),
                founded == .always ? .empty : .day(founded), closed == .open ? .empty : .day(closed),
            ])
            count += 1
        }
        try writer.finish()
        return count
    }
}

extension OrganizationSheet.Rows: SheetContent {
    package func judge(_ setting: SheetSetting, in db: Reading) throws -> ImportReport {
        try OrganizationSheet.judge(self, in: db, options: setting.options, reach: setting.reach).report
    }

    package func run(_ setting: SheetSetting, in db: Writing) throws -> ImportReport {
        try OrganizationSheet.run(self, in: db, options: setting.options, reach: setting.reach)
    }
}

extension SheetKind {
    package static let organizations = SheetKind(
        "organizations", OrganizationSheet.sheetName, place: 10, asksEffectiveDay: true, columns: { OrganizationSheet.columns(RosterWords($0)) },
        read: { table, setting in try OrganizationSheet.read(table, words: setting.words, progress: setting.options.progress) },
        export: { out, db in
            try OrganizationSheet.export(
                to: out.path, unit: out.unit, subtree: out.subtree, asOf: out.asOf, today: out.today, units: out.units, words: out.words, in: db)
        })
}

/// Which units an export takes.
package enum SheetSelection {
    package static func units(of tree: OrgTree, unit: Int64?, subtree: Bool) -> [OrgTree.Unit] {
        guard let unit else { return tree.units }
        return subtree ? Array(tree.subtree(of: unit)) : [tree.unit(unit)].compactMap(\.self)
    }
}
