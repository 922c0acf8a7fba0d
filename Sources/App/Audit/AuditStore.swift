import Kit

/// What the auditor asks for. Empty fields ask for everything.
struct AuditAsk: Sendable {
    var who = "", kind = ""
    var from: Day?, to: Day?
    /// A person's or unit's id, or that of any other row, and what was typed for it.
    var subject: Int64?
    var about = ""
    /// What rows with such an id may be.
    var subjects: [String] = []
    /// Only this act.
    var act: Int64?
    /// Only acts before this one: keyset paging, newest first.
    var before: Int64?
}

/// An act as the auditor sees it in the list.
struct AuditLine: Sendable {
    let id: Int64
    let atMilliseconds: Int64
    /// The name then, with that of the account: people bear the same name.
    let who: String
    let origin: String
    let kind: String
    let why: String
    let changes: Int64
}

/// The auditor's questions: each by an index, so that millions of acts cost no more than a page of them.
enum AuditStore {
    static func lines(_ ask: AuditAsk, limit: Int, in db: Reading) throws -> [AuditLine] {
        var conditions: [SQL] = ["1 = 1"]
        if let act = ask.act { conditions.append(SQL("a.id = \(act)")) }
        if let before = ask.before { conditions.append(SQL("a.id < \(before)")) }
        // Ids tell their moment, milliseconds above the lowest 20 bits, and are never before it; they are ahead of it where the
        // clock or the counter once was. So the id bounds the search from below only, and the moment itself decides.
        if let from = ask.from { conditions.append(SQL("a.id >= \(Clock.firstID(of: from)) AND a.at_ms >= \(Clock.firstID(of: from) >> 20)")) }
        if let to = ask.to { conditions.append(SQL("a.at_ms < \(Clock.firstID(of: to + 1) >> 20)")) }
        if !ask.who.isEmpty { conditions.append(try who(ask.who, in: db)) }
        if !ask.kind.isEmpty { conditions.append(SQL("a.kind = \(ask.kind)")) }
        if let subject = ask.subject {
            conditions.append(SQL("a.id IN (SELECT c.act_id FROM act_change c WHERE c.subject IN (\(list: ask.subjects)) AND c.subject_id = \(subject))"))
        }
        let lines = try db.rows(
            SQL(
                """
                SELECT a.id, a.at_ms, a.who, a.origin, a.kind, a.why, n.name FROM act a LEFT JOIN account n ON n.id = a.account_id
                WHERE \(SQL.join(conditions, separator: " AND ")) ORDER BY a.id DESC LIMIT \(limit)
                """)
        ) { (id: $0.int(0), at: $0.moment(1), who: $0.text(2), origin: $0.text(3), kind: $0.text(4), why: $0.text(5), account: $0.textOrNil(6)) }
        return try lines.map { line in
            AuditLine(
                id: line.id, atMilliseconds: line.at, who: line.account.map { "\(line.who)（\($0)）" } ?? line.who, origin: line.origin, kind: line.kind, why: line.why,
                changes: try db.count(SQL("SELECT count(*) FROM (SELECT 1 FROM act_change WHERE act_id = \(line.id) LIMIT 1000) AS some_changes")))
        }
    }

    /// Acts of whoever bears a part of a name: accounts as they are called now, or what the log says from its beginning on.
    private static func who(_ typed: String, in db: Reading) throws -> SQL {
        let part = "%" + typed.filter { $0 != "%" && $0 != "_" } + "%"
        let names = part == "%%" ? [] : try db.rows(SQL("SELECT DISTINCT display_name FROM account WHERE display_name LIKE \(part) OR name LIKE \(part) LIMIT \(mostNames)")) { $0.text(0) }
        return SQL("(a.who IN (\(list: names)) OR a.who >= \(typed) AND a.who < \(typed + "\u{10FFFF}"))")
    }
    /// Names that one part may stand for; whoever means somebody else types more of it.
    private static let mostNames = 200

    /// Whom or what a staff number, the code of a unit or its name means.
    static func subject(_ typed: String, in db: Reading) throws -> Int64? {
        if let id = Int64(typed), id >= 1_000_000_000_000_000_000 { return id }
        return try db.first(SQL("SELECT id FROM person WHERE code = \(typed)")) { $0.int(0) } ?? db.first(SQL("SELECT id FROM organization WHERE code = \(typed)")) { $0.int(0) }
            ?? db.first(SQL("SELECT organization_id FROM organization_version WHERE name = \(typed) ORDER BY id DESC LIMIT 1")) { $0.int(0) }
    }

    static func line(_ id: Int64, in db: Reading) throws -> AuditLine? {
        try lines(AuditAsk(act: id), limit: 1, in: db).first
    }

    /// The first changes of an act, and how many there are.
    static func changes(ofAct id: Int64, in db: Reading) throws -> (some: [ChangeRecord], all: Int64) {
        let all = try ActStore.count(ofAct: id, in: db)
        return (try ActStore.changes(ofAct: id, limit: 200, in: db), all)
    }

    /// Where the act stands in its chain.
    static func place(_ act: Int64, in db: Reading) throws -> (chain: Int64, sequence: Int64)? {
        try db.first(SQL("SELECT chain_id, sequence FROM act_link WHERE act_id = \(act)")) { ($0.int(0), $0.int(1)) }
    }
}
