import Access
import Kit
import Register

/// 名册: finding people by name, sound, code or number; somebody is found while any post, past or present, lies in the scope.
package enum PersonListRoutes {
    package static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, views = house.lists, numbers = house.numbers
        @Sendable func list(_ request: WebRequest, _ signedIn: SignedIn, number: String = "", message: String? = nil) async throws -> Reply {
            let asked = try PersonListAsk.read(request.query, signedIn)
            let shown = try await database.read { db in
                let ask = asked.ask(signedIn), count = try PersonListStore.isCounted(ask) ? PersonListStore.count(ask, most: BulkStore.most + 1, in: db) : nil
                let page = try PersonListStore.page(ask, request.list, size: ListAsk.pageSize, signedIn.scope.tree, house.words, in: db)
                return PersonListPages.Shown(
                    files: try PersonFile.seen(page.ids, signedIn, ScopeOverTime(signedIn.scope), in: db), count: count, isFew: ask.units.map(PersonListStore.isOfFew) ?? false, isHeld: try PersonListStore.isHeld(ask, in: db),
                    next: page.next, views: try SavedViewStore.views(of: signedIn.account.id, path: "/people", in: db))
            }
            if !shown.files.isEmpty { try await views.note(lists(asked, signedIn), by: signedIn) }
            return .page(PersonListPages.list(
                shown, asked, words: house.words, ask: ListAsk(PageAddress("/people", request.query)), typedNumber: number, message: message, signedIn))
        }

        file.add(to: routes, at: "/people", house) { ask, signedIn in try lists(PersonListAsk.read(ask.address.query, signedIn), signedIn) }

        routes.get("/people") { request, signedIn in try await list(request, signedIn) }

        routes.post("/people/find") { form, request, signedIn in
            let number = form.text("number").filter { !$0.isWhitespace }.uppercased()
            let found = try await database.read { db in
                let scope = ScopeOverTime(signedIn.scope)
                return try PersonListStore.people(number: number, numbers: numbers, in: db).filter { id in
                    try PersonSight(RosterStore.appointments(of: [id], in: db), scope, today: signedIn.today) != nil
                }
            }
            if let first = found.first, found.count == 1 { return .redirect("/people/\(first)") }
            return try await list(
                request, signedIn, number: form.text("number"),
                message: found.isEmpty
                    ? "权限内没有这个号码的人；请核对号码，或用姓名再找。" : "有 \(found.count) 个人的号码首尾相同；请输入完整的证件号码。")
        }
    }

    /// The list as a workbook.
    static let file = ListFile(
        "people.list", "人员名单", judge: { ask, signedIn in _ = try PersonListAsk.read(ask.address.query, signedIn) },
        columns: { house, ask, signedIn in PersonListPages.columns(try PersonListAsk.read(ask.address.query, signedIn), isFew: false, isHeld: false, house.words, signedIn.today) },
        page: { house, ask, signedIn in
            try await house.database.read { db in
                let asked = try PersonListAsk.read(ask.address.query, signedIn).ask(signedIn)
                let page = try PersonListStore.page(asked, ask, size: ListFile.pageSize, signedIn.scope.tree, house.words, in: db)
                return (try PersonFile.seen(page.ids, signedIn, ScopeOverTime(signedIn.scope), in: db), page.next)
            }
        })

    /// What whoever sees the list has looked through.
    private static func lists(_ asked: PersonListAsk, _ signedIn: SignedIn) -> [ListView] {
        let tops = asked.unit.map { [$0.id] } ?? signedIn.scope.topUnits(for: .seeing).map(\.id)
        return tops.map { ListView(.roster, unit: $0, on: asked.isPast ? nil : signedIn.today) }
    }
}
