import Access
import Accounts
import Kit
import Register

/// 代理人 in the database.
package enum SubstituteStore {
    package static func substitute(_ id: Int64, in db: Reading) throws -> Substitute? {
        try db.first(SQL("SELECT \(columns) FROM substitute WHERE id = \(id)"), read)
    }

    /// Those that hold on a day or later: few at a time.
    package static func all(from day: Day, in db: Reading) throws -> [Substitute] {
        try db.rows(SQL("SELECT \(columns) FROM substitute WHERE to_day > \(day) AND from_day < to_day ORDER BY from_day, id LIMIT 20000"), read)
    }

    /// Those of an account, as the one who is away or the one who stands in, latest first.
    package static func those(of account: Int64, in db: Reading) throws -> [Substitute] {
        try db.rows(
            SQL("SELECT \(columns) FROM substitute WHERE (absent_id = \(account) OR substitute_id = \(account)) AND from_day < to_day ORDER BY from_day DESC, id DESC LIMIT 200"), read)
    }

    /// For whom an account decides on the day of a tree, with what these hold then. Whoever is locked or closed lends nothing, neither the own turn nor what
    /// was lent; a superior who chose for somebody lends what lies below the own units today, and nothing when locked.
    package static func standsFor(_ account: Int64, on tree: OrgTree, in db: Reading) throws -> [StandsFor] {
        let day = tree.day
        guard try db.first(SQL("SELECT 1 FROM substitute WHERE substitute_id = \(account) AND from_day <= \(day) AND to_day > \(day) LIMIT 1"), { _ in true }) != nil else { return [] }
        return try Substitute.absent(from: account, on: day, all(from: day, in: db)) { try mayStandIn($0, on: day, in: db) }.compactMap { way in
            guard let absent = try AccountStore.account(way.id, in: db), !absent.isKeptOut else { return nil }
            var grants = try GrantStore.grants(of: way.id, in: db).filter { $0.covers(day) }
            for superior in way.superiors {
                guard try AccountStore.account(superior, in: db)?.isKeptOut == false else { return nil }
                let scope = Scope(grants: try GrantStore.grants(of: superior, in: db).filter { $0.covers(day) }, tree: tree)
                grants = grants.filter { Substitute.mayChoose(for: $0, scope) }
            }
            // Whoever has nothing to decide with lends a turn by the own file alone, which no superior lends.
            guard !grants.isEmpty || way.superiors.isEmpty else { return nil }
            return StandsFor(account: absent, grants: grants, chosenBy: way.chosenBy)
        }
    }

    /// Whether somebody is still one who may stand in: not kept out, with a duty of the daily business or a post, and no administrator's duty.
    private static func mayStandIn(_ account: Int64, on day: Day, in db: Reading) throws -> Bool {
        guard let one = try AccountStore.account(account, in: db), !one.isKeptOut else { return false }
        let files = try GrantStore.files(of: one.personID, in: db)
        let duties = try GrantStore.grants(ofAccount: account, files: files, in: db).filter { $0.covers(day) }
        guard !duties.contains(where: \.role.isAdministrator) else { return false }
        return try !duties.isEmpty || RosterStore.appointments(of: files.sorted(), in: db).contains { $0.from <= day && $0.to > day }
    }

    /// Who stands in for accounts on the day of a tree, in turn by way of others.
    package static func substitutes(of accounts: [Int64], on tree: OrgTree, in db: Reading) throws -> Set<Int64> {
        let found = try Substitute.standing(inFor: accounts, on: tree.day, all(from: tree.day, in: db)) { try mayStandIn($0, on: tree.day, in: db) }
        // To whom nothing is lent any more nothing is told.
        return try found.filter { one in try standsFor(one, on: tree, in: db).contains { accounts.contains($0.account.id) } }
    }

    /// Who chose the substitutes by way of whom an account stood in for another on a day, whether that has been ended since or not.
    static func choosers(of substitute: Int64, for absent: Int64, on day: Day, in db: Reading) throws -> Set<Int64> {
        let all = try db.rows(SQL("SELECT \(columns) FROM substitute WHERE from_day <= \(day) AND to_day >= \(day) ORDER BY from_day, id LIMIT 20000"), read).map { one in
            Substitute(id: one.id, absentID: one.absentID, substituteID: one.substituteID, from: one.from, to: max(one.to, day + 1), chosenByID: one.chosenByID)
        }
        return Substitute.absent(from: substitute, on: day, all) { _ in true }.first { $0.id == absent }?.chosenBy ?? []
    }

    // MARK: - deleted files

    /// The messages that name somebody as away or as standing in, by the acts that sent them; they lead to no page of the one they name.
    static func acts(about accounts: [Int64], in db: Reading) throws -> [Int64] {
        let ids = try db.rows(SQL("SELECT id FROM substitute WHERE absent_id IN (\(list: accounts)) OR substitute_id IN (\(list: accounts)) ORDER BY id")) { $0.int(0) }
        return try ActStore.changes(of: "substitute", ids, in: db).map(\.act.id)
    }

    // MARK: - choosing

    /// Chooses somebody for the time of an absence; both are told. Refusals of `Substitute.check`, `substitute.none`, `substitute.duties`.
    @discardableResult
    package static func choose(_ substitute: Int64, for absent: Int64, from: Day, to: Day, today: Day, in db: Writing) throws -> Int64 {
        let chosenBy = db.act.accountID
        let new = Substitute(id: db.nextID(), absentID: absent, substituteID: substitute, from: from, to: to, chosenByID: chosenBy)
        try Substitute.check(new, besides: all(from: today, in: db), today: today)
        guard let one = try AccountStore.account(absent, in: db), let other = try AccountStore.account(substitute, in: db), other.state == .active else {
            throw Refusal("substitute.none", "这个人的账号现在不能登录，不能代理；请另选一人。")
        }
        let files = try GrantStore.files(of: one.personID, in: db)
        guard other.personID.map({ !files.contains($0) }) ?? true else { throw Refusal("substitute.self", "代理人不能是本人；请另选一人。") }
        let othersFiles = try GrantStore.files(of: other.personID, in: db)
        if let chosenBy, chosenBy != absent {
            let choosers = try GrantStore.files(of: AccountStore.account(chosenBy, in: db)?.personID, in: db)
            guard chosenBy != substitute, choosers.isDisjoint(with: othersFiles) else { throw Refusal("substitute.own", "为下级指定代理人时，不能指定自己；请另选一人。") }
        }
        let duties = try GrantStore.grants(ofAccount: substitute, files: othersFiles, in: db)
        guard !duties.contains(where: { $0.role.isAdministrator && $0.to > today }) else {
            throw Refusal("substitute.duties", "系统、安全、审计三员不办业务，不能代理；请另选一人。")
        }
        try db.run(SQL("""
            INSERT INTO substitute (id, absent_id, substitute_id, from_day, to_day, chosen_by, act_id)
            VALUES (\(new.id), \(new.absentID), \(new.substituteID), \(new.from), \(new.to), \(new.chosenByID), \(db.actID))
            """))
        try db.change("substitute", new.id, before: nil, after: image(new).json)
        let span = "\(from) 至 \(to - 1)"
        try MessageStore.send(to: .account(substitute), kind: "substitute.chosen", "\(span)，由您代\(one.displayName)办理待办事项。", link: "/substitutes", in: db)
        if chosenBy != absent {
            try MessageStore.send(to: .account(absent), kind: "substitute.chosen", "\(span)，由\(other.displayName)代您办理待办事项。", link: "/substitutes", in: db)
        }
        return new.id
    }

    /// Ends one with a day; before it has begun it is as if it had not been. Refusal `substitute.over`.
    package static func end(_ id: Int64, on day: Day, in db: Writing) throws {
        guard let old = try substitute(id, in: db), old.to > day else { throw Refusal("substitute.over", "这次代理已经结束，不用再办。") }
        var new = old
        new.to = max(old.from, day)
        try db.run(SQL("UPDATE substitute SET to_day = \(new.to), act_id = \(db.actID) WHERE id = \(id)"))
        try db.change("substitute", id, before: image(old).json, after: image(new).json)
        for account in [old.absentID, old.substituteID] where account != db.act.accountID {
            try MessageStore.send(to: .account(account), kind: "substitute.ended", "代理已经结束，待办事项从 \(new.to) 起由本人办理。", link: "/substitutes", in: db)
        }
    }

    // MARK: - whom to choose

    /// Accounts that may stand in for one: in use, with a business duty at a unit of the absent one's or above it, or with a post there today.
    package static func candidates(for absent: Account, _ grants: [Grant], _ tree: OrgTree, in db: Reading) throws -> [(account: Account, note: String)] {
        let units = Set(grants.filter { $0.covers(tree.day) && !$0.role.isAdministrator }.map(\.organizationID))
        guard !units.isEmpty else { return [] }
        let path = Set(units.flatMap { tree.path(to: $0).map(\.id) }), own = try GrantStore.files(of: absent.personID, in: db)
        var found: [Int64: (account: Account, note: String)] = [:]
        let held = try db.rows(SQL("""
            SELECT \(AccountStore.columns), g.role, g.organization_id FROM \(GrantStore.source) JOIN account a ON a.id = g.account_id
            WHERE g.organization_id IN (\(list: path.sorted())) AND \(GrantStore.holds(on: tree.day)) AND a.state = 'active' ORDER BY a.id LIMIT 500
            """)) { (AccountStore.read($0), Role(rawValue: $0.text(5)), $0.int(6)) }
        for (account, role, unit) in held {
            guard let role, !role.isAdministrator else { continue }
            found[account.id] = (account, "\(tree.unit(unit)?.name ?? "")\(role.word)")
        }
        let posted = try db.rows(SQL("""
            SELECT \(AccountStore.columns), p.organization_id, p.title FROM appointment p JOIN account a ON a.person_id = p.person_id
            WHERE p.organization_id IN (\(list: units.sorted())) AND p.from_day <= \(tree.day) AND p.to_day > \(tree.day) AND a.state = 'active' ORDER BY a.id LIMIT 500
            """)) { (AccountStore.read($0), $0.int(5), $0.text(6)) }
        for (account, unit, title) in posted where found[account.id] == nil { found[account.id] = (account, "\(tree.unit(unit)?.name ?? "")\(title)") }
        let administrators = Set(held.filter { $0.1?.isAdministrator ?? false }.map(\.0.id))
        return found.values.filter { one in
            one.account.id != absent.id && !administrators.contains(one.account.id) && !(one.account.personID.map(own.contains) ?? false)
        }.sorted { $0.account.id < $1.account.id }
    }

    /// Accounts in use that hold something at some of these units on a day, with all that they hold.
    static func holders(at units: [Int64], on day: Day, in db: Reading) throws -> [(account: Account, grants: [Grant])] {
        guard !units.isEmpty else { return [] }
        let accounts = try db.rows(SQL("""
            SELECT DISTINCT \(AccountStore.columns) FROM \(GrantStore.source) JOIN account a ON a.id = g.account_id
            WHERE g.organization_id IN (\(list: units)) AND \(GrantStore.holds(on: day)) AND a.state = 'active' ORDER BY a.id LIMIT 300
            """), AccountStore.read)
        let grants = try GrantStore.grants(of: accounts.map(\.id), in: db)
        return accounts.map { ($0, (grants[$0.id] ?? []).filter { $0.covers(day) }) }
    }

    // MARK: - rows

    private static let columns: SQL = "id, absent_id, substitute_id, from_day, to_day, chosen_by"
    private static func read(_ row: Row) -> Substitute {
        Substitute(id: row.int(0), absentID: row.int(1), substituteID: row.int(2), from: row.day(3), to: row.day(4), chosenByID: row.intOrNil(5))
    }

    private static func image(_ one: Substitute) -> RowImage {
        RowImage([
            "absent_id": .int(one.absentID), "substitute_id": .int(one.substituteID), "from_day": .day(one.from), "to_day": .day(one.to), "chosen_by": .int(one.chosenByID),
        ])
    }

    /// Holds the rows against their images. One that was chosen is ended, not taken back.
    package static let keeper = RowKeeper(
        subject: "substitute", image: { id, db in try substitute(id, in: db).map(image) },
        restore: { _, _, _ in throw Refusal("undo.foreign", "代理不能在这里撤回；请在“代理”里结束") })
}
