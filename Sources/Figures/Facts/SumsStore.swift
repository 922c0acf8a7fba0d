import Kit
import Ledger
import Rules

/// What the rows behind the columns add up to, asked of the database alone: one pass over each table.
enum SumsStore {
    /// Whether columns of this very state add up to what the rows do.
    static func agree(_ loaded: FactsStore.Loaded, _ vocabulary: Vocabulary, in db: Reading) throws -> Bool {
        let merged = try db.count("SELECT count(*) FROM person WHERE merged_into IS NOT NULL")
        return try merged == loaded.index.mergedFiles.count && sums(vocabulary, in: db) == loaded.columns.sums(without: loaded.index.abandoned)
    }

    /// Rows that the columns leave out are left out here too.
    private static func sums(_ vocabulary: Vocabulary, in db: Reading) throws -> ColumnsSums {
        let converting = Columns.convertingForms(of: vocabulary).sorted()
        func between(_ column: SQL, _ range: ClosedRange<Int64>) -> SQL { SQL("\(column) BETWEEN \(range.lowerBound) AND \(range.upperBound)") }
        let inDays = SQL("(half_days IS NOT NULL AND form IN (\(list: converting)))"), days = HourEntryStore.days
        let entries = try row(
            [
                "count(*)", "sum(CASE WHEN sign < 0 THEN 1 ELSE 0 END)", "sum(from_day)", "sum(to_day)", SQL("sum(CASE WHEN \(inDays) THEN half_days ELSE 0 END)"),
                SQL("sum(CASE WHEN \(inDays) THEN 0 ELSE coalesce(hours, 0) END)"), "sum(is_completed)", "sum(is_selected)", "count(host_id)",
                "sum(CASE WHEN institution <> '' THEN 1 ELSE 0 END)", "sum(length(form) + length(purpose) + length(content))",
            ],
            from: SQL(
                """
                hour_entry WHERE \(between("from_day", days)) AND \(between("to_day", days)) AND from_day <= to_day
                    AND (half_days IS NULL OR \(between("half_days", HourEntryStore.halfDays))) AND (hours IS NULL OR \(between("hours", HourEntryStore.hours)))
                """), db)
        let span = SQL("\(between("from_day", Day.numbers)) AND \(between("to_day", Day.numbers))")
        return ColumnsSums(
            entries: entries,
            posts: try row(["count(*)", "sum(from_day)", "sum(to_day)", "sum(is_primary)", "sum(is_leadership)"], from: SQL("appointment WHERE \(span)"), db),
            versions: try row(["count(*)", "sum(from_day)", "sum(to_day)"], from: SQL("organization_version WHERE \(span)"), db),
            terms: try row(["count(*)", "sum(elected_day)", "sum(expiry_day)"], from: "term_of_office", db))
    }

    private static func row(_ sums: [SQL], from rows: SQL, _ db: Reading) throws -> [Int64] {
        // Sums of whole numbers are decimals for PostgreSQL, and nothing where there is no row.
        let whole = SQL.join(sums.map { SQL("CAST(coalesce(\($0), 0) AS BIGINT)") }, separator: ", ")
        return try db.first(SQL("SELECT \(whole) FROM \(rows)")) { row in sums.indices.map { row.int($0) } } ?? []
    }
}
