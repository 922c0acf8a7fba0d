import Access
import Kit
import Register

/// Which unit a place of the rules is, and who sits there.
package enum Seats {
    static func unit(_ place: StepRules.Place, of approval: Approval, _ tree: OrgTree) -> Int64 {
        switch place {
        case .own: approval.organizationID
        case .asked: approval.deciderID
        case .above: tree.unit(approval.organizationID)?.parentID ?? approval.organizationID
        case .common: tree.nearestCommon(approval.organizationID, approval.deciderID)?.id ?? approval.deciderID
        case .root: tree.path(to: approval.organizationID).first?.id ?? approval.deciderID
        }
    }

    /// The accounts that are told of a step: those of the role at the unit, or of the nearest above it that has any, and those of the nearest superior of
    /// both units.
    static func holders(_ role: Role, at unit: Int64, asking: Int64, _ tree: OrgTree, in db: Reading) throws -> [Int64] {
        var found: Set<Int64> = []
        // Of a unit that is no more the nearest above it.
        let over = ScopeOverTime(Scope(grants: [], tree: tree))
        let unit = over.standing(unit) ?? unit, asking = over.standing(asking) ?? asking
        for place in [unit, tree.nearestCommon(unit, asking)?.id].compactMap(\.self) {
            found.formUnion(try GrantStore.holders(of: role, along: tree.path(to: place).map(\.id), on: tree.day, in: db)?.officers.map(\.id) ?? [])
        }
        return found.sorted()
    }
}
