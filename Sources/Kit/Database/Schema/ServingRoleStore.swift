/// PostgreSQL: a role that owns the tables and migrates, and one that serves and can change nothing of what is on record.
package enum ServingRoleStore {
    /// Whether whoever is connected owns the tables, or there are none yet.
    static func mayMigrate(in db: Reading) throws -> Bool {
        guard db.engine == .postgres else { return true }
        return try db.count(
            """
            SELECT CASE WHEN coalesce(bool_and(pg_has_role(c.relowner, 'USAGE')), true) THEN 1 ELSE 0 END FROM pg_class c
            WHERE c.relname = 'migration' AND c.relnamespace = CAST(current_schema() AS regnamespace)
            """) == 1
    }

    /// What a role needs of a table to serve and nothing more: tables of `appendOnly` can be read and added to.
    static func rights(on table: String, appendOnly: Set<String>) -> [String] {
        switch table {
        case "migration": ["SELECT"]
        case "tail": ["SELECT", "UPDATE"]
        case "act_chain": ["SELECT", "INSERT", "UPDATE"]
        default: appendOnly.contains(table) ? ["SELECT", "INSERT"] : ["SELECT", "INSERT", "UPDATE", "DELETE"]
        }
    }

    static func grants(to role: String, appendOnly: Set<String>, in db: Reading) throws -> [String] {
        let schema = try db.first("SELECT CAST(current_schema() AS TEXT)") { $0.text(0) } ?? "public"
        return ["REVOKE ALL ON SCHEMA \"\(schema)\" FROM \"\(role)\"", "GRANT USAGE ON SCHEMA \"\(schema)\" TO \"\(role)\"", "REVOKE ALL ON ALL TABLES IN SCHEMA \"\(schema)\" FROM \"\(role)\""]
            + (try Database.tables(db)).map { table, _ in "GRANT \(rights(on: table, appendOnly: appendOnly).joined(separator: ", ")) ON \"\(table)\" TO \"\(role)\"" }
    }

    static func isThere(_ role: String, in db: Reading) throws -> Bool { try db.count(SQL("SELECT count(*) FROM pg_roles WHERE rolname = \(role)")) == 1 }
}

extension Database {
    /// Whether this role may change the schema.
    package func ownsTables() throws -> Bool { try onConnection { try ServingRoleStore.mayMigrate(in: Reading(connection: $0)) } }

    /// Lets a role serve that owns nothing. Refusals `usage.servingRole`, `database.notOwner`.
    package func grantServing(to role: String, appendOnly: Set<String>) throws {
        let isName = !role.isEmpty && role.utf8.count <= 63 && role.utf8.allSatisfy { $0 == 95 || (97...122).contains($0) || (48...57).contains($0) }
        guard engine == .postgres, isName else {
            throw Refusal("usage.servingRole", "--serving-role 用于 PostgreSQL，给出一个已建好的数据库账号名，由小写字母、数字和下划线组成。")
        }
        try onConnection { connection in
            let reading = Reading(connection: connection)
            guard try ServingRoleStore.mayMigrate(in: reading) else { throw Refusal.notOwner }
            guard try ServingRoleStore.isThere(role, in: reading) else {
                throw Refusal("usage.servingRole", "数据库里没有账号 \(role)。请先建好它（CREATE ROLE \(role) LOGIN …，不要给它别的权限），再运行一次。")
            }
            try connection.script("BEGIN")
            do {
                for text in try ServingRoleStore.grants(to: role, appendOnly: appendOnly, in: reading) { try connection.script(text) }
                try connection.script("COMMIT")
            } catch {
                connection.rollback()
                throw error
            }
        }
    }
}

extension Refusal {
    /// Only the owner of the tables may do it.
    package static let notOwner = Refusal("database.notOwner", "当前的数据库账号不拥有数据表，不能做这件事，没有做任何改动。请用拥有数据表的账号的地址再运行一次。")
}
