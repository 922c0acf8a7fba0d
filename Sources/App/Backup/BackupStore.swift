import Kit

/// What a backup says of itself, in the file.
enum BackupStore {
    /// The statements that make a copy a backup.
    static func saying(_ note: Backup.Note) -> [SQL] {
        [
            "CREATE TABLE backup (made_ms BIGINT NOT NULL, engine TEXT NOT NULL, anchor TEXT NOT NULL)",
            "INSERT INTO backup (made_ms, engine, anchor) VALUES (\(note.madeMilliseconds), \(note.engine), \(note.anchor))",
        ]
    }

    /// Nil where the database is no backup, or says more than one thing of itself.
    static func note(in db: Reading) throws -> Backup.Note? {
        guard db.engine == .sqlite, try db.count("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'backup'") == 1 else { return nil }
        let notes = try db.rows("SELECT made_ms, engine, anchor FROM backup LIMIT 2") { Backup.Note(madeMilliseconds: $0.moment(0), engine: $0.text(1), anchor: $0.text(2)) }
        return notes.count == 1 ? notes[0] : nil
    }

    /// What tells the key that the numbers were encrypted with.
    static func checkValue(in db: Reading) throws -> [UInt8]? {
        try db.first("SELECT check_value FROM data_key WHERE one = 1") { $0.blob(0) }
    }
}
