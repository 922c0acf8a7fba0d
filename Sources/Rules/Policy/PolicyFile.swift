extension Policy {
    /// Reads a policy file that passed no check yet; every problem is reported to the reader.
    /// Returns nil where anything was wrong.
    static func read(_ root: Passage, vocabulary: Vocabulary, digest: String, reader: PassageReader) -> Policy? {
        let before = reader.problems.count
        _ = reader.pairs(root, known: [
            "id", "title", "subject", "overrides", "period", "reference-day", "conversion", "categories", "groups", "units", "facts", "rules",
            "calendar", "duties",
        ])
        let id = reader.requiredText("id", of: root, example: "beijing-cadres-2019-2023")
        let title = reader.requiredText("title", of: root, example: "《…规划》")
        var periodStart: Int32 = 0, periodEnd: Int32 = 0
        if let period = reader.required("period", of: root, example: "{ from: 2019-01-01, to: 2023-12-31 }") {
            _ = reader.pairs(period, known: ["from", "to", "word"])
            periodStart = reader.required("from", of: period, example: "2019-01-01").flatMap(reader.day) ?? 0
            periodEnd = reader.required("to", of: period, example: "2023-12-31").flatMap(reader.day) ?? periodStart
            if periodEnd < periodStart { reader.report(period, "结束日期早于开始日期，请改正。") }
        }
        var reference = (month: 12, day: 31)
        if let passage = root["reference-day"] { reference = reader.monthDay(passage) ?? reference }
        var rules = RulesReader(reader: reader, vocabulary: vocabulary, period: periodStart...max(periodStart, periodEnd))
        if let passage = root["conversion"] { rules.readConversion(passage) }
        if let passage = reader.required("categories", of: root, example: "{ grassroots: { word: 基层 } }") { rules.readCategories(passage) }
        if let passage = reader.required("groups", of: root, example: "{ cadres: { word: …, category: [grassroots] } }") { rules.readGroups(passage) }
        if let passage = root["units"] { rules.readUnits(passage) }
        if let passage = reader.required("facts", of: root, example: "{ off-job-hours: { sum: hours, within: year } }") { rules.readFacts(passage) }
        if let passage = reader.required("rules", of: root, example: "[{ id: A1, … }]") { rules.readRules(passage) }
        var listed = DutyReader(reader: reader, vocabulary: vocabulary, taken: Set(rules.rules.map(\.id)))
        listed.read(root)
        let subject = reader.subject(of: root, id: id, title: title, vocabulary: vocabulary)
        guard reader.problems.count == before else { return nil }
        return Policy(
            id: id, title: title, subject: subject.key, subjectWord: subject.word, isException: root["overrides"] != nil, digest: digest, file: root.file,
            periodStart: periodStart, periodEnd: periodEnd, periodWord: root["period"].flatMap { reader.optionalText("word", of: $0) },
            referenceMonth: reference.month, referenceMonthDay: reference.day, conversion: rules.conversion,
            categories: rules.categories, groups: rules.groups, units: rules.units, facts: rules.facts, rules: rules.rules, lines: rules.lines,
            titles: vocabulary.titles, duties: listed.duties)
    }
}

/// The closed vocabulary of a policy file: groups, units, facts, `at-least`, `at-most`, `between`, `share-of`, `any-of`,
/// `all-of`, brackets, `per`, dated values, clauses. There is no expression to evaluate.
struct RulesReader {
    let reader: PassageReader
    let vocabulary: Vocabulary
    let period: ClosedRange<Int32>
    var conversion: Policy.Conversion?
    var categories: [Policy.Category] = []
    var groups: [Policy.Group] = []
    var units: [Policy.UnitGroup] = []
    var facts: [Policy.Fact] = []
    var rules: [Policy.Rule] = []
    var lines: [Policy.Line] = []

    private static let factLimit = 32, groupLimit = 64

    // MARK: Words

    mutating func readConversion(_ passage: Passage) {
        _ = reader.pairs(passage, known: ["day", "half-day", "forms", "clause", "binding"])
        let day = reader.required("day", of: passage, example: "8 hours").flatMap { quantity($0, ["hours"])?.0 } ?? 0
        let half = reader.required("half-day", of: passage, example: "4 hours").flatMap { quantity($0, ["hours"])?.0 } ?? 0
        let forms = reader.required("forms", of: passage, example: "[offJob]")
            .map { reader.words($0, known: vocabulary.forms.keys, what: "培训形式") } ?? []
        for form in forms where vocabulary.forms[form]?.convertsDays == false {
            reader.report(passage["forms"] ?? passage, "词表规定“\(form)”只按学时登记（没有 days: true），不能折算天数。")
        }
        let clause = reader.requiredText("clause", of: passage, example: "附件 注3")
        conversion = Policy.Conversion(dayHours: day, halfDayHours: half, forms: forms, clause: clause, isBinding: passage["binding"].flatMap(reader.flag) ?? true)
    }

