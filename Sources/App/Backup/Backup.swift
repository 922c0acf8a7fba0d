import Foundation
import Kit

/// Backups: one file with everything but the keys, from either engine and into either.
///
/// The file is a SQLite database with the tables of Yugong and one more, `backup`, which says when and where it was made and
/// holds the anchor of the audit chains of that very snapshot.
package enum Backup {
    /// What is not worth keeping: whoever restores signs in anew.
    private static let left: Set<String> = ["session", "sign_in_step", "sign_in_attempt"]

    /// What a backup says of itself.
    package struct Note: Sendable, Hashable {
        package let madeMilliseconds: Int64
        package let engine: String
        package let anchor: String

        /// The anchor as the key sealed it.
        /// What the note says beside it must be what it was sealed with.
        func content(_ key: AuditKey) -> AnchorFile.Content {
            guard let sealed = Anchor.opened(anchor, key), sealed.atMilliseconds == madeMilliseconds, Engine(rawValue: engine) != nil else { return .broken }
            return .anchor(sealed)
        }
    }

    /// Writes a consistent copy of a database that may be in use; the rows in it. The file is there whole or not at all.
    /// Refusals `output.exists`, `output.unwritable`, `key.…`, `database.…`.
    package static func make(_ app: App, to file: String, who: Act.Actor, now: Int64, progress: (Int) -> Void = { _ in }) throws -> Int {
        guard !FileManager.default.fileExists(atPath: file) else { throw Refusal("output.exists", "\(file) 已经存在，没有覆盖它。请换一个文件名。") }
        guard let ring = try app.keyFile.ring() else { throw app.keyFile.missing }
        try app.database.writeNow(Act(who: who, origin: "", kind: "backup.make", why: "")) { _ in }
        let part = file + ".part"
        remove(part)
        let made = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard made >= 0 else { throw unwritable(file) }
        close(made)
        do {
            let copy = try Database(url: "sqlite:" + part, readers: 1)
            defer { copy.close() }
            try copy.migrate(Migrations.all)
            let rows = try app.database.readNow { db in
                let anchor = Anchor(atMilliseconds: now, lastID: try db.lastID(), heads: try ChainStore.tips(in: db))
                return try copy.copyRows(
                    of: db, leaving: left,
                    adding: BackupStore.saying(Note(madeMilliseconds: now, engine: db.engine.rawValue, anchor: anchor.text(ring.auditKey))), progress: progress)
            }
            copy.close()
            try copy.settle()
            unlink(part + "-use")
            guard sync(part), rename(part, file) == 0, sync(file.folder) else { throw unwritable(file) }
            return rows
        } catch {
            remove(part)
            throw error
        }
    }

    /// Fills an empty database with a backup and says when that was made. The file itself stays as it is. It is checked
    /// first as `yugong verify --backup` checks it, and one that is not sound is refused; `unverified`, a reason, has it
    /// restored all the same, and both stand in the act.
    ///
    /// The key must lie in its place already. An anchor that lies beside it, of a later time, is put aside under another
    /// name, the note of the last check with it, and the restoring is an act of the restored log.
    /// Refusals `backup.unsound`, `backup.unreadable`, `backup.foreign`, `copy.notEmpty`, `database.newer`, `database.notOwner`, `key.missing`,
    /// `key.backup`, `key.foreign`.
    package static func restore(
        _ file: String, into database: Database, databaseURL: String, settings: Settings, who: Act.Actor, now: Int64, unverified: String? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws -> (note: Note, rows: Int, oldAnchor: String?) {
        let key = KeyFile.place(explicit: settings.keyFile, databaseURL: databaseURL, home: settings.userHome)
        guard let ring = try key.ring() else { throw key.missing }
        return try withCopy(of: file) { source, note, before in
            guard case .anchor(let anchor) = note.content(ring.auditKey) else {
                throw Refusal("key.backup", "备份文件 \(file) 里的锚点与密钥文件 \(key.path) 对不上，没有恢复：密钥不是这份备份的，或者备份被改动过。请换上原来的密钥文件再试。")
            }
            let known = try source.readNow(BackupStore.checkValue)
            guard known == nil || known == PersonalNumbers(key: ring.data).checkValue else { throw key.foreign }
            let outside = Verification.Outside(ring: ring, anchor: .anchor(anchor), isBackup: true, hasMigrated: before != nil, now: now)
            let found = try Verification.check(source, outside, { _, _, _ in })
            guard found.isSound || unverified != nil else {
                throw Refusal(
                    "backup.unsound",
                    "备份文件 \(file) 核对出 \(found.findings.count + found.furtherFindings) 个问题，第一个是“\(found.findings[0])”；没有恢复。请用 yugong verify --backup 查明，或换一份备份；确要恢复，请用 --unverified 写明原因。")
            }
            // Before anything is copied: a database that was filled without its act would say nothing of where it came from.
            try key.anchor.checkWritable()
            try database.migrate(Migrations.all)
            guard try database.ownsTables() else { throw Refusal.notOwner }
            let rows = try source.readNow { try database.copyRows(of: $0, leaving: left, progress: progress) }
            var aside: String?
            if key.anchor.exists {
                let name = key.anchor.path + ".before-restore-\(now)"
                guard rename(key.anchor.path, name) == 0 else { throw unwritable(key.anchor.path) }
                aside = name
            }
            // Those of the database that was here.
            key.columns.remove()
            if key.checkNote.exists { rename(key.checkNote.path, key.checkNote.path + ".before-restore-\(now)") }
            try key.anchor.begin(with: anchor, ring.auditKey)
            database.chainActs(under: ring.auditKey)
            database.sealImages(with: PersonVault(key: ring.data))
            try database.keepRows(but: Keeping.exceptions(of: Features.all))
            let doubt = found.isSound ? "" : "；备份有 \(found.findings.count + found.furtherFindings) 个问题，仍要恢复，原因：\(unverified ?? "")"
            try database.writeNow(Act(who: who, origin: "", kind: "backup.restore", why: "备份写于 \(Clock.minute(ofMilliseconds: note.madeMilliseconds))\(doubt)")) { _ in }
            try database.vouchForRows(Migrations.all, before: before, hasBeginning: ring.since != nil)
            try key.settleBeginning(database, isNew: false)
            try key.anchor.renew(database, ring.auditKey, now: now)
            return (note, rows, aside)
        }
    }

    /// Lends a copy of a backup, brought to the current schema: the file itself is only read.
    /// Refusals `backup.unreadable`, `backup.foreign`, `database.newer`.
    /// The closure also hears what tables there were, where the copy was behind the current schema.
    static func withCopy<T>(of file: String, _ body: (Database, Note, BeforeMigrating?) throws -> T) throws -> T {
        let folder = Scratch.path("backup"), work = folder + "/backup.db"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try FileManager.default.copyItem(atPath: file, toPath: work)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: work)
        } catch { throw Refusal("backup.unreadable", "备份文件 \(file) 读不出来，或者临时目录放不下它。请检查路径、权限和空间。") }
        let foreign = Refusal("backup.foreign", "\(file) 不是育工的备份，或者已经损坏。请换一份备份再试。")
        let copy: Database
        do { copy = try Database(url: "sqlite:" + work, readers: 1, mayCreate: false) } catch { throw foreign }
        defer { copy.close() }
        guard let note = try? copy.readNow(BackupStore.note) else { throw foreign }
        let before = try copy.readNow(BeforeMigrating.init), applied = try copy.migrate(Migrations.all)
        return try body(copy, note, applied.isEmpty ? nil : before)
    }

    private static func unwritable(_ file: String) -> Refusal { Refusal("output.unwritable", "不能写入 \(file)。请检查所在目录是否存在、有无权限和空间。") }

    private static func remove(_ file: String) { for end in ["", "-wal", "-shm", "-journal", "-use"] { unlink(file + end) } }

    private static func sync(_ path: String) -> Bool {
        let file = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return fsync(file) == 0
    }
}

extension Verification {
    /// The same for a backup, held against the anchor that it carries; the key is that of the database named.
    /// Refusals `backup.…`, `key.foreign`, `key.missing`.
    package static func run(backup file: String, databaseURL: String, settings: Settings, now: Int64 = Clock.nowMilliseconds, progress: Progress = { _, _, _ in }) throws -> Verification {
        let (key, ring) = try keys(databaseURL, settings)
        return try Backup.withCopy(of: file) { copy, note, before in
            // With another data key nothing of it can be read, which is no tampering.
            let known = try copy.readNow(BackupStore.checkValue)
            guard known == nil || known == PersonalNumbers(key: ring.data).checkValue else { throw key.foreign }
            return try check(copy, Outside(ring: ring, anchor: note.content(ring.auditKey), isBackup: true, hasMigrated: before != nil, now: now), progress)
        }
    }
}
