import Access
import Kit
import TestBench
import Testing

@Suite("人员表：exchange.md 的每一句", .ownThreads) struct PeopleSheetTests {
    static let wang = Workbook.number("19790302", 1), li = Workbook.number("19850615", 2), zhao = Workbook.number("19901120", 4)

    private func planted(_ body: @Sendable (Database) throws -> Void) async throws {
        try await onBothEngines { database in
            try Workbook.plant(database)
            try body(database)
        }
    }

    @Test("A row is an appointment; the same key again updates it, a second time nothing changes, absent rows change nothing")
    func keys() async throws {
        try await planted { (database) throws in
            let rows = ["王建国,\(Self.wang),LJ,,主席,2019-03-01,", "李梅,\(Self.li),LJ-031,,干事,2020/5/6,"]
            #expect(try Workbook.people(rows, into: database).counts == [2, 0, 0, 0])
            #expect(try Workbook.people(rows.reversed(), into: database).counts == [0, 0, 2, 0])
            let ended = ["王建国,\(Self.wang),LJ,,主席,2019-03-01,2021年7月1日"]
            #expect(try Workbook.people(ended, into: database).counts == [0, 1, 0, 0])
            #expect(try Workbook.posts(Self.wang, database).map(\.to) == [Day(2021, 7, 1)!])
            #expect(try Workbook.posts(Self.li, database).map(\.to) == [.open])
            // Another 职务 or another first day is another appointment.
            #expect(try Workbook.people(["王建国,\(Self.wang),LJ,,副主席,2021-07-01,"], into: database).counts == [1, 0, 0, 0])
            #expect(try Workbook.posts(Self.wang, database).count == 2)
        }
    }

    @Test("The same key twice in one file is an error on the later row, also where the rows differ elsewhere")
    func twice() async throws {
        try await planted { (database) throws in
            let report = try Workbook.people(
                ["王建国,\(Self.wang),LJ,,主席,2019-03-01,", "王建国,\(Self.wang),LJ,,主席,2019-03-01,2022-01-01"], into: database)
            #expect(report.marks == ["3 —"] && report.errors[0].sentence.contains("第 2 行") && !report.applied)
            #expect(try Workbook.posts(Self.wang, database).isEmpty)
        }
    }

    @Test("主任职 empty is 是 for a person's only row, and for rows of periods that only touch")
    func primaryByDefault() async throws {
        try await planted { (database) throws in
            #expect(try Workbook.people(["王建国,\(Self.wang),LJ,,主席,2019-03-01,2021-01-01", "王建国,\(Self.wang),LJ-031,,主席,2021-01-01,"], into: database).counts == [2, 0, 0, 0])
            #expect(try Workbook.posts(Self.wang, database).allSatisfy(\.isPrimary))
            // Half-open: one day of overlap is too much.
            let over = try Workbook.people(["李梅,\(Self.li),LJ,是,主席,2019-03-01,2021-01-02", "李梅,\(Self.li),LJ-031,是,主席,2021-01-01,"], into: database)
            #expect(over.marks == ["3 主任职"] && !over.applied)
        }
    }

    @Test("主任职 empty beside an overlapping row, or beside a primary post in the roster, is an error on the later row")
    func primaryUnclear() async throws {
        try await planted { (database) throws in
            let unclear = try Workbook.people(["王建国,\(Self.wang),LJ,,主席,2019-03-01,", "王建国,\(Self.wang),LJ-031,,主席,2020-01-01,"], into: database)
            #expect(unclear.marks == ["3 主任职"] && unclear.errors[0].sentence.contains("第 2 行"))
            let said = try Workbook.people(["王建国,\(Self.wang),LJ,是,主席,2019-03-01,", "王建国,\(Self.wang),LJ-031,否,主席,2020-01-01,"], into: database)
            #expect(said.counts == [2, 0, 0, 0])
            let again = try Workbook.people(["王建国,\(Self.wang),LJ-032,,委员,2022-01-01,"], into: database)
            #expect(again.marks == ["2 主任职"] && again.errors[0].sentence.contains("临江区总工会"))
            #expect(try Workbook.people(["王建国,\(Self.wang),LJ-032,否,委员,2022-01-01,"], into: database).counts == [1, 0, 0, 0])
        }
    }