    mutating func readCategories(_ passage: Passage) {
        for (key, value) in reader.pairs(passage) {
            _ = reader.pairs(value, known: ["word", "name", "clause"])
            let word = reader.requiredText("word", of: value, example: "基层")
            _ = reader.requiredText("clause", of: value, example: "附件 表")
            if categories.contains(where: { $0.word == word }) { reader.report(value, "“\(word)”已用于另一个类别，请改用别的词。") }
            categories.append(Policy.Category(key: key, word: word, name: reader.optionalText("name", of: value) ?? word))
        }
    }

    mutating func readGroups(_ passage: Passage) {
        for (key, value) in reader.pairs(passage) {
            _ = reader.pairs(value, known: [
                "word", "kind", "category", "workforce", "engagement", "title", "leadership", "anniversary", "first", "term", "new-first", "remind-before",
            ])
            groups.append(Policy.Group(
                key: key, word: reader.requiredText("word", of: value, example: "工会干部"),
                kinds: value["kind"].map { reader.words($0, known: vocabulary.organizationKinds.keys, what: "单位类型") },
                categories: value["category"].map { reader.words($0, known: categories.map(\.key), what: "人员类别") },
                workforces: value["workforce"].map { reader.words($0, known: vocabulary.workforces.keys, what: "队伍类别") },
                engagements: value["engagement"].map { reader.words($0, known: vocabulary.engagements.keys, what: "专兼挂") },
                titles: value["title"].map { reader.words($0) },
                isLeadership: value["leadership"].flatMap(reader.flag),
                anniversaryYears: value["anniversary"].flatMap { years($0) }, isFirstOnly: value["first"].flatMap(reader.flag) ?? false,
                terms: value["term"].map { reader.words($0, known: vocabulary.representativeKinds.keys, what: "代表类型") },
                isNewFirst: value["new-first"].flatMap(reader.flag) ?? false, remindDaysBefore: value["remind-before"].flatMap(reader.wholeDays)))
            // A term of office says nothing of its holder's post.
            let others = ["category", "workforce", "engagement", "title", "leadership", "anniversary", "first"].filter { value[$0] != nil }
            if value["term"] != nil, let other = others.first { reader.report(value, "写了 term 的人群按任期统计，不能再写 \(other)。") }
            for word in ["first", "remind-before"] where value[word] != nil && value["anniversary"] == nil {
                reader.report(value, "\(word) 只用于写了 anniversary 的人群。")
            }
        }
        if groups.count > RulesReader.groupLimit { reader.report(passage, "人群超过 \(RulesReader.groupLimit) 个，请合并相同的。") }
    }

    private func years(_ passage: Passage) -> Int? {
        guard let text = reader.text(passage) else { return nil }
        let pieces = text.split(separator: " ")
        if pieces.count == 2, pieces[1] == "year" || pieces[1] == "years", let years = Int(pieces[0]), (1...50).contains(years) { return years }
        reader.report(passage, "这里应是年数，例如 1 year。")
        return nil
    }

