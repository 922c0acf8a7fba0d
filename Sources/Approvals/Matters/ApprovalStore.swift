import Access
import Foundation
import Kit

/// Approvals, their rounds, steps and deeds in the database.
package enum ApprovalStore {
    package static func approval(_ id: Int64, in db: Reading) throws -> Approval? {
        try db.first(SQL("SELECT \(columns) WHERE a.id = \(id)"), read) ?? nil
    }

    package static func approvals(_ ids: [Int64], in db: Reading) throws -> [Int64: Approval] {
        guard !ids.isEmpty else { return [:] }
        let found = try db.rows(SQL("SELECT \(columns) WHERE a.id IN (\(list: ids))"), read).compactMap(\.self)
        return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Which approvals a list is of.
    package enum Which: Sendable {
        case open, ended
        var sql: SQL { self == .open ? "a.state IN ('asked', 'returned')" : "a.state NOT IN ('asked', 'returned')" }
    }

    /// Where somebody looks for approvals that they may have to do with: whatever lies outside is not theirs.
    package struct Reach: Sendable {
        /// Units that ask, are asked, or hold a step.
        package var units: [Int64]
        /// Files that hold a step, and accounts that did something.
        package var files: [Int64] = [], accounts: [Int64] = []
        /// Those that a kind lets somebody into besides.
        package var others: [Int64] = []

        package init(units: [Int64]) { self.units = units }

        fileprivate var sql: SQL {
            SQL("""
                AND a.id IN (SELECT id FROM approval WHERE organization_id IN (\(list: units)) UNION SELECT id FROM approval WHERE decider_id IN (\(list: units))
                    UNION SELECT approval_id FROM approval_step WHERE unit_id IN (\(list: units)) UNION SELECT approval_id FROM approval_step WHERE person_id IN (\(list: files))
                    UNION SELECT approval_id FROM approval_deed WHERE account_id IN (\(list: accounts)) UNION SELECT id FROM approval WHERE id IN (\(list: others)))
                """)
        }
    }

    /// Approvals of which `isSeen` holds, newest first, after the one with the id `after`; of one kind where it is named. Whoever has to do with most finds a page
    /// among the newest; for others what lies within their reach is asked for, however much of others' lies between.
    package static func approvals(
        _ which: Which, _ kind: Approval.Key? = nil, after: Int64? = nil, limit: Int = ListAsk.pageSize, within reach: @autoclosure () throws -> Reach, in db: Reading,
        where isSeen: (Approval) throws -> Bool
    ) throws -> [Approval] {
        var found: [Approval] = [], before = after ?? Int64.max, within: SQL?
        let those: SQL = kind.map { SQL("AND a.kind = \($0.rawValue)") } ?? ""
        while found.count < limit {
            let some = try db.rows(
                SQL("SELECT \(columns) WHERE \(which.sql) \(those) \(within ?? "") AND a.id < \(before) ORDER BY a.id DESC LIMIT \(listed)")) { ($0.int(0), try read($0)) }
            found += try some.compactMap(\.1).filter(isSeen)
            guard some.count == listed, let last = some.last else { break }
            before = last.0
            within = try within ?? reach().sql
        }
        return Array(found.prefix(limit))
    }

    /// So many are read at once.
    private static let listed = 250

    /// What was sent back to units of which `isOurs` holds, newest first.
    static func returned(_ kind: Approval.Key?, limit: Int = ListAsk.pageSize, in db: Reading, where isOurs: (Int64) -> Bool) throws -> [Approval] {
        let units = try Set(returned(in: db).filter { (kind == nil || $0.kind == kind) && isOurs($0.organization) }.map(\.organization)).sorted()
        guard !units.isEmpty else { return [] }
        let those: SQL = kind.map { SQL("AND a.kind = \($0.rawValue)") } ?? ""
        return try db.rows(
            SQL("SELECT \(columns) WHERE a.state = 'returned' AND a.organization_id IN (\(list: units)) \(those) ORDER BY a.id DESC LIMIT \(limit)"), read).compactMap(\.self)
    }

    /// Whether something of a kind is open about a subject: asked, or sent back and not given up.
    package static func open(_ kind: Approval.Key, about subject: Int64, in db: Reading) throws -> Approval? {
        try db.first(SQL("SELECT \(columns) WHERE a.kind = \(kind.rawValue) AND a.subject_id = \(subject) AND \(Which.open.sql)"), read) ?? nil
    }

    /// What is asked about people of whom an import has written, or by units that it has made: what was decided otherwise has changed
    /// rows, or nothing.
    static func standing(on unmaking: Unmaking, in db: Reading) throws -> [Dependent] {
        let fresh = Set(unmaking.people)
        let about = try db.rows(
            SQL("""
                SELECT a.id, a.subject_id FROM approval a WHERE a.subject_id IN (\(list: unmaking.touched)) AND a.id > \(unmaking.act)
                AND (\(Which.open.sql) OR a.subject_id IN (\(list: unmaking.people))) ORDER BY a.id LIMIT \(Dependent.most)
                """)
        ) { Dependent(.person($0.int(1)), "有提出的审批事项", link: Approval.link($0.int(0)), isForGood: fresh.contains($0.int(1))) }
        guard !unmaking.units.isEmpty else { return about }
        let units = try db.rows(
            SQL("""
                SELECT DISTINCT u.unit FROM (SELECT organization_id AS unit FROM approval UNION ALL SELECT decider_id FROM approval UNION ALL SELECT unit_id FROM approval_step) u
                WHERE u.unit IN (\(list: unmaking.units)) ORDER BY u.unit LIMIT \(Dependent.most)
                """)
        ) { Dependent(.unit($0.int(0)), "有提出或要它决定的审批事项", link: "/approvals", isForGood: true) }
        return about + units
    }

    /// The latest of a kind about something.
    package static func latest(_ kind: Approval.Key, about subject: Int64, in db: Reading) throws -> Approval? {
        try db.first(SQL("SELECT \(columns) WHERE a.kind = \(kind.rawValue) AND a.subject_id = \(subject) ORDER BY a.id DESC LIMIT 1"), read) ?? nil
    }

    /// All of a kind about these subjects; of the kind altogether where none are named. First to last.
    package static func all(_ kind: Approval.Key, about subjects: [Int64]? = nil, in db: Reading) throws -> [Approval] {
        let those: SQL = subjects.map { SQL("AND a.subject_id IN (\(list: $0))") } ?? ""
        return try db.rows(SQL("SELECT \(columns) WHERE a.kind = \(kind.rawValue) \(those) ORDER BY a.id"), read).compactMap(\.self)
    }

    /// Those of a kind that some of these accounts have asked, latest first.
    package static func asked(_ kind: Approval.Key, by accounts: [Int64], limit: Int = 200, in db: Reading) throws -> [Approval] {
        let ids = try db.rows(
            SQL("""
                SELECT DISTINCT d.approval_id FROM approval_deed d JOIN approval a ON a.id = d.approval_id
                WHERE d.account_id IN (\(list: accounts)) AND d.verb = 'ask' AND a.kind = \(kind.rawValue) ORDER BY d.approval_id DESC LIMIT \(limit)
                """)) { $0.int(0) }
        let found = try approvals(ids, in: db)
        return ids.compactMap { found[$0] }
    }

    /// What was asked in a round; nil where there is none.
    static func content(of id: Int64, round: Int, in db: Reading) throws -> RowImage? {
        try db.first(SQL("SELECT content FROM approval_round WHERE approval_id = \(id) AND round = \(round)")) { try? RowImage(json: $0.text(0)) } ?? nil
    }

    /// The steps of the present round, in their order.
    package static func steps(of approval: Approval, in db: Reading) throws -> [ApprovalStep] {
        try db.rows(
            SQL("SELECT \(stepColumns) FROM approval_step s WHERE s.approval_id = \(approval.id) AND s.round = \(approval.round) ORDER BY s.place"), readStep
        ).compactMap(\.self)
    }

    /// The deeds on an approval, first to last.
    package static func deeds(of id: Int64, in db: Reading) throws -> [ApprovalDeed] {
        try db.rows(
            SQL(
                """
                SELECT d.verb, d.round, d.place, d.account_id, o.display_name, d.digest, d.remarks, t.id, t.at_ms, t.who, t.kind, t.why, d.stands_for_id
                FROM approval_deed d JOIN act t ON t.id = d.act_id LEFT JOIN account o ON o.id = d.stands_for_id
                WHERE d.approval_id = \(id) ORDER BY t.id
                """)
        ) { row in
            ApprovalVerb(rawValue: row.text(0)).map { verb in
                ApprovalDeed(
                    verb: verb, round: Int(clamping: row.int(1)), place: row.intOrNil(2).map { Int(clamping: $0) }, accountID: row.intOrNil(3), standsForID: row.intOrNil(12), standsFor: row.textOrNil(4),
                    digest: row.textOrNil(5), remarks: remarks(row.textOrNil(6)),
                    act: ActRecord(id: row.int(7), atMilliseconds: row.moment(8), who: row.text(9), kind: row.text(10), why: row.text(11)))
            }
        }.compactMap(\.self)
    }

    /// When each of these was asked for the first time.
    static func asked(_ ids: [Int64], in db: Reading) throws -> [Int64: Int64] {
        guard !ids.isEmpty else { return [:] }
        let found = try db.rows(
            SQL("SELECT r.approval_id, t.at_ms FROM approval_round r JOIN act t ON t.id = r.act_id WHERE r.round = 1 AND r.approval_id IN (\(list: ids))")
        ) { ($0.int(0), $0.moment(1)) }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }

    /// The accounts that asked, in whatever round, first to last.
    package static func askers(of id: Int64, in db: Reading) throws -> [Int64] {
        try db.rows(SQL("SELECT account_id FROM approval_round WHERE approval_id = \(id) AND account_id IS NOT NULL ORDER BY round")) { $0.int(0) }
    }

    /// The accounts that have done anything with it, first to last.
    package static func accounts(of id: Int64, in db: Reading) throws -> [Int64] {
        try db.rows(SQL("SELECT account_id FROM approval_deed WHERE approval_id = \(id) AND account_id IS NOT NULL ORDER BY act_id")) { $0.int(0) }
    }

    // MARK: - what waits

    /// An open step in the inbox of somebody.
    package struct Waiting: Sendable {
        package let approvalID: Int64
        package let kind: Approval.Key
        package let step: ApprovalStep
    }

    /// Those of which the rest of a statement holds, after `WHERE s.state = 'open'`.
    private static func waiting(_ rest: SQL, in db: Reading) throws -> [Waiting] {
        try db.rows(
            SQL("SELECT \(stepColumns), s.approval_id, a.kind FROM approval_step s JOIN approval a ON a.id = s.approval_id WHERE s.state = 'open' \(rest)")
        ) { row in try readStep(row).map { Waiting(approvalID: row.int(11), kind: Approval.Key(rawValue: row.text(12)), step: $0) } }.compactMap(\.self)
    }

    /// Open steps in the order of their due days, those without one last; after the one that stands at `after`, as `key` has it.
    static func waiting(after: (due: Int64, id: Int64, place: Int64)?, limit: Int, in db: Reading) throws -> [Waiting] {
        let due: SQL = "COALESCE(s.due_day, 2932896)"
        let later: SQL = after.map { SQL("AND (\(due), s.approval_id, s.place) > (\($0.due), \($0.id), \($0.place))") } ?? ""
        return try waiting(SQL("\(later) ORDER BY \(due), s.approval_id, s.place LIMIT \(limit)"), in: db)
    }

    /// How many open steps there are for each kind and decider, who is asked once in a turn.
    static func counts(in db: Reading) throws -> [(kind: Approval.Key, decider: ApprovalStep.Decider, count: Int)] {
        try db.rows(
            SQL("""
                SELECT a.kind, s.role, s.unit_id, s.person_id, count(*) FROM approval_step s JOIN approval a ON a.id = s.approval_id
                WHERE s.state = 'open' GROUP BY s.role, s.unit_id, s.person_id, a.kind
                """)
        ) { row in decider(row, from: 1).map { (Approval.Key(rawValue: row.text(0)), $0, Int(clamping: row.int(4))) } }.compactMap(\.self)
    }

    /// How many were sent back to each unit, by kind.
    static func returned(in db: Reading) throws -> [(kind: Approval.Key, organization: Int64, count: Int)] {
        try db.rows(SQL("SELECT kind, organization_id, count(*) FROM approval WHERE state = 'returned' GROUP BY kind, organization_id")) {
            (Approval.Key(rawValue: $0.text(0)), $0.int(1), Int(clamping: $0.int(2)))
        }
    }

    /// Open steps of which those who are to decide are to be told again on a day.
    static func reminders(on day: Day, in db: Reading) throws -> [Waiting] {
        try waiting(
            SQL("""
                AND s.due_day IS NOT NULL AND s.remind_days <> '' AND (s.told_day IS NULL OR s.told_day < \(day))
                ORDER BY s.due_day, s.approval_id, s.place
                """), in: db
        ).filter { $0.step.isReminder(on: day) }
    }

    /// Open steps of what was asked before there were steps: nothing says until when.
    static func untimed(in db: Reading) throws -> [Waiting] {
        try waiting(
            SQL("""
                AND s.due_day IS NULL AND s.within_days IS NULL AND s.remind_days = ''
                    AND EXISTS (SELECT 1 FROM approval_deed d WHERE d.approval_id = s.approval_id AND d.round = s.round AND d.verb = 'ask' AND d.digest IS NULL)
                ORDER BY s.approval_id, s.place
                """), in: db)
    }

    /// Gives an open step its days.
    static func time(_ waiting: Waiting, within: Int?, remind: [Int], due: Day?, in db: Writing) throws {
        try db.run(SQL("""
            UPDATE approval_step SET within_days = \(within), remind_days = \(remind.map(String.init).joined(separator: " ")), due_day = \(due), act_id = \(db.actID)
            WHERE approval_id = \(waiting.approvalID) AND place = \(waiting.step.place) AND state = 'open'
            """))
    }

    /// Notes that those who are to decide were told again. Whether this was the first to do so that day.
    static func noteReminder(_ waiting: Waiting, on day: Day, in db: Writing) throws -> Bool {
        try db.run(SQL("""
            UPDATE approval_step SET told_day = \(day), act_id = \(db.actID)
            WHERE approval_id = \(waiting.approvalID) AND place = \(waiting.step.place) AND state = 'open' AND (told_day IS NULL OR told_day < \(day))
            """)) > 0
    }

    // MARK: - writing

    /// Puts an approval that is asked for the first time.
    static func put(_ approval: Approval, _ steps: [ApprovalStep], in db: Writing) throws {
        try db.run(
            SQL(
                """
                INSERT INTO approval (id, kind, subject_id, organization_id, decider_id, state, round, turn, act_id)
                VALUES (\(approval.id), \(approval.kind.rawValue), \(approval.subjectID), \(approval.organizationID), \(approval.deciderID), \(approval.state.rawValue),
                    \(approval.round), \(approval.turn), \(db.actID))
                """))
        try db.change(subject, approval.id, before: nil, after: image(approval, steps).json, of: approval.personID)
        try putRound(approval, steps, in: db)
    }

    /// Puts what is asked anew, after `old`: about the steps of that round nobody decides any more.
    static func putAgain(_ approval: Approval, after old: Approval, _ former: [ApprovalStep], _ steps: [ApprovalStep], in db: Writing) throws {
        try write(ApprovalCourse.ended(former), before: former, of: old, in: db)
        try write(approval, after: old, images: (image(old, former), image(approval, steps)), in: db)
        try putRound(approval, steps, in: db)
    }

    private static func putRound(_ approval: Approval, _ steps: [ApprovalStep], in db: Writing) throws {
        try db.run(SQL("""
            INSERT INTO approval_round (approval_id, round, content, account_id, act_id)
            VALUES (\(approval.id), \(approval.round), \(approval.content.json), \(db.act.accountID), \(db.actID))
            """))
        for step in steps {
            var role: String?, unit: Int64?, person: Int64?
            switch step.decider {
            case .role(let one, let at): (role, unit) = (one.rawValue, at)
            case .person(let id): person = id
            }
            try db.run(SQL("""
                INSERT INTO approval_step (approval_id, round, place, turn, role, unit_id, person_id, within_days, remind_days, due_day, told_day, state, act_id)
                VALUES (\(approval.id), \(approval.round), \(step.place), \(step.turn), \(role), \(unit), \(person), \(step.within),
                    \(step.remind.map(String.init).joined(separator: " ")), \(step.due), \(step.told), \(step.state.rawValue), \(db.actID))
                """))
        }
        try put(.ask, approval, digest: approval.digest, in: db)
    }

    /// Writes how an approval and its steps stand after a deed. Refusal `approval.missing` where somebody else was first.
    static func write(_ approval: Approval, after old: Approval, _ steps: [ApprovalStep], before former: [ApprovalStep], in db: Writing) throws {
        try write(approval, after: old, images: (image(old, former), image(approval, zip(steps, former).map { $0 == $1 ? $0 : $0.left(by: db.actID) })), in: db)
        try write(steps, before: former, of: approval, in: db)
    }

    private static func write(_ approval: Approval, after old: Approval, images: (before: RowImage, after: RowImage), in db: Writing) throws {
        let written = try db.run(SQL("""
            UPDATE approval SET state = \(approval.state.rawValue), round = \(approval.round), turn = \(approval.turn), act_id = \(db.actID)
            WHERE id = \(approval.id) AND state = \(old.state.rawValue) AND round = \(old.round) AND turn = \(old.turn)
            """))
        guard written == 1 else { throw missing }
        try db.change(subject, approval.id, before: images.before.json, after: images.after.json, of: approval.personID)
    }

    private static func write(_ steps: [ApprovalStep], before former: [ApprovalStep], of approval: Approval, in db: Writing) throws {
        for (step, before) in zip(steps, former) where step != before {
            try db.run(SQL("""
                UPDATE approval_step SET state = \(step.state.rawValue), due_day = \(step.due), told_day = \(step.told), act_id = \(db.actID)
                WHERE approval_id = \(approval.id) AND round = \(approval.round) AND place = \(step.place)
                """))
        }
    }

    static func put(
        _ verb: ApprovalVerb, _ approval: Approval, place: Int? = nil, standsFor: Int64? = nil, digest: String? = nil, remarks: [String: String] = [:], in db: Writing
    ) throws {
        let said = remarks.isEmpty ? nil : RowImage(remarks.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }).json
        try db.run(
            SQL(
                """
                INSERT INTO approval_deed (approval_id, act_id, verb, round, place, account_id, stands_for_id, digest, remarks)
                VALUES (\(approval.id), \(db.actID), \(verb.rawValue), \(approval.round), \(place), \(db.act.accountID), \(standsFor), \(digest), \(said))
                """))
    }

    /// Notes in whose absence a decision was taken back by this act.
    static func note(takenBackFor absent: Int64, of id: Int64, in db: Writing) throws {
        try db.run(SQL("UPDATE approval_deed SET stands_for_id = \(absent) WHERE approval_id = \(id) AND act_id = \(db.actID)"))
    }

    /// Puts other content in place of what was written about somebody whose file is deleted, in every round; that it was asked stays.
    package static func forget(_ approval: Approval, leaving forgotten: (Approval) -> RowImage, in db: Writing) throws {
        var new = approval
        for round in 1...max(1, approval.round) {
            guard let content = try content(of: approval.id, round: round, in: db) else { continue }
            new.content = content
            new.content = forgotten(new)
            try db.run(SQL("UPDATE approval_round SET content = \(new.content.json), act_id = \(db.actID) WHERE approval_id = \(approval.id) AND round = \(round)"))
        }
        try db.run(SQL("UPDATE approval_deed SET remarks = NULL, digest = NULL WHERE approval_id = \(approval.id)"))
        try db.change(subject, approval.id, before: RowImage.erased.json, after: image(new, steps(of: new, in: db)).json)
    }

    package static var missing: Refusal { Refusal("approval.missing", "没有这份申请，或者刚刚有人办过；请刷新页面后再试") }

    // MARK: - rows

    static let subject = "approval"

    private static let columns: SQL = """
        a.id, a.kind, a.subject_id, a.organization_id, a.decider_id, a.state, a.round, a.turn, r.content
        FROM approval a JOIN approval_round r ON r.approval_id = a.id AND r.round = a.round
        """
    private static let stepColumns: SQL = "s.place, s.turn, s.role, s.unit_id, s.person_id, s.within_days, s.remind_days, s.due_day, s.state, s.told_day, s.act_id"

    /// Nil for a state that this version does not know, and for content that nobody can read: `verify` names it.
    private static func read(_ row: Row) throws -> Approval? {
        guard let state = Approval.State(rawValue: row.text(5)), let content = try? RowImage(json: row.text(8)) else { return nil }
        return Approval(
            id: row.int(0), kind: Approval.Key(rawValue: row.text(1)), subjectID: row.int(2), organizationID: row.int(3), deciderID: row.int(4), state: state,
            round: Int(clamping: row.int(6)), turn: Int(clamping: row.int(7)), content: content)
    }

    private static func readStep(_ row: Row) throws -> ApprovalStep? {
        guard let decider = decider(row, from: 2), let state = ApprovalStep.State(rawValue: row.text(8)) else { return nil }
        return ApprovalStep(
            place: Int(clamping: row.int(0)), turn: Int(clamping: row.int(1)), decider: decider, within: row.intOrNil(5).map { Int(clamping: $0) },
            remind: row.text(6).split(separator: " ").compactMap { Int($0) }, due: row.intOrNil(7).map { Day(clamping: $0) },
            told: row.intOrNil(9).map { Day(clamping: $0) }, state: state, actID: row.int(10))
    }

    private static func decider(_ row: Row, from start: Int) -> ApprovalStep.Decider? {
        if let person = row.intOrNil(start + 2) { return .person(person) }
        guard let role = row.textOrNil(start).flatMap(Role.init), let unit = row.intOrNil(start + 1) else { return nil }
        return .role(role, at: unit)
    }

    private static func remarks(_ json: String?) -> [String: String] {
        guard let image = json.flatMap({ try? RowImage(json: $0) }) else { return [:] }
        return Dictionary(image.columns.map { ($0, image.text($0) ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    /// Of steps that go on beside each other the decided ones are named with the acts that decided them: such an act changes nothing else.
    static func image(_ approval: Approval, _ steps: [ApprovalStep]) -> RowImage {
        let beside = steps.filter { one in one.isDecided && steps.contains { $0.turn == one.turn && $0.place != one.place } }
        return RowImage([
            "id": .int(approval.id), "kind": .text(approval.kind.rawValue), "subject_id": .int(approval.subjectID), "organization_id": .int(approval.organizationID),
            "decider_id": .int(approval.deciderID), "state": .text(approval.state.rawValue), "round": .int(approval.round), "turn": .int(approval.turn),
            "content": .text(approval.content.sorted.json),
            "decided": .text(beside.isEmpty ? nil : beside.map { "\($0.place)@\($0.actID)" }.joined(separator: " ")),
        ])
    }

    private static func image(_ id: Int64, in db: Reading) throws -> RowImage? { try approval(id, in: db).map { image($0, try steps(of: $0, in: db)) } }

    /// What undo needs. What was asked is not taken back but withdrawn; the last decision can be, and the approval stands as before it.
    package static let keeper = RowKeeper(subject: subject, image: { id, db in try image(id, in: db) }, restore: { id, image, db in _ = try reopen(id, to: image, in: db) })

    /// The same of decisions from when approvals were called requests: they left images of that name, of what was asked once and decided in one step.
    package static let formerKeeper = RowKeeper(
        subject: "request", isFormer: true,
        image: { id, db in
            try approval(id, in: db).map { one in
                RowImage([
                    "id": .int(one.id), "kind": .text(one.kind.rawValue), "subject_id": .int(one.subjectID), "organization_id": .int(one.organizationID),
                    "decider_id": .int(one.deciderID), "content": .text(one.content.json), "state": .text(one.state.rawValue),
                ])
            }
        },
        restore: { id, image, db in
            let before = try ApprovalStore.image(id, in: db)
            let new = try reopen(id, to: image, in: db)
            try db.change(subject, id, before: before?.json, after: ApprovalStore.image(id, in: db)?.json, of: new.personID)
        })

    /// Takes the last decision back, where an image says that the approval was open before. Without an image of its own: whoever undoes notes it.
    private static func reopen(_ id: Int64, to image: RowImage?, in db: Writing) throws -> Approval {
        guard let image, image.text("state") == Approval.State.asked.rawValue, let old = try approval(id, in: db), image.int("round") ?? 1 == Int64(old.round),
            let last = try deeds(of: id, in: db).last, last.verb.isDecision, let place = last.place
        else { throw Refusal("undo.approval", "提出申请不能撤回；请打开那份申请，用“撤销申请”") }
        let steps = try steps(of: old, in: db), day = Clock.day(ofMilliseconds: db.now)
        let (reopened, turn) = ApprovalCourse.reopened(place, steps, on: day, until: steps.first { $0.place == place }?.due)
        var new = old
        (new.state, new.turn) = (.asked, turn)
        try db.run(SQL("UPDATE approval SET state = \(new.state.rawValue), turn = \(new.turn), act_id = \(db.actID) WHERE id = \(id)"))
        try write(reopened, before: steps, of: new, in: db)
        try put(.takeBack, new, place: place, in: db)
        return new
    }
}
