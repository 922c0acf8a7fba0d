import Access
import Kit
import Register

/// 名册: finding people by name, sound, code or number; somebody is found while any post, past or present, lies in the scope.
package enum PersonListRoutes {
    package static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, views = house.lists, numbers = house.numbers
        @Sendable func list(_ request: WebRequest, _ signedIn: SignedIn, number: String = "", message: String? = nil) async throws -> Reply {
            let unit = try request.query["unit"].flatMap { Int64($0) }.map { try signedIn.scope.unit($0, for: .seeing).subject }
            let asked = PersonListPages.Asked(
                typed: request.query.text("q"), unit: unit, isPast: request.query.text("state") == "past",
                missing: PersonListStore.Missing(rawValue: request.query.text("missing")))
            let (listed, next) = try await database.read { db -> ([PersonFile], String?) in
                let scope = ScopeOverTime(signedIn.scope)
                let found = try PersonListStore.people(
                    PersonListStore.Ask(
                        typed: asked.typed, units: units(of: unit, signedIn, scope), isPast: asked.isPast, missing: asked.missing,
                        today: signedIn.today, after: request.list.afterPair.map { ($0.text, $0.id) }), in: db)
                let page = found.prefix(ListAsk.pageSize)
                return (
                    try PersonFile.seen(page.map(\.id), signedIn, scope, in: db),
                    found.count > page.count ? page.last.map { ListAsk.key($0.pinyin, $0.id) } : nil
                )
            }
            if !listed.isEmpty {
                let tops = unit.map { [$0.id] } ?? signedIn.scope.topUnits(for: .seeing).map(\.id)
                try await views.note(tops.map { ListView(.roster, unit: $0, on: asked.isPast ? nil : signedIn.today) }, by: signedIn)
            }
            return .page(PersonListPages.list(
                listed, next: next, asked, words: house.words, ask: request.list, typedNumber: number, message: message, signedIn))
        }

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

    /// The units whose people are listed: a unit with everything below it, or the whole scope, closed units included;
    /// nil where the scope is the whole tree.
    static func units(of unit: OrgTree.Unit?, _ signedIn: SignedIn, _ scope: ScopeOverTime) -> [Int64]? {
        let tree = signedIn.scope.tree
        if let unit { return tree.subtree(of: unit.id).map(\.id) + scope.absentUnits(for: .seeing, below: unit.id) }
        let tops = signedIn.scope.topUnits(for: .seeing).map(\.id)
        if tops.reduce(0, { $0 + tree.countBelow($1) + 1 }) == tree.units.count { return nil }
        return tops.flatMap { tree.subtree(of: $0).map(\.id) } + scope.absentUnits(for: .seeing)
    }
}
