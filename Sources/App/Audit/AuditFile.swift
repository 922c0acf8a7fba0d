import Access
import Kit

/// The log as it is asked for: what stands in the fields of its search.
struct AuditOrder: Codable, Sendable {
    let query: [[String]]
}

extension MadeFileKind {
    /// Rows of one workbook of the log.
    private static let mostActs = 100_000

    /// The log of acts.
    static let audit = MadeFileKind(
        "audit", "操作记录", of: AuditOrder.self, as: .list,
        judge: { _, _, signedIn, _ in guard signedIn.isOverAll(.auditor) else { throw WebProblem.missing } },
        make: { house, order, _, work in
            let path = Scratch.path("xlsx")
            try await house.database.read { db in
                let (ask, _) = try AuditRoutes.asked(Fields(order.query.filter { $0.count == 2 }.map { ($0[0], $0[1]) }), house.features, in: db)
                let table = try TableWriter(
                    to: path, sheet: "操作记录",
                    columns: ["操作编号", "时间", "谁", "来自", "做了什么", "说明", "变更行数"].map { SheetColumn(key: $0, title: $0, width: 18) })
                let lines = try AuditStore.lines(ask, limit: mostActs, in: db)
                for (number, line) in lines.enumerated() {
                    work.note(done: number, total: lines.count)
                    table.add([
                        .text("\(line.id)"), .text(Clock.minute(ofMilliseconds: line.atMilliseconds)), CellContent(line.who), CellContent(line.origin),
                        .text(house.features.word(ofAct: line.kind)), CellContent(AuditPages.why(line, house.features)), .integer(Int(line.changes)),
                    ])
                }
                try table.finish()
            }
            return Made("操作记录.xlsx", type: Reply.xlsx, at: path)
        })
}
