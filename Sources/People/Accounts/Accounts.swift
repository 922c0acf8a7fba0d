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
        _ typed: String, role: String, unit code: String, displayName: String?, today: Day, by act: Act, in database: Database
    ) throws -> String {
        let name = try Account.name(typed)
        guard let role = Role(rawValue: role) else {
            throw Refusal("account.role", "没有“\(role)”这种身份。可用的有：\(Role.allCases.map { "\($0.rawValue)（\($0.word)）" }.joined(separator: "、"))。")
        }
        let password = Secrets.password()
        let hash = try PasswordHashing.hashNow(password)
        try database.writeNow(act) { db in
            guard let unit = try AccountStore.organization(code: code, in: db) else {
                throw Refusal("account.unit", "没有编码为“\(code)”的单位。请核对单位编码，或先导入单位。")
            }
            let id = try AccountStore.add(name, displayName: displayName ?? "\(unit.name) \(role.word)", hash: hash, in: db)
            try GrantStore.give(Grant(role: role, organizationID: unit.id, from: today, to: .open), to: id, in: db)
        }
        return password
    }

    /// Gives an account a new generated password and ends its sessions; with `factor` its second factor is taken away too,
    /// so that the next sign-in sets up another. Refusals `account.unknown`, `account.new`.
    package static func reset(_ typed: String, factor: Bool = false, by act: Act, in database: Database) throws -> String {
        let password = Secrets.password()
        let hash = try PasswordHashing.hashNow(password)
        try database.writeNow(act) { db in
            let name = typed.lowercased()
            guard let known = try AccountStore.account(named: name, in: db) else {
                throw Refusal("account.unknown", "没有账号名为“\(typed)”的账号。用 yugong user list 可以看到全部账号。")
            }
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
