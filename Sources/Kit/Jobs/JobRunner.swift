import Foundation
import ServiceLifecycle
import Synchronization

/// Works on what acts have left behind: one on each server, as many servers as there are.
///
/// A piece of work is taken in hand under a number. While it is worked on no transaction is open; its end is written only where the
/// number is still its own. Whoever dies shows no signs of life, and others take over.
package final class JobRunner: Service, Sendable {
    /// How it works; tests have less patience.
    package struct Setting: Sendable {
        /// How often another server's work is looked for.
        package var pollMilliseconds = 1000
        /// How often signs of life and progress are written down, and those of others looked at.
        package var tickMilliseconds = 1000
        /// Looks after which one that shows no sign of life is gone, and one whose process is known to be gone.
        package var patience = 20, patienceWithAbsent = 3
        package var atOnce: [JobLane: Int] = Dictionary(JobLane.allCases.map { ($0, $0.atOnce) }, uniquingKeysWith: { first, _ in first })
        /// Whether kinds fall due by themselves.
        package var hasSchedules = true

        package init() {}
    }

    private let database: Database
    private let numbers: PersonalNumbers
    private let works: [String: JobWork]
    /// Their keys by lane.
    private let kinds: [JobLane: [String]]
    private let setting: Setting
    /// What time it is for whoever works, milliseconds; pauses go by the database's.
    private let now: @Sendable () -> Int64
    private let log: @Sendable (String) -> Void
    /// For whoever reads it machine and process, which decide nothing; then the presence, and which of several in it.
    package let worker: String

    private struct Hand {
        let claim: JobStore.Claim
        let lane: JobLane
        var job: JobAtWork?
        var task: Task<Void, Never>?
        /// Done, and its end is to be written unless the act that was its effect has.
        var isOver = false

        var held: (id: Int64, claim: Int64) { (claim.id, claim.number) }
    }
    private let hands = Mutex<[Int64: Hand]>([:])

    package init(
        _ database: Database, _ numbers: PersonalNumbers, _ works: [JobWork], setting: Setting = Setting(), now: (@Sendable () -> Int64)? = nil,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.database = database
        self.numbers = numbers
        self.works = Dictionary(works.map { ($0.kind.key, $0) }, uniquingKeysWith: { first, _ in first })
        kinds = Dictionary(grouping: self.works.values.map(\.kind), by: \.lane).mapValues { $0.map(\.key).sorted() }
        self.setting = setting
        self.now = now ?? { database.nowMilliseconds }
        self.log = log
        let process = ProcessInfo.processInfo
        worker = "\(process.hostName)/\(process.processIdentifier)/\(database.presence)/\(Secrets.token().prefix(6))"
    }

    /// Whether a worker's process seems to be there still; true where that cannot be told.
    static func isPresent(_ worker: String, _ database: Database, in db: Reading) throws -> Bool {
        let parts = worker.split(separator: "/")
        guard parts.count == 4, let presence = Int64(parts[2]) else { return true }
        return try database.isPresent(presence, in: db)
    }

    /// How far something has come that this server has in hand: as it is now, not as it was last written down.
    package func progress(of id: Int64) -> JobProgress? { hands.withLock { $0[id]?.job?.progress } }

    /// Works until the server stops; what is in hand then is given back.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepClaiming() }
                group.addTask { await self.keepBeating() }
            }
        }
        let left = hands.withLock { hands in
            defer { hands = [:] }
            return Array(hands.values)
        }
        guard !left.isEmpty else { return }
        let over = left.filter(\.isOver).map(\.held), held = left.filter { !$0.isOver }.map(\.held)
        await attempt {
            try await database.book { db in
                _ = try JobStore.finish(over, in: db)
                try JobStore.release(held, in: db)
            }
        }
        for one in left { one.task?.cancel() }
    }

    /// Tells the log what went wrong: whoever works goes on.
    private func attempt(_ body: () async throws -> Void) async {
        do { try await body() } catch { log(JobFailure.line(error)) }
    }

    // MARK: Taking in hand

    private func keepClaiming() async {
        var isRung = true
        while !Task.isCancelled {
            let heard = database.bell.rings
            await attempt {
                // Where nothing was heard of, it is looked first: the right to write is everybody's.
                let now = database.nowMilliseconds, owesEnds = hands.withLock { $0.values.contains(where: \.isOver) }
                if isRung || owesEnds { try await claim() } else if try await database.read({ try JobStore.isDue(now, in: $0) }) { try await claim() }
            }
            await database.bell.wait(after: heard, milliseconds: setting.pollMilliseconds)
            isRung = database.bell.rings != heard
        }
    }

    /// Writes down what is over, and takes as many as there is room for.
    private func claim() async throws {
        let all = hands.withLock { Array($0.values) }, over = all.filter(\.isOver), held = all.filter { !$0.isOver }
        let free = setting.atOnce.map { lane, most in (lane: lane, count: most - held.count { $0.lane == lane }) }.filter { $0.count > 0 }
        guard !over.isEmpty || !free.isEmpty else { return }
        let worker = worker, hasSuspect = held.contains(where: \.claim.isSuspect)
        let (finished, claims) = try await database.book { [kinds] db in
            let finished = try JobStore.finish(over.map(\.held), in: db)
            var claims: [JobStore.Claim] = []
            for (lane, count) in free {
                // One suspect at a time: if the process ends, it is known by which.
                let suspects = hasSuspect || claims.contains(where: \.isSuspect) ? 0 : 1
                claims += try JobStore.claim(lane, kinds: kinds[lane] ?? [], upTo: count, worker: worker, suspects: suspects, in: db)
            }
            return (finished, claims)
        }
        for hand in over {
            let id = hand.claim.id
            hands.withLock { if $0[id]?.claim.number == hand.claim.number { $0[id] = nil } }
            if hand.job?.mayBeFinished == false, !finished.contains(id) { log("\(hand.claim.kind) \(id)：\(JobFailure.lost.sentence)") }
        }
        for claim in claims { begin(claim) }
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
        var isOver = false
        do {
            let job = JobAtWork(claim, work.kind, payload: try JobStore.payload(of: claim, numbers), now: now())
            hands.withLock { $0[claim.id]?.job = job }
            try await work.work(job)
            // Whoever takes the next in hand writes its end down too, with those of others.
            isOver = true
        } catch { await fell(claim, work.kind, error) }
        hands.withLock { hands in
            // Given back, it may be in hand again.
            guard hands[claim.id]?.claim.number == claim.number else { return }
            if isOver { hands[claim.id]?.isOver = true } else { hands[claim.id] = nil }
        }
        database.bell.ring()
    }

    private func fell(_ claim: JobStore.Claim, _ kind: JobKind, _ error: any Error) async {
        let why = JobFailure.sentence(error)
        log("\(kind.key) \(claim.id)：\(JobFailure.line(error))")
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

    /// Shows signs of life and writes progress down, looks for those of others, and sees to the moments of schedules.
    private func keepBeating() async {
        var written: [Int64: JobProgress] = [:], seen: [String: Int64] = [:]
        var watch = JobWatch(patience: setting.patience, patienceWithAbsent: setting.patienceWithAbsent)
        while !Task.isCancelled {
            await attempt { try await enqueueDue(&seen) }
            do { try await Task.sleep(for: .milliseconds(setting.tickMilliseconds)) } catch { return }
            await attempt { try await beat(&written, &watch) }
        }
    }

    private func beat(_ written: inout [Int64: JobProgress], _ watch: inout JobWatch) async throws {
        let jobs = hands.withLock { $0.values.map { (id: $0.claim.id, claim: $0.claim.number, progress: $0.job?.progress ?? JobProgress(since: $0.claim.now)) } }
        let own = Set(jobs.map(\.id)), before = watch, moved = jobs.filter { (written[$0.id] ?? JobProgress(since: $0.progress.since)) != $0.progress }
        // The right to write is everybody's: it is taken where somebody has something in hand.
        if own.isEmpty, try await database.read({ try JobStore.inHand(besides: [], in: $0).isEmpty }) { return watch.forget() }
        let works = works.mapValues(\.kind)
        let (after, isTakenBack, exhausted) = try await database.book { [database] db in
            var watch = before
            try JobStore.beat(own.sorted(), progress: moved, in: db)
            let gone = try watch.look(JobStore.inHand(besides: own, in: db)) { try Self.isPresent($0, database, in: db) }
            return (watch, !gone.isEmpty, try gone.flatMap { try JobStore.takeBack($0, works, in: db) })
        }
        watch = after
        written = Dictionary(jobs.map { ($0.id, $0.progress) }, uniquingKeysWith: { first, _ in first })
        for claim in exhausted { await fail(claim, JobFailure.crash, isCrash: true) }
        if isTakenBack { database.bell.ring() }
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
