import Access
import Kit
import Register

/// The way in with a slip: number and code, where there is a second factor that too, then another name or password.
extension Entrance {
    /// Judges who holds a slip. It is not used up yet: who is interrupted comes again.
    /// Refusals `slip.wrong`, `signIn.wait`, `account.locked`, `slip.maker`.
    func present(_ typed: String, _ text: String, at place: SignInPlace, now: Int64) async throws -> Way {
        let name = String(typed.prefix(60))
        let counters = Throttle.counters(.slip, of: name.lowercased(), at: place, known: .none)
        try await database.write(Act(who: .system, origin: place.address, kind: "slip.try", why: "")) { try ThrottleStore.count(counters, in: $0) }
        let wrong = Refusal("slip.wrong", "编号和码对不上，或者这个码已经用过、作废或过期。请对照纸条再输一遍；还是不行，请找给您纸条的组织人事管理员重新做一张。")
        // Whatever was typed takes the same way.
        let code = HandedCode(typed: text)
        let found = try await database.read { db -> (Slip, Account)? in
            let accounts = try AccountStore.accounts(meant: name, numbers: numbers, in: db)
            guard let slip = try SlipStore.slip(code ?? .random(), of: accounts.map(\.id), now: now, secrets, in: db), code != nil,
                let account = accounts.first(where: { $0.id == slip.accountID })
            else { return nil }
            // Who has gone to another unit since is another officer's to let in.
            let home = try RosterStore.appointments(of: Array(GrantStore.files(of: account.personID, in: db)), in: db).home(on: Clock.day(ofMilliseconds: now))
            guard slip.unitID == nil || slip.unitID == home?.organizationID else { return nil }
            return (slip, account)
        }
        guard let (slip, account) = found else { throw wrong }
        try account.refuseUnlessUnlocked()
        return try await database.write(act(account, place, "slip.open")) { db in
            try SlipMaker.require(slip, for: account, now: now, in: db)
            try ThrottleStore.forget(counters, in: db)
            // One browser at a time: the later one goes on.
            try SignInStepStore.endAll(of: account.id, keeping: [], in: db)
            let asksFactor = try account.state == .active && !slip.takesFactor && FactorStore.since(account.id, in: db) != nil
            let kind = asksFactor ? SignInStep.Kind.code : .set
            return .step(kind, try SignInStepStore.begin(kind, of: account.id, proof: .slip, slip: slip.id, target: account.personID == nil ? "/" : "/me", in: db))
        }
    }

    /// Uses the slip up: a new account gets its name and password, one in use another password; all its sessions end.
    /// Nobody can use it a second time, also not at the same moment.
    ///
    /// Refusals `account.name`, `account.number`, `account.taken`, `account.otherCode`, `account.locked`, `password.…`, `slip.over`, `slip.maker`.
    func set(name typed: String, password: String, on step: SignInStep, former: [UInt8]?) async throws -> Way {
        var account = step.account
        let isNew = account.state != .active, owned = account
        if isNew { account.name = try Account.name(typed) }
        let name = account.name
        let words = try await database.read { db in
            if isNew { try refuseOthersCode(name, owned, in: db) }
            return try AccountStore.words(of: owned, in: db)
        }
        try PasswordRule.judge(password, words: words + [name], denied: denied)
        let hash = try await hashing.hash(password)
        try await database.write(act(account, step.place, isNew ? "account.activate" : "account.renew")) { db in
            if let slip = try step.slip.flatMap({ try SlipStore.slip($0, in: db) }) { try SlipMaker.require(slip, for: owned, now: db.now, in: db) }
            guard let id = step.slip, let slip = try SlipStore.slip(id, in: db), try SignInStepStore.end(step, in: db), try SlipStore.end([slip], .used, in: db) == 1,
                let present = try AccountStore.account(owned.id, in: db), present.state == owned.state || present.state == .locked
            else { throw Refusal("slip.over", "这个码刚刚用过或作废了，什么也没有改。请从头再来；还是不行，请找给您纸条的组织人事管理员重新做一张。") }
            try present.refuseUnlessUnlocked()
            if isNew { try AccountStore.activate(present, name: name, hash: hash, in: db) } else { try AccountStore.setPassword(hash, of: present.id, in: db) }
            if slip.takesFactor { try FactorStore.remove(of: present.id, in: db) }
            // Whoever held the account for a while may have bound an identity of the own: the owner who comes back binds anew.
            let isUnbound = try IdentityStore.unbindAll(present.id, in: db), unbound = isUnbound ? "原来绑定的统一身份已经解除，需要时请重新绑定。" : ""
            try SessionStore.endSessions(of: present.id, in: db)
            let made = "\(slip.maker)于 \(Clock.minute(ofMilliseconds: slip.madeMilliseconds)) 做的一次性码", there = "\(step.place.words)，地址 \(step.place.address)"
            try MessageStore.send(
                to: .account(present.id), kind: isNew ? "account.activate" : "account.renew",
                isNew
                    ? "您用\(made)激活了账号，账号名是 \(name)：\(there)。以后用账号名、人员编号或手机号都可以登录。\(unbound)"
                    : "您的账号用\(made)重设了密码\(slip.takesFactor ? "，原来的验证器已取消" : "")：\(there)。\(unbound)如果不是您本人，请立即告诉上级单位的组织人事管理员或安全管理员。",
                link: "/account", in: db)
        }
        account.state = .active
        return try await proceed(account, by: .slip, isStrong: step.isStrong, target: step.target, at: step.place, former: former, now: step.now)
    }

    /// A name for an account to be activated: the staff number, else the sound of the person's name, where nobody has it.
    func suggestion(for account: Account, in db: Reading) throws -> String {
        guard let person = try account.personID.flatMap({ try RosterStore.living($0, in: db) }) else { return "" }
        return try [person.code ?? "", person.pinyin.full].first { proposed in
            guard let name = try? Account.name(proposed) else { return false }
            return try AccountStore.account(named: name, in: db) == nil && (try? refuseOthersCode(name, account, in: db)) != nil
        }?.lowercased() ?? ""
    }

    /// Who types a staff number means its bearer: nobody else's account bears it as a name.
    private func refuseOthersCode(_ name: String, _ account: Account, in db: Reading) throws {
        let bearers = try RosterStore.bearers(ofCodes: [name, name.uppercased()], in: db).values
        guard try bearers.isEmpty || GrantStore.files(of: account.personID, in: db).isSuperset(of: bearers) else {
            throw Refusal("account.otherCode", "“\(name)”是别人的人员编号，不能用作您的账号名。请换一个。")
        }
        if let other = try AccountStore.account(named: name, in: db), other.id != account.id { throw AccountStore.taken(name) }
    }
}

extension Account {
    /// Refusal `account.locked`, for the holder of a slip.
    fileprivate func refuseUnlessUnlocked() throws(Refusal) {
        guard state != .locked else {
            throw Refusal("account.locked", "码是对的，但这个账号已由安全管理员锁定，现在不能用。请向本单位的组织人事管理员问明原因，由安全管理员解锁后再来。")
        }
    }
}
