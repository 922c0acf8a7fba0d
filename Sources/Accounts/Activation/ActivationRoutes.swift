import Access
import Kit
import Register

/// 账号激活: who of one's people has an account, codes for who has none, and another password for who forgot it.
package enum ActivationRoutes {
    /// Counts go no further.
    static let most = 10_000

    package static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, views = house.lists, handout = Handout(house: house)

        @Sendable func list(_ asked: ActivationPages.Asked, _ list: ListAsk, site: String, problem: Refusal?, _ signedIn: SignedIn) async throws -> Reply {
            let shown = try await database.read { db in
                var ask = asked.ask(signedIn)
                let count = try ActivationStore.count(ask, most: most, in: db)
                ask.state = asked.state == .sent ? .sent : .due
                let due = [.without, .due, .sent, .expired, .closed, .all].contains(asked.state) ? try ActivationStore.count(ask, most: most, in: db) : 0
                ask.state = asked.state
                let page = try ActivationStore.page(ask, list, count: count, size: ListAsk.pageSize, signedIn.scope.tree, house.words, in: db)
                return ActivationPages.Shown(
                    lines: try ActivationStore.lines(page.ids, today: signedIn.today, now: signedIn.now, in: db), count: count, due: due, next: page.next)
            }
            if !shown.lines.isEmpty { try await views.note(lists(asked, signedIn), by: signedIn) }
            return .page(ActivationPages.list(shown, asked, list, site: site, problem: problem, house.words, signedIn))
        }

        routes.get("/activation") { request, signedIn in
            guard signedIn.scope.isAnywhere(.keeping) else { throw WebProblem.missing }
            let (asked, problem) = ActivationPages.Asked.read(request.query, signedIn)
            return try await list(asked, request.list, site: request.site, problem: problem, signedIn)
        }

        routes.post("/activation/slips") { form, request, signedIn in
            guard signedIn.scope.isAnywhere(.keeping) else { throw WebProblem.missing }
            let (asked, problem) = ActivationPages.Asked.read(form.fields, signedIn)
            do {
                if let problem { throw problem }
                let recipients = try await database.read { db -> [Handout.Recipient] in
                    var ask = asked.ask(signedIn)
                    if form.text("whom") == "all" {
                        ask.state = asked.state == .sent ? .sent : .due
                    } else {
                        let ticked = form.all("person").compactMap { Int64($0) }
                        ask = ActivationStore.Ask(units: ask.units, state: .without, people: ticked, today: signedIn.today, now: signedIn.now)
                        guard try ActivationStore.count(ask, most: Slip.most + 1, in: db) == Set(ticked).count else {
                            throw Refusal("slip.changed", "勾选的人里有的已经有了账号，或者刚刚调走，什么也没有做。请核对名单再勾选。")
                        }
                    }
                    let people = try ActivationStore.people(ask, limit: Slip.most + 1, in: db).map(\.id)
                    return try ActivationStore.lines(people, today: signedIn.today, now: signedIn.now, in: db).map { $0.recipient(signedIn) }
                }
                return try await handout.hand(
                    recipients, SlipSheet.Format(rawValue: form.text("format")) ?? .pdf, units: recipients.compactMap(\.unitID), isKept: true,
                    back: PageAddress("/activation", asked.query).link, by: signedIn, site: request.site)
            } catch let refusal as Refusal where !refusal.name.hasPrefix("database.") {
                return try await list(asked, ListAsk(PageAddress("/activation", asked.query)), site: request.site, problem: refusal, signedIn)
            }
        }

        file.add(to: routes, at: "/activation", house) { ask, signedIn in lists(try listed(ask, signedIn), signedIn) }
        addPerson(to: routes, handout)
        addBatches(to: routes, database)
    }

    /// The list as a workbook.
    static let file = ListFile(
        "activation.list", "账号激活名单", judge: { ask, signedIn in _ = try listed(ask, signedIn) },
        columns: { house, _, signedIn in ActivationPages.columns(isHeld: false, house.words, signedIn.scope.tree) },
        page: { house, ask, signedIn in
            let asked = try listed(ask, signedIn).ask(signedIn)
            return try await house.database.read { db in
                let count = try ActivationStore.count(asked, most: most, in: db)
                let page = try ActivationStore.page(asked, ask, count: count, size: ListFile.pageSize, signedIn.scope.tree, house.words, in: db)
                return (try ActivationStore.lines(page.ids, today: signedIn.today, now: signedIn.now, in: db), page.next)
            }
        })

    /// What a list is of. Throws `WebProblem.missing` for whoever keeps no unit, and for a unit that is not kept.
    private static func listed(_ ask: ListAsk, _ signedIn: SignedIn) throws -> ActivationPages.Asked {
        guard signedIn.scope.isAnywhere(.keeping), case (let asked, nil) = ActivationPages.Asked.read(ask.address.query, signedIn) else { throw WebProblem.missing }
        return asked
    }

    private static func lists(_ asked: ActivationPages.Asked, _ signedIn: SignedIn) -> [ListView] {
        let tops = asked.unit.map { [$0.id] } ?? signedIn.scope.topUnits(for: .keeping).map(\.id)
        return tops.map { ListView(.roster, unit: $0, on: signedIn.today) }
    }

    // MARK: One person

    private static func addPerson(to routes: Routes<SignedIn>, _ handout: Handout) {
        @Sendable func shown(_ request: WebRequest, _ signedIn: SignedIn) async throws -> ActivationPages.One {
            let id = try request.id("person")
            return try await handout.house.database.read { db in
                let file = try PersonFile.seen(id, signedIn, for: .keepingFacts, in: db)
                guard let line = try ActivationStore.lines([file.person.id], today: signedIn.today, now: signedIn.now, in: db).first else {
                    return ActivationPages.One(person: file.person, line: nil, slips: [], sway: nil, superior: nil)
                }
                let sway = try line.account.map { try AccountSway.read($0, signedIn.hand, in: db) }
                return ActivationPages.One(
                    person: file.person, line: line, slips: try line.account.map { try SlipStore.slips(of: $0.id, in: db) } ?? [], sway: sway,
                    superior: sway?.mayReset == false ? try line.account.map { try Handout.superior($0, file.person.name, signedIn, in: db).sentence } : nil)
            }
        }
        routes.get("/activation/people/:person") { request, signedIn in
            .page(ActivationPages.person(try await shown(request, signedIn), FilledForm(), site: request.site, signedIn))
        }
        routes.post("/activation/people/:person") { form, request, signedIn in
            let one = try await shown(request, signedIn)
            let field: @Sendable (Refusal) -> String = { $0.name == "form.why" ? "why" : "" }
            return try await FilledForm.answer(
                form, field: field, again: { ActivationPages.person(try await shown(request, signedIn), $0, site: request.site, signedIn) }
            ) {
                guard let line = one.line else { throw Refusal("slip.gone", "\(one.person.name)现在没有主任职，不能做码。请先登记任职。") }
                return try await handout.hand(
                    [line.recipient(signedIn)], SlipSheet.Format(rawValue: form.text("format")) ?? .pdf, takesFactor: form.isTicked("factor"), why: form.text("why"),
                    units: [line.post.organizationID], isKept: true, back: "/activation/people/\(one.person.id)", by: signedIn, site: request.site)
            }
        }
    }

    // MARK: What was made

    private static func addBatches(to routes: Routes<SignedIn>, _ database: Database) {
        /// The slips of a batch that are for people of one's own units. Throws `WebProblem.missing` where there are none.
        @Sendable func batch(_ request: WebRequest, _ signedIn: SignedIn) async throws -> [(slip: Slip, name: String)] {
            let id = try request.id("batch")
            let slips = try await database.read { db in
                let scope = ScopeOverTime(signedIn.scope)
                let slips = try SlipStore.slips(ofBatch: id, in: db).filter { one in one.slip.unitID.map { scope.covers($0, for: .keeping) } ?? false }
                for person in try AccountStore.people(of: slips.map(\.slip.accountID), in: db) { signedIn.looks.add(person) }
                return slips
            }
            guard !slips.isEmpty else { throw WebProblem.missing }
            return slips
        }
        routes.get("/activation/batches") { request, signedIn in
            guard signedIn.scope.isAnywhere(.keeping) else { throw WebProblem.missing }
            let before = request.query["before"].flatMap { Int64($0) }
            let batches = try await database.read { db in
                try SlipStore.batches(of: units(nil, signedIn), before: before, limit: ListAsk.pageSize + 1, now: signedIn.now, in: db)
            }
            return .page(ActivationPages.batches(batches, isFirst: before == nil))
        }
        routes.get("/activation/batches/:batch") { request, signedIn in
            .page(ActivationPages.batch(try await batch(request, signedIn), FilledForm(), signedIn))
        }
        routes.post("/activation/batches/:batch/void") { form, request, signedIn in
            let slips = try await batch(request, signedIn)
            return try await FilledForm.answer(form, field: \.formField, again: { ActivationPages.batch(slips, $0, signedIn) }) {
                let why = try form.why(), ticked = Set(form.all("slip").compactMap { Int64($0) })
                let chosen = slips.map(\.slip).filter { $0.isValid(now: signedIn.now) && (form.text("whom") == "all" || ticked.contains($0.id)) }
                guard !chosen.isEmpty else { throw Refusal("slip.none", "没有勾选仍然有效的码，什么也没有作废。请勾选，或作废全部。") }
                _ = try await database.write(signedIn.act("slip.void", why: why)) { try SlipStore.end(chosen, .voided, in: $0) }
                return .redirect("/activation/batches/\(slips[0].slip.batch)")
            }
        }
    }

    /// The units asked about, all of the scope where none is; nil where that is the whole tree.
    package static func units(_ unit: Int64?, _ signedIn: SignedIn) -> [Int64]? {
        let tree = signedIn.scope.tree
        if let unit { return tree.subtree(of: unit).map(\.id) }
        let units = signedIn.scope.units(for: .keeping).map(\.id)
        return units.count == tree.units.count ? nil : units
    }
}

extension ActivationStore.Line {
    func recipient(_ signedIn: SignedIn) -> Handout.Recipient {
        Handout.Recipient(person: person, account: account, unitID: post.organizationID, unit: signedIn.scope.tree.unit(post.organizationID)?.name ?? "")
    }
}
