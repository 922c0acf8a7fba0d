import TestBench
import Testing

@testable import Kit

@Suite("Numbers on screens", .ownThreads)
struct NumbersTests {
    static let gap = "\u{2009}"

    @Test("Thousands stand apart by a thin space", arguments: [(0, "0"), (999, "999"), (1000, "1_000"), (1_234_567, "1_234_567"), (-1204, "−1_204")])
    func counts(number: Int, expected: String) { #expect(Numbers.count(number) == expected.replacing("_", with: Self.gap)) }

    @Test("Hours show at most two decimals, without trailing zeros", arguments: [
        (126_000, "1_260"), (1099, "10.99"), (50, "0.5"), (5, "0.05"), (0, "0"), (230_850, "2_308.5"), (-150, "−1.5"),
    ])
    func hours(hundredths: Int, expected: String) { #expect(Numbers.hours(hundredths) == expected.replacing("_", with: Self.gap)) }

    @Test("In a sentence thousands stand apart as everywhere, decimals do not", arguments: [
        ("每人差 28.4，共 12345.25 学时，1865 人不足", "每人差 28.4，共 12_345.25 学时，1_865 人不足"), ("还差 648 人", "还差 648 人"), ("", ""), ("1000", "1_000"),
    ])
    func sentences(text: String, expected: String) { #expect(Numbers.spaced(text) == expected.replacing("_", with: Self.gap)) }

    @Test("A mean has one decimal, half up, and more where one would hide a missed threshold", arguments: [
        (total: 98_750, heads: 31, needed: 4000, expected: "31.9"), (3996, 1, 4000, "39.96"), (39_960, 10, 4000, "39.96"), (4004, 1, 4000, "40.0"), (3995, 1, 4000, "39.95"),
        (3994, 1, 4000, "39.9"), (399_999, 100, 4000, "39.9999"), (4000, 1, 4000, "40.0"), (11_840, 1, 11_000, "118.4"), (29_05, 1, 4000, "29.1"), (0, 5, 4000, "0.0"),
    ])
    func means(total: Int, heads: Int, needed: Int, expected: String) { #expect(Numbers.mean(hours: total, heads: heads, needed: needed) == expected) }

    @Test("A rate does the same in per cent", arguments: [
        (9, 50, "18.0"), (1, 3, "33.3"), (249_999, 1_000_000, "24.9999"), (1, 4, "25.0"), (27, 91, "29.7"), (2, 3, "66.7"),
    ])
    func rates(had: Int, whole: Int, expected: String) { #expect(Numbers.percent(had, of: whole, needed: (25, 100)) == expected + Self.gap + "%") }

    @Test("Nothing of nobody is a dash")
    func nobody() {
        #expect(Numbers.percent(0, of: 0) == "—")
        #expect(Numbers.mean(hours: 0, heads: 0) == "—")
    }

    @Test("No missed threshold is ever shown as reached")
    func neverFlatters() {
        for denominator in 1...40 {
            for numerator in 0..<(40 * denominator) {
                let shown = Numbers.quotient(numerator, denominator, missing: (40, 1))
                #expect(!shown.hasPrefix("40"), "\(numerator)/\(denominator) shown as \(shown)")
            }
        }
    }

    @Test("Personal numbers are masked")
    func masks() {
        #expect(masked(idNumber: "11010519491231002X") == "110105********002X")
        #expect(masked(phone: "13812345678") == "138****5678")
        #expect(masked(idNumber: "1234567890") == "**********")
    }
}
