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
    /// Of these what an auditor can say to know and the table of acts does not tell by itself.
    let loose: [Break]
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
        /// What is checked is a backup.
        var isBackup = false
        /// Migrations were applied to what is checked, a backup of an older release, and nothing was taken into its log for them.
        var hasMigrated = false
        /// The moment of the check.
        var now: Int64?

        var anchorHeads: [ChainHead] { Self.heads(anchor) }

        /// Entries of chains that were seen.
        var heads: [ChainHead] { anchorHeads + copies.flatMap(Self.heads) + (note?.heads ?? []) }

        private static func heads(_ content: AnchorFile.Content) -> [ChainHead] { if case .anchor(let anchor) = content { anchor.heads } else { [] } }
    }

    /// Reads one snapshot and writes nothing. `copies` is a text with anchors that were sent elsewhere.
    /// Refusals `key.…`, `database.…`.
    package static func run(
        _ database: Database, databaseURL: String, settings: Settings, copies: String? = nil, now: Int64 = Clock.nowMilliseconds,
        progress: Progress = { _, _, _ in }
    ) throws -> Verification {
        try database.checkMigrated(Migrations.all)
        let (file, ring) = try keys(databaseURL, settings)
        var outside = Outside(ring: ring, anchor: file.anchor.read(ring.auditKey))
        outside.copies = copies.map { AnchorCopies.anchors(in: $0, ring.auditKey) } ?? []
        outside.note = file.checkNote.read(ring.auditKey)
        outside.isNoteBroken = file.checkNote.isBroken(ring.auditKey)
        outside.now = now
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
            atMilliseconds: now, who: who.text, lastID: lastID, acts: chain.acts, findings: findings.count + furtherFindings, heads: heads,
            loose: Array(loose.prefix(CheckNote.mostLoose)))
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
        try database.keepRows(but: Keeping.exceptions(of: features))
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

    /// The same on one snapshot whose images can be opened. `schema` is what the migrations make, where it is known. Each part
    /// goes on where another finds what it cannot read: of that the shape, which comes first, has told.
    static func check(
        _ db: Reading, _ outside: Outside, _ rows: KeptRows, _ schema: SchemaListing?, _ features: FeatureSet, _ progress: Progress
    ) throws -> Verification {
        try db.forgiving {
            let key = outside.ring.auditKey
            var findings: [String] = []
            progress("核对数据类型", 0, nil)
            let shape: [String] = try db.part("数据类型的核对", &findings, otherwise: []) {
                try SchemaStore.brokenPages(in: db) + ShapeStore.findings(positive: Keeping.exceptions(of: features).positive, in: db)
            }
            findings += shape
            let breaks = try db.part("中断的核对", &findings, otherwise: Breaks.none) {
                try BreakStore.breaks(since: outside.ring.since, seen: outside.heads, in: db)
            }
            // Heads of the anchor are the chain's to find.
            let ofAnchor = Set(outside.anchorHeads.map { "head \($0.text)" })
            let chain = try db.part("审计链的核对", &findings, otherwise: ChainReport()) {
                try ChainCheck.run(key, outside.anchor, breaks: breaks, now: outside.now, progress: { progress("核对操作", $0, $1) }, in: db)
            }
            let loose = try db.part("中断的核对", &findings, otherwise: Breaks.none) { try BreakStore.judged(chain.loose, in: db) }
            findings += chain.findings + loose.open.map(\.sentence) + breaks.open.filter { !ofAnchor.contains($0.key) }.map(\.sentence) + Self.beside(outside)
            if !outside.isBackup, case .anchor(let anchor) = outside.anchor, try anchor.isOfAnotherTime(in: db) {
                findings.append("锚点是用换下的审计密钥写的，而更换密钥的那次操作不在数据库里：数据库和锚点都被换成了旧的，或锚点是伪造的")
            }
            progress("核对学时", 0, nil)
            let ledger: (entries: Int64, findings: [String]) = try db.part("学时的核对", &findings, otherwise: (0, [])) { try LedgerCheckStore.check(in: db) }
            findings += ledger.findings
            for range in features.ranges {
                let found: [String] = try db.part("数值范围的核对", &findings, otherwise: []) { try range.findings(in: db) }
                findings += found
            }
            let images: (rows: Int64, findings: [String]) = try db.part("名册的核对", &findings, otherwise: (0, [])) {
                try ImageCheck.run(features.keepers, progress: { progress("核对名册", $0, nil) }, in: db)
            }
            let marked: (rows: Int64, findings: [String]) = try db.part("各表的核对", &findings, otherwise: (0, [])) {
                try RowCheck.run(rows, key, isNoted: outside.ring.since != nil && !outside.hasMigrated, progress: { progress("核对各表", $0, nil) }, in: db)
            }
            let gaps: [String] = try db.part("名册经过的核对", &findings, otherwise: []) {
                try ImageCheck.gaps(progress: { progress("核对名册经过", $0, nil) }, in: db)
            }
            findings += images.findings + gaps + marked.findings
            let built: [String] = try db.part("数据库结构的核对", &findings, otherwise: []) { try Self.structure(schema, outside, features, isMarked: marked.rows > 0, in: db) }
            findings += built
            let lost = (outside.note?.heads ?? []).filter { head in breaks.open.contains { $0.key == "head \(head.text)" } }
            let end: (tips: [ChainHead], last: Int64) = try db.part("链头的核对", &findings, otherwise: ([], 0)) { (try ChainStore.tips(in: db), try db.lastID()) }
            return Verification(
                chain: chain, entries: ledger.entries, images: marked.rows, findings: findings, loose: loose.open,
                acknowledged: (breaks.acknowledged + loose.acknowledged).map { "\($0.found.sentence)。\($0.act.who) 于 \(Clock.minute(ofMilliseconds: $0.act.atMilliseconds)) 确认：\($0.act.why)" },
                heads: lost + end.tips.filter { !lost.contains($0) }, lastID: end.last)
        }
    }

    /// What is wrong with what lies beside the database.
    private static func beside(_ outside: Outside) -> [String] {
        var findings: [String] = []
        if outside.ring.isBeginningForged { findings.append("密钥文件里审计链从哪里开始的那一行被改动过") }
        if outside.isNoteBroken { findings.append("上一次核对的记录被改动过，或不是用这把密钥写的") }
        findings += outside.copies.enumerated().compactMap { if case .broken = $1 { "锚点的副本中第 \($0 + 1) 个被改动过，或不是用这把密钥写的" } else { nil } }
        return findings
    }

    /// The schema as it is to be, and what decides beside it.
    private static func structure(_ schema: SchemaListing?, _ outside: Outside, _ features: FeatureSet, isMarked: Bool, in db: Reading) throws -> [String] {
        var findings: [String] = []
        if let wanted = try schema ?? SchemaStore.wanted(in: db) {
            findings += try SchemaStore.listing(isBackup: outside.isBackup, in: db).differences(from: wanted)
        } else if isMarked {
            findings.append("操作记录里没有记着数据库结构应是怎样：请用拥有数据表的数据库账号运行 yugong migrate")
        }
        return findings + (try SchemaStore.surroundings(appendOnly: Keeping.exceptions(of: features).appendOnly, in: db))
    }
}
