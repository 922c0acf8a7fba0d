import Access
import Kit
import Register

/// Whom to ask about what lies outside one's units: the officer of the nearest unit above both that has one.
package struct Superiors: Sendable {
    private let tree: OrgTree
    private let officers: [Int64: String]

    package init(_ tree: OrgTree, in db: Reading) throws {
        self.tree = tree
        officers = try GrantStore.officers(on: tree.day, in: db)
    }

    /// `衡溪市总工会 王敏`; nil where the two stand under no common unit that has an officer.
    package func officer(above unit: Int64, and other: Int64) -> String? {
        common(unit, other).flatMap { place in officers[place.id].map { "\(place.name) \($0)" } }
    }

    /// Where a question about `unit` goes: to itself or the nearest unit above that has an officer, and to the common superior.
    package func places(for unit: Int64, above other: Int64) -> Set<Int64> {
        let nearest = tree.path(to: unit).last { officers[$0.id] != nil }
        return Set([nearest?.id, common(unit, other)?.id].compactMap { $0 })
    }

    private func common(_ unit: Int64, _ other: Int64) -> OrgTree.Unit? {
        tree.nearestCommon(unit, other).flatMap { common in tree.path(to: common.id).last { officers[$0.id] != nil } }
    }
}
