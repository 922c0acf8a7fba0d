import Kit

/// A list that leaves as a workbook just as it is seen: what is filtered, in the order that is chosen, with the columns that are shown.
package struct ListFile: Sendable {
    /// How a list is asked for: by the address of its page.
    struct Asked: Codable, Sendable {
        let path: String
        let query: [[String]]

        var ask: ListAsk { ListAsk(PageAddress(path, Fields(query.filter { $0.count == 2 }.map { ($0[0], $0[1]) }))) }
    }

    /// Rows that are read at a time.
    package static let pageSize = 1_000

    package let kind: MadeFileKind

    /// `judge` throws why somebody may not see the list. `pages` gives its columns, and reads the rows of a page with the key to go on after.
    package init<Row>(
        _ key: String, _ word: String, judge: @escaping @Sendable (ListAsk, SignedIn) throws -> Void,
        columns: @escaping @Sendable (House, ListAsk, SignedIn) throws -> [ListColumn<Row>],
        page: @escaping @Sendable (House, ListAsk, SignedIn) async throws -> (rows: [Row], next: String?)
    ) {
        kind = MadeFileKind(key, word, of: Asked.self, as: .list, judge: { _, asked, signedIn, _ in try judge(asked.ask, signedIn) }) { house, asked, signedIn, work in
            let ask = asked.ask, path = Scratch.path("xlsx")
            let sheet = try ListSheet(to: path, sheet: word, try columns(house, ask, signedIn), seen: ask)
            var after: String?
            repeat {
                let found = try await page(house, ask.from(after), signedIn)
                for row in found.rows { sheet.add(row) }
                work.note(done: sheet.count, total: nil)
                after = found.next
            } while after != nil
            try sheet.finish()
            return Made("\(word).xlsx", type: Reply.xlsx, at: path)
        }
    }

    /// The same of a list that is held whole: `rows` gives all of them in the order that is asked for.
    package init<Row>(
        _ key: String, _ word: String, judge: @escaping @Sendable (ListAsk, SignedIn) throws -> Void,
        columns: @escaping @Sendable (House, ListAsk, SignedIn) throws -> [ListColumn<Row>],
        rows: @escaping @Sendable (House, ListAsk, SignedIn) async throws -> [Row]
    ) {
        self.init(key, word, judge: judge, columns: columns, page: { house, ask, signedIn in (try await rows(house, ask, signedIn), nil) })
    }

    /// Where the list at this address is asked for as a workbook.
    package static func link(_ ask: ListAsk) -> String {
        ["after", "density"].reduce(PageAddress(ask.address.path + "/list.xlsx", ask.address.query)) { $0.with($1, nil) }.link
    }

    /// Registers the way to ask for it: the list's own path with `/list.xlsx`. `lists` are those that whoever has the workbook has seen,
    /// `people` those who stand in it and in none of these.
    package func add(
        to routes: Routes<SignedIn>, at path: String, _ house: House, people: @escaping @Sendable (ListAsk, SignedIn) async throws -> [Int64] = { _, _ in [] },
        lists: @escaping @Sendable (ListAsk, SignedIn) throws -> [ListView]
    ) {
        let kind = kind
        routes.post(path + "/list.xlsx") { _, request, signedIn in
            let address = PageAddress(String(request.path.dropLast("/list.xlsx".count)), request.query), seen = try lists(ListAsk(address), signedIn)
            try house.lists.keepPace(signedIn)
            for person in try await people(ListAsk(address), signedIn) { signedIn.looks.add(person) }
            return .redirect(try await house.database.write(signedIn.act("export.list")) { db in
                try FileViewStore.add(seen, in: db)
                return try kind.ask(
                    Asked(path: address.path, query: address.query.pairs.map { [$0.name, $0.value] }), kind.word, back: address.withoutWords.link, by: signedIn, house, in: db)
            })
        }
    }
}
