extension Policy {
    /// A clause that no figure watches: what must happen once a year or by a day of it, and what must be there at all.
    package struct Duty: Sendable {
        package enum Kind: String, Sendable { case calendar, duty }

        /// One of the things that a clause asks for, with the key by which plans and classes name it.
        package struct Item: Sendable, Equatable {
            package let key: String
            package let word: String
            package let clause: String
            package let quote: String
        }

        package let id: String
        package let title: String
        package let clause: String
        package let quote: String
        package let kind: Kind
        /// Kinds of the units that owe it; nil where it is owed by every unit, or by the document's author alone.
        package let owedBy: [String]?
        /// Of a calendar duty that has a day: month and day of each year. Without one the year itself is the limit.
        package let due: (month: Int, day: Int)?
        package let items: [Item]

        /// The last day of a year on which it is done in time.
        package func lastDay(of year: Int) -> Int32 { CivilDate.day(year, due?.month ?? 12, due?.day ?? 31) }
    }
}

/// Reads the lists `duties` and `calendar` of a policy file. An id stands once in a file, whether a figure or a list holds it.
struct DutyReader {
    let reader: PassageReader
    let vocabulary: Vocabulary
    /// Ids that figures have.
    var taken: Set<String>
    var duties: [Policy.Duty] = []

    mutating func read(_ root: Passage) {
        if let list = root["calendar"] { read(list, .calendar) }
        if let list = root["duties"] { read(list, .duty) }
    }

    private mutating func read(_ list: Passage, _ kind: Policy.Duty.Kind) {
        let known = ["id", "title", "clause", "quote", "owed-by", "items"] + (kind == .calendar ? ["each", "due"] : [])
        for value in reader.items(list) {
            _ = reader.pairs(value, known: known)
            let id = reader.requiredText("id", of: value, example: "M1")
            if !taken.insert(id).inserted { reader.report(value, "编号“\(id)”写了两次，请只留一处。") }
            let clause = reader.requiredText("clause", of: value, example: "三（一）1"), quote = reader.requiredText("quote", of: value, example: "条文原句")
            if kind == .calendar, let each = reader.required("each", of: value, example: "year") {
                if let text = reader.text(each), text != "year" { reader.report(each, "不能写“\(text)”；现在只有每年一次：each: year。") }
            }
            duties.append(Policy.Duty(
                id: id, title: reader.requiredText("title", of: value, example: "每年必办的班"), clause: clause, quote: quote, kind: kind,
                owedBy: value["owed-by"].map { reader.words($0, known: vocabulary.organizationKinds.keys, what: "单位类型") },
                due: value["due"].flatMap(reader.monthDay), items: value["items"].map { items($0, clause: clause, quote: quote) } ?? []))
        }
    }

    /// Clause and quote stand at an item where they are its own.
    private func items(_ passage: Passage, clause: String, quote: String) -> [Policy.Duty.Item] {
        let pairs = reader.pairs(passage)
        if pairs.isEmpty, case .map = passage.content { reader.report(passage, "这里是空的，请至少写一项，或去掉这个键。") }
        var words: Set<String> = []
        return pairs.map { key, value in
            _ = reader.pairs(value, known: ["word", "clause", "quote"])
            let word = reader.requiredText("word", of: value, example: "街道乡镇工会主席班")
            if !words.insert(word).inserted { reader.report(value, "“\(word)”已用于另一项，请改用别的词。") }
            return Policy.Duty.Item(
                key: key, word: word, clause: reader.optionalText("clause", of: value) ?? clause, quote: reader.optionalText("quote", of: value) ?? quote)
        }
    }
}

extension PassageReader {
    /// A day of every year, `12-31`.
    func monthDay(_ passage: Passage) -> (month: Int, day: Int)? {
        if case .scalar(let text) = passage.content, let day = CivilDate.parse("2001-\(text)") {
            let parts = CivilDate.parts(day)
            return (parts.month, parts.day)
        }
        report(passage, "这里应是每年的月和日，例如 12-31。")
        return nil
    }

    /// `90 days`.
    func wholeDays(_ passage: Passage) -> Int? {
        guard let text = text(passage) else { return nil }
        let pieces = text.split(separator: " ")
        if pieces.count == 2, pieces[1] == "day" || pieces[1] == "days", let days = Int(pieces[0]), (1...3660).contains(days) { return days }
        report(passage, "这里应是天数，例如 90 days。")
        return nil
    }

    /// What a policy is about: a word of the vocabulary. A file that does not say it stands for itself alone.
    func subject(of root: Passage, id: String, title: String, vocabulary: Vocabulary) -> (key: String, word: String) {
        guard let passage = root["subject"], let key = text(passage) else { return (id, title) }
        guard let word = vocabulary.subjects[key] else {
            report(passage, "没有“\(key)”这个主题。\(PassageReader.hint(key, among: vocabulary.subjects.keys))")
            return (id, title)
        }
        return (key, word.word)
    }
}
