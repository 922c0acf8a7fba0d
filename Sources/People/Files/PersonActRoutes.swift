import Access
import Approvals
import Kit
import Register

/// The acts on a file: its facts and posts set right, posts begun and ended, files made, merged and taken back.
package enum PersonActRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, numbers = house.numbers
        let shown = { @Sendable (id: Int64, signedIn: SignedIn, need: FileNeed) async throws -> ShownFile in
            try await database.read { db in try ShownFile.read(id, signedIn, need, house.words, numbers, in: db) }
        }

        routes.get("/people/:person/correct") { request, signedIn in
            .page(PersonActPages.correct(try await shown(request.id("person"), signedIn, .keepingFacts), FilledForm(), signedIn.token))
        }
        routes.post("/people/:person/correct") { form, request, signedIn in
            let found = try await shown(request.id("person"), signedIn, .keepingFacts), person = found.file.person
            return try await FilledForm.answer(
                form, field: PersonForm.field, door: { try await PersonForm.door($0, signedIn, database) }, again: { PersonActPages.correct(found, $0, signedIn.token) }
            ) {
                let old = (person, try RosterStore.idNumber(of: person, numbers: numbers), try RosterStore.phone(of: person, numbers: numbers))
                var check = FormCheck()
                let read = try PersonForm.facts(form, old: old, today: signedIn.today, &check), why = try check.why(form)
                let facts = try await free(read, but: person.id, house, &check)
                try await database.write(signedIn.act("person.correct", why: why)) { db in
                    try RosterStore.correct(person.id, to: facts, numbers: numbers, in: db)
                }
                return .redirect("/people/\(person.id)")
            }
        }

        addNew(to: routes, house)
        addPosts(to: routes, house, shown)
        addMerge(to: routes, house, shown)
        addUndo(to: routes, house, shown)
    }

    /// The facts where nothing is wrong with the form, whose number and code nobody else bears.
    private static func free(_ facts: PersonFacts?, but id: Int64?, _ house: House, _ check: inout FormCheck) async throws -> PersonFacts {
        if let facts {
            let number = house.numbers.index(idNumber: facts.idNumber.text), code = try? Person.checkedCode(facts.code)
            for refusal in try await house.database.read({ db in try RosterStore.taken(number: number, code: code, but: id, in: db) }) { check.fault(refusal) }
        }
        try check.end()
        guard let facts else { throw Refusal("idNumber.length", "证件号码没有填；请照证件填写 18 位号码") }
        return facts
    }

    private typealias Look = @Sendable (Int64, SignedIn, FileNeed) async throws -> ShownFile

    private static func addPosts(to routes: Routes<SignedIn>, _ house: House, _ shown: @escaping Look) {
        let database = house.database
        @Sendable func kept(_ request: WebRequest, _ signedIn: SignedIn) async throws -> (ShownFile, Appointment, code: String) {
            let found = try await shown(request.id("person"), signedIn, .seeing), id = try request.id("post")
            guard let post = found.file.posts.first(where: { $0.id == id }), found.file.kept.contains(id) else { throw WebProblem.missing }
            return (found, post, signedIn.scope.tree.unit(post.organizationID)?.code ?? found.file.unit(post))
        }
        routes.get("/people/:person/appoint") { request, signedIn in
            .page(PersonActPages.appoint(try await shown(request.id("person"), signedIn, .keeping), FilledForm(), signedIn.scope, signedIn.token))
        }
        routes.post("/people/:person/appoint") { form, request, signedIn in
            let found = try await shown(request.id("person"), signedIn, .keeping)
            return try await FilledForm.answer(form, field: PersonForm.field, again: { PersonActPages.appoint(found, $0, signedIn.scope, signedIn.token) }) {
                var check = FormCheck()
                var post = try PersonForm.post(form, person: found.person.id, scope: signedIn.scope, words: house.words, &check)
                post.isPrimary = form.text("manner") != "also"
                let wanted = post, why = try check.why(form)
                try check.end()
                let asked = try await database.write(signedIn.act(wanted.isPrimary ? "person.transfer" : "person.appoint", why: why)) { db in
                    try TransferStore.begin(wanted, by: signedIn, house, in: db)
                }
                return .redirect(asked.map(Approval.link) ?? found.home)
            }
        }

        routes.get("/people/:person/end") { request, signedIn in
            .page(PersonActPages.end(try await shown(request.id("person"), signedIn, .keeping), FilledForm(), signedIn.token))
        }
        routes.post("/people/:person/end") { form, request, signedIn in
            let found = try await shown(request.id("person"), signedIn, .keeping)
            guard let post = Int64(form.text("post")), found.file.kept.contains(post) else { throw WebProblem.missing }
            return try await FilledForm.answer(form, field: { $0.name.hasPrefix("appointment.") ? "day" : PersonForm.field($0) }, again: { PersonActPages.end(found, $0, signedIn.token) }) {
                var check = FormCheck()
                let day = check.day(form, "day", Refusal("form.day", "离任日期没有填或不存在；请\(Day.howToEnter)")), why = try check.why(form)
                try check.end()
                try await database.write(signedIn.act("person.end", why: why)) { db in try RosterStore.end(post, on: day, in: db) }
                return .redirect(found.home)
            }
        }

        routes.get("/people/:person/posts/:post/correct") { request, signedIn in
            let (found, post, code) = try await kept(request, signedIn)
            return .page(PersonActPages.correct(post, code: code, found, FilledForm(), signedIn.scope, signedIn.token))
        }
        routes.post("/people/:person/posts/:post/correct") { form, request, signedIn in
            let (found, post, code) = try await kept(request, signedIn)
            return try await FilledForm.answer(
                form, field: PersonForm.field, again: { PersonActPages.correct(post, code: code, found, $0, signedIn.scope, signedIn.token) }
            ) {
                var check = FormCheck()
                let new = try PersonForm.post(form, person: post.personID, scope: signedIn.scope, words: house.words, present: post, presentUnit: code, &check), why = try check.why(form)
                try check.end()
                try await database.write(signedIn.act("appointment.correct", why: why)) { db in
                    let posts = try RosterStore.appointments(of: [post.personID], in: db), scope = ScopeOverTime(signedIn.scope)
                    // What stands there now is judged, not what stood there when the form was begun.
                    guard let present = posts.first(where: { $0.id == post.id }) else { throw RosterStore.missingPost }
                    try Transfer.checkChange(of: present, to: new, posts: posts, today: signedIn.today, mayKeep: { scope.covers($0, for: .keeping) })
                    try RosterStore.correct(post.id, to: new, in: db)
                    // By a post made the primary one the file goes on, as by a new one.
                    let others = posts.filter { $0.id != post.id }
                    if new.isPrimary, !present.isPrimary,
                        let former = Transfer.former(before: new, posts: others, today: signedIn.today, mayKeep: { scope.covers($0, for: .keeping) })
                    {
                        try TransferStore.tellOfReturn(new, at: scope.name(new.organizationID), from: former, in: db)
                    }
                }
                return .redirect("/people/\(post.personID)")
            }
        }
    }

    private static func addNew(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, numbers = house.numbers
        routes.get("/people/new") { _, signedIn in
            .page(PersonActPages.new([], FilledForm(), house.words, signedIn))
        }
        routes.post("/people/new") { form, _, signedIn in
            let twins = try await database.read { db -> [PersonFile] in
                guard let name = try? PersonName.checked(form.text("name")), let number = try? IDNumber(form.text("idNumber"), today: signedIn.today)
                else { return [] }
                return try RosterStore.twins(name: name, birthDay: number.birthDay, in: db).compactMap { try? PersonFile.seen($0.id, signedIn, in: db) }
            }
            return try await FilledForm.answer(
                form, field: PersonForm.field, door: { try await PersonForm.door($0, signedIn, database) }, again: { PersonActPages.new(twins, $0, house.words, signedIn) }
            ) {
                var check = FormCheck()
                let read = try PersonForm.facts(form, today: signedIn.today, &check)
                let post = try PersonForm.post(form, person: 0, scope: signedIn.scope, words: house.words, &check), why = try check.why(form)
                let facts = try await free(read, but: nil, house, &check)
                guard twins.isEmpty || form.isTicked("sure") else {
                    throw Refusal("person.twin", "名册里已有同名且同日出生的人，还没有新建；请先核对下面列出的档案，确认不是同一个人再勾选新建")
                }
                let person = try await database.write(signedIn.act("person.create", why: why)) { db in
                    // The checks of a post on an existing file hold for the first post of a new one.
                    let person = try RosterStore.create(facts, post: nil, numbers: numbers, in: db)
                    var first = post
                    first.personID = person.id
                    try RosterStore.appoint(first, in: db)
                    return person.id
                }
                return .redirect("/people/\(person)")
            }
        }
    }

    private static func addMerge(
        to routes: Routes<SignedIn>, _ house: House, _ shown: @escaping Look
    ) {
        let database = house.database, numbers = house.numbers
        @Sendable func twins(_ person: Person, _ signedIn: SignedIn) async throws -> [Person] {
            try await database.read { db in
                try RosterStore.twins(name: person.name, birthDay: person.birthDay, in: db)
                    .filter { $0.id != person.id && (try? PersonFile.seen($0.id, signedIn, for: .keepingFacts, in: db)) != nil }
            }
        }
        @Sendable func absorbed(_ form: Form, by survivor: Int64, _ signedIn: SignedIn) async throws -> Int64 {
            let typed = form.text("other"), twin = Int64(form.text("twin"))
            guard !typed.isEmpty || twin != nil else { throw Refusal("merge.none", "还没有选另一份档案；请选一份，或填姓名、人员编号、证件号码") }
            return try await database.read { db -> Int64 in
                let id = try typed.isEmpty ? twin ?? 0 : PersonPickStore.one(typed, but: survivor, refusal: "merge.unknown", signedIn, numbers, in: db)
                guard (try? PersonFile.seen(id, signedIn, for: .keepingFacts, in: db)) != nil else { throw Refusal("merge.unknown", "这份档案的个人信息不归您管理，不能由您合并。") }
                return id
            }
        }
        let parts = house.features.brought(MergePart.self).sorted { $0.place < $1.place }
        @Sendable func compared(_ found: ShownFile, _ other: Int64, _ filled: FilledForm, _ signedIn: SignedIn) async throws -> Page {
            let gone = try await shown(other, signedIn, .keepingFacts), posts = MergePages.posts(found, gone)
            guard gone.person.id != found.person.id else { throw Refusal("merge.self", "这是同一份档案，不用合并；请选另一份") }
            let more = try await database.read { db in try parts.flatMap { try $0.rows(found.person.id, gone.person.id, db) } }
            return MergePages.compare(found, gone, posts.rows, more, hasOverlap: posts.hasOverlap, filled, signedIn.token)
        }
        routes.post("/people/:person/merge/compare") { form, request, signedIn in
            let found = try await shown(request.id("person"), signedIn, .keepingFacts), survivor = found.file.person
            return try await FilledForm.answer(
                form, field: PersonForm.field, again: { PersonActPages.merge(found, twins: try await twins(survivor, signedIn), $0, signedIn.token) }
            ) { .page(try await compared(found, try await absorbed(form, by: survivor.id, signedIn), FilledForm(), signedIn)) }
        }
        routes.get("/people/:person/merge") { request, signedIn in
            let found = try await shown(request.id("person"), signedIn, .keepingFacts)
            return .page(PersonActPages.merge(found, twins: try await twins(found.file.person, signedIn), FilledForm(), signedIn.token))
        }
        routes.post("/people/:person/merge") { form, request, signedIn in
            let found = try await shown(request.id("person"), signedIn, .keepingFacts), survivor = found.file.person
            return try await FilledForm.answer(
                form, field: PersonForm.field,
                again: { filled in
                    // What was compared is compared again.
                    if let other = try? await absorbed(form, by: survivor.id, signedIn), other != survivor.id { return try await compared(found, other, filled, signedIn) }
                    return PersonActPages.merge(found, twins: try await twins(survivor, signedIn), filled, signedIn.token)
                }
            ) {
                let why = try form.why(), absorbed = try await absorbed(form, by: survivor.id, signedIn)
                let primary = MergePrimary(rawValue: form.text("primary")) ?? .ask
                try await database.write(signedIn.act("person.merge", why: why)) { db in
                    try GrantStore.checkMerger(absorbed, survivor.id, by: signedIn, in: db)
                    for rows in house.features.merging { try rows.judge(absorbed, survivor.id, db) }
                    try RosterStore.merge(absorbed, into: survivor.id, primary: primary, in: db)
                    for rows in house.features.merging { try rows.merged(absorbed, survivor.id, db) }
                }
                return .redirect("/people/\(survivor.id)")
            }
        }
    }

    private static func addUndo(to routes: Routes<SignedIn>, _ house: House, _ shown: @escaping Look) {
        let database = house.database
        routes.get("/people/:person/undo") { request, signedIn in
            let found = try await shown(request.id("person"), signedIn, .keeping)
            guard let event = found.events.first(where: { "\($0.act.id)" == request.query["act"] }) else { throw WebProblem.missing }
            return .page(PersonActPages.undo(event, found, FilledForm(), signedIn.token))
        }
        routes.post("/people/:person/undo") { form, request, signedIn in
            let found = try await shown(request.id("person"), signedIn, .keeping), person = found.file.person.id
            guard let event = found.events.first(where: { "\($0.act.id)" == form.text("act") }) else { throw WebProblem.missing }
            return try await FilledForm.answer(form, field: PersonForm.field, again: { PersonActPages.undo(event, found, $0, signedIn.token) }) {
                let isThere = try await database.write(signedIn.act("undo", why: form.why())) { db in
                    try TakingBack.requireOwn(event.act.id, person, signedIn, in: db)
                    for rows in house.features.merging { if let refusal = try rows.keepsFromUndo(event.act.id, person, db) { throw refusal } }
                    try TakingBack.undo(act: event.act.id, house.features.keepers, in: db)
                    return try RosterStore.person(person, in: db) != nil
                }
                return .redirect(isThere ? "/people/\(person)" : "/people")
            }
        }
    }
}
