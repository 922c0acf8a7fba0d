/// Replaces the keys of a database that nobody else has open.
///
/// The new key stands in the file beside the old one before the first row is touched and until the last is done; the
/// database knows all the while which of the two is coming. So the process may end at any moment: nobody can open the
/// database half done, and the next run goes on.
package struct Rotation: Sendable {
    package let file: KeyFile
    package let database: Database
    package let who: Act.Actor
    /// Milliseconds; asked at each anchor.
    package let now: @Sendable () -> Int64

    package init(_ database: Database, _ file: KeyFile, who: Act.Actor, now: @escaping @Sendable () -> Int64) {
        self.database = database
        self.file = file
        self.who = who
        self.now = now
    }

    private func act(_ kind: String, _ why: String) -> Act { Act(who: who, origin: "", kind: kind, why: why) }

    /// Another data key for everything in `tables`; people's own keys come first. The audit key stays what it is.
    /// `ended` runs in the last act. `dropsKeptKeys`: handed codes are made worthless, for whoever has the old key could try
    /// codes against their hashes; `ended` sees to what that means.
    /// Refusals `key.missing`, `key.foreign`, `key.unprepared`, `key.damaged`, `key.unwritable`, `anchor.broken`.
    package func replaceDataKey(
        _ tables: [RekeyedTable], dropsKeptKeys: Bool = false, progress: (String, Int, Int?) -> Void = { _, _, _ in }, ended: (Writing) throws -> Void = { _ in }
    ) throws {
        guard var ring = try file.ring() else { throw file.missing }
        let (known, coming) = try database.readNow { try DataKeyStore.known(in: $0) }
        func value(_ key: KeyFile.Key) -> [UInt8] { PersonalNumbers(key: key).checkValue }
        guard let known else { throw file.missing }
        // The database was done, the file was not.
        if coming == nil, let next = ring.next, known == value(next) {
            try anchor(DataKeyStore.promote(ring, file))
            return
        }
        guard known == value(ring.data) else { throw file.foreign }
        if coming == nil, ring.next == nil {
            // Backups made until now need the key of their time.
            try file.old(ring).put(ring)
            ring = ring.withOwnAuditKey
            ring.next = .random()
            try file.put(ring)
        }
        guard let next = ring.next, coming == nil || coming == value(next) else { throw file.unprepared }
        let former = try database.readNow { try DataKeys(ring.data, in: $0) }
        let rekeying = Rekeying(old: former, new: DataKeys(next, kept: dropsKeptKeys ? [:] : former.secrets.keptKeys))
        database.chainActs(under: ring.auditKey)
        if coming == nil {
            try database.writeNow(act("key.begin", "\(ring.data.fingerprint) → \(next.fingerprint)")) { db in
                try DataKeyStore.begin(value(next), in: db)
            }
        }
        // Images that are noted from here on are sealed with keys under the new one, so those come first.
        for table in [PersonKeyStore.rekeyed] + tables {
            database.sealImages(with: rekeying.new.vault)
            let all = Int(try database.readNow(table.count))
            var after = Int64.min, done = 0
            progress(table.word, 0, all)
            while let (last, rows) = try database.writeNow(act("key.rekey", table.word), { try table.step(after, rekeying, $0) }) {
                (after, done) = (last, done + rows)
                progress(table.word, done, all)
            }
        }
        try database.writeNow(act("key.replace", "\(ring.data.fingerprint) → \(next.fingerprint)")) { db in
            try KeptKeyStore.put(rekeying.new.secrets.keptKeys, rekeying.new.numbers, in: db)
            try ended(db)
            try DataKeyStore.replace(by: value(next), in: db)
        }
        try anchor(DataKeyStore.promote(ring, file))
    }

    /// Another audit key for the chains that begin from now on; those that were are still checked under theirs.
    /// Refusals as for the data key.
    package func replaceAuditKey() throws {
        guard let ring = try file.ring() else { throw file.missing }
        let (known, coming) = try database.readNow { try DataKeyStore.known(in: $0) }
        guard coming == nil, ring.next == nil else { throw KeyFile.rotating }
        guard known == PersonalNumbers(key: ring.data).checkValue else { throw file.foreign }
        var new = ring.withOwnAuditKey
        guard let present = new.audit else { throw file.missing }
        let key = KeyFile.Key.random()
        database.chainActs(under: ring.auditKey)
        // The last entry under the old key names the new one.
        let last = try database.writeNow(act("key.audit", "\(present.fingerprint) → \(key.fingerprint)")) { $0.actID }
        new.former.append((last, present))
        new.audit = key
        try file.put(new)
        try anchor(new)
    }

    private func anchor(_ ring: KeyRing) throws { try file.anchor.renew(database, ring.auditKey, now: now()) }
}
