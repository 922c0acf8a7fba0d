import Access
import Figures
import Foundation
import Kit
import Ledger
import People
import Register
import Rules

/// The names behind an explanation: who the numbers of the columns are, and which entries counted.
package struct ExplainedPeople: Sendable {
    package struct One: Sendable {
        package let id: Int64
        /// 人员编号, or the id where there is none.
        package let code: String
        package let name: String
        package let pinyin: String
    }

    package let people: [Int32: One]
    /// The entries of each person who was asked for, in the order the columns have them.
    package let entries: [Int32: [HourEntry]]
    /// Entries that count and are not told: of somebody who is another unit's by then.
    private var hidden: Set<Int64> = []

    init(people: [Int32: One], entries: [Int32: [HourEntry]]) { (self.people, self.entries) = (people, entries) }

    /// What somebody signed in may know of them. A term of office counts in its unit wherever its holder's file is kept: whoever does not see the
    /// file counts the holder and knows neither name nor records, as on the list of terms.
    func seen(by signedIn: SignedIn, _ told: UnitExplanation, in db: Reading) throws -> ExplainedPeople {
        guard told.frame.policy.groups[told.line.group].terms != nil else { return self }
        let files = Dictionary(
            try PersonFile.seen(people.values.map(\.id), signedIn, ScopeOverTime(signedIn.scope), in: db).map { ($0.person.id, $0) }, uniquingKeysWith: { first, _ in first })
        var seen = ExplainedPeople(
            people: people.compactMapValues { one in
                files[one.id].map { One(id: one.id, code: $0.person.code ?? String(one.id), name: $0.person.name, pinyin: $0.person.pinyin.full) }
            }, entries: entries)
        for (number, list) in entries {
            let sight = people[number].flatMap { files[$0.id]?.sight }
            seen.hidden.formUnion(list.filter { sight?.shows(from: $0.record.from) != true }.map(\.id))
        }
        return seen
    }

    func isTold(_ entry: HourEntry) -> Bool { !hidden.contains(entry.id) }

    /// Looks up the names of these people, and of some also their entries.
    static func read(_ numbers: some Collection<Int32>, withEntries: Set<Int32> = [], _ view: Facts.View, in db: Reading) throws -> ExplainedPeople {
        let distinct = Array(Set(numbers))
        let files = try RosterStore.people(distinct.map { view.personID($0) }, in: db)
        var people: [Int32: One] = [:], entries: [Int32: [HourEntry]] = [:]
        people.reserveCapacity(distinct.count)
        for number in distinct {
            let id = view.personID(number)
            guard let file = files[id] else { continue }
            people[number] = One(id: id, code: file.code ?? String(id), name: file.name, pinyin: file.pinyin.full)
        }
        if !withEntries.isEmpty {
            let merged = try HourEntryStore.mergedFiles(from: db)
            let absorbed = Dictionary(grouping: merged.keys, by: { merged[$0] ?? 0 })
            let wanted = withEntries.flatMap { [view.personID($0)] + (absorbed[view.personID($0)] ?? []) }
            try HourEntryStore.entries(inFiles: wanted, from: db) { entry in
                // What is out of bounds is not in the columns either.
                guard entry.record.outOfBounds == nil else { return }
                if let number = view.number(ofPerson: entry.personID) { entries[number, default: []].append(entry) }
            }
            // The columns hold a person's entries in the order of their ids, whichever file they stand in.
            for number in entries.keys { entries[number]?.sort { $0.id < $1.id } }
        }
        return ExplainedPeople(people: people, entries: entries)
    }

    /// Somebody who is counted and not named has no id.
    func one(_ number: Int32) -> One { people[number] ?? One(id: 0, code: "", name: "（档案在别的单位）", pinyin: "~") }

    /// 来源编号 of an entry, or its id where there is none.
    func source(_ number: Int32, _ entry: Int32) -> String? {
        guard let list = entries[number], Int(entry) < list.count else { return nil }
        let found = list[Int(entry)]
        guard isTold(found) else { return nil }
        return found.record.sourceCode.isEmpty ? String(found.id) : found.record.sourceCode
    }
}

