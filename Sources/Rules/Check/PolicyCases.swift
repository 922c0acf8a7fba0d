/// The worked examples beside a policy: tiny worlds with the findings expected of them.
package struct PolicyCases: Sendable {
    struct Expectation: Sendable {
        let passage: Passage
        let unit: String
        let isSubtree: Bool
        let rule: String
        let category: String?
        let had: Ratio?
        let needed: Ratio?
        let over: Int?
        let verdict: String?
    }

    struct Case: Sendable {
        let name: String
        let year: Int
        let day: Int32?
        let units: [String]
        let people: [String]
        let columns: Columns
        let expectations: [Expectation]
    }

    package let policy: String
    package let file: String
    let cases: [Case]

    package var count: Int { cases.count }

    /// Reads a `*.cases.yaml`; throws every problem in it.
    package init(_ text: PolicyText, library: PolicyLibrary) throws(PolicyProblems) {
        let root: Passage
        do { root = try Passage.compose(text.text, file: text.file) } catch { throw PolicyProblems([error]) }
        let reader = PassageReader()
        _ = reader.pairs(root, known: ["policy", "units", "cases"])
        file = text.file
        policy = reader.requiredText("policy", of: root, example: "beijing-cadres-2019-2023")
        guard let rules = library[policy] else {
            if let passage = root["policy"] {
                reader.report(passage, "没有加载“\(policy)”这份政策。\(PassageReader.hint(policy, among: library.policies.map(\.id)))")
            }
            throw PolicyProblems(reader.problems)
        }
        var cases: [Case] = []
        if let list = reader.required("cases", of: root, example: "[{ name: 刚好达标, … }]") {
            for item in reader.items(list) {
                if let one = CaseReader(reader: reader, vocabulary: library.vocabulary, policy: rules).read(item, shared: root["units"]) {
                    cases.append(one)
                }
            }
        }
        self.cases = cases
        if !reader.problems.isEmpty { throw PolicyProblems(reader.problems) }
    }

    /// Runs the cases; every finding that differs is a problem at the line that expected otherwise.
    package func run(_ policy: Policy) -> [PolicyProblem] {
        var problems: [PolicyProblem] = []
        for one in cases {
            let day = one.day ?? policy.referenceDay(year: one.year, today: .max)
            let cube = Cube(policy, year: one.year, day: day, columns: one.columns)
            for expected in one.expectations {
                let name = "\(expected.rule)\(expected.category.map { "（\($0)）" } ?? "")"
                guard let unit = one.units.firstIndex(of: expected.unit), let line = policy.line(rule: expected.rule, category: expected.category) else {
                    problems.append(expected.passage.problem("案例“\(one.name)”：政策里没有 \(name) 这项指标，或单位 \(expected.unit) 不存在。"))
                    continue
                }
                let found = cube.finding(line, unit: Int32(truncatingIfNeeded: unit), subtree: expected.isSubtree)
                let names = cube.explain(line, unit: Int32(truncatingIfNeeded: unit), subtree: expected.isSubtree)
                if let had = expected.had, had != found.had {
                    problems.append(expected.passage.problem("案例“\(one.name)”：\(name) 应为 \(PolicyCases.text(had))，算得 \(PolicyCases.text(found.had))。"))
                }
                if let needed = expected.needed, needed != found.needed {
                    problems.append(expected.passage.problem("案例“\(one.name)”：\(name) 的要求应为 \(PolicyCases.text(needed))，算得 \(found.needed.map(PolicyCases.text) ?? "无")。"))
                }
                if let verdict = expected.verdict, verdict != found.verdict?.rawValue ?? "none" {
                    problems.append(expected.passage.problem("案例“\(one.name)”：\(name) 的结论应为 \(verdict)，算得 \(found.verdict?.rawValue ?? "none")（\(PolicyCases.text(found.had))）。"))
                }
                if let over = expected.over, Int64(over) != found.over {
                    problems.append(expected.passage.problem("案例“\(one.name)”：\(name) 应有 \(over) 个超出上限，算得 \(found.over.map(String.init) ?? "没有上限")。"))
                }
                if names.sum != found.had.numerator {
                    problems.append(expected.passage.problem("案例“\(one.name)”：\(name) 的名单之和与数字不符。"))
                }
            }
        }
        return problems
    }

    private static func text(_ ratio: Ratio) -> String { "\(ratio.numerator)/\(ratio.denominator)" }
}

private struct CaseReader {
    let reader: PassageReader
    let vocabulary: Vocabulary
    let policy: Policy

