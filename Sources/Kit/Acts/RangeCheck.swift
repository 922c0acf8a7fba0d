/// Columns of a table whose numbers lie in ranges. The schema refuses what else is written; what is there all the same, from
/// before or by hand, is named by `yugong verify`.
package struct RangeCheck: Sendable {
    package struct Column: Sendable {
        package let name: String
        package let range: ClosedRange<Int64>
    }

    package let table: String
    /// What a row is called in a sentence.
    package let word: String
    /// The column that names a row.
    package let key: String
    package let columns: [Column]
    /// Rows that are as they are meant to be although a number is not; as a condition on `t`.
    let excepting: SQL?

    package init(_ table: String, _ word: String, key: String = "id", _ columns: KeyValuePairs<String, ClosedRange<Int64>>, excepting: SQL? = nil) {
        self.table = table
        self.word = word
        self.key = key
        self.columns = columns.map { Column(name: $0.key, range: $0.value) }
        self.excepting = excepting
    }

    /// The first rows that are out of a range, as sentences.
    package func findings(in db: Reading, limit: Int = 50) throws -> [String] {
        let names = columns.map { "t.\($0.name)" }.joined(separator: ", ")
        let sound = columns.map { column -> String in
            let isWhole = db.engine == .sqlite ? "typeof(t.\(column.name)) = 'integer' AND " : ""
            return "(t.\(column.name) IS NULL OR (\(isWhole)t.\(column.name) BETWEEN \(column.range.lowerBound) AND \(column.range.upperBound)))"
        }.joined(separator: " AND ")
        let wrong = SQL(stringLiteral: "SELECT CAST(t.\(key) AS TEXT), \(names) FROM \(table) t WHERE NOT (\(sound))")
        let asked = excepting.map { SQL("\(wrong) AND NOT (\($0)) ORDER BY t.\(SQL(stringLiteral: key)) LIMIT \(limit)") }
            ?? SQL("\(wrong) ORDER BY t.\(SQL(stringLiteral: key)) LIMIT \(limit)")
        return try db.rows(asked) { row in
            let said = columns.enumerated().filter { !row.holds($0.element.range, $0.offset + 1) }.map { place, column in
                "\(column.name) 是 \((row.textOrNil(place + 1) ?? "").prefix(30))，应在 \(column.range.lowerBound) 到 \(column.range.upperBound) 之间"
            }
            return "\(word) \(row.text(0))：\(said.joined(separator: "；"))"
        }
    }
}
