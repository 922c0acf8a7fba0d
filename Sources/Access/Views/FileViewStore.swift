import Kit
import Register

/// Who looked at a file, on one day, at one kind of page.
package struct FileView: Hashable, Sendable {
    package let who: String
    package let day: Day
    /// In words: 人员档案, 完整证件号码 …
    package let what: String
    /// Among others, in a list or an export.
    package let isList: Bool
    package var times: Int
    package var lastMilliseconds: Int64
}

/// Looks stand in the acts, and so under the chain: one row of `act_change` for each note.
package enum FileViewStore {
    static let subject = "file_view", listSubject = "list_view"
    /// How far back lists are told, in days; the log keeps them longer.
    package static let listDays = 400

    package static func add(_ kind: String, of person: Int64, times: Int, day: Day, in db: Writing) throws {
        try db.change(
            subject, person, before: nil, after: RowImage(["kind": .text(kind), "times": .int(times), "day": .day(day)]).json)
    }

    /// Notes that the act shows or hands out these lists.
    package static func add(_ lists: [ListView], in db: Writing) throws {
        for list in lists {
            try db.change(
                listSubject, list.unitID, before: nil,
                after: RowImage(["kind": .text(list.kind.rawValue), "subtree": .bool(list.subtree), "day": list.day.map { .day($0) } ?? .null]).json)
        }
    }

    /// Who looked at the file or at files merged into it, unmaskings included, and at lists they were in: newest first, one
    /// line for each viewer, day and kind. `history` says which units were above which.
    package static func views(of person: Int64, now: Int64, _ features: FeatureSet, _ history: OrgHistory, in db: Reading) throws -> [FileView] {
        let files = [person] + (try RosterStore.absorbed(by: person, in: db)).map(\.id)
        let changes = try ActStore.changes(of: subject, files, in: db) + ActStore.changes(of: Unmasking.subject, files, in: db)
        var views: [FileView] = [], place: [String: Int] = [:]
        func add(_ who: String, _ at: Int64, _ what: String, isList: Bool, times: Int) {
            let day = Clock.day(ofMilliseconds: at), key = "\(who)|\(day)|\(what)"
            if let known = place[key] {
                views[known].times += times
            } else {
                place[key] = views.count
                views.append(FileView(who: who, day: day, what: what, isList: isList, times: times, lastMilliseconds: at))
            }
        }
        for change in changes.sorted(by: { $0.id > $1.id }) {
            let image = change.after
            let what = image?.text("kind").flatMap { key in features.looks.first { $0.key == key }?.word }
                ?? image?.text("number").flatMap { Unmasking.Number(rawValue: $0).map { "完整\($0.word)" } } ?? FileLook.file.word
            add(change.act.who, change.act.atMilliseconds, what, isList: false, times: Int(Int32(clamping: image?.int("times") ?? 1)))
        }
        for (who, at, list) in try lists(holding: person, now: now, in: db) { add(who, at, features.lists[list.kind.rawValue] ?? list.kind.rawValue, isList: true, times: 1) }
        return views.sorted { ($0.day, $0.lastMilliseconds) > ($1.day, $1.lastMilliseconds) }
    }

    /// The lists of the last days in which somebody stood by what was on record when they were looked at, newest first; those
    /// that the person looked at are left out.
    private static func lists(holding person: Int64, now: Int64, in db: Reading) throws -> [(who: String, at: Int64, list: ListView)] {
        let first = Clock.day(ofMilliseconds: now) - listDays, recorded = try RecordedStore.recorded(of: person, since: first, in: db)
        let own = try AccountStore.accounts(of: person, in: db).map(\.account.id)
        // The units that were ever above one of the posts are few, and the index leads from them.
        let rows = try db.rows(
            SQL("""
                SELECT a.who, a.at_ms, c.subject_id, c.after_image, a.id FROM act_change c JOIN act a ON a.id = c.act_id
                WHERE c.subject = \(listSubject) AND c.subject_id IN (\(list: recorded.units.sorted())) AND c.id >= \(Clock.firstID(of: first))
                    AND (a.account_id IS NULL OR a.account_id NOT IN (\(list: own))) ORDER BY c.id DESC
                """)
        ) { (who: $0.text(0), at: $0.moment(1), unit: $0.int(2), image: $0.text(3), act: $0.int(4)) }
        return rows.compactMap { row in
            guard let image = try? RowImage(json: row.image), let kind = image.text("kind").flatMap(ListView.Kind.init) else { return nil }
            let list = ListView(kind, unit: row.unit, subtree: image.bool("subtree"), on: image.day("day")), then = recorded.state(at: row.act)
            return list.holds(Array(then.posts.values), seen: Clock.day(ofMilliseconds: row.at), then.history) ? (row.who, row.at, list) : nil
        }
    }
}
