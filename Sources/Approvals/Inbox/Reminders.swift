import Access
import Kit
import Register

/// Reminders: whoever's turn it is is told again when a day has come that the rules name; each step once a day, whichever server does it, and once for
/// all the days on which none did.
package enum Reminders {
    /// Sends those that are due on a day; how many steps there were.
    @discardableResult
    package static func send(_ house: House, today: Day) async throws -> Int {
        try await time(house, today: today)
        let due = try await house.database.read { db in try ApprovalStore.reminders(on: today, in: db) }
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

    /// What was asked before there were steps gets its days by those now in force, as if its turn had come today.
    private static func time(_ house: House, today: Day) async throws {
        let timed = try await house.database.read { db in
            let untimed = try ApprovalStore.untimed(in: db)
            guard !untimed.isEmpty else { return [(waiting: ApprovalStore.Waiting, rule: StepRules.Step, due: Day?)]() }
            let tree = try OrganizationStore.tree(on: today, in: db), approvals = try ApprovalStore.approvals(untimed.map(\.approvalID), in: db)
            return untimed.compactMap { one in
                guard let approval = approvals[one.approvalID], let kind = house.features.kind(of: approval),
                    let rule = Deciding.rules(for: approval, house, tree).first?.first(where: { one.step.isDecided(by: $0.decider) })
                else { return nil }
                let due = [rule.within.map { today + $0 }, kind.due(approval)].compactMap(\.self).min()
                return due == nil && rule.remind.isEmpty ? nil : (one, rule, due)
            }
        }
        guard !timed.isEmpty else { return }
        try await house.database.write(Act(who: .system, origin: "", kind: "approval.time", why: "")) { db in
            for one in timed { try ApprovalStore.time(one.waiting, within: one.rule.within, remind: one.rule.remind, due: one.due, in: db) }
        }
    }
}

extension ApprovalStep {
    /// Whether a step of the rules asks for the same duty, at whatever unit.
    fileprivate func isDecided(by rule: StepRules.Decider) -> Bool {
        switch (decider, rule) {
        case (.role(let one, _), .role(let other, _)): one == other
        case (.person, .person): true
        default: false
        }
    }
}
