import Foundation

/// A job for the writer. `@unchecked`: the closures are made by `Database` and run on the writer's thread only.
struct WriteJob: @unchecked Sendable {
    let act: Act
    /// Undone at the end in any case.
    let isRehearsal: Bool
    /// Runs the caller's closure and keeps its value; may run more than once.
    let body: (Writing) throws -> Void
    /// Called once, after the commit or when it is certain that nothing was saved.
    let answer: (_ error: (any Error)?) -> Void
}

/// The writer thread's work: jobs that wait together share one durable commit, each in a savepoint of its own.
final class Writer {
    private let address: Address
    private let now: @Sendable () -> Int64
    private let chain: ChainWriter
    private var connection: (any Connection)?
    /// Tries of a whole transaction; with the pauses between them about ten seconds.
    private let tries = 10

    init(address: Address, chain: ChainWriter, now: @escaping @Sendable () -> Int64) {
        self.address = address
        self.chain = chain
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

    /// One transaction with all the jobs. Returns each job's error after a commit, or when none was worth one.
    private func transaction(_ group: [WriteJob]) throws -> [(any Error)?] {
        let connection = try connection ?? address.connect(.writer)
        self.connection = connection
        var committing: (ids: [Int64], outcomes: [(any Error)?])?
        do {
            connection.failure = nil
            connection.vault = chain.vault
            var last = try connection.beginWriting()
            if group.contains(where: { !$0.isRehearsal }) { last = try chain.begin(connection, last: last, now: now) }
            var outcomes: [(any Error)?] = []
            var acts: [Int64] = []
            for job in group {
                do {
                    if let (act, end) = try perform(job, connection, last, isAlone: group.count == 1) {
                        acts.append(act)
                        last = end
                    }
                    outcomes.append(nil)
                } catch let setback as Setback {
                    throw setback
                } catch {
                    outcomes.append(error)
                }
            }
            if acts.isEmpty {
                connection.rollback()
            } else {
                committing = (acts, outcomes)
                try connection.commit(chain.ending, lastID: last)
                chain.committed()
            }
            return outcomes
        } catch Setback.abandoned(let error) where committing != nil && error is ConstraintBroken {
            // Whoever has taken the chain's next place by hand does not keep it: the next act opens another.
            chain.abandon()
            connection.rollback()
            throw Setback.abandoned(error)
        } catch Setback.commitUnknown(let reason) {
            drop()
            guard let committing else { throw Setback.lost(reason) }
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

    /// Runs one job; its act's id and the last id it gave out, or nil for a rehearsal and for what changed nothing.
    private func perform(_ job: WriteJob, _ connection: any Connection, _ last: Int64, isAlone: Bool) throws -> (Int64, Int64)? {
        if !isAlone { try connection.script("SAVEPOINT job") }
        do {
            let writing = try Writing(connection: connection, act: job.act, last: last, now: now(), marking: job.isRehearsal ? nil : chain.marking, guards: chain.guards)
            try job.body(writing)
            try writing.flush()
            if connection.failure == nil { try writing.mark() }
            // A statement's error that the closure swallowed still counts.
            if let failure = connection.failure { throw failure }
            if job.isRehearsal || job.act.needsChange && !writing.hasChanged {
                if !isAlone { try connection.script("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job") }
                return nil
            }
            if !isAlone { try connection.script("RELEASE SAVEPOINT job") }
            chain.add(writing)
            return (writing.actID, writing.last)
        } catch {
            if let setback = connection.failure as? Setback { throw setback }
            guard connection.isInTransaction else { throw Setback.abandoned(error) }
            connection.failure = nil
            if !isAlone { try connection.script("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job") }
            throw error
        }
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
