import Access
import Kit
import Ledger

/// `yugong verify`: the audit chain, the ledger, the rows of every table against what the last act left of them, and the schema.
package struct Verification: Sendable {
    package let chain: ChainReport
    /// Entries of the ledger.
    package let entries: Int64
    /// Rows that were held against what acts left of them.
    package let images: Int64
    package let findings: [String]
    /// Where the log broke and an auditor knows it, as sentences.
    package let acknowledged: [String]
    /// Where the chains stood.
    let heads: [ChainHead]
    /// The last act that was read.
    package let lastID: Int64
    package var furtherFindings: Int { chain.furtherFindings }
    package var isSound: Bool { findings.isEmpty }

    /// What is done, how much of it, and of how much where that is known.
    package typealias Progress = (_ word: String, _ done: Int, _ all: Int?) -> Void

    /// What stands outside the database: keys, the anchor with copies of it, and what the last check saw.
    struct Outside {
        let ring: KeyRing
        let anchor: AnchorFile.Content
        var copies: [AnchorFile.Content] = []
        var note: CheckNote?
        var isNoteBroken = false

        var anchorHeads: [ChainHead] { Self.heads(anchor) }

        /// Entries of chains that were seen.
        var heads: [ChainHead] { anchorHeads + copies.flatMap(Self.heads) + (note?.heads ?? []) }

        private static func heads(_ content: AnchorFile.Content) -> [ChainHead] { if case .anchor(let anchor) = content { anchor.heads } else { [] } }
    }

    /// Reads one snapshot and writes nothing. `copies` is a text with anchors that were sent elsewhere.
    /// Refusals `key.…`, `database.…`.
    package static func run(
        _ database: Database, databaseURL: String, settings: Settings, copies: String? = nil, progress: Progress = { _, _, _ in }
    ) throws -> Verification {
        try database.checkMigrated(Migrations.all)
        let (file, ring) = try keys(databaseURL, settings)
        var outside = Outside(ring: ring, anchor: file.anchor.read(ring.auditKey))
        outside.copies = copies.map { AnchorCopies.anchors(in: $0, ring.auditKey) } ?? []
        outside.note = file.checkNote.read(ring.auditKey)
        outside.isNoteBroken = file.checkNote.isBroken(ring.auditKey)
        return try check(database, outside, progress)
    }

    /// The check before the last one, and whether this one could be noted in its place, beside the anchor. What the one
    /// before saw and this one did not stays in the note: checking again hides nothing.
    package func note(databaseURL: String, settings: Settings, who: Act.Actor, now: Int64) throws -> (former: CheckNote?, isNoted: Bool) {
        let (file, ring) = try Self.keys(databaseURL, settings)
        let former = file.checkNote.read(ring.auditKey)
        // What is not as it was written stays as it is for whoever looks into it.
        guard !file.checkNote.isBroken(ring.auditKey) else { return (nil, false) }
        let note = CheckNote(
            atMilliseconds: now, who: who.text, lastID: lastID, acts: chain.acts, findings: findings.count + furtherFindings, heads: heads)
        return (former, file.checkNote.write(note, ring.auditKey))
    }

    static func keys(_ databaseURL: String, _ settings: Settings) throws -> (KeyFile, KeyRing) {
        let file = KeyFile.place(explicit: settings.keyFile, databaseURL: databaseURL, home: settings.userHome)
        guard let ring = try file.ring() else { throw file.missing }
        return (file, ring)
    }

    static func check(_ database: Database, _ outside: Outside, _ progress: Progress, features: FeatureSet = Features.all) throws -> Verification {
        let vault = try database.readNow { try Self.vault(outside.ring, in: $0) }
        database.sealImages(with: vault)
        try database.keepRows(but: Keeping.exceptions)
        // On PostgreSQL whoever owns the tables has noted it in the log.
        let schema = try database.engine == .sqlite ? SchemaListing.made(by: Migrations.all, beside: database) : nil
        guard let rows = database.keptRows else { throw Refusal("database.closed", "数据库已关闭，没有核对。请再试一次。") }
        return try database.readNow { try check($0, outside, rows, schema, features, progress) }
    }

    /// What opens the images. Refusal `key.rotating`.
    static func vault(_ ring: KeyRing, in db: Reading) throws -> PersonVault {
        let (known, coming) = try DataKeyStore.known(in: db)
        guard coming == nil else { throw KeyFile.rotating }
        // The last step of a rotation may have reached the database only.
        let next = ring.next.flatMap { PersonalNumbers(key: $0).checkValue == known ? $0 : nil }
        return PersonVault(key: next ?? ring.data)
    }

    /// The same on one snapshot whose images can be opened. `schema` is what the migrations make, where it is known.
    static func check(
        _ db: Reading, _ outside: Outside, _ rows: KeptRows, _ schema: SchemaListing?, _ features: FeatureSet, _ progress: Progress
    ) throws -> Verification {
        let key = outside.ring.auditKey
        let breaks = try BreakStore.breaks(since: outside.ring.since, seen: outside.heads, in: db)
        // Heads of the anchor are the chain's to find.
        let ofAnchor = Set(outside.anchorHeads.map { "head \($0.text)" })
        let chain = try ChainCheck.run(key, outside.anchor, breaks: breaks, progress: { progress("核对操作", $0, $1) }, in: db)
        progress("核对学时", 0, nil)
        let ledger = try LedgerCheckStore.check(in: db)
        let images = try ImageCheck.run(features.keepers, progress: { progress("核对名册", $0, nil) }, in: db)
        let marked = try RowCheck.run(rows, key, progress: { progress("核对各表", $0, nil) }, in: db)
        var findings = chain.findings + breaks.open.filter { !ofAnchor.contains($0.key) }.map(\.sentence)
        if outside.ring.isBeginningForged { findings.append("密钥文件里审计链从哪里开始的那一行被改动过") }
        if outside.ring.since == nil, !outside.ring.isBeginningForged, try ChainStore.isBegun(in: db) {
            findings.append("密钥文件里没有记着审计链从哪里开始：那一行被删除，或密钥文件一直写不进去")
        }
        if outside.isNoteBroken { findings.append("上一次核对的记录被改动过，或不是用这把密钥写的") }
        findings += outside.copies.enumerated().compactMap { if case .broken = $1 { "锚点的副本中第 \($0 + 1) 个被改动过，或不是用这把密钥写的" } else { nil } }
        findings += ledger.findings + (try features.ranges.flatMap { try $0.findings(in: db) }) + images.findings + marked.findings
        if let wanted = try schema ?? SchemaStore.noted(in: db)?.schema {
            findings += try SchemaStore.listing(in: db).differences(from: wanted)
        } else if marked.rows > 0 {
            findings.append("操作记录里没有记着数据库结构应是怎样：请用拥有数据表的数据库账号运行 yugong migrate")
        }
        let lost = (outside.note?.heads ?? []).filter { head in breaks.open.contains { $0.key == "head \(head.text)" } }
        let tips = try ChainStore.tips(in: db)
        return Verification(
            chain: chain, entries: ledger.entries, images: marked.rows, findings: findings,
            acknowledged: breaks.acknowledged.map { "\($0.found.sentence)。\($0.act.who) 于 \(Clock.minute(ofMilliseconds: $0.act.atMilliseconds)) 确认：\($0.act.why)" },
            heads: lost + tips.filter { !lost.contains($0) }, lastID: try db.lastID())
    }
}
