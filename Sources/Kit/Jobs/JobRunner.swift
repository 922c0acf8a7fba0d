import Foundation
import ServiceLifecycle
import Synchronization

/// Works on what acts have left behind: one on each server, as many servers as there are.
///
/// A piece of work is taken in hand under a lease and a number. While it is worked on no transaction is open; its end is written only
/// where the number is still its own. Whoever dies leaves a lease that runs out.
package final class JobRunner: Service, Sendable {
    /// How it works; tests have less patience.
    package struct Setting: Sendable {
        /// Whoever has not prolonged its lease for so long is gone.
        package var leaseMilliseconds: Int64 = 60_000
        /// How often another server's work is looked for.
        package var pollMilliseconds = 1000
        /// How often progress is written down.
        package var tickMilliseconds = 2000
        package var atOnce: [JobLane: Int] = Dictionary(JobLane.allCases.map { ($0, $0.atOnce) }, uniquingKeysWith: { first, _ in first })
        /// Whether kinds fall due by themselves.
        package var hasSchedules = true

        package init() {}
    }

    private let database: Database
    private let numbers: PersonalNumbers
    private let works: [String: JobWork]
    private let setting: Setting
    /// What time it is for whoever works, milliseconds; leases and pauses go by the database's.
    private let now: @Sendable () -> Int64
    private let log: @Sendable (String) -> Void
    /// This process, and which of several in it.
    package let worker = "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)/\(Secrets.token().prefix(6))"

    private struct Hand {
        let claim: JobStore.Claim
        let lane: JobLane
        var job: JobAtWork?
        var task: Task<Void, Never>?
    }
    private let hands = Mutex<[Int64: Hand]>([:])

    package init(
        _ database: Database, _ numbers: PersonalNumbers, _ works: [JobWork], setting: Setting = Setting(), now: (@Sendable () -> Int64)? = nil,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.database = database
        self.numbers = numbers
        self.works = Dictionary(works.map { ($0.kind.key, $0) }, uniquingKeysWith: { first, _ in first })
        self.setting = setting
        self.now = now ?? { database.nowMilliseconds }
        self.log = log
    }

    /// Whether the process that a piece of work names is gone: after a crash nobody need wait for its lease. Of another machine
    /// nothing is known here.
    static func isGone(_ worker: String) -> Bool {
        let parts = worker.split(separator: "/")
        guard parts.count == 3, parts[0] == ProcessInfo.processInfo.hostName, let process = Int32(parts[1]) else { return false }
        return kill(process, 0) != 0 && errno == ESRCH
    }

    /// How far something has come that this server has in hand: as it is now, not as it was last written down.
    package func progress(of id: Int64) -> JobProgress? { hands.withLock { $0[id]?.job?.progress } }

    /// Works until the server stops; what is in hand then is given back.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepClaiming() }
                group.addTask { await self.keepLeases() }
            }
        }
        let left = hands.withLock { hands in
            defer { hands = [:] }
            return Array(hands.values)
        }
        guard !left.isEmpty else { return }
        let held = left.map { (id: $0.claim.id, claim: $0.claim.number) }
        await attempt { try await database.book { try JobStore.release(held, in: $0) } }
        for one in left { one.task?.cancel() }
    }

    /// Tells the log what went wrong: whoever works goes on.
    private func attempt(_ body: () async throws -> Void) async {
        do { try await body() } catch { log(JobFailure.sentence(error)) }
    }

    // MARK: Taking in hand

    private func keepClaiming() async {
        var isRung = true
        while !Task.isCancelled {
            let heard = database.bell.rings
            await attempt {
                // Where nothing was heard of, it is looked first: the right to write is everybody's.
                let now = database.nowMilliseconds
                if isRung { try await claim() } else if try await database.read({ try JobStore.isDue(now, isGone: Self.isGone, in: $0) }) { try await claim() }
            }
            await database.bell.wait(after: heard, milliseconds: setting.pollMilliseconds)
            isRung = database.bell.rings != heard
        }
    }

    private func claim() async throws {
        let held = hands.withLock { Array($0.values) }, spared = Set(held.map(\.claim.id))
        let free = setting.atOnce.map { lane, most in (lane: lane, count: most - held.count { $0.lane == lane }) }.filter { $0.count > 0 }
        let kinds = works.mapValues(\.kind), worker = worker, lease = setting.leaseMilliseconds
        let (claims, exhausted) = try await database.book { db in
            let exhausted = try JobStore.rescue(kinds, spared: spared, isGone: Self.isGone, in: db)
            let claims = try free.flatMap { lane, count in
                try JobStore.claim(
                    lane, kinds: kinds.values.filter { $0.lane == lane }.map(\.key).sorted(), upTo: count, worker: worker, leaseMilliseconds: lease, in: db)
            }
            return (claims, exhausted)
        }
        for claim in claims { begin(claim) }
        for claim in exhausted { await fail(claim, JobFailure.crash, isCrash: true) }
    }

    private func begin(_ claim: JobStore.Claim) {
        guard let work = works[claim.kind] else { return }
        hands.withLock { $0[claim.id] = Hand(claim: claim, lane: work.kind.lane) }
        // Whatever blocks or computes keeps none of the threads that answer requests.
        let task = Task(executorPreference: ElasticThreads.shared) { [self] in await perform(claim, work) }
        hands.withLock { $0[claim.id]?.task = task }
    }

    // MARK: Doing

    private func perform(_ claim: JobStore.Claim, _ work: JobWork) async {
        do {
            let payload = try await database.read { [numbers] in try JobStore.payload(of: claim, numbers, in: $0) }
            let job = JobAtWork(claim, work.kind, payload: payload, now: now())
            hands.withLock { $0[claim.id]?.job = job }
            try await work.work(job)
            try await end(job)
        } catch { await fell(claim, work.kind, error) }
        hands.withLock { hands in
            // Given back, it may be in hand again.
            if hands[claim.id]?.claim.number == claim.number { hands[claim.id] = nil }
        }
        database.bell.ring()
    }

    private func end(_ job: JobAtWork) async throws {
        let id = job.id, number = job.claim.number
        if job.mayBeFinished, try await !database.read({ try JobStore.isHeld(id, number, in: $0) }) { return }
        guard try await database.book({ try JobStore.finish(id, number, in: $0) }) else { throw JobFailure.lost }
    }

    private func fell(_ claim: JobStore.Claim, _ kind: JobKind, _ error: any Error) async {
        let why = JobFailure.sentence(error)
        log("\(kind.key)：\(why)")
        guard (error as? Refusal)?.name != JobFailure.lost.name else { return }
        guard claim.attempts < kind.attempts else { return await fail(claim, why, isCrash: false) }
        await attempt {
            try await database.book { db in
                if let due = kind.next(after: claim.attempts, now: db.now) { try JobStore.giveBack(claim, due: due, why: why, in: db) }
            }
        }
    }

    private func fail(_ claim: JobStore.Claim, _ why: String, isCrash: Bool) async {
        let ended = EndedJob(kind: claim.kind, subject: claim.subject, asker: claim.asker, why: why, isCrash: isCrash), tell = works[claim.kind]?.ended
        await attempt {
            try await database.write(Act(who: .system, origin: "", kind: "job.fail", why: why)) { db in
                try JobStore.fail(claim, why: why, in: db)
                try tell?(ended, db)
            }
        }
    }

    // MARK: Keeping

    /// Prolongs leases and writes progress down, and sees to the moments of schedules.
    private func keepLeases() async {
        var written: [Int64: JobProgress] = [:], renewed = database.nowMilliseconds, seen: [String: Int64] = [:]
        while !Task.isCancelled {
            await attempt { try await enqueueDue(&seen) }
            do { try await Task.sleep(for: .milliseconds(setting.tickMilliseconds)) } catch { return }
            let jobs = hands.withLock { $0.values.map { (id: $0.claim.id, claim: $0.claim.number, progress: $0.job?.progress ?? JobProgress(since: $0.claim.now)) } }
            let now = database.nowMilliseconds, isLate = now - renewed > setting.leaseMilliseconds / 3, lease = setting.leaseMilliseconds
            let due = jobs.filter { isLate || (written[$0.id] ?? JobProgress(since: $0.progress.since)) != $0.progress }
            if isLate { renewed = now }
            guard !due.isEmpty else { continue }
            await attempt { try await database.book { try JobStore.renew(due, leaseMilliseconds: lease, in: $0) } }
            written = Dictionary(jobs.map { ($0.id, $0.progress) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Asks the database about a moment once: whoever was first has enqueued the work.
    private func enqueueDue(_ seen: inout [String: Int64]) async throws {
        guard setting.hasSchedules else { return }
        for kind in works.values.map(\.kind) {
            guard let slot = kind.schedule?.slot(at: database.nowMilliseconds), seen[kind.key] != slot else { continue }
            if try await database.book({ try JobStore.enqueueDue(kind, in: $0) }) { database.bell.ring() }
            seen[kind.key] = slot
        }
    }
}
