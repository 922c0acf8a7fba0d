import Access
import Foundation
import Kit

/// Imports of the browser and their files; report, marks and file are enciphered here.
enum ImportJobStore {
    private static let partBytes = 1 << 20
    static let reportContext = "import_job.report"
    private static func marksContext(_ job: Int64) -> String { "import_marks \(job)" }
    static func fileContext(_ job: Int64, _ part: Int) -> String { "import_file \(job) \(part)" }
    private static let columns: SQL = "id, account_id, kind, file_name, state, effective_day, report_cipher, created_ms, act_id, undone_act_id, dismissed_ms"

    private static func read(_ row: Row, _ exchange: Exchange) throws -> ImportJob? {
        guard let kind = exchange.features.sheet(row.text(2)), let state = ImportJob.State(rawValue: row.text(4)) else { return nil }
        let report = try row.blobOrNil(6).map { cipher in
            try JSONDecoder().decode(ImportJob.Report.self, from: Data(try exchange.numbers.openBytes(cipher, context: reportContext)))
        }
        return ImportJob(
            id: row.int(0), accountID: row.int(1), kind: kind, fileName: row.text(3), state: state, effective: row.dayOrNil(5),
            report: report, createdMilliseconds: row.moment(7), actID: row.int(8), undoneActID: row.intOrNil(9), isDismissed: row.intOrNil(10) != nil)
    }

    /// A job, for whoever works on it.
    static func job(_ id: Int64, _ exchange: Exchange, from db: Reading) throws -> ImportJob? {
        try db.first(SQL("SELECT \(columns) FROM import_job WHERE id = \(id)")) { try read($0, exchange) } ?? nil
    }

    /// A job of this account; nil for one of another just as for none.
    static func job(_ id: Int64, of accountID: Int64, _ exchange: Exchange, from db: Reading) throws -> ImportJob? {
        try db.first(SQL("SELECT \(columns) FROM import_job WHERE id = \(id) AND account_id = \(accountID)")) { try read($0, exchange) } ?? nil
    }

    /// The latest jobs of an account, newest first.
    static func latest(of accountID: Int64, _ exchange: Exchange, from db: Reading) throws -> [ImportJob] {
        try db.rows(SQL("SELECT \(columns) FROM import_job WHERE account_id = \(accountID) ORDER BY id DESC LIMIT 30")) { try read($0, exchange) }
            .compactMap(\.self)
    }

    /// Jobs of the days whose file is kept that wait for their user, newest first.
    static func waiting(of accountID: Int64, now: Int64, from db: Reading) throws -> [ImportJob.Waiting] {
        let since = now - Int64(ImportJob.keptDays) * 86_400_000
        return try db.rows(SQL("""
            SELECT id, file_name, state FROM import_job WHERE account_id = \(accountID) AND created_ms > \(since) AND dismissed_ms IS NULL
            AND state IN ('judged', 'failed', 'interrupted') ORDER BY id DESC LIMIT 5
            """)) { row -> ImportJob.Waiting? in
            ImportJob.State(rawValue: row.text(2)).map { ImportJob.Waiting(id: row.int(0), fileName: row.text(1), state: $0) }
        }.compactMap(\.self)
    }

    static func add(
        kind: SheetKind, fileName: String, file: [UInt8], effective: Day?, accountID: Int64, _ numbers: PersonalNumbers, _ db: Writing
    ) throws -> Int64 {
        let id = db.nextID()
        try db.run("""
            INSERT INTO import_job (id, account_id, kind, file_name, state, effective_day, created_ms, changed_ms, act_id)
            VALUES (\(id), \(accountID), \(kind.key), \(fileName), \(ImportJob.State.judging.rawValue), \(effective),
                \(db.now), \(db.now), \(db.actID))
            """)
        for (part, start) in stride(from: 0, to: file.count, by: partBytes).enumerated() {
            let cipher = try numbers.sealBytes(file[start..<min(start + partBytes, file.count)], context: fileContext(id, part))
            try db.run("INSERT INTO import_file (job_id, part, cipher) VALUES (\(id), \(part), \(cipher))")
        }
        // What is no longer kept goes with the next that comes, and the oldest of one's own beyond so many.
        try forgetFiles(in: db)
        let many = SQL("SELECT id FROM import_job WHERE account_id = \(accountID) AND id <> \(id) AND state NOT IN ('judging', 'applying') ORDER BY id DESC LIMIT 1000 OFFSET \(ImportJob.mostKept - 1)")
        for table in ["import_file", "import_marks"] as [SQL] { try db.run(SQL("DELETE FROM \(table) WHERE job_id IN (SELECT id FROM (\(many)) AS older)")) }
        return id
    }

