import Access
import Figures
import Foundation
import Kit
import Register
import Rules

/// 指标: a unit's figures, and for each of them the names, records and clause behind it.
package enum IndicatorsRoutes {
    package static func add(to routes: Routes<SignedIn>, _ house: House) {
        addUnits(to: routes, house.facts)
        addRules(to: routes, house)
    }

    /// The figures of a unit, and the choice of one.
    private static func addUnits(to routes: Routes<SignedIn>, _ facts: Facts) {
        let kept = KeptPages()
        routes.get("/figures") { request, signedIn in
            guard let unit = signedIn.scope.topUnits(for: .seeing).first else { throw WebProblem.missing }
            return .redirect(PageAddress("/figures/\(unit.id)", request.query).link)
        }

        routes.get("/figures/units") { request, signedIn in
            let typed = request.query.text("q"), wanted = typed.lowercased()
            let units = signedIn.scope.units(for: .seeing).map(\.subject)
                .filter { wanted.isEmpty || $0.name.contains(typed) || $0.code.lowercased().contains(wanted) }
            let asked = ["policy", "year", "subtree", "day"].compactMap { name in request.query[name].map { (name, $0) } }
            return .page(IndicatorsPages.choose(Array(units.prefix(100)), typed: typed, asked: asked, isCut: units.count > 100))
        }

        routes.get("/figures/:unit") { request, signedIn in
            let view = try await facts.view()
            let asked = try Asked(request, signedIn, view, facts.library)
            // Who may see it and the way to it are the asker's own; the rest is the same for everybody until a fact changes.
            var page = try await kept.page("\(asked.today) \(request.address.link)", of: view) {
                IndicatorsPages.unit(show(asked, view), ask: request.list)
            }
            page.crumbs = asked.crumbs
            return .page(page)
        }

        routes.get("/figures/:unit/findings.xlsx") { request, signedIn in
            let view = try await facts.view()
            let asked = try Asked(request, signedIn, view, facts.library)
            let path = Scratch.path("xlsx")
            try await onThread { try UnitFindings(asked.frame, view).write(to: path) }
            return .download(
                "\(asked.frame.unitName) \(asked.frame.year) 年指标 截至 \(asked.frame.asOf).xlsx", type: Reply.xlsx, file: path, isTemporary: true)
        }
    }

    /// What stands behind one figure: the names, and the records of one person.
    private static func addRules(to routes: Routes<SignedIn>, _ house: House) {
        let facts = house.facts, views = house.lists
        routes.get("/figures/:unit/:rule") { request, signedIn in
            let view = try await facts.view()
            let asked = try Asked(request, signedIn, view, facts.library)
            let told = try await explained(asked, request, view)
            let ask = ListAsk(request.address.with("reminded", nil))
            var shown = try await facts.database.read { db in try names(told, asked, ask, signedIn, view, in: db) }
            shown.reminded = Int(request.query.text("reminded")).flatMap { $0 > 0 ? $0 : nil }
            try await views.note([ListView(.figures, unit: asked.frame.unitID, subtree: asked.frame.subtree, on: asked.frame.asOf)], by: signedIn)
            return .page(ExplanationPages.names(shown, crumbs: asked.crumbs, ask: ask, signedIn.token))
        }

        routes.post("/figures/:unit/:rule/people.xlsx") { _, request, signedIn in
            let view = try await facts.view()
            let asked = try Asked(request, signedIn, view, facts.library)
            let told = try await explained(asked, request, view)
            let list = ListView(.names, unit: asked.frame.unitID, subtree: asked.frame.subtree, on: asked.frame.asOf)
            let order = NamesOrder(unit: asked.frame.unitID, rule: told.rule.id, query: request.query.pairs.map { [$0.name, $0.value] }, day: asked.frame.asOf.number)
            let title = "\(asked.frame.unitName) \(told.rule.title) \(told.line.word) 名单", back = asked.links.names(told.explanation.finding.line)
            try views.keepPace(signedIn)
            return .redirect(try await facts.database.write(signedIn.act("export.names", why: told.rule.title)) { db in
                try FileViewStore.add([list], in: db)
                return try MadeFileKind.names.ask(order, title, back: back, by: signedIn, house, in: db)
            })
        }

        routes.get("/figures/:unit/:rule/people/:person") { request, signedIn in
            let view = try await facts.view()
            let asked = try Asked(request, signedIn, view, facts.library)
            let told = try await explained(asked, request, view)
            let person = try request.id("person")
            guard let number = view.number(ofPerson: person),
                let head = told.explanation.denominator.first(where: { $0.person == number })
            else { throw WebProblem.missing }
            let people = try await facts.database.read { db in try ExplainedPeople.read([number], withEntries: [number], view, in: db).seen(by: signedIn, told, in: db) }
            guard people.one(number).id == person else { throw WebProblem.missing }
            signedIn.looks.add(person)
            let entries = people.entries[number] ?? []
            let counted = told.explanation.numerator.filter { $0.person == number }.flatMap(\.entries)
                .compactMap { Int($0) < entries.count ? entries[Int($0)] : nil }.filter(people.isTold)
                .map { entry in (entry, entry.record.hostID.map { view.history.name($0) } ?? entry.record.institution) }
            return .page(ExplanationPages.person(
                told, asked.links, people.one(number), head: head, counted: counted, vocabulary: facts.library.vocabulary, crumbs: asked.crumbs))
        }
    }

    /// The people behind the line that the address names.
    static func explained(_ asked: Asked, _ request: WebRequest, _ view: Facts.View) async throws -> UnitExplanation {
        let line = try asked.line(request.parameters["rule"] ?? "", request.query["category"])
        return try await onThread { UnitExplanation(asked.frame, line: line, view) }
    }

    // MARK: The question

    /// What a page of figures is asked, with the proof that the one who asks may see it.
    struct Asked: Sendable {
        let frame: FigureFrame
        let links: FigureAddress
        let tree: OrgTree
        let today: Day
        let crumbs: [Page.Crumb]

        init(_ request: WebRequest, _ signedIn: SignedIn, _ view: Facts.View, _ library: PolicyLibrary) throws {
            try self.init(request.id("unit"), request.query, signedIn, view, library)
        }

        init(_ id: Int64, _ query: Fields, _ signedIn: SignedIn, _ view: Facts.View, _ library: PolicyLibrary) throws {
            guard let number = view.number(ofOrganization: id) else { throw WebProblem.missing }
            let policy: Policy, year: Int, askedYear = query.year("year")
            if let typed = query["policy"] {
                guard let named = library[typed] else { throw WebProblem.missing }
                (policy, year) = (named, askedYear ?? min(max(signedIn.today.year, named.years.lowerBound), named.years.upperBound))
            } else {
                do { (policy, year) = try view.bindings.opening(at: id, year: askedYear, today: signedIn.today) } catch {
                    // That nothing binds a unit is for those to know who may see it.
                    try Asked.mayBeSeen(id, signedIn.scope, view.tree(on: signedIn.today))
                    throw error
                }
            }
            guard policy.years.contains(year) else {
                throw Refusal("figures.year", "\(policy.title)只管 \(policy.years.lowerBound) 至 \(policy.years.upperBound) 年，不含 \(year) 年；请换一个年份。")
            }
            let typed = query.text("day")
            let day = Day(iso: typed)
            if !typed.isEmpty, day == nil { throw Refusal("figures.day", "“\(typed)”不是一个日期；请写成 \(year)-06-30 这样。") }
            let asOf = day ?? Day(number: policy.referenceDay(year: year, today: signedIn.today.number))
            let tree = view.tree(on: asOf)
            try Asked.mayBeSeen(id, signedIn.scope, tree)
            let subtree = query["subtree"].map { $0 != "0" } ?? true
            frame = FigureFrame(
                policy: policy, year: year, asOf: asOf, unitID: id, number: number, subtree: subtree, view: view, today: signedIn.today)
            links = FigureAddress(policy: policy, unit: id, year: year, day: day, subtree: subtree)
            self.tree = tree
            today = signedIn.today
            let links = links
            crumbs = tree.path(to: id).filter { (try? Asked.mayBeSeen($0.id, signedIn.scope, tree)) != nil }
                .map { Page.Crumb($0.name, $0.id == id ? nil : links.with(unit: $0.id).page) }
        }

        /// A unit is seen where it lies in the scope today, or lay in the subtree of a unit of the scope on the day asked.
        static func mayBeSeen(_ id: Int64, _ scope: Scope, _ tree: OrgTree) throws {
            guard scope.covers(id, for: .seeing) || scope.topUnits(for: .seeing).contains(where: { tree.isInside(id, subtreeOf: $0.id) }) else {
                throw WebProblem.missing
            }
        }

        func line(_ rule: String, _ category: String?) throws -> Int {
            guard let line = frame.policy.line(rule: rule, category: category) else { throw WebProblem.missing }
            return line
        }
    }

    // MARK: What is shown

    private static func show(_ asked: Asked, _ view: Facts.View) -> IndicatorsPages.Shown {
        let frame = asked.frame, policy = frame.policy
        let found = UnitFindings(frame, view)
        // The line of the whole unit that the others add up to, where the policy has one.
        let compared = policy.lines.firstIndex { if case .headcountTimes = $0.needed { true } else { false } } ?? 0
        // Every year at its own reference day, and nothing after the day of the page: the unit, or one below it, may have gone to another superior since.
        let last = frame.asOf
        let past = policy.years.filter { Day.firstDay(of: $0) <= last }.map { year in
            view.cube(policy, year: year, day: year == frame.year ? frame.asOf : Day(number: policy.referenceDay(year: year, today: last.number)))
        }
        func trend(_ line: Int, _ number: Int32, _ subtree: Bool) -> Trend {
            Trend(past.map { $0.finding(line, unit: number, subtree: subtree, displayed: false) })
        }
        let now = view.cube(policy, year: frame.year, day: frame.asOf)
        // How many the compared line is about.
        func size(_ number: Int32, _ subtree: Bool) -> (count: Int, unit: Finding.Unit) {
            let finding = now.finding(compared, unit: number, subtree: subtree, displayed: false)
            switch policy.lines[compared].shape {
            case .mean, .total: return (Int(now.heads(group: policy.lines[compared].group, unit: number, subtree: subtree)), .persons)
            case .share, .norm, .vacancy: return (Int(finding.had.denominator), finding.unit)
            case .times, .hosted, .trainings: return (Int(finding.had.numerator), finding.unit)
            }
        }
        let children: [IndicatorsPages.Child] = !frame.subtree ? [] : asked.tree.children(of: frame.unitID).compactMap { unit in
            guard let number = view.number(ofOrganization: unit.id) else { return nil }
            let heads = size(number, true).count
            let verdicts = policy.lines.indices.compactMap { now.finding($0, unit: number, subtree: true, displayed: false).verdict }
            guard heads > 0 || verdicts.contains(where: { $0 != .notApplicable }) else { return nil }
            return IndicatorsPages.Child(unit: unit, heads: heads, unmet: verdicts.count { $0 == .unmet }, trend: trend(compared, number, true))
        }
        return IndicatorsPages.Shown(
            found: found, links: asked.links, below: asked.tree.countBelow(frame.unitID),
            heads: size(frame.number, frame.subtree).count,
            trends: policy.lines.indices.map { trend($0, frame.number, frame.subtree) },
            children: children.sorted { a, b in
                if a.unmet != b.unmet { return a.unmet > b.unmet }
                return (a.trend.drawn.last ?? 0, a.unit.code) < (b.trend.drawn.last ?? 0, b.unit.code)
            },
            counted: size(frame.number, frame.subtree).unit, compared: compared, policies: policies(asked, view), today: asked.today)
    }

    /// What binds the unit in the year of the page, with what is shown where it does not.
    private static func policies(_ asked: Asked, _ view: Facts.View) -> [Policy] {
        let shown = asked.frame.policy, bound = view.bindings.nearest(at: asked.frame.unitID, on: .lastDay(of: asked.frame.year)).filter { !$0.lines.isEmpty }
        return bound.contains { $0.id == shown.id } ? bound : bound + [shown]
    }

    private static func names(
        _ told: UnitExplanation, _ asked: Asked, _ ask: ListAsk, _ signedIn: SignedIn, _ view: Facts.View, in db: Reading
    ) throws -> ExplanationPages.Shown {
        // Those who only want a category come first: something can be done about that.
        let lacking = told.explanation.outside.filter { $0.reason == .noCategory }, others = told.explanation.outside.filter { $0.reason != .noCategory }
        let outside = Array((lacking + others).prefix(max(ExplanationPages.someOutside, min(lacking.count, ListAsk.pageSize))))
        let running = told.explanation.running, start = ask.after.flatMap { Int($0) }.map { max(0, min($0, told.explanation.denominator.count)) } ?? 0
        let list = try NamesList(told, ask, through: start + ListAsk.pageSize, signedIn, view, in: db)
        let seen = Array(list.heads.dropFirst(start).prefix(ListAsk.pageSize))
        let people = try ExplainedPeople.read((seen + running).map(\.person) + outside.map(\.person), view, in: db).seen(by: signedIn, told, in: db)
        var organizations: [Int32: String] = [:]
        for number in Set(seen.map(\.organization) + running.map(\.organization)) {
            organizations[number] = view.organizationName(number, on: told.frame.asOf)
        }
        var shown = ExplanationPages.Shown(
            told: told, links: asked.links, people: people, heads: seen, list: list,
            next: start + seen.count < list.total ? String(start + seen.count) : nil, outside: outside, running: running,
            organizations: organizations)
        shown.views = try SavedViewStore.views(of: signedIn.account.id, path: ask.address.path, in: db)
        shown.mayKeep = signedIn.scope.covers(told.frame.unitID, for: .keeping)
        shown.mayRemind = shown.mayKeep && told.isOpen(today: asked.today)
        if !lacking.isEmpty, shown.mayKeep { shown.fillIn = "/people?unit=\(told.frame.unitID)&missing=category" }
        if let listing = UnitListing(told, view) {
            shown.listing = listing
            shown.places = Dictionary(listing.rows.compactMap { $0.organization.map { ($0, view.organizationID($0)) } }, uniquingKeysWith: { first, _ in first })
        }
        return shown
    }
}
