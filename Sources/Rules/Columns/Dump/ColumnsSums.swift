/// What columns add up to: a few numbers that the rows of the database must add up to as well.
package struct ColumnsSums: Hashable, Sendable {
    /// Of entries: how many, those taken back, first and last days, half days and hours as they are read, completed ones, those of people
    /// who were sent, hosts, institutions, and letters of form, purpose and content.
    package var entries: [Int64]
    /// Of posts: how many, first and last days, primary ones, those in a leadership.
    package var posts: [Int64]
    /// Of the versions of units: how many, first and last days.
    package var versions: [Int64]
    /// Of terms of office: how many, first days and days on which they are due.
    package var terms: [Int64]

    package init(entries: [Int64], posts: [Int64], versions: [Int64], terms: [Int64]) {
        self.entries = entries
        self.posts = posts
        self.versions = versions
        self.terms = terms
    }
}

extension Columns {
    /// `abandoned`: numbers of people that belong to nobody any more; their entries stand under another.
    package func sums(without abandoned: [Int32] = []) -> ColumnsSums {
        var entries = EntrySums(kinds: kinds.count)
        for index in 0..<base.rows.count { entries.add(base.rows[index]) }
        for rows in tail.values { for row in rows { entries.add(row) } }
        for person in abandoned { forEachRow(of: Int(person)) { entries.add($0, times: -1) } }
        var posts = [Int64](repeating: 0, count: 5)
        for person in 0..<peopleCount {
            forEachPost(of: person) { post in
                posts[0] += 1
                posts[1] += Int64(post.from)
                posts[2] += Int64(post.to)
                posts[3] += post.isPrimary ? 1 : 0
                posts[4] += descriptions.values[post.description].isLeadership ? 1 : 0
            }
        }
        let held = holdings.values.joined()
        func sum(_ days: some Sequence<Int32>) -> Int64 { days.reduce(0) { $0 + Int64($1) } }
        return ColumnsSums(
            entries: entries.sums(kinds), posts: posts, versions: [Int64(versions.count), sum(versions.map(\.from)), sum(versions.map(\.to))],
            terms: [Int64(held.count), sum(held.map(\.from)), sum(held.map(\.due))])
    }

    private struct EntrySums {
        /// How many of each kind.
        private var ofKind: [Int64]
        private var reversals: Int64 = 0, from: Int64 = 0, to: Int64 = 0, halfDays: Int64 = 0, hours: Int64 = 0

        init(kinds: Int) { ofKind = [Int64](repeating: 0, count: kinds) }

        @inline(__always) mutating func add(_ row: Row, times: Int64 = 1) {
            ofKind[Int(row.kind)] += times
            reversals += row.isReversal ? times : 0
            from += Int64(row.from) * times
            to += Int64(row.to) * times
            let amount = Int64(row.amount & Row.amountMask) * times
            if row.amount & Row.halfDaysBit == 0 { hours += amount } else { halfDays += amount }
        }

        func sums(_ kinds: Kinds) -> [Int64] {
            let profiles = kinds.profileValues
            var sums = [Int64](repeating: 0, count: 5)
            for (kind, count) in ofKind.enumerated() {
                let profile = profiles[Int(kinds.profiles[kind])]
                sums[0] += profile.isCompleted ? count : 0
                sums[1] += profile.isSelected ? count : 0
                sums[2] += kinds.hosts[kind] >= 0 ? count : 0
                sums[3] += profile.institution == .unnamed ? 0 : count
                sums[4] += count * Int64([profile.form, profile.purpose, profile.content].reduce(0) { $0 + $1.unicodeScalars.count })
            }
            return [ofKind.reduce(0, +), reversals, from, to, halfDays, hours] + sums
        }
    }
}
