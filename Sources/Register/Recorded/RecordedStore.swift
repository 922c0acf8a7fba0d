import Kit

/// Puts together what was on record, from the rows there are and the images of what was changed and taken away since.
package enum RecordedStore {
    /// Of a person, merged files included, since the beginning of a day.
    package static func recorded(of person: Int64, since day: Day, in db: Reading) throws -> Recorded {
        let start = Clock.firstID(of: day), files = [person] + (try RosterStore.absorbed(by: person, in: db)).map(\.id)
        let posts = try RosterStore.appointments(of: files, in: db)
        var changes = try RosterStore.changes(of: person, in: db).filter { $0.subject == "appointment" && $0.id >= start }
        let gone = Dictionary(grouping: try ActStore.gone("organization_version", since: start, in: db)) { $0.before?.int("organization_id") ?? 0 }
        var units: Set<Int64> = [], versions: [OrganizationVersion] = []
        var next = Set(posts.map(\.organizationID) + changes.flatMap { change in [change.before, change.after].compactMap { $0?.int("organization_id") } })
        while !next.isEmpty {
            units.formUnion(next)
            let there = try OrganizationStore.history(of: next, in: db).versions.values.flatMap(\.self), away = next.flatMap { gone[$0] ?? [] }
            versions += there
            let some = try ActStore.changes(of: "organization_version", Set(there.map(\.id) + away.map(\.subjectID)).sorted(), in: db)
                .filter { $0.id >= start && isOfPlace($0) }
            changes += some
            let images = some.flatMap { change in [change.before, change.after].compactMap { $0.map(OrganizationStore.version) } }
            next = Set((there + images).compactMap(\.facts.parentID)).subtracting(units)
        }
        return Recorded(
            Recorded.State(posts, OrgHistory(organizations: [], versions: versions)), changes.sorted { $0.id > $1.id }, units: units)
    }

    /// Whether a change of a version says something of where its unit stood, or when.
    private static func isOfPlace(_ change: ChangeRecord) -> Bool {
        guard let before = change.before, let after = change.after else { return true }
        return ["parent_id", "from_day", "to_day"].contains { before[$0] != after[$0] }
    }
}
