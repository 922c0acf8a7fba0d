import Foundation

/// A job for the writer. `@unchecked`: the closures are made by `Database` and run on the writer's thread only.
struct WriteJob: @unchecked Sendable {
    /// Runs the caller's closure and keeps its value; may run more than once.
    enum Body {
        case act(Act, (Writing) throws -> Void)
        case bookkeeping((Bookkeeping) throws -> Void)
    }

    let body: Body
    /// Whether it may leave an act.
    var isAct: Bool {
        if case .act = body { true } else { false }
    }
    /// Called once, after the commit or when it is certain that nothing was saved.
    let answer: (_ error: (any Error)?) -> Void
}

/// The writer thread's work: jobs that wait together share one durable commit, each in a savepoint of its own.
final class Writer {
    private let address: Address
    private let now: @Sendable () -> Int64
    private let chain: ChainWriter
    private var connection: (any Connection)?
    /// Whether the transaction has a savepoint open.
    private var hasSavepoint = false
    /// Rung after a commit that leaves work behind.
    private let bell: Bell
    /// Tries of a whole transaction; with the pauses between them about ten seconds.
    private let tries = 10

    init(address: Address, chain: ChainWriter, bell: Bell, now: @escaping @Sendable () -> Int64) {
        self.address = address
        self.chain = chain
        self.bell = bell
        self.now = now
    }

    func write(_ group: [WriteJob]) {
        var attempt = 0, isAgain = false
        while true {
            do {
                let outcomes = try transaction(group)
                for (job, error) in zip(group, outcomes) { job.answer(error) }
                return
            } catch Setback.abandoned where group.count > 1 {
                // One spoilt it for all: each alone gets its own answer.
                group.forEach { write([$0]) }
                return
            } catch Setback.abandoned(let error) where error is ConstraintBroken && !isAgain {
                isAgain = true
            } catch let setback as Setback {
                if case .abandoned(let error) = setback { return group.forEach { $0.answer(error) } }
                attempt += 1
                guard attempt < tries else { return group.forEach { $0.answer(setback.refusal) } }
                pause(attempt)
            } catch {
                return group.forEach { $0.answer(error) }
            }
        }
    }

    private func pause(_ attempt: Int) {
        Thread.sleep(forTimeInterval: min(2.5, 0.01 * Double(1 << attempt)) * Double.random(in: 0.75...1.25))
    }

    /// What one job has left in the transaction.
    private struct Done {
        /// Nil for bookkeeping.
        let act: Int64?
        /// The last id given out.
        let last: Int64
        let hasEnqueued: Bool
    }

    /// One transaction with all the jobs. Returns each job's error after a commit, or when none was worth one.
    private func transaction(_ group: [WriteJob]) throws -> [(any Error)?] {
        let connection = try connection ?? address.connect(.writer)
        self.connection = connection
        var committing: (ids: [Int64], outcomes: [(any Error)?])?
        hasSavepoint = false
        do {
            connection.failure = nil
            var last = try connection.beginWriting()
            // Bookkeeping alone touches no chain.
            let hasActs = group.contains(where: \.isAct)
            if hasActs { last = try chain.begin(connection, last: last, now: now) }
            var outcomes: [(any Error)?] = []
            var left: [Done] = []
            for job in group {
                do {
                    if let done = try perform(job, connection, last, isAlone: group.count == 1) {
                        left.append(done)
                        last = done.last
                    }
                    outcomes.append(nil)
                } catch let setback as Setback {
                    throw setback
                } catch {
                    outcomes.append(error)
                }
            }
            if left.isEmpty {
                connection.rollback()
            } else {
                committing = (left.compactMap(\.act), outcomes)
                try connection.commit(hasActs ? chain.ending : "", lastID: last)
                if hasActs { chain.committed() }
                if left.contains(where: \.hasEnqueued) { bell.ring() }
            }
            return outcomes
        } catch Setback.abandoned(let error) where committing != nil && error is ConstraintBroken {
            // Whoever has taken the chain's next place by hand does not keep it: the next act opens another.
            chain.abandon()
            connection.rollback()
            throw Setback.abandoned(error)
        } catch Setback.commitUnknown(let reason) {
            drop()
            // Bookkeeping alone is done again: what it finds done already it leaves.
            guard let committing, !committing.ids.isEmpty else { throw Setback.lost(reason) }
            do {
                if try wasCommitted(committing.ids, reason) {
                    chain.committed()
                    return committing.outcomes
                }
            } catch {
                chain.abandon()
                throw error
            }
            throw Setback.lost(reason)
        } catch {
            if case Setback.lost = error { drop() } else { connection.rollback() }
            throw error
        }
    }

    /// Runs one job in a savepoint of its own; nil for what changed nothing. The savepoint of a job that went well is let go with the
    /// next one's, or by the commit.
    private func perform(_ job: WriteJob, _ connection: any Connection, _ last: Int64, isAlone: Bool) throws -> Done? {
        if !isAlone {
            try connection.script(hasSavepoint ? "RELEASE SAVEPOINT job; SAVEPOINT job" : "SAVEPOINT job")
            hasSavepoint = true
        }
        do {
            let done = switch job.body {
            case .act(let act, let body): try write(act, body, connection, last)
            case .bookkeeping(let body): try book(body, connection, last)
            }
            if !isAlone, done == nil { try undo(connection) }
            return done
        } catch {
            if let setback = connection.failure as? Setback { throw setback }
            guard connection.isInTransaction else { throw Setback.abandoned(error) }
            connection.failure = nil
            if !isAlone { try undo(connection) }
            throw error
        }
    }

    private func undo(_ connection: any Connection) throws {
        try connection.script("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job")
        hasSavepoint = false
    }

    private func write(_ act: Act, _ body: (Writing) throws -> Void, _ connection: any Connection, _ last: Int64) throws -> Done? {
        let writing = try Writing(connection: connection, act: act, last: last, now: now(), vault: chain.vault, marking: chain.marking, guards: chain.guards)
        try body(writing)
        try writing.flush()
        if connection.failure == nil { try writing.mark() }
        // A statement's error that the closure swallowed still counts.
        if let failure = connection.failure { throw failure }
        guard writing.hasChanged || !act.needsChange else { return nil }
        chain.add(writing)
        return Done(act: writing.actID, last: writing.last, hasEnqueued: writing.hasEnqueued)
    }

    private func book(_ body: (Bookkeeping) throws -> Void, _ connection: any Connection, _ last: Int64) throws -> Done? {
        let booking = try Bookkeeping(connection: connection, last: last, now: now())
        try body(booking)
        if let failure = connection.failure { throw failure }
        return booking.hasChanged ? Done(act: nil, last: booking.last, hasEnqueued: false) : nil
    }

    /// Whether a commit whose answer never came has happened: the acts are there or not. Asking for the lock on
    /// `tail` first waits for the old session's end.
    private func wasCommitted(_ acts: [Int64], _ reason: String) throws -> Bool {
        for attempt in 1..<tries {
            do {
                let connection = try address.connect(.writer)
                self.connection = connection
                _ = try connection.beginWriting()
                let found = try Reading(connection: connection).count("SELECT count(*) FROM act WHERE id = \(acts[0])")
                connection.rollback()
                return found > 0
            } catch {
                drop()
                pause(attempt)
            }
        }
        throw Refusal.commitUnknown
    }

    func drop() {
        connection?.close()
        connection = nil
    }
}
