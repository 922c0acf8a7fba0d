import Kit

/// An institution that is marked as not recognised, with who did it, when and why.
package struct UnrecognisedInstitution: Sendable {
    package let name: String
    package let act: ActRecord
}

/// The register of training institutions the authority does not recognise; any other is recognised (rules.md A7, reading 7).
package enum UnrecognisedInstitutionStore {
    /// Names in the register, as written in 培训机构.
    package static func all(from db: Reading) throws -> [String] {
        try db.rows(SQL("SELECT name FROM unrecognised_institution")) { $0.text(0) }.sorted()
    }

    /// The register with who marked each, when and why, by name.
    package static func entries(from db: Reading) throws -> [UnrecognisedInstitution] {
        try db.rows(
            SQL("SELECT u.name, a.id, a.at_ms, a.who, a.kind, a.why FROM unrecognised_institution u JOIN act a ON a.id = u.act_id ORDER BY u.name")
        ) { row in
            UnrecognisedInstitution(
                name: row.text(0), act: ActRecord(id: row.int(1), atMilliseconds: row.moment(2), who: row.text(3), kind: row.text(4), why: row.text(5)))
        }
    }

    /// The latest changes of the register, newest first: the name, and whether it was marked or recognised again.
    package static func changes(from db: Reading) throws -> [(name: String, isMarked: Bool, act: ActRecord)] {
        try ActStore.latestChanges(of: subject, limit: 50, in: db).map { change in
            ((change.after ?? change.before)?.text("name") ?? "", change.after != nil, change.act)
        }
    }

    static let noName = Refusal("institution.noName", "没有填写培训机构的名称；请填写与培训记录中完全相同的名称。")

    /// Marks an institution as not recognised. Throws `institution.noName` for an empty name and `institution.twice`
    /// for one that is marked already.
    package static func add(_ name: String, _ db: Writing) throws {
        let name = name.trimmingWhitespace
        guard !name.isEmpty else {
            throw noName
        }
        guard name.fits(200) else { throw Refusal("institution.long", "培训机构的名称有 \(name.count) 个字，太长，没有保存；请填写与培训记录中完全相同的名称。") }
        guard try db.run(SQL("INSERT INTO unrecognised_institution (name, act_id) VALUES (\(name), \(db.actID)) ON CONFLICT (name) DO NOTHING")) == 1 else {
            throw Refusal("institution.twice", "“\(name)”已经标为不予承认；不用再标。")
        }
        try db.change(subject, db.actID, before: nil, after: RowImage(["name": .text(name)]).json)
    }

    /// Recognises an institution again. Throws `institution.missing` for one that is not marked.
    package static func remove(_ name: String, _ db: Writing) throws {
        let name = name.trimmingWhitespace
        guard let act = try db.first(SQL("SELECT act_id FROM unrecognised_institution WHERE name = \(name)"), { $0.int(0) }) else {
            throw Refusal("institution.missing", "“\(name)”不在不予承认的名单里；请刷新页面看现在的名单。")
        }
        try db.run(SQL("DELETE FROM unrecognised_institution WHERE name = \(name)"))
        try db.change(subject, act, before: RowImage(["name": .text(name)]).json, after: nil)
    }

    /// Whoever follows the data reads the register anew after a change of this subject.
    private static let subject = "unrecognised_institution"
}

extension String {
    fileprivate var trimmingWhitespace: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
