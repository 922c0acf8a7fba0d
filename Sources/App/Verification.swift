import Kit
import Ledger
import People

/// `yugong verify`: the audit chain, the ledger, and the rows of roster and grants against the last image that an act left of them.
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
        let file = KeyFile.place(explicit: settings.keyFile, databaseURL: databaseURL, home: settings.userHome)
        guard let ring = try file.ring() else { throw file.missing }
        database.sealImages(with: PersonVault(key: ring.data))
        let key = ring.auditKey, anchor = file.anchor.read(key)
        return try database.readNow { db in
            let chain = try ChainCheck.run(key, anchor, in: db)
            let ledger = try LedgerCheckStore.check(in: db)
            let rows = try ImageCheck.run(TakingBack.keepers + [GrantStore.keeper], in: db)
            return Verification(
                chain: chain, entries: ledger.entries, images: rows.rows, findings: chain.findings + ledger.findings + rows.findings)
        }
    }
}
