import Access
import Accounts
import Approvals
import Kit
import Register

extension Request.Kind {
    /// 调入 and 兼任: the subject is a person, the content the appointment that is to begin; a side post where it is not primary.
    package static let transfer = Request.Kind(rawValue: "transfer")
}

extension Request {
    /// What a transfer is called: one for a side post bears another name than one for the person.
    var transferWord: String { content.bool("is_primary") ? "调入" : "兼任" }
}

/// 调入 and 兼任 in the database: asked, consented to, begun.
package enum TransferStore {
    /// 调动 or 兼任: the post begins at once where nobody else has a word in it; else the unit that keeps the person is
    /// asked. Answers the request, if there is one.
    @discardableResult
    package static func begin(_ post: Appointment, by signedIn: SignedIn, in db: Writing) throws -> Int64? {
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
            let request = try askTransfer(to: post, today: signedIn.today, in: db)
            try tellDeciders(request, signedIn, scope, in: db)
            return request.id
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
    package static func askTransfer(to post: Appointment, today: Day? = nil, in db: Writing) throws -> Request {
        let book = try RosterStore.book(of: post.personID, in: db)
        let way = Transfer.way(to: post, posts: book.posts, today: today ?? Clock.day(ofMilliseconds: db.now), mayKeep: { _ in false })
        guard case .ask(let old) = way else {
            throw Refusal("transfer.free", "此人在 \(post.from) 没有主任职，可直接登记任职，不用申请调入")
        }
        // What the post would be refused for is said now, not after somebody has consented.
        try RosterStore.requireUnit(post, in: db)
        _ = try post.isPrimary ? book.moving(to: post) : book.appointing(post)
        if let open = try RequestStore.open(.transfer, about: post.personID, in: db) {
            let history = try OrganizationStore.history(in: db)
            throw Refusal("transfer.asked", "此人已有一份到“\(history.name(open.organizationID))”\(open.transferWord)的申请在办；请等那一份办结")
        }
        return try RequestStore.ask(.transfer, about: post.personID, from: post.organizationID, decider: old.organizationID, RosterStore.image(post), in: db)
    }

    /// Consent, refusal or withdrawal. Consent to a transfer closes the old post on the new one's first day and opens
    /// the new one, in the same act; consent to a side post opens it. Throws what `RequestStore.decide` throws, `transfer.ended`,
    /// `transfer.moved`, and what the move itself is refused for.
    package static func decide(_ id: Int64, _ state: Request.State, in db: Writing) throws {
        guard let asked = try RequestStore.request(id, in: db) else { throw RequestStore.missing }
        let new = try RequestStore.decide(id, state, word: asked.transferWord, in: db) { old in
            var post = RosterStore.appointment(old.content)
            // The file may have been merged into another since.
            post.personID = try RosterStore.living(post.personID, in: db)?.id ?? post.personID
            let book = try RosterStore.book(of: post.personID, in: db)
            try Transfer.checkConsent(
                to: post, askedOf: old.deciderID, unitName: try OrganizationStore.history(in: db).name(old.deciderID), posts: book.posts,
                today: Clock.day(ofMilliseconds: db.now))
            try begin(post, in: db)
        }
        if state != .withdrawn { try tellAsker(new, in: db) }
    }

    /// Takes the last decision back, and with it the move it brought about, where nothing later rests on it: the request
    /// is open again. What the asking unit withdrew is its own affair, and a move it was given is taken back only by who keeps
    /// both units, as on the person's page. Throws `request.undecided`, `request.withdrawn`, `request.own`, `request.bothUnits`,
    /// and what `TakingBack` throws.
    static func reopen(_ id: Int64, _ keepers: [RowKeeper], by signedIn: SignedIn, in db: Writing) throws {
        guard let request = try RequestStore.request(id, in: db), let last = try RequestStore.steps(of: id, in: db).last else { throw RequestStore.missing }
        let scope = ScopeOverTime(signedIn.scope)
        switch request.state {
        case .asked: throw Refusal("request.undecided", "这份申请还在办，没有可以撤回的决定")
        case .withdrawn: throw Refusal("request.withdrawn", "这份申请是申请单位自己撤销的，不能重新办理；仍然需要的，由申请单位另提一份。")
        case .declined: break
        case .consented:
            guard mayReopen(request, scope) else {
                throw Refusal(
                    "request.bothUnits",
                    "已经同意的\(request.transferWord)涉及两个单位，只能由同时管这两个单位的上级撤回，没有改动；要请此人回来的，请在“调入申请”里另提一份申请。")
            }
        }
        try checkNotOwn(request, by: signedIn, in: db)
        if request.state == .consented, let person = try RosterStore.living(request.subjectID, in: db) {
            try TakingBack.requireOwn(last.act.id, person.id, signedIn, in: db)
        }
        try TakingBack.undo(act: last.act.id, keepers, in: db)
    }

    /// Whether the one who may decide may also take the decision back.
    static func mayReopen(_ request: Request, _ scope: ScopeOverTime) -> Bool {
        switch request.state {
        case .asked, .withdrawn: false
        case .declined: scope.covers(request.deciderID, for: .keeping)
        case .consented: scope.covers(request.deciderID, for: .keeping) && scope.covers(request.organizationID, for: .keeping)
        }
    }

    /// Nobody decides about the own move, whatever the decision. Refusal `request.own`.
    static func checkNotOwn(_ request: Request, by signedIn: SignedIn, in db: Reading) throws {
        guard try signedIn.isOwn(request.subjectID, in: db) else { return }
        let now = signedIn.now, scope = ScopeOverTime(signedIn.scope), tree = signedIn.scope.tree
        let others = try IndependenceStore.others(
            than: IndependenceStore.side(of: RequestStore.asker(of: request.id, in: db), now: now, in: db),
            IndependenceStore.side(of: signedIn.account.id, now: now, in: db),
            at: scope.standing(request.deciderID).map { tree.path(to: $0) } ?? [], now: now, today: signedIn.today, isFinal: false, in: db)
        throw Refusal("request.own", "这是调动您本人的申请，不能由您自己决定。\(others)")
    }

    /// Consent to a transfer needs somebody who did not make the asker, nor is made by the asker. Whoever may keep both units
    /// could move the person alone, and is no second. Refusals of `Independence`.
    static func checkSecond(_ request: Request, by signedIn: SignedIn, in db: Reading) throws {
        let now = signedIn.now, scope = ScopeOverTime(signedIn.scope), tree = signedIn.scope.tree
        func others(_ asker: Independence.Side, _ decider: Independence.Side) throws -> String {
            try IndependenceStore.others(
                than: asker, decider, at: scope.standing(request.deciderID).map { tree.path(to: $0) } ?? [], now: now, today: signedIn.today, isFinal: false, in: db)
        }
        let decider = try IndependenceStore.side(of: signedIn.account.id, now: now, in: db), asker = try IndependenceStore.side(of: RequestStore.asker(of: request.id, in: db), now: now, in: db)
        guard !scope.covers(request.organizationID, for: .keeping) else { return }
        try Independence.check(asker: asker, decider: decider) { try others(asker, decider) }
    }

    // MARK: - who is told

    /// Tells the officers of the unit that is asked, or of the nearest above it that has one, and those of the common superior.
    private static func tellDeciders(_ request: Request, _ signedIn: SignedIn, _ scope: ScopeOverTime, in db: Writing) throws {
        guard let unit = scope.standing(request.deciderID), let person = try RosterStore.person(request.subjectID, in: db) else { return }
        let places = try Superiors(signedIn.scope.tree, in: db).places(for: unit, above: request.organizationID)
        let post = RosterStore.appointment(request.content), asking = scope.name(request.organizationID)
        let what = post.isPrimary ? "“\(asking)”申请调入\(person.name)" : "“\(asking)”申请由\(person.name)兼任\(post.title.isEmpty ? "职务" : "“\(post.title)”")"
        let text = "\(what)，自 \(post.from) 起；请同意或退回。"
        for account in try GrantStore.officers(at: places, on: signedIn.today, in: db) where account != signedIn.account.id {
            try MessageStore.send(to: .account(account), kind: "request.asked", text, link: link(request.id), in: db)
        }
    }

    /// Tells whoever asked, and of a move the person as well.
    private static func tellAsker(_ request: Request, in db: Writing) throws {
        guard let person = try RosterStore.living(request.subjectID, in: db) else { return }
        let asker = try RequestStore.asker(of: request.id, in: db)
        let post = RosterStore.appointment(request.content)
        if let asker {
            let text = request.state == .consented ? "已同意，自 \(post.from) 起任职。" : "已退回：\(db.act.why)"
            try MessageStore.send(to: .account(asker), kind: "request.\(request.state.rawValue)", "\(request.transferWord)\(person.name)的申请\(text)", link: link(request.id), in: db)
        }
        if request.state == .consented {
            let unit = try OrganizationStore.history(in: db).name(post.organizationID)
            guard post.isPrimary else { return try tellOfSidePost(post, of: person.id, at: unit, in: db) }
            try MessageStore.send(to: .person(person.id), kind: "post.moved", "您自 \(post.from) 起到“\(unit)”任职\(post.title.isEmpty ? "" : "（\(post.title)）")。", in: db)
        }
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
        let history = try OrganizationStore.history(in: db)
        var path: [Int64] = [], next: Int64? = former
        while let id = next, path.count < 64 {
            path.insert(id, at: 0)
            next = history.latest(id)?.facts.parentID
        }
        for officer in try GrantStore.officers(along: path, on: Clock.day(ofMilliseconds: db.now), in: db)?.officers ?? [] where db.act.who != .account(officer.id, officer.displayName) {
            try MessageStore.send(
                to: .account(officer.id), kind: "post.left", "\(person.name)已离任，自 \(post.from) 起到“\(unit)”任职，档案从此由那个单位办理。如有不符，请与那个单位联系。", link: "/people/\(person.id)", in: db)
        }
    }

    /// The page of a request.
    package static func link(_ id: Int64) -> String { "/requests/\(id)" }

    // MARK: - deleted files

    /// Clears the titles of the posts that were asked for.
    static func forget(_ people: [Int64], in db: Writing) throws {
        for request in try RequestStore.all(.transfer, about: people, in: db) {
            var post = RosterStore.appointment(request.content)
            post.title = ""
            try RequestStore.forget(request, leaving: RosterStore.image(post), in: db)
        }
    }
}
