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
        _ which: Which, _ kind: Request.Kind = .transfer, after: Int64? = nil, limit: Int = ListAsk.pageSize, in db: Reading, where isSeen: (Request) -> Bool
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
    package static func countToDecide(_ kind: Request.Kind = .transfer, in db: Reading, _ mayDecide: (Int64) -> Bool) throws -> Int {
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
    static func latest(_ kind: Request.Kind, about subject: Int64, in db: Reading) throws -> Request? {
        try db.first(SQL("SELECT \(columns) FROM request WHERE kind = \(kind.rawValue) AND subject_id = \(subject) ORDER BY id DESC LIMIT 1"), read) ?? nil
    }

    /// The account that asked.
    static func asker(of id: Int64, in db: Reading) throws -> Int64? {
        try db.first(SQL("SELECT account_id FROM request_step WHERE request_id = \(id) ORDER BY act_id LIMIT 1")) { $0.intOrNil(0) } ?? nil
    }

    /// The accounts that asked and decided, first to last.
    static func accounts(of id: Int64, in db: Reading) throws -> [Int64] {
        try db.rows(SQL("SELECT account_id FROM request_step WHERE request_id = \(id) AND account_id IS NOT NULL ORDER BY act_id")) { $0.int(0) }
    }

    /// Transfers of these people and objections of theirs.
    private static func about(_ people: [Int64], in db: Reading) throws -> [Request] {
        let transfers = try db.rows(
            SQL("SELECT \(columns) FROM request WHERE kind = \(Request.Kind.transfer.rawValue) AND subject_id IN (\(list: people)) ORDER BY id"), read)
        let objections = try db.rows(SQL("SELECT \(columns) FROM request WHERE kind = \(Request.Kind.recordObjection.rawValue) ORDER BY id"), read)
        return transfers.compactMap(\.self) + objections.compactMap(\.self).filter { $0.personID.map(people.contains) ?? false }
    }

    /// The pages of them, wherever their kind has its own.
    static func links(about people: [Int64], in db: Reading) throws -> [String] {
        let erasures = try db.rows(SQL("SELECT id FROM request WHERE kind = \(Request.Kind.erasure.rawValue) AND subject_id IN (\(list: people))")) { $0.int(0) }
        return try about(people, in: db).flatMap { [link($0.id), "/objections/\($0.id)"] } + erasures.map(ErasureStore.link)
    }

    /// How many of them nobody has decided yet.
    static func openAbout(_ people: [Int64], in db: Reading) throws -> Int { try about(people, in: db).count { $0.state == .asked } }

    // MARK: - acts

    /// Clears what was written about people whose files are deleted; that there was a request stays.
    static func forget(_ people: [Int64], in db: Writing) throws {
        for request in try about(people, in: db) {
            var content = request.content
            if request.kind == .transfer {
                var post = RosterStore.appointment(content)
                post.title = ""
                content = RosterStore.image(post)
            } else {
                content = RowImage(["person_id": .int(request.personID), "about": .text(""), "text": .text(""), "link": .text("")])
            }
            let new = Request(
                id: request.id, kind: request.kind, subjectID: request.subjectID, organizationID: request.organizationID, deciderID: request.deciderID,
                content: content, state: request.state)
            try db.run(SQL("UPDATE request SET content = \(content.json), act_id = \(db.actID) WHERE id = \(request.id)"))
            try db.change("request", request.id, before: RowImage.erased.json, after: image(new).json)
        }
    }

    /// 调动 or 兼任: the post begins at once where nobody else has a word in it; else the unit that keeps the person is
    /// asked. Answers the request, if there is one.
    @discardableResult
    package static func begin(_ post: Appointment, by signedIn: SignedIn, in db: Writing) throws -> Int64? {
        let scope = try ScopeOverTime(signedIn.scope, in: db), posts = try RosterStore.appointments(of: [post.personID], in: db)
        let isSeen = PersonSight(posts, scope, today: signedIn.today)?.isWhole ?? false
        do {
            guard case .ask = Transfer.way(to: post, posts: posts, today: signedIn.today, mayKeep: { scope.covers($0, for: .keeping) }) else {
                try begin(post, in: db)
                if post.isSideways(from: posts, on: signedIn.today) { try tellOfSidePost(post, at: scope.name(post.organizationID), in: db) }
                return nil
            }
            let request = try askTransfer(to: post, today: signedIn.today, in: db)
            try tellDeciders(request, signedIn, scope, in: db)
            return request.id
        } catch let refusal as Refusal where !isSeen {
            throw Transfer.hiding(refusal)
        }
    }

    private static func begin(_ post: Appointment, in db: Writing) throws {
        if post.isPrimary { try RosterStore.transfer(to: post, in: db) } else { try RosterStore.appoint(post, in: db) }
    }

    /// Asks the unit that keeps a person. Throws `transfer.asked` where a request is open already,
    /// and whatever would refuse the post itself.
    @discardableResult
    package static func askTransfer(to post: Appointment, today: Day? = nil, in db: Writing) throws -> Request {
        let book = try RosterStore.book(of: post.personID, in: db)
        let way = Transfer.way(to: post, posts: book.posts, today: today ?? Clock.day(ofMilliseconds: db.now), mayKeep: { _ in false })
        guard case .ask(let old) = way else {
            throw Refusal("transfer.free", "此人在 \(post.from) 没有主任职，可直接登记任职，不用申请调入")
        }
        // What the post would be refused for is said now, not after somebody has consented.
        try RosterStore.requireUnit(post, in: db)
        _ = try post.isPrimary ? book.moving(to: post) : book.appointing(post)
        if let open = try open(.transfer, about: post.personID, in: db) {
            let history = try OrganizationStore.history(in: db)
            throw Refusal("transfer.asked", "此人已有一份到“\(history.name(open.organizationID))”\(open.word)的申请在办；请等那一份办结")
        }
        return try ask(.transfer, about: post.personID, from: post.organizationID, decider: old.organizationID, RosterStore.image(post), in: db)
    }

    /// Consent, refusal or withdrawal. Consent to a transfer closes the old post on the new one's first day and opens
    /// the new one, in the same act; consent to a side post opens it. Throws `request.decided`, `request.noReason`, `transfer.ended`, `transfer.moved`,
    /// and what the move itself is refused for.
    package static func decide(_ id: Int64, _ state: Request.State, in db: Writing) throws {
        guard let old = try request(id, in: db) else { throw missing }
        let new = try old.deciding(state, why: db.act.why)
        if state == .consented, old.kind == .transfer {
            var post = RosterStore.appointment(old.content)
            // The file may have been merged into another since.
            post.personID = try RosterStore.living(post.personID, in: db)?.id ?? post.personID
            let book = try RosterStore.book(of: post.personID, in: db)
            try Transfer.checkConsent(
                to: post, askedOf: old.deciderID, unitName: try OrganizationStore.history(in: db).name(old.deciderID), posts: book.posts,
                today: Clock.day(ofMilliseconds: db.now))
            try begin(post, in: db)
        }
        try update(new, in: db)
        try db.change("request", id, before: image(old).json, after: image(new).json, of: new.personID)
        try step(new, in: db)
        if state != .withdrawn, old.kind == .transfer { try tellAsker(new, in: db) }
    }

    /// Takes the last decision back, and with it the move it brought about, where nothing later rests on it: the request
    /// is open again. Throws `request.undecided` and what `TakingBack.undo` throws.
    package static func reopen(_ id: Int64, in db: Writing) throws {
        guard let last = try steps(of: id, in: db).last, last.state != .asked else {
            throw Refusal("request.undecided", "这份申请还在办，没有可以撤回的决定")
        }
        try TakingBack.undo(act: last.act.id, in: db)
    }

    /// Withdraws what was consented to and is not carried out yet. Throws `request.undecided`.
    static func revoke(_ id: Int64, in db: Writing) throws {
        guard let old = try request(id, in: db), old.state == .consented else { throw missing }
        var new = old
        new.state = .withdrawn
        try update(new, in: db)
        try db.change("request", id, before: image(old).json, after: image(new).json, of: new.personID)
        try step(new, in: db)
    }

    /// Consent to a transfer needs somebody who did not make the asker, nor is made by the asker; nobody consents to a move
    /// of their own. Whoever may keep both units could move the person alone, and is no second. Refusals `request.own` and
    /// those of `Independence`.
    static func checkSecond(_ request: Request, by signedIn: SignedIn, in db: Reading) throws {
        let now = signedIn.now, scope = try ScopeOverTime(signedIn.scope, in: db), tree = signedIn.scope.tree
        func others(_ asker: Independence.Side, _ decider: Independence.Side) throws -> String {
            try IndependenceStore.others(
                than: asker, decider, at: scope.standing(request.deciderID).map { tree.path(to: $0) } ?? [], now: now, today: signedIn.today, isFinal: false, in: db)
        }
        let decider = try IndependenceStore.side(of: signedIn.account.id, now: now, in: db), asker = try IndependenceStore.side(of: asker(of: request.id, in: db), now: now, in: db)
        guard try !signedIn.isOwn(request.subjectID, in: db) else {
            throw Refusal("request.own", "这是调动您本人的申请，不能由您自己决定。\(try others(asker, decider))")
        }
        guard !scope.covers(request.organizationID, for: .keeping) else { return }
        try Independence.check(asker: asker, decider: decider) { try others(asker, decider) }
    }

    // MARK: - who is told

    /// Tells the officers of the unit that is asked, or of the nearest above it that has one, and those of the common superior.
    private static func tellDeciders(_ request: Request, _ signedIn: SignedIn, _ scope: ScopeOverTime, in db: Writing) throws {
        guard let unit = scope.standing(request.deciderID), let person = try RosterStore.person(request.subjectID, in: db) else { return }
        let places = try Superiors(signedIn.scope.tree, in: db).places(for: unit, above: request.organizationID)
        let post = RosterStore.appointment(request.content), asking = scope.name(request.organizationID)
        let what = post.isPrimary ? "“\(asking)”申请调入\(person.name)" : "“\(asking)”申请由\(person.name)兼任\(post.title.isEmpty ? "职务" : "“\(post.title)”")"
        let text = "\(what)，自 \(post.from) 起；请同意或退回。"
        for account in try GrantStore.officers(at: places, on: signedIn.today, in: db) where account != signedIn.account.id {
            try MessageStore.send(to: .account(account), kind: "request.asked", text, link: link(request.id), in: db)
        }
    }

    /// Tells whoever asked, and of a move the person as well.
    private static func tellAsker(_ request: Request, in db: Writing) throws {
        guard let person = try RosterStore.living(request.subjectID, in: db) else { return }
        let asker = try asker(of: request.id, in: db)
        let post = RosterStore.appointment(request.content)
        if let asker {
            let text = request.state == .consented ? "已同意，自 \(post.from) 起任职。" : "已退回：\(db.act.why)"
            try MessageStore.send(to: .account(asker), kind: "request.\(request.state.rawValue)", "\(request.word)\(person.name)的申请\(text)", link: link(request.id), in: db)
        }
        if request.state == .consented {
            let unit = try OrganizationStore.history(in: db).name(post.organizationID)
            guard post.isPrimary else { return try tellOfSidePost(post, of: person.id, at: unit, in: db) }
            try MessageStore.send(to: .person(person.id), kind: "post.moved", "您自 \(post.from) 起到“\(unit)”任职\(post.title.isEmpty ? "" : "（\(post.title)）")。", in: db)
        }
    }

    /// Tells somebody of a post beside the own one, in whatever way it came about: it opens the file to another unit.
    static func tellOfSidePost(_ post: Appointment, of person: Int64? = nil, at unit: String, in db: Writing) throws {
        try MessageStore.send(
            to: .person(person ?? post.personID), kind: "post.side",
            "您自 \(post.from) 起在“\(unit)”兼任\(post.title.isEmpty ? "职务" : "“\(post.title)”")，那个单位从此可以查看您的档案。如有不符，请与您单位的组织人事管理员联系。",
            link: "/me/archive", in: db)
    }

    /// The page of a request.
    package static func link(_ id: Int64) -> String { "/requests/\(id)" }

    /// Puts a request of any kind whose content its own feature has made. The index `request_open` keeps two open ones
    /// about one thing apart.
    @discardableResult
    static func ask(_ kind: Request.Kind, about subject: Int64, from organization: Int64, decider: Int64, _ content: RowImage, in db: Writing) throws -> Request {
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

    /// Nil for a kind that this version does not know.
    private static func read(_ row: Row) throws -> Request? {
        guard let kind = Request.Kind(rawValue: row.text(1)), let state = Request.State(rawValue: row.text(6)) else { return nil }
        return Request(
            id: row.int(0), kind: kind, subjectID: row.int(2), organizationID: row.int(3), deciderID: row.int(4),
            content: try RowImage(json: row.text(5)), state: state)
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
    static let keepers = [
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
