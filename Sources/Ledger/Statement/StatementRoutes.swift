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
                    statement, of: person, policy: policy, year: year, today: signedIn.today, mayKeep: file.sight.mayKeep, words: words(statement.lines.map(\.entry), house.library, signedIn.scope.tree.history))
            })
        }

        routes.get("/records/:entry") { request, signedIn in
            let shown = try await house.database.read { db -> StatementPages.Shown in try Self.shown(try request.id("entry"), signedIn, house.library, in: db) }
            return .page(StatementPages.record(shown, token: signedIn.token))
        }

        routes.post("/records/:entry/reverse") { form, request, signedIn in
            let shown = try await house.database.read { db -> StatementPages.Shown in try Self.shown(try request.id("entry"), signedIn, house.library, in: db) }
            guard shown.mayKeep else { throw WebProblem.missing }
            return try await FilledForm.answer(form, field: { _ in "why" }, again: { StatementPages.record(shown, reversing: $0, token: signedIn.token) }) {
                try await house.database.write(signedIn.act("entry.reverse", why: form.text("why"))) { db in
                    try HourEntryStore.reverse(shown.entry.id, why: form.text("why"), db)
                }
                return .redirect("/records/\(shown.entry.id)")
            }
        }

        routes.post("/records/:entry/correct") { form, request, signedIn in
            let shown = try await house.database.read { db -> StatementPages.Shown in try Self.shown(try request.id("entry"), signedIn, house.library, in: db) }
            guard shown.mayKeep else { throw WebProblem.missing }
            return try await FilledForm.answer(form, field: field, again: { StatementPages.record(shown, correcting: $0, token: signedIn.token) }) {
                var check = FormCheck()
                var record = shown.entry.record
                RecordForm.read(form, into: &record, &check)
                record.isSelected = form.isTicked("selected")
                record.isCompleted = form.isTicked("completed")
                let corrected = record, why = form.text("why")
                if check.isGood {
                    let conversion = try await house.database.read { db in
                        let home = try RosterStore.homes(of: [shown.person.id], on: corrected.to, in: db)[shown.person.id]
                        return try AdoptionStore.bindings(house.library, signedIn.scope.tree.history, in: db).conversion(at: home, on: corrected.to)
                    }
                    let judge = TrainingRecordCheck(vocabulary: house.library.vocabulary)
                    for fault in judge.faults(of: corrected) + [judge.disagreement(in: corrected, conversion)].compactMap(\.self) {
                        check.fault(Refusal("form.\(fault.column)", fault.sentence))
                    }
                }
                if why.isEmpty { check.fault(Refusal("ledger.noReason", "更正需要写明理由，理由会随记录长期保存；请填写后再提交。")) }
                try check.end()
                try await house.database.write(signedIn.act("entry.correct", why: why)) { db in try HourEntryStore.correct(shown.entry.id, to: corrected, why: why, db) }
                return .redirect("/records/\(shown.entry.id)")
            }
        }
    }

    /// The field that a refusal of a correction is about.
    private static let field: @Sendable (Refusal) -> String = { refusal in
        refusal.name.hasPrefix("form.") ? refusal.formField : refusal.name == "ledger.nothingChanged" ? "title" : "why"
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
