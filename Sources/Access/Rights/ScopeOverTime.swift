

/// A scope that also reaches into the past: a unit that is no more, or not yet, belongs to whoever has the nearest unit
/// above it that exists today.
package struct ScopeOverTime: Sendable {
    private let scope: Scope

    package init(_ scope: Scope) { self.scope = scope }

    package func covers(_ unit: Int64, for right: Right) -> Bool {
        standing(unit).map { scope.covers($0, for: right) } ?? false
    }

    /// The unit itself while it exists, else the nearest unit above it that does; nil where there is none.
    package func standing(_ unit: Int64) -> Int64? { scope.tree.standing(unit) }

    /// The name a unit bears, last bore or will bear.
    package func name(_ unit: Int64) -> String { scope.tree.unit(unit)?.name ?? scope.tree.absent[unit]?.facts.name ?? "" }

    /// Units that do not exist today but whose past, or time to come, is in sight; below `root` where one is given.
    package func absentUnits(for right: Right, below root: Int64? = nil) -> [Int64] {
        scope.tree.absent.keys.filter { id in
            guard let standing = standing(id), scope.covers(standing, for: right) else { return false }
            return root.map { scope.tree.isInside(standing, subtreeOf: $0) } ?? true
        }
    }
}
