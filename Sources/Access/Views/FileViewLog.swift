import Kit
import Synchronization

/// Notes who looks at whose file. The first look of a day at one kind of page is an act of its own, on record before the
/// page is shown; further looks of that day are counted and noted together every ten minutes, so that they cost nothing.
package final class FileViewLog: Sendable {
    /// What was looked at.
    package enum Kind: String, Sendable {
        case file, history, hours, certificates, account, figures

        package var word: String {
            switch self {
            case .file: "人员档案"
            case .history: "档案的变更历史"
            case .hours: "学时明细"
            case .certificates: "证书"
            case .account: "账号情况"
            case .figures: "指标里的个人明细"
            }
        }

        /// What a page tells of a file; forms of the file count as the file itself.
        package init(route: String) {
            self = if route.hasPrefix("/figures/") { .figures }
                else if ["/activation/", "/grants/", "/accounts/"].contains(where: route.hasPrefix) { .account }
                else if route.hasPrefix("/records/") || route.hasSuffix("/hours") { .hours }
                else if route.hasSuffix("/history") { .history }
                else if route.contains("/certificates") { .certificates }
                else { .file }
        }
    }

    private struct Key: Hashable { let account: Int64, person: Int64, kind: Kind }
    private struct Looks { var notedMilliseconds: Int64, waiting: Int }
    private struct State {
        var day = Day.always
        var looks: [Key: Looks] = [:]
    }
    private let state = Mutex(State())
    private let database: Database

    static let pauseMilliseconds: Int64 = 10 * 60_000
    /// More than this in memory begins anew: some looks are then noted once more, none is lost.
    private static let most = 200_000

    package init(_ database: Database) { self.database = database }

    /// Notes what a request has looked at.
    package func note(_ route: String, by signedIn: SignedIn) async throws {
        let kind = Kind(route: route), account = signedIn.account.id
        // All of a page in one act: a batch of codes names a thousand people.
        let due = signedIn.looks.all.map { (key: Key(account: account, person: $0, kind: kind), times: count(Key(account: account, person: $0, kind: kind), signedIn)) }.filter { $0.times > 0 }
        guard !due.isEmpty else { return }
        do {
            try await database.write(signedIn.act("file.view")) { db in
                // One's own file is nobody else's business.
                for look in due where try !signedIn.isOwn(look.key.person, in: db) {
                    try FileViewStore.add(kind, of: look.key.person, times: look.times, day: signedIn.today, in: db)
                }
            }
        } catch {
            // What is not on record must be noted with the next look.
            state.withLock { state in for look in due { state.looks[look.key] = nil } }
            throw error
        }
    }

    /// How many looks are to be noted now, this one included.
    private func count(_ key: Key, _ signedIn: SignedIn) -> Int {
        let now = signedIn.now
        return state.withLock { state -> Int in
            if state.day != signedIn.today || state.looks.count > Self.most { state = State(day: signedIn.today) }
            guard var looks = state.looks[key] else {
                state.looks[key] = Looks(notedMilliseconds: now, waiting: 0)
                return 1
            }
            looks.waiting += 1
            let isDue = now - looks.notedMilliseconds >= Self.pauseMilliseconds
            state.looks[key] = isDue ? Looks(notedMilliseconds: now, waiting: 0) : looks
            return isDue ? looks.waiting : 0
        }
    }
}
