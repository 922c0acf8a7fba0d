import Foundation

/// What outlasts a request: `job` is what an act asked for, `job_run` how it stands, `job_slot` which moments of schedules have been
/// seen to. The first is written by acts alone; the others are bookkeeping.
package enum JobStore {
    /// One that is to be done.
    package struct New: Sendable {
        /// What it is about: the id of a row.
        package var subject: Int64?
        /// Of those with the same key of a kind only one waits or is worked on.
        package var key: String?
        /// Not before this moment, milliseconds; nil is at once.
        package var due: Int64?
        /// What else is needed to do it, sealed: it may be personal.
        package var payload: JobPayload?

        package init(about subject: Int64? = nil, key: String? = nil, at due: Int64? = nil, _ payload: JobPayload? = nil) {
            self.subject = subject
            self.key = key
            self.due = due
            self.payload = payload
        }
    }

    private static let columns = ["id", "kind", "subject_id", "asker", "payload_cipher", "act_id"]
    private static let runColumns = ["id", "kind", "job_key", "lane", "subject_id", "asker", "place", "state", "due_ms", "enqueued_ms", "changed_ms"]
    private static func context(_ id: Int64, _ kind: String) -> String { "job \(id) \(kind)" }
    /// As the index of unique keys has it.
    private static let isOpen: SQL = "state IN ('waiting', 'working')"

    // MARK: Enqueuing

    /// Leaves a piece of work behind, in the act that brings it about: both are there or neither. Nil where one with its key
    /// waits or is worked on already.
    @discardableResult
    package static func add(_ kind: JobKind, _ new: New = New(), in db: Writing) throws -> Int64? { try add(kind, [new], in: db).first }

    /// The same of many: their ids, without those that wait already.
    @discardableResult
    package static func add(_ kind: JobKind, _ news: [New], in db: Writing) throws -> [Int64] {
        var held: Set<String> = [], jobs: [[Value]] = [], runs: [[Value]] = []
        let keys = news.compactMap(\.key)
        for start in stride(from: 0, to: keys.count, by: 500) {
            let some = keys[start..<min(start + 500, keys.count)]
            held.formUnion(try db.rows(SQL("SELECT job_key FROM job_run WHERE kind = \(kind.key) AND job_key IN (\(list: some)) AND \(isOpen)")) { $0.text(0) })
        }
        let asker = db.act.accountID ?? 0
        var place = try place(kind.lane, asker, in: db)
        for new in news {
            if let key = new.key, !held.insert(key).inserted { continue }
            let id = db.nextID(), cipher = try new.payload?.sealed(context(id, kind.key))
            jobs.append([.int(id), .text(kind.key), .of(new.subject), .int(asker), .of(cipher), .int(db.actID)])
            runs.append([
                .int(id), .text(kind.key), .of(new.key), .text(kind.lane.rawValue), .of(new.subject), .int(asker), .int(place), .text(JobState.waiting.rawValue),
                .int(new.due ?? db.now), .int(db.now), .int(db.now),
            ])
            place &+= 1
        }
        try insert("job", columns, jobs, in: db)
        try insert("job_run", runColumns, runs, in: db)
        if !jobs.isEmpty { db.hasEnqueued = true }
        return jobs.compactMap { if case .int(let id) = $0[0] { id } else { nil } }
    }

    private static func insert(_ table: String, _ columns: [String], _ rows: [[Value]], in db: Writing) throws {
        guard rows.count < 4 else {
            try db.bulk(into: table, columns: columns) { put in rows.forEach(put) }
            return
        }
        for row in rows {
            try db.run(SQL("INSERT INTO \(SQL(stringLiteral: table)) (\(SQL(stringLiteral: columns.joined(separator: ", ")))) VALUES (\(SQL.join(row.map { SQL("\($0)") }, separator: ", ")))"))
        }
    }

    /// Where the next of an account stands in a lane: after its own that wait, beside the first of the others. So accounts take turns.
    private static func place(_ lane: JobLane, _ asker: Int64, in db: Reading) throws -> Int64 {
        let first = try db.first(SQL("SELECT place FROM job_run WHERE state = 'waiting' AND lane = \(lane.rawValue) ORDER BY place LIMIT 1")) { $0.int(0) } ?? 0
        let own = try db.first(
            SQL("SELECT place FROM job_run WHERE state = 'waiting' AND lane = \(lane.rawValue) AND asker = \(asker) ORDER BY place DESC LIMIT 1")) { $0.int(0) }
        return max(first, own.map { $0 &+ 1 } ?? 0)
    }

    // MARK: Taking in hand

    /// What a server has in hand.
    struct Claim: Sendable {
        let id: Int64, kind: String
        let subject: Int64?, asker: Int64
        /// Checked when it ends: whoever took it in hand later has a larger one.
        let number: Int64
        /// With this one.
        let attempts: Int
        let now: Int64
        /// Whether a process once died with it and others in hand: of such a server takes one at a time.
        var isSuspect = false
        /// What the act left that asked for it; nil for what falls due by itself.
        var asked: Asked?
    }

    /// What an act asked for. How work stands is held by no mark, this is.
    struct Asked: Sendable {
        let kind: String
        let subject: Int64?, asker: Int64
        let cipher: [UInt8]?
    }

    /// Whether a server would find something to do: asked before the right to write is taken.
    static func isDue(_ now: Int64, in db: Reading) throws -> Bool {
        try db.first(SQL("SELECT 1 FROM job_run WHERE state = 'waiting' AND due_ms <= \(now) LIMIT 1")) { _ in true } ?? false
    }

    /// Takes the next ones of a lane in hand: first one of those of which it is not known whether they end the process, where that
    /// may be, then others.
    static func claim(_ lane: JobLane, kinds: [String], upTo most: Int, worker: String, suspects: Int = 1, in db: Bookkeeping) throws -> [Claim] {
        var claims = most > 0 && suspects > 0 ? try take(lane, kinds, upTo: 1, worker, isSuspect: true, in: db) : []
        while claims.count < most {
            let found = try take(lane, kinds, upTo: lane.isOneEach ? 1 : most - claims.count, worker, isSuspect: false, in: db)
            guard !found.isEmpty else { break }
            claims += found
        }
        return claims
    }

    private static func take(_ lane: JobLane, _ kinds: [String], upTo most: Int, _ worker: String, isSuspect: Bool, in db: Bookkeeping) throws -> [Claim] {
        let alone: SQL = lane.isOneEach
            ? "AND (r.asker = 0 OR NOT EXISTS (SELECT 1 FROM job_run w WHERE w.state = 'working' AND w.lane = r.lane AND w.asker = r.asker))" : ""
        // In the text of the statement: so the index of suspects is found.
        let which: SQL = isSuspect ? "r.is_suspect = 1" : "r.is_suspect = 0"
        let found = try db.rows(SQL("""
            SELECT r.id, r.kind, r.subject_id, r.asker, r.claim, r.attempts, j.kind, j.subject_id, j.asker, j.payload_cipher
            FROM job_run r LEFT JOIN job j ON j.id = r.id
            WHERE r.state = 'waiting' AND \(which) AND r.lane = \(lane.rawValue) AND r.due_ms <= \(db.now) AND r.kind IN (\(list: kinds)) \(alone)
            ORDER BY r.place, r.id LIMIT \(most)
            """)) { row in
            let asked = row.textOrNil(6).map { Asked(kind: $0, subject: row.intOrNil(7), asker: row.int(8), cipher: row.blobOrNil(9)) }
            return Claim(
                id: row.int(0), kind: row.text(1), subject: row.intOrNil(2), asker: row.int(3), number: row.int(4) &+ 1, attempts: row.count(5) + 1,
                now: db.now, isSuspect: isSuspect, asked: asked)
        }
        guard !found.isEmpty else { return [] }
        try db.run(SQL("""
            UPDATE job_run SET state = 'working', claim = claim + 1, attempts = attempts + 1, worker = \(worker), beat = 0,
                begun_ms = \(db.now), changed_ms = \(db.now), done_count = 0, total_count = NULL
            WHERE id IN (\(list: found.map(\.id)))
            """))
        return found
    }

    /// What the act that enqueued a piece of work sealed for it; nil where it sealed nothing. Throws where the row is not as it was.
    static func payload(of claim: Claim, _ numbers: PersonalNumbers) throws -> [UInt8]? {
        let changed = Refusal("job.changed", "这件后台工作与登记的不符，没有办。请运行 yugong verify 查明。")
        guard let asked = claim.asked else {
            // What falls due by itself has been asked for by nobody.
            guard claim.subject == nil, claim.asker == 0 else { throw changed }
            return nil
        }
        guard asked.kind == claim.kind, asked.subject == claim.subject, asked.asker == claim.asker else { throw changed }
        return try asked.cipher.map { try numbers.openBytes($0, context: context(claim.id, claim.kind)) }
    }

    /// Shows that whoever has these in hand lives, and notes how far some have come.
    static func beat(_ ids: [Int64], progress: [(id: Int64, claim: Int64, progress: JobProgress)] = [], in db: Bookkeeping) throws {
        guard !ids.isEmpty else { return }
        try db.run(SQL("UPDATE job_run SET beat = beat + 1 WHERE state = 'working' AND id IN (\(list: ids))"))
        for (id, claim, progress) in progress {
            try db.run(SQL("""
                UPDATE job_run SET done_count = \(progress.done), total_count = \(progress.total) WHERE id = \(id) AND claim = \(claim) AND state = 'working'
                """))
        }
    }

    /// What is worked on, by who has it in hand, but for what the asking server has.
    static func inHand(besides own: Set<Int64>, in db: Reading) throws -> [String: [JobWatch.Held]] {
        let held = try db.rows("SELECT id, kind, subject_id, asker, claim, attempts, is_suspect, beat, worker FROM job_run WHERE state = 'working' ORDER BY id") { row in
            let claim = Claim(
                id: row.int(0), kind: row.text(1), subject: row.intOrNil(2), asker: row.int(3), number: row.int(4), attempts: row.count(5), now: 0,
                isSuspect: row.bool(6))
            return (worker: row.text(8), held: JobWatch.Held(claim: claim, beat: row.int(7)))
        }
        return Dictionary(grouping: held.filter { !own.contains($0.held.claim.id) }, by: \.worker).mapValues { $0.map(\.held) }
    }

    /// Takes from one that is gone what it had in hand. What it had alone, or was suspected before, has cost an attempt and waits for a
    /// pause; of several nobody knows which has ended it: they come back at once, as suspects. Those that were tried often enough are
    /// given back to be ended.
    static func takeBack(_ claims: [Claim], _ kinds: [String: JobKind], in db: Bookkeeping) throws -> [Claim] {
        var exhausted: [Claim] = []
        for claim in claims {
            guard let kind = kinds[claim.kind] else { continue }
            let pays = claims.count == 1 || claim.isSuspect
            guard let due = pays ? kind.next(after: claim.attempts, now: db.now) : db.now else {
                exhausted.append(claim)
                continue
            }
            try db.run(SQL("""
                UPDATE job_run SET state = 'waiting', attempts = \(claim.attempts - (pays ? 0 : 1)), is_suspect = 1, due_ms = \(due), why = \(JobFailure.crash),
                    beat = NULL, changed_ms = \(db.now)
                WHERE id = \(claim.id) AND claim = \(claim.number) AND state = 'working'
                """))
        }
        return exhausted
    }

    /// Gives back what did not succeed, to be tried again, unless it was somebody else's by then. It has not ended the process.
    static func giveBack(_ claim: Claim, due: Int64, why: String, in db: Bookkeeping) throws {
        try db.run(SQL("""
            UPDATE job_run SET state = 'waiting', is_suspect = 0, due_ms = \(due), why = \(why), beat = NULL, changed_ms = \(db.now)
            WHERE id = \(claim.id) AND claim = \(claim.number) AND state = 'working'
            """))
    }

    /// Gives back what a server that stops has in hand, as if it had never begun: others go on at once.
    static func release(_ jobs: [(id: Int64, claim: Int64)], in db: Bookkeeping) throws {
        for (id, claim) in jobs {
            try db.run(SQL("""
                UPDATE job_run SET state = 'waiting', attempts = attempts - 1, claim = claim + 1, beat = NULL, changed_ms = \(db.now)
                WHERE id = \(id) AND claim = \(claim) AND state = 'working'
                """))
        }
    }

    // MARK: Ending

    private static func ending(_ id: Int64, _ claim: Int64, as state: JobState, why: String, now: Int64) -> SQL {
        SQL("""
            UPDATE job_run SET state = \(state.rawValue), why = \(why), beat = NULL, changed_ms = \(now), failures = failures + \(state == .failed ? 1 : 0)
            WHERE id = \(id) AND claim = \(claim) AND state = 'working'
            """)
    }

    /// Ends what is in hand, in the act that is its effect. Refusal `job.lost`: the act is undone.
    static func finish(_ id: Int64, _ claim: Int64, in db: Writing) throws {
        guard try db.run(ending(id, claim, as: .done, why: "", now: db.now)) == 1 else { throw JobFailure.lost }
    }

    /// The same of many that have left no act, or several, and of which none need be there any more; those that were still in hand.
    static func finish(_ jobs: [(id: Int64, claim: Int64)], in db: Bookkeeping) throws -> Set<Int64> {
        guard !jobs.isEmpty else { return [] }
        let numbers = Dictionary(jobs.map { ($0.id, $0.claim) }, uniquingKeysWith: max)
        let held = try db.rows(SQL("SELECT id, claim FROM job_run WHERE state = 'working' AND id IN (\(list: jobs.map(\.id)))")) { ($0.int(0), $0.int(1)) }
            .filter { numbers[$0.0] == $0.1 }.map(\.0)
        if !held.isEmpty {
            try db.run(SQL("UPDATE job_run SET state = 'done', why = '', beat = NULL, changed_ms = \(db.now) WHERE state = 'working' AND id IN (\(list: held))"))
        }
        return Set(held)
    }

    /// Whether it is still in hand under this claim.
    static func isHeld(_ id: Int64, _ claim: Int64, in db: Reading) throws -> Bool {
        try db.first(SQL("SELECT 1 FROM job_run WHERE id = \(id) AND claim = \(claim) AND state = 'working'")) { _ in true } ?? false
    }

    /// Ends what was tried often enough. Refusal `job.lost`.
    static func fail(_ claim: Claim, why: String, in db: Writing) throws {
        guard try db.run(ending(claim.id, claim.number, as: .failed, why: why, now: db.now)) == 1 else { throw JobFailure.lost }
        try note(claim.id, claim.kind, .working, .failed, in: db)
    }

    private static func note(_ id: Int64, _ kind: String, _ before: JobState, _ after: JobState, in db: Writing) throws {
        func image(_ state: JobState) -> String { RowImage(["kind": .text(kind), "state": .text(state.rawValue)]).json }
        try db.change("job", id, before: image(before), after: image(after))
    }

    // MARK: What an administrator does

    private static let lineColumns: SQL =
        "id, kind, state, attempts, enqueued_ms, due_ms, why, done_count, total_count, coalesce(begun_ms, enqueued_ms), worker, failures FROM job_run"

    private static func line(_ row: Row) -> JobLine {
        JobLine(
            id: row.int(0), kind: row.text(1), state: JobState(rawValue: row.text(2)) ?? .givenUp, attempts: row.count(3), enqueued: row.moment(4), due: row.moment(5),
            why: row.text(6), progress: JobProgress(done: row.count(7), total: row.countOrNil(8), since: row.moment(9)), worker: row.text(10),
            failures: row.count(11))
    }

    package static func line(_ id: Int64, in db: Reading) throws -> JobLine? { try db.first(SQL("SELECT \(lineColumns) WHERE id = \(id)"), line) }

    /// Those in a state, the latest change first.
    package static func lines(_ state: JobState, limit: Int, in db: Reading) throws -> [JobLine] {
        try db.rows(SQL("SELECT \(lineColumns) WHERE \(stands(state)) ORDER BY changed_ms DESC, id DESC LIMIT \(limit)"), line)
    }

    /// How many there are of a kind in a state.
    package static func counts(in db: Reading) throws -> [(kind: String, state: JobState, count: Int)] {
        try db.rows("SELECT kind, state, count(*) FROM job_run GROUP BY kind, state ORDER BY kind, state") { row in
            (row.text(0), JobState(rawValue: row.text(1)) ?? .givenUp, row.count(2))
        }
    }

    package static func count(_ state: JobState, in db: Reading) throws -> Int { Int(try db.count(SQL("SELECT count(*) FROM job_run WHERE \(stands(state))"))) }

    /// The state in the text of the statement: so the indexes of single states are found.
    private static func stands(_ state: JobState) -> SQL {
        switch state {
        case .waiting: "state = 'waiting'"
        case .working: "state = 'working'"
        case .done: "state = 'done'"
        case .failed: "state = 'failed'"
        case .givenUp: "state = 'givenUp'"
        }
    }

    /// Lets one be tried again at once, as often as at first. Refusals `job.missing`, `job.state`, `job.again`.
    package static func retry(_ id: Int64, in db: Writing) throws {
        guard let before = try line(id, in: db) else { throw missing }
        try before.checkRetry(now: db.now)
        let other = SQL("SELECT 1 FROM job_run o JOIN job_run r ON o.kind = r.kind AND o.job_key = r.job_key WHERE r.id = \(id) AND o.id <> r.id AND o.\(isOpen)")
        guard try db.first(other, { _ in true }) == nil else { throw Refusal("job.again", "同样的一件后台工作已经在排队或正在办，不必再试这一件；请放弃它。") }
        try db.run(SQL("UPDATE job_run SET state = 'waiting', attempts = 0, due_ms = \(db.now), changed_ms = \(db.now) WHERE id = \(id)"))
        db.hasEnqueued = true
        try note(id, before.kind, before.state, .waiting, in: db)
    }

    /// Nobody works on it any more; a server that has it in hand is refused when it ends. Whom `ended` tells was waiting for it.
    /// Refusals `job.missing`, `job.state`.
    package static func giveUp(_ id: Int64, telling ended: (EndedJob, Writing) throws -> Void, in db: Writing) throws {
        guard let before = try line(id, in: db) else { throw missing }
        try before.checkGivingUp()
        try db.run(SQL("UPDATE job_run SET state = 'givenUp', claim = claim + 1, why = \(db.act.why), beat = NULL, changed_ms = \(db.now) WHERE id = \(id)"))
        try note(id, before.kind, before.state, .givenUp, in: db)
        // Of one that failed they were told then.
        if before.state != .failed, let job = try Self.ended(id, why: db.act.why, isCrash: false, in: db) { try ended(job, db) }
    }

    package static let missing = Refusal("job.missing", "没有这件后台工作，或者它早已办完、记录已经清理。")

    private static func ended(_ id: Int64, why: String, isCrash: Bool, in db: Reading) throws -> EndedJob? {
        try db.first(SQL("SELECT kind, subject_id, asker FROM job_run WHERE id = \(id)")) { row in
            EndedJob(kind: row.text(0), subject: row.intOrNil(1), asker: row.int(2), why: why, isCrash: isCrash)
        }
    }

    // MARK: Progress

    /// How one stands that waits or is worked on under a key of a kind; nil where none does.
    package static func standing(_ kind: JobKind, key: String, in db: Reading) throws -> (id: Int64, progress: JobProgress)? {
        try db.first(SQL("SELECT \(lineColumns) WHERE kind = \(kind.key) AND job_key = \(key) AND \(isOpen)"), line).map { ($0.id, $0.progress) }
    }

    // MARK: Schedules

    /// Enqueues a kind where a moment of its schedule has come that nobody has seen to yet; only the latest of several that were missed.
    /// Moments from before it was first served do not count. Whether it did.
    static func enqueueDue(_ kind: JobKind, in db: Bookkeeping) throws -> Bool {
        guard let slot = kind.schedule?.slot(at: db.now) else { return false }
        let seen = try db.first(SQL("SELECT slot_ms FROM job_slot WHERE kind = \(kind.key)")) { $0.moment(0) }
        // A moment far ahead is that of a clock that ran ahead once: it does not stop the schedule until then.
        guard seen.map({ $0 < slot || $0 > db.now + 86_400_000 }) ?? true else { return false }
        try db.run(SQL("INSERT INTO job_slot (kind, slot_ms) VALUES (\(kind.key), \(slot)) ON CONFLICT (kind) DO UPDATE SET slot_ms = excluded.slot_ms"))
        // One that still waits, or is worked on, sees to this moment too.
        let key = "schedule", isOld = seen == nil && db.now - slot > 86_400_000
        guard !isOld, try db.first(SQL("SELECT 1 FROM job_run WHERE kind = \(kind.key) AND job_key = \(key) AND \(isOpen)"), { _ in true }) == nil else { return false }
        // One that has failed is begun again as the same: a schedule that keeps failing is one line that says how often.
        let failed = try db.first(SQL("SELECT id FROM job_run WHERE kind = \(kind.key) AND job_key = \(key) AND state = 'failed' ORDER BY id DESC LIMIT 1")) { $0.int(0) }
        if let failed {
            try db.run(SQL("""
                UPDATE job_run SET state = 'waiting', attempts = 0, due_ms = \(db.now), enqueued_ms = \(db.now), changed_ms = \(db.now) WHERE id = \(failed)
                """))
            return true
        }
        let place = try place(kind.lane, 0, in: db)
        try db.run(SQL("""
            INSERT INTO job_run (id, kind, job_key, lane, asker, place, state, due_ms, enqueued_ms, changed_ms)
            VALUES (\(db.nextID()), \(kind.key), \(key), \(kind.lane.rawValue), 0, \(place), 'waiting', \(db.now), \(db.now), \(db.now))
            """))
        return true
    }

    // MARK: Leaving

    /// Days for which what is done stays in the list, and what failed or was given up.
    package static let keptDays = 7, failedDays = 180
    private static let batch = 500

    private static func isOld(_ now: Int64) -> [SQL] {
        [
            SQL("state = 'done' AND changed_ms < \(now - Int64(keptDays) * 86_400_000)"),
            SQL("state = 'givenUp' AND changed_ms < \(now - Int64(failedDays) * 86_400_000)"),
            SQL("state = 'failed' AND changed_ms < \(now - Int64(failedDays) * 86_400_000)"),
        ]
    }

    /// Takes away some of those that ended long ago; how many.
    package static func purge(in db: Writing) throws -> Int {
        for which in isOld(db.now) {
            let count = try remove(which, in: db)
            if count > 0 { return count }
        }
        return 0
    }

    /// Whether `purge` would find some.
    package static func isPurgeDue(now: Int64, in db: Reading) throws -> Bool {
        try isOld(now).contains { which in try db.first(SQL("SELECT 1 FROM job_run WHERE \(which) LIMIT 1")) { _ in true } ?? false }
    }

    /// Takes away what is about somebody whose file is deleted: work on it, whoever has asked for it, and what these accounts have asked
    /// for and is over. What they have asked for and is not over loses what it was handed.
    package static func forget(about subjects: [Int64], askedBy accounts: [Int64], in db: Writing) throws {
        let theirs = SQL("asker IN (\(list: accounts))")
        while try remove(SQL("subject_id IN (\(list: subjects)) OR \(theirs) AND state IN ('done', 'failed', 'givenUp')"), in: db) == batch {}
        try db.run(SQL("UPDATE job SET payload_cipher = NULL WHERE payload_cipher IS NOT NULL AND \(theirs)"))
    }

    private static func remove(_ which: SQL, in db: Writing) throws -> Int {
        let ids = try db.rows(SQL("SELECT id FROM job_run WHERE \(which) ORDER BY id LIMIT \(batch)")) { $0.int(0) }
        guard !ids.isEmpty else { return 0 }
        try db.run(SQL("DELETE FROM job_run WHERE id IN (\(list: ids))"))
        try db.run(SQL("DELETE FROM job WHERE id IN (\(list: ids))"))
        return ids.count
    }

    /// What acts have sealed for pieces of work, under another data key.
    package static let rekeyed = RekeyedTable(
        "后台工作", columns: ["job.payload_cipher"], count: { try $0.count("SELECT count(*) FROM job WHERE payload_cipher IS NOT NULL") }
    ) { after, rekeying, db in
        let rows = try db.rows(SQL("SELECT id, kind, payload_cipher FROM job WHERE payload_cipher IS NOT NULL AND id > \(after) ORDER BY id LIMIT \(500)")) {
            ($0.int(0), $0.text(1), $0.blob(2))
        }
        guard let last = rows.last?.0 else { return nil }
        for (id, kind, cipher) in rows {
            guard let sealed = try rekeying.seal(cipher, context: context(id, kind), of: "job \(id)") else { continue }
            try db.run(SQL("UPDATE job SET payload_cipher = \(sealed) WHERE id = \(id)"))
        }
        return (last, rows.count)
    }
}
