import Access
import Kit
import Rules
import Standing

/// 今日: what waits, what changed, who falls behind. The page everybody starts on.
enum TodayRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, facts = house.facts, features = house.features
        let recent = RecentChanges(database, features), kept = KeptToday()

        /// What waits, over all features, in the order of their places.
        @Sendable func tasks(_ signedIn: SignedIn, people: Int) async throws -> [DayTask] {
            let sources = features.all.flatMap(\.tasks)
            let (lookedUp, lastID) = try await database.read { db in
                (
                    try sources.compactMap { source -> (place: Int, tasks: [DayTask])? in
                        guard case .lookedUp(let read) = source.kind else { return nil }
                        return (source.place, try read(signedIn, house, db))
                    }, try db.lastID()
                )
            }
            let lookedThrough = try await kept.tasks(signedIn, lastID: lastID, people: people) {
                var found: KeptToday.Placed = []
                for source in sources {
                    if case .lookedThrough(let read) = source.kind { found.append((source.place, try await read(signedIn, house))) }
                }
                return found
            }
            return (lookedUp + lookedThrough).sorted { $0.place < $1.place }.flatMap(\.tasks)
        }

        routes.get("/") { _, signedIn in
            if signedIn.isLearnerOnly { return .redirect("/me") }
            guard signedIn.scope.isAnywhere(.seeing) else { return .page(TodayPages.otherwise(try features.menu(for: signedIn), signedIn)) }
            let view = try await facts.view()
            var today = Today(mayKeep: signedIn.scope.isAnywhere(.keeping))
            if today.mayKeep { today.tasks = try await tasks(signedIn, people: view.columns.peopleCount) }
            let changes = try await recent.upToNow(today: signedIn.today, now: signedIn.now)
            today.changed = Today.changed(changes, signedIn.scope)
            today.isChangedCut = changes.isCut
            today.figures = try await onThread {
                signedIn.scope.topUnits(for: .seeing).prefix(TodayPages.mostUnits).compactMap { unit in
                    Laggards.read(unit.id, view, today: signedIn.today).map { (unit.subject, $0) }
                }
            }
            return .page(TodayPages.officer(today, features.recentKinds, signedIn))
        }

        routes.get("/changes") { request, signedIn in
            let unit = try request.query["unit"].flatMap { Int64($0) }.map { try signedIn.scope.unit($0, for: .seeing).subject }
            let kind = features.recentKinds.first { $0.key == request.query.text("kind") }, isOwn = request.query.text("own") == "1"
            let found = try await recent.upToNow(today: signedIn.today, now: signedIn.now), tree = signedIn.scope.tree
            let mine = found.changes.filter { change in
                (kind == nil || change.kind == kind)
                    && (unit.map { isOwn ? change.unitID == $0.id : tree.isInside(change.unitID, subtreeOf: $0.id) } ?? signedIn.scope.covers(change.unitID, for: .seeing))
            }
            let start = request.list.after.flatMap { Int($0) }.map { max(0, min($0, mine.count)) } ?? 0
            let page = Array(mine[start...].prefix(ListAsk.pageSize))
            let people = try await database.read { db in
                let scope = ScopeOverTime(signedIn.scope)
                return Dictionary(
                    try PersonFile.seen(page.compactMap(\.personID), signedIn, scope, in: db).map { ($0.person.id, $0.person.name) }, uniquingKeysWith: { first, _ in first })
            }
            return .page(TodayPages.changes(
                page, found.acts, people: people, unit: unit, kind: kind, kinds: features.recentKinds, isOwn: isOwn, total: mine.count,
                next: start + page.count < mine.count ? String(start + page.count) : nil, isCut: found.isCut, request.list, signedIn))
        }
    }
}
