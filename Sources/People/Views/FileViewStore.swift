import Kit

/// Who looked at a file, on one day, at one kind of page.
package struct FileView: Hashable, Sendable {
    package let who: String
    package let day: Day
    /// In words: 人员档案, 完整证件号码 …
    package let what: String
    package var times: Int
    package var lastMilliseconds: Int64
}

/// Looks stand in the acts, and so under the chain: one row of `act_change` for each note.
package enum FileViewStore {
    static let subject = "file_view"

    static func add(_ kind: FileViewLog.Kind, of person: Int64, times: Int, day: Day, in db: Writing) throws {
        try db.change(
            subject, person, before: nil, after: RowImage(["kind": .text(kind.rawValue), "times": .int(times), "day": .day(day)]).json)
    }

    /// Who looked at the file or at files merged into it, unmaskings included: newest first, one line for each viewer, day and kind.
    package static func views(of person: Int64, in db: Reading) throws -> [FileView] {
        let files = [person] + (try RosterStore.absorbed(by: person, in: db)).map(\.id)
        let changes = try ActStore.changes(of: subject, files, in: db) + ActStore.changes(of: Unmasking.subject, files, in: db)
        var views: [FileView] = [], place: [String: Int] = [:]
        for change in changes.sorted(by: { $0.id > $1.id }) {
            let image = change.after, at = change.act.atMilliseconds
            let what = image?.text("kind").flatMap { FileViewLog.Kind(rawValue: $0)?.word }
                ?? image?.text("number").flatMap { Unmasking.Number(rawValue: $0).map { "完整\($0.word)" } } ?? "人员档案"
            let day = Clock.day(ofMilliseconds: at), key = "\(change.act.who)|\(day)|\(what)", times = Int(image?.int("times") ?? 1)
            if let known = place[key] {
                views[known].times += times
            } else {
                place[key] = views.count
                views.append(FileView(who: change.act.who, day: day, what: what, times: times, lastMilliseconds: at))
            }
        }
        return views
    }
}
