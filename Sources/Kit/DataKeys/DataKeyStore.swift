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
        /// The database has its new key already; the file learns it now.
        case promote
        case refuseRotating
    }

    /// Decides from what is there. `hasPeople`: the database holds personal numbers already. `coming` is the key that is
    /// being brought into use, `next` the one that the file holds beside its first.
    static func step(known: [UInt8]?, coming: [UInt8]? = nil, given: [UInt8]?, next: [UInt8]? = nil, hasPeople: Bool) -> Step {
        switch (known, given) {
        case (let known?, let given?):
            if coming != nil { known == given ? .refuseRotating : .refuseForeign } else { known == given ? .use : known == next ? .promote : .refuseForeign }
        case (_?, nil): .refuseMissing
        case (nil, _?): .remember
        case (nil, nil): hasPeople ? .refuseMissing : .make
        }
    }

    /// What a database knows of its data key: the value it knows it by, and that of the key which is being brought into use.
    package static func known(in db: Reading) throws -> (present: [UInt8]?, coming: [UInt8]?) {
        try db.first(SQL("SELECT check_value, next_value FROM data_key WHERE one = 1")) { ($0.blob(0), $0.blobOrNil(1)) } ?? (nil, nil)
    }

    /// Notes that another key is being brought into use.
    static func begin(_ value: [UInt8], in db: Writing) throws { try db.run(SQL("UPDATE data_key SET next_value = \(value)")) }

    /// Notes that everything is under the other key.
    static func replace(by value: [UInt8], in db: Writing) throws { try db.run(SQL("UPDATE data_key SET check_value = \(value), next_value = NULL")) }

    /// Opens the keys of a migrated database: makes them where it has none yet, refuses a missing or foreign one. From
    /// then on acts are chained and personal images are ciphertext.
    /// Refusals `key.missing`, `key.foreign`, `key.rotating`, `key.unreadable`, `key.unwritable`, `anchor.unwritable`.
    package static func open(_ database: Database, _ file: KeyFile, now: Int64) throws -> DataKeys {
        var ring = try file.ring()
        let ((known, coming), hasPeople): ((present: [UInt8]?, coming: [UInt8]?), Bool) = try database.readNow { db in
            (try Self.known(in: db), try db.first(SQL("SELECT id FROM person LIMIT 1")) { $0.int(0) } != nil)
        }
        func value(_ key: KeyFile.Key?) -> [UInt8]? { key.map { PersonalNumbers(key: $0).checkValue } }
        let step = step(known: known, coming: coming, given: value(ring?.data), next: value(ring?.next), hasPeople: hasPeople)
        switch step {
        case .use, .remember: break
        case .refuseMissing: throw file.missing
        case .refuseForeign: throw file.foreign
        case .refuseRotating: throw KeyFile.rotating
        case .make:
            _ = try file.make()
            ring = try file.ring()
        case .promote: ring = try ring.map { try promote($0, file) }
        }
        guard let ring else { throw file.missing }
        // Only where nothing was chained yet: a database that was made to forget its key does not get a lost anchor back in silence.
        if step == .make || step == .remember, try !file.isBegun(database) { try file.anchor.begin(ring.auditKey, now: now) }
        let keys = try use(ring, database)
        if step == .make || step == .remember {
            try database.writeNow(Act(who: .system, origin: "", kind: "key.adopt", why: ring.data.fingerprint)) { db in
                _ = try db.run(SQL("INSERT INTO data_key (one, check_value) VALUES (1, \(keys.numbers.checkValue))"))
            }
        }
        return keys
    }

    /// The file without the key that the database no longer has.
    @discardableResult
    static func promote(_ ring: KeyRing, _ file: KeyFile) throws -> KeyRing {
        guard let next = ring.next else { return ring }
        var ring = ring.withOwnAuditKey
        (ring.data, ring.next) = (next, nil)
        try file.put(ring)
        return ring
    }

    private static func use(_ ring: KeyRing, _ database: Database) throws -> DataKeys {
        let keys = try database.readNow { try DataKeys(ring.data, in: $0) }
        database.chainActs(under: ring.auditKey)
        database.sealImages(with: keys.vault)
        return keys
    }
}
