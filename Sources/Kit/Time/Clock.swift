import Foundation

/// The only place that reads the clock; everything else takes the time as an argument.
package enum Clock {
    /// Milliseconds since 1970-01-01 UTC.
    package static var nowMilliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Today in China (UTC+8, no summer time), whatever the machine's zone.
    package static var today: Day { day(ofMilliseconds: nowMilliseconds) }

    /// The day in China of a moment.
    package static func day(ofMilliseconds milliseconds: Int64) -> Day {
        Day(clamping: (moment(milliseconds) + 8 * 3_600_000) / 86_400_000)
    }

    /// The moment at which a day begins in China.
    package static func start(of day: Day) -> Int64 { Int64(day.number) * 86_400_000 - 8 * 3_600_000 }

    /// A moment that there is: what the database holds may be any number, and what is counted with moments must not overflow.
    package static func moment(_ milliseconds: Int64) -> Int64 { min(max(milliseconds, -moments), moments) }
    /// The end of the year 9999.
    private static let moments: Int64 = 253_402_271_999_999

    /// The first id that an act of a day can have: ids tell their moment, in milliseconds above the lowest 20 bits.
    package static func firstID(of day: Day) -> Int64 { min(max(start(of: day), 0), .max >> 20) << 20 }

    /// Day and time in China of a moment, as screens show it: `2026-11-20 14:05`.
    package static func minute(ofMilliseconds milliseconds: Int64) -> String {
        let minutes = (moment(milliseconds) / 60_000 + 8 * 60) % (24 * 60)
        let two = { (n: Int64) in n < 10 ? "0\(n)" : "\(n)" }
        return "\(day(ofMilliseconds: milliseconds)) \(two(minutes / 60)):\(two(minutes % 60))"
    }
}
