import Access
import Accounts
import Approvals
import Kit
import Register

extension Approval.Key {
    /// 有误反映: the subject is what is said to be wrong in a person's own record, the content an `Objection`.
    package static let objection = Approval.Key(rawValue: "record.objection")
}

/// 有误反映 among the requests: asked by the person, answered by an officer over the person's unit.
package enum ObjectionStore {
    /// What the record says wrongly.
    package struct Target: Sendable {
        /// Id of the record, appointment, certificate or person.
        package let id: Int64
        package let about: String
        package let link: String

        package init(id: Int64, about: String, link: String) {
            self.id = id
            self.about = about
            self.link = link
        }
    }

    /// Puts an objection before the officers of `unit`, that of the person, who are told.
    /// Refusals `objection.open`, `objection.noUnit`, and what `Objection.checked` throws.
    package static func ask(_ target: Target, of person: Person, text: String, at unit: Int64?, _ house: House, by eye: ApprovalEye? = nil, in db: Writing) throws {
        let text = try Objection.checked(text)
        guard let unit else {
            throw Refusal("objection.noUnit", "您现在没有登记任职，不知道该由谁答复；请直接与最后任职单位的组织人事管理员联系。")
        }
        guard try ApprovalStore.open(.objection, about: target.id, in: db) == nil else {
            throw Refusal("objection.open", "这一项您已经反映过，正在等待答复；答复会出现在通知里。")
        }
        let content = RowImage(["person_id": .int(person.id), "about": .text(target.about), "text": .text(text), "link": .text(target.link)])
        try Deciding.ask(.objection, about: target.id, from: unit, decider: unit, content, house, by: eye, in: db)
    }

    /// Tells the person what was answered.
    static func tellAnswer(_ approval: Approval, in db: Writing) throws {
        let objection = Objection(approval: approval, deeds: [])
        try MessageStore.send(
            to: .person(objection.personID), kind: "objection.answered",
            "您反映的\(objection.about)\(approval.state == .consented ? objection.about == Objection.missing ? "已补登" : "已更正" : "核对无误，没有改动")：\(db.act.why)", link: "/me/objections", in: db)
    }

    /// Whoever owes account or file to the one who objects does not answer for the record. The other way round is the rule:
    /// officers make the files and codes of their people. Refusal `second.decider`.
    static func checkAnswerer(_ approval: Approval, _ decider: ApprovalDecider, in db: Reading) throws {
        guard let person = approval.personID else { return }
        let signedIn = decider.signedIn, asker = try IndependenceStore.side(ofPerson: person, now: signedIn.now, in: db)
        for answerer in try decider.sides(in: db) {
            guard let deed = answerer.came(from: asker) else { continue }
            let others = try IndependenceStore.others(
                than: asker, answerer, at: decider.eye.scope.standing(approval.deciderID).map { signedIn.scope.tree.path(to: $0) } ?? [], now: signedIn.now, today: signedIn.today, isFinal: false, in: db)
            throw Refusal("second.decider", "您的\(deed.word)是反映的人在最近 \(Independence.days) 天里办的，不能由您答复。\(others)")
        }
    }

    package static func objection(_ id: Int64, in db: Reading) throws -> Objection? {
        guard let approval = try ApprovalStore.approval(id, in: db), approval.kind == .objection else { return nil }
        return Objection(approval: approval, deeds: try ApprovalStore.deeds(of: id, in: db))
    }

    /// A person's own, newest first.
    package static func objections(of person: Int64, in db: Reading) throws -> [Objection] {
        let files = try GrantStore.files(of: person, in: db)
        // Those a person asked are found by the deeds of the person's accounts: there are few.
        let asked = try ApprovalStore.asked(.objection, by: AccountStore.accounts(of: person, in: db).map(\.account.id), in: db)
        return try asked.map { Objection(approval: $0, deeds: try ApprovalStore.deeds(of: $0.id, in: db)) }.filter { files.contains($0.personID) }
    }

    /// How many of a person's own still wait for an answer.
    package static func countOpen(of person: Int64, in db: Reading) throws -> Int {
        try objections(of: person, in: db).filter { $0.approval.state.isOpen }.count
    }

    /// Those about files, whoever asked: there are few enough to look through.
    @Sendable static func all(about files: [Int64], in db: Reading) throws -> [Approval] {
        try ApprovalStore.all(.objection, in: db).filter { $0.personID.map(files.contains) ?? false }
    }

    /// What is left of one: whom it was about.
    static func forgotten(_ approval: Approval) -> RowImage {
        RowImage(["person_id": .int(approval.personID), "about": .text(""), "text": .text(""), "link": .text("")])
    }
}
