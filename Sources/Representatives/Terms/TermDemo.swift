import Access
import Kit
import Register

/// Elections of the demo world: terms in office, 届满未换届, followed by the next 届次, left early, and by-elections.
enum TermDemo {
    static func add(_ ground: DemoGround, in db: Writing) throws {
        let history = try OrganizationStore.history(in: db)
        func isWork(_ code: String) -> Bool {
            guard let unit = ground.units[code], history.closed(unit) == .open, history.founded(unit) == .always else { return false }
            return ["enterpriseUnion", "institutionUnion"].contains(history.latest(unit)?.facts.kind)
        }
        // Where visitors are shown in first, then all over the city: few units, enough for every story.
        let work = ground.units.keys.sorted().filter(isWork), shown = ["HX-JC-", "HX-LJ-"]
        let places = shown.map { start in work.filter { $0.hasPrefix(start) } } + [work.filter { code in !shown.contains(where: code.hasPrefix) }]
        var place = 0
        // The world's last year; of one that runs, the last that holds all that is told of it.
        let year = ground.today.map { $0 > Day.firstDay(of: $0.year) + 210 ? $0.year : $0.year - 1 } ?? ground.year
        for (codes, most) in zip([["HX-JC"]] + places, [1, 6, 10, 8]) {
            var left = most
            for code in codes.prefix(200) where left > 0 {
                guard let unit = ground.units[code] else { continue }
                let members = try TermStore.members(of: unit, limit: 12, in: db), since = Dictionary(members.map { ($0.person, $0.since) }, uniquingKeysWith: min)
                guard members.count >= 3 else { continue }
                // Nobody was elected before coming.
                try TermStore.insert(terms(of: members.map(\.person), in: unit, place: place, year, hasBefore: ground.today != nil).filter { $0.elected >= since[$0.personID] ?? .open }, in: db)
                place += 1
                left -= 1
            }
        }
    }

    private static let constituencies = ["一车间", "二车间", "研发部", "行政后勤", "营销部", "质量部"]
    private static let compositions = ["frontLine", "frontLine", "middleManager", "frontLine", "seniorManager", "frontLine"]

    /// The terms of one unit by the story of its place, of the same people always.
    private static func terms(of people: [Int64], in unit: Int64, place: Int, _ year: Int, hasBefore: Bool) -> [TermOfOffice] {
        func term(_ number: Int, _ kind: String, _ session: String, _ elected: Day, years: Int, left: Day = .open) -> TermOfOffice {
            TermOfOffice(
                personID: people[number], organizationID: unit, kind: kind, session: session, elected: elected, expiry: elected.adding(years: years), left: left,
                constituency: constituencies[(number + place) % constituencies.count], composition: compositions[number % compositions.count])
        }
        // Elected three years ago for five; every third unit five and a half years ago, and nobody since.
        let isOverdue = place % 3 == 2
        let last = isOverdue ? Day.firstDay(of: year - 5) - 184 : Day.firstDay(of: year - 2) + 73 + place
        let session = isOverdue ? "第二届" : "第三届", worker = "workerRepresentative"
        // The last two are kept for what follows.
        var terms = people.indices.dropLast(2).map { term($0, worker, session, last, years: 5) }
        if !isOverdue, !terms.isEmpty {
            // The 届次 before, ended by this one: some were elected again.
            terms += people.indices.dropLast(2).filter { $0 % 2 == 0 }.map { term($0, worker, "第二届", last.adding(years: -5), years: 5) }
        }
        if place % 3 == 1, !terms.isEmpty {
            // One left before the time, and another one came in by by-election for the rest of it.
            let day = Day.firstDay(of: year) + 120
            terms[0].left = day
            terms.append(TermOfOffice(
                personID: people[people.count - 1], organizationID: unit, kind: worker, session: session, elected: day + 30, expiry: terms[0].expiry,
                constituency: terms[0].constituency, composition: terms[0].composition))
        }
        if place % 2 == 0 {
            let day = Day.firstDay(of: year - 1) + 59
            terms.append(term(people.count - 1, "workerDirector", "第二届", day, years: 3))
            terms.append(term(people.count - 2, "workerSupervisor", "第二届", day, years: 3, left: place % 4 == 0 ? .open : Day.firstDay(of: year) + 200))
            if hasBefore {
                terms.append(term(people.count - 1, "workerDirector", "第一届", day.adding(years: -3), years: 3))
                terms.append(term(people.count - 2, "workerSupervisor", "第一届", day.adding(years: -3), years: 3))
            }
        }
        return terms
    }
}
