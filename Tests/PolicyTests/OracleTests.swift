import Foundation
@testable import Rules
import TestBench
import Testing
import World

@Suite("引擎与另一套独立的算法逐数相同", .ownThreads)
struct OracleTests {
    /// More worlds on demand: `YUGONG_WORLDS=20000 swift test --filter OracleTests`.
    static let worlds = ProcessInfo.processInfo.environment["YUGONG_WORLDS"].flatMap { Int($0) } ?? 2000

    static func key(_ finding: Finding) -> String { "\(finding.rule)/\(finding.category ?? "null")" }

    static func plain(_ finding: Finding) -> OracleFinding {
        OracleFinding(
            had: (Int(finding.had.numerator), Int(finding.had.denominator)),
            needed: finding.needed.map { (Int($0.numerator), Int($0.denominator)) }, verdict: finding.verdict?.rawValue)
    }

    static func day(_ dice: inout Dice, year: Int) -> Int {
        let january = OracleDate(year, 1, 1).number, december = OracleDate(year, 12, 31).number
        switch dice.roll(1...10) {
        case 1...5: return december
        case 6...7: return dice.roll(january...december)
        case 8: return january - dice.roll(1...200)
        default: return december + dice.roll(1...500)
        }
    }

    /// Compares every finding of every unit, own and with subtree, and every list of names with its figure.
    /// Returns how many findings there were.
    static func compare(_ world: OracleWorld, _ cube: Cube, seed: Int, lists: Bool) -> Int {
        let oracle = Oracle(world: world, year: cube.year, day: Int(cube.day))
        var count = 0
        for unit in world.units.indices {
            for subtree in [false, true] {
                let expected = oracle.findings(unit, subtree)
                let found = cube.findings(unit: Int32(unit), subtree: subtree)
                if found.count != expected.count { Issue.record("seed \(seed): \(found.count) findings instead of \(expected.count)") }
                for finding in found {
                    count += 1
                    let place = "seed \(seed), unit \(unit), subtree \(subtree), year \(cube.year), day \(CivilDate.text(cube.day)), \(key(finding))"
                    if expected[key(finding)] != plain(finding) {
                        Issue.record("\(place): engine \(plain(finding)), oracle \(String(describing: expected[key(finding)]))")
                    }
                    if lists { check(cube.explain(finding.line, unit: Int32(unit), subtree: subtree), finding, place, cube) }
                }
            }
        }
        return count
    }

    static func check(_ names: Explanation, _ finding: Finding, _ place: String, _ cube: Cube) {
        let sum = names.numerator.reduce(0) { $0 + $1.amount }
        if sum != finding.had.numerator { Issue.record("\(place): list sums to \(sum), figure \(finding.had.numerator)") }
        if finding.rule != "A5", names.denominator.count != finding.had.denominator {
            Issue.record("\(place): \(names.denominator.count) names, figure \(finding.had.denominator)")
        }
        if names.finding != finding { Issue.record("\(place): the list tells another finding") }
        if names.numerator.contains(where: { $0.entries.isEmpty || $0.amount <= 0 }) { Issue.record("\(place): a share without entries") }
        // The entries named must make up the amount by themselves.
        if finding.unit == .hours {
            for share in names.numerator {
                let rows = cube.columns.rows(of: Int(share.person))
                let fact = names.facts[0]
                let total = share.entries.reduce(Int64(0)) { sum, entry in
                    let window = cube.assessment.window(of: fact)!
                    return sum + cube.assessment.value(of: rows[Int(entry)], fact: fact, from: window.lowerBound, to: window.upperBound)
                }
                if total != share.amount { Issue.record("\(place): entries make \(total), amount \(share.amount)") }
            }
        }
        if let shortfall = finding.shortfall {
            if finding.unit == .persons, finding.needed == Ratio(1, 1) {
                let missing = names.denominator.filter { !$0.isMet }
                if Int64(missing.count) != shortfall.people { Issue.record("\(place): \(missing.count) people lack, shortfall \(shortfall)") }
                let hours = missing.reduce(0) { $0 + $1.hoursLacking }
                if hours != shortfall.hours { Issue.record("\(place): \(hours) hours lack, shortfall \(shortfall)") }
            }
            if finding.rule == "A1" {
                let below = names.denominator.filter { !$0.isMet }.count
                if Int64(below) != shortfall.people { Issue.record("\(place): \(below) below the quota, shortfall \(shortfall)") }
            }
        }
    }

