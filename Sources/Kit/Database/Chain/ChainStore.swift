/// Reads chains.
package enum ChainStore {
    /// The first entry of a new chain, inside the transaction that writes it.
    static func opening(process: String, before act: Int64, in db: Reading) throws -> ChainOpening {
        guard try isBegun(in: db) else {
            var digest = RowDigest()
            var after = Int64.min
            while case let some = try contents(after: after, upTo: act - 1, in: db), let last = some.last {
                for content in some { digest.add([.blob(content.bytes)]) }
                after = last.id
            }
            return ChainOpening(process: process, heads: [], unchained: digest.count, unchainedDigest: digest.bytes.hex)
        }
        return ChainOpening(process: process, heads: try grown(in: db), unchained: 0, unchainedDigest: "")
    }

    /// The heads of all chains that grew since the latest was opened, from acts and their links alone: the table of heads may have
    /// been written to, and a link without an act is anybody's.
    private static func grown(in db: Reading) throws -> [ChainHead] {
        try db.rows(
            """
            SELECT l.chain_id, l.sequence, l.mac FROM act_link l
            JOIN (SELECT m.chain_id, max(m.sequence) AS top FROM act_link m JOIN act a ON a.id = m.act_id
                WHERE m.act_id >= (SELECT o.id FROM act o JOIN act_link f ON f.act_id = o.id AND f.chain_id = o.id WHERE o.kind = 'chain.open' ORDER BY o.id DESC LIMIT 1)
                GROUP BY m.chain_id) t
              ON t.chain_id = l.chain_id AND t.top = l.sequence ORDER BY l.chain_id
            """, readHead)
    }

    /// Those of `heads` that none of `tips` vouches for: no later entry of the same chain is among them, and none that the first
    /// entries of their chains name, directly or by way of others.
    static func unreached(_ heads: [ChainHead], from tips: [ChainHead], in db: Reading) throws -> [ChainHead] {
        var reached: [Int64: Int64] = [:], open = tips, left = heads
        while let head = open.popLast(), !left.isEmpty {
            let before = reached[head.chain]
            guard head.sequence > before ?? 0 else { continue }
            reached[head.chain] = head.sequence
            left.removeAll { $0.chain == head.chain && $0.sequence <= head.sequence }
            // What a chain's first entry names is asked once.
            guard before == nil, !left.isEmpty else { continue }
            open += try opening(of: head.chain, in: db)?.heads ?? []
        }
        return left
    }

    /// The first entry of the first chain; nil where there is none.
    package static func beginning(in db: Reading) throws -> ChainHead? {
        try db.first(
            SQL("SELECT a.id FROM act a JOIN act_link l ON l.act_id = a.id AND l.chain_id = a.id WHERE a.kind = \(ChainOpening.kind) ORDER BY a.id LIMIT 1")
        ) { $0.int(0) }.flatMap { try entry(1, of: $0, in: db) }
    }

    /// How many acts were there before the first chain, which vouches for them; nil where there is no chain, or its opening cannot be read.
    package static func earlierActs(in db: Reading) throws -> (chain: Int64, acts: Int64)? {
        guard let first = try beginning(in: db)?.chain else { return nil }
        return try opening(of: first, in: db).map { (first, $0.unchained) }
    }

    /// What a chain's first entry says; nil where it is not there, or cannot be read.
    private static func opening(of chain: Int64, in db: Reading) throws -> ChainOpening? {
        let json = try db.first(
            SQL("SELECT after_image FROM act_change WHERE subject = \(ChainOpening.subject) AND subject_id = \(chain) ORDER BY id LIMIT 1")) { $0.textOrNil(0) ?? "" }
        return json.flatMap { try? ChainOpening(RowImage(json: $0)) }
    }

    /// Asked of the links too: the table of heads alone may have been emptied.
    package static func isBegun(in db: Reading) throws -> Bool {
        let heads = try db.first(SQL("SELECT id FROM act_chain LIMIT 1")) { $0.int(0) }, links = try db.first(SQL("SELECT act_id FROM act_link LIMIT 1")) { $0.int(0) }
        return heads != nil || links != nil
    }

    /// The heads that no later chain's first entry has named yet: those of chains that grew since the latest was opened.
    /// Every other head is named by an entry of these, directly or by way of others.
    package static func tips(in db: Reading) throws -> [ChainHead] {
        let noted = try db.rows(
            SQL(
                """
                SELECT c.id, c.sequence, c.mac FROM act_chain c JOIN act a ON a.id = c.id AND a.kind = \(ChainOpening.kind)
                WHERE c.last_act_id >= (SELECT m.id FROM act_chain m JOIN act o ON o.id = m.id AND o.kind = \(ChainOpening.kind) ORDER BY m.id DESC LIMIT 1) ORDER BY c.id
                """), readHead)
        guard noted.isEmpty else { return noted }
        // Where somebody has emptied the table the links still say it, of every chain.
        return try db.rows(
            """
            SELECT l.chain_id, l.sequence, l.mac FROM act_link l JOIN act a ON a.id = l.chain_id
            WHERE l.sequence = (SELECT max(m.sequence) FROM act_link m WHERE m.chain_id = l.chain_id) ORDER BY l.chain_id
            """, readHead)
    }

    package static func heads(in db: Reading) throws -> [ChainHead] {
        try db.rows(SQL("SELECT id, sequence, mac FROM act_chain ORDER BY id"), readHead)
    }

    /// The act of each head, by chain.
    static func lastActs(in db: Reading) throws -> [(chain: Int64, act: Int64)] {
        try db.rows("SELECT id, last_act_id FROM act_chain ORDER BY id") { ($0.int(0), $0.int(1)) }
    }

    /// How far the counter of ids may be ahead of what was written last, in the milliseconds that ids tell.
    private static let counterRoom: Int64 = 5 * 60_000

    /// Whether the counter of ids is one that acts have left. One a little larger only leaves a gap; one far ahead would give
    /// coming acts ids of another time. `now`: it is not later than a day from then.
    static func isCounterSound(now: Int64?, in db: Reading) throws -> Bool {
        let rows = try db.rows("SELECT one, last_id FROM tail") { ($0.int(0), $0.int(1)) }
        guard rows.count == 1, rows[0].0 == 1 else { return false }
        let last = rows[0].1
        let newest = max(try db.count("SELECT max(id) FROM act"), try db.count("SELECT max(id) FROM act_change"), try db.count("SELECT max(id) FROM act_mark"))
        return newest <= last && (last >> 20) - (newest >> 20) <= counterRoom && (now.map { last >> 20 <= Clock.moment($0) + 86_400_000 } ?? true)
    }

    /// The chain's entry of this number, if it is there.
    package static func entry(_ sequence: Int64, of chain: Int64, in db: Reading) throws -> ChainHead? {
        try db.first(SQL("SELECT chain_id, sequence, mac FROM act_link WHERE chain_id = \(chain) AND sequence = \(sequence)"), readHead)
    }

    private static func readHead(_ row: Row) -> ChainHead { ChainHead(chain: row.int(0), sequence: row.int(1), mac: row.blob(2)) }

    /// How many acts are taken up at a time: memory stays flat.
    static let batch = 2000

    /// Acts of a range with the digests of their changes, by id; fewer than `batch` only at the end.
    static func contents(after: Int64, upTo: Int64, in db: Reading, openings: inout [Int64: ChainOpening], orphans: inout [Int64]) throws -> [ActContent] {
        let acts = try db.rows(
            SQL(
                """
                SELECT id, at_ms, account_id, who, origin, kind, why FROM act WHERE id > \(after) AND id <= \(upTo)
                ORDER BY id LIMIT \(batch)
                """)
        ) { row in
            (id: row.int(0), at: row.int(1), account: row.intOrNil(2), who: row.text(3), origin: row.text(4), kind: row.text(5), why: row.text(6))
        }
        let end = acts.count < batch ? upTo : acts[acts.count - 1].id
        var digests = [Int64: RowDigest](minimumCapacity: acts.count)
        for act in acts { digests[act.id] = RowDigest() }
        try db.each(
            SQL(
                """
                SELECT act_id, id, subject, subject_id, before_image, after_image FROM act_change
                WHERE act_id > \(after) AND act_id <= \(end) ORDER BY act_id, id
                """)
        ) { row in
            let act = row.int(0), subject = row.text(2), image = row.textOrNil(5)
            guard digests[act] != nil else { return orphans.append(act) }
            digests[act]?.add(ActContent.values(id: row.int(1), subject: subject, subjectID: row.int(3), before: row.textOrNil(4), after: image))
            if subject == ChainOpening.subject, let image { openings[act] = try? ChainOpening(RowImage(json: image)) }
        }
        try db.each(
            SQL("SELECT act_id, id, subject, marks FROM act_mark WHERE act_id > \(after) AND act_id <= \(end) ORDER BY act_id, id")
        ) { row in
            let act = row.int(0)
            guard digests[act] != nil else { return orphans.append(act) }
            digests[act]?.add(ActContent.values(id: row.int(1), subject: row.text(2), marks: row.blob(3)))
        }
        return acts.map {
            ActContent(
                id: $0.id, atMilliseconds: $0.at, accountID: $0.account, who: $0.who, origin: $0.origin, kind: $0.kind, why: $0.why,
                changes: digests[$0.id] ?? RowDigest())
        }
    }

    private static func contents(after: Int64, upTo: Int64, in db: Reading) throws -> [ActContent] {
        var openings: [Int64: ChainOpening] = [:], orphans: [Int64] = []
        return try contents(after: after, upTo: upTo, in: db, openings: &openings, orphans: &orphans)
    }

    /// The links of a range of acts, by act.
    static func links(after: Int64, upTo: Int64, in db: Reading) throws -> [ChainLink] {
        try db.rows(
            SQL("SELECT act_id, chain_id, sequence, mac FROM act_link WHERE act_id > \(after) AND act_id <= \(upTo) ORDER BY act_id")
        ) { ChainLink(actID: $0.int(0), head: ChainHead(chain: $0.int(1), sequence: $0.int(2), mac: $0.blob(3))) }
    }
}
