import Access
import Kit
import Register

/// What one account may do to another: nobody anything to the own, and nobody to an equal or more powerful one.
///
/// The security administrator of a unit reaches the accounts whose duties all lie in it or below, another security
/// administrator's only strictly below. The personnel officer of the primary unit hands out codes to people without
/// duties; of those with duties, only an officer of a unit strictly above each of them does, and never an
/// administrator's. The second factor is taken away only from above.
///
/// Whoever gave a duty without having it lately hands out no code for it: giver and key-bearer would be one, and so would
/// two whose one has made the other.
struct AccountSway: Sendable {
    /// Handing out a code.
    let mayReset: Bool
    /// A code that takes the second factor away.
    let mayTakeFactor: Bool
    /// Locking, unlocking, closing, ending sessions.
    let mayAdminister: Bool

    /// Who does it: an account with the grants that hold on the day of the tree.
    struct Hand: Sendable {
        let account: Account
        let grants: [Grant]
        let tree: OrgTree
        let now: Int64
    }

    static let none = AccountSway(mayReset: false, mayTakeFactor: false, mayAdminister: false)

    private init(mayReset: Bool, mayTakeFactor: Bool, mayAdminister: Bool) {
        self.mayReset = mayReset
        self.mayTakeFactor = mayTakeFactor
        self.mayAdminister = mayAdminister
    }

    /// `duties` are the grants of the account that hold or can come back (`GrantStore.duties`); those of the past do not count. `files` are those of its person, merged ones
    /// included, and `home` the unit of the primary post, or last one; none for an account without a file.
    /// `gaveDuty`: whoever asks gave one of the duties lately; `isMadeByIt`: owes account or file to the account.
    init(of hand: Hand, over account: Account, _ duties: [Grant], files: Set<Int64>, home: Int64?, gaveDuty: Bool = false, isMadeByIt: Bool = false) {
        let tree = hand.tree, duties = duties.filter { $0.to > tree.day }
        let isOwn = account.id == hand.account.id || hand.account.personID.map(files.contains) ?? false
        guard !isOwn, !isMadeByIt else {
            self = .none
            return
        }
        let isWhole = tree.roots.count == 1
        /// A unit that is no more belongs to the only root there is.
        func isInside(_ unit: Int64, _ top: Int64) -> Bool { tree.isInside(unit, subtreeOf: top) || tree.unit(unit) == nil && isWhole && tree.unit(top)?.depth == 0 }
        func isBelow(_ unit: Int64, _ top: Int64) -> Bool { unit != top && isInside(unit, top) }

        let administers = hand.grants.contains { grant in
            guard grant.role.rights.contains(.administering) else { return false }
            guard duties.isEmpty else {
                return duties.allSatisfy { $0.role.rights.contains(.administering) ? isBelow($0.organizationID, grant.organizationID) : isInside($0.organizationID, grant.organizationID) }
            }
            return home.map { isInside($0, grant.organizationID) } ?? (tree.unit(grant.organizationID)?.depth == 0)
        }
        let offices = hand.grants.filter { $0.role.rights.contains(.keeping) }.map(\.organizationID)
        let isKept = home.map { home in offices.contains { isInside(home, $0) } } ?? false
        let isAbove = duties.allSatisfy { duty in !duty.role.isAdministrator && offices.contains { isBelow(duty.organizationID, $0) } }
        let isFromAbove = isAbove && (!duties.isEmpty || home.map { home in offices.contains { isBelow(home, $0) } } ?? false)
        let handsOut = administers && !gaveDuty
        self.init(mayReset: handsOut || isKept && isAbove, mayTakeFactor: handsOut || isKept && isFromAbove, mayAdminister: administers)
    }
}

extension SignedIn {
    var hand: AccountSway.Hand { AccountSway.Hand(account: account, grants: grants, tree: scope.tree, now: now) }
}

extension AccountSway {
    /// What somebody may do to an account as it stands.
    static func read(_ account: Account, _ hand: Hand, in db: Reading) throws -> AccountSway {
        let files = try GrantStore.files(of: account.personID, in: db), ever = try GrantStore.grants(of: account.id, in: db), today = hand.tree.day
        // Those that sleep protect too: else whoever ends the post, or moves it, would hold the key when it comes back.
        let duties = try ever.isEmpty ? [] : GrantStore.duties(of: [account.id], on: today, in: db)
        var gaveDuty = false, isMadeByIt = false
        // Who never had a duty has made nobody; batches of hundreds need not ask.
        if !ever.isEmpty {
            let own = try IndependenceStore.side(of: hand.account.id, now: hand.now, in: db), other = try IndependenceStore.side(of: account.id, now: hand.now, in: db)
            (gaveDuty, isMadeByIt) = (other.came(from: own, by: [.grant]) != nil, own.came(from: other) != nil)
        }
        return AccountSway(
            of: hand, over: account, duties, files: files,
            home: try RosterStore.appointments(of: Array(files), in: db).home(on: today)?.organizationID, gaveDuty: gaveDuty, isMadeByIt: isMadeByIt)
    }
}