extension UnitExplanation {
    /// Everyone in numerator and denominator by name, with the entries that counted.
    package func named(_ view: Facts.View, in db: Reading) throws -> ExplainedPeople {
        let numbers = Set(explanation.denominator.map(\.person) + explanation.numerator.map(\.person))
        return try ExplainedPeople.read(numbers, withEntries: Set(explanation.numerator.map(\.person)), view, in: db)
    }

    private struct Share: Encodable {
        let person: String, name: String, amount: Int64, entries: [String]
    }
    private struct Head: Encodable {
        let person: String, name: String
    }
    private struct Report: Encodable {
        let numerator: [Share], denominator: [Head]
    }

    /// As exchange.md fixes it for `explain --format json`.
    package func json(_ people: ExplainedPeople, _ view: Facts.View) throws -> String {
        if let listing = UnitListing(self, view) { return try listing.json() }
        return try ReportJSON.text(Report(
            numerator: explanation.numerator.sorted(by: pinyin(people) { $0.person }).map { share in
                let one = people.one(share.person)
                return Share(
                    person: one.code, name: one.name, amount: share.amount, entries: share.entries.compactMap { people.source(share.person, $0) })
            },
            denominator: explanation.denominator.sorted(by: pinyin(people) { $0.person }).map { head in
                let one = people.one(head.person)
                return Head(person: one.code, name: one.name)
            }))
    }

    private func pinyin<Item>(_ people: ExplainedPeople, _ number: @escaping (Item) -> Int32) -> (Item, Item) -> Bool {
        { a, b in
            let (x, y) = (people.one(number(a)), people.one(number(b)))
            return (x.pinyin, x.id) < (y.pinyin, y.id)
        }
    }

    /// What a head's amount is called: hours, days or times of the line's first fact.
    func amountWords(_ head: Explanation.Head) -> String { amountWords(head.amounts) }

    func amountWords(_ amounts: [Int64]) -> String {
        zip(explanation.facts, amounts).map { fact, amount in
            switch frame.policy.facts[fact].measure {
            case .hours: "\(Figure.hours(amount)) 学时"
            case .calendarDays: "\(amount) 天"
            case .records, .trainings: "\(amount) 次"
            }
        }.joined(separator: " / ")
    }

    /// Heads in the order people want them: those newly in office first where the rule asks it, then those who do not
    /// meet the condition, then by pinyin.
    func ordered(_ heads: [Explanation.Head], _ people: ExplainedPeople?) -> [Explanation.Head] {
        let newFirst = frame.policy.groups[line.group].isNewFirst
        return heads.sorted { a, b in
            if newFirst, a.isNew != b.isNew { return a.isNew }
            if a.isMet != b.isMet { return !a.isMet }
            guard let people else { return a.person < b.person }
            let (x, y) = (people.one(a.person), people.one(b.person))
            return (x.pinyin, x.id) < (y.pinyin, y.id)
        }
    }

    /// A column for each thing that is added up, so that each is a number.
    private var columns: [SheetColumn] {
        let amounts = explanation.facts.enumerated().map { place, fact -> SheetColumn in
            let counted = frame.policy.facts[fact]
            let unit = switch counted.measure {
            case .hours: "学时"
            case .calendarDays: "天"
            case .records, .trainings: "次"
            }
            return SheetColumn(key: "amount\(place)", title: "\(counted.word)（\(unit)）", kind: .number, width: 20)
        }
        return [
            SheetColumn(key: "code", title: "人员编号", kind: .code), SheetColumn(key: "name", title: "姓名"), SheetColumn(key: "unit", title: "单位", width: 28),
            SheetColumn(key: "isMet", title: "计入分子", kind: .yesNo),
        ] + amounts + [SheetColumn(key: "lacking", title: "还差学时", kind: .number), SheetColumn(key: "entries", title: "依据的记录", width: 40)]
    }

