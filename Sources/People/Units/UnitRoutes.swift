import Access
import Kit
import Register

/// 组织: the tree of one's scope, the page of a unit, and the acts on it.
package enum UnitRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database
        routes.get("/organizations") { request, signedIn in
            let tree = signedIn.scope.tree, typed = request.query.text("q").filter { !$0.isWhitespace }
            let all = signedIn.scope.units(for: .seeing)
            let branches: [UnitPages.Branch]
            if typed.isEmpty {
                let tops = Set(signedIn.scope.topUnits(for: .seeing).map(\.id))
                // Nothing chosen yet: the topmost units stand unfolded.
                let open = request.query["open"].map { Set(tree.path(to: Int64($0) ?? 0).map(\.id)) } ?? tops
                branches = unfolded(tree, tops: signedIn.scope.topUnits(for: .seeing).map(\.subject), open: open)
            } else {
                branches = all.filter { $0.name.contains(typed) || $0.code.lowercased().hasPrefix(typed.lowercased()) }.prefix(UnitPages.mostFound)
                    .map { UnitPages.Branch(unit: $0.subject, depth: 0, below: tree.countBelow($0.id), isOpen: false) }
            }
            return .page(UnitPages.tree(branches, typed: typed, total: all.count, words: house.words, signedIn))
        }

        routes.get("/organizations/:unit") { request, signedIn in
            let id = try request.id("unit"), day = request.query["day"].flatMap { Day(iso: $0) } ?? signedIn.today
            return .page(UnitPages.unit(try await database.read { db in try shown(id, on: day, signedIn, house.words, in: db) }, signedIn))
        }

        routes.get("/organizations/:unit/do/:act") { request, signedIn in
            let (act, shown) = try await asked(request, signedIn, house.words, database)
            return .page(UnitPages.form(act, shown, FilledForm(), signedIn))
        }
        routes.post("/organizations/:unit/do/:act") { form, request, signedIn in
            let (act, shown) = try await asked(request, signedIn, house.words, database)
            return try await FilledForm.answer(
                form, field: { act.field($0) }, door: { door($0, signedIn) }, again: { UnitPages.form(act, shown, $0, signedIn) }
            ) {
                var check = FormCheck()
                let deed = try read(act, form, shown, signedIn, house.words, &check), why = try check.why(form)
                try check.end()
                let next = try await database.write(signedIn.act(act == .undo ? "undo" : "organization.\(act.rawValue)", why: why)) { db in
                    try perform(deed, shown, signedIn, house, in: db)
                }
                return .redirect(next.map { "/organizations/\($0)" } ?? "/organizations")
            }
        }
    }

    /// The unit that bears a code already, for whoever sees it.
    private static func door(_ refusal: Refusal, _ signedIn: SignedIn) -> Door? {
        refusal.about.flatMap { ScopeOverTime(signedIn.scope).covers($0, for: .seeing) ? Door("打开那个单位", "/organizations/\($0)") : nil }
    }

    /// The lines of the tree: the top units, and what lies below units that are open.
    private static func unfolded(_ tree: OrgTree, tops: [OrgTree.Unit], open: Set<Int64>) -> [UnitPages.Branch] {
        var lines: [UnitPages.Branch] = []
        var rest: [(unit: OrgTree.Unit, depth: Int)] = tops.reversed().map { ($0, 0) }
        while let (unit, depth) = rest.popLast() {
            let isOpen = open.contains(unit.id)
            lines.append(UnitPages.Branch(unit: unit, depth: depth, below: tree.countBelow(unit.id), isOpen: isOpen))
            if isOpen { rest += tree.children(of: unit.id).reversed().map { ($0, depth + 1) } }
        }
        return lines
    }

    private static func asked(
        _ request: WebRequest, _ signedIn: SignedIn, _ words: RosterWords, _ database: Database
    ) async throws -> (UnitAct, UnitPages.Shown) {
        let id = try request.id("unit")
        guard let act = request.parameters["act"].flatMap(UnitAct.init(rawValue:)) else { throw WebProblem.missing }
        let shown = try await database.read { db in try Self.shown(id, on: signedIn.today, signedIn, words, in: db) }
        guard shown.acts.contains(act) else { throw WebProblem.missing }
        return (act, shown)
    }

    /// An act with what its form says.
    private enum Deed: Sendable {
        case create(code: String, OrganizationFacts, Day)
        case amend(OrganizationFacts, Day)
        case correct(code: String, OrganizationFacts, version: Day)
        case move(to: Int64, Day)
        case merge(into: Int64, Day)
        case close(Day, childrenTo: Int64??, endingPosts: Bool)
        case undo(act: String)
    }

    /// Reads the form of an act to its end. What is wrong is noted in `check`.
    private static func read(
        _ act: UnitAct, _ form: Form, _ shown: UnitPages.Shown, _ signedIn: SignedIn, _ words: RosterWords, _ check: inout FormCheck
    ) throws -> Deed {
        func unit(_ typed: String, _ check: inout FormCheck) throws -> Int64 {
            try check.take(or: 0) { try signedIn.scope.unit(typed: typed, for: .keeping).id }
        }
        func code(_ check: inout FormCheck) throws -> String { try check.take(or: "") { try Organization.checkedCode(form.text("code")) } }
        switch act {
        case .create:
            let code = try code(&check), facts = try UnitAct.facts(form, parent: shown.id, words: words, &check)
            if let other = signedIn.scope.tree.history.id(code: code) {
                check.fault(Refusal("organization.codeTaken", "单位编码 \(code) 已有单位在用；请换一个编码，或到该单位的页面更正", about: other))
            }
            return .create(code: code, facts, UnitAct.day(form, &check))
        case .amend: return .amend(try UnitAct.facts(form, parent: nil, words: words, &check), UnitAct.day(form, &check))
        case .correct:
            guard let from = Day(iso: form.text("version")) else { throw OrgHistory.missing }
            return .correct(code: try code(&check), try UnitAct.facts(form, parent: nil, words: words, &check), version: from)
        case .move: return .move(to: try unit(form.text("parent"), &check), UnitAct.day(form, &check))
        case .merge: return .merge(into: try unit(form.text("into"), &check), UnitAct.day(form, &check))
        case .close:
            let day = UnitAct.day(form, &check)
            let target: Int64?? = form.text("childrenTo").isEmpty ? nil : .some(try unit(form.text("childrenTo"), &check))
            return .close(day, childrenTo: target, endingPosts: form.isTicked("posts"))
        case .undo: return .undo(act: form.text("act"))
        }
    }

    /// Does it and answers the unit to go to; nil where there is none any more.
    private static func perform(_ deed: Deed, _ shown: UnitPages.Shown, _ signedIn: SignedIn, _ house: House, in db: Writing) throws -> Int64? {
        let id = shown.id
        switch deed {
        case .create(let code, let facts, let day): return try OrganizationStore.create(code: code, facts: facts, from: day, in: db).id
        case .amend(let facts, let day): try OrganizationStore.amend(id, from: day, in: db) { $0 = facts.standing(under: $0.parentID) }
        case .correct(let code, let facts, let from):
            let isRecoded = code != shown.code
            if isRecoded { try OrganizationStore.recode(id, to: code, in: db) }
            if !isRecoded || facts.standing(under: shown.version.facts.parentID) != shown.version.facts {
                try OrganizationStore.correct(id, versionFrom: from, in: db) { $0 = facts.standing(under: $0.parentID) }
            }
        case .move(let parent, let day): try OrganizationStore.move(id, to: parent, from: day, in: db)
        case .merge(let into, let day):
            try OrganizationStore.merge(id, into: into, from: day, in: db)
            return into
        case .close(let day, let target, let endingPosts): try OrganizationStore.close(id, on: day, childrenTo: target, endingPosts: endingPosts, in: db)
        case .undo(let act):
            guard let event = shown.events.first, "\(event.act.id)" == act else {
                throw Refusal("undo.changed", "这期间又有新的变更；请返回单位页面，看清最近一次变更再撤回")
            }
            try requireOwn(event.act.id, signedIn, in: db)
            try TakingBack.undo(act: event.act.id, house.features.keepers, in: db)
            return try OrganizationStore.organization(id, in: db)?.id
        }
        return id
    }

    /// An act is taken back here only where everything it touched is the account's to keep; where a unit stands and how
    /// long it is there, only by who keeps the units above as well.
    private static func requireOwn(_ act: Int64, _ signedIn: SignedIn, in db: Reading) throws {
        guard try ActStore.count(ofAct: act, in: db) <= 2000 else { throw Refusal("undo.batch", "这次变更是整批进行的，不能在这里撤回；请用“更正”") }
        let sight = ScopeOverTime(signedIn.scope), changes = try ActStore.changes(ofAct: act, in: db)
        for change in changes {
            let images = [change.before, change.after].compactMap { $0 }
            let isOwn =
                switch change.subject {
                case "organization": sight.covers(change.subjectID, for: .keeping)
                case "organization_version", "appointment": images.allSatisfy { sight.covers($0.int("organization_id") ?? 0, for: .keeping) }
                default: false
                }
            guard isOwn else { throw Refusal("undo.others", "这次变更还涉及别的单位或人员的记录，不能在这里撤回；请用“更正”") }
        }
        let versions = changes.filter { $0.subject == "organization_version" }
        for (before, after) in Dictionary(grouping: versions, by: { ($0.before ?? $0.after)?.int("organization_id") }).values.map({ ($0.compactMap(\.before), $0.compactMap(\.after)) }) {
            let parents = Set((before + after).map { $0.int("parent_id") })
            let isAboutPlace = parents.count > 1 || ["from_day", "to_day"].contains { day in
                let was = before.compactMap { $0.int(day) }, isNow = after.compactMap { $0.int(day) }
                return day == "to_day" ? was.max() != isNow.max() : was.min() != isNow.min()
            }
            guard !isAboutPlace || parents.allSatisfy({ $0.map { sight.covers($0, for: .keeping) } ?? true }) else {
                throw Refusal("undo.place", "这次变更动的是单位的设立、隶属或撤销，由上级单位办理，不能在这里撤回；请与上级单位的组织人事管理员联系")
            }
        }
    }

    private static func shown(_ id: Int64, on day: Day, _ signedIn: SignedIn, _ words: RosterWords, in db: Reading) throws -> UnitPages.Shown {
        let history = signedIn.scope.tree.history, sight = ScopeOverTime(signedIn.scope)
        guard sight.covers(id, for: .seeing), let organization = history.organizations[id], let founded = history.founded(id), let closed = history.closed(id),
            let version = history.version(id, on: day) ?? (day < founded ? history.versions[id]?.first : history.latest(id))
        else { throw WebProblem.missing }
        let tree = day == signedIn.scope.tree.day ? signedIn.scope.tree : history.tree(on: day)
        let parent = version.facts.parentID
        var acts: Set<UnitAct> = []
        if sight.covers(id, for: .keeping) {
            let isPlaced = history.refusalOfPlace(id, keeps: { sight.covers($0, for: .keeping) }) == nil
            acts = Set(UnitAct.allCases.filter { isPlaced || !$0.isAboutPlace })
            if closed <= signedIn.today { acts.subtract([.create, .amend, .move, .merge, .close]) }
        }
        return UnitPages.Shown(
            id: id, code: organization.code, version: version, founded: founded, closed: closed, day: day,
            parent: parent.map { (history.name($0), sight.covers($0, for: .seeing) ? "/organizations/\($0)" : nil) },
            children: tree.children(of: id).filter { sight.covers($0.id, for: .seeing) },
            people: try UnitStore.people(in: Array(tree.subtree(of: id).map(\.id).prefix(30_000)), on: day, from: db),
            events: UnitHistory(words: words, unit: { history.name($0) }).events(try OrganizationStore.changes(of: id, in: db)), words: words, acts: acts,
            crumbs: [Page.Crumb("组织", "/organizations")]
                + signedIn.scope.tree.path(to: id).filter { signedIn.scope.covers($0.id, for: .seeing) }.map { Page.Crumb($0.name, "/organizations/\($0.id)") })
    }
}

extension OrganizationFacts {
    /// The same facts under another parent.
    fileprivate func standing(under parent: Int64?) -> OrganizationFacts {
        var facts = self
        facts.parentID = parent
        return facts
    }
}
