import Access
import Approvals
import Foundation
import Kit
import Register

/// Imports at work: judged, and taken in. Leaving the page does not stop them, and a server that stops does not lose them.
enum ImportWork {
    static let judging = JobKind("import.judge", "检查待导入的文件", lane: .large, pauses: [1, 10, 60, 600])
    static let applying = JobKind("import.apply", "导入文件", lane: .large, pauses: [1, 10, 60, 600])

    static let jobs = [
        FeatureJob(judging, ended: ended) { house, job in try judge(Exchange(house), job) },
        FeatureJob(applying, ended: ended) { house, job in try apply(Exchange(house), job) },
    ]

    /// What whoever confirms an import hands on: as whom, and what was theirs to keep at that moment.
    struct Confirmed: Codable, Sendable {
        let partial: Bool
        let name: String, origin: String
        let units: Set<Int64>
    }

    /// Enqueues the judging of a file, in the act that uploads it.
    static func enqueueJudging(_ id: Int64, in db: Writing) throws { try JobStore.add(judging, JobStore.New(about: id, key: "\(id)"), in: db) }

    /// Enqueues taking in, in the act that confirms it.
    static func enqueueApplying(_ id: Int64, _ confirmed: Confirmed, _ numbers: PersonalNumbers, in db: Writing) throws {
        try JobStore.add(applying, JobStore.New(about: id, key: "\(id)", JobPayload(confirmed, numbers)), in: db)
    }

    /// How far an import has come; nil for one that is not at work.
    static func progress(of job: ImportJob, _ runner: JobRunner, in db: Reading) throws -> JobProgress? {
        guard let kind = job.state == .judging ? judging : job.state == .applying ? applying : nil,
            let standing = try JobStore.standing(kind, key: "\(job.id)", in: db)
        else { return nil }
        return runner.progress(of: standing.id) ?? standing.progress
    }

    // MARK: Judging

    static func judge(_ exchange: Exchange, _ work: JobAtWork) throws {
        try handle(exchange, work, from: .judging) { job, path, options in
            let today = Clock.day(ofMilliseconds: work.now)
            guard let reach = try exchange.database.readNow({ try Self.reach(of: job.accountID, on: today, in: $0) }) else {
                throw Refusal("import.rightsLost", "上传以后，这个账号已被锁定或停用，没有检查这份文件；需要导入的，请由现在管理这些单位的人重新上传。")
            }
            let file = try exchange.read(job.kind, file: path, today: today, options: options, reach: reach)
            let report = try exchange.database.readNow { [options] in try exchange.judge(file, options: options, reach: reach, in: $0) }
            try end(job, work, as: .judged, report, of: file, exchange)
        }
    }

    // MARK: Taking in

    static func apply(_ exchange: Exchange, _ work: JobAtWork) throws {
        try handle(exchange, work, from: .applying) { job, path, options in
            let confirmed = try work.content(Confirmed.self), today = Clock.day(ofMilliseconds: work.now)
            guard let reach = try exchange.database.readNow({ try Self.reach(of: job.accountID, on: today, in: $0) }) else { throw rightsLost }
            // What was gained since is not what was confirmed.
            let bounded = ImportReach(units: reach.units.map(confirmed.units.intersection) ?? confirmed.units, account: reach.account, whomToAsk: reach.whomToAsk)
            var options = options
            options.partial = confirmed.partial
            let file = try exchange.read(job.kind, file: path, today: today, options: options, reach: bounded)
            let act = Act(who: .account(job.accountID, confirmed.name), origin: confirmed.origin, kind: "import.\(job.kind.key)", why: job.fileName)
            // The end stands in the same transaction as what is written. The file is not read there: names are those of the rows judged wrong.
            let report = try exchange.apply(file, options: options, reach: bounded, by: act, first: { db in
                try work.requireHeld(in: db)
                try requireRights(job.accountID, confirmed.units, today, in: db)
            }, also: { report, db in
                var kept = ImportJob.Report(report, header: file.header)
                kept.name(as: job.report)
                try ImportJobStore.move(job.id, from: [.applying, .interrupted, .failed], to: .done, report: kept, exchange, db)
                try work.finish(in: db)
            })
            // The roster may have changed since the file was judged: then it is judged anew and nothing went in.
            if !report.applied || report.new + report.changed == 0 { try end(job, work, as: report.applied ? .done : .judged, report, of: file, exchange) }
        }
    }

