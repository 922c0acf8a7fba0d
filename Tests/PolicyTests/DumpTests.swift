import Foundation
import Testing

@testable import Rules

@Suite("Columns as bytes", .ownThreads) struct DumpTests {
    /// A world of a policy, some of it in the blocks and some of it come since.
    private func columns(_ seed: Int, _ policy: Policy, _ random: (inout Dice) -> OracleWorld) -> (columns: Columns, cube: (Columns) -> Cube) {
        var dice = Dice(state: UInt64(seed))
        let library = Shipped.library
        let world = random(&dice), more = random(&dice), year = dice.roll(2019...2019 + 4)
        var columns = world.columns(library.vocabulary, policy, shuffledBy: &dice)
        for (index, person) in more.people.enumerated() where dice.chance(60) {
            let number = Int32(index % (world.people.count + 2))
            var own = person
            for record in own.records.indices { if let host = own.records[record].host { own.records[record].host = host % world.units.count } }
            for entry in world.entries(own, library.vocabulary) { columns.append(entry, of: number) }
            for post in own.posts.indices { own.posts[post].unit %= world.units.count }
            columns.setAppointments(own.posts.map { world.appointment($0, library.vocabulary, policy) }, of: number)
        }
        let day = Int32(OracleTests.day(&dice, year: year))
        return (columns, { Cube(policy, year: year, day: day, columns: $0) })
    }

    static func bytes(_ columns: Columns) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try columns.dump(to: DumpWriter { bytes.append(contentsOf: $0) })
        return bytes
    }

    static func read(_ bytes: [UInt8]) throws -> Columns {
        var done = 0
        var dump = DumpReader(bytes: bytes.count) { room in
            room.copyBytes(from: bytes[done..<done + room.count])
            done += room.count
        }
        let days: ClosedRange<Int32> = Int32(OracleWorld.always)...Int32(OracleWorld.open)
        let columns = try Columns(from: &dump, vocabulary: Shipped.library.vocabulary, days: Columns.Days(entries: days, others: days))
        guard dump.left == 0 else { throw DumpReader.Broken() }
        return columns
    }

    private func findings(_ cube: Cube) -> [Finding] {
        (0..<Int32(cube.columns.organizationCount)).flatMap { unit in [false, true].flatMap { cube.findings(unit: unit, subtree: $0) } }
    }

    private static let worlds: [(policy: String, random: @Sendable (inout Dice) -> OracleWorld)] = [
        ("beijing-cadres-2019-2023", { OracleWorld.random(&$0) }), ("national-worker-representatives-2019-2023", { OracleWorld.representatives(&$0) }),
        ("beijing-workforce-2015", { OracleWorld.workforce(&$0) }),
    ]

    @Test("Read again they give the same findings, entries, posts and sums, and are written the same", arguments: worlds.indices)
    func readAgain(index: Int) throws {
        let policy = try #require(Shipped.library[Self.worlds[index].policy])
        for seed in 0..<150 {
            let (columns, cube) = columns(seed, policy, Self.worlds[index].random), bytes = try Self.bytes(columns), again = try Self.read(bytes)
            #expect(findings(cube(again)) == findings(cube(columns)), "seed \(seed)")
            #expect(again.sums() == columns.sums() && again.entryCount == columns.entryCount && again.peopleCount == columns.peopleCount, "seed \(seed)")
            #expect(try Self.bytes(again) == bytes, "seed \(seed)")
            for person in 0..<columns.peopleCount {
                let number = Int32(person)
                #expect(again.appointments(of: number) == columns.appointments(of: number) && again.holdings(of: person) == columns.holdings(of: person))
                #expect(again.rows(of: person) == columns.rows(of: person))
            }
        }
    }

    @Test("What was cut is none, wherever it was cut")
    func cut() throws {
        let bytes = try Self.bytes(columns(3, Shipped.beijing, Self.worlds[0].random).columns)
        for length in stride(from: 0, to: bytes.count, by: 7) { #expect(throws: DumpReader.Broken.self) { try Self.read(Array(bytes.prefix(length))) } }
        #expect(throws: DumpReader.Broken.self) { try Self.read(bytes + [0]) }
    }

    @Test("Whatever stands in them, they are none, or figures can be computed from them and they can be written again", arguments: worlds.indices)
    func changed(index: Int) throws {
        let policy = try #require(Shipped.library[Self.worlds[index].policy])
        var dice = Dice(state: 41), sound = 0, broken = 0
        for seed in 0..<12 {
            let (columns, cube) = columns(seed, policy, Self.worlds[index].random), bytes = try Self.bytes(columns)
            for _ in 0..<250 {
                var other = bytes
                let place = dice.roll(0...bytes.count - 8)
                switch dice.roll(0...3) {
                case 0: other[place] ^= UInt8(1 << dice.roll(0...7))
                case 1: other[place] = UInt8(truncatingIfNeeded: dice.next())
                case 2: for at in 0..<4 { other[place / 4 * 4 + at] = dice.pick([0, 0x7F, 0xFF]) }
                default: other.replaceSubrange(place..<place + 8, with: withUnsafeBytes(of: dice.pick([-1, Int64.max, Int64.min, 1 << 31, 1 << 40, 0])) { Array($0) })
                }
                do {
                    let read = try Self.read(other)
                    _ = findings(cube(read))
                    let whole = try Self.bytes(read)
                    #expect(try Self.bytes(Self.read(whole)) == whole)
                    sound += 1
                } catch is DumpReader.Broken { broken += 1 }
            }
        }
        #expect(sound > 100 && broken > 100)
    }
}
