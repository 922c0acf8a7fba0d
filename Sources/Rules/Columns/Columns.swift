/// The roster and the ledger as columns in memory: what every figure is computed from.
///
/// A value: a copy shares the blocks and costs nothing. People and organisations are dense indexes that the caller
/// gives out. A person's entries keep the order they were added in, which is how `Explanation` names them.
package struct Columns: Sendable {
    /// What is true of an organisation in [from, to).
    package struct Version: Sendable, Hashable {
        package var organization: Int32
        package var from: Int32
        package var to: Int32
        /// -1 is a root.
        package var parent: Int32
        package var kind: String

        package init(organization: Int32, from: Int32, to: Int32, parent: Int32, kind: String) {
            self.organization = organization
            self.from = from
            self.to = to
            self.parent = parent
            self.kind = kind
        }
    }

    /// A number that the register of units keeps, in [from, to): `key` as in the vocabulary's counts.
    package struct Count: Sendable, Hashable {
        package var organization: Int32
        package var key: String
        package var from: Int32
        package var to: Int32
        package var value: Int64
        /// No count is larger, nor smaller than its negative: sums of them fit.
        static let most: Int64 = 1_000_000_000_000_000

        package init(organization: Int32, key: String, from: Int32, to: Int32, value: Int64) {
            self.organization = organization
            self.key = key
            self.from = from
            self.to = to
            self.value = value
        }
    }

    /// What a person holds in [from, to): a term of office of a kind in a unit.
    package struct Holding: Sendable, Hashable {
        package var organization: Int32
        package var key: String
        package var from: Int32
        package var to: Int32
        /// The day on which it should end (届满日期); it may run on, or end before.
        package var due: Int32
        /// Its holder left before it was due.
        package var isLeftEarly: Bool

        package init(organization: Int32, key: String, from: Int32, to: Int32, due: Int32, isLeftEarly: Bool = false) {
            self.organization = organization
            self.key = key
            self.from = from
            self.to = to
            self.due = due
            self.isLeftEarly = isLeftEarly
        }
    }

    /// A post of a person in [from, to). Keys, not words; "" where nothing is said.
    package struct Appointment: Sendable, Hashable {
        package var organization: Int32
        package var from: Int32
        package var to: Int32
        package var isPrimary: Bool
        package var category: String
        package var workforce: String
        package var engagement: String
        package var title: String
        package var isLeadership: Bool

        package init(
            organization: Int32, from: Int32, to: Int32, isPrimary: Bool, category: String = "", workforce: String = "",
            engagement: String = "", title: String = "", isLeadership: Bool = false
        ) {
            self.organization = organization
            self.from = from
            self.to = to
            self.isPrimary = isPrimary
            self.category = category
            self.workforce = workforce
            self.engagement = engagement
            self.title = title
            self.isLeadership = isLeadership
        }
    }

    package enum Institution: UInt8, Sendable { case unnamed, recognised, unrecognised }

    /// What kind of training an entry is, apart from days and amounts.
    package struct Kind: Sendable, Hashable {
        package var form: String
        package var isSelected: Bool
        package var purpose: String
        package var content: String
        package var isCompleted: Bool
        package var institution: Institution
        /// -1 where the record names no 主办单位.
        package var host: Int32
        /// Empty for purposes whose trainings no policy counts by name (`PolicyLibrary.namedPurposes`).
        package var title: String

        package init(
            form: String, isSelected: Bool = false, purpose: String = "", content: String = "", isCompleted: Bool = true,
            institution: Institution = .unnamed, host: Int32 = -1, title: String = ""
        ) {
            self.form = form
            self.isSelected = isSelected
            self.purpose = purpose
            self.content = content
            self.isCompleted = isCompleted
            self.institution = institution
            self.host = host
            self.title = title
        }
    }

    /// One ledger entry: first and last day (both included), 天数 in half days or hours in hundredths as written.
    package struct Entry: Sendable, Hashable {
        package var kind: Kind
        package var from: Int32
        package var to: Int32
        package var halfDays: Int32?
        package var hours: Int32?
        /// Takes back an entry of the same days and amount.
        package var isReversal: Bool

        /// The most that one record can say: nobody learns longer. Two bits of 32 are left for what else a row says of it.
        package static let mostHalfDays: Int64 = 19_999, mostHours: Int64 = 9_999_999

        package init(kind: Kind, from: Int32, to: Int32, halfDays: Int32? = nil, hours: Int32? = nil, isReversal: Bool = false) {
            self.kind = kind
            self.from = from
            self.to = to
            self.halfDays = halfDays
            self.hours = hours
            self.isReversal = isReversal
        }
    }

    /// What a post says of its holder, without unit and days; few are distinct.
    struct Description: Hashable, Sendable {
        let category: String
        let workforce: String
        let engagement: String
        let title: String
        let isLeadership: Bool
    }

    /// An appointment as it is kept: 16 bytes.
    struct Post: BitwiseCopyable, Hashable, Sendable {
        let organization: Int32
        let from: Int32
        let to: Int32
        /// Index of the description, shifted left by one; the lowest bit is the primary flag.
        private let what: UInt32

        init(organization: Int32, from: Int32, to: Int32, description: Int32, isPrimary: Bool) {
            self.organization = organization
            self.from = from
            self.to = to
            what = UInt32(truncatingIfNeeded: description) << 1 | (isPrimary ? 1 : 0)
        }

        var isPrimary: Bool { what & 1 == 1 }
        var description: Int { Int(what >> 1) }
    }

    /// A holding as it is kept.
    struct Held: BitwiseCopyable, Hashable, Sendable {
        let organization: Int32
        let from: Int32
        let to: Int32
        let due: Int32
        /// Index of the key.
        let key: Int32
        let isLeftEarly: Bool
    }

    /// Days and amount as kept: the amount's upper two bits say reversal and half days.
    struct Row: BitwiseCopyable, Hashable, Sendable {
        let from: Int32
        let to: Int32
        let amount: UInt32
        let kind: Int32
        static let reversalBit: UInt32 = 1 << 31, halfDaysBit: UInt32 = 1 << 30, amountMask: UInt32 = halfDaysBit - 1
        var isReversal: Bool { amount & Row.reversalBit != 0 }

        /// The row with its kind under the number it has elsewhere.
        @inline(__always) func numbered(_ numbers: [Int32]) -> Row {
            Row(from: from, to: to, amount: amount, kind: numbers[Int(kind)])
        }

        /// Reading 1: 天数 where the form converts and days are given, else 学时. What is outside `Entry`'s bounds, which nobody
        /// should hand over, counts nothing rather than something else.
        @inline(__always) static func amount(halfDays: Int32?, hours: Int32?, converts: Bool, isReversal: Bool) -> UInt32 {
            let isInDays = converts && halfDays != nil, given = Int64((isInDays ? halfDays : hours) ?? 0)
            let isSound = given >= 0 && given <= (isInDays ? Entry.mostHalfDays : Entry.mostHours)
            return (isSound ? UInt32(truncatingIfNeeded: given) : 0) | (isInDays ? halfDaysBit : 0) | (isReversal ? reversalBit : 0)
        }
    }

    /// What was there when the columns were built, by person.
    final class Scanned: Sendable {
        let rows: Slab<Row>
        let rowOffsets: Slab<Int32>
        let posts: Slab<Post>
        let postOffsets: Slab<Int32>
        let people: Int

        init(rows: Slab<Row>, rowOffsets: Slab<Int32>, posts: Slab<Post>, postOffsets: Slab<Int32>, people: Int) {
            self.rows = rows
            self.rowOffsets = rowOffsets
            self.posts = posts
            self.postOffsets = postOffsets
            self.people = people
        }
    }

    /// Forms whose 天数 are kept as days for the policy to convert.
    package static func convertingForms(of vocabulary: Vocabulary) -> Set<String> { Set(vocabulary.forms.words.filter(\.convertsDays).map(\.key)) }
    let convertingForms: Set<String>
    private(set) var base: Scanned
    package private(set) var peopleCount: Int
    package private(set) var organizationCount: Int
    private(set) var versions: [Version]
    private(set) var counts: [Count]
    /// Grows with every new organisation chart, so that a cube knows when its own is out of date.
    private(set) var chart = 0
    private(set) var kinds: Kinds
    private(set) var descriptions: Interned<Description>
    /// Rows added since the columns were built, by person.
    private(set) var tail: [Int32: [Row]] = [:]
    package private(set) var tailCount = 0
    /// Posts of people that changed since, and of people who came since.
    private(set) var changedPosts: [Int32: [Post]] = [:]
    /// Few people hold anything.
    private(set) var holdings: [Int32: [Held]]
    private(set) var holdingKeys: Interned<String>

    init(
        convertingForms: Set<String>, base: Scanned, organizationCount: Int, versions: [Version], counts: [Count],
        kinds: Kinds, descriptions: Interned<Description>, holdings: [Int32: [Held]], holdingKeys: Interned<String>
    ) {
        self.convertingForms = convertingForms
        self.base = base
        self.peopleCount = base.people
        self.organizationCount = organizationCount
        self.versions = versions
        self.counts = counts
        self.kinds = kinds
        self.descriptions = descriptions
        self.holdings = holdings
        self.holdingKeys = holdingKeys
    }

    package var entryCount: Int { base.rows.count + tailCount }

    // MARK: Following

    /// Adds an entry of a person; the person may be new. Entries are never taken out: corrections are reversals.
    package mutating func append(_ entry: Entry, of person: Int32) {
        append(Columns.row(entry, converting: convertingForms, kinds: &kinds), of: person)
    }

    mutating func take(_ kinds: Kinds) -> [Int32] { self.kinds.take(kinds) }

    mutating func append(_ row: Row, of person: Int32) {
        tail[person, default: []].append(row)
        tailCount += 1
        peopleCount = max(peopleCount, Int(person) + 1)
    }

    /// Replaces all appointments of a person, who may be new.
    package mutating func setAppointments(_ appointments: [Appointment], of person: Int32) {
        changedPosts[person] = appointments.map { Columns.post($0, descriptions: &descriptions) }
        peopleCount = max(peopleCount, Int(person) + 1)
    }

    /// Replaces everything that a person holds; the person may be new.
    package mutating func setHoldings(_ holdings: [Holding], of person: Int32) {
        self.holdings[person] = holdings.isEmpty ? nil : holdings.map { Columns.held($0, keys: &holdingKeys) }
        peopleCount = max(peopleCount, Int(person) + 1)
    }

    /// Replaces the organisation chart and the units' numbers; a cube that follows computes itself anew after it.
    package mutating func setVersions(_ versions: [Version], counts: [Count] = [], organizationCount: Int) {
        chart += 1
        self.versions = versions
        self.counts = counts
        self.organizationCount = organizationCount
    }

    /// The same columns with everything that came since in its place, so that scans are as quick as at first.
    package func compacted() -> Columns {
        var builder = ColumnsBuilder(self)
        for person in 0..<peopleCount {
            forEachRow(of: person) { builder.append($0, of: Int32(truncatingIfNeeded: person)) }
            forEachPost(of: person) { builder.append($0, of: Int32(truncatingIfNeeded: person)) }
        }
        var columns = builder.build()
        columns.chart = chart
        return columns
    }

    // MARK: Reading

    @inline(__always) func forEachRow(of person: Int, _ body: (Row) -> Void) {
        if person < base.people {
            for index in Int(base.rowOffsets[person])..<Int(base.rowOffsets[person + 1]) { body(base.rows[index]) }
        }
        if !tail.isEmpty, let rows = tail[Int32(truncatingIfNeeded: person)] { for row in rows { body(row) } }
    }

    @inline(__always) func forEachPost(of person: Int, _ body: (Post) -> Void) {
        if !changedPosts.isEmpty, let posts = changedPosts[Int32(truncatingIfNeeded: person)] {
            for post in posts { body(post) }
        } else if person < base.people {
            for index in Int(base.postOffsets[person])..<Int(base.postOffsets[person + 1]) { body(base.posts[index]) }
        }
    }

    @inline(__always) func baseRows(of person: Int) -> UnsafeBufferPointer<Row> {
        guard person < base.people else { return UnsafeBufferPointer(start: nil, count: 0) }
        let first = Int(base.rowOffsets[person])
        return UnsafeBufferPointer(start: base.rows.base + first, count: Int(base.rowOffsets[person + 1]) - first)
    }

    @inline(__always) func rowsSince(of person: Int) -> [Row] {
        tail.isEmpty ? [] : tail[Int32(truncatingIfNeeded: person)] ?? []
    }

    func holdings(of person: Int) -> [Held] { holdings.isEmpty ? [] : holdings[Int32(truncatingIfNeeded: person)] ?? [] }

    func rows(of person: Int) -> [Row] {
        var rows: [Row] = []
        forEachRow(of: person) { rows.append($0) }
        return rows
    }

    func posts(of person: Int) -> [Post] {
        var posts: [Post] = []
        forEachPost(of: person) { posts.append($0) }
        return posts
    }

    /// The appointments of a person in the order they were given.
    package func appointments(of person: Int32) -> [Appointment] {
        posts(of: Int(person)).map { post in
            let what = descriptions.values[post.description]
            return Appointment(
                organization: post.organization, from: post.from, to: post.to, isPrimary: post.isPrimary, category: what.category,
                workforce: what.workforce, engagement: what.engagement, title: what.title, isLeadership: what.isLeadership)
        }
    }

    static func row(_ entry: Entry, converting: Set<String>, kinds: inout Kinds) -> Row {
        let amount = Row.amount(
            halfDays: entry.halfDays, hours: entry.hours, converts: converting.contains(entry.kind.form), isReversal: entry.isReversal)
        return Row(from: entry.from, to: entry.to, amount: amount, kind: kinds.index(of: entry.kind))
    }

    static func held(_ holding: Holding, keys: inout Interned<String>) -> Held {
        Held(
            organization: holding.organization, from: holding.from, to: holding.to, due: holding.due, key: keys.index(of: holding.key),
            isLeftEarly: holding.isLeftEarly)
    }

    static func post(_ appointment: Appointment, descriptions: inout Interned<Description>) -> Post {
        let what = descriptions.index(of: Description(
            category: appointment.category, workforce: appointment.workforce, engagement: appointment.engagement,
            title: appointment.title, isLeadership: appointment.isLeadership))
        return Post(
            organization: appointment.organization, from: appointment.from, to: appointment.to, description: what,
            isPrimary: appointment.isPrimary)
    }
}

