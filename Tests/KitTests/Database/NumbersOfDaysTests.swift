import Kit
import TestBench
import Testing

@Suite("Days and moments that cannot be", .ownThreads)
struct NumbersOfDaysTests {
    @Test("Whatever number stands for a day, it is a day, and counting on from it ends at the first and the last one")
    func days() {
        for number in [Int64.min, -719_163, 2_932_897, 99_999_999, .max] {
            #expect([Day.always, .open].contains(Day(clamping: number)))
        }
        #expect(Day(number: .max) == .open && Day(number: .min) == .always)
        #expect(Day.open + .max == .open && Day.always - .max == .always && Day.open + 1 == .open && Day.always + .min == .always)
        #expect(Day.open - Day.always == 3_652_058 && Day.open.adding(years: .max) == .open)
        #expect("\(Day.open)" == "9999-12-31" && "\(Day.always)" == "0001-01-01")
        #expect(Day(.max, 1, 1) == nil && Day.lastDay(of: .max) == .open && Day.firstDay(of: .min) == .always)
    }

    @Test("Whatever number stands for a moment has a day and an hour, and ids that begin there are ids")
    func moments() {
        for number in [Int64.min, -1, 0, .max] { #expect(!Clock.minute(ofMilliseconds: number).isEmpty) }
        #expect(Clock.day(ofMilliseconds: .max) == .open)
        #expect(Clock.firstID(of: .always) == 0 && Clock.firstID(of: .open) > Clock.firstID(of: Day.firstDay(of: 2100)))
    }

    @Test("A counter of ids that nobody gave out is refused, and the process goes on")
    func counter() async throws {
        for engine in Bench.engines {
            try await Bench.with(engine) { database, url in
                try Bench.byHand(url, "UPDATE tail SET last_id = 9223372036854775807")
                await #expect { try await database.write(Bench.act) { _ in } } throws: { ($0 as? Refusal)?.name == "database.corrupt" }
                try Bench.byHand(url, "UPDATE tail SET last_id = 1")
                try await database.write(Bench.act) { _ in }
            }
        }
    }
}
