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

@Suite("Which policies bind whom, and when", .ownThreads) struct BindingTests {
    static let cadres = "beijing-cadres-2019-2023", workforce = "beijing-workforce-2015"

    /// The shipped files, a local exception with another day's hours, and a plan of the next years for the cadres.
    static let library = Result { () throws -> PolicyLibrary in
        var texts: [PolicyText] = []
        for folder in try Settings.fromEnvironment().allPolicyFolders { texts += try PolicyLibrary.texts(folder: folder) }
        let local = "id: local\ntitle: 本区的例外\noverrides: \(cadres)\nconversion: { day: 6 hours, half-day: 3 hours, forms: [offJob], clause: 本区通知 }\n"
        let base = try #require(texts.first { $0.file.hasSuffix("\(cadres).yaml") }).text
        let next = base.replacingOccurrences(of: "id: \(cadres)", with: "id: next").replacingOccurrences(of: "2019-01-01, to: 2023-12-31", with: "2024-01-01, to: 2028-12-31")
        return try PolicyLibrary(texts + [PolicyText(file: "local.yaml", text: local), PolicyText(file: "next.yaml", text: next)]) { Fingerprint.text(of: $0) }
    }

    /// City, district, town, and a group beside the district.
    static let history = OrgHistory(
        organizations: [(1, "HX"), (2, "HX-LJ"), (3, "HX-LJ-BH"), (4, "HX-JC")].map { Organization(id: $0.0, code: $0.1) },
        versions: [(1, nil, "cityFederation"), (2, 1, "districtFederation"), (3, 2, "townFederation"), (4, 1, "bureauGroupUniversityUnion")].map { id, parent, kind in
            OrganizationVersion(id: id, organizationID: id, from: .always, to: .open, facts: OrganizationFacts(parentID: parent, name: "单位\(id)", kind: kind))
        })

    static func day(_ text: String) -> Day { Day(iso: text)! }

    private func bindings(_ rows: [(unit: Int64, subject: String, policy: String, from: String, to: String)] = [], _ library: PolicyLibrary? = nil) throws -> Bindings {
        let adoptions = rows.enumerated().map { place, row in
            Adoption(id: Int64(place + 1), organizationID: row.unit, subject: row.subject, policy: row.policy, from: Self.day(row.from), to: row.to.isEmpty ? .open : Self.day(row.to))
        }
        return Bindings(adoptions, try library ?? Self.library.get(), Self.history)
    }

    @Test("Where nobody has adopted any, the only loaded file of the subject whose period holds the day binds; a local exception never does")
    func loaded() throws {
        let all = try bindings()
        func ids(_ day: String) -> [String] { all.policies(at: 3, on: Self.day(day)).map(\.id).filter { [Self.cadres, Self.workforce, "next", "local"].contains($0) } }
        #expect(ids("2014-12-31") == [] && ids("2018-12-31") == [Self.workforce])
        #expect(ids("2022-12-31") == [Self.cadres, Self.workforce] && ids("2024-12-31") == ["next", Self.workforce])
        #expect(all.policies(at: nil, on: Self.day("2022-12-31")).map(\.id) == all.policies(at: 3, on: Self.day("2022-12-31")).map(\.id))
    }

    @Test("What a unit adopts is inherited below, until one there adopts its own of the same subject; other subjects stay")
    func inherited() throws {
        let all = try bindings([
            (1, "cadres", Self.cadres, "2019-01-01", ""), (2, "cadres", "local", "2021-07-01", "2023-01-01"), (4, "workforce", Self.workforce, "2016-01-01", ""),
        ])
        func cadres(_ unit: Int64, _ day: String) -> String? { all.policies(at: unit, on: Self.day(day)).first { $0.subject == "cadres" }?.id }
        for unit in [Int64(2), 3] {
            #expect(cadres(unit, "2021-06-30") == Self.cadres && cadres(unit, "2021-07-01") == "local" && cadres(unit, "2022-12-31") == "local")
            #expect(cadres(unit, "2023-01-01") == Self.cadres)
        }
        #expect(cadres(4, "2022-01-01") == Self.cadres && cadres(1, "2022-01-01") == Self.cadres)
        // What was adopted binds no longer than its own period: the next plan is the only one then.
        #expect(cadres(3, "2024-12-31") == "next")
        guard case .one(let binding) = all.answer("cadres", at: 3, on: Self.day("2022-01-01")) else { throw Refusal("test", "") }
        #expect(binding.adoption?.organizationID == 2)
        guard case .one(let own) = all.answer("workforce", at: 4, on: Self.day("2022-01-01")) else { throw Refusal("test", "") }
        #expect(own.adoption?.organizationID == 4)
        let tree = Self.history.tree(on: Self.day("2022-01-01"))
        #expect(Set(all.policies(inSubtreeOf: 1, on: Self.day("2022-01-01"), tree).map(\.id)).isSuperset(of: [Self.cadres, "local", Self.workforce]))
        #expect(!all.policies(inSubtreeOf: 4, on: Self.day("2022-01-01"), tree).contains { $0.id == "local" })
    }

