import Foundation
import Kit
@testable import People
@testable import Register
import TestBench
import Testing
import World

@Suite("名册的次序与查找", .ownThreads) struct PersonOrderTests {
    private static let today = Day(2023, 6, 1)!

    private static func everybody(_ ask: PersonListStore.Ask, page: Int, in db: Reading) throws -> [Int64] {
        var ask = ask, found: [Int64] = []
        ask.limit = page
        while true {
            let some = try PersonListStore.people(ask, in: db)
            guard let last = some.last, found.count < 10_000 else { return found }
            found += some.map(\.id)
            ask.after = (last.text, last.id)
        }
    }

    @Test("Page after page, in each order, up and down: everybody once; the same of few units and of very many")
    func pages() async throws {
        try await onBothEngines { database in
            let numbers = Workbook.numbers
            let named = try await Named.fill(database, numbers: numbers), units = Array(named.units.values)
            // So many that the other way is taken; those that are not there have nobody.
            let many = units + (0..<500).map { 8_000_000_000_000_000_000 + Int64($0) }
            try await database.read { db in
                for order in PersonListStore.Order.allCases {
                    for typed in ["", "l", "刘", "丽", "liu", "修文", "HX9000015"] {
                        var ups: [[Int64]] = []
                        for scope in [units, many, nil] {
                            let ask = PersonListStore.Ask(typed: typed, units: scope, today: Self.today, order: order)
                            let up = try Self.everybody(ask, page: 3, in: db)
                            var down = ask
                            down.isDescending = true
                            #expect(try Self.everybody(down, page: 3, in: db) == up.reversed(), "\(order) \(typed)")
                            #expect(Set(up).count == up.count)
                            ups.append(up)
                        }
                        #expect(ups[0] == ups[1] && ups[1] == ups[2] && (!typed.isEmpty || ups[0].count > 5), "\(order) \(typed)")
                        if typed == "修文" || typed == "HX9000015" { #expect(ups[0].count == 1, "\(typed)") }
                    }
                }
            }
        }
    }

    @Test("Of a category are those whose running primary post has it")
    func category() async throws {
        try await onBothEngines { database in
            let named = try await Named.fill(database, numbers: Workbook.numbers), units = Array(named.units.values)
            try await database.read { db in
                let all = try PersonListStore.people(PersonListStore.Ask(units: nil, today: Self.today), in: db).map(\.id)
                let posts = Dictionary(grouping: try RosterStore.appointments(of: all, in: db), by: \.personID)
                let wanted = all.filter { posts[$0]?.contains { $0.isPrimary && $0.category == "grassroots" && $0.covers(Self.today) } == true }
                #expect(!wanted.isEmpty && wanted.count < all.count)
                for scope in [nil, units] {
                    #expect(try PersonListStore.people(PersonListStore.Ask(units: scope, category: "grassroots", today: Self.today), in: db).map(\.id) == wanted)
                }
            }
        }
    }
}
