import Access
import Kit

/// Notes that somebody signed in asked for what is not there or not theirs: one act in ten minutes with the count of
/// those before it.
final class RefusedAccess: Sendable {
    private let sparingly = Sparingly<Int64>()
    private let database: Database

    init(_ database: Database) { self.database = database }

    func note(_ request: WebRequest, _ route: String, by signedIn: SignedIn) async {
        guard let earlier = sparingly.earlier(signedIn.account.id, now: signedIn.now) else { return }
        // The route and ids of ours: what else stands in an address somebody may have typed.
        let ids = request.parameters.values.compactMap { Int64($0) }.filter { $0 >= 1_000_000_000_000_000_000 }.sorted()
        let why = ([route] + ids.map { "\($0)" }).joined(separator: " ") + (earlier > 0 ? "；此前另有 \(earlier) 次" : "")
        // Whoever is refused gets the same answer whether or not it could be noted.
        try? await database.write(signedIn.act("access.refused", why: why, isEvent: true)) { _ in }
    }
}
