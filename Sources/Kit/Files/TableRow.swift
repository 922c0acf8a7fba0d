import Foundation

/// A row of a table with its cells by column. The typed calls give nil for an empty cell and for a
/// wrong one; what is wrong is noted in `faults`, as is an empty cell of a required column.
package struct TableRow {
    /// As the spreadsheet shows it.
    package let number: Int
    package let isHidden: Bool
    package private(set) var faults: [ImportReport.Note] = []
    private let header: TableHeader
    private let cells: [Cell]

    init(number: Int, isHidden: Bool, header: TableHeader, cells: [Cell]) {
        self.number = number
        self.isHidden = isHidden
        self.header = header
        self.cells = cells
    }

    package var isValid: Bool { faults.isEmpty }

    /// The cell of a column, `.empty` where the file does not have it.
    package subscript(key: String) -> Cell { header.indexOfKey[key].map { cells[$0] } ?? .empty }

    /// What stands in the cell as a person sees it, blanks around it taken away.
    package func shown(_ key: String) -> String { Blanks.trimmed(self[key].shown) }

    /// Notes that a cell is wrong; the sentence says what and what to do, without naming the column.
    package mutating func fault(_ key: String, _ sentence: String) { faults.append(note(key, sentence)) }

    /// Notes that the row as a whole is wrong.
    package mutating func fault(_ sentence: String) {
        faults.append(ImportReport.Note(row: number, column: nil, sentence: sentence))
    }

    /// A note on a cell of this row that is not kept in `faults`: a hint, or what only turns out after the whole file is read.
    package func note(_ key: String, _ sentence: String) -> ImportReport.Note {
        ImportReport.Note(
            row: number, column: header.indexOfKey[key].map { header.columns[$0].title }, found: Limits.shown(shown(key)), sentence: sentence)
    }

    /// Text, blanks around it taken away, control characters made blanks.
    package mutating func text(_ key: String, limit: Int = 500) -> String? {
        guard let text = given(key) else { return nil }
        // What looks like one letter may be as long as it likes: the same limit as of forms.
        guard text.fits(limit) else {
            fault(key, "文字超过 \(limit) 个字；请缩短")
            return nil
        }
        return text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) ? text : String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }.filter { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } })
    }

    /// A code or number of a paper: half-width, without blanks. Digits that a spreadsheet has turned into a number are wrong, never guessed.
    package mutating func code(_ key: String, limit: Int = 100) -> String? {
        guard let text = given(key) else { return nil }
        let code = Blanks.folded(text)
        if isScientific(code) {
            fault(key, "已被表格软件改成数字，后几位丢失；请把该列设为“文本”后重填")
            return nil
        }
        guard code.fits(limit) else {
            fault(key, "超过 \(limit) 个字符；请核对")
            return nil
        }
        return code
    }

    /// A day: a real date, `2022-03-05`, `2022/3/5`, `2022.3.5`, `2022年3月5日` or `20220305`.
    package mutating func day(_ key: String) -> Day? {
        if case .day(let day) = self[key] { return checked(day, key) }
        guard let text = given(key) else { return nil }
        guard let parts = TableRow.dateParts(text) else {
            fault(key, "不是日期；请按 2022-03-05 的样子填写")
            return nil
        }
        guard let day = Day(parts.0, parts.1, parts.2) else {
            fault(key, "没有这一天；请核对日期，按 2022-03-05 的样子填写")
            return nil
        }
        return checked(day, key)
    }

    private mutating func checked(_ day: Day, _ key: String) -> Day? {
        guard Day.entered.contains(day) else {
            fault(key, "年份应在 \(Day.entered.lowerBound.year) 到 \(Day.entered.upperBound.year) 之间；请核对，没有期限的请留空")
            return nil
        }
        return day
    }

    /// 是 or 否, also √ ✓ × Y N 1 0 and true/false; empty is nil.
    package mutating func yesNo(_ key: String) -> Bool? {
        if case .boolean(let value) = self[key] { return value }
        guard let text = given(key) else { return nil }
        switch Blanks.folded(text).uppercased() {
        case "是", "√", "✓", "✔", "☑", "Y", "YES", "TRUE", "1": return true
        case "否", "×", "✗", "✘", "☐", "N", "NO", "FALSE", "0": return false
        default:
            fault(key, "应填 是 或 否（也可打 √ 或留空）")
            return nil
        }
    }

    /// A whole number in the range.
    package mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let hundredths = decimal(key) else { return nil }
        guard hundredths % 100 == 0 else {
            fault(key, "应为整数")
            return nil
        }
        guard range.contains(hundredths / 100) else {
            fault(key, "应在 \(range.lowerBound) 到 \(range.upperBound) 之间")
            return nil
        }
        return hundredths / 100
    }

    /// A number with at most two decimals, in hundredths; `8.25` is 825. The range is in hundredths too.
    package mutating func hundredths(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = decimal(key) else { return nil }
        guard range.contains(value) else {
            fault(key, "应在 \(TableRow.decimalText(range.lowerBound)) 到 \(TableRow.decimalText(range.upperBound)) 之间")
            return nil
        }
        return value
    }

    /// A multiple of 0.5, as the count of halves; `2.5` is 5. The range is in halves too.
    package mutating func halves(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let hundredths = decimal(key) else { return nil }
        guard hundredths % 50 == 0 else {
            fault(key, "应为 0.5 的倍数")
            return nil
        }
        guard range.contains(hundredths / 50) else {
            fault(key, "应在 \(TableRow.decimalText(range.lowerBound * 50)) 到 \(TableRow.decimalText(range.upperBound * 50)) 之间")
            return nil
        }
        return hundredths / 50
    }

    /// One of the words; nil and a fault that lists them where it is another.
    package mutating func choice(_ key: String, among words: [String]) -> String? {
        guard let text = given(key) else { return nil }
        let folded = Blanks.folded(text)
        if let word = words.first(where: { $0 == folded }) ?? words.first(where: { Blanks.folded($0) == folded }) { return word }
        let listed = words.prefix(20).joined(separator: "、") + (words.count > 20 ? "等" : "")
        fault(key, "「\(String(text.unicodeScalars.prefix(20)))」不在可填的范围内；请填：\(listed)")
        return nil
    }

    /// The content as text; nil where empty (a fault where required) or where the cell holds no value.
    private mutating func given(_ key: String) -> String? {
        switch self[key] {
        case .uncalculated:
            fault(key, "公式没有计算结果；请用表格软件打开并保存一次，或改为数值")
            return nil
        case .failed(let error):
            fault(key, "单元格是错误值 \(error)；请改为实际内容")
            return nil
        case .empty: break
        case .text(let text):
            let trimmed = Blanks.trimmed(text)
            if !trimmed.isEmpty { return trimmed }
        case .number(let raw):
            guard NumberText.hasLostDigits(raw) else { return NumberText.shown(raw) }
            fault(key, "已被表格软件改成数字，后几位丢失；请把该列设为“文本”后重填")
            return nil
        case let cell: return cell.shown
        }
        if let index = header.indexOfKey[key], header.columns[index].isRequired { fault(key, "必填，不能为空；请填写") }
        return nil
    }

    /// `1.10105E+17`, also as text in a .csv.
    private func isScientific(_ text: String) -> Bool {
        guard let mark = text.utf8.firstIndex(where: { $0 == 0x45 || $0 == 0x65 }), Double(text) != nil else { return false }
        return text[..<mark].contains(".") || text[text.index(after: mark)...].hasPrefix("+")
    }

    private mutating func decimal(_ key: String) -> Int? {
        guard let text = given(key) else { return nil }
        guard let value = TableRow.hundredths(of: Blanks.folded(text)) else {
            fault(key, "不是数字")
            return nil
        }
        guard let exact = value.exact else {
            fault(key, value.isTooLarge ? "数字过大；请核对" : "最多两位小数")
            return nil
        }
        return exact
    }

    /// Hundredths of a decimal text, exact; nil where it is no number.
    static func hundredths(of text: String) -> (exact: Int?, isTooLarge: Bool)? {
        var digits = Substring(text)
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, var whole = parts.first.map(String.init) else { return nil }
        if whole.contains(",") {
            let groups = whole.split(separator: ",", omittingEmptySubsequences: false)
            guard (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
            whole = groups.joined()
        }
        var fraction = parts.count == 2 ? String(parts[1]) : ""
        guard !(whole + fraction).isEmpty, (whole + fraction).utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        while fraction.last == "0" { fraction.removeLast() }
        guard fraction.count <= 2 else { return (nil, false) }
        guard whole.count <= 12, let units = Int(whole.isEmpty ? "0" : whole) else { return (nil, true) }
        let value = units * 100 + (Int((fraction + "00").prefix(2)) ?? 0)
        return (isNegative ? -value : value, false)
    }

    /// `8.25` of 825, trailing zeros dropped.
    static func decimalText(_ hundredths: Int) -> String {
        let (units, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
        let fraction = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
        return (hundredths < 0 ? "-" : "") + "\(units)\(fraction)"
    }

    /// Year, month and day as written; nil where the text has not the form of a date.
    static func dateParts(_ text: String) -> (Int, Int, Int)? {
        guard text.utf8.count <= 200 else { return nil }
        // `2022-03-05 00:00:00` and `2022-03-05T00:00:00` are that day.
        var text = text
        if let colon = text.firstIndex(of: ":"), let blank = text[..<colon].lastIndex(where: { $0 == " " || $0 == "T" || $0 == "\u{3000}" || $0 == "\u{A0}" }) {
            guard text[blank...].dropFirst().allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ":" || $0 == ".") }) else { return nil }
            text = String(text[..<blank])
        }
        text = Blanks.folded(text)
        let isDigits = { (part: Substring) in !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) } }
        if text.count == 8, isDigits(text[...]) {
            let digits = Array(text)
            return (Int(String(digits[0..<4])) ?? 0, Int(String(digits[4..<6])) ?? 0, Int(String(digits[6..<8])) ?? 0)
        }
        var parts: [Substring]
        if text.unicodeScalars.contains("年") {
            let year = text.split(separator: "年", omittingEmptySubsequences: false)
            guard year.count == 2 else { return nil }
            let month = year[1].split(separator: "月", omittingEmptySubsequences: false)
            guard month.count == 2 else { return nil }
            parts = [year[0], month[0], month[1].hasSuffix("日") || month[1].hasSuffix("号") ? month[1].dropLast() : month[1]]
        } else {
            guard let separator = text.first(where: { !$0.isNumber }), ["-", "/", "."].contains(separator) else { return nil }
            parts = text.split(separator: separator, omittingEmptySubsequences: false)
        }
        guard parts.count == 3, parts.allSatisfy(isDigits), parts[0].count == 4, parts[1].count <= 2, parts[2].count <= 2,
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        return (year, month, day)
    }
}
