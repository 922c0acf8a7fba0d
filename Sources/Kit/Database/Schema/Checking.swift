/// How `yugong verify` reads: what stands in the database may be anybody's, and nothing of it may keep the check from telling the rest.
extension Reading {
    /// Runs the closure so that a value which is none of its column's kind reads as nothing instead of failing everything: the
    /// check of the shape has named it already.
    package func forgiving<T>(_ body: () throws -> T) rethrows -> T {
        let before = connection.manner
        connection.manner = .forgiving
        defer { connection.manner = before }
        return try body()
    }

    /// One part of a check. Where what it reads cannot be read, that is a finding, and the other parts go on; a lost connection and
    /// the like are thrown.
    package func part<T>(_ word: String, _ findings: inout [String], otherwise: T, _ body: () throws -> T) throws -> T {
        // PostgreSQL refuses everything after a statement that failed.
        let isMarked = engine == .postgres
        if isMarked { try connection.script("SAVEPOINT part") }
        do {
            let value = try body()
            if let failure = connection.failure { throw failure }
            if isMarked { try connection.script("RELEASE SAVEPOINT part") }
            return value
        } catch {
            guard let reason = Self.unreadable(connection.failure ?? error) else { throw error }
            connection.failure = nil
            if isMarked { try connection.script("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part") }
            findings.append("\(word)没有做完，读到了程序写不出来的内容：\(reason)")
            return otherwise
        }
    }

    /// What is said of an error that lies in the data; nil for one that does not.
    private static func unreadable(_ error: any Error) -> String? {
        switch error {
        case is Setback: nil
        case let fault as DatabaseFault: fault.message
        case let refusal as Refusal: ["database.corrupt", "database.unreadable", "act.image"].contains(refusal.name) ? refusal.sentence : nil
        default: "\(type(of: error))"
        }
    }
}
