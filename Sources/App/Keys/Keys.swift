import Access
import Accounts
import Kit

/// The keys of a database: what is known of them, and putting others in their place.
package enum Keys {
    /// Another data key. With `dropsCodes` recovery codes and codes on paper are made worthless; owners of recovery codes are told.
    /// Refuses what `Rotation.replaceDataKey` refuses, and `database.inUse` where anybody else has the database open.
    package static func replaceData(
        databaseURL: String, settings: Settings, dropsCodes: Bool, who: Act.Actor, features: FeatureSet = Features.all, migrations: [Migration] = Migrations.all,
        progress: (String, Int, Int?) -> Void
    ) throws -> KeysShown {
        try alone(databaseURL, settings, who, features, migrations) { rotation in
            try rotation.replaceDataKey(features.rekeyed, dropsKeptKeys: dropsCodes, progress: progress) { db in
                if dropsCodes { try FactorStore.dropHandedCodes(in: db) }
            }
        }
    }

    /// Another audit key for what is written from now on.
    package static func replaceAudit(databaseURL: String, settings: Settings, who: Act.Actor) throws -> KeysShown {
        try alone(databaseURL, settings, who) { try $0.replaceAuditKey() }
    }

    private static func alone(
        _ url: String, _ settings: Settings, _ who: Act.Actor, _ features: FeatureSet = Features.all, _ migrations: [Migration] = Migrations.all, _ work: (Rotation) throws -> Void
    ) throws -> KeysShown {
        let database = try Database(url: url, readers: 1, mayCreate: false, isAlone: true)
        defer { database.close() }
        try database.checkMigrated(migrations)
        try database.keepRows(but: Keeping.exceptions(of: features))
        let file = KeyFile.place(explicit: settings.keyFile, databaseURL: url, home: settings.userHome)
        try work(Rotation(database, file, who: who, now: { Clock.nowMilliseconds }))
        return try shown(database, file)
    }

    /// What may be shown of the keys. Refusals `key.missing`, `key.unreadable`, `database.notMigrated`.
    package static func shown(databaseURL: String, settings: Settings) throws -> KeysShown {
        let database = try Database(url: databaseURL, readers: 1, mayCreate: false)
        defer { database.close() }
        try database.checkMigrated(Migrations.all)
        return try shown(database, KeyFile.place(explicit: settings.keyFile, databaseURL: databaseURL, home: settings.userHome))
    }

    private static func shown(_ database: Database, _ file: KeyFile) throws -> KeysShown {
        guard let ring = try file.ring() else { throw file.missing }
        return try database.readNow { try KeysShown(ring, file: file.path, in: $0) }
    }
}

/// Keys by their fingerprints, with the days since when they are used: nothing of the keys themselves.
package struct KeysShown: Sendable, Codable, Hashable {
    package struct One: Sendable, Codable, Hashable {
        package let fingerprint: String
        /// `2026-11-21 09:30`; nil where nothing is on record.
        package let since: String?
    }
    package let file: String
    package let data: One
    /// Whether the database knows the data key as its own.
    package let isRight: Bool
    package let audit: One
    /// The audit key follows from the data key, as before the first rotation.
    package let auditFollows: Bool
    package let formerAuditKeys: Int
    /// A rotation was begun and has not ended.
    package let isRotating: Bool

    init(_ ring: KeyRing, file: String, in db: Reading) throws {
        let (known, coming) = try DataKeyStore.known(in: db)
        func latest(_ kinds: [String]) throws -> String? {
            try ActStore.latest(ofKinds: kinds, in: db).map { Clock.minute(ofMilliseconds: $0.atMilliseconds) }
        }
        self.file = file
        data = One(fingerprint: ring.data.fingerprint, since: try latest(["key.adopt", "key.replace"]))
        isRight = known == PersonalNumbers(key: ring.data).checkValue
        audit = One(fingerprint: KeyFile.Key(bytes: ring.auditKey.bytes).fingerprint, since: try latest(ring.former.isEmpty ? ["key.adopt"] : ["key.audit"]))
        auditFollows = ring.audit == nil
        formerAuditKeys = ring.former.count
        isRotating = coming != nil || ring.next != nil
    }
}