    mutating func readFacts(_ passage: Passage) {
        for (key, value) in reader.pairs(passage) {
            _ = reader.pairs(value, known: [
                "word", "account", "sum", "within", "before", "form", "selected", "purpose", "content", "completed", "institution", "host",
                "attended-by",
            ])
            let measure = reader.required("sum", of: value, example: "hours")
                .flatMap { choice($0, ["hours", "calendar-days", "records", "trainings"]) }.flatMap(Policy.Measure.init)
            let window = reader.required("within", of: value, example: "year")
                .flatMap { choice($0, ["year", "period", "clock", "term"]) }.flatMap(Policy.Window.init)
            let word = reader.requiredText("word", of: value, example: "脱产培训学时")
            if let passage = value["before"], window != .clock { reader.report(passage, "before 只用于 within: clock 的事实。") }
            facts.append(Policy.Fact(
                key: key, word: word, account: reader.optionalText("account", of: value) ?? (word.hasSuffix("学时") ? String(word.dropLast(2)) : word),
                measure: measure ?? .hours, window: window ?? .year, yearsBefore: value["before"].flatMap(years) ?? 0,
                forms: value["form"].map { reader.words($0, known: vocabulary.forms.keys, what: "培训形式") },
                isSelected: value["selected"].flatMap(reader.flag),
                purposes: value["purpose"].map { reader.words($0, known: vocabulary.purposes.keys, what: "培训目的") },
                contents: value["content"].map { reader.words($0, known: vocabulary.contents.keys, what: "内容类别") },
                isCompleted: value["completed"].flatMap(reader.flag),
                asksRecognisedInstitution: value["institution"].flatMap { choice($0, ["recognised"]) } != nil,
                hosts: value["host"].map(hosts), isForCategories: value["attended-by"].flatMap { choice($0, ["category"]) } != nil))
            if value["attended-by"] != nil, measure != .trainings { reader.report(value, "attended-by 只用于 sum: trainings 的事实。") }
        }
        if facts.count > RulesReader.factLimit { reader.report(passage, "事实超过 \(RulesReader.factLimit) 个，请合并相同的。") }
    }

    private func hosts(_ passage: Passage) -> [Policy.Fact.Host] {
        if let choices = passage["any-of"] {
            _ = reader.pairs(passage, known: ["any-of"])
            return reader.items(choices).map(host)
        }
        return [host(passage)]
    }

    private func host(_ passage: Passage) -> Policy.Fact.Host {
        _ = reader.pairs(passage, known: ["kind", "above"])
        if passage["kind"] == nil, passage["above"] == nil { reader.report(passage, "请写 kind（单位类型）或 above: true。") }
        return Policy.Fact.Host(
            kinds: passage["kind"].map { reader.words($0, known: vocabulary.organizationKinds.keys, what: "单位类型") },
            isAbove: passage["above"].flatMap(reader.flag) ?? false)
    }

    func choice(_ passage: Passage, _ known: [String]) -> String? {
        guard let text = reader.text(passage) else { return nil }
        if known.contains(text) { return text }
        reader.report(passage, "不能写“\(text)”。\(PassageReader.hint(text, among: known))")
        return nil
    }

    // MARK: Rules

    static let shapeKeys = ["mean-of", "total-of", "share-of", "times-of", "hosted-of", "trainings-of", "filled-of", "vacancy-of"]
    private static let ruleKeys = ["id", "title", "clause", "quote", "formula", "display", "findings"] + shapeKeys
    private static let lineKeys =
        ["group", "units", "asked", "category", "word", "clause", "quote", "formula", "at-least", "at-most"] + shapeKeys

    mutating func readRules(_ passage: Passage) {
        for value in reader.items(passage) {
            _ = reader.pairs(value, known: RulesReader.ruleKeys)
            let id = reader.requiredText("id", of: value, example: "A1")
            if rules.contains(where: { $0.id == id }) { reader.report(value, "规则“\(id)”写了两次，请只留一处。") }
            let title = reader.requiredText("title", of: value, example: "调训率")
            let formula = reader.requiredText("formula", of: value, example: "参加组织调训的人数÷干部总人数")
            let display = reader.required("display", of: value, example: "rate")
                .flatMap { choice($0, ["mean-hours", "hours", "rate", "persons", "count"]) }.flatMap(Policy.Display.init)
            let clause = reader.optionalText("clause", of: value)
            let quote = reader.requiredText("quote", of: value, example: "条文原句")
            let first = lines.count
            if let findings = reader.required("findings", of: value, example: "[{ group: cadres, at-least: 30 % }]") {
                for finding in reader.items(findings) { readLine(finding, rule: value, clause: clause, quote: quote, formula: formula) }
            }
            rules.append(Policy.Rule(
                id: id, title: title, clause: clause ?? lines.dropFirst(first).first?.clause ?? "", quote: quote, formula: formula,
                display: display ?? .rate, lines: first..<lines.count))
        }
    }

