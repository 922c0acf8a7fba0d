import Access
import Kit
import Rules

extension StepRules {
    /// How a file of steps is called.
    package static let name = "approvals.yaml"

    /// Loads the steps of these kinds from all texts named `approvals.yaml`: a later one names only what differs. Throws every problem, with file,
    /// line and key: a kind without steps and steps without a kind are among them.
    package init(_ texts: [PolicyText], kinds: [String]) throws(PolicyProblems) {
        let reader = PassageReader()
        var whole: Passage?
        for text in texts where text.file.hasSuffix(Self.name) {
            do throws(PolicyProblem) {
                let passage = try Passage.compose(text.text, file: text.file)
                whole = whole?.overridden(by: passage) ?? passage
            } catch { reader.report(error) }
        }
        guard let root = whole else {
            throw PolicyProblems(reader.problems.isEmpty ? [PolicyProblem(file: Self.name, line: 0, key: "", message: "找不到审批步骤 \(Self.name)，请放在规则目录里。")] : reader.problems)
        }
        var found: [String: Kind] = [:]
        for (key, value) in reader.pairs(root, known: kinds) { found[key] = Self.kind(value, reader) }
        for kind in kinds where root[kind] == nil { reader.report(root, "缺少“\(kind)”的审批步骤，请写明由谁决定。") }
        guard reader.problems.isEmpty else { throw PolicyProblems(reader.problems) }
        self.init(found)
    }

    private static func kind(_ passage: Passage, _ reader: PassageReader) -> Kind {
        _ = reader.pairs(passage, known: ["steps", "units"])
        var kind = Kind(course: course(passage, reader))
        guard let units = passage["units"] else { return kind }
        for unit in reader.items(units) {
            _ = reader.pairs(unit, known: ["unit", "from", "steps"])
            let code = reader.requiredText("unit", of: unit, example: "HX-JC")
            let from = reader.required("from", of: unit, example: "2027-01-01").flatMap(reader.day).map { Day(number: $0) } ?? .always
            if kind.exceptions.contains(where: { $0.unit == code && $0.from == from }) { reader.report(unit, "单位“\(code)”自 \(from) 起写了两次，请只留一处。") }
            kind.exceptions.append(Exception(unit: code, from: from, course: course(unit, reader)))
        }
        return kind
    }

    /// More steps than anything asks for.
    private static let most = 20

    private static func course(_ passage: Passage, _ reader: PassageReader) -> Course {
        guard let steps = reader.required("steps", of: passage, example: "[{ role: personnelOfficer, at: above }]") else { return [] }
        let items = reader.items(steps)
        if items.isEmpty, case .list = steps.content { reader.report(steps, "列表是空的，请至少写一步。") }
        let course = items.map { item -> [Step] in
            guard let together = item["together"] else { return [step(item, reader)].compactMap(\.self) }
            _ = reader.pairs(item, known: ["together"])
            return reader.items(together).compactMap { step($0, reader) }
        }
        if course.joined().count > most { reader.report(steps, "步骤超过 \(most) 步，请减少。") }
        for (item, turn) in zip(items, course) where Set(turn.map(\.decider)).count < turn.count { reader.report(item, "同一轮里有两步由同样的人决定，请只留一步。") }
        return course
    }

    private static func step(_ passage: Passage, _ reader: PassageReader) -> Step? {
        _ = reader.pairs(passage, known: ["role", "at", "person", "within", "remind"])
        let within = passage["within"].flatMap { days($0, 1...3660, reader) }
        let remind = passage["remind"].map { reader.items($0).compactMap { days($0, 0...366, reader) } } ?? []
        if let column = passage["person"] {
            if passage["role"] != nil || passage["at"] != nil { reader.report(column, "person 与 role、at 只能写一种：由内容里写明的人决定，还是由某个单位的某种身份决定。") }
            return reader.text(column).map { Step(.person(column: $0), within: within, remind: remind) }
        }
        let role = reader.required("role", of: passage, example: "personnelOfficer").flatMap { choice($0, Role.self, reader) }
        let place = reader.required("at", of: passage, example: "above").flatMap { choice($0, Place.self, reader) }
        guard let role, let place else { return nil }
        if role.isAdministrator { reader.report(passage["role"] ?? passage, "“\(role.word)”不办业务，不能决定申请，请换一种身份。") }
        return Step(.role(role, place), within: within, remind: remind)
    }

    private static func choice<Word: RawRepresentable<String> & CaseIterable>(_ passage: Passage, _: Word.Type, _ reader: PassageReader) -> Word? {
        reader.words(passage, known: Word.allCases.map(\.rawValue), what: "写法").first.flatMap(Word.init)
    }

    private static func days(_ passage: Passage, _ range: ClosedRange<Int>, _ reader: PassageReader) -> Int? {
        guard let number = reader.integer(passage) else { return nil }
        if range.contains(number) { return number }
        reader.report(passage, "天数应在 \(range.lowerBound) 到 \(range.upperBound) 之间。")
        return nil
    }
}
