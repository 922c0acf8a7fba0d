import Access
import Kit

/// What a security administrator does to an account. Each is an act with its reason, and the account is told.
enum AccountDeed: String, CaseIterable, Sendable {
    case sessions, lock, unlock, slip, factor, identity, close

    var word: String {
        switch self {
        case .sessions: "退出它的全部登录"
        case .lock: "锁定：马上退出，解锁前不能登录"
        case .unlock: "解锁"
        case .slip: "作废它还有效的一次性码"
        case .factor: "取消验证器和恢复码：下次登录重新设置"
        case .identity: "解除统一身份的绑定：以后不能再用它登录"
        case .close: "停用：退出、结束全部授权、解除统一身份，再用须重新激活"
        }
    }

    /// The kind of the act.
    var kind: String {
        switch self {
        case .sessions: "account.sessions"
        case .lock: "account.lock"
        case .unlock: "account.unlock"
        case .slip: "slip.void"
        case .factor: "account.factor.take"
        case .identity: "identity.unbind"
        case .close: "account.close"
        }
    }

    /// Whether it can be done to an account as it stands.
    func isOpen(for account: Account, hasFactor: Bool, hasSlip: Bool, hasIdentity: Bool) -> Bool {
        switch self {
        case .sessions, .lock: account.state == .active
        case .unlock: account.state == .locked
        case .slip: hasSlip
        case .factor: hasFactor && account.state != .closed
        case .identity: hasIdentity
        case .close: account.state != .closed
        }
    }

    /// What the account reads.
    private func message(_ who: String, _ why: String) -> String {
        let what = switch self {
        case .sessions: "退出了您账号的全部登录"
        case .lock: "锁定了您的账号"
        case .unlock: "解锁了您的账号"
        case .slip: "作废了您账号的一次性码"
        case .factor: "取消了您账号的验证器和恢复码，请在下次登录时重新设置"
        case .identity: "解除了您账号与统一身份的绑定，需要时请登录后重新绑定"
        case .close: "停用了您的账号，授权全部结束，统一身份的绑定也已解除"
        }
        return "安全管理员\(who)\(what)。理由：\(why)。有疑问请直接问这位安全管理员。"
    }

    /// Does it. Refusals `account.equal` where it is the own, an equal's or a superior's account, `account.changed`.
    func run(on id: Int64, why: String, by signedIn: SignedIn, in db: Writing) throws {
        guard let account = try AccountStore.account(id, in: db) else { throw WebProblem.missing }
        let sway = try AccountSway.read(account, signedIn.hand, in: db)
        if self == .factor, sway.mayAdminister, !sway.mayTakeFactor {
            throw Refusal("account.giver", "这个账号的授权是您在最近 \(Independence.days) 天里办的，验证器不能也由您取消，什么也没有改。请由上级单位的组织人事管理员或另一位安全管理员办理。")
        }
        guard sway.mayAdminister else {
            throw Refusal("account.equal", "这是您自己的账号，或者与您平级、在您之上的账号，不能由您处理，什么也没有改。请找上级的安全管理员；没有上级的，请在服务器上用 yugong user 处理。")
        }
        let slip = try SlipStore.open(of: [id], in: db)[id]
        let isOpen = try isOpen(
            for: account, hasFactor: FactorStore.since(id, in: db) != nil, hasSlip: slip?.isValid(now: signedIn.now) ?? false, hasIdentity: IdentityStore.since(id, in: db) != nil)
        guard isOpen else {
            throw Refusal("account.changed", "账号的状态刚刚变了，什么也没有改。请看清现在的状态再选。")
        }
        switch self {
        // Nothing changes but what is gone: the image says of which account.
        case .sessions: try AccountStore.set(account.state, of: account, in: db)
        case .lock: try AccountStore.set(.locked, of: account, in: db)
        case .unlock: try AccountStore.set(.active, of: account, in: db)
        case .slip: try SlipStore.end([slip].compactMap { $0 }, .voided, in: db)
        case .factor: try FactorStore.remove(of: id, in: db)
        case .identity: try IdentityStore.unbindAll(id, in: db)
        case .close:
            try AccountStore.set(.closed, of: account, in: db)
            try AccountStore.setPassword("", of: id, in: db)
            try FactorStore.remove(of: id, in: db)
            try IdentityStore.unbindAll(id, in: db)
            try SlipStore.end([slip].compactMap { $0 }, .voided, in: db)
            try GrantStore.endAll(of: id, on: signedIn.today, in: db)
        }
        if self != .slip { try SessionStore.endSessions(of: id, in: db) }
        try MessageStore.send(to: .account(id), kind: kind, message(signedIn.account.displayName, why), link: "/account", in: db)
    }
}
