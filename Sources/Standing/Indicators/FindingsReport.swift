import Foundation
import Kit
import Rules

// Findings for people on a terminal, for programs, and as a table to keep.
extension UnitFindings {
    private struct Fraction: Encodable {
        let numerator: Int64, denominator: Int64
        init(_ ratio: Ratio) { (numerator, denominator) = (ratio.numerator, ratio.denominator) }
    }

    private struct Item: Encodable {
        let finding: Finding
        enum Key: String, CodingKey { case rule, category, had, needed, unit, verdict, clause, display, over }

        func encode(to encoder: any Encoder) throws {
            var item = encoder.container(keyedBy: Key.self)
            try item.encode(finding.rule, forKey: .rule)
            // Nothing is left out: what is not there is null.
            try item.encode(finding.category, forKey: .category)
            try item.encode(Fraction(finding.had), forKey: .had)
            try item.encode(finding.needed.map { Fraction($0) }, forKey: .needed)
            try item.encode(finding.unit.rawValue, forKey: .unit)
            try item.encode(finding.verdict?.rawValue, forKey: .verdict)
            try item.encode(finding.clause, forKey: .clause)
            try item.encode(finding.display, forKey: .display)
            // Only norms with an upper bound have it.
            try item.encodeIfPresent(finding.over, forKey: .over)
        }
    }

    private struct Report: Encodable {
        let policy: String, digest: String, unit: String, subtree: Bool, year: Int, asOf: String, findings: [Item]
    }

    /// As exchange.md fixes it for `indicators --format json`.
    package func json() throws -> String {
        try ReportJSON.text(Report(
            policy: frame.policy.id, digest: frame.policy.digest, unit: frame.unitCode, subtree: frame.subtree, year: frame.year,
            asOf: frame.asOf.description, findings: findings.map(Item.init)))
    }

    /// What is needed, as people read it; empty for a figure without verdict.
    package func neededWords(_ finding: Finding) -> String {
        guard let needed = finding.needed else { return "" }
        switch frame.policy.rules[frame.policy.lines[finding.line].rule].display {
        case .meanHours, .hours: return Figure.hours(needed.numerator / max(1, needed.denominator))
        case .rate: return Figure.hours(needed.numerator * 10_000 / max(1, needed.denominator)) + " %"
        case .persons, .count:
            let all = finding.had.denominator, noun = finding.unit.noun
            return needed.denominator == 1 && all == 1 && finding.unit.isCount ? "\(needed.numerator) \(noun)"
                : needed.numerator == needed.denominator ? "\(all) \(noun)" : "\(needed.numerator)/\(needed.denominator)"
        }
    }

    /// What an unmet or pending finding still lacks, in words.
    package func shortfallWords(_ finding: Finding) -> String {
        guard let shortfall = finding.shortfall else { return "" }
        switch frame.policy.lines[finding.line].shape {
        case .mean:
            let heads = max(1, finding.had.denominator)
            return "每人差 \(Figure.hours((shortfall.hours + heads - 1) / heads))，共 \(Figure.hours(shortfall.hours)) 学时，\(shortfall.people) 人不足"
        case .total: return "共差 \(Figure.hours(shortfall.hours)) 学时，\(shortfall.people) 人不足"
        case .norm: return shortfall.people > 0 ? "还缺 \(shortfall.people) 人" : "缺数据"
        default:
            let hours = shortfall.hours > 0 ? "，共 \(Figure.hours(shortfall.hours)) 学时" : ""
            return "还差 \(shortfall.people) \(finding.unit.noun)\(hours)"
        }
    }

    private static let columns = [
        SheetColumn(key: "rule", title: "编号"), SheetColumn(key: "title", title: "指标", width: 24),
        SheetColumn(key: "subject", title: "人员类别", width: 24), SheetColumn(key: "had", title: "实际"), SheetColumn(key: "needed", title: "要求"),
        SheetColumn(key: "numerator", title: "分子", kind: .number), SheetColumn(key: "denominator", title: "分母", kind: .number),
        SheetColumn(key: "verdict", title: "结论"), SheetColumn(key: "shortfall", title: "差额", width: 36),
        SheetColumn(key: "clause", title: "依据", width: 20),
    ]

    /// Writes what is seen into a workbook (or .csv). Throws `Refusal.cannotWrite`.
    package func write(to path: String) throws {
        let writer = try TableWriter(to: path, sheet: "\(frame.year) 年指标", columns: Self.columns)
        for finding in findings {
            writer.add([
                .text(finding.rule), .text(title(of: finding)), .text(subject(of: finding)), .init(finding.display),
                .init(neededWords(finding)),
                finding.unit == .hours ? .hundredths(Int(finding.had.numerator)) : .integer(Int(finding.had.numerator)),
                .integer(Int(finding.had.denominator)), .init(finding.verdict.map { Mark($0).word } ?? ""),
                .init(shortfallWords(finding)), .text(finding.clause),
            ])
        }
        try writer.finish()
    }

    /// For a terminal.
    package func table() -> String {
        let head = [
            "\(frame.unitName)（\(frame.unitCode)）\(frame.subtree ? "含全部下级" : "本级") · \(frame.year) 年 · 截至 \(frame.asOf)",
            "依据 \(frame.policy.title)", "",
        ]
        let rows = findings.map { finding in
            let verdict = finding.verdict.map { Mark($0) }
            return [
                finding.rule, title(of: finding), subject(of: finding), finding.display, neededWords(finding),
                verdict.map { "\($0.sign) \($0.word)" } ?? "", shortfallWords(finding), finding.clause,
            ]
        }
        return (head + TerminalTable.lines([["编号", "指标", "人员类别", "实际", "要求", "结论", "差额", "依据"]] + rows)).joined(separator: "\n")
    }
}

extension Finding.Unit {
    /// What people call one of them.
    package var noun: String {
        switch self {
        case .hours: "学时"
        case .persons: "人"
        case .units: "个单位"
        case .terms: "个"
        case .records: "人次"
        case .count: "次"
        }
    }

    /// What is missing where one of them falls short: people, where hours or posts are.
    package var lackNoun: String { self == .hours || self == .units ? "人" : noun }

    /// Counted by itself, not against a whole.
    package var isCount: Bool { self == .records || self == .count }
}

extension Mark {
    package init(_ verdict: Verdict) {
        self =
            switch verdict {
            case .met: .met
            case .unmet: .unmet
            case .pending: .pending
            case .unknown: .unknown
            case .notApplicable: .notApplicable
            }
    }
}

/// How reports are written for programs.
enum ReportJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// Columns set by the width that characters take on a terminal.
enum TerminalTable {
    static func lines(_ rows: [[String]]) -> [String] {
        let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { width($0[column]) }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, text in
                column == row.count - 1 ? text : text + String(repeating: " ", count: widths[column] - width(text) + 2)
            }.joined()
        }
    }

    /// Chinese characters and full-width signs take two places.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
                0x20000...0x3FFFD:
                sum + 2
            default: sum + 1
            }
        }
    }
}
