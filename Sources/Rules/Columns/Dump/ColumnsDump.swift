// Columns as bytes: the large blocks as they lie in memory, in their places, and beside them what is small.

extension Columns {
    /// The days that columns may speak of: what is counted with others would overflow.
    package struct Days: Sendable {
        let entries: ClosedRange<Int32>
        let others: ClosedRange<Int32>

        /// First and last day of entries, and of everything else.
        package init(entries: ClosedRange<Int32>, others: ClosedRange<Int32>) {
            self.entries = entries
            self.others = others
        }
    }

    /// About how many bytes a dump takes.
    package var dumpedBytes: Int { (entryCount + peopleCount * 2) * MemoryLayout<Row>.stride + (versions.count + counts.count) * 32 }

    /// The layout of what is written as it lies in memory: a dump of another one is none.
    package static var dumpedLayout: String {
        "\(Int(littleEndian: 1)) \(MemoryLayout<Row>.stride) \(MemoryLayout<Row>.offset(of: \.kind) ?? 0) \(MemoryLayout<Post>.stride) \(MemoryLayout<Post>.offset(of: \.to) ?? 0)"
    }

    /// Writes everything, what came since the columns were built in its place.
    package func dump(to out: DumpWriter) throws {
        try out.number(organizationCount)
        try dumpChart(to: out)
        try dumpWords(to: out)
        let holders = holdings.keys.sorted()
        let held = holders.flatMap { person in (holdings[person] ?? []).map { (person, $0) } }
        try out.numbers(held.map(\.0))
        for part in [\Held.organization, \.from, \.to, \.due, \.key] { try out.numbers(held.map { $0.1[keyPath: part] }) }
        try out.numbers(held.map { $0.1.isLeftEarly ? 1 as Int32 : 0 })

        try out.number(peopleCount)
        let base = base
        func inBase(_ offsets: Slab<Int32>, _ person: Int) -> Range<Int> { person < base.people ? Int(offsets[person])..<Int(offsets[person + 1]) : 0..<0 }
        try out.numbers(try starts { inBase(base.rowOffsets, $0).count + rowsSince(of: $0).count })
        try dump(base.rows, base.rowOffsets, tail, replaces: false, to: out)
        try out.numbers(try starts { changedPosts[Int32(truncatingIfNeeded: $0)]?.count ?? inBase(base.postOffsets, $0).count })
        try dump(base.posts, base.postOffsets, changedPosts, replaces: true, to: out)
    }

    private func dumpChart(to out: DumpWriter) throws {
        var kinds = Interned<String>()
        let kindOf = versions.map { kinds.index(of: $0.kind) }
        try out.texts(kinds.values)
        try out.numbers(kindOf)
        for part in [\Version.organization, \.from, \.to, \.parent] { try out.numbers(versions.map { $0[keyPath: part] }) }
        var keys = Interned<String>()
        let keyOf = counts.map { keys.index(of: $0.key) }
        try out.texts(keys.values)
        try out.numbers(keyOf)
        for part in [\Count.organization, \.from, \.to] { try out.numbers(counts.map { $0[keyPath: part] }) }
        try out.numbers(counts.map(\.value))
    }

    private func dumpWords(to out: DumpWriter) throws {
        let profiles = kinds.profileValues
        for part in [\Kind.form, \.purpose, \.content, \.title] { try out.texts(profiles.map { $0[keyPath: part] }) }
        try out.numbers(profiles.map { ($0.isSelected ? 1 : 0) | ($0.isCompleted ? 2 : 0) | $0.institution.rawValue << 2 })
        try out.numbers(kinds.profiles)
        try out.numbers(kinds.hosts)
        let said = descriptions.values
        for part in [\Description.category, \.workforce, \.engagement, \.title] { try out.texts(said.map { $0[keyPath: part] }) }
        try out.numbers(said.map { $0.isLeadership ? 1 as UInt8 : 0 })
        try out.texts(holdingKeys.values)
    }

    /// Where what each person has begins, and the end of all.
    private func starts(_ count: (Int) -> Int) throws -> [Int32] {
        var starts: [Int32] = [], sum = 0
        starts.reserveCapacity(peopleCount + 1)
        for person in 0...peopleCount {
            guard let start = Int32(exactly: sum) else { throw DumpReader.Broken() }
            starts.append(start)
            if person < peopleCount { sum += count(person) }
        }
        return starts
    }

