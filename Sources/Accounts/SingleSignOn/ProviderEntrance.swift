import Access
import Kit

/// The way in through the provider of single sign-on.
extension Entrance {
    /// Where a sign-in begins: the address at the provider, and what the browser keeps meanwhile. Throws `OpenIDProblem`.
    func begin(_ flow: ProviderFlow, by signOn: SingleSignOn, now: Int64) async throws -> (address: String, cookie: String) {
        // Whoever binds says at the provider who it is; a browser where somebody else is still signed in there would bind that one.
        let address = try await signOn.provider.address(state: flow.state, nonce: flow.nonce, challenge: flow.challenge, isFresh: flow.binding != nil, now: now)
        return (address, try flow.sealed(secrets))
    }

    /// What became of a browser that came back.
    enum Returned: Sendable {
        case way(Way)
        /// The identity is bound to the account signed in.
        case bound
        /// The provider knows somebody; we do not.
        case unknown
    }

    /// Judges what a browser came back with. Throws `OpenIDProblem`; refusals `signIn.wait`, `account.locked`,
    /// `account.closed`, `identity.taken`.
    func finish(_ answer: Fields, _ flow: ProviderFlow, by signOn: SingleSignOn, session: [UInt8]?, at place: SignInPlace, now: Int64) async throws -> Returned {
        try await signOn.provider.judge(sender: answer["iss"], now: now)
        let code = try ProviderFlow.code(in: answer)
        let counters = [Throttle.Counter.address(of: place)]
        try await counted(counters, nil, at: place, now: now) { db in
            guard try IdentityStore.noteReturn(flow, in: db) else { throw OpenIDProblem.used }
        }
        let subject: String, token: IDToken
        do {
            (subject, token) = try await signOn.provider.redeem(code: code, verifier: flow.verifier, nonce: flow.nonce, now: now)
        } catch let problem as OpenIDProblem {
            try await refuse(nil, .provider(problem.word), at: place)
            throw problem
        }
        if let binding = flow.binding { return try await bind(subject, binding, by: signOn, session: session, at: place, now: now, forgetting: counters) }
        guard let account = try await account(of: subject, token, by: signOn, at: place, now: now) else {
            try await refuse(nil, .provider("没有绑定账号"), at: place)
            return .unknown
        }
        return .way(try await proceed(
            account, by: .provider, isStrong: signOn.isStrong(token), target: flow.target, at: place, former: session, now: now, forgetting: counters))
    }

    /// The account bound to an identity, or bound now by the staff number where that is turned on.
    private func account(of subject: String, _ token: IDToken, by signOn: SingleSignOn, at place: SignInPlace, now: Int64) async throws -> Account? {
        let issuer = signOn.issuer, numbers = numbers, number = signOn.staffNumber(token)
        @Sendable func toBind(_ db: Reading) throws -> Account? {
            try number.flatMap { number in
                try SingleSignOn.toBind(IdentityStore.accounts(staffNumber: number, in: db)) { account in
                    // Staff numbers are kept by officers: whoever writes another's into a file must not gain that one's duties.
                    let hasDuties = try !GrantStore.duties(of: [account.id], on: Clock.day(ofMilliseconds: now), in: db).isEmpty
                    return try hasDuties || IdentityStore.since(account.id, at: issuer, in: db) != nil || !IdentityStore.isOlder(staffNumber: number, than: account, in: db)
                }
            }
        }
        let (known, new) = try await database.read { db in
            let known = try IdentityStore.account(of: subject, at: issuer, numbers, in: db)
            return (known, try known == nil ? toBind(db) : nil)
        }
        guard let new else { return known }
        return try await database.write(Act(who: .account(new.id, new.displayName), origin: place.address, kind: "identity.bind", why: "按人员编号")) { db in
            guard try toBind(db)?.id == new.id else { return nil }
            try IdentityStore.bind(subject, at: issuer, to: new.id, numbers, in: db)
            try tell(new.id, bound: true, signOn, in: db)
            return new
        }
    }

    /// Binds what the provider named to the account that asked for it, in the session it was asked in.
    private func bind(
        _ subject: String, _ binding: ProviderFlow.Binding, by signOn: SingleSignOn, session: [UInt8]?, at place: SignInPlace, now: Int64,
        forgetting counters: [Throttle.Counter]
    ) async throws -> Returned {
        guard let session, session == binding.session,
            let open = try await database.read({ try SessionStore.session(session, now: now, in: $0) }), open.account.id == binding.account
        else { throw OpenIDProblem.state }
        let numbers = numbers
        try await database.write(Act(who: .account(open.account.id, open.account.displayName), origin: place.address, kind: "identity.bind", why: "")) { db in
            // An owner who has come back meanwhile has ended the session, and all that was bound in it.
            guard try SessionStore.session(session, now: now, in: db)?.account.id == binding.account else { throw OpenIDProblem.state }
            try ThrottleStore.forget(counters, in: db)
            try IdentityStore.bind(subject, at: signOn.issuer, to: open.account.id, numbers, in: db)
            try tell(open.account.id, bound: true, signOn, in: db)
        }
        return .bound
    }

    /// Ends what was bound; whether there was something.
    func unbind(_ signedIn: SignedIn, by signOn: SingleSignOn) async throws -> Bool {
        try await database.write(signedIn.act("identity.unbind")) { db in
            guard try IdentityStore.unbind(signedIn.account.id, at: signOn.issuer, in: db) else { return false }
            try tell(signedIn.account.id, bound: false, signOn, in: db)
            return true
        }
    }

    /// An owner reads of every change of the ways in.
    private func tell(_ account: Int64, bound: Bool, _ signOn: SingleSignOn, in db: Writing) throws {
        let what = bound ? "绑定了一个“\(signOn.name)”的身份，以后可以用它登录" : "解除了与“\(signOn.name)”的绑定，以后不能再用它登录"
        try MessageStore.send(
            to: .account(account), kind: "identity.change", "您的账号\(what)。如果不是您本人做的，请更换密码并告诉安全管理员。", link: "/account/identity", in: db)
    }
}