    @Test("随机小世界：每个单位、本级与含下级、每一项指标都相同，名单之和等于数字")
    func randomWorlds() {
        var count = 0, verdicts: [String: Int] = [:]
        for seed in 0..<OracleTests.worlds {
            var dice = Dice(state: UInt64(seed))
            let world = OracleWorld.random(&dice)
            let year = dice.roll(2019...2023)
            let columns = world.columns(Shipped.library.vocabulary, Shipped.beijing, shuffledBy: &dice)
            let cube = Cube(Shipped.beijing, year: year, day: Int32(OracleTests.day(&dice, year: year)), columns: columns)
            count += OracleTests.compare(world, cube, seed: seed, lists: seed % 4 == 0)
            for finding in cube.findings(unit: 0, subtree: true) { verdicts["\(finding.rule) \(finding.verdict?.rawValue ?? "-")", default: 0] += 1 }
        }
        #expect(count > OracleTests.worlds * 50)
        // The worlds must reach every verdict of every rule, or they prove little.
        for rule in Shipped.beijing.rules {
            for verdict in ["met", "unmet", "notApplicable"] + (rule.id == "A14" ? [] : ["pending"]) {
                #expect((verdicts["\(rule.id) \(verdict)"] ?? 0) > 0, "\(rule.id) was never \(verdict)")
            }
        }
    }

    @Test("新记录、新任职、新人员只改动有关的人，结果与重算相同")
    func following() {
        for seed in 0..<OracleTests.worlds / 4 {
            var dice = Dice(state: UInt64(1_000_000 + seed))
            var world = OracleWorld.random(&dice)
            let other = OracleWorld.random(&dice)
            let year = dice.roll(2019...2023)
            var columns = world.columns(Shipped.library.vocabulary, Shipped.beijing, shuffledBy: &dice)
            var cube = Cube(Shipped.beijing, year: year, day: Int32(OracleTests.day(&dice, year: year)), columns: columns)
            for step in 0..<3 {
                var changed: Set<Int32> = []
                for (index, source) in other.people.enumerated() where dice.chance(50) {
                    let person = index % (world.people.count + 1)
                    if person == world.people.count { world.people.append(.init(posts: [], records: [])) }
                    var records = source.records
                    for record in records.indices { if let host = records[record].host { records[record].host = host % world.units.count } }
                    world.people[person].records += records
                    for entry in world.entries(.init(posts: [], records: records), Shipped.library.vocabulary) { columns.append(entry, of: Int32(person)) }
                    if dice.chance(60) {
                        world.people[person].posts = source.posts.map { var post = $0; post.unit %= world.units.count; return post }
                        var seen: Set<[String]> = []
                        world.people[person].posts.removeAll { !seen.insert(["\($0.unit)", "\($0.from)", $0.title]).inserted }
                    }
                    columns.setAppointments(
                        world.people[person].posts.map { world.appointment($0, Shipped.library.vocabulary, Shipped.beijing) }, of: Int32(person))
                    changed.insert(Int32(person))
                }
                if step == 2 { columns = columns.compacted() }
                cube.follow(columns, people: changed)
                _ = OracleTests.compare(world, cube, seed: seed, lists: step == 1)
            }
            // A new chart computes everything anew.
            world.units = other.units + world.units.dropFirst(other.units.count)
            if other.units.count <= world.units.count, world.units.allSatisfy({ $0.versions.allSatisfy { ($0.parent ?? 0) < world.units.count } }) {
                columns.setVersions(world.versions(Shipped.library.vocabulary), organizationCount: world.units.count)
                cube.follow(columns, people: [])
                _ = OracleTests.compare(world, cube, seed: seed, lists: false)
            }
        }
    }
}
