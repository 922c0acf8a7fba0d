import Access
import Kit
import Register
import Standing

/// What the daily page says to one account.
struct Today: Sendable {
    /// What changed in a unit and everything below it.
    struct Changed: Sendable {
        let unit: OrgTree.Unit
        let counts: [RecentKind: Int]
        var total: Int { counts.values.reduce(0, +) }
    }

    var tasks: [DayTask] = []
    /// For each of the account's topmost units for which a policy with figures runs today.
    var figures: [(unit: OrgTree.Unit, behind: Laggards)] = []
    /// The others, with what the last policy came to, where there was one.
    var idle: [(unit: OrgTree.Unit, last: Laggards?)] = []
    /// Of those the first for which the account may adopt one.
    var adopting: OrgTree.Unit?
    /// Units with something new, most of it first.
    var changed: [Changed] = []
    var isChangedCut = false
    /// Whether the account may do something about it, or only reads.
    var mayKeep = false

    /// What changed, by the units directly below each of the account's topmost units, and in those themselves.
    static func changed(_ kept: RecentChanges.Kept, _ scope: Scope) -> [Changed] {
        let tree = scope.tree, tops = scope.topUnits(for: .seeing)
        var sums: [Int64: [RecentKind: Int]] = [:]
        for top in tops {
            // In the order of the tree: the unit directly below the topmost one, or that one itself, stands before all that is in it.
            var current = top.id
            for unit in tree.subtree(of: top.id) {
                if unit.depth == top.depth + 1 { current = unit.id }
                for (kind, count) in kept.counts[unit.id] ?? [:] { sums[current, default: [:]][kind, default: 0] += count }
            }
        }
        return sums.compactMap { id, counts in tree.unit(id).map { Changed(unit: $0, counts: counts) } }
            .sorted { ($0.total, $1.unit.code) > ($1.total, $0.unit.code) }
    }
}

/// Keeps the tasks that are looked through: asked anew after every change, but in a large roster, where that takes long,
/// at most once a minute.
actor KeptToday {
    typealias Placed = [(place: Int, tasks: [DayTask])]
    private struct Entry {
        let tasks: Placed
        let lastID: Int64
        let day: Day
        let readMilliseconds: Int64
    }
    private var entries: [[Int64]: Entry] = [:]
    private static let most = 500
    private static let patience: Int64 = 60_000
    /// People from which on a roster is large.
    private static let large = 50_000

    func tasks(_ signedIn: SignedIn, lastID: Int64, people: Int, _ read: @Sendable () async throws -> Placed) async throws -> Placed {
        // Of whoever keeps no unit the account itself says what is asked.
        let kept = signedIn.scope.topUnits(for: .keeping).map(\.id), key = kept.isEmpty ? [-signedIn.account.id] : kept
        if let entry = entries[key], entry.day == signedIn.today,
            entry.lastID == lastID || people >= Self.large && signedIn.now - entry.readMilliseconds < Self.patience
        {
            return entry.tasks
        }
        let tasks = try await read()
        if entries.count >= Self.most { entries = [:] }
        entries[key] = Entry(tasks: tasks, lastID: lastID, day: signedIn.today, readMilliseconds: signedIn.now)
        return tasks
    }
}
