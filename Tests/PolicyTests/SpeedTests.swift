import Foundation
import Register
@testable import Rules
import TestBench
import Testing
import World

/// Prints times, asserts none: `YUGONG_SPEED=1000000 swift test -c release --scratch-path .build-release --filter SpeedTests`.
@Suite("速度", .enabled(if: ProcessInfo.processInfo.environment["YUGONG_SPEED"] != nil), .ownThreads)
struct SpeedTests {
    static let people = ProcessInfo.processInfo.environment["YUGONG_SPEED"].flatMap { Int($0) } ?? 1_000_000

    static func world() -> Columns {
        let units = max(20, people / 50)
        var dice = Dice(state: 7)
        let kinds = ["cityFederation", "districtFederation", "townFederation", "enterpriseUnion"]
        var versions: [Columns.Version] = []
        for unit in 0..<units {
            let level = unit == 0 ? 0 : unit <= 16 ? 1 : unit <= 16 + units / 50 ? 2 : 3
            let parent = level == 0 ? -1 : level == 1 ? 0 : level == 2 ? dice.roll(1...16) : dice.roll(17...16 + units / 50)
            versions.append(Columns.Version(
                organization: Int32(unit), from: CivilDate.day(1, 1, 1), to: CivilDate.day(9999, 12, 31), parent: Int32(min(parent, unit - 1)), kind: kinds[level]))
        }
        var builder = ColumnsBuilder(
            vocabulary: Shipped.library.vocabulary, people: people, organizations: units, versions: versions, entriesExpected: people * 10)
        let categories = ["divisionAndAbove", "sectionAndBelow", "grassroots", "grassroots", "grassroots"]
        let titles = ["主席", "副主席", "", "", "", "", "", "委员"]
        let forms = ["offJob", "offJob", "lecture", "online", "online", "onlineSpecialClass", "secondment"]
        let first = CivilDate.day(2019, 1, 1), last = CivilDate.day(2023, 12, 31)
        for person in 0..<people {
            // Rosters come in unit by unit; one in ten has moved since.
            let unit = dice.chance(10) ? dice.roll(0...units - 1) : min(units - 1, person * units / people)
            builder.append(Columns.Appointment(
                organization: Int32(unit), from: CivilDate.day(2012, 1, 1) + Int32(dice.roll(0...4000)), to: CivilDate.day(9999, 12, 31),
                isPrimary: true, category: dice.pick(categories), workforce: dice.chance(5) ? "unionSocialWorker" : "unionCadre",
                title: dice.pick(titles), isLeadership: dice.chance(10)), of: Int32(person))
            for _ in 0..<10 {
                let form = dice.pick(forms), from = Int32(dice.roll(Int(first)...Int(last)))
                builder.append(Columns.Entry(
                    kind: Columns.Kind(
                        form: form, isSelected: dice.chance(50), purpose: dice.pick(["post", "specialised", "initial"]),
                        isCompleted: dice.chance(95), institution: dice.chance(30) ? .recognised : .unnamed,
                        host: dice.chance(70) ? Int32(dice.roll(0...min(units - 1, 400))) : -1),
                    from: from, to: from + Int32(dice.roll(0...6)), halfDays: form == "online" ? nil : Int32(dice.roll(1...10)),
                    hours: Int32(dice.roll(100...2000))), of: Int32(person))
            }
        }
        return builder.build()
    }

    @Test("整个世界的全部指标")
    func wholeWorld() {
        let clock = ContinuousClock()
        var columns: Columns!
        print("columns", clock.measure { columns = SpeedTests.world() }, "entries", columns.entryCount, "kinds", columns.kinds.count)
        let policy = Shipped.beijing
        let day = CivilDate.day(2022, 12, 31)
        var roster: Roster!
        for _ in 0..<3 { print("roster", clock.measure { roster = Roster(columns, day: day) }) }
        var cube: Cube!
        for year in [2019, 2022, 2022, 2022, 2023] {
            // CPU time of all threads tells the truth on a machine that is busy with other things.
            let before = Foundation.clock()
            let time = clock.measure { cube = Cube(policy, year: year, day: day, columns: columns, roster: roster) }
            print("cube", year, time, "CPU", Double(Foundation.clock() - before) / Double(CLOCKS_PER_SEC))
        }
        print("findings of a unit", clock.measure { for unit in 0..<1000 { _ = cube.findings(unit: Int32(unit % 20), subtree: true) } } / 1000)
        print("explain A1 of the city", clock.measure { _ = cube.explain(2, unit: 0, subtree: true) })
        print("explain A1 of a unit", clock.measure { _ = cube.explain(2, unit: 19, subtree: false) })
        let entry = Columns.Entry(kind: Columns.Kind(form: "offJob"), from: day, to: day, hours: 800)
        print("follow 1000 new entries one by one", clock.measure {
            for person in 0..<1000 {
                columns.append(entry, of: Int32(person))
                cube.follow(columns, people: [Int32(person)])
            }
        })
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        print(status.split(separator: "\n").filter { $0.hasPrefix("VmHWM") || $0.hasPrefix("VmRSS") }.joined(separator: " "))
    }
}
