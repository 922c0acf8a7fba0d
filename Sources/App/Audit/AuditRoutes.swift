import Access
import Foundation
import Kit

/// The audit log, for auditors of the whole installation: whose grant stands at a root of the tree.
enum AuditRoutes {
    private static let pageSize = 100
    /// Rows of one workbook.
    private static let mostExported = 100_000

    static func add(to routes: Routes<SignedIn>, _ app: App) {
        let database = app.database

        routes.get("/audit") { request, signedIn in
            let (ask, wrong) = asked(request.query, app.features)
            let outside = try beside(app)
            let (lines, heads, breaks) = try await database.read { db in
                (try AuditStore.lines(ask, limit: pageSize + 1, in: db), try ChainStore.heads(in: db), try broken(outside, in: db))
            }
            let shown = Array(lines.prefix(pageSize))
            return .page(
                AuditPages.list(
                    shown, ask, AuditPages.Chains(chains: heads.count, entries: heads.map(\.sequence).reduce(0, &+), anchor: outside?.anchor ?? .missing, checked: outside?.note),
                    breaks.open,
                    next: lines.count > pageSize ? shown.last?.id : nil, wrong: wrong, request, app.features, signedIn.token))
        }

        routes.get("/audit/:act") { request, _ in
            let id = try request.id("act")
            let found = try await database.read { db in
                try AuditStore.line(id, in: db).map { ($0, try AuditStore.changes(ofAct: id, in: db), try AuditStore.place(id, in: db)) }
            }
            guard let (line, changes, place) = found else { throw WebProblem.missing }
            return .page(AuditPages.entry(line, changes, place, app.features))
        }

        routes.post("/audit/acknowledge") { form, _, signedIn in
            let outside = try beside(app), why = form.text("why").trimmingCharacters(in: .whitespacesAndNewlines)
            try await database.write(signedIn.act("audit.acknowledge", why: why)) { db in
                for one in try broken(outside, in: db).acknowledging(form.text("break"), why: why) { try BreakStore.acknowledge(one, in: db) }
            }
            return .redirect("/audit")
        }

        routes.post("/audit/export") { form, _, signedIn in
            let (ask, _) = asked(form.fields, app.features)
            let words = ["from", "to", "who", "kind", "subject"].compactMap { name in form.text(name).isEmpty ? nil : "\(name)=\(form.text(name))" }
            try await database.write(signedIn.act("audit.export", why: words.joined(separator: " "), isEvent: true)) { _ in }
            let path = Scratch.path("xlsx")
            try await database.read { db in
                let table = try TableWriter(
                    to: path, sheet: "操作记录",
                    columns: ["操作编号", "时间", "谁", "来自", "做了什么", "说明", "变更行数"].map { SheetColumn(key: $0, title: $0, width: 18) })
                for line in try AuditStore.lines(ask, limit: mostExported, in: db) {
                    table.add([
                        .text("\(line.id)"), .text(Clock.minute(ofMilliseconds: line.atMilliseconds)), CellContent(line.who), CellContent(line.origin),
                        .text(app.features.word(ofAct: line.kind)), CellContent(line.why), .integer(Int(line.changes)),
                    ])
                }
                try table.finish()
            }
            return .download("操作记录.xlsx", type: Reply.xlsx, file: path, isTemporary: true)
        }
    }

    /// What lies beside the key; nil where there is no key.
    private static func beside(_ app: App) throws -> Verification.Outside? {
        try app.keyFile.ring().map { ring in
            Verification.Outside(ring: ring, anchor: app.keyFile.anchor.read(ring.auditKey), note: app.keyFile.checkNote.read(ring.auditKey))
        }
    }

    private static func broken(_ outside: Verification.Outside?, in db: Reading) throws -> Breaks {
        guard let outside else { return .none }
        return try BreakStore.breaks(since: outside.ring.since, seen: outside.heads, told: outside.note?.loose ?? [], in: db)
    }

    /// What is asked for, and what is wrong with it by field.
    private static func asked(_ fields: Fields, _ features: FeatureSet) -> (AuditAsk, [String: String]) {
        var ask = AuditAsk(who: fields.text("who"), kind: fields.text("kind")), wrong: [String: String] = [:]
        ask.from = Day(iso: fields.text("from"))
        ask.to = Day(iso: fields.text("to"))
        ask.before = Int64(fields.text("before"))
        ask.subject = Int64(fields.text("subject"))
        ask.subjects = features.subjects.keys.sorted()
        for (name, isRead) in [("from", ask.from != nil), ("to", ask.to != nil)] where !isRead && !fields.text(name).isEmpty {
            wrong[name] = "日期读不懂，没有按它查找；请按 2026-01-31 的样子填写。"
        }
        if ask.subject == nil, !fields.text("subject").isEmpty { wrong["subject"] = "对象编号是数字；请从人员或单位页面的地址中抄录。" }
        return (ask, wrong)
    }
}
