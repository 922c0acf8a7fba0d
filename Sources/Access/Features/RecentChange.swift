import Kit

/// Something that changed lately: what the page of the day counts and lists.
package struct RecentChange: Sendable {
    package let kind: RecentKind
    /// Where it happened.
    package let unitID: Int64
    /// Nil where it is about no person.
    package let personID: Int64?
    /// The page that tells of it.
    package let link: String
    package let actID: Int64

    package init(_ kind: RecentKind, unit: Int64, person: Int64? = nil, link: String, act: Int64) {
        self.kind = kind
        unitID = unit
        personID = person
        self.link = link
        actID = act
    }
}

/// A kind of recent change, by a key that stands in addresses.
package struct RecentKind: Hashable, Sendable {
    package let key: String
    package let word: String
    /// Kinds stand in the order of their places.
    package let place: Int

    package init(_ key: String, _ word: String, place: Int) {
        self.key = key
        self.word = word
        self.place = place
    }
}

/// Where recent changes of some kinds come from.
package struct RecentSource: Sendable {
    package let kinds: [RecentKind]
    /// What came after an id, newest first, at most `limit` of each kind; found by the primary keys alone, for it is asked all day.
    package let read: @Sendable (_ after: Int64, _ limit: Int, _ today: Day, Reading) throws -> [RecentChange]

    package init(_ kinds: RecentKind..., read: @escaping @Sendable (_ after: Int64, _ limit: Int, _ today: Day, Reading) throws -> [RecentChange]) {
        self.kinds = kinds
        self.read = read
    }
}
