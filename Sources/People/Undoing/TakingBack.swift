import Access
import Kit
import Register

/// 撤回 of acts on organisations, people and requests.
package enum TakingBack {
    /// Takes an act back where nothing later rests on it; `keepers` are those of all features. Rows of `besides` have been taken back already.
    /// Throws what `Undo.undo` throws, and `undo.tree` where the tree would no longer hold.
    package static func undo(act id: Int64, _ keepers: [RowKeeper], besides: Set<String> = [], in db: Writing) throws {
        try Undo.undo(act: id, keepers: keepers, besides: besides, in: db, day: Clock.day(ofMilliseconds:))
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
            if try OrganizationStore.history(of: [unit], in: db).closed(unit) == end, try !RosterStore.posts(in: [unit], endingAfter: end, in: db).isEmpty {
                throw Refusal("undo.dependent", "还有人在这个单位任职到 \(end) 之后，不能撤回；请先办理离任或调动")
            }
        }
    }

    /// An act is taken back, on a person's page or where it was decided, only where it touched nobody else and no unit of others.
    /// Refusals `undo.batch`, `undo.others`.
    static func requireOwn(_ act: Int64, _ person: Int64, _ signedIn: SignedIn, in db: Reading) throws {
        guard try ActStore.count(ofAct: act, in: db) <= 200 else {
            throw Refusal("undo.batch", "这次变更是整批进行的，不能在一个人这里撤回；请用“更正”")
        }
        // An import that was taken back is marked so: it comes in again as a file, not by taking that back.
        guard try ActStore.act(act, in: db)?.kind != Unmaking.act else { throw Refusal("undo.batch", "这次变更是撤回一次导入，不能再撤回；仍要导入的，请重新上传那份表格") }
        let file = try PersonFile.seen(person, signedIn, for: .keeping, in: db), scope = ScopeOverTime(signedIn.scope)
        let files = Set([person] + (try RosterStore.absorbed(by: person, in: db)).map(\.id))
        let changes = try ActStore.changes(ofAct: act, in: db)
        // What is never taken back is said by its own name, whatever else the act did.
        for change in changes where change.subject == "person" && files.contains(change.subjectID) { try checkFiles(change, signedIn, in: db) }
        for change in changes {
            let images = [change.before, change.after].compactMap { $0 }
            let isOwn =
                switch change.subject {
                case "person": file.sight.mayKeepFacts && files.contains(change.subjectID)
                case "approval", "request": images.allSatisfy { $0.int("subject_id") == person && scope.covers($0.int("decider_id") ?? 0, for: .keeping) }
                // Posts, and whatever else says whose it is and of which unit; what does not say both is never one's own.
                default: images.allSatisfy { files.contains($0.int("person_id") ?? 0) && scope.covers($0.int("organization_id") ?? 0, for: .keeping) }
                }
            guard isOwn else { throw Refusal("undo.others", "这次变更还涉及别人或别的单位的记录，不能在这里撤回；请用“更正”") }
        }
    }

    /// Files are made one by their form alone, where everybody is asked who has a word in it: taking back that they were taken
    /// apart would ask nobody. And whose file it is decides what is one's own: nobody takes the own apart, nor files whose
    /// accounts have duties, which would rest on another's post. Refusals `undo.merge`, `merge.own`, `undo.duties`.
    private static func checkFiles(_ change: ChangeRecord, _ signedIn: SignedIn, in db: Reading) throws {
        let was = change.before?.int("merged_into"), isNow = change.after?.int("merged_into")
        guard was != isNow else { return }
        guard was == nil else { throw Refusal("undo.merge", "合并不能用撤回来恢复；仍要合并的，请重新办理“合并重复档案”。") }
        guard try !signedIn.isOwn(change.subjectID, in: db) else {
            throw Refusal("merge.own", "其中一份是您自己的档案，不能由您拆开。请由本单位另一位或上级工会的组织人事管理员办理。")
        }
        guard try GrantStore.duties(ofFiles: GrantStore.files(of: change.subjectID, in: db), on: signedIn.today, in: db).isEmpty else {
            throw Refusal("undo.duties", "这份档案的账号还有授权没有结束，档案不能拆开。请先由授权的上级结束授权，撤回合并以后再授。")
        }
    }
}
