import Kit

/// All features of a program: whoever asks about every one of them asks here.
package struct FeatureSet: Sendable {
    package let all: [Feature]
    /// What acts are called, by their kind.
    package let acts: [(kind: String, word: String)]
    private let actWords: [String: String]
    /// What the rows of images are called, and their columns.
    package let subjects: [String: String], columns: [String: String]
    /// What lists of names are called, by their kind.
    package let lists: [String: String]
    /// What pages tell of files.
    package let looks: [FileLook]
    /// What features bring for areas above, by its type.
    private let brings: [ObjectIdentifier: [any Sendable]]

    package init(_ all: [Feature]) {
        self.all = all
        func joined(_ of: (Feature) -> [String: String]) -> [String: String] {
            all.reduce(into: [:]) { $0.merge(of($1), uniquingKeysWith: { first, _ in first }) }
        }
        acts = all.flatMap { feature in
            feature.acts + feature.sheets.flatMap { [("import.\($0.key)", "导入\($0.word)"), ("export.\($0.key)", "导出\($0.word)")] }
        }
        actWords = Dictionary(acts.map { ($0.kind, $0.word) }, uniquingKeysWith: { first, _ in first })
        subjects = joined(\.subjects)
        columns = joined(\.columns)
        lists = joined(\.lists)
        looks = all.flatMap(\.looks) + [.file]
        brings = Dictionary(grouping: all.flatMap(\.brings)) { ObjectIdentifier(type(of: $0)) }
    }

    /// The table of rights.
    package var rights: [RightsRow] { all.flatMap(\.rights) }
    package var keepers: [RowKeeper] { all.flatMap(\.keepers) }
    package var ranges: [RangeCheck] { all.flatMap(\.ranges) }
    package var guards: [RowGuard] { all.flatMap(\.guards) }
    package var sheets: [SheetKind] { all.flatMap(\.sheets).sorted { $0.place < $1.place } }
    package var jobs: [FeatureJob] { all.flatMap(\.jobs) }
    package var rekeyed: [RekeyedTable] { all.flatMap(\.rekeyed) }
    package var unsealed: [String: String] { all.reduce(into: [:]) { $0.merge($1.unsealed, uniquingKeysWith: { first, _ in first }) } }
    /// What features bring of a type that an area above has.
    package func brought<Thing: Sendable>(_ type: Thing.Type = Thing.self) -> [Thing] { brings[ObjectIdentifier(type)]?.compactMap { $0 as? Thing } ?? [] }
    package var merging: [Merging] { all.compactMap(\.merging) }
    package var erasing: [Erasing] { all.compactMap(\.erasing) }

    /// What a page tells of a file; one of which no feature says it tells the file itself.
    package func look(at route: String) -> FileLook { looks.first { $0.isTold(route) } ?? .file }

    /// The kinds of recent changes, and what came after an id, newest first.
    package var recentKinds: [RecentKind] { all.flatMap { $0.recent?.kinds ?? [] }.sorted { $0.place < $1.place } }
    package func recent(after id: Int64, limit: Int, today: Day, in db: Reading) throws -> [RecentChange] {
        try all.flatMap { try $0.recent?.read(id, limit, today, db) ?? [] }.sorted { $0.actID > $1.actID }
    }

    /// What an act of this kind is called; the kind itself where no feature has a word for it.
    package func word(ofAct kind: String) -> String { actWords[kind] ?? kind }
    package func knows(act kind: String) -> Bool { actWords[kind] != nil }

    /// What a kind of work is called; the kind itself where no feature has a word for it.
    package func word(ofJob kind: String) -> String { all.lazy.flatMap(\.jobs).first { $0.kind.key == kind }?.kind.word ?? kind }

    /// The kind of workbook with a name; nil for one that no feature has.
    package func sheet(_ key: String) -> SheetKind? { all.lazy.flatMap(\.sheets).first { $0.key == key } }

    /// The navigation of somebody signed in: what the roles do not allow is not there.
    package func menu(for signedIn: SignedIn, waiting: (MenuItem) throws -> Int? = { _ in nil }) throws -> Menu {
        let items = all.flatMap(\.menu).filter { $0.isThere(signedIn) }
        // Whoever has only the own record sees one list.
        let grouped = Dictionary(grouping: items) { signedIn.isLearnerOnly ? MenuGroup.own : $0.group }
        return Menu(try grouped.sorted { $0.key.place < $1.key.place }.map { group, items in
            Menu.Group(signedIn.isLearnerOnly ? nil : group.name, try items.sorted { $0.place < $1.place }.map { item in
                Menu.Entry(item.key, item.name(signedIn), item.link, item.icon, waiting: try waiting(item), onPhone: item.isOnPhone(signedIn))
            })
        })
    }

    /// What a person's file holds over all features, and the pages about it.
    package func erased(_ files: [Int64], _ accounts: [Account], in db: Reading) throws -> (Erased, [Erasing.Held]) {
        var erased = Erased(files: files, accounts: accounts)
        erased.links = try erasing.flatMap { try $0.links(files, db) }
        return (erased, try erasing.map { try $0.held(erased, db) })
    }
}
