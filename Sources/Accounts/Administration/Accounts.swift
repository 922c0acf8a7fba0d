import Access
import Kit

/// Accounts from the command line: for the first sign-in and for emergencies.
package enum Accounts {
    /// One line of the list of accounts.
    package struct Line: Sendable, Hashable {
        package var name: String
        package var displayName: String
        /// `personnelOfficer@BJ-DC`, those of today only.
        package var grants: [String]
    }

    /// Makes an account with a role at a unit, from `today` on, and gives its generated password, which is kept nowhere.
    /// Refusals `account.name`, `account.taken`, `account.role`, `account.unit`.
    package static func add(
        _ typed: String, role: String, unit code: String, displayName: String?, today: Day, by act: Act, in database: Database, _ cost: PasswordHashing.Cost = .standard
    ) throws -> String {
        let name = try Account.name(typed), role = try self.role(role)
        let password = Secrets.password()
        let hash = try PasswordHashing.hashNow(password, cost)
        try database.writeNow(act) { db in
            let unit = try unit(code, in: db)
            let id = try AccountStore.add(name, displayName: displayName ?? "\(unit.name) \(role.word)", hash: hash, in: db)
            try GrantStore.give(Grant(role: role, organizationID: unit.id, from: today, to: .open), to: id, in: db)
        }
        return password
    }

    /// Gives a known account a further grant that rests on no appointment, from `today` up to `until`, its last day, or for good.
    /// Refusals `account.unknown`, `account.role`, `account.unit`, `grant.span`, `grant.twice`, `grant.duties`, `grant.business`.
    package static func grant(_ typed: String, role: String, unit code: String, until: Day?, today: Day, by act: Act, in database: Database) throws {
        let role = try self.role(role)
        try database.writeNow(act) { db in
            let account = try known(typed, in: db), unit = try unit(code, in: db)
            let grant = Grant(role: role, organizationID: unit.id, from: today, to: until.map { $0 + 1 } ?? .open)
            guard grant.from < grant.to else { throw Refusal("grant.span", "最后一天 \(grant.to - 1) 已经过去，没有授权。请给出今天或以后的日期。") }
            guard try !GrantStore.grants(of: account.id, in: db).contains(where: { $0.role == role && $0.organizationID == unit.id && $0.overlaps(grant) }) else {
                throw Refusal("grant.twice", "账号“\(account.name)”在这段时间内已经是\(unit.name)的“\(role.word)”，不用再授。用 yugong user list 可以看到全部授权。")
            }
            let id = try GrantStore.give(grant, to: account.id, in: db)
            if let record = try GrantListStore.record(id, in: db) { try GrantNotices.told(given: record, unit: unit.name, in: db) }
        }
    }

    /// Ends today what an account holds of a role at a unit. Refusals `account.unknown`, `account.role`, `account.unit`, `grant.missing`.
    package static func revoke(_ typed: String, role: String, unit code: String, today: Day, by act: Act, in database: Database) throws {
        let role = try self.role(role)
        try database.writeNow(act) { db in
            let account = try known(typed, in: db), unit = try unit(code, in: db)
            let held = try GrantStore.duties(of: [account.id], on: today, in: db).filter { $0.role == role && $0.organizationID == unit.id }
            guard !held.isEmpty else { throw Refusal("grant.missing", "账号“\(account.name)”不是\(unit.name)的“\(role.word)”，没有改动。用 yugong user list 可以看到全部授权。") }
            for grant in held {
                try GrantStore.end(grant.id, on: today, in: db)
                if let record = try GrantListStore.record(grant.id, in: db) { try GrantNotices.told(taken: record, unit: unit.name, in: db) }
            }
        }
    }

    private static func role(_ code: String) throws(Refusal) -> Role {
        guard let role = Role(rawValue: code) else {
            throw Refusal("account.role", "没有“\(code)”这种身份。可用的有：\(Role.allCases.map { "\($0.rawValue)（\($0.word)）" }.joined(separator: "、"))。")
        }
        return role
    }

    private static func unit(_ code: String, in db: Reading) throws -> (id: Int64, name: String) {
        guard let unit = try AccountStore.organization(code: code, in: db) else {
            throw Refusal("account.unit", "没有编码为“\(code)”的单位。请核对单位编码，或先导入单位。")
        }
        return unit
    }

    private static func known(_ typed: String, in db: Reading) throws -> Account {
        guard let known = try AccountStore.account(named: typed.lowercased(), in: db) else {
            throw Refusal("account.unknown", "没有账号名为“\(typed)”的账号。用 yugong user list 可以看到全部账号。")
        }
        return known
    }

    /// Gives an account a new generated password and ends its sessions; with `factor` its second factor is taken away too,
    /// so that the next sign-in sets up another. Refusals `account.unknown`, `account.new`.
    package static func reset(_ typed: String, factor: Bool = false, by act: Act, in database: Database, _ cost: PasswordHashing.Cost = .standard) throws -> String {
        let password = Secrets.password()
        let hash = try PasswordHashing.hashNow(password, cost)
        try database.writeNow(act) { db in
            let known = try known(typed, in: db)
            try known.refuseUnlessSet()
            try AccountStore.setPassword(hash, of: known.id, in: db)
            try SessionStore.endSessions(of: known.id, in: db)
            if factor { try FactorStore.remove(of: known.id, in: db) }
        }
        return password
    }

    /// All accounts that have been activated, in the order they were made.
    package static func list(today: Day, in database: Database) throws -> [Line] {
        try database.readNow { db in
            try AccountStore.all(in: db).filter { $0.account.state != .new }.map { account, grants in
                Line(
                    name: account.name, displayName: account.displayName,
                    grants: try grants.filter { $0.covers(today) }.map { "\($0.role.rawValue)@\(try AccountStore.organizationCode($0.organizationID, in: db))" })
            }
        }
    }
}
