import Kit

/// Organisations and their versions in the database. Decisions are in Reorganization.swift; here they are read and written.
package enum OrganizationStore {
    // MARK: - reading

    /// Every version of every organisation.
    package static func history(in db: Reading) throws -> OrgHistory {
        let organizations = try db.rows("SELECT id, code FROM organization") { Organization(id: $0.int(0), code: $0.text(1)) }
        let versions = try db.rows(SQL("SELECT \(columns) FROM organization_version"), read)
        return OrgHistory(organizations: organizations, versions: versions)
    }

    /// Every version of these organisations alone: their names and lives, not what stands around them.
    package static func history(of units: some Sequence<Int64>, in db: Reading) throws -> OrgHistory {
        let units = Set(units).sorted()
        // One question for both: a unit has at least one version.
        let rows = try db.rows(
            SQL("SELECT \(columns), (SELECT o.code FROM organization o WHERE o.id = organization_id) FROM organization_version WHERE organization_id IN (\(list: units))")
        ) { (version: read($0), code: $0.text(12)) }
        return OrgHistory(organizations: rows.map { Organization(id: $0.version.organizationID, code: $0.code) }, versions: rows.map(\.version))
    }

    /// 临江区总工会 — the last known name.
    package static func name(_ id: Int64, in db: Reading) throws -> String { try history(of: [id], in: db).name(id) }

    /// A unit and everything above it as they stood last, from above.
    package static func path(to id: Int64, in db: Reading) throws -> [Int64] {
        var path: [Int64] = [], next: Int64? = id
        while let unit = next, path.count < 64 {
            path.insert(unit, at: 0)
            next = try history(of: [unit], in: db).latest(unit)?.facts.parentID
        }
        return path
    }

    /// The tree of a day. `includingClosed` also has the units that do not exist on the day, where they last (or first) stood.
    package static func tree(on day: Day, includingClosed: Bool = false, in db: Reading) throws -> OrgTree {
        OrgTree(try history(in: db), on: day, includingClosed: includingClosed)
    }

    package static func id(code: String, in db: Reading) throws -> Int64? {
        try db.first(SQL("SELECT id FROM organization WHERE code = \(code)")) { $0.int(0) }
    }

    package static func organization(_ id: Int64, in db: Reading) throws -> Organization? {
        try db.first(SQL("SELECT id, code FROM organization WHERE id = \(id)")) { Organization(id: $0.int(0), code: $0.text(1)) }
    }

    // MARK: - acts

    /// Founds a unit. Throws what `OrgHistory.founding` throws.
    @discardableResult
    package static func create(
        code: String, facts: OrganizationFacts, from: Day = .always, to: Day = .open, in db: Writing
    ) throws -> Organization {
        let history = try history(in: db)
        let organization = Organization(id: db.nextID(), code: try Organization.checkedCode(code))
        let version = try history.founding(id: organization.id, code: organization.code, facts: facts, from: from, to: to)
        try insert(organization, in: db)
        try apply([.insert(version)], in: db)
        return organization
    }

    /// Facts of one version set right; nothing else about the unit changes.
    package static func correct(_ id: Int64, versionFrom: Day, in db: Writing, _ change: (inout OrganizationFacts) -> Void) throws {
        try apply(try history(in: db).correcting(id, versionFrom: versionFrom, change), in: db)
    }

    /// Other facts from a day on.
    package static func amend(_ id: Int64, from day: Day, in db: Writing, _ change: (inout OrganizationFacts) -> Void) throws {
        try apply(try history(in: db).amending(id, from: day, change), in: db)
    }

    package static func move(_ id: Int64, to parent: Int64?, from day: Day, in db: Writing) throws {
        try apply(try history(in: db).moving(id, to: parent, from: day), in: db)
    }

    /// The code of the unit set right.
    package static func recode(_ id: Int64, to code: String, in db: Writing) throws {
        let history = try history(in: db)
        guard let old = history.organizations[id] else { throw OrgHistory.missing }
        let code = try Organization.checkedCode(code)
        guard code != old.code else { return }
        // Not whose: the unit may lie outside what the asker sees.
        if let other = history.id(code: code) { throw Refusal("organization.codeTaken", "单位编码 \(code) 已有单位在用；请换一个编码", about: other) }
        let new = Organization(id: id, code: code)
        try db.run(SQL("UPDATE organization SET code = \(code), act_id = \(db.actID) WHERE id = \(id)"))
        try db.change("organization", id, before: image(old).json, after: image(new).json)
    }

    // MARK: - rows

    private static let columns: SQL =
        "id, organization_id, from_day, to_day, parent_id, name, kind, credit_code, ownership, employees, members, enterprises"
    private static let columnNames = [
        "id", "organization_id", "from_day", "to_day", "parent_id", "name", "kind", "credit_code", "ownership", "employees", "members",
        "enterprises", "act_id",
    ]

    private static func read(_ row: Row) -> OrganizationVersion {
        OrganizationVersion(
            id: row.int(0), organizationID: row.int(1), from: row.day(2), to: row.day(3),
            facts: OrganizationFacts(
                parentID: row.intOrNil(4), name: row.text(5), kind: row.text(6), creditCode: row.text(7), ownership: row.text(8),
                employees: row.countOrNil(9), members: row.countOrNil(10), enterprises: row.countOrNil(11)))
    }

    static func insert(_ organization: Organization, in db: Writing) throws {
        try db.run(SQL("INSERT INTO organization (id, code, act_id) VALUES (\(organization.id), \(organization.code), \(db.actID))"))
        try db.change("organization", organization.id, before: nil, after: image(organization).json)
    }

    /// Writes the edits in their order and notes each; inserts get their ids here.
    package static func apply(_ edits: [VersionEdit], in db: Writing) throws {
        for edit in edits {
            switch edit {
            case .insert(var version):
                version.id = db.nextID()
                try put(version, in: db)
                try db.change("organization_version", version.id, before: nil, after: image(version).json)
            case .update(let old, let new):
                try update(new, in: db)
                try db.change("organization_version", old.id, before: image(old).json, after: image(new).json)
            case .delete(let old):
                try db.run(SQL("DELETE FROM organization_version WHERE id = \(old.id)"))
                try db.change("organization_version", old.id, before: image(old).json, after: nil)
            }
        }
    }

    /// New units with their first version, by the thousand; nothing is checked here.
    package static func found(_ units: [(Organization, OrganizationVersion)], in db: Writing) throws {
        try db.bulk(into: "organization", columns: ["id", "code", "act_id"]) { put in
            for (organization, _) in units { put([.int(organization.id), .text(organization.code), .int(db.actID)]) }
        }
        let versions = units.map { (_, version) in
            var version = version
            version.id = db.nextID()
            return version
        }
        try db.bulk(into: "organization_version", columns: columnNames) { put in
            for version in versions { put(values(version, act: db.actID)) }
        }
        for (unit, version) in zip(units, versions) {
            try db.change("organization", unit.0.id, before: nil, after: image(unit.0).json)
            try db.change("organization_version", version.id, before: nil, after: image(version).json)
        }
    }

    private static func values(_ version: OrganizationVersion, act: Int64) -> [Value] {
        let facts = version.facts
        return [
            .int(version.id), .int(version.organizationID), .int(Int64(version.from.number)), .int(Int64(version.to.number)),
            .of(facts.parentID), .text(facts.name), .text(facts.kind), .text(facts.creditCode), .text(facts.ownership),
            .of(facts.employees), .of(facts.members), .of(facts.enterprises), .int(act),
        ]
    }

    private static func put(_ version: OrganizationVersion, in db: Writing) throws {
        let facts = version.facts
        try db.run(
            SQL(
                """
                INSERT INTO organization_version (\(columns), act_id)
                VALUES (\(version.id), \(version.organizationID), \(version.from), \(version.to), \(facts.parentID), \(facts.name), \(facts.kind),
                    \(facts.creditCode), \(facts.ownership), \(facts.employees), \(facts.members), \(facts.enterprises), \(db.actID))
                """))
    }

    private static func update(_ version: OrganizationVersion, in db: Writing) throws {
        let facts = version.facts
        try db.run(
            SQL(
                """
                UPDATE organization_version SET from_day = \(version.from), to_day = \(version.to), parent_id = \(facts.parentID),
                    name = \(facts.name), kind = \(facts.kind), credit_code = \(facts.creditCode), ownership = \(facts.ownership),
                    employees = \(facts.employees), members = \(facts.members), enterprises = \(facts.enterprises), act_id = \(db.actID)
                WHERE id = \(version.id)
                """))
    }

    // MARK: - images

    private static func image(_ organization: Organization) -> RowImage {
        RowImage(["id": .int(organization.id), "code": .text(organization.code)])
    }

    private static func image(_ version: OrganizationVersion) -> RowImage {
        let facts = version.facts
        return RowImage([
            "id": .int(version.id), "organization_id": .int(version.organizationID), "from_day": .day(version.from), "to_day": .day(version.to),
            "parent_id": .int(facts.parentID), "name": .text(facts.name), "kind": .text(facts.kind), "credit_code": .text(facts.creditCode),
            "ownership": .text(facts.ownership), "employees": .int(facts.employees), "members": .int(facts.members),
            "enterprises": .int(facts.enterprises),
        ])
    }

    /// The version an image shows.
    package static func version(_ image: RowImage) -> OrganizationVersion {
        OrganizationVersion(
            id: image.int("id") ?? 0, organizationID: image.int("organization_id") ?? 0, from: image.day("from_day") ?? .always,
            to: image.day("to_day") ?? .open,
            facts: OrganizationFacts(
                parentID: image.int("parent_id"), name: image.text("name") ?? "", kind: image.text("kind") ?? "",
                creditCode: image.text("credit_code") ?? "", ownership: image.text("ownership") ?? "",
                employees: image.int("employees").map(Int.init), members: image.int("members").map(Int.init),
                enterprises: image.int("enterprises").map(Int.init)))
    }

    /// What undo needs for these tables.
    package static let keepers = [
        RowKeeper(
            subject: "organization", image: { id, db in try organization(id, in: db).map(image) },
            restore: { id, image, db in
                guard let image else {
                    try db.run(SQL("DELETE FROM organization WHERE id = \(id)"))
                    return
                }
                let code = image.text("code") ?? ""
                try db.run(
                    SQL(
                        """
                        INSERT INTO organization (id, code, act_id) VALUES (\(id), \(code), \(db.actID))
                        ON CONFLICT (id) DO UPDATE SET code = excluded.code, act_id = excluded.act_id
                        """))
            }),
        RowKeeper(
            subject: "organization_version",
            image: { id, db in try db.first(SQL("SELECT \(columns) FROM organization_version WHERE id = \(id)"), read).map(image) },
            restore: { id, image, db in
                guard let image else {
                    try db.run(SQL("DELETE FROM organization_version WHERE id = \(id)"))
                    return
                }
                let isThere = try db.count(SQL("SELECT count(*) FROM organization_version WHERE id = \(id)")) == 1
                if isThere { try update(version(image), in: db) } else { try put(version(image), in: db) }
            }),
    ]

    /// All changes of a unit, newest first: of its code and of its versions.
    package static func changes(of id: Int64, in db: Reading) throws -> [ChangeRecord] {
        // A version that was taken back has left its images only: it is found by the acts that touched its neighbours.
        let versions = try db.rows(
            SQL(
                """
                SELECT id FROM organization_version WHERE organization_id = \(id)
                UNION SELECT c.subject_id FROM act_change c WHERE c.subject = 'organization_version' AND c.act_id IN (
                    SELECT n.act_id FROM act_change n JOIN act ON act.id = n.act_id
                    WHERE n.subject = 'organization_version' AND act.kind NOT LIKE 'import.%'
                    AND n.subject_id IN (SELECT id FROM organization_version WHERE organization_id = \(id)))
                """)
        ) { $0.int(0) }
        let own = try ActStore.changes(of: "organization_version", versions, in: db)
            .filter { ($0.after ?? $0.before)?.int("organization_id") == id }
        return (try ActStore.changes(of: "organization", [id], in: db) + own).sorted { $0.id > $1.id }
    }
}
