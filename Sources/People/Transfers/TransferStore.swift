import Access
import Accounts
import Approvals
import Kit
import Register

extension Approval.Key {
    /// 调入 and 兼任: the subject is a person, the content the appointment that is to begin; a side post where it is not primary.
    package static let transfer = Approval.Key(rawValue: "transfer")
}

extension Approval {
    /// What a transfer is called: one for a side post bears another name than one for the person.
    var transferWord: String { content.bool("is_primary") ? "调入" : "兼任" }
}

/// 调入 and 兼任 in the database: asked, consented to, begun.
package enum TransferStore {
    /// 调动 or 兼任: the post begins at once where nobody else has a word in it; else the unit that keeps the person is
    /// asked. Answers the request, if there is one.
    @discardableResult
    package static func begin(_ post: Appointment, by signedIn: SignedIn, _ house: House, in db: Writing) throws -> Int64? {
        let scope = ScopeOverTime(signedIn.scope), posts = try RosterStore.appointments(of: [post.personID], in: db)
        let isSeen = PersonSight(posts, scope, today: signedIn.today)?.isWhole ?? false
        do {
            guard case .ask = Transfer.way(to: post, posts: posts, today: signedIn.today, mayKeep: { scope.covers($0, for: .keeping) }) else {
                let former = Transfer.former(before: post, posts: posts, today: signedIn.today) { scope.covers($0, for: .keeping) }
                try begin(post, in: db)
                if let former { try tellOfReturn(post, at: scope.name(post.organizationID), from: former, in: db) }
                if post.isSideways(from: posts, on: signedIn.today) { try tellOfSidePost(post, at: scope.name(post.organizationID), in: db) }
                return nil
            }
            return try askTransfer(to: post, house, by: ApprovalEye(signedIn, house, in: db), in: db).id
        } catch let refusal as Refusal where !isSeen {
            throw Transfer.hiding(refusal)
        }
    }

    private static func begin(_ post: Appointment, in db: Writing) throws {
        if post.isPrimary { try RosterStore.transfer(to: post, in: db) } else { try RosterStore.appoint(post, in: db) }
    }

    /// Asks the unit that keeps a person. Throws `transfer.asked` where a request is open already,
    /// and whatever would refuse the post itself.
    @discardableResult
    package static func askTransfer(to post: Appointment, _ house: House, by eye: ApprovalEye? = nil, in db: Writing) throws -> Approval {
        let unit = try checkAsking(post, today: eye?.today ?? Clock.day(ofMilliseconds: db.now), in: db)
        if let open = try ApprovalStore.open(.transfer, about: post.personID, in: db) {
            throw Refusal("transfer.asked", "此人已有一份到“\(try OrganizationStore.name(open.organizationID, in: db))”\(open.transferWord)的申请在办；请等那一份办结")
        }
        return try Deciding.ask(.transfer, about: post.personID, from: post.organizationID, decider: unit, RosterStore.image(post), house, by: eye, in: db)
    }

    /// The unit that is asked for a post. What the post would be refused for is said now, not after somebody has consented.
    static func checkAsking(_ post: Appointment, today: Day, in db: Reading) throws -> Int64 {
        let book = try RosterStore.book(of: post.personID, in: db)
        guard case .ask(let old) = Transfer.way(to: post, posts: book.posts, today: today, mayKeep: { _ in false }) else {
            throw Refusal("transfer.free", "此人在 \(post.from) 没有主任职，可直接登记任职，不用申请调入")
        }
        try RosterStore.requireUnit(post, in: db)
        _ = try post.isPrimary ? book.moving(to: post) : book.appointing(post)
        return old.organizationID
    }

    /// What consent brings about: a transfer closes the old post on the new one's first day and opens the new one, in the same act; a side post
    /// opens beside the others. Throws `transfer.ended`, `transfer.moved`, and what the move itself is refused for.
    static func carryOut(_ asked: Approval, in db: Writing) throws {
        var post = RosterStore.appointment(asked.content)
        // The file may have been merged into another since.
        guard let person = try RosterStore.living(post.personID, in: db), person.mergedInto == nil else { throw RosterStore.missing }
        post.personID = person.id
        let book = try RosterStore.book(of: person.id, in: db)
        try Transfer.checkConsent(
            to: post, askedOf: asked.deciderID, unitName: try OrganizationStore.name(asked.deciderID, in: db), posts: book.posts,
            today: Clock.day(ofMilliseconds: db.now))
        try RosterStore.requireUnit(post, in: db)
        try RosterStore.apply(post.isPrimary ? book.moving(to: post) : book.appointing(post), in: db)
    }

    /// Takes a consent back, and with it the move it brought about, where nothing later rests on it. A move that the other unit was given is taken back
    /// only by who keeps both units, as on the person's page. Refusal `transfer.bothUnits`, and what `TakingBack` throws.
    static func takeBack(_ approval: Approval, act: Int64, by decider: ApprovalDecider, in db: Writing) throws {
        guard mayTakeBack(approval, decider.eye) else {
            throw Refusal(
                "transfer.bothUnits", "已经同意的\(approval.transferWord)涉及两个单位，只能由同时管这两个单位的上级撤回，没有改动；要请此人回来的，请另提一份申请。")
        }
        try checkNotOwn(approval, by: decider, in: db)
        if let person = try RosterStore.living(approval.subjectID, in: db) { try TakingBack.requireOwn(act, person.id, decider.signedIn, in: db) }
        try TakingBack.undo(act: act, decider.house.features.keepers, in: db)
    }

    static func mayTakeBack(_ approval: Approval, _ eye: ApprovalEye) -> Bool {
        [approval.deciderID, approval.organizationID].allSatisfy { eye.scope.covers($0, for: .keeping) }
    }

    /// Nobody decides about the own move, whatever the decision. Refusal `approval.own`.
    static func checkNotOwn(_ approval: Approval, by decider: ApprovalDecider, in db: Reading) throws {
        guard try decider.isOwn(approval.subjectID, in: db) else { return }
        let others = try Deciding.others(approval, than: ApprovalStore.askers(of: approval.id, in: db), decider.sides(in: db), in: db, decider)
        throw Refusal("approval.own", "这是调动您本人的申请，不能由您自己决定。\(others)")
    }

    /// Consent to a transfer needs somebody who did not make the asker, nor is made by the asker. Whoever may keep both units
    /// could move the person alone, and is no second; what is lent in an absence makes nobody that. Refusals of `Independence`.
    static func checkSecond(_ approval: Approval, by decider: ApprovalDecider, in db: Reading) throws {
        guard ![approval.organizationID, approval.deciderID].allSatisfy({ decider.eye.scope.covers($0, for: .keeping) }) else { return }
        let askers = try ApprovalStore.askers(of: approval.id, in: db), sides = try decider.sides(in: db)
        for asker in askers {
            let asker = try IndependenceStore.side(of: asker, now: decider.signedIn.now, in: db)
            for side in sides {
                try Independence.check(asker: asker, decider: side) { try Deciding.others(approval, than: askers, sides, in: db, decider) }
            }
        }
    }

    // MARK: - who is told

    /// Tells whoever asked, and of a move the person as well.
    static func tellEnd(_ approval: Approval, in db: Writing) throws {
        guard let person = try RosterStore.living(approval.subjectID, in: db) else { return }
        let post = RosterStore.appointment(approval.content)
        let text = switch approval.state {
        case .consented: "已同意，自 \(post.from) 起任职。"
        case .returned: "已退回修改：\(db.act.why)"
        default: "没有同意：\(db.act.why)"
        }
        for asker in Set(try ApprovalStore.askers(of: approval.id, in: db)).sorted() {
            try MessageStore.send(
                to: .account(asker), kind: "approval.\(approval.state.rawValue)", "\(approval.transferWord)\(person.name)的申请\(text)", link: approval.link, in: db)
        }
        guard approval.state == .consented else { return }
        let unit = try OrganizationStore.name(post.organizationID, in: db)
        guard post.isPrimary else { return try tellOfSidePost(post, of: person.id, at: unit, in: db) }
        try MessageStore.send(to: .person(person.id), kind: "post.moved", "您自 \(post.from) 起到“\(unit)”任职\(post.title.isEmpty ? "" : "（\(post.title)）")。", in: db)
    }

    /// Tells somebody of a post beside the own one, in whatever way it came about: it opens the file to another unit.
    static func tellOfSidePost(_ post: Appointment, of person: Int64? = nil, at unit: String, in db: Writing) throws {
        try MessageStore.send(
            to: .person(person ?? post.personID), kind: "post.side",
            "您自 \(post.from) 起在“\(unit)”兼任\(post.title.isEmpty ? "职务" : "“\(post.title)”")，那个单位从此可以查看您的档案。如有不符，请与您单位的组织人事管理员联系。",
            link: "/me/archive", in: db)
    }

    /// Tells somebody who was in office nowhere, and the unit that kept the file so far, that it has gone on to another.
    static func tellOfReturn(_ post: Appointment, at unit: String, from former: Int64, in db: Writing) throws {
        try MessageStore.send(
            to: .person(post.personID), kind: "post.moved",
            "您自 \(post.from) 起到“\(unit)”任职\(post.title.isEmpty ? "" : "（\(post.title)）")，档案从此由那个单位办理。如有不符，请与您原单位的组织人事管理员联系。", link: "/me/archive", in: db)
        guard let person = try RosterStore.person(post.personID, in: db) else { return }
        for officer in try GrantStore.officers(along: OrganizationStore.path(to: former, in: db), on: Clock.day(ofMilliseconds: db.now), in: db)?.officers ?? [] where db.act.who != .account(officer.id, officer.displayName) {
            try MessageStore.send(
                to: .account(officer.id), kind: "post.left", "\(person.name)已离任，自 \(post.from) 起到“\(unit)”任职，档案从此由那个单位办理。如有不符，请与那个单位联系。", link: "/people/\(person.id)", in: db)
        }
    }

    // MARK: - deleted files

    /// What is left of what was asked for: without the title.
    static func forgotten(_ approval: Approval) -> RowImage {
        var post = RosterStore.appointment(approval.content)
        post.title = ""
        return RosterStore.image(post)
    }
}
