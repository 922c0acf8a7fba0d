import Kit

/// The roster: listing, finding and making files.
package enum PersonListRoutes {
    package static func add(to routes: Routes<SignedIn>, _ database: Database, _ words: RosterWords, _ numbers: PersonalNumbers) {
        routes.get("/people") { request, signedIn in
            guard signedIn.scope.isAnywhere(.seeing) else { throw WebProblem.missing }
            let unit = try request.query["unit"].map { try signedIn.scope.unit(Int64($0) ?? 0, for: .seeing) }
            let posts = request.query["posts"].flatMap(PersonListStore.Posts.init(rawValue:)) ?? .present
            let typed = request.query.text("q")
            let shown = try await database.read { db in
                try list(unit, posts, typed, after: key(request.list.after), signedIn, words, in: db)
            }
            return .page(PersonListPages.list(shown, request.list, signedIn))
        }

        routes.post("/people/find") { form, request, signedIn in
            guard signedIn.scope.isAnywhere(.seeing) else { throw WebProblem.missing }
            guard let number = PersonListStore.number(in: form.text("q")) else {
                let asked = [("q", form.text("q")), ("unit", form.text("unit")), ("posts", form.text("posts"))].filter { !$0.1.isEmpty && $0.1 != "present" }
                return .redirect(PageAddress("/people", Fields(asked)).link)
            }
            let lines = try await database.read { db -> [PersonListPages.Line] in
                try PersonListStore.bearers(typed: number, numbers: numbers, in: db)
                    .compactMap { try? PersonFile.seen($0.id, signedIn, in: db) }.map { line($0, on: signedIn.today) }
            }
            if lines.count == 1, let only = lines.first { return .redirect("/people/\(only.person.id)") }
            let shown = PersonListPages.Shown(lines: lines, next: nil, unit: nil, posts: .all, query: "", words: words, isByNumber: true)
            return .page(PersonListPages.list(shown, ListAsk(PageAddress("/people")), signedIn))
        }

        routes.get("/people/new") { _, signedIn in
            guard signedIn.scope.isAnywhere(.keeping) else { throw WebProblem.missing }
            return .page(PersonListPages.new([], FilledForm(), words, signedIn))
        }
        routes.post("/people/new") { form, _, signedIn in
            guard signedIn.scope.isAnywhere(.keeping) else { throw WebProblem.missing }
            let twins = try await database.read { db in try Self.twins(form, signedIn, in: db) }
            return try await FilledForm.answer(form, field: PersonForm.field, again: { PersonListPages.new(twins, $0, words, signedIn) }) {
                let facts = try PersonForm.facts(form, today: signedIn.today)
                let post = try PersonForm.post(form, person: 0, scope: signedIn.scope, words: words)
                let why = try PersonForm.why(form)
                guard twins.isEmpty || form.isTicked("sure") else {
                    throw Refusal("person.twin", "名册里已有同名且同日出生的人，还没有新建；请先核对上面列出的档案，确认不是同一个人再勾选新建")
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

    private static func list(
        _ unit: InScope<OrgTree.Unit>?, _ posts: PersonListStore.Posts, _ typed: String, after: (String, Int64)?, _ signedIn: SignedIn,
        _ words: RosterWords, in db: Reading
    ) throws -> PersonListPages.Shown {
        let scope = signedIn.scope
        let units: Set<Int64>?
        if let unit {
            units = Set(scope.tree.subtree(of: unit.id).map(\.id))
        } else if posts == .present {
            let own = scope.organizationIDs(for: .seeing)
            units = own.count == scope.tree.units.count ? nil : own
        } else {
            units = ScopeOverTime(scope, try OrganizationStore.history(in: db)).units(for: .seeing)
        }
        let found = try PersonListStore.people(
            in: units, posts: posts, on: signedIn.today, query: PersonListStore.Query(typed), after: after.map { (pinyin: $0.0, id: $0.1) },
            limit: ListAsk.pageSize, from: db)
        let page = Array(found.prefix(ListAsk.pageSize))
        let history = try OrganizationStore.history(in: db)
        let all = Dictionary(grouping: try RosterStore.appointments(of: page.map(\.id), in: db), by: \.personID)
        let lines = page.map { person in line(person, all[person.id] ?? [], on: signedIn.today) { history.name($0) } }
        return PersonListPages.Shown(
            lines: lines, next: found.count > page.count ? page.last.map { "\($0.pinyin.full)~\($0.id)" } : nil, unit: unit, posts: posts,
            query: typed, words: words, isByNumber: false)
    }

    private static func line(_ file: PersonFile, on day: Day) -> PersonListPages.Line {
        line(file.person, file.posts, on: day) { file.units[$0] ?? "" }
    }

    private static func line(_ person: Person, _ posts: [Appointment], on day: Day, unit: (Int64) -> String) -> PersonListPages.Line {
        let running = posts.filter { $0.covers(day) }
        let post = running.first { $0.isPrimary } ?? running.first ?? posts.max { $0.to < $1.to }
        return PersonListPages.Line(person: person, post: post, unit: post.map { unit($0.organizationID) } ?? "", others: max(0, running.count - 1))
    }

    /// Living files in the scope with the name and birth date that the form gives; none while these do not read.
    private static func twins(_ form: Form, _ signedIn: SignedIn, in db: Reading) throws -> [PersonListPages.Line] {
        guard let name = try? PersonName.checked(form.text("name")), let number = try? IDNumber(form.text("idNumber"), today: signedIn.today) else { return [] }
        return try RosterStore.twins(name: name, birthDay: number.birthDay, in: db).compactMap { try? PersonFile.seen($0.id, signedIn, in: db) }
            .map { line($0, on: signedIn.today) }
    }

    /// `zhangwei~123`, as the list made it.
    private static func key(_ text: String?) -> (String, Int64)? {
        guard let text, let cut = text.lastIndex(of: "~"), let id = Int64(text[text.index(after: cut)...]) else { return nil }
        return (String(text[..<cut]), id)
    }
}
