import Kit

/// What a folder of the product brings with it: everything that the whole has to know of it. `App/Features.swift` lists the
/// features and nothing else; whatever asks about all of them asks `FeatureSet`.
package struct Feature: Sendable {
    /// What its part of Yugong is called where rights are told in words; empty for what is everybody's or nobody's.
    package var part: String
    /// A row for each route.
    package var rights: [RightsRow]
    package var routes: @Sendable (Doors, House) -> Void
    package var menu: [MenuItem]
    package var tasks: [TaskSource]
    /// What its acts are called, by their kind; in the order in which they are offered.
    package var acts: [(kind: String, word: String)]
    /// What the rows of its images are called, and their columns.
    package var subjects: [String: String], columns: [String: String]
    /// What its rows are held against by `verify`, and how an act on them is taken back.
    package var keepers: [RowKeeper]
    /// What its numbers and days lie in.
    package var ranges: [RangeCheck]
    /// What it refuses of changes of other features' rows.
    package var guards: [RowGuard]
    package var sheets: [SheetKind]
    /// What it does after a request, or when a day comes.
    package var jobs: [FeatureJob]
    /// What lists of names that it shows are called, by their kind (`ListView.Kind`).
    package var lists: [String: String]
    package var merging: Merging?
    package var erasing: Erasing?
    /// Columns under the data key, and columns of bytes that have nothing to do with it, with the reason.
    package var rekeyed: [RekeyedTable], unsealed: [String: String]
    /// What areas above ask features for, by its type: an area that has such a thing says how it is asked (`FeatureSet.brought`).
    package var brings: [any Sendable]
    /// Tables that are not held by the log row by row like all others, and why.
    package var keeping: KeptRows.Exceptions
    /// What its pages tell of a file, as the log of looks calls it.
    package var looks: [FileLook]
    /// What it tells of on the page of the day when it has changed.
    package var recent: RecentSource?
    /// What it adds to the demo world, so that it is seen there in every state.
    package var demo: DemoRows?

    package init(
        _ part: String = "", rights: [RightsRow] = [], menu: [MenuItem] = [], tasks: [TaskSource] = [], acts: [(kind: String, word: String)] = [],
        subjects: [String: String] = [:], columns: [String: String] = [:], keepers: [RowKeeper] = [], ranges: [RangeCheck] = [], guards: [RowGuard] = [],
        sheets: [SheetKind] = [], jobs: [FeatureJob] = [], lists: [String: String] = [:], merging: Merging? = nil, erasing: Erasing? = nil, rekeyed: [RekeyedTable] = [],
        unsealed: [String: String] = [:], keeping: KeptRows.Exceptions = KeptRows.Exceptions(), looks: [FileLook] = [], recent: RecentSource? = nil,
        demo: DemoRows? = nil, brings: [any Sendable] = [], routes: @escaping @Sendable (Doors, House) -> Void = { _, _ in }
    ) {
        self.part = part
        self.rights = rights
        self.routes = routes
        self.menu = menu
        self.tasks = tasks
        self.acts = acts
        self.subjects = subjects
        self.columns = columns
        self.keepers = keepers
        self.ranges = ranges
        self.guards = guards
        self.sheets = sheets
        self.jobs = jobs
        self.lists = lists
        self.merging = merging
        self.erasing = erasing
        self.rekeyed = rekeyed
        self.unsealed = unsealed
        self.brings = brings
        self.keeping = keeping
        self.looks = looks
        self.recent = recent
        self.demo = demo
    }
}

/// The demo world, with its units, people and accounts, as features find it when they add what is theirs.
package struct DemoGround: Sendable {
    /// The last year in which somebody learned something.
    package let year: Int
    /// Today, where that year runs; a world that ended before has none.
    package let today: Day?
    /// Units by their codes.
    package let units: [String: Int64]
    /// Accounts by their names, and by the same names the people they are for.
    package let accounts: [String: Int64], people: [String: Int64]
    package let numbers: PersonalNumbers

    package init(year: Int, today: Day? = nil, units: [String: Int64], accounts: [String: Int64], people: [String: Int64], numbers: PersonalNumbers) {
        self.year = year
        self.today = today
        self.units = units
        self.accounts = accounts
        self.people = people
        self.numbers = numbers
    }
}