/// Distinct values and their numbers, in the order they were first seen.
struct Interned<Value: Hashable & Sendable>: Sendable {
    private(set) var values: [Value] = []
    private var numbers: [Value: Int32] = [:]

    mutating func index(of value: Value) -> Int32 {
        if let number = numbers[value] { return number }
        let number = Int32(truncatingIfNeeded: values.count)
        values.append(value)
        numbers[value] = number
        return number
    }
}

/// The distinct kinds of training and their numbers. Hosts stand apart: with them there are as many kinds as units,
/// without them a few dozen, and what a policy asks of a kind is looked up once for each of those.
struct Kinds: Sendable {
    /// Kinds without their host.
    private var bare = Interned<Columns.Kind>()
    /// Of each kind: the number of the kind without its host, and the host.
    private(set) var profiles: [Int32] = []
    private(set) var hosts: [Int32] = []
    private var numbers: [UInt64: Int32] = [:]

    init() {}

    /// Kinds under the numbers that their order gives; one that is there twice is `Broken`.
    init(profiles: Interned<Columns.Kind>, of kinds: [Int32], hosts: [Int32]) throws {
        bare = profiles
        for (profile, host) in zip(kinds, hosts) { _ = index(profile: profile, host: host) }
        guard count == kinds.count else { throw DumpReader.Broken() }
    }