    private mutating func readLine(_ passage: Passage, rule: Passage, clause ruleClause: String?, quote: String, formula: String) {
        _ = reader.pairs(passage, known: RulesReader.lineKeys)
        let source = RulesReader.shapeKeys.contains { passage[$0] != nil } ? passage : rule
        let named = RulesReader.shapeKeys.filter { source[$0] != nil }
        let isOfUnits = ["filled-of", "vacancy-of"].contains(named.first), counted = isOfUnits ? "units" : "group"
        if let wrong = passage[isOfUnits ? "group" : "units"] { reader.report(wrong, "这里统计的是\(isOfUnits ? "单位，请写 units" : "人，请写 group")。") }
        guard let countedPassage = reader.required(counted, of: passage, example: isOfUnits ? "serviceStations" : "cadres"),
            let key = reader.text(countedPassage)
        else { return }
        let known = isOfUnits ? units.map(\.key) : groups.map(\.key)
        guard let index = known.firstIndex(of: key) else {
            reader.report(countedPassage, "没有“\(key)”这个\(isOfUnits ? "单位组" : "人群")。\(PassageReader.hint(key, among: known))")
            return
        }
        let category = passage["category"].map { $0.isEmpty ? nil : reader.text($0) } ?? key
        if lines.dropFirst(rules.last?.lines.upperBound ?? 0).contains(where: { $0.category == category }) {
            reader.report(passage, "这条规则里类别“\(category ?? "null")”写了两次，请只留一处。")
        }
        let clause = reader.optionalText("clause", of: passage) ?? ruleClause
        if clause == nil { reader.report(passage, "缺少“clause”：每个数都要写明依据的条款，例如 clause: 附件 表 第1列。") }
        guard named.count == 1 else {
            reader.report(source, "请在 \(RulesReader.shapeKeys.joined(separator: "、")) 中写一个，且只写一个。")
            return
        }
        guard let measured = source[named[0]], let read = shape(named[0], measured, group: isOfUnits ? nil : index) else { return }
        let (shape, group) = read
        let bounds = ["at-least", "at-most"].filter { passage[$0] != nil }
        if bounds.count > 1 { reader.report(passage, "at-least 与 at-most 只能写一个。") }
        lines.append(Policy.Line(
            rule: rules.count, category: category,
            word: reader.optionalText("word", of: passage) ?? (isOfUnits ? units[index].word : groups[index].word),
            group: group, units: isOfUnits ? index : nil, asked: passage["asked"].map(asked), shape: shape,
            needed: bounds.first.flatMap { passage[$0] }.map { needed($0, shape) } ?? .none,
            isAtLeast: bounds.first != "at-most", clause: clause ?? "",
            quote: reader.optionalText("quote", of: passage) ?? quote, formula: reader.optionalText("formula", of: passage) ?? formula))
    }

    private func asked(_ passage: Passage) -> Policy.Asked {
        _ = reader.pairs(passage, known: ["kind", "subtree"])
        return Policy.Asked(
            kinds: reader.required("kind", of: passage, example: "[provincialFederation]")
                .map { reader.words($0, known: vocabulary.organizationKinds.keys, what: "单位类型") } ?? [],
            isWithSubtreeOnly: passage["subtree"].flatMap(reader.flag) ?? false)
    }

    /// The shape of a line and the group of people it is about: of norms and vacancies, whose posts.
    private func shape(_ name: String, _ passage: Passage, group: Int?) -> (Policy.Shape, Int)? {
        guard let group else { return unitShape(name, passage) }
        let counted = groups[group]
        switch name {
        case "share-of":
            let alternatives = condition(passage, group: counted)
            return alternatives.isEmpty ? nil : (.share(Policy.Condition(alternatives: alternatives)), group)
        case "times-of":
            if counted.terms == nil { reader.report(passage, "times-of 统计任期内的人次，只用于写了 term 的人群。") }
            return countedFact(passage, .records).map { (.times(fact: $0), group) }
        case "hosted-of":
            _ = reader.pairs(passage, known: ["fact", "below"])
            let below = passage["below"].map { reader.words($0, known: vocabulary.organizationKinds.keys, what: "单位类型") } ?? []
            return reader.required("fact", of: passage, example: facts.first?.key ?? "demonstration")
                .flatMap { countedFact($0, .records) }.map { (.hosted(fact: $0, below: below), group) }
        case "trainings-of": return countedFact(passage, .trainings).map { (.trainings(fact: $0), group) }
        default: return fact(passage, group: counted).map { (name == "mean-of" ? .mean(fact: $0) : .total(fact: $0), group) }
        }
    }

    /// A fact that is counted without asking who is a head.
    private func countedFact(_ passage: Passage, _ measure: Policy.Measure) -> Int? {
        guard let index = factIndex(passage) else { return nil }
        if facts[index].measure != measure || ![.year, .period].contains(facts[index].window) || facts[index].hosts?.contains(where: \.isAbove) == true {
            reader.report(passage, "这里的事实应写 sum: \(measure.rawValue)，within: year 或 period，host 不写 above。")
        }
        return index
    }

