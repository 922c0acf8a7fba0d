import Dispatch

/// The organisation chart of a day, with every subtree as one interval of positions.
package struct Tree: Sendable {
    /// Position of an organisation in depth-first order; parents stand before their children.
    let position: [Int32]
    /// Organisation at a position.
    let organization: [Int32]
    /// First position after the subtree.
    let end: [Int32]
    /// Position of the parent, -1 for a root.
    let parent: [Int32]
    /// Kind at a position, of that day; of an organisation that does not exist that day, its nearest one.
    let kind: [String]
    let exists: [Bool]
    /// By organisation: the day from which there is none of it any more.
    let closed: [Int32]
    /// The units' numbers of that day by position, -1 where nobody recorded one.
    private let numbers: [String: [Int64]]

    var count: Int { organization.count }

    /// Reading 5: parentage is that of the reference day. Where the rules are silent nobody falls out of sight, as in
    /// the tree on the screens: a unit whose parent does not exist that day hangs under the nearest ancestor that
    /// does, and a unit that does not exist itself, but may still have people, by where it last (or first) stood.
    init(_ columns: Columns, day: Int32) {
        let count = columns.organizationCount
        var parentOf = [Int32](repeating: -1, count: count)
        var kindOf = [String](repeating: "", count: count)
        var exists = [Bool](repeating: false, count: count)
        var closed = [Int32](repeating: .min, count: count)
        // Of those that do not exist: the last version before the day, else the first one after it.
        var best = [Int32](repeating: .max, count: count)
        for version in columns.versions {
            let organization = Int(version.organization)
            closed[organization] = max(closed[organization], version.to)
            let isNow = version.from <= day && day < version.to
            let order = isNow ? Int32.min : version.to <= day ? Int32.min / 2 + (day - version.to) : Int32.max / 2 + (version.from - day)
            guard order < best[organization] else { continue }
            best[organization] = order
            parentOf[organization] = version.parent
            kindOf[organization] = version.kind
            exists[organization] = isNow
        }
        var children = [[Int32]](repeating: [], count: count)
        var roots: [Int32] = []
        for organization in 0..<count {
            var parent = Int(parentOf[organization]), steps = 0
            while parent >= 0, !exists[parent], steps < count {
                parent = Int(parentOf[parent])
                steps += 1
            }
            if parent >= 0, exists[parent], parent != organization {
                children[parent].append(Int32(truncatingIfNeeded: organization))
            } else {
                roots.append(Int32(truncatingIfNeeded: organization))
            }
        }
        var position = [Int32](repeating: -1, count: count)
        var order: [Int32] = [], parents: [Int32] = []
        order.reserveCapacity(count)
        parents.reserveCapacity(count)
        var stack: [(organization: Int32, parent: Int32)] = roots.reversed().map { ($0, -1) }
        func walk() {
            while let (organization, parent) = stack.popLast() {
                let here = Int32(truncatingIfNeeded: order.count)
                position[Int(organization)] = here
                order.append(organization)
                parents.append(parent)
                for child in children[Int(organization)].reversed() { stack.append((child, here)) }
            }
        }
        walk()
        // A cycle is an import error; should one be here all the same, its members stand as roots of what hangs below.
        for organization in 0..<count where position[organization] < 0 {
            for other in 0..<count { children[other].removeAll { $0 == Int32(truncatingIfNeeded: organization) } }
            stack = [(Int32(truncatingIfNeeded: organization), -1)]
            walk()
        }
        var end = [Int32](repeating: 0, count: count)
        for here in stride(from: count - 1, through: 0, by: -1) {
            end[here] = max(end[here], Int32(truncatingIfNeeded: here + 1))
            let parent = Int(parents[here])
            if parent >= 0 { end[parent] = max(end[parent], end[here]) }
        }
        self.position = position
        self.organization = order
        self.end = end
        self.parent = parents
        self.kind = order.map { kindOf[Int($0)] }
        self.exists = order.map { exists[Int($0)] }
        self.closed = closed
        numbers = Tree.numbers(columns, day: day, position)
    }

    private static func numbers(_ columns: Columns, day: Int32, _ position: [Int32]) -> [String: [Int64]] {
        var numbers: [String: [Int64]] = [:]
        for count in columns.counts where count.from <= day && day < count.to {
            numbers[count.key, default: [Int64](repeating: -1, count: position.count)][Int(position[Int(count.organization)])] = count.value
        }
        return numbers
    }

    /// A number of the unit at a position; nil where nobody recorded it.
    func number(_ key: String, at here: Int) -> Int64? { numbers[key].flatMap { $0[here] < 0 ? nil : $0[here] } }

    /// A position and those of all units above it, the nearest first.
    func upwards(from here: Int32) -> UnfoldFirstSequence<Int32> {
        sequence(first: here) { parent[Int($0)] < 0 ? nil : parent[Int($0)] }
    }

    /// Whether one position is strictly above another.
    @inline(__always) func isAbove(_ upper: Int32, _ lower: Int32) -> Bool {
        upper < lower && lower < end[Int(upper)]
    }

    /// The positions of a unit, or of its subtree.
    func span(_ organization: Int32, subtree: Bool) -> Range<Int32> {
        let here = position[Int(organization)]
        return here..<(subtree ? end[Int(here)] : here + 1)
    }
}

