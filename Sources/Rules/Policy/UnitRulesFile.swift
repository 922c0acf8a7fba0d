/// The words of a policy file that speak of units: groups of units, norms and vacancies.
extension RulesReader {
    static let unitLimit = 64

    mutating func readUnits(_ passage: Passage) {
        for (key, value) in reader.pairs(passage) {
            _ = reader.pairs(value, known: ["word", "kind", "under", "above", "holding", "at-least"])
            func kinds(_ name: String) -> [String]? {
                value[name].map { reader.words($0, known: vocabulary.organizationKinds.keys, what: "单位类型") }
            }
            units.append(Policy.UnitGroup(
                key: key, word: reader.requiredText("word", of: value, example: "工会服务站"), kinds: kinds("kind"), under: kinds("under"),
                above: kinds("above"), holding: value["holding"].flatMap(posts), atLeast: value["at-least"].flatMap(threshold)))
        }
        if units.count > RulesReader.unitLimit { reader.report(passage, "单位组超过 \(RulesReader.unitLimit) 个，请合并相同的。") }
    }

    /// `{ employees: 100 }`.
    private func threshold(_ passage: Passage) -> (count: String, least: Int64)? {
        let pairs = reader.pairs(passage, known: vocabulary.counts.keys)
        guard let (key, value) = pairs.first, pairs.count == 1 else {
            reader.report(passage, "这里只写一个数目，例如 { employees: 100 }。")
            return nil
        }
        return number(value).map { (key, $0) }
    }

    private func number(_ passage: Passage) -> Int64? {
        if let number = reader.text(passage).flatMap({ Int64($0) }), (1...10_000_000).contains(number) { return number }
        reader.report(passage, "这里应是大于 0 的整数。")
        return nil
    }

    /// Index of a group of people whose posts are counted.
    private func posts(_ passage: Passage) -> Int? {
        guard let index = lookUp(passage, "人群", among: groups.map(\.key)) else { return nil }
        if groups[index].anniversaryYears != nil || groups[index].terms != nil {
            reader.report(passage, "这里统计任职，人群不能写 anniversary 或 term。")
        }
        if groups[index].kinds != nil { reader.report(passage, "这里统计任职，单位类型请写在 units 里。") }
        return index
    }

    private func unitGroup(_ passage: Passage) -> Int? { lookUp(passage, "单位组", among: units.map(\.key)) }

    func unitShape(_ name: String, _ passage: Passage) -> (Policy.Shape, Int)? {
        let isNorm = name == "filled-of"
        _ = reader.pairs(passage, known: isNorm ? ["posts", "in"] + RulesReader.boundKeys : ["posts", "within", "warn-after"])
        guard let posts = reader.required("posts", of: passage, example: "socialWorkers").flatMap(posts) else { return nil }
        if isNorm { return norm(passage, posts).map { (.norm($0), posts) } }
        let months = reader.required("within", of: passage, example: "3 months").flatMap { whole($0, "month", 1...120) }
        let warnings = passage["warn-after"].map { reader.items($0).compactMap { whole($0, "day", 1...3650) } } ?? []
        return months.map { (.vacancy(Policy.Vacancy(posts: posts, months: $0, warnings: warnings)), posts) }
    }

    /// `3 months`, `30 days`.
    private func whole(_ passage: Passage, _ unit: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = reader.text(passage) else { return nil }
        let pieces = text.split(separator: " ")
        if pieces.count == 2, pieces[1] == unit || pieces[1] == unit + "s", let number = Int(pieces[0]), range.contains(number) { return number }
        reader.report(passage, "“\(text)”不是这里能写的量，请写成例如 \(range.lowerBound + 2) \(unit)s。")
        return nil
    }

    // MARK: Norms

    static let boundKeys = ["at-least", "exactly", "between"]

    private func norm(_ passage: Passage, _ posts: Int) -> Policy.Norm? {
        let within = passage["in"].flatMap(unitGroup)
        let bounds = RulesReader.boundKeys.filter { passage[$0] != nil }
        guard bounds.count == 1, let bound = passage[bounds[0]] else {
            reader.report(passage, "请在 \(RulesReader.boundKeys.joined(separator: "、")) 中写一个，且只写一个。")
            return nil
        }
        if bounds[0] == "between" {
            _ = reader.pairs(bound, known: ["least", "most"])
            guard let least = reader.required("least", of: bound, example: "7 posts"), let most = reader.required("most", of: bound, example: "10 posts")
            else { return nil }
            let norm = Policy.Norm(posts: posts, within: within, least: dated(least, amount), most: dated(most, amount))
            if case .fixed(let low)? = norm.least.first?.value, case .fixed(let high)? = norm.most?.first?.value, high < low {
                reader.report(bound, "上限 \(high) 小于下限 \(low)，请改正。")
            }
            return norm
        }
        let least = dated(bound, amount)
        return Policy.Norm(posts: posts, within: within, least: least, most: bounds[0] == "exactly" ? least : nil)
    }

    /// `5 posts`, `{ by: members, below 2000: 3 posts, from 2000: 5 posts }`, `{ per: employees, share: 3/1000 }`.
    private func amount(_ passage: Passage) -> Policy.Amount? {
        guard case .map = passage.content else { return quantity(passage, ["posts"]).map { .fixed($0.0) } }
        if passage["per"] != nil {
            _ = reader.pairs(passage, known: ["per", "share"])
            guard let per = passage["per"], let key = reader.text(per),
                let share = reader.required("share", of: passage, example: "3/1000").flatMap(share)
            else { return nil }
            if vocabulary.counts[key] != nil { return .ofCount(key, share) }
            if let index = units.firstIndex(where: { $0.key == key }) { return .ofUnitsBelow(index, share) }
            reader.report(per, "没有“\(key)”这个数目或单位组。\(PassageReader.hint(key, among: vocabulary.counts.keys + units.map(\.key)))")
            return nil
        }
        return brackets(passage)
    }

    private func brackets(_ passage: Passage) -> Policy.Amount? {
        guard let by = reader.required("by", of: passage, example: "members"), let count = reader.text(by) else { return nil }
        if vocabulary.counts[count] == nil {
            reader.report(by, "没有“\(count)”这个数目。\(PassageReader.hint(count, among: vocabulary.counts.keys))")
            return nil
        }
        var brackets: [Policy.Amount.Bracket] = [], end: Int64?
        for (key, value) in reader.pairs(passage) where key != "by" {
            let pieces = key.split(separator: " ")
            guard pieces.count == 2, let bound = Int64(pieces[1]), (1...10_000_000).contains(bound), ["below", "from"].contains(pieces[0]),
                let posts = quantity(value, ["posts"])?.0
            else {
                reader.report(value, "这里应写 below 2000: 3 posts 或 from 2000: 5 posts 这样。")
                continue
            }
            // The first says below where it ends, each other one from where it begins.
            if brackets.isEmpty, pieces[0] == "below" {
                brackets.append(Policy.Amount.Bracket(from: 0, posts: posts))
                end = bound
            } else if !brackets.isEmpty, pieces[0] == "from", end == bound || end == nil && bound > brackets[brackets.count - 1].from {
                brackets.append(Policy.Amount.Bracket(from: bound, posts: posts))
                end = nil
            } else {
                reader.report(value, "各档要首尾相接、由小到大：先写 below，再写 from，第一个 from 与 below 的数相同。")
            }
        }
        if brackets.count < 2 { reader.report(passage, "请至少写两档，例如 below 2000: 3 posts 和 from 2000: 5 posts。") }
        return brackets.isEmpty ? nil : .brackets(count: count, brackets)
    }
}
