import Kit
import Register

/// Everybody in the order of their names, and whoever bears a name: for lists of people that are found elsewhere and are too many to read all names.
package enum NameOrderStore {
    /// The files after a place in the order of sounds, or before it.
    package static func files(after: (pinyin: String, id: Int64)?, isDescending: Bool, limit: Int, in db: Reading) throws -> [(id: Int64, pinyin: String)] {
        let place = after.map { PersonListStore.behind(($0.pinyin, $0.id), "p.pinyin", isDescending: isDescending) } ?? "1 = 1"
        let order: SQL = isDescending ? "p.pinyin DESC, p.id DESC" : "p.pinyin, p.id"
        return try db.rows(SQL("SELECT p.id, p.pinyin FROM person p WHERE \(place) ORDER BY \(order) LIMIT \(limit)")) { ($0.int(0), $0.text(1)) }
    }

    /// Files that bear what was typed as name, sound, initials or 人员编号; some twice, and no more than `most` in each way.
    package static func files(named typed: String, most: Int, in db: Reading) throws -> [Int64] {
        try PersonListStore.named(typed).flatMap { named in
            try db.rows(SQL("SELECT p.id FROM person p WHERE \(named) LIMIT \(most)")) { $0.int(0) }
        }
    }
}