/// Who is where on a day: every person's primary post.
package struct Roster: Sendable {
    package let day: Int32
    let tree: Tree
    /// Position of the person's primary unit, -1 without one.
    private(set) var unit: [Int32]
    /// Description of the primary post.
    private(set) var what: [Int32]

    /// People unit by unit, and where each unit begins; gone once somebody was put elsewhere.
    private var cachedOrder: Order?

    struct Order: Sendable {
        let people: Slab<Int32>
        let starts: Slab<Int32>
    }

    package init(_ columns: Columns, day: Int32) {
        self.day = day
        tree = Tree(columns, day: day)
        unit = [Int32](repeating: -1, count: columns.peopleCount)
        what = [Int32](repeating: -1, count: columns.peopleCount)
        placeAll(columns)
        cachedOrder = makeOrder()
    }

    var order: Order { cachedOrder ?? makeOrder() }

    private func makeOrder() -> Order {
        let starts = Slab<Int32>(count: tree.count + 1, repeating: 0)
        for here in unit where here >= 0 { starts[Int(here) + 1] += 1 }
        for here in 0..<tree.count { starts[here + 1] += starts[here] }
        let next = Slab<Int32>(count: tree.count + 1, repeating: 0)
        for here in 0...tree.count { next[here] = starts[here] }
        let people = Slab<Int32>(count: Int(starts[tree.count]), repeating: 0)
        for (person, here) in unit.enumerated() where here >= 0 {
            people[Int(next[Int(here)])] = Int32(truncatingIfNeeded: person)
            next[Int(here)] += 1
        }
        return Order(people: people, starts: starts)
    }

    private mutating func placeAll(_ columns: Columns) {
        let people = columns.peopleCount, parts = max(1, min(64, people / 4096)), (tree, day) = (self.tree, self.day)
        unit.withUnsafeMutableBufferPointer { unit in
            what.withUnsafeMutableBufferPointer { what in
                // Each part writes the places of its own people only.
                nonisolated(unsafe) let (units, whats) = (unit, what)
                DispatchQueue.concurrentPerform(iterations: parts) { part in
                    for person in people * part / parts..<people * (part + 1) / parts {
                        (units[person], whats[person]) = Roster.place(of: person, columns, tree, day)
                    }
                }
            }
        }
    }

    /// Position of the person's primary unit on a day and the description of the post; -1 without one.
    @inline(__always) private static func place(of person: Int, _ columns: Columns, _ tree: Tree, _ day: Int32) -> (unit: Int32, what: Int32) {
        var here: Int32 = -1, description: Int32 = -1
        columns.forEachPost(of: person) { post in
            if post.isPrimary, post.from <= day, day < post.to {
                here = tree.position[Int(post.organization)]
                description = Int32(truncatingIfNeeded: post.description)
            }
        }
        return (here, description)
    }

    /// Puts one person where the columns say now.
    mutating func place(_ person: Int, _ columns: Columns) {
        while unit.count <= person {
            unit.append(-1)
            what.append(-1)
        }
        if cachedOrder != nil { cachedOrder = nil }
        (unit[person], what[person]) = Roster.place(of: person, columns, tree, day)
    }
}