/// What a feature adds to the demo world.
package struct DemoRows: Sendable {
    /// Rows, in the world's last act.
    package let add: @Sendable (DemoGround, Writing) throws -> Void
    /// What people of the world do one after the other, in acts of their own.
    package let live: @Sendable (DemoGround, House) async throws -> Void

    package init(_ add: @escaping @Sendable (DemoGround, Writing) throws -> Void) {
        self.add = add
        live = { _, _ in }
    }

    package init(live: @escaping @Sendable (DemoGround, House) async throws -> Void) {
        add = { _, _ in }
        self.live = live
    }
}

/// What becomes of a feature's rows when two files are made one.
package struct Merging: Sendable {
    /// Asked before anything is written: throws why these two must stay apart now.
    package let judge: @Sendable (_ absorbed: Int64, _ survivor: Int64, Reading) throws -> Void
    /// In the act that merges, after roster and grants: throws what must not be made one.
    package let merged: @Sendable (_ absorbed: Int64, _ survivor: Int64, Writing) throws -> Void
    /// Why an act on a person cannot be taken back because of these rows; nil where it can.
    package let keepsFromUndo: @Sendable (_ act: Int64, _ person: Int64, Reading) throws -> Refusal?

    package init(
        judge: @escaping @Sendable (_ absorbed: Int64, _ survivor: Int64, Reading) throws -> Void = { _, _, _ in },
        merged: @escaping @Sendable (_ absorbed: Int64, _ survivor: Int64, Writing) throws -> Void = { _, _, _ in },
        keepsFromUndo: @escaping @Sendable (_ act: Int64, _ person: Int64, Reading) throws -> Refusal? = { _, _, _ in nil }
    ) {
        self.judge = judge
        self.merged = merged
        self.keepsFromUndo = keepsFromUndo
    }
}

/// A person whose file is to be deleted, with what leads to it.
package struct Erased: Sendable {
    /// The file and those merged into it.
    package let files: [Int64]
    package let accounts: [Account]
    /// Pages that are about the person besides those of the file.
    package var links: [String] = []

    package init(files: [Int64], accounts: [Account]) {
        self.files = files
        self.accounts = accounts
    }
}

/// What becomes of a feature's rows when a file is deleted by law.
package struct Erasing: Sendable {
    /// What the feature holds of a person.
    package struct Held: Sendable {
        /// Asked and not decided yet: until it is, nothing is deleted.
        package var undecided = 0
        /// What counts today: a file with it is no mistake.
        package var standing = 0
        /// What would go and what would stay, each by what it is called.
        package var goes: [(name: String, words: String)] = [], stays: [(name: String, words: String)] = []

        package init(undecided: Int = 0, standing: Int = 0, goes: [(name: String, words: String)] = [], stays: [(name: String, words: String)] = []) {
            self.undecided = undecided
            self.standing = standing
            self.goes = goes
            self.stays = stays
        }
    }

    package let held: @Sendable (Erased, Reading) throws -> Held
    /// Pages that are about the person.
    package let links: @Sendable (_ files: [Int64], Reading) throws -> [String]
    /// Takes away whatever tells who it was, in the act that deletes.
    package let forget: @Sendable (Erased, Writing) throws -> Void

    package init(
        held: @escaping @Sendable (Erased, Reading) throws -> Held = { _, _ in Held() }, links: @escaping @Sendable ([Int64], Reading) throws -> [String] = { _, _ in [] },
        forget: @escaping @Sendable (Erased, Writing) throws -> Void
    ) {
        self.held = held
        self.links = links
        self.forget = forget
    }
}
