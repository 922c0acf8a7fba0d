/// Holds every row of every kept table against the mark that the last act left of it, both ways.
package enum RowCheck {
    /// Rows compared, and what is wrong as sentences. One table's marks are in memory at a time. `isNoted`: it is certain that the
    /// log has taken tables in. `progress` gets the rows done.
    package static func run(_ rows: KeptRows, _ key: AuditKey, isNoted: Bool = false, progress: (Int) -> Void = { _ in }, in db: Reading) throws -> (rows: Int64, findings: [String]) {
        var count: Int64 = 0, findings: [String] = []
        func find(_ sentence: String) { if findings.count < 1000 { findings.append(sentence) } }
        let known = try KeptRowStore.columns(in: db)
        // A log from before there were marks, in a backup of then.
        guard !known.isEmpty else { return (0, isNoted ? ["操作记录里没有登记过任何一张表：登记（kept_table）被改动或删除，各表的行无从核对"] : []) }
        for table in rows.tables.values.sorted(by: { $0.name < $1.name }) {
            // By the columns of then: a migration may have added some, or the table.
            let former = known[table.name] ?? table.columns.map(\.name), table = table.holding(former)
            guard table.columns.count == former.count else {
                find("\(table.name)：操作记录里有的列不在了，不能核对")
                continue
            }
            var marks = try KeptRowStore.latest(of: table.name, in: db)
            // A table that a migration has added to a backup is empty.
            var isTold = known[table.name] != nil
            func tellUntaken() {
                guard !isTold else { return }
                isTold = true
                find("\(table.name)：操作记录里没有登记过这张表：登记（kept_table）被改动或删除")
            }
            if !marks.isEmpty { tellUntaken() }
            try KeptRowStore.eachGroup(of: table, in: db) { id, group in
                tellUntaken()
                count += Int64(group.count)
                if count % 1000 == 0 { progress(Int(count)) }
                guard let (mark, act) = marks.removeValue(forKey: id) else { return find("\(table.name) \(id)：没有任何操作写过这一行，是插入的") }
                guard key.key(ofChain: act).mark(of: table.message(id, group)) != mark else { return }
                find(mark == .gone ? "\(table.name) \(id)：这一行早已删除，现在又有了" : "\(table.name) \(id)：这一行与最后一次操作留下的不同")
            }
            guard !rows.vanishing.contains(table.name) else { continue }
            for id in marks.filter({ $0.value.mark != .gone }).keys.sorted().prefix(1000) { find("\(table.name) \(id)：这一行不在了，没有操作删除过它") }
        }
        return (count, findings)
    }
}