    /// Writes the file of a job to a path; false where it is no longer kept.
    static func writeFile(of id: Int64, to path: String, _ numbers: PersonalNumbers, from db: Reading) throws -> Bool {
        var bytes: [UInt8] = []
        var part = 0
        while let cipher = try db.first(SQL("SELECT cipher FROM import_file WHERE job_id = \(id) AND part = \(part)"), { $0.blob(0) }) {
            bytes += try numbers.openBytes(cipher, context: fileContext(id, part))
            part += 1
        }
        guard part > 0 else { return false }
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
            throw Refusal.cannotWrite(path)
        }
        return true
    }

    /// What is to be marked in a file, as it is kept; made before anything is written.
    static func sealed(_ marks: [ImportJob.Report.Note], of id: Int64, _ numbers: PersonalNumbers) throws -> [UInt8]? {
        marks.isEmpty ? nil : try numbers.sealBytes(try JSONEncoder().encode(marks), context: marksContext(id))
    }

    /// What is to be marked in the file of a job.
    static func marks(of job: ImportJob, _ numbers: PersonalNumbers, from db: Reading) throws -> [ImportReport.Note] {
        let cipher = try db.first(SQL("SELECT cipher FROM import_marks WHERE job_id = \(job.id)")) { $0.blob(0) }
        // What somebody has made unreadable marks nothing but what the report lists: `verify` names it.
        let marks = cipher.flatMap { try? JSONDecoder().decode([ImportJob.Report.Note].self, from: Data(numbers.openBytes($0, context: marksContext(job.id)))) }
        return (marks ?? job.report?.errors ?? []).map(\.asMarked)
    }

    /// Moves a job on; false where it no longer stands in one of `from`, so that of two clicks one counts. `marks` are as `sealed` gave them.
    @discardableResult
    static func move(
        _ id: Int64, from: Set<ImportJob.State>, to: ImportJob.State, report: ImportJob.Report? = nil, marks: [UInt8]? = nil, _ exchange: Exchange, _ db: Writing
    ) throws -> Bool {
        let cipher = try report.map { try exchange.numbers.sealBytes(try JSONEncoder().encode($0), context: reportContext) }
        let isMoved = try db.run("""
            UPDATE import_job SET state = \(to.rawValue), changed_ms = \(db.now), act_id = \(db.actID), report_cipher = COALESCE(\(cipher), report_cipher)
            WHERE id = \(id) AND state IN (\(list: from.map(\.rawValue).sorted()))
            """) == 1
        if isMoved, let marks {
            try db.run("INSERT INTO import_marks (job_id, cipher) VALUES (\(id), \(marks)) ON CONFLICT (job_id) DO UPDATE SET cipher = excluded.cipher")
        }
        // Whoever left the page is told the result.
        if isMoved, to != .applying, let job = try job(id, exchange, from: db) {
            try MessageStore.send(to: .account(job.accountID), kind: "import.\(to.rawValue)", "“\(job.fileName)”\(job.outcome)", link: job.link, in: db)
        }
        return isMoved
    }

    /// Marks an import as taken back by the present act. Refusal `import.undone` for one that was already, so that of two clicks one counts.
    static func markUndone(_ id: Int64, in db: Writing) throws {
        let done = ImportJob.State.done.rawValue
        guard try db.run("UPDATE import_job SET undone_act_id = \(db.actID), changed_ms = \(db.now) WHERE id = \(id) AND state = \(done) AND undone_act_id IS NULL") == 1 else {
            throw Refusal("import.undone", "这次导入已经撤回过；请刷新页面看现在的情况。")
        }
    }

    /// Its user has seen that it failed, or does not want it.
    static func dismiss(_ id: Int64, in db: Writing) throws {
        try db.run("UPDATE import_job SET dismissed_ms = \(db.now) WHERE id = \(id) AND dismissed_ms IS NULL AND state IN ('judged', 'failed', 'interrupted')")
    }

    /// Files and reports of the days that are over hold names of people that may be deleted since: both go.
    static func forgetOld(in db: Writing) throws {
        try forgetFiles(in: db)
        try db.run(SQL("UPDATE import_job SET report_cipher = NULL WHERE created_ms < \(db.now - Int64(ImportJob.keptDays) * 86_400_000)"))
    }

    private static func forgetFiles(in db: Writing) throws {
        let old = SQL("SELECT id FROM import_job WHERE created_ms < \(db.now - Int64(ImportJob.keptDays) * 86_400_000)")
        try db.run(SQL("DELETE FROM import_file WHERE job_id IN (\(old))"))
        try db.run(SQL("DELETE FROM import_marks WHERE job_id IN (\(old))"))
    }

    // MARK: Under another data key

    static let rekeyedReports = RekeyedTable(
        "导入的结果", columns: ["import_job.report_cipher"],
        count: { try $0.count("SELECT count(*) FROM import_job WHERE report_cipher IS NOT NULL") }
    ) { after, rekeying, db in
        // A report may be large: few at a time.
        let rows = try db.rows(
            SQL("SELECT id, report_cipher FROM import_job WHERE report_cipher IS NOT NULL AND id > \(after) ORDER BY id LIMIT \(20)")) { ($0.int(0), $0.blob(1)) }
        guard let last = rows.last?.0 else { return nil }
        for (id, cipher) in rows {
            guard let sealed = try rekeying.seal(cipher, context: reportContext, of: "import_job \(id)") else { continue }
            try db.run(SQL("UPDATE import_job SET report_cipher = \(sealed) WHERE id = \(id)"))
        }
        return (last, rows.count)
    }

    static let rekeyedMarks = RekeyedTable(
        "导入表的标注", columns: ["import_marks.cipher"], count: { try $0.count("SELECT count(*) FROM import_marks") }
    ) { after, rekeying, db in
        let rows = try db.rows(SQL("SELECT job_id, cipher FROM import_marks WHERE job_id > \(after) ORDER BY job_id LIMIT \(20)")) { ($0.int(0), $0.blob(1)) }
        guard let last = rows.last?.0 else { return nil }
        for (id, cipher) in rows {
            guard let sealed = try rekeying.seal(cipher, context: marksContext(id), of: "import_marks \(id)") else { continue }
            try db.run(SQL("UPDATE import_marks SET cipher = \(sealed) WHERE job_id = \(id)"))
        }
        return (last, rows.count)
    }

    static let rekeyedFiles = RekeyedTable(
        "待导入的文件", columns: ["import_file.cipher"], count: { try $0.count("SELECT count(DISTINCT job_id) FROM import_file") }
    ) { after, rekeying, db in
        guard let id = try db.first(SQL("SELECT job_id FROM import_file WHERE job_id > \(after) ORDER BY job_id LIMIT 1"), { $0.int(0) }) else { return nil }
        for part in try db.rows(SQL("SELECT part FROM import_file WHERE job_id = \(id) ORDER BY part"), { Int($0.int(0)) }) {
            let cipher = try db.first(SQL("SELECT cipher FROM import_file WHERE job_id = \(id) AND part = \(part)")) { $0.blob(0) } ?? []
            guard let sealed = try rekeying.seal(cipher, context: fileContext(id, part), of: "import_file \(id)") else { continue }
            try db.run(SQL("UPDATE import_file SET cipher = \(sealed) WHERE job_id = \(id) AND part = \(part)"))
        }
        return (id, 1)
    }
}
