/// Whether values are what their columns are declared as. SQLite keeps any value in any column: a text that is stored as bytes reads
/// the same and is found by no `WHERE`, so whoever puts one there hides a row from the checks that follow.
package enum ShapeStore {
    /// Offences as sentences. `positive` are columns by table whose numbers the program makes larger than zero: a smaller one is
    /// outside of every range that is read. One query a table.
    package static func findings(positive: [String: [String]], in db: Reading) throws -> [String] {
        var findings: [String] = []
        for (table, columns) in try Database.tables(db) {
            if db.engine == .sqlite { findings += try kinds(of: table, columns, in: db) }
            for name in positive[table] ?? [] where columns.contains(where: { $0.name == name }) {
                let rows = try db.rows(SQL(stringLiteral: "SELECT \(quoted(name)) FROM \(quoted(table)) WHERE \(quoted(name)) <= 0 ORDER BY 1 LIMIT 5")) { $0.textOrNil(0) ?? "" }
                guard !rows.isEmpty else { continue }
                findings.append("编号：\(table) 的 \(name) 有不大于零的（\(rows.joined(separator: "、"))）：程序从不这样编号，是插入或改动的")
            }
        }
        return findings
    }

    /// SQLite: the storage class of every value. Read from the tables themselves: an index may say otherwise.
    private static func kinds(of table: String, _ columns: [Database.Column], in db: Reading) throws -> [String] {
        let wrong = columns.map { "typeof(\(quoted($0.name))) NOT IN ('null', '\(word($0.kind))')" }
        let sums = wrong.map { "sum(\($0))" }.joined(separator: ", ")
        let counts = try db.first(SQL(stringLiteral: "SELECT \(sums) FROM \(quoted(table)) NOT INDEXED")) { row in columns.indices.map { row.intOrNil($0) ?? 0 } } ?? []
        // Keys that are no numbers say something of somebody; the row's own number does not.
        let key = columns.first { $0.isFirstOfKey && $0.kind == .int }.map { quoted($0.name) } ?? "rowid"
        var findings: [String] = []
        for (place, count) in counts.enumerated() where count > 0 {
            let name = columns[place].name
            let text = "SELECT quote(\(key)), typeof(\(quoted(name))) FROM \(quoted(table)) NOT INDEXED WHERE \(wrong[place]) LIMIT 3"
            let rows = try db.rows(SQL(stringLiteral: text)) { "\(($0.textOrNil(0) ?? "").prefix(40)) 存成 \($0.textOrNil(1) ?? "")" }
            findings.append("数据类型：\(table) 的 \(name) 有 \(count) 行不是 \(word(columns[place].kind))（\(rows.joined(separator: "，"))）：程序写不出来，是改动的")
        }
        return findings
    }

    private static func word(_ kind: ValueKind) -> String {
        switch kind {
        case .int: "integer"
        case .blob: "blob"
        case .text, .any: "text"
        }
    }

    private static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}
