import Access
import Kit

/// What an account sees of itself.
struct OwnAccount: Sendable {
    /// When the authenticator was set up, milliseconds; nil where there is none.
    let factorSince: Int64?
    let recoveryLeft: Int
    let sessions: [Session]
    /// The session that asks.
    let present: [UInt8]
    /// What single sign-on is called, and since when an identity is bound; nil where it is not set up.
    let signOn: (name: String, since: Int64?)?

    /// What was tried on the account.
    let record: SignInRecord?

    init(_ signedIn: SignedIn, _ signOn: SingleSignOn?, in db: Reading) throws {
        factorSince = try FactorStore.since(signedIn.account.id, in: db)
        recoveryLeft = try FactorStore.recoveryLeft(of: signedIn.account.id, in: db)
        sessions = try SessionStore.sessions(of: signedIn.account.id, now: signedIn.now, in: db)
        present = signedIn.session
        record = try SignInRecordStore.record(of: signedIn.account.id, in: db)
        self.signOn = try signOn.map { ($0.name, try IdentityStore.since(signedIn.account.id, at: $0.issuer, in: db)) }
    }
}

/// What is done about one's authenticator.
enum FactorDeed: String, CaseIterable, Sendable {
    case replace, recovery, remove
}

extension Entrance {
    /// Asks for the password again, and for a code where the account has an authenticator, before how one signs in changes.
    /// Refusals `signIn.wait`, `password.current`, `factor.wrong`.
    func proveAgain(_ signedIn: SignedIn, password: String, code: String?) async throws {
        let account = signedIn.account.id, counter = Throttle.Counter(.account, "again \(signedIn.account.id)")
        let hash = try await database.read { try AccountStore.passwordHash(of: account, in: $0) }
        try await database.write(signedIn.act("password.try")) { try ThrottleStore.count([counter], in: $0) }
        guard password.count <= 200, try await hashing.verify(password, against: hash) else {
            throw Refusal("password.current", "现在的密码不对，没有更改。请重新输入；想不起来，请找本单位的组织人事管理员重置。")
        }
        try await database.write(signedIn.act(code == nil ? "password.try" : "session.code")) { db in
            if let code, try FactorStore.since(account, in: db) != nil,
                case .wrong = try FactorStore.take(code, of: account, now: signedIn.now, secrets, in: db)
            {
                throw Refusal("factor.wrong", "验证码不对，或者已经用过，没有更改。请等验证器换出下一个码再输；手机不在身边可以输一个恢复码。")
            }
            try ThrottleStore.forget([counter], in: db)
        }
    }

    /// Gives the account another password and ends its other sessions. Refusals of `PasswordRule` and `password.again`.
    func changePassword(of signedIn: SignedIn, to new: String, again: String) async throws {
        let words = try await database.read { try AccountStore.words(of: signedIn.account, in: $0) }
        try PasswordRule.judge(new, words: words, denied: denied)
        guard new == again else { throw Refusal("password.again", "两遍新密码不一样，没有更换。请重新输入。") }
        let hash = try await hashing.hash(new)
        try await database.write(signedIn.act("account.password")) { db in
            try AccountStore.setPassword(hash, of: signedIn.account.id, in: db)
            try SessionStore.endSessions(of: signedIn.account.id, keeping: signedIn.session, in: db)
            try MessageStore.send(
                to: .account(signedIn.account.id), kind: "account.password",
                "您的密码已更换，其他设备上的登录已全部退出。如果不是您本人，请立即找本单位的组织人事管理员或安全管理员。", link: "/account", in: db)
        }
    }

    /// Begins the step that sets up an authenticator, for somebody signed in; its token.
    func beginFactor(_ signedIn: SignedIn) async throws -> String {
        try await database.write(signedIn.act("session.begin")) { db in
            try SignInStepStore.begin(
                .enrol, of: signedIn.account.id, proof: .password, sealed: try secrets.seal(.random(), of: signedIn.account.id), target: SignInStep.ofSession, in: db)
        }
    }

    /// New recovery codes in place of those left.
    func renewRecovery(_ signedIn: SignedIn) async throws -> [HandedCode] {
        try await database.write(signedIn.act("account.recovery")) { try FactorStore.renewRecovery(of: signedIn.account.id, secrets, in: $0) }
    }

    /// Takes the authenticator away from an account that need not have one. Refusal `factor.needed`.
    func removeFactor(_ signedIn: SignedIn) async throws {
        guard !Factor.isNeeded(signedIn.grants, on: signedIn.today) else {
            throw Refusal("factor.needed", "您的账号能看到别人的资料，必须有第二步验证，不能取消；换手机请选“更换验证器”。")
        }
        try await database.write(signedIn.act("account.factor.remove")) { db in
            try FactorStore.remove(of: signedIn.account.id, in: db)
            try SessionStore.endSessions(of: signedIn.account.id, keeping: signedIn.session, in: db)
            try MessageStore.send(
                to: .account(signedIn.account.id), kind: "account.factor", "您取消了第二步验证，以后登录只凭密码。如果不是您本人，请立即更换密码。", link: "/account", in: db)
        }
    }
}
