import Foundation

/// Breaks of the log, and what auditors have said about them.
package enum BreakStore {
    private static let subject = "break"

    /// All there are. `since`: where the key file says that the chains begin. `heads`: entries that were seen outside the
    /// database; `told`: what a check of everything has found besides. A few look-ups by index, so that a page can ask too.
    package static func breaks(since: ChainHead?, seen heads: [ChainHead], told: [Break] = [], in db: Reading) throws -> Breaks {
        var found: [Break] = []
        if let since {
            if try ChainStore.entry(1, of: since.chain, in: db) != since { found.append(.beginning(since)) }
        } else if let first = try ChainStore.beginning(in: db) {
            found.append(.unnoted(first.chain))
        }
        if let (first, acts) = try ChainStore.earlierActs(in: db), acts > 0 { found.append(.unchained(first, acts)) }
        found += try db.rows(SQL("SELECT id FROM act WHERE kind = \("anchor.begin") ORDER BY id")) { .anchor($0.int(0)) }
        var asked: Set<ChainHead> = []
        for head in heads where asked.insert(head).inserted {
            if try ChainStore.entry(head.sequence, of: head.chain, in: db) != head { found.append(.head(head)) }
        }
        return try judged(found + told, in: db)
    }

    /// Which of them an auditor has said to know.
    package static func judged(_ found: [Break], in db: Reading) throws -> Breaks {
        guard !found.isEmpty else { return .none }
        let known = try acknowledged(in: db)
        return Breaks(
            open: found.filter { known[$0.key] == nil },
            acknowledged: found.compactMap { one in known[one.key].map { AcknowledgedBreak(found: one, act: $0) } })
    }

    /// By the break. An image that cannot be read acknowledges nothing: the check of the chain tells of it.
    private static func acknowledged(in db: Reading) throws -> [String: ActRecord] {
        let rows = try db.rows(SQL("SELECT act_id, after_image FROM act_change WHERE subject = \(subject) ORDER BY id")) { ($0.int(0), $0.textOrNil(1) ?? "") }
        var known: [String: ActRecord] = [:]
        for (act, json) in rows {
            if let key = (try? RowImage(json: json))?.text("break"), let record = try ActStore.act(act, in: db) { known[key] = record }
        }
        return known
    }

    /// Puts on record that a break is known; the act says by whom and why.
    package static func acknowledge(_ one: Break, in db: Writing) throws {
        try db.change(subject, db.actID, before: nil, after: RowImage(["break": .text(one.key)]).json)
    }
}

extension KeyFile {
    /// Notes in the key file where the chains of a database begin, once: by the start that began them (`isNew`); and anew where an
    /// auditor knows that they begin elsewhere, or that the line is gone. A file that cannot be written keeps nobody from work:
    /// `yugong verify` says so.
    package func settleBeginning(_ database: Database, isNew: Bool) throws {
        guard var ring = try ring(), !ring.isBeginningForged else { return }
        let (first, isKnown) = try database.readNow { db in
            let breaks = try BreakStore.breaks(since: ring.since, seen: [], in: db)
            return (try ChainStore.beginning(in: db), breaks.acknowledged.contains { $0.found.key.hasPrefix("since ") })
        }
        guard let first, isKnown || isNew && ring.since == nil, ring.since != first else { return }
        ring.since = first
        try? put(ring)
    }

    /// Whether chains were begun in the database, or the key file says so: each alone may have been emptied.
    package func isBegun(_ database: Database) throws -> Bool {
        if let ring = try ring(), ring.since != nil || ring.isBeginningForged { return true }
        return try database.readNow { try ChainStore.isBegun(in: $0) }
    }

    /// Whether nothing was chained yet, or the start that began the chains did not come to its end: until then the anchor, which
    /// only such a start makes, names nothing.
    package func isBeginning(_ database: Database) throws -> Bool {
        if let ring = try ring(), case .anchor(let found) = anchor.read(ring.auditKey), found.lastID == 0 { return true }
        return try !isBegun(database)
    }
}
