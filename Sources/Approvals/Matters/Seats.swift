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

    /// Refuses steps that nobody could decide, neither at the unit nor above it, and says who gives the duty. Which unit is asked is not told: whoever
    /// asks may not know. Refusals `approval.noHolder`, `approval.noAccount`.
    static func checkHeld(_ steps: [ApprovalStep], asking: Int64, _ tree: OrgTree, in db: Reading) throws {
        func path(_ unit: Int64) -> [Int64] { tree.standing(unit).map { tree.path(to: $0).map(\.id) } ?? [] }
        for step in steps {
            switch step.decider {
            case .role(let role, let unit):
                guard try GrantStore.holders(of: role, along: path(unit), on: tree.day, in: db) == nil else { continue }
                let giver = try GrantStore.holders(of: .securityAdmin, along: path(asking), on: tree.day, in: db)
                let whom = giver.flatMap { giver in giver.officers.first.map { "\(tree.unit(giver.unit)?.name ?? "")的安全管理员\($0.displayName)" } } ?? "上级工会"
                throw Refusal("approval.noHolder", "要由“\(role.word)”决定，但决定的单位和它的上级现在都没有人有这个身份，提出了也没有人能办，没有提出。请先联系\(whom)，授权以后再提。")
            case .person(let person):
                guard let living = try RosterStore.living(person, in: db), try AccountStore.accounts(of: living.id, in: db).contains(where: { !$0.account.isKeptOut }) else {
                    throw Refusal("approval.noAccount", "所选的决定人现在没有能登录的账号，决定不了；请另选一人，或请其单位的组织人事管理员先开通账号。")
                }
            }
        }
    }
}
