import Kit

/// 名册: finding people and the page of each; a person is seen while any post, past or present, lies in the scope.
package enum PersonRoutes {
    package static func add(to routes: Routes<SignedIn>, _ database: Database, numbers: PersonalNumbers, words: RosterWords) {
        @Sendable func list(_ request: WebRequest, _ signedIn: SignedIn, message: String?) async throws -> Reply {
            guard signedIn.scope.isAnywhere(.seeing) else { throw WebProblem.missing }
            let unit = try request.query["unit"].flatMap { Int64($0) }.map { try signedIn.scope.unit($0, for: .seeing).subject }
            let typed = request.query.text("q")
            let seen = signedIn.scope.organizationIDs(for: .seeing)
            let units = unit.map { signedIn.scope.tree.subtree(of: $0.id).map(\.id) } ?? (seen.count == signedIn.scope.tree.units.count ? nil : Array(seen))
            let after = request.list.after.flatMap { text -> (pinyin: String, id: Int64)? in
                guard let cut = text.lastIndex(of: "~"), let id = Int64(text[text.index(after: cut)...]) else { return nil }
                return (String(text[..<cut]), id)
            }
            let today = signedIn.today
            let (listed, next) = try await database.read { db -> ([PersonPages.Listed], String?) in
                let found = try PersonListStore.people(PersonListStore.Ask(typed: typed, units: units, after: after), in: db)
                let page = found.prefix(ListAsk.pageSize)
                let people = try RosterStore.people(page.map(\.id), in: db)
                let posts = Dictionary(grouping: try RosterStore.appointments(of: page.map(\.id), in: db), by: \.personID)
                let listed = page.compactMap { row in
                    people[row.id].map { person in
                        PersonPages.Listed(
                            person: person,
                            posts: (posts[row.id] ?? []).filter { $0.covers(today) }.sorted { $0.isPrimary && !$1.isPrimary })
                    }
                }
                return (listed, found.count > page.count ? page.last.map { "\($0.pinyin)~\($0.id)" } : nil)
            }
            let names = Dictionary(signedIn.scope.tree.units.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
            return .page(PersonPages.list(
                listed, next: next, typed: typed, unit: unit, names: names, words: words, ask: request.list, message: message, signedIn))
        }

        routes.get("/people") { request, signedIn in try await list(request, signedIn, message: nil) }

        routes.post("/people/find") { form, request, signedIn in
            guard signedIn.scope.isAnywhere(.seeing) else { throw WebProblem.missing }
            let number = form.text("number").filter { !$0.isWhitespace }.uppercased()
            let found = try await database.read { db in
                try PersonListStore.people(number: number, numbers: numbers, in: db).filter { id in
                    try RosterStore.appointments(of: [id], in: db).contains { signedIn.scope.covers($0.organizationID, for: .seeing) }
                }
            }
            if let first = found.first, found.count == 1 { return .redirect("/people/\(first)") }
            return try await list(
                request, signedIn,
                message: found.isEmpty ? "权限内没有这个号码的人；请核对号码，或用姓名再找。" : "有 \(found.count) 个人的号码首尾相同；请输入完整的证件号码。")
        }

        routes.get("/people/:person") { request, signedIn in
            let shown = try await database.read { db -> PersonPages.Shown in try Self.shown(try request.id("person"), signedIn, numbers, words, in: db) }
            return .page(PersonPages.person(shown, tried: nil, signedIn))
        }

        routes.post("/people/:person/appoint") { form, request, signedIn in
            let shown = try await database.read { db -> PersonPages.Shown in try Self.shown(try request.id("person"), signedIn, numbers, words, in: db) }
            guard shown.mayKeep else { throw WebProblem.missing }
            func again(_ sentence: String) -> Reply { .page(PersonPages.person(shown, tried: .init(deed: "appoint", form: form, sentence: sentence), signedIn)) }
            guard let unit = signedIn.scope.tree.unit(code: form.text("unit")), signedIn.scope.covers(unit.id, for: .keeping) else {
                return again("您管理的单位里没有编码“\(form.text("unit"))”；请核对单位编码。")
            }
            guard let from = form.day("from") else { return again("任职日期读不懂；请按 2022-03-05 的样子填写。") }
            guard !form.text("why").isEmpty else { return again("请写明理由，例如任职文件的文号。") }
            let moves = form.text("manner") != "also"
            if moves, let held = shown.posts.first(where: { $0.isPrimary && $0.to > from && !shown.keeping.contains($0.id) }) {
                return again("此人在\(shown.names[held.organizationID] ?? "别的单位")还有主任职，须由该单位先办理离任；若是兼任，请选“兼任”。")
            }
            func known(_ list: RosterWords.Choices, _ name: String) -> String { list.has(form.text(name)) ? form.text(name) : "" }
            let post = Appointment(
                personID: shown.person.id, organizationID: unit.id, from: from, isPrimary: moves, category: known(words.categories, "category"),
                workforce: known(words.workforces, "workforce"), engagement: known(words.engagements, "engagement"), title: form.text("title"),
                isLeadership: form.isTicked("leadership"))
            do {
                try await database.write(signedIn.act(moves ? "person.transfer" : "person.appoint", why: form.text("why"))) { db in
                    if moves { try RosterStore.transfer(to: post, in: db) } else { try RosterStore.appoint(post, in: db) }
                }
            } catch let refusal as Refusal {
                return again(refusal.sentence)
            }
            return .redirect("/people/\(shown.person.id)")
        }

        routes.post("/people/:person/end") { form, request, signedIn in
            let shown = try await database.read { db -> PersonPages.Shown in try Self.shown(try request.id("person"), signedIn, numbers, words, in: db) }
            guard shown.mayKeep else { throw WebProblem.missing }
            func again(_ sentence: String) -> Reply { .page(PersonPages.person(shown, tried: .init(deed: "end", form: form, sentence: sentence), signedIn)) }
            guard let post = Int64(form.text("post")), shown.keeping.contains(post) else { throw WebProblem.missing }
            guard let day = form.day("day") else { return again("离任日期读不懂；请按 2022-03-05 的样子填写。") }
            guard !form.text("why").isEmpty else { return again("请写明理由，例如退休或免职文件的文号。") }
            do {
                try await database.write(signedIn.act("person.end", why: form.text("why"))) { db in try RosterStore.end(post, on: day, in: db) }
            } catch let refusal as Refusal {
                return again(refusal.sentence)
            }
            return .redirect("/people/\(shown.person.id)")
        }
    }

    private static func shown(
        _ id: Int64, _ signedIn: SignedIn, _ numbers: PersonalNumbers, _ words: RosterWords, in db: Reading
    ) throws -> PersonPages.Shown {
        guard let person = try RosterStore.living(id, in: db) else { throw WebProblem.missing }
        let posts = try RosterStore.appointments(of: [person.id], in: db).sorted { ($0.from, $0.id) > ($1.from, $1.id) }
        guard posts.contains(where: { signedIn.scope.covers($0.organizationID, for: .seeing) }) else { throw WebProblem.missing }
        let history = try OrganizationStore.history(in: db)
        let changes = try RosterStore.changes(of: person.id, in: db)
        var names: [Int64: String] = [:]
        let mentioned = changes.compactMap { ($0.after ?? $0.before)?.int("organization_id") }
        for unit in Set(posts.map(\.organizationID) + mentioned) { names[unit] = history.name(unit) }
        let keeping = Set(posts.filter { signedIn.scope.covers($0.organizationID, for: .keeping) }.map(\.id))
        return PersonPages.Shown(
            person: person, idNumber: try RosterStore.idNumber(of: person, numbers: numbers).text, phone: try RosterStore.phone(of: person, numbers: numbers),
            posts: posts, names: names, changes: changes, words: words, keeping: keeping, mayKeep: !keeping.isEmpty,
            mayKeepFile: try PersonFile.seen(person.id, signedIn, in: db).mayKeep)
    }
}
