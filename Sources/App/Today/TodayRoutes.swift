import Access
import Kit
import Rules
import Standing

/// 今日: what waits, what changed, who falls behind. The page everybody starts on.
enum TodayRoutes {
    static func add(to routes: Routes<SignedIn>, _ house: House, _ recent: RecentChanges) {
        let database = house.database, facts = house.facts, features = house.features
        let kept = KeptToday()

        /// What waits, over all features, in the order of their places.
        @Sendable func tasks(_ signedIn: SignedIn, people: Int) async throws -> [DayTask] {
            let sources = features.all.flatMap(\.tasks).filter { $0.isAsked(signedIn) }
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
            guard signedIn.scope.isAnywhere(.seeing) else { return .page(TodayPages.otherwise(try await tasks(signedIn, people: .max), signedIn)) }
            let view = try await facts.view()
            var today = Today(mayKeep: signedIn.scope.isAnywhere(.keeping))
            if today.mayKeep { today.tasks = try await tasks(signedIn, people: view.columns.peopleCount) }
            let changes = try await recent.upToNow(today: signedIn.today, now: signedIn.now)
            today.changed = Today.changed(changes, signedIn.scope)
            today.isChangedCut = changes.isCut
            let read = try await onThread {
                signedIn.scope.topUnits(for: .seeing).prefix(TodayPages.mostUnits).map { (unit: $0.subject, behind: Laggards.read($0.id, view, today: signedIn.today)) }
            }
            today.figures = read.compactMap { one in one.behind.flatMap { $0.isRunning ? (one.unit, $0) : nil } }
            today.idle = read.filter { $0.behind?.isRunning != true }.map { ($0.unit, $0.behind) }
            today.adopting = today.idle.first { signedIn.scope.covers($0.unit.id, for: .keeping) }?.unit
            return .page(TodayPages.officer(today, features.recentKinds, signedIn))
        }
    }
}
