import Access
import Kit
import People
import Register

/// The import that is to be taken back, and the act that does it: one judge for the preview and the deed.
enum ImportUndoStore {
    /// What taking an import back would do now; nil for one that is not done, that has written nothing, or that was taken back.
    static func plan(_ job: ImportJob, _ signedIn: SignedIn, _ house: House, in db: Reading) throws -> ImportUndo? {
        guard job.state == .done, job.undoneActID == nil, let act = try ActStore.act(job.actID, in: db), act.kind == "import.\(job.kind.key)" else { return nil }
        let features = house.features, byRows = features.brought(TakenBackByRows.self), rowSubjects = Set(byRows.map(\.subject))
        // Rows of the ledger are one change for many: their seals say how many.
        let rows = try byRows.reduce(try ActStore.count(ofAct: act.id, in: db)) { $0.addingReportingOverflow(try $1.size(act.id, db)).partialValue }
        guard rows <= Undo.mostRows else {
            return ImportUndo(
                job: job, act: act, parts: [], entries: 0, people: [], peopleCount: 0, obstacles: [], obstacleCount: 0, refusal: ImportUndo.large(rows))
        }
        let changes = try ActStore.changes(ofAct: act.id, in: db).filter { !rowSubjects.contains($0.subject) }
        let counts = try byRows.map { try $0.count(act.id, db) }
        let unmaking = unmaking(of: act.id, changes, besides: counts.flatMap(\.people))
        let isOwn = try mayUndo(changes, unmaking, signedIn, in: db)
        // What is somebody else's is not listed.
        let later = try isOwn ? later(act.id, changes, unmaking, byRows, features, in: db) : []
        let names = try names(later.prefix(ImportUndo.listed).map(\.of), unmaking, in: db)
        let fresh = Set(unmaking.people), listed = isOwn ? Array(unmaking.touched.prefix(ImportUndo.listed)) : []
        let found = try RosterStore.people(listed, in: db)
        for person in listed { signedIn.looks.add(person) }
        return ImportUndo(
            job: job, act: act, parts: parts(changes, features), entries: counts.reduce(0) { $0 + $1.rows },
            people: listed.compactMap { id -> (id: Int64, name: String, isNew: Bool)? in
                guard let person = found[id] else { return nil }
                return (id, person.name, fresh.contains(id))
            }, peopleCount: unmaking.touched.count,
            obstacles: later.prefix(ImportUndo.listed).map { one in
                switch one.of {
                case .person(let id): ImportUndo.Obstacle(name: names[one.of] ?? "", words: one.words, link: one.link ?? "/people/\(id)/history", isForGood: one.isForGood)
                case .unit(let id): ImportUndo.Obstacle(name: names[one.of] ?? "", words: one.words, link: one.link ?? "/organizations/\(id)", isForGood: one.isForGood)
                }
            }, obstacleCount: later.count, isBarredForGood: later.contains(where: \.isForGood), refusal: isOwn ? nil : ImportUndo.others)
    }

    /// Takes it back, in an act of the kind `Unmaking.act`. Throws what `ImportUndo.check` and `TakingBack.undo` throw, and `import.undone`.
    static func carryOut(_ id: Int64, _ signedIn: SignedIn, _ house: House, in db: Writing) throws {
        try signedIn.requireStanding(in: db)
        guard let job = try ImportJobStore.job(id, of: signedIn.account.id, Exchange(house), from: db) else { throw WebProblem.missing }
        // Of two at once the later one finds the mark of the first.
        try ImportJobStore.markUndone(job.id, in: db)
        guard let plan = try plan(job, signedIn, house, in: db) else { throw WebProblem.missing }
        try plan.check()
        let byRows = house.features.brought(TakenBackByRows.self)
        for rows in byRows { try rows.takeBack(plan.act.id, db) }
        let gone = try ActStore.changes(ofAct: plan.act.id, in: db).filter { $0.subject == "person" && $0.before == nil }.map(\.subjectID)
        try MessageStore.forget(to: gone, in: db)
        try TakingBack.undo(act: plan.act.id, house.features.keepers, besides: Set(byRows.map(\.subject)), in: db)
    }

    // MARK: - what there is

    private static func unmaking(of act: Int64, _ changes: [ChangeRecord], besides people: [Int64]) -> Unmaking {
        var unmaking = Unmaking(act: act), touched = Set(people)
        for change in changes {
            let isNew = change.before == nil
            switch change.subject {
            case "person":
                touched.insert(change.subjectID)
                if isNew { unmaking.people.append(change.subjectID) }
            case "appointment":
                if let person = (change.after ?? change.before)?.int("person_id") { touched.insert(person) }
                if isNew { unmaking.posts.append(change.subjectID) }
            case "organization": if isNew { unmaking.units.append(change.subjectID) }
            default: if let person = (change.after ?? change.before)?.int("person_id") { touched.insert(person) }
            }
        }
        unmaking.touched = touched.sorted()
        return unmaking
    }

