import Access
import Kit
import People
import Register
import Rules

/// 登记培训: one training for whoever was there, written on a page.
enum RecordEntryRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        routes.get("/training/new") { request, signedIn in
            guard signedIn.scope.isAnywhere(.keeping) else { throw WebProblem.missing }
            let one = request.query["person"].flatMap { Int64($0) }
            return .page(try await page(FilledForm(), unit: request.query.text("unit"), ticked: Set([one].compactMap { $0 }), signedIn, house))
        }

        // A pasted list may be long; nothing of it is kept.
        routes.post("/training", long: [PersonPick.written]) { form, _, signedIn in
            guard signedIn.scope.isAnywhere(.keeping) else { throw WebProblem.missing }
            let ticked = Set(form.all(PersonPick.ticked).compactMap { Int64($0) })
            @Sendable func again(_ filled: FilledForm) async throws -> Page { try await page(filled, unit: form.text("list"), ticked: ticked, signedIn, house) }
            if form.text("step") == "list" { return .page(try await listing(form, ticked, signedIn, house)) }
            if form.text("step") == "edit" { return .page(try await again(FilledForm(asSent: form))) }
            return try await FilledForm.answer(form, field: field, again: again) {
                let entry = try await read(form, signedIn, house)
                if form.text("step") == "do" {
                    do {
                        let act = try await database.write(signedIn.act(RecordEntryStore.act, why: form.text("why"))) { db in
                            try RecordEntryStore.carryOut(entry, digest: form.text("digest"), signedIn, house.library, in: db)
                            return db.actID
                        }
                        return .redirect("/training/\(act)")
                    } catch let refusal as Refusal where refusal.name.hasPrefix("entry.") {
                        return .page(try await preview(entry, form, FilledForm(form, field: "", sentence: refusal.sentence), signedIn, house))
                    }
                }
                return .page(try await preview(entry, form, FilledForm(), signedIn, house))
            }
        }

        addDone(to: routes, house)
    }

    private static func addDone(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        @Sendable func done(_ request: WebRequest, _ signedIn: SignedIn) async throws -> (RecordEntryStore.Done, ActRecord?) {
            let id = try request.id("entered")
            let found = try await database.read { db in
                try RecordEntryStore.done(id, signedIn, in: db).map { ($0, try HourEntryStore.takenBack($0.entries, from: db)) }
            }
            guard let found else { throw WebProblem.missing }
            for person in found.0.people.values { signedIn.looks.add(person.id) }
            return found
        }
        @Sendable func page(_ found: (RecordEntryStore.Done, ActRecord?), _ filled: FilledForm, _ signedIn: SignedIn) -> Page {
            RecordEntryPages.done(found.0, filled, undone: found.1, words(house, signedIn), signedIn.token)
        }
        routes.get("/training/:entered") { request, signedIn in .page(page(try await done(request, signedIn), FilledForm(), signedIn)) }
        routes.post("/training/:entered/undo") { form, request, signedIn in
            let found = try await done(request, signedIn)
            // Of two who click at once the later one is led to what the first has done.
            guard found.1 == nil else { return .redirect("/training/\(found.0.act.id)") }
            return try await FilledForm.answer(form, field: \.formField, again: { page(try await done(request, signedIn), $0, signedIn) }) {
                try await database.write(signedIn.act(Unmaking.entered, why: form.why())) { db in
                    guard let now = try RecordEntryStore.done(found.0.act.id, signedIn, in: db) else { throw WebProblem.missing }
                    try HourEntryStore.reverse(act: now.act.id, db)
                }
                return .redirect("/training/\(found.0.act.id)")
            }
        }
    }

    // MARK: -

    private static func words(_ house: House, _ signedIn: SignedIn) -> StatementPages.Words { StatementPages.Words(vocabulary: house.library.vocabulary, hosts: [:]) }

    /// Everything the form says. What is wrong is thrown together.
    private static func read(_ form: Form, _ signedIn: SignedIn, _ house: House) async throws -> RecordEntry {
        let vocabulary = house.library.vocabulary
        var check = FormCheck()
        var record = TrainingRecord(title: "", form: form.text("form"), from: .always, to: .always)
        if record.form.isEmpty || vocabulary.forms[record.form] == nil { check.fault(Refusal("form.form", "培训形式没有选；请从列出的里面选。")) }
        RecordForm.read(form, into: &record, &check)
        (record.isSelected, record.isCompleted) = (form.isTicked("selected"), form.isTicked("completed"))
        (record.purpose, record.content, record.institution) = (form.text("purpose"), form.text("content"), form.text("institution"))
        if !record.purpose.isEmpty, vocabulary.purposes[record.purpose] == nil { check.fault(Refusal("form.purpose", "没有这个培训目的；请从列出的里面选。")) }
        if !record.content.isEmpty, vocabulary.contents[record.content] == nil { check.fault(Refusal("form.content", "没有这个内容类别；请从列出的里面选。")) }
        if !record.institution.fits(200) { check.fault(Refusal("form.institution", "培训机构的名称太长；请缩短到 200 个字以内。")) }
        record.hostID = try check.take(or: nil) { try host(form.text("host"), signedIn) }
        if check.isGood {
            for fault in TrainingRecordCheck(vocabulary: vocabulary).faults(of: record) { check.fault(Refusal("form.\(fault.column)", fault.sentence)) }
        }
        let pick = try await house.database.read { db in try PersonPickStore.read(form, signedIn, house.numbers, in: db) }
        pick.check(&check)
        try check.end()
        return RecordEntry(record: record, people: pick.ids)
    }

    /// Hosts of every level stand above their participants: any unit of the tree may be one.
    private static func host(_ typed: String, _ signedIn: SignedIn) throws -> Int64? {
        guard !typed.isEmpty else { return nil }
        let tree = signedIn.scope.tree
        if let unit = tree.unit(code: typed) { return unit.id }
        let named = tree.units.filter { $0.name == typed }
        guard named.count == 1, let only = named.first else {
            throw Refusal("form.host", named.isEmpty ? "没有找到单位“\(typed.prefix(60))”；请填单位编码或全称，不在组织里的空着。" : "叫这个名称的单位有 \(named.count) 个；请改填单位编码。")
        }
        return only.id
    }

    private static let field: @Sendable (Refusal) -> String = { refusal in refusal.formField }

    // MARK: - pages

    /// The form with the people of a unit to tick: the one asked for, else the account's own.
    private static func page(_ filled: FilledForm, unit typed: String, ticked: Set<Int64>, _ signedIn: SignedIn, _ house: House) async throws -> Page {
        let own = signedIn.scope.topUnits(for: .keeping).first?.subject
        let unit = typed.isEmpty ? own : (try? signedIn.scope.unit(typed: typed, for: .keeping)) ?? own
        let listed = try await house.database.read { db -> [PersonFile]? in
            guard let unit, let all = try PersonPickStore.people(in: unit.id, signedIn, in: db) else {
                return ticked.isEmpty ? nil : try PersonFile.seen(ticked.sorted(), signedIn, ScopeOverTime(signedIn.scope), in: db).filter(\.sight.mayKeep)
            }
            // Whoever was ticked in another unit stays on the list.
            let missing = ticked.subtracting(all.map(\.person.id)).sorted()
            return try PersonFile.seen(missing, signedIn, ScopeOverTime(signedIn.scope), in: db).filter(\.sight.mayKeep) + all
        }
        if let unit, listed?.isEmpty == false { try await house.lists.note([ListView(.roster, unit: unit.id, on: signedIn.today)], by: signedIn) }
        return RecordEntryPages.form(filled, RecordEntryPages.Offer(unit: unit?.code ?? "", listed: listed, ticked: ticked), house.library.vocabulary, signedIn)
    }

    /// The same form with the people of another unit; a unit that is not there is said beside its field.
    private static func listing(_ form: Form, _ ticked: Set<Int64>, _ signedIn: SignedIn, _ house: House) async throws -> Page {
        do {
            _ = try signedIn.scope.unit(typed: form.text("list"), for: .keeping)
            return try await page(FilledForm(asSent: form), unit: form.text("list"), ticked: ticked, signedIn, house)
        } catch let refusal as Refusal {
            return try await page(FilledForm(form, field: "list", sentence: refusal.sentence), unit: "", ticked: ticked, signedIn, house)
        }
    }

    private static func preview(_ entry: RecordEntry, _ form: Form, _ filled: FilledForm, _ signedIn: SignedIn, _ house: House) async throws -> Page {
        let (plan, files) = try await house.database.read { db in
            (
                try RecordEntryStore.plan(entry, signedIn, house.library, in: db),
                try PersonFile.seen(entry.people, signedIn, ScopeOverTime(signedIn.scope), in: db)
            )
        }
        for file in files { signedIn.looks.add(file.person.id) }
        return RecordEntryPages.preview(
            entry, plan, Dictionary(files.map { ($0.person.id, $0) }, uniquingKeysWith: { first, _ in first }), form, filled, words(house, signedIn), signedIn)
    }
}
