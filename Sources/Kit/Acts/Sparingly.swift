import Synchronization

/// Tells the first of many alike at once and counts the rest until a pause is over, so that a script cannot flood the log.
/// What was counted and not told yet is lost when the process ends.
package final class Sparingly<Key: Hashable & Sendable>: Sendable {
    private struct Count { var toldMilliseconds: Int64, waiting: Int }
    private let counts = Mutex<[Key: Count]>([:])
    private let pauseMilliseconds: Int64
    private static var most: Int { 100_000 }

    package init(pauseMilliseconds: Int64 = 10 * 60_000) { self.pauseMilliseconds = pauseMilliseconds }

    /// How many came before this one that were not told; nil where this one is not told now either.
    package func earlier(_ key: Key, now: Int64) -> Int? {
        counts.withLock { counts in
            if counts.count > Self.most { counts = [:] }
            let count = counts[key]
            if let count, now - count.toldMilliseconds < pauseMilliseconds {
                counts[key]?.waiting += 1
                return nil
            }
            counts[key] = Count(toldMilliseconds: now, waiting: 0)
            return count?.waiting ?? 0
        }
    }

    /// How many were not told; the next is told at once.
    package func end(_ key: Key) -> Int { counts.withLock { $0.removeValue(forKey: key)?.waiting ?? 0 } }
}