    private func factIndex(_ passage: Passage) -> Int? {
        lookUp(passage, "事实", among: facts.map(\.key))
    }

    /// Where the key stands among those that the file has named before.
    func lookUp(_ passage: Passage, _ what: String, among keys: [String]) -> Int? {
        guard let key = reader.text(passage) else { return nil }
        if let index = keys.firstIndex(of: key) { return index }
        reader.report(passage, "没有“\(key)”这个\(what)。\(PassageReader.hint(key, among: keys))")
        return nil
    }

    private func fact(_ passage: Passage, group: Policy.Group) -> Int? {
        guard let index = factIndex(passage) else { return nil }
        if (facts[index].window == .clock) != (group.anniversaryYears != nil) {
            reader.report(passage, "within: clock 的事实只用于写了 anniversary 的人群，其他人群用 year 或 period。")
        }
        if (facts[index].window == .term) != (group.terms != nil) {
            reader.report(passage, "within: term 的事实只用于写了 term 的人群，其他人群用 year 或 period。")
        }
        if facts[index].measure == .trainings { reader.report(passage, "sum: trainings 的事实只用于 trainings-of。") }
        return index
    }

    /// Nested `any-of` and `all-of`, brought into the form "any of all of".
    private func condition(_ passage: Passage, group: Policy.Group) -> [[Policy.Test]] {
        if let choices = passage["any-of"] {
            _ = reader.pairs(passage, known: ["any-of"])
            return reader.items(choices).flatMap { condition($0, group: group) }
        }
        if let parts = passage["all-of"] {
            _ = reader.pairs(passage, known: ["all-of"])
            return reader.items(parts).map { condition($0, group: group) }.reduce([[]]) { product, alternatives in
                product.flatMap { left in alternatives.map { left + $0 } }
            }
        }
        _ = reader.pairs(passage, known: ["fact", "at-least", "at-most"])
        guard let fact = reader.required("fact", of: passage, example: facts.first?.key ?? "off-job-hours").flatMap({ fact($0, group: group) })
        else { return [] }
        let bounds = ["at-least", "at-most"].filter { passage[$0] != nil }
        guard bounds.count == 1, let bound = passage[bounds[0]] else {
            reader.report(passage, "请在 at-least 与 at-most 中写一个，且只写一个。")
            return []
        }
        let units = switch facts[fact].measure {
        case .hours: ["hours", "days"]
        case .calendarDays: ["calendar-days"]
        case .records, .trainings: ["records"]
        }
        return [[Policy.Test(fact: fact, isAtLeast: bounds[0] == "at-least",
            amount: dated(bound) { quantity($0, units)?.0 })]]
    }

    private func needed(_ passage: Passage, _ shape: Policy.Shape) -> Policy.Needed {
        switch shape {
        case .mean:
            return .value(dated(passage) { quantity($0, ["hours", "days"]).map { Ratio($0.0, 1) } })
        case .share, .norm, .vacancy:
            return .value(dated(passage, share))
        case .times, .hosted:
            return .value(dated(passage) { quantity($0, ["records"]).map { Ratio($0.0, 1) } })
        case .trainings:
            return .value(dated(passage) { quantity($0, ["trainings"]).map { Ratio($0.0, 1) } })
        case .total:
            if let times = passage["headcount-times"] {
                _ = reader.pairs(passage, known: ["headcount-times"])
                guard let id = reader.text(times) else { return .none }
                guard let rule = rules.first(where: { $0.id == id }), rule.lines.allSatisfy({ if case .mean = lines[$0].shape { true } else { false } }) else {
                    reader.report(times, "“\(id)”不是写在前面的人均规则。\(PassageReader.hint(id, among: rules.map(\.id)))")
                    return .none
                }
                return .headcountTimes(rule: id)
            }
            return .value(dated(passage) { quantity($0, ["hours"]).map { Ratio($0.0, 1) } })
        }
    }

    // MARK: Values

