/// Days since 1970-01-01 in the proleptic Gregorian calendar, and nothing else of the calendar.
package enum CivilDate {
    /// The day number of a date; the date is not checked. Years too far to count days of stand for the farthest ones.
    package static func day(_ year: Int, _ month: Int, _ day: Int) -> Int32 {
        // Count from 1 March, so that the leap day is the last day of its year.
        let year = min(max(year, -1_000_000), 1_000_000), y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int32(clamping: era * 146_097 + dayOfEra - 719_468)
    }

    /// Year, month and day of a day number.
    package static func parts(_ day: Int32) -> (year: Int, month: Int, day: Int) {
        let z = Int(day) + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// The same date so many years on; 29 February becomes 28 February where the year has none.
    package static func anniversary(of day: Int32, years: Int) -> Int32 {
        let date = parts(day)
        let year = date.year + years
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return self.day(year, date.month, date.month == 2 && date.day == 29 && !isLeap ? 28 : date.day)
    }

    /// The same day so many months on; the month's last day where it has no such day.
    package static func monthsLater(_ day: Int32, _ months: Int) -> Int32 {
        let date = parts(day), month = date.month - 1 + months
        let first = (year: date.year + month / 12, month: month % 12 + 1)
        let next = first.month == 12 ? self.day(first.year + 1, 1, 1) : self.day(first.year, first.month + 1, 1)
        return min(self.day(first.year, first.month, 1) + Int32(truncatingIfNeeded: date.day - 1), next - 1)
    }

    /// A day written `2022-03-05`; nil for anything else and for dates that do not exist.
    package static func parse(_ text: String) -> Int32? {
        let pieces = text.split(separator: "-", omittingEmptySubsequences: false)
        guard pieces.count == 3, pieces[0].utf8.count == 4, pieces[1].utf8.count == 2, pieces[2].utf8.count == 2,
            let year = Int(pieces[0]), let month = Int(pieces[1]), let day = Int(pieces[2]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let number = self.day(year, month, day)
        return parts(number) == (year, month, day) ? number : nil
    }

    /// A day as `2022-03-05`.
    package static func text(_ day: Int32) -> String {
        let date = parts(day)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }
}
