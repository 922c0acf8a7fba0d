import Access
import Foundation
import Kit
import Register

/// Works on imports on threads of its own: leaving the page does not stop them, and waiting for them blocks nobody.
///
/// `@unchecked`: `progress` is touched only under `lock`.
final class ImportRunner: @unchecked Sendable {
    let exchange: Exchange
    private let queue = WorkLine(atOnce: 2)
    private let lock = NSLock()
    private var progress: [Int64: Progress] = [:]
    /// What waits of an account beside its work in the queue: of each only one stands there, so that accounts take turns.
    private var waiting: [Int64: FIFO<@Sendable () -> Void>] = [:]

    private static let mostWaiting = 5

    /// Rows done of those there are, and since when.
    struct Progress: Sendable {
        var done = 0, total: Int?
        let since: Int64
    }

    init(_ exchange: Exchange) {
        self.exchange = exchange
        // An import that its server did not survive is said to be so by the next start on the same machine.
        queue.add { [self] in try? releaseAbandoned() }
    }

    /// This process, as jobs name it.
    static let name = "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)"

    /// Whether the process that a job names is gone. Of another machine nothing is known here.
    static func isGone(_ runner: String) -> Bool {
        let parts = runner.split(separator: "/")
        guard parts.count == 2, parts[0] == ProcessInfo.processInfo.hostName, let process = Int32(parts[1]) else { return false }
        return kill(process, 0) != 0 && errno == ESRCH
    }

    func releaseAbandoned() throws {
        let abandoned = try exchange.database.readNow { try ImportJobStore.atWork(from: $0) }.filter { Self.isGone($0.runner) }
        for job in abandoned {
            try exchange.database.writeNow(Act(who: .system, origin: "", kind: "import.interrupted", why: "处理这份文件的服务中途停止")) { [exchange] db in
                _ = try ImportJobStore.move(job.id, from: job.state, to: .interrupted, runner: Self.name, exchange, db)
            }
        }
    }

    /// Works on something beside the jobs, in line with them. Refusal `import.busy` where much of this account waits already.
    func inLine(of account: Int64, _ work: @escaping @Sendable () throws -> Void) async throws {
        guard lock.withLock({ waiting[account]?.count ?? 0 }) < Self.mostWaiting else {
            throw Refusal("import.busy", "您的几份文件还在排队处理，这一份没有做；请过一分钟再试。")
        }
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            enqueue(of: account) { done.resume(with: Result { try work() }) }
        }
    }

    private func enqueue(of account: Int64, _ work: @escaping @Sendable () -> Void) {
        let isFirst = lock.withLock {
            let isFirst = waiting[account] == nil
            if isFirst { waiting[account] = FIFO() } else { waiting[account]?.append(work) }
            return isFirst
        }
        if isFirst { add(of: account, work) }
    }

    private func add(of account: Int64, _ work: @escaping @Sendable () -> Void) {
        queue.add { [self] in
            work()
            let next = lock.withLock {
                let next = waiting[account]?.popFirst()
                if next == nil { waiting[account] = nil }
                return next
            }
            if let next { add(of: account, next) }
        }
    }

    func progress(of id: Int64) -> Progress? { lock.withLock { progress[id] } }

    /// Begins to judge a job that was just added.
    func judge(_ id: Int64, kind: SheetKind, effective: Day?, reach: ImportReach, today: Day) {
        work(on: id, of: reach.account ?? 0, from: .judging) { [self] path, options in
            var options = options
            options.effective = effective
            let file = try exchange.read(kind, file: path, today: today, options: options, reach: reach)
            let report = try exchange.database.readNow { [exchange, options] in try exchange.judge(file, options: options, reach: reach, in: $0) }
            var kept = ImportJob.Report(report, header: file.header)
            try kept.name { try exchange.names(onRows: $0, of: file) }
            try finish(id, from: .judging, to: .judged, kept)
        }
    }

    /// Begins to take in a job that was moved to `applying`; its end stands in the same transaction as what it wrote.
    func apply(_ job: ImportJob, partial: Bool, reach: ImportReach, today: Day, by act: Act) {
        work(on: job.id, of: job.accountID, from: .applying) { [self] path, options in
            var options = options
            options.partial = partial
            options.effective = job.effective
            let file = try exchange.read(job.kind, file: path, today: today, options: options, reach: reach)
            let report = try exchange.apply(file, options: options, reach: reach, by: act, first: { try Self.requireRights(reach, today, in: $0) }) { [exchange] report, db in
                var kept = ImportJob.Report(report, header: file.header)
                try kept.name { try exchange.names(onRows: $0, of: file) }
                try ImportJobStore.move(job.id, from: .applying, to: .done, report: kept, runner: Self.name, exchange, db)
            }
            // The roster may have changed since the file was judged: then it is judged anew and nothing went in.
            if !report.applied || report.new + report.changed == 0 {
                try finish(job.id, from: .applying, to: report.applied ? .done : .judged, ImportJob.Report(report, header: file.header))
            }
        }
    }

    /// The units that somebody keeps the people of, those included that are no more or not yet.
    static func units(kept scope: Scope, in db: Reading) throws -> Set<Int64> {
        scope.organizationIDs(for: .keeping).union(ScopeOverTime(scope).absentUnits(for: .keeping))
    }

    /// A file may have waited long in line: whoever confirmed it must still be let in, and still keep all that was kept then.
    /// Refusal `import.rightsLost`.
    private static func requireRights(_ reach: ImportReach, _ today: Day, in db: Reading) throws {
        guard let units = reach.units, let id = reach.account else { return }
        let tree = try OrganizationStore.tree(on: today, in: db)
        guard let account = try AccountStore.account(id, in: db), account.state == .active,
            try units.isSubset(of: Self.units(kept: Scope(grants: GrantStore.grants(of: id, in: db), tree: tree), in: db))
        else {
            throw Refusal("import.rightsLost", "确认导入以后，这个账号已被锁定、停用，或者它管理的单位有变，没有导入任何内容；需要导入的，请由现在管理这些单位的人重新上传。")
        }
    }

    private func work(on id: Int64, of account: Int64, from state: ImportJob.State, _ body: @escaping @Sendable (String, ImportOptions) throws -> Void) {
        lock.withLock { progress[id] = Progress(since: Clock.nowMilliseconds) }
        enqueue(of: account) { [self] in
            defer { lock.withLock { progress[id] = nil } }
            let path = Scratch.path("import")
            defer { try? FileManager.default.removeItem(atPath: path) }
            do {
                guard try exchange.database.readNow({ [exchange] in try ImportJobStore.writeFile(of: id, to: path, exchange.numbers, from: $0) }) else {
                    throw Refusal("import.fileGone", "文件已超过 \(ImportJob.keptDays) 天，不再保存；请重新上传。")
                }
                try body(path, ImportOptions { [self] done, total in
                    lock.withLock {
                        progress[id]?.done = done
                        progress[id]?.total = total
                    }
                })
            } catch {
                let sentence = (error as? Refusal)?.sentence ?? "处理这份文件时程序出错，没有导入任何内容；请重新上传，仍然出错时请把文件交给软件维护人员。"
                try? finish(id, from: state, to: .failed, ImportJob.Report(refusal: sentence))
            }
        }
    }

    private func finish(_ id: Int64, from: ImportJob.State, to: ImportJob.State, _ report: ImportJob.Report) throws {
        try exchange.database.writeNow(Act(who: .system, origin: "", kind: "import.\(to.rawValue)", why: "")) { [exchange] db in
            _ = try ImportJobStore.move(id, from: from, to: to, report: report, runner: Self.name, exchange, db)
        }
    }
}