    @Test("A move whose old post is open is an error; with the old post's end in the same file it goes in")
    func move() async throws {
        try await planted { (database) throws in
            try Workbook.people(["王建国,\(Self.wang),LJ,,主席,2019-03-01,"], into: database)
            let open = try Workbook.people(["王建国,\(Self.wang),LJ-031,是,主席,2022-01-01,"], into: database)
            #expect(open.marks == ["2 主任职"] && open.errors[0].sentence.contains("离任日期") && !open.applied)
            let moved = try Workbook.people(
                ["王建国,\(Self.wang),LJ-031,是,主席,2022-01-01,", "王建国,\(Self.wang),LJ,是,主席,2019-03-01,2022-01-01"], into: database)
            #expect(moved.counts == [1, 1, 0, 0])
        }
    }

    @Test("A number borne under another name is an error on the later row only, in the file and in the roster")
    func anotherName() async throws {
        try await planted { (database) throws in
            let inFile = try Workbook.people(["王建国,\(Self.wang),LJ,,主席,2019-03-01,", "王建军,\(Self.wang),LJ-031,否,主席,2019-03-01,"], into: database)
            #expect(inFile.marks == ["3 证件号码"] && inFile.errors[0].sentence.contains("王建国"))
            try Workbook.people(["王建国,\(Self.wang),LJ,,主席,2019-03-01,"], into: database)
            let inRoster = try Workbook.people(["王建军,\(Self.wang),LJ,,主席,2019-03-01,", "李梅,\(Self.li),LJ,,干事,2019-03-01,"], into: database)
            #expect(inRoster.marks == ["2 证件号码"] && inRoster.errors[0].sentence.contains("王建国") && inRoster.rejected == 1)
        }
    }

    @Test("Where the other person lies outside the subtree, the sentence says only that the number is registered, and whom to ask")
    func anotherNameElsewhere() async throws {
        try await planted { (database) throws in
            try Workbook.people(["王建国,\(Self.wang),LJ-032,,主席,2019-03-01,"], into: database)
            let street = try Workbook.id("LJ-031", database)
            let reach = ImportReach(units: [street]) { _ in "周敏（临江区总工会）" }
            let report = try Workbook.people(["王建军,\(Self.wang),LJ-031,,主席,2019-03-01,"], into: database, reach: reach)
            #expect(report.marks == ["2 证件号码"])
            let sentence = report.errors[0].sentence
            #expect(sentence.contains("已登记在别的单位") && sentence.contains("周敏（临江区总工会）") && !sentence.contains("王建国") && !sentence.contains("滨河"))
            // A row of a unit outside is an error as well.
            #expect(try Workbook.people(["李梅,\(Self.li),LJ-032,,主席,2019-03-01,"], into: database, reach: reach).marks == ["2 单位编码"])
        }
    }

    @Test("人员编号 is unique in the installation; an empty one stays empty, none is invented; a code let go may be another's")
    func codes() async throws {
        try await planted { (database) throws in
            let titles = "人员编号,姓名,证件号码,单位编码,任职日期"
            #expect(try Workbook.people(["P1,王建国,\(Self.wang),LJ,2019-03-01", ",李梅,\(Self.li),LJ,2019-03-01"], titles: titles, into: database).applied)
            #expect(try Workbook.export("people", from: database).dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false)[0] }.sorted() == ["", "P1"])
            #expect(try Workbook.people(["P1,李梅,\(Self.li),LJ,2019-03-01"], titles: titles, into: database).marks == ["2 人员编号"])
            #expect(try Workbook.people(["P2,李梅,\(Self.li),LJ,2019-03-01", "P2,赵六,\(Self.zhao),LJ,2019-03-01"], titles: titles, into: database).marks == ["3 人员编号"])
            #expect(try Workbook.people(["P1,李梅,\(Self.li),LJ,2019-03-01", "P3,王建国,\(Self.wang),LJ,2019-03-01"], titles: titles, into: database).counts == [0, 2, 0, 0])
        }
    }

