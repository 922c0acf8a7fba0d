import Access
import Kit
import Rules
import Standing

/// 今日: what waits, what changed, who falls behind. The page everybody starts on.
enum TodayRoutes {
    /// Which facts each change is about, by act and person: their names, and not what they were or are.
    private static func changed(_ page: [RecentChange], _ files: [PersonFile], _ features: FeatureSet, in db: Reading) throws -> [String: [String]] {
        let acts = Set(page.map(\.actID)), shown = Dictionary(files.map { ($0.person.id, $0) }, uniquingKeysWith: { first, _ in first })
        let posts = Dictionary(files.flatMap { file in file.posts.map { ($0.id, file.person.id) } }, uniquingKeysWith: { first, _ in first })
        var found: [String: [String]] = [:]
        let changes = try ActStore.changes(of: "person", Array(shown.keys), in: db) + ActStore.changes(of: "appointment", Array(posts.keys), in: db)
        for change in changes where acts.contains(change.act.id) {
            guard let person = change.subject == "person" ? change.subjectID : posts[change.subjectID], let file = shown[person],
                file.sight.shows(from: Clock.day(ofMilliseconds: change.act.atMilliseconds)), let before = change.before, let after = change.after,
                !before.isErased, !after.isErased
            else { continue }
            for column in after.columns where before[column] != after[column] && !Self.derived.contains(column) {
                // A number is told by its name alone, however it is kept.
                guard let word = features.columns[column].map({ String($0.prefix { $0 != "（" }) }) else { continue }
                let key = "\(change.act.id) \(person)"
                if found[key]?.contains(word) != true { found[key, default: []].append(word) }
            }
        }
        return found
    }

    /// Columns that follow from others; a number is sealed anew whenever its row is written.
    private static let derived: Set<String> = ["pinyin", "initials", "id_part_index", "id_cipher", "phone_cipher"]

    static func add(to routes: Routes<SignedIn>, _ house: House) {
        let database = house.database, facts = house.facts, features = house.features
        let recent = RecentChanges(database, features), kept = KeptToday()

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
            let (people, changed) = try await database.read { db in
                let files = try PersonFile.seen(Array(Set(page.compactMap(\.personID))), signedIn, ScopeOverTime(signedIn.scope), in: db)
                let names = Dictionary(files.map { ($0.person.id, $0.person.name) }, uniquingKeysWith: { first, _ in first })
                return (names, try Self.changed(page, files, features, in: db))
            }
            return .page(TodayPages.changes(
                page, found.acts, people: people, changed: changed, unit: unit, kind: kind, kinds: features.recentKinds, isOwn: isOwn, total: mine.count,
                next: start + page.count < mine.count ? String(start + page.count) : nil, isCut: found.isCut, request.list, word: { features.word(ofAct: $0) }, signedIn))
        }
    }
}
