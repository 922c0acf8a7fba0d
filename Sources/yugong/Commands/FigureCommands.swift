import Access
import App
import ArgumentParser
import Kit
import Standing

/// What `indicators` and `explain` are both asked.
struct FigureOptions: ParsableArguments {
    @Option(help: ArgumentHelp("政策文件编号，默认为约束这个单位的那一份", valueName: "ID")) var policy: String?
    @Option(help: "年份") var year: Int
    @Option(help: ArgumentHelp("单位编码", valueName: "CODE")) var unit: String
    @Flag(help: "含全部下级单位") var subtree = false
    @Option(help: ArgumentHelp("截至哪一天，默认为年末或今天", valueName: "2022-06-30")) var asOf: Day?
    @Option(help: ArgumentHelp("类别", valueName: "KEY")) var category: String?
    @Option(help: "输出格式") var format = ReportFormat.table
    @Option(help: ArgumentHelp("写到哪个文件；xlsx 时必填", valueName: "FILE")) var output: String?

    func ask(rule: String?) throws -> IndicatorsAsk {
        guard format != .xlsx || output != nil else { throw Refusal("usage.output", "--format xlsx 需要同时用 --output 指明写到哪个文件。") }
        return IndicatorsAsk(policy: policy, year: year, unit: unit, subtree: subtree, asOf: asOf, rule: rule, category: category)
    }

    /// Says the answer, or writes it where `--output` says.
    func answer(json: () throws -> String, table: () throws -> String, workbook: (String) throws -> Void) throws {
        switch format {
        case .xlsx: try workbook(output ?? "")
        case .json: try say(json())
        case .table: try say(table())
        }
    }

    private func say(_ text: String) throws {
        guard let output else { return Talk.say(text) }
        do { try (text + "\n").write(toFile: output, atomically: true, encoding: .utf8) } catch { throw Refusal.cannotWrite(output) }
    }
}

struct IndicatorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "indicators", abstract: "一个单位各项指标的结论")

    @OptionGroup var options: DatabaseOptions
    @OptionGroup var figures: FigureOptions
    @Option(help: ArgumentHelp("只看一项指标", valueName: "ID")) var rule: String?

    func run() throws {
        let ask = try figures.ask(rule: rule)
        let app = try options.open()
        let found = try Indicators.findings(ask, facts: app.facts, today: Clock.today)
        try figures.answer(json: found.json, table: { found.table() }, workbook: { try found.write(to: $0) })
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "explain", abstract: "一项指标的分子和分母，逐人列出")

    @OptionGroup var options: DatabaseOptions
    @OptionGroup var figures: FigureOptions
    @Option(help: ArgumentHelp("指标编号", valueName: "ID")) var rule: String

    func run() throws {
        let ask = try figures.ask(rule: rule)
        let app = try options.open()
        let (told, view) = try Indicators.explanation(ask, facts: app.facts, today: Clock.today)
        let frame = told.frame, list = ListView(.names, unit: frame.unitID, subtree: frame.subtree, on: frame.asOf)
        try app.database.writeNow(Act(who: commandLineUser(), origin: "", kind: "export.names", why: told.rule.title)) { try FileViewStore.add([list], in: $0) }
        let people = try app.database.readNow { db in try told.named(view, in: db) }
        try figures.answer(
            json: { try told.json(people, view) }, table: { told.table(people, view) }, workbook: { try told.write(people, view, to: $0) })
    }
}
