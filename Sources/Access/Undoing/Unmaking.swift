import Kit

/// What an import has written, as it is to be taken back: asked of every feature whose rows may stand on it.
package struct Unmaking: Sendable {
    /// The kinds of the acts that take back an import, and what was entered for several at once: after them the same may be said again.
    package static let act = "import.undo", entered = "record.unenter"

    /// The act that is taken back; what it wrote itself stands on nothing.
    package let act: Int64
    /// Files, posts and units that would go.
    package var people: [Int64] = [], posts: [Int64] = [], units: [Int64] = []
    /// People of whom anything would be other than it is; those who would go are among them.
    package var touched: [Int64] = []

    package init(act: Int64) { self.act = act }
}

/// Something later that would lose what it stands on.
package struct Dependent: Hashable, Sendable {
    package enum Of: Hashable, Sendable { case person(Int64), unit(Int64) }

    package let of: Of
    /// What there is, in words that follow the name: 已开账号 liming.
    package let words: String
    /// The page where it can be seen to; nil for the page of the person or the unit.
    package let link: String?
    /// Whether it stays whatever is done: what rests on it can be set right row by row, never taken back as a whole.
    package let isForGood: Bool

    package init(_ of: Of, _ words: String, link: String? = nil, isForGood: Bool = false) {
        self.of = of
        self.words = words
        self.link = link
        self.isForGood = isForGood
    }

    /// So many are looked for in one feature: more are not read by anybody.
    package static let most = 50
}

/// What of a feature's rows stands on what an import has written.
package struct StandingOn: Sendable {
    package let find: @Sendable (Unmaking, Reading) throws -> [Dependent]

    package init(_ find: @escaping @Sendable (Unmaking, Reading) throws -> [Dependent]) { self.find = find }
}

/// How rows are taken back that are never written over: not by their images but by further rows.
package struct TakenBackByRows: Sendable {
    /// What its changes are called in the log.
    package let subject: String
    /// How many rows an act has written, by the log alone.
    package let size: @Sendable (_ act: Int64, Reading) throws -> Int64
    /// How many an act has left that would be taken back, and whose they are.
    package let count: @Sendable (_ act: Int64, Reading) throws -> (rows: Int, people: [Int64])
    /// What was done to them since, which keeps them from being taken back.
    package let since: @Sendable (_ act: Int64, Reading) throws -> [Dependent]
    /// Takes them back. Throws where anything was done to them since.
    package let takeBack: @Sendable (_ act: Int64, Writing) throws -> Void

    package init(
        _ subject: String, size: @escaping @Sendable (Int64, Reading) throws -> Int64, count: @escaping @Sendable (Int64, Reading) throws -> (rows: Int, people: [Int64]),
        since: @escaping @Sendable (Int64, Reading) throws -> [Dependent], takeBack: @escaping @Sendable (Int64, Writing) throws -> Void
    ) {
        self.subject = subject
        self.size = size
        self.count = count
        self.since = since
        self.takeBack = takeBack
    }
}
