import Kit
import People
import Synchronization

/// Notes that somebody signed in asked for what is not there or not theirs. The first time within ten minutes is an act
/// at once; what follows is counted and told with the next, so that a script cannot flood the log.
final class RefusedAccess: Sendable {
    private struct Count { var notedMilliseconds: Int64, waiting: Int }
    private let counts = Mutex<[Int64: Count]>([:])
    private let database: Database

    static let pauseMilliseconds: Int64 = 10 * 60_000

    init(_ database: Database) { self.database = database }

    func note(_ request: WebRequest, _ route: String, by signedIn: SignedIn) async {
        let account = signedIn.account.id, now = signedIn.now
        let earlier = counts.withLock { counts -> Int? in
            if counts.count > 100_000 { counts = [:] }
            let count = counts[account]
            if let count, now - count.notedMilliseconds < Self.pauseMilliseconds {
                counts[account]?.waiting += 1
                return nil
            }
            counts[account] = Count(notedMilliseconds: now, waiting: 0)
            return count?.waiting ?? 0
        }
        guard let earlier else { return }
        // The route and ids of ours: what else stands in an address somebody may have typed.
        let ids = request.parameters.values.compactMap { Int64($0) }.filter { $0 >= 1_000_000_000_000_000_000 }.sorted()
        let why = ([route] + ids.map { "\($0)" }).joined(separator: " ") + (earlier > 0 ? "；此前另有 \(earlier) 次" : "")
        // Whoever is refused gets the same answer whether or not it could be noted.
        try? await database.write(signedIn.act("access.refused", why: why)) { _ in }
    }
}
