/// Joins a database with the key of its personal data.
package enum DataKeyStore {
    /// What to do about the key when a database is opened.
    enum Step: Equatable {
        case use
        /// The first opening: the database learns its key.
        case remember
        case make
        case refuseMissing
        case refuseForeign
    }

    /// Decides from what is there. `hasPeople`: the database holds personal numbers already.
    static func step(known: [UInt8]?, given: [UInt8]?, hasPeople: Bool) -> Step {
        switch (known, given) {
        case (let known?, let given?): known == given ? .use : .refuseForeign
        case (_?, nil): .refuseMissing
        case (nil, _?): .remember
        case (nil, nil): hasPeople ? .refuseMissing : .make
        }
    }

    /// Opens the personal numbers of a migrated database: makes the key where the database has none yet, refuses a
    /// missing or foreign one. From then on acts are chained.
    /// Refusals `key.missing`, `key.foreign`, `key.unreadable`, `key.unwritable`.
    package static func open(_ database: Database, _ file: KeyFile) throws -> PersonalNumbers {
        let key = try file.read()
        let (known, hasPeople) = try database.readNow { db in
            (
                try db.first(SQL("SELECT check_value FROM data_key WHERE one = 1")) { $0.blob(0) },
                try db.first(SQL("SELECT id FROM person LIMIT 1")) { $0.int(0) } != nil
            )
        }
        let given = key.map { PersonalNumbers(key: $0) }
        switch step(known: known, given: given?.checkValue, hasPeople: hasPeople) {
        case .use: break
        case .refuseMissing: throw file.missing
        case .refuseForeign: throw file.foreign
        case .remember:
            if let ring = try file.ring() { use(ring, database) }
            try remember(given?.checkValue ?? [], database)
        case .make:
            let key = try file.make()
            if let ring = try file.ring() { use(ring, database) }
            let made = PersonalNumbers(key: key)
            try remember(made.checkValue, database)
            return made
        }
        guard let given, let ring = try file.ring() else { throw file.missing }
        use(ring, database)
        return given
    }

    private static func use(_ ring: KeyFile.Ring, _ database: Database) {
        database.chainActs(under: ring.auditKey)
        database.sealImages(with: PersonVault(key: ring.data))
    }

    private static func remember(_ value: [UInt8], _ database: Database) throws {
        try database.writeNow(Act(who: .system, origin: "", kind: "key.adopt", why: "")) { db in
            _ = try db.run(SQL("INSERT INTO data_key (one, check_value) VALUES (1, \(value))"))
        }
    }
}