    func read(_ passage: Passage, shared: Passage?) -> PolicyCases.Case? {
        let before = reader.problems.count
        _ = reader.pairs(passage, known: ["name", "year", "as-of", "units", "people", "terms", "records", "expect"])
        let name = reader.requiredText("name", of: passage, example: "刚好达标")
        let year = reader.required("year", of: passage, example: "2022").flatMap(reader.integer) ?? 0
        if !policy.years.contains(year), let value = passage["year"] {
            reader.report(value, "\(year) 年不在政策期间 \(policy.years.lowerBound)–\(policy.years.upperBound) 内。")
        }
        let day = passage["as-of"].flatMap(reader.day)
        guard let unitsPassage = passage["units"] ?? shared else {
            reader.report(passage, "缺少“units”，请写出单位，例如 units: { CITY: { kind: cityFederation } }。")
            return nil
        }
        let (units, versions, counts) = units(unitsPassage)
        let people = passage["people"].map { reader.pairs($0) } ?? []
        var builder = ColumnsBuilder(vocabulary: vocabulary, people: people.count, organizations: units.count, versions: versions, counts: counts)
        for (index, (_, value)) in people.enumerated() {
            // One post as a map, several as a list.
            let posts: [Passage]
            if case .list(let items) = value.content { posts = items } else { posts = [value] }
            for post in posts { if let appointment = appointment(post, units) { builder.append(appointment, of: Int32(truncatingIfNeeded: index)) } }
        }
        for term in passage["terms"].map(reader.items) ?? [] { append(term: term, &builder, people.map(\.key), units) }
        for record in passage["records"].map(reader.items) ?? [] {
            append(record, &builder, people.map(\.key), units)
        }
        var expectations: [PolicyCases.Expectation] = []
        for item in reader.required("expect", of: passage, example: "[{ unit: CITY, rule: A1, … }]").map(reader.items) ?? [] {
            expectations.append(expectation(item, units))
        }
        guard reader.problems.count == before else { return nil }
        return PolicyCases.Case(
            name: name, year: year, day: day, units: units, people: people.map(\.key), columns: builder.build(), expectations: expectations)
    }

    private func choice(_ name: String, of passage: Passage, among known: [String], what: String) -> String {
        guard let value = passage[name], !value.isEmpty, let text = reader.text(value) else { return "" }
        if !known.contains(text) { reader.report(value, "没有“\(text)”这个\(what)。\(PassageReader.hint(text, among: known))") }
        return text
    }

    private func days(_ passage: Passage) -> (from: Int32, to: Int32) {
        (passage["from"].flatMap(reader.day) ?? CivilDate.day(1, 1, 1), passage["to"].flatMap(reader.day) ?? CivilDate.day(9999, 12, 31))
    }

    private func units(_ passage: Passage) -> ([String], [Columns.Version], [Columns.Count]) {
        let pairs = reader.pairs(passage)
        let codes = pairs.map(\.key)
        var versions: [Columns.Version] = [], counts: [Columns.Count] = []
        for (index, (_, value)) in pairs.enumerated() {
            let items: [Passage]
            if case .list(let list) = value.content { items = list } else { items = [value] }
            for item in items {
                _ = reader.pairs(item, known: ["kind", "under", "from", "to"] + vocabulary.counts.keys)
                let kind = choice("kind", of: item, among: vocabulary.organizationKinds.keys, what: "单位类型")
                let parent = choice("under", of: item, among: codes, what: "单位")
                let (from, to) = days(item)
                versions.append(Columns.Version(
                    organization: Int32(truncatingIfNeeded: index), from: from, to: to, parent: Int32(truncatingIfNeeded: codes.firstIndex(of: parent) ?? -1), kind: kind))
                for key in vocabulary.counts.keys {
                    guard let value = item[key].flatMap(reader.integer) else { continue }
                    counts.append(Columns.Count(organization: Int32(truncatingIfNeeded: index), key: key, from: from, to: to, value: Int64(value)))
                }
            }
        }
        return (codes, versions, counts)
    }

    private func appointment(_ passage: Passage, _ units: [String]) -> Columns.Appointment? {
        _ = reader.pairs(passage, known: ["unit", "from", "to", "primary", "category", "workforce", "engagement", "title", "leadership"])
        let unit = choice("unit", of: passage, among: units, what: "单位")
        guard let index = units.firstIndex(of: unit) else { return nil }
        let (from, to) = days(passage)
        return Columns.Appointment(
            organization: Int32(truncatingIfNeeded: index), from: from, to: to, isPrimary: passage["primary"].flatMap(reader.flag) ?? true,
            // A policy without categories of its own may still ask whether somebody has one of another's.
            category: policy.categories.isEmpty
                ? reader.optionalText("category", of: passage) ?? ""
                : choice("category", of: passage, among: policy.categories.map(\.key), what: "人员类别"),
            workforce: choice("workforce", of: passage, among: vocabulary.workforces.keys, what: "队伍类别"),
            engagement: choice("engagement", of: passage, among: vocabulary.engagements.keys, what: "专兼挂"),
            title: reader.optionalText("title", of: passage) ?? "", isLeadership: passage["leadership"].flatMap(reader.flag) ?? false)
    }

