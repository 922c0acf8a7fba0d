import Access
import Accounts
import Kit
import Register

/// Which unit a place of the rules is, and who sits there.
package enum Seats {
    /// A unit that is no more is the nearest above it that is there: what was its own is done there, and what was above it too.
    static func unit(_ place: StepRules.Place, of approval: Approval, _ tree: OrgTree) -> Int64 {
        let asked = tree.standing(approval.deciderID) ?? approval.deciderID
        guard let asking = tree.standing(approval.organizationID) else { return place == .own ? approval.organizationID : asked }
        return switch place {
        case .own: asking
        case .asked: asked
        case .above: asking == approval.organizationID ? tree.unit(asking)?.parentID ?? asking : asking
        case .common: tree.nearestCommon(asking, asked)?.id ?? asked
        case .root: tree.path(to: asking).first?.id ?? asked
        }
    }

    /// The accounts that are told of a step: those of the role at the unit, or of the nearest above it that has any, and those of the nearest superior of
    /// both units.
    static func holders(_ role: Role, at unit: Int64, asking: Int64, _ tree: OrgTree, in db: Reading) throws -> [Int64] {
        var found: Set<Int64> = []
        // Of a unit that is no more the nearest above it.
        let unit = tree.standing(unit) ?? unit, asking = tree.standing(asking) ?? asking
        for place in [unit, tree.nearestCommon(unit, asking)?.id].compactMap(\.self) {
            found.formUnion(try GrantStore.holders(of: role, along: tree.path(to: place).map(\.id), on: tree.day, in: db)?.officers.map(\.id) ?? [])
        }
        return found.sorted()
    }

    /// Refuses what nobody could decide, neither at the unit nor above it, and says who gives the duty. Which unit is asked is not told: whoever
    /// asks may not know. Refusal `approval.noHolder`.
    static func checkHeld(_ role: Role, at unit: Int64, asking: Int64, _ tree: OrgTree, in db: Reading) throws {
        func path(_ unit: Int64) -> [Int64] { tree.standing(unit).map { tree.path(to: $0).map(\.id) } ?? [] }
        guard try GrantStore.holders(of: role, along: path(unit), on: tree.day, in: db) == nil else { return }
        let giver = try GrantStore.holders(of: .securityAdmin, along: path(asking), on: tree.day, in: db)
        let whom = giver.flatMap { giver in giver.officers.first.map { "\(tree.unit(giver.unit)?.name ?? "")的安全管理员\($0.displayName)" } } ?? "上级工会"
        throw Refusal("approval.noHolder", "要由“\(role.word)”决定，但决定的单位和它的上级现在都没有人有这个身份，提出了也没有人能办，没有提出。请先联系\(whom)，授权以后再提。")
    }

    /// Refuses to ask somebody who cannot sign in. Refusals `approval.noPerson`, `approval.noAccount`.
    static func checkPerson(_ person: Int64?, in db: Reading) throws -> Int64 {
        guard let person, let living = try RosterStore.living(person, in: db), !living.isErased else {
            throw Refusal("approval.noPerson", "还没有选由谁决定；请选好再提出申请。")
        }
        guard try AccountStore.accounts(of: living.id, in: db).contains(where: { !$0.account.isKeptOut }) else {
            throw Refusal("approval.noAccount", "\(living.name)现在没有能登录的账号，决定不了；请另选一人，或请其单位的组织人事管理员先开通账号。")
        }
        return person
    }
}