    /// One value for the whole period, or a list of `{ from, to, value, clause }` without overlap.
    func dated<Value>(_ passage: Passage, _ read: (Passage) -> Value?) -> [Dated<Value>] {
        guard case .list(let items) = passage.content else {
            return read(passage).map { [Dated(from: period.lowerBound, to: period.upperBound, value: $0, clause: nil)] } ?? []
        }
        var result: [Dated<Value>] = []
        for item in items {
            _ = reader.pairs(item, known: ["from", "to", "value", "clause"])
            let from = item["from"].map { reader.day($0) ?? period.lowerBound } ?? period.lowerBound
            let to = item["to"].map { reader.day($0) ?? period.upperBound } ?? period.upperBound
            let clause = reader.optionalText("clause", of: item)
            guard let value = reader.required("value", of: item, example: "30 %").flatMap(read) else { continue }
            if to < from {
                reader.report(item, "结束日期 \(CivilDate.text(to)) 早于开始日期 \(CivilDate.text(from))，请改正。")
            } else if from < period.lowerBound || to > period.upperBound {
                reader.report(item, "\(CivilDate.text(from)) 至 \(CivilDate.text(to)) 超出本文件的期间 \(CivilDate.text(period.lowerBound)) 至 \(CivilDate.text(period.upperBound))。")
            } else if let other = result.first(where: { $0.from <= to && from <= $0.to }) {
                reader.report(item, "\(CivilDate.text(from)) 至 \(CivilDate.text(to)) 与另一个值的 \(CivilDate.text(other.from)) 至 \(CivilDate.text(other.to)) 重叠，请改成前后相接。")
            } else {
                result.append(Dated(from: from, to: to, value: value, clause: clause))
            }
        }
        if items.isEmpty { reader.report(passage, "列表是空的，请写一个值。") }
        let sorted = result.sorted { $0.from < $1.from }
        if sorted.count == items.count, let first = sorted.first, let last = sorted.last {
            var gap: Int32?
            if first.from > period.lowerBound { gap = period.lowerBound }
            for (left, right) in zip(sorted, sorted.dropFirst()) where left.to + 1 < right.from { gap = gap ?? left.to + 1 }
            if last.to < period.upperBound { gap = gap ?? last.to + 1 }
            if let gap { reader.report(passage, "从 \(CivilDate.text(gap)) 起有一段日期没有值，请补上，使各段首尾相接并盖满期间。") }
        }
        return result
    }

    /// `110 hours`, `12 days` (by the conversion), `90 calendar-days`, `1 record`; hours come as hundredths.
    func quantity(_ passage: Passage, _ units: [String]) -> (Int64, String)? {
        let example = units.map { "90 \($0)" }.joined(separator: " 或 ")
        guard let text = reader.text(passage) else { return nil }
        let pieces = text.split(separator: " ")
        guard pieces.count == 2, let unit = units.first(where: { $0 == pieces[1] || $0 == pieces[1] + "s" }),
            let hundredths = PassageReader.hundredths(pieces[0])
        else {
            reader.report(passage, "“\(text)”不是这里能写的量，请写成例如 \(example)。")
            return nil
        }
        guard (1...10_000_000).contains(hundredths), unit == "hours" || hundredths % (unit == "days" ? 50 : 100) == 0 else {
            reader.report(passage, "“\(text)”超出合理范围：应大于 0、不超过 100000，天数以半天为最小单位，次数为整数。")
            return nil
        }
        switch unit {
        case "hours": return (hundredths, unit)
        case "days":
            guard let conversion else {
                reader.report(passage, "用天数要先在 conversion 里写明一天折合多少学时。")
                return nil
            }
            return (conversion.hours(halfDays: hundredths / 50), unit)
        default: return (hundredths / 100, unit)
        }
    }

    /// `30 %`, `1/5`, or `all`.
    func share(_ passage: Passage) -> Ratio? {
        guard let text = reader.text(passage) else { return nil }
        if text == "all" { return Ratio(1, 1) }
        var ratio: Ratio?
        if text.hasSuffix("%"), let hundredths = PassageReader.hundredths(text.dropLast().filter { $0 != " " }[...]) {
            ratio = hundredths % 100 == 0 ? Ratio(hundredths / 100, 100) : Ratio(hundredths, 10_000)
        } else {
            let pieces = text.split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
            if pieces.count == 2, let above = pieces[0], let below = pieces[1], below > 0 { ratio = Ratio(above, below) }
        }
        guard let ratio else {
            reader.report(passage, "“\(text)”不是比例，请写成例如 30 %、1/5 或 all。")
            return nil
        }
        guard ratio.numerator > 0, ratio.numerator <= ratio.denominator, ratio.denominator <= 10_000 else {
            reader.report(passage, "“\(text)”超出范围：比例应大于 0 且不超过 100 %。")
            return nil
        }
        return ratio
    }
}
