import Kit

/// Requests and their steps in the database.
package enum RequestStore {
    package static func request(_ id: Int64, in db: Reading) throws -> Request? {
        try db.first(SQL("SELECT \(columns) FROM request WHERE id = \(id)"), read) ?? nil
    }

    /// Which requests a list is of.
    package enum Which: String, Sendable { case open, decided }

    /// Requests of a kind of which `isSeen` holds, newest first, after the one with the id `after`.
    package static func requests(
        _ which: Which, _ kind: Request.Kind, after: Int64? = nil, limit: Int = ListAsk.pageSize, in db: Reading, where isSeen: (Request) -> Bool
    ) throws -> [Request] {
        let state: SQL = which == .open ? "state = 'asked'" : "state <> 'asked'"
        var found: [Request] = []
        var before = after ?? Int64.max
        // Few are open at a time; of the decided ones the latest are looked through, not those of all years.
        for _ in 0..<20 where found.count < limit {
            let some = try db.rows(SQL("SELECT \(columns) FROM request WHERE \(state) AND kind = \(kind.rawValue) AND id < \(before) ORDER BY id DESC LIMIT 500"), readWithID)
            found += some.compactMap(\.request).filter(isSeen)
            guard some.count == 500, let last = some.last else { break }
            before = last.id
        }
        return Array(found.prefix(limit))
    }

    /// How many open requests of a kind there are whose decider `mayDecide` names.
    package static func countToDecide(_ kind: Request.Kind, in db: Reading, _ mayDecide: (Int64) -> Bool) throws -> Int {
        try db.rows(SQL("SELECT decider_id FROM request WHERE state = 'asked' AND kind = \(kind.rawValue)")) { $0.int(0) }.count(where: mayDecide)
    }

    package static func open(_ kind: Request.Kind, about subject: Int64, in db: Reading) throws -> Request? {
        try db.first(SQL("SELECT \(columns) FROM request WHERE kind = \(kind.rawValue) AND subject_id = \(subject) AND state = 'asked'"), read) ?? nil
    }

    /// The steps of a request, first to last.
    package static func steps(of id: Int64, in db: Reading) throws -> [RequestStep] {
        try db.rows(
            SQL(
                """
                SELECT s.state, a.id, a.at_ms, a.who, a.kind, a.why FROM request_step s JOIN act a ON a.id = s.act_id
                WHERE s.request_id = \(id) ORDER BY a.id
                """)
        ) { row in
            RequestStep(
                state: Request.State(rawValue: row.text(0)) ?? .asked,
                act: ActRecord(id: row.int(1), atMilliseconds: row.moment(2), who: row.text(3), kind: row.text(4), why: row.text(5)))
        }
    }

    /// The latest request of a kind about something.
    package static func latest(_ kind: Request.Kind, about subject: Int64, in db: Reading) throws -> Request? {
        try db.first(SQL("SELECT \(columns) FROM request WHERE kind = \(kind.rawValue) AND subject_id = \(subject) ORDER BY id DESC LIMIT 1"), read) ?? nil
    }

    /// The account that asked.
    package static func asker(of id: Int64, in db: Reading) throws -> Int64? {
        try db.first(SQL("SELECT account_id FROM request_step WHERE request_id = \(id) ORDER BY act_id LIMIT 1")) { $0.intOrNil(0) } ?? nil
    }

    /// The accounts that asked and decided, first to last.
    package static func accounts(of id: Int64, in db: Reading) throws -> [Int64] {
        try db.rows(SQL("SELECT account_id FROM request_step WHERE request_id = \(id) AND account_id IS NOT NULL ORDER BY act_id")) { $0.int(0) }
    }

    // MARK: - acts

    /// Consent, refusal or withdrawal; the request as it then stands. `word` is what it is called, `consented` is what consent brings
    /// about, in the same act. Throws `request.missing`, `request.decided`, `request.noReason`, and what `consented` throws.
    @discardableResult
    package static func decide(
        _ id: Int64, _ state: Request.State, word: String = "", in db: Writing, consented: (Request) throws -> Void = { _ in }
    ) throws -> Request {
        guard let old = try request(id, in: db) else { throw missing }
        let new = try old.deciding(state, word: word, why: db.act.why)
        if state == .consented { try consented(old) }
        try update(new, in: db)
        try db.change("request", id, before: image(old).json, after: image(new).json, of: new.personID)
        try step(new, in: db)
        return new
    }

    /// Puts other content in place of what was written about somebody whose file is deleted; that there was a request stays.
    package static func forget(_ request: Request, leaving content: RowImage, in db: Writing) throws {
        let new = Request(
            id: request.id, kind: request.kind, subjectID: request.subjectID, organizationID: request.organizationID, deciderID: request.deciderID,
            content: content, state: request.state)
        try db.run(SQL("UPDATE request SET content = \(content.json), act_id = \(db.actID) WHERE id = \(request.id)"))
        try db.change("request", request.id, before: RowImage.erased.json, after: image(new).json)
    }

    /// All requests of a kind about these subjects; of a kind altogether where none are named. First to last.
    package static func all(_ kind: Request.Kind, about subjects: [Int64]? = nil, in db: Reading) throws -> [Request] {
        let those: SQL = subjects.map { SQL("AND subject_id IN (\(list: $0))") } ?? ""
        return try db.rows(SQL("SELECT \(columns) FROM request WHERE kind = \(kind.rawValue) \(those) ORDER BY id"), read).compactMap(\.self)
    }

    /// Withdraws what was consented to and is not carried out yet. Throws `request.undecided`.
    package static func revoke(_ id: Int64, in db: Writing) throws {
        guard let old = try request(id, in: db), old.state == .consented else { throw missing }
        var new = old
        new.state = .withdrawn
        try update(new, in: db)
        try db.change("request", id, before: image(old).json, after: image(new).json, of: new.personID)
        try step(new, in: db)
    }

    /// Puts a request of any kind whose content its own feature has made. The index `request_open` keeps two open ones
    /// about one thing apart.
    @discardableResult
    package static func ask(_ kind: Request.Kind, about subject: Int64, from organization: Int64, decider: Int64, _ content: RowImage, in db: Writing) throws -> Request {
        let request = Request(
            id: db.nextID(), kind: kind, subjectID: subject, organizationID: organization, deciderID: decider, content: content)
        try put(request, in: db)
        try db.change("request", request.id, before: nil, after: image(request).json, of: request.personID)
        try step(request, in: db)
        return request
    }

    package static var missing: Refusal { Refusal("request.missing", "没有这份申请；请刷新页面后再试") }

    // MARK: - rows

    private static let columns: SQL = "id, kind, subject_id, organization_id, decider_id, content, state"

    /// Nil for a state that this version does not know, and for content that somebody has made unreadable: the others are shown.
    private static func read(_ row: Row) throws -> Request? {
        guard let state = Request.State(rawValue: row.text(6)), let content = try? RowImage(json: row.text(5)) else { return nil }
        return Request(
            id: row.int(0), kind: Request.Kind(rawValue: row.text(1)), subjectID: row.int(2), organizationID: row.int(3), deciderID: row.int(4),
            content: content, state: state)
    }

    private static func readWithID(_ row: Row) throws -> (id: Int64, request: Request?) { (row.int(0), try read(row)) }

    private static func put(_ request: Request, in db: Writing) throws {
        try db.run(
            SQL(
                """
                INSERT INTO request (\(columns), act_id) VALUES (\(request.id), \(request.kind.rawValue), \(request.subjectID),
                    \(request.organizationID), \(request.deciderID), \(request.content.json), \(request.state.rawValue), \(db.actID))
                """))
    }

    private static func update(_ request: Request, in db: Writing) throws {
        try db.run(SQL("UPDATE request SET state = \(request.state.rawValue), act_id = \(db.actID) WHERE id = \(request.id)"))
    }

    private static func step(_ request: Request, in db: Writing) throws {
        var account: Int64?
        if case .account(let id, _) = db.act.who { account = id }
        try db.run(
            SQL(
                """
                INSERT INTO request_step (request_id, act_id, state, account_id)
                VALUES (\(request.id), \(db.actID), \(request.state.rawValue), \(account))
                """))
    }

    private static func image(_ request: Request) -> RowImage {
        RowImage([
            "id": .int(request.id), "kind": .text(request.kind.rawValue), "subject_id": .int(request.subjectID),
            "organization_id": .int(request.organizationID), "decider_id": .int(request.deciderID), "content": .text((try? RowImage(json: request.content.json))?.json ?? request.content.json),
            "state": .text(request.state.rawValue),
        ])
    }

    /// What undo needs. A request that was asked is not taken back but withdrawn; a decision can be, and the request is open again.
    package static let keepers = [
        RowKeeper(
            subject: "request", image: { id, db in try request(id, in: db).map(image) },
            restore: { id, image, db in
                guard let image, var request = try request(id, in: db), let state = image.text("state").flatMap(Request.State.init(rawValue:)) else {
                    throw Refusal("undo.request", "提出申请不能撤回；请打开那份申请，用“撤销申请”")
                }
                request.state = state
                try update(request, in: db)
                try step(request, in: db)
            })
    ]
}
