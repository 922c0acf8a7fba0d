import Access
import Kit
import People
import Register
import Rules

/// A 培训记录 file on its way into the ledger: read, judged as a whole, then posted.
package struct TrainingRecordImport: Sendable {
    /// What was decided about a file; `steps` are the postings it comes to.
    package struct Judgement: Sendable {
        package var report: ImportReport
        var steps: [(personID: Int64, step: Posting.Step)] = []
    }

    private let check: TrainingRecordCheck
    private let library: PolicyLibrary
    private let reach: ImportReach
    private let today: Day
    private let options: ImportOptions
    private var rows: [TrainingRecordRow] = []
    /// What reading the cells has found.
    private var report = ImportReport()
    private let titles: [String: String]

    /// Reads the file; cells that are wrong are noted, the rest waits to be judged. With a reach, only records of people whose
    /// records may be set right on their pages too are taken.
    package init(
        _ table: TableReader, library: PolicyLibrary, numbers: PersonalNumbers, today: Day, options: ImportOptions = ImportOptions(),
        reach: ImportReach = .everything
    ) throws {
        check = TrainingRecordCheck(vocabulary: library.vocabulary)
        self.library = library
        self.reach = reach
        self.today = today
        self.options = options
        titles = Dictionary(table.header.columns.map { ($0.key, $0.title) }, uniquingKeysWith: { first, _ in first })
        report.unknownColumns = table.header.unknownTitles
        // Names of classes and institutions repeat over thousands of rows: one copy of each.
        var texts: Set<String> = []
        func once(_ text: String) -> String { texts.insert(text).memberAfterInsert }
        let words = TrainingRecordSheet.Words(library.vocabulary)
        while var row = try table.next() {
            if var read = TrainingRecordSheet.read(&row, check, words, today: today, numbers) {
                read.record.title = once(read.record.title)
                read.record.form = once(read.record.form)
                read.record.institution = once(read.record.institution)
                rows.append(read)
            } else {
                report.rejected += 1
                report.add(row.faults)
            }
            if table.rowCount % 1000 == 0 { options.progress(table.rowCount, table.expectedRows.map { max($0, table.rowCount) }) }
        }
        report.rows = table.rowCount
        report.hidden = table.hiddenRowCount
    }

    /// What a page says instead of a file: a row for each person, read and sound in itself.
    package init(rows: [TrainingRecordRow], library: PolicyLibrary, today: Day, reach: ImportReach) {
        check = TrainingRecordCheck(vocabulary: library.vocabulary)
        self.library = library
        self.reach = reach
        self.today = today
        options = ImportOptions()
        titles = Dictionary(TrainingRecordSheet.columns(library.vocabulary).map { ($0.key, $0.title) }, uniquingKeysWith: { first, _ in first })
        self.rows = rows
        report.rows = rows.count
    }

    /// Judges the file against the roster and the ledger; changes nothing.
    package func judge(_ db: Reading) throws -> Judgement {
        let units = try OrganizationStore.history(in: db)
        let people = try bearers(db)
        let merged = Dictionary(grouping: try HourEntryStore.mergedFiles(from: db), by: \.value).mapValues { $0.map(\.key) }
        var check = check
        check.hostCodes = units.organizations.mapValues(\.code)
        var bench = Bench(
            check: check, bindings: try AdoptionStore.bindings(library, units, in: db), reach: reach, today: today, units: units, people: people, titles: titles,
            judgement: Judgement(report: report))

        var byPerson: [Int64: [TrainingRecordRow]] = [:]
        for row in rows {
            if let person = people[row.idIndex] { byPerson[person.id, default: []].append(row) } else { bench.reject(row, [bench.unknownPerson]) }
        }
        for ids in byPerson.keys.sorted().chunks(of: 500) {
            let files = ids.flatMap { [$0] + (merged[$0] ?? []) }
            let living = Dictionary(ids.flatMap { id in (merged[id] ?? []).map { ($0, id) } }, uniquingKeysWith: { first, _ in first })
            var entries: [Int64: [HourEntry]] = [:]
            try HourEntryStore.entries(inFiles: files, from: db) { entries[living[$0.personID] ?? $0.personID, default: []].append($0) }
            bench.unmade = try ActStore.ids(ofKinds: [Unmaking.act, Unmaking.entered], among: Set(entries.values.joined().filter { $0.sign == .reversal }.map(\.actID)), in: db)
            let posts = Dictionary(grouping: try RosterStore.appointments(of: files, in: db)) { living[$0.personID] ?? $0.personID }
            for id in ids { bench.judge(byPerson[id] ?? [], of: id, entries[id] ?? [], posts[id] ?? []) }
            options.progress(bench.done, rows.count)
        }
        bench.judgement.report.sort()
        bench.judgement.steps.sort { ($0.step.record.from, $0.personID) < ($1.step.record.from, $1.personID) }
        return bench.judgement
    }

    /// Where the rows of one person after another are judged.
    private struct Bench {
        let check: TrainingRecordCheck
        let bindings: Bindings
        let reach: ImportReach
        let today: Day
        let units: OrgHistory
        let people: [[UInt8]: (id: Int64, names: [String])]
        let titles: [String: String]
        var judgement: Judgement
        var done = 0
        /// Acts that took an import back.
        var unmade: Set<Int64> = []
        private var nearCode: NearCode

        init(
            check: TrainingRecordCheck, bindings: Bindings, reach: ImportReach, today: Day, units: OrgHistory, people: [[UInt8]: (id: Int64, names: [String])],
            titles: [String: String], judgement: Judgement
        ) {
            self.check = check
            self.bindings = bindings
            self.reach = reach
            self.today = today
            self.units = units
            // Hosts of every level stand above their participants: naming a near one of them gives nothing away.
            nearCode = NearCode(units) { _ in true }
            self.people = people
            self.titles = titles
            self.judgement = judgement
        }

        /// Records of one person that one file may hold: each is held against all others.
        static let mostOfOne = 1000

        mutating func judge(_ rows: [TrainingRecordRow], of personID: Int64, _ file: [HourEntry], _ posts: [Appointment]) {
            done += rows.count
            if let refusal = reach.refusal(.keeping, posts, on: today) {
                for row in rows { reject(row, [unknownPerson], refusal: refusal.name) }
                return
            }
            let firstPost = posts.map(\.from).min()
            var earlier: [Int64: (row: Int, record: TrainingRecord)] = [:]
            var attended = Posting.standingAmong(file).map(\.record)
            let chains = Dictionary(grouping: file, by: \.sourceKey)
            for row in rows.dropFirst(Self.mostOfOne) { reject(row, [.init(column: "idNumber", sentence: "同一个人在一份表里超过 \(Self.mostOfOne) 条记录；请核对证件号码，确有这么多的分几份导入")]) }
            for row in rows.prefix(Self.mostOfOne) {
                var record = row.record
                var faults = lookUp(row, &record)
                let key = record.sourceKey, chain = chains[key] ?? []
                // What stands already was judged when it came.
                if record.halfDays != nil, record.hours != nil, Posting.standing(Posting.chain(key, in: chain))?.record != record {
                    faults += [check.disagreement(in: record, bindings.conversion(at: posts.home(on: record.to)?.organizationID, on: record.to))].compactMap(\.self)
                }
                guard faults.isEmpty else {
                    reject(row, faults)
                    continue
                }
                switch check.outcome(of: record, key: key, file: chain, earlier: earlier[key], unmade: unmade) {
                case .new(let step):
                    judgement.report.new += 1
                    judgement.steps.append((Posting.chain(step.sourceKey, in: file).first?.personID ?? personID, step))
                    for hint in check.hints(of: record, firstAppointment: firstPost, others: attended) { note(row, hint) }
                    attended.append(record)
                case .unchanged: judgement.report.unchanged += 1
                case .takenBack:
                    judgement.report.unchanged += 1
                    note(row, .init(column: "title", sentence: "这条记录登记后已被撤销或更正，不再重复登记；确需重新登记的，请在系统中更正或改用新的来源编号"))
                case .repeated(let first): note(row, .init(column: "title", sentence: "与第 \(first) 行是同一条记录，只计一次"))
                case .conflict(let fault): reject(row, [fault])
                }
                if earlier[key] == nil { earlier[key] = (row.row, record) }
            }
        }

        /// Holds the row's name and 主办单位编码 against roster and tree.
        private mutating func lookUp(_ row: TrainingRecordRow, _ record: inout TrainingRecord) -> [TrainingRecordCheck.Fault] {
            var faults: [TrainingRecordCheck.Fault] = []
            let names = people[row.idIndex]?.names ?? []
            if !names.contains(where: { PersonName.isSame($0, row.name) }) {
                faults.append(.init(column: "name", sentence: "名册中这个证件号码的姓名是“\(names.first ?? "")”，这里填的是“\(row.name)”；请核对证件号码和姓名"))
            }
            if !row.hostCode.isEmpty {
                record.hostID = units.id(code: row.hostCode)
                if record.hostID == nil { faults.append(.init(column: "host", sentence: nearCode.sentence(row.hostCode))) }
            }
            return faults
        }

        /// Outside the scope and not there at all look the same.
        var unknownPerson: TrainingRecordCheck.Fault {
            .init(
                column: "idNumber",
                sentence: reach.units == nil
                    ? "人员名册中没有这个证件号码；请核对号码，或先导入人员" : "您所管单位的人员名册中没有这个证件号码；请核对号码，或先登记人员")
        }

        mutating func reject(_ row: TrainingRecordRow, _ faults: [TrainingRecordCheck.Fault], refusal: String = "") {
            judgement.report.rejected += 1
            for fault in faults {
                judgement.report.add([
                    .init(row: row.row, column: titles[fault.column], found: found(row, fault.column), sentence: fault.sentence, refusal: refusal)
                ])
            }
        }

        private mutating func note(_ row: TrainingRecordRow, _ hint: TrainingRecordCheck.Fault) {
            judgement.report.addHint(
                .init(row: row.row, column: titles[hint.column], found: found(row, hint.column), sentence: hint.sentence))
        }

        private func found(_ row: TrainingRecordRow, _ column: String) -> String {
            if column == "name" { return row.name }
            if column == "host" { return row.hostCode }
            return check.cells(of: row.record).first { $0.key == column }?.text ?? ""
        }
    }

    /// The living person of each blind index, and the names under which the number is known.
    private func bearers(_ db: Reading) throws -> [[UInt8]: (id: Int64, names: [String])] {
        var found: [[UInt8]: (id: Int64, names: [String])] = [:]
        for chunk in Array(Set(rows.map(\.idIndex))).chunks(of: 1000) {
            for (index, bearer) in try RosterStore.bearers(of: chunk, in: db) { found[index] = (bearer.person.id, bearer.borne) }
        }
        return found
    }

    /// Posts what was judged in the same transaction, unless the file has errors and was not asked to go in partially.
    package func run(_ db: Writing) throws -> ImportReport {
        var judgement = try judge(db)
        guard judgement.report.errors.isEmpty || options.partial else { return judgement.report }
        try HourEntryStore.writeAll(judgement.steps, db)
        judgement.report.applied = true
        return judgement.report
    }
}
