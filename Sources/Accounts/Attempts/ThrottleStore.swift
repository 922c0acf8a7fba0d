import Kit

/// Failed attempts in a row, by what they are counted for.
enum ThrottleStore {
    /// Counts an attempt as failed before what was typed is looked at, so that many at once do not slip through; what is
    /// right takes the count back. Refusal `signIn.wait`.
    static func count(_ counters: [Throttle.Counter], in db: Writing) throws {
        _ = try db.run(SQL("DELETE FROM sign_in_attempt WHERE last_ms < \(db.now - Throttle.memory)"))
        for counter in counters {
            let before = try db.first(SQL("SELECT failures, last_ms FROM sign_in_attempt WHERE subject = \(counter.fingerprint)")) { ($0.count(0), $0.moment(1)) }
            let wait = before.map { Throttle.wait(counter.kind, failures: $0.0, last: $0.1, now: db.now) } ?? 0
            guard wait == 0 else { throw Throttle.refusal(counter.kind, wait) }
            _ = try db.run(SQL("""
                INSERT INTO sign_in_attempt (subject, failures, last_ms) VALUES (\(counter.fingerprint), 1, \(db.now))
                ON CONFLICT (subject) DO UPDATE SET failures = sign_in_attempt.failures + 1, last_ms = \(db.now)
                """))
        }
    }

    static func forget(_ counters: [Throttle.Counter], in db: Writing) throws {
        for counter in counters { _ = try db.run(SQL("DELETE FROM sign_in_attempt WHERE subject = \(counter.fingerprint)")) }
    }
}
