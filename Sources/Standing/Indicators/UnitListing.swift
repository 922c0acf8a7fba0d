import Figures
import Kit
import Rules

/// The list behind a figure that counts no people: units against their norm, vacancies of a post, or trainings. Pages, terminal,
/// workbook and programs tell the same rows.
struct UnitListing: Sendable {
    struct Row: Sendable {
        /// Where the row leads to; nil for trainings.
        let organization: Int32?
        let cells: [String]
        let verdict: Verdict?
        /// What is not in the fraction, or above the norm.
        let note: String
        fileprivate let item: Item
    }

    let titles: [String]
    /// Places of the columns that are numbers.
    let numbers: Set<Int>
    /// Those that fall short first.
    let rows: [Row]

    /// As `explain --format json` tells a row (exchange.md); what a row does not have is left out.
    fileprivate struct Item: Encodable, Sendable {
        var organization: String?
        var name: String
        var filled: Int64?
        var required: Int64?
        var verdict: String?
        var from: String?
        var due: String?
        var filledOn: String?
        var amount: Int64?
    }
    private struct Report: Encodable { let numerator: [Item], denominator: [Item] }

    func json() throws -> String {
        let counted = rows.filter { $0.note != Self.running }
        return try ReportJSON.text(Report(
            numerator: counted.filter { $0.verdict == .met || $0.verdict == nil }.map(\.item), denominator: counted.map(\.item)))
    }

    static let running = "期限未到"

    /// Nil for a figure that counts people or what they did.
    init?(_ told: UnitExplanation, _ view: Facts.View) {
        let day = told.frame.asOf
        func place(_ number: Int32) -> (code: String, name: String) {
            (view.history.organizations[view.organizationID(number)]?.code ?? "", view.organizationName(number, on: day))
        }
        let order: [Verdict] = [.unmet, .pending, .unknown, .met]
        func sorted(_ rows: [Row]) -> [Row] {
            rows.sorted { a, b in
                let (x, y) = (a.verdict.flatMap { order.firstIndex(of: $0) } ?? 9, b.verdict.flatMap { order.firstIndex(of: $0) } ?? 9)
                return (x, a.cells[0]) < (y, b.cells[0])
            }
        }
        switch told.line.shape {
        case .mean, .total, .share, .times, .hosted: return nil
        case .norm:
            titles = ["单位编码", "单位", "实有", "应有", "差"]
            numbers = [2, 3, 4]
            rows = sorted(told.explanation.units.map { unit in
                let (code, name) = place(unit.organization)
                let asked = unit.required.map { least in unit.most.map { $0 > least ? "\(least)–\($0)" : "\(least)" } ?? "\(least)" } ?? "缺数据"
                let gap = unit.required.map { max(0, $0 - unit.filled) } ?? 0
                return Row(
                    organization: unit.organization, cells: [code, name, "\(unit.filled)", asked, gap > 0 ? "\(gap)" : ""], verdict: unit.verdict,
                    note: unit.isOver ? "超配" : "",
                    item: Item(organization: code, name: name, filled: unit.filled, required: unit.required, verdict: unit.verdict.rawValue))
            })
        case .vacancy(let rule):
            titles = ["单位编码", "单位", "空缺始于", "补选期限", "补上"]
            numbers = []
            rows = sorted(told.explanation.vacancies.map { vacancy in
                let (code, name) = place(vacancy.organization)
                let from = Day(number: vacancy.from), due = Day(number: vacancy.due), filled = vacancy.filled.map { Day(number: $0).description }
                let days = Int(day.number - vacancy.from)
                let verdict: Verdict = vacancy.isFilledInTime ? .met : vacancy.due <= day.number ? .unmet : .pending
                let warned = rule.warnings.filter { $0 <= days }.max()
                return Row(
                    organization: vacancy.organization,
                    cells: [code, name, from.description, due.description, filled ?? "空缺已 \(days) 天\(warned.map { "（满 \($0) 天提醒）" } ?? "")"],
                    verdict: verdict, note: vacancy.isCounted ? "" : vacancy.due <= day.number ? "早已到期" : Self.running,
                    item: Item(
                        organization: code, name: name, verdict: verdict.rawValue, from: from.description, due: due.description, filledOn: filled))
            })
        case .trainings:
            titles = ["培训名称", "开始日期", "结束日期", "依据的记录"]
            numbers = [3]
            rows = told.explanation.trainings.map { training in
                let (from, to) = (Day(number: training.from).description, Day(number: training.to).description)
                return Row(
                    organization: nil, cells: [training.title, from, to, "\(training.records)"], verdict: nil, note: "",
                    item: Item(name: training.title, from: from, due: to, amount: 1))
            }
        }
    }

    private var words: [[String]] {
        rows.map { row in row.cells + [row.verdict.map { Mark($0).word } ?? "", row.note] }
    }

    func table() -> [String] { TerminalTable.lines([titles + ["结论", ""]] + words) }

    /// Throws `Refusal.cannotWrite`.
    func write(to path: String, sheet: String) throws {
        let columns = (titles + ["结论", "说明"]).enumerated().map { SheetColumn(key: "c\($0)", title: $1, kind: numbers.contains($0) ? .number : .text, width: $0 == 1 ? 30 : 14) }
        let writer = try TableWriter(to: path, sheet: sheet, columns: columns)
        for row in words {
            writer.add(row.enumerated().map { place, text in
                if numbers.contains(place), let number = Int(text) { return .integer(number) }
                return .text(text)
            })
        }
        try writer.finish()
    }
}
