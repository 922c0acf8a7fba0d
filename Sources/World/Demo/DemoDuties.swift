import Kit
import Ledger
import Representatives

/// What the representatives, directors and supervisors of the demo world learn for their duty: in one unit of three everybody in time, in
/// one some, in one nobody. Units whose hours are counted out are left alone, and the past of those where visitors are shown in first.
enum DemoDuties {
    static func train(_ codes: [String: Int64], _ city: City, today: Day, _ db: Writing) throws {
        let exact = Set(city.units.filter(\.temperament.isExact).map(\.code)), shown = city.units[city.districts[0]].code + "-"
        let names = Dictionary(codes.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        let terms = Dictionary(grouping: try TermStore.all(in: db), by: \.organizationID), ends = TermOfOffice.endsByID(of: terms.values.flatMap(\.self))
        var told: Set<String> = [], steps: [(personID: Int64, step: Posting.Step)] = []
        for (place, unit) in terms.keys.sorted(by: { (names[$0] ?? "") < (names[$1] ?? "") }).enumerated() where place % 3 < 2 {
            for (number, term) in (terms[unit] ?? []).enumerated() where place % 3 == 0 || number % 2 == 0 {
                let isWorker = term.kind == "workerRepresentative", code = names[unit] ?? ""
                let wish = term.elected + 45 + place % 20, day = wish - (Int(wish.number) + 3) % 7, days = isWorker ? 1 : 2
                guard day > term.elected, day + days <= today, day + days < ends[term.id]?.day ?? .open, !exact.contains(code), !code.hasPrefix(shown) || day >= City.planDay else { continue }
                let source = "\(code)-\(day.year)-\(isWorker ? "LZ" : "DJ")\(day.parts.month)"
                guard told.insert("\(term.personID) \(source)").inserted else { continue }
                let record = TrainingRecord(
                    sourceCode: source, title: "\(day.year)年\(isWorker ? "职工代表" : "职工董事、职工监事")履职培训班", form: "offJob", isSelected: true, purpose: "duty",
                    content: "professional", hostID: unit, institution: "", from: day, to: day + (days - 1), halfDays: days * 2, hours: nil, isCompleted: true)
                steps.append((term.personID, Posting.Step(sourceKey: record.sourceKey, revision: 0, sign: .posting, record: record)))
            }
        }
        try HourEntryStore.writeAll(steps, db)
    }
}