    /// The block with what came since behind each person's own, or in its place.
    private func dump<Element: BitwiseCopyable>(
        _ block: Slab<Element>, _ offsets: Slab<Int32>, _ since: [Int32: [Element]], replaces: Bool, to out: DumpWriter
    ) throws {
        func pass(_ range: Range<Int>) throws {
            try out.bytes(UnsafeRawBufferPointer(UnsafeBufferPointer(start: block.base + range.lowerBound, count: range.count)))
        }
        var done = 0
        for person in since.keys.sorted() {
            let isInBase = Int(person) < base.people, end = isInBase ? Int(offsets[Int(person) + 1]) : block.count
            try pass(done..<(replaces && isInBase ? Int(offsets[Int(person)]) : end))
            try (since[person] ?? []).withUnsafeBytes { try out.bytes($0) }
            done = end
        }
        try pass(done..<block.count)
    }
}

// MARK: Reading

extension Columns {
    /// Reads what `dump` has written under the same vocabulary. Whatever is there, nothing that is read leads beside the columns.
    package init(from dump: inout DumpReader, vocabulary: Vocabulary, days: Days) throws {
        let organizations = try dump.count(bytesEach: 0)
        let (versions, counts) = try Columns.chart(from: &dump, organizations, days)
        let kinds = try Kinds(from: &dump, organizations: organizations)
        let texts = try (0..<4).map { _ in try dump.texts() }, count = texts[0].count
        guard texts.allSatisfy({ $0.count == count }) else { throw DumpReader.Broken() }
        let leading = try dump.numbers(UInt8.self, count, in: 0...1)
        let descriptions = try Interned(distinct: (0..<count).map {
            Description(category: texts[0][$0], workforce: texts[1][$0], engagement: texts[2][$0], title: texts[3][$0], isLeadership: leading[$0] == 1)
        })
        let holdingKeys = try Interned(distinct: dump.texts())
        let held = try Columns.holdings(from: &dump, organizations, keys: holdingKeys.values.count, days)
        let people = try dump.count(bytesEach: MemoryLayout<Int32>.stride * 2)
        let (rowOffsets, rows) = try Columns.block(Row.self, people, from: &dump)
        let (postOffsets, posts) = try Columns.block(Post.self, people, from: &dump)
        guard held.keys.allSatisfy({ Int($0) < people }), Columns.isSound(rows, kinds: kinds.count, days.entries),
            Columns.isSound(posts, organizations: organizations, descriptions: count, days.others)
        else { throw DumpReader.Broken() }
        self.init(
            convertingForms: Columns.convertingForms(of: vocabulary),
            base: Scanned(rows: rows, rowOffsets: rowOffsets, posts: posts, postOffsets: postOffsets, people: people), organizationCount: organizations,
            versions: versions, counts: counts, kinds: kinds, descriptions: descriptions, holdings: held, holdingKeys: holdingKeys)
    }

    private static func isSound(_ rows: Slab<Row>, kinds: Int, _ days: ClosedRange<Int32>) -> Bool {
        var isSound = true
        for index in 0..<rows.count {
            let row = rows[index], amount = Int64(row.amount & Row.amountMask)
            let most = row.amount & Row.halfDaysBit == 0 ? Entry.mostHours : Entry.mostHalfDays
            isSound = isSound && row.kind >= 0 && Int(row.kind) < kinds && row.from >= days.lowerBound && row.from <= row.to && row.to <= days.upperBound && amount <= most
        }
        return isSound
    }

    private static func isSound(_ posts: Slab<Post>, organizations: Int, descriptions: Int, _ days: ClosedRange<Int32>) -> Bool {
        var isSound = true
        for index in 0..<posts.count {
            let post = posts[index]
            isSound = isSound && post.organization >= 0 && Int(post.organization) < organizations && post.description < descriptions
                && days.contains(post.from) && days.contains(post.to)
        }
        return isSound
    }

    /// What people have, one after the other, and where each one's begins.
    private static func block<Element: BitwiseCopyable>(_: Element.Type, _ people: Int, from dump: inout DumpReader) throws -> (Slab<Int32>, Slab<Element>) {
        guard try dump.number() == people + 1 else { throw DumpReader.Broken() }
        let offsets = try dump.slab(Int32.self, people + 1)
        var isRising = offsets[0] == 0
        for person in 0..<people { isRising = isRising && offsets[person] <= offsets[person + 1] }
        guard isRising else { throw DumpReader.Broken() }
        return (offsets, try dump.slab(Element.self, Int(offsets[people])))
    }

