import Kit
import Testing

@Suite("整表在手的分页", .ownThreads) struct ListPageTests {
    private struct Row: Equatable {
        let key: String, number: Int
    }

    /// All rows by way of the pages, as somebody turns them.
    private static func turned(_ rows: [Row], size: Int) -> [Row] {
        var found: [Row] = [], after: String?, turns = 0
        repeat {
            let page = ListAsk(PageAddress("/list", Fields(after.map { [("after", $0)] } ?? []))).page(of: rows, size: size, by: \.key)
            found += page.rows
            after = page.next
            turns += 1
        } while after != nil && turns < 100
        return found
    }

    @Test("Every row is shown once and in its place, also where several have one key")
    func whole() {
        for keys in [["a", "b", "c", "d", "e"], ["a", "a", "b", "b", "a"], ["a", "a", "a", "a", "a"], ["a~1", "a~2", "~", "", "a~1"], []] {
            let rows = keys.enumerated().map { Row(key: $1, number: $0) }
            for size in 1...6 { #expect(Self.turned(rows, size: size) == rows, "\(keys) by \(size)") }
        }
    }

    @Test("A list that has grown or lost rows goes on after the last row that was seen, or at its place where that is gone")
    func changed() {
        let rows = ["a", "b", "c", "d", "e"].enumerated().map { Row(key: $1, number: $0) }
        func page(_ after: String, _ rows: [Row]) -> [String] { ListAsk(PageAddress("/list", Fields([("after", after)]))).page(of: rows, size: 2, by: \.key).rows.map(\.key) }
        #expect(page("b~2", rows) == ["c", "d"])
        #expect(page("b~2", [Row(key: "new", number: 9)] + rows) == ["c", "d"])
        #expect(page("b~2", rows.filter { $0.key != "b" }) == ["d", "e"])
        for wrong in ["", "b", "x~99", "x~-3", "x~9223372036854775807", "x~99999999999999999999"] { #expect(page(wrong, rows).count <= 2) }
    }
}
