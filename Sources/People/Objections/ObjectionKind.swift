import Approvals
import Kit
import Register

extension ApprovalKind {
    /// 有误反映: answered by an officer over the person's unit; that it was set right is the consent.
    package static let objection = ApprovalKind(
        .objection, "有误反映", verbs: [.consent, .decline, .withdraw, .takeBack], isPersonal: true, right: .keeping,
        acts: [.consent: "objection.answer", .decline: "objection.answer", .withdraw: "objection.withdraw", .takeBack: "undo"], second: .another,
        matter: { approval, _ in "反映\(Objection.complaint(about: approval.content.text("about") ?? ""))" },
        lines: { approvals, _, db in
            let people = try RosterStore.people(approvals.compactMap(\.personID), in: db)
            return approvals.map { approval in
                let objection = Objection(approval: approval, deeds: []), person = people[objection.personID], name = person?.name ?? ""
                return ApprovalLine(
                    title: "\(name)：\(objection.about)", asks: "\(name)反映\(Objection.complaint(about: objection.about))", asker: name, person: person.flatMap { $0.isErased ? nil : $0.id })
            }
        },
        shown: { approval, _, _, db in
            guard let person = try approval.personID.flatMap({ try RosterStore.living($0, in: db) }) else { throw WebProblem.missing }
            return ObjectionPages.shown(Objection(approval: approval, deeds: try ApprovalStore.deeds(of: approval.id, in: db)), person)
        },
        check: { approval, verb, _, decider, db in
            guard verb.isDecision else { return }
            if let person = approval.personID, try decider.isOwn(person, in: db) {
                throw Refusal("objection.own", "这是您自己提出的，不能由您自己答复；请由上级单位的组织人事管理员办理。")
            }
            guard !db.act.why.isEmpty else { throw Refusal("objection.noAnswer", "还没有写答复；请写明核对的结果，本人会看到。") }
            try ObjectionStore.checkAnswerer(approval, decider, in: db)
        },
        tell: { approval, _, db in try ObjectionStore.tellAnswer(approval, in: db) },
        field: { $0.name == "objection.noAnswer" ? "why" : $0.formField }, forgotten: ObjectionStore.forgotten)
}
