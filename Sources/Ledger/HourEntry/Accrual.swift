import Kit

/// How the hours of a record spread over its calendar days (rules.md, reading 6).
package enum Accrual {
    /// Hours accrued up to and including `day`: ⌊h·n(day)/N⌋, in the unit of `hours` (1/100 hour), rounded down cumulatively.
    package static func hours(_ hours: Int, from: Day, to: Day, through day: Day) -> Int {
        guard day >= from else { return 0 }
        guard day < to else { return hours }
        return hours * (day - from + 1) / (to - from + 1)
    }

    /// Hours that fall inside a window of days, both ends included; windows that divide the record's days add up to `hours`.
    package static func hours(_ hours: Int, from: Day, to: Day, within window: ClosedRange<Day>) -> Int {
        self.hours(hours, from: from, to: to, through: window.upperBound)
            - self.hours(hours, from: from, to: to, through: window.lowerBound - 1)
    }
}