    @Test("Several files of a subject of which nobody adopted one bind nobody and are named; one that is adopted and not loaded likewise")
    func undecided() throws {
        let base = try Self.library.get()
        var texts: [PolicyText] = []
        for folder in try Settings.fromEnvironment().allPolicyFolders { texts += try PolicyLibrary.texts(folder: folder) }
        let plan = try #require(texts.first { $0.file.hasSuffix("\(Self.cadres).yaml") })
        let two = try PolicyLibrary(texts + [PolicyText(file: "twin.yaml", text: plan.text.replacingOccurrences(of: "id: \(Self.cadres)", with: "id: twin"))]) { $0 }
        let all = try bindings([], two), day = Self.day("2022-12-31")
        #expect(!all.policies(at: 3, on: day).contains { $0.subject == "cadres" })
        let refusal = #expect(throws: Refusal.self) { try all.only(at: 3, year: 2022) { $0.rule("A1") != nil } }
        #expect(refusal?.name == "policy.several" && refusal?.sentence.contains("twin") == true && refusal?.sentence.contains(Self.cadres) == true)
        // One of them adopted above decides.
        let decided = try bindings([(1, "cadres", "twin", "2019-01-01", "")], two)
        #expect(try decided.only(at: 3, year: 2022) { $0.rule("A1") != nil }.id == "twin")
        let gone = try bindings([(1, "cadres", "away", "2019-01-01", "")], base)
        #expect(!gone.policies(at: 3, on: day).contains { $0.subject == "cadres" })
        let missing = #expect(throws: Refusal.self) { try gone.only(at: 3, year: 2022) { $0.rule("A1") != nil } }
        #expect(missing?.name == "policy.none")
    }

    @Test("A question without a policy is answered by what was adopted before what only is loaded; several are named")
    func only() throws {
        let plain = try bindings()
        #expect(try plain.only(at: 3, year: 2022) { $0.rule("C10") != nil }.id == Self.workforce)
        #expect(throws: Refusal.self) { try plain.only(at: 3, year: 2022) { !$0.lines.isEmpty } }
        #expect(throws: Refusal.self) { try plain.only(at: 3, year: 2010) { _ in true } }
        let adopted = try bindings([(1, "cadres", Self.cadres, "2019-01-01", "")])
        #expect(try adopted.only(at: 3, year: 2022) { !$0.lines.isEmpty }.id == Self.cadres)
    }

    @Test("Pages open with the policy of the year; without a year with the nearest, also one that is over or not yet begun")
    func nearest() throws {
        let all = try bindings([(1, "cadres", Self.cadres, "2019-01-01", "")], FactsTests.library.get())
        let opened = try all.opening(at: 3, year: nil, today: Self.day("2026-11-20"))
        #expect(opened.policy.id == Self.cadres && opened.year == 2023)
        #expect(all.nearest(at: 3, on: Self.day("2026-11-20"))[0].id == Self.cadres && all.nearest(at: 3, on: Self.day("2018-01-01"))[0].id == Self.cadres)
        #expect(try all.opening(at: 3, year: 2018, today: Self.day("2026-11-20")).policy.id == Self.workforce)
        #expect(throws: Refusal.self) { try all.opening(at: 3, year: 2012, today: Self.day("2026-11-20")) }
        #expect(all.years(of: "cadres", at: 3) == Array(2019...2023))
    }

