import Access
import App
import ArgumentParser
import Foundation
import Kit
import Register
import Rules

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "import", abstract: "导入 .xlsx、.xls 或 .csv；有错则整份不导入")
    @Argument(help: SheetKind.help) var kind: SheetKind
    @Argument(help: "文件") var file: String
    @OptionGroup var options: DatabaseOptions
    @Flag(help: "有错时仍导入无误的行") var partial = false
    @Flag(help: "只检查，不导入") var dryRun = false
    @Option(help: ArgumentHelp("有错时把标注好的原表写到这里", valueName: "文件.xlsx")) var rejects: String?
    @Option(help: ArgumentHelp("单位改隶从这一天起生效", valueName: "日期")) var effective: Day?
    @Option(help: "table 或 json") var format = PlainFormat.table

    func validate() throws {
        if effective != nil, !kind.asksEffectiveDay { throw ValidationError("--effective 只用于导入单位（organizations）") }
        if let rejects, !rejects.lowercased().hasSuffix(".xlsx") { throw ValidationError("--rejects 的文件名须以 .xlsx 结尾") }
    }

    func run() throws {
        let exchange = try options.open().exchange
        let asked = ImportOptions(partial: partial, effective: effective, progress: Talk.progress(of: kind.word))
        let table = try exchange.read(kind, file: file, today: Clock.today, options: asked)
        var report = dryRun
            ? try exchange.database.readNow { try exchange.judge(table, options: asked, in: $0) }
            : try exchange.apply(table, options: asked, by: Act(
                who: commandLineUser(), origin: "", kind: "import.\(kind.key)", why: (file as NSString).lastPathComponent))
        Talk.endProgress()
        if dryRun { report.applied = false }
        if !report.errors.isEmpty, let rejects { try exchange.mark(table, report, to: rejects) }
        switch format {
        case .json: try Talk.say(json: ImportAnswer(kind: kind, file: file, report))
        case .table: say(report)
        }
        if !report.errors.isEmpty, !partial { throw Ended(status: .dataErrors) }
    }

    private func say(_ report: ImportReport) {
        if !report.unknownColumns.isEmpty { Talk.note("未导入的列：\(report.unknownColumns.joined(separator: "、"))") }
        if report.hidden > 0 { Talk.note("其中隐藏或被筛选掉的行 \(report.hidden) 行，同样导入") }
        note("错误", report.errors)
        note("提示", report.hints)
        Talk.say("\(kind.word)：共 \(report.rows) 行，新增 \(report.new)，变更 \(report.changed)，不变 \(report.unchanged)，有误 \(report.rejected)")
        if !report.errors.isEmpty, !partial {
            Talk.note("有误时整份不导入，数据未改动；请改好再导入，或用 --partial 只导入无误的行。")
            if rejects == nil { Talk.note("用 --rejects 文件.xlsx 可得到标注好的原表。") }
        } else if dryRun {
            Talk.note("只作检查，数据未改动。")
        }
        if !report.errors.isEmpty, let rejects { Talk.note("标注好的原表：\(rejects)") }
    }

    /// The first of many sentences, so that a terminal is not flooded.
    private func note(_ word: String, _ notes: [ImportReport.Note]) {
        for note in notes.prefix(20) {
            Talk.note("\(word)：第 \(note.row) 行\(note.column.map { "「\($0)」" } ?? "")\(note.sentence)")
        }
        if notes.count > 20 { Talk.note("还有 \(notes.count - 20) 条\(word)") }
    }
}

/// The answer for programs.
struct ImportAnswer: Encodable {
    struct Note: Encodable {
        let row: Int
        let column: String?
        let sentence: String

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(row, forKey: .row)
            try container.encode(column, forKey: .column)
            try container.encode(sentence, forKey: .sentence)
        }
        enum Keys: CodingKey { case row, column, sentence }
    }
    let kind, file: String
    let rows, new, changed, unchanged, rejected, hidden: Int
    let unknownColumns: [String]
    let errors, hints: [Note]
    let applied: Bool

    init(kind: SheetKind, file: String, _ report: ImportReport) {
        self.kind = kind.key
        self.file = file
        (rows, new, changed, unchanged) = (report.rows, report.new, report.changed, report.unchanged)
        (rejected, hidden, unknownColumns, applied) = (report.rejected, report.hidden, report.unknownColumns, report.applied)
        errors = report.errors.map { Note(row: $0.row, column: $0.column, sentence: $0.sentence) }
        hints = report.hints.map { Note(row: $0.row, column: $0.column, sentence: $0.sentence) }
    }
}

struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "template", abstract: "写出空白导入表，含说明、下拉和填写示例")
    @Argument(help: SheetKind.help) var kind: SheetKind
    @Argument(help: ArgumentHelp("文件", valueName: "文件.xlsx")) var file: String
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        guard file.lowercased().hasSuffix(".xlsx") else { throw ValidationError("模板的文件名须以 .xlsx 结尾") }
    }

    func run() throws {
        try Exchange.writeTemplate(kind, try options.library(), to: file)
        Talk.say("已写出 \(file)")
    }
}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "export", abstract: "导出，列与导入相同，原样再导入不会改动数据")
    @Argument(help: SheetKind.help) var kind: SheetKind
    @Argument(help: ArgumentHelp("文件", valueName: "文件.xlsx|文件.csv")) var file: String
    @OptionGroup var options: DatabaseOptions
    @Option(help: ArgumentHelp("单位编码；不给则导出全部", valueName: "编码")) var unit: String?
    @Flag(help: "连同下级单位") var subtree = false
    @Option(help: ArgumentHelp("按这一天的情况", valueName: "日期")) var asOf: Day?

    func validate() throws {
        guard [".xlsx", ".csv"].contains(where: file.lowercased().hasSuffix) else { throw ValidationError("导出的文件名须以 .xlsx 或 .csv 结尾") }
    }

    func run() throws {
        let exchange = try options.open().exchange
        let unitID = try unit.map { code in
            guard let id = try exchange.database.readNow({ try OrganizationStore.id(code: code, in: $0) }) else {
                throw Refusal("export.unit", "没有编码为“\(code)”的单位；请核对单位编码。")
            }
            return id
        }
        let progress = Talk.progress(of: kind.word)
        // What leaves the house is on record, whoever takes it.
        let why = "\(unit ?? "全部")\(subtree ? " 及下级" : "")\(asOf.map { " \($0)" } ?? "")"
        try exchange.database.writeNow(Act(who: commandLineUser(), origin: "", kind: "export.\(kind.key)", why: why)) { db in
            let units = try unitID.map { [$0] } ?? OrganizationStore.tree(on: Clock.today, in: db).roots.map(\.id)
            try FileViewStore.add(kind.views(of: units, subtree: unitID == nil || subtree, on: asOf), in: db)
        }
        let rows = try exchange.database.readNow { db in
            try exchange.export(
                kind, to: file, unit: unitID, subtree: subtree, asOf: asOf, today: Clock.today, progress: { progress($0, $1) }, in: db)
        }
        Talk.endProgress()
        Talk.say("已导出\(kind.word) \(rows) 行：\(file)")
    }
}

extension SheetKind: ExpressibleByArgument {
    public init?(argument: String) {
        guard let kind = Features.all.sheet(argument) else { return nil }
        self = kind
    }

    public static var allValueStrings: [String] { Features.all.sheets.map(\.key) }
    fileprivate static var help: ArgumentHelp { ArgumentHelp(stringLiteral: Features.all.sheets.map { "\($0.key) \($0.word)" }.joined(separator: " · ")) }
}
