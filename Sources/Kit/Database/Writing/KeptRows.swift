/// One table as its rows are marked: those that share a key together, over all columns.
package struct KeptTable: Sendable {
    package let name: String
    /// The column by which rows are told apart; "0" for a table that is marked as a whole.
    let key: String
    /// By name, so that an engine's order does not matter.
    let columns: [Database.Column]
    /// All rows, the key first.
    let selecting: SQL

    init(name: String, key: String, columns: [Database.Column]) {
        (self.name, self.key, self.columns) = (name, key, columns)
        selecting = KeptRowStore.selecting(name, key, columns)
    }

    /// Where its columns stand among others, by whose values alone a row can be marked; nil where they do not tell the whole row, or where
    /// rows share their keys.
    func places(in others: [String]) -> [Int]? {
        guard others.count == columns.count, columns.contains(where: { $0.isKey && $0.name == key }) else { return nil }
        let places = columns.compactMap { others.firstIndex(of: $0.name) }
        return places.count == columns.count ? places : nil
    }

    /// What a row holds once these values are put into it, as `KeptRowStore` reads it; nil where the engine would make others of them.
    func row(of values: [Value], at places: [Int]) -> [UInt8]? {
        var frame = FramedBytes()
        for (column, place) in zip(columns, places) {
            guard place < values.count else { return nil }
            let isOfKind = switch (values[place], column.kind) {
            case (.null, _), (.int, .int), (.text, .text), (.blob, .blob): true
            default: false
            }
            guard isOfKind else { return nil }
            frame.add(values[place])
        }
        return frame.bytes
    }

    /// The statement, answering with the keys of the rows it has written.
    func returningKeys(_ sql: SQL) -> SQL {
        var sql = sql
        sql.append(SQL(stringLiteral: " RETURNING \(key)"))
        return sql
    }

    /// The same with those of its columns alone.
    func holding(_ names: [String]) -> KeptTable { KeptTable(name: name, key: key, columns: columns.filter { names.contains($0.name) }) }

    /// What the mark of a group is made over; the order in which an engine gives the rows does not matter.
    func message(_ key: Int64, _ rows: [[UInt8]]) -> [UInt8] {
        var frame = FramedBytes()
        frame.add(name)
        frame.add(key)
        for row in rows.sorted(by: { $0.lexicographicallyPrecedes($1) }) { frame.add(row) }
        return frame.bytes
    }
}

/// Every table that is there, but for those with a reason: a new one is held by itself.
package struct KeptRows: Sendable {
    package struct Exceptions: Sendable {
        /// Tables that are not marked row by row, and why.
        package let tables: [String: String]
        /// Columns by which rows are told apart where it is not the first of the primary key.
        package let keys: [String: String]
        /// Tables from which rows may be gone without an act: all but those that give somebody something.
        package let vanishing: Set<String>
        /// Tables that nobody changes, whoever serves: rows are only added.
        package let appendOnly: Set<String>
        /// By table, columns of numbers that the program makes larger than zero.
        package let positive: [String: [String]]

        package init(
            tables: [String: String] = [:], keys: [String: String] = [:], vanishing: Set<String> = [], appendOnly: Set<String> = [], positive: [String: [String]] = [:]
        ) {
            self.tables = tables
            self.keys = keys
            self.vanishing = vanishing
            self.appendOnly = appendOnly
            self.positive = positive
        }

        /// What both say; they speak of different tables.
        package func joined(with other: Exceptions) -> Exceptions {
            Exceptions(
                tables: tables.merging(other.tables) { first, _ in first }, keys: keys.merging(other.keys) { first, _ in first },
                vanishing: vanishing.union(other.vanishing), appendOnly: appendOnly.union(other.appendOnly),
                positive: positive.merging(other.positive) { first, _ in first })
        }
    }

    package let tables: [String: KeptTable]
    let vanishing: Set<String>

    /// As the schema has them.
    init(of db: Reading, but exceptions: Exceptions) throws {
        let kept = try Database.tables(db).filter { exceptions.tables[$0.name] == nil }.map { name, columns in
            KeptTable(
                name: name, key: exceptions.keys[name] ?? columns.first { $0.isFirstOfKey && $0.kind == .int }?.name ?? "0",
                columns: columns.sorted { $0.name < $1.name })
        }
        tables = Dictionary(kept.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        vanishing = exceptions.vanishing
    }

    /// One of them alone.
    package func only(_ table: String) -> KeptRows { KeptRows(tables: tables.filter { $0.key == table }, vanishing: vanishing) }

    private init(tables: [String: KeptTable], vanishing: Set<String>) {
        self.tables = tables
        self.vanishing = vanishing
    }

    /// The table that a statement writes to, where its rows are marked. A statement that does not say it at its beginning is
    /// a fault of the program: what it wrote could not be marked.
    func table(writtenBy sql: SQL) throws -> KeptTable? {
        guard let name = Self.table(writtenBy: sql) else {
            throw DatabaseFault(message: "a statement that writes must begin with what it does to which table", statement: sql.text)
        }
        return tables[name]
    }

    /// The name of the table that a statement says at its beginning to write to.
    static func table(writtenBy sql: SQL) -> String? {
        let text = sql.text.utf8
        // By bytes: it is asked of every row that is written.
        guard let verb = verbs.first(where: { text.starts(with: $0.utf8) }) else { return nil }
        return String(Substring(text.dropFirst(verb.utf8.count).prefix(while: isOfName)))
    }

    private static let verbs = ["INSERT INTO ", "UPDATE ", "DELETE FROM "]
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// What an act marks, and with which key.
struct RowMarking: Sendable {
    let rows: KeptRows
    let key: AuditKey
}

/// Rows that an act has put in at once, and their marks, made while it goes on.
struct PutRows {
    let keys: [Int64]
    let marks: Begun<[RowMark]>

    /// `rows` as `KeptTable.row` has them.
    init(_ rows: [(key: Int64, row: [UInt8])], of table: KeptTable, _ marking: RowMarking) {
        keys = rows.map(\.key)
        marks = Begun { rows.map { marking.key.mark(of: table.message($0.key, [$0.row])) } }
    }
}
