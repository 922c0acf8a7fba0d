import Access
import Kit
import Register

extension Finder {
    /// Training records of the people of one's units, by what the training is called.
    static let records = Finder("培训记录", 30, hint: "培训名称的一部分", where: { $0.scope.isAnywhere(.seeing) }) { sought, signedIn, house in
        guard sought.number == nil, sought.typed.count > 1 else { return .nothing }
        return try await house.database.read { db in
            let scope = ScopeOverTime(signedIn.scope), tops = signedIn.scope.topUnits(for: .seeing).map(\.id), tree = signedIn.scope.tree
            let isAll = tops.reduce(0, { $0 + tree.countBelow($1) + 1 }) == tree.units.count
            let units = isAll ? nil : tops.flatMap { tree.subtree(of: $0).map(\.id) } + scope.absentUnits(for: .seeing)
            var hits: [Hit] = []
            // A few of whom nothing is seen may be among them: those entered after somebody left.
            for id in try RecordFindStore.records(sought.typed, units: units, limit: 4 * most, in: db) where hits.count < most {
                guard let entry = try HourEntryStore.entry(id, from: db), let living = try RosterStore.living(entry.personID, in: db), !living.isErased,
                    let file = try PersonFile.seen([living.id], signedIn, scope, in: db).first, file.sight.shows(from: entry.record.from)
                else { continue }
                signedIn.looks.add(living.id)
                let record = entry.record, days = record.from == record.to ? "\(record.from)" : "\(record.from) 至 \(record.to)"
                hits.append(Hit(
                    record.title, note: "\(file.person.name) · \(days)", link: "/records/\(id)", fit: sought.fit(record.title) ?? .part,
                    steps: [("此人学时", "/people/\(living.id)/hours")]))
            }
            return Found(hits)
        }
    }
}
