import Kit

/// Holds the ledger against itself and against what the chain vouches for.
package enum LedgerCheckStore {
    /// Entries read, and what is wrong as sentences. Entries from before there were chains are held against themselves only, where
    /// the first chain says that anything was there before it.
    package static func check(in db: Reading) throws -> (entries: Int64, findings: [String]) {
        var findings: [String] = []
        let entries = try checkSeals(in: db, &findings)
        for (sql, sentence) in conditions {
            let ids = try db.rows(SQL("\(sql) ORDER BY e.id LIMIT 50")) { $0.int(0) }
            findings += ids.map { "学时 \($0)：\(sentence)" }
        }
        return (entries, findings)
    }

    private static let conditions: [(SQL, String)] = [
        (
            """
            SELECT e.id FROM hour_entry e LEFT JOIN hour_entry p ON p.person_id = e.person_id AND p.source_key = e.source_key
                AND p.revision = e.prior_revision AND p.sign = e.prior_sign
            WHERE (e.sign = -1 OR e.revision > 0) AND p.id IS NULL
            """, "所冲销或更正的那一条不在账上"
        ),
        (
            """
            SELECT e.id FROM hour_entry e WHERE (e.sign = -1 AND NOT (coalesce(e.prior_sign, 0) = 1 AND coalesce(e.prior_revision, -1) = e.revision))
                OR (e.sign = 1 AND e.revision > 0 AND NOT (coalesce(e.prior_sign, 0) = -1 AND coalesce(e.prior_revision, -1) = e.revision - 1))
                OR (e.sign = 1 AND e.revision = 0 AND e.prior_sign IS NOT NULL)
            """, "与前一条的衔接不对"
        ),
        (
            """
            SELECT e.id FROM hour_entry e JOIN hour_entry p ON p.person_id = e.person_id AND p.source_key = e.source_key
                AND p.revision = e.revision AND p.sign = 1
            WHERE e.sign = -1 AND (coalesce(e.hours, -1) <> coalesce(p.hours, -1) OR coalesce(e.half_days, -1) <> coalesce(p.half_days, -1)
                OR e.from_day <> p.from_day OR e.to_day <> p.to_day OR e.form <> p.form OR e.is_completed <> p.is_completed)
            """, "冲销与被冲销的那一条内容不同"
        ),
        (
            """
            SELECT e.id FROM hour_entry e WHERE EXISTS (SELECT 1 FROM hour_entry p WHERE p.person_id = e.person_id
                AND p.source_key = e.source_key AND p.revision = e.revision AND p.sign = e.sign AND p.id < e.id)
            """, "同一来源重复入账"
        ),
    ]

    private static let batch = 2000

    /// Every entry lies in the range of exactly one seal, and its rows have the seal's digest.
    private static func checkSeals(in db: Reading, _ findings: inout [String]) throws -> Int64 {
        struct Sealed { let first: Int64, seal: LedgerSeal? }
        var entries: Int64 = 0, after = Int64.min
        // Before the first chain lies what an older version wrote, if there was one.
        let start = try ChainStore.beginning(in: db)?.chain ?? 0, earlier = try ChainStore.earlierActs(in: db)?.acts ?? 0
        var early = 0
        func note(_ sentence: String) { if findings.count < 1000 { findings.append(sentence) } }
        while true {
            let found = try db.rows(
                SQL(
                    """
                    SELECT subject_id, after_image FROM act_change WHERE subject = \(HourEntryStore.subject) AND subject_id > \(after)
                    ORDER BY subject_id LIMIT \(batch)
                    """)
            ) { Sealed(first: $0.int(0), seal: (try? RowImage(json: $0.textOrNil(1) ?? "")).map { LedgerSeal($0) }) }
            // A seal that cannot be read covers nothing: its entries are told, and the check of the chain tells of the seal.
            let seals = found.compactMap { one in one.seal.map { (first: one.first, seal: $0) } }
            // Never before what was read: a forged seal must not hold the check up.
            let end = found.count < batch ? Int64.max : max(found[found.count - 1].first, found[found.count - 1].seal?.last ?? 0)
            var place = 0, digest = RowDigest()
            func finish() {
                let sealed = seals[place]
                if digest.count != sealed.seal.rows || digest.bytes.hex != sealed.seal.digest {
                    note("学时 \(sealed.first) 至 \(sealed.seal.last)：入账时 \(sealed.seal.rows) 条，现有 \(digest.count) 条，内容被改动、删除或增加")
                }
                digest = RowDigest()
                place += 1
            }
            try db.each(
                SQL(
                    """
                    SELECT id, person_id, source_key, revision, sign, prior_revision, prior_sign, source_code, title, form, is_selected,
                        purpose, content, host_id, institution, from_day, to_day, half_days, hours, is_completed, act_id
                    FROM hour_entry WHERE id > \(after) AND id <= \(end) ORDER BY id
                    """)
            ) { row in
                let id = row.int(0)
                entries += 1
                while place < seals.count, id > seals[place].seal.last { finish() }
                guard place < seals.count, id >= seals[place].first else {
                    if start > 0, id > start { note("学时 \(id)：没有任何一次操作记过它，是插入的") } else if start > 0, earlier == 0 { early += 1 }
                    return
                }
                digest.add((0..<21).map { column in
                    // A number that is none is told as what it is, and so is not what was posted.
                    [7, 8, 9, 11, 12, 14].contains(column) || !row.holds(.min ... .max, column)
                        ? .text(row.text(column)) : row.intOrNil(column).map { .int($0) } ?? .null
                })
            }
            while place < seals.count { finish() }
            guard end != .max else { break }
            after = end
        }
        if early > 0 { findings.append("学时流水中有 \(early) 条的编号早于审计链的开头，而那时还没有任何记录：它们是插入的") }
        return entries
    }
}
