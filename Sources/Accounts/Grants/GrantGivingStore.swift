import Access
import Kit
import Register

/// Giving grants and ending them.
extension GrantStore {
    /// Whether a person's accounts together still keep the duties apart. Throws `merge.duties`, for who makes two files one.
    static func requireSeparate(_ person: Int64, in db: Writing) throws {
        let present = try duties(ofFiles: files(of: person, in: db), on: Clock.day(ofMilliseconds: db.now), in: db)
        for grant in present {
            guard let other = present.first(where: { $0.overlaps(grant) && Separation.excludes($0.role, grant.role) }) else { continue }
            throw Refusal(
                "merge.duties", "两份档案的账号分别是“\(grant.role.word)”和“\(other.role.word)”，这两种身份不能由同一个人担任，没有合并。请先请安全管理员结束其中一项授权，再合并。")
        }
    }

    /// Who makes two files one says that two accounts are one person's. Nobody does it with the own file, nor, where an account
    /// with a duty hangs on one of them, with a file of their own making. Refusals `merge.own`, `merge.made`.
    package static func checkMerger(_ absorbed: Int64, _ survivor: Int64, by signedIn: SignedIn, in db: Reading) throws {
        for file in [absorbed, survivor] where try signedIn.isOwn(file, in: db) {
            throw Refusal("merge.own", "其中一份是您自己的档案，不能由您合并。请由本单位另一位或上级工会的组织人事管理员办理。")
        }
        let sides = try [absorbed, survivor].map { try IndependenceStore.side(ofPerson: $0, now: signedIn.now, in: db) }
        guard try !duties(of: sides.flatMap { $0.accounts.sorted() }, on: signedIn.today, in: db).isEmpty else { return }
        let own = try IndependenceStore.side(of: signedIn.account.id, now: signedIn.now, in: db)
        guard sides.allSatisfy({ $0.came(from: own, by: [.file]) == nil }) else {
            throw Refusal(
                "merge.made", "这两份档案有账号担任管理职责，而其中一份是您或您办理的人在最近 \(Independence.days) 天里建立或改过号码的，不能由您合并。请由上级工会的组织人事管理员办理。")
        }
    }

    // MARK: Giving and ending

    /// Gives an account a grant; the act says who gives it and why. What no one person may have together is refused
    /// here, whatever the way: `grant.duties`, `grant.business`; and `grant.appointment` where there is none to rest on.
    @discardableResult
    package static func give(_ grant: Grant, to accountID: Int64, in db: Writing) throws -> Int64 {
        let person = try AccountStore.account(accountID, in: db)?.personID, files = try files(of: person, in: db)
        let others = try grants(ofAccount: accountID, files: files, in: db)
        try Separation.judge(grant, besides: others)
        var unit: Int64?
        if let appointment = grant.appointmentID {
            guard let post = try RosterStore.appointment(appointment, in: db), files.contains(post.personID) else {
                throw Refusal("grant.appointment", "所选的任职已经不在了，没有授权。请刷新页面后重新选择任职。")
            }
            unit = post.organizationID
        }
        // What has ended with its appointment would come back with it, beside what now excludes it: it ends for good.
        for other in others where Separation.excludes(other.role, grant.role) {
            if let row = try row(other.id, in: db), max(row.from, other.to) < row.to { try end(row, on: max(row.from, other.to), in: db) }
        }
        let row = GrantRow(
            id: db.nextID(), accountID: accountID, role: grant.role.rawValue, organizationID: grant.organizationID, from: grant.from, to: grant.to,
            appointmentID: grant.appointmentID, appointmentUnitID: unit)
        try db.run(SQL("""
            INSERT INTO account_grant (id, account_id, role, organization_id, from_day, to_day, appointment_id, appointment_unit_id, given_act_id, act_id)
            VALUES (\(row.id), \(accountID), \(row.role), \(row.organizationID), \(row.from), \(row.to), \(row.appointmentID), \(row.appointmentUnitID),
                \(db.actID), \(db.actID))
            """))
        try db.change("account_grant", row.id, before: nil, after: row.image.json)
        // Who made a code before may not be one who may make it for this duty.
        try SlipStore.end(Array(try SlipStore.open(of: [accountID], in: db).values), .voided, in: db)
        return row.id
    }

