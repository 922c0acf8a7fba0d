/// What one server has seen of the work that others have in hand: whoever shows no sign of life over several looks is gone.
///
/// No clock of another machine is asked, nor its name. Whoever works moves its beats on every second; each look is made in a
/// transaction that has the right to write, so that one who waits for that right is not taken for silent.
struct JobWatch: Sendable {
    /// A piece of work in somebody's hands.
    struct Held: Sendable {
        let claim: JobStore.Claim
        let beat: Int64
    }

    /// So many looks without a sign of life from one that seems to be there still, and from one whose lock nobody holds any more.
    let patience: Int, patienceWithAbsent: Int
    private var seen: [String: (signs: [[Int64]], looks: Int)] = [:]

    init(patience: Int, patienceWithAbsent: Int) {
        self.patience = patience
        self.patienceWithAbsent = patienceWithAbsent
    }

    /// Nobody has anything in hand.
    mutating func forget() { seen = [:] }

    /// Looks once more; what those who are gone had in hand. `isPresent` says whether a worker seems to be there.
    mutating func look(_ found: [String: [Held]], isPresent: (String) throws -> Bool) rethrows -> [[JobStore.Claim]] {
        var now: [String: (signs: [[Int64]], looks: Int)] = [:], gone: [[JobStore.Claim]] = []
        for (worker, held) in found.sorted(by: { $0.key < $1.key }) {
            let signs = held.map { [$0.claim.id, $0.claim.number, $0.beat] }
            let looks = seen[worker].map { $0.signs == signs ? $0.looks + 1 : 1 } ?? 1
            now[worker] = (signs, looks)
            let isGone = try looks >= patience || looks >= patienceWithAbsent && !isPresent(worker)
            if isGone { gone.append(held.map(\.claim)) }
        }
        seen = now
        return gone
    }
}
