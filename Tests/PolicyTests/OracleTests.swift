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

    /// The other policies, the years they are asked in, their random worlds and their second computation.
    struct Other: Sendable {
        let policy: String
        let years: ClosedRange<Int>
        let world: @Sendable (inout Dice) -> OracleWorld
        let findings: @Sendable (Oracle, Int, Bool) -> (findings: [String: OracleFinding], over: [String: Int])
    }
    static let others = [
        Other(policy: "national-worker-representatives-2019-2023", years: 2019...2023, world: { OracleWorld.representatives(&$0) }) {
            ($0.representatives($1, $2), [:])
        },
        Other(policy: "beijing-workforce-2015", years: 2019...2023, world: { OracleWorld.workforce(&$0) }) { $0.workforce($1, $2) },
        Other(policy: "xinxiang-devzone-2015", years: 2015...2019, world: { OracleWorld.zone(&$0) }) { ($0.zone($1, $2), [:]) },
    ]

    static func compare(_ other: Other, _ world: OracleWorld, _ cube: Cube, seed: Int, lists: Bool) -> [String] {
        let oracle = Oracle(world: world, year: cube.year, day: Int(cube.day))
        var told: [String] = []
        for unit in world.units.indices {
            for subtree in [false, true] {
                let expected = other.findings(oracle, unit, subtree), found = cube.findings(unit: Int32(unit), subtree: subtree)
                if found.count != expected.findings.count { Issue.record("seed \(seed): \(found.count) findings instead of \(expected.findings.count)") }
                for finding in found {
                    let place = "seed \(seed), unit \(unit), subtree \(subtree), year \(cube.year), day \(CivilDate.text(cube.day)), \(key(finding))"
                    told.append("\(key(finding)) \(finding.verdict?.rawValue ?? "none")")
                    if expected.findings[key(finding)] != plain(finding) || expected.over[key(finding)] != finding.over.map({ Int($0) }) {
                        Issue.record("\(place): engine \(plain(finding)), oracle \(String(describing: expected.findings[key(finding)]))")
                    }
                    if lists { checkList(cube.explain(finding.line, unit: Int32(unit), subtree: subtree), finding, place) }
                }
            }
        }
        return told
    }

    static func checkList(_ names: Explanation, _ finding: Finding, _ place: String) {
        if names.finding != finding { Issue.record("\(place): the list tells another finding") }
        if names.sum != finding.had.numerator { Issue.record("\(place): list sums to \(names.sum), figure \(finding.had.numerator)") }
        let all = names.units.count + names.vacancies.count(where: \.isCounted) + names.denominator.count
        if [.persons, .units, .terms].contains(finding.unit), all != finding.had.denominator {
            Issue.record("\(place): \(all) in the list, figure \(finding.had.denominator)")
        }
        if names.numerator.contains(where: { $0.entries.isEmpty || $0.amount <= 0 }) { Issue.record("\(place): a share without entries") }
        if finding.unit == .records, names.numerator.contains(where: { $0.entries.count != $0.amount }) {
            Issue.record("\(place): entries do not make up the amount")
        }
        if Int64(names.units.count(where: \.isOver)) != finding.over ?? 0 { Issue.record("\(place): the list tells other units as over") }
    }

    @Test("其余政策的随机世界：每一项指标都相同，名单之和等于数字，每种结论都到过", arguments: others.indices)
    func otherPolicies(index: Int) throws {
        let other = OracleTests.others[index], policy = try #require(Shipped.library[other.policy])
        var verdicts: Set<String> = []
        for seed in 0..<OracleTests.worlds / 2 {
            var dice = Dice(state: UInt64(seed))
            let world = other.world(&dice), year = dice.roll(other.years)
            let columns = world.columns(Shipped.library.vocabulary, policy, shuffledBy: &dice)
            let cube = Cube(policy, year: year, day: Int32(OracleTests.day(&dice, year: year)), columns: columns)
            verdicts.formUnion(OracleTests.compare(other, world, cube, seed: seed, lists: seed % 4 == 0))
        }
        for line in policy.lines {
            let key = "\(policy.rules[line.rule].id)/\(line.category ?? "null")"
            var expected = ["met", "unmet", "notApplicable"]
            if case .norm(let norm) = line.shape, case .fixed? = norm.least.first?.value, !key.contains("enterprise") {} else if case .norm = line.shape, !key.contains("station") { expected.append("unknown") }
            // Bounds of thousands are judged against thousands of records by a test of their own.
            if case .value(let bounds) = line.needed, bounds[0].value.numerator > 1000, line.asked != nil { expected = ["unmet", "pending", "none"] }
            if case .trainings = line.shape { expected = ["met", "unmet", "pending", "none"] }
            for verdict in expected { #expect(verdicts.contains("\(key) \(verdict)"), "\(key) was never \(verdict)") }
        }
    }

    @Test("其余政策：新记录、新任职、新任期只改动有关的人，结果与重算相同", arguments: others.indices)
    func followingOthers(index: Int) throws {
        let other = OracleTests.others[index], policy = try #require(Shipped.library[other.policy])
        for seed in 0..<OracleTests.worlds / 8 {
            var dice = Dice(state: UInt64(2_000_000 + seed))
            var world = other.world(&dice)
            let more = other.world(&dice), year = dice.roll(other.years)
            var columns = world.columns(Shipped.library.vocabulary, policy, shuffledBy: &dice)
            var cube = Cube(policy, year: year, day: Int32(OracleTests.day(&dice, year: year)), columns: columns)
            for step in 0..<3 {
                var changed: Set<Int32> = []
                for (index, source) in more.people.enumerated() where dice.chance(50) {
                    let person = index % (world.people.count + 1)
                    if person == world.people.count { world.people.append(.init(posts: [], records: [])) }
                    var records = source.records
                    for record in records.indices { if let host = records[record].host { records[record].host = host % world.units.count } }
                    world.people[person].records += records
                    for entry in world.entries(.init(posts: [], records: records), Shipped.library.vocabulary) { columns.append(entry, of: Int32(person)) }
                    world.people[person].posts = source.posts.map { var post = $0; post.unit %= world.units.count; return post }
                    columns.setAppointments(
                        world.people[person].posts.map { world.appointment($0, Shipped.library.vocabulary, policy) }, of: Int32(person))
                    world.people[person].terms = source.terms.map { var term = $0; term.unit %= world.units.count; return term }
                    changed.insert(Int32(person))
                }
                // An election ends others' terms.
                for person in world.people.indices where !world.people[person].terms.isEmpty || !columns.holdings(of: person).isEmpty {
                    columns.setHoldings(world.holdings(world.people[person], Shipped.library.vocabulary), of: Int32(person))
                    changed.insert(Int32(person))
                }
                if step == 2 { columns = columns.compacted() }
                cube.follow(columns, people: changed)
                _ = OracleTests.compare(other, world, cube, seed: seed, lists: step == 1)
            }
        }
    }

    @Test("五万人次、四千人次：刚好达到与差一次")
    func thousandsOfRecords() throws {
        let policy = try #require(Shipped.library["national-worker-representatives-2019-2023"])
        let always = CivilDate.day(1, 1, 1), open = CivilDate.day(9999, 12, 31), day = CivilDate.day(2023, 12, 31)
        let versions = [("provincialFederation", Int32(-1)), ("cityFederation", 0)].enumerated().map { index, unit in
            Columns.Version(organization: Int32(index), from: always, to: open, parent: unit.1, kind: unit.0)
        }
        var builder = ColumnsBuilder(vocabulary: Shipped.library.vocabulary, people: 1, organizations: 2, versions: versions)
        builder.append(Columns.Holding(organization: 1, key: "workerRepresentative", from: CivilDate.day(2022, 1, 1), to: open, due: day + 400), of: 0)
        func entry(_ purpose: String) -> Columns.Entry { Columns.Entry(kind: Columns.Kind(form: "offJob", purpose: purpose, host: 1), from: day, to: day, hours: 1) }
        for _ in 0..<3999 { builder.append(entry("democraticManagement"), of: 0) }
        for _ in 0..<46_000 { builder.append(entry("duty"), of: 0) }
        var columns = builder.build()
        var cube = Cube(policy, year: 2023, day: day, columns: columns)
        func verdicts() -> [String?] {
            ["B4", "B6"].map { rule in cube.findings(unit: 0, subtree: true).first { $0.rule == rule }?.verdict?.rawValue }
        }
        #expect(verdicts() == ["unmet", "unmet"])
        columns.append(entry("democraticManagement"), of: 0)
        cube.follow(columns, people: [0])
        #expect(verdicts() == ["met", "met"])
        #expect(cube.findings(unit: 0, subtree: true).first { $0.rule == "B6" }?.had == Ratio(50_000, 1))
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