    private static func chart(from dump: inout DumpReader, _ organizations: Int, _ days: Days) throws -> (versions: [Version], counts: [Count]) {
        let most = Int32(clamping: organizations - 1)
        let kinds = try dump.texts(), kindOf = try dump.numbers(Int32.self)
        let organization = try dump.numbers(Int32.self, kindOf.count, in: fewer(most)), from = try dump.numbers(Int32.self, kindOf.count, in: days.others)
        let to = try dump.numbers(Int32.self, kindOf.count, in: days.others), parent = try dump.numbers(Int32.self, kindOf.count, in: -1...max(-1, most))
        let keys = try dump.texts(), keyOf = try dump.numbers(Int32.self)
        let counted = try dump.numbers(Int32.self, keyOf.count, in: fewer(most)), countedFrom = try dump.numbers(Int32.self, keyOf.count, in: days.others)
        let countedTo = try dump.numbers(Int32.self, keyOf.count, in: days.others)
        let values = try dump.numbers(Int64.self, keyOf.count, in: -Count.most...Count.most)
        guard kindOf.allSatisfy({ kinds.indices.contains(Int($0)) }), keyOf.allSatisfy({ keys.indices.contains(Int($0)) }), organizations > 0 || kindOf.isEmpty && keyOf.isEmpty
        else { throw DumpReader.Broken() }
        return (
            kindOf.indices.map { Version(organization: organization[$0], from: from[$0], to: to[$0], parent: parent[$0], kind: kinds[Int(kindOf[$0])]) },
            keyOf.indices.map { Count(organization: counted[$0], key: keys[Int(keyOf[$0])], from: countedFrom[$0], to: countedTo[$0], value: values[$0]) })
    }

    /// Numbers up to one that may be -1, where there are none.
    private static func fewer(_ most: Int32) -> ClosedRange<Int32> { 0...max(0, most) }

    private static func holdings(from dump: inout DumpReader, _ organizations: Int, keys: Int, _ days: Days) throws -> [Int32: [Held]] {
        let people = try dump.numbers(Int32.self), count = people.count
        let organization = try dump.numbers(Int32.self, count, in: fewer(Int32(clamping: organizations - 1)))
        let from = try dump.numbers(Int32.self, count, in: days.others), to = try dump.numbers(Int32.self, count, in: days.others)
        let due = try dump.numbers(Int32.self, count, in: days.others), key = try dump.numbers(Int32.self, count, in: fewer(Int32(clamping: keys - 1)))
        let early = try dump.numbers(Int32.self, count, in: 0...1)
        guard people.allSatisfy({ $0 >= 0 }), count == 0 || organizations > 0 && keys > 0 else { throw DumpReader.Broken() }
        var held: [Int32: [Held]] = [:]
        for at in people.indices {
            held[people[at], default: []].append(Held(
                organization: organization[at], from: from[at], to: to[at], due: due[at], key: key[at], isLeftEarly: early[at] == 1))
        }
        return held
    }
}

extension Kinds {
    init(from dump: inout DumpReader, organizations: Int) throws {
        let texts = try (0..<4).map { _ in try dump.texts() }, count = texts[0].count
        guard texts.allSatisfy({ $0.count == count }) else { throw DumpReader.Broken() }
        let flags = try dump.numbers(UInt8.self, count, in: 0...11)
        let profiles = try (0..<count).map { at in
            guard let institution = Columns.Institution(rawValue: flags[at] >> 2) else { throw DumpReader.Broken() }
            return Columns.Kind(
                form: texts[0][at], isSelected: flags[at] & 1 == 1, purpose: texts[1][at], content: texts[2][at], isCompleted: flags[at] & 2 == 2,
                institution: institution, title: texts[3][at])
        }
        let own = try dump.numbers(Int32.self), hosts = try dump.numbers(Int32.self, own.count, in: -1...max(-1, Int32(clamping: organizations - 1)))
        guard own.allSatisfy({ profiles.indices.contains(Int($0)) }) else { throw DumpReader.Broken() }
        try self.init(profiles: Interned(distinct: profiles), of: own, hosts: hosts)
    }
}

extension Interned {
    /// Values under the numbers that their order gives; one that is there twice is `Broken`.
    init(distinct values: [Value]) throws {
        self.init()
        for value in values { _ = index(of: value) }
        guard self.values.count == values.count else { throw DumpReader.Broken() }
    }
}
