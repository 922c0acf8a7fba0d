import Access
import Kit
import Register

/// A grant with whose it is, what it rests on, and who gave and ended it when and why.
package struct GrantRecord: Sendable, Identifiable {
    /// Somebody's act on it.
    package struct Deed: Sendable {
        package let who: String
        package let atMilliseconds: Int64
        package let why: String
        package var day: Day { Clock.day(ofMilliseconds: atMilliseconds) }
    }

    package enum State: Sendable { case coming, holds, over }

    /// As it holds.
    package let grant: Grant
    package let account: Account
    /// Its own end, whatever becomes of the appointment.
    package let ownEnd: Day
    /// The appointment it rests on, while that is there.
    package let post: Appointment?
    package let given: Deed
    package let ended: Deed?
    package var id: Int64 { grant.id }

    package func state(on day: Day) -> State { grant.covers(day) ? .holds : grant.from > day && grant.from < grant.to ? .coming : .over }

    /// Whether it holds after a day, or could again once its appointment comes back.
    package func canHold(after day: Day) -> Bool { ownEnd > day && grant.from < ownEnd }

    /// Whether it holds or will, and its end has been set within so many days.
    package func endsSoon(on day: Day) -> Bool { state(on: day) != .over && grant.to <= day + GrantNotices.daysAhead }

    /// Whether the appointment, not its own end, ends it.
    package var endsWithPost: Bool { grant.appointmentID != nil && grant.to < ownEnd }
}

/// Units of a scope that have no personnel officer of their own today: those first whose officer has left, the latest
/// first, then those that never had one, in the order of the tree.
package struct Vacancies: Sendable {
    package struct Vacancy: Sendable {
        let unit: OrgTree.Unit
        /// Who left, and the first day without.
        let former: (name: String, until: Day)?
    }

    /// A unit with whoever answers for it in the meantime.
    struct Line: Sendable {
        let unit: OrgTree.Unit
        let former: (name: String, until: Day)?
        /// The nearest unit above that has an officer, and who that is; nil where there is none.
        let caretaker: String?
    }

    /// Those whose unit fits what is typed into the list's filter, in the order that is asked for.
    static func lines(_ ask: ListAsk, _ scope: Scope, in db: Reading) throws -> [Line] {
        let tree = scope.tree, officers = try GrantStore.officers(on: tree.day, in: db), typed = ask.filter("unit")
        let lines = try read(scope, in: db).units.filter { typed.isEmpty || $0.unit.name.contains(typed) || $0.unit.code == typed }.map { vacancy in
            let over = tree.ancestors(of: vacancy.unit.id).last { officers[$0.id] != nil }
            return Line(unit: vacancy.unit, former: vacancy.former, caretaker: over.map { "\($0.name) \(officers[$0.id] ?? "")" })
        }
        return ask.sorted(lines, by: [
            ListOrder("unit") { tree.place(of: $0.unit.id) ?? 0 }, ListOrder("code") { $0.unit.code }, ListOrder("former") { $0.former?.until ?? .always }, ListOrder("caretaker") { $0.caretaker ?? "" },
        ])
    }

    package let units: [Vacancy]
    /// How many of them had an officer once and wait for the successor.
    package var left: Int { units.count { $0.former != nil } }

    package static func read(_ scope: Scope, in db: Reading) throws -> Vacancies {
        let day = scope.tree.day, officers = try GrantStore.officers(on: day, in: db), former = try GrantStore.formerOfficers(before: day, in: db)
        let all = scope.units(for: .granting).filter { officers[$0.id] == nil }.map { Vacancy(unit: $0.subject, former: former[$0.id]) }
        return Vacancies(units: all.filter { $0.former != nil }.sorted { ($0.former?.until ?? .always) > ($1.former?.until ?? .always) } + all.filter { $0.former == nil })
    }
}

