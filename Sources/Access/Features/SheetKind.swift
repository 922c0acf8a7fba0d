import Kit
import Register
import Rules

/// A kind of table that goes in and out: what workbooks of it hold, how they are judged and written.
package struct SheetKind: Sendable, Hashable {
    /// What the command line and addresses call it: `training-records`.
    package let key: String
    /// What screens call it.
    package let word: String
    /// Kinds are offered in the order of their places.
    package let place: Int
    /// Whether a change of the parent in it asks from which day on.
    package let asksEffectiveDay: Bool
    /// Which list of names an export is; nil for a table without names.
    package let list: ListView.Kind?
    package let columns: @Sendable (PolicyLibrary) -> [SheetColumn]
    package let read: @Sendable (TableReader, SheetSetting) throws -> any SheetContent
    package let export: @Sendable (SheetExport, Reading) throws -> Int

    package init(
        _ key: String, _ word: String, place: Int, asksEffectiveDay: Bool = false, list: ListView.Kind? = nil,
        columns: @escaping @Sendable (PolicyLibrary) -> [SheetColumn], read: @escaping @Sendable (TableReader, SheetSetting) throws -> any SheetContent,
        export: @escaping @Sendable (SheetExport, Reading) throws -> Int
    ) {
        self.key = key
        self.word = word
        self.place = place
        self.asksEffectiveDay = asksEffectiveDay
        self.list = list
        self.columns = columns
        self.read = read
        self.export = export
    }

    package static func == (a: SheetKind, b: SheetKind) -> Bool { a.key == b.key }
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }

    /// What an export shows of people in these units, for the acts; nothing of a table without names.
    package func views(of units: [Int64], subtree: Bool, on day: Day?) -> [ListView] {
        list.map { list in units.map { ListView(list, unit: $0, subtree: subtree, on: day) } } ?? []
    }
}

/// With what a workbook is read and judged.
package struct SheetSetting: Sendable {
    package let library: PolicyLibrary
    package let words: RosterWords
    package let numbers: PersonalNumbers
    package let today: Day
    package let options: ImportOptions
    package let reach: ImportReach

    package init(library: PolicyLibrary, words: RosterWords, numbers: PersonalNumbers, today: Day, options: ImportOptions, reach: ImportReach) {
        self.library = library
        self.words = words
        self.numbers = numbers
        self.today = today
        self.options = options
        self.reach = reach
    }
}

/// A workbook whose cells have been read; what they name is not looked up yet.
package protocol SheetContent: Sendable {
    /// Judges it as a whole and changes nothing.
    func judge(_ setting: SheetSetting, in db: Reading) throws -> ImportReport
    /// Judges it and writes it, where nothing is wrong or the options allow to leave out what is.
    func run(_ setting: SheetSetting, in db: Writing) throws -> ImportReport
}

/// What goes out, and to where.
package struct SheetExport {
    package let path: String
    /// Nil is everything the asker may see.
    package let unit: Int64?
    package let subtree: Bool
    package let asOf: Day?
    package let today: Day
    /// Nil is everything.
    package let units: Set<Int64>?
    package let hidden: PersonSight.Hidden
    /// Whether numbers of people go out masked: to who may see them but keeps none of them.
    package let isMasked: Bool
    package let library: PolicyLibrary
    package let words: RosterWords
    package let numbers: PersonalNumbers
    package let progress: (Int, Int) -> Void

    package init(
        path: String, unit: Int64?, subtree: Bool, asOf: Day?, today: Day, units: Set<Int64>?, hidden: PersonSight.Hidden, isMasked: Bool = false,
        library: PolicyLibrary, words: RosterWords, numbers: PersonalNumbers, progress: @escaping (Int, Int) -> Void
    ) {
        self.path = path
        self.unit = unit
        self.subtree = subtree
        self.asOf = asOf
        self.today = today
        self.units = units
        self.hidden = hidden
        self.isMasked = isMasked
        self.library = library
        self.words = words
        self.numbers = numbers
        self.progress = progress
    }
}