    /// Ends a grant: `day` is the first day on which it no longer holds. One that has not begun never will.
    package static func end(_ id: Int64, on day: Day, in db: Writing) throws {
        guard let row = try row(id, in: db) else { throw Refusal("grant.missing", "没有这项授权；请刷新页面后再试") }
        try end(row, on: max(row.from, day), in: db)
    }

    /// Days that a grant sleeps after its appointment has ended and can wake with it; then it is over for good, so that nobody
    /// is held for an officer for ever.
    package static let sleepDays = 30

    /// Grants that have slept so long: since the appointment ended, or was taken away or to another unit, and since anybody changed it.
    static func overslept(on today: Day, in db: Reading) throws -> [Int64] {
        let day = today - sleepDays
        return try db.rows(
            SQL("""
                SELECT g.id FROM \(source) WHERE g.to_day > \(today) AND g.from_day < g.to_day AND g.appointment_id IS NOT NULL
                    AND (p.id IS NULL OR p.to_day <= \(day)) AND NOT EXISTS (
                        SELECT 1 FROM act_change c WHERE c.subject = 'appointment' AND c.subject_id = g.appointment_id AND c.id >= \(Clock.firstID(of: day + 1)))
                ORDER BY g.id LIMIT 500
                """)) { $0.int(0) }
    }

    /// Ends all grants of an account for good, those too that have ended with their appointment and could come back with it.
    static func endAll(of account: Int64, on day: Day, in db: Writing) throws {
        for id in try db.rows(SQL("SELECT id FROM account_grant WHERE account_id = \(account) AND to_day > \(day) AND from_day < to_day ORDER BY id"), { $0.int(0) }) {
            try end(id, on: day, in: db)
        }
    }

    private static func end(_ row: GrantRow, on day: Day, in db: Writing) throws {
        guard day < row.to else { throw Refusal("grant.ended", "这项授权到 \(row.to) 就已结束，不用再结束。请刷新页面核对。") }
        var after = row
        after.to = day
        try db.run(SQL("UPDATE account_grant SET to_day = \(day), ended_act_id = \(db.actID), act_id = \(db.actID) WHERE id = \(row.id)"))
        try db.change("account_grant", row.id, before: row.image.json, after: after.image.json)
    }

    /// Notes that the account was told about an end of a grant.
    static func noteTold(_ id: Int64, end: Day, isOver: Bool, in db: Writing) throws {
        try db.run(SQL("INSERT INTO grant_notice (grant_id, end_day, is_over) VALUES (\(id), \(end), \(isOver)) ON CONFLICT (grant_id, end_day, is_over) DO NOTHING"))
    }

    private static func row(_ id: Int64, in db: Reading) throws -> GrantRow? {
        try db.first(
            SQL("SELECT id, account_id, role, organization_id, from_day, to_day, appointment_id, appointment_unit_id FROM account_grant WHERE id = \(id)")
        ) { row in
            GrantRow(
                id: row.int(0), accountID: row.int(1), role: row.text(2), organizationID: row.int(3), from: row.day(4), to: row.day(5),
                appointmentID: row.intOrNil(6), appointmentUnitID: row.intOrNil(7))
        }
    }

    /// Holds the rows of grants against the images that acts left of them. A grant is not taken back but ended.
    package static let keeper = RowKeeper(
        subject: "account_grant", image: { id, db in try row(id, in: db)?.image },
        restore: { _, _, _ in throw Refusal("undo.foreign", "授权不能撤回；请结束这项授权，或重新授予") })
}

/// A row of `account_grant` as it is written.
private struct GrantRow {
    let id: Int64, accountID: Int64, role: String, organizationID: Int64, from: Day
    var to: Day
    let appointmentID: Int64?, appointmentUnitID: Int64?

    var image: RowImage {
        RowImage([
            "account_id": .int(accountID), "role": .text(role), "organization_id": .int(organizationID), "from_day": .day(from), "to_day": .day(to),
            "appointment_id": .int(appointmentID), "appointment_unit_id": .int(appointmentUnitID),
        ])
    }
}
