import Access
import Kit
import Register

/// Which people a list is of, as its address or a form says it.
struct PersonListAsk: Sendable {
    let typed: String
    let unit: OrgTree.Unit?
    let isPast: Bool
    let missing: PersonListStore.Missing?
    let category: String
    /// Part of the unit's name and of the title of the post of today; asked of few units alone.
    let place: String, title: String
    var order = PersonListStore.Order.name, isDescending = false
    /// The order as the address has it.
    var sort: String?

    /// As an address or a form says it. Throws `WebProblem.missing` for a unit that is not in sight.
    static func read(_ fields: Fields, _ signedIn: SignedIn) throws -> PersonListAsk {
        var asked = PersonListAsk(
            typed: fields.text("q"), unit: try Int64(fields.text("unit")).map { try signedIn.scope.unit($0, for: .seeing).subject },
            isPast: fields.text("state") == "past", missing: PersonListStore.Missing(rawValue: fields.text("missing")), category: fields.text("category"),
            place: fields.text("place"), title: fields.text("title"))
        asked.sort = fields["sort"].flatMap { $0.isEmpty ? nil : $0 }
        if let sort = ListAsk(PageAddress("", fields)).sort, let order = PersonListStore.Order(rawValue: sort.key) { (asked.order, asked.isDescending) = (order, sort.isDescending) }
        return asked
    }

    func ask(_ signedIn: SignedIn, limit: Int = ListAsk.pageSize + 1) -> PersonListStore.Ask {
        let scope = ScopeOverTime(signedIn.scope), units = Self.units(of: unit, signedIn, scope)
        var ask = PersonListStore.Ask(
            typed: typed, units: units, isPast: isPast, missing: missing, category: isPast ? "" : category,
            today: signedIn.today, order: order, isDescending: isDescending, limit: limit)
        if let units, PersonListStore.isOfFew(units), !isPast {
            ask.places = place.isEmpty ? nil : units.filter { scope.name($0).contains(place) }
            ask.title = title
        }
        return ask
    }

    /// What the list is of, as the fields of an address or a form say it; what is not asked is left out.
    var pairs: [(name: String, value: String)] {
        zip(Self.names, [unit.map { "\($0.id)" } ?? "", typed, isPast ? "past" : "", missing?.rawValue ?? "", category, place, title]).filter { !$0.1.isEmpty }.map { ($0, $1) }
    }
    static let names = ["unit", "q", "state", "missing", "category", "place", "title"]

    /// The same list with something else chosen.
    func link(isPast: Bool? = nil, typed: String? = nil, missing: PersonListStore.Missing?? = nil) -> String {
        var query = Fields()
        query["unit"] = unit.map { "\($0.id)" }
        let words = typed ?? self.typed
        query["q"] = words.isEmpty ? nil : words
        query["state"] = (isPast ?? self.isPast) ? "past" : nil
        query["missing"] = (missing ?? self.missing)?.rawValue
        for (name, value) in [("category", category), ("place", place), ("title", title)] { query[name] = value.isEmpty ? nil : value }
        query["sort"] = sort
        return PageAddress("/people", query).link
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
