import Access
import Kit
import Register

/// A change of the last days, with the act that made it.
struct ChangeLine: Sendable {
    let change: RecentChange
    let act: ActRecord?
    /// Name of the unit, and its place in the tree.
    let unit: String, place: Int
    /// Whose file it is, as far as that is seen, and which facts of it were changed; read for what is shown.
    var name: String?
    var facts: [String] = []

    var key: String { "\(change.actID) \(change.personID ?? 0) \(change.unitID) \(change.kind.key) \(change.link)" }
}

/// 变动: what changed in the last days, by unit and kind.
enum ChangeRoutes {
    /// What the list is of.
    struct Asked: Sendable {
        let unit: OrgTree.Unit?
        let kind: RecentKind?
        /// Of the unit alone, without those below.
        let isOwn: Bool

        /// As an address says it. Throws `WebProblem.missing` for a unit that is not in sight.
        static func read(_ query: Fields, _ features: FeatureSet, _ signedIn: SignedIn) throws -> Asked {
            Asked(
                unit: try query["unit"].flatMap { Int64($0) }.map { try signedIn.scope.unit($0, for: .seeing).subject },
                kind: features.recentKinds.first { $0.key == query.text("kind") }, isOwn: query.text("own") == "1")
        }
    }

    static func add(to routes: Routes<SignedIn>, _ house: House, _ recent: RecentChanges) {
        routes.get("/changes") { request, signedIn in
            let asked = try Asked.read(request.query, house.features, signedIn)
            let found = try await recent.upToNow(today: signedIn.today, now: signedIn.now), ask = request.list
            let lines = lines(found, asked, ask, house.features, signedIn), page = ask.page(of: lines, by: \.key)
            let told = try await house.database.read { db in try Self.told(page.rows, house.features, signedIn, in: db) }
            return .page(ChangePages.list(told, asked, kinds: house.features.recentKinds, total: lines.count, next: page.next, isCut: found.isCut, ask, house.features, signedIn))
        }
        file.add(to: routes, at: "/changes", house) { _, _ in [] }
    }

    /// The list as a workbook.
    static let file = ListFile(
        "changes.list", "最近的变动", judge: { ask, signedIn in
            guard signedIn.scope.isAnywhere(.seeing) else { throw WebProblem.missing }
            if let unit = ask.address.query["unit"].flatMap({ Int64($0) }) { _ = try signedIn.scope.unit(unit, for: .seeing) }
        },
        columns: { house, _, _ in ChangePages.columns(house.features) },
        rows: { house, ask, signedIn in
            let asked = try Asked.read(ask.address.query, house.features, signedIn)
            let found = try await RecentChanges(house.database, house.features).upToNow(today: signedIn.today, now: signedIn.now)
            return try await house.database.read { db in try told(lines(found, asked, ask, house.features, signedIn), house.features, signedIn, in: db) }
        })

    /// Those that are asked for, the latest first or in the order that is asked for.
    private static func lines(_ found: RecentChanges.Kept, _ asked: Asked, _ ask: ListAsk, _ features: FeatureSet, _ signedIn: SignedIn) -> [ChangeLine] {
        let tree = signedIn.scope.tree, place = ask.filter("place"), who = ask.filter("who")
        let lines = found.changes.lazy.filter { change in
            (asked.kind == nil || change.kind == asked.kind)
                && (asked.unit.map { asked.isOwn ? change.unitID == $0.id : tree.isInside(change.unitID, subtreeOf: $0.id) } ?? signedIn.scope.covers(change.unitID, for: .seeing))
        }.map { change in
            ChangeLine(change: change, act: found.acts[change.actID], unit: tree.unit(change.unitID)?.name ?? "", place: tree.place(of: change.unitID) ?? .max)
        }.filter { line in
            (place.isEmpty || line.unit.contains(place)) && (who.isEmpty || line.act?.who.contains(who) == true)
        }
        return ask.sorted(Array(lines), by: [
            ListOrder("when") { $0.change.actID }, ListOrder("changed") { $0.act.map { features.word(ofAct: $0.kind) } ?? $0.change.kind.word },
            ListOrder("place") { $0.place }, ListOrder("who") { $0.act?.who ?? "" }, ListOrder("why") { $0.act?.why ?? "" },
        ])
    }

    /// With the names that are seen, and with what of each file was changed.
    private static func told(_ lines: [ChangeLine], _ features: FeatureSet, _ signedIn: SignedIn, in db: Reading) throws -> [ChangeLine] {
        let files = try PersonFile.seen(Array(Set(lines.compactMap(\.change.personID))), signedIn, ScopeOverTime(signedIn.scope), in: db)
        let names = Dictionary(files.map { ($0.person.id, $0.person.name) }, uniquingKeysWith: { first, _ in first })
        let facts = try changed(lines.map(\.change), files, features, in: db)
        return lines.map { line in
            var told = line
            told.name = line.change.personID.flatMap { names[$0] }
            told.facts = line.change.personID.flatMap { facts["\(line.change.actID) \($0)"] } ?? []
            return told
        }
    }

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
}
