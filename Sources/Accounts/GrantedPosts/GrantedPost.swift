import Access
import Kit
import Register

/// A post on which grants rest. Whose it is, its unit and its days are theirs, so whoever changes these gives and takes rights:
/// nobody to the own account, and to others only who may give and end such a grant.
package enum GrantedPost {
    /// Why an account may not change a post so; nil where it may. Before is nil for a post that comes back, after for one that
    /// goes. Names: `appointment.own`, `appointment.granted`.
    package static func refusal(of actor: Int64, changing id: Int64, from before: Appointment?, to after: Appointment?, on today: Day, in db: Reading) throws -> Refusal? {
        guard before.map(Place.init) != after.map(Place.init) else { return nil }
        let resting = try GrantStore.resting(on: id, after: today, in: db)
        guard !resting.isEmpty, let account = try AccountStore.account(actor, in: db) else { return nil }
        let files = try GrantStore.files(of: account.personID, in: db)
        var granting: Granting?
        for one in resting {
            let theirs = try GrantStore.files(of: one.account.personID, in: db)
            let was = Span(of: one, theirs, on: before, from: today), isNow = Span(of: one, theirs, on: after, from: today)
            guard was != isNow else { continue }
            if one.account.id == actor || !theirs.isDisjoint(with: files) {
                // To give up something of the own is everybody's own affair.
                if let isNow, was.map({ isNow.from < $0.from || isNow.to > $0.to }) ?? true { return GrantStore.ownProlonged }
                continue
            }
            // A role without rights opens nothing yet, and may be lent by a unit far away.
            guard !one.grant.role.rights.isEmpty || one.grant.role.isAdministrator else { continue }
            let judge = try granting ?? Granting.read(account, on: today, in: db)
            granting = judge
            do throws(Refusal) {
                try judge.judgeEnding(one.grant, of: one.account.id, files: [])
            } catch {
                return try granted(one, judge.tree, in: db)
            }
        }
        return nil
    }

    private static func granted(_ one: GrantStore.Resting, _ tree: OrgTree, in db: Reading) throws -> Refusal {
        let unit = one.grant.organizationID, path = tree.ancestors(of: unit)
        let found = try one.grant.role.isAdministrator ? nil : GrantStore.officers(along: path.map(\.id), on: tree.day, in: db)
        let whom = found.map { found in "请由\(tree.unit(found.unit)?.name ?? "")的\(found.officers.map(\.displayName).joined(separator: "、"))办理。" }
            ?? (one.grant.role.isAdministrator ? "请先由\(tree.roots.first?.name ?? "最上级单位")的安全管理员结束这项授权。" : "请由上级工会的组织人事管理员办理，或先请安全管理员结束这项授权。")
        return Refusal(
            "appointment.granted",
            "这个任职是\(one.account.displayName)“\(one.grant.role.word)”授权（\(tree.unit(unit)?.name ?? "已撤销的单位")）的依托，这项授权不由您授予和收回，任职的单位和起止也就不能由您改动，没有改动。\(whom)")
    }

    /// What of a post a grant depends on.
    private struct Place: Equatable {
        let person: Int64, unit: Int64, from: Day, to: Day

        init(_ post: Appointment) { (person, unit, from, to) = (post.personID, post.organizationID, post.from, post.to) }
    }

    /// The days, from today on, on which a grant holds while its post is like this: one of the account's person, whose files
    /// these are.
    private struct Span: Equatable {
        let from: Day, to: Day

        init?(of one: GrantStore.Resting, _ files: Set<Int64>, on post: Appointment?, from today: Day) {
            guard let post, post.organizationID == one.unitID, files.contains(post.personID) else { return nil }
            from = max(today, one.grant.from, post.from)
            to = min(one.grant.to, post.to)
            guard from < to else { return nil }
        }
    }
}

extension GrantStore {
    /// Somebody who would prolong, or bring back, an own grant by its post.
    package static var ownProlonged: Refusal {
        Refusal("appointment.own", "您的授权依托这个任职，它的结束日期不能由您自己延后，没有改动。请由上级工会的组织人事管理员办理。")
    }
}

extension Granting {
    /// What an account may give and end on a day, units that are no more included.
    static func read(_ account: Account, on day: Day, in db: Reading) throws -> Granting {
        Granting(
            account: account.id, files: try GrantStore.files(of: account.personID, in: db), grants: try GrantStore.grants(of: account.id, in: db),
            tree: try OrganizationStore.tree(on: day, in: db))
    }
}
