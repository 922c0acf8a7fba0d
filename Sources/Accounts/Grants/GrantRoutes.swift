import Access
import Kit
import Register

/// Giving and ending grants in one's subtree.
package enum GrantRoutes {
    package static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, views = house.lists
        file.add(to: routes, at: "/grants", house) { _, _ in [] }
        routes.get("/grants") { request, signedIn in
            let typed = request.query.text("unit"), which = which(request.list)
            let tree = signedIn.scope.tree
            let (shown, isUnknown) = try await database.read { db -> (GrantPages.Shown, Bool) in
                let over = ScopeOverTime(signedIn.scope), all = reach(signedIn, over), ask = asked(request.list, signedIn, all)
                let found = try GrantListStore.records(ask, in: db), page = Array(found.prefix(ListAsk.pageSize))
                return (
                    GrantPages.Shown(
                        records: page, next: found.count > page.count ? page.last.map { "\($0.id)" } : nil, which: which,
                        vacancies: try Vacancies.read(signedIn.scope, in: db),
                        soon: try GrantListStore.endingSoon(in: all, today: signedIn.today, in: db),
                        views: try SavedViewStore.views(of: signedIn.account.id, path: "/grants", in: db), unit: { tree.unit($0)?.name ?? over.name($0) }),
                    ask.units?.isEmpty == true && !typed.isEmpty
                )
            }
            return .page(GrantPages.list(shown, problem: isUnknown ? "您的范围内没有名称含“\(typed)”的单位。" : nil, request, signedIn))
        }

        routes.get("/grants/vacancies") { request, signedIn in
            let found = try await database.read { db in try Vacancies.lines(request.list, signedIn.scope, in: db) }, page = request.list.page(of: found) { "\($0.unit.id)" }
            return .page(GrantPages.vacancies(page.rows, total: found.count, next: page.next, request.list, signedIn.token))
        }
        vacancies.add(to: routes, at: "/grants/vacancies", house) { _, _ in [] }

        addGiving(to: routes, database, views)
        addEnding(to: routes, database)
    }

    /// The list as a workbook. It shows names of accounts, not of a unit's people.
    static let file = ListFile(
        "grants.list", "授权名单", judge: { _, signedIn in guard signedIn.scope.isAnywhere(.granting) else { throw WebProblem.missing } },
        columns: { _, _, signedIn in
            let tree = signedIn.scope.tree, over = ScopeOverTime(signedIn.scope)
            return GrantPages.columns(signedIn.today) { tree.unit($0)?.name ?? over.name($0) }
        },
        page: { house, ask, signedIn in
            try await house.database.read { db in
                let found = try GrantListStore.records(asked(ask, signedIn, reach(signedIn, ScopeOverTime(signedIn.scope))), in: db), page = Array(found.prefix(ListAsk.pageSize))
                return (page, found.count > page.count ? page.last.map { "\($0.id)" } : nil)
            }
        })

    /// The units without an officer as a workbook.
    static let vacancies = ListFile(
        "vacancies.list", "没有组织人事管理员的单位", judge: { _, signedIn in guard signedIn.scope.isAnywhere(.granting) else { throw WebProblem.missing } },
        columns: { _, _, _ in GrantPages.vacancyColumns },
        rows: { house, ask, signedIn in try await house.database.read { db in try Vacancies.lines(ask, signedIn.scope, in: db) } })

    private static func which(_ ask: ListAsk) -> GrantListStore.Which { GrantListStore.Which(rawValue: ask.address.query.text("which")) ?? .now }

    private static func asked(_ ask: ListAsk, _ signedIn: SignedIn, _ all: [Int64]?) -> GrantListStore.Ask {
        let query = ask.address.query, typed = query.text("unit")
        // A name that no unit bears finds nothing, and not everything.
        let units = typed.isEmpty ? all : signedIn.scope.units(for: .granting).filter { $0.name.contains(typed) || $0.code == typed }.map(\.id)
        var asked = GrantListStore.Ask(which: which(ask), role: Role(rawValue: query.text("role")), typed: query.text("who"), units: units, today: signedIn.today)
        asked.before = ask.after.flatMap { Int64($0) }
        return asked
    }

    // MARK: Giving

    private static func addGiving(to routes: Routes<SignedIn>, _ database: Database, _ views: ListViewLog) {
        routes.get("/grants/new") { request, signedIn in
            var asked = GrantFormPages.Asked(typed: request.query.text("q"), unit: request.query.text("unit"), role: request.query.text("role"))
            if let id = request.query["account"].flatMap({ Int64($0) }) {
                return .page(GrantFormPages.fill(try await offer(id, signedIn, database), asked, FilledForm(), signedIn))
            }
            let tree = signedIn.scope.tree
            // Who speaks for a unit comes from it or from one above.
            let place = tree.unit(code: asked.unit).flatMap { asked.typed.isEmpty && signedIn.scope.covers($0.id, for: .granting) ? $0 : nil }
            asked.unitName = place?.name
            let (accounts, without) = try await database.read { [asked] db in
                let over = ScopeOverTime(signedIn.scope)
                var units = reach(signedIn, over)
                if let unit = place {
                    units = tree.path(to: unit.id).map(\.id).filter { signedIn.scope.covers($0, for: .granting) }
                }
                let accounts = try GrantListStore.candidates(asked.typed, units: units, today: signedIn.today, in: db).map { account in
                    let posts = try RosterStore.appointments(of: Array(GrantStore.files(of: account.personID, in: db)), in: db).filter { $0.to > signedIn.today && signedIn.scope.covers($0.organizationID, for: .granting) }
                    return (account: account, posts: posts.map { "\(over.name($0.organizationID)) \($0.title)" }.joined(separator: "；"))
                }
                // Of a unit those who must activate an account first are told beside those who have one.
                return (accounts, asked.typed.isEmpty && place == nil ? [] : try unaccounted(asked.typed, at: place?.id, signedIn, over, in: db))
            }
            if !accounts.isEmpty || !without.isEmpty {
                let path = place.map { unit in tree.path(to: unit.id).filter { signedIn.scope.covers($0.id, for: .granting) } } ?? []
                let lists = path.map { ListView(.receivers, unit: $0.id, subtree: false, on: signedIn.today) }
                let tops = signedIn.scope.topUnits(for: .granting).map { ListView(.receivers, unit: $0.id, on: signedIn.today) }
                try await views.note(place == nil ? tops : lists, by: signedIn)
            }
            return .page(GrantFormPages.choose(accounts, asked, without: without, isSearched: !asked.typed.isEmpty, signedIn))
        }
        routes.post("/grants") { form, _, signedIn in
            guard let id = Int64(form.text("account")) else { throw Refusal("grant.account", "没有选定要授权的账号。请返回“授权”页，先选人。") }
            let offer = try await offer(id, signedIn, database), tree = signedIn.scope.tree
            let again = { (filled: FilledForm) in GrantFormPages.fill(offer, GrantFormPages.Asked(), filled, signedIn) }
            if form.text("step") == "edit" { return .page(again(FilledForm(asSent: form))) }
            return try await FilledForm.answer(form, field: field, again: again) {
                let grant = try read(form, signedIn)
                let giver = try await database.read { db in try granting(signedIn, in: db) }
                try giver.judge(grant, to: offer.receiver)
                guard form.text("step") == "give", let unit = tree.unit(grant.organizationID) else {
                    let post = offer.receiver.posts.first { $0.id == grant.appointmentID }
                    let span = GrantPages.span(max(grant.from, post?.from ?? .always), min(grant.to, post?.to ?? .open))
                    let words = offer.posts.first { $0.id == grant.appointmentID }?.words ?? "不依托任职"
                    guard let unit = tree.unit(grant.organizationID) else { throw WebProblem.missing }
                    return .page(GrantFormPages.confirm(
                        grant, offer, unit: unit, below: tree.countBelow(unit.id), span: span, post: words, form: form, signedIn))
                }
                let given = try await database.write(signedIn.act("grant.give", why: form.text("why"))) { db in
                    // Judged again on what is true now.
                    guard let account = try AccountStore.account(id, in: db) else { throw WebProblem.missing }
                    try granting(signedIn, in: db).judge(grant, to: receiver(account, signedIn, in: db))
                    let given = try GrantStore.give(grant, to: id, in: db)
                    if let record = try GrantListStore.record(given, in: db) { try GrantNotices.told(given: record, unit: unit.name, in: db) }
                    return given
                }
                return .redirect("/grants/\(given)")
            }
        }
    }

    /// What can be given to an account. Throws `WebProblem.missing` for one that nothing can be given to from here.
    private static func offer(_ id: Int64, _ signedIn: SignedIn, _ database: Database) async throws -> GrantFormPages.Offer {
        try await database.read { db in
            guard let account = try AccountStore.account(id, in: db) else { throw WebProblem.missing }
            // Posts and grants of the person stand on the page.
            if let person = try account.personID.flatMap({ try RosterStore.living($0, in: db) }), !person.isErased { signedIn.looks.add(person.id) }
            let receiver = try receiver(account, signedIn, in: db), over = ScopeOverTime(signedIn.scope)
            let posts = receiver.posts.filter { $0.to > signedIn.today && signedIn.scope.covers($0.organizationID, for: .granting) }
                .sorted { ($0.isPrimary ? 0 : 1, $0.id) < ($1.isPrimary ? 0 : 1, $1.id) }
            guard !posts.isEmpty || reach(signedIn, over) == nil else { throw WebProblem.missing }
            let held = receiver.grants.filter { $0.to > signedIn.today && $0.from < $0.to && signedIn.scope.covers($0.organizationID, for: .granting) }
            return GrantFormPages.Offer(
                receiver: receiver, roles: try granting(signedIn, in: db).roles,
                posts: posts.map { ($0.id, $0.organizationID, GrantPages.words($0, over.name)) },
                unit: posts.first.flatMap { signedIn.scope.tree.unit($0.organizationID)?.code } ?? "",
                held: held.map { "\($0.role.word)（\(over.name($0.organizationID))，\(GrantPages.span($0.from, $0.to))）" })
        }
    }

    private static func receiver(_ account: Account, _ signedIn: SignedIn, in db: Reading) throws -> Granting.Receiver {
        var receiver = try GrantListStore.receiver(account, in: db)
        let side = try IndependenceStore.side(of: account.id, now: signedIn.now, in: db), giver = try IndependenceStore.side(of: signedIn.account.id, now: signedIn.now, in: db)
        // What holds a key to the account; that somebody gave it something before is no key.
        let keys = Set(Independence.Deed.allCases).subtracting([.grant])
        receiver.madeByGiver = side.came(from: giver, by: keys)
        receiver.isTied = giver.came(from: side) != nil || giver.sharesMaker(with: side, by: keys)
        return receiver
    }

    private static func read(_ form: Form, _ signedIn: SignedIn) throws -> Grant {
        var check = FormCheck()
        let chosen = Role(rawValue: form.text("role")), post = form.text("post")
        if chosen == nil { check.fault(Refusal("form.role", "身份没有选。请选一种身份。")) }
        let unit: Int64 = try check.take(or: 0) { try signedIn.scope.unit(typed: form.text("unit"), for: .granting).id }
        let from = check.day(form, "from", Refusal("form.from", "开始日期没有填或不存在。请\(Day.howToEnter)。"))
        let to = check.dayOrNil(form, "to", Refusal("form.to", "结束日期不存在。请\(Day.howToEnter)，长期有效的空着。"))
        if post != "none", !post.isEmpty, Int64(post) == nil { check.fault(Refusal("form.post", "没有这个任职。请从列出的任职中选。")) }
        try check.end()
        guard let role = chosen else { throw WebProblem.missing }
        return Grant(role: role, organizationID: unit, from: from, to: to ?? .open, restingOn: Int64(post))
    }

    /// The field that a refusal is about; empty for one about the whole.
    @Sendable private static func field(_ refusal: Refusal) -> String {
        switch refusal.name {
        case let name where name.hasPrefix("form."): String(name.dropFirst(5))
        case let name where name.hasPrefix("unit."): "unit"
        case "grant.outside", "grant.onlyRoot": "unit"
        case "grant.onlySecurity", "grant.level", "grant.duties", "grant.business", "grant.twice", "grant.made", "grant.tied": "role"
        case "grant.past": "from"
        case "grant.span": "to"
        case "grant.appointment", "grant.noAppointment": "post"
        default: ""
        }
    }

    // MARK: Ending

    private static func addEnding(to routes: Routes<SignedIn>, _ database: Database) {
        @Sendable func found(_ request: WebRequest, _ signedIn: SignedIn, in db: Reading) throws -> (GrantRecord, ScopeOverTime, Refusal?) {
            let over = ScopeOverTime(signedIn.scope)
            guard let record = try GrantListStore.record(try request.id("grant"), in: db), over.covers(record.grant.organizationID, for: .granting) else { throw WebProblem.missing }
            do {
                try granting(signedIn, in: db).judgeEnding(record.grant, of: record.account.id, files: GrantStore.files(of: record.account.personID, in: db))
                return (record, over, nil)
            } catch let refusal as Refusal {
                return (record, over, refusal)
            }
        }
        routes.get("/grants/:grant") { request, signedIn in
            let (record, over, refusal) = try await database.read { try found(request, signedIn, in: $0) }
            return .page(GrantPages.one(record, unit: over.name, mayEnd: refusal, FilledForm(), signedIn))
        }
        routes.post("/grants/:grant/end") { form, request, signedIn in
            let (record, over, refusal) = try await database.read { try found(request, signedIn, in: $0) }
            if let refusal { throw refusal }
            let ended = Refusal("grant.ended", "这项授权到 \(record.ownEnd) 就已结束，不用再结束。请刷新页面核对。")
            // One that sleeps with its appointment can come back, until it is ended for good.
            guard record.canHold(after: signedIn.today) else { throw ended }
            let unit = over.name(record.grant.organizationID)
            return try await FilledForm.answer(
                form, field: { $0.name == "form.why" ? "why" : "day" }, again: { GrantPages.one(record, unit: over.name, mayEnd: nil, $0, signedIn) }
            ) {
                var check = FormCheck()
                let day = check.day(form, "day", Refusal("form.day", "结束日期没有填或不存在。请\(Day.howToEnter)。")), why = try check.why(form)
                try check.end()
                guard day >= signedIn.today else { throw Refusal("grant.past", "结束日期已经过去；已经做过的事不能改成没有权限做。请填今天或以后的日期。") }
                guard day < record.ownEnd else { throw ended }
                guard form.text("sure") == "yes" else {
                    let others = try await database.read { db in
                        try GrantListStore.records(GrantListStore.Ask(role: .personnelOfficer, units: [record.grant.organizationID], today: signedIn.today), in: db)
                    }
                    let isLast = record.grant.role == .personnelOfficer && others.allSatisfy { $0.id == record.id }
                    return .page(GrantPages.ending(record, day: day, why: why, isLast: isLast, unit: unit, signedIn))
                }
                try await database.write(signedIn.act("grant.end", why: why)) { db in
                    let (_, _, refusal) = try found(request, signedIn, in: db)
                    if let refusal { throw refusal }
                    try GrantStore.end(record.id, on: day, in: db)
                    if let ended = try GrantListStore.record(record.id, in: db) { try GrantNotices.told(taken: ended, unit: unit, in: db) }
                }
                return .redirect("/grants/\(record.id)")
            }
        }
    }

    // MARK: Reach

    private static func granting(_ signedIn: SignedIn, in db: Reading) throws -> Granting {
        Granting(
            account: signedIn.account.id, files: try GrantStore.files(of: signedIn.account.personID, in: db), grants: signedIn.grants, tree: signedIn.scope.tree)
    }

    /// The units whose grants are seen, those that are no more included; nil where that is every unit.
    private static func reach(_ signedIn: SignedIn, _ over: ScopeOverTime) -> [Int64]? {
        let tree = signedIn.scope.tree, tops = signedIn.scope.topUnits(for: .granting).map(\.id)
        if tops.reduce(0, { $0 + tree.countBelow($1) + 1 }) == tree.units.count { return nil }
        return tops.flatMap { tree.subtree(of: $0).map(\.id) } + over.absentUnits(for: .granting)
    }

    /// People of the scope who have no account, and where they are.
    private static func unaccounted(
        _ typed: String, at unit: Int64?, _ signedIn: SignedIn, _ over: ScopeOverTime, in db: Reading
    ) throws -> [(id: Int64, name: String, post: String)] {
        guard signedIn.scope.isAnywhere(.seeing) else { return [] }
        let ask = ActivationStore.Ask(units: unit.map { [$0] } ?? ActivationRoutes.units(nil, signedIn), typed: typed, today: signedIn.today, now: signedIn.now)
        let found = try ActivationStore.people(ask, limit: 20, in: db).map(\.id)
        return try PersonFile.seen(Array(found), signedIn, over, in: db).map { file in
            (file.person.id, file.person.name, file.present(on: signedIn.today).map { "\(file.unit($0)) \($0.title)" } ?? "")
        }
    }
}
