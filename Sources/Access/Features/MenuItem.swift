import Kit

/// A heading of the menu.
package struct MenuGroup: Hashable, Sendable {
    package let name: String?
    /// Headings stand in the order of their places.
    package let place: Int

    package init(_ name: String?, place: Int) {
        self.name = name
        self.place = place
    }

    package static let start = MenuGroup(nil, place: 0)
    package static let people = MenuGroup("人员", place: 10)
    package static let doing = MenuGroup("办理", place: 20)
    package static let accounts = MenuGroup("账号", place: 70)
    package static let system = MenuGroup("系统", place: 80)
    package static let audit = MenuGroup("审计", place: 90)
    package static let own = MenuGroup("我的", place: 100)
}

/// An entry of the menu, as its feature puts it there.
package struct MenuItem: Sendable {
    /// `Page.menu` of the pages below it.
    package let key: String
    package let link: String
    package let icon: Icon
    package let group: MenuGroup
    /// Entries stand under their heading in the order of their places.
    package let place: Int
    package let name: @Sendable (SignedIn) -> String
    package let isThere: @Sendable (SignedIn) -> Bool
    /// Stands in the bottom bar of a phone, where the first four that do are shown.
    package let isOnPhone: @Sendable (SignedIn) -> Bool
    /// How much waits there; nil says nothing.
    package let waiting: @Sendable (SignedIn, House, Reading) throws -> Int?

    package init(
        _ key: String, _ name: @autoclosure @escaping @Sendable () -> String, _ link: String, _ icon: Icon, in group: MenuGroup, _ place: Int,
        named: (@Sendable (SignedIn) -> String)? = nil, onPhone: @escaping @Sendable (SignedIn) -> Bool = { _ in false },
        waiting: @escaping @Sendable (SignedIn, House, Reading) throws -> Int? = { _, _, _ in nil }, where isThere: @escaping @Sendable (SignedIn) -> Bool
    ) {
        self.key = key
        self.link = link
        self.icon = icon
        self.group = group
        self.place = place
        self.name = named ?? { _ in name() }
        self.isThere = isThere
        self.isOnPhone = onPhone
        self.waiting = waiting
    }
}

/// Something that waits for an account, on the page of the day.
package struct DayTask: Sendable {
    package let count: String
    package let words: String
    package let link: String
    package var note: String

    package init(count: String, words: String, link: String, note: String = "") {
        self.count = count
        self.words = words
        self.link = link
        self.note = note
    }
}

/// Where tasks of the day come from: for whoever keeps a unit, where nobody else is named.
package struct TaskSource: Sendable {
    package enum Kind: Sendable {
        /// Looked up, each time the page is opened.
        case lookedUp(@Sendable (SignedIn, House, Reading) throws -> [DayTask])
        /// Looked through, which takes long in a large roster: kept until something changes.
        case lookedThrough(@Sendable (SignedIn, House) async throws -> [DayTask])
    }

    /// Tasks stand in the order of the places.
    package let place: Int
    package let kind: Kind
    package let isAsked: @Sendable (SignedIn) -> Bool
    package static let byKeepers: @Sendable (SignedIn) -> Bool = { $0.scope.isAnywhere(.keeping) }

    package init(_ place: Int, by isAsked: @escaping @Sendable (SignedIn) -> Bool = byKeepers, lookedUp read: @escaping @Sendable (SignedIn, House, Reading) throws -> [DayTask]) {
        self.place = place
        self.isAsked = isAsked
        kind = .lookedUp(read)
    }

    package init(_ place: Int, by isAsked: @escaping @Sendable (SignedIn) -> Bool = byKeepers, lookedThrough read: @escaping @Sendable (SignedIn, House) async throws -> [DayTask]) {
        self.place = place
        self.isAsked = isAsked
        kind = .lookedThrough(read)
    }

    /// One task with a count, where there is any.
    package static func counted(_ count: Int, _ words: String, _ link: String) -> [DayTask] {
        count == 0 ? [] : [DayTask(count: Numbers.count(count), words: words, link: link)]
    }
}
