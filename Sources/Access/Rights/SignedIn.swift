import Kit
import Register
import Synchronization

/// Somebody signed in, as handlers get it: who, with which rights today, in which tree.
///
/// There is none without a session; routes other than sign-in and assets can only be registered for it.
package struct SignedIn: Sendable {
    package let account: Account
    /// Valid today.
    package let grants: [Grant]
    package let scope: Scope
    /// What every form must carry.
    package let token: FormToken
    package let today: Day
    /// When the request arrived, milliseconds.
    package let now: Int64
    /// Address of the browser.
    package let origin: String
    /// Messages not read yet.
    package let unread: Int
    /// Fingerprint of the session's token.
    package let session: [UInt8]
    /// Whether the sign-in asked for a second factor as well as the password.
    package let isStrong: Bool
    /// Whose files this request has opened.
    package let looks = FileLooks()
    /// What this request has done.
    package let receipt = ActReceipt()

    package init(account: Account, grants: [Grant], tree: OrgTree, token: FormToken, now: Int64, origin: String, unread: Int = 0, session: [UInt8], isStrong: Bool = true) {
        self.account = account
        self.grants = grants.filter { $0.covers(tree.day) }
        scope = Scope(grants: grants, tree: tree)
        self.token = token
        today = tree.day
        self.now = now
        self.origin = origin
        self.unread = unread
        self.session = session
        self.isStrong = isStrong
    }

    /// Whoever asked for something that is done after the request, as they would come now; nil for an account that is not in use any more.
    package static func later(_ account: Int64, from origin: String, now: Int64, in db: Reading) throws -> SignedIn? {
        guard let account = try AccountStore.account(account, in: db), account.state == .active else { return nil }
        return SignedIn(
            account: account, grants: try GrantStore.grants(of: account.id, in: db), tree: try OrganizationStore.tree(on: Clock.day(ofMilliseconds: now), in: db),
            token: FormToken(""), now: now, origin: origin, session: [])
    }

    /// The person whose record is the account's own, merged files followed. Throws `WebProblem.missing` for an account without one.
    package func own(in db: Reading) throws -> Person {
        guard let id = account.personID, let person = try RosterStore.living(id, in: db) else { throw WebProblem.missing }
        return person
    }

    /// Whether the account is for its own person's record alone: its pages begin there.
    package var isLearnerOnly: Bool { grants.isEmpty && account.personID != nil }

    /// Whether a role is held over the whole installation: at a root of the tree.
    package func isOverAll(_ role: Role) -> Bool {
        grants.contains { grant in grant.role == role && scope.tree.unit(grant.organizationID)?.depth == 0 }
    }

    package func has(_ role: Role) -> Bool { grants.contains { $0.role == role } }

    /// Names a write of this account: what is done, and why where a reason is asked.
    /// `isEvent`: it is on record although no row changes.
    package func act(_ kind: String, why: String = "", isEvent: Bool = false) -> Act {
        Act(who: .account(account.id, account.displayName), origin: origin, kind: kind, why: why, isEvent: isEvent, receipt: isEvent ? nil : receipt)
    }

    /// For deeds that waited since the request came: whether the account is still in use and holds what it held then.
    /// Refusal `account.rightsLost`.
    package func requireStanding(in db: Reading) throws {
        let held = Set(try GrantStore.grants(of: account.id, in: db).filter { $0.covers(today) }.map(\.id))
        guard try AccountStore.account(account.id, in: db)?.state == .active, grants.allSatisfy({ held.contains($0.id) }) else {
            throw Refusal("account.rightsLost", "在您等候的时候，您的账号被锁定或授权有了变化，什么也没有做。请重新登录后再试。")
        }
    }

    /// Whether a file is the account's own: that of its person, one merged into it, or the one it was merged into. Whoever
    /// asks what is one's own asks here.
    package func isOwn(_ file: Int64, in db: Reading) throws -> Bool { try GrantStore.files(of: account.personID, in: db).contains(file) }
}

/// Whose files the answer to a request shows. `PersonFile.seen`, the one door to a file, writes them down, so that no page
/// can forget; they are noted before the answer goes out.
package final class FileLooks: Sendable {
    private let people = Mutex<Set<Int64>>([])

    package init() {}

    package func add(_ person: Int64) { people.withLock { _ = $0.insert(person) } }

    var all: [Int64] { people.withLock { $0.sorted() } }
}
