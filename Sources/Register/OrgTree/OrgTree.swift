import Kit

/// The tree of organisations as of a day. A value: made once, asked often, from any thread.
///
/// A unit whose parent does not exist on the day (closed before its child, or founded after it) hangs under the
/// nearest ancestor that does, so that nobody falls out of sight; without one it is a root.
package struct OrgTree: Sendable {
    package struct Unit: Hashable, Sendable, Identifiable {
        package let id: Int64
        package let code: String
        /// The parent on the day, as the tree shows it.
        package let parentID: Int64?
        package let version: OrganizationVersion
        /// 0 for a root.
        package let depth: Int
        package var name: String { version.facts.name }
        package var kind: String { version.facts.kind }
    }

    package let day: Day
    /// All versions it was cut from.
    package let history: OrgHistory
    /// Units that do not exist on the day and do not stand in the tree, each as it was last or will be first.
    package let absent: [Int64: OrganizationVersion]
    /// In pre-order, siblings by code: a subtree is a slice.
    package let units: [Unit]
    private let end: [Int]
    private let position: [Int64: Int]
    private let byCode: [String: Int]

    /// With `includingClosed`, units that do not exist on the day stand where they last (or first) stood: who may see their past.
    package init(_ history: OrgHistory, on day: Day, includingClosed: Bool = false) {
        self.day = day
        self.history = history
        let (alive, absent) = OrgTree.standing(history, on: day, includingClosed: includingClosed)
        self.absent = absent
        var children: [Int64: [Int64]] = [:]
        var parents: [Int64: Int64] = [:]
        var roots: [Int64] = []
        for (id, version) in alive {
            var parent = version.facts.parentID
            var steps = 0
            while let candidate = parent, alive[candidate] == nil, steps < 64 {
                let versions = history.versions[candidate] ?? []
                parent = (versions.last { $0.to <= day } ?? versions.first)?.facts.parentID
                steps += 1
            }
            if let parent, parent != id, alive[parent] != nil {
                parents[id] = parent
                children[parent, default: []].append(id)
            } else {
                roots.append(id)
            }
        }
        let codes = history.organizations
        let byCodeOrder: (Int64, Int64) -> Bool = { (codes[$0]?.code ?? "", $0) < (codes[$1]?.code ?? "", $1) }
        var units: [Unit] = []
        units.reserveCapacity(alive.count)
        var position: [Int64: Int] = [:]
        var byCode: [String: Int] = [:]
        position.reserveCapacity(alive.count)
        byCode.reserveCapacity(alive.count)
        var stack: [(id: Int64, depth: Int)] = roots.sorted(by: byCodeOrder).reversed().map { ($0, 0) }
        var strays: [Int64]?
        while true {
            if stack.isEmpty, units.count < alive.count {
                // Only closed units can stand in a circle, each in the other's past: the first of them becomes a root.
                strays = strays ?? alive.keys.filter { position[$0] == nil }.sorted(by: byCodeOrder).reversed()
                while let stray = strays?.popLast() {
                    guard position[stray] == nil else { continue }
                    parents[stray] = nil
                    stack.append((stray, 0))
                    break
                }
            }
            guard let (id, depth) = stack.popLast() else { break }
            guard let version = alive[id], position[id] == nil else { continue }
            position[id] = units.count
            let code = codes[id]?.code ?? ""
            byCode[code] = units.count
            units.append(Unit(id: id, code: code, parentID: parents[id], version: version, depth: depth))
            for child in (children[id] ?? []).sorted(by: byCodeOrder).reversed() { stack.append((child, depth + 1)) }
        }
        self.units = units
        end = OrgTree.ends(of: units)
        self.position = position
        self.byCode = byCode
    }

    /// The units of the tree as they are on the day, or as they were last (or first), and those that do not stand in it.
    private static func standing(
        _ history: OrgHistory, on day: Day, includingClosed: Bool
    ) -> (alive: [Int64: OrganizationVersion], absent: [Int64: OrganizationVersion]) {
        var alive: [Int64: OrganizationVersion] = [:], absent: [Int64: OrganizationVersion] = [:]
        alive.reserveCapacity(history.organizations.count)
        for (id, versions) in history.versions {
            if let version = versions.last(where: { $0.covers(day) }) {
                alive[id] = version
            } else if let version = versions.last(where: { $0.to <= day }) ?? versions.first {
                if includingClosed { alive[id] = version } else { absent[id] = version }
            }
        }
        return (alive, absent)
    }

    /// In pre-order a subtree ends where the next unit of the same or a smaller depth stands.
    private static func ends(of units: [Unit]) -> [Int] {
        var end = [Int](repeating: units.count, count: units.count)
        var open: [Int] = []
        for index in units.indices {
            while let last = open.last, units[last].depth >= units[index].depth {
                end[last] = index
                open.removeLast()
            }
            open.append(index)
        }
        return end
    }

    package func unit(_ id: Int64) -> Unit? { position[id].map { units[$0] } }
    /// The unit itself while it exists, else the nearest unit above it that does; nil where there is none.
    package func standing(_ id: Int64) -> Int64? {
        var current: Int64? = id, steps = 0
        while let id = current, steps < 64 {
            if position[id] != nil { return id }
            current = absent[id]?.facts.parentID
            steps += 1
        }
        return nil
    }

    /// Those of the units that exist on the day, in the order of the tree.
    package func inOrder(_ ids: Set<Int64>) -> [Int64] { ids.compactMap { position[$0] }.sorted().map { units[$0].id } }
    /// Where a unit stands in that order; nil for one that does not exist on the day.
    package func place(of id: Int64) -> Int? { position[id] }
    package func unit(code: String) -> Unit? { byCode[code].map { units[$0] } }

    /// The unit and everything below it, in pre-order; empty for a unit that does not exist on the day.
    package func subtree(of id: Int64) -> ArraySlice<Unit> {
        guard let start = position[id] else { return [] }
        return units[start..<end[start]]
    }

    package func isInside(_ id: Int64, subtreeOf root: Int64) -> Bool {
        guard let unit = position[id], let start = position[root] else { return false }
        return start <= unit && unit < end[start]
    }

    package var roots: [Unit] { units.filter { $0.depth == 0 } }

    /// The units directly below, by code.
    package func children(of id: Int64) -> [Unit] {
        guard let start = position[id] else { return [] }
        var found: [Unit] = []
        var index = start + 1
        while index < end[start] {
            found.append(units[index])
            index = end[index]
        }
        return found
    }

    /// How many units there are below, at any depth.
    package func countBelow(_ id: Int64) -> Int {
        position[id].map { end[$0] - $0 - 1 } ?? 0
    }

    /// From the root down to the parent of the unit; empty for a root.
    package func ancestors(of id: Int64) -> [Unit] {
        var found: [Unit] = []
        var current = unit(id)?.parentID
        while let next = current, let unit = unit(next) {
            found.append(unit)
            current = unit.parentID
        }
        return found.reversed()
    }

    /// From the root down to the unit itself.
    package func path(to id: Int64) -> [Unit] {
        guard let unit = unit(id) else { return [] }
        return ancestors(of: id) + [unit]
    }

    /// The nearest unit that has both inside its subtree; nil where they stand under different roots.
    package func nearestCommon(_ a: Int64, _ b: Int64) -> Unit? {
        let other = Set(path(to: b).map(\.id))
        return path(to: a).last { other.contains($0.id) }
    }
}
