import Kit
import People
import Rules
import Standing

/// 今日: what waits, what changed, who falls behind. The page everybody starts on.
enum TodayRoutes {
    static func add(to routes: Routes<SignedIn>, _ app: App) {
        let database = app.database, facts = app.facts, library = app.library
        let recent = RecentChanges(database), kept = KeptToday()

        routes.get("/") { _, signedIn in
            if signedIn.isLearnerOnly { return .redirect("/me") }
            guard signedIn.scope.isAnywhere(.seeing) else { return .page(TodayPages.otherwise(signedIn)) }
            let view = try await facts.view()
            var today = Today(mayKeep: signedIn.scope.isAnywhere(.keeping))
            if today.mayKeep {
                let (requests, objections, erasures, imports, lastID) = try await database.read { db in
                    (
                        try RequestRoutes.waiting(for: signedIn, in: db),
                        try RequestStore.countToDecide(.recordObjection, in: db) { signedIn.scope.covers($0, for: .keeping) },
                        try RequestStore.countToDecide(.erasure, in: db) { signedIn.scope.covers($0, for: .keeping) }, try ImportJobStore.waiting(of: signedIn.account.id, now: signedIn.now, from: db), try db.lastID()
                    )
                }
                let slow = try await kept.slow(signedIn, lastID: lastID, people: view.columns.peopleCount) {
                    let units = signedIn.scope.topUnits(for: .keeping).map(\.id)
                    let (gaps, vacancies, ending) = try await database.read { db in
                        (
                            try Completeness.read(signedIn, in: db).gaps, try Vacancies.read(signedIn.scope, in: db).left,
                            try GrantListStore.endingSoon(in: signedIn.scope.units(for: .granting).map(\.id), today: signedIn.today, in: db)
                        )
                    }
                    return Today.Slow(
                        gaps: gaps, clocks: try await onThread { RunningClocks.read(units, view, library, today: signedIn.today).clocks }, vacancies: vacancies, endingGrants: ending)
                }
                today.tasks = Today.tasks(requests: requests, objections: objections, erasures: erasures, imports: imports, slow, today: signedIn.today)
            }
            let changes = try await recent.upToNow(today: signedIn.today, now: signedIn.now)
            today.changed = Today.changed(changes, signedIn.scope)
            today.isChangedCut = changes.isCut
            today.figures = try await onThread {
                signedIn.scope.topUnits(for: .seeing).prefix(TodayPages.mostUnits).compactMap { unit in
                    Laggards.read(unit.id, view, library, today: signedIn.today).map { (unit.subject, $0) }
                }
            }
            return .page(TodayPages.officer(today, signedIn))
        }

        routes.get("/changes") { request, signedIn in
            let unit = try request.query["unit"].flatMap { Int64($0) }.map { try signedIn.scope.unit($0, for: .seeing).subject }
            let kind = RecentChange.Kind(rawValue: request.query.text("kind")), isOwn = request.query.text("own") == "1"
            let found = try await recent.upToNow(today: signedIn.today, now: signedIn.now), tree = signedIn.scope.tree
            let mine = found.changes.filter { change in
                (kind == nil || change.kind == kind)
                    && (unit.map { isOwn ? change.unitID == $0.id : tree.isInside(change.unitID, subtreeOf: $0.id) } ?? signedIn.scope.covers(change.unitID, for: .seeing))
            }
            let start = request.list.after.flatMap { Int($0) }.map { max(0, min($0, mine.count)) } ?? 0
            let page = Array(mine[start...].prefix(ListAsk.pageSize))
            let people = try await database.read { db in
                let scope = try ScopeOverTime(signedIn.scope, in: db)
                return Dictionary(
                    try PersonFile.seen(page.compactMap(\.personID), signedIn, scope, in: db).map { ($0.person.id, $0.person.name) }, uniquingKeysWith: { first, _ in first })
            }
            return .page(TodayPages.changes(
                page, found.acts, people: people, unit: unit, kind: kind, isOwn: isOwn, total: mine.count,
                next: start + page.count < mine.count ? String(start + page.count) : nil, isCut: found.isCut, request.list, signedIn))
        }
    }
}
