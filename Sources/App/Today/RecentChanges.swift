import Kit

/// Something that changed lately in roster or ledger.
struct RecentChange: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case post, file, hours, unit

        var word: String {
            switch self {
            case .post: "任职变动"
            case .file: "资料更正"
            case .hours: "学时登记"
            case .unit: "单位变更"
            }
        }
    }

    let kind: Kind
    /// Where it happened: the post's unit, the person's, or the unit itself.
    let unitID: Int64
    /// Nil where a unit changed.
    let personID: Int64?
    /// The record, where one was entered or taken back.
    let recordID: Int64?
    let actID: Int64
}

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
        var counts: [Int64: [RecentChange.Kind: Int]] = [:]
        /// Older ones of the days were let go.
        var isCut = false
        fileprivate var last: Int64 = 0
    }

    private let database: Database
    private var kept = Kept()

    init(_ database: Database) { self.database = database }

    func upToNow(today: Day, now: Int64) async throws -> Kept {
        let before = kept
        // Ids tell their age.
        let start = (now - Int64(Self.days) * 86_400_000) << 20
        let next = try await database.read { db -> Kept in
            let last = try db.lastID()
            guard last > before.last else { return before }
            var found = try RecentChangeStore.changes(after: max(before.last, start), limit: Self.most, today: today, in: db)
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
            for act in try RecentChangeStore.acts(acts.subtracting(next.acts.keys), in: db) { next.acts[act.id] = act }
            for change in next.changes { next.counts[change.unitID, default: [:]][change.kind, default: 0] += 1 }
            return next
        }
        // Two pages at once read the same; the later tail stays.
        if next.last > kept.last { kept = next }
        return next
    }
}