/// Grants as pages list them, and the accounts they can be given to.
package enum GrantListStore {
    package enum Which: String, CaseIterable, Sendable {
        case now, soon, coming, over, all

        package var word: String {
            switch self {
            case .now: "有效的"
            case .soon: "\(GrantNotices.daysAhead) 天内结束的"
            case .coming: "尚未开始的"
            case .over: "已结束的"
            case .all: "全部"
            }
        }
    }

    struct Ask: Sendable {
        var which = Which.now
        var role: Role?
        var typed = ""
        /// Nil for all there are.
        var units: [Int64]?
        /// The id of the last row before the page.
        var before: Int64?
        var today: Day
    }

    /// A page and one more, the latest first.
    static func records(_ ask: Ask, in db: Reading) throws -> [GrantRecord] {
        let holds = GrantStore.holds(on: ask.today)
        var conditions: [SQL] = ["1 = 1"]
        switch ask.which {
        case .now: conditions.append(holds)
        case .soon: conditions.append(SQL("\(holds) AND \(GrantStore.to) <= \(ask.today + GrantNotices.daysAhead)"))
        case .coming: conditions.append(SQL("\(GrantStore.from) > \(ask.today) AND \(GrantStore.from) < \(GrantStore.to)"))
        case .over: conditions.append(SQL("(\(GrantStore.to) <= \(ask.today) OR \(GrantStore.to) <= \(GrantStore.from))"))
        case .all: break
        }
        if let role = ask.role { conditions.append(SQL("g.role = \(role.rawValue)")) }
        if let units = ask.units { conditions.append(SQL("+g.organization_id IN (\(list: units))")) }
        if let before = ask.before { conditions.append(SQL("g.id < \(before)")) }
        if let typed = called(ask.typed) { conditions.append(typed) }
        return try read(SQL("WHERE \(SQL.join(conditions, separator: " AND ")) ORDER BY g.id DESC LIMIT \(ListAsk.pageSize + 1)"), in: db)
    }

    /// How many grants of the units end within `GrantNotices.daysAhead`.
    package static func endingSoon(in units: [Int64]?, today: Day, in db: Reading) throws -> Int {
        try records(Ask(which: .soon, units: units, today: today), in: db).count
    }

    static func record(_ id: Int64, in db: Reading) throws -> GrantRecord? {
        try read(SQL("WHERE g.id = \(id)"), in: db).first
    }

    /// All grants of an account, the latest first.
    package static func records(of account: Int64, in db: Reading) throws -> [GrantRecord] {
        try read(SQL("WHERE g.account_id = \(account) ORDER BY g.id DESC"), in: db)
    }

    /// Those about whose end the account has to be told: it has come lately, or comes within `GrantNotices.daysAhead`.
    static func untold(on day: Day, limit: Int, in db: Reading) throws -> [GrantRecord] {
        let to = GrantStore.to
        return try read(
            SQL("""
                WHERE a.state <> 'closed' AND \(to) <= \(day + GrantNotices.daysAhead)
                AND (\(to) > \(day - GrantNotices.daysAhead) OR g.appointment_id IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM grant_notice t WHERE t.grant_id = g.id AND t.end_day = \(to)
                    AND t.is_over = CASE WHEN \(to) <= \(day) THEN 1 ELSE 0 END)
                ORDER BY g.id LIMIT \(limit)
                """), in: db)
    }

    private static func called(_ typed: String) -> SQL? {
        let plain = typed.filter { $0 != "%" && $0 != "_" }
        guard !plain.isEmpty else { return nil }
        let like = "%" + plain + "%", sounds = PinyinReader.query(plain), end = sounds + "~"
        let named = SQL("a.display_name LIKE \(like) OR n.name LIKE \(like) OR a.name LIKE \("%" + plain.lowercased() + "%") OR n.code = \(plain)")
        return plain.unicodeScalars.allSatisfy(\.isASCII)
            ? SQL("(\(named) OR (n.pinyin >= \(sounds) AND n.pinyin < \(end)) OR (n.initials >= \(sounds) AND n.initials < \(end)))") : SQL("(\(named))")
    }

    private static func read(_ rest: SQL, in db: Reading) throws -> [GrantRecord] {
        try db.rows(
            SQL("""
                SELECT \(GrantStore.columns), g.to_day, \(AccountStore.columns), p.id, p.person_id, p.organization_id, p.from_day, p.to_day, p.is_primary, p.title,
                    ga.who, ga.at_ms, ga.why, ea.who, ea.at_ms, ea.why
                FROM \(GrantStore.source) JOIN account a ON a.id = g.account_id LEFT JOIN person n ON n.id = a.person_id
                    JOIN act ga ON ga.id = g.given_act_id LEFT JOIN act ea ON ea.id = g.ended_act_id
                \(rest)
                """)
        ) { row -> GrantRecord? in
            guard let grant = GrantStore.read(row) else { return nil }
            let post = row.intOrNil(12).map { id in
                Appointment(
                    id: id, personID: row.int(13), organizationID: row.int(14), from: row.day(15), to: row.day(16), isPrimary: row.bool(17), title: row.text(18))
            }
            return GrantRecord(
                grant: grant, account: AccountStore.read(row, from: 7), ownEnd: row.day(6), post: post,
                given: GrantRecord.Deed(who: row.text(19), atMilliseconds: row.moment(20), why: row.text(21)),
                ended: row.intOrNil(23).map { GrantRecord.Deed(who: row.text(22), atMilliseconds: $0, why: row.text(24)) })
        }.compactMap { $0 }
    }

    // MARK: To whom

    static let mostCandidates = 50

    /// Accounts whose person has a post in the units today or to come, by name; all accounts where `units` is nil.
    static func candidates(_ typed: String, units: [Int64]?, today: Day, in db: Reading) throws -> [Account] {
        var conditions: [SQL] = ["a.state <> 'closed'"]
        if let typed = called(typed) { conditions.append(typed) }
        if let units {
            conditions.append(SQL("""
                EXISTS (SELECT 1 FROM appointment q WHERE q.person_id = coalesce(n.merged_into, n.id) AND q.to_day > \(today)
                AND +q.organization_id IN (\(list: units)))
                """))
        }
        return try db.rows(
            SQL("""
                SELECT \(AccountStore.columns) FROM account a LEFT JOIN person n ON n.id = a.person_id
                WHERE \(SQL.join(conditions, separator: " AND ")) ORDER BY coalesce(n.pinyin, a.name), a.id LIMIT \(mostCandidates + 1)
                """), AccountStore.read)
    }

    /// Everything that decides whether somebody can be given something.
    static func receiver(_ account: Account, in db: Reading) throws -> Granting.Receiver {
        let files = try GrantStore.files(of: account.personID, in: db)
        return Granting.Receiver(
            account: account, files: files, posts: try RosterStore.appointments(of: Array(files), in: db),
            grants: try GrantStore.grants(ofAccount: account.id, files: files, in: db))
    }
}
