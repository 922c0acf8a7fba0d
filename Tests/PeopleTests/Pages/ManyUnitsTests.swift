@testable import Accounts
import Foundation
import Kit
@testable import People
@testable import Register
import TestBench
import Testing
import World

@Suite("A scope of very many units", .ownThreads)
struct ManyUnitsTests {
    @Test("Lists of people cost what their people cost, however many units the scope has, and show the same people")
    func lists() async throws {
        try await servedOnBothEngines { app, _ in
            _ = try await Demo.fill(app.database, numbers: app.numbers, people: 600, who: .system, passwords: .least)
            let today = Clock.today, now = Clock.nowMilliseconds
            let real = try await app.database.read { try $0.rows("SELECT id FROM organization") { $0.int(0) } }
            // None of the others is anywhere: every person is looked at to the end.
            let strange = (1...20_000).map { Int64($0) << 40 | 1 }
            typealias Asked = @Sendable ([Int64]?, Reading) throws -> [Int64]
            let lists: [(String, Asked)] = [
                ("in post", { try PersonListStore.people(.init(units: $0, today: today), in: $1).map(\.id) }),
                ("past", { try PersonListStore.people(.init(units: $0, isPast: true, today: today), in: $1).map(\.id) }),
                ("without a phone", { try PersonListStore.people(.init(units: $0, missing: .phone, today: today), in: $1).map(\.id) }),
                ("counted", { [Int64(try PersonListStore.count(.init(units: $0, today: today), most: 100_000, in: $1))] }),
                ("without an account", { try ActivationStore.people(.init(units: $0, today: today, now: now), limit: 101, in: $1).map(\.id) }),
                ("all", { try ActivationStore.people(.init(units: $0, state: .all, today: today, now: now), limit: 101, in: $1).map(\.id) }),
                ("some", { try ActivationStore.people(.init(units: $0, state: .all, people: Array(1...200), today: today, now: now), limit: 101, in: $1).map(\.id) }),
                ("candidates", { try GrantListStore.candidates("", units: $0, today: today, in: $1).map(\.id) }),
            ]
            for (name, list) in lists {
                func took(_ units: [Int64]?) async throws -> (seconds: Double, found: [Int64]) {
                    try await app.database.read { db in
                        var best = Double.infinity, found: [Int64] = []
                        for _ in 0..<3 {
                            let start = ContinuousClock.now
                            found = try list(units, db)
                            best = min(best, (ContinuousClock.now - start) / .seconds(1))
                        }
                        return (best, found)
                    }
                }
                let all = try await took(nil), many = try await took(strange), both = try await took(real + strange), few = try await took(real)
                #expect(many.seconds < 20 * all.seconds + 0.3, "\(app.database.engine) \(name): \(many.seconds) s beside \(all.seconds) s")
                #expect(both.found == few.found, "\(app.database.engine) \(name)")
            }
        }
    }

    // MARK: Circles

    private static func version(_ id: Int64, _ from: Int, _ to: Int?, under parent: Int64?) -> OrganizationVersion {
        OrganizationVersion(
            organizationID: id, from: Day(number: Int32(from)), to: to.map { Day(number: Int32($0)) } ?? .open, facts: OrganizationFacts(parentID: parent, name: "", kind: ""))
    }

    /// What one would find who looks at each day by itself.
    private static func slowly(_ versions: [OrganizationVersion]) -> Set<[Int64]> {
        var found: Set<[Int64]> = []
        for day in Set(versions.map(\.from)) {
            let parents = Dictionary(versions.filter { $0.covers(day) }.compactMap { one in one.facts.parentID.map { (one.organizationID, $0) } }, uniquingKeysWith: { a, _ in a })
            for start in parents.keys {
                var path = [start], next = parents[start]
                while let unit = next, !path.contains(unit) {
                    path.append(unit)
                    next = parents[unit]
                }
                if let closed = next, let place = path.firstIndex(of: closed) { found.insert(path[place...].sorted()) }
            }
        }
        return found
    }

    @Test("Circles are found on whatever day they close, each once and on its first day")
    func circles() {
        var dice = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var versions: [OrganizationVersion] = []
            for id in Int64(1)...6 {
                var days = Array(Set((0..<Int.random(in: 1...3, using: &dice)).map { _ in Int.random(in: 0...8, using: &dice) })).sorted()
                let last = Bool.random(using: &dice) ? nil : (days[days.count - 1] + Int.random(in: 1...4, using: &dice)) as Int?
                let first = days.removeFirst()
                var from = first
                for next in days + [-1] {
                    versions.append(Self.version(id, from, next < 0 ? last : next, under: Bool.random(using: &dice) ? Int64.random(in: 1...6, using: &dice) : nil))
                    from = next
                }
            }
            let history = OrgHistory(organizations: (1...6).map { Organization(id: $0, code: "C\($0)") }, versions: versions)
            let found = history.cycles()
            #expect(Set(found.map { $0.members.sorted() }) == Self.slowly(versions) && Set(found.map { $0.members.sorted() }).count == found.count, "\(versions)")
            for (members, day) in found {
                #expect(Self.slowly(versions.filter { $0.from <= day }).contains(members.sorted()))
                #expect(!Self.slowly(versions.filter { $0.from < day }.map { one in
                    var cut = one
                    cut.to = min(one.to, day)
                    return cut
                }).contains(members.sorted()))
            }
        }
    }

    @Test("Many units that each change on a day of their own take no minute")
    func manyDays() {
        let count = 8000
        var versions: [OrganizationVersion] = []
        // Below one another, and each for its day above: over all days one great circle, on none any.
        for id in 1...count {
            versions.append(Self.version(Int64(id), 0, id + 1, under: id == 1 ? nil : Int64(id - 1)))
            versions.append(Self.version(Int64(id), id + 1, nil, under: id == 1 ? nil : Int64(id - 1)))
        }
        versions.append(Self.version(1, -10, 0, under: Int64(count)))
        let history = OrgHistory(organizations: (1...count).map { Organization(id: Int64($0), code: "C\($0)") }, versions: versions), start = ContinuousClock.now
        #expect(history.cycles().isEmpty)
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
