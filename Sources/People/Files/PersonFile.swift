import Kit

/// A living person's file, as far as one account may see it.
package struct PersonFile: Sendable {
    package let person: Person
    /// All posts, by their first day.
    package let posts: [Appointment]
    /// Names of the units of the posts.
    package let units: [Int64: String]
    /// Whether the account may change the file: it keeps a unit of a post that runs or is to come, or of any post where none does.
    package let mayKeep: Bool

    /// The file, where a post of the person, past or present, lies in the scope; a merged file is followed to the living one.
    /// Throws `WebProblem.missing` for everybody else's just as for none, and without the right to keep where that is asked.
    package static func seen(_ id: Int64, _ signedIn: SignedIn, for right: Right = .seeing, in db: Reading) throws -> PersonFile {
        guard let person = try RosterStore.living(id, in: db) else { throw WebProblem.missing }
        let posts = try RosterStore.appointments(of: [person.id], in: db)
        let history = try OrganizationStore.history(in: db)
        let sight = ScopeOverTime(signedIn.scope, history)
        guard posts.contains(where: { sight.covers($0.organizationID, for: .seeing) }) else { throw WebProblem.missing }
        let running = posts.filter { $0.to > signedIn.today }
        let mayKeep = (running.isEmpty ? posts : running).contains { sight.covers($0.organizationID, for: .keeping) }
        if right == .keeping, !mayKeep { throw WebProblem.missing }
        let names = Dictionary(posts.map { ($0.organizationID, history.name($0.organizationID)) }, uniquingKeysWith: { first, _ in first })
        return PersonFile(person: person, posts: posts, units: names, mayKeep: mayKeep)
    }

    /// The post that says where somebody is on a day: the primary one, or else the first that runs.
    package func present(on day: Day) -> Appointment? {
        posts.first { $0.covers(day) && $0.isPrimary } ?? posts.first { $0.covers(day) }
    }

    package func unit(_ post: Appointment) -> String { units[post.organizationID] ?? "" }
}

/// A scope that also reaches into the past: a closed unit belongs to whoever has the unit it last stood under.
package struct ScopeOverTime: Sendable {
    private let scope: Scope
    private let history: OrgHistory

    package init(_ scope: Scope, _ history: OrgHistory) {
        self.scope = scope
        self.history = history
    }

    package func covers(_ unit: Int64, for right: Right) -> Bool {
        var current: Int64? = unit, steps = 0
        while let id = current, steps < 64 {
            if scope.tree.unit(id) != nil { return scope.covers(id, for: right) }
            current = history.latest(id)?.facts.parentID
            steps += 1
        }
        return false
    }

    /// Every unit, living or closed, at which the account has the right.
    package func units(for right: Right) -> Set<Int64> {
        scope.organizationIDs(for: right).union(history.organizations.keys.filter { scope.tree.unit($0) == nil && covers($0, for: right) })
    }
}
