import Foundation

/// The tables as they were before a start applied migrations: only what those made or changed may be taken into the log.
package struct BeforeMigrating: Hashable, Sendable {
    /// By table, the names of its columns in their order by name.
    let columns: [String: [String]]
    /// The last act then; 0 where there was none.
    let act: Int64

    init(columns: [String: [String]], act: Int64) {
        self.columns = columns
        self.act = act
    }

    package init(_ db: Reading) throws {
        let found = try Database.tables(db).map { ($0.name, $0.columns.map(\.name).sorted()) }
        columns = Dictionary(found, uniquingKeysWith: { first, _ in first })
        act = columns["act"] == nil ? 0 : try db.count("SELECT max(id) FROM act")
    }

    /// Whether a migration has made the table or changed its columns; all of them where there were no marks yet.
    func allows(_ table: KeptTable, known: [String: [String]]) -> Bool {
        guard columns["act_mark"] != nil, let before = columns[table.name] else { return true }
        // One that was there and that the log does not know was hidden from it.
        return known[table.name] != nil && before != table.columns.map(\.name)
    }

    // MARK: Beside the key, while a start migrates

    private static let title = "yugong-migrating 1"

    func text(_ key: AuditKey) -> String {
        let tables = columns.sorted { $0.key < $1.key }.map { "table " + ([$0.key] + $0.value).joined(separator: " ") }
        let body = ([Self.title, "act \(act)"] + tables).joined(separator: "\n") + "\n"
        return body + "mac \(key.mac(ofNote: body).hex)\n"
    }

    /// Nil where a single character differs from what the key sealed.
    init?(text: String, _ key: AuditKey) {
        guard let cut = text.range(of: "mac ", options: .backwards) else { return nil }
        let body = String(text[..<cut.lowerBound])
        guard text[cut.upperBound...] == key.mac(ofNote: body).hex + "\n" else { return nil }
        let lines = body.split(separator: "\n")
        guard lines.count >= 2, lines[0] == Self.title, let act = Int64(lines[1].dropFirst(4)) else { return nil }
        let tables = lines.dropFirst(2).map { $0.split(separator: " ").dropFirst().map(String.init) }.filter { !$0.isEmpty }
        self.init(columns: Dictionary(tables.map { ($0[0], Array($0.dropFirst())) }, uniquingKeysWith: { first, _ in first }), act: act)
    }
}

extension KeyFile {
    private var migrating: String { path + ".migrating" }

    /// Brings the schema up to date and says what there was before, where this start or one that was killed has changed it: a
    /// sealed file beside the key remembers that until `endMigrating`. Refusal `key.missing` where a key that the log needs is away.
    package func migrate(_ database: Database, _ migrations: [Migration]) throws -> BeforeMigrating? {
        let key = try ring()?.auditKey
        var before = try key.flatMap { key in
            try (try? String(contentsOfFile: migrating, encoding: .utf8)).flatMap { BeforeMigrating(text: $0, key) }
                .flatMap { noted in try database.readNow(BeforeMigrating.init).act == noted.act ? noted : nil }
        }
        if before == nil, try database.isBehind(migrations) {
            let found = try database.readNow(BeforeMigrating.init)
            // What is migrated without its key could not be taken into the log any more.
            if key == nil, found.columns["act_chain"] != nil, found.columns["act_link"] != nil, try isBegun(database) { throw missing }
            if let key { try? DurableFile.replace(migrating, with: found.text(key)) }
            before = found
        }
        try database.migrate(migrations)
        return before
    }

    /// What the migrations changed is in the log.
    package func endMigrating() { try? FileManager.default.removeItem(atPath: migrating) }
}
