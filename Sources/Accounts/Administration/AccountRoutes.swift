import Access
import Kit
import Register

/// 账号: what a security administrator sees and does. Names of accounts and units, nothing of the business data.
package enum AccountRoutes {
    /// `word` says what kind of act something was.
    package static func add(to routes: Routes<SignedIn>, _ house: House, word: @escaping @Sendable (String) -> String) {
        let database = house.database, views = house.lists, handout = Handout(house: house)

        routes.get("/accounts") { request, signedIn in
            var ask = asked(request.list, signedIn)
            let (lines, count, saved) = try await database.read { [ask] db in
                var page = ask
                page.after = request.list.after
                return (try AccountListStore.lines(page, limit: ListAsk.pageSize + 1, in: db), try AccountListStore.count(ask, in: db), try SavedViewStore.views(of: signedIn.account.id, path: "/accounts", in: db))
            }
            ask.after = request.list.after
            if !lines.isEmpty { try await views.note(lists(signedIn), by: signedIn) }
            return .page(AccountPages.list(Array(lines.prefix(ListAsk.pageSize)), count: count, next: lines.count > ListAsk.pageSize, saved, ask, request.list, signedIn))
        }

        file.add(to: routes, at: "/accounts", house) { _, signedIn in lists(signedIn) }

        @Sendable func shown(_ request: WebRequest, _ signedIn: SignedIn) async throws -> AccountPages.One {
            let id = try request.id("account")
            return try await database.read { db in
                guard let line = try AccountListStore.line(id, today: signedIn.today, in: db) else { throw WebProblem.missing }
                let files = try GrantStore.files(of: line.account.personID, in: db)
                let home = try RosterStore.appointments(of: Array(files), in: db).home(on: signedIn.today)?.organizationID
                let grants = try GrantStore.grants(of: id, in: db)
                guard covers(line.grants, home, signedIn) else { throw WebProblem.missing }
                if let person = try line.account.personID.flatMap({ try RosterStore.living($0, in: db) }), !person.isErased { signedIn.looks.add(person.id) }
                return AccountPages.One(
                    line: line, home: home, sessions: try SessionStore.sessions(of: id, now: signedIn.now, in: db).count,
                    identitySince: try IdentityStore.since(id, in: db), slips: try SlipStore.slips(of: id, in: db),
                    sway: try AccountSway.read(line.account, signedIn.hand, in: db),
                    events: try AccountListStore.history(line.account, grants, limit: 100, in: db))
            }
        }
        routes.get("/accounts/:account") { request, signedIn in
            .page(AccountPages.account(try await shown(request, signedIn), FilledForm(), done: request.query.text("done"), word: word, signedIn))
        }
        routes.post("/accounts/:account") { form, request, signedIn in
            let one = try await shown(request, signedIn)
            return try await FilledForm.answer(
                form, field: field, again: { AccountPages.account(try await shown(request, signedIn), $0, done: "", word: word, signedIn) }
            ) {
                var check = FormCheck()
                let chosen = AccountDeed(rawValue: form.text("deed"))
                if chosen == nil { check.fault(Refusal("form.deed", "还没有选要做什么；请选一项")) }
                let why = try check.why(form)
                try check.end()
                guard let deed = chosen else { throw WebProblem.missing }
                try await database.write(signedIn.act(deed.kind, why: why)) { try deed.run(on: one.line.id, why: why, by: signedIn, in: $0) }
                return .redirect("/accounts/\(one.line.id)?done=\(deed.rawValue)")
            }
        }
        routes.post("/accounts/:account/slip") { form, request, signedIn in
            let one = try await shown(request, signedIn), account = one.line.account
            return try await FilledForm.answer(
                form, field: { $0.name == "form.why" ? "reason" : field($0) }, again: { AccountPages.account(try await shown(request, signedIn), $0, done: "", word: word, signedIn) }
            ) {
                let person = try await database.read { db in try account.personID.flatMap { try RosterStore.living($0, in: db) } }
                let unit = one.home ?? one.line.grants.first?.organizationID
                let recipient = Handout.Recipient(person: person, account: account, unitID: one.home, unit: unit.flatMap { signedIn.scope.tree.unit($0)?.name } ?? "")
                let why = form.text("reason")
                if why.isEmpty { throw Refusal("form.why", "理由没有填；请写明为什么，例如本人持工作证当面申请") }
                return try await handout.hand(
                    [recipient], SlipSheet.Format(rawValue: form.text("format")) ?? .pdf, takesFactor: form.isTicked("factor"), why: why,
                    units: Array(reach(one.line.grants, one.home, signedIn).prefix(1)), isKept: false, back: "/accounts/\(account.id)", by: signedIn, site: request.site)
            }
        }
    }

    @Sendable private static func field(_ refusal: Refusal) -> String { refusal.name.hasPrefix("form.") ? String(refusal.name.dropFirst(5)) : "" }

    private static func units(_ signedIn: SignedIn) -> [Int64]? {
        let units = signedIn.scope.units(for: .administering)
        return units.count == signedIn.scope.tree.units.count ? nil : units.map(\.id)
    }

    /// Whether an account has to do with a unit of the scope; those that have to do with none belong to the root.
    private static func covers(_ grants: [Grant], _ home: Int64?, _ signedIn: SignedIn) -> Bool {
        signedIn.isOverAll(.securityAdmin) || !reach(grants, home, signedIn).isEmpty
    }

    /// The units of the scope that an account has to do with.
    private static func reach(_ grants: [Grant], _ home: Int64?, _ signedIn: SignedIn) -> [Int64] {
        (grants.map(\.organizationID) + [home].compactMap { $0 }).filter { signedIn.scope.covers($0, for: .administering) }
    }

    /// The list as a workbook.
    static let file = ListFile(
        "accounts.list", "账号名单", judge: { _, signedIn in guard signedIn.scope.isAnywhere(.administering) else { throw WebProblem.missing } },
        columns: { _, _, signedIn in AccountPages.columns(signedIn) },
        page: { house, ask, signedIn in
            var asked = asked(ask, signedIn)
            asked.after = ask.after
            let found = try await house.database.read { [asked] in try AccountListStore.lines(asked, limit: ListFile.pageSize + 1, in: $0) }
            let page = Array(found.prefix(ListFile.pageSize))
            return (page, found.count > page.count ? page.last?.account.name : nil)
        })

    private static func asked(_ ask: ListAsk, _ signedIn: SignedIn) -> AccountListStore.Ask {
        let query = ask.address.query, factor = query.text("factor")
        return AccountListStore.Ask(
            units: units(signedIn), typed: query.text("q"), state: Account.State(rawValue: query.text("state")), role: Role(rawValue: query.text("role")),
            hasFactor: factor.isEmpty ? nil : factor == "yes", today: signedIn.today)
    }

    /// What whoever sees the list has looked through.
    private static func lists(_ signedIn: SignedIn) -> [ListView] {
        signedIn.scope.topUnits(for: .administering).map { ListView(.accounts, unit: $0.id, on: signedIn.today) }
    }
}
