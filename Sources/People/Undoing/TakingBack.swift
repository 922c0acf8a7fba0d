import Kit
import Register

/// 撤回 of acts on organisations, people and requests.
package enum TakingBack {
    /// Takes an act back where nothing later rests on it; `keepers` are those of all features.
    /// Throws what `Undo.undo` throws, and `undo.tree` where the tree would no longer hold.
    package static func undo(act id: Int64, _ keepers: [RowKeeper], in db: Writing) throws {
        try Undo.undo(act: id, keepers: keepers, in: db, day: Clock.day(ofMilliseconds:))
        let changes = try ActStore.changes(ofAct: id, in: db)
        let touched = Set(changes.filter { $0.subject == "organization_version" }.compactMap { ($0.before ?? $0.after)?.int("organization_id") })
        if !touched.isEmpty {
            let history = try OrganizationStore.history(in: db)
            guard history.cycles().isEmpty else {
                throw Refusal("undo.tree", "撤回后单位会互为上下级；请先撤回后来的划转")
            }
            for version in touched.flatMap({ history.versions[$0] ?? [] }) {
                if let parent = version.facts.parentID { try history.requireAlive(parent, from: version.from, to: version.to) }
            }
        }
        for change in changes where change.subject == "organization_version" {
            // A unit that came back into being, or ended again, must not leave people in a unit that is not there.
            guard let after = change.before, let unit = after.int("organization_id"), let end = after.day("to_day"), end != .open else { continue }
            if try OrganizationStore.history(in: db).closed(unit) == end, try !RosterStore.posts(in: [unit], endingAfter: end, in: db).isEmpty {
                throw Refusal("undo.dependent", "还有人在这个单位任职到 \(end) 之后，不能撤回；请先办理离任或调动")
            }
        }
    }
}
