import Kit
import Rules

/// The adoptions of policies in the database.
package enum AdoptionStore {
    package static func all(in db: Reading) throws -> [Adoption] {
        try db.rows(SQL("SELECT \(columns) FROM policy_adoption ORDER BY organization_id, subject, from_day"), read)
    }

    /// What binds whom, by the adoptions and the tree of this moment.
    package static func bindings(_ library: PolicyLibrary, _ history: OrgHistory, in db: Reading) throws -> Bindings {
        Bindings(try all(in: db), library, history)
    }

    package static func adoption(_ id: Int64, in db: Reading) throws -> Adoption? {
        try db.first(SQL("SELECT \(columns) FROM policy_adoption WHERE id = \(id)"), read)
    }

    /// Those of a unit itself, by their first day.
    package static func adoptions(of unit: Int64, in db: Reading) throws -> [Adoption] {
        try db.rows(SQL("SELECT \(columns) FROM policy_adoption WHERE organization_id = \(unit) ORDER BY from_day, subject"), read)
    }

    /// Those of some units that have adopted anything, at any time.
    package static func adopting(among units: [Int64], in db: Reading) throws -> [Int64] {
        try db.rows(SQL("SELECT DISTINCT organization_id FROM policy_adoption WHERE organization_id IN (\(list: units)) ORDER BY organization_id")) { $0.int(0) }
    }

    // MARK: - acts

    /// Has a unit adopt a policy from a day on, in place of what it had adopted of the same subject. Refusals of `Adoption.adopt`.
    @discardableResult
    package static func adopt(_ policy: Policy, by unit: Int64, from: Day, in db: Writing) throws -> Adoption {
        let (ended, to) = try Adoption.adopt(policy, from: from, besides: adoptions(of: unit, in: db))
        if let ended { try replace(ended, in: db) }
        let new = Adoption(id: db.nextID(), organizationID: unit, subject: policy.subject, policy: policy.id, from: from, to: to)
        try insert(new, in: db)
        try db.change(subject, new.id, before: nil, after: image(new).json)
        return new
    }

    /// Ends an adoption from a day on. Refusals `adoption.missing` and those of `Adoption.ending`.
    package static func end(_ id: Int64, on day: Day, in db: Writing) throws {
        guard let adoption = try adoption(id, in: db) else { throw Refusal("adoption.missing", "没有这次采用，也许已经撤回；请刷新页面后再试。") }
        try replace(adoption.ending(on: day), in: db)
    }

    private static func replace(_ new: Adoption, in db: Writing) throws {
        guard let old = try adoption(new.id, in: db) else { return }
        try update(new, in: db)
        try db.change(subject, new.id, before: image(old).json, after: image(new).json)
    }

    // MARK: - history

    /// What became of a unit's adoptions, newest first: those taken back too, of which only the images are left.
    package static func changes(of unit: Int64, in db: Reading) throws -> [ChangeRecord] {
        try ActStore.latestChanges(of: subject, limit: 2000, in: db).filter { ($0.after ?? $0.before)?.int("organization_id") == unit }
    }

    /// The adoption an image shows.
    package static func adoption(_ image: RowImage) -> Adoption {
        Adoption(
            id: image.int("id") ?? 0, organizationID: image.int("organization_id") ?? 0, subject: image.text("subject") ?? "", policy: image.text("policy") ?? "",
            from: image.day("from_day") ?? .always, to: image.day("to_day") ?? .open)
    }

    // MARK: - rows

    package static let subject = "policy_adoption"
    private static let columns: SQL = "id, organization_id, subject, policy, from_day, to_day"

    private static func read(_ row: Row) -> Adoption {
        Adoption(id: row.int(0), organizationID: row.int(1), subject: row.text(2), policy: row.text(3), from: row.day(4), to: row.day(5))
    }

    private static func insert(_ one: Adoption, in db: Writing) throws {
        try db.run(
            SQL(
                """
                INSERT INTO policy_adoption (id, organization_id, subject, policy, from_day, to_day, act_id)
                VALUES (\(one.id), \(one.organizationID), \(one.subject), \(one.policy), \(one.from), \(one.to), \(db.actID))
                """))
    }

    private static func update(_ one: Adoption, in db: Writing) throws {
        try db.run(
            SQL(
                """
                UPDATE policy_adoption SET organization_id = \(one.organizationID), subject = \(one.subject), policy = \(one.policy),
                    from_day = \(one.from), to_day = \(one.to), act_id = \(db.actID)
                WHERE id = \(one.id)
                """))
    }

    private static func image(_ one: Adoption) -> RowImage {
        RowImage([
            "id": .int(one.id), "organization_id": .int(one.organizationID), "subject": .text(one.subject), "policy": .text(one.policy),
            "from_day": .day(one.from), "to_day": .day(one.to),
        ])
    }

    /// What undo needs.
    package static let keeper = RowKeeper(
        subject: subject, image: { id, db in try adoption(id, in: db).map(image) },
        restore: { id, image, db in
            guard let image else {
                try db.run(SQL("DELETE FROM policy_adoption WHERE id = \(id)"))
                return
            }
            if try adoption(id, in: db) == nil { try insert(adoption(image), in: db) } else { try update(adoption(image), in: db) }
        })
}
