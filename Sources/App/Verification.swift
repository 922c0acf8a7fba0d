import Kit
import Ledger
import People

/// `yugong verify`: the audit chain, the ledger, and the rows of roster, grants and settings against the last image that an act left of them.
package struct Verification: Sendable {
    package let chain: ChainReport
    /// Entries of the ledger.
    package let entries: Int64
    /// Rows that were held against their images.
    package let images: Int64
    package let findings: [String]
    package var furtherFindings: Int { chain.furtherFindings }
    package var isSound: Bool { findings.isEmpty }

    /// Reads one snapshot and writes nothing. Refusals `key.…`, `database.…`.
    package static func run(_ database: Database, databaseURL: String, settings: Settings) throws -> Verification {
        try database.checkMigrated(Migrations.all)
        let (file, ring) = try keys(databaseURL, settings)
        return try check(database, ring, file.anchor.read(ring.auditKey))
    }

    /// The same for a backup, held against the anchor that it carries; the key is that of the database named.
    /// Refusals `backup.…`, `key.missing`.
    package static func run(backup file: String, databaseURL: String, settings: Settings) throws -> Verification {
        let (_, ring) = try keys(databaseURL, settings)
        return try Backup.withCopy(of: file) { copy, note in try check(copy, ring, note.content(ring.auditKey)) }
    }

    private static func keys(_ databaseURL: String, _ settings: Settings) throws -> (KeyFile, KeyRing) {
        let file = KeyFile.place(explicit: settings.keyFile, databaseURL: databaseURL, home: settings.userHome)
        guard let ring = try file.ring() else { throw file.missing }
        return (file, ring)
    }

    private static func check(_ database: Database, _ ring: KeyRing, _ anchor: AnchorFile.Content) throws -> Verification {
        let (known, coming) = try database.readNow { try DataKeyStore.known(in: $0) }
        guard coming == nil else { throw KeyFile.rotating }
        // The last step of a rotation may have reached the database only.
        let next = ring.next.flatMap { PersonalNumbers(key: $0).checkValue == known ? $0 : nil }
        database.sealImages(with: PersonVault(key: next ?? ring.data))
        return try database.readNow { db in
            let chain = try ChainCheck.run(ring.auditKey, anchor, in: db)
            let ledger = try LedgerCheckStore.check(in: db)
            let rows = try ImageCheck.run(TakingBack.keepers + [GrantStore.keeper, SystemSettingStore.keeper], in: db)
            return Verification(
                chain: chain, entries: ledger.entries, images: rows.rows, findings: chain.findings + ledger.findings + rows.findings)
        }
    }
}