    /// The units that somebody keeps the people of, those included that are no more or not yet.
    static func units(kept scope: Scope, in db: Reading) throws -> Set<Int64> {
        scope.organizationIDs(for: .keeping).union(ScopeOverTime(scope).absentUnits(for: .keeping))
    }

    private static let rightsLost = Refusal(
        "import.rightsLost", "确认导入以后，这个账号已被锁定、停用，或者它管理的单位有变，没有导入任何内容；需要导入的，请由现在管理这些单位的人重新上传。")

    /// What an account may keep on a day; nil for one that is not in use.
    private static func scope(of account: Int64, on today: Day, in db: Reading) throws -> Scope? {
        guard let account = try AccountStore.account(account, in: db), account.state == .active else { return nil }
        return Scope(grants: try GrantStore.grants(of: account.id, in: db), tree: try OrganizationStore.tree(on: today, in: db))
    }

    /// The same, and whom it can ask about what lies outside.
    private static func reach(of account: Int64, on today: Day, in db: Reading) throws -> ImportReach? {
        guard let scope = try scope(of: account, on: today, in: db) else { return nil }
        let own = scope.topUnits(for: .keeping).first?.id, superiors = try Superiors(scope.tree, in: db)
        return ImportReach(units: try units(kept: scope, in: db), account: account) { unit in own.flatMap { superiors.officer(above: $0, and: unit) } }
    }

    /// A file may have waited long in line: whoever confirmed it must still be let in, and still keep all that was kept then.
    /// Refusal `import.rightsLost`.
    private static func requireRights(_ account: Int64, _ units: Set<Int64>, _ today: Day, in db: Reading) throws {
        guard let scope = try scope(of: account, on: today, in: db), try units.isSubset(of: Self.units(kept: scope, in: db)) else { throw rightsLost }
    }

    // MARK: Both

    /// Lends the file of an import to the closure. What is refused ends the import with its sentence; what is nobody's fault
    /// is tried again.
    static func handle(_ exchange: Exchange, _ work: JobAtWork, from state: ImportJob.State, _ body: (ImportJob, String, ImportOptions) throws -> Void) throws {
        guard let id = work.subject, let job = try exchange.database.readNow({ try ImportJobStore.job(id, exchange, from: $0) }),
            [state, .interrupted, .failed].contains(job.state)
        else { return }
        let path = Scratch.path("import")
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            guard try exchange.database.readNow({ try ImportJobStore.writeFile(of: id, to: path, exchange.numbers, from: $0) }) else {
                throw Refusal("import.fileGone", "文件已超过 \(ImportJob.keptDays) 天，不再保存；请重新上传。")
            }
            try body(job, path, ImportOptions(effective: job.effective) { work.note(done: $0, total: $1) })
        } catch let refusal as Refusal where !JobFailure.isPassing(refusal) {
            try end(job, work, as: .failed, ImportJob.Report(refusal: refusal.sentence), [], exchange)
        }
    }

    private static func end(_ job: ImportJob, _ work: JobAtWork, as state: ImportJob.State, _ report: ImportReport, of file: Exchange.File, _ exchange: Exchange) throws {
        var kept = ImportJob.Report(report, header: file.header)
        try kept.name { try exchange.names(onRows: $0, of: file) }
        try end(job, work, as: state, kept, ImportJob.Report.marks(report), exchange)
    }

    private static func end(
        _ job: ImportJob, _ work: JobAtWork, as state: ImportJob.State, _ report: ImportJob.Report, _ marks: [ImportJob.Report.Note], _ exchange: Exchange
    ) throws {
        let sealed = try ImportJobStore.sealed(marks, of: job.id, exchange.numbers)
        try exchange.database.writeNow(Act(who: .system, origin: "", kind: "import.\(state.rawValue)", why: "")) { db in
            try work.finish(in: db)
            try ImportJobStore.move(job.id, from: [job.state], to: state, report: report, marks: sealed, exchange, db)
        }
    }

    /// An import that nobody works on any more is said to be so.
    private static func ended(_ house: House, _ job: EndedJob, _ db: Writing) throws {
        guard let id = job.subject else { return }
        let sentence = "处理这份文件时程序出错或已被系统管理员停止，没有导入任何内容；请重新上传，仍然如此时请告诉系统管理员。"
        try ImportJobStore.move(
            id, from: [.judging, .applying], to: job.isCrash ? .interrupted : .failed, report: job.isCrash ? nil : ImportJob.Report(refusal: sentence), Exchange(house), db)
    }
}
