/// What a schema of PostgreSQL consists of: whatever decides what may stand in a table of the current schema, or happens when it is
/// written to or read, each with a name and its definition. What an extension brings is the extension's.
enum DefinitionStore {
    static let postgres: [SQL] = [
        """
        SELECT 'table ' || c.relname, CAST(c.relkind AS TEXT) || CAST(c.relpersistence AS TEXT) || CAST(c.relrowsecurity AS TEXT) || CAST(c.relforcerowsecurity AS TEXT)
            || string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || CAST(a.attnotnull AS TEXT) || CAST(a.attidentity AS TEXT) || CAST(a.attgenerated AS TEXT)
            || ' ' || coalesce(CAST(CAST(o.collnamespace AS regnamespace) AS TEXT) || '.' || CAST(o.collname AS TEXT), '') || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
            ', ' ORDER BY a.attname)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum LEFT JOIN pg_collation o ON o.oid = a.attcollation
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S', 'c')
            AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = CAST('pg_class' AS regclass) AND e.objid = c.oid AND e.deptype = 'e')
        GROUP BY c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity
        """,
        """
        SELECT 'constraint ' || r.relname || '.' || c.conname, pg_get_constraintdef(c.oid) || CAST(c.convalidated AS TEXT)
        FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid WHERE c.connamespace = CAST(current_schema() AS regnamespace) AND c.contype <> 'n'
        """,
        """
        SELECT 'index ' || c.relname, pg_get_indexdef(c.oid) || CAST(i.indisvalid AS TEXT) || CAST(i.indisready AS TEXT) || CAST(i.indislive AS TEXT)
        FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
        """,
        """
        SELECT 'trigger ' || c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || CAST(t.tgenabled AS TEXT) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND NOT t.tgisinternal
        """,
        """
        SELECT 'foreign keys of ' || c.relname, CAST(bool_and(t.tgenabled = 'O') AS TEXT) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND t.tgisinternal GROUP BY c.relname
        """,
        """
        SELECT 'function ' || CAST(CAST(p.oid AS regprocedure) AS TEXT), CAST(p.prokind AS TEXT) || CAST(p.prosecdef AS TEXT) || CAST(p.provolatile AS TEXT)
            || CAST(p.proisstrict AS TEXT) || pg_get_function_arguments(p.oid) || ' ' || coalesce(pg_get_function_result(p.oid), '') || ' ' || CAST(l.lanname AS TEXT) || ' ' || coalesce(array_to_string(p.proconfig, ','), '') || ' ' || coalesce(p.prosrc, '')
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = CAST(current_schema() AS regnamespace)
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_proc' AS regclass) AND d.objid = p.oid AND d.deptype = 'e')
        """,
        """
        SELECT 'rule ' || c.relname || '.' || r.rulename, pg_get_ruledef(r.oid) || CAST(r.ev_enabled AS TEXT) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
        """,
        // A child's rows are read with its parent's, wherever it lies.
        """
        SELECT 'child ' || CAST(CAST(i.inhrelid AS regclass) AS TEXT), CAST(c.relname AS TEXT) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
        """,
        """
        SELECT 'operator ' || CAST(CAST(o.oid AS regoperator) AS TEXT), CAST(o.oprcode AS TEXT) FROM pg_operator o
        WHERE o.oprnamespace = CAST(current_schema() AS regnamespace)
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_operator' AS regclass) AND d.objid = o.oid AND d.deptype = 'e')
        """,
        """
        SELECT 'policy ' || c.relname || '.' || p.polname, CAST(p.polcmd AS TEXT) || CAST(p.polpermissive AS TEXT) || CAST(p.polroles AS TEXT)
            || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
        """,
        // Row types come with their tables.
        """
        SELECT 'type ' || t.typname, CAST(t.typtype AS TEXT) || format_type(t.typbasetype, t.typtypmod) || CAST(t.typnotnull AS TEXT) || coalesce(t.typdefault, '')
            || coalesce((SELECT string_agg(CAST(e.enumlabel AS TEXT), ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')
        FROM pg_type t WHERE t.typnamespace = CAST(current_schema() AS regnamespace) AND t.typtype IN ('d', 'e', 'r', 'm')
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_type' AS regclass) AND d.objid = t.oid AND d.deptype = 'e')
        """,
        """
        SELECT 'collation ' || o.collname, CAST(o.collprovider AS TEXT) || CAST(o.collisdeterministic AS TEXT) FROM pg_collation o
        WHERE o.collnamespace = CAST(current_schema() AS regnamespace)
        """,
        """
        SELECT 'operator class ' || o.opcname || ' of ' || m.amname, format_type(o.opcintype, NULL) || CAST(o.opcdefault AS TEXT)
        FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod WHERE o.opcnamespace = CAST(current_schema() AS regnamespace)
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_opclass' AS regclass) AND d.objid = o.oid AND d.deptype = 'e')
        """,
    ]
}
