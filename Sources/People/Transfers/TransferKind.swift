import Access
import Approvals
import Kit
import Register

extension ApprovalKind {
    /// 调入 and 兼任: the unit that keeps somebody lets them go.
    package static let transfer = ApprovalKind(
        .transfer, "调入申请", isTogether: true,
        acts: [
            .ask: "request.again", .consent: "request.consent", .return: "request.return", .decline: "request.decline", .withdraw: "request.withdraw", .takeBack: "undo",
        ],
        second: .another,
        matter: { approval, db in "\(approval.transferWord)\(try RosterStore.living(approval.subjectID, in: db)?.name ?? "")的申请" },
        lines: { approvals, eye, db in
            let people = try RosterStore.people(approvals.map(\.subjectID), in: db)
            return approvals.map { approval in
                let post = RosterStore.appointment(approval.content), name = people[approval.subjectID]?.name ?? "", to = eye.scope.name(approval.organizationID)
                let what = post.isPrimary ? "申请调入\(name)" : "申请由\(name)兼任\(post.title.isEmpty ? "职务" : "“\(post.title)”")"
                return ApprovalLine(
                    title: "\(approval.transferWord) \(name)", asks: "“\(to)”\(what)，自 \(post.from) 起", asker: to,
                    person: people[approval.subjectID].flatMap { $0.isErased ? nil : $0.id })
            }
        },
        shown: { approval, _, eye, db in
            let post = RosterStore.appointment(approval.content), person = try RosterStore.people([approval.subjectID], in: db)[approval.subjectID]
            let isSeen = try PersonSight(RosterStore.appointments(of: [approval.subjectID], in: db), eye.scope, today: eye.today) != nil
            let isDecider = try Deciding.isDecider(ApprovalStore.steps(of: approval, in: db), eye)
            let knowsFrom = isDecider || eye.scope.covers(approval.deciderID, for: .seeing) || approval.state == .consented
            let deeds = try ApprovalStore.deeds(of: approval.id, in: db)
            return TransferPages.shown(
                TransferPages.Seen(
                    approval: approval, post: post, name: person?.name ?? "", personLink: isSeen ? "/people/\(approval.subjectID)" : nil,
                    to: eye.scope.name(approval.organizationID), from: knowsFrom ? eye.scope.name(approval.deciderID) : nil, isDecider: isDecider, why: deeds.first?.act.why ?? ""),
                deeds.last?.act.why ?? "", eye.house.words)
        },
        parts: { approval, eye, _ in TransferPages.parts(RosterStore.appointment(approval.content), eye.house.words) },
        check: { approval, verb, _, decider, db in
            switch verb {
            case .consent, .return, .decline:
                try TransferStore.checkNotOwn(approval, by: decider, in: db)
                if verb == .consent { try TransferStore.checkSecond(approval, by: decider, in: db) }
            case .ask, .withdraw, .takeBack: break
            }
        },
        consented: { approval, _, db in try TransferStore.carryOut(approval, in: db) },
        tell: { approval, _, db in try TransferStore.tellEnd(approval, in: db) },
        amended: { approval, form, eye, db in
            let old = RosterStore.appointment(approval.content)
            var post = try PersonForm.asked(form, old, eye.house.words)
            post.personID = try RosterStore.living(old.personID, in: db)?.id ?? old.personID
            do {
                guard try TransferStore.checkAsking(post, today: eye.today, in: db) == approval.deciderID else {
                    throw Refusal("transfer.elsewhere", "提出申请以后，此人的任职有了变动，这一份不能再改；请撤销后另提一份。")
                }
            } catch let refusal as Refusal { throw Transfer.hiding(refusal) }
            post.personID = old.personID
            return RosterStore.image(post)
        },
        takingBack: TakingBackRule(
            isAllowed: { approval, eye, _ in TransferStore.mayTakeBack(approval, eye) },
            takeBack: { approval, act, decider, db in try TransferStore.takeBack(approval, act: act, by: decider, in: db) }),
        due: { approval in approval.content.day("from_day").flatMap { $0 == .always ? nil : $0 } },
        people: { [$0.subjectID] },
        field: PersonForm.field, forgotten: TransferStore.forgotten)
}