    /// Writes numerator and denominator by name into a workbook (or .csv), those of `heads` where a list asked for some. Throws `Refusal.cannotWrite`.
    package func write(_ people: ExplainedPeople, _ view: Facts.View, heads: [Explanation.Head]? = nil, to path: String) throws {
        if let listing = UnitListing(self, view) { return try listing.write(to: path, sheet: rule.title) }
        let writer = try TableWriter(to: path, sheet: rule.title, columns: columns)
        let shares = Dictionary(grouping: explanation.numerator, by: \.person)
        for head in heads ?? ordered(explanation.denominator, people) {
            let one = people.one(head.person)
            let entries = (shares[head.person] ?? []).flatMap(\.entries).compactMap { people.source(head.person, $0) }
            let amounts = zip(explanation.facts, head.amounts).map { fact, amount -> CellContent in
                if case .hours = frame.policy.facts[fact].measure { .hundredths(Int(clamping: amount)) } else { .integer(Int(clamping: amount)) }
            }
            writer.add([.init(one.code), .text(one.name), .init(view.organizationName(head.organization, on: frame.asOf)), .yesNo(counts(head))]
                + amounts + [.hundredths(Int(head.hoursLacking)), .init(entries.joined(separator: "、"))])
        }
        try writer.finish()
    }

    /// The heads that a list asks for, in the order that it asks for: of its page, and of the workbook of what is seen. Without the names in `people`
    /// those are neither found nor put in order by them.
    func heads(_ ask: ListAsk, _ people: ExplainedPeople?, _ view: Facts.View, of all: [Explanation.Head]? = nil) -> [Explanation.Head] {
        var heads = all ?? explanation.denominator
        switch ask.filter("counts") {
        case "yes": heads = heads.filter(counts)
        case "no": heads = heads.filter { !counts($0) }
        default: break
        }
        let names = Dictionary(Set(heads.map(\.organization)).map { ($0, view.organizationName($0, on: frame.asOf)) }, uniquingKeysWith: { first, _ in first })
        let unit = ask.filter("unit"), typed = ask.filter(Self.nameKey), wanted = PinyinReader.query(typed)
        if !unit.isEmpty { heads = heads.filter { names[$0.organization]?.contains(unit) == true } }
        if let people, !typed.isEmpty {
            heads = heads.filter { head in
                let one = people.one(head.person)
                return one.name.contains(typed) || (!wanted.isEmpty && one.pinyin.hasPrefix(wanted))
            }
        }
        heads = ordered(heads, people)
        let byName = people.map { people in ListOrder<Explanation.Head>(Self.nameKey) { people.one($0.person).pinyin } }
        return ask.sorted(heads, by: [
            ListOrder("unit") { names[$0.organization] ?? "" }, ListOrder("amount") { $0.amounts.first ?? 0 }, ListOrder("lacking") { $0.hoursLacking },
            ListOrder("counts") { counts($0) ? 1 : 0 },
        ] + (byName.map { [$0] } ?? []))
    }

    /// The column of names: what is typed into it stands in no address as it is.
    static let nameKey = "who"

    /// Whether a head has a part in the numerator.
    func counts(_ head: Explanation.Head) -> Bool {
        if case .share = line.shape { return head.isMet }
        return head.amounts.contains { $0 != 0 }
    }

    /// For a terminal.
    package func table(_ people: ExplainedPeople, _ view: Facts.View) -> String {
        let finding = explanation.finding
        let head = [
            "\(rule.title) · \(line.word)：\(finding.display.isEmpty ? "—" : finding.display)\(finding.verdict.map { "  \(Mark($0).sign) \(Mark($0).word)" } ?? "")",
            "\(frame.unitName)（\(frame.unitCode)）\(frame.subtree ? "含全部下级" : "本级") · \(frame.year) 年 · 截至 \(frame.asOf)",
            "算法 \(line.formula)", "依据 \(frame.policy.title) \(finding.clause)", "",
        ]
        if let listing = UnitListing(self, view) { return (head + listing.table()).joined(separator: "\n") }
        let rows = ordered(explanation.denominator, people).map { head in
            let one = people.one(head.person)
            return [
                one.code, one.name, view.organizationName(head.organization, on: frame.asOf), counts(head) ? "计入" : "未计入", amountWords(head),
                head.hoursLacking > 0 ? Figure.hours(head.hoursLacking) : "",
            ]
        }
        return (head + TerminalTable.lines([["人员编号", "姓名", "单位", "分子", "累计", "还差学时"]] + rows)).joined(separator: "\n")
    }
}

/// What a list of the names behind a figure shows: those who match, in the order that is asked for. Of a whole city no page reads every name.
struct NamesList: Sendable {
    /// Up to so many heads all names are read; beyond, those of the page, and whoever bears what was typed.
    private static let fewHeads = 5000
    /// Bearers of a name who are looked for in a long list.
    private static let mostBearers = 20_000
    /// Files of the order of names that are read at once.
    private static let filesAtOnce = 5000

