import Kit
import TestBench
import Testing

@testable import Ledger

@Suite("学时按天计入", .ownThreads)
struct AccrualTests {
    private func day(_ text: String) -> Day { Day(iso: text)! }

    @Test("A class across New Year is shared between the years exactly")
    func newYear() {
        // 10 hours over 2022-12-30 … 2023-01-01: two days of three in 2022.
        let before = Accrual.hours(1000, from: day("2022-12-30"), to: day("2023-01-01"), within: Day.firstDay(of: 2022)...Day.lastDay(of: 2022))
        let after = Accrual.hours(1000, from: day("2022-12-30"), to: day("2023-01-01"), within: Day.firstDay(of: 2023)...Day.lastDay(of: 2023))
        #expect(before == 666)
        #expect(after == 334)
    }

    @Test("What accrues after the reference day does not count")
    func referenceDay() {
        #expect(Accrual.hours(800, from: day("2022-06-01"), to: day("2022-06-04"), through: day("2022-05-31")) == 0)
        #expect(Accrual.hours(800, from: day("2022-06-01"), to: day("2022-06-04"), through: day("2022-06-01")) == 200)
        #expect(Accrual.hours(800, from: day("2022-06-01"), to: day("2022-06-04"), through: day("2022-06-04")) == 800)
        #expect(Accrual.hours(800, from: day("2022-06-01"), to: day("2022-06-04"), through: day("2030-01-01")) == 800)
    }

    @Test("Whatever windows divide a class, their hours add up to the whole and none is negative")
    func partitions() {
        var dice = SplitMix(state: 20221231)
        for _ in 0..<2000 {
            let hours = Int(dice.next() % 200_000), length = Int(dice.next() % 800)
            let from = Day(number: Int32(dice.next() % 20_000)), to = from + length
            var cuts = (0..<Int(dice.next() % 6)).map { _ in from + Int(dice.next() % UInt64(length + 1)) }.sorted()
            cuts.append(to + Int(dice.next() % 40))
            var start = from - Int(dice.next() % 40), sum = 0
            for cut in cuts where cut >= start {
                let part = Accrual.hours(hours, from: from, to: to, within: start...cut)
                #expect(part >= 0)
                sum += part
                start = cut + 1
            }
            #expect(sum == hours)
        }
    }

    private struct SplitMix {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
