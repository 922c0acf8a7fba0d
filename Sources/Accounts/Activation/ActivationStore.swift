import Access
import Kit
import Register

/// Who of those in post has an account and who not: only reading, only inside what the asker keeps.
package enum ActivationStore {
    /// Whom the list is of.
    package enum State: String, CaseIterable, Sendable {
        /// Nothing they could sign in with, whether or not a code is out.
        case without
        /// Of those, who has no code that holds.
        case due
        case sent, expired, closed, active, locked, all

        var word: String {
            switch self {
            case .without: "没有可用账号的"
            case .due: "还要发码的"
            case .sent: "已发码的"
            case .expired: "码已过期的"
            case .closed: "已停用的"
            case .active: "使用中的"
            case .locked: "已锁定的"
            case .all: "全部"
            }
        }
    }

    package struct Ask: Sendable {
        /// Units whose people are listed; nil where the whole tree is kept.
        var units: [Int64]?
        var state = State.without
        var typed = ""
        var category = ""
        /// Only these people.
        var people: [Int64]?
        var today: Day
        var now: Int64
        /// The last row before the page.
        var after: (pinyin: String, id: Int64)?

        package init(units: [Int64]?, state: State = .without, typed: String = "", category: String = "", people: [Int64]? = nil, today: Day, now: Int64) {
            self.units = units
            self.state = state
            self.typed = typed
            self.category = category
            self.people = people
            self.today = today
            self.now = now
        }
    }

    /// Somebody in post with the account there is.
    struct Line: Sendable, Identifiable {
        let person: Person
        /// The primary post.
        let post: Appointment
        let standing: AccountStanding
        let account: Account?
        let slip: Slip?
        /// What the account may do; empty for most.
        let grants: [Grant]
        var id: Int64 { person.id }
    }

    /// People by pinyin, at most `limit`.
    static func people(_ ask: Ask, limit: Int, in db: Reading) throws -> [(id: Int64, pinyin: String)] {
        // Of few units the people are found first and then put in order; the index of sounds would lead through everybody.
        let order: SQL = isFew(ask) ? "p.pinyin || '', p.id" : "p.pinyin, p.id"
        return try db.rows(SQL("SELECT p.id, p.pinyin FROM person p WHERE \(conditions(ask)) ORDER BY \(order) LIMIT \(limit)")) { ($0.int(0), $0.text(1)) }
    }

    /// The page that `list` asks for, and the key to go on after; `count` is how many there are.
    static func page(_ ask: Ask, _ list: ListAsk, count: Int, size: Int, _ tree: OrgTree, _ words: RosterWords, in db: Reading) throws -> (ids: [Int64], next: String?) {
        var ask = ask
        if list.sort != nil, count <= PersonRankStore.most {
            let all = try people(ask, limit: PersonRankStore.most, in: db).map(\.id)
            // A workbook is read in one go: of several readings each would be of another moment.
            let ranked = try PersonRankStore.inOrder(all, list, tree, categories: words.categories.pairs.map(\.key), in: db)
            let page = list.page(of: ranked, size: size > ListAsk.pageSize ? PersonRankStore.most : size) { "\($0)" }
            return (page.rows, page.next)
        }
        ask.after = list.afterPair.map { ($0.text, $0.id) }
        let found = try people(ask, limit: size + 1, in: db), page = found.prefix(size)
        return (page.map(\.id), found.count > page.count ? page.last.map { ListAsk.key($0.pinyin, $0.id) } : nil)
    }

    /// How many there are, counted no further than `most`.
    package static func count(_ ask: Ask, most: Int, in db: Reading) throws -> Int {
        Int(try db.count(SQL("SELECT count(*) FROM (SELECT 1 FROM person p WHERE \(conditions(ask)) LIMIT \(most)) AS some_people")))
    }

    /// Whether the people are found by something else than the order of their sounds.
    private static func isFew(_ ask: Ask) -> Bool { ask.people != nil || isRare(ask.state) || isFewUnits(ask) }
    private static func isFewUnits(_ ask: Ask) -> Bool { ask.units.map { $0.count <= 2_000 } ?? false }
    private static func isRare(_ state: State) -> Bool { [.sent, .expired, .closed, .locked].contains(state) }

    private static func conditions(_ ask: Ask) -> SQL {
        var post = SQL("a.is_primary = 1 AND a.from_day <= \(ask.today) AND a.to_day > \(ask.today)")
        // From few units the people are found; else the posts of each person are looked at, never each unit for each person: `+` keeps
        // the index of units out.
        let isFromUnits = isFewUnits(ask) && ask.people == nil && !isRare(ask.state)
        if let units = ask.units { post = SQL("\(post) AND \(isFromUnits ? "a" : "+a" as SQL).organization_id IN (\(list: units))") }
        if !ask.category.isEmpty { post = SQL("\(post) AND a.category = \(ask.category)") }
        var all: [SQL] = ["p.merged_into IS NULL"]
        if let people = ask.people { all.append(SQL("p.id IN (\(list: people))")) }
        all.append(
            isFromUnits
                ? SQL("p.id IN (SELECT a.person_id FROM appointment a WHERE \(post))") : SQL("EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id AND \(post))"))
        let typed = ask.typed.filter { $0 != "%" && $0 != "_" }
        if !typed.isEmpty {
            let sounds = PinyinReader.query(typed), end = sounds + "~"
            all.append(
                typed.unicodeScalars.allSatisfy(\.isASCII)
                    ? SQL("(p.pinyin >= \(sounds) AND p.pinyin < \(end) OR p.initials >= \(sounds) AND p.initials < \(end) OR p.code = \(ask.typed))")
                    : SQL("p.name LIKE \("%" + typed + "%")"))
        }
        if let after = ask.after { all.append(SQL("(p.pinyin > \(after.pinyin) OR (p.pinyin = \(after.pinyin) AND p.id > \(after.id)))")) }
        return SQL.join(all + standing(ask.state, ask.now), separator: " AND ")
    }

    private static func standing(_ state: State, _ now: Int64) -> [SQL] {
        /// Some account of the person, or of a file that was merged into it, is so.
        func some(_ condition: SQL) -> SQL {
            SQL("""
                (EXISTS (SELECT 1 FROM account c WHERE c.person_id = p.id AND \(condition))
                OR EXISTS (SELECT 1 FROM person m JOIN account c ON c.person_id = m.id WHERE m.merged_into = p.id AND \(condition)))
                """)
        }
        /// The same, looked for from the few accounts that are so.
        func among(_ condition: SQL) -> SQL {
            SQL("p.id IN (SELECT COALESCE(m.merged_into, m.id) FROM account c JOIN person m ON m.id = c.person_id WHERE \(condition))")
        }
        let without = SQL("NOT \(some("c.state IN ('active', 'locked')"))"), slips: SQL = "SELECT s.account_id FROM slip s WHERE s.ending IS NULL"
        switch state {
        case .without: return [without]
        case .due: return [without, SQL("NOT \(among(SQL("c.id IN (\(slips) AND s.expires_ms > \(now))")))")]
        case .sent: return [among(SQL("c.id IN (\(slips) AND s.expires_ms > \(now))")), without]
        case .expired: return [among(SQL("c.id IN (\(slips) AND s.expires_ms <= \(now))")), without]
        case .closed: return [among("c.state = 'closed'"), without, SQL("NOT \(among(SQL("(c.state = 'new' OR c.id IN (\(slips)))")))")]
        case .active: return [some("c.state = 'active'")]
        case .locked: return [among("c.state = 'locked'"), SQL("NOT \(some("c.state = 'active'"))")]
        case .all: return []
        }
    }

    /// The people with post and account, in their order; those without a primary post today are left out.
    static func lines(_ ids: [Int64], today: Day, now: Int64, in db: Reading) throws -> [Line] {
        let people = try RosterStore.people(ids, in: db)
        let posts = Dictionary(grouping: try RosterStore.appointments(of: ids, in: db), by: \.personID)
        let accounts = try AccountStore.accounts(of: ids, in: db)
        let all = accounts.values.flatMap { $0 }.map(\.id)
        let slips = try SlipStore.open(of: all, in: db), grants = try GrantStore.grants(of: all, in: db)
        return ids.compactMap { id in
            guard let person = people[id], let post = posts[id]?.first(where: { $0.isPrimary && $0.covers(today) }) else { return nil }
            let (standing, account, slip) = AccountStanding.of(accounts[id] ?? [], slips, now: now)
            return Line(person: person, post: post, standing: standing, account: account, slip: slip, grants: account.flatMap { grants[$0.id] } ?? [])
        }
    }
}
