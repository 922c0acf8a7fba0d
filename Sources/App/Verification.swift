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
    /// The last act that was read.
    package let lastID: Int64
    package var furtherFindings: Int { chain.furtherFindings }
    package var isSound: Bool { findings.isEmpty }

    /// What is done, how much of it, and of how much where that is known.
    package typealias Progress = (_ word: String, _ done: Int, _ all: Int?) -> Void

    /// Reads one snapshot and writes nothing. Refusals `key.…`, `database.…`.
    package static func run(_ database: Database, databaseURL: String, settings: Settings, progress: Progress = { _, _, _ in }) throws -> Verification {
        try database.checkMigrated(Migrations.all)
        let (file, ring) = try keys(databaseURL, settings)
        return try check(database, ring, file.anchor.read(ring.auditKey), progress)
    }

    /// The check before the last one, and whether this one could be noted in its place, beside the anchor.
    package func note(databaseURL: String, settings: Settings, who: Act.Actor, now: Int64) throws -> (former: CheckNote?, isNoted: Bool) {
        let (file, ring) = try Self.keys(databaseURL, settings)
        let former = file.checkNote.read(ring.auditKey)
        let note = CheckNote(atMilliseconds: now, who: who.text, lastID: lastID, acts: chain.acts, findings: findings.count + furtherFindings)
        return (former, file.checkNote.write(note, ring.auditKey))
    }

    /// The same for a backup, held against the anchor that it carries; the key is that of the database named.
    /// Refusals `backup.…`, `key.missing`.
    package static func run(backup file: String, databaseURL: String, settings: Settings, progress: Progress = { _, _, _ in }) throws -> Verification {
        let (_, ring) = try keys(databaseURL, settings)
        return try Backup.withCopy(of: file) { copy, note in try check(copy, ring, note.content(ring.auditKey), progress) }
    }

    private static func keys(_ databaseURL: String, _ settings: Settings) throws -> (KeyFile, KeyRing) {
        let file = KeyFile.place(explicit: settings.keyFile, databaseURL: databaseURL, home: settings.userHome)
        guard let ring = try file.ring() else { throw file.missing }
        return (file, ring)
    }

    private static func check(_ database: Database, _ ring: KeyRing, _ anchor: AnchorFile.Content, _ progress: Progress) throws -> Verification {
        let (known, coming) = try database.readNow { try DataKeyStore.known(in: $0) }
        guard coming == nil else { throw KeyFile.rotating }
        // The last step of a rotation may have reached the database only.
        let next = ring.next.flatMap { PersonalNumbers(key: $0).checkValue == known ? $0 : nil }
        database.sealImages(with: PersonVault(key: next ?? ring.data))
        return try database.readNow { db in
            let chain = try ChainCheck.run(ring.auditKey, anchor, progress: { progress("核对操作", $0, $1) }, in: db)
            progress("核对学时", 0, nil)
            let ledger = try LedgerCheckStore.check(in: db)
            let outside = try ranges.flatMap { try $0.findings(in: db) }
            let rows = try ImageCheck.run(TakingBack.keepers + [GrantStore.keeper, SystemSettingStore.keeper, ErasureStore.keeper], progress: { progress("核对名册", $0, nil) }, in: db)
            return Verification(
                chain: chain, entries: ledger.entries, images: rows.rows, findings: chain.findings + ledger.findings + outside + rows.findings,
                lastID: try db.lastID())
        }
    }
}

extension Verification {
    /// Every number and day that is kept within a range, as migration 0028 has them too.
    static let ranges: [RangeCheck] = {
        let days = Day.numbers, counts = Int64(OrganizationFacts.counts.lowerBound)...Int64(OrganizationFacts.counts.upperBound)
        return [
            LedgerCheckStore.range,
            RangeCheck(
                "organization_version", "单位情况", ["from_day": days, "to_day": days, "employees": counts, "members": counts, "enterprises": counts]),
            RangeCheck("person", "人员档案", ["birth_day": days]),
            RangeCheck("appointment", "任职", ["from_day": days, "to_day": days]),
            RangeCheck("account_grant", "授权", ["from_day": days, "to_day": days]),
            RangeCheck("post_certificate", "证书", ["issued_day": days, "valid_until": days, "refresher_due": days, "ended_day": days]),
            RangeCheck("setting", "系统设置", key: "one", ["announced_from": days, "announced_to": days]),
            RangeCheck("import_job", "导入", ["effective_day": days]),
        ]
    }()
}
