import Kit
import Synchronization

/// Notes who looks at lists of names: not a row for each person on each page, but the set. Who was in it follows from unit
/// and day, so each person can be told. Of one account, set and day one look is on record, before the page is shown.
package final class ListViewLog: Sendable {
    private struct Key: Hashable { let account: Int64, list: ListView }
    private struct State {
        var day = Day.always
        var seen: Set<Key> = []
    }
    private let state = Mutex(State())
    private let database: Database
    /// More than this in memory begins anew: some looks are then noted once more, none is lost.
    private static let most = 200_000

    package init(_ database: Database) { self.database = database }

    package func note(_ lists: [ListView], by signedIn: SignedIn) async throws {
        let new = state.withLock { state -> [ListView] in
            if state.day != signedIn.today || state.seen.count > Self.most { state = State(day: signedIn.today) }
            return lists.filter { state.seen.insert(Key(account: signedIn.account.id, list: $0)).inserted }
        }
        guard !new.isEmpty else { return }
        do {
            try await database.write(signedIn.act("list.view")) { db in try FileViewStore.add(new, in: db) }
        } catch {
            // What is not on record must be noted with the next look.
            state.withLock { state in new.forEach { state.seen.remove(Key(account: signedIn.account.id, list: $0)) } }
            throw error
        }
    }
}

/// A list of names that somebody saw or took away: everybody in a unit on a day.
package struct ListView: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case roster, figures
        case people = "export.people", trainingRecords = "export.training-records", names = "export.names"

        package var word: String {
            switch self {
            case .roster: "名册列表"
            case .figures: "指标的名单"
            case .people: "导出的人员表，含完整号码"
            case .trainingRecords: "导出的培训记录，含完整号码"
            case .names: "导出的指标名单"
            }
        }
    }

    package let kind: Kind
    package let unitID: Int64
    /// With everything below the unit.
    package let subtree: Bool
    /// Those in post on this day; nil for everybody who ever was.
    package let day: Day?

    package init(_ kind: Kind, unit: Int64, subtree: Bool = true, on day: Day?) {
        self.kind = kind
        unitID = unit
        self.subtree = subtree
        self.day = day
    }

    /// Whether somebody with these posts was in it. `seen` is the day it was looked at.
    func holds(_ posts: [Appointment], seen: Day, _ history: OrgHistory) -> Bool {
        let day = day ?? seen
        return posts.filter { self.day == nil || $0.covers(day) }.contains { post in
            post.organizationID == unitID || subtree && Self.isBelow(post.organizationID, unitID, on: day, history)
        }
    }

    /// A unit that is no more on the day, or not yet, counts by where it stood last or first.
    private static func isBelow(_ unit: Int64, _ root: Int64, on day: Day, _ history: OrgHistory) -> Bool {
        var current: Int64? = unit
        for _ in 0..<64 {
            guard let id = current else { return false }
            if id == root { return true }
            let versions = history.versions[id] ?? []
            current = (versions.last { $0.covers(day) } ?? (versions.first.map { day < $0.from } == true ? versions.first : versions.last))?.facts.parentID
        }
        return false
    }
}
