import Access
import Kit
import Register

/// A bulk change in the database: what is chosen, what becomes of it, and the act that did it.
enum BulkStore {
    /// People that one act changes at most.
    static let most = 10_000
    static let act = "person.bulk"

    /// Refusals `bulk.none`, `bulk.many`.
    static func check(count: Int) throws {
        guard count > 0 else { throw Refusal("bulk.none", "还没有选人；请在名册里打勾，或更改列出的全部。") }
        guard count <= most else { throw Refusal("bulk.many", "一次最多更改 \(Numbers.count(most)) 人；请先按单位筛选，再分几次办。") }
    }

    /// The plan for people as they are now. Those whom the reader does not see are left out.
    static func plan(
        _ change: BulkChange, _ ids: [Int64], _ signedIn: SignedIn, in db: Reading
    ) throws -> (plan: BulkChange.Plan, people: [Int64: Person], posts: [Int64: [Appointment]]) {
        let scope = ScopeOverTime(signedIn.scope), found = try RosterStore.people(ids, in: db)
        let posts = Dictionary(grouping: try RosterStore.appointments(of: ids, in: db), by: \.personID)
        let seen = ids.compactMap { found[$0] }.filter { $0.mergedInto == nil && PersonSight(posts[$0.id] ?? [], scope, today: signedIn.today)?.isWhole == true }
        return (change.plan(seen, posts, scope, today: signedIn.today), Dictionary(seen.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }), posts)
    }

    /// Changes what the plan says, each post as its own page would. Refusal `bulk.changed` where the plan is not the one that was previewed,
    /// `bulk.nothing` where it changes nothing.
    static func carryOut(_ change: BulkChange, _ ids: [Int64], digest: String, _ signedIn: SignedIn, in db: Writing) throws {
        let (plan, _, posts) = try plan(change, ids, signedIn, in: db), scope = ScopeOverTime(signedIn.scope)
        guard !plan.edits.isEmpty else { throw Refusal("bulk.nothing", "这些人没有要改的，什么也没有改动。") }
        guard plan.digest == digest else { throw Refusal("bulk.changed", "您预览以后，其中有人的任职有了变动，没有更改；请看过现在的预览再确定。") }
        let units = try OrganizationStore.history(of: plan.edits.flatMap { posts[$0.old.personID] ?? [] }.map(\.organizationID), in: db)
        try RosterStore.apply(plan.edits.flatMap { old, new in
            let own = posts[old.personID] ?? []
            try Transfer.checkChange(of: old, to: new, posts: own, today: signedIn.today, mayKeep: { scope.covers($0, for: .keeping) })
            return try PostBook(own) { units.name($0) }.correcting(old, to: new)
        }, in: db)
    }

    /// What an act did.
    struct Done: Sendable {
        let act: ActRecord
        let edits: [(old: Appointment, new: Appointment)]
        let people: [Int64: Person]
        /// How many of the posts have been changed since, and by which act where it was one alone.
        let changedSince: Int
        let since: ActRecord?
        var isUndone: Bool { changedSince == edits.count && since?.kind == "undo" }
    }

    /// The act, for whoever keeps all the posts that it changed; nil for everybody else and for any other act.
    static func done(_ id: Int64, _ signedIn: SignedIn, in db: Reading) throws -> Done? {
        guard let act = try ActStore.act(id, in: db), act.kind == Self.act else { return nil }
        let changes = try ActStore.changes(ofAct: id, in: db), scope = ScopeOverTime(signedIn.scope)
        let edits = changes.compactMap { change -> (old: Appointment, new: Appointment)? in
            guard let before = change.before, let after = change.after, !before.isErased, !after.isErased else { return nil }
            return (RosterStore.appointment(before), RosterStore.appointment(after))
        }
        guard !edits.isEmpty, edits.allSatisfy({ scope.covers($0.new.organizationID, for: .keeping) }) else { return nil }
        let latest = Dictionary(
            try ActStore.changes(of: "appointment", edits.map(\.new.id), in: db).map { ($0.subjectID, $0) }, uniquingKeysWith: { newest, _ in newest })
        let since = edits.compactMap { latest[$0.new.id] }.filter { $0.act.id != id }, acts = Set(since.map(\.act))
        return Done(
            act: act, edits: edits, people: try RosterStore.people(edits.map(\.new.personID), in: db), changedSince: since.count,
            since: acts.count == 1 ? acts.first : nil)
    }
}
