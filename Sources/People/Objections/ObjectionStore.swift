import Access
import Accounts
import Approvals
import Kit
import Register

extension Request.Kind {
    /// 有误反映: the subject is what is said to be wrong in a person's own record, the content an `Objection`.
    package static let objection = Request.Kind(rawValue: "record.objection")
}

/// 有误反映 among the requests: asked by the person, answered by an officer over the person's unit.
package enum ObjectionStore {
    private static let word = "有误反映"

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

    /// Puts an objection before the officers of `path`, a unit's way from the root, and tells the nearest of them.
    /// Refusals `objection.open`, `objection.noUnit`, and what `Objection.checked` throws.
    package static func ask(_ target: Target, of person: Person, text: String, path: [Int64], today: Day, in db: Writing) throws {
        let text = try Objection.checked(text)
        guard let unit = path.last else {
            throw Refusal("objection.noUnit", "您现在没有登记任职，不知道该由谁答复；请直接与最后任职单位的组织人事管理员联系。")
        }
        guard try RequestStore.open(.objection, about: target.id, in: db) == nil else {
            throw Refusal("objection.open", "这一项您已经反映过，正在等待答复；答复会出现在通知里。")
        }
        let content = RowImage(["person_id": .int(person.id), "about": .text(target.about), "text": .text(text), "link": .text(target.link)])
        let request = try RequestStore.ask(.objection, about: target.id, from: unit, decider: unit, content, in: db)
        for officer in try GrantStore.officers(along: path, on: today, in: db)?.officers ?? [] {
            try MessageStore.send(
                to: .account(officer.id), kind: "objection.asked", "\(person.name)反映\(target.about)有误，请核对并答复。", link: "/objections/\(request.id)", in: db)
        }
    }

    /// Answers an objection: `isRight` where the record has been set right. Refusals `objection.noAnswer`, `request.decided`.
    package static func answer(_ objection: Objection, isRight: Bool, in db: Writing) throws {
        guard !db.act.why.isEmpty else { throw Refusal("objection.noAnswer", "还没有写答复；请写明核对的结果，本人会看到。") }
        try RequestStore.decide(objection.request.id, isRight ? .consented : .declined, word: word, in: db)
        try MessageStore.send(
            to: .person(objection.personID), kind: "objection.answered",
            "您反映的\(objection.about)\(isRight ? "已更正" : "核对无误，没有改动")：\(db.act.why)", link: "/me/objections", in: db)
    }

    /// Whoever owes account or file to the one who objects does not answer for the record. The other way round is the rule:
    /// officers make the files and codes of their people. Refusal `second.decider`.
    static func checkAnswerer(_ objection: Objection, _ signedIn: SignedIn, in db: Reading) throws {
        let asker = try IndependenceStore.side(ofPerson: objection.personID, now: signedIn.now, in: db)
        let answerer = try IndependenceStore.side(of: signedIn.account.id, now: signedIn.now, in: db)
        guard let deed = answerer.came(from: asker) else { return }
        let others = try IndependenceStore.others(
            than: asker, answerer, at: signedIn.scope.tree.path(to: objection.request.deciderID), now: signedIn.now, today: signedIn.today, isFinal: false, in: db)
        throw Refusal("second.decider", "您的\(deed.word)是反映的人在最近 \(Independence.days) 天里办的，不能由您答复。\(others)")
    }

    package static func withdraw(_ objection: Objection, in db: Writing) throws {
        try RequestStore.decide(objection.request.id, .withdrawn, word: word, in: db)
    }

    package static func objection(_ id: Int64, in db: Reading) throws -> Objection? {
        guard let request = try RequestStore.request(id, in: db), request.kind == .objection else { return nil }
        return Objection(request: request, steps: try RequestStore.steps(of: id, in: db))
    }

    /// A person's own, newest first.
    package static func objections(of person: Int64, in db: Reading) throws -> [Objection] {
        let files = try GrantStore.files(of: person, in: db)
        // Those a person asked are found by the steps of the person's accounts: there are few.
        let ids = try db.rows(
            SQL("""
                SELECT DISTINCT s.request_id FROM request_step s JOIN request r ON r.id = s.request_id
                WHERE s.account_id IN (\(list: try AccountStore.accounts(of: person, in: db).map(\.account.id))) AND r.kind = \(Request.Kind.objection.rawValue) ORDER BY s.request_id DESC LIMIT 200
                """)) { $0.int(0) }
        return try ids.compactMap { try objection($0, in: db) }.filter { files.contains($0.personID) }
    }

    /// How many of a person's own still wait for an answer.
    package static func countOpen(of person: Int64, in db: Reading) throws -> Int {
        try objections(of: person, in: db).filter { $0.request.state == .asked }.count
    }

    /// Those that officers over these units are to answer or answered, the open ones first, each newest first.
    package static func objections(in db: Reading, of isKept: (Int64) -> Bool) throws -> [Objection] {
        try [RequestStore.Which.open, .decided].flatMap { which in
            try RequestStore.requests(which, .objection, in: db) { isKept($0.deciderID) }
                .map { Objection(request: $0, steps: try RequestStore.steps(of: $0.id, in: db)) }
        }
    }

    /// Those about files, whoever asked: there are few enough to look through.
    static func all(about files: [Int64], in db: Reading) throws -> [Request] {
        try RequestStore.all(.objection, in: db).filter { $0.personID.map(files.contains) ?? false }
    }

    /// Clears what was written about people whose files are deleted.
    static func forget(_ people: [Int64], in db: Writing) throws {
        for request in try all(about: people, in: db) {
            let content = RowImage(["person_id": .int(request.personID), "about": .text(""), "text": .text(""), "link": .text("")])
            try RequestStore.forget(request, leaving: content, in: db)
        }
    }
}
