import Access
import Kit
import People
import Register
import Rules

/// One training for several people in the ledger: what it comes to, the act that posts it, and the one that takes it back.
enum RecordEntryStore {
    static let act = "record.enter"

    /// What the training comes to for each. By the judge of the workbook: a row a person.
    static func plan(_ entry: RecordEntry, _ signedIn: SignedIn, _ library: PolicyLibrary, in db: Reading) throws -> RecordEntry.Plan {
        let people = try RosterStore.people(entry.people, in: db), scope = ScopeOverTime(signedIn.scope)
        let ids = entry.people.filter { people[$0] != nil }
        let rows = ids.enumerated().compactMap { at, id in
            people[id].map { TrainingRecordRow(row: at + 1, idIndex: $0.idIndex, name: $0.name, hostCode: "", record: entry.record) }
        }
        let units = signedIn.scope.organizationIDs(for: .keeping).union(scope.absentUnits(for: .keeping))
        let judged = try TrainingRecordImport(rows: rows, library: library, today: signedIn.today, reach: ImportReach(units: units, account: signedIn.account.id) { _ in nil }).judge(db)
        let faults = Dictionary(grouping: judged.report.errors, by: \.row), hints = Dictionary(grouping: judged.report.hints, by: \.row)
        var plan = RecordEntry.Plan()
        plan.steps = judged.steps
        // A source that stood in a file merged into theirs goes on there.
        let posted = Set(judged.steps.map(\.personID))
        for (at, id) in ids.enumerated() {
            let outcome: RecordEntry.Outcome =
                if let wrong = faults[at + 1] { .refused(wrong.map(\.sentence).joined(separator: "；")) }
                else if try posted.contains(id) || RosterStore.absorbed(by: id, in: db).contains(where: { posted.contains($0.id) }) { .new } else { .known }
            plan.outcomes.append((id, outcome, hints[at + 1, default: []].map(\.sentence)))
        }
        return plan
    }

    /// Posts what was previewed. Refusals `entry.nothing`, `entry.changed`.
    static func carryOut(_ entry: RecordEntry, digest: String, _ signedIn: SignedIn, _ library: PolicyLibrary, in db: Writing) throws {
        try signedIn.requireStanding(in: db)
        let plan = try plan(entry, signedIn, library, in: db)
        guard !plan.steps.isEmpty else { throw Refusal("entry.nothing", "这些人都已登记过这次培训，或者有误，什么也没有登记。") }
        guard plan.digest == digest else { throw Refusal("entry.changed", "您核对以后，其中有人的记录有了变动，没有登记；请看过现在的结果再登记。") }
        try HourEntryStore.writeAll(plan.steps, db)
    }

    /// What an act has posted.
    struct Done: Sendable {
        let act: ActRecord
        let entries: [HourEntry]
        let people: [Int64: Person]
        /// Of how many the record was corrected or taken back since.
        let changedSince: Int
    }

    /// The act, for whoever keeps all of whom it posted; nil for everybody else and for any other act.
    static func done(_ id: Int64, _ signedIn: SignedIn, in db: Reading) throws -> Done? {
        guard let act = try ActStore.act(id, in: db), act.kind == Self.act else { return nil }
        let entries = try HourEntryStore.postings(ofAct: id, from: db), files = Array(Set(entries.map(\.personID)))
        let people = try Dictionary(files.compactMap { file in try RosterStore.living(file, in: db).map { (file, $0) } }, uniquingKeysWith: { first, _ in first })
        let posts = Dictionary(grouping: try RosterStore.appointments(of: people.values.map(\.id), in: db), by: \.personID), scope = ScopeOverTime(signedIn.scope)
        guard !entries.isEmpty, people.values.allSatisfy({ PersonSight(posts[$0.id] ?? [], scope, today: signedIn.today)?.mayKeep == true }) else { return nil }
        return Done(act: act, entries: entries, people: people, changedSince: try HourEntryStore.changedSince(act: id, from: db).count)
    }
}
