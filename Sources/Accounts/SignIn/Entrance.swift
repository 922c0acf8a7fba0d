import Access
import Kit

/// What signing in works with, and the ways in: every session there is was opened here.
package struct Entrance: Sendable {
    package let database: Database
    package let hashing: PasswordHashing
    package let secrets: AccountSecrets
    package let numbers: PersonalNumbers
    package let denied: DeniedPasswords
    /// Nil where it is not set up.
    package let singleSignOn: SingleSignOn?
    /// Attempts during a wait, by what they are counted for.
    private let waiting = Sparingly<[UInt8]>()

    package init(
        database: Database, hashing: PasswordHashing, secrets: AccountSecrets, numbers: PersonalNumbers, denied: DeniedPasswords, singleSignOn: SingleSignOn? = nil
    ) {
        self.database = database
        self.hashing = hashing
        self.secrets = secrets
        self.numbers = numbers
        self.denied = denied
        self.singleSignOn = singleSignOn
    }

    /// Where somebody is after a step.
    enum Way: Sendable {
        /// Signed in: the tokens of session and browser.
        case session(String, device: String, target: String)
        /// Something is still owed: the step's token.
        case step(SignInStep.Kind, String)
    }

    /// Judges name and password. Refusals `signIn.wrong`, `signIn.wait`, `password.busy`, `account.locked`, `account.closed`.
    func enter(_ typed: String, _ password: String, target: String, at place: SignInPlace, former: [UInt8]?, now: Int64) async throws -> Way {
        let name = String(typed.lowercased().prefix(60))
        let wrong = Refusal("signIn.wrong", "账号名或密码不对。请检查大小写和输入法后再试。")
        guard password.count <= 200 else { throw wrong }
        let (known, hash, acquaintance) = try await database.read { db in
            let known = try AccountStore.account(typed: name, numbers: numbers, in: db)
            return (
                known, try known.flatMap { try AccountStore.passwordHash(of: $0.id, in: db) },
                try DeviceStore.acquaintance(of: known?.id, at: place, now: now, in: db)
            )
        }
        let counters = Throttle.counters(.account, of: name, at: place, known: acquaintance)
        try await counted(counters, known, at: place, now: now)
        guard try await hashing.verify(password, against: hash), let known else {
            // Whether there is such an account or not: the answer takes as long.
            try await refuse(known, .password, at: place)
            throw wrong
        }
        return try await proceed(known, by: .password, target: target, at: place, former: former, now: now, forgetting: counters)
    }

    /// What is still owed by an account that was known by `proof`; where nothing is, it is signed in.
    /// `isStrong`: the proof counts for a second factor as well. Refusals `account.locked`, `account.closed`.
    func proceed(
        _ account: Account, by proof: SignInProof, isStrong: Bool = false, target: String, at place: SignInPlace, former: [UInt8]?, now: Int64,
        forgetting counters: [Throttle.Counter] = []
    ) async throws -> Way {
        do {
            try account.refuseUnlessUsable()
        } catch {
            try await refuse(account, SignInRefusal(account.state), at: place)
            throw error
        }
        let (grants, hasFactor) = try await database.read { db in
            (try GrantStore.grants(of: account.id, in: db), try FactorStore.since(account.id, in: db) != nil)
        }
        let isNeeded = Factor.isNeeded(grants, on: Clock.day(ofMilliseconds: now))
        guard let next = SignInStep.next(isSet: true, hasFactor: hasFactor, needsFactor: isNeeded, isStrongAlready: isStrong) else {
            return try await open(account, by: proof, isStrong: isStrong, target: target, at: place, former: former, now: now, forgetting: counters)
        }
        let untold = untold(counters)
        return try await database.write(act(account, place, "session.begin")) { db in
            try ThrottleStore.forget(counters, in: db)
            if untold > 0 { try SignInRecordStore.noteRefused(account.id, .waiting, times: untold, in: db) }
            let sealed = next == .enrol ? try secrets.seal(.random(), of: account.id) : nil
            return .step(next, try SignInStepStore.begin(next, of: account.id, proof: proof, sealed: sealed, target: target, in: db))
        }
    }

    /// Opens a session. A browser that the account does not know is told to its owner.
    private func open(
        _ account: Account, by proof: SignInProof, isStrong: Bool, target: String, at place: SignInPlace, former: [UInt8]?, now: Int64,
        forgetting counters: [Throttle.Counter] = []
    ) async throws -> Way {
        let untold = untold(counters)
        return try await database.write(act(account, place, "session.open")) { db in
            try ThrottleStore.forget(counters, in: db)
            if untold > 0 { try SignInRecordStore.noteRefused(account.id, .waiting, times: untold, in: db) }
            try SignInRecordStore.noteOpened(account.id, at: place, in: db)
            // Who signs in anew leaves no former session of this browser behind.
            if let former { try SessionStore.close(former, in: db) }
            let isNew = if case .device = try DeviceStore.acquaintance(of: account.id, at: place, now: now, in: db) { false } else { true }
            if isNew, try DeviceStore.hasAny(of: account.id, in: db) {
                try MessageStore.send(
                    to: .account(account.id), kind: "session.newDevice",
                    "您的账号在一台没有用过的设备上登录：\(place.words)，地址 \(place.address)。如果不是您本人，请到“我的账号”退出那次登录并更换密码。", link: "/account", in: db)
            }
            let device = place.device ?? Secrets.token()
            try DeviceStore.note(device, at: place, of: account.id, in: db)
            return .session(try SessionStore.open(account.id, proof: proof, isStrong: isStrong, at: place, in: db), device: device, target: target)
        }
    }

    /// What became of a code on the step that owes one.
    enum Judged: Sendable {
        case passed(Way)
        case wrong
        /// Too often: everything begins anew.
        case over
    }

    /// Judges the code of the authenticator, or a recovery code. Refusal `signIn.wait`.
    func takeCode(_ typed: String, on step: SignInStep, former: [UInt8]?) async throws -> Judged {
        let account = step.account
        let known = try await database.read { try DeviceStore.acquaintance(of: account.id, at: step.place, now: step.now, in: $0) }
        let counters = Throttle.counters(.factor, of: "\(account.id)", at: step.place, known: known)
        let answer: Factor.Answer? = try await orWait(counters, account, at: step.place, now: step.now, act(account, step.place, "session.code")) { db in
            try ThrottleStore.count(counters, in: db)
            let answer = try FactorStore.take(typed, of: account.id, now: step.now, secrets, in: db)
            switch answer {
            case .wrong:
                guard step.failures + 1 >= SignInStep.mostFailures else {
                    try SignInStepStore.noteFailure(step, in: db)
                    return answer
                }
                _ = try SignInStepStore.end(step, in: db)
                try MessageStore.send(
                    to: .account(account.id), kind: "session.codes",
                    "有人凭您的\(step.proof.word)过了第一步，但验证码连续输错 \(SignInStep.mostFailures) 次：\(step.place.words)，地址 \(step.place.address)。如果不是您本人，请尽快更换密码。", link: "/account", in: db)
                return nil
            case .right, .recovery:
                guard try SignInStepStore.end(step, in: db) else { return nil }
                try ThrottleStore.forget(counters, in: db)
                if case .recovery(let left) = answer {
                    try MessageStore.send(
                        to: .account(account.id), kind: "session.recovery", "您用一个恢复码登录了，还剩 \(left) 个。手机丢了或换了，请到“我的账号”重新设置验证器。", link: "/account", in: db)
                }
                return answer
            }
        }
        switch answer {
        case nil, .wrong:
            try await refuse(account, .code, at: step.place)
            return answer == nil ? .over : .wrong
        case .right, .recovery:
            // Who came with a slip has now shown the second factor too, and may choose another password.
            if let slip = step.slip {
                return .passed(try await database.write(act(account, step.place, "session.step")) { db in
                    .step(.set, try SignInStepStore.begin(.set, of: account.id, proof: step.proof, slip: slip, isStrong: true, target: step.target, in: db))
                })
            }
            return .passed(try await open(account, by: step.proof, isStrong: true, target: step.target, at: step.place, former: former, now: step.now))
        }
    }

    /// Sets up the authenticator of a step with the first code it shows; nil where the code is wrong. Where it takes the
    /// place of another, the account's sessions end except `former`, that of this browser.
    func enrol(_ typed: String, on step: SignInStep, former: [UInt8]?) async throws -> [HandedCode]? {
        guard let secret = try secret(of: step), let first = TimeCode.step(of: typed, secret, now: step.now, after: 0) else { return nil }
        return try await database.write(act(step.account, step.place, "account.factor")) { db in
            guard try SignInStepStore.turn(step, into: .saved, in: db) else { return nil }
            // What was begun with the password alone, before there was an authenticator, must not put another in its place.
            try SignInStepStore.endAll(of: step.account.id, keeping: step.fingerprint, in: db)
            if try FactorStore.since(step.account.id, in: db) != nil {
                try SessionStore.endSessions(of: step.account.id, keeping: former ?? [], step: step.fingerprint, in: db)
                try MessageStore.send(
                    to: .account(step.account.id), kind: "account.factor",
                    "您的验证器和恢复码已更换，其他设备上的登录已全部退出。如果不是您本人，请立即找上级单位的组织人事管理员或安全管理员。", link: "/account", in: db)
            }
            try FactorStore.set(secret, step: first, of: step.account.id, secrets, in: db)
            return try FactorStore.renewRecovery(of: step.account.id, secrets, in: db)
        }
    }

    /// The secret that is being set up.
    func secret(of step: SignInStep) throws -> TimeCode.Secret? {
        try step.sealed.map { try secrets.open($0, of: step.account.id) }
    }

    /// Signs in who has set up the authenticator; nil where the step was used already.
    func finish(_ step: SignInStep, former: [UInt8]?) async throws -> Way? {
        guard step.kind == .saved, try await database.write(act(step.account, step.place, "session.step"), { try SignInStepStore.end(step, in: $0) }) else { return nil }
        return try await open(step.account, by: step.proof, isStrong: true, target: step.target, at: step.place, former: former, now: step.now)
    }

    // MARK: What is refused is on record

    /// Counts an attempt as failed before it is judged. Refusal `signIn.wait`.
    func counted(
        _ counters: [Throttle.Counter], _ account: Account?, at place: SignInPlace, now: Int64, also: @escaping @Sendable (Writing) throws -> Void = { _ in }
    ) async throws {
        try await orWait(counters, account, at: place, now: now, Act(who: .system, origin: place.address, kind: "session.try", why: "")) { db in
            try ThrottleStore.count(counters, in: db)
            try also(db)
        }
    }

    /// Who tries on during a wait is noted once in a while with the number of times: no script fills the log.
    private func orWait<T: Sendable>(
        _ counters: [Throttle.Counter], _ account: Account?, at place: SignInPlace, now: Int64, _ act: Act, _ body: @escaping @Sendable (Writing) throws -> T
    ) async throws -> T {
        do {
            return try await database.write(act, body)
        } catch let refusal as Refusal where refusal.name == "signIn.wait" {
            // Behind one address many names may have been tried.
            let isForAddress = refusal.detail == Throttle.Subject.address.rawValue
            if let counter = isForAddress ? counters.last : counters.first, let earlier = waiting.earlier(counter.fingerprint, now: now) {
                try await refuse(isForAddress ? nil : account, .waiting, at: place, times: 1 + earlier)
            }
            throw refusal
        }
    }

    /// Attempts during a wait that were only counted.
    private func untold(_ counters: [Throttle.Counter]) -> Int { counters.first.map { waiting.end($0.fingerprint) } ?? 0 }

    /// Puts on record that somebody was not let in, and to which account: never what was typed.
    func refuse(_ account: Account?, _ refusal: SignInRefusal, at place: SignInPlace, times: Int = 1) async throws {
        let why = refusal.word + (account.map { "，账号 \($0.name)" } ?? "") + (times > 1 ? "，共 \(times) 次" : "")
        try await database.write(Act(who: .system, origin: place.address, kind: "session.refused", why: why)) { db in
            if let account { try SignInRecordStore.noteRefused(account.id, refusal, times: times, in: db) }
        }
    }

    func act(_ account: Account, _ place: SignInPlace, _ kind: String) -> Act {
        Act(who: .account(account.id, account.displayName), origin: place.address, kind: kind, why: "")
    }
}

extension Account {
    /// Refusals `account.new` and `account.closed`, for an account whose password opens nothing.
    func refuseUnlessSet() throws(Refusal) {
        guard state != .closed else {
            throw Refusal("account.closed", "账号“\(name)”已经停用，有了密码也不能登录。请由本人所在单位的组织人事管理员做激活码；不对应名册里的人的，请用 yugong user add 另建一个。")
        }
        guard state != .new else { throw Refusal("account.new", "\(displayName)的账号还没有激活，没有密码可以重置。请由所在单位的组织人事管理员做激活码。") }
    }

    /// Refusals `account.locked`, `account.closed`, for who has proved to be the owner.
    func refuseUnlessUsable() throws(Refusal) {
        switch state {
        case .active, .new: break
        case .locked: throw Refusal("account.locked", "密码正确，但这个账号已由安全管理员锁定，现在不能登录。请向本单位的组织人事管理员问明原因，由安全管理员解锁后再登录。")
        case .closed: throw Refusal("account.closed", "密码正确，但这个账号已经停用。如果您仍在职，请找本单位的组织人事管理员重新制作激活码。")
        }
    }
}

extension House {
    /// How one signs in.
    package var entrance: Entrance { part() }
}
