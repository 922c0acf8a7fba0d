import Access
import Kit
import Register

/// Who brought whom about, read from acts, slips and grants.
package enum IndependenceStore {
    /// One who acts, as of a moment; of nobody for the command line and the program itself.
    package static func side(of account: Int64?, now: Int64, in db: Reading) throws -> Independence.Side {
        guard let account else { return Independence.Side() }
        let own = try whole(account, in: db)
        return try traced(own.accounts, own.files, now: now, in: db)
    }

    /// The same without who made whom: enough to tell whether two are one.
    package static func oneself(_ account: Int64?, in db: Reading) throws -> Independence.Side {
        guard let account else { return Independence.Side() }
        let own = try whole(account, in: db)
        return Independence.Side(accounts: own.accounts, files: own.files)
    }

    /// Somebody with a file, whatever the accounts.
    package static func side(ofPerson person: Int64, now: Int64, in db: Reading) throws -> Independence.Side {
        let files = try GrantStore.files(of: person, in: db)
        return try traced(try accounts(of: files, in: db), files, now: now, in: db)
    }

    /// Who did some acts, each once; nobody for those of the command line and the program.
    package static func actors(ofActs acts: [Int64], now: Int64, in db: Reading) throws -> [Independence.Side] {
        try Set(actors(ofActs: acts, in: db).values).sorted().map { try side(of: $0, now: now, in: db) }
    }

    /// Who else of these units' officers may decide, in a sentence; `barred` are those that may not.
    package static func others(
        than asker: Independence.Side, _ decider: Independence.Side, besides barred: [Independence.Side] = [], at path: [OrgTree.Unit], now: Int64, today: Day,
        isFinal: Bool, in db: Reading
    ) throws -> String {
        var names: [String] = []
        for unit in path.reversed() where names.count < 3 {
            for id in try GrantStore.officers(at: [unit.id], on: today, in: db) where names.count < 3 {
                let other = try side(of: id, now: now, in: db)
                guard !other.isSame(as: decider), !barred.contains(where: { $0.isSame(as: other) || $0.came(from: other) != nil }), Independence.tie(asker: asker, decider: other, isFinal: isFinal) == nil, let account = try AccountStore.account(id, in: db)
                else { continue }
                names.append("\(unit.name)的\(account.displayName)")
            }
        }
        guard names.isEmpty else { return "请由\(names.joined(separator: "、"))办理。" }
        return "现在还没有别的人可以决定：请由\(path.first?.name ?? "上级工会")另一位组织人事管理员办理，或者满 \(Independence.days) 天以后再办。"
    }

    // MARK: -

    private static func since(_ now: Int64) -> Int64 { now - Int64(Independence.days) * 86_400_000 }

    private static func accounts(of files: Set<Int64>, in db: Reading) throws -> Set<Int64> {
        Set(try db.rows(SQL("SELECT id FROM account WHERE person_id IN (\(list: files.sorted()))")) { $0.int(0) })
    }

    /// All accounts and files of the one who has an account.
    private static func whole(_ account: Int64, in db: Reading) throws -> (accounts: Set<Int64>, files: Set<Int64>) {
        let files = try GrantStore.files(of: AccountStore.account(account, in: db)?.personID, in: db)
        return (try accounts(of: files, in: db).union([account]), files)
    }

    /// Follows makers to their makers, each once.
    private static func traced(_ accounts: Set<Int64>, _ files: Set<Int64>, now: Int64, in db: Reading) throws -> Independence.Side {
        var side = Independence.Side(accounts: accounts, files: files)
        for (maker, deeds) in try makers(of: accounts, files, now: now, in: db) where !accounts.contains(maker) {
            var seen: Set<Int64> = accounts, next = [maker]
            while let one = next.popLast() {
                guard !seen.contains(one) else { continue }
                let group = try whole(one, in: db)
                seen.formUnion(group.accounts)
                for account in group.accounts { side.makers[account, default: []].formUnion(deeds) }
                next += try makers(of: group.accounts, group.files, now: now, in: db).keys
            }
        }
        return side
    }

    /// The accounts that brought these accounts and files about.
    private static func makers(of accounts: Set<Int64>, _ files: Set<Int64>, now: Int64, in db: Reading) throws -> [Int64: Set<Independence.Deed>] {
        var found: [Int64: Set<Independence.Deed>] = [:]
        let own = accounts.sorted(), since = since(now)
        // A code that was never used and no longer holds has opened nothing.
        let deeds: [(Independence.Deed, SQL)] = [
            (.slip, SQL("""
                slip s JOIN act t ON t.id = s.batch_id WHERE s.account_id IN (\(list: own)) AND s.made_ms >= \(since)
                    AND (s.ending = 'used' OR (s.ending IS NULL AND s.expires_ms > \(now)))
                """)),
            (.grant, SQL("account_grant g JOIN act t ON t.id = g.given_act_id WHERE g.account_id IN (\(list: own)) AND t.at_ms >= \(since)")),
            (.account, SQL("""
                act_change c JOIN act t ON t.id = c.act_id
                WHERE c.subject = 'account' AND c.subject_id IN (\(list: own)) AND c.before_image IS NULL AND t.at_ms >= \(since)
                """)),
            (.factor, SQL("""
                act_change c JOIN act t ON t.id = c.act_id
                WHERE c.subject = 'account_factor' AND c.subject_id IN (\(list: own)) AND c.after_image IS NULL AND t.at_ms >= \(since)
                """)),
        ]
        // One question for all.
        let parts = deeds.enumerated().map { SQL("SELECT \(SQL(stringLiteral: "\($0)")), t.account_id FROM \($1.1) AND t.account_id IS NOT NULL") }
        for (deed, maker) in try db.rows(SQL.join(parts, separator: " UNION ALL "), { ($0.int(0), $0.int(1)) }) where deeds.indices.contains(Int(truncatingIfNeeded: deed)) {
            found[maker, default: []].insert(deeds[Int(truncatingIfNeeded: deed)].0)
        }
        let changes = try ActStore.changes(of: "person", files.sorted(), in: db).filter { $0.act.atMilliseconds >= since && makesAnother($0) }
        // All that one act did to make files one is that, and no file made or given another number.
        let merging = Set(changes.filter(isMerger).map(\.act.id)), actors = try actors(ofActs: changes.map(\.act.id), in: db)
        for (act, maker) in actors { found[maker, default: []].insert(merging.contains(act) ? .merger : .file) }
        return found
    }

    private static func isMerger(_ change: ChangeRecord) -> Bool { change.before.map { $0["merged_into"] != change.after?["merged_into"] } ?? false }

    /// Whether a change of a person's row makes it somebody's who was not there before.
    private static func makesAnother(_ change: ChangeRecord) -> Bool {
        guard let before = change.before, let after = change.after else { return true }
        return ["id_index", "code", "merged_into"].contains { before[$0] != after[$0] }
    }

    private static func actors(ofActs acts: [Int64], in db: Reading) throws -> [Int64: Int64] {
        var found: [Int64: Int64] = [:]
        for start in stride(from: 0, to: acts.count, by: 500) {
            let some = Array(acts[start..<min(start + 500, acts.count)])
            try db.each(SQL("SELECT id, account_id FROM act WHERE id IN (\(list: some)) AND account_id IS NOT NULL")) { found[$0.int(0)] = $0.int(1) }
        }
        return found
    }
}
