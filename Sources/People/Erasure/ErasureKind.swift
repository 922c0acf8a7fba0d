import Approvals
import Kit
import Register

extension ApprovalKind {
    /// 依法删除: decided by an officer above, on a copied name; carried out after a time in which many may undo it.
    package static let erasure = ApprovalKind(
        .erasure, "删除申请", verbs: [.consent, .decline, .withdraw, .takeBack], right: .keeping,
        acts: [.consent: "erasure.consent", .decline: "erasure.decline", .withdraw: "erasure.withdraw", .takeBack: "erasure.undo"], second: .another,
        matter: { approval, db in "删除\(try RosterStore.living(approval.subjectID, in: db)?.name ?? "")档案的申请" },
        lines: { approvals, eye, db in
            let people = try RosterStore.people(approvals.map(\.subjectID), in: db)
            return approvals.map { approval in
                let person = people[approval.subjectID], name = person?.name ?? "", unit = eye.scope.name(approval.organizationID)
                return ApprovalLine(title: "删除 \(name) 的档案", asks: "“\(unit)”申请依法删除\(name)的档案", asker: unit, person: person.flatMap { $0.isErased ? nil : $0.id })
            }
        },
        shown: { approval, _, eye, db in
            guard let person = try RosterStore.person(approval.subjectID, in: db) else { throw WebProblem.missing }
            let wait = try ErasureStore.wait(of: approval.id, in: db), deeds = try ApprovalStore.deeds(of: approval.id, in: db)
            return ErasurePages.shown(
                ErasurePages.Seen(
                    approval: approval, wait: wait, person: person, unit: eye.scope.name(approval.organizationID), ground: ErasureStore.ground(of: approval),
                    state: approval.state.isOpen || wait?.state == .waiting ? try ErasureStore.state(of: person, eye.house, today: eye.today, in: db) : Erasure.State(),
                    isDecider: try Deciding.isDecider(ApprovalStore.steps(of: approval, in: db), eye), why: deeds.first?.act.why ?? "", last: deeds.last?.act.why ?? ""))
        },
        isSeen: { approval, eye, db in
            // Every officer over a unit in which the person has or had a post.
            try RosterStore.appointments(of: [approval.subjectID], in: db).contains { eye.scope.covers($0.organizationID, for: .keeping) }
        },
        seen: { eye, db in
            try ErasureStore.asked(in: db).filter { _, posts in posts.contains { eye.scope.covers($0, for: .keeping) } }.map(\.approval)
        },
        check: { approval, verb, form, decider, db in
            if verb == .consent { try ErasureStore.checkConsent(approval, named: form.text("name"), by: decider, in: db) }
        },
        consented: { approval, decider, db in try ErasureStore.wait(approval, by: decider, in: db) },
        tell: { approval, _, db in try ErasureStore.tellEnd(approval, in: db) },
        takingBack: TakingBackRule(
            isAllowed: { approval, _, db in try ErasureStore.wait(of: approval.id, in: db)?.state == .waiting },
            takeBack: { approval, _, _, db in try ErasureStore.undo(approval, in: db) }),
        people: { [$0.subjectID] },
        field: { $0.name == "erasure.name" ? "name" : $0.formField }, forgotten: \.content)
}
