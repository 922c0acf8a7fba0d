import Kit

/// Synthetic personal numbers. The regions do not exist in GB/T 2260, so no number can be a living person's;
/// check digits (GB 11643), birth dates and gender are right, and no two persons of a world share a number.
enum FolkNumbers {
    /// The unassigned prefecture 19 of four provinces, and in each the counties 01 to 40.
    private static let regions: [String] = {
        let distinct = ["4219", "3419", "3619", "4319"]
        return (0..<160).map { distinct[$0 % 4] + ($0 / 4 < 9 ? "0" : "") + String($0 / 4 + 1) }
    }()
    /// A slot is a region and an order number, whose last bit is the gender.
    private static let slots = regions.count * 500

    /// How far `birthDay` moves a day back at most, in a world of so many people.
    static func rounds(people: Int) -> Int { people / slots + 1 }

    /// The birth day nearest before `wish` that nobody else in the slot of this person can have.
    static func birthDay(_ wish: Day, ordinal: Int, people: Int) -> Day {
        let rounds = rounds(people: people)
        return wish - (Int(wish.number) + 40_000 - ordinal / slots) % rounds
    }

    /// The ID number of the person `ordinal`, born on a day of `birthDay(_:ordinal:people:)`.
    static func idNumber(ordinal: Int, birth: Day, isMale: Bool) -> String {
        // 7919 is prime to the number of slots: neighbours in the roster get distant numbers.
        let slot = ordinal % slots * 7919 % slots
        let (year, month, day) = birth.parts
        let order = slot / regions.count * 2 + (isMale ? 1 : 0)
        var bytes = Array(regions[slot % regions.count].utf8)
        for (number, width) in [(year, 4), (month, 2), (day, 2), (order, 3)] {
            var divisor = width == 4 ? 1000 : width == 3 ? 100 : 10
            while divisor > 0 {
                bytes.append(UInt8(48 + number / divisor % 10))
                divisor /= 10
            }
        }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(bytes, weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
        bytes.append(Array("10X98765432".utf8)[sum % 11])
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A mobile number of the range 154, which is nobody's.
    static func phone(ordinal: Int) -> String {
        let rest = String(100_000_000 + ordinal % 100_000_000 * 61 % 100_000_000)
        return "154" + rest.dropFirst()
    }
}