    @Test("Adopting ends what was adopted of the same subject on that day and no other; what cannot be is refused by name", arguments: [
        ("next", "2023-12-31", "adoption.period"), (cadres, "2019-01-01", "adoption.sameDay"), (cadres, "2020-01-01", "adoption.same"), ("local", "2021-01-01", ""),
    ])
    func adopting(policy: String, from: String, refusal: String) throws {
        let library = try Self.library.get(), new = try #require(library[policy])
        let others = [
            Adoption(id: 1, organizationID: 1, subject: "cadres", policy: Self.cadres, from: Self.day("2019-01-01"), to: Self.day("2023-01-01")),
            Adoption(id: 2, organizationID: 1, subject: "cadres", policy: "local", from: Self.day("2023-01-01"), to: .open),
            Adoption(id: 3, organizationID: 1, subject: "workforce", policy: Self.workforce, from: Self.day("2019-01-01"), to: .open),
        ]
        if refusal.isEmpty {
            let come = try Adoption.adopt(new, from: Self.day(from), besides: others)
            #expect(come.ended?.id == 1 && come.ended?.to == Self.day(from) && come.to == Self.day("2023-01-01"))
        } else {
            #expect(#expect(throws: Refusal.self) { try Adoption.adopt(new, from: Self.day(from), besides: others) }?.name == refusal)
        }
        #expect(#expect(throws: Refusal.self) { try others[0].ending(on: Self.day("2023-01-01")) }?.name == "adoption.over")
        #expect(#expect(throws: Refusal.self) { try others[0].ending(on: Self.day("2019-01-01")) }?.name == "adoption.notBegun")
        #expect(try others[0].ending(on: Self.day("2020-01-01")).to == Self.day("2020-01-01"))
    }

    // MARK: - in the database

