import Access
import Kit
import Register

/// Reminders: on the days that the rules name, whoever's turn it is is told again; each step once a day, whichever server does it.
package enum Reminders {
    /// Sends those of a day; how many steps there were.
    @discardableResult
    package static func send(_ house: House, today: Day) async throws -> Int {
        let due = try await house.database.read { db in try ApprovalStore.due(notRemindedOn: today, in: db) }.filter { $0.step.isReminder(on: today) }
        guard !due.isEmpty else { return 0 }
        return try await house.database.write(Act(who: .system, origin: "", kind: "approval.remind", why: "")) { db in
            let tree = try OrganizationStore.tree(on: today, in: db)
            return try due.count { one in
                guard try ApprovalStore.noteReminder(one, on: today, in: db), let approval = try ApprovalStore.approval(one.approvalID, in: db),
                    let kind = house.features.kind(of: approval), let day = one.step.due
                else { return false }
                try Deciding.tell(
                    one.step, approval, "\(try kind.matter(approval, db))还没有办，\(Inbox.due(day, today))；请办理。", kind: "approval.due", tree: tree, besides: nil, in: db)
                return true
            }
        }
    }
}