    private static func parts(_ changes: [ChangeRecord], _ features: FeatureSet) -> [ImportUndo.Part] {
        var parts: [ImportUndo.Part] = [], place: [String: Int] = [:]
        for change in changes {
            let word = features.subjects[change.subject] ?? change.subject
            let at = place[word] ?? parts.count
            if at == parts.count {
                parts.append(ImportUndo.Part(word: word))
                place[word] = at
            }
            if change.before == nil { parts[at].made += 1 } else { parts[at].changed += 1 }
        }
        return parts
    }

    // MARK: - whose it is

    /// As for the import itself: everything it wrote is still this account's to keep, and where a unit stands, the units above as well.
    private static func mayUndo(_ changes: [ChangeRecord], _ unmaking: Unmaking, _ signedIn: SignedIn, in db: Reading) throws -> Bool {
        let scope = ScopeOverTime(signedIn.scope), today = signedIn.today
        func covers(_ unit: Int64?) -> Bool { unit.map { scope.covers($0, for: .keeping) } ?? false }
        // The posts of a file that was merged into another since stand in that one.
        let merged = try RosterStore.people(unmaking.touched, in: db).compactMapValues { $0.mergedInto == nil ? nil : try RosterStore.living($0.id, in: db)?.id }
        let posts = Dictionary(grouping: try RosterStore.appointments(of: Array(Set(unmaking.touched + merged.values)), in: db), by: \.personID)
        var sights: [Int64: PersonSight] = [:]
        for id in unmaking.touched { sights[id] = PersonSight(posts[merged[id] ?? id] ?? [], scope, today: today) }
        for change in changes {
            let images = [change.before, change.after].compactMap { $0 }
            switch change.subject {
            case "person": guard sights[change.subjectID]?.mayKeepFacts == true else { return false }
            case "organization": guard covers(change.subjectID) else { return false }
            case "organization_version":
                guard images.allSatisfy({ covers($0.int("organization_id")) }) else { return false }
                let isAboutPlace = images.count == 1 || ["parent_id", "from_day", "to_day"].contains { images[0].int($0) != images[1].int($0) }
                guard !isAboutPlace || images.allSatisfy({ $0.int("parent_id").map(covers) ?? false }) else { return false }
            default: guard images.allSatisfy({ covers($0.int("organization_id")) }) else { return false }
            }
        }
        // A term is its unit's; posts and hours are the person's as well.
        let held = Set(changes.filter { $0.subject != "term_of_office" }.flatMap { [$0.before, $0.after].compactMap { $0?.int("person_id") } })
        let isOnlyTerms = !changes.isEmpty && held.isEmpty
        let people = isOnlyTerms ? [] : unmaking.touched
        return people.allSatisfy { sights[$0]?.mayKeep == true }
    }

    // MARK: - what came later

    private static func later(
        _ act: Int64, _ changes: [ChangeRecord], _ unmaking: Unmaking, _ byRows: [TakenBackByRows], _ features: FeatureSet, in db: Reading
    ) throws -> [Dependent] {
        struct Row: Hashable { let subject: String, id: Int64 }
        let images = Dictionary(changes.map { (Row(subject: $0.subject, id: $0.subjectID), $0.after ?? $0.before) }, uniquingKeysWith: { first, _ in first })
        let rowSubjects = Set(byRows.map(\.subject))
        let changed = try ActStore.changedSince(act: act, in: db).compactMap { row -> Dependent? in
            guard !rowSubjects.contains(row.subject), let image = images[Row(subject: row.subject, id: row.subjectID)] ?? nil else { return nil }
            let what = features.subjects[row.subject] ?? "记录", day = Clock.day(ofMilliseconds: row.by.atMilliseconds)
            let why = row.by.why.isEmpty ? "" : "（\(row.by.why)）"
            let words = "的\(what)，\(row.by.who) 于 \(day)\(features.word(ofAct: row.by.kind))时又改过\(why)"
            return switch row.subject {
            case "person": Dependent(.person(row.subjectID), words)
            case "organization": Dependent(.unit(row.subjectID), words)
            case "organization_version": Dependent(.unit(image.int("organization_id") ?? 0), words)
            default: Dependent(.person(image.int("person_id") ?? 0), words)
            }
        }
        let rows = try byRows.flatMap { try $0.since(act, db) }
        return changed + rows + (try features.brought(StandingOn.self).flatMap { try $0.find(unmaking, db) })
    }

    /// Names of those that the import is about.
    private static func names(_ of: [Dependent.Of], _ unmaking: Unmaking, in db: Reading) throws -> [Dependent.Of: String] {
        var names: [Dependent.Of: String] = [:]
        let people = of.compactMap { if case .person(let id) = $0 { id } else { nil } }, units = of.compactMap { if case .unit(let id) = $0 { id } else { nil } }
        for (id, person) in try RosterStore.people(people, in: db) { names[.person(id)] = person.name }
        let history = try OrganizationStore.history(of: units, in: db)
        for id in units { names[.unit(id)] = history.name(id) }
        return names
    }
}