    /// Everybody who matches; of a long list in the order of names only as far as the page goes.
    let heads: [Explanation.Head]
    let total: Int
    /// Of everybody who matches: hundredths of an hour that are lacking, and what there is of the first thing that is added up.
    let lacking: Int64, amount: Int64

    /// `rows` is how far one reads on: to the end of the page.
    init(
        _ told: UnitExplanation, _ ask: ListAsk, through rows: Int, _ signedIn: SignedIn, _ view: Facts.View, few: Int = Self.fewHeads, in db: Reading
    ) throws {
        var all = told.explanation.denominator
        // Of terms of office each name is seen or not: all are read before anybody is looked for by one.
        let isOfTerms = told.frame.policy.groups[told.line.group].terms != nil, typed = ask.filter(UnitExplanation.nameKey)
        if all.count > few, !isOfTerms, !typed.isEmpty {
            let found = Set(try NameOrderStore.files(named: typed, most: Self.mostBearers, in: db))
            all = all.filter { found.contains(view.personID($0.person)) }
        }
        let isShort = all.count <= few || isOfTerms
        let people = try isShort ? ExplainedPeople.read(all.map(\.person), view, in: db).seen(by: signedIn, told, in: db) : nil
        let matching = told.heads(ask, people, view, of: all)
        total = matching.count
        lacking = matching.reduce(0) { $0 + $1.hoursLacking }
        amount = matching.reduce(0) { $0 + ($1.amounts.first ?? 0) }
        if !isShort, let sort = ask.sort, sort.key == UnitExplanation.nameKey {
            heads = try Self.byName(matching, isDescending: sort.isDescending, through: rows, view, in: db)
        } else {
            heads = matching
        }
    }

    private static func byName(_ heads: [Explanation.Head], isDescending: Bool, through rows: Int, _ view: Facts.View, in db: Reading) throws -> [Explanation.Head] {
        var left = Dictionary(grouping: heads) { view.personID($0.person) }, found: [Explanation.Head] = [], after: (pinyin: String, id: Int64)?
        while found.count < rows, !left.isEmpty {
            let files = try NameOrderStore.files(after: after, isDescending: isDescending, limit: filesAtOnce, in: db)
            guard let last = files.last else { break }
            for file in files { if let own = left.removeValue(forKey: file.id) { found += own } }
            after = (last.pinyin, last.id)
        }
        return found
    }
}

/// Names behind a figure as they are asked for: by the address of their page, with the day it told them for.
struct NamesOrder: Codable, Sendable {
    let unit: Int64
    let rule: String
    let query: [[String]]
    let day: Int32

    var fields: Fields { Fields(query.filter { $0.count == 2 && $0[0] != "day" }.map { ($0[0], $0[1]) } + [("day", "\(Day(number: day))")]) }
}

extension MadeFileKind {
    /// The names behind a figure.
    static let names = MadeFileKind(
        "figures.names", "指标的名单", of: NamesOrder.self, as: .list,
        judge: { _, order, signedIn, db in
            guard signedIn.scope.isAnywhere(.seeing) else { throw WebProblem.missing }
            try IndicatorsRoutes.Asked.mayBeSeen(order.unit, signedIn.scope, OrganizationStore.tree(on: Day(number: order.day), in: db))
        },
        make: { house, order, signedIn, _ in
            let view = try await house.facts.view(), fields = order.fields
            let asked = try IndicatorsRoutes.Asked(order.unit, fields, signedIn, view, house.library), line = try asked.line(order.rule, fields["category"])
            let told = try await onThread { UnitExplanation(asked.frame, line: line, view) }
            let people = try await house.database.read { db in try told.named(view, in: db).seen(by: signedIn, told, in: db) }
            let path = Scratch.path("xlsx")
            try await onThread { try told.write(people, view, heads: told.heads(ListAsk(PageAddress("", fields)), people, view), to: path) }
            return Made("\(asked.frame.unitName) \(told.rule.title) \(told.line.word) 名单.xlsx", type: Reply.xlsx, at: path)
        })
}

extension Facts.View {
    /// What an organisation was called on a day.
    func organizationName(_ number: Int32, on day: Day) -> String {
        let id = organizationID(number)
        return history.version(id, on: day)?.facts.name ?? history.name(id)
    }
}