    var count: Int { hosts.count }
    var profileValues: [Columns.Kind] { bare.values }

    mutating func index(of kind: Columns.Kind) -> Int32 {
        var profile = kind
        profile.host = -1
        return index(profile: bare.index(of: profile), host: kind.host)
    }

    /// The own numbers of the kinds of others.
    mutating func take(_ others: Kinds) -> [Int32] {
        let own = others.bare.values.map { bare.index(of: $0) }
        return others.hosts.indices.map { index(profile: own[Int(others.profiles[$0])], host: others.hosts[$0]) }
    }

    private mutating func index(profile: Int32, host: Int32) -> Int32 {
        let key = UInt64(truncatingIfNeeded: UInt32(bitPattern: profile)) << 32 | UInt64(truncatingIfNeeded: UInt32(bitPattern: host))
        if let number = numbers[key] { return number }
        let number = Int32(truncatingIfNeeded: hosts.count)
        profiles.append(profile)
        hosts.append(host)
        numbers[key] = number
        return number
    }
}

/// Gathers people, posts and entries in any order and sorts them by person at the end.
package struct ColumnsBuilder {
    private let convertingForms: Set<String>
    private var organizationCount: Int
    private var versions: [Columns.Version]
    private var counts: [Columns.Count]
    private var holdings: [Int32: [Columns.Held]] = [:]
    private var holdingKeys = Interned<String>()
    private var kinds = Kinds()
    private var descriptions = Interned<Columns.Description>()
    private var rows: [Columns.Row] = []
    private var rowPeople: [Int32] = []
    private var posts: [Columns.Post] = []
    private var postPeople: [Int32] = []
    private var people: Int

    /// People are 0..<people, organisations 0..<organizations.
    package init(
        vocabulary: Vocabulary, people: Int, organizations: Int, versions: [Columns.Version], counts: [Columns.Count] = [], entriesExpected: Int = 0
    ) {
        convertingForms = Columns.convertingForms(of: vocabulary)
        self.people = people
        organizationCount = organizations
        self.versions = versions
        self.counts = counts
        rows.reserveCapacity(entriesExpected)
        rowPeople.reserveCapacity(entriesExpected)
    }

    fileprivate init(_ columns: Columns) {
        convertingForms = columns.convertingForms
        people = columns.peopleCount
        organizationCount = columns.organizationCount
        versions = columns.versions
        counts = columns.counts
        holdings = columns.holdings
        holdingKeys = columns.holdingKeys
        kinds = columns.kinds
        descriptions = columns.descriptions
        rows.reserveCapacity(columns.entryCount)
        rowPeople.reserveCapacity(columns.entryCount)
    }

    package mutating func append(_ entry: Columns.Entry, of person: Int32) {
        append(Columns.row(entry, converting: convertingForms, kinds: &kinds), of: person)
    }

    /// The number of what a post says of its holder, for `append`.
    package mutating func description(category: String, workforce: String, engagement: String, title: String, isLeadership: Bool) -> Int32 {
        descriptions.index(of: Columns.Description(
            category: category, workforce: workforce, engagement: engagement, title: title, isLeadership: isLeadership))
    }

    /// Adds a post of a person in [from, to).
    package mutating func append(description: Int32, organization: Int32, from: Int32, to: Int32, isPrimary: Bool, of person: Int32) {
        append(Columns.Post(organization: organization, from: from, to: to, description: description, isPrimary: isPrimary), of: person)
    }

    package mutating func append(_ appointment: Columns.Appointment, of person: Int32) {
        append(Columns.post(appointment, descriptions: &descriptions), of: person)
    }

    package mutating func append(_ holding: Columns.Holding, of person: Int32) {
        holdings[person, default: []].append(Columns.held(holding, keys: &holdingKeys))
    }

    fileprivate mutating func append(_ row: Columns.Row, of person: Int32) {
        rows.append(row)
        rowPeople.append(person)
    }

    fileprivate mutating func append(_ post: Columns.Post, of person: Int32) {
        posts.append(post)
        postPeople.append(person)
    }

    /// The columns; the builder is empty afterwards. Entries of `runs` stand behind those appended one by one, in the order
    /// of the runs; each names the `EntryKinds` it was read with, and is let go once it is in its place.
    package mutating func build(runs: consuming [(run: EntryRun, kinds: Int)] = [], kinds books: [EntryKinds] = []) -> Columns {
        let sortedPosts = ColumnsBuilder.sorted(posts, postPeople, people: people)
        (posts, postPeople) = ([], [])
        var left = runs
        let sortedRows = sortedRows(&left, books)
        return Columns(
            convertingForms: convertingForms,
            base: Columns.Scanned(rows: sortedRows.0, rowOffsets: sortedRows.1, posts: sortedPosts.0, postOffsets: sortedPosts.1, people: people),
            organizationCount: organizationCount, versions: versions, counts: counts, kinds: kinds, descriptions: descriptions, holdings: holdings,
            holdingKeys: holdingKeys)
    }

    /// A stable counting sort by person over all runs, each run's kinds renumbered on the way.
    private mutating func sortedRows(_ runs: inout [(run: EntryRun, kinds: Int)], _ books: [EntryKinds]) -> (Slab<Columns.Row>, Slab<Int32>) {
        guard !runs.isEmpty else {
            defer { (rows, rowPeople) = ([], []) }
            return ColumnsBuilder.sorted(rows, rowPeople, people: people)
        }
        let offsets = Slab<Int32>(count: people + 1, repeating: 0)
        var count = rows.count
        for owner in rowPeople { offsets[Int(owner) + 1] += 1 }
        for (run, _) in runs {
            count += run.count
            run.rows.forEachPiece { for owned in $0 { offsets[Int(owned.person) + 1] += 1 } }
        }
        for person in 0..<people { offsets[person + 1] += offsets[person] }
        let slab = Slab<Columns.Row>(uninitialized: count), next = Slab<Int32>(uninitialized: people)
        for person in 0..<people { next[person] = offsets[person] }
        func place(_ row: Columns.Row, _ owner: Int32) {
            slab[Int(next[Int(owner)])] = row
            next[Int(owner)] += 1
        }
        for (row, owner) in zip(rows, rowPeople) { place(row, owner) }
        (rows, rowPeople) = ([], [])
        runs.reverse()
        let numbers = books.map { kinds.take($0.kinds) }
        while let (run, book) = runs.popLast() {
            let numbers = numbers[book]
            run.rows.forEachPiece { for owned in $0 { place(owned.row.numbered(numbers), owned.person) } }
        }
        return (slab, offsets)
    }

    /// A stable counting sort by person.
    private static func sorted<Element: BitwiseCopyable>(
        _ values: [Element], _ owners: [Int32], people: Int
    ) -> (Slab<Element>, Slab<Int32>) {
        let offsets = Slab<Int32>(count: people + 1, repeating: 0)
        var isSorted = true, last: Int32 = 0
        for owner in owners {
            offsets[Int(owner) + 1] += 1
            if owner < last { isSorted = false }
            last = owner
        }
        for person in 0..<people { offsets[person + 1] += offsets[person] }
        if isSorted { return (Slab(values), offsets) }
        guard let any = values.first else { return (Slab([]), offsets) }
        let slab = Slab(count: values.count, repeating: any)
        let next = Slab<Int32>(count: people, repeating: 0)
        for person in 0..<people { next[person] = offsets[person] }
        for (index, owner) in owners.enumerated() {
            slab[Int(next[Int(owner)])] = values[index]
            next[Int(owner)] += 1
        }
        return (slab, offsets)
    }
}
