/// PostgreSQL: who may do what with the tables beside their owner, asked of the rights of every table and of the schema.
enum RightsStore {
    /// Rights beyond what a role needs to serve, owners that differ, and serving roles that may do what only the owner is to.
    static func findings(appendOnly: Set<String>, in db: Reading) throws -> [String] {
        try onTables(appendOnly, in: db) + onSchema(in: db) + owners(in: db) + serving(in: db)
    }

    /// What is given beyond the rights of a role that serves, column by column too, and whatever is given to everybody.
    private static func onTables(_ appendOnly: Set<String>, in db: Reading) throws -> [String] {
        let given = try db.rows(
            """
            SELECT CAST(c.relname AS TEXT), coalesce(CAST(r.rolname AS TEXT), 'PUBLIC'), CAST(x.privilege_type AS TEXT), CASE WHEN x.is_grantable THEN 1 ELSE 0 END,
                CASE WHEN x.grantee = 0 THEN 1 ELSE 0 END
            FROM pg_class c CROSS JOIN LATERAL (
                SELECT e.grantee, e.privilege_type, e.is_grantable FROM aclexplode(c.relacl) e
                UNION SELECT e.grantee, e.privilege_type, e.is_grantable FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) e WHERE a.attrelid = c.oid) x
                LEFT JOIN pg_roles r ON r.oid = x.grantee
            WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND x.grantee <> c.relowner
                AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_class' AS regclass) AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 1, 2, 3
            """
        ) { (table: $0.text(0), role: $0.text(1), right: $0.text(2), mayPassOn: $0.bool(3), isPublic: $0.bool(4)) }
        return given.filter { $0.isPublic || $0.mayPassOn || !ServingRoleStore.rights(on: $0.table, appendOnly: appendOnly).contains($0.right) }
            .map { "数据库权限：账号 \($0.role) 对 \($0.table) 有 \($0.right) 权\($0.mayPassOn ? "，还能转授" : "")，服务用不着它，请收回" }
    }

    /// Whoever may make something in the schema. Before version 15 PostgreSQL itself lets everybody, which only its administrator can end.
    private static func onSchema(in db: Reading) throws -> [String] {
        try db.rows(
            """
            SELECT coalesce(CAST(r.rolname AS TEXT), 'PUBLIC'), CAST(n.nspname AS TEXT), CAST(x.privilege_type AS TEXT)
            FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) x LEFT JOIN pg_roles r ON r.oid = x.grantee
            WHERE n.oid = CAST(current_schema() AS regnamespace) AND x.grantee <> n.nspowner AND (x.privilege_type <> 'USAGE' OR x.is_grantable)
                AND x.grantee NOT IN (SELECT c.relowner FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'migration')
                AND NOT (x.grantee = 0 AND CAST(current_setting('server_version_num') AS INTEGER) < 150000) ORDER BY 1, 3
            """
        ) { "数据库权限：账号 \($0.text(0)) 对模式 \($0.text(1)) 有 \($0.text(2)) 权，能在里面建立对象或转授，请收回" }
    }

    /// Tables and functions that do not belong to whoever owns the list of migrations.
    private static func owners(in db: Reading) throws -> [String] {
        try db.rows(
            """
            WITH own AS (SELECT c.relowner FROM pg_class c WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relname = 'migration')
            SELECT o.name, CAST(r.rolname AS TEXT) FROM (
                SELECT CAST(c.relname AS TEXT) AS name, c.relowner AS owner FROM pg_class c WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
                    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_class' AS regclass) AND d.objid = c.oid AND d.deptype = 'e')
                UNION SELECT CAST(CAST(p.oid AS regprocedure) AS TEXT), p.proowner FROM pg_proc p WHERE p.pronamespace = CAST(current_schema() AS regnamespace)
                    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_proc' AS regclass) AND d.objid = p.oid AND d.deptype = 'e')
            ) o JOIN pg_roles r ON r.oid = o.owner WHERE o.owner NOT IN (SELECT relowner FROM own) ORDER BY 1 LIMIT 50
            """
        ) { "数据库权限：\($0.text(0)) 属于账号 \($0.text(1))，与其他表的主人不同" }
    }

    /// Roles that serve, by what they may add to, and may do what only the owner is to: by being one of its members, a superuser, or
    /// whoever owns the schema.
    private static func serving(in db: Reading) throws -> [String] {
        try db.rows(
            """
            SELECT CAST(r.rolname AS TEXT), CASE WHEN r.rolsuper THEN '是超级用户' WHEN pg_has_role(r.oid, c.relowner, 'MEMBER') THEN '能以数据表主人的身份行事' ELSE '拥有模式' END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid <> c.relowner
            WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relname = 'act'
                AND r.oid IN (SELECT x.grantee FROM aclexplode(c.relacl) x WHERE x.privilege_type = 'INSERT')
                AND (r.rolsuper OR pg_has_role(r.oid, c.relowner, 'MEMBER') OR pg_has_role(r.oid, n.nspowner, 'MEMBER')) ORDER BY 1
            """
        ) { "数据库权限：服务用的账号 \($0.text(0)) \($0.text(1))，能改动只能追加的表" }
    }
}
