import Access
import Foundation
import Kit

/// The audit log, for auditors of the whole installation: whose grant stands at a root of the tree.
enum AuditRoutes {
    private static let pageSize = 100

    static func add(to routes: Routes<SignedIn>, _ app: App) {
        let database = app.database

        routes.get("/audit") { request, signedIn in
            let outside = try beside(app)
            let (ask, wrong, lines, heads, breaks) = try await database.read { db in
                let (ask, wrong) = try asked(request.query, app.features, in: db)
                return (ask, wrong, try AuditStore.lines(ask, limit: pageSize + 1, in: db), try ChainStore.heads(in: db), try broken(outside, in: db))
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
            let pairs = ["from", "to", "who", "kind", "subject"].map { ($0, form.text($0)) }.filter { !$0.1.isEmpty }
            let called = ["from": "从", "to": "到", "who": "谁", "kind": "做了什么", "subject": "涉及"]
            let words = pairs.map { "\(called[$0.0] ?? "")：\($0.0 == "kind" ? app.features.word(ofAct: $0.1) : $0.1)" }.joined(separator: "，"), order = AuditOrder(query: pairs.map { [$0.0, $0.1] }), back = PageAddress("/audit", Fields(pairs)).link
            return .redirect(try await database.write(signedIn.act("audit.export", why: words, isEvent: true)) { db in
                try MadeFileKind.audit.ask(order, "操作记录", back: back, by: signedIn, app.house, in: db)
            })
        }
    }

    /// What lies beside the key; nil where there is no key.
    private static func beside(_ app: App) throws -> Verification.Outside? {
        try app.keyFile.ring().map { ring in
            Verification.Outside(ring: ring, anchor: app.keyFile.anchor.read(ring.auditKey), note: app.keyFile.checkNote.read(ring.auditKey))
        }
    }

    /// Breaks that nobody has acknowledged, and the latest check of everything.
    static func standing(_ app: App, in db: Reading) throws -> (open: Int, note: CheckNote?) {
        let outside = try beside(app)
        return (try broken(outside, in: db).open.count, outside?.note)
    }

    private static func broken(_ outside: Verification.Outside?, in db: Reading) throws -> Breaks {
        guard let outside else { return .none }
        return try BreakStore.breaks(since: outside.ring.since, seen: outside.heads, told: outside.note?.loose ?? [], in: db)
    }

    /// What is asked for, and what is wrong with it by field.
    static func asked(_ fields: Fields, _ features: FeatureSet, in db: Reading) throws -> (AuditAsk, [String: String]) {
        var ask = AuditAsk(who: fields.text("who"), kind: fields.text("kind")), wrong: [String: String] = [:]
        ask.from = Day(iso: fields.text("from"))
        ask.to = Day(iso: fields.text("to"))
        ask.before = Int64(fields.text("before"))
        ask.about = fields.text("subject")
        ask.subject = ask.about.isEmpty ? nil : try AuditStore.subject(ask.about, in: db)
        ask.subjects = features.subjects.keys.sorted()
        for (name, isRead) in [("from", ask.from != nil), ("to", ask.to != nil)] where !isRead && !fields.text(name).isEmpty {
            wrong[name] = "日期读不懂，没有按它查找；请按 2026-01-31 的样子填写。"
        }
        if ask.subject == nil, !ask.about.isEmpty { wrong["subject"] = "没有这个编号或单位，没有按它查找；请填人员编号、单位编码或单位全称。" }
        return (ask, wrong)
    }
}
