import Access
import Kit
import Register

/// Whoever made a code: it opens nothing once they could no longer hand it out, for they may have noted it.
package enum SlipMaker {
    /// Throws `slip.maker` where whoever made the code may not hand one out for the account any more.
    static func require(_ slip: Slip, for account: Account, now: Int64, in db: Reading) throws {
        guard let id = slip.makerID else { return }
        let tree = try OrganizationStore.tree(on: Clock.day(ofMilliseconds: now), in: db)
        if let hand = try standing(id, tree, now: now, in: db) {
            let sway = try AccountSway.read(account, hand, in: db)
            if slip.takesFactor ? sway.mayTakeFactor : sway.mayReset { return }
        }
        let home = try RosterStore.appointments(of: Array(GrantStore.files(of: account.personID, in: db)), in: db).home(on: tree.day)
        let found = try home.flatMap { try GrantStore.officers(along: tree.path(to: $0.organizationID).map(\.id), on: tree.day, in: db) }
        let whom = found.map { found in "\(tree.unit(found.unit)?.name ?? "")的\(found.officers.map(\.displayName).joined(separator: "、"))" } ?? "现在的组织人事管理员"
        throw Refusal("slip.maker", "码是对的，但做这个码的\(slip.maker)现在已不能为您办理账号，这个码不再有效。请找\(whom)重新做一张。")
    }

    /// Ends the codes of those who are locked, closed or no longer over the unit, so that lists say so; how many. Each is judged
    /// again when it is used.
    @discardableResult
    package static func voidLapsed(_ database: Database, now: Int64) async throws -> Int {
        @Sendable func lapsed(in db: Reading) throws -> [Slip] {
            let tree = try OrganizationStore.tree(on: Clock.day(ofMilliseconds: now), in: db)
            var hands: [Int64: AccountSway.Hand?] = [:]
            return try SlipStore.valid(now: now, in: db).filter { slip in
                guard let maker = slip.makerID, let unit = slip.unitID, tree.unit(unit) != nil else { return false }
                let hand = try hands[maker] ?? standing(maker, tree, now: now, in: db)
                hands[maker] = hand
                return !(hand?.grants.contains { !$0.role.rights.isDisjoint(with: [.keeping, .administering]) && tree.isInside(unit, subtreeOf: $0.organizationID) } ?? false)
            }
        }
        guard try await !database.read({ try lapsed(in: $0).isEmpty }) else { return 0 }
        return try await database.write(Act(who: .system, origin: "", kind: "slip.void", why: "做码的人已不能办理这些账号")) { db in
            try SlipStore.end(lapsed(in: db), .voided, in: db)
        }
    }

    /// Nil for an account that is not in use.
    private static func standing(_ id: Int64, _ tree: OrgTree, now: Int64, in db: Reading) throws -> AccountSway.Hand? {
        guard let account = try AccountStore.account(id, in: db), account.state == .active else { return nil }
        return AccountSway.Hand(account: account, grants: try GrantStore.grants(of: id, in: db).filter { $0.covers(tree.day) }, tree: tree, now: now)
    }
}
