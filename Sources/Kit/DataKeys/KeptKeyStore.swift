/// Keys behind hashes whose plain text nobody has: they cannot be made anew with another data key, so they stay, sealed
/// under the present one. Until the first rotation there are none: they follow from the data key.
enum KeptKeyStore {
    static func keys(_ numbers: PersonalNumbers, in db: Reading) throws -> [String: [UInt8]] {
        let rows = try db.rows(SQL("SELECT name, cipher FROM kept_key ORDER BY name")) { ($0.text(0), $0.blob(1)) }
        return Dictionary(try rows.map { ($0, try numbers.openBytes($1, context: context($0))) }, uniquingKeysWith: { first, _ in first })
    }

    static func put(_ keys: [String: [UInt8]], _ numbers: PersonalNumbers, in db: Writing) throws {
        try db.run(SQL("DELETE FROM kept_key"))
        for (name, key) in keys.sorted(by: { $0.key < $1.key }) {
            try db.run(SQL("INSERT INTO kept_key (name, cipher) VALUES (\(name), \(try numbers.sealBytes(key, context: context(name))))"))
        }
    }

    private static func context(_ name: String) -> String { "kept_key.\(name)" }
}
