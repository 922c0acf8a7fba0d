@testable import App
@testable import Figures
import Foundation
import Kit
import Ledger
import Register
@testable import Rules
@testable import Standing
import TestBench
import Testing
import World

@Suite("Columns that follow the database", .ownThreads) struct FactsTests {
    private let numbers = PersonalNumbers(key: .random())
    static let library = Result { try PolicyLibrary.loaded(folders: Settings.fromEnvironment().allPolicyFolders) }

    /// All findings of every unit, alone and with its subtree, at two days of the policy.
    private func everything(_ view: Facts.View, _ policy: Policy) -> [String: [Finding]] {
        var all: [String: [Finding]] = [:]
        for (year, day) in [(2021, Day.lastDay(of: 2021)), (2023, Day(2023, 7, 3) ?? .open)] {
            let cube = view.cube(policy, year: year, day: day)
            for (id, organization) in view.history.organizations {
                guard let number = view.number(ofOrganization: id) else { continue }
                for subtree in [false, true] { all["\(organization.code) \(year) \(subtree)"] = cube.findings(unit: number, subtree: subtree) }
            }
        }
        return all
    }

    @Test("After any kind of change the followed figures are those of columns read anew, on both engines")
    func follows() async throws {
        let library = try Self.library.get(), policy = try #require(library["beijing-cadres-2019-2023"])
        try await onBothEngines { database in
            _ = try await Demo.fill(database, numbers: numbers, people: 250, who: .system, passwords: .least)
            let facts = Facts(database: database, shelf: PolicyShelf(library))
            var before = everything(try await facts.view(), policy)

            let people = try await database.read { db in try db.rows("SELECT id FROM person WHERE merged_into IS NULL ORDER BY id") { $0.int(0) } }
            let host = try await database.read { db in try db.count("SELECT min(id) FROM organization") }
            let (from, to) = (try #require(Day(2021, 3, 1)), try #require(Day(2021, 3, 10)))
            func same(_ what: Comment, changes: Bool = true) async throws {
                let followed = everything(try await facts.view(), policy)
                let anew = everything(try await Facts(database: database, shelf: PolicyShelf(library)).view(), policy)
                #expect(followed == anew, what)
                #expect((followed != before) == changes, what)
                before = followed
            }

            let posted = try await database.write(Bench.act) { db in
                try people.prefix(40).map { person in
                    try HourEntryStore.post(
                        TrainingRecord(title: "补登的班", form: "offJob", isSelected: true, hostID: host, from: from, to: to, halfDays: 20), to: person, db)
                }
            }
            try await same("new entries")

            try await database.write(Bench.act) { db in try HourEntryStore.reverse(posted[0], why: "登错了人", db) }
            try await same("a reversal")

            let moved = try await database.read { db in try RosterStore.appointments(of: Array(people.prefix(60)), in: db) }
                .first { $0.isPrimary && $0.to == .open && !$0.category.isEmpty && $0.from < from && $0.organizationID != host }
            var post = try #require(moved)
            post.organizationID = host
            post.from = try #require(Day(2021, 6, 1))
            let transfer = post
            try await database.write(Bench.act) { db in try RosterStore.transfer(to: transfer, in: db) }
            try await same("a move")

            // Two files that turn out to be one person: one in post, one whose posts are over.
            let (gone, stays) = (people[2], people[1])
            try await database.write(Bench.act) { db in
                for post in try RosterStore.appointments(of: [gone], in: db) {
                    var secondary = post
                    secondary.isPrimary = false
                    try RosterStore.correct(post.id, to: secondary, in: db)
                }
                try RosterStore.merge(gone, into: stays, in: db)
                try HourEntryStore.reverseDoubles(survivor: stays, loser: gone, db)
            }
            try await same("a merge")

            try await database.write(Bench.act) { db in
                _ = try HourEntryStore.post(TrainingRecord(title: "合并后的班", form: "offJob", from: from, to: to, halfDays: 6), to: stays, db)
            }
            try await same("an entry after a merge")

            let unit = try await database.read { db in
                try OrganizationStore.history(in: db).tree(on: to).units.last { $0.parentID != host && $0.depth >= 2 }
            }
            let leaf = try #require(unit)
            try await database.write(Bench.act) { db in try OrganizationStore.move(leaf.id, to: host, from: try #require(Day(2021, 2, 1)), in: db) }
            let anew = everything(try await Facts(database: database, shelf: PolicyShelf(library)).view(), policy)
            #expect(everything(try await facts.view(), policy) == anew, "a moved unit")
        }
    }

    @Test("A figure and its list of names agree, for every line and unit of a made world")
    func explains() async throws {
        let library = try Self.library.get(), policy = try #require(library["beijing-cadres-2019-2023"])
        try await Bench.with(.sqlite) { database, _ in
            _ = try await Demo.fill(database, numbers: numbers, people: 200, who: .system, passwords: .least)
            let view = try await Facts(database: database, shelf: PolicyShelf(library)).view()
            let cube = view.cube(policy, year: 2022, day: .lastDay(of: 2022))
            for id in view.history.organizations.keys {
                let number = try #require(view.number(ofOrganization: id))
                for line in policy.lines.indices {
                    let told = cube.explain(line, unit: number, subtree: true), finding = cube.finding(line, unit: number, subtree: true)
                    #expect(told.numerator.reduce(0) { $0 + $1.amount } == finding.had.numerator)
                    if case .total = policy.lines[line].shape { continue }
                    #expect(Int64(told.denominator.count) == finding.had.denominator)
                }
            }
        }
    }

    @Test("Entries named by an explanation are the person's own, also after a merge")
    func namesEntries() async throws {
        let library = try Self.library.get()
        try await onBothEngines { database in
            _ = try await Demo.fill(database, numbers: numbers, people: 120, who: .system, passwords: .least)
            let facts = Facts(database: database, shelf: PolicyShelf(library))
            let ask = IndicatorsAsk(policy: "beijing-cadres-2019-2023", year: 2022, unit: "HX", subtree: true, rule: "A1", category: "grassroots")
            let (told, view) = try Indicators.explanation(ask, facts: facts, today: Day(2026, 1, 1) ?? .open)
            let people = try await database.read { db in try told.named(view, in: db) }
            #expect(!told.explanation.numerator.isEmpty)
            for share in told.explanation.numerator {
                #expect(!share.entries.isEmpty)
                let sum = share.entries.compactMap { number -> Int64? in
                    let entry = people.entries[share.person]?[Int(number)]
                    #expect(entry.map { ["offJob", "lecture"].contains($0.record.form) && $0.record.isCompleted } == true)
                    guard let record = entry?.record, record.from.year == 2022, record.to.year == 2022 else { return nil }
                    return told.frame.policy.hours(form: record.form, halfDays: record.halfDays.map(Int64.init), hours: record.hours.map(Int64.init))
                }
                // Those across New Year count in part; without them the sum is exact.
                if sum.count == share.entries.count { #expect(sum.reduce(0, +) == share.amount) }
            }
        }
    }
}

@Suite("Findings as they are told", .ownThreads) struct ReportTests {
    @Test("JSON leaves nothing out: null where there is no category, need or verdict")
    func json() async throws {
        let library = try FactsTests.library.get()
        try await Bench.with(.sqlite) { database, _ in
            _ = try await Demo.fill(database, numbers: PersonalNumbers(key: .random()), people: 60, who: .system, passwords: .least)
            let facts = Facts(database: database, shelf: PolicyShelf(library)), today = Day(2026, 1, 1) ?? .open
            let text = try Indicators.findings(
                IndicatorsAsk(policy: "beijing-cadres-2019-2023", year: 2022, unit: "HX", subtree: true), facts: facts, today: today
            ).json()
            let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            #expect(object["unit"] as? String == "HX" && object["subtree"] as? Bool == true && object["asOf"] as? String == "2022-12-31")
            #expect((object["digest"] as? String)?.hasPrefix("sha256:") == true)
            let findings = try #require(object["findings"] as? [[String: Any]])
            let keys: Set<String> = ["rule", "category", "had", "needed", "unit", "verdict", "clause", "display"]
            for finding in findings { #expect(Set(finding.keys) == keys) }
            let whole = try #require(findings.first { $0["rule"] as? String == "A2" && $0["category"] is NSNull })
            #expect(whole["needed"] is NSNull && whole["verdict"] is NSNull)
        }
    }

    @Test("Wrong questions are refused by name", arguments: [
        ("nobody", 2022, "HX", "A1", "indicators.policy"), ("beijing-cadres-2019-2023", 2024, "HX", "A1", "indicators.year"),
        ("beijing-cadres-2019-2023", 2022, "NO", "A1", "indicators.unit"), ("beijing-cadres-2019-2023", 2022, "HX", "B9", "indicators.rule"),
    ])
    func refusals(_ policy: String, _ year: Int, _ unit: String, _ rule: String, _ name: String) async throws {
        let library = try FactsTests.library.get()
        try await Bench.with(.sqlite) { database, _ in
            let facts = Facts(database: database, shelf: PolicyShelf(library))
            let ask = IndicatorsAsk(policy: policy, year: year, unit: unit, subtree: true, rule: rule)
            #expect { try Indicators.findings(ask, facts: facts, today: Day(2026, 1, 1) ?? .open) } throws: { ($0 as? Refusal)?.name == name }
        }
    }

    @Test("The answer counts what is judged and puts the worst first")
    func answer() {
        func finding(_ verdict: Verdict?, had: Int64, needed: Int64) -> Finding {
            Finding(
                line: 0, rule: "X", category: nil, had: Ratio(had, 10), needed: Ratio(needed, 10), unit: .persons, verdict: verdict, clause: "",
                shortfall: verdict == .unmet || verdict == .pending ? .init(hours: 0, people: needed - had) : nil, over: nil, display: "")
        }
        let answer = UnitAnswer([
            finding(.met, had: 5, needed: 5), finding(.unmet, had: 4, needed: 5), finding(.pending, had: 0, needed: 5),
            finding(.unmet, had: 1, needed: 5), finding(nil, had: 1, needed: 5), finding(.notApplicable, had: 0, needed: 5),
        ])
        #expect(answer.judged == 4 && answer.met == 1 && answer.unmet == 2 && answer.pending == 1)
        #expect(answer.worst.map(\.had.numerator) == [1, 4])
    }
}
