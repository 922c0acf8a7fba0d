import Synchronization

/// How many writes somebody may send: a store of `most` that fills again by `perSecond`. A person who fills in forms
/// never empties it, a script does at once.
package struct WriteLimits: Sendable {
    /// At once, of one session.
    package var most = 60
    package var perSecond = 2
    /// An account may work in several browsers: all its sessions together have so many times as much.
    package var sessions = 2
    package init() {}

    /// For tests that walk through everything as one account.
    package static var none: WriteLimits {
        var limits = WriteLimits()
        (limits.most, limits.perSecond) = (1_000_000, 1_000_000)
        return limits
    }
}

/// What is left to each, in memory: a server that begins anew begins with full stores.
package final class Allowance<Key: Hashable & Sendable>: Sendable {
    /// Milliseconds' worth that is left, as of a moment.
    private struct Store { var left: Int64, asOf: Int64 }
    private let stores = Mutex<[Key: Store]>([:])
    private let most: Int64
    private let costMilliseconds: Int64

    package init(most: Int, perSecond: Int) {
        costMilliseconds = Int64(max(1, 1000 / max(1, perSecond)))
        self.most = Int64(max(1, most)) * costMilliseconds
    }

    /// Takes one; nil where there was one, otherwise the milliseconds until there is.
    package func take(_ key: Key, now: Int64) -> Int64? {
        stores.withLock { stores in
            // Who has sent nothing for a while has a full store and needs no place here.
            if stores.count > 10_000 { stores = stores.filter { now - $0.value.asOf < most } }
            var store = stores[key] ?? Store(left: most, asOf: now)
            store.left = min(most, store.left + max(0, now - store.asOf))
            store.asOf = max(now, store.asOf)
            let wait = costMilliseconds - store.left
            if wait <= 0 { store.left -= costMilliseconds }
            stores[key] = store
            return wait > 0 ? wait : nil
        }
    }
}