    /// A term of office with its end as the register reads it.
    private func append(term passage: Passage, _ builder: inout ColumnsBuilder, _ people: [String], _ units: [String]) {
        _ = reader.pairs(passage, known: ["person", "kind", "unit", "from", "to", "due", "left-early"])
        let person = choice("person", of: passage, among: people, what: "人员"), unit = choice("unit", of: passage, among: units, what: "单位")
        guard let number = people.firstIndex(of: person), let index = units.firstIndex(of: unit),
            let from = reader.required("from", of: passage, example: "2020-03-01").flatMap(reader.day),
            let due = reader.required("due", of: passage, example: "2023-03-01").flatMap(reader.day)
        else { return }
        builder.append(Columns.Holding(
            organization: Int32(truncatingIfNeeded: index), key: choice("kind", of: passage, among: vocabulary.representativeKinds.keys, what: "代表类型"),
            from: from, to: days(passage).to, due: due, isLeftEarly: passage["left-early"].flatMap(reader.flag) ?? false), of: Int32(truncatingIfNeeded: number))
    }

    private func append(_ passage: Passage, _ builder: inout ColumnsBuilder, _ people: [String], _ units: [String]) {
        _ = reader.pairs(passage, known: [
            "person", "form", "selected", "purpose", "content", "host", "institution", "from", "to", "days", "hours", "completed", "reversed", "title",
        ])
        let person = choice("person", of: passage, among: people, what: "人员")
        guard let number = people.firstIndex(of: person) else { return }
        let host = choice("host", of: passage, among: units, what: "单位")
        var institution = Columns.Institution.unnamed
        switch choice("institution", of: passage, among: ["recognised", "unrecognised"], what: "培训机构状态") {
        case "recognised": institution = .recognised
        case "unrecognised": institution = .unrecognised
        default: break
        }
        guard let from = reader.required("from", of: passage, example: "2022-03-01").flatMap(reader.day) else { return }
        var entry = Columns.Entry(
            kind: Columns.Kind(
                form: choice("form", of: passage, among: vocabulary.forms.keys, what: "培训形式"),
                isSelected: passage["selected"].flatMap(reader.flag) ?? false,
                purpose: choice("purpose", of: passage, among: vocabulary.purposes.keys, what: "培训目的"),
                content: choice("content", of: passage, among: vocabulary.contents.keys, what: "内容类别"),
                isCompleted: passage["completed"].flatMap(reader.flag) ?? true, institution: institution,
                host: Int32(truncatingIfNeeded: units.firstIndex(of: host) ?? -1),
                title: reader.optionalText("title", of: passage) ?? ""),
            from: from, to: passage["to"].flatMap(reader.day) ?? from,
            halfDays: hundredths("days", passage).map { Int32(truncatingIfNeeded: $0 / 50) }, hours: hundredths("hours", passage))
        builder.append(entry, of: Int32(truncatingIfNeeded: number))
        if passage["reversed"].flatMap(reader.flag) ?? false {
            entry.isReversal = true
            builder.append(entry, of: Int32(truncatingIfNeeded: number))
        }
    }

    private func hundredths(_ name: String, _ passage: Passage) -> Int32? {
        guard let value = passage[name], let text = reader.text(value) else { return nil }
        let most = name == "days" ? Columns.Entry.mostHalfDays * 50 : Columns.Entry.mostHours
        if let number = PassageReader.hundredths(text[...]), (0...most).contains(number) { return Int32(truncatingIfNeeded: number) }
        reader.report(value, "这里应是最多两位小数的数。")
        return nil
    }

    private func expectation(_ passage: Passage, _ units: [String]) -> PolicyCases.Expectation {
        _ = reader.pairs(passage, known: ["unit", "subtree", "rule", "category", "had", "needed", "over", "verdict"])
        return PolicyCases.Expectation(
            passage: passage, unit: choice("unit", of: passage, among: units, what: "单位"),
            isSubtree: passage["subtree"].flatMap(reader.flag) ?? false,
            rule: choice("rule", of: passage, among: policy.rules.map(\.id), what: "规则"),
            category: reader.optionalText("category", of: passage), had: passage["had"].flatMap(ratio), needed: passage["needed"].flatMap(ratio),
            over: passage["over"].flatMap(reader.integer),
            verdict: choice("verdict", of: passage, among: ["met", "unmet", "pending", "notApplicable", "unknown", "none"], what: "结论").isEmpty
                ? nil : reader.optionalText("verdict", of: passage))
    }

    private func ratio(_ passage: Passage) -> Ratio? {
        if let text = reader.text(passage) {
            let pieces = text.split(separator: "/").map { Int64($0) }
            if pieces.count == 2, let above = pieces[0], let below = pieces[1] { return Ratio(above, below) }
            reader.report(passage, "这里应是分数，例如 9/31；学时以百分之一学时计，例如 11000/1。")
        }
        return nil
    }
}
