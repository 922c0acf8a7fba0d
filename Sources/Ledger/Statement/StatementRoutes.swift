import Access
import Kit
import Register
import Rules

/// 学时账户 and the single record, for whoever may see the person.
package enum StatementRoutes {
    package static func add(to routes: Routes<SignedIn>, _ house: House) {
        routes.get("/people/:person/hours") { request, signedIn in
            let id = try request.id("person"), year = request.query.year("year")
            return .page(try await house.database.read { db in
                let file = try PersonFile.seen(id, signedIn, in: db), person = file.person
                let home = try RosterStore.homes(of: [person.id], on: signedIn.today, in: db)[person.id]
                let policy = try AdoptionStore.bindings(house.library, signedIn.scope.tree.history, in: db).account(at: home, on: signedIn.today)
                let statement = try StatementStore.statement(of: person.id, under: policy, through: file.sight.through(signedIn.today), from: db) {
                    file.sight.shows(from: $0.record.from)
                }
                return StatementPages.statement(
                    statement, of: person, policy: policy, year: year, today: signedIn.today, words: words(statement.lines.map(\.entry), house.library, signedIn.scope.tree.history))
            })
        }

        routes.get("/records/:entry") { request, signedIn in
            let shown = try await house.database.read { db -> StatementPages.Shown in try Self.shown(try request.id("entry"), signedIn, house.library, in: db) }
            return .page(StatementPages.record(shown, form: nil, wrong: nil, token: signedIn.token))
        }

        routes.post("/records/:entry/reverse") { form, request, signedIn in
            let shown = try await house.database.read { db -> StatementPages.Shown in try Self.shown(try request.id("entry"), signedIn, house.library, in: db) }
            guard shown.mayKeep else { throw WebProblem.missing }
            do {
                try await house.database.write(signedIn.act("entry.reverse", why: form.text("why"))) { db in
                    try HourEntryStore.reverse(shown.entry.id, why: form.text("why"), db)
                }
            } catch let refusal as Refusal {
                return .page(StatementPages.record(shown, form: form, wrong: ("why", refusal.sentence), token: signedIn.token))
            }
            return .redirect("/records/\(shown.entry.id)")
        }

        routes.post("/records/:entry/correct") { form, request, signedIn in
            let shown = try await house.database.read { db -> StatementPages.Shown in try Self.shown(try request.id("entry"), signedIn, house.library, in: db) }
            guard shown.mayKeep else { throw WebProblem.missing }
            func again(_ field: String, _ sentence: String) -> Reply {
                .page(StatementPages.record(shown, form: form, wrong: (field, sentence), token: signedIn.token))
            }
            var record = shown.entry.record
            record.title = form.text("title")
            guard !record.title.isEmpty else { return again("title", "培训名称没有填；请填写。") }
            guard record.title.fits(200) else { return again("title", "培训名称有 \(record.title.count) 个字，太长；请缩短到 200 个字以内。") }
            guard let from = form.day("from") else { return again("from", "开始日期读不懂；请\(Day.howToEnter)。") }
            guard let to = form.day("to") else { return again("to", "结束日期读不懂；请\(Day.howToEnter)。") }
            (record.from, record.to) = (from, to)
            guard let days = hundredths(form.text("days")), days.map({ $0 % 50 == 0 }) ?? true else {
                return again("days", "天数应是 0.5 的倍数，例如 2 或 0.5；请改正。")
            }
            guard let hours = hundredths(form.text("hours")) else { return again("hours", "学时最多两位小数，例如 16 或 7.5；请改正。") }
            record.halfDays = days.map { $0 / 50 }
            record.hours = hours
            record.isSelected = form.isTicked("selected")
            record.isCompleted = form.isTicked("completed")
            let corrected = record, check = TrainingRecordCheck(vocabulary: house.library.vocabulary)
            let conversion = try await house.database.read { db in
                let home = try RosterStore.homes(of: [shown.person.id], on: corrected.to, in: db)[shown.person.id]
                return try AdoptionStore.bindings(house.library, signedIn.scope.tree.history, in: db).conversion(at: home, on: corrected.to)
            }
            if let fault = check.faults(of: corrected).first ?? check.disagreement(in: corrected, conversion) { return again(fault.column, fault.sentence) }
            do {
                try await house.database.write(signedIn.act("entry.correct", why: form.text("why"))) { db in
                    try HourEntryStore.correct(shown.entry.id, to: corrected, why: form.text("why"), db)
                }
            } catch let refusal as Refusal {
                return again(refusal.name == "ledger.nothingChanged" ? "title" : "why", refusal.sentence)
            }
            return .redirect("/records/\(shown.entry.id)")
        }
    }

    /// A decimal with at most two places in hundredths; the outer nil for what is none, the inner for an empty field.
    private static func hundredths(_ text: String) -> Int?? {
        if text.isEmpty { return .some(nil) }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, text.count <= 9, let whole = Int(parts[0]), whole >= 0 else { return nil }
        guard parts.count == 2 else { return whole * 100 }
        guard (1...2).contains(parts[1].count), parts[1].allSatisfy(\.isNumber), let part = Int(parts[1]) else { return nil }
        return whole * 100 + (parts[1].count == 1 ? part * 10 : part)
    }

    private static func words(_ entries: [HourEntry], _ library: PolicyLibrary, _ history: OrgHistory) -> StatementPages.Words {
        var hosts: [Int64: String] = [:]
        for id in Set(entries.compactMap(\.record.hostID)) { hosts[id] = history.name(id) }
        return StatementPages.Words(vocabulary: library.vocabulary, hosts: hosts)
    }

    private static func shown(_ id: Int64, _ signedIn: SignedIn, _ library: PolicyLibrary, in db: Reading) throws -> StatementPages.Shown {
        guard let entry = try HourEntryStore.entry(id, from: db) else { throw WebProblem.missing }
        // Of somebody who was here in the past, what began later is as missing as what never was.
        let file = try PersonFile.seen(entry.personID, signedIn, in: db), person = file.person
        guard file.sight.shows(from: entry.record.from) else { throw WebProblem.missing }
        let chain = try HourEntryStore.entries(of: person.id, from: db)
            .filter { $0.personID == entry.personID && $0.sourceKey == entry.sourceKey && file.sight.shows(from: $0.record.from) }
        return StatementPages.Shown(
            entry: entry, person: person, chain: chain,
            origins: try StatementStore.origins(of: Set(chain.map(\.actID)), from: db), words: words(chain, library, signedIn.scope.tree.history),
            mayKeep: file.sight.mayKeep)
    }
}
