/// Reads rows and the marks that acts have left of them.
enum KeptRowStore {
    /// The marks of groups of rows as they stand now, one after the other.
    static func marks(of table: KeptTable, _ keys: [Int64], _ key: AuditKey, in db: Reading) throws -> [UInt8] {
        var groups: [Int64: [[UInt8]]] = [:]
        let rows = try db.rows(SQL("\(table.selecting) WHERE \(SQL(stringLiteral: table.key)) IN (\(list: keys))")) { read($0, table) }
        for (id, row) in rows { groups[id, default: []].append(row) }
        return try Cores.map(keys) { [groups] keys in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(keys.count * RowMark.room)
            for id in keys { (groups[id].map { key.mark(of: table.message(id, $0)) } ?? .gone).add(of: id, to: &bytes) }
            return bytes
        }
    }

    /// Every group of rows by its key; memory stays flat.
    static func eachGroup(of table: KeptTable, in db: Reading, _ body: (Int64, [[UInt8]]) throws -> Void) throws {
        var present: Int64?, rows: [[UInt8]] = []
        try db.each(SQL("\(table.selecting) ORDER BY 1")) { row in
            let (id, bytes) = read(row, table)
            if let present, present != id {
                try body(present, rows)
                rows = []
            }
            present = id
            rows.append(bytes)
        }
        if let present { try body(present, rows) }
    }

    /// All rows of a table, the key first.
    static func selecting(_ table: String, _ key: String, _ columns: [Database.Column]) -> SQL {
        SQL(stringLiteral: "SELECT \(([key] + columns.map(\.name)).joined(separator: ", ")) FROM \(table)")
    }

    private static func read(_ row: Row, _ table: KeptTable) -> (Int64, [UInt8]) {
        var frame = FramedBytes()
        for (place, column) in table.columns.enumerated() { frame.add(row.value(place + 1, column.kind)) }
        return (row.int(0), frame.bytes)
    }

    /// The last mark of each group, with the act that left it.
    static func latest(of table: String, in db: Reading) throws -> [Int64: (mark: RowMark, act: Int64)] {
        var latest: [Int64: (mark: RowMark, act: Int64)] = [:]
        try db.each(SQL("SELECT act_id, marks FROM act_mark WHERE subject = \(table) ORDER BY id")) { row in
            let act = row.int(0)
            row.blob(1).withUnsafeBytes { bytes in
                for start in stride(from: 0, through: bytes.count - RowMark.room, by: RowMark.room) {
                    func number(_ offset: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self).bigEndian }
                    latest[Int64(bitPattern: number(0))] = (RowMark(high: number(8), low: number(16)), act)
                }
            }
        }
        return latest
    }

    // MARK: Which columns marks are made over

    private static let subject = "kept_table"

    /// By table, as the log has them.
    static func columns(in db: Reading) throws -> [String: [String]] {
        var columns: [String: [String]] = [:]
        for json in try db.rows(SQL("SELECT after_image FROM act_change WHERE subject = \(subject) ORDER BY id"), { $0.textOrNil(0) ?? "" }) {
            // One that cannot be read is none of ours: the check of the chain tells of it.
            guard let image = try? RowImage(json: json) else { continue }
            columns[image.text("table") ?? ""] = (image.text("columns") ?? "").split(separator: " ").map(String.init)
        }
        return columns
    }

    static func note(_ table: KeptTable, in db: Writing) throws {
        let names = table.columns.map(\.name).joined(separator: " ")
        try db.change(subject, db.actID, before: nil, after: RowImage(["table": .text(table.name), "columns": .text(names)]).json)
    }

    /// The keys of rows that the log may vouch for: all of a table that is new to it; else those that are still what the last
    /// act left, by the columns of then. Where a column of then is gone, by a migration that was just applied, all that have a mark.
    static func vouched(of table: KeptTable, former: [String]?, _ key: AuditKey?, in db: Reading) throws -> [Int64] {
        var keys: [Int64] = []
        guard let former, let key else {
            try eachGroup(of: table, in: db) { id, _ in keys.append(id) }
            return keys
        }
        let old = table.holding(former), isWhole = old.columns.count == former.count
        let marks = try latest(of: table.name, in: db)
        try eachGroup(of: old, in: db) { id, rows in
            guard let (mark, act) = marks[id], !isWhole || key.key(ofChain: act).mark(of: old.message(id, rows)) == mark else { return }
            keys.append(id)
        }
        return keys
    }
}
