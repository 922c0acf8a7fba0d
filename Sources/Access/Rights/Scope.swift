import Kit
import Register

/// Proof that a right at something was asked for and is there. Only a `Scope` makes one.
@dynamicMemberLookup
package struct InScope<Subject: Sendable>: Sendable {
    package let subject: Subject
    package let right: Right

    fileprivate init(_ subject: Subject, _ right: Right) {
        self.subject = subject
        self.right = right
    }

    package subscript<Value>(dynamicMember path: KeyPath<Subject, Value>) -> Value { subject[keyPath: path] }
}

/// The part of the tree that an account may act on today: the subtrees of its grants.
package struct Scope: Sendable {
    /// The whole tree of today; what lies outside the scope is for looking up names of superiors only.
    package let tree: OrgTree
    private let seeing: [Int64]
    private let keeping: [Int64]
    private let granting: [Int64]
    private let administering: [Int64]

    package init(grants: [Grant], tree: OrgTree) {
        self.tree = tree
        // The topmost units only, in the order of the tree: what lies below another is covered by it.
        func roots(_ right: Right) -> [Int64] {
            let ids = Set(grants.filter { $0.covers(tree.day) && $0.role.rights.contains(right) }.map(\.organizationID))
            return tree.inOrder(ids).filter { id in !ids.contains { $0 != id && tree.isInside(id, subtreeOf: $0) } }
        }
        seeing = roots(.seeing)
        keeping = roots(.keeping)
        granting = roots(.granting)
        administering = roots(.administering)
    }

    private func roots(_ right: Right) -> [Int64] {
        switch right {
        case .seeing: seeing
        case .keeping: keeping
        case .granting: granting
        case .administering: administering
        }
    }

    /// Whether the account has the right at an organisation.
    package func covers(_ organizationID: Int64, for right: Right) -> Bool {
        roots(right).contains { tree.isInside(organizationID, subtreeOf: $0) }
    }

    /// Whether the account has the right anywhere.
    package func isAnywhere(_ right: Right) -> Bool { !roots(right).isEmpty }

    /// Whether the account has the right over the whole installation: at a root of the tree.
    package func isOverAll(_ right: Right) -> Bool { tree.roots.contains { covers($0.id, for: right) } }

    /// The unit, with the proof that the account has the right there. Throws `WebProblem.missing` for a unit outside
    /// the scope just as for one that does not exist.
    package func unit(_ organizationID: Int64, for right: Right) throws(WebProblem) -> InScope<OrgTree.Unit> {
        guard covers(organizationID, for: right), let unit = tree.unit(organizationID) else { throw .missing }
        return InScope(unit, right)
    }

    /// The topmost units at which the account has the right, in the order of the tree.
    package func topUnits(for right: Right) -> [InScope<OrgTree.Unit>] {
        roots(right).compactMap { tree.unit($0) }.map { InScope($0, right) }
    }

    /// Every unit at which the account has the right, in the order of the tree.
    package func units(for right: Right) -> [InScope<OrgTree.Unit>] {
        roots(right).flatMap { tree.subtree(of: $0) }.map { InScope($0, right) }
    }

    /// The ids of every unit at which the account has the right, for judging what a file touches.
    package func organizationIDs(for right: Right) -> Set<Int64> {
        Set(roots(right).flatMap { tree.subtree(of: $0).map(\.id) })
    }
}