    @Test("Rows of one subject of a unit never overlap, whoever writes; the facts' views follow each adoption at once")
    func stored() async throws {
        let library = try Self.library.get(), cadres = try #require(library[Self.cadres]), local = try #require(library["local"])
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: PersonalNumbers(key: .random())), lj = named.units["HX-LJ"]!, bh = named.units["HX-LJ-BH"]!
            let facts = Facts(database: database, shelf: PolicyShelf(library)), day = Self.day("2022-12-31")
            func bound() async throws -> String? { try await facts.view().bindings.policies(at: bh, on: day).first { $0.subject == "cadres" }?.id }
            #expect(try await bound() == Self.cadres)
            let before = try await facts.view().stamp
            try await database.write(Bench.act) { try AdoptionStore.adopt(cadres, by: lj, from: Self.day("2019-01-01"), in: $0) }
            let replaced = try await database.write(Bench.act) { try AdoptionStore.adopt(local, by: lj, from: Self.day("2022-01-01"), in: $0) }
            #expect(try await bound() == "local")
            #expect(try await facts.view().stamp != before)
            #expect(try await database.read { try AdoptionStore.adoptions(of: lj, in: $0) }.map(\.to) == [Self.day("2022-01-01"), .open])
            await #expect(throws: (any Error).self) {
                try await database.write(Bench.act) { db in
                    try db.run(SQL("""
                        INSERT INTO policy_adoption (id, organization_id, subject, policy, from_day, to_day, act_id)
                        VALUES (\(db.nextID()), \(lj), 'cadres', 'x', \(Self.day("2020-01-01")), \(Self.day("2020-02-01")), \(db.actID))
                        """))
                }
            }
            try await database.write(Bench.act) { try AdoptionStore.end(replaced.id, on: Self.day("2022-06-01"), in: $0) }
            // Ended in the middle of the year: what binds on its last day is the only loaded file again.
            #expect(try await bound() == Self.cadres)
            let images = try await database.read { try AdoptionStore.changes(of: lj, in: $0) }
            #expect(images.count == 4)
        }
    }

    @Test("A record that says days and hours both is held against the policy of the person's unit on its last day")
    func conversion() async throws {
        let library = try Self.library.get(), local = try #require(library["local"]), numbers = PersonalNumbers(key: .random())
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: numbers), liu = named.people["刘芳"]!
            let number = try await database.read { db in try RosterStore.idNumber(of: try #require(try RosterStore.person(liu, in: db)), numbers: numbers).text }
            let path = NSTemporaryDirectory() + "/records-\(UUID().uuidString).csv"
            defer { try? FileManager.default.removeItem(atPath: path) }
            func judged(_ hours: String, ending to: String) async throws -> ImportReport {
                try "证件号码,姓名,培训名称,培训形式,开始日期,结束日期,天数,学时\n\(number),刘芳,轮训,脱产培训,\(to),\(to),1,\(hours)\n".write(toFile: path, atomically: true, encoding: .utf8)
                let file = try TrainingRecordImport(
                    try TableReader(file: path, columns: TrainingRecordSheet.columns(library.vocabulary)), library: library, numbers: numbers, today: Self.day("2023-06-01"))
                return try await database.read { try file.judge($0).report }
            }
            #expect(try await judged("8", ending: "2022-06-30").errors.isEmpty)
            #expect(try await judged("6", ending: "2022-06-30").errors.contains { $0.column == "学时" && $0.sentence.contains("天数与学时不一致") })
            try await database.write(Bench.act) { try AdoptionStore.adopt(local, by: named.units["HX-LJ"]!, from: Self.day("2022-07-01"), in: $0) }
            #expect(try await judged("8", ending: "2022-06-30").errors.isEmpty)
            #expect(try await judged("6", ending: "2022-07-01").errors.isEmpty)
            #expect(try await judged("8", ending: "2022-07-01").errors.contains { $0.sentence.contains("一天 6 学时") })
            // Before any plan nobody says how a day converts.
            #expect(try await judged("5", ending: "2014-06-30").errors.isEmpty)
        }
    }

    @Test("The command line answers without a policy by what binds the unit in the year, and refuses by name where that is not one")
    func commandLine() async throws {
        let library = try FactsTests.library.get(), cadres = try #require(library[Self.cadres]), today = Self.day("2026-01-01")
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: PersonalNumbers(key: .random()))
            let facts = Facts(database: database, shelf: PolicyShelf(library))
            func refusal(_ ask: IndicatorsAsk) -> String? { #expect(throws: Refusal.self) { try Indicators.findings(ask, facts: facts, today: today) }?.name }
            #expect(try Indicators.findings(IndicatorsAsk(year: 2022, unit: "HX-LJ", subtree: true, rule: "A1"), facts: facts, today: today).frame.policy.id == Self.cadres)
            #expect(try Indicators.explanation(IndicatorsAsk(year: 2022, unit: "HX-LJ", subtree: true, rule: "C10", category: "newSocialWorkers"), facts: facts, today: today).0.frame.policy.id == Self.workforce)
            #expect(refusal(IndicatorsAsk(year: 2022, unit: "HX-LJ", subtree: true)) == "policy.several")
            #expect(refusal(IndicatorsAsk(year: 2010, unit: "HX-LJ", subtree: true)) == "policy.none")
            #expect(refusal(IndicatorsAsk(year: 2022, unit: "HX-LJ", subtree: true, rule: "Z1")) == "indicators.rule")
            #expect(refusal(IndicatorsAsk(year: 2022, unit: "NONE", subtree: true)) == "indicators.unit")
            #expect(refusal(IndicatorsAsk(policy: Self.cadres, year: 2024, unit: "HX-LJ", subtree: true)) == "indicators.year")
            try await database.write(Bench.act) { try AdoptionStore.adopt(cadres, by: named.units["HX"]!, from: Self.day("2019-01-01"), in: $0) }
            #expect(try Indicators.findings(IndicatorsAsk(year: 2022, unit: "HX-LJ", subtree: true), facts: facts, today: today).frame.policy.id == Self.cadres)
            // Any loaded policy answers where it is named, adopted or not.
            #expect(try Indicators.findings(IndicatorsAsk(policy: Self.workforce, year: 2022, unit: "HX-LJ", subtree: true), facts: facts, today: today).frame.policy.id == Self.workforce)
        }
    }

    @Test("A clock is told under the policy that binds the unit of the post, and its link keeps that policy")
    func clocks() async throws {
        let library = try Self.library.get(), local = try #require(library["local"])
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: PersonalNumbers(key: .random())), units = named.units
            try await database.write(Bench.act) { db in
                try RosterStore.appoint(Appointment(personID: named.people["吴静"]!, organizationID: units["HX-LJ-BH-Q001"]!, from: Day(2022, 1, 10)!, isPrimary: false, title: "副主席"), in: db)
            }
            let facts = Facts(database: database, shelf: PolicyShelf(library))
            func policies() async throws -> Set<String> {
                let view = try await facts.view()
                return Set(RunningClocks.read([units["HX"]!], view, today: Day(2022, 12, 1)!).clocks.filter { $0.personID == named.people["吴静"] && $0.rule.contains("主席") }.flatMap { clock in
                    [Self.cadres, "local"].filter { clock.link.contains("policy=\($0)&") }
                })
            }
            #expect(try await policies() == [Self.cadres])
            try await database.write(Bench.act) { try AdoptionStore.adopt(local, by: units["HX-LJ-BH"]!, from: Self.day("2022-07-01"), in: $0) }
            #expect(try await policies() == ["local"])
        }
    }
}
