/// A calendar day of the proleptic Gregorian calendar, as days since 1970-01-01.
package struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: Int32

    /// The day with this number; numbers before the first day and after the last stand for those two.
    package init(number: Int32) { self.init(clamping: Int64(number)) }

    /// The same of any number, as the database or a sum may hold it.
    package init(clamping number: Int64) { self.number = Int32(clamping: min(max(number, Self.numbers.lowerBound), Self.numbers.upperBound)) }

    /// The days that there are: the years 1 to 9999. No day is outside, so nothing that is counted with days overflows.
    package static let numbers: ClosedRange<Int64> = -719_162...2_932_896

    /// The days that somebody can mean who types one, on a page or into a workbook.
    package static let entered: ClosedRange<Day> = firstDay(of: 1900)...lastDay(of: 2199)
    /// How, in a sentence that begins with 请.
    package static let howToEnter = "按 2022-03-05 的样子填写，年份在 \(entered.lowerBound.year) 到 \(entered.upperBound.year) 之间"

    /// The day of a date that exists; nil for 30 February and the like, and outside the years 1 to 9999.
    package init?(_ year: Int, _ month: Int, _ day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Day.length(year, month) else { return nil }
        // Days from civil: years begin in March so that the leap day comes last.
        let y = month <= 2 ? year - 1 : year
        let era = y / 400, yearOfEra = y % 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = Int32(clamping: era * 146_097 + dayOfEra - 719_468)
    }

    /// "Always existed": the start of a span without a known start.
    package static let always = Day(number: -719_162)
    /// "Not ended": the end of a span that is open.
    package static let open = Day(number: 2_932_896)

    package static func < (a: Day, b: Day) -> Bool { a.number < b.number }
    package static func + (day: Day, days: Int) -> Day { Day(clamping: Int64(day.number) + Int64(Int32(clamping: days))) }
    package static func - (day: Day, days: Int) -> Day { Day(clamping: Int64(day.number) - Int64(Int32(clamping: days))) }
    /// Days from `b` to `a`.
    package static func - (a: Day, b: Day) -> Int { Int(a.number) - Int(b.number) }

    package var parts: (year: Int, month: Int, day: Int) {
        let z = Int(number) + 719_468
        let era = z / 146_097, dayOfEra = z % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
    package var year: Int { parts.year }

    /// The same date `years` later; 29 February becomes 28 February where there is none.
    package func adding(years: Int) -> Day {
        let (y, m, d) = parts
        let year = y + Int(Int32(clamping: years))
        return Day(year, m, d) ?? Day(year, m, 28) ?? .open
    }

    package static func lastDay(of year: Int) -> Day { Day(year, 12, 31) ?? .open }
    package static func firstDay(of year: Int) -> Day { Day(year, 1, 1) ?? .always }

    /// `2022-03-05`.
    package var description: String {
        let (y, m, d) = parts
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let year = String(y)
        return String(repeating: "0", count: max(0, 4 - year.count)) + year + "-" + two(m) + "-" + two(d)
    }

    /// Reads exactly `2022-03-05`.
    package init?(iso text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year, month, day)
    }

    /// Reads exactly `2022-03-05`, of a day that somebody can mean.
    package init?(entered text: some StringProtocol) {
        guard let day = Day(iso: text), Day.entered.contains(day) else { return nil }
        self = day
    }

    private static func length(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
