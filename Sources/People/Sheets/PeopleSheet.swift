import Access
import Kit
import Register

/// 人员: the workbook of people, one row per appointment (exchange.md). A file is read first, then judged as a whole
/// against the database, then written: nobody waits for the writer while a file is read.
package enum PeopleSheet {
    package static let sheetName = "人员"

    package static func columns(_ words: RosterWords) -> [SheetColumn] {
        [
            SheetColumn(key: "code", title: "人员编号", kind: .code, note: "可不填；填了就不能与别人重复", examples: ["DC-0001", ""]),
            SheetColumn(key: "name", title: "姓名", required: true, note: "证件上的姓名", examples: ["王建国", "阿依古丽·买买提"]),
            SheetColumn(
                key: "number", title: "证件号码", required: true, kind: .code, note: "18 位；请先把这一列设为“文本”",
                examples: ["11010519491231002X", "440524188001010014"], width: 22),
            SheetColumn(key: "gender", title: "性别", choices: Person.genders, examples: ["", ""]),
            SheetColumn(key: "ethnicity", title: "民族", examples: ["汉族", "维吾尔族"]),
            SheetColumn(key: "politics", title: "政治面貌", examples: ["中共党员", ""]),
            SheetColumn(key: "education", title: "学历", examples: ["本科", ""]),
            SheetColumn(key: "degree", title: "学位", examples: ["学士", ""]),
            SheetColumn(key: "phone", title: "手机号", kind: .code, examples: ["13800000001", ""], width: 14),
            SheetColumn(key: "unit", title: "单位编码", required: true, kind: .code, note: "单位表里的编码", examples: ["BJ-DC", "BJ-DC-01"]),
            SheetColumn(key: "primary", title: "主任职", kind: .yesNo, note: "只有一条任职的可留空，即为是", examples: ["是", ""]),
            SheetColumn(
                key: "category", title: "人员类别", choices: words.categories.words, note: "留空的不计入培训指标的人数",
                examples: [words.categories.words.first ?? "", words.categories.words.last ?? ""]),
            SheetColumn(
                key: "workforce", title: "队伍类别", choices: words.workforces.words,
                examples: [words.workforces.words.first ?? "", words.workforces.words.first ?? ""], width: 22),
            SheetColumn(
                key: "engagement", title: "专兼挂", choices: words.engagements.words,
                examples: [words.engagements.words.first ?? "", words.engagements.words.first ?? ""]),
            SheetColumn(key: "title", title: "职务", examples: ["主席", "干事"]),
            SheetColumn(key: "leadership", title: "领导班子成员", kind: .yesNo, examples: ["是", "否"]),
            SheetColumn(key: "from", title: "任职日期", required: true, kind: .day, examples: ["2019-03-01", "2021-07-01"]),
            SheetColumn(key: "to", title: "离任日期", kind: .day, note: "不再任职的第一天；在任的留空", examples: ["", ""]),
        ]
    }

    /// What a row says of the post. Where the file lacks a column the value is nil, and an existing post keeps its own.
    struct Post: Sendable {
        /// Nil: the cell is empty (or the column is absent).
        var isPrimary: Bool?
        var category: String?
        var workforce: String?
        var engagement: String?
        var isLeadership: Bool?
        var from: Day?
        var to: Day?
    }

    /// A row as it was read; empty facts of a person say nothing.
    struct Line: Sendable {
        let row: Int
        var code = ""
        var name = ""
        var number: IDNumber?
        var index: [UInt8] = []
        /// 性别, 民族, 政治面貌, 学历, 学位.
        var facts: [String] = []
        var phone = ""
        var unit = ""
        var title = ""
        var post = Post()
        var isValid = true
    }

    static let factTitles = ["性别", "民族", "政治面貌", "学历", "学位"]

    /// A file, read and checked cell by cell.
    package struct Rows: Sendable {
        let lines: [Line]
        let hasPrimary: Bool
        let report: ImportReport
        let today: Day
    }

    // MARK: - reading

    package static func read(
        _ table: TableReader, words: RosterWords, numbers: PersonalNumbers, today: Day, progress: (Int, Int?) -> Void = { _, _ in }
    ) throws -> Rows {
        var report = ImportReport()
        report.unknownColumns = table.header.unknownTitles
        var lines: [Line] = []
        if let expected = table.expectedRows { lines.reserveCapacity(min(expected, 1_000_000)) }
        let header = table.header
        let hasPhone = header.has("phone"), hasCategory = header.has("category"), hasWorkforce = header.has("workforce")
        let hasEngagement = header.has("engagement"), hasLeadership = header.has("leadership"), hasTo = header.has("to")
        let factKeys = ["gender", "ethnicity", "politics", "education", "degree"]
        let hasFact = factKeys.map(header.has)
        func key(_ row: inout TableRow, _ column: String, _ choices: RosterWords.Choices) -> String {
            row.choice(column, among: choices.words).flatMap(choices.key) ?? ""
        }
        while var row = try table.next() {
            var line = Line(row: row.number)
            func take<T>(_ column: String, _ body: () throws -> T) -> T? {
                do { return try body() } catch let refusal as Refusal { row.fault(column, refusal.sentence) } catch { row.fault(column, "无法读取；请重填") }
                return nil
            }
            if let code = row.code("code", limit: 200) { line.code = take("code") { try Person.checkedCode(code) ?? "" } ?? "" }
            if let name = row.text("name", limit: 200) { line.name = take("name") { try PersonName.checked(name) } ?? "" }
            if let number = row.code("number") {
                line.number = take("number") { try IDNumber(number, today: today) }
                if let number = line.number { line.index = numbers.index(idNumber: number.text) }
            }
            line.facts = factKeys.indices.map { at in
                guard hasFact[at] else { return "" }
                return at == 0 ? row.choice("gender", among: Person.genders) ?? "" : row.text(factKeys[at], limit: 50) ?? ""
            }
            if hasPhone, let phone = row.code("phone") { line.phone = take("phone") { try PhoneNumber.checked(phone) } ?? "" }
            line.unit = row.code("unit", limit: 200) ?? ""
            line.title = row.text("title", limit: 100) ?? ""
            if let office = words.titles.unclearOffice(in: line.title) {
                report.addHint(row.note("title", "写着“\(office)”，但不按\(office)统计；若任的是本级工会的\(office)，请单写“\(office)”"))
            }
            line.post.isPrimary = row.yesNo("primary")
            if hasCategory { line.post.category = key(&row, "category", words.categories) }
            if hasWorkforce { line.post.workforce = key(&row, "workforce", words.workforces) }
            if hasEngagement { line.post.engagement = key(&row, "engagement", words.engagements) }
            if hasLeadership { line.post.isLeadership = row.yesNo("leadership") ?? false }
            line.post.from = row.day("from")
            if hasTo { line.post.to = row.day("to") ?? .open }
            if let from = line.post.from, let to = line.post.to, from >= to {
                row.fault("to", "离任日期应晚于任职日期 \(from)（它是不再任职的第一天）；请核对两个日期")
            }
            if let number = line.number {
                if let gender = line.facts.first, !gender.isEmpty, gender != number.gender {
                    report.addHint(row.note("gender", "按证件号码应为\(number.gender)；请核对"))
                }
                if let from = line.post.from, let odd = Person.oddAge(born: number.birthDay, appointed: from) {
                    report.addHint(row.note("from", odd))
                }
            }
            line.isValid = row.isValid
            report.add(row.faults)
            lines.append(line)
            if lines.count % 1000 == 0 { progress(lines.count, table.expectedRows) }
        }
        report.rows = table.rowCount
        report.hidden = table.hiddenRowCount
        progress(lines.count, lines.count)
        return Rows(lines: lines, hasPrimary: header.has("primary"), report: report, today: today)
    }

    // MARK: - judging and writing

    /// What is to be written, and the answer to whoever imports.
    package struct Judgement: Sendable {
        package internal(set) var report: ImportReport
        /// New files: the first line of each, with all that the lines say of the person together.
        var newPeople: [(temporaryID: Int64, facts: PersonFacts)] = []
        /// By file and the code it has so far. The files themselves are read again when they are written: a hundred thousand of them are much to hold.
        var changedPeople: [(id: Int64, code: String?, facts: ChangedFacts)] = []
        var newPosts: [Appointment] = []
        var changedPosts: [(old: Appointment, new: Appointment)] = []
        /// Of the new posts those that known people get beside their own, elsewhere: they are told.
        var sidePosts: [Appointment] = []
        /// Of the new posts those by which somebody in office nowhere comes back, with the unit that kept the file so far.
        var returns: [(post: Appointment, former: Int64)] = []
    }

    /// What changes about a known person; nil and empty values stay as they are.
    struct ChangedFacts: Sendable {
        var code: String?
        var facts: [String]
        var phone: String

        func applied(to old: Person, _ numbers: PersonalNumbers) throws -> Person {
            var new = old
            if let code { new.code = code }
            let fields: [WritableKeyPath<Person, String>] = [\.gender, \.ethnicity, \.politics, \.education, \.degree]
            for (path, value) in zip(fields, facts) where !value.isEmpty { new[keyPath: path] = value }
            if !phone.isEmpty {
                new.phoneCipher = try numbers.seal(phone, context: RosterStore.phoneContext)
                new.phoneIndex = numbers.index(phone: phone)
            }
            return new
        }
    }

    /// So many files or posts are written at once.
    private static let chunk = 2000

    /// Judges the file against the database, without writing: also the answer to a trial run.
    package static func judge(
        _ rows: Rows, numbers: PersonalNumbers, in db: Reading, options: ImportOptions, reach: ImportReach = .everything
    ) throws -> Judgement {
        var judge = try PeopleJudge(rows, numbers: numbers, options: options, reach: reach, in: db)
        return try judge.judge(in: db)
    }

    /// Writes what was judged good. Rows are made, numbers enciphered and names read on another core than the one that writes.
    package static func write(
        _ judgement: Judgement, numbers: PersonalNumbers, in db: Writing, progress: (Int, Int?) -> Void = { _, _ in }
    ) throws {
        let total = judgement.newPeople.count + judgement.newPosts.count
        var done = 0
        // Changes first: a code that is let go may be a new file's, a post that ends makes room for the next.
        try RosterStore.letCodesGo(of: judgement.changedPeople.filter { $0.code != nil && $0.facts.code != nil }.map(\.id), in: db)
        for some in RosterStore.chunks(judgement.changedPeople, of: chunk) {
            let people = try RosterStore.people(some.map(\.id), in: db)
            try RosterStore.update(
                Cores.map(some) { part in
                    try part.compactMap { id, code, facts -> (old: Person, new: Person)? in
                        guard var old = people[id] else { return nil }
                        // It may have been let go a moment ago.
                        old.code = code
                        return (old: old, new: try facts.applied(to: old, numbers))
                    }
                }, in: db)
        }
        try RosterStore.update(judgement.changedPosts, in: db)
        var ids: [Int64: Int64] = [:]
        ids.reserveCapacity(judgement.newPeople.count)
        for (temporary, _) in judgement.newPeople { ids[temporary] = db.nextID() }
        try Cores.ahead { [new = judgement.newPeople, ids] (put: ([Person]) throws -> Void) in
            var reader = PinyinReader()
            for start in stride(from: 0, to: new.count, by: chunk) {
                try put(new[start..<min(start + chunk, new.count)].map { temporary, facts in
                    try RosterStore.person(ids[temporary] ?? 0, facts, numbers: numbers, reader: &reader)
                })
            }
        } _: { people in
            try RosterStore.insert(people, in: db)
            done += people.count
            progress(done, total)
        }
        for some in RosterStore.chunks(judgement.newPosts, of: chunk) {
            try RosterStore.insert(
                some.map { post in
                    var post = post
                    post.id = db.nextID()
                    post.personID = ids[post.personID] ?? post.personID
                    return post
                }, in: db)
            done += some.count
            progress(done, total)
        }
        guard !judgement.sidePosts.isEmpty || !judgement.returns.isEmpty else { return }
        let history = try OrganizationStore.history(in: db)
        for post in judgement.sidePosts { try TransferStore.tellOfSidePost(post, at: history.name(post.organizationID), in: db) }
        for (post, former) in judgement.returns { try TransferStore.tellOfReturn(post, at: history.name(post.organizationID), from: former, in: db) }
    }

    /// Judges and, where nothing is wrong or `options.partial` allows, writes. Nothing is written otherwise.
    package static func run(
        _ rows: Rows, numbers: PersonalNumbers, in db: Writing, options: ImportOptions, reach: ImportReach = .everything
    ) throws -> ImportReport {
        let judgement = try judge(rows, numbers: numbers, in: db, options: options, reach: reach)
        var report = judgement.report
        guard report.errors.isEmpty || options.partial else { return report }
        try write(judgement, numbers: numbers, in: db, progress: options.progress)
        report.applied = true
        return report
    }

    // MARK: - export

    /// Writes the appointments in `unit` (nil: everywhere), with everything below where `subtree` says so; with `asOf` those of
    /// that day, without it all that ever were. `units` is what the asker may see, nil everything; what is `hidden` is left out, and all whole numbers where `isMasked`.
    /// Returns the number of rows.
    @discardableResult
    package static func export(
        to path: String, unit: Int64? = nil, subtree: Bool = true, asOf: Day? = nil, today: Day, units: Set<Int64>? = nil, hidden: PersonSight.Hidden = .nobody,
        isMasked: Bool = false, words: RosterWords, numbers: PersonalNumbers, in db: Reading
    ) throws -> Int {
        let history = try OrganizationStore.history(in: db)
        let tree = OrgTree(history, on: asOf ?? today, includingClosed: true)
        let listed = Set(SheetSelection.units(of: tree, unit: unit, subtree: subtree).map(\.id).filter { units?.contains($0) ?? true })
        let writer = try TableWriter(to: path, sheet: sheetName, columns: columns(words))
        var count = 0
        try RosterStore.each(on: asOf, in: db) { person, post in
            guard listed.contains(post.organizationID), !hidden.people.contains(person.id), !person.isErased else { return }
            let isMasked = isMasked || hidden.numbers.contains(person.id)
            let number = try RosterStore.idNumber(of: person, numbers: numbers).text, phone = try RosterStore.phone(of: person, numbers: numbers)
            writer.add([
                CellContent(person.code), .text(person.name), .text(isMasked ? masked(idNumber: number) : number),
                CellContent(person.gender), CellContent(person.ethnicity), CellContent(person.politics), CellContent(person.education),
                CellContent(person.degree), CellContent(isMasked ? phone.map { masked(phone: $0) } : phone),
                CellContent(history.organizations[post.organizationID]?.code), .yesNo(post.isPrimary),
                CellContent(words.categories.word(of: post.category)), CellContent(words.workforces.word(of: post.workforce)),
                CellContent(words.engagements.word(of: post.engagement)), CellContent(post.title), .yesNo(post.isLeadership), .day(post.from),
                post.to == .open ? .empty : .day(post.to),
            ])
            count += 1
        }
        try writer.finish()
        return count
    }
}

extension PeopleSheet.Rows: SheetContent {
    package func judge(_ setting: SheetSetting, in db: Reading) throws -> ImportReport {
        try PeopleSheet.judge(self, numbers: setting.numbers, in: db, options: setting.options, reach: setting.reach).report
    }

    package func run(_ setting: SheetSetting, in db: Writing) throws -> ImportReport {
        try PeopleSheet.run(self, numbers: setting.numbers, in: db, options: setting.options, reach: setting.reach)
    }
}

extension SheetKind {
    package static let people = SheetKind(
        "people", PeopleSheet.sheetName, place: 20, list: .people, columns: { PeopleSheet.columns(RosterWords($0)) },
        read: { table, setting in
            try PeopleSheet.read(table, words: setting.words, numbers: setting.numbers, today: setting.today, progress: setting.options.progress)
        },
        export: { out, db in
            try PeopleSheet.export(
                to: out.path, unit: out.unit, subtree: out.subtree, asOf: out.asOf, today: out.today, units: out.units, hidden: out.hidden,
                isMasked: out.isMasked, words: out.words, numbers: out.numbers, in: db)
        })
}

extension ListView.Kind {
    static let people = ListView.Kind(rawValue: "export.people")
}
