import Kit

/// The register of training institutions the authority does not recognise; any other is recognised (rules.md A7, reading 7).
package enum UnrecognisedInstitutionStore {
    /// Names in the register, as written in 培训机构.
    package static func all(from db: Reading) throws -> [String] {
        try db.rows(SQL("SELECT name FROM unrecognised_institution")) { $0.text(0) }.sorted()
    }

    /// Marks an institution as not recognised; again is no change. Throws `institution.noName` for an empty name.
    package static func add(_ name: String, _ db: Writing) throws {
        let name = name.trimmingWhitespace
        guard !name.isEmpty else {
            throw Refusal("institution.noName", "没有填写培训机构的名称；请填写与培训记录中完全相同的名称。")
        }
        try db.run(SQL("INSERT INTO unrecognised_institution (name, act_id) VALUES (\(name), \(db.actID)) ON CONFLICT (name) DO NOTHING"))
    }

    /// Recognises an institution again.
    package static func remove(_ name: String, _ db: Writing) throws {
        try db.run(SQL("DELETE FROM unrecognised_institution WHERE name = \(name.trimmingWhitespace)"))
    }
}

extension String {
    fileprivate var trimmingWhitespace: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
