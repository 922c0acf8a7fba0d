import Kit

/// 通知 in the database: one store for whatever wants to tell somebody something.
package enum MessageStore {
    /// Messages of a page of the list.
    static let pageSize = 50

    /// Tells somebody something, in the act that brought it about: both are there or neither.
    ///
    /// `kind` is a dotted English key, `text` a whole Chinese sentence without personal numbers, `link` a path of ours or "".
    @discardableResult
    package static func send(to receiver: Message.Receiver, kind: String, _ text: String, link: String = "", in db: Writing) throws -> Int64 {
        let id = db.nextID(), link = Reply.localPath(link) ?? ""
        var account: Int64?, person: Int64?
        switch receiver {
        case .account(let id): account = id
        case .person(let id): person = id
        }
        try db.run(SQL("""
            INSERT INTO message (id, account_id, person_id, kind, text, link, act_id)
            VALUES (\(id), \(account), \(person), \(kind), \(text), \(link), \(db.actID))
            """))
        return id
    }

    /// How many messages somebody has not read yet.
    package static func unread(of account: Account, in db: Reading) throws -> Int {
        Int(try db.count(SQL("SELECT count(*) FROM message m WHERE m.read_ms IS NULL AND \(try own(account, in: db))")))
    }

    /// Those of these people who were told something of a kind on a day or since.
    package static func told(_ people: [Int64], kind: String, since day: Day, in db: Reading) throws -> Set<Int64> {
        Set(try db.rows(
            SQL("SELECT DISTINCT person_id FROM message WHERE person_id IN (\(list: people)) AND id >= \(Clock.firstID(of: day)) AND kind = \(kind)")) { $0.int(0) })
    }

    /// The latest messages of somebody, newest first; `before` is the id to go on before. One more than a page.
    static func latest(of account: Account, before: Int64?, in db: Reading) throws -> [Message] {
        try db.rows(
            SQL("SELECT \(columns) WHERE \(try own(account, in: db)) AND m.id < \(before ?? .max) ORDER BY m.id DESC LIMIT \(pageSize + 1)"), read)
    }

    /// Everything somebody was told, oldest first.
    package static func all(of account: Account, in db: Reading) throws -> [Message] {
        try db.rows(SQL("SELECT \(columns) WHERE \(try own(account, in: db)) ORDER BY m.id"), read)
    }

    /// A message of somebody's own; nil for another's just as for none.
    static func message(_ id: Int64, of account: Account, in db: Reading) throws -> Message? {
        try db.first(SQL("SELECT \(columns) WHERE m.id = \(id) AND \(try own(account, in: db))"), read)
    }

    static func hasUnread(about link: String, of account: Account, in db: Reading) throws -> Bool {
        try db.first(SQL("SELECT 1 FROM message m WHERE m.read_ms IS NULL AND \(try own(account, in: db)) AND m.link = \(link) LIMIT 1"), { _ in true }) ?? false
    }

    /// Marks messages of somebody as read: one, those that lead to a page, or all that came up to now.
    static func markRead(_ id: Int64? = nil, about link: String? = nil, of account: Account, in db: Writing) throws {
        let one: SQL = id.map { SQL("AND m.id = \($0)") } ?? "", those: SQL = link.map { SQL("AND m.link = \($0)") } ?? ""
        try db.run(SQL("UPDATE message AS m SET read_ms = \(db.now) WHERE m.read_ms IS NULL AND \(try own(account, in: db)) \(one) \(those)"))
    }

    /// How many messages there are to these people and accounts, or that lead to these people's pages and the others given.
    static func count(about people: [Int64], accounts: [Int64], links: [String], in db: Reading) throws -> Int {
        Int(try db.count(SQL("SELECT count(*) FROM message WHERE \(about(people, accounts, links))")))
    }

    /// Takes away what people were told whose files an import made that is taken back: nobody can read it any more.
    package static func forget(to people: [Int64], in db: Writing) throws {
        for start in stride(from: 0, to: people.count, by: 500) {
            try db.run(SQL("DELETE FROM message WHERE person_id IN (\(list: Array(people[start..<min(start + 500, people.count)])))"))
        }
    }

    /// Takes them away.
    static func forget(about people: [Int64], accounts: [Int64], links: [String], in db: Writing) throws {
        try db.run(SQL("DELETE FROM message WHERE \(about(people, accounts, links))"))
    }

    /// How many messages whose kind begins so some acts have sent, and takes them away: those that name somebody and lead to no page of that one.
    package static func count(_ kind: String, ofActs acts: [Int64], in db: Reading) throws -> Int {
        Int(try db.count(SQL("SELECT count(*) FROM message WHERE act_id IN (\(list: acts)) AND kind LIKE \(kind + "%")")))
    }
    package static func forget(_ kind: String, ofActs acts: [Int64], in db: Writing) throws {
        try db.run(SQL("DELETE FROM message WHERE act_id IN (\(list: acts)) AND kind LIKE \(kind + "%")"))
    }

    private static func about(_ people: [Int64], _ accounts: [Int64], _ links: [String]) -> SQL {
        let pages = people.flatMap { [SQL("link = \("/people/\($0)")"), SQL("link LIKE \("/people/\($0)/%")")] }
        return SQL("""
            (person_id IN (\(list: people)) OR account_id IN (\(list: accounts)) OR link IN (\(list: links)) OR \(SQL.join(pages, separator: " OR ")))
            """)
    }

    private static let columns: SQL = "m.id, m.kind, m.text, m.link, m.read_ms, a.at_ms, a.who FROM message m JOIN act a ON a.id = m.act_id"

    /// Those to the account, and to its person: the file, those that were merged into it, and the one it was merged into.
    /// The files are looked up first, so that both engines find the few messages by their indexes.
    private static func own(_ account: Account, in db: Reading) throws -> SQL {
        guard let person = account.personID else { return SQL("m.account_id = \(account.id)") }
        return SQL("(m.account_id = \(account.id) OR m.person_id IN (\(list: try GrantStore.files(of: person, in: db).sorted())))")
    }

    private static func read(_ row: Row) throws -> Message {
        Message(
            id: row.int(0), kind: row.text(1), text: row.text(2), link: row.text(3), isRead: row.intOrNil(4) != nil,
            sentMilliseconds: row.moment(5), who: row.text(6))
    }
}
