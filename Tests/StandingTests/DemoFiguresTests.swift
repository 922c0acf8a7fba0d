@testable import App
@testable import Figures
import Kit
import Register
@testable import Rules
@testable import Standing
import TestBench
import Testing
import World

/// What visitors of the demo world find: of every figure somebody who keeps it, somebody who does not, and somebody who has too much.
@Suite("Figures of the demo world", .ownThreads) struct DemoFiguresTests {
    private static let day = Day(2026, 11, 29)!

    private struct Seen {
        var kept = false, missed = false, exceeded = false, knowsOver = false
    }

    /// What the single units of a view make of each line of a policy in a year.
    private func seen(_ policy: Policy, year: Int, _ view: Facts.View) -> [Seen] {
        let cube = view.cube(policy, year: year, day: Day(number: policy.referenceDay(year: year, today: Self.day.number)))
        var all = [Seen](repeating: Seen(), count: policy.lines.count)
        for id in view.history.organizations.keys {
            guard let unit = view.number(ofOrganization: id) else { continue }
            for line in policy.lines.indices {
                let finding = cube.finding(line, unit: unit, subtree: false)
                if finding.verdict == .met { all[line].kept = true }
                if finding.verdict == .unmet || finding.verdict == .pending { all[line].missed = true }
                if let over = finding.over {
                    all[line].knowsOver = true
                    if over > 0 { all[line].exceeded = true }
                }
            }
        }
        return all
    }

    @Test("Of every figure units keep it, miss it and exceed it, in 2022, last year and the running one")
    func variety() async throws {
        let settings = try Settings.fromEnvironment(), library = try PolicyLibrary.loaded(folders: settings.allPolicyFolders + [settings.home + "/Policies/examples"])
        try await Bench.with(.sqlite) { database, _ in
            _ = try await Demo.fill(
                database, numbers: PersonalNumbers(key: .random()), people: 3000, years: 2019...2026, today: Self.day, who: .system, passwords: .least)
            let view = try await Facts(database: database, shelf: PolicyShelf(library)).view()
            let wanted: [(policy: String, years: [Int])] = [
                ("national-worker-representatives-2019-2023", [2022]), ("beijing-workforce-2015", [2022, 2025, 2026]), ("hengxi-cadres-2024-2028", [2025, 2026]),
                ("xinxiang-devzone-2015", [2019]),
            ]
            for (id, years) in wanted {
                let policy = try #require(library[id])
                for year in years {
                    for (line, seen) in zip(policy.lines, seen(policy, year: year, view)) {
                        // Asked of provinces, or of one city: there is none, or only the one.
                        if case .none = line.needed { continue }
                        if line.asked != nil { continue }
                        let name = "\(policy.rules[line.rule].id) \(line.category ?? "") \(year)"
                        #expect(seen.kept, "\(name): nobody keeps it")
                        #expect(seen.missed, "\(name): nobody misses it")
                        #expect(!seen.knowsOver || seen.exceeded, "\(name): nobody exceeds it")
                    }
                }
            }
        }
    }

    @Test("The city trains for democratic management every year but that of the epidemic; chairs are vacant as long as each warning asks")
    func overTime() async throws {
        let library = try FactsTests.library.get()
        try await Bench.with(.sqlite) { database, _ in
            _ = try await Demo.fill(
                database, numbers: PersonalNumbers(key: .random()), people: 1500, years: 2019...2026, today: Self.day, who: .system, passwords: .least)
            let view = try await Facts(database: database, shelf: PolicyShelf(library)).view()
            let policy = try #require(library["national-worker-representatives-2019-2023"]), city = try #require(view.history.organizations.first { $0.value.code == "HX" }?.key)
            let line = try #require(policy.line(rule: "B5", category: nil)), unit = try #require(view.number(ofOrganization: city))
            let verdicts = (2019...2023).map { view.cube(policy, year: $0, day: .lastDay(of: $0)).finding(line, unit: unit, subtree: true).verdict }
            #expect(verdicts == [.met, .unmet, .met, .met, .met])
            for rule in ["B4", "B6"] {
                let line = try #require(policy.line(rule: rule, category: nil))
                #expect(view.cube(policy, year: 2022, day: .lastDay(of: 2022)).finding(line, unit: unit, subtree: true).had.numerator > 0, "\(rule)")
            }
            let workforce = try #require(library["beijing-workforce-2015"]), chairs = try #require(workforce.line(rule: "C2", category: nil))
            let vacancies = view.cube(workforce, year: 2026, day: Self.day).explain(chairs, unit: unit, subtree: true).vacancies
            #expect(vacancies.contains(where: \.isFilledInTime) && vacancies.contains { $0.filled.map { $0 > 0 } == true && !$0.isFilledInTime })
            let days = vacancies.filter { $0.filled == nil }.map { Int(Self.day.number - $0.from) }
            for span in [0..<30, 30..<60, 60..<80, 80..<92, 92..<3000] { #expect(days.contains(where: span.contains), "vacant for \(span) days: \(days.sorted())") }
        }
    }
}
