import Kit

/// Every version of every organisation, in memory: decisions about the tree are made on it, trees are cut from it.
package struct OrgHistory: Sendable {
    package private(set) var organizations: [Int64: Organization] = [:]
    /// By organisation, ordered by their first day.
    package private(set) var versions: [Int64: [OrganizationVersion]] = [:]
    private var ids: [String: Int64] = [:]

    package init() {}

    package init(organizations: [Organization], versions: [OrganizationVersion]) {
        self.organizations = Dictionary(organizations.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        self.versions = Dictionary(grouping: versions, by: \.organizationID).mapValues { $0.sorted { $0.from < $1.from } }
        ids = Dictionary(organizations.map { ($0.code, $0.id) }, uniquingKeysWith: { a, _ in a })
    }

    package func tree(on day: Day) -> OrgTree { OrgTree(self, on: day) }
    package func id(code: String) -> Int64? { ids[code] }
    package var codes: Dictionary<String, Int64>.Keys { ids.keys }
    package func version(_ id: Int64, on day: Day) -> OrganizationVersion? { versions[id]?.last { $0.covers(day) } }
    package func latest(_ id: Int64) -> OrganizationVersion? { versions[id]?.last }
    package func founded(_ id: Int64) -> Day? { versions[id]?.first?.from }
    /// The first day on which the unit no longer exists; `Day.open` while it does.
    package func closed(_ id: Int64) -> Day? { versions[id]?.last?.to }
    /// 临江区总工会 — the last known name.
    package func name(_ id: Int64) -> String { latest(id)?.facts.name ?? organizations[id]?.code ?? "" }

    /// A unit and everything above it on a day, from below. One that is no more on the day, or not yet, counts by where it stood
    /// last or first.
    package func line(of unit: Int64, on day: Day) -> [Int64] {
        var line: [Int64] = [], next: Int64? = unit
        while let id = next, line.count < 64 {
            line.append(id)
            let versions = versions[id] ?? []
            next = (versions.last { $0.covers(day) } ?? (versions.first.map { day < $0.from } == true ? versions.first : versions.last))?.facts.parentID
        }
        return line
    }

    package mutating func add(_ organization: Organization) {
        organizations[organization.id] = organization
        ids[organization.code] = organization.id
    }

    package func applying(_ edits: [VersionEdit]) -> OrgHistory {
        var history = self
        history.apply(edits)
        return history
    }

    package mutating func apply(_ edits: [VersionEdit]) {
        for edit in edits {
            switch edit {
            case .insert(let version):
                versions[version.organizationID, default: []].append(version)
            case .update(let old, let new):
                if let index = versions[old.organizationID]?.firstIndex(where: { $0.from == old.from && $0.id == old.id }) {
                    versions[old.organizationID]?[index] = new
                }
            case .delete(let version):
                versions[version.organizationID]?.removeAll { $0.id == version.id && $0.from == version.from }
            }
        }
        for id in Set(edits.map(\.organizationID)) { versions[id]?.sort { $0.from < $1.from } }
    }

    /// The organisations that stand in a circle on some day, each circle once, with its first day. Empty for a sound history.
    package func cycles() -> [(members: [Int64], day: Day)] {
        // A circle of one day is a circle of the graph with the parents of all days: only those are looked at day by day.
        let suspects = circles(among: Array(versions.keys)) { id in (versions[id] ?? []).compactMap(\.facts.parentID) }
        var found: [(members: [Int64], day: Day)] = []
        for group in suspects {
            found += circlesByDay(among: group)
        }
        return found
    }

    /// The circles of a group, day by day as its units change: one that a day brings passes through a unit that got another parent on it,
    /// so only from those the parents are followed, by their places in the group.
    private func circlesByDay(among group: [Int64]) -> [(members: [Int64], day: Day)] {
        let places = Dictionary(group.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var begins: [Day: [(unit: Int, parent: Int)]] = [:], ends: [Day: [Int]] = [:]
        for (place, id) in group.enumerated() {
            for version in versions[id] ?? [] {
                begins[version.from, default: []].append((place, version.facts.parentID.flatMap { places[$0] } ?? -1))
                ends[version.to, default: []].append(place)
            }
        }
        var above = [Int](repeating: -1, count: group.count), walked = [Int](repeating: 0, count: group.count), walk = 0
        var seen: Set<[Int64]> = [], found: [(members: [Int64], day: Day)] = []
        for day in Set(begins.keys).union(ends.keys).sorted() {
            for unit in ends[day] ?? [] { above[unit] = -1 }
            for (unit, parent) in begins[day] ?? [] { above[unit] = parent }
            let before = walk
            for (unit, _) in begins[day] ?? [] {
                walk += 1
                var at = unit
                while at >= 0, walked[at] <= before {
                    walked[at] = walk
                    at = above[at]
                }
                guard at >= 0, walked[at] == walk else { continue }
                var circle = [group[at]], next = above[at]
                while next >= 0, next != at {
                    circle.append(group[next])
                    next = above[next]
                }
                if seen.insert(circle.sorted()).inserted { found.append((circle, day)) }
            }
        }
        return found
    }

    /// Tarjan's strongly connected components of more than one member (or one that is its own parent), without recursion.
    private func circles(among ids: [Int64], parents: (Int64) -> [Int64]) -> [[Int64]] {
        var index: [Int64: Int] = [:], low: [Int64: Int] = [:]
        var onStack: Set<Int64> = [], stack: [Int64] = []
        var found: [[Int64]] = []
        for start in ids where index[start] == nil {
            var work: [(id: Int64, parents: [Int64], next: Int)] = []
            func enter(_ id: Int64) {
                index[id] = index.count
                low[id] = index[id]
                stack.append(id)
                onStack.insert(id)
                work.append((id, parents(id), 0))
            }
            enter(start)
            while let top = work.last {
                if top.next < top.parents.count {
                    work[work.count - 1].next += 1
                    let parent = top.parents[top.next]
                    if index[parent] == nil {
                        enter(parent)
                    } else if onStack.contains(parent) {
                        low[top.id] = min(low[top.id] ?? 0, index[parent] ?? 0)
                    }
                } else {
                    work.removeLast()
                    if let below = work.last { low[below.id] = min(low[below.id] ?? 0, low[top.id] ?? 0) }
                    if low[top.id] == index[top.id] {
                        var group: [Int64] = []
                        while let last = stack.popLast() {
                            onStack.remove(last)
                            group.append(last)
                            if last == top.id { break }
                        }
                        if group.count > 1 || parents(top.id).contains(top.id) { found.append(group) }
                    }
                }
            }
        }
        return found
    }
}

extension VersionEdit {
    package var organizationID: Int64 {
        switch self {
        case .insert(let version), .update(_, let version), .delete(let version): version.organizationID
        }
    }
}