    @Test("人员类别 may be empty, its words come from the policy files, an unknown word is an error")
    func categories() async throws {
        try await planted { (database) throws in
            let titles = "姓名,证件号码,单位编码,人员类别,队伍类别,专兼挂,领导班子成员,任职日期"
            let report = try Workbook.people(
                ["王建国,\(Self.wang),LJ,处级及以上,专兼职工会干部,专职,√,2019-03-01", "李梅,\(Self.li),LJ,,,,,2019-03-01", "赵六,\(Self.zhao),LJ,科级以下,志愿者,借调,也许,2019-03-01"],
                titles: titles, into: database, partial: true)
            #expect(report.counts == [2, 0, 0, 1] && Set(report.marks) == ["4 人员类别", "4 队伍类别", "4 专兼挂", "4 领导班子成员"])
            let post = try #require(try Workbook.posts(Self.wang, database).first)
            #expect(post.category == "divisionAndAbove" && post.engagement == "fullTime" && post.isLeadership)
            #expect(try Workbook.posts(Self.li, database).first?.category == "")
        }
    }

    @Test(
        "Each wrong cell is named with its column",
        arguments: [
            ("王建国,11010519491231002Y,LJ,,主席,2019-03-01,", "2 证件号码"),
            ("王建国,110105194912310021,LJ,,主席,2019-03-01,", "2 证件号码"),
            ("王建国,1.10105E+17,LJ,,主席,2019-03-01,", "2 证件号码"),
            (",\(PeopleSheetTests.wang),LJ,,主席,2019-03-01,", "2 姓名"),
            ("王建国,\(PeopleSheetTests.wang),,,主席,2019-03-01,", "2 单位编码"),
            ("王建国,\(PeopleSheetTests.wang),LJ-99,,主席,2019-03-01,", "2 单位编码"),
            ("王建国,\(PeopleSheetTests.wang),LJ,,主席,,", "2 任职日期"),
            ("王建国,\(PeopleSheetTests.wang),LJ,,主席,2019-02-30,", "2 任职日期"),
            ("王建国,\(PeopleSheetTests.wang),LJ,,主席,2019-03-01,2019-03-01", "2 离任日期"),
            ("王建国,\(PeopleSheetTests.wang),LJ,大概,主席,2019-03-01,", "2 主任职"),
        ])
    func wrongCells(_ line: String, _ mark: String) async throws {
        try await Bench.with(.sqlite) { database, _ in
            try Workbook.plant(database)
            let report = try Workbook.people([line], into: database)
            #expect(report.marks == [mark] && !report.applied && !report.errors[0].sentence.isEmpty, "\(report.errors)")
        }
    }

    @Test("Full-width characters, spaces around values, a lower-case x and dates in any form are forgiven")
    func forgiven() async throws {
        try await Bench.with(.sqlite) { database, _ in
            try Workbook.plant(database)
            let report = try Workbook.people(
                ["　王建国 ,１１０１０５１９４９１２３１００２x, LJ ,是,主席,20190301,2022/3/5"], into: database)
            #expect(report.counts == [1, 0, 0, 0], "\(report.errors)")
            let post = try #require(try Workbook.posts("11010519491231002X", database).first)
            #expect(post.from == Day(2019, 3, 1) && post.to == Day(2022, 3, 5))
        }
    }

