import Access
import Kit
import Register
import Rules

/// The workbook 培训记录: its columns, rows in and rows out (exchange.md, 培训记录).
package enum TrainingRecordSheet {
    package static let sheetName = "培训记录"

    package static func columns(_ vocabulary: Vocabulary) -> [SheetColumn] {
        let words = { (list: Vocabulary.List) in list.words.map(\.word) }
        let convertible = vocabulary.forms.words.filter(\.convertsDays).map(\.word).joined(separator: "、")
        let dated = vocabulary.forms.words.filter(\.isWithinDates).map(\.word).joined(separator: "、")
        return [
            SheetColumn(key: "idNumber", title: "证件号码", required: true, kind: .code, note: "18 位居民身份证号，须已在人员名册中；请按文本填写", examples: ["11010519491231002X", "440524188001010014"], width: 22),
            SheetColumn(key: "name", title: "姓名", required: true, note: "须与人员名册一致", examples: ["张三", "李四"]),
            SheetColumn(key: "title", title: "培训名称", required: true, note: "培训班、讲座或课程的全称", examples: ["新任基层工会主席培训班", "年度网络学习"], width: 32),
            SheetColumn(key: "form", title: "培训形式", required: true, choices: words(vocabulary.forms), note: "从下拉中选择", examples: ["脱产培训", "网络培训"], width: 14),
            SheetColumn(key: "selected", title: "组织调训", kind: .yesNo, note: "由组织抽调参加的填 是；不填为 否", examples: ["是", "否"]),
            SheetColumn(key: "purpose", title: "培训目的", choices: words(vocabulary.purposes), examples: ["任职", ""]),
            SheetColumn(key: "content", title: "内容类别", choices: words(vocabulary.contents), examples: ["专业", "知识"]),
            SheetColumn(key: "host", title: "主办单位编码", kind: .code, note: "主办单位在组织树中的单位编码；不在树中的留空", examples: ["", ""], width: 16),
            SheetColumn(key: "institution", title: "培训机构", note: "承训的党校、行政学院、工会院校等", examples: ["市工会干部学院", ""], width: 24),
            SheetColumn(key: "from", title: "开始日期", required: true, kind: .day, note: "如 2022-03-05", examples: ["2022-03-07", "2022-01-01"], width: 14),
            SheetColumn(key: "to", title: "结束日期", required: true, kind: .day, note: "最后一天，含当天", examples: ["2022-03-11", "2022-12-31"], width: 14),
            SheetColumn(key: "days", title: "天数", kind: .number, note: "0.5 的倍数；\(convertible)可只填天数，按政策折算学时；\(dated)不得多于日历天数", examples: ["5", ""]),
            SheetColumn(key: "hours", title: "学时", kind: .number, note: "最多两位小数；天数与学时至少填一项，都填须与折算一致", examples: ["", "50"]),
            SheetColumn(key: "completed", title: "结业", kind: .yesNo, note: "不填为 是", examples: ["是", "是"]),
            SheetColumn(key: "sourceCode", title: "来源编号", kind: .code, note: "原系统中的记录编号，同一人不重复；有则填", examples: ["", "WX-2022-0001"], width: 18),
        ]
    }

    /// The words of the columns, made ready once for all rows of a file.
    struct Words {
        let form: Column, purpose: Column, content: Column

        struct Column {
            let words: [String]
            let keys: [String: String]

            init(_ list: Vocabulary.List) {
                words = list.words.map(\.word)
                keys = Dictionary(list.words.map { ($0.word, $0.key) }, uniquingKeysWith: { first, _ in first })
            }

            func key(_ column: String, _ row: inout TableRow) -> String? { row.choice(column, among: words).flatMap { keys[$0] } }
        }

        init(_ vocabulary: Vocabulary) {
            form = Column(vocabulary.forms)
            purpose = Column(vocabulary.purposes)
            content = Column(vocabulary.contents)
        }
    }

    /// Reads a row; nil where a cell is wrong, the faults stand in the row.
    static func read(
        _ row: inout TableRow, _ check: TrainingRecordCheck, _ words: Words, today: Day, _ numbers: PersonalNumbers
    ) -> TrainingRecordRow? {
        let idNumber = row.code("idNumber").flatMap { written -> String? in
            do {
                return try IDNumber(written, today: today).text
            } catch {
                row.fault("idNumber", (error as? Refusal)?.sentence ?? "证件号码不对；请照证件重填")
                return nil
            }
        }
        let name = row.text("name", limit: 100), title = row.text("title", limit: 200)
        let form = words.form.key("form", &row)
        let isSelected = row.yesNo("selected") ?? false
        let purpose = words.purpose.key("purpose", &row) ?? "", content = words.content.key("content", &row) ?? ""
        let host = row.code("host") ?? "", institution = row.text("institution", limit: 200) ?? ""
        let from = row.day("from"), to = row.day("to")
        let halfDays = row.halves("days", in: TrainingRecord.Bounds.halfDays), hours = row.hundredths("hours", in: TrainingRecord.Bounds.hours)
        let isCompleted = row.yesNo("completed") ?? true
        let sourceCode = row.code("sourceCode") ?? ""
        let canSayAmount = !row.faults.contains { $0.column == "天数" || $0.column == "学时" }
        guard let form, let from, let to else { return nil }
        let record = TrainingRecord(
            sourceCode: sourceCode, title: title ?? "", form: form, isSelected: isSelected, purpose: purpose, content: content,
            institution: institution, from: from, to: to, halfDays: halfDays, hours: hours, isCompleted: isCompleted)
        // Dates and amounts are judged even where another cell is wrong: one round of mending, not two.
        for fault in check.faults(of: record) where canSayAmount || fault.column == "to" { row.fault(fault.column, fault.sentence) }
        guard row.isValid, let idNumber, let name, title != nil else { return nil }
        return TrainingRecordRow(row: row.number, idIndex: numbers.index(idNumber: idNumber), name: name, hostCode: host, record: record)
    }
}

extension TrainingRecordImport: SheetContent {
    package func judge(_ setting: SheetSetting, in db: Reading) throws -> ImportReport { try judge(db).report }
    package func run(_ setting: SheetSetting, in db: Writing) throws -> ImportReport { try run(db) }
}

extension SheetKind {
    package static let trainingRecords = SheetKind(
        "training-records", TrainingRecordSheet.sheetName, place: 30, list: .trainingRecords, columns: { TrainingRecordSheet.columns($0.vocabulary) },
        read: { table, setting in
            try TrainingRecordImport(
                table, library: setting.library, numbers: setting.numbers, today: setting.today, options: setting.options, reach: setting.reach)
        },
        export: { out, db in
            try TrainingRecordExport.export(
                to: out.path, unit: out.unit, subtree: out.subtree, asOf: out.asOf, today: out.today, units: out.units, hidden: out.hidden,
                isMasked: out.isMasked, vocabulary: out.library.vocabulary, numbers: out.numbers, progress: out.progress, in: db)
        })
}

extension ListView.Kind {
    static let trainingRecords = ListView.Kind(rawValue: "export.training-records")
}
