import Kit

/// What people are put in order by in a list that is held whole: their file and their running primary post.
package enum PersonRankStore {
    /// So many people are put in order in memory; a longer list is in the order of an index.
    package static let most = 5_000

    private struct Rank {
        let id: Int64
        let code: String
        /// Unit, title and category of the primary post of the day; nil, empty and open for somebody without.
        let unit: Int64?
        let title: String, category: String
        let from: Day
    }

    /// The ids in the order that is asked for; of equal ones, and where none of these is asked for, their order stays.
    ///
    /// The keys are `code`, `place` in the order of the tree, `title`, `category` in the order of `categories`, and `span` by the first day.
    package static func inOrder(_ ids: [Int64], _ ask: ListAsk, _ tree: OrgTree, categories: [String], in db: Reading) throws -> [Int64] {
        guard ask.sort != nil else { return ids }
        var found: [Int64: Rank] = [:]
        for row in try db.rows(
            SQL(
                """
                SELECT p.id, coalesce(p.code, ''), a.organization_id, coalesce(a.title, ''), coalesce(a.category, ''), a.from_day
                FROM person p LEFT JOIN appointment a ON a.person_id = p.id AND a.is_primary = 1 AND a.from_day <= \(tree.day) AND a.to_day > \(tree.day)
                WHERE p.id IN (\(list: ids))
                """),
            { Rank(id: $0.int(0), code: $0.text(1), unit: $0.intOrNil(2), title: $0.text(3), category: $0.text(4), from: $0.dayOrNil(5) ?? .open) })
        { found[row.id] = row }
        let places = Dictionary(categories.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return ask.sorted(ids.compactMap { found[$0] }, by: [
            ListOrder("code") { $0.code }, ListOrder("place") { $0.unit.flatMap { tree.place(of: $0) } ?? .max }, ListOrder("title") { $0.title },
            ListOrder("category") { places[$0.category] ?? .max }, ListOrder("span") { $0.from },
        ]).map(\.id)
    }
}