    @Test("Same name and birth date, a shared phone, an unusual age are hints: never errors")
    func hints() async throws {
        try await planted { (database) throws in
            let twin = Workbook.number("19790302", 7), titles = "姓名,证件号码,手机号,单位编码,任职日期"
            try Workbook.people(["王建国,\(Self.wang),13800000001,LJ,2019-03-01"], titles: titles, into: database)
            let report = try Workbook.people(["王建国,\(twin),13800000001,LJ,1985-03-01"], titles: titles, into: database)
            #expect(report.applied && report.errors.isEmpty && report.counts == [1, 0, 0, 0])
            #expect(Set(report.hints.compactMap(\.column)) == ["姓名", "手机号", "任职日期"])
        }
    }

    @Test("A 职务 that holds 主席 and names no office is a hint", arguments: [("工会主席", false), ("主席助理", true), ("原副主席", true), ("政协主席", true), ("党组书记兼主席", false), ("干事", false)])
    func unclearTitle(title: String, isUnclear: Bool) async throws {
        try await planted { (database) throws in
            let report = try Workbook.people(["王建国,\(Self.wang),LJ,\(title),2019-03-01"], titles: "姓名,证件号码,单位编码,职务,任职日期", into: database)
            #expect(report.applied && report.errors.isEmpty && report.hints.compactMap(\.column) == (isUnclear ? ["职务"] : []))
        }
    }

    @Test("With --partial the valid rows go in and the rejected are counted; a row that conflicts only with a rejected one goes in")
    func partially() async throws {
        try await planted { (database) throws in
            let report = try Workbook.people(
                ["王建国,\(Self.wang),LJ-99,,主席,2019-03-01,", "李梅,\(Self.li),LJ,,干事,2019-03-01,", "王建国,\(Self.wang),LJ,,主席,2019-03-01,"],
                into: database, partial: true)
            #expect(report.applied && report.counts == [2, 0, 0, 1] && report.marks == ["2 单位编码"])
        }
    }

    @Test("What goes out comes in again without a change: everything, a subtree, a day")
    func outAndIn() async throws {
        try await planted { (database) throws in
            try Workbook.people(
                ["王建国,\(Self.wang),LJ,,主席,2019-03-01,2021-01-01", "王建国,\(Self.wang),LJ-031,是,主席,2021-01-01,", "王建国,\(Self.wang),LJ-032,否,委员,2021-01-01,", "李梅,\(Self.li),LJ-031-1,,,2020-01-01,"],
                into: database)
            #expect(try Workbook.again("people", in: database).counts == [0, 0, 4, 0])
            #expect(try Workbook.again("people", in: database, unit: "LJ-031").counts == [0, 0, 2, 0])
            #expect(try Workbook.again("people", in: database, unit: "LJ-031", subtree: false).counts == [0, 0, 1, 0])
            #expect(try Workbook.again("people", in: database, asOf: "2020-06-01").counts == [0, 0, 2, 0])
        }
    }

    @Test("One number may stand on so many rows and no more: each is held against all others of it")
    func manyRows() async throws {
        try await planted { (database) throws in
            let rows = (0..<201).map { "王建国,\(Self.wang),LJ,否,委员\($0),2019-03-01," }
            let report = try Workbook.people(rows, into: database, partial: true)
            #expect(report.counts == [200, 0, 0, 1] && report.marks == ["202 证件号码"])
            #expect(try Workbook.people(Array(rows.prefix(200)), into: database).counts == [0, 0, 200, 0])
        }
    }

    @Test("Of a file of which everything is wrong every row is counted, and as much told as anybody works through")
    func manyFaults() {
        var report = ImportReport()
        for row in 1...3 { report.add((0..<20_000).map { ImportReport.Note(row: row * 100_000 + $0, column: nil, sentence: "x") }) }
        #expect(report.errors.count == ImportReport.mostNotes && report.wrongRows.count == 60_000)
    }

    @Test("A text is as long as its letters and its bytes: what looks like one letter may be as long as it likes")
    func letters() async throws {
        try await planted { (database) throws in
            let long = "a" + String(repeating: "\u{301}", count: 500)
            #expect(try Workbook.people(["王建国,\(Self.wang),LJ,,\(long),2019-03-01,"], into: database).marks == ["2 职务"])
        }
    }
}
