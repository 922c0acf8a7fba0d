import Access
import Figures
import Kit
import Register
import Rules

/// 政策: what is loaded, what binds the viewer's unit, and where it stands.
enum PolicyRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let facts = house.facts
        routes.get("/policies") { request, signedIn in
            let place = try place(request, signedIn), view = try await facts.view(), today = signedIn.today
            let rows = house.library.policies.sorted { order($0, view.bindings) < order($1, view.bindings) }.map { row($0, place, view, signedIn) }
            let undecided = view.bindings.subjects.compactMap { subject -> [Policy]? in
                if case .several(let files) = view.bindings.answer(subject, at: place.id, on: today) { return files }
                return nil
            }
            return .page(PolicyPages.list(rows, undecided: undecided, place))
        }

        routes.get("/policies/:policy") { request, signedIn in
            guard let policy = request.parameters["policy"].flatMap({ house.library[$0] }) else { throw WebProblem.missing }
            let place = try place(request, signedIn), view = try await facts.view(), today = signedIn.today
            let year = min(max(today.year, policy.years.lowerBound), policy.years.upperBound), asOf = Day(number: policy.referenceDay(year: year, today: today.number))
            let standings = try await onThread { () -> [Int: ClauseStanding] in
                guard !policy.lines.isEmpty, let number = view.number(ofOrganization: place.id) else { return [:] }
                let cube = view.cube(policy, year: year, day: asOf)
                return Dictionary(policy.rules.enumerated().map { rule, one in
                    (rule, ClauseStanding(findings: one.lines.map { cube.finding($0, unit: number, subtree: true) }))
                }, uniquingKeysWith: { first, _ in first })
            }
            let sight = ScopeOverTime(signedIn.scope), above = Set(signedIn.scope.tree.path(to: place.id).map(\.id))
            return .page(PolicyPages.one(PolicyPages.Shown(
                row: row(policy, place, view, signedIn), place: place, clauses: Clause.all(of: policy), standings: standings,
                links: FigureAddress(policy: policy, unit: place.id, year: year), asOf: asOf, kind: signedIn.scope.tree.unit(place.id)?.kind ?? "",
                vocabulary: house.library.vocabulary,
                adoptions: adoptions(of: policy, view, signedIn, above).map { one in
                    (one, sight.name(one.organizationID), sight.covers(one.organizationID, for: .seeing) ? "/organizations/\(one.organizationID)/policies" : nil)
                }, today: today)))
        }
    }

    /// The unit that is asked about, else the first of the viewer's.
    private static func place(_ request: WebRequest, _ signedIn: SignedIn) throws -> PolicyPages.Place {
        let tops = signedIn.scope.topUnits(for: .seeing)
        guard let first = tops.first else { throw WebProblem.missing }
        var unit = first
        if let typed = request.query["unit"] {
            guard let id = Int64(typed) else { throw WebProblem.missing }
            unit = try signedIn.scope.unit(id, for: .seeing)
        }
        return PolicyPages.Place(
            id: unit.id, name: unit.name, mayKeep: signedIn.scope.covers(unit.id, for: .keeping), others: tops.prefix(20).map { ($0.id, $0.name) })
    }

    private static func order(_ policy: Policy, _ bindings: Bindings) -> (Int, Int32, String) {
        (bindings.subjects.firstIndex(of: policy.subject) ?? .max, policy.periodStart, policy.id)
    }

    private static func row(_ policy: Policy, _ place: PolicyPages.Place, _ view: Facts.View, _ signedIn: SignedIn) -> PolicyPages.Row {
        let today = signedIn.today, binding = view.bindings.bindings(at: place.id, on: today).first { $0.policy.id == policy.id }
        let stand: PolicyPages.Stand = binding.map { .binds($0.adoption, by: $0.adoption.map { view.history.name($0.organizationID) } ?? "") }
            ?? (policy.periodEnd < today.number ? .over : policy.periodStart > today.number ? .toCome : .not)
        let above = Set(signedIn.scope.tree.path(to: place.id).map(\.id))
        return PolicyPages.Row(policy: policy, stand: stand, adopters: Set(adoptions(of: policy, view, signedIn, above).filter { $0.covers(today) }.map(\.organizationID)).count)
    }

    /// Who has adopted it: of the units that the viewer sees, and of those above the unit, which it inherits from.
    private static func adoptions(of policy: Policy, _ view: Facts.View, _ signedIn: SignedIn, _ above: Set<Int64>) -> [Adoption] {
        let sight = ScopeOverTime(signedIn.scope), place = Dictionary(signedIn.scope.tree.units.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        return view.bindings.adoptions.filter { $0.policy == policy.id && (above.contains($0.organizationID) || sight.covers($0.organizationID, for: .seeing)) }
            .sorted { (place[$0.organizationID] ?? .max, $0.from) < (place[$1.organizationID] ?? .max, $1.from) }
    }
}
