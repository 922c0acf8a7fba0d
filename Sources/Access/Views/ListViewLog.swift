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
    /// Each new list is an act: a script that asks for one day after another does not fill the log at the speed of pages.
    private let pace = Allowance<Int64>(most: 100, perSecond: 1)
    /// More than this in memory begins anew: some looks are then noted once more, none is lost.
    private static let most = 200_000

    package init(_ database: Database) { self.database = database }

    /// Asked before each list that is put on record, on a page or in a file. 429 where they come too fast.
    package func keepPace(_ signedIn: SignedIn) throws {
        if let wait = pace.take(signedIn.account.id, now: signedIn.now) { throw WebProblem.tooMany(waitMilliseconds: wait) }
    }

    package func note(_ lists: [ListView], by signedIn: SignedIn) async throws {
        let new = state.withLock { state -> [ListView] in
            if state.day != signedIn.today || state.seen.count > Self.most { state = State(day: signedIn.today) }
            return lists.filter { state.seen.insert(Key(account: signedIn.account.id, list: $0)).inserted }
        }
        guard !new.isEmpty else { return }
        do {
            try keepPace(signedIn)
            try await database.write(signedIn.act("list.view")) { db in try FileViewStore.add(new, in: db) }
        } catch {
            // What is not on record must be noted with the next look.
            state.withLock { state in new.forEach { state.seen.remove(Key(account: signedIn.account.id, list: $0)) } }
            throw error
        }
    }
}
