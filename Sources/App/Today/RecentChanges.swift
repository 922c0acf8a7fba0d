import Access
import Kit

/// The changes of the last days, kept in memory and following the database's tail: each page reads only what is new.
actor RecentChanges {
    /// How far back, and how many are kept: a large import leaves only its latest.
    static let days = 7
    static let most = 4000

    struct Kept: Sendable {
        /// Newest first.
        var changes: [RecentChange] = []
        var acts: [Int64: ActRecord] = [:]
        /// How many there are by unit and kind.
        var counts: [Int64: [RecentKind: Int]] = [:]
        /// Older ones of the days were let go.
        var isCut = false
        fileprivate var last: Int64 = 0
    }

    private let database: Database
    private let features: FeatureSet
    private var kept = Kept()

    init(_ database: Database, _ features: FeatureSet) {
        self.database = database
        self.features = features
    }

    func upToNow(today: Day, now: Int64) async throws -> Kept {
        let before = kept, features = features
        // Ids tell their age.
        let start = (now - Int64(Self.days) * 86_400_000) << 20
        let next = try await database.read { db -> Kept in
            let last = try db.lastID()
            guard last > before.last else { return before }
            var found = try features.recent(after: max(before.last, start), limit: Self.most, today: today, in: db)
            if found.isEmpty, before.changes.last.map({ $0.actID > start }) ?? true {
                var same = before
                same.last = last
                return same
            }
            found += before.changes
            var next = Kept(changes: found.prefix(Self.most).filter { $0.actID > start }, isCut: found.count > Self.most, last: last)
            next.isCut = next.isCut || before.isCut && next.changes.count == Self.most
            let acts = Set(next.changes.map(\.actID))
            next.acts = before.acts.filter { acts.contains($0.key) }
            for id in acts.subtracting(next.acts.keys) { next.acts[id] = try ActStore.act(id, in: db) }
            for change in next.changes { next.counts[change.unitID, default: [:]][change.kind, default: 0] += 1 }
            return next
        }
        // Two pages at once read the same; the later tail stays.
        if next.last > kept.last { kept = next }
        return next
    }
}
