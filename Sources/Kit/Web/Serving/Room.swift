import Synchronization

/// How much may be on its way in at a time: of one account, from one network, in all.
package struct RoomLimits: Sendable {
    package var ofAccount: Int
    package var ofNetwork: Int
    package var inAll: Int
}

/// Whose something is that comes in.
struct Sender: Sendable {
    /// Nil for whoever is not known yet: counted by the network alone.
    let account: String?
    let network: String

    init(account: String?, address: String) {
        self.account = account
        network = AddressRange.network(of: address)
    }
}

/// Counts what is on its way in, so that memory and disk are never lent to more than hold: bytes of forms, or files. Whoever begins
/// many and finishes none leaves room for others.
final class Room: Sendable {
    private struct Held { var all = 0, by: [String: Int] = [:] }
    private let held = Mutex(Held())
    private let limits: RoomLimits

    init(_ limits: RoomLimits) { self.limits = limits }

    /// Takes so much until the closure ends. Throws `WebProblem.ownCrowded` for an account that has its share, `crowded` for a network or
    /// where all is lent.
    func lend<T>(_ amount: Int, to sender: Sender, _ body: () async throws -> T) async throws -> T {
        try take(amount, sender)
        defer { giveBack(amount, sender) }
        return try await body()
    }

    private func keys(_ sender: Sender) -> [(key: String, most: Int)] {
        [("network " + sender.network, limits.ofNetwork)] + (sender.account.map { [("account " + $0, limits.ofAccount)] } ?? [])
    }

    private func take(_ amount: Int, _ sender: Sender) throws(WebProblem) {
        let keys = keys(sender), mine = sender.account.map { "account " + $0 }
        let problem: WebProblem? = held.withLock { held in
            if let full = keys.last(where: { held.by[$0.key, default: 0] > $0.most - amount }) { return full.key == mine ? .ownCrowded : .crowded }
            guard held.all <= limits.inAll - amount else { return .crowded }
            held.all += amount
            for (key, _) in keys { held.by[key, default: 0] += amount }
            return nil
        }
        if let problem { throw problem }
    }

    private func giveBack(_ amount: Int, _ sender: Sender) {
        held.withLock { held in
            held.all -= amount
            for (key, _) in keys(sender) {
                let left = (held.by[key] ?? amount) - amount
                held.by[key] = left > 0 ? left : nil
            }
        }
    }

    /// Of all together.
    var lent: Int { held.withLock { $0.all } }
}
